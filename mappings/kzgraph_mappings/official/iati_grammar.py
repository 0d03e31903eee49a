"""Which elements and attributes the schema of IATI has, as far as a mapping reads them.

What stands in a file under a name that the schema does not have would be passed over: money in
`<Transaction>`, or the currency in `Currency`. The tables hold for 2.01, 2.02 and 2.03 alike: what
one of them allows is allowed. Elements that no mapping reads are not looked into.
https://iatistandard.org/en/iati-standard/203/activity-standard/summary-table/
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from kzgraph.sources.xml_records import Element
from kzgraph_mappings.official.iati_checks import Checks
from kzgraph_mappings.official.official_cells import shorten


@dataclass(frozen=True)
class _Rule:
    """What an element may have: children, those of them that it may have once, and attributes.

    What has to be there exactly once is asked for where it is read (`Checks.child`).
    """

    children: frozenset[str]
    once: frozenset[str]
    attributes: frozenset[str]


def _rule(attributes: str = "", children: str = "", once: str = "") -> _Rule:
    alone = frozenset(once.split())
    # The language of a text may be stated anywhere.
    return _Rule(alone | set(children.split()), alone, frozenset(attributes.split()) | {"lang"})


_ORGANISATION = "ref type provider-activity-id receiver-activity-id"
_CODED = "code vocabulary vocabulary-uri"
_MEASURED = _rule("value iso-date year", "location dimension document-link", "comment")
_RULES = {
    "iati-activity": _rule(
        "default-currency last-updated-datetime hierarchy humanitarian linked-data-uri"
        " budget-not-provided",
        "iati-identifier reporting-org title description participating-org other-identifier"
        " activity-status activity-date contact-info recipient-country recipient-region location"
        " sector tag humanitarian-scope policy-marker default-aid-type budget transaction"
        " planned-disbursement document-link related-activity legacy-data result",
        "activity-scope country-budget-items collaboration-type default-flow-type capital-spend"
        " default-finance-type default-tied-status conditions crs-add fss",
    ),
    "iati-identifier": _rule(),
    "reporting-org": _rule("ref type secondary-reporter", "narrative"),
    "title": _rule("", "narrative"),
    "narrative": _rule(),
    "participating-org": _rule("ref type role activity-id crs-channel-code", "narrative"),
    "activity-status": _rule("code"),
    "activity-date": _rule("type iso-date", "narrative"),
    "activity-scope": _rule("code"),
    "recipient-country": _rule("code percentage", "narrative"),
    "recipient-region": _rule(f"{_CODED} percentage", "narrative"),
    "location": _rule(
        "ref",
        "location-id administrative",
        "location-reach name description activity-description point exactness location-class"
        " feature-designation",
    ),
    "location-id": _rule("code vocabulary"),
    "administrative": _rule("code vocabulary level"),
    "name": _rule("", "narrative"),
    "point": _rule("srsName", "pos"),
    "pos": _rule(),
    "sector": _rule(f"{_CODED} percentage", "narrative"),
    "tag": _rule(_CODED, "narrative"),
    "humanitarian-scope": _rule(f"{_CODED} type", "narrative"),
    "policy-marker": _rule(f"{_CODED} significance", "narrative"),
    "related-activity": _rule("ref type"),
    "budget": _rule("type status", "period-start period-end value"),
    "period-start": _rule("iso-date"),
    "period-end": _rule("iso-date"),
    "value": _rule("currency value-date"),
    "planned-disbursement": _rule(
        "type", "period-start period-end value", "provider-org receiver-org"
    ),
    "provider-org": _rule(_ORGANISATION, "narrative"),
    "receiver-org": _rule(_ORGANISATION, "narrative"),
    "transaction": _rule(
        "ref humanitarian",
        "transaction-type transaction-date value sector aid-type",
        "description provider-org receiver-org disbursement-channel recipient-country"
        " recipient-region flow-type finance-type tied-status",
    ),
    "transaction-type": _rule("code"),
    "transaction-date": _rule("iso-date"),
    "result": _rule(
        "type aggregation-status", "title indicator document-link reference", "description"
    ),
    "indicator": _rule(
        "measure ascending aggregation-status",
        "title baseline period document-link reference",
        "description",
    ),
    "baseline": _MEASURED,
    "period": _rule("", "period-start period-end target actual"),
    "target": _MEASURED,
    "actual": _MEASURED,
    "dimension": _rule("name value"),
}
#: Elements with a text of their own.
_WITH_TEXT = frozenset(("iati-identifier", "narrative", "pos", "value"))


def check_grammar(element: Element, checks: Checks) -> None:
    """Add a fault for each name in an element that the schema does not have there."""
    for found in _walk(element):
        rule = _RULES[found.name]
        for child in found.children:
            if child.name not in rule.children:
                _refuse(child, found, f"an element <{shorten(child.name)}>", rule.children, checks)
        counts = Counter(child.name for child in found.children)
        for name in sorted(rule.once):
            if counts[name] > 1:
                again = found.all(name)[1]
                message = f"<{found.name}> has {counts[name]} <{name}>"
                checks.add(again, message, f"keep one <{name}>: the standard allows no more")
        if found.text and found.name not in _WITH_TEXT:
            remedy = "put it into <narrative>" if "narrative" in rule.children else "take it out"
            checks.add(found, f"<{found.name}> has a text of its own", remedy)
        for name in found.attributes:
            if name not in rule.attributes:
                _refuse(found, found, f"an attribute {shorten(name)}", rule.attributes, checks)


def _walk(element: Element) -> Iterator[Element]:
    """An element and what is in it, as far as there are rules for it."""
    if element.name in _RULES:
        yield element
        for child in element.children:
            yield from _walk(child)


def _refuse(
    place: Element, parent: Element, what: str, known: frozenset[str], checks: Checks
) -> None:
    name = what.rpartition(" ")[2].strip("<>")
    near = get_close_matches(name.lower(), sorted(known), n=1)
    checks.add(
        place,
        f"<{parent.name}> has {what}, which the standard does not have there",
        f"call it {near[0]}, if it is that; else take it out" if near else "take it out",
        parent.name,
    )
