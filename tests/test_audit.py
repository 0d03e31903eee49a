"""What an audit of every row asked for, finding by finding, and the names that things go by."""

import csv
import re
from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from built_graph import built_quads
from kzgraph.iri import ID, ONTOLOGY
from kzgraph.prefixes import PREFIXES

DATA = Path(__file__).parent / "data"
DECISIONS = Path(__file__).parents[1] / "docs" / "decisions"

EXPECTED = [
    tuple(line.split(" | "))
    for line in (DATA / "audit.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]

with (DATA / "names.csv").open(encoding="utf-8", newline="") as _file:
    NAMES = [tuple(row) for row in csv.reader(_file)][1:]

Values = dict[str, dict[str, set[str]]]


@pytest.fixture(scope="module")
def values() -> Values:
    """The values of each property of each thing, in short."""
    found: Values = defaultdict(lambda: defaultdict(set))
    for quad in built_quads():
        if isinstance(quad.subject, NamedNode):
            found[_short(quad.subject)][_short(quad.predicate)].add(_short(quad.object))
    return found


def _short(term: object) -> str:
    if isinstance(term, Literal):
        return f"{term.value}@{term.language}" if term.language else term.value
    iri = term.value if isinstance(term, NamedNode) else str(term)
    if iri.startswith((ID, ONTOLOGY)):
        return iri.removeprefix(ID).replace(ONTOLOGY, "kzg:")
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def text(value: str) -> str:
    """A value without its language."""
    return value.removesuffix("@en")


@pytest.mark.parametrize(
    ("subject", "name", "what"), [row[1:] for row in EXPECTED], ids=[row[0] for row in EXPECTED]
)
def test_a_finding_is_answered(values: Values, subject: str, name: str, what: str) -> None:
    verb, _, wanted = what.partition(" ")
    if verb == "absent":
        assert subject not in values
        return
    assert subject in values
    found = {text(value) for value in values[subject][name]}
    if verb == "none":
        assert found == set()
    elif verb == "is":
        assert found == {wanted}
    elif verb == "also":
        assert wanted in found
    elif verb == "has":
        assert any(wanted in value for value in found)
    else:
        assert verb == "lacks"
        assert found
        assert not any(wanted in value for value in found)


def test_every_finding_is_tried_and_decided() -> None:
    numbers = [str(number) for number in range(1, 81)]
    assert sorted({row[0] for row in EXPECTED}, key=int) == numbers
    page = (DECISIONS / "fidelity.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| .+ \| (applied|in part|not) \| .+ \|$", page, re.MULTILINE)
    assert [number for number, _ in rows] == numbers
    counts = [sum(outcome == each for _, outcome in rows) for each in ("applied", "in part", "not")]
    assert "{} are applied, {} in part, {} not".format(*counts) in page


@pytest.mark.parametrize("row", NAMES, ids=["{1}-{2}-{0}".format(*row) for row in NAMES])
def test_a_thing_goes_by_its_names(values: Values, row: tuple[str, ...]) -> None:
    kind, term, language, name = row
    named = values[term]
    labels = named["rdfs:label"] | named["skos:prefLabel"]
    wanted = f"{name}@{language}"
    assert wanted in (labels if kind == "label" else labels | named["skos:altLabel"])


def test_no_name_is_both_label_and_other_name(values: Values) -> None:
    for term, named in values.items():
        labels = named["rdfs:label"] | named["skos:prefLabel"]
        assert not labels & named["skos:altLabel"], term
