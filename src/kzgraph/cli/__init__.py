"""The command line: `kzgraph COMMAND`, one module per command.

A command's module is imported only when it runs, so that `kzgraph --help` does not wait for the
store, the reasoner and the server. The modules are found by name; their lines
for the list of commands are here.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword

import click

from kzgraph.cli.exits import FOUND_FAULTS, WRONG_USAGE, CannotGoOn, describe
from kzgraph.version import VERSION

#: Each command with the line that `kzgraph --help` shows for it.
COMMANDS = {
    "annotate": "Turn words quoted as evidence into spans, in the tables.",
    "build": "Map, reason, validate and write a release.",
    "check": "Say whose figure a number is, and whether it is what it is taken for.",
    "cite": "Print how a release, a fact or a document is cited.",
    "codes": "List the code lists, or the codes of one.",
    "diff": "List what changed between two releases.",
    "hdx": "Describe a release for the Humanitarian Data Exchange.",
    "import": "Write the tables of a document from a workbook.",
    "ingest": "Take a published data file into a new release.",
    "mcp": "Give an assistant tools to search, query and cite the newest release.",
    "new": "Start the tables of a new document, with draft rows.",
    "publish": "Load a release into another SPARQL store.",
    "query": "Query the newest release, or an endpoint.",
    "redact": "Take a person out of the tables and of every kept release.",
    "search": "Find things by their names, codes and values.",
    "serve": "Serve the newest release, building one if there is none.",
    "sources": "List the published data files of the current release.",
    "template": "Write a workbook to fill in the tables of a document.",
    "validate": "Validate the graph, or RDF files, against the SHACL shapes.",
    "verify": "Check the evidence against the source documents.",
    "verify-release": "Check that a release is whole.",
}

EXAMPLES = """\b
Examples:
  kzgraph build
  kzgraph serve --port 8080
  kzgraph query 'SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g'
"""


class _Commands(click.Group):
    """The commands, each imported when it is first needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_") + ("_" if iskeyword(cmd_name) else "")
        module = import_module(f"kzgraph.cli.{name}")
        command = module.command
        assert isinstance(command, click.Command)  # noqa: S101
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_Commands,
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(VERSION, prog_name="kzgraph")
def cli() -> None:
    """A knowledge graph of UNHCR's operation in Kazakhstan: build it, check it, serve it, query it.

    Exit codes: 0 success, 1 faults were found or the command failed, 2 wrong usage.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Errors that a user can cause end in one line on standard error; only a bug of the program
    itself leaves a traceback.
    """
    _open_streams()
    try:
        # Not cli.main(), which exits the process itself, with 1 on a broken pipe.
        words = list(sys.argv[1:] if arguments is None else arguments)
        with cli.make_context("kzgraph", words) as context:
            code = cli.invoke(context)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as end:
        return end.exit_code
    except BrokenPipeError:
        # The reader, such as `head`, has closed the pipe: discard what is still buffered.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except click.UsageError as error:
        error.show()
        return WRONG_USAGE
    except (click.Abort, KeyboardInterrupt):
        return _report("interrupted", 130)
    except CannotGoOn as error:
        return _report(str(error), error.code)
    except click.ClickException as error:
        return _report(error.format_message(), FOUND_FAULTS)
    except Exception as error:
        message = describe(error)
        if message is None:
            raise
        return _report(message, FOUND_FAULTS)


def _open_streams() -> None:
    """Let standard streams that the caller has closed lead nowhere, as Python's own print does.

    Otherwise the first file that is opened gets the number of one, and what is printed.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def _report(message: str, code: int) -> int:
    for line in message.splitlines():
        click.echo(line, err=True)
    return code
