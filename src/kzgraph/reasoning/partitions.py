"""The components of a whole, told apart by what they divide it by.

A whole can be divided twice: by country of origin and by population group, say. Only components
that divide it by the same dimensions can be added up.
"""

from collections.abc import Iterable, Iterator

from kzgraph.reasoning.figures import DIMENSIONS, Figure


def partitions(
    parts: Iterable[tuple[Figure, Figure]],
) -> Iterator[tuple[Figure, tuple[Figure, ...]]]:
    """The wholes of pairs of component and whole, each with the components that belong together.

    Components belong together if some dimension sets both of them apart from the whole, directly
    or through further components.
    """
    wholes: dict[str, tuple[Figure, list[Figure]]] = {}
    for component, whole in parts:
        wholes.setdefault(whole.iri.value, (whole, []))[1].append(component)
    for whole, components in wholes.values():
        for group in _together(whole, components):
            yield whole, tuple(group)


def _together(whole: Figure, components: list[Figure]) -> list[list[Figure]]:
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
    return [group for _, group in groups]
