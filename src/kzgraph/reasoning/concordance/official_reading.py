"""Official figures as cells, and the concepts that say which of them a figure asks for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from kzgraph.iri import ID, term, thing
from kzgraph.namespaces import DCT, LABEL, OA, SCHEMA, SKOS, TYPE, Term
from kzgraph.reach import reach
from kzgraph.reasoning.concordance.cell_totals import Cell
from kzgraph.reasoning.figures import by_language
from kzgraph.reasoning.rules_text import objects

#: Dimensions that a cell may be broken down by; without them, or with the code `all`, it is of all.
BREAKDOWNS = ("sex", "age", "disability", "series")
#: The note on cells of 5, which says how they were rounded; what it says is in `cell_totals`.
_MASKED = thing("editorial", "unhcr-masked")
#: The same of decisions on asylum, of which 5 and 10 are rounded numbers.
_COARSE = thing("editorial", "unhcr-masked-decisions")
_ALL = frozenset(
    thing(scheme, code)
    for scheme, code in (
        ("sex", "all"),
        ("age", "all"),
        ("disability", "all"),
        ("registered-by", "not-stated"),
        ("series", "total"),
        ("origin", "all"),
    )
)
#: How the activity that a cell belongs to leads to its countries.
_COUNTRIES = (DCT["spatial"], term("area"), SCHEMA["areaServed"])
#: The classes of figures that may be added up: of two tellings of the same people, one.
_SUMMABLE = frozenset(map(term, ("OfficialHeadlineFigure", "OfficialHeadlineFlow")))
_DATA_SET = "http://purl.org/linked-data/cube#dataSet"


def is_of_all(filler: Term | None) -> bool:
    """Whether what fills a dimension tells nothing apart."""
    return filler is None or filler in _ALL


def is_country(node: Term | None) -> bool:
    """Whether a thing is a country, by its IRI: the store of official figures has no classes.

    >>> is_country(thing("country", "KAZ")), is_country(thing("origin", "all"))
    (True, False)
    """
    return isinstance(node, NamedNode) and node.value.startswith(f"{ID}country/")


class Meaning:
    """The concepts of a store, which must not change meanwhile."""

    def __init__(self, store: Store) -> None:
        """Nothing is read before it is asked for."""
        self._store = store

    def below(self, concept: Term | None) -> frozenset[Term]:
        """A concept, all that are narrower, and what mappings make the same as one of these."""
        steps = (SKOS["broader"], SKOS["exactMatch"])

        def step(each: Term) -> Iterator[Term]:
            if isinstance(each, NamedNode):
                for predicate in steps:
                    for quad in self._store.quads_for_pattern(None, predicate, each, None):
                        yield quad.subject
                yield from objects(self._store, each, SKOS["exactMatch"])

        return frozenset(reach([] if concept is None else [concept], step))

    def comparable(self, quantity: Term | None, among: Iterable[Term]) -> frozenset[Term]:
        """Which of the quantities `among` official figures a quantity may be compared with.

        Itself and narrower ones; else the one that it is set against, if that is of the same
        measure and status, as new arrivals are set against new asylum applications; else, of money,
        one that has the same measure, kinds of unit and only status: a requirement is compared with
        budgets, where no table has requirements.
        """
        official = frozenset(among)
        found = self.below(quantity) & official
        against = self.set_against(quantity)
        if not found and against is not None and self._is_like(quantity, against):
            found = self.below(against) & official
        if found or quantity is None:
            return found
        own = self._traits(quantity)
        return frozenset(each for each in official if own and own == self._traits(each))

    def set_against(self, quantity: Term | None) -> Term | None:
        """What a share or change of this quantity is one of."""
        found = objects(self._store, quantity, term("setAgainst"))
        return found[0] if len(found) == 1 else None

    def measure(self, quantity: Term | None) -> str:
        """The code of the kind of measure, or nothing."""
        found = objects(self._store, quantity, term("measure"))
        single = found[0] if len(found) == 1 else None
        return single.value.rsplit("/", 1)[-1] if isinstance(single, NamedNode) else ""

    def only_status(self, quantity: Term | None) -> Term | None:
        """The status that all figures of the quantity have, if they have one."""
        found = objects(self._store, quantity, term("onlyStatus"))
        return found[0] if len(found) == 1 else None

    def _is_like(self, one: Term | None, other: Term) -> bool:
        return (self.measure(one), self.only_status(one)) == (
            self.measure(other),
            self.only_status(other),
        )

    def _traits(self, quantity: Term) -> tuple[frozenset[Term], ...] | None:
        status = objects(self._store, quantity, term("onlyStatus"))
        if not status:
            return None
        names = ("measure", "unitKind", "onlyStatus")
        return tuple(frozenset(objects(self._store, quantity, term(name))) for name in names)


def read_cells(official: Store, working: Store) -> list[Cell]:
    """The cells of a store, whatever graphs they are in, in the order of their IRIs.

    An official figure without a number, a year or a quantity is left to validation. The value of
    an indicator of an activity is a cell for each of the project's codes that the indicator has.

    Args:
        official: the figures, and what their files say of activities and footnotes.
        working: the data sets and concepts.
    """
    found = []
    countries: dict[Term, frozenset[Term]] = {}
    for quad in official.quads_for_pattern(None, term("officialValue"), None, None):
        given: dict[NamedNode, list[Term]] = defaultdict(list)
        for each in official.quads_for_pattern(quad.subject, None, None, None):
            given[each.predicate].append(each.object)
        where = quad.graph_name if isinstance(quad.graph_name, NamedNode) else None
        cell = _cell(quad.subject, where, given, (official, working), countries)
        if cell:
            found.append(cell)
        else:
            found += _results(quad.subject, where, given, (official, working), countries)
    unique = {(cell.iri.value, str(cell.quantity)): cell for cell in found}
    return [cell for _, cell in sorted(unique.items())]


def _cell(
    iri: Term,
    graph: NamedNode | None,
    given: dict[NamedNode, list[Term]],
    stores: tuple[Store, Store],
    countries: dict[Term, frozenset[Term]],
) -> Cell | None:
    def single(name: str) -> Term | None:
        return next(iter(given.get(term(name), ())), None)

    value, year = single("officialValue"), single("year")
    quantity = single("indicator") or single("quantity")
    if not isinstance(value, Literal) or not isinstance(year, Literal) or quantity is None:
        return None
    if not isinstance(iri, NamedNode):
        return None
    table = next(iter(given.get(NamedNode(_DATA_SET), ())), None)
    activity = single("activity")
    titles = [each for store in stores for each in _everywhere(store, activity, LABEL)]
    country = next(
        (each for name in ("country", "scope") if is_country(each := single(name))), None
    )
    spread: frozenset[Term] = frozenset()
    if country is None and activity is not None:
        if activity not in countries:
            countries[activity] = _countries(stores, activity)
        spread = countries[activity]
        if len(spread) == 1:
            (country,), spread = spread, frozenset()
    unit, status = (single(name) or _of_table(stores, table, name) for name in ("unit", "status"))
    return Cell(
        iri=iri,
        value=Decimal(value.value),
        year=int(year.value),
        quantity=quantity,
        table=table,
        group=single("populationGroup"),
        origin=single("origin"),
        country=country,
        spread=spread,
        activity=activity,
        unit=unit,
        status=status,
        breakdown=frozenset(
            (name, filler)
            for name in BREAKDOWNS
            if (filler := single(name)) is not None and not is_of_all(filler)
        ),
        is_summable=not _SUMMABLE.isdisjoint(given.get(TYPE, ())),
        title=by_language(titles).get("en", ""),
        is_coarse=_COARSE in given.get(term("caveat"), ()),
        registered=single("registeredBy"),
        footnotes=_footnotes(stores, iri, given),
        graph=graph,
    )


def _results(
    iri: Term,
    graph: NamedNode | None,
    given: dict[NamedNode, list[Term]],
    stores: tuple[Store, Store],
    countries: dict[Term, frozenset[Term]],
) -> Iterator[Cell]:
    """The cells of a value of an indicator; none of one for a part of the people or the places."""
    if any(given.get(SCHEMA[name]) for name in ("additionalProperty", "location")):
        return
    for variable in given.get(SCHEMA["variableMeasured"], ()):
        for name in ("indicator", "quantity"):
            for measured in _everywhere(stores[0], variable, term(name)):
                cell = _cell(iri, graph, {**given, term("quantity"): [measured]}, stores, countries)
                if cell:
                    yield replace(cell, is_result=True, is_summable=False)


def _of_table(stores: Iterable[Store], table: Term | None, name: str) -> Term | None:
    """What the data set says once for all of its cells."""
    return next((each for store in stores for each in _everywhere(store, table, term(name))), None)


def _countries(stores: Iterable[Store], activity: Term) -> frozenset[Term]:
    """The countries of an activity; none where it is about something else as well."""
    found = {
        each
        for store in stores
        for predicate in _COUNTRIES
        for each in _everywhere(store, activity, predicate)
    }
    return frozenset(found) if all(map(is_country, found)) else frozenset()


def _footnotes(
    stores: Iterable[Store], iri: NamedNode, given: dict[NamedNode, list[Term]]
) -> frozenset[NamedNode]:
    """The notes of the publisher on a cell; not those of the project, which have a confidence."""
    notes = [*given.get(term("caveat"), ())]
    for store in stores:
        pattern = store.quads_for_pattern(None, OA["hasTarget"], iri, None)
        notes += [quad.subject for quad in pattern]
    return frozenset(
        note
        for note in notes
        if isinstance(note, NamedNode)
        and note not in (_MASKED, _COARSE)
        and not any(_everywhere(store, note, term("confidence")) for store in stores)
    )


def _everywhere(store: Store, subject: Term | None, predicate: NamedNode) -> list[Term]:
    """What a property leads to in any graph of a store."""
    if not isinstance(subject, NamedNode | BlankNode):
        return []
    return [quad.object for quad in store.quads_for_pattern(subject, predicate, None, None)]
