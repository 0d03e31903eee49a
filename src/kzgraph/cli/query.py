"""`kzgraph query`: ask the newest release, or an endpoint."""

import json
import math
import os
import sys
from pathlib import Path
from urllib.parse import quote

import click

from kzgraph import settings
from kzgraph.cli import answers
from kzgraph.cli.asking import Answer, Solutions, answer, ask, ask_why, describe, explain
from kzgraph.cli.console import progress
from kzgraph.cli.exits import CannotGoOn
from kzgraph.cli.options import format_option, releases_option
from kzgraph.client.errors import EndpointError, QueryRefused, QueryTimeout
from kzgraph.problem import Problem

#: How the name of the metadata of a table ends, where programs look for them:
#: https://www.w3.org/TR/tabular-data-model/#standard-file-metadata
_METADATA = "-metadata.json"
EXAMPLES = """\b
Examples:
  kzgraph query 'SELECT ?d ?title { ?d a foaf:Document ; dcterms:title ?title }'
  kzgraph query question.rq --format csv > answer.csv
  kzgraph query question.rq --format csv --hxl > answer.csv
  kzgraph query question.rq --format csv --csvw answer.csv-metadata.json > answer.csv
  kzgraph query question.rq --endpoint http://127.0.0.1:8000/sparql
  echo 'ASK { ?f a kzg:Pledge }' | kzgraph query - --format json
"""


@click.command("query", epilog=EXAMPLES)
@click.argument("text_or_file")
@format_option("table", "csv", "json")
@click.option(
    "--hxl",
    is_flag=True,
    help="Write HXL hashtags into the second line of a CSV, for those columns whose meaning the "
    "query tells.",
)
@click.option(
    "--csvw",
    "described",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Also write what the columns of a CSV mean into this file, as CSVW metadata. It is called "
    "as the CSV will be, and -metadata.json behind that.",
)
@click.option(
    "--endpoint",
    metavar="URL",
    **settings.click_option("endpoint"),
    help="Ask the SPARQL endpoint at this address instead of the local release.",
)
@releases_option("--releases", "The folder of releases.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=settings.MOST_SECONDS),
    metavar="SECONDS",
    **settings.click_option("timeout"),
    help="Give up after this long.",
)
def command(
    text_or_file: str,
    form: str,
    hxl: bool,
    described: Path | None,
    endpoint: str | None,
    releases: Path,
    timeout: float,
) -> None:
    """Ask a SPARQL query, given as text, as a file, or with - on standard input.

    The project's prefixes need no declaration, and the default graph is the union of the current
    graphs unless the query has FROM. Superseded graphs are there for a query that names them.
    SERVICE is refused on the local release.
    """
    if math.isnan(timeout):  # click compares it, and every comparison is false.
        raise click.BadParameter("nan is not a number of seconds", param_hint="'--timeout'")
    if hxl and form != "csv":
        raise click.BadParameter("HXL hashtags need --format csv", param_hint="'--hxl'")
    if described is not None:
        _check_metadata(described, form, endpoint)
    text = _text(text_or_file)
    if endpoint and not endpoint.startswith(("http://", "https://")):
        raise click.BadParameter("an endpoint's address begins with http:// or https://")
    try:
        with progress("Asking"):
            found = (
                ask(endpoint, text, timeout)
                if endpoint
                else answer(_store(releases), text, timeout)
            )
    except (EndpointError, Problem, QueryRefused) as error:
        raise CannotGoOn(f"Error: {error}") from None
    except (QueryTimeout, TimeoutError) as error:
        raise CannotGoOn(f"Error: {error}; give it longer with --timeout") from None
    answers.write(found, form, _find_tags(found, text) if hxl else None)
    if described is not None:
        _write_metadata(described, _store(releases), text, hxl, timeout)
    if _is_empty(found, text):
        why = (
            ask_why(endpoint, text, timeout)
            if endpoint
            else explain(_store(releases), text, timeout)
        )
        for reason in why:
            print(reason, file=sys.stderr)  # noqa: T201


def _check_metadata(path: Path, form: str, endpoint: str | None) -> None:
    """Refuse what `--csvw` cannot be used with."""
    reason = ""
    if form != "csv":
        reason = "CSVW metadata need --format csv"
    elif endpoint:
        reason = "an endpoint gives the metadata itself: add csvw=true to the address of the table"
    elif not path.name.removesuffix(_METADATA) or not path.name.endswith(_METADATA):
        reason = (
            f"the file is called as the table, with {_METADATA} behind it: answer.csv{_METADATA}"
        )
    if reason:
        raise click.BadParameter(reason, param_hint="'--csvw'")


def _write_metadata(path: Path, store: Path, text: str, hxl: bool, timeout: float) -> None:
    try:
        found = describe(store, text, hxl, timeout)
    except (Problem, TimeoutError) as error:
        raise CannotGoOn(f"Error: {error}") from None
    # The answer is a file, and not what the endpoint gives at the address of the query.
    found["url"] = quote(path.name.removesuffix(_METADATA))
    path.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _text(text_or_file: str) -> str:
    if text_or_file == "-":
        return _decode(sys.stdin.buffer.read(), "standard input")
    path = Path(text_or_file)
    try:
        if path.is_file() or path.is_fifo():  # The shell's <(...) is a pipe.
            return _decode(path.read_bytes(), str(path))
    except PermissionError:
        raise
    except (OSError, ValueError):  # A query can be too long for a name, or hold a null character.
        pass
    else:
        if not any(character in text_or_file for character in " \t\n{"):
            reason = f"{text_or_file!r} is neither a query nor a file that is there"
            raise click.BadParameter(reason)
    # Where the locale is not of UTF-8, Python takes other bytes for what they are not.
    return _decode(os.fsencode(text_or_file), "the query")


def _decode(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CannotGoOn(f"Error: {name}: not UTF-8") from None


def _find_tags(found: Answer, query: str) -> list[str]:
    # Imported here: it brings the analysis of queries along.
    from kzgraph.sparql.evaluation import find_tags, not_tagged

    if not isinstance(found, Solutions):
        form = "true or false" if isinstance(found, bool) else "a graph"
        raise CannotGoOn(f"Error: {not_tagged(form)}")
    try:
        return find_tags(query, found.variables, settings.MAX_QUERY_NESTING)
    except Problem as problem:
        raise CannotGoOn(f"Error: {problem}") from None


def _is_empty(found: Answer, query: str) -> bool:
    # Imported here: it brings the analysis of queries along, which only a query needs.
    from kzgraph.sparql.emptiness.aggregates import may_be_of_nothing, read_row

    if isinstance(found, Solutions) and len(found.rows) == 1:
        return may_be_of_nothing(query, read_row(found.rows[0]))
    return not (found.rows if isinstance(found, Solutions) else found)


def _store(releases: Path) -> Path:
    from kzgraph.release import find_current
    from kzgraph.release.integrity import STORE

    return find_current(releases).path / STORE
