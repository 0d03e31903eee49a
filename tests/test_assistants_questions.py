"""Competency questions, answered by a client that only follows the descriptions of the tools.

How it decides is said in `assistant_client`. The answers that are expected are those of
`tests/competency`, which were written down from reading the documents.
"""

import asyncio
import inspect
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from pyoxigraph import Literal, NamedNode, Store

import assistant_client
from assistant_client import Asked, Follower
from kzgraph.iri import ID, is_path
from kzgraph.namespaces import RDFS
from kzgraph.prefixes import shorten
from kzgraph.release import Release
from kzgraph_server.assistants.tool_server import TOOLS, make_server
from layers import ROOT
from processes import PATIENCE
from tool_calls import call, make_site, words_of

#: The questions whose whole answer is among what the client is told. Of the others many ask for
#: what a sentence does not hold, such as the bytes of a document, or for counts and sums, which
#: want a query of somebody who understands the question.
ANSWERED = (
    *("001", "002", "011", "012", "013", "022", "024", "028", "030", "035", "037", "041"),
    *("046", "048", "049", "050", "051", "055", "058", "061", "066", "071", "076", "084"),
    *("085", "088", "091", "101", "102", "105", "106", "109", "117", "120"),
)
#: What a client that calls tools one after the other may use up for a question.
MOST_CALLS, MOST_READ = 25, 25_000


def title_of(number: str) -> str:
    """The question, in English."""
    (path,) = (ROOT / "queries").glob(f"{number}-*.rq")
    return path.read_text("utf-8").splitlines()[0].removeprefix("# title: ")


def expected_of(number: str) -> dict[str, Any]:
    """The answer, as it was read in the documents."""
    (path,) = (ROOT / "tests" / "competency").glob(f"{number}-*.json")
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def release(release_root: Path) -> Release:
    return Release(release_root / "current")


@pytest.fixture(scope="module")
def told(release: Release) -> dict[str, Asked]:
    """What the client was told of each question."""
    site = make_site(release)

    async def ask() -> dict[str, Asked]:
        async with Client(make_server(lambda _: site, PATIENCE)) as client:
            await client.list_tools()
            follower = Follower(client)
            return {number: await follower.answer(title_of(number)) for number in ANSWERED}

    return asyncio.run(ask())


def test_there_are_more_than_thirty() -> None:
    assert len(set(ANSWERED)) == len(ANSWERED) > 30


@pytest.mark.parametrize("number", ANSWERED)
def test_a_question_is_answered(number: str, told: dict[str, Asked], release: Release) -> None:
    asked = told[number]
    assert is_answered(expected_of(number), asked.words, release.store), asked.words
    assert asked.calls <= MOST_CALLS
    assert len(asked.words) <= MOST_READ


def test_another_answer_would_not_do(told: dict[str, Asked], release: Release) -> None:
    """The measure itself can fail: what is told of a question answers hardly any other."""
    mixed = [
        is_answered(expected_of(number), told[other].words, release.store)
        for number, other in zip(ANSWERED, (*ANSWERED[1:], ANSWERED[0]), strict=True)
    ]
    assert sum(mixed) < len(ANSWERED) / 5


def test_the_client_knows_no_term_that_the_tools_do_not_name(release: Release) -> None:
    site = make_site(release)
    said = "".join(f"{each.description}{each.schema}" for each in TOOLS)
    said += words_of(call(site, "schema"))
    known = set(re.findall(r"kzg:\w+", inspect.getsource(assistant_client)))
    assert known and all(re.search(rf"{term}\b", said) for term in known)
    # Of things and codes it knows none.
    assert not re.search(r"country|population|stateless", inspect.getsource(Follower))


def forms(cell: object, store: Store) -> set[str]:
    """How a cell of an expected answer may stand in words; none where it says nothing."""
    if isinstance(cell, bool) or cell is None:
        return set()
    if isinstance(cell, int | float):
        return {f"{cell:,}", str(cell)}
    text = str(cell)
    if text.endswith(("/not-stated", "/exact")):
        return set()
    found = {text.rstrip(".")}
    iris = [ID + text] if "/" in text and is_path(text) else []
    if len(text) == 10 and text[4] == "-":
        iris.append(f"{ID}time/{text}")
    for iri in iris:
        found |= {iri, shorten(iri)}
        for quad in store.quads_for_pattern(NamedNode(iri), RDFS["label"], None, None):
            if isinstance(quad.object, Literal):
                found.add(quad.object.value)
    return found


def is_answered(expected: Mapping[str, Any], words: str, store: Store) -> bool:
    """Whether each row of an answer is told: its other cells each in a line with its first."""
    lines = [line for line in words.splitlines() if line.startswith("| ")]
    rows = [[known for cell in row if (known := forms(cell, store))] for row in expected["rows"]]
    return any(rows) and all(
        any(stands_in(line, row[0]) and stands_in(line, cell) for line in lines)
        for row in rows
        for cell in row
    )


def stands_in(line: str, known: set[str]) -> bool:
    """Whether one of several forms stands in a line, and not as a part of a word or a number."""
    return any(
        re.search(
            rf"(?<![\w.,]){re.escape(form)}(?!\w|[.,]\d)",
            line,
            0 if form.isupper() else re.IGNORECASE,  # A code such as ARE is no word.
        )
        for form in known
    )
