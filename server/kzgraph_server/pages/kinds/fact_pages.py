"""Pages of facts that are not figures: pledges, partnerships, events, priorities, contacts."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from pyoxigraph import Literal, NamedNode

from kzgraph.iri import term, thing
from kzgraph.namespaces import DCT, OA, ORG, SCHEMA
from kzgraph.prefixes import PREFIXES, shorten
from kzgraph_server.pages.browse.list_pages import Line, find_text
from kzgraph_server.pages.description import Span
from kzgraph_server.pages.kinds.agreement import Official, list_official
from kzgraph_server.pages.kinds.caveats import Caveat, list_caveats
from kzgraph_server.pages.kinds.entity_pages import list_pairs
from kzgraph_server.pages.kinds.fact_lists import make_line
from kzgraph_server.pages.kinds.figure_pages import list_spans
from kzgraph_server.pages.kinds.look import Look, PageKind
from kzgraph_server.pages.language import format_date
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.views import View, is_web

#: What a fact says, in this order: who, what, where, when.
_PAIRS = (
    *map(
        term,
        (
            "kind", "actor", "participant", "partnerOrganisation", "donor", "instrument", "madeAt",
            "project", "scope",
        ),
    ),
    *(ORG[name] for name in ("member", "role", "organization")),
    SCHEMA["location"], term("country"), term("concerns"), term("status"), term("listing"),
    term("time"), DCT["valid"], term("availability"), SCHEMA["dayOfWeek"], SCHEMA["opens"],
    SCHEMA["closes"], SCHEMA["telephone"], SCHEMA["email"], SCHEMA["address"],
    NamedNode(f"{PREFIXES['vcard']}tz"),
    OA["hasBody"], OA["hasTarget"], term("confidence"), SCHEMA["citation"], term("statedIn"),
)  # fmt: skip
_COMPONENT = (term("componentOf"), term("hasComponent"))
#: Facts that one belongs with which its page shows.
_MOST = 20


@dataclass(frozen=True)
class FactPage:
    """What the page of a fact shows.

    Attributes:
        text: what it says, in the project's words; None where its name says all.
        day: when it was or is, where a day is given.
        warning: what it does not mean, of what is easily read as more.
        pairs: who, what and where: a property and what it leads to.
        link: the address that it points to.
        caveats: the notes of the project on it.
        evidence: where its document states it.
        context: what else of the document it needs.
        official: what official data say of it.
        related: facts that it is a part of, or that are parts of it.
    """

    text: View | None
    day: str
    warning: str
    pairs: list[tuple[View, list[View]]]
    link: View | None
    caveats: list[Caveat]
    evidence: list[Span]
    context: list[Span]
    official: list[Official]
    related: list[Line]


def make_fact(look: Look) -> FactPage:
    """What the page of a fact shows."""
    address = look.text(SCHEMA["url"])
    related = [each for name in _COMPONENT for each in look.nodes(name)[:_MOST]]
    return FactPage(
        text=find_text(look.node),
        day=_write_day(look.text(term("date"))),
        warning=_warn(look),
        pairs=[(name, views) for name, views in list_pairs(look, _PAIRS) if views],
        link=View(address, address, address) if is_web(address) else None,
        caveats=list_caveats(look),
        evidence=list_spans(look, term("evidence")),
        context=list_spans(look, term("context")),
        official=list_official(look),
        related=[make_line(look, each) for each in related],
    )


def _warn(look: Look) -> str:
    if look.first(term("kind")) == thing("participation-kind", "not-listed"):
        return _(
            "A state that a list of a day does not name may have joined since; a list is not a "
            "document, and the two stand apart."
        )
    return ""


def _write_day(text: str) -> str:
    try:
        return format_date(text, "full")
    except ValueError:
        return text


def _describe(kind: str, look: Look, made: FactPage) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": kind}
    if made.text is not None:
        found["description"] = made.text.text
    when = look.first(term("date"))
    if kind == "Event" and isinstance(when, Literal):
        found["startDate"] = when.value
    document = look.view(term("statedIn"))
    if document is not None and document.iri and kind != "Event":
        found["isBasedOn"] = {"@type": "CreativeWork", "@id": document.iri, "name": document.text}
    return found


def _query(of: NamedNode, look: Look, _made: FactPage) -> str:
    """All facts of the kind, those of the same country where it has one."""
    same = [f"    kzg:country {shorten(each.value)} ;" for each in look.nodes(term("country"))[:1]]
    lines = (
        "# Facts of this kind, with what they say",
        "SELECT ?fact ?label ?description ?year ?document WHERE {",
        f"  ?fact a {shorten(of.value)} ;",
        *same,
        "    rdfs:label ?label .",
        '  FILTER(LANG(?label) = "en")',
        "  OPTIONAL { ?fact dcterms:description ?description }",
        "  OPTIONAL { ?fact kzg:year ?year }",
        "  OPTIONAL { ?fact kzg:statedIn ?document }",
        "}",
        "ORDER BY DESC(?year) ?label",
    )
    return "\n".join((*lines, ""))


def _kind(of: NamedNode, described: str) -> PageKind:
    return PageKind(
        of, "things/fact.html", make_fact, partial(_describe, described), partial(_query, of)
    )


#: The facts of each class; what is a figure has its value first and comes before these.
KINDS = (
    *(
        _kind(term(name), described)
        for name, described in (
            ("Pledge", "CreativeWork"), ("Partnership", "CreativeWork"), ("Event", "Event"),
            ("Statement", "Claim"), ("LegalChange", "CreativeWork"),
            ("Participation", "CreativeWork"), ("OfficialParticipation", "CreativeWork"),
            ("ContactPoint", "CreativeWork"), ("OfficePresence", "CreativeWork"),
            ("PublicHoliday", "CreativeWork"), ("Reference", "CreativeWork"),
        )
    ),
    _kind(ORG["Membership"], "CreativeWork"),
    _kind(SCHEMA["OpeningHoursSpecification"], "CreativeWork"),
    _kind(OA["Annotation"], "Claim"),
    _kind(term("Fact"), "CreativeWork"),
)  # fmt: skip
