"""Cells of tables that certainly conform are told apart without the engine, and no violation is."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kzgraph.iri import is_source_graph, term, thing
from kzgraph.namespaces import TYPE
from kzgraph.prefixes import PREFIXES
from kzgraph.rdf.content import Content
from kzgraph.release import Release, current
from kzgraph.validation import project_shapes, shapes
from kzgraph.validation.batches import check_file
from kzgraph.validation.data import Data
from kzgraph.validation.looks import Looks, find_parts
from kzgraph.validation.screening import Screen
from reference_validator import Found, as_found, reference_results

#: Cells that are looked at, of each table.
_CELLS = 11
_SHAPE = re.compile("#(Official|Observation)")
_INTEGER = PREFIXES["xsd"] + "integer"

VALUE, ROW, YEAR = term("officialValue"), term("row"), term("year")
DATA_SET = NamedNode(PREFIXES["qb"] + "dataSet")
_FOLLOWED = (
    *(NamedNode(PREFIXES["qb"] + name) for name in ("structure", "component")),
    term("measure"),
)


def text(words: str) -> Literal:
    return Literal(words, datatype=NamedNode(_INTEGER))


#: How a cell is damaged: from what is said of it to what is said of it then.
FAULTS: dict[str, Callable[[NamedNode, dict[NamedNode, object]], Iterable[object]]] = {
    "no value": lambda _, said: [VALUE, None],
    "a second value": lambda _, said: [VALUE, said[VALUE], text("999999")],
    "a text as value": lambda _, said: [VALUE, Literal("many")],
    "zero": lambda _, said: [VALUE, text("0")],
    "no row": lambda _, said: [ROW, None],
    "row zero": lambda _, said: [ROW, text("0")],
    "two years": lambda _, said: [YEAR, said[YEAR], text("1951")],
    "no year": lambda _, said: [YEAR, None],
    "no time": lambda _, said: [term("time"), None],
    "a place that nothing describes": lambda _, said: [term("scope"), thing("country", "XXX")],
    "a group that is a country": lambda _, said: [
        term("populationGroup"),
        thing("country", "KAZ"),
    ],
    "an origin too many": lambda _, said: [
        term("origin"),
        said[term("origin")],
        thing("country", "KAZ"),
    ],
    "a value of a document": lambda _, said: [term("value"), text("5")],
    "a data set that is none": lambda _, said: [DATA_SET, thing("country", "KAZ")],
    "no dimension": lambda _, said: [term("quantity"), None],
    "a quantity as text": lambda _, said: [term("quantity"), Literal("refugees")],
}


@pytest.fixture(scope="module")
def release(shipped_root: Path) -> Release:
    found = current(shipped_root)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def cells(release: Release) -> list[list[Quad]]:
    """Cells of the tables that ship, each with what is said of it."""
    found: list[list[Quad]] = []
    for source in release.sources:
        if source.kind.startswith("unhcr-"):
            lines = (release.path / f"dumps/graphs/{source.name}.nt").open("rb")
            about: dict[object, list[Quad]] = {}
            for quad in parse(lines, RdfFormat.N_TRIPLES):
                where = NamedNode(f"{PREFIXES['kzr'].removesuffix('id/')}graph/{source.name}")
                triple = Quad(quad.subject, quad.predicate, quad.object, where)
                about.setdefault(quad.subject, []).append(triple)
            figures = [said for said in about.values() if any(q.predicate == VALUE for q in said)]
            found += figures[:: max(1, len(figures) // _CELLS)]
    return found


@pytest.fixture(scope="module")
def context(release: Release, cells: list[list[Quad]]) -> list[Quad]:
    """What the cells refer to, with what that refers to."""
    found: dict[Quad, None] = {}
    nodes = {quad.object for said in cells for quad in said} | {thing("country", "KAZ")}
    seen: set[object] = set()
    # A data set has a structure, that has components, and these have dimensions.
    for _ in range(3):
        about = [
            quad
            for node in nodes - seen
            if isinstance(node, NamedNode)
            for quad in release.store.quads_for_pattern(node, None, None, None)
            if not is_source_graph(quad.graph_name)
        ]
        found |= dict.fromkeys(about)
        seen |= nodes
        nodes = {quad.object for quad in about if quad.predicate in _FOLLOWED}
    return list(found)


def damaged(cells: list[list[Quad]]) -> list[Quad]:
    """The cells, of which every second has one of the faults."""
    found: list[Quad] = []
    faults = list(FAULTS.values())
    for number, about in enumerate(cells):
        if number % 2:
            found += about
            continue
        cell, where = about[0].subject, about[0].graph_name
        assert isinstance(cell, NamedNode)
        said: dict[NamedNode, object] = {quad.predicate: quad.object for quad in about}
        name, *values = faults[number // 2 % len(faults)](cell, said)
        found += [quad for quad in about if quad.predicate != name]
        found += [Quad(cell, name, value, where) for value in values if value is not None]  # type: ignore[arg-type]
    return found


def write(quads: Iterable[Quad], path: Path) -> Path:
    path.write_bytes(Content(quads).n_quads)
    return path


class CountingScreen(Screen):
    """Counts what passes."""

    passed = 0

    def passes(self, subject: bytes, lines: Iterable[bytes]) -> bool:
        allowed = super().passes(subject, lines)
        self.passed += allowed
        return allowed


def results(path: Path, context: list[Quad], screen: Screen | None) -> Counter[Found]:
    found = check_file(path, Data(context), project_shapes(), set(), screen=screen)
    return of_cells(Counter(map(as_found, found)))


def of_cells(found: Counter[Found]) -> Counter[Found]:
    """Those of shapes of cells: what these refer to is not all there."""
    return Counter({key: n for key, n in found.items() if _SHAPE.search(key[1])})


def test_no_violation_passes_the_screen(
    tmp_path: Path, cells: list[list[Quad]], context: list[Quad]
) -> None:
    """The results are those of all things, and those of pySHACL."""
    sound = write([quad for about in cells for quad in about], tmp_path / "sound.nq")
    screen = CountingScreen(project_shapes(), Data(context))
    # The first thing that refers to another never passes.
    assert not results(sound, context, screen)
    screen.passed = 0
    assert not results(sound, context, screen)
    assert screen.passed == len(cells)
    quads = damaged(cells)
    path = write(quads, tmp_path / "cells.nq")
    screen.passed = 0
    found = results(path, context, screen)
    assert screen.passed > len(cells) / 3
    assert found == results(path, context, None)
    assert found == of_cells(reference_results([*context, *quads]))
    assert len({key[3] for key in found}) >= len(FAULTS)


SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix : <x:> .
:prefixes sh:declare [ sh:prefix "x" ;
    sh:namespace "x:"^^<http://www.w3.org/2001/XMLSchema#anyURI> ] .
:Shape sh:targetClass :Thing ; %s .
"""
P, Q = NamedNode("x:p"), NamedNode("x:q")
LOOKED_AT = {
    "sh:nodeKind sh:IRI": Looks(),
    'sh:pattern "x"': Looks(itself=True),
    "sh:class :Other": Looks(frozenset({TYPE})),
    "sh:property [ sh:path :p ; sh:minCount 1 ]": Looks(frozenset({P})),
    "sh:property [ sh:path ( :p :q ) ; sh:hasValue 1 ]": Looks(frozenset({P})),
    "sh:property [ sh:path [ sh:alternativePath ( :p :q ) ] ; sh:maxCount 1 ]": Looks(
        frozenset({P, Q})
    ),
    "sh:property [ sh:path :p ; sh:lessThan :q ]": Looks(frozenset({P, Q})),
    "sh:property [ sh:path :p ; sh:property [ sh:path :q ; sh:minCount 1 ] ]": Looks(
        frozenset({P})
    ),
    "sh:or ( [ sh:path :p ; sh:minCount 1 ] [ sh:path :q ; sh:minCount 1 ] )": Looks(
        frozenset({P, Q})
    ),
    "sh:not [ sh:path :p ; sh:minCount 1 ]": Looks(frozenset({P})),
    "sh:property [ sh:path [ sh:oneOrMorePath :p ] ; sh:maxCount 1 ]": Looks(frozenset({P})),
    # Of these everything may decide.
    "sh:property [ sh:path [ sh:inversePath :p ] ; sh:maxCount 1 ]": None,
    "sh:property [ sh:path ( :p [ sh:inversePath :p ] ) ; sh:maxCount 1 ]": None,
    "sh:property [ sh:path [ sh:zeroOrMorePath :p ] ; sh:maxCount 1 ]": None,
    "sh:property [ sh:path :p ; sh:node [ sh:path [ sh:inversePath :p ] ; sh:maxCount 1 ] ]": None,
    "sh:closed true": None,
}
QUERIES = {
    "$this x:p/x:q ?value .": Looks(frozenset({P})),
    "$this x:p ?a . ?a x:q ?value .": Looks(frozenset({P})),
    "$this x:p ?value . FILTER NOT EXISTS { $this ?value ?other }": Looks(
        frozenset({P}), presence=True
    ),
    "$this x:p ?value ; x:q 1 .": Looks(frozenset({P, Q})),
    "$this x:p ?value . ?other x:p ?value .": None,
    "$this x:p ?value . ?value ?any $this .": None,
    "$this x:p ?value . FILTER(STR($this) = 'x')": None,
    "$this x:p ?value . FILTER NOT EXISTS { $this ?value ?other . ?other x:q ?c }": None,
    "$this x:p ?value . ?value ^x:p ?other .": None,
    "$this x:p ?a . FILTER EXISTS { ?a x:q ?b } FILTER EXISTS { ?b x:q ?value }": None,
}


