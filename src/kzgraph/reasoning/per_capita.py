"""People per 100,000 inhabitants: chosen figures and official totals over official populations.

What is divided is the number of people of a group in one country in one year: a chosen figure of a
document, or the sum of the official headline stocks over all origins. What divides is how many
inhabitants the country had in that year, or in the latest of the `MOST_YEARS` before it for which
there is a number; then the result is approximate. The label names the year of the inhabitants in
any case. Without a number of them there is no result.

- UNHCR publishes no cell of 1 to 4 people: it is 5, or 0 and so not in the graph. A sum of cells is
  therefore approximate. Inhabitants are exact as the code has it: given without a hedge.
- Figures of several countries, or of a scope of which nobody says where it is, have no result.
- Official totals are those of the countries that operations cover, not of all the world.
- A result is a `kzg:DerivedFigure` and not a population figure, since it counts nobody. Its number
  is under https://schema.org/value and not `kzg:value`: so whoever asks for the values of a group,
  a country and a year, by no class at all, meets the same numbers with official data and without.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Store, Triple

from kzgraph.iri import term, thing
from kzgraph.namespaces import DCT, LABEL, LANGUAGES, PROV, SCHEMA, TYPE, Namespace, Term
from kzgraph.prefixes import PREFIXES
from kzgraph.reasoning.figures import DIMENSIONS, TIMES, Figure, by_language, text
from kzgraph.reasoning.hedged import joint_bound, literal, quotient
from kzgraph.reasoning.rules_text import objects
from kzgraph.reasoning.scopes import Scopes

#: How many inhabitants a result is given for.
PER = 100_000
#: How many years before the people the inhabitants may be counted. Populations of the region grow
#: by two per cent a year, so that two years make a difference in the second digit at most.
MOST_YEARS = 2

_DERIVATION = thing("derivation", "per-capita")
_QUANTITY = thing("quantity", "per-capita")
_UNIT = thing("unit", "per-hundred-thousand")
_STOCK, _INHABITANTS = thing("quantity", "stock"), thing("quantity", "inhabitants")
_PERSONS = thing("unit", "persons")
_DATA_SET = Namespace(PREFIXES["qb"])["dataSet"]
_CITATION = DCT["bibliographicCitation"]
_NUMBER = SCHEMA["value"]
_ENGLISH = LANGUAGES[0]
#: What the cells of one total share; they differ in their origins.
_TOTAL = ("scope", "country", "populationGroup", "quantity", "time", "year")
#: What a total has that its cells leave to their data set.
_OF_A_TOTAL = {"origin": thing("origin", "all"), "status": thing("status", "actual")}


@dataclass(frozen=True)
class _Cell:
    """An official figure; `cell` is what fills its dimensions, but for its origin."""

    iri: NamedNode
    value: Decimal
    country: Term
    year: int
    cell: Mapping[str, Term]
    data_set: NamedNode


@dataclass(frozen=True)
class _People:
    """What is divided.

    The parts of `name` follow `derived/` and the derivation in the IRI of the result; `labels` are
    by language.
    """

    name: tuple[str, ...]
    value: Decimal
    bound: str
    country: Term
    year: int
    cell: Mapping[str, Term]
    inputs: tuple[NamedNode, ...]
    labels: Mapping[str, str]
    citation: str


def per_capita_figures(
    store: Store, figures: Mapping[NamedNode, Figure], official: Store
) -> Iterator[Triple]:
    """The triples of every number per inhabitants, citations included.

    Args:
        store: which figures are chosen, labels, places and operations are in its default graph.
        figures: the stated figures with a value.
        official: the official figures, in graphs of any name.
    """
    cells = _cells(official, term("quantity"), _INHABITANTS)
    inhabitants = {(each.country, each.year): each for each in cells if each.value > 0}
    if not inhabitants:
        return
    for people in (*_chosen(store, figures), *_totals(store, official)):
        near = range(people.year, people.year - MOST_YEARS - 1, -1)
        found = (inhabitants.get((people.country, year)) for year in near)
        base = next(filter(None, found), None)
        if base is not None:
            yield from _triples(store, people, base)


def _cells(official: Store, predicate: NamedNode, wanted: NamedNode) -> Iterator[_Cell]:
    """The official figures of a country and year that have `wanted`, in the order of their IRIs."""
    found = {quad.subject for quad in official.quads_for_pattern(None, predicate, wanted, None)}
    for subject in sorted(found, key=str):
        quads = official.quads_for_pattern(subject, None, None, None)
        given = {quad.predicate: quad.object for quad in quads}
        value, year, country, data_set = (
            given.get(each)
            for each in (term("officialValue"), term("year"), term("country"), _DATA_SET)
        )
        if (
            isinstance(subject, NamedNode)
            and isinstance(value, Literal)
            and isinstance(year, Literal)
            and isinstance(data_set, NamedNode)
            and country is not None
        ):
            cell = {name: given[term(name)] for name in _TOTAL if term(name) in given}
            number = Decimal(value.value)
            yield _Cell(subject, number, country, int(year.value), cell, data_set)


def _chosen(store: Store, figures: Mapping[NamedNode, Figure]) -> Iterator[_People]:
    scopes = Scopes(store)
    for figure in figures.values():
        year, country = figure.cell.get("year"), scopes.country(figure.cell.get("scope"))
        if (
            term("ChosenFigure") in objects(store, figure.iri, TYPE)
            and figure.cell.get("quantity") == _STOCK
            and figure.cell.get("unit") == _PERSONS
            and country is not None
            and isinstance(year, Literal)
        ):
            yield _People(
                name=(figure.source, figure.key),
                value=figure.value,
                bound=figure.bound,
                country=country,
                year=int(year.value),
                cell=figure.cell,
                inputs=(figure.iri,),
                labels=figure.labels,
                citation="; ".join(map(text, objects(store, figure.iri, _CITATION))),
            )


def _totals(store: Store, official: Store) -> Iterator[_People]:
    """The sums over all origins, of the countries that operations cover."""
    covered = {quad.object for quad in store.quads_for_pattern(None, term("area"), None, None)}
    totals: dict[tuple[Term | None, ...], list[_Cell]] = defaultdict(list)
    for each in _cells(official, TYPE, term("OfficialHeadlineFigure")):
        if each.cell.get("quantity") == _STOCK and each.country in covered:
            totals[(each.data_set, *map(each.cell.get, _TOTAL))].append(each)
    for cells in totals.values():
        first = cells[0]
        path = (_key(first.cell.get(name)).lower() for name in ("country", "populationGroup"))
        yield _People(
            name=(_key(first.data_set), str(first.year), *path),
            value=sum((each.value for each in cells), Decimal(0)),
            bound="approximate",
            country=first.country,
            year=first.year,
            cell={**first.cell, **_OF_A_TOTAL},
            inputs=tuple(each.iri for each in cells),
            labels=_name_cell(store, first, "populationGroup", "country"),
            citation=_cite(store, first),
        )


def _triples(store: Store, people: _People, inhabitants: _Cell) -> Iterator[Triple]:
    nearness = "exact" if inhabitants.year == people.year else "approximate"
    bound = joint_bound([people.bound, nearness])
    if bound is None:
        return
    source, *keys = people.name
    node = thing("derived", source, "per-capita", *keys)
    yield Triple(node, TYPE, term("DerivedFigure"))
    of = _name_cell(store, inhabitants, "populationGroup")
    for language, kind in by_language(objects(store, _DERIVATION, LABEL)).items():
        if language in people.labels and language in of:
            label = f"{kind[:1].upper()}{kind[1:]}: {people.labels[language]}; {of[language]}"
            yield Triple(node, LABEL, Literal(label, language=language))
            if language == _ENGLISH:
                inputs = f"{people.citation}; {_cite(store, inhabitants)}"
                cited = f"kzgraph: {label}; computed from {inputs}"
                yield Triple(node, _CITATION, Literal(cited, language=language))
    value = quotient(people.value, inhabitants.value, scale=PER)
    yield Triple(node, term("derivation"), _DERIVATION)
    yield Triple(node, _NUMBER, literal(value))
    yield Triple(node, term("bound"), thing("bound", bound))
    yield Triple(node, term("base"), inhabitants.iri)
    for each in (*people.inputs, inhabitants.iri):
        yield Triple(node, PROV["wasDerivedFrom"], each)
    filled = {**people.cell, "quantity": _QUANTITY, "unit": _UNIT}
    for name in DIMENSIONS + TIMES:
        if name in filled:
            yield Triple(node, term(name), filled[name])


def _cite(store: Store, cell: _Cell) -> str:
    """The data set of an official figure, and which group, country and year of it, in English."""
    data_set = by_language(objects(store, cell.data_set, LABEL)).get(_ENGLISH, _key(cell.data_set))
    name = _name_cell(store, cell, "populationGroup", "country").get(_ENGLISH)
    return f"{data_set}, {name}" if name else data_set


def _name_cell(store: Store, cell: _Cell, *dimensions: str) -> dict[str, str]:
    """What fills dimensions, and the year, in each language that all of it has a label in."""
    found = [by_language(objects(store, cell.cell.get(name), LABEL)) for name in dimensions]
    return {
        language: ", ".join((*(labels[language] for labels in found), str(cell.year)))
        for language in LANGUAGES
        if all(language in labels for labels in found)
    }


def _key(found: Term | None) -> str:
    """The last segment of an IRI; nothing for others."""
    return found.value.rsplit("/", 1)[-1] if isinstance(found, NamedNode) else ""
