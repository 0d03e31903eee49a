"""`kzgraph mcp`: tools for assistants over standard input and output."""

import sys
from contextlib import redirect_stdout
from pathlib import Path

import click

from kzgraph import settings
from kzgraph.cli.exits import WRONG_USAGE, CannotGoOn
from kzgraph.cli.options import releases_option
from kzgraph.cli.serve import ensure_release

EXAMPLES = """\b
Examples:
  kzgraph mcp
  kzgraph mcp --releases releases
  kzgraph mcp --endpoint https://example.org/kzgraph
"""


@click.command("mcp", epilog=EXAMPLES)
@click.option(
    "--endpoint",
    metavar="URL",
    **settings.click_option("endpoint"),
    help="Ask the server at this address instead of the local release.",
)
@releases_option("--releases", "The folder of releases.")
def command(endpoint: str | None, releases: Path) -> None:
    """Give an assistant tools to search, query, check and cite, by the Model Context Protocol.

    An assistant starts this itself, and talks to it over standard input and output;
    docs/assistants.md says how to tell it to. The local release is served inside the process,
    without a socket; it is built first if there is none.
    """
    if endpoint and not endpoint.startswith(("http://", "https://")):
        raise click.BadParameter("an endpoint's address begins with http:// or https://")
    if not endpoint:
        # What goes to standard output is read as messages.
        with redirect_stdout(sys.stderr):
            ensure_release(releases)
    if sys.stdin.isatty():
        click.echo("Messages are read from standard input; an assistant starts this.", err=True)
    from kzgraph_server.stdio import StdioError, serve_endpoint, serve_release

    try:
        if endpoint:
            serve_endpoint(endpoint)
        else:
            serve_release(releases)
    except StdioError as error:
        raise CannotGoOn(f"Error: {error}") from None
    except settings.SettingsError as error:
        raise CannotGoOn(f"Error: {error}", WRONG_USAGE) from None
