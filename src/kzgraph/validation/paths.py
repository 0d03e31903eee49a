"""Property paths, https://www.w3.org/TR/shacl/#property-paths."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import BlankNode, NamedNode

from kzgraph.prefixes import PREFIXES
from kzgraph.validation.data import FIRST, Data, Term

_SH = PREFIXES["sh"]
_INVERSE = NamedNode(_SH + "inversePath")
_ALTERNATIVE = NamedNode(_SH + "alternativePath")


class UnsupportedPath(ValueError):
    """A path of a form that no shape of the project uses."""


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


Path: TypeAlias = NamedNode | Inverse | Sequence | Alternative


def read(shapes: Data, node: Term) -> Path:
    """The path that a node of the shapes graph stands for.

    Raises:
        UnsupportedPath: it repeats (`sh:zeroOrMorePath` and the like) or is none at all.
    """
    if isinstance(node, NamedNode):
        return node
    if isinstance(node, BlankNode):
        if shapes.objects(node, FIRST):
            return Sequence(tuple(read(shapes, item) for item in shapes.items(node)))
        for inner in shapes.objects(node, _INVERSE):
            return Inverse(read(shapes, inner))
        for head in shapes.objects(node, _ALTERNATIVE):
            return Alternative(tuple(read(shapes, item) for item in shapes.items(head)))
    raise UnsupportedPath(f"{node} is no path of a supported form")


def values(data: Data, path: Path, node: Term) -> list[Term]:
    """The value nodes of `node`: a set, https://www.w3.org/TR/shacl/#value-nodes, in any order."""
    if isinstance(path, NamedNode):
        return data.objects(node, path)
    return list(dict.fromkeys(_walk(data, path, [node])))


def _walk(data: Data, path: Path, nodes: Iterable[Term]) -> list[Term]:
    """What the path leads to from any of the nodes."""
    match path:
        case NamedNode():
            return [found for node in nodes for found in data.objects(node, path)]
        case Sequence(paths):
            for part in paths:
                nodes = _walk(data, part, nodes)
            return list(nodes)
        case Alternative(paths):
            nodes = list(nodes)
            return [found for part in paths for found in _walk(data, part, nodes)]
        case Inverse(inner):
            return _walk_back(data, inner, nodes)


def _walk_back(data: Data, path: Path, nodes: Iterable[Term]) -> list[Term]:
    """What leads to any of the nodes by the path."""
    match path:
        case NamedNode():
            return [found for node in nodes for found in data.subjects(path, node)]
        case Sequence(paths):
            for part in reversed(paths):
                nodes = _walk_back(data, part, nodes)
            return list(nodes)
        case Alternative(paths):
            nodes = list(nodes)
            return [found for part in paths for found in _walk_back(data, part, nodes)]
        case Inverse(inner):
            return _walk(data, inner, nodes)


def text(path: Path) -> str:
    """The path as SPARQL writes it, with prefixed names, for people to read."""
    match path:
        case NamedNode():
            return _prefixed(path)
        case Inverse(inner):
            return f"^{text(inner) if isinstance(inner, NamedNode) else f'({text(inner)})'}"
        case Sequence(paths):
            return "/".join(
                f"({text(part)})" if isinstance(part, Alternative) else text(part) for part in paths
            )
        case Alternative(paths):
            return "|".join(text(part) for part in paths)


def _prefixed(node: NamedNode) -> str:
    best = max(
        (item for item in PREFIXES.items() if node.value.startswith(item[1])),
        key=lambda item: len(item[1]),
        default=None,
    )
    return f"{best[0]}:{node.value[len(best[1]) :]}" if best else f"<{node.value}>"
