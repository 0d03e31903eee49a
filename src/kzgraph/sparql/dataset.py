"""The data set of a query, and the store as far as the query sees it.

https://www.w3.org/TR/sparql11-query/#specifyingDataset: the default graph is the merge of the
graphs that FROM names, a set of triples. The store takes each mention of a graph by itself and
gives every solution as often as the graph is named; so does a GRAPH clause over graphs named twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from kzgraph.iri import BASE
from kzgraph.prefixes import used_prefixes
from kzgraph.problem import Problem
from kzgraph.sparql import rewriting
from kzgraph.sparql.analysis import Analysis
from kzgraph.sparql.lexer import Token

Result = QuerySolutions | QueryBoolean | QueryTriples

#: What names are resolved with.
_EMPTY = Store()


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a query is evaluated on, each once; none at all is the empty graph.

    Attributes:
        default: what the default graph is merged from; None for that of the store.
        named: those that GRAPH finds; None for all of the store.
    """

    default: Sequence[NamedNode] | None
    named: Sequence[NamedNode] | None


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


def resolve_names(analysis: Analysis, names: Iterable[Token]) -> list[NamedNode]:
    """The IRIs that names of the query stand for, in their order.

    Raises:
        SyntaxError: the store's parser refuses a name.
    """
    # Names are relative to BASE and PREFIX declarations: the store's own parser resolves them.
    rows = " ".join(name.text for name in names)
    text = f"{analysis.prologue} SELECT ?g {{ VALUES ?g {{ {rows} }} }}"
    resolved = _EMPTY.query(text, base_iri=BASE, prefixes=used_prefixes(text))
    assert isinstance(resolved, QuerySolutions)  # noqa: S101 - it is a SELECT
    return [graph for (graph,) in resolved if isinstance(graph, NamedNode)]


def read_dataset(analysis: Analysis) -> Dataset | None:
    """The data set that the query names, if it names one.

    Raises:
        SyntaxError: the store's parser refuses a name.
    """
    if not analysis.datasets:
        return None
    graphs = resolve_names(analysis, (name for _, name in analysis.datasets))
    found: dict[bool, dict[NamedNode, None]] = {False: {}, True: {}}
    for (named, _), graph in zip(analysis.datasets, graphs, strict=True):
        found[named][graph] = None
    return Dataset(tuple(found[False]), tuple(found[True]))


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
        graphs: dict[str, Any] = {}
        if self._dataset is None:
            graphs["use_default_graph_as_union"] = True
        else:
            default, named = self._dataset.default, self._dataset.named
            # Without it a FROM in the text would have its way.
            graphs["default_graph"] = DefaultGraph() if default is None else list(default)
            if named is not None:
                graphs["named_graphs"] = list(named)
        return self._store.query(
            text,
            base_iri=BASE,
            prefixes=used_prefixes(text),
            custom_functions=rewriting.FUNCTIONS if "<urn:kzgraph:" in text else None,
            **graphs,
        )

    def named_graphs(self) -> list[str]:
        """The IRIs of the named graphs."""
        listed = None if self._dataset is None else self._dataset.named
        names = self._store.named_graphs() if listed is None else listed
        return sorted(name.value for name in names if isinstance(name, NamedNode))

    def holds(self, condition: str) -> bool:
        """Whether the pattern `condition`, in the prologue of the query, has a solution."""
        return bool(self.ask(f"{self._prologue} ASK {{ {condition} }}"))
