"""The numbers of a release: counted once, by the build, and read by the server."""

import json
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, Store

from kzgraph.iri import BASE
from kzgraph.prefixes import PREFIXES
from kzgraph.rdf.content import Content
from kzgraph.release import Release, ReleaseDamaged, current
from kzgraph.release.statistics import STATISTICS, Coverage, LabelCounts, Place, Statistics, count
from small_release import published

DATA = """
<id/figure/a> a kzg:Figure, kzg:Fact ; kzg:year 2018 ; kzg:statedIn <id/document/d> ;
  kzg:of <id/operation/o> .
<id/figure/a--b> a kzg:Figure ; kzg:year 2022 ; kzg:statedIn <id/document/d> .
<id/figure/c> a kzg:Figure ; kzg:year 20180 ; kzg:statedIn <id/document/d> .
<id/period/p> kzg:year 1951 .
<id/operation/o> kzg:area <id/country/KAZ> .
<id/country/KAZ> a schema:Country ; schema:containedInPlace <id/region/r>, <id/country/X> ;
  schema:identifier "KAZ", "KZ", "398" ; rdfs:label "Kazakhstan"@en, "Казахстан"@ru ;
  owl:sameAs <http://www.wikidata.org/entity/Q232>, <https://sws.geonames.org/1522867/> ;
  skos:closeMatch <id/country/X>, <urn:isbn:1>, "text" .
<id/country/X> a schema:Country .
<id/region/r> skos:prefLabel "A region" .
_:ontology-1 a owl:Restriction .
<id/comparison/1> a kzg:Comparison ; kzg:kind <id/comparison-kind/scope>, <id/comparison-kind/x> .
<id/comparison/2> a kzg:Comparison ; kzg:kind <id/comparison-kind/scope> .
<id/figure/a> kzg:kind <id/comparison-kind/scope> .
"""


def counted(turtle: str) -> Statistics:
    store = Store()
    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    text = f"{declared}\nINSERT DATA {{ GRAPH <graph/one> {{ {turtle} }} }}"
    store.update(text, base_iri=BASE)
    return count(Content(store))


def test_years_are_those_of_stated_facts() -> None:
    assert counted(DATA).years == (2018, 2022)
    assert counted("<id/period/p> kzg:year 1951 .").years is None


def test_places_are_areas_and_their_regions_with_names_and_codes() -> None:
    country, region = counted(DATA).places
    names = (("en", "Kazakhstan"), ("ru", "Казахстан"))
    assert country == Place(f"{BASE}id/country/KAZ", names, "KAZ")
    assert region == Place(f"{BASE}id/region/r", (("", "A region"),), "")
    assert (country.name(), region.name()) == ("Kazakhstan", "A region")


def test_coverage_counts_each_character_once_and_facts_without_evidence() -> None:
    fact = "<id/figure/{0}> kzg:statedIn <id/document/d> ; kzg:evidence <id/evidence/{0}> ."
    span = "<id/evidence/{0}> oa:hasSelector <id/s/{0}> . <id/s/{0}> oa:start {1} ; oa:end {2} ."
    data = [
        *(fact.format("a"), span.format("a", 0, 10), fact.format("b"), span.format("b", 5, 12)),
        "<id/figure/c> kzg:statedIn <id/document/d> , <id/document/e> .",
        "<id/document/d> kzg:length 40 .",
        *("<id/figure/f> kzg:evidence <id/evidence/f> .", span.format("f", 20, 40)),
    ]
    assert counted("\n".join(data)).coverage == (
        Coverage(f"{BASE}id/document/d", 3, 2, 40, 12),
        Coverage(f"{BASE}id/document/e", 1, 0, 0, 0),
    )


