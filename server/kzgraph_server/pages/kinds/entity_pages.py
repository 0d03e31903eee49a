"""Pages of what has no value of its own: places, operations, organisations, treaties, people.

Each has what documents and official data say of it, by what kind of statement that is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

from flask import url_for
from pyoxigraph import Literal, NamedNode

from kzgraph.iri import ID, graph, is_path, term
from kzgraph.namespaces import DCT, FOAF, ORG, SCHEMA, SKOS, Term
from kzgraph.prefixes import shorten
from kzgraph_server.charts import Figure, link_whole, list_charts, present
from kzgraph_server.pages.browse.facets import TABLE_FACETS
from kzgraph_server.pages.browse.list_names import list_tables
from kzgraph_server.pages.browse.list_pages import find_text
from kzgraph_server.pages.browse.members import Pattern
from kzgraph_server.pages.kinds.caveats import Caveat, list_caveats
from kzgraph_server.pages.kinds.fact_lists import (
    FactList,
    Wanted,
    list_facts,
    list_statements,
    want,
)
from kzgraph_server.pages.kinds.look import Look, PageKind
from kzgraph_server.pages.kinds.standings import Standing, list_standings
from kzgraph_server.pages.language import get_language
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.views import View
from kzgraph_server.served import Served, compute_once, get_served

#: What a page says of a thing above its lists, in this order.
_PAIRS = (
    *map(term, ("kind", "area", "office", "yearInTitle")),
    *(SCHEMA[name] for name in ("containedInPlace", "identifier", "location")),
    ORG["unitOf"], ORG["hasUnit"], DCT["publisher"], FOAF["name"],
)  # fmt: skip
#: Values of one of these that are shown.
_MOST = 20
#: Places whose charts are kept: those of a country take 30 ms to place.
_MOST_DRAWN = 30


@dataclass(frozen=True)
class EntityPage:
    """What the page of a thing shows above the part that all pages have.

    Attributes:
        text: what it is, in a sentence.
        pairs: what is said of it: a property and what it leads to.
        caveats: the notes of the project on it.
        charts: its series.
        more_charts: the address of further ones, which would take longer than a page may.
        lists: the facts that have to do with it, by what they are.
        tables: the official tables that have cells of it: their titles and addresses.
        standings: which states are parties to it, of a treaty; of a state the treaties.
    """

    text: View | None
    pairs: list[tuple[View, list[View]]]
    caveats: list[Caveat]
    charts: list[Figure] = field(default_factory=list)
    more_charts: str | None = None
    lists: list[FactList] = field(default_factory=list)
    tables: list[tuple[View, str]] = field(default_factory=list)
    standings: list[Standing] = field(default_factory=list)


def _make(
    wanted: tuple[Wanted, ...],
    look: Look,
    *,
    has_charts: bool = False,
    standing_by: NamedNode | None = None,
) -> EntityPage:
    return EntityPage(
        # As a code a country is defined as an origin, which is not what its page is about.
        text=None if SKOS["Concept"] in look.classes else find_text(look.node),
        pairs=list_pairs(look, _PAIRS),
        caveats=list_caveats(look),
        charts=list(compute_once(_Drawn, get_language()).draw(look.node)) if has_charts else [],
        more_charts=link_whole(look.node) if has_charts else None,
        lists=list_facts(look, wanted),
        tables=find_tables(look),
        standings=list_standings(look, standing_by) if standing_by else [],
    )


class _Drawn:
    """The charts of a release in one language, those of the places that were asked for last."""

    def __init__(self, _now: Served) -> None:
        self.draw = lru_cache(maxsize=_MOST_DRAWN)(self._draw)

    @staticmethod
    def _draw(node: NamedNode) -> tuple[Figure, ...]:
        return tuple(map(present, list_charts(node)))


def list_pairs(look: Look, names: tuple[NamedNode, ...]) -> list[tuple[View, list[View]]]:
    """Properties of a thing with what they lead to, those that it has."""
    found = []
    for name in names:
        values: list[Term] = list(look.said.get(name, ()))
        views = [
            View(each.value)
            if isinstance(each, Literal) and not each.language
            else look.viewer.any(each)
            for each in sorted(values, key=str)[:_MOST]
        ]
        if views:
            found.append((look.viewer.named(name), views))
    return found


def find_tables(look: Look) -> list[tuple[View, str]]:
    """The official tables with cells of a thing: an index of each says whether there is one."""
    path, found = look.node.value.removeprefix(ID), []
    for name, each in list_tables(get_served().release).items():
        for facet in TABLE_FACETS if is_path(path) else ():
            if Pattern(facet.predicate, look.node, graph(each.graph)).has_any(look.store):
                parameters = {"name": name, facet.name: path}
                title = each.title
                if facet.name == "origin":
                    title = _("%(table)s: as an origin", table=title)
                href = url_for("browse.of_table", **parameters)  # type: ignore[arg-type]
                found.append((View(title, language="en"), href))
    return found


_FIGURES = (
    want(
        lambda: _(
            "Numbers to look up, one for each group or series, quantity and year, computed ones too"
        ),
        "ChosenFigure",
        "scope",
    ),
    want(lambda: _("Results and targets"), "IndicatorFigure", "scope"),
)
_DEEDS = (
    want(lambda: _("Pledges"), "Pledge", "actor"),
    want(lambda: _("Events"), "Event", "about"),
    want(lambda: _("Changes in law and procedure"), "LegalChange", "about"),
    want(lambda: _("Gifts"), "Contribution", "donor"),
)
_WORK = (
    want(lambda: _("Partners"), "Partnership", "scope"),
    want(lambda: _("Who gave"), "Contribution", "scope"),
    want(lambda: _("Where it is an explicit purpose of gifts"), "Contribution", "concerns"),
)

#: Of a country, of what is in it, and of what was said there.
COUNTRY = (
    want(
        lambda: _(
            "Numbers to look up, one for each group or series, quantity and year, computed ones too"
        ),
        "ChosenFigure",
        "country",
    ),
    want(lambda: _("Results and targets"), "IndicatorFigure", "country"),
    *_DEEDS,
    want(lambda: _("Partnerships"), "Partnership", "about"),
    *list_statements("country"),
    want(lambda: _("Offices"), "OfficePresence", "about"),
)
PLACE = (
    *_FIGURES,
    *_DEEDS,
    want(lambda: _("Offices"), "OfficePresence", "about"),
    want(lambda: _("Ways to reach an office"), "ContactPoint", "about"),
    want(lambda: _("What documents say"), "Statement", "about"),
)
OPERATION = (
    *_FIGURES,
    *_WORK,
    *list_statements("scope"),
    want(lambda: _("Events"), "Event", "about"),
)
ORGANISATION = (
    want(lambda: _("As a partner"), "Partnership", "partnerOrganisation"),
    want(lambda: _("As a donor"), "Contribution", "donor"),
    want(lambda: _("Its partners"), "Partnership", "scope"),
    want(lambda: _("Who gave to it"), "Contribution", "scope"),
    want(lambda: _("What it did"), "Event", "actor"),
    want(lambda: _("What it does, by documents"), "Statement", "actor"),
    *list_statements("scope"),
    want(lambda: _("Where it is"), "OfficePresence", "scope"),
    want(lambda: _("How to reach it"), "ContactPoint", "scope"),
    Wanted(lambda: _("When it is open"), SCHEMA["OpeningHoursSpecification"], term("scope")),
    want(lambda: _("Days on which it is closed"), "PublicHoliday", "scope"),
    Wanted(lambda: _("Who holds office"), ORG["Membership"], ORG["organization"]),
    want(lambda: _("What else concerns it"), "Fact", "concerns"),
)
PERSON = (
    Wanted(lambda: _("Offices held"), ORG["Membership"], ORG["member"]),
    want(lambda: _("Ways to reach the person"), "ContactPoint", "scope"),
)
INITIATIVE = (
    want(lambda: _("Pledges made there"), "Pledge", "madeAt"),
    want(lambda: _("Partnerships for it"), "Partnership", "project"),
    want(lambda: _("Numbers"), "StatedFigure", "about"),
    want(lambda: _("Events"), "Event", "about"),
    want(lambda: _("What documents say"), "Statement", "concerns"),
)
INSTRUMENT = (
    want(lambda: _("Changes in it"), "LegalChange", "instrument"),
    want(lambda: _("Pledges that concern it"), "Pledge", "concerns"),
    want(lambda: _("What documents say"), "Statement", "concerns"),
    want(lambda: _("References to it"), "Reference", "concerns"),
)
ACTIVITY = (
    want(lambda: _("Its figures"), "OfficialFigure", "activity"),
)  # fmt: skip


def _describe(kind: str, look: Look, made: EntityPage) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": kind}
    if made.text is not None:
        found["description"] = made.text.text
    same = [each.value for each in look.nodes(SKOS["exactMatch"])] + [
        each.value for each in look.nodes(SCHEMA["sameAs"])
    ]
    if same:
        found["sameAs"] = sorted(set(same))
    return found


def _query(look: Look, _made: EntityPage) -> str:
    """All facts about a thing, with their values."""
    lines = (
        "# What documents state that has to do with it",
        "SELECT ?fact ?label ?year ?value WHERE {",
        f"  ?fact a kzg:Fact ; kzg:about {shorten(look.node.value)} .",
        '  OPTIONAL { ?fact rdfs:label ?label FILTER(LANG(?label) = "en") }',
        "  OPTIONAL { ?fact kzg:year ?year }",
        "  OPTIONAL { ?fact kzg:value ?value }",
        "}",
        "ORDER BY DESC(?year) ?fact",
    )
    return "\n".join((*lines, ""))


def _kind(of: NamedNode, wanted: tuple[Wanted, ...], described: str, **more: Any) -> PageKind:
    make: Callable[[Look], EntityPage] = partial(_make, wanted, **more)
    return PageKind(of, "things/entity.html", make, partial(_describe, described), _query)


#: Narrower classes first: a country is a place as well.
KINDS = (
    _kind(term("Operation"), OPERATION, "Project", has_charts=True),
    _kind(SCHEMA["Country"], COUNTRY, "Country", has_charts=True, standing_by=term("scope")),
    _kind(SCHEMA["Place"], PLACE, "Place", has_charts=True),
    _kind(term("LegalInstrument"), INSTRUMENT, "Legislation", standing_by=term("instrument")),
    _kind(term("Initiative"), INITIATIVE, "Thing"),
    _kind(term("Activity"), ACTIVITY, "Project"),
    _kind(ORG["Organization"], ORGANISATION, "Organization"),
    _kind(SCHEMA["Organization"], ORGANISATION, "Organization"),
    _kind(FOAF["Person"], PERSON, "Person"),
)
