"""Property paths, https://www.w3.org/TR/shacl/#property-paths."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import BlankNode, NamedNode

from kzgraph.namespaces import SH, Term
from kzgraph.prefixes import shorten
from kzgraph.validation.data import FIRST, Data
from kzgraph.validation.errors import ShapesRefused

_INVERSE = SH["inversePath"]
ALTERNATIVE = SH["alternativePath"]
#: The least and the most steps of a repetition (None: any number) with the sign of SPARQL.
_REPETITIONS: dict[NamedNode, tuple[int, int | None, str]] = {
    SH["zeroOrMorePath"]: (0, None, "*"),
    SH["oneOrMorePath"]: (1, None, "+"),
    SH["zeroOrOnePath"]: (0, 1, "?"),
}
#: Paths within paths; a deeper one is a mistake, or leads back into itself.
MAX_DEPTH = 50


@dataclass(frozen=True)
class Compound:
    """A path made of others, https://www.w3.org/TR/shacl/#property-paths.

    Attributes:
        kind: the property of SHACL that makes it, such as `sh:inversePath`; None for a sequence.
        parts: what it is made of: two or more for a sequence and for alternatives, else one.
    """

    kind: NamedNode | None
    parts: "tuple[Path, ...]"


Path: TypeAlias = NamedNode | Compound


def read(shapes: Data, node: Term, depth: int = 0) -> Path:
    """Parse the path at a node of the shapes graph.

    Raises:
        ShapesRefused: it is not a path of SHACL, or nested deeper than `MAX_DEPTH`.
    """
    if depth > MAX_DEPTH:
        raise ShapesRefused(f"sh:path: {node} is nested deeper than {MAX_DEPTH} or recursive")
    if isinstance(node, NamedNode):
        return node

    def several(head: Term) -> tuple[Path, ...]:
        members = tuple(read(shapes, item, depth + 1) for item in shapes.items(head))
        if len(members) < 2:
            raise ShapesRefused(f"sh:path: the list at {head} needs 2 members or more")
        return members

    if isinstance(node, BlankNode):
        if shapes.objects(node, FIRST):
            return Compound(None, several(node))
        kinds = {_INVERSE, ALTERNATIVE, *_REPETITIONS} & {*shapes.predicates(node)}
        # Of two kinds of path at one node, or two paths of a kind, none is the one that is meant.
        if len(kinds) == 1:
            kind = kinds.pop()
            found = shapes.one(node, kind)
            if kind == ALTERNATIVE:
                return Compound(kind, several(found))
            return Compound(kind, (read(shapes, found, depth + 1),))
    raise ShapesRefused(f"sh:path: {node} is not a path of SHACL")


def values(data: Data, path: Path, node: Term) -> list[Term]:
    """The value nodes of `node`: a set, https://www.w3.org/TR/shacl/#value-nodes, in any order."""
    if isinstance(path, NamedNode):
        return data.objects(node, path)
    return list(dict.fromkeys(_walk(data, path, [node])))


def _walk(data: Data, path: Path, nodes: Iterable[Term], back: bool = False) -> list[Term]:
    """What the path leads to from any of the nodes, or `back` what leads to them by it."""
    if isinstance(path, NamedNode):
        if back:
            return [found for node in nodes for found in data.subjects(path, node)]
        return [found for node in nodes for found in data.objects(node, path)]
    if path.kind is None:
        for part in reversed(path.parts) if back else path.parts:
            nodes = dict.fromkeys(_walk(data, part, nodes, back))
        return list(nodes)
    if path.kind == ALTERNATIVE:
        nodes = list(nodes)
        return [found for part in path.parts for found in _walk(data, part, nodes, back)]
    (inner,) = path.parts
    if path.kind == _INVERSE:
        return _walk(data, inner, nodes, not back)
    least, most, _ = _REPETITIONS[path.kind]
    return _repeat(lambda found: _walk(data, inner, found, back), nodes, least, most)


def _repeat(
    step: Callable[[Iterable[Term]], list[Term]],
    nodes: Iterable[Term],
    least: int,
    most: int | None,
) -> list[Term]:
    """What `step` reaches from any of the nodes in `least` to `most` steps."""
    edge = list(dict.fromkeys(nodes))
    reached = dict.fromkeys(edge) if least == 0 else {}
    while edge:
        edge = [node for node in dict.fromkeys(step(edge)) if node not in reached]
        reached.update(dict.fromkeys(edge))
        if most is not None:
            break
    return list(reached)


def text(path: Path, name: Callable[[NamedNode], str] | None = None) -> str:
    """The path as SPARQL writes it.

    Args:
        path: any path.
        name: how an IRI is written, by default with a prefix of the project.
    """
    write = name or _shorten

    def bracketed(part: Path) -> str:
        return write(part) if isinstance(part, NamedNode) else f"({text(part, write)})"

    if isinstance(path, NamedNode):
        return write(path)
    if path.kind == ALTERNATIVE:
        return "|".join(text(part, write) for part in path.parts)
    if path.kind is None:
        return "/".join(
            bracketed(part)
            if isinstance(part, Compound) and part.kind == ALTERNATIVE
            else text(part, write)
            for part in path.parts
        )
    inner = bracketed(path.parts[0])
    return f"^{inner}" if path.kind == _INVERSE else inner + _REPETITIONS[path.kind][2]


def _shorten(node: NamedNode) -> str:
    return shorten(node.value)
