"""Answers to claims as JSON; docs/checking.md says what each member means."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

from pyoxigraph import Literal, NamedNode

from kzgraph.checking import Answer, Finding, NumberAnswer, Quantified
from kzgraph.checking.answer_words import (
    Telling,
    Translate,
    list_unread,
    name_code,
    name_sum,
    write_answer,
    write_finding,
    write_number,
)
from kzgraph.iri import ID, term
from kzgraph.namespaces import DCT, OA, SCHEMA, Term

#: Figures, notes or pieces of evidence of one finding that are given.
MOST_BESIDE = 20

#: Where the page of a thing is; None for what has none.
Page = Callable[[NamedNode], str | None]


def describe_answer(
    answer: Answer, release: str, telling: Telling, _: Translate, page: Page | None = None
) -> dict[str, Any]:
    """What a program gets.

    Args:
        answer: what the sources have for a claim.
        release: the version of the release.
        telling: in which language sentences and labels are.
        _: translates messages into it.
        page: where pages are; nothing is said of them without it.
    """
    writer = _Describing(telling, _, page)
    numbers = answer.numbers
    return {
        "claim": answer.claim,
        "language": answer.language,
        "release": release,
        "shortened": answer.shortened,
        "verdict": answer.verdict.value,
        "sentence": write_answer(answer, telling, _),
        "reading": writer.reading(each.number for each in numbers),
        "not_understood": list_unread(answer),
        "numbers": [writer.number(each) for each in numbers],
        "findings": [
            {"number": place, **writer.finding(finding, each.number)}
            for place, each in enumerate(numbers)
            for finding in each.findings
        ],
        "nearest": [
            {"number": place, **writer.finding(finding, each.number)}
            for place, each in enumerate(numbers)
            for finding in each.nearest
        ],
    }


class _Describing:
    def __init__(self, telling: Telling, _: Translate, page: Page | None) -> None:
        self._telling, self._translate, self._page = telling, _, page

    def reading(self, numbers: Iterable[Quantified]) -> dict[str, list[dict[str, Any]]]:
        """What was read of each dimension, each once."""
        found: dict[str, dict[tuple[str, int], dict[str, Any]]] = {}
        for number in numbers:
            for each in number.read:
                found.setdefault(each.dimension.value, {})[each.code, each.start] = {
                    "code": each.code.removeprefix(ID),
                    "label": name_code(
                        each.dimension, each.code, self._telling, self._translate, each.words
                    ),
                    "words": each.words,
                    "start": each.start,
                    "end": each.end,
                }
        return {name: list(read.values()) for name, read in found.items()}

    def number(self, answer: NumberAnswer) -> dict[str, Any]:
        """A number of the claim, how it was read, and what is said of it."""
        number = answer.number
        return {
            "written": number.written,
            "value": write_plain(number.value),
            "start": number.start,
            "end": number.end,
            "verdict": answer.verdict.value,
            "sentence": write_number(answer, self._telling, self._translate),
            "reading": self.reading((number,)),
            "not_understood": list(number.unread),
        }

    def finding(self, finding: Finding, number: Quantified) -> dict[str, Any]:
        """A figure that bears on a number, or is like what was claimed."""
        return {
            "verdict": finding.verdict.value,
            "reasons": [each.value for each in finding.reasons],
            "sentence": write_finding(finding, number, self._telling, self._translate),
            "compared": None if finding.value is None else write_plain(finding.value),
            "figure": self._figure(finding.figure) | self._sum(finding),
            "cells": [self._short(each) for each in finding.cells[:MOST_BESIDE]],
            "later": None if finding.later is None else self._short(finding.later),
        }

    def _sum(self, finding: Finding) -> dict[str, Any]:
        """What the figure that stands for several that are summed has of all of them."""
        if len(finding.cells) < 2 or finding.value is None:
            return {}
        cited = dict.fromkeys(
            line for each in finding.cells[:MOST_BESIDE] for line in self._cite_line(each)
        )
        return {
            "label": name_sum(finding, self._telling),
            "amount": self._telling.labels.number(finding.value),
            "value": write_plain(finding.value),
            "citation": "; ".join(cited) or None,
        }

    def _figure(self, node: NamedNode) -> dict[str, Any]:
        """A figure with all that it must not go without."""
        first = self._telling.first
        document = first(node, "statedIn")
        citations = [*self._texts(node, DCT["bibliographicCitation"]), *self._cite_line(node)]
        return {
            **self._short(node),
            "value": self._number(node),
            "unit": self._named(first(node, "unit")),
            "scope": self._named(first(node, "scope")),
            "time": self._named(first(node, "time")),
            "status": self._named(first(node, "status")),
            "bound": self._named(first(node, "bound")),
            "hedge": getattr(first(node, "hedge"), "value", None),
            "document": self._named(document),
            "citation": next(iter(citations), None),
            "evidence": list(islice(self._evidence(node), MOST_BESIDE)),
            "caveats": [text for each in self._things(node, "caveat") for text in self._note(each)],
            "official": [self._official(each) for each in self._things(node, "concordance")],
        }

    def _short(self, node: NamedNode) -> dict[str, Any]:
        labels = self._telling.labels
        found = {
            "id": node.value.removeprefix(ID),
            "iri": node.value,
            "label": labels.name(node),
            "amount": labels.amount(node),
        }
        return found | ({"page": self._page(node)} if self._page else {})

    def _named(self, node: Term | None) -> dict[str, str] | None:
        if not isinstance(node, NamedNode):
            return None
        return {"id": node.value.removeprefix(ID), "label": self._telling.labels.name(node)}

    def _number(self, node: NamedNode) -> int | float | None:
        found = self._telling.first(node, "value", "officialValue")
        if found is None:
            quads = self._telling.store.quads_for_pattern(node, SCHEMA["value"], None, None)
            found = next((quad.object for quad in quads), None)
        try:
            return write_plain(Decimal(getattr(found, "value", "")))
        except InvalidOperation:
            return None

    def _evidence(self, node: NamedNode) -> Iterator[dict[str, Any]]:
        """Where a document states a figure: characters, and the words where they may be quoted."""
        quads = self._telling.store.quads_for_pattern
        for evidence in self._things(node, "evidence"):
            found: dict[str, Any] = {"iri": evidence.value}
            for selected in quads(evidence, OA["hasSelector"], None, None):
                if isinstance(selected.object, NamedNode):
                    for name, member in (("start", "start"), ("end", "end"), ("exact", "quote")):
                        for text in self._texts(selected.object, OA[name]):
                            found[member] = text if name == "exact" else int(text)
            for text in self._texts(evidence, SCHEMA["url"]):
                found["link"] = text
            yield found

    def _cite_line(self, node: NamedNode) -> Iterator[str]:
        """The line of the published file that an official figure is in, and whose file that is."""
        quads = self._telling.store.quads_for_pattern(node, term("row"), None, None)
        for quad in islice(quads, 1):
            graph = quad.graph_name
            if isinstance(graph, NamedNode) and isinstance(quad.object, Literal):
                credit = self._texts(graph, SCHEMA["creditText"])[:1]
                title = next(iter(self._texts(graph, DCT["title"])), graph.value)
                yield ": ".join((*credit, f"{title}, line {quad.object.value}"))

    def _note(self, note: NamedNode) -> list[str]:
        return self._texts(note, DCT["description"])[:1]

    def _official(self, node: NamedNode) -> dict[str, Any]:
        """What official data say of a figure."""
        first = self._telling.first
        cells = self._things(node, "officialFigure")
        difference = getattr(first(node, "difference"), "value", None)
        return {
            "iri": node.value,
            "explanation": self._named(first(node, "explanation")),
            "difference": None if difference is None else write_plain(Decimal(difference)),
            "figures": [self._short(each) for each in cells],
        }

    def _things(self, node: NamedNode, name: str) -> list[NamedNode]:
        quads = self._telling.store.quads_for_pattern(node, term(name), None, None)
        found = {quad.object for quad in quads if isinstance(quad.object, NamedNode)}
        return sorted(found, key=lambda each: each.value)[:MOST_BESIDE]

    def _texts(self, node: NamedNode, name: NamedNode) -> list[str]:
        """The literals that a property leads to, those in the language of the answer first."""
        quads = self._telling.store.quads_for_pattern(node, name, None, None)
        found = [quad.object for quad in quads if isinstance(quad.object, Literal)]
        first = (self._telling.language, "en", None)

        def place(text: Literal) -> tuple[int, str]:
            at = first.index(text.language) if text.language in first else len(first)
            return at, text.value

        found.sort(key=place)
        return [each.value for each in found]


def write_plain(value: Decimal) -> int | float:
    """A number as JSON has it."""
    return int(value) if value == value.to_integral_value() else float(value)
