"""Three vintages of a table, and what stands beside them, small enough to be worked out by hand."""

from collections.abc import Iterable
from dataclasses import asdict

import rdflib
from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse

from kzgraph.iri import BASE, GRAPH
from kzgraph.sources.source_entries import SourceEntry
from kzgraph.sparql.evaluation import ask
from kzgraph.sparql.job import Job
from kzgraph.sparql.superseded import Tables, Vintages

NEW, OLD, OLDER = (f"t-{digit * 12}" for digit in "ca1")
#: Of another table: it has triples in common with none.
OTHER = f"u-{'b' * 12}"
SUPERSEDED = (OLD, OLDER, OTHER)
CURRENT = ("doc", "entities", "metadata", NEW)

#: Cell `a` keeps its value, `b` is revised twice, `c` goes, `d` comes. OLDER has a triple that NEW
#: has and OLD has not.
TRIG = f"""
PREFIX : <http://example.org/> PREFIX g: <{GRAPH}> PREFIX dcterms: <http://purl.org/dc/terms/>
g:doc {{ :f :value 7 ; :about :kz }}
g:entities {{ :kz :label "Kazakhstan"@en . :uz :label "Uzbekistan"@en }}
g:metadata {{ g:{NEW} dcterms:replaces g:{OLD} . g:{OLD} dcterms:isReplacedBy g:{NEW} }}
g:{NEW} {{ :a :v 10 ; :in :kz . :b :v 20 ; :in :uz . :d :v 5 ; :in :kz }}
g:{OLD} {{ :a :v 10 ; :in :kz . :b :v 19 ; :in :uz . :c :v 1 ; :in :uz }}
g:{OLDER} {{ :a :v 10 ; :in :kz . :b :v 18 ; :in :uz . :d :v 5 }}
g:{OTHER} {{ :x :v 100 ; :in :kz }}
"""

PROLOGUE = f"PREFIX : <http://example.org/> PREFIX g: <{GRAPH}> "

Rows = list[tuple[str | None, ...]]


def quads(names: Iterable[str]) -> list[Quad]:
    """The quads of the graphs called `names`."""
    wanted = {NamedNode(GRAPH + name) for name in names}
    return [each for each in parse(TRIG, format=RdfFormat.TRIG) if each.graph_name in wanted]


def current_store() -> Store:
    """What a plain query meets."""
    store = Store()
    store.extend(quads(CURRENT))
    return store


def make_vintages() -> Vintages:
    """All graphs."""
    store = Store()
    store.extend(quads((*CURRENT, *SUPERSEDED)))
    store.extend(Quad(q.subject, q.predicate, q.object) for q in quads(CURRENT))
    return Vintages(
        store, Tables.of_manifest({"sources": [asdict(each) for each in list_sources()]})
    )


def list_sources() -> list[SourceEntry]:
    """What a release says of the sources."""
    return [
        SourceEntry(
            name=name,
            kind=name[0],
            sha256=name.partition("-")[2].ljust(64, "0"),
            title=f"A table, {name}",
            licence="https://creativecommons.org/licenses/by/4.0/",
            attribution="Somebody",
            url="",
            date="",
            whole="",
            rows=3,
            triples=len(quads([name])),
            graph_sha256="0" * 64,
            years=(2018,),
            packaged=False,
            current=name == NEW,
            replaced_by="" if name == NEW else NEW,
        )
        for name in (NEW, *SUPERSEDED)
    ]


def answer(query: str, default: Iterable[str] = (), named: Iterable[str] = ()) -> Rows:
    """The rows of `query`, in an order of their own, with the data set of a request."""
    graphs = [tuple(f"{GRAPH}{name}" for name in names) for names in (default, named)]
    job = Job(PROLOGUE + query, graphs[0], graphs[1], offers=(), timeout=0)
    found, _ = ask(job, current_store(), 100, make_vintages())
    assert isinstance(found, QuerySolutions)
    return sort(tuple(None if term is None else str(term) for term in row) for row in found)


def reference(query: str, default: Iterable[str], named: Iterable[str]) -> Rows:
    """The rows of `query`, which names no data set, by rdflib on a merge and on named graphs."""
    store = Store()
    store.extend(Quad(q.subject, q.predicate, q.object) for q in quads(default))
    store.extend(quads(named))
    data = rdflib.Dataset()
    data.parse(data=store.dump(format=RdfFormat.N_QUADS) or b"", format="nquads")
    found = data.query(PROLOGUE + query, base=BASE)
    names = found.vars or []
    return sort(tuple(_write(row.get(name)) for name in names) for row in found.bindings)


def sort(rows: Iterable[tuple[str | None, ...]]) -> Rows:
    """The rows in order."""
    return sorted(rows, key=str)


def _write(term: rdflib.term.Node | None) -> str | None:
    return None if term is None else term.n3()
