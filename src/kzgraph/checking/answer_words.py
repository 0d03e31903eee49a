"""Answers to claims in sentences, in any language: never more than a source states.

The functions take what translates a message as `_`, so that pages, JSON and the command line have
the same sentences. Messages are whole sentences; labels stand in them in the nominative, between a
colon and commas or in quotation marks, since a rule cannot put them into another case.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from pyoxigraph import Literal, NamedNode, Store

from kzgraph.checking import (
    Answer,
    Dimension,
    Finding,
    NumberAnswer,
    Quantified,
    Reason,
    Verdict,
)
from kzgraph.iri import ID, is_path, term, thing
from kzgraph.namespaces import LABEL, TYPE, Term
from kzgraph.prefixes import PREFIXES

_DATA_SET = NamedNode(f"{PREFIXES['qb']}dataSet")
_OPERATION, _DERIVED = term("Operation"), term("DerivedFigure")
_EXACT = thing("bound", "exact")
_NO_UNIT = thing("unit", "not-stated")

#: The kinds of things that bare codes are of.
_KINDS = {Dimension.TIME: "time", Dimension.HEDGE: "bound"}

#: The dimension that a reason is about, and the properties of a figure that have its value.
_DIFFERING = {
    Reason.SCOPE: (Dimension.PLACE, ("scope",)),
    Reason.STATUS: (Dimension.STATUS, ("status",)),
    Reason.GROUP: (Dimension.GROUP, ("populationGroup", "indicator")),
    Reason.ORIGIN: (Dimension.ORIGIN, ("origin",)),
    Reason.QUANTITY: (Dimension.QUANTITY, ("quantity", "indicator")),
    Reason.SERIES: (Dimension.SERIES, ("series",)),
    Reason.REGISTERED_BY: (Dimension.REGISTERED_BY, ("registeredBy",)),
    Reason.TIME: (Dimension.TIME, ("time",)),
    Reason.UNIT: (Dimension.UNIT, ("unit",)),
    Reason.HEDGE: (Dimension.HEDGE, ("hedge", "bound")),
}


class Translate(Protocol):
    """What gives a message in a language, with its placeholders filled in."""

    def __call__(self, message: str, **variables: object) -> str:
        """`message`, which has `%(name)s` for each of `variables`."""


class Labels(Protocol):
    """What things and numbers are called in a language."""

    def name(self, node: NamedNode) -> str:
        """What a thing is called."""

    def amount(self, node: NamedNode) -> str:
        """The number of a figure with its unit and hedge; empty where it has none."""

    def number(self, value: Decimal) -> str:
        """A number with all its digits."""


@dataclass(frozen=True)
class Telling:
    """What sentences are made with.

    Attributes:
        store: the quads of the release.
        labels: what things and numbers are called in the language of the sentences.
        language: that language.
    """

    store: Store
    labels: Labels
    language: str = "en"

    def first(self, node: NamedNode, *names: str) -> Term | None:
        """What the first property that a thing has of some of the project's leads to."""
        for name in names:
            quads = self.store.quads_for_pattern(node, term(name), None, None)
            found = min((quad.object for quad in quads), key=str, default=None)
            if found is not None:
                return found
        return None

    def is_a(self, node: NamedNode, of: NamedNode) -> bool:
        """Whether a thing is of a class."""
        return any(True for _quad in self.store.quads_for_pattern(node, TYPE, of, None))

    def has_name(self, node: NamedNode) -> bool:
        """Whether a thing has a label."""
        return any(True for _quad in self.store.quads_for_pattern(node, LABEL, None, None))


def translate_not(message: str, **variables: object) -> str:
    """A message in English, in which it is written."""
    return message % variables


def name_verdict(verdict: Verdict, _: Translate) -> str:
    """A verdict in a few words: what the sources have, not whether a claim is true."""
    return {
        Verdict.STATED: _("Stated"),
        Verdict.ROUNDED: _("Stated, and rounded in the claim"),
        Verdict.OTHER_SCOPE: _("Stated, but of another place"),
        Verdict.FORECAST: _("Stated as foreseen, not as something that happened"),
        Verdict.SUPERSEDED: _("Stated, and superseded by a newer figure"),
        Verdict.CONTRADICTED: _("The sources state something else"),
        Verdict.NOT_FOUND: _("Not found in the sources"),
    }[verdict]


def name_finding(finding: Finding, number: Quantified, _: Translate) -> str:
    """The verdict of one figure in a few words.

    A number that a document hedges and the claim does not is no other number.
    """
    is_bare = not set(number.codes(Dimension.HEDGE)) - {"exact"}
    if finding.verdict is Verdict.CONTRADICTED and finding.reasons == (Reason.HEDGE,) and is_bare:
        return _("The sources state it less exactly")
    return name_verdict(finding.verdict, _)


