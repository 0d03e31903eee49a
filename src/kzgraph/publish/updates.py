"""A graph as SPARQL updates of bounded size.

https://www.w3.org/TR/sparql11-update/#insertData
"""

import re
from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, NamedNode, Triple

from kzgraph.namespaces import Term
from kzgraph.publish.errors import PublishError
from kzgraph.publish.graph_files import Graph, Piece

#: The most bytes and triples of one request. Virtuoso 7 takes 1,000 triples at a time and refuses
#: 2,000, because it makes SQL of them, 10,000 lines at most.
MAX_BYTES = 256 * 1024
MAX_TRIPLES = 500

#: A graph with blank nodes is split in memory; a larger one is refused.
MAX_BLANK_BYTES = 64 * 1024 * 1024

# A backslash and the letter behind it, or any other escape.
_ESCAPE = re.compile(r"\\\\([uU])|\\.")


def write_term(term: Term) -> str:
    r"""Serialize `term` for SPARQL: as N-Triples, with one exception.

    SPARQL replaces `\u` escapes before it reads strings (section 19.2), so the backslash of a
    literal must not precede a `u` of the text: the letter is written as an escape itself.

    >>> from pyoxigraph import Literal
    >>> write_term(Literal("a\\u0041"))
    '"a\\\\\\u00750041"'
    """
    text = str(term)
    return _ESCAPE.sub(_escape_letter, text) if "\\\\" in text else text


def _escape_letter(escape: re.Match[str]) -> str:
    letter = escape[1]
    return f"\\\\\\u{ord(letter):04X}" if letter else escape[0]


def drop(graph: str) -> str:
    """The update that drops `graph`, which need not exist."""
    return f"DROP SILENT GRAPH {NamedNode(graph)}"


def insert(graph: Graph, piece: Piece | None = None) -> Iterator[str]:
    """The updates that add `piece` to `graph`, or all of it.

    A blank node is known only within its request, so triples that share one stay together.

    Raises:
        PublishError: triples that share blank nodes do not fit into one request.
    """
    name = NamedNode(graph.iri)
    piece = piece or graph.whole
    if not graph.has_blank_nodes:
        for batch in _batches([_line(triple)] for triple in piece.parse()):
            yield f"INSERT DATA {{ GRAPH {name} {{\n{batch}}} }}"
        return
    if graph.size > MAX_BLANK_BYTES:
        raise PublishError(
            f"{_unsent(graph)}: it has more than {MAX_BLANK_BYTES} bytes; {_INSTEAD}"
        )
    parts = _connect(piece.parse())
    if any(_too_large(part) for part in parts):
        raise PublishError(
            f"{_unsent(graph)}: triples that share blank nodes do not fit into one request of "
            f"{MAX_TRIPLES} triples and {MAX_BYTES} bytes; {_INSTEAD}"
        )
    for batch in _batches(parts):
        # Virtuoso refuses blank nodes in INSERT DATA; a pattern that matches once does the same.
        yield f"INSERT {{ GRAPH {name} {{\n{batch}}} }} WHERE {{}}"


_INSTEAD = "send it with --method gsp"


def _unsent(graph: Graph) -> str:
    return f"the graph {graph.name} cannot be sent by SPARQL Update"


def _line(triple: Triple) -> str:
    return " ".join(map(write_term, triple)) + " .\n"


def _size(lines: Iterable[str]) -> int:
    return sum(len(line.encode()) for line in lines)


def _too_large(lines: list[str]) -> bool:
    return len(lines) > MAX_TRIPLES or _size(lines) > MAX_BYTES


def _batches(parts: Iterable[list[str]]) -> Iterator[str]:
    """The lines of `parts` in texts of bounded size, without splitting a part."""
    batch: list[str] = []
    size = 0
    for part in parts:
        more = _size(part)
        if batch and (len(batch) + len(part) > MAX_TRIPLES or size + more > MAX_BYTES):
            yield "".join(batch)
            batch, size = [], 0
        batch += part
        size += more
    if batch:
        yield "".join(batch)


def _connect(triples: Iterable[Triple]) -> list[list[str]]:
    """Lines in connected parts: those that share a blank node, even indirectly, are in the same."""
    leader: dict[str, str] = {}

    def find(label: str) -> str:
        leader.setdefault(label, label)
        while leader[label] != label:
            leader[label] = leader[leader[label]]
            label = leader[label]
        return label

    parts: list[list[str]] = []
    tied: list[tuple[str, str]] = []
    for triple in triples:
        labels = [
            term.value for term in (triple.subject, triple.object) if isinstance(term, BlankNode)
        ]
        if not labels:
            parts.append([_line(triple)])
            continue
        for label in labels[1:]:
            leader[find(label)] = find(labels[0])
        tied.append((labels[0], _line(triple)))
        find(labels[0])
    together: dict[str, list[str]] = {}
    for label, line in tied:
        together.setdefault(find(label), []).append(line)
    return [*together.values(), *parts]
