"""A release and an extract of Wikidata in two servers, and in one store to compare with.

The extract has items that links of the release lead to, so that queries can join the two.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, QueryResultsFormat, RdfFormat, Store

from engines import Engine, oxigraph_server
from kzgraph.iri import BASE
from kzgraph.prefixes import PREDECLARED

EXTRACT = (Path(__file__).parent / "data" / "wikidata.ttl").read_text("utf-8")
#: The graph of the extract in the store with both.
THERE = NamedNode("https://example.org/there")
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
#: Of queries, so that each program takes them.
DECLARED = "".join(
    f"PREFIX {name}: <{iri}>\n"
    for name, iri in {
        "wd": "http://www.wikidata.org/entity/",
        "wdt": "http://www.wikidata.org/prop/direct/",
        **{
            name: PREDECLARED[name]
            for name in ("country", "kzg", "operation", "owl", "rdfs", "schema")
        },
    }.items()
)
#: The five countries, with their items of Wikidata.
COUNTRIES = "operation:central-asia kzg:area ?country . ?country owl:sameAs ?item ."


def load_both(release_root: Path) -> Store:
    """A store with the graphs of the release, and the extract as the graph `THERE`."""
    store = Store()
    store.bulk_load(path=str(release_root / "current" / "dumps" / "kzgraph.nq"))
    store.load(EXTRACT, RdfFormat.TURTLE, to_graph=THERE)
    return store


def solutions(store: Store, query: str, apart: bool = False) -> list[str]:
    """The solutions of a query, in an order of their own.

    Args:
        store: with both.
        query: what is asked.
        apart: whether the extract is met only where the query names its graph.
    """
    graphs: list[Any] = list(store.named_graphs())
    found: Any = store.query(
        query,
        base_iri=BASE,
        default_graph=[each for each in graphs if not (apart and each == THERE)],
        named_graphs=graphs,
    )
    return rows_of(json.loads(found.serialize(format=QueryResultsFormat.JSON)))


def rows_of(document: Any) -> list[str]:
    """The solutions of a result in JSON, whoever wrote it, in an order of their own."""
    return sorted(
        str(sorted((name, _plain(term)) for name, term in row.items()))
        for row in document["results"]["bindings"]
    )


def _plain(term: dict[str, str]) -> tuple[str, str, str]:
    datatype = term.get("datatype", "")
    return term["value"], term.get("xml:lang", ""), "" if datatype == XSD_STRING else datatype


@contextmanager
def extract_server(folder: Path, more: str = "") -> Iterator[Engine]:
    """The Oxigraph server with the extract and some more Turtle."""
    with oxigraph_server(folder) as engine:
        with engine.client() as client:
            client.post(
                f"{engine.graphs}?default",
                content=EXTRACT + more,
                headers={"Content-Type": "text/turtle"},
            ).raise_for_status()
        yield engine
