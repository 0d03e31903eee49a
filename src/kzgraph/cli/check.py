"""`kzgraph check`: what the sources have for a number or a sentence."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from kzgraph.cli.console import show, table, visible
from kzgraph.cli.exits import FOUND_FAULTS
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
@format_option("text", "json")
def command(claim: str, language: str, releases: Path, form: str) -> int:
    """Say what the sources have for a number or a sentence with one: whose figure it is.

    A claim may be in English, Russian or Kazakh; `-` reads it from standard input. The exit code is
    0 where every number of it is stated or rounded, and 1 otherwise.
    """
    from kzgraph.checking import Checker, Verdict
    from kzgraph.checking.answer_json import describe_answer
    from kzgraph.checking.answer_words import Telling, translate_not
    from kzgraph.checking.release_labels import ReleaseLabels
    from kzgraph.release import find_current

    if claim == "-":
        claim = sys.stdin.buffer.read(_MOST_BYTES).decode("utf-8", "replace")
    if not claim.strip():
        raise click.UsageError("the claim is empty; it needs a number, such as 87,632")
    release = find_current(releases)
    answer = Checker(release.store).check(claim.strip())
    telling = Telling(release.store, ReleaseLabels(release.store, language), language)
    described = describe_answer(answer, release.version, telling, translate_not)
    if form == "json":
        click.echo(json.dumps(described, ensure_ascii=False, indent=2))
    else:
        _show(described)
    return 0 if answer.verdict in (Verdict.STATED, Verdict.ROUNDED) else FOUND_FAULTS


def _show(answer: dict[str, Any]) -> None:
    """Print an answer: what is said of the claim, how it was read, and the figures."""
    show(visible(answer["sentence"]))
    if answer["shortened"]:
        show("The claim is too long: its end was not read")
    read = table("Read", "As", "From the words")
    for number in answer["numbers"]:
        read.add_row("number", f"{number['value']:,}", visible(number["written"]))
        for dimension, pieces in number["reading"].items():
            for each in pieces:
                read.add_row(dimension, visible(each["label"]), visible(each["words"]))
    if answer["numbers"]:
        show("", read)
    if answer["not_understood"]:
        show("", f"Not understood: {visible(', '.join(answer['not_understood']))}")
    figures = table("Verdict", "Figure", "Number", "Thing")
    for finding in (*answer["findings"], *answer["nearest"]):
        figure = finding["figure"]
        figures.add_row(
            finding["verdict"],
            visible(figure["label"]),
            visible(figure["amount"]),
            figure["id"],
        )
    if figures.row_count:
        show("", figures)
    for finding in answer["findings"][:1]:
        if finding["figure"]["citation"]:
            show("", f"To cite the first: {visible(finding['figure']['citation'])}")
