"""The data set of a query: FROM and FROM NAMED, each graph once.

https://www.w3.org/TR/sparql11-query/#specifyingDataset: the default graph is the merge of the
graphs, a set of triples. The store takes each mention of a graph by itself and gives every
solution as often as the graph is named; so does a GRAPH clause over graphs named twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode, QuerySolutions, Store

from kzgraph.iri import BASE
from kzgraph.sparql.lexer import Kind, Token, tokens

_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a query is put to; none at all is the empty graph, not the union."""

    default: tuple[NamedNode, ...]
    named: tuple[NamedNode, ...]


def repeated(text: str, prefixes: Mapping[str, str], empty: Store) -> Dataset | None:
    """The data set of the query `text`, if it names more than one graph; else None.

    Args:
        text: a query that the store's parser takes.
        prefixes: the prefixes that are declared beforehand.
        empty: a store to resolve names with.
    """
    start, clauses = _clauses(text)
    if len(clauses) < 2:
        return None
    # Names are relative to BASE and PREFIX declarations: the store's own parser resolves them.
    rows = " ".join(f"({int(named)} {name.text})" for named, name in clauses)
    resolved = empty.query(
        f"{text[:start]} SELECT ?n ?g {{ VALUES (?n ?g) {{ {rows} }} }}",
        base_iri=BASE,
        prefixes=dict(prefixes),
    )
    assert isinstance(resolved, QuerySolutions)  # noqa: S101 - it is a SELECT
    graphs: dict[str, dict[NamedNode, None]] = {"0": {}, "1": {}}
    for which, graph in resolved:
        graphs[which.value][graph] = None
    return Dataset(tuple(graphs["0"]), tuple(graphs["1"]))


def _clauses(text: str) -> tuple[int, list[tuple[bool, Token]]]:
    """Where the prologue ends, and (whether NAMED, the name) of each data set clause."""
    start: int | None = None
    depth, clauses = 0, []
    pending: bool | None = None  # inside a clause: whether NAMED was read
    for token in tokens(text):
        word = token.text.upper() if token.kind is Kind.WORD else ""
        if start is None:
            start = token.start if word in _FORMS else None
        elif token.kind is Kind.SIGN:
            depth += (token.text == "{") - (token.text == "}")
        elif depth:
            continue
        elif word in ("FROM", "FROMNAMED"):  # the parser asks for no space
            pending = word != "FROM"
        elif word == "NAMED" and pending is not None:
            pending = True
        elif pending is not None:
            clauses.append((pending, token))
            pending = None
    return start or 0, clauses
