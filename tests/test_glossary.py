"""The glossary, the tables and the vocabulary call each thing by the same names."""

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal

from fixed_tables import read_fixed_tables
from kzgraph.iri import ID, ONTOLOGY
from kzgraph.namespaces import LANGUAGES
from kzgraph.prefixes import PREFIXES
from kzgraph.vocabulary import ontology_quads
from kzgraph_mappings import map_tables

PAGE = (Path(__file__).parents[1] / "docs" / "glossary.md").read_text("utf-8")
LABELS = (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel")
#: What marks a term that no native reader has read and no source has.
UNREAD = " †"

ROWS = [
    tuple(cell.strip().strip("`") for cell in line.strip("|").split("|"))
    for line in PAGE.splitlines()
    if line.startswith("| `")
]


@pytest.fixture(scope="module")
def labels() -> dict[str, dict[str, str]]:
    """The labels of things, concepts and terms by language, by path or prefixed name."""
    found: dict[str, dict[str, str]] = {}
    for quad in (*map_tables(read_fixed_tables()), *ontology_quads()):
        if quad.predicate.value in LABELS and isinstance(quad.object, Literal):
            name = str(quad.subject).strip("<>").removeprefix(ID).replace(ONTOLOGY, "kzg:")
            found.setdefault(name, {})[quad.object.language or ""] = quad.object.value
    return found


def test_the_page_has_each_term_once() -> None:
    assert {len(row) for row in ROWS} == {5}
    assert len({row[0] for row in ROWS}) == len(ROWS) >= 60


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_term_is_the_label_of_its_thing(
    labels: dict[str, dict[str, str]], row: tuple[str, ...]
) -> None:
    name, *terms, _ = row
    for language, term in zip(LANGUAGES, terms, strict=True):
        assert term.removesuffix(UNREAD) == labels[name][language]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_term_has_a_source_or_is_marked(row: tuple[str, ...]) -> None:
    _, english, *terms, source = row
    assert not english.endswith(UNREAD)
    if not source:
        assert all(term.endswith(UNREAD) for term in terms)


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_word_stands_for_one_notion(language: str) -> None:
    terms = [row[1 + LANGUAGES.index(language)].removesuffix(UNREAD).casefold() for row in ROWS]
    assert len(set(terms)) == len(terms)


def test_no_label_has_an_acronym_that_the_glossary_does_not_use(
    labels: dict[str, dict[str, str]],
) -> None:
    """UNHCR is БҰҰ БЖКБ in Kazakh, never БЖКБ alone, and its case ending is -нің."""
    for name, texts in labels.items():
        kazakh = texts.get("kk", "")
        assert not re.search(r"(?<!БҰҰ )БЖКБ|БЖКБ-ның", kazakh), name
