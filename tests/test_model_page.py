"""docs/model.md describes a release whole: classes, properties, codes, and queries that work."""

import re
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, Store

from kzgraph.prefixes import PREDECLARED
from model_page import PAGE, Release, filled, own_terms, schemes, short, with_sources

PAGE_TEXT = PAGE.read_text("utf-8")
QUERIES = re.findall(r"^```sparql\n(.*?)^```$", PAGE_TEXT, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def store(release_root: Path) -> Store:
    return with_sources(Store.read_only(str(release_root / "current" / "store")))


@pytest.fixture(scope="module")
def release(store: Store) -> Release:
    return Release(store)


def test_the_tables_are_those_of_the_release(release: Release) -> None:
    """`make model-page` writes them anew."""
    assert filled(PAGE_TEXT, release).splitlines() == PAGE_TEXT.splitlines()


def test_every_class_is_described(release: Release) -> None:
    named = set(re.findall(r"`([^`\s]+)`|^#### (\S+)$", PAGE_TEXT, re.MULTILINE))
    kinds = {short(kind) for kind in release.classes}
    assert kinds <= {one or other for one, other in named}
    assert {kind for kind in kinds if kind.startswith("kzg:")} <= {other for _, other in named}


def test_every_class_with_a_heading_has_a_query_and_a_table() -> None:
    sections = re.split(r"^#### ", PAGE_TEXT, flags=re.MULTILINE)[1:]
    assert len(sections) > 40
    for section in sections:
        name = section.partition("\n")[0]
        assert f"<!-- class: {name} -->" in section
        assert name in re.sub(r"<!--.*", "", section.partition("```sparql")[2], flags=re.DOTALL), (
            name
        )


def test_every_property_is_described(release: Release) -> None:
    said = {link for links in release.statements.values() for link in links}
    assert {short(link) for link in said} - set(re.findall(r"`([^`\s]+)`", PAGE_TEXT)) <= {
        "rdf:type"
    }


def test_every_term_and_every_code_list_has_its_place(release: Release) -> None:
    assert all(f"\n| `{short(term)}` | " in PAGE_TEXT for term in own_terms(release))
    assert all(f"\n### {scheme}\n" in PAGE_TEXT for scheme in schemes(release))


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: " ".join(query.split())[:60])
def test_every_query_of_the_page_finds_something(store: Store, query: str) -> None:
    found = store.query(query, use_default_graph_as_union=True, prefixes=dict(PREDECLARED))
    assert isinstance(found, QuerySolutions)
    assert list(found)
