"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from kzgraph import settings

F = TypeVar("F", bound=Callable[..., Any])

#: A folder that must exist.
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
#: A file that must exist.
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def tables_option(command: F) -> F:
    """`--tables DIR`: the folder of tables to read, by default those that ship with kzgraph."""
    return click.option(
        "--tables",
        type=FOLDER,
        **settings.click_option("tables"),
        help="Read these tables instead of those that ship with kzgraph.",
    )(command)


def documents_option(text: str, *, required: bool = True) -> Callable[[F], F]:
    """`--documents DIR`: the folder of source texts."""
    return click.option("--documents", type=FOLDER, required=required, help=text)


def releases_option(name: str, text: str) -> Callable[[F], F]:
    """The option that names the folder of releases, `--out` or `--releases`."""
    return click.option(
        name,
        "releases",
        type=click.Path(file_okay=False, path_type=Path),
        **settings.click_option("releases"),
        default=settings.releases_root,
        show_default="releases in the checkout, or a folder among your user data",
        help=text,
    )


def formats_option(command: F) -> F:
    """`--formats`: in which a release larger than memory is written, beside N-Quads."""
    from kzgraph.rdf.formats import GRAPH_FORMATS

    return click.option(
        "--formats",
        type=click.Choice([each.suffix for each in GRAPH_FORMATS]),
        multiple=True,
        help="Also write all of a release above a million triples in this format, which a smaller "
        "one has anyway (repeatable).",
    )(command)


def format_option(*formats: str) -> Callable[[F], F]:
    """`--format`: the format of standard output, by default a table."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="The format of the output.",
    )
