"""`kzgraph serve`: serve the newest release over HTTP."""

from pathlib import Path

import click

from kzgraph import settings
from kzgraph.cli.build import build_release
from kzgraph.cli.exits import WRONG_USAGE, CannotGoOn
from kzgraph.cli.options import FOLDER, releases_option

EXAMPLES = """\b
Examples:
  kzgraph serve
  kzgraph serve --port 8080 --releases releases
  kzgraph serve --documents documents
"""


@click.command("serve", epilog=EXAMPLES)
@click.option(
    "--host",
    metavar="ADDRESS",
    **settings.click_option("host"),
    help="The address to listen on.",
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    **settings.click_option("port"),
    help="The port to listen on.",
)
@releases_option("--releases", "The folder of releases.")
@click.option(
    "--documents",
    type=FOLDER,
    envvar=settings.variable("documents"),
    show_envvar=True,
    help="Show the words of these source texts around evidence. Refused unless the server listens "
    "on the loopback.",
)
def command(host: str, port: int, releases: Path, documents: Path | None) -> None:
    """Serve the newest release over HTTP, building one first if there is none.

    Stops on Ctrl-C. Only this machine can reach the default address.
    """
    from kzgraph_server.serve import ServeError, serve

    ensure_release(releases)
    shown = f"[{host}]" if ":" in host else host

    def announce(version: str) -> None:
        message = f"Serving release {version} at http://{shown}:{port} (Ctrl-C ends it)"
        click.echo(message, err=True)

    try:
        serve(releases, host, port, announce, documents)
    except ServeError as error:
        raise CannotGoOn(f"Error: {error}") from None
    except settings.SettingsError as error:
        raise CannotGoOn(f"Error: {error}", WRONG_USAGE) from None


def ensure_release(releases: Path) -> None:
    """Build a release where a folder has none, and finish a redaction that was interrupted."""
    from kzgraph.release import (
        current,
        describe_elsewhere,
        find_elsewhere,
        finish_interrupted,
    )

    try:
        finish_interrupted(releases)
    except OSError as error:
        raise CannotGoOn(
            f"Error: a redaction in {releases} was interrupted and cannot be finished here "
            f"({error.strerror}); run kzgraph redact again as the user who builds"
        ) from None
    if current(releases) is None:
        other = describe_elsewhere(find_elsewhere(releases))
        click.echo(f"No release in {releases}{other}; building one.", err=True)
        build_release(None, releases)
