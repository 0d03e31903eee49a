"""What an activity of IATI says of itself, as triples; not its money and its results.

https://iatistandard.org/en/iati-standard/203/activity-standard/iati-activities/iati-activity/
"""

import re
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode

from kzgraph.iri import ID, thing
from kzgraph.namespaces import XSD
from kzgraph.sources.xml_records import Element
from kzgraph.tables import parse_time
from kzgraph_mappings.curies import curie
from kzgraph_mappings.official.iati_checks import Checks
from kzgraph_mappings.official.iati_figures import ActivityGraph
from kzgraph_mappings.official.iati_shared import CONCEPTS, Things, known_codes
from kzgraph_mappings.official.iati_values import period, read_number, text_literal

#: Codes of `activity-scope` for one country or a part of it.
#: https://iatistandard.org/en/iati-standard/203/codelists/activityscope/
_WITHIN_ONE_COUNTRY = frozenset("45678")
#: How a related activity stands to this one: https://iatistandard.org/en/iati-standard/203/codelists/relatedactivitytype/
_RELATIONS = {
    "1": "dcterms:isPartOf",
    "2": "dcterms:hasPart",
    **dict.fromkeys(("3", "4", "5"), "dcterms:relation"),
}
#: Planned and actual start, planned and actual end: https://iatistandard.org/en/iati-standard/203/codelists/activitydatetype/
_DATE_TYPES = ("1", "2", "3", "4")
_POSITION = re.compile(r"(\S+)\s+(\S+)")
#: The vocabulary of GeoNames: https://iatistandard.org/en/iati-standard/203/codelists/geographicvocabulary/
_GEONAMES = "G1"


@dataclass(frozen=True)
class Context:
    """What the figures of an activity need to know of it.

    Attributes:
        graph: where they are written.
        things: what they speak of.
        checks: what reads their elements.
        reporter: the identifier of the reporting organisation.
        currency: that of values that state none; may be empty.
        country: the one country that it is about.
        is_secondary: whether others report the same money.
    """

    graph: ActivityGraph
    things: Things
    checks: Checks
    reporter: str
    currency: str
    country: NamedNode | None
    is_secondary: bool


def write_activity(
    activity: Element, things: Things, checks: Checks, graph: ActivityGraph
) -> Context:
    """Write what an activity says of itself."""
    return _Writer(activity, things, checks, graph).write()