def name_outcome(answer: Answer, _: Translate) -> str:
    """The verdict of a whole claim in a few words."""
    match answer.numbers:
        case [NumberAnswer(findings=[first, *_rest]) as only]:
            return name_finding(first, only.number, _)
    return name_verdict(answer.verdict, _)


def name_dimension(dimension: Dimension, _: Translate) -> str:
    """What a claim may say beside its number, as a heading."""
    return {
        Dimension.PLACE: _("Place"),
        Dimension.TIME: _("Time"),
        Dimension.GROUP: _("Group of people"),
        Dimension.ORIGIN: _("Origin"),
        Dimension.QUANTITY: _("What is measured"),
        Dimension.SERIES: _("Series"),
        Dimension.REGISTERED_BY: _("Registered by"),
        Dimension.STATUS: _("Status"),
        Dimension.HEDGE: _("How exact"),
        Dimension.UNIT: _("Unit"),
        Dimension.DIRECTION: _("Direction"),
    }[dimension]


def name_code(
    dimension: Dimension, code: str, telling: Telling, _: Translate, said: str = ""
) -> str:
    """What a code that was read is called: that of a thing by its label, any other in words.

    Args:
        dimension: what it is about.
        code: as it was read.
        telling: what names it.
        _: translates messages.
        said: the words that it was read from, by which it is called if it has no name.
    """
    words = {
        "ahead": _("foreseen"),
        "up": _("more than before"),
        "down": _("less than before"),
        "other": _("something that no source has figures of"),
    }
    if code in words:
        return words[code]
    path = code.removeprefix(ID)
    path = path if "/" in path else f"{_KINDS.get(dimension, '')}/{path}"
    node = NamedNode(ID + path) if is_path(path) else None
    return telling.labels.name(node) if node and telling.has_name(node) else said or code


def list_unread(answer: Answer) -> list[str]:
    """The words of a claim that were not understood, wherever they stand."""
    beside = (word for each in answer.numbers for word in each.number.unread)
    return list(dict.fromkeys((*answer.unread, *beside)))


def write_answer(answer: Answer, telling: Telling, _: Translate) -> str:
    """What the sources have for a claim, in sentences."""
    return " ".join(list_sentences(answer, telling, _))


def list_sentences(answer: Answer, telling: Telling, _: Translate) -> list[str]:
    """The same, with the sentences of each number together."""
    if not answer.numbers:
        return [
            _(
                "No number was read in this claim, and only numbers are checked: for example "
                "“87,632 stateless people in Kazakhstan in 2018”."
            )
        ]
    written = [write_number(each, telling, _) for each in answer.numbers]
    if len(answer.numbers) == 1:
        return written
    return [
        _("“%(number)s”: %(sentence)s", number=each.number.written, sentence=sentence)
        for each, sentence in zip(answer.numbers, written, strict=False)
    ]


def write_number(answer: NumberAnswer, telling: Telling, _: Translate) -> str:
    """What the sources have for one number of a claim, in sentences: the most useful of it."""
    if answer.findings:
        return write_finding(answer.findings[0], answer.number, telling, _)
    unread = answer.number.unread
    if unread:
        # The sources may state what the claim says: nobody knows who has not read all of it.
        sentence = _(
            "Whether a source states it cannot be told, since this was not understood: %(words)s.",
            words=_quote(unread, _),
        )  # fmt: skip
    else:
        sentence = _("No source of this release states it.")
    nearest = (write_finding(each, answer.number, telling, _) for each in answer.nearest[:1])
    return " ".join((sentence, *nearest))


def write_finding(finding: Finding, number: Quantified, telling: Telling, _: Translate) -> str:
    """What one figure has to do with a claim, in sentences: what is stated, where, and how else."""
    figure = _write_figure(finding, telling, _)
    if finding.later is not None:
        later = _write_one(finding.later, telling, _)
        told = _(
            "Stated, and there is a newer figure: %(later)s. The earlier one: %(figure)s.",
            later=later, figure=figure,
        )  # fmt: skip
    elif finding.verdict is Verdict.NOT_FOUND:
        told = _("The nearest that there is: %(figure)s.", figure=figure)
    else:
        told = _(
            "%(verdict)s: %(figure)s.", verdict=name_finding(finding, number, _), figure=figure
        )
    sentences = [told, *_write_source(finding, telling, _)]
    if finding.verdict is not Verdict.NOT_FOUND:
        # Of what is only near the differences are many, and nobody meant it.
        sentences += write_reasons(finding, number, telling, _)
    return " ".join(sentences)


def write_reasons(
    finding: Finding, number: Quantified, telling: Telling, _: Translate
) -> Iterator[str]:
    """In what a figure and a claim differ, a sentence each."""
    for reason in finding.reasons:
        if reason in _DIFFERING:
            yield from _write_difference(reason, finding, number, telling, _)
        elif reason is Reason.DIGITS:
            yield _("Its digits are almost those of the claim.")
        elif reason is Reason.VALUE:
            yield _write_numbers(finding, number, telling, _)
        elif reason is Reason.DIRECTION:
            yield _("The claim and the source tell of changes in opposite directions.")
        elif reason is Reason.UNREAD:
            words = _quote(number.unread, _)
            yield _("The claim says more that was not understood: %(words)s.", words=words or "…")


