"""Which charts there are, by their names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from types import MappingProxyType

from flask import url_for
from pyoxigraph import NamedNode

from kzgraph.iri import ID, is_path, term, thing
from kzgraph.namespaces import SCHEMA, SKOS
from kzgraph_server.charts.model import Chart
from kzgraph_server.charts.money_charts import (
    chart_activities,
    chart_givers,
    chart_money,
    chart_money_by_series,
    chart_spent_of_budget,
)
from kzgraph_server.charts.orders import Order
from kzgraph_server.charts.people_charts import (
    AGREEMENT,
    chart_agreement,
    chart_by_country,
    chart_by_origin,
    chart_groups,
    chart_movements,
    chart_people,
    chart_people_of_known_origin,
)
from kzgraph_server.pages.views import Viewer
from kzgraph_server.served import Served, compute_once, get_served


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a kind of chart is made.

    Attributes:
        make: makes it; None where the release has nothing for it.
        places: the kinds of things that it is about, as the paths of their IRIs begin.
        more: the kind of what else its name says; empty where there is nothing else.
        codes: the only ones of that kind, where not all make sense.
        reads_cells: whether it reads each official figure of its place.
    """

    make: Callable[[Order], Chart | None]
    places: tuple[str, ...]
    more: str = ""
    codes: tuple[str, ...] = ()
    reads_cells: bool = False


#: The groups that some people of unknown origin are in, and both together.
_WITH_UNKNOWN = ("REF", "ASY", "REF-ASY")

#: By the first part of a chart's name. The parts after it are the path of the place, and one more.
RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "people": Recipe(
            chart_people, ("country", "operation"), "population-group", reads_cells=True
        ),
        "people-of-known-origin": Recipe(
            chart_people_of_known_origin,
            ("country",),
            "population-group",
            _WITH_UNKNOWN,
            reads_cells=True,
        ),
        "people-by-country": Recipe(
            chart_by_country, ("place",), "population-group", reads_cells=True
        ),
        "people-by-origin": Recipe(
            chart_by_origin, ("country",), "population-group", reads_cells=True
        ),
        "groups": Recipe(chart_groups, ("operation",)),
        "movements": Recipe(chart_movements, ("country",), reads_cells=True),
        "money": Recipe(chart_money, ("operation",)),
        "money-by-series": Recipe(
            chart_money_by_series, ("operation",), "quantity", ("budget", "expenditure")
        ),
        "spent-of-budget": Recipe(chart_spent_of_budget, ("operation",)),
        "activities": Recipe(chart_activities, ("country",)),
        "givers": Recipe(chart_givers, ("country",)),
        "agreement": Recipe(chart_agreement, ()),
    }
)

#: Official figures that are read for the charts of a page: each takes 30 µs, once in a release.
_MOST_CELLS = 2_000
#: Countries of a region that are looked at.
_MOST_PLACES = 300

#: The groups of people that the charts of a place are of, in this order, and then the others.
_FIRST_GROUPS = ("REF", "ASY", "REF-ASY", "STA")


def find_chart(name: str, viewer: Viewer | None = None) -> Chart | None:
    """The chart of a name, such as `people/country/KAZ/REF`, in the language of the page.

    Args:
        name: the path of its address, which may come from outside.
        viewer: finds labels, where one is at hand.

    Returns:
        The chart; None where there is none of this name, or the release has nothing for it.
    """
    first, *rest = name.split("/")
    recipe = RECIPES.get(first)
    if recipe is None or len(rest) != (2 if recipe.places else 0) + bool(recipe.more):
        return None
    if rest and (rest[0] not in recipe.places or not all(map(is_path, rest))):
        return None
    if recipe.codes and rest[2] not in recipe.codes:
        return None
    place = thing(*rest[:2]) if rest else AGREEMENT
    more = thing(recipe.more, rest[2]) if recipe.more else place
    return recipe.make(Order(name, place, more, viewer or Viewer(get_served().store)))


def list_charts(
    node: NamedNode, viewer: Viewer | None = None, *, whole: bool = False
) -> list[Chart]:
    """The charts of a country, a region or an operation, in the language of the page.

    Args:
        node: the thing; of any other kind there are none.
        viewer: finds labels, where one is at hand.
        whole: also those for which more official figures would be read than a page has time for;
            without it `link_whole` tells whether any are left out.
    """
    path = _path(node)
    kind = path.split("/")[0]
    viewer = viewer or Viewer(get_served().store)
    large = not whole and link_whole(node) is not None
    found = []
    for first, recipe in RECIPES.items():
        if kind in recipe.places and is_path(path) and not (large and recipe.reads_cells):
            for more in _list_more(recipe):
                chart = find_chart("/".join(filter(None, (first, path, more))), viewer)
                # One value is better said than drawn.
                if chart is not None and len(chart.points) > 1:
                    found.append(chart)
    return found


def link_whole(node: NamedNode) -> str | None:
    """The address of the page of all charts of a thing, where `list_charts` leaves some out."""
    path = _path(node)
    kind = path.split("/")[0]
    reads = any(kind in recipe.places and recipe.reads_cells for recipe in RECIPES.values())
    if not reads or not is_path(path) or not compute_once(_Sizes).is_large(node):
        return None
    return url_for("chart_data.show", path=path)


def _path(node: NamedNode) -> str:
    return node.value.removeprefix(ID) if node.value.startswith(ID) else ""


class _Sizes:
    """Which places of a release have too many official figures to read them for a page."""

    def __init__(self, now: Served) -> None:
        self._store = now.store
        self.is_large = lru_cache(maxsize=1000)(self._is_large)

    def _is_large(self, node: NamedNode) -> bool:
        """Whether a country, or the countries of a region together, have so many."""
        within = self._store.quads_for_pattern(None, SCHEMA["containedInPlace"], node, None)
        places = [node, *(quad.subject for quad in islice(within, _MOST_PLACES))]
        cells = (
            quad
            for place in places
            if isinstance(place, NamedNode)
            for quad in self._store.quads_for_pattern(None, term("country"), place, None)
        )
        return sum(1 for _quad in islice(cells, _MOST_CELLS + 1)) > _MOST_CELLS


def _list_more(recipe: Recipe) -> tuple[str, ...]:
    if recipe.more and not recipe.codes:
        return compute_once(_list_groups)
    return recipe.codes or ("",)


def _list_groups(now: Served) -> tuple[str, ...]:
    """The codes of the groups of people, those that most is known of first."""
    scheme = thing("scheme", "population-group")
    path = thing("population-group", "X").value.removesuffix("X")
    quads = now.store.quads_for_pattern(None, SKOS["inScheme"], scheme, None)
    codes = sorted(
        quad.subject.value.removeprefix(path)
        for quad in quads
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(path)
    )
    return tuple(dict.fromkeys((*(c for c in _FIRST_GROUPS if c in codes), *codes)))
