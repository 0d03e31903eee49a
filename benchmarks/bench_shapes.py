"""SHACL by our own engine and by pySHACL, at growing sizes: the figures of a decision.

`docs/decisions/shacl-engine.md` rests on this. Documents are copies of the three real ones;
observations are those of `data.py`, with four property shapes. Seconds are of the processor, so
that a busy machine changes little. pySHACL runs without the SPARQL-based constraints; those take
it 57 to 240 s on three documents already. Cells of a published table are checked against all
shapes, by pySHACL in samples (`cells_by_shapes.py`).
"""

import argparse
import re
import time
from collections.abc import Iterator
from itertools import islice

import cells_by_shapes
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from rich.console import Console
from rich.table import Table

import data
from kzgraph.prefixes import PREFIXES
from kzgraph.reasoning import infer
from kzgraph.tables import read_tables
from kzgraph.validation import check, project_shapes, shapes
from kzgraph.validation.data import Data
from kzgraph.validation.inputs import project_files, read_shapes
from kzgraph.validation.reference import validate_by_pyshacl
from kzgraph.validation.shape import Shape
from kzgraph.vocabulary import ontology_quads
from kzgraph_mappings import map_tables

_SPARQL = NamedNode(PREFIXES["sh"] + "sparql")
_OBSERVATIONS = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix kzg: <https://w3id.org/kzgraph/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
[] sh:targetClass kzg:PopulationFigure ;
    sh:property [ sh:path kzg:value ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:integer ;
            sh:minInclusive 0 ] ,
        [ sh:path kzg:scope ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path kzg:year ; sh:minCount 1 ; sh:datatype xsd:integer ] ,
        [ sh:path kzg:status ; sh:minCount 1 ; sh:pattern "/status/" ] .
"""


def documents(copies: int) -> list[Quad]:
    """The graph of the real tables with each of their documents so many times."""
    store = Store()
    tables = read_tables(None)
    store.extend(map_tables(tables))
    store.extend(ontology_quads())
    store.extend(infer(store))
    quads = list(store)
    slugs = {
        quad.subject.value.rpartition("/")[2]
        for quad in quads
        if isinstance(quad.subject, NamedNode) and "/id/document/" in quad.subject.value
    }
    name = re.compile("|".join(map(re.escape, sorted(slugs))))
    of_documents = [quad for quad in quads if name.search(str(quad.subject))]
    for number in range(1, copies):
        quads += [_rename(quad, name, f"-{number}") for quad in of_documents]
    return quads


def _rename(quad: Quad, name: re.Pattern[str], suffix: str) -> Quad:
    def renamed(node: NamedNode) -> NamedNode:
        return NamedNode(name.sub(lambda match: match[0] + suffix, node.value))

    subject, obj = quad.subject, quad.object
    return Quad(
        renamed(subject) if isinstance(subject, NamedNode) else subject,
        quad.predicate,
        renamed(obj) if isinstance(obj, NamedNode) else obj,
        quad.graph_name,
    )


def observations(number: int) -> list[Quad]:
    """So many figures of twelve triples each."""
    text = "".join(islice(_figures(), number + 1))
    return list(parse(text, format=RdfFormat.TURTLE))


def _figures() -> Iterator[str]:
    yield data.PROLOGUE
    year = 0
    while True:
        year += 1
        yield from (
            data.figure(country, origin, group, year, 7)
            for country in range(data.COUNTRIES)
            for origin in range(data.ORIGINS)
            for group in data.GROUPS
        )


def _seconds(quads: list[Quad], against: list[Shape] | tuple[Shape, ...]) -> float:
    started = time.process_time()
    check(quads, against)
    return time.process_time() - started


def _batch(quads: list[Quad]) -> float:
    """The SPARQL-based constraints of the project alone, by our own engine."""
    graph = Data(quads)
    started = time.process_time()
    for shape in project_shapes():
        for focus in shape.focus_nodes(graph):
            for constraint in shape.constraints:
                if constraint.component == "SPARQL":
                    list(constraint.check(graph, focus, [focus]))
    return time.process_time() - started


def _pyshacl(quads: list[Quad], against: list[Quad]) -> float:
    started = time.process_time()
    validate_by_pyshacl(quads, [quad for quad in against if quad.predicate != _SPARQL])
    return time.process_time() - started


def main() -> None:
    """Print the two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, nargs="*", default=[1, 10, 33])
    parser.add_argument("--observations", type=int, nargs="*", default=[2_000, 20_000, 200_000])
    parser.add_argument("--most", type=int, default=400_000, help="triples that pySHACL is given")
    parser.add_argument("--rows", type=int, nargs="*", default=[20_000], help="of a table")
    options = parser.parse_args()
    for rows in options.rows:
        found = cells_by_shapes.compare(rows)
        print(
            f"{found.cells:,} cells of a table, {found.triples:,} triples: {found.own:.1f} s; "
            f"pySHACL takes {1000 * found.other:.0f} ms for each, {found.ratio:,.0f} times as long."
        )
    columns = ("triples", "kzgraph, s", "pySHACL Core, s", "its SPARQL in batches, s")
    shown = Table("", *columns, box=None, header_style="bold")
    for column in shown.columns[1:]:
        column.justify = "right"
    files = read_shapes(project_files("shapes"))
    for copies in options.copies:
        quads = documents(copies)
        other = f"{_pyshacl(quads, files):.1f}" if len(quads) <= options.most else ""
        own, batch = _seconds(quads, project_shapes()), _batch(quads)
        name = f"{3 * copies} documents"
        shown.add_row(name, str(len(quads)), f"{own:.1f}", other, f"{batch:.1f}")
    small = list(parse(_OBSERVATIONS, format=RdfFormat.TURTLE))
    for number in options.observations:
        quads = observations(number)
        other = f"{_pyshacl(quads, small):.1f}" if len(quads) <= options.most else ""
        own = _seconds(quads, shapes.read(Data(small)))
        shown.add_row(f"{number} observations", str(len(quads)), f"{own:.1f}", other, "")
    Console().print(shown)


if __name__ == "__main__":
    main()
