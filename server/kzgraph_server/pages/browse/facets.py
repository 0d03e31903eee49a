"""Facets: by what a list can be narrowed down, one value of each at a time, in any combination."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode
from werkzeug.datastructures import MultiDict

from kzgraph.iri import ID, is_path, term, thing
from kzgraph.namespaces import PROV, SCHEMA, SKOS, TYPE, XSD, Term
from kzgraph.prefixes import PREFIXES
from kzgraph.problem import Problem
from kzgraph_server.pages.browse.list_names import name_class, read_class
from kzgraph_server.pages.language import gettext as _

_YEAR = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Facet:
    """A property by which lists are narrowed down.

    Attributes:
        name: of its parameter in addresses.
        predicate: the property.
        title: makes its heading, in the language of the page.
        read: the value that a text in an address stands for; None where it cannot be one.
        write: the text for a value; None where a value cannot be in an address.
    """

    name: str
    predicate: NamedNode
    title: Callable[[], str]
    read: Callable[[str], Term | None]
    write: Callable[[Term], str | None]


def _read_thing(text: str) -> NamedNode | None:
    return thing(*text.split("/")) if is_path(text) else None


def _write_thing(value: Term) -> str | None:
    if not isinstance(value, NamedNode) or not value.value.startswith(ID):
        return None
    path = value.value.removeprefix(ID)
    return path if is_path(path) else None


def _read_year(text: str) -> Literal | None:
    found = _YEAR.fullmatch(text)
    return Literal(str(int(text)), datatype=XSD["integer"]) if found else None


def _write_year(value: Term) -> str | None:
    found = isinstance(value, Literal) and _YEAR.fullmatch(value.value)
    return value.value if found and isinstance(value, Literal) else None


def _write_class(value: Term) -> str | None:
    return name_class(value) if isinstance(value, NamedNode) else None


def _of_things(name: str, predicate: NamedNode, title: Callable[[], str]) -> Facet:
    return Facet(name, predicate, title, _read_thing, _write_thing)


YEAR = Facet("year", term("year"), lambda: _("Year"), _read_year, _write_year)
CLASS = Facet("class", TYPE, lambda: _("Class"), read_class, _write_class)
#: Those of every list, in the order of the page.
FACETS = (
    YEAR,
    _of_things("scope", term("scope"), lambda: _("Scope")),
    _of_things("country", term("country"), lambda: _("Country")),
    _of_things("group", term("populationGroup"), lambda: _("Group")),
    _of_things("quantity", term("quantity"), lambda: _("Quantity")),
    _of_things("indicator", term("indicator"), lambda: _("Indicator")),
    _of_things("series", term("series"), lambda: _("Series")),
    _of_things("donor", term("donor"), lambda: _("Donor")),
    _of_things("kind", term("kind"), lambda: _("Kind")),
    _of_things("status", term("status"), lambda: _("Status")),
    _of_things("derivation", term("derivation"), lambda: _("Formula")),
    _of_things("explanation", term("explanation"), lambda: _("Explanation")),
    _of_things("document", term("statedIn"), lambda: _("Document")),
    _of_things("table", NamedNode(f"{PREFIXES['qb']}dataSet"), lambda: _("Data set")),
    _of_things("broader", SKOS["broader"], lambda: _("Wider code")),
    _of_things("measure", term("measure"), lambda: _("Measure")),
    _of_things("scheme", SKOS["inScheme"], lambda: _("Code list")),
    _of_things("actor", term("actor"), lambda: _("Who acts")),
    _of_things("partner", term("partnerOrganisation"), lambda: _("Partner")),
    _of_things("instrument", term("instrument"), lambda: _("Treaty or law")),
    _of_things("activity", term("activity"), lambda: _("Aid activity")),
    _of_things("concerns", term("concerns"), lambda: _("What it concerns")),
    _of_things("about", term("about"), lambda: _("What it has to do with")),
    CLASS,
)
#: Those of official tables, whose rows have them all.
TABLE_FACETS = (
    YEAR,
    _of_things("scope", term("scope"), lambda: _("Place or activity")),
    _of_things("origin", term("origin"), lambda: _("Origin")),
    _of_things("group", term("populationGroup"), lambda: _("Group")),
    _of_things("quantity", term("quantity"), lambda: _("Quantity")),
    _of_things("status", term("status"), lambda: _("Status")),
)
#: What the cells of tables are told apart by, in addition.
DIMENSIONS = (
    *TABLE_FACETS,
    _of_things("level", term("decisionLevel"), lambda: _("Level of decision")),
    _of_things("sex", term("sex"), lambda: _("Sex")),
    _of_things("age", term("age"), lambda: _("Age")),
    _of_things("records", term("registeredBy"), lambda: _("Registered by")),
    _of_things("kind", term("kind"), lambda: _("Kind")),
    _of_things("instrument", term("instrument"), lambda: _("Treaty")),
    _of_things("indicator", SCHEMA["variableMeasured"], lambda: _("Indicator")),
    _of_things("funder", SCHEMA["funder"], lambda: _("From")),
    _of_things("recipient", SCHEMA["recipient"], lambda: _("To")),
    _of_things("place", PROV["atLocation"], lambda: _("Place")),
    _of_things("unit", term("unit"), lambda: _("Unit")),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A value that an address asks for: the facet, its value, and the text that stands for it."""

    facet: Facet
    value: Term
    text: str


def read_choices(arguments: MultiDict[str, str], facets: Iterable[Facet]) -> tuple[Chosen, ...]:
    """The values that the parameters of an address choose, in the order of the facets.

    Raises:
        Problem: 400, where a value cannot be one of its facet, or a facet is there twice.
    """
    found = []
    for facet in facets:
        texts = arguments.getlist(facet.name)
        if len(texts) > 1:
            raise Problem(400, f"{facet.name} can have one value at a time.")
        for text in texts:
            value = facet.read(text)
            if value is None:
                raise Problem(400, f"{facet.name}={text[:60]!r} is not a value of that facet.")
            found.append(Chosen(facet, value, text))
    return tuple(found)


def choose(choices: Iterable[Chosen], facet: Facet, text: str | None) -> Mapping[str, str]:
    """The parameters of `choices` with another value of a facet, or without it."""
    kept = {each.facet.name: each.text for each in choices if each.facet is not facet}
    return kept if text is None else {**kept, facet.name: text}
