"""One text for each entity, in which all its names are found, however they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from built_graph import built_quads
from kzgraph.folding import fold_text
from reasoning_stores import select


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("  UNHCR,\n  Almaty ", "unhcr, almaty"),
        ("Flüchtlingshilfe España", "fluchtlingshilfe espana"),
        ("неопределённое гражданство", "неопределенное гражданство"),
        ("Казахский", "казахский"),
        ("Қазақстан Үкіметі", "казакстан укимети"),
        ("Сана Сезім", "сана сезим"),
        ("Сана Сез\u0069м", "сана сезим"),  # a Latin letter in a word in Cyrillic
        ("UNH\u0421R", "unhcr"),  # a Cyrillic letter in a word in Latin
        ("Жоғарғы комиссар", "жогаргы комиссар"),
        ("UNHCR\N{EN DASH}Kazakhstan\N{RIGHT SINGLE QUOTATION MARK}s", "unhcr-kazakhstan's"),
        ("", ""),
    ],
)
def test_a_text_is_folded(typed: str, folded: str) -> None:
    assert fold_text(typed) == folded


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=30))
def test_what_is_folded_stays_so(text: str) -> None:
    once = fold_text(text)
    assert fold_text(once) == once


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ЮНИСЕФ", "organisation/unicef"),
        ("Минюст", "organisation/ministry-of-justice"),
        ("Сана Сезим", "organisation/sana-sezim"),
        ("апатрид", "population-group/STA"),
        ("Наурыз", "holiday/overview/nauryz"),
        ("KIBHR", "organisation/bureau-for-human-rights-and-rule-of-law"),
        ("MFA", "organisation/ministry-of-foreign-affairs"),
        ("South Korea", "country/KOR"),
        ("UK", "country/GBR"),
        ("беженец", "population-group/REF"),
        ("неопределенное гражданство", "population-group/UDN"),
        ("unearmarked", "contribution-kind/direct-or-flexible"),
        ("Билялова", ""),  # names of people are not transliterated
        ("bilyalova", "person/irina-bilyalova"),
        ("country/KAZ", "country/KAZ"),
        ("Қазақстан", "country/KAZ"),
    ],
)
def test_things_are_found_by_any_of_their_names(typed: str, found: str) -> None:
    """Folded by the client as the text is, or only in lower case."""
    for text in {fold_text(typed), typed.lower()}:
        query = f"SELECT ?e {{ ?e kzg:searchText ?t FILTER(CONTAINS(?t, '{text}')) }}"
        rows = select(built_quads(), query)
        assert ((found,) in rows) if found else rows == []


def test_every_thing_code_person_and_fact_has_one_text() -> None:
    lacking = select(
        built_quads(),
        "SELECT ?e { { ?e dcterms:identifier ?i } UNION { ?e kzg:statedIn ?d }"
        " ?e rdfs:label ?l FILTER NOT EXISTS { ?e kzg:searchText ?t } }",
    )
    assert lacking == []
    texts = [iri for iri, _ in select(built_quads(), "SELECT ?e ?t { ?e kzg:searchText ?t }")]
    assert len(texts) == len(set(texts)) > 600
