"""Lists of facts on the pages of things: the first of them with their values, and the way to all.

A list is of one class, and of one relation to the thing. It is found by the shorter index of the
two, so that the page of a country does the same work whatever else a release holds.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from flask import url_for
from pyoxigraph import Literal, NamedNode

from kzgraph.iri import ID, is_path, term, thing
from kzgraph.namespaces import SCHEMA, TYPE, Term
from kzgraph.prefixes import PREFIXES
from kzgraph_server.pages.browse.facets import FACETS
from kzgraph_server.pages.browse.list_names import name_class
from kzgraph_server.pages.browse.list_pages import Line, find_text
from kzgraph_server.pages.browse.members import Pattern, find_nodes
from kzgraph_server.pages.kinds.look import Look
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.views import View

#: Facts of a list that a page shows, and those among which the newest are looked for.
_SHOWN, _SORTED = 12, 300
_YEAR, _DATE = term("year"), term("date")
_WEEK = tuple(
    SCHEMA[day].value
    for day in (
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    )
)  # fmt: skip
_CONTACT = (SCHEMA["telephone"], SCHEMA["email"], NamedNode(f"{PREFIXES['vcard']}tz"))
#: What a line says of a fact, behind its name: whoever the page is about is left out.
_NOTES = tuple(
    map(term, ("kind", "actor", "partnerOrganisation", "donor", "participant", "scope", "statedIn"))
)
_NAMES = {facet.predicate: facet.name for facet in FACETS}


@dataclass(frozen=True)
class FactList:
    """Facts of one class that have to do with a thing in one way.

    Attributes:
        key: names the list in the page.
        title: what they are, in words.
        lines: the first of them.
        total: how many there are; None where they are too many to be counted.
        all_of_them: the address of the whole list; None where the page has it, or there is none.
    """

    key: str
    title: str
    lines: list[Line]
    total: int | None
    all_of_them: str | None


@dataclass(frozen=True)
class Wanted:
    """A list that pages of some things have where it is not empty.

    Attributes:
        title: makes its heading, in the language of the page.
        of: the class of the facts.
        relation: the property by which they lead to the thing.
        kind: the one kind of them that is wanted; None for all.
        most: how many are shown.
    """

    title: Callable[[], str]
    of: NamedNode
    relation: NamedNode
    kind: NamedNode | None = None
    most: int = _SHOWN


def want(title: Callable[[], str], of: str, relation: str, kind: str = "") -> Wanted:
    """A list by the names of its class, relation and kind: `statement-kind/priority`."""
    code = thing(*kind.split("/")) if kind else None
    return Wanted(title, term(of), term(relation), code)


def list_facts(look: Look, wanted: Iterable[Wanted]) -> list[FactList]:
    """Those of some lists that are not empty for a thing, in their order."""
    return [found for each in wanted if (found := _read(look, each)) is not None]


def _read(look: Look, wanted: Wanted) -> FactList | None:
    patterns = [Pattern(wanted.relation, look.node), Pattern(TYPE, wanted.of)]
    if wanted.kind is not None:
        patterns.append(Pattern(term("kind"), wanted.kind))
    nodes, whole = find_nodes(look.store, patterns)
    if not nodes:
        return None
    shown = sort_by_time(look, nodes)[: wanted.most]
    parts = (wanted.of, wanted.relation, *((wanted.kind,) if wanted.kind else ()))
    return FactList(
        "-".join(each.value.rpartition("#")[2].rpartition("/")[2] for each in parts),
        wanted.title(),
        [make_line(look, each) for each in shown],
        len(nodes) if whole else None,
        _address(look.node, wanted) if len(shown) < len(nodes) or not whole else None,
    )


def sort_by_time(look: Look, nodes: Sequence[NamedNode]) -> list[NamedNode]:
    """The newest year first, in it by day or weekday; of very many the first ones."""

    def place(node: NamedNode) -> tuple[int, str, int, str]:
        texts = [each.value for each in _objects(look, node, _YEAR) if isinstance(each, Literal)]
        year = max((int(each) for each in texts if each.isdecimal()), default=0)
        days = [each.value for each in _objects(look, node, _DATE) if isinstance(each, Literal)]
        named = [str(each).strip("<>") for each in _objects(look, node, SCHEMA["dayOfWeek"])]
        weekday = min((_WEEK.index(each) for each in named if each in _WEEK), default=0)
        return -year, min(days, default=""), weekday, node.value

    return sorted(sorted(nodes, key=lambda each: each.value)[:_SORTED], key=place)


def _read_contact(look: Look, node: NamedNode) -> View | None:
    """How an office or a person is reached, or from when to when it is open."""
    found = [
        each.value
        for name in _CONTACT
        for each in _objects(look, node, name)
        if isinstance(each, Literal)
    ]
    addresses = _objects(look, node, SCHEMA["address"])
    found += [look.viewer.named(each).text for each in addresses if isinstance(each, NamedNode)]
    hours = [
        each.value[:5]
        for name in (SCHEMA["opens"], SCHEMA["closes"])
        for each in _objects(look, node, name)
        if isinstance(each, Literal)
    ]
    if len(hours) == 2:
        found.append(_("%(opens)s to %(closes)s", opens=hours[0], closes=hours[1]))
    return View(", ".join(found)) if found else None


def make_line(look: Look, node: NamedNode, without: Iterable[NamedNode] = ()) -> Line:
    """A fact as a line of a list: its name and value, or what it says, and what tells it apart.

    Args:
        look: the thing whose page it is on.
        node: the fact.
        without: properties that are said elsewhere.
    """
    value = look.values.read(node)
    left_out = {*without, *((term("kind"), term("donor")) if value is not None else ())}
    notes = [
        look.viewer.any(each)
        for name in _NOTES
        if name not in left_out
        for each in _objects(look, node, name)
        if each != look.node
    ]
    if value is None:
        years = _objects(look, node, _YEAR)
        notes = [View(each.value) for each in years if isinstance(each, Literal)] + notes
    text = None if value else find_text(node) or _read_contact(look, node)
    return Line(look.viewer.named(node), value, list(dict.fromkeys(notes)), text)


def _objects(look: Look, node: NamedNode, name: NamedNode) -> Iterator[Term]:
    quads = look.store.quads_for_pattern(node, name, None, None)
    yield from dict.fromkeys(quad.object for quad in quads)


def _address(node: NamedNode, wanted: Wanted) -> str | None:
    """The list that `/browse/` has of them; None where it has none by this relation."""
    name, facet, path = name_class(wanted.of), _NAMES.get(wanted.relation), node.value[len(ID) :]
    if name is None or facet is None or not node.value.startswith(ID) or not is_path(path):
        return None
    parameters = {facet: path}
    if wanted.kind is not None:
        parameters["kind"] = wanted.kind.value[len(ID) :]
    return url_for("browse.of_class", name=name, **parameters)  # type: ignore[arg-type]


def list_statements(relation: str) -> tuple[Wanted, ...]:
    """Lists of what documents say in words of a thing, by its kind."""
    return (
        want(lambda: _("Priorities"), "Statement", relation, "statement-kind/priority"),
        want(lambda: _("Unmet needs"), "Statement", relation, "statement-kind/unmet-need"),
        want(lambda: _("Achievements"), "Statement", relation, "statement-kind/achievement"),
        want(lambda: _("Activities"), "Statement", relation, "statement-kind/activity"),
        want(lambda: _("What is expected"), "Statement", relation, "statement-kind/forecast"),
        want(lambda: _("The situation"), "Statement", relation, "statement-kind/situation"),
        want(lambda: _("Trends"), "Statement", relation, "statement-kind/trend"),
    )
