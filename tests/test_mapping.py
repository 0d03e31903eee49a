"""Rows become quads: types, links, literals, evidence and times, in the graph they belong to."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kzgraph.iri import graph, thing
from kzgraph.prefixes import PREFIXES
from kzgraph.tables import read_tables
from kzgraph_mappings import map_tables
from kzgraph_mappings.curies import curie
from small_tables import DOCUMENT, small, span, write

NOTE = graph(DOCUMENT)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    mapped = Store()
    mapped.extend(map_tables(read_tables(write(tmp_path, small()))))
    return mapped


def objects(store: Store, subject: NamedNode, name: str) -> set[str]:
    """The values of a property, as N-Triples terms."""
    return {str(quad.object) for quad in store.quads_for_pattern(subject, curie(name), None)}


def typed(value: str, datatype: str) -> str:
    return str(Literal(value, datatype=NamedNode(PREFIXES["xsd"] + datatype)))


def figure(key: str) -> NamedNode:
    return thing("figure", DOCUMENT, key)


def test_a_figure_has_its_dimensions_value_and_document(store: Store) -> None:
    refugees = figure("refugees")
    assert objects(store, refugees, "rdf:type") == {
        str(curie("kzg:PopulationFigure")),
        str(curie("kzg:StatedFigure")),
        str(curie("qb:Observation")),
    }
    assert objects(store, refugees, "kzg:value") == {typed("120", "integer")}
    assert objects(store, refugees, "kzg:hedge") == {'"Over"@en'}
    assert objects(store, refugees, "kzg:bound") == {str(thing("bound", "lower"))}
    assert objects(store, refugees, "kzg:populationGroup") == {
        str(thing("population-group", "REF"))
    }
    assert objects(store, refugees, "kzg:componentOf") == {str(figure("all"))}
    assert objects(store, refugees, "kzg:statedIn") == {str(thing("document", DOCUMENT))}
    assert objects(store, refugees, "qb:dataSet") == {str(thing("dataset", "population"))}


def test_evidence_is_a_selector_of_positions(store: Store) -> None:
    evidence = thing("evidence", DOCUMENT, span("Over 120 refugees"))
    assert objects(store, figure("refugees"), "kzg:evidence") == {str(evidence)}
    assert objects(store, evidence, "oa:hasSource") == {str(thing("document", DOCUMENT))}
    selector = thing("selector", DOCUMENT, span("Over 120 refugees"))
    assert objects(store, evidence, "oa:hasSelector") == {str(selector)}
    assert objects(store, selector, "oa:start") == {typed("19", "integer")}
    assert objects(store, selector, "oa:end") == {typed("36", "integer")}


def test_context_is_kept_apart_from_evidence(store: Store) -> None:
    context = thing("evidence", DOCUMENT, span("Note of 5 May 2020"))
    assert objects(store, figure("refugees"), "kzg:context") == {str(context)}
    assert str(context) not in objects(store, figure("refugees"), "kzg:evidence")


def test_a_day_is_a_node_and_three_plain_values(store: Store) -> None:
    assert objects(store, figure("all"), "kzg:time") == {str(thing("time", "2020-05-05"))}
    assert objects(store, figure("all"), "kzg:year") == {typed("2020", "integer")}
    assert objects(store, figure("all"), "kzg:gYear") == {typed("2020", "gYear")}
    assert objects(store, figure("all"), "kzg:date") == {typed("2020-05-05", "date")}


def test_a_year_is_an_interval_without_a_date(store: Store) -> None:
    budget = figure("budget")
    year = thing("time", "2020")
    assert objects(store, budget, "kzg:time") == {str(year)}
    assert objects(store, budget, "kzg:date") == set()
    assert objects(store, year, "rdf:type") == {str(curie("time:ProperInterval"))}
    assert objects(store, year, "time:hasBeginning") == {str(thing("time", "2020-01-01"))}
    assert objects(store, year, "time:hasEnd") == {str(thing("time", "2020-12-31"))}


@pytest.mark.parametrize(
    ("text", "slug", "label", "begins", "ends"),
    [
        ("2020-02", "2020-02", "February 2020", "2020-02-01", "2020-02-29"),
        ("2019/2020", "2019--2020", "2019 to 2020", "2019-01-01", "2020-12-31"),
        ("2020/..", "2020--", "since 2020", "2020-01-01", None),
    ],
)
def test_periods_have_their_first_and_last_day(
    tmp_path: Path, text: str, slug: str, label: str, begins: str, ends: str | None
) -> None:
    tables = small()
    tables[f"{DOCUMENT}/finance.csv"][0]["time"] = text
    store = Store()
    store.extend(map_tables(read_tables(write(tmp_path, tables))))
    node = thing("time", slug)
    assert objects(store, figure("budget"), "kzg:time") == {str(node)}
    assert f'"{label}"@en' in objects(store, node, "rdfs:label")
    assert objects(store, node, "time:hasBeginning") == {str(thing("time", begins))}
    expected = {str(thing("time", ends))} if ends else set()
    assert objects(store, node, "time:hasEnd") == expected


def test_a_figure_that_was_not_published_has_no_value_and_is_no_observation(store: Store) -> None:
    budget = figure("budget")
    assert objects(store, budget, "kzg:value") == set()
    assert objects(store, budget, "rdf:type") == {
        str(curie("kzg:FinanceFigure")),
        str(curie("kzg:StatedFigure")),
    }
    assert objects(store, budget, "kzg:availability") == {
        str(thing("availability", "not-published"))
    }


def test_a_figure_without_a_stated_time_says_so(tmp_path: Path) -> None:
    tables = small()
    tables[f"{DOCUMENT}/population.csv"][0]["time"] = ""
    store = Store()
    store.extend(map_tables(read_tables(write(tmp_path, tables))))
    assert objects(store, figure("all"), "kzg:time") == {str(thing("time", "not-stated"))}
    assert objects(store, figure("all"), "kzg:year") == set()


def test_decimals_are_published_as_the_store_keeps_them(tmp_path: Path) -> None:
    tables = small()
    tables[f"{DOCUMENT}/finance.csv"][0] |= {
        "value": "7.40638590", "bound": "exact", "availability": "",
    }  # fmt: skip
    store = Store()
    store.extend(map_tables(read_tables(write(tmp_path, tables))))
    assert objects(store, figure("budget"), "kzg:value") == {typed("7.4063859", "decimal")}


def test_the_store_keeps_every_literal_as_it_is_mapped(tmp_path: Path) -> None:
    """Otherwise the dumps would say one thing and the endpoint another."""
    mapped = set(map_tables(read_tables(write(tmp_path, small()))))
    kept = Store()
    kept.extend(mapped)
    assert set(kept) == mapped


def test_a_postal_address_is_a_node_of_its_own(tmp_path: Path) -> None:
    tables = small()
    tables[f"{DOCUMENT}/contact_points.csv"][0] |= {
        "telephone": "", "street": "1 Long Street", "postal_code": "050000",
        "locality": "place/almaty", "country": "country/KAZ",
    }  # fmt: skip
    store = Store()
    store.extend(map_tables(read_tables(write(tmp_path, tables))))
    address = thing("address", DOCUMENT, "telephone")
    contact = thing("contact-point", DOCUMENT, "telephone")
    assert objects(store, contact, "schema:address") == {str(address)}
    assert objects(store, address, "schema:streetAddress") == {'"1 Long Street"'}
    assert objects(store, address, "schema:addressLocality") == {str(thing("place", "almaty"))}
    assert objects(store, contact, "schema:addressLocality") == set()


def test_rows_go_to_the_graph_they_belong_to(store: Store) -> None:
    graphs = {str(quad.graph_name) for quad in store}
    assert graphs == {str(graph(name)) for name in ("entities", "concepts", DOCUMENT)}
    (place,) = store.quads_for_pattern(thing("country", "KAZ"), curie("kzg:kind"), None)
    assert place.graph_name == graph("entities")


def test_a_concept_is_in_its_scheme_with_labels_in_three_languages(store: Store) -> None:
    refugees = thing("population-group", "REF")
    scheme = thing("scheme", "population-group")
    assert objects(store, refugees, "skos:inScheme") == {str(scheme)}
    assert objects(store, scheme, "rdf:type") == {str(curie("skos:ConceptScheme"))}
    languages = {
        quad.object.language
        for quad in store.quads_for_pattern(refugees, curie("skos:prefLabel"), None)
        if isinstance(quad.object, Literal)
    }
    assert languages == {"en", "ru", "kk"}


def test_mapping_is_a_stream(tmp_path: Path) -> None:
    quads = map_tables(read_tables(write(tmp_path, small())))
    assert isinstance(next(quads), Quad)


def test_no_blank_nodes_are_made(store: Store) -> None:
    assert all(isinstance(quad.subject, NamedNode) for quad in store)
    assert all(isinstance(quad.object, NamedNode | Literal) for quad in store)


def test_every_table_with_a_schema_has_a_script(tmp_path: Path) -> None:
    """Where one is missing the mapping says so, rather than leaving rows out."""
    from kzgraph import resources
    from kzgraph.tables.schema import load_schemas
    from kzgraph_mappings import _ENTITIES, _FACTS, _UNMAPPED
    from kzgraph_mappings.linking import TABLES

    schemas = set(load_schemas(resources.folder("mappings") / "schemas"))
    assert schemas == {*_FACTS, *_ENTITIES, *_UNMAPPED, *TABLES, "concepts", "editorial", "spans"}
