"""What things are called in English, for the words of a concordance."""

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Store

from kzgraph.namespaces import DCT, LABEL, SCHEMA, Term
from kzgraph.reasoning.figures import by_language
from kzgraph.reasoning.rules_text import objects

CITATION = DCT["bibliographicCitation"]


class EnglishNames:
    """Names, citations and credits from the store of the documents and that of official data."""

    def __init__(self, working: Store, official: Store) -> None:
        """Nothing is read before it is asked for."""
        self._stores = working, official

    def of(self, node: Term | None) -> str:
        """The English label, or the last segment of the IRI."""
        if not isinstance(node, NamedNode):
            return ""
        for store in self._stores:
            quads = store.quads_for_pattern(node, LABEL, None, None)
            labels = by_language(quad.object for quad in quads)
            if labels:
                return labels.get("en") or next(iter(labels.values()))
        return node.value.rsplit("/", 1)[-1]

    def join(self, nodes: Iterable[Term | None]) -> str:
        """Names in order, with commas."""
        return ", ".join(sorted({self.of(each) for each in nodes} - {""}))

    def credits(self, graph: NamedNode | None) -> list[str]:
        """The attribution that a file of official data asks for."""
        texts = self._stores[1].quads_for_pattern(graph, SCHEMA["creditText"], None, None)
        return [quad.object.value for quad in texts if graph and isinstance(quad.object, Literal)]

    def citation(self, fact: NamedNode) -> str:
        """How a fact of a document is cited."""
        found = objects(self._stores[0], fact, CITATION)
        return next((each.value for each in found if isinstance(each, Literal)), "")
