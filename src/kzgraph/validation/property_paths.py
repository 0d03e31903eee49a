"""Property paths, https://www.w3.org/TR/shacl/#property-paths."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import BlankNode, NamedNode

from kzgraph.namespaces import SH, Term
from kzgraph.prefixes import split
from kzgraph.validation.data import FIRST, Data
from kzgraph.validation.refusal import ShapesRefused

_INVERSE = SH["inversePath"]
_ALTERNATIVE = SH["alternativePath"]
#: The least and the most steps of a repetition (None: any number) with the sign of SPARQL.
_REPETITIONS: dict[NamedNode, tuple[int, int | None, str]] = {
    SH["zeroOrMorePath"]: (0, None, "*"),
    SH["oneOrMorePath"]: (1, None, "+"),
    SH["zeroOrOnePath"]: (0, 1, "?"),
}
#: Paths within paths; a deeper one is a mistake, or leads back into itself.
MAX_DEPTH = 50


@dataclass(frozen=True)
class Inverse:
    """The path walked from object to subject, https://www.w3.org/TR/shacl/#property-path-inverse."""

    path: "Path"


@dataclass(frozen=True)
class Sequence:
    """One path after the other, https://www.w3.org/TR/shacl/#property-path-sequence."""

    paths: "tuple[Path, ...]"


@dataclass(frozen=True)
class Alternative:
    """Any of the paths, https://www.w3.org/TR/shacl/#property-path-alternative."""

    paths: "tuple[Path, ...]"


@dataclass(frozen=True)
class Repeated:
    """The path so many times, https://www.w3.org/TR/shacl/#property-path-zero-or-more.

    Attributes:
        path: what is repeated.
        least: 0 or 1.
        most: 1, or None where there is no limit.
        sign: `*`, `+` or `?`, as SPARQL writes it.
        name: the property of SHACL.
    """

    path: "Path"
    least: int
    most: int | None
    sign: str
    name: NamedNode


Path: TypeAlias = NamedNode | Inverse | Sequence | Alternative | Repeated


def read(shapes: Data, node: Term, depth: int = 0) -> Path:
    """Parse the path at a node of the shapes graph.

    Raises:
        ShapesRefused: it is not a path of SHACL, or nested deeper than `MAX_DEPTH`.
    """
    if depth > MAX_DEPTH:
        raise ShapesRefused(f"sh:path: {node} is nested deeper than {MAX_DEPTH} or recursive")
    if isinstance(node, NamedNode):
        return node

    def inner(found: Term) -> Path:
        return read(shapes, found, depth + 1)

    def several(head: Term, least: int) -> tuple[Path, ...]:
        members = tuple(map(inner, shapes.items(head)))
        if len(members) < least:
            raise ShapesRefused(f"sh:path: the list at {head} needs {least} members or more")
        return members

    if isinstance(node, BlankNode):
        if shapes.objects(node, FIRST):
            return Sequence(several(node, 2))
        for found in shapes.objects(node, _INVERSE):
            return Inverse(inner(found))
        for found in shapes.objects(node, _ALTERNATIVE):
            return Alternative(several(found, 2))
        for name, (least, most, sign) in _REPETITIONS.items():
            for found in shapes.objects(node, name):
                return Repeated(inner(found), least, most, sign, name)
    raise ShapesRefused(f"sh:path: {node} is not a path of SHACL")


def values(data: Data, path: Path, node: Term) -> list[Term]:
    """The value nodes of `node`: a set, https://www.w3.org/TR/shacl/#value-nodes, in any order."""
    if isinstance(path, NamedNode):
        return data.objects(node, path)
    return list(dict.fromkeys(_walk(data, path, [node])))


def _walk(data: Data, path: Path, nodes: Iterable[Term], back: bool = False) -> list[Term]:
    """What the path leads to from any of the nodes, or `back` what leads to them by it."""
    match path:
        case NamedNode():
            if back:
                return [found for node in nodes for found in data.subjects(path, node)]
            return [found for node in nodes for found in data.objects(node, path)]
        case Sequence(paths):
            for part in reversed(paths) if back else paths:
                nodes = dict.fromkeys(_walk(data, part, nodes, back))
            return list(nodes)
        case Alternative(paths):
            nodes = list(nodes)
            return [found for part in paths for found in _walk(data, part, nodes, back)]
        case Inverse(inner):
            return _walk(data, inner, nodes, not back)
        case Repeated(inner, least, most):
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

    match path:
        case NamedNode():
            return write(path)
        case Inverse(inner):
            return f"^{bracketed(inner)}"
        case Sequence(paths):
            return "/".join(
                bracketed(part) if isinstance(part, Alternative) else text(part, write)
                for part in paths
            )
        case Alternative(paths):
            return "|".join(text(part, write) for part in paths)
        case Repeated(inner, _, _, sign):
            return f"{bracketed(inner)}{sign}"


def _shorten(node: NamedNode) -> str:
    found = split(node.value)
    return ":".join(found) if found else f"<{node.value}>"