def looks_of(body: str) -> list[Looks | None]:
    (shape,) = (
        each for each in shapes.read(Data(parse(SHAPES % body, RdfFormat.TURTLE))) if each.targets
    )
    return [part.looks for part in find_parts(shape)]


@pytest.mark.parametrize("body", LOOKED_AT)
def test_what_a_shape_looks_at_is_known(body: str) -> None:
    assert looks_of(body) == [LOOKED_AT[body]]


@pytest.mark.parametrize("pattern", QUERIES)
def test_what_a_query_looks_at_is_known_where_it_goes_forward(pattern: str) -> None:
    select = f"SELECT DISTINCT $this ?value WHERE {{ {pattern} }}"
    body = f'sh:sparql [ sh:prefixes :prefixes ; sh:select """{select}""" ]'
    assert looks_of(body) == [QUERIES[pattern]]


#: What is asked of a number, and whether it allows all between two that it allows.
RANGES = {
    "sh:minInclusive 1 ; sh:datatype xsd:integer": True,
    "sh:maxExclusive 6 ; sh:or ( [ sh:datatype xsd:integer ] [ sh:datatype xsd:decimal ] )": True,
    "sh:in ( 1 3 5 )": False,
    "sh:pattern '[135]'": False,
    "sh:or ( [ sh:maxInclusive 1 ] [ sh:minInclusive 3 ] )": False,
    "sh:not [ sh:hasValue 2 ]": False,
    "sh:lessThan :q": False,
}


@pytest.mark.parametrize("body", RANGES)
def test_a_number_between_two_passes_where_bounds_alone_decide(body: str, tmp_path: Path) -> None:
    text = SHAPES % f"sh:property [ sh:path :p ; {body} ]"
    turtle = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> ." + text
    against = shapes.read(Data(parse(turtle, RdfFormat.TURTLE)))
    assert [part.is_range for each in against if each.targets for part in find_parts(each)] == [
        RANGES[body]
    ]
    where, thing = NamedNode("x:g"), NamedNode("x:Thing")
    quads = [
        quad
        for place, number in enumerate((1, 1, 3, 5, 0, 2, 4, 6))
        for name in [NamedNode(f"x:{place}")]
        for quad in (Quad(name, TYPE, thing, where), Quad(name, P, Literal(number), where))
    ]
    path = write(quads, tmp_path / "numbers.nq")
    alone = list(check_file(path, Data(()), against, set()))
    screened = check_file(path, Data(()), against, set(), screen=Screen(against, Data(())))
    assert set(screened) == set(alone)
