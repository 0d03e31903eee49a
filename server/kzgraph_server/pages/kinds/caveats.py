"""The notes of the project on a thing, as stand beside its value."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from kzgraph.iri import term
from kzgraph.namespaces import DCT, SCHEMA
from kzgraph_server.pages.kinds.look import Look
from kzgraph_server.pages.views import View

#: Notes on one thing that its page shows.
_MOST = 20


@dataclass(frozen=True)
class Caveat:
    """A note of the project.

    Attributes:
        note: the note.
        text: what it says.
        confidence: how sure that is.
        source: what it rests on.
    """

    note: View
    text: View | None
    confidence: View | None
    source: View | None


def list_caveats(look: Look) -> list[Caveat]:
    """The notes on a thing, by name."""
    return [_read(look, node) for node in look.nodes(term("caveat"))[:_MOST]]


def _read(look: Look, node: NamedNode) -> Caveat:
    # By property: a note may be on very many things.
    found = (
        next(iter(look.store.quads_for_pattern(node, name, None, None)), None)
        for name in (DCT["description"], term("confidence"), SCHEMA["citation"])
    )
    text, confidence, source = (
        None if quad is None else look.viewer.any(quad.object) for quad in found
    )
    return Caveat(look.viewer.named(node), text, confidence, source)
