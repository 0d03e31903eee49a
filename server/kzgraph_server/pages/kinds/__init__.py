"""The kinds of things that have a page of their own form, above what every page of a thing has.

A kind is a class, a template of `templates/things/`, and a function that reads what the template
shows. A module here lists its kinds; `ALL` has those of all modules. The first one whose class a
thing has is its kind, so that narrower classes come first.
"""

from collections.abc import Container, Sequence

from kzgraph.namespaces import Term
from kzgraph_server.pages.kinds import (
    comparison_pages,
    concept_pages,
    document_pages,
    entity_pages,
    evidence_pages,
    fact_pages,
    figure_pages,
    official_pages,
    question_pages,
)
from kzgraph_server.pages.kinds.look import Look, PageKind

__all__ = ["ALL", "Look", "PageKind", "find_page_kind"]

#: Every kind of page, narrower classes first.
ALL: Sequence[PageKind] = (
    *figure_pages.KINDS,
    *official_pages.KINDS,
    *comparison_pages.KINDS,
    *evidence_pages.KINDS,
    *question_pages.KINDS,
    *document_pages.KINDS,
    *fact_pages.KINDS,
    *entity_pages.KINDS,
    *concept_pages.KINDS,
)


def find_page_kind(classes: Container[Term]) -> PageKind | None:
    """The kind of page that suits a thing of some classes; None for the general one alone."""
    return next((each for each in ALL if each.of in classes), None)
