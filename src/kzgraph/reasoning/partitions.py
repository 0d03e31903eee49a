"""The components of a whole, grouped by what they divide it by.

A whole can be divided twice: by country of origin and by population group, say. Only components
that divide it by the same dimensions can be added up.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kzgraph.reasoning.figures import DIMENSIONS, Figure


@dataclass(frozen=True)
class Partition:
    """Components of a whole that can be added up, and the dimensions that they differ in."""

    whole: Figure
    axes: tuple[str, ...]
    components: tuple[Figure, ...]


def partitions(parts: Iterable[tuple[Figure, Figure]]) -> Iterator[Partition]:
    """The partitions that pairs of a component and its whole make, in the order of the pairs.

    Components belong together if some dimension distinguishes both of them from the whole, directly
    or through further components. No two partitions of a whole share a dimension. A component that
    no dimension distinguishes from the whole is left out: its remainder is not known.
    """
    wholes: dict[str, tuple[Figure, list[Figure]]] = {}
    for component, whole in parts:
        wholes.setdefault(whole.iri.value, (whole, []))[1].append(component)
    for whole, components in wholes.values():
        for axes, group in _group(whole, components):
            ordered = tuple(name for name in DIMENSIONS if name in axes)
            if ordered:
                yield Partition(whole, ordered, tuple(group))


def _group(whole: Figure, components: list[Figure]) -> list[tuple[frozenset[str], list[Figure]]]:
    groups: list[tuple[frozenset[str], list[Figure]]] = []
    for component in components:
        axes = frozenset(
            name for name in DIMENSIONS if component.cell.get(name) != whole.cell.get(name)
        )
        joined = [component]
        apart = []
        for other_axes, others in groups:
            if axes & other_axes:
                axes |= other_axes
                joined = others + joined
            else:
                apart.append((other_axes, others))
        groups = [*apart, (axes, joined)]
    return groups
