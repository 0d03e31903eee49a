"""What documents say of states and treaties, beside the list of the treaty's depositary.

A list is of a day: it has the acts until then, with their days, and says of some states that it has
none. So what a document says of a later time it can bear out, as who is bound stays bound, and
cannot deny: that a state joined later than the list is no contradiction, and neither is that a
document which is older than an act does not know it. Rules, in this order:

1. `same`: the list says it too: an act by which the state is bound at the time, the act of the kind
   and time that the document names, or none for a state that is not a party;
2. `date`: it has the act, of another time;
3. `standing`: it has another act, or an act where the document says that the state is not a party;
4. `older-list`: it has none, and the document may speak of a time after it;
5. `not-found`: it has none, or tells nothing of the state.

The time is that of the fact, or else the document's: when it was issued, or that it is not younger
than its copy.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from pyoxigraph import Literal, NamedNode, Store, Triple

from kzgraph.iri import term, thing
from kzgraph.months import ENGLISH
from kzgraph.namespaces import DCT, LABEL, LANGUAGES, PROV, TYPE, Term
from kzgraph.reasoning.concordance.concordance_triples import (
    Established,
    cite,
    codes_of,
    describe_outcome,
    label_of,
    name,
)
from kzgraph.reasoning.concordance.english_names import EnglishNames
from kzgraph.reasoning.concordance.official_reading import Meaning
from kzgraph.reasoning.figures import Span, by_language, span_of, text
from kzgraph.reasoning.rules_text import objects

_BOUND, _NOT_BOUND, _NOT_LISTED = (
    thing("participation-kind", code) for code in ("state-party", "not-a-party", "not-listed")
)
#: A time that nothing is known of.
_UNKNOWN = Span(None, None)


@dataclass(frozen=True)
class Standing:
    """What a document says of a state and a treaty.

    Attributes:
        iri: the fact.
        label: what it is called in English.
        labels: what its concordance is named after, by language.
        state: the state.
        instrument: the treaty.
        kind: the standing or the act.
        span: the time that the document gives for it, or that of the document, as far as known.
        time: the time that the document gives for it, if it does.
    """

    iri: NamedNode
    label: str
    labels: dict[str, str]
    state: Term
    instrument: Term
    kind: Term
    span: Span = _UNKNOWN
    time: Term | None = None

    @property
    def is_dated(self) -> bool:
        """Whether the document gives a time for it."""
        return self.time is not None

    @property
    def node(self) -> NamedNode:
        """The IRI of its concordance; no key of a figure has two hyphens in a row."""
        document, key = self.iri.value.rsplit("/", 2)[1:]
        return thing("concordance", document, f"participation--{key}")

    def names(self, day: date) -> bool:
        """Whether a day is that of the act as the document gives it.

        What began with a year, a quarter or a month began on any of its days.
        """
        if self.span.start is None or self.span.end is not None:
            return Span(day, day).within(self.span)
        return self.span.start <= day <= _longest(self.span.start)


@dataclass(frozen=True)
class Entry:
    """What a list says of a state and a treaty on the day `as_of`: an act, or that there is none.

    `graph` is that of the file; an act has a `day`.
    """

    iri: NamedNode
    state: Term | None
    instrument: Term | None
    kind: Term | None
    as_of: date
    day: date | None = None
    graph: NamedNode | None = None


@dataclass(frozen=True)
class Verdict:
    """What a list says of what a document does.

    Attributes:
        explanation: the code of the first rule that explains it.
        confidence: how sure that is; None where nothing was found.
        further: codes of what explains it in addition.
        entries: what was compared.
    """

    explanation: str
    confidence: str | None = None
    further: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()


def compare_standings(
    working: Store, official: Store, earlier: Store | None = None
) -> Iterator[tuple[Standing, Verdict]]:
    """What documents say of treaties that a list has, each with what the list says.

    Args:
        working: what documents state, and the codes.
        official: the current lists, in any graphs.
        earlier: lists of other vintages, in any graphs.
    """
    bound = Meaning(working).below(_BOUND)
    current = tuple(_read_entries(official))
    older = tuple(_read_entries(earlier)) if earlier is not None else ()
    for standing in sorted(_read_standings(working), key=lambda each: each.iri.value):
        verdict = judge(standing, current, bound)
        if verdict is None:
            continue
        if verdict.explanation != "same":
            before = judge(standing, older, bound)
            if before and before.explanation == "same" and before.confidence == "high":
                verdict = replace(before, explanation="revised", confidence="medium")
        yield standing, verdict


def judge(standing: Standing, lists: Iterable[Entry], bound: frozenset[Term]) -> Verdict | None:
    """What lists say of a standing; None where they have nothing of its kind or of its treaty.

    Args:
        standing: what a document says.
        lists: the entries of the lists, of all states and treaties.
        bound: the kinds of acts by which a state is bound.
    """
    of_treaty = [each for each in lists if each.instrument == standing.instrument]
    is_known = standing.kind in bound | {_NOT_BOUND} or any(
        each.kind == standing.kind for each in lists
    )
    if not of_treaty or not is_known or standing.kind == _NOT_LISTED:
        return None
    entries = tuple(each for each in of_treaty if each.state == standing.state)
    if not entries:
        return Verdict("not-found")
    acts = {each.kind: each.day for each in entries if each.day is not None}
    binding = {kind: day for kind, day in acts.items() if kind in bound}
    as_of = max(each.as_of for each in entries)
    if standing.kind == _NOT_BOUND:
        found = _judge_outsider(standing, min(binding.values(), default=None), as_of)
    elif standing.kind == _BOUND and binding:
        found = _judge_party(standing, min(binding.values()))
    elif standing.kind in acts:
        found = _judge_act(standing, acts[standing.kind])
    elif related := binding if standing.kind in bound else acts:
        named = any(map(standing.names, related.values()))
        further = ("date",) if standing.is_dated and not named else ()
        found = Verdict("standing", "medium", further)
    elif _may_follow(standing, as_of):
        follows = standing.span.start is not None and standing.span.start > as_of
        found = Verdict("older-list", "medium" if follows else "low")
    else:
        found = Verdict("not-found")
    return replace(found, entries=entries)


def _judge_party(standing: Standing, since: date) -> Verdict:
    """Of a state that is said to be bound, and that the list has as bound `since` a day."""
    start, end = standing.span.start, standing.span.end
    if standing.is_dated and standing.names(since):
        return Verdict("same", "high")
    if end is not None and since > end:
        return Verdict("date", "high")
    if not standing.is_dated:
        return Verdict("same", "high")
    if start is not None and end is None:
        return Verdict("date", "high")
    # Bound before: the same if the time is when it was bound, and not if it is when it joined.
    return Verdict("same", "medium", ("date",))


def _judge_outsider(standing: Standing, since: date | None, as_of: date) -> Verdict:
    """Of a state that is said not to be a party."""
    start, end = standing.span.start, standing.span.end
    if since is None:
        if _may_follow(standing, as_of):
            return Verdict("same", "medium", ("older-list",))
        return Verdict("same", "high")
    if end is not None and end < since:
        return Verdict("same", "high")
    return Verdict("standing", "high" if start is not None and start >= since else "low")


def _judge_act(standing: Standing, day: date) -> Verdict:
    """Of an act of a kind that the list has, too."""
    if standing.is_dated:
        agrees = standing.names(day)
    else:
        agrees = standing.span.end is None or day <= standing.span.end
    return Verdict("same" if agrees else "date", "high")


def _may_follow(standing: Standing, as_of: date) -> bool:
    """Whether it may be of a time after the list."""
    return standing.span.end is None or standing.span.end > as_of


def _longest(start: date) -> date:
    """The last day of the longest part of the calendar that begins with a day.

    >>> _longest(date(1999, 1, 1)), _longest(date(1999, 1, 15))
    (datetime.date(1999, 12, 31), datetime.date(1999, 1, 15))
    """
    if start.day > 1:
        return start
    months = 12 if start.month == 1 else 3 if start.month % 3 == 1 else 1
    last = start.month + months - 1
    return date(start.year, last, monthrange(start.year, last)[1])


def _read_standings(store: Store) -> Iterator[Standing]:
    """The participations that documents state; one that lacks a part is left to validation."""
    for quad in store.quads_for_pattern(None, TYPE, term("Participation"), None):
        fact = quad.subject
        if not isinstance(fact, NamedNode):
            continue
        parts = [
            objects(store, fact, term(each))
            for each in ("participant", "instrument", "kind", "statedIn")
        ]
        label = by_language(objects(store, fact, LABEL)).get(LANGUAGES[0])
        if label is None or any(len(each) != 1 for each in parts):
            continue
        ((state,), (instrument,), (kind,), (document,)) = parts
        times = objects(store, fact, term("time"))
        own = span_of(store, times[0]) if len(times) == 1 else None
        named = [by_language(objects(store, each, LABEL)) for each in (state, instrument)]
        yield Standing(
            fact,
            label,
            {
                language: ", ".join(labels[language] for labels in named)
                for language in LANGUAGES
                if all(language in labels for labels in named)
            },
            state,
            instrument,
            kind,
            own or _span_of_document(store, document),
            times[0] if own else None,
        )


def _span_of_document(store: Store, document: Term) -> Span:
    """When a document speaks: when it was issued; else not after its copy was taken."""
    for issued in objects(store, document, DCT["issued"]):
        return _span_of_text(text(issued))
    for captured in objects(store, document, PROV["generatedAtTime"]):
        return Span(None, date.fromisoformat(text(captured)[: len("2018-12-31")]))
    return _UNKNOWN


def _span_of_text(issued: str) -> Span:
    """The days of a year, a month or a day.

    >>> _span_of_text("2018-02").end
    datetime.date(2018, 2, 28)
    """
    first = date.fromisoformat(f"{issued}-01-01"[: len("2018-12-31")])
    if len(issued) == len("2018-12-31"):
        return Span(first, first)
    month = first.month if len(issued) == len("2018-12") else 12
    return Span(first, date(first.year, month, monthrange(first.year, month)[1]))


def _read_entries(official: Store) -> Iterator[Entry]:
    """What lists say, in the order of their IRIs; an entry that lacks a part is left out."""
    listed = official.quads_for_pattern(None, TYPE, term("OfficialParticipation"), None)
    for quad in sorted(listed, key=lambda each: str(each.subject)):
        iri, graph = quad.subject, quad.graph_name
        given = {
            each.predicate: each.object
            for each in official.quads_for_pattern(iri, None, None, graph)
        }
        parts = tuple(given.get(term(each)) for each in ("country", "instrument", "kind"))
        as_of, day = given.get(DCT["valid"]), given.get(term("date"))
        if isinstance(iri, NamedNode) and isinstance(as_of, Literal) and None not in parts:
            state, instrument, kind = parts
            yield Entry(
                iri,
                state,
                instrument,
                kind,
                date.fromisoformat(as_of.value),
                date.fromisoformat(day.value) if isinstance(day, Literal) else None,
                graph if isinstance(graph, NamedNode) else None,
            )


def describe_standing(
    working: Store, official: Store, standing: Standing, verdict: Verdict
) -> Iterator[Triple]:
    """The triples of the concordance of a participation.

    Args:
        working: the labels of states, treaties and codes, and the citation of the fact.
        official: what the files of the lists ask for.
        standing: what a document says.
        verdict: what the list says.
    """
    names, node = EnglishNames(working, official), standing.node
    label = label_of("The depositary's list", names, standing, verdict)
    yield from name(working, node, standing, label)
    yield from describe_outcome(node, verdict, verdict.entries)
    words = Literal(_describe(names, standing, verdict), language="en")
    yield Triple(node, DCT["description"], words)
    yield cite(names, node, standing, label, verdict.entries)


def establish_standing(standing: Standing, verdict: Verdict) -> Established:
    """The bodies by which a note says of a participation what was found."""
    return standing.iri, standing.node, codes_of(verdict)


def _describe(names: EnglishNames, standing: Standing, verdict: Verdict) -> str:
    sought = (standing.kind, standing.state, standing.instrument, standing.time)
    words = f"Looked for: {'; '.join(filter(None, map(names.of, sought)))}."
    if not verdict.entries:
        return f"{words} The list tells nothing of the state."
    said = "; ".join(
        names.of(each.kind) + (f", {_in_words(each.day)}" if each.day else "")
        for each in verdict.entries
    )
    of = " and ".join(_in_words(each) for each in sorted({each.as_of for each in verdict.entries}))
    return f"{words} The list of {of} has: {said}."


def _in_words(day: date) -> str:
    return f"{day.day} {ENGLISH[day.month - 1]} {day.year}"