def _quote(words: Iterable[str], _: Translate) -> str:
    return ", ".join(_("“%(text)s”", text=each) for each in words)


#: Quotation marks within others.
_INNER = str.maketrans({"“": "‘", "”": "’", "«": "„", "»": "“"})


def _write_numbers(finding: Finding, number: Quantified, telling: Telling, _: Translate) -> str:
    return _(
        "%(dimension)s: in the claim “%(claimed)s”, in the source “%(stated)s”.",
        dimension=_("Number"), claimed=number.written,
        stated=_write_amount(finding, telling).translate(_INNER),
    )  # fmt: skip


def _write_difference(
    reason: Reason, finding: Finding, number: Quantified, telling: Telling, _: Translate
) -> Iterator[str]:
    dimension, names = _DIFFERING[reason]
    found = telling.first(finding.figure, *names)
    if isinstance(found, NamedNode):
        stated = "" if found == _NO_UNIT else telling.labels.name(found)
    else:
        stated = found.value if isinstance(found, Literal) else ""
    stated = stated.translate(_INNER)
    read = [each for each in number.read if each.dimension is dimension]
    # Of several things that a claim says, the one that the source does not.
    other = [each for each in read if each.code != getattr(found, "value", "")]
    said = next(iter(other or read), None)
    told = name_dimension(dimension, _)
    if reason is Reason.UNIT and not other:
        # Of the same unit, or of none, it is the number that differs: millions are thousands.
        yield _write_numbers(finding, number, telling, _)
    elif said is None and stated:
        yield _(
            "%(dimension)s: in the source “%(stated)s”; the claim does not say.",
            dimension=told, stated=stated,
        )  # fmt: skip
    elif said is not None:
        claimed = said.words or name_code(said.dimension, said.code, telling, _)
        claimed = claimed.translate(_INNER)
        if stated:
            yield _(
                "%(dimension)s: in the claim “%(claimed)s”, in the source “%(stated)s”.",
                dimension=told, claimed=claimed, stated=stated,
            )  # fmt: skip
        else:
            yield _(
                "%(dimension)s: in the claim “%(claimed)s”; the source does not say.",
                dimension=told, claimed=claimed,
            )  # fmt: skip
    if reason is Reason.SCOPE and isinstance(found, NamedNode):
        unlisted = telling.first(found, "area", "country") is None
        if unlisted and telling.is_a(found, _OPERATION):
            yield _("The documents do not list the countries of “%(scope)s”.", scope=stated)


def _write_source(finding: Finding, telling: Telling, _: Translate) -> Iterator[str]:
    """Who says so: a document, an official table, or the project's arithmetic."""
    document = telling.first(finding.figure, "statedIn")
    if isinstance(document, NamedNode):
        yield _("Document: “%(document)s”.", document=telling.labels.name(document))
        return
    derivation = telling.first(finding.figure, "derivation")
    if isinstance(derivation, NamedNode):
        how = telling.labels.name(derivation)
        yield _("Computed by the project from what is stated: %(how)s.", how=how)
        return
    for quad in telling.store.quads_for_pattern(finding.figure, _DATA_SET, None, None):
        if isinstance(quad.object, NamedNode):
            table = telling.labels.name(quad.object)
            yield _("Official table: %(table)s.", table=table)
            return


def _write_figure(finding: Finding, telling: Telling, _: Translate) -> str:
    if len(finding.cells) < 2:
        return _write_one(finding.figure, telling, _)
    return _(
        "%(what)s, the sum of %(count)s official figures: %(amount)s",
        what=name_sum(finding, telling),
        count=telling.labels.number(Decimal(len(finding.cells))),
        amount=_write_amount(finding, telling),
    )


def name_sum(finding: Finding, telling: Telling) -> str:
    """What official figures that are summed are of together: what they have in common."""
    parts = (telling.first(finding.figure, each) for each in ("populationGroup", "scope", "time"))
    return ", ".join(telling.labels.name(each) for each in parts if isinstance(each, NamedNode))


def _write_one(node: NamedNode, telling: Telling, _: Translate) -> str:
    """A figure: what it is of, where and when, as its label has it, and its number."""
    amount = telling.labels.amount(node) or _("no number")
    return _("%(label)s: %(amount)s", label=telling.labels.name(node), amount=amount)


def _write_amount(finding: Finding, telling: Telling) -> str:
    """The number that was compared: of a figure with its unit, of a sum without."""
    if len(finding.cells) > 1 and finding.value is not None:
        return telling.labels.number(finding.value)
    return telling.labels.amount(finding.figure)