class _Writer:
    def __init__(
        self, activity: Element, things: Things, checks: Checks, graph: ActivityGraph
    ) -> None:
        self._activity, self._things, self._checks, self._graph = activity, things, checks, graph
        self._reporter = ""

    def write(self) -> Context:
        activity, checks = self._activity, self._checks
        reporting = checks.child(activity, "reporting-org")
        if reporting:
            self._write_reporter(reporting)
        write_title(activity, checks, self._graph)
        for name in ("description", "participating-org", "activity-date"):
            if not activity.first(name):
                checks.add(activity, f"<iati-activity> has no <{name}>", f"add <{name}>", name)
        write_status(activity, self._things, checks, self._graph)
        self._write_participants()
        self._write_dates()
        self._write_subjects()
        self._write_markers()
        for position, location in enumerate(activity.all("location"), 1):
            self._write_location(location, position)
        self._write_related()
        country = write_recipients(activity, self._reporter, self._things, checks, self._graph)
        secondary = reporting is not None and checks.truth(
            reporting, "secondary-reporter", default=False
        )
        return Context(
            self._graph,
            self._things,
            checks,
            self._reporter,
            activity.get("default-currency"),
            country,
            secondary,
        )

    def _say(self, name: str, value: NamedNode | Literal) -> None:
        self._graph.say(self._graph.node, name, value)

    def _write_reporter(self, reporting: Element) -> None:
        checks = self._checks
        self._reporter = checks.attribute(reporting, "ref")
        kind = checks.attribute(reporting, "type")
        names = checks.texts(reporting, needed=True)
        if self._reporter:
            node = self._things.organisation(self._reporter, names, kind, self._reporter)
            if node:
                self._say("dcterms:publisher", node)

    def _write_participants(self) -> None:
        seen = set()
        for participant in self._activity.all("participating-org"):
            role = self._checks.core_code(participant, "role", known_codes("organisation-role"))
            kind = self._checks.open_code(participant, "type", "organisation-type", needed=False)
            node = self._things.organisation(
                participant.get("ref"), self._checks.texts(participant), kind, self._reporter
            )
            if not role or node is None or (role, node) in seen:
                continue
            seen.add((role, node))
            path = node.value.removeprefix(f"{ID}organisation/")
            association = self._graph.name(f"participation/{role}/{path}")
            self._say("prov:qualifiedAssociation", association)
            self._graph.say(association, "rdf:type", curie("prov:Association"))
            self._graph.say(association, "prov:agent", node)
            hadrole = self._things.concept("organisation-role", role)
            self._graph.say(association, "prov:hadRole", hadrole)

    def _write_dates(self) -> None:
        days: dict[str, date] = {}
        for each in self._activity.all("activity-date"):
            kind = self._checks.core_code(each, "type", _DATE_TYPES)
            day = self._checks.day(each)
            if kind and day:
                days.setdefault(kind, day)
        for kind, name in (("2", "schema:startDate"), ("4", "schema:endDate")):
            if kind in days:
                self._say(name, Literal(days[kind].isoformat(), datatype=XSD["date"]))
        start, end = days.get("1"), days.get("3")
        try:
            if start and end:
                self._say("dcterms:temporal", self._things.time(period(start, end)))
            elif start:
                self._say("dcterms:temporal", self._things.time(parse_time(f"{start}/..")))
            elif end:
                self._say("dcterms:temporal", self._things.time(parse_time(f"../{end}")))
        except ValueError:
            self._checks.warn(
                self._activity,
                "the planned end is before the planned start",
                "ask the publisher; neither is kept",
                "activity-date",
            )

    def _write_subjects(self) -> None:
        checks, things = self._checks, self._things
        for sector in self._activity.all("sector"):
            node = read_sector(sector, things, checks, self._reporter)
            if node:
                self._say("dcterms:subject", node)
                write_share(sector, node, checks, self._graph)
        for tag in self._activity.all("tag"):
            code, vocabulary = checks.attribute(tag, "code"), checks.attribute(tag, "vocabulary")
            if code and vocabulary:
                own = (self._reporter,) if vocabulary == "99" else ()
                names = checks.texts(tag)
                node = things.concept("tag", code, names, within=(*own, vocabulary))
                self._say("dcterms:subject", node)
        for scope in self._activity.all("humanitarian-scope"):
            code = checks.attribute(scope, "code")
            vocabulary = checks.attribute(scope, "vocabulary")
            kind = checks.open_code(scope, "type", "humanitarian-scope-type")
            if code and vocabulary and kind:
                own = (self._reporter,) if vocabulary == "99" else ()
                names = checks.texts(scope)
                node = things.concept("humanitarian-scope", code, names, within=(*own, vocabulary))
                things.classify(node, "humanitarian-scope-type", kind, CONCEPTS)
                self._say("dcterms:subject", node)

    def _write_markers(self) -> None:
        checks, things = self._checks, self._things
        for marker in self._activity.all("policy-marker"):
            code = checks.attribute(marker, "code")
            vocabulary = marker.get("vocabulary")
            if not code:
                continue
            if vocabulary in ("", "1"):
                checks.note_unknown(marker, code, "policy-marker")
            node = things.vocabulary_concept(
                "policy-marker", vocabulary, code, checks.texts(marker), self._reporter
            )
            part = self._graph.name(f"marker/{node.value.removeprefix(ID)}")
            self._say("schema:additionalProperty", part)
            self._graph.say(part, "rdf:type", curie("schema:PropertyValue"))
            self._graph.say(part, "schema:propertyID", node)
            level = checks.open_code(marker, "significance", "policy-significance", needed=False)
            if level:
                value = things.concept("policy-significance", level)
                self._graph.say(part, "schema:value", value)

    def _write_location(self, location: Element, position: int) -> None:
        checks = self._checks
        node = self._graph.name(f"location/{position}")
        self._say("schema:location", node)
        self._graph.say(node, "rdf:type", curie("dcterms:Location"))
        for text, language in checks.texts(location.first("name")):
            self._graph.say(node, "rdfs:label", text_literal(text, language))
        if location.get("ref"):
            self._graph.say(node, "schema:identifier", Literal(location.get("ref")))
        for each in (*location.all("location-id"), *location.all("administrative")):
            code = checks.attribute(each, "code")
            vocabulary = checks.attribute(each, "vocabulary")
            if vocabulary == _GEONAMES and code.isascii() and code.isdigit():
                self._graph.say(
                    node, "rdfs:seeAlso", NamedNode(f"https://sws.geonames.org/{code}/")
                )
            elif code and vocabulary:
                known = Literal(f"{vocabulary} {code}")
                self._graph.say(node, "schema:identifier", known)
        point = location.first("point")
        if point:
            self._write_point(node, point)

    def _write_point(self, node: NamedNode, point: Element) -> None:
        position = self._checks.child(point, "pos")
        if position is None:
            return
        match = _POSITION.fullmatch(position.text)
        numbers = [read_number(text) for text in match.groups()] if match else []
        latitude, longitude = numbers if len(numbers) == 2 else (None, None)
        if (
            latitude is None
            or longitude is None
            or abs(float(latitude.value)) > 90
            or abs(float(longitude.value)) > 180
        ):
            # The schema allows any text here.
            self._checks.warn(
                position,
                f"{position.text[:40]!r} is not a place on the earth",
                "write latitude, a blank and longitude in degrees, such as 43.25 76.95; "
                "it is left out",
            )
            return
        self._graph.say(node, "schema:latitude", latitude)
        self._graph.say(node, "schema:longitude", longitude)

    def _write_related(self) -> None:
        for related in self._activity.all("related-activity"):
            kind = self._checks.core_code(related, "type", _RELATIONS)
            reference = self._checks.attribute(related, "ref")
            if kind and reference:
                other = self._things.activity(reference)
                self._say(_RELATIONS[kind], other)


