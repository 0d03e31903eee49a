"""The data set of a query, and the store as far as the query sees it.

https://www.w3.org/TR/sparql11-query/#specifyingDataset: the default graph is the merge of the
graphs that FROM names, a set of triples. The store takes each mention of a graph by itself and
gives every solution as often as the graph is named; so does a GRAPH clause over graphs named twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from kzgraph.iri import BASE
from kzgraph.prefixes import used_prefixes
from kzgraph.problem import Problem
from kzgraph.sparql import rewriting
from kzgraph.sparql.analysis import Analysis

Result = QuerySolutions | QueryBoolean | QueryTriples

#: What names are resolved with.
_EMPTY = Store()


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a query is evaluated on, each once; none at all is the empty graph."""

    default: Sequence[NamedNode]
    named: Sequence[NamedNode]


def graph_names(iris: Iterable[str]) -> tuple[NamedNode, ...]:
    """The graphs called `iris`, each once.

    Raises:
        Problem: 400, for what is not an IRI.
    """
    names = []
    for iri in dict.fromkeys(iris):
        try:
            names.append(NamedNode(iri))
        except ValueError:
            raise Problem(400, f"{iri[:80]!r} is not an absolute IRI of a graph.") from None
    return tuple(names)


def read_dataset(analysis: Analysis) -> Dataset | None:
    """The data set that the query names, if it names one.

    Raises:
        SyntaxError: the store's parser refuses a name.
    """
    if not analysis.datasets:
        return None
    # Names are relative to BASE and PREFIX declarations: the store's own parser resolves them.
    rows = " ".join(f"({int(named)} {name.text})" for named, name in analysis.datasets)
    text = f"{analysis.prologue} SELECT ?n ?g {{ VALUES (?n ?g) {{ {rows} }} }}"
    resolved = _EMPTY.query(text, base_iri=BASE, prefixes=used_prefixes(text))
    assert isinstance(resolved, QuerySolutions)  # noqa: S101 - it is a SELECT
    graphs: dict[str, dict[NamedNode, None]] = {"0": {}, "1": {}}
    for which, graph in resolved:
        graphs[which.value][graph] = None
    return Dataset(tuple(graphs["0"]), tuple(graphs["1"]))


class View:
    """The store as one query sees it.

    Args:
        store: the quads.
        dataset: the graphs that the query is evaluated on; None for the union of all, each named.
        prologue: the declarations that the query begins with.
    """

    def __init__(self, store: Store, dataset: Dataset | None, prologue: str) -> None:
        self._store = store
        self._dataset = dataset
        self._prologue = prologue

    def ask(self, text: str) -> Result:
        """The result of the query `text`.

        Raises:
            SyntaxError: the store's parser refuses it.
            ValueError, RuntimeError: the store cannot evaluate it.
        """
        if self._dataset is None:
            graphs: dict[str, Any] = {"use_default_graph_as_union": True}
        else:
            default, named = self._dataset.default, self._dataset.named
            graphs = {"default_graph": list(default), "named_graphs": list(named)}
        return self._store.query(
            text,
            base_iri=BASE,
            prefixes=used_prefixes(text),
            custom_functions=rewriting.FUNCTIONS if "<urn:kzgraph:" in text else None,
            **graphs,
        )

    def named_graphs(self) -> list[str]:
        """The IRIs of the named graphs."""
        names = self._store.named_graphs() if self._dataset is None else self._dataset.named
        return sorted(name.value for name in names if isinstance(name, NamedNode))

    def holds(self, condition: str) -> bool:
        """Whether the pattern `condition`, in the prologue of the query, has a solution."""
        return bool(self.ask(f"{self._prologue} ASK {{ {condition} }}"))
