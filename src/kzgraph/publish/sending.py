"""Sending one graph, in pieces, so that an interrupted run resumes within it.

The first piece replaces what the store has of the graph, the others are added to it. A piece
without blank nodes may be sent twice: a graph is a set.
"""

from collections.abc import Callable

from kzgraph.engines import strip_secrets
from kzgraph.publish import updates
from kzgraph.publish.errors import PublishError, Refused, Unanswered
from kzgraph.publish.graph_files import PIECE, Graph, Piece
from kzgraph.publish.state import SENDING, SENT, Place, State
from kzgraph.publish.store import RemoteStore
from kzgraph.publish.target import Target
from kzgraph.publish.verify import count

#: A graph with blank nodes cannot be resumed after a failed request, only restarted.
_ATTEMPTS = 3
#: A piece of updates, which are many requests, is shorter: it is the least that is sent again.
_UPDATES = PIECE // 8
#: Where a store, or a proxy before it, refuses a request as too large, pieces are halved down to
#: this many bytes.
_LEAST = 64 * 1024


def send(
    graph: Graph,
    target: Target,
    store: RemoteStore,
    state: State,
    step: Callable[[str], None] = lambda text: None,
) -> int:
    """Send what the store does not have of `graph`, and record it in `state`.

    Args:
        graph: what is sent.
        target: where to, its method known.
        store: the client.
        state: what an earlier run sent.
        step: called with how much has arrived.

    Returns:
        How many triples had arrived before.

    Raises:
        PublishError: the store refuses it.
    """
    size = PIECE if target.method == "gsp" else _UPDATES
    place = before = _find_place(graph, target, store, state, size)
    state.record(graph, SENDING, place)
    while place.size < graph.size or not graph.size:
        piece = graph.piece(place.size, size)
        try:
            piece = _send_piece(graph, piece, target, store)
        except Refused as error:
            if error.status == 413 and piece.size > _LEAST and not graph.has_blank_nodes:
                size = max(_LEAST, piece.size // 2)
                continue
            raise _explain(error, graph, target) from None
        place = Place(piece.end, place.triples + piece.triples)
        if place.size >= graph.size:
            break
        state.record(graph, SENDING, place)
        step(f"Sending {graph.name}: {place.triples} of {graph.triples} triples arrived")
    state.record(graph, SENT)
    return before.triples


def _find_place(graph: Graph, target: Target, store: RemoteStore, state: State, size: int) -> Place:
    """From where on the store does not have `graph`, which an earlier run may have begun to send.

    What the store has must fit: it may have lost the graph since, or have got it from elsewhere.
    """
    place = state.place(graph)
    if not place.size:
        return place
    found = count(store, target.query, graph.iri)
    doubtful = graph.piece(place.size, size)
    if found == place.triples + doubtful.triples:
        return Place(doubtful.end, found)  # It had arrived, and the run ended before it knew.
    return place if place.triples <= found <= place.triples + doubtful.triples else Place()


def _send_piece(graph: Graph, piece: Piece, target: Target, store: RemoteStore) -> Piece:
    """Send `piece`; returns what was sent, which is all of the graph where pieces are not taken."""
    if target.method != "gsp":
        _send_updates(graph, piece, target.url, store)
    elif not piece.start:
        store.put_graph(target.url, graph.iri, piece)
    else:
        try:
            store.add_to_graph(target.url, graph.iri, piece)
        except Refused as error:
            if error.status not in (404, 405, 501):
                raise
            store.put_graph(target.url, graph.iri, graph.whole)
            return Piece(piece.path, piece.start, graph.size - piece.start, 0)
    return piece


def _send_updates(graph: Graph, piece: Piece, url: str, store: RemoteStore) -> None:
    for attempt in range(1, _ATTEMPTS + 1):
        if not piece.start:
            store.update(url, updates.drop(graph.iri))
        try:
            for text in updates.insert(graph, piece):
                # Sent twice, blank nodes would be there twice.
                store.update(url, text, repeatable=not graph.has_blank_nodes)
        except Unanswered:
            if not graph.has_blank_nodes or attempt == _ATTEMPTS:
                raise
        else:
            return


def _explain(error: Refused, graph: Graph, target: Target) -> PublishError:
    if error.status in (404, 405, 415):
        return PublishError(
            f"{error} (sent by --method {target.method}; does the store at "
            f"{strip_secrets(target.url)} take that at another address?)"
        )
    # An engine may read as Turtle what it cannot read in an update.
    advice = "; perhaps --method gsp helps" if target.method == "update" else ""
    more = advice if error.status in (400, 500) else ""
    return PublishError(f"graph {graph.name}: {error}{more}")
