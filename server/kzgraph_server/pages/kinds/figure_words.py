"""What a figure says, in a sentence of the page's language.

Labels stand in the nominative, between commas, since a rule cannot put them into another case.
"""

from pyoxigraph import NamedNode

from kzgraph.iri import term, thing
from kzgraph.namespaces import SCHEMA
from kzgraph_server.pages.figure_values import Value
from kzgraph_server.pages.kinds.look import Look
from kzgraph_server.pages.language import format_number, pgettext
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.views import View


def write_sentence(look: Look, value: Value, table: str = "") -> str:
    """What, where, when, how much, and who says so.

    Args:
        look: at the figure.
        value: the figure in short.
        table: the title of the official table that it is in.
    """
    told = {
        "what": _write_what(value),
        "where": value.scope.text if value.scope else _("place not stated"),
        "when": value.time.text if value.time else _("time not stated"),
        "amount": write_in_full(value, look.view(term("baseTime"))),
        "status": value.status.text if value.status else _("not stated"),
    }
    document = look.view(term("statedIn"))
    if document is not None and not value.amount:
        reason = value.availability.text if value.availability else _("not stated")
        return _(
            "%(what)s, %(where)s, %(when)s: no number. Document: “%(document)s”; reason: "
            "%(reason)s.",
            **told, document=document.text, reason=reason,
        )  # fmt: skip
    if document is not None:
        return _(
            "%(what)s, %(where)s, %(when)s: %(amount)s. Document: “%(document)s”; status: "
            "%(status)s.",
            **told, document=document.text,
        )  # fmt: skip
    derivation = look.view(term("derivation"))
    if derivation is not None and value.status is None:
        return _(
            "%(what)s, %(where)s, %(when)s: %(amount)s. Computed by the project: %(how)s.",
            **told, how=derivation.text,
        )  # fmt: skip
    if derivation is not None:
        return _(
            "%(what)s, %(where)s, %(when)s: %(amount)s. Computed by the project: %(how)s; "
            "status: %(status)s.",
            **told, how=derivation.text,
        )  # fmt: skip
    if table and value.status is not None:
        return _(
            "%(what)s, %(where)s, %(when)s: %(amount)s. Official table: %(table)s; status: "
            "%(status)s.",
            **told, table=table,
        )  # fmt: skip
    if table:
        return _(
            "%(what)s, %(where)s, %(when)s: %(amount)s. Official table: %(table)s.",
            **told, table=table,
        )  # fmt: skip
    return _("%(what)s, %(where)s, %(when)s: %(amount)s; status: %(status)s.", **told)


def explain_nothing(look: Look) -> str:
    """Which kind of nothing a figure without a number is; empty for what is not known here."""
    said = {
        thing("availability", "not-published"): _(
            "The document keeps a place for the number and leaves it empty. This is not a zero."
        ),
        thing("availability", "not-given"): _(
            "The document names the thing and gives no number for it. This is not a zero."
        ),
        thing("availability", "no-reports"): _(
            "The document says that nothing of the kind was reported. This is neither a zero nor "
            "a number that is missing."
        ),
        thing("availability", "masked"): _("The document hides the number that was there."),
    }
    found = look.first(term("availability"))
    return said.get(found, "") if isinstance(found, NamedNode) else ""


def _write_what(value: Value) -> str:
    """Whom or what is counted, and how: "Stateless persons (Number at a date)"."""
    names = [each.text for each in (value.counted, value.quantity) if each is not None]
    names = list(dict.fromkeys(names)) or [value.label.text]
    what = names[0]
    if len(names) == 2:
        what = pgettext(
            "who is counted and how", "%(group)s (%(quantity)s)", group=what, quantity=names[1]
        )
    origin = value.origin
    if origin is not None and NamedNode(origin.iri or "urn:x") not in UNDIVIDED:
        what = _("%(what)s from %(source)s", what=what, source=origin.text)
    return what


def write_in_full(value: Value, base_time: View | None = None) -> str:
    """The number with what it means nothing without: its unit, its hedge, what it changed from."""
    if not value.amount:
        return _("no number")
    amount = f"{value.sign}\N{NO-BREAK SPACE}{value.amount}" if value.sign else value.amount
    if value.dollars is not None and value.dollars != value.number:
        amount = _(
            "%(amount)s (by a note of the project: %(dollars)s US dollars)",
            amount=amount, dollars=format_number(value.dollars),
        )  # fmt: skip
    if base_time is not None:
        amount = _("%(amount)s (against %(time)s)", amount=amount, time=base_time.text)
    if value.hedge is not None:
        return _("%(amount)s (in its words “%(hedge)s”)", amount=amount, hedge=value.hedge.text)
    return amount


#: Dimensions of a figure that stand beside its value, in this order.
DIMENSIONS = (
    *map(
        term,
        (
            "populationGroup", "baseGroup", "indicator", "series", "donor", "donorKind", "kind",
            "quantity", "status", "origin", "sex", "age", "disability", "registeredBy",
            "decisionLevel", "scope", "activity", "concerns", "purpose", "time", "baseTime",
            "derivation",
        ),
    ),
    SCHEMA["variableMeasured"], SCHEMA["funder"], SCHEMA["recipient"],
)  # fmt: skip
#: Values of dimensions that divide nothing.
UNDIVIDED = frozenset(
    thing(*each.split("/"))
    for each in (
        "origin/all",
        "origin/stateless",
        "sex/all",
        "age/all",
        "disability/all",
        "registered-by/not-stated",
    )
)
