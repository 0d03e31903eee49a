"""Figures and other facts in words, so that who repeats the words repeats the fact.

A number stands with its hedge, unit, scope, time and status, with who states it, and with the notes
of the project on it. What is not a figure of one country says so, and what had not happened yet.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from pyoxigraph import Literal, NamedNode

from kzgraph.iri import ID, ONTOLOGY
from kzgraph.prefixes import PREFIXES, shorten
from kzgraph_server.assistants.asking_queries import Rows, Term, select, write_values
from kzgraph_server.assistants.official_sources import find_sources
from kzgraph_server.assistants.site_access import Site
from kzgraph_server.offloading import run_sized

#: Facts that are put into words at a time.
MOST_FACTS = 25
#: Bytes of a row that is read for them, about.
_ROW_BYTES = 100
#: What is read of a fact, by the name that it has here.
_READ = {
    **{
        name: f"kzg:{name}"
        for name in (
            *("value", "officialValue", "least", "most", "hedge", "bound", "unit", "status"),
            *("availability", "scope", "country", "time", "year", "quantity", "populationGroup"),
            *("origin", "registeredBy", "series", "indicator", "usDollars", "caveat", "statedIn"),
            *("evidence", "chosenInstead", "sex", "age", "donor", "derivation", "kind"),
        )
    },
    "type": "rdf:type",
    "label": "rdfs:label",
    "description": "dcterms:description",
    "citation": "dcterms:bibliographicCitation",
    "computed": "schema:value",
    "telephone": "schema:telephone",
    "email": "schema:email",
    "zone": "vcard:tz",
    "table": "qb:dataSet",
}
_FACTS = """SELECT ?fact ?property ?value ?label WHERE {{
  VALUES ?fact {{ {facts} }}
  ?fact ?property ?value .
  FILTER(?property IN ({properties}))
  OPTIONAL {{ ?value rdfs:label ?label . FILTER(LANG(?label) = "en") }}
}}"""
_EXPECTED = {
    "forecast": "a FORECAST, not a count",
    "target": "a TARGET, not a result",
    "planned": "PLANNED, not what happened",
    "baseline": "a baseline for targets",
}
_BOUNDS = {"approximate": "about", "lower": "at least", "upper": "at most"}
#: Codes that mean everybody, of which nothing need be said.
_ALL = frozenset({"all", "stateless", "not-stated", "no-origin"})


@dataclass(frozen=True)
class Worded:
    """A fact in words.

    Attributes:
        sentence: what it says, with all that must not be left out.
        data: the same as JSON.
    """

    sentence: str
    data: Mapping[str, Any]


#: The JSON Schema of `Worded.data`.
FACT_SCHEMA = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "description": "As a query and the tools write it."},
        "iri": {"type": "string"},
        "sentence": {
            "type": "string",
            "description": "Repeat it whole: value, unit, hedge, scope, time, status, source.",
        },
        "label": {"type": "string"},
        "classes": {"type": "array", "items": {"type": "string"}},
        "value": {"type": "number", "description": "Missing where no number is given."},
        "value_in_words": {"type": "string"},
        "unit": {"type": "string"},
        "hedge": {"type": "string"},
        "status": {"type": "string"},
        "scope": {"type": "string"},
        "is_of_one_country": {"type": "boolean"},
        "time": {"type": "string"},
        "citation": {"type": "string"},
        "evidence": {"type": "array", "items": {"type": "string"}},
        "notes": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"id": {"type": "string"}, "label": {"type": "string"}},
                "required": ["id", "label"],
            },
        },
        "take_instead": {"type": "string"},
    },
    "required": ["id", "iri", "sentence", "label", "classes"],
}


async def word_facts(site: Site, iris: Iterable[str]) -> dict[str, Worded]:
    """Those of some things that are facts or figures, in words; the first of them only.

    Raises:
        ToolRefusal, SiteError: see `select`.
    """
    wanted = list(dict.fromkeys(iris))[:MOST_FACTS]
    facts = write_values(wanted)
    if not facts:
        return {}
    query = _FACTS.format(facts=facts, properties=", ".join(_READ.values()))
    found = await select(site, query, 4_000)
    size = _ROW_BYTES * len(found.rows)
    read = await run_sized(size, _read_facts, found)
    official = [iri for iri, fact in read.items() if fact.is_official]
    for iri, key, value, label in await find_sources(site, official) if official else ():
        read[iri].add(key, value, label)
    told = [read[iri] for iri in wanted if iri in read and read[iri].is_fact]
    return await run_sized(size, lambda: {fact.iri: fact.word() for fact in told})


def _read_facts(found: Rows) -> "dict[str, _Fact]":
    read: dict[str, _Fact] = {}
    names = {_expand(name): key for key, name in _READ.items()}
    for fact, name, value, label in found.rows:
        read.setdefault(fact.value, _Fact(fact.value)).add(names[name.value], value, label)
    return read


def _expand(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{PREFIXES[prefix]}{local}"


class _Fact:
    """What was read of a fact."""

    def __init__(self, iri: str) -> None:
        self.iri = iri
        self._terms: dict[str, list[tuple[Term, str]]] = {}

    def add(self, key: str, value: Term, label: Literal | None) -> None:
        if isinstance(value, Literal) and value.language not in (None, "en"):
            return
        name = label.value if label is not None else getattr(value, "value", "")
        known = self._terms.setdefault(key, [])
        if all(each != value for each, _ in known):
            known.append((value, name))

    @property
    def is_fact(self) -> bool:
        """Whether it is stated, computed or published, and not a thing or a code."""
        return self._is_figure or "Fact" in self._classes or "Concordance" in self._classes

    @property
    def is_official(self) -> bool:
        """Whether it is a cell of an official table."""
        return "OfficialFigure" in self._classes

    @property
    def _is_figure(self) -> bool:
        return bool({"Figure", "OfficialFigure"} & self._classes)

    @cached_property
    def _classes(self) -> set[str]:
        found = (term for term, _ in self._terms.get("type", ()) if isinstance(term, NamedNode))
        return {
            each.value.removeprefix(ONTOLOGY) for each in found if each.value.startswith(ONTOLOGY)
        }

    def _name(self, key: str) -> str:
        """The label, or the text, of what `key` leads to; empty where it leads nowhere."""
        found = self._terms.get(key)
        return min(found, key=lambda each: str(each[0]))[1] if found else ""

    def _names(self, key: str) -> list[str]:
        return sorted(name for _, name in self._terms.get(key, ()))

    def _code(self, key: str) -> str:
        """The last part of the IRI that `key` leads to."""
        found = self._terms.get(key)
        return found[0][0].value.rpartition("/")[2] if found else ""

    def _number(self, key: str) -> Decimal | None:
        try:
            return Decimal(self._name(key)) if key in self._terms else None
        except InvalidOperation:
            return None

    def word(self) -> Worded:
        number = next(
            (
                each
                for key in ("value", "officialValue", "computed")
                if (each := self._number(key)) is not None
            ),
            None,
        )
        amount = self._word_amount(number) if self._is_figure else ""
        what = self._word_figure(amount) if self._is_figure else self._word_statement()
        in_place = bool(amount) and what.endswith(self._word_place())
        sentence = f"{what} ({'; '.join(self._list_conditions(in_place))})."
        for note in self._names("caveat"):
            sentence += f" Note of the project: {note}."
        instead = self._terms.get("chosenInstead")
        if instead:
            sentence += f" Where figures compete, the project takes instead: {instead[0][1]}."
        return Worded(sentence, self._structure(sentence, number, amount or None, instead))

    def _word_amount(self, number: Decimal | None) -> str:
        least, most = self._number("least"), self._number("most")
        if number is None and least is not None and most is not None:
            written = f"{write_number(least)} to {write_number(most)}"
        elif number is None:
            return ""
        else:
            written = write_number(number)
        word = self._name("hedge") or _BOUNDS.get(self._code("bound"), "")
        return f"{word} {written}".strip()

    def _word_figure(self, amount: str) -> str:
        group, unit = self._name("populationGroup"), self._name("unit")
        label = self._name("label")
        if not amount:
            return f"No number is given: {label or group}"
        is_cell = self.is_official and not label
        if is_cell and unit not in ("", "Persons"):
            amount = f"{amount} {_lower_first(unit)}:"
        is_stock = self._code("quantity") == "stock" and "DerivedFigure" not in self._classes
        counts_people = unit == "Persons" and group and is_stock
        if is_cell or counts_people:
            registered = ""
            if self._code("registeredBy") not in ("", "not-stated"):
                registered = f" registered by: {self._name('registeredBy')}"
            counted = group or self._name("quantity") or "counted in the table"
            place = self._word_place()
            comma = "," if registered and not place.startswith(",") else ""
            return f"{amount} {_lower_first(counted)}{registered}{comma}{place}"
        if unit and self._code("unit") != "not-stated":
            amount = f"{amount} {_lower_first(unit)}"
        elif unit:
            amount = f"{amount} (the document states no unit)"
        dollars = self._number("usDollars")
        if dollars is not None and self._code("unit") != "us-dollars":
            amount += f", taken by the project for {write_number(dollars)} US dollars"
        return f"{amount}: {label}"

    def _word_statement(self) -> str:
        parts = (self._name("label"), self._name("description"))
        words = ". ".join(each.rstrip(".") for each in parts if each)
        details = (self._name(each) for each in ("telephone", "email", "zone"))
        return ": ".join(filter(None, (words, *details)))

    def _word_place(self) -> str:
        """Of whom, where and when, behind what is counted."""
        words = ""
        if self._code("origin") not in _ALL | {""}:
            words += f", from {self._name('origin')}"
        for key in ("sex", "age"):
            if self._code(key) not in _ALL | {""}:
                words += f", {key}: {self._name(key)}"
        place = self._word_scope()
        return words + (f" {place}" if place else "") + self._word_time(", ")

    def _word_scope(self) -> str:
        """Whose figure it is, and whether that is one country."""
        scope, country = self._name("scope"), self._name("country")
        if country:
            return f"in {country}" + (f" (scope: {scope})" if scope not in ("", country) else "")
        apart = ", which is NOT the figure of one country" if self._is_figure else ""
        return f"for {scope}{apart}" if scope else ""

    def _word_time(self, before: str = "") -> str:
        if self._code("time") == "not-stated":
            return f"{before}at a time that the document does not state"
        return f"{before}{self._name('time')}" if "time" in self._terms else ""

    def _list_conditions(self, in_place: bool) -> Iterator[str]:
        """What kind of number it is, whether it happened, and who says so."""
        if in_place and (label := self._name("label")):
            yield f"called “{label}”"
        if self._is_figure and (quantity := self._name("quantity")):
            yield _lower_first(quantity)
        if self._code("bound") not in ("", "exact"):
            yield _lower_first(self._name("bound"))
        if not in_place:
            yield from filter(None, (self._word_scope(), self._word_time()))
        if (status := self._code("status")) in _EXPECTED:
            yield _EXPECTED[status]
        elif status == "actual":
            yield "actual: reported as having happened or being so"
        if self._is_figure and self._code("availability") not in ("", "published"):
            yield f"in the document: {_lower_first(self._name('availability'))}"
        if self.is_official:
            table = self._name("table")
            yield "official data" + (f", table “{table}”" if table else "")
        elif "DerivedFigure" in self._classes:
            yield "COMPUTED by the project, stated by no document"
        if citation := self._name("citation"):
            yield f"stated by {citation}" if "Fact" in self._classes else f"source: {citation}"
        yield f"id {shorten(self.iri)}"

    def _structure(
        self,
        sentence: str,
        number: Decimal | None,
        amount: str | None,
        instead: Sequence[tuple[Term, str]] | None,
    ) -> dict[str, Any]:
        has_place = bool(self._name("scope") or self._name("country"))
        found = {
            "id": shorten(self.iri),
            "iri": self.iri,
            "sentence": sentence,
            "label": self._name("label"),
            "classes": sorted(f"kzg:{each}" for each in self._classes),
            "value": None if number is None else _plain(number),
            "value_in_words": amount,
            **{
                key: self._name(key) or None
                for key in ("unit", "hedge", "status", "scope", "country", "time", "quantity")
            },
            "group": self._name("populationGroup") or None,
            "registered_by": self._name("registeredBy") or None,
            "origin": self._name("origin") or None,
            "availability": self._name("availability") or None,
            "us_dollars": self._name("usDollars") or None,
            "is_of_one_country": bool(self._name("country")) if has_place else None,
            "citation": self._name("citation") or None,
            "evidence": self._names("evidence"),
            "notes": [
                {"id": shorten(term.value), "label": label}
                for term, label in self._terms.get("caveat", ())
            ],
            "take_instead": shorten(instead[0][0].value) if instead else None,
        }
        return {name: each for name, each in found.items() if each not in (None, [])}


def write_number(number: Decimal) -> str:
    """A number with its thousands separated and no exponent.

    >>> write_number(Decimal("7690")), write_number(Decimal("1.50E+3"))
    ('7,690', '1,500')
    """
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return str(number)
    whole = number == number.to_integral_value()
    return f"{number.quantize(Decimal(1)) if whole else number.normalize():,f}"


def _plain(number: Decimal) -> int | float | None:
    if not number.is_finite():
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _lower_first(text: str) -> str:
    """`text` with a small first letter, unless it begins with an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def is_ours(iri: str) -> bool:
    """Whether `iri` names a thing of the project, which may be a fact."""
    return iri.startswith(ID)
