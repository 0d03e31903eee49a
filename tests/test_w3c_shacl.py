"""The SHACL tests of the W3C: each passes, or is refused with the name of what is lacking."""

import csv
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from kzgraph.prefixes import PREFIXES
from kzgraph.validation import ShapesRefused, check, shapes
from kzgraph.validation.data import Data
from w3c_shacl import W3cTest, suite_below

SUITE = Path(__file__).parents[2] / "shared" / "w3c" / "shacl"
FOUND = suite_below(SUITE)
with (Path(__file__).parent / "data" / "w3c-shacl.csv").open(encoding="utf-8") as stream:
    REFUSED = {row["test"]: row["refused for"] for row in csv.DictReader(stream)}

pytestmark = pytest.mark.skipif(
    not SUITE.is_dir(), reason="the W3C's SHACL tests are not in ../shared/w3c/shacl"
)


@pytest.mark.parametrize("test", FOUND, ids=lambda test: test.name)
def test_a_test_of_the_w3c_passes_or_is_refused_for_what_the_list_says(test: W3cTest) -> None:
    outcome = test.outcome()
    if test.name in REFUSED:
        assert outcome.startswith("refused: "), f"{outcome}: take it off the list"
        assert REFUSED[test.name] in outcome
    else:
        assert outcome == "passes"


def test_the_page_says_how_many_pass() -> None:
    page = (Path(__file__).parents[1] / "docs" / "shacl.md").read_text("utf-8")
    core = [test.name for test in FOUND if test.name.startswith("core/")]
    refused = [name for name in REFUSED if name.startswith("core/")]
    rest = len(FOUND) - len(core)
    passed = rest - len(REFUSED) + len(refused)
    assert f"all {len(core) - len(refused)} of SHACL Core and {passed} of {rest}" in page


def test_the_whole_suite_is_there_and_the_list_names_nothing_else() -> None:
    names = {test.name for test in FOUND}
    assert len([name for name in names if name.startswith("core/")]) == 98
    assert len([name for name in names if name.startswith("sparql/")]) == 23
    assert set(REFUSED) <= names


#: What does not belong where it is put.
ODD = [
    *(Literal(each) for each in ("x", "(", "SELECT", -1, 2.5, True)),
    Literal("9" * 5000, datatype=NamedNode(PREFIXES["xsd"] + "integer")),
    *(NamedNode(each) for each in ("urn:x", PREFIXES["sh"] + "IRI", PREFIXES["rdf"] + "nil")),
    BlankNode("nowhere"),
]
PREDICATES = [
    NamedNode(PREFIXES["sh"] + name)
    for name in (
        *("path", "node", "not", "property", "in", "and", "minCount", "closed", "sparql", "flags"),
        *("severity", "message", "targetNode", "deactivated", "qualifiedValueShape", "prefixes"),
    )
]


@pytest.mark.parametrize("seed", range(4))
def test_spoiled_shapes_end_in_a_report_or_a_refusal(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - no secret
    files = sorted({test.file for test in FOUND})
    ended = Counter[str]()
    for _ in range(150):
        file = chance.choice(files)
        quads = list(parse(path=file, format=RdfFormat.TURTLE, base_iri=file.as_uri()))
        for place in chance.sample(range(len(quads)), 2):
            quad = quads[place]
            predicate = chance.choice([quad.predicate, quad.predicate, *PREDICATES])
            obj = chance.choice([*ODD, *(other.subject for other in quads[:10])])
            quads[place] = Quad(quad.subject, predicate, obj)
        try:
            report = check(quads, shapes.read(Data(quads)))
        except ShapesRefused as error:
            assert str(error)
            ended["refused"] += 1
        else:
            assert report.to_turtle()
            assert report.to_text()
            assert report.to_json()
            ended["reported"] += 1
    assert ended["refused"] > 10
    assert ended["reported"] > 10