def test_missing_labels_are_counted_by_class_and_language() -> None:
    data = """
<id/country/KAZ> a schema:Country, schema:Place ; rdfs:label "Kazakhstan"@en, "Казахстан"@ru .
<id/place/almaty> a schema:Place ; rdfs:label "Almaty"@en, "Алматы"@ru, "Алматы"@kk .
<id/place/nowhere> a schema:Place ; skos:prefLabel "Nowhere"@en ; rdfs:label "Nowhere" .
<ontology/term> a schema:Place .
"""
    assert counted(data).labels == (
        LabelCounts(None, 3, (("en", 1), ("ru", 1), ("kk", 2))),
        LabelCounts(PREFIXES["schema"] + "Country", 1, (("en", 0), ("ru", 0), ("kk", 1))),
        LabelCounts(PREFIXES["schema"] + "Place", 3, (("en", 1), ("ru", 1), ("kk", 2))),
    )
    assert counted(DATA) == Statistics.from_json(counted(DATA).to_json())


def test_a_kept_release_from_before_labels_were_counted_is_read() -> None:
    members = json.loads(counted(DATA).to_json())
    del members["labels"]
    assert Statistics.from_json(json.dumps(members).encode()).labels == ()


def test_disagreements_are_counted_by_kind() -> None:
    kind = f"{BASE}id/comparison-kind/"
    assert counted(DATA).comparisons == ((f"{kind}scope", 2), (f"{kind}x", 1))


def test_an_example_is_the_first_thing_of_ours_in_order_of_iris() -> None:
    examples = {each.term: (each.entities, each.example) for each in counted(DATA).classes}
    assert examples[PREFIXES["kzg"] + "Figure"] == (3, f"{BASE}id/figure/a")
    assert examples[PREFIXES["owl"] + "Restriction"] == (1, None)


def test_links_lead_out_and_are_counted_by_where_they_lead() -> None:
    links = [
        (each.term.rpartition("#")[2], each.space, each.triples) for each in counted(DATA).links
    ]
    assert links == [
        ("sameAs", "http://www.wikidata.org/entity/", 1),
        ("sameAs", "https://sws.geonames.org/", 1),
    ]


def number(store: Store, query: str) -> int:
    solutions = store.query(query, use_default_graph_as_union=True, prefixes=dict(PREFIXES))
    assert isinstance(solutions, QuerySolutions)
    return int(str(next(solutions)[0].value))


@pytest.fixture(scope="module")
def release(release_root: Path) -> Release:
    found = current(release_root)
    assert found is not None
    return found


def test_the_numbers_are_what_queries_count(release: Release) -> None:
    store, numbers = release.store, release.statistics
    distinct = "SELECT (COUNT(DISTINCT {}) AS ?n) {{ {} }}"
    assert numbers.triples == len(store) == sum(each.triples for each in numbers.graphs)
    assert numbers.subjects == number(store, distinct.format("?s", "?s ?p ?o"))
    assert numbers.objects == number(store, distinct.format("?o", "?s ?p ?o"))
    things = f"?s ?p ?o FILTER(STRSTARTS(STR(?s), '{BASE}id/'))"
    assert numbers.entities == number(store, distinct.format("?s", things))
    for of_class in numbers.classes:
        assert of_class.entities == number(store, distinct.format("?s", f"?s a <{of_class.term}>"))
    for of_property in numbers.properties:
        pattern = f"?s <{of_property.term}> ?o"
        assert of_property.subjects == number(store, distinct.format("?s", pattern))
        assert of_property.objects == number(store, distinct.format("?o", pattern))
    for of_graph in numbers.graphs:
        pattern = f"GRAPH <{of_graph.term}> {{ ?s ?p ?o }}"
        assert of_graph.subjects == number(store, distinct.format("?s", pattern))
        assert of_graph.objects == number(store, distinct.format("?o", pattern))
        assert of_graph.properties == number(store, distinct.format("?p", pattern))


def test_what_is_written_is_read_back(release: Release) -> None:
    numbers = release.statistics
    assert Statistics.from_json(numbers.to_json()) == numbers == count(Content(release.store))
    assert f"dumps/{STATISTICS}" in {file["path"] for file in release.manifest["files"]}


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"null", b'{"triples": 1}'])
def test_what_is_not_numbers_of_a_release_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"Expecting value|does not hold the numbers"):
        Statistics.from_json(data)


def test_a_release_without_numbers_is_damaged(tmp_path: Path) -> None:
    release = published(tmp_path)
    (release.dumps / STATISTICS).write_bytes(b"{}")
    with pytest.raises(ReleaseDamaged, match=r"statistics\.json cannot be read"):
        _ = release.statistics
