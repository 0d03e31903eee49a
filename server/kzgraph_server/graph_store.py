"""The read side of the SPARQL 1.1 Graph Store HTTP Protocol: `/data?graph=IRI`, `/data?default`.

https://www.w3.org/TR/sparql11-http-rdf-update/

A graph of up to 20,000 triples is written to be read and sent whole. A larger one is written while
it is sent: the server holds a few hundred kilobytes of it, whatever its size.
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from queue import Empty, Queue
from threading import Event, Thread
from typing import IO, TYPE_CHECKING

from flask import Blueprint, Response, request
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    serialize,
)

from kzgraph_server.formats import (
    GRAPH_FORMATS,
    JSON_LD,
    N_TRIPLES,
    RDF_XML,
    TURTLE,
    Format,
    negotiate,
)
from kzgraph_server.problems import Problem
from kzgraph_server.served import served
from kzgraph_server.streaming_xml import xml_pieces
from kzgraph_server.writing import write_graph

if TYPE_CHECKING:
    from typing_extensions import Buffer

TRIG = Format("trig", "application/trig", (), ("application/x-trig",))
N_QUADS = Format("nq", "application/n-quads", (), ("nquads", "n-quads"))

#: The formats of a whole graph in the server's order of preference. The last two also say in which
#: named graph each triple stands.
WHOLE_GRAPH_FORMATS = (*GRAPH_FORMATS, TRIG, N_QUADS)

_SERIALIZERS = {
    TURTLE: RdfFormat.TURTLE,
    N_TRIPLES: RdfFormat.N_TRIPLES,
    JSON_LD: RdfFormat.JSON_LD,
    TRIG: RdfFormat.TRIG,
    N_QUADS: RdfFormat.N_QUADS,
}
_OF_QUADS = (TRIG, N_QUADS)

#: A graph of more triples is written while it is sent.
_WHOLE = 20_000
_CHUNK = 64 * 1024
#: Chunks that wait for the client.
_AHEAD = 4

blueprint = Blueprint("graph_store", __name__)


@blueprint.get("/data")
def read() -> Response:
    """The graph that the request names, in the format it asks for."""
    now = served()
    name = asked_graph(request.args.getlist("graph"), request.args.getlist("default"))
    chosen = negotiate(request, WHOLE_GRAPH_FORMATS, request.args.get("format"))
    if name is not None and not now.store.contains_named_graph(name):
        raise Problem(404, "The release has no graph of this name; /sparql describes its graphs.")
    if request.method == "HEAD":
        response = Response(content_type=chosen.content_type)
    else:
        body = graph_chunks(now.store, name, chosen.format, now.prefixes)
        response = Response(body, content_type=chosen.content_type)
    response.vary.add("Accept")
    return response


def asked_graph(graphs: list[str], defaults: list[str]) -> NamedNode | None:
    """The graph that the parameters `graph` and `default` name; None is the default graph.

    Raises:
        Problem: 400, where they name none, two, or something that is no absolute IRI.
    """
    if len(graphs) + len(defaults) != 1:
        raise Problem(400, "A graph is asked for by either ?graph=IRI or ?default, given once.")
    if defaults:
        return None
    try:
        return NamedNode(graphs[0])
    except ValueError:
        raise Problem(400, f"graph={graphs[0][:80]!r} is no absolute IRI.") from None


def graph_chunks(
    store: Store, name: NamedNode | None, chosen: Format, prefixes: Mapping[str, str]
) -> bytes | Iterator[bytes]:
    """The graph called `name`, or the union of all, in the format `chosen`.

    A graph that is small comes as a whole, any other piece by piece; a piece that cannot be
    written raises `Problem` at its turn.

    Raises:
        Problem: 406, where the format cannot hold the graph and that shows before it is sent.
    """
    first = list(islice(quads_of(store, name), _WHOLE + 1))
    if len(first) > _WHOLE:
        return _streamed(store, name, chosen, prefixes)
    if chosen not in _OF_QUADS:
        return write_graph((quad.triple for quad in first), chosen, prefixes)
    kept = dict(prefixes) if chosen is TRIG else None
    return serialize(_named_apart(first), format=_SERIALIZERS[chosen], prefixes=kept) or b""


def quads_of(store: Store, name: NamedNode | None) -> Iterator[Quad]:
    """The quads of the graph called `name`; of all graphs where there is none."""
    if name is not None:
        return iter(store.quads_for_pattern(None, None, None, name))
    return (quad for quad in store if not isinstance(quad.graph_name, DefaultGraph))


def write_quads(
    quads: Iterable[Quad], chosen: Format, prefixes: Mapping[str, str], output: IO[bytes]
) -> None:
    """Write `quads` to `output` as they come.

    Formats of triples leave the graph out. The graphs of a release are disjoint, so no triple
    comes twice; where it did, the RDF would still be the same, for a graph is a set.

    Raises:
        Problem: 406, at a triple that RDF/XML cannot hold.
    """
    named = _named_apart(quads)
    if chosen is RDF_XML:
        output.writelines(xml_pieces(named))
        return
    kept = dict(prefixes) if chosen in (TURTLE, TRIG) else None
    if chosen in _OF_QUADS:
        serialize(named, output, _SERIALIZERS[chosen], prefixes=kept)
    else:
        serialize((each.triple for each in named), output, _SERIALIZERS[chosen], prefixes=kept)


def _named_apart(quads: Iterable[Quad]) -> Iterator[Quad]:
    """`quads` with a letter before the labels of blank nodes: XML knows no name like `8f3a`."""
    for quad in quads:
        subject, value = quad.subject, quad.object
        if isinstance(subject, BlankNode) or isinstance(value, BlankNode):
            subject = _lettered(subject) if isinstance(subject, BlankNode) else subject
            value = _lettered(value) if isinstance(value, BlankNode) else value
            yield Quad(subject, quad.predicate, value, quad.graph_name)
        else:
            yield quad


def _lettered(node: BlankNode) -> BlankNode:
    return BlankNode(f"b{node.value}")


class _Gone(Exception):
    """The client takes no more."""


class _Pipe(io.RawIOBase):
    """Where the writing thread puts bytes and another takes them.

    A queue of a few chunks bounds the memory and makes the writer wait for the client.
    """

    def __init__(self) -> None:
        super().__init__()
        self.queue: Queue[bytes | BaseException | None] = Queue(_AHEAD)
        self.gone = Event()
        self._told = False

    def writable(self) -> bool:
        return True

    def write(self, data: "Buffer", /) -> int:
        chunk = bytes(data)
        if not self.gone.is_set():
            self.queue.put(chunk)
        elif not self._told:
            self._told = True  # once: what is still held back may then be dropped in peace
            raise _Gone
        return len(chunk)


def _streamed(
    store: Store, name: NamedNode | None, chosen: Format, prefixes: Mapping[str, str]
) -> Iterator[bytes]:
    """What `write_quads` writes, by a thread of its own, while it is being sent.

    The store's iterators end the process when another thread than their own touches them. So the
    thread that writes also opens, and nothing of them leaves it, not even in a traceback.
    """
    pipe = _Pipe()

    def write() -> None:
        end: BaseException | None = None
        try:
            with io.BufferedWriter(pipe, _CHUNK) as output:
                write_quads(quads_of(store, name), chosen, prefixes, output)
        except BaseException as error:
            end = error.with_traceback(None)
            end.__context__ = None
        if not pipe.gone.is_set():
            pipe.queue.put(end)

    writer = Thread(target=write, name="graph-writer", daemon=True)
    writer.start()
    try:
        while (item := pipe.queue.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        # A writer that waits for room would wait for ever: make some until it has seen the end.
        pipe.gone.set()
        while writer.is_alive():
            with suppress(Empty):
                pipe.queue.get_nowait()
            writer.join(0.01)
