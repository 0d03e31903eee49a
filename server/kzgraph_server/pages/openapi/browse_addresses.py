"""The lists to browse."""

from collections.abc import Iterable

from kzgraph.rdf.formats import HTML
from kzgraph_server.pages.browse.facets import CLASS, FACETS, TABLE_FACETS, YEAR, Facet
from kzgraph_server.pages.browse.list_pages import ORDERS
from kzgraph_server.pages.openapi.elements import (
    N_,
    Address,
    Answer,
    Group,
    Operation,
    Parameter,
    page,
    sent_as,
)
from kzgraph_server.pages.openapi.parameters import (
    CLASS_NAME,
    GRAPH,
    PART,
    THING,
    in_path,
    text_of,
)

_TEXT = {"type": "string", "minLength": 1}
_SORT = Parameter(
    "sort",
    N_("By name, or the newest first, as it is without."),
    {"type": "string", "enum": list(ORDERS)},
)
_YEAR = Parameter("year", N_("A year."), {"type": "integer", "minimum": 0, "maximum": 9999}, 2018)
_CLASS = Parameter(
    "class", N_("A class, by its name in the address of its list."), text_of(CLASS_NAME)
)


def _facets(facets: Iterable[Facet], without: str = "") -> list[Parameter]:
    special = {YEAR.name: _YEAR, CLASS.name: _CLASS}
    text = N_("The path of a thing, which the members of the list have to do with in this way.")
    return [
        special.get(each.name) or Parameter(each.name, text, text_of(THING))
        for each in facets
        if each.name != without
    ]


def _list(path: str, name: str, summary: str, *parameters: Parameter) -> Address:
    shown = Answer(N_("The page."), sent_as((HTML,)))
    operation = Operation(name, summary, "", (shown,), parameters, (400, 404))
    return Address(path, Group.PAGES, (operation,))


ADDRESSES = (
    page("/browse/", "showLists", N_("Shows the lists of everything in the graph"), ""),
    _list(
        "/browse/class/{name}",
        "listClass",
        N_("Lists the things of a class, with facets"),
        in_path("name", N_("The name of the class."), text_of(CLASS_NAME), "Pledge"),
        *_facets(FACETS, "class"),
        _SORT,
        PART,
    ),
    _list(
        "/browse/graph/{name}",
        "listGraph",
        N_("Lists what a named graph speaks of, with facets"),
        GRAPH,
        *_facets(FACETS),
        _SORT,
        PART,
    ),
    _list(
        "/browse/scheme/{name}",
        "listScheme",
        N_("Lists the codes of a code list, with facets"),
        in_path("name", N_("The name of the code list."), _TEXT, "quantity"),
        *_facets(FACETS, "scheme"),
        _SORT,
        PART,
    ),
    _list(
        "/browse/table/{name}",
        "showTable",
        N_("Shows the rows of an official table, with facets"),
        in_path("name", N_("The name of the table."), _TEXT, "unhcr-population"),
        *_facets(TABLE_FACETS),
        PART,
    ),
)
