"""`kzgraph check`: what the sources have for a number or a sentence."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from kzgraph import settings
from kzgraph.cli.console import show, table, visible
from kzgraph.cli.exits import FOUND_FAULTS, CannotGoOn
from kzgraph.cli.options import format_option, releases_option
from kzgraph.namespaces import LANGUAGES

EXAMPLES = """\b
Examples:
  kzgraph check "87,632 stateless people in Kazakhstan in 2018"
  kzgraph check 7,892
  kzgraph check "Около 570 беженцев на конец 2018 года" --language ru
  pbpaste | kzgraph check - --format json
"""

#: Bytes of standard input that are read: more than a claim may have, in any writing.
_MOST_BYTES = 65_536


@click.command(
    "check",
    epilog=EXAMPLES,
    # A change such as -47% is no option.
    context_settings={"ignore_unknown_options": True},
)
@click.argument("claim", metavar="TEXT_OR_NUMBER")
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[0],
    show_default=True,
    help="The language in which things are named; a claim may be in any.",
)
@releases_option("--releases", "The folder of releases.")
@click.option(
    "--endpoint",
    metavar="URL",
    **settings.click_option("endpoint"),
    help="Ask the server of this SPARQL endpoint instead of the local release.",
)
@format_option("text", "json")
def command(claim: str, language: str, releases: Path, endpoint: str | None, form: str) -> int:
    """Say what the sources have for a number or a sentence with one: whose figure it is.

    A claim may be in English, Russian or Kazakh; `-` reads it from standard input. The exit code is
    0 where every number of it is stated or rounded, and 1 otherwise.
    """
    if claim == "-":
        claim = sys.stdin.buffer.read(_MOST_BYTES).decode("utf-8", "replace")
    if not claim.strip():
        raise click.UsageError("the claim is empty; it needs a number, such as 87,632")
    if endpoint:
        answer = _ask(endpoint, claim.strip(), language)
    else:
        answer = _check(releases, claim.strip(), language)
    if form == "json":
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return _exit_code(answer)
    try:
        _show(answer)
    except (LookupError, TypeError, ValueError):
        # A server may send anything; a checker here does not.
        if not endpoint:
            raise
        raise CannotGoOn(f"Error: {endpoint}: the answer is not that of a check") from None
    return _exit_code(answer)


def _exit_code(answer: dict[str, Any]) -> int:
    return 0 if answer["verdict"] in ("stated", "rounded") else FOUND_FAULTS


def _check(releases: Path, claim: str, language: str) -> dict[str, Any]:
    """The answer of the current release."""
    from kzgraph.checking import Checker
    from kzgraph.checking.answer_json import describe_answer
    from kzgraph.checking.answer_words import Telling, translate_not
    from kzgraph.checking.release_labels import ReleaseLabels
    from kzgraph.release import find_current

    release = find_current(releases)
    found = Checker(release.store).check(claim)
    telling = Telling(release.store, ReleaseLabels(release.store, language), language)
    return describe_answer(found, release.version, telling, translate_not)


def _ask(endpoint: str, claim: str, language: str) -> dict[str, Any]:
    """The answer of a server."""
    from kzgraph.client.endpoint import endpoint as open_endpoint
    from kzgraph.client.errors import EndpointError

    try:
        return open_endpoint(endpoint).check(claim, language=language)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'--endpoint'") from None
    except EndpointError as error:
        raise CannotGoOn(f"Error: {error}") from None


def _show(answer: dict[str, Any]) -> None:
    """Print an answer: what is said of the claim, how it was read, and the figures."""
    show(visible(answer["sentence"]))
    if answer["shortened"]:
        show("Only the beginning of this long claim was read")
    read = table("Read", "As", "From the words")
    for number in answer["numbers"]:
        read.add_row("number", f"{number['value']:,}", visible(number["written"]))
        for dimension, pieces in number["reading"].items():
            for each in pieces:
                read.add_row(visible(dimension), visible(each["label"]), visible(each["words"]))
    if answer["numbers"]:
        show("", read)
    if answer["not_understood"]:
        show("", f"Not understood: {visible(', '.join(answer['not_understood']))}")
    figures = table("Verdict", "Figure", "Number", "Thing")
    for finding in (*answer["findings"], *answer["nearest"]):
        figure = finding["figure"]
        figures.add_row(
            visible(finding["verdict"]),
            visible(figure["label"]),
            visible(figure["amount"]),
            visible(figure["id"]),
        )
    if figures.row_count:
        show("", figures)
    for finding in answer["findings"][:1]:
        if finding["figure"]["citation"]:
            show("", f"To cite the first: {visible(finding['figure']['citation'])}")
