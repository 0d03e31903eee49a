"""Pages of comparisons of two figures, and of what official data say of a fact."""

from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from kzgraph.iri import term
from kzgraph.prefixes import shorten
from kzgraph_server.pages.kinds.agreement import (
    Compared,
    Official,
    read_comparison,
    read_concordance,
)
from kzgraph_server.pages.kinds.caveats import Caveat, list_caveats
from kzgraph_server.pages.kinds.look import Look, PageKind
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.views import View


@dataclass(frozen=True)
class ComparisonPage:
    """What the page of a comparison shows.

    Attributes:
        compared: the comparison; None where one of its figures is not there.
        documents: of the figure that the difference is to, and of the other.
        sentence: the same in words.
        caveats: the notes of the project on it.
    """

    compared: Compared | None
    documents: tuple[View | None, View | None]
    sentence: str
    caveats: list[Caveat]


@dataclass(frozen=True)
class ConcordancePage:
    """What the page of a concordance shows.

    Attributes:
        official: the concordance.
        sentence: the same in words.
        caveats: the notes of the project on it.
    """

    official: Official
    sentence: str
    caveats: list[Caveat]


def make_comparison(look: Look) -> ComparisonPage:
    """What the page of a comparison shows."""
    found = read_comparison(look, look.node)
    if found is None:
        return ComparisonPage(None, (None, None), "", list_caveats(look))
    told = {
        "one": found.comparand.label.text,
        "other": found.baseline.label.text,
        "reason": found.kind.text if found.kind else _("not known"),
    }
    if found.difference.number:
        sentence = _(
            "“%(one)s” less “%(other)s”: %(difference)s. Reason: %(reason)s.",
            **told,
            difference=found.difference.number,
        )
    else:
        sentence = _(
            "“%(one)s” and “%(other)s” differ, and by how much does not follow from them. "
            "Reason: %(reason)s.",
            **told,
        )
    baseline, comparand = (
        _find_document(look, each.iri) for each in (found.baseline, found.comparand)
    )
    return ComparisonPage(found, (baseline, comparand), sentence, list_caveats(look))


def make_concordance(look: Look) -> ConcordancePage:
    """What the page of a concordance shows."""
    found = read_concordance(look, look.node)
    sentence = _(
        "What official data say of “%(fact)s”: %(reason)s; official figures or entries: %(count)s.",
        fact=found.fact.text if found.fact else "",
        reason=found.explanation.text if found.explanation else _("not known"),
        count=found.total,
    )
    return ConcordancePage(found, sentence, list_caveats(look))


def _find_document(look: Look, iri: str) -> View | None:
    quads = look.store.quads_for_pattern(NamedNode(iri), term("statedIn"), None, None)
    found = next(iter(quads), None)
    return None if found is None else look.viewer.any(found.object)


def _describe_comparison(look: Look, made: ComparisonPage) -> dict[str, Any]:
    return {"@type": "CreativeWork", "description": made.sentence}


def _describe_concordance(look: Look, made: ConcordancePage) -> dict[str, Any]:
    return {"@type": "CreativeWork", "description": made.sentence}


def _query_comparison(look: Look, made: ComparisonPage) -> str:
    return (
        "# Comparisons for the same reason\n"
        "SELECT ?comparison ?baseline ?comparand ?difference ?percent WHERE {\n"
        f"  {shorten(look.node.value)} kzg:kind ?kind .\n"
        "  ?comparison kzg:kind ?kind ; kzg:baseline ?baseline ; kzg:comparand ?comparand .\n"
        "  OPTIONAL { ?comparison kzg:difference ?difference }\n"
        "  OPTIONAL { ?comparison kzg:percentDifference ?percent }\n"
        "}\nORDER BY ?comparison\n"
    )


def _query_concordance(look: Look, made: ConcordancePage) -> str:
    return (
        "# What official data say for the same reason\n"
        "SELECT ?fact ?concordance ?confidence ?difference WHERE {\n"
        f"  {shorten(look.node.value)} kzg:explanation ?explanation .\n"
        "  ?concordance kzg:explanation ?explanation . ?fact kzg:concordance ?concordance .\n"
        "  OPTIONAL { ?concordance kzg:confidence ?confidence }\n"
        "  OPTIONAL { ?concordance kzg:difference ?difference }\n"
        "}\nORDER BY ?fact\n"
    )


KINDS = (
    PageKind(
        term("Comparison"), "things/comparison.html", make_comparison, _describe_comparison,
        _query_comparison,
    ),
    PageKind(
        term("Concordance"), "things/concordance.html", make_concordance, _describe_concordance,
        _query_concordance,
    ),
)  # fmt: skip
