"""Serializing graphs: one writer for each format.

Formats of lines are in the order of their lines. The others are in the order in which people
read: subjects by their IRIs, blank nodes after them, types first, then properties by theirs.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any, Protocol

from pyoxigraph import BlankNode, Literal, Quad, RdfFormat, Triple, serialize

from kzgraph.namespaces import TYPE
from kzgraph.prefixes import PREFIXES
from kzgraph.problem import Problem
from kzgraph.rdf.formats import JSON_LD, N_QUADS, N_TRIPLES, QUAD_FORMATS, RDF_XML, Format
from kzgraph.rdf.jsonld import json_ld_pieces
from kzgraph.rdf.rdfxml import xml_pieces
from kzgraph.rdf.subjects import Described, group_by_subject
from kzgraph.rdf.xml_text import NOT_IN_XML, is_name, is_reserved, split_name

#: The graphs in which OWL and SHACL need lists and restrictions (DESIGN, section 2).
BLANK_NODE_GRAPHS = frozenset({"ontology", "shapes"})
#: The labels of their blank nodes: they begin with the name of the graph.
_STABLE = re.compile(rf"(?:{'|'.join(sorted(BLANK_NODE_GRAPHS))})-[A-Za-z0-9]+")
_TYPE = str(TYPE)
_PIECES = {JSON_LD: json_ld_pieces, RDF_XML: xml_pieces}
#: The formats that `write_groups` writes.
NESTING_FORMATS = frozenset(_PIECES)
#: Pieces of these are written together up to this many characters.
_PIECE = 64 * 1024


class Output(Protocol):
    """A binary file, as far as the store's serializer needs it."""

    def write(self, data: bytes, /) -> int:
        """Take all of `data`."""

    def flush(self) -> None:
        """Nothing is to be done."""


def graph_bytes(
    triples: Iterable[Triple], chosen: Format, prefixes: Mapping[str, str] = PREFIXES
) -> bytes:
    """A graph in a format of `GRAPH_FORMATS`; see `write_graph`."""
    output = BytesIO()
    write_graph(triples, chosen, output, prefixes)
    return output.getvalue()


def write_graph(
    triples: Iterable[Triple],
    chosen: Format,
    output: Output,
    prefixes: Mapping[str, str] = PREFIXES,
) -> None:
    """Write a graph to `output`, each triple once, whatever `triples` repeats.

    Formats of quads have it in the default graph.

    Args:
        triples: in any order.
        chosen: one of `GRAPH_FORMATS`.
        output: nothing is written to it before all of `triples` are read and checked.
        prefixes: for formats that shorten IRIs.

    Raises:
        Problem: 406, where the format cannot carry a triple.
    """
    unique = dict.fromkeys(triples)
    for triple in unique:
        fault = find_fault(triple, chosen)
        if fault is not None:
            detail = f"{fault}. Ask for N-Triples (format=nt), which carries every triple."
            raise Problem(406, detail)
    chosen = QUAD_FORMATS.get(chosen, chosen)
    if chosen is N_TRIPLES:
        ordered = sorted(unique, key=_line)
    else:
        ordered = sorted(unique, key=reading_order)
    write_ordered(ordered, chosen, output, prefixes)


def write_ordered(
    ordered: Iterable[Triple | Quad],
    chosen: Format,
    output: Output,
    prefixes: Mapping[str, str] = PREFIXES,
) -> None:
    """Write a graph whose triples are in order, each once, and fit the format.

    Args:
        ordered: by `reading_order`; for N-Triples in the order of its lines. Of quads the triples
            are written.
        chosen: one of `TRIPLE_FORMATS`.
        output: see `write_graph`.
        prefixes: see `write_graph`.
    """
    if chosen.rdf is not None:
        # The serializer asks for a binary file and uses two methods of one.
        target: Any = output
        kept = None if chosen is N_TRIPLES else dict(prefixes)
        triples = (each.triple if isinstance(each, Quad) else each for each in ordered)
        serialize(triples, target, chosen.rdf, prefixes=kept)
    else:
        write_groups(group_by_subject(ordered), chosen, output, prefixes)


