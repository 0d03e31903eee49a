"""Stores that the tests of reasoning share."""

from collections.abc import Iterable

import pyoxigraph as ox

from fixed_tables import read_fixed_tables
from kzgraph.iri import graph
from kzgraph.prefixes import PREFIXES
from kzgraph.vocabulary import ontology_quads
from kzgraph_mappings import map_tables

PREFIX_LINES = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
BASE = "BASE <https://w3id.org/kzgraph/id/>\nPREFIX ex: <http://example.org/>\n" + PREFIX_LINES


def real_store() -> ox.Store:
    """Everything that the build reasons over."""
    store = ox.Store()
    store.extend(map_tables(read_fixed_tables()))
    store.extend(ontology_quads())
    return store


def triples(turtle: str) -> set[ox.Triple]:
    """The triples of a text in Turtle, with the project's prefixes, `ex:` and the base `id/`."""
    quads = ox.parse(BASE + turtle, format=ox.RdfFormat.TURTLE)
    return {quad.triple for quad in quads}


def store_of(turtle: str, name: str = "entities") -> ox.Store:
    """A store with a text in Turtle as one of its graphs."""
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object, graph(name)) for t in triples(turtle))
    return store


def select(quads: Iterable[ox.Quad], query: str) -> list[tuple[str, ...]]:
    """The rows of a SELECT query over `quads` as plain strings, local to `id/`, sorted."""
    store = ox.Store()
    store.extend(quads)
    solutions = store.query(BASE + query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    return sorted(tuple(_plain(term) for term in solution) for solution in solutions)


def _plain(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
    assert term is None or not isinstance(term, ox.Triple)
    return "" if term is None else term.value.removeprefix("https://w3id.org/kzgraph/id/")


CONTEXT = """
<country/KAZ> a schema:Country . <country/UZB> a schema:Country . <country/TJK> a schema:Country .
<quantity/expenditure> kzg:setAgainst <quantity/budget> .
<quantity/funded-share> kzg:setAgainst <quantity/requirement> .
<unit/percent> kzg:unitKind <unit-kind/ratio> .
<time/2018> a time:ProperInterval ;
    time:hasBeginning <time/2018-01-01> ; time:hasEnd <time/2018-12-31> .
<time/2019> a time:ProperInterval ;
    time:hasBeginning <time/2019-01-01> ; time:hasEnd <time/2019-12-31> .
<time/2018--2019> a time:ProperInterval ;
    time:hasBeginning <time/2018-01-01> ; time:hasEnd <time/2019-12-31> .
<time/2014--> a time:ProperInterval ; time:hasBeginning <time/2014-01-01> .
<time/2014-01-01> time:inXSDDate "2014-01-01"^^xsd:date .
<time/2018-01-01> time:inXSDDate "2018-01-01"^^xsd:date .
<time/2018-06-30> time:inXSDDate "2018-06-30"^^xsd:date .
<time/2018-12-31> time:inXSDDate "2018-12-31"^^xsd:date .
<time/2019-01-01> time:inXSDDate "2019-01-01"^^xsd:date .
<time/2019-12-31> time:inXSDDate "2019-12-31"^^xsd:date .
"""


def figure(key: str, value: str, **cell: str) -> str:
    """A figure in Turtle: refugees in Kazakhstan in 2018 by document `d`, unless `cell` differs.

    `cell` gives the local path of what fills a property, `base`, `componentOf` and `includedIn`
    the key of a figure of the same document; an empty text leaves the property out.
    """
    document = cell.pop("document", "d")
    filled = {
        "scope": "country/KAZ",
        "populationGroup": "population-group/REF",
        "origin": "origin/all",
        "quantity": "quantity/stock",
        "registeredBy": "registered-by/not-stated",
        "unit": "unit/persons",
        "status": "status/actual",
        "bound": "bound/exact",
        "time": "time/2018",
        **cell,
    }
    for name in ("base", "componentOf", "includedIn"):
        if name in filled:
            filled[name] = f"figure/{document}/{filled[name]}"
    hedge = filled.pop("hedge", "")
    parts = [f"kzg:{name} <{path}>" for name, path in filled.items() if path]
    year = filled["time"].removeprefix("time/")[:4]
    if year.isdigit() and "--" not in filled["time"]:
        parts.append(f"kzg:year {year}")
    if value:
        parts.append(f"kzg:value {value}")
    if hedge:
        parts.append(f"kzg:hedge '{hedge}'@en")
    parts.append(f"kzg:statedIn <document/{document}>")
    parts.append(f"rdfs:label '{key}'@en")
    return f"<figure/{document}/{key}> {' ; '.join(parts)} .\n"