def write_title(activity: Element, checks: Checks, graph: ActivityGraph) -> None:
    """Write the title of an activity, in each of its languages."""
    title = checks.child(activity, "title")
    for text, language in checks.texts(title, needed=True):
        graph.say(graph.node, "rdfs:label", text_literal(text, language))


def write_status(activity: Element, things: Things, checks: Checks, graph: ActivityGraph) -> None:
    """Write in which stage an activity is."""
    status = checks.child(activity, "activity-status")
    code = checks.core_code(status, "code", known_codes("activity-status")) if status else ""
    if code:
        graph.say(graph.node, "kzg:kind", things.concept("activity-status", code))


def write_recipients(
    activity: Element, reporter: str, things: Things, checks: Checks, graph: ActivityGraph
) -> NamedNode | None:
    """Write the recipients; the country that the activity is about, if that is stated.

    One recipient country does not say so: publishers give the seat of an office whose activities
    are in several countries. It does where the scope is a country or less.
    """
    countries = []
    for each in activity.all("recipient-country"):
        code = checks.attribute(each, "code")
        if code:
            country = read_country(each, things, checks)
            countries.append(country)
            node = country or things.concept("recipient-country", code, checks.texts(each))
            graph.say(graph.node, "dcterms:spatial", node)
            write_share(each, node, checks, graph)
    regions = activity.all("recipient-region")
    for each in regions:
        code = checks.attribute(each, "code")
        if code:
            vocabulary, names = each.get("vocabulary"), checks.texts(each)
            node = things.vocabulary_concept("region", vocabulary, code, names, reporter)
            graph.say(graph.node, "dcterms:spatial", node)
            write_share(each, node, checks, graph)
    scope = activity.first("activity-scope")
    within = scope is not None and checks.attribute(scope, "code") in _WITHIN_ONE_COUNTRY
    return countries[0] if within and len(countries) == 1 and not regions else None


def write_share(element: Element, node: NamedNode, checks: Checks, graph: ActivityGraph) -> None:
    """Write the part of an activity that an element states, which may be all of it."""
    share = checks.percentage(element)
    if share is None:
        return
    part = graph.name(f"share/{node.value.removeprefix(ID)}")
    graph.say(graph.node, "schema:additionalProperty", part)
    graph.say(part, "rdf:type", curie("schema:PropertyValue"))
    graph.say(part, "schema:propertyID", node)
    graph.say(part, "schema:value", share)
    graph.say(part, "kzg:unit", thing("unit", "percent"))


def read_sector(sector: Element, things: Things, checks: Checks, reporter: str) -> NamedNode | None:
    """The sector of an activity or of a transaction."""
    code, vocabulary = checks.attribute(sector, "code"), sector.get("vocabulary")
    if not code:
        return None
    if vocabulary in ("", "1"):
        checks.note_unknown(sector, code, "sector")
    return things.vocabulary_concept("sector", vocabulary, code, checks.texts(sector), reporter)


def read_country(element: Element, things: Things, checks: Checks) -> NamedNode | None:
    """The country of a recipient, by its code of ISO 3166-1 alpha-2; None where it is not one."""
    code = element.get("code")
    node = things.country(code)
    if code and node is None:
        checks.warn(
            element,
            f"{code!r} is not a country of ISO 3166-1",
            "write its code of two capital letters, such as KZ; it is kept as a code",
        )
    return node