def write_groups(
    groups: Sequence[Described],
    chosen: Format,
    output: Output,
    prefixes: Mapping[str, str] = PREFIXES,
) -> None:
    """The same in JSON-LD or RDF/XML, of triples that are in order and grouped by their subjects.

    Args:
        groups: see `write_ordered`.
        chosen: one of `NESTING_FORMATS`.
        output: see `write_graph`.
        prefixes: see `write_graph`.
    """
    waiting, size = [], 0
    for piece in _PIECES[chosen](groups, prefixes):
        waiting.append(piece)
        size += len(piece)
        if size >= _PIECE:
            output.write("".join(waiting).encode())
            waiting, size = [], 0
    output.write("".join(waiting).encode())


def trig(reading: Iterable[Quad], prefixes: Mapping[str, str] = PREFIXES) -> bytes:
    """Named graphs as TriG, graphs by their IRIs; `reading` is in the order of reading."""
    ordered = sorted(reading, key=lambda quad: str(quad.graph_name))
    return serialize(ordered, format=RdfFormat.TRIG, prefixes=dict(prefixes)) or b""


def can_carry(triples: Iterable[Triple], chosen: Format) -> bool:
    """Whether a format carries each of `triples`."""
    return not any(find_fault(triple, chosen) for triple in triples)


def find_fault(triple: Triple | Quad, chosen: Format) -> str | None:
    """Why `chosen` cannot carry `triple`, as a sentence without its full stop; None if it can.

    N-Triples and N-Quads carry all that the store does. The other formats are those of RDF 1.1,
    which most readers of them stop at: they know no triple terms and no directions of texts.
    """
    if chosen in (N_TRIPLES, N_QUADS):
        return None
    value = triple.object
    if isinstance(value, Triple):
        return f"A triple about a triple cannot be written in {chosen.title}"
    if isinstance(value, Literal) and value.direction is not None:
        return f"The direction of a text ({_start(value)}) cannot be written in {chosen.title}"
    return _find_fault_in_xml(triple) if chosen is RDF_XML else None


def _find_fault_in_xml(triple: Triple | Quad) -> str | None:
    value = triple.object
    if isinstance(value, Literal) and NOT_IN_XML.search(value.value):
        return f"{_start(value)} holds a control character, which XML cannot express"
    iri = triple.predicate.value
    if split_name(iri) is None:
        why = "is a word of RDF/XML" if is_reserved(iri) else "does not end in a name, as one needs"
        return f"The property <{iri[:200]}> {why}, and cannot be written there"
    for node in (triple.subject, value):
        if isinstance(node, BlankNode) and not is_name(node.value):
            return f"{node} cannot be written in RDF/XML; start it with a letter"
    return None


def _start(literal: Literal) -> str:
    text = str(literal)
    return text if len(text) <= 80 else text[:79] + "…"


def label_blank_nodes(triples: Iterable[Triple]) -> Iterable[Triple]:
    """`triples` with blank nodes called b0, b1 ... in order of appearance.

    A query makes up labels that differ each time and may not be names in XML. Those of a release
    (`ontology-c14n7`) are the same everywhere and stay.
    """
    labels: dict[str, BlankNode] = {}

    def label(term: Any) -> Any:
        if isinstance(term, BlankNode) and not _STABLE.fullmatch(term.value):
            return labels.setdefault(term.value, BlankNode(f"b{len(labels)}"))
        return term

    for each in triples:
        if isinstance(each.subject, BlankNode) or isinstance(each.object, BlankNode):
            yield Triple(label(each.subject), each.predicate, label(each.object))
        else:
            yield each


def _line(triple: Triple) -> str:
    return f"{triple.subject} {triple.predicate} {triple.object}"


def reading_order(triple: Triple | Quad) -> tuple[str, str, str]:
    """The sort key of triples in the order of reading; see `row_order`."""
    return row_order((str(triple.subject), str(triple.predicate), str(triple.object)))


def row_order(row: tuple[str, ...]) -> tuple[str, str, str]:
    """The same of a triple, or a quad, whose terms are given in N-Triples form.

    IRIs without their brackets: a document comes before what lies below it.
    """
    subject, predicate, value = row[:3]
    return (
        f"b{subject}" if subject.startswith("_:") else f"a{subject[1:-1]}",
        "" if predicate == _TYPE else predicate[1:-1],
        value,
    )
