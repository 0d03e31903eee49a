"""The results of an activity of IATI: indicators with baselines, targets and actual values.

https://iatistandard.org/en/iati-standard/203/activity-standard/iati-activities/iati-activity/result/
"""

from pyoxigraph import Literal, NamedNode

from kzgraph.iri import thing
from kzgraph.sources.xml_records import Element
from kzgraph.tables import Time, parse_time
from kzgraph_mappings.curies import curie
from kzgraph_mappings.official.iati_activity import Context
from kzgraph_mappings.official.iati_figures import ActivityGraph
from kzgraph_mappings.official.iati_shared import Name, Things, known_measures
from kzgraph_mappings.official.iati_values import read_number, text_literal
from kzgraph_mappings.official.official_cells import show

#: The measure of numbers out of a hundred, and that without numbers.
#: https://iatistandard.org/en/iati-standard/203/codelists/indicatormeasure/
PERCENTAGE, QUALITATIVE = "2", "5"


def write_result(graph: ActivityGraph, things: Things, kind: str, names: list[Name]) -> NamedNode:
    """Write a result, which indicators measure; its node."""
    node = graph.name("result")
    graph.say(node, "dcterms:isPartOf", graph.node)
    graph.say(node, *things.kind("result-type", kind))
    for text, language in names:
        graph.say(node, "rdfs:label", text_literal(text, language))
    return node


def write_indicator(
    graph: ActivityGraph,
    things: Things,
    result: NamedNode,
    measure: str,
    names: list[Name],
    *,
    is_ascending: bool = True,
) -> NamedNode:
    """Write an indicator of a result; its node."""
    node = graph.name("indicator")
    graph.say(node, "rdf:type", curie("schema:StatisticalVariable"))
    graph.say(node, "dcterms:isPartOf", result)
    graph.say(node, *things.kind("indicator-measure", measure))
    if measure == PERCENTAGE:
        graph.say(node, "kzg:unit", thing("unit", "percent"))
    if not is_ascending:
        graph.say(node, "kzg:kind", things.concept("indicator-direction", "descending"))
    measured: set[tuple[str, str]] = set()
    for text, language in names:
        graph.say(node, "rdfs:label", text_literal(text, language))
        measured.update(known_measures(text))
    for name, path in sorted(measured):
        graph.say(node, name, thing(*path.split("/")))
    return node


def write_results(activity: Element, context: Context) -> None:
    """Write the results of an activity."""
    graph, things, checks = context.graph, context.things, context.checks
    for each in activity.all("result"):
        kind = checks.open_code(each, "type", "result-type")
        title = checks.child(each, "title")
        names = list(checks.texts(title, needed=True))
        indicators = each.all("indicator")
        if not indicators:
            checks.add(each, "the result has no <indicator>", "add what measures it")
        if not kind or title is None:
            continue
        result = write_result(graph, things, kind, names)
        for indicator in indicators:
            _write_indicator(indicator, result, context)


def _write_indicator(element: Element, result: NamedNode, context: Context) -> None:
    graph, things, checks = context.graph, context.things, context.checks
    measure = checks.open_code(element, "measure", "indicator-measure")
    title = checks.child(element, "title")
    names = list(checks.texts(title, needed=True))
    if not measure or title is None:
        return
    ascending = checks.truth(element, "ascending", default=True)
    node = write_indicator(graph, things, result, measure, names, is_ascending=ascending)
    for baseline in element.all("baseline"):
        time = _baseline_time(baseline, context)
        if time:
            _write_value(baseline, node, "baseline", time, measure, context)
    for period in element.all("period"):
        time = checks.span(period)
        for name in ("target", "actual"):
            for value in period.all(name):
                if time:
                    _write_value(value, node, name, time, measure, context)


def _baseline_time(baseline: Element, context: Context) -> Time | None:
    """The day or the year of a baseline."""
    if baseline.get("iso-date"):
        day = context.checks.day(baseline)
        return parse_time(day.isoformat()) if day else None
    year = context.checks.attribute(baseline, "year")
    if not year:
        return None
    if not (year.isascii() and year.isdigit() and len(year) == 4 and year != "0000"):
        context.checks.add(
            baseline, f"{show(year)} is not a year", "write four digits, such as 2018"
        )
        return None
    return parse_time(year)


def _write_value(
    element: Element,
    indicator: NamedNode,
    status: str,
    time: Time,
    measure: str,
    context: Context,
) -> None:
    """Write a value; not where there is none, or where it is in words.

    Only a qualitative indicator has to have no value; what others write in words, such as "n/a", is
    warned of.
    """
    text = element.get("value")
    if not text or measure == QUALITATIVE:
        return
    number = read_number(text)
    if number is None:
        context.checks.warn(
            element,
            f"the value {show(text)} is not a decimal number",
            "write one, or say why there is none in <comment>; it is left out",
        )
        return
    graph = context.graph
    figure = graph.write_value(indicator, status, time, number, element.line)
    for dimension in element.all("dimension"):
        name, value = dimension.get("name"), dimension.get("value")
        if name or value:
            part = graph.name(f"dimension/{dimension.line}")
            graph.say(figure, "schema:additionalProperty", part)
            graph.say(part, "rdf:type", curie("schema:PropertyValue"))
            graph.say(part, "schema:name", Literal(name))
            graph.say(part, "schema:value", Literal(value))
    for place in element.all("location"):
        if place.get("ref"):
            graph.say(figure, "schema:location", Literal(place.get("ref")))
