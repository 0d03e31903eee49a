"""A small data set, and its answers to queries as lists of texts."""

from collections.abc import Sequence

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, RdfFormat, Store, parse

from kzgraph.iri import BASE
from kzgraph.prefixes import PREFIXES
from kzgraph.sparql.dataset import Result
from kzgraph.sparql.evaluation import ask
from kzgraph.sparql.job import Job

EX = "http://example.org/"
DATA = """
PREFIX : <http://example.org/>
:g1 { :a :p :b . :b :p :c . :a :v 1 }
:g2 { :a :p :d . :d :l "D"@en . :d :v 5 }
:g3 { :z :w 3 . :g3 :t "itself" }
"""

Answer = bool | Sequence[str] | Sequence[tuple[str | None, ...]]


def data() -> Store:
    store = Store()
    store.bulk_extend(parse(DATA, format=RdfFormat.TRIG))
    return store


def read(result: Result) -> Answer:
    """`result` as terms in short; rows in no order of their own."""
    if isinstance(result, QueryBoolean):
        return bool(result)
    if isinstance(result, QueryTriples):
        return sorted(str(triple).replace(EX, ":") for triple in result)
    assert isinstance(result, QuerySolutions)
    return [tuple(None if term is None else short(str(term)) for term in row) for row in result]


def short(term: str) -> str:
    """`<http://example.org/a>` as `:a`, and a literal without the type of a number or date."""
    for name in ("integer", "decimal", "double", "boolean", "date", "dateTime"):
        term = term.replace(f"^^<http://www.w3.org/2001/XMLSchema#{name}>", "")
    return f":{term[len(EX) + 1 : -1]}" if term.startswith(f"<{EX}") else term


def bare(query: str, store: Store | None = None, **dataset: object) -> Answer:
    """What the store says of `query`."""
    how = dataset or {"use_default_graph_as_union": True}
    prefixes = {**PREFIXES, "": EX}
    result = (store or data()).query(query, base_iri=BASE, prefixes=prefixes, **how)  # type: ignore[arg-type]
    return read(result)


def answer(query: str, store: Store | None = None) -> Answer:
    """What the project says of `query`."""
    job = Job(f"PREFIX : <{EX}> {query}", (), (), offers=(), timeout=10)
    return read(ask(job, store or data(), 100)[0])
