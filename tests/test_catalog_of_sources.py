"""The catalogue lists each data set that joined the release, with its licence and its vintages."""

import json
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS

from dcat_ap_shapes import shapes
from description_fixtures import PUBLIC, description, select
from front_client import FrontClient
from kzgraph.iri import BASE, GRAPH, ID
from kzgraph.licences import OWN
from kzgraph_server.settings import Settings
from licensed_release import NAME, OLD, PDDL, make_licensed_release

NEW, BEFORE = f"<{GRAPH}{NAME}>", f"<{GRAPH}{OLD}>"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FrontClient:
    release = make_licensed_release(tmp_path_factory.mktemp("catalogue"))
    return FrontClient(release, Settings(public_url=PUBLIC))


@pytest.fixture(scope="module")
def catalog(client: FrontClient) -> Graph:
    return description(client, "/catalog")


def find_violations(catalog: Graph) -> list[str]:
    """The results about anything but the release itself, which is of no operation here."""
    _, _, text = validate(catalog, shacl_graph=Graph().parse(data=shapes()), advanced=False)
    own = (f"Focus Node: <{ID}dataset/kzgraph>", f"Focus Node: <{PUBLIC}/catalog>")
    results = str(text).split("Constraint Violation in ")[1:]
    return [each for each in results if not any(node in each for node in own)]


def test_sources_conform_to_dcat_ap(catalog: Graph) -> None:
    assert find_violations(catalog) == []
    damaged = Graph()
    damaged += catalog
    damaged.remove((URIRef(GRAPH + OLD), DCTERMS.publisher, None))
    (result,) = find_violations(damaged)
    assert OLD in result, "what is missing is found"


def test_each_source_says_whose_it_is_and_what_it_is_about(catalog: Graph) -> None:
    sets = select(catalog, "SELECT ?s { [] a dcat:Catalog ; dcat:dataset ?s }")
    assert sets == {(f"{ID}dataset/kzgraph",), (GRAPH + NAME,), (GRAPH + OLD,)}
    for node in (NEW, BEFORE):
        assert select(
            catalog,
            f"SELECT ?licence ?name ?place ?first ?last {{ {node} dct:license ?licence ; "
            "dct:rightsHolder/<http://xmlns.com/foaf/0.1/name> ?name ; dct:spatial ?place ; "
            "dct:temporal [ dcat:startDate ?first ; dcat:endDate ?last ] "
            f"FILTER(STRSTARTS(STR(?place), '{ID}')) }}",
        ) == {(PDDL, "The inventor", f"{ID}country/KAZ", "2019", "2020")}


def test_vintages_are_told_apart(catalog: Graph) -> None:
    assert select(catalog, "SELECT ?a ?b { ?a dct:replaces ?b . ?b dct:isReplacedBy ?a }") == {
        (GRAPH + NAME, GRAPH + OLD)
    }
    current = select(catalog, f"SELECT ?s {{ <{ID}dataset/kzgraph> dct:source ?s }}")
    assert current == {(GRAPH + NAME,)}


def test_a_file_of_a_source_has_its_licence_and_no_other(catalog: Graph) -> None:
    found = select(
        catalog,
        "SELECT ?url ?licence { ?d dcat:downloadURL ?url ; dct:license ?licence }",
    )
    of_source = {licence for url, licence in found if NAME in url or OLD in url}
    assert of_source == {PDDL}
    several = f"{PUBLIC}/dumps/ATTRIBUTION.txt"
    assert {licence for url, licence in found if "/kzgraph." in url} == {several}
    for node in (f"<{ID}dataset/kzgraph>", f"<{PUBLIC}/sparql#service>"):
        stated = select(catalog, f"SELECT ?l {{ {node} dct:license ?l }}")
        assert stated == {(several,)}, "no one licence is claimed for everything"
    of_catalogue = select(catalog, "SELECT ?l { ?c a dcat:Catalog ; dct:license ?l }")
    assert of_catalogue == {(OWN.iri,)}
    rights = select(catalog, "SELECT ?r { ?d dcat:downloadURL ?url ; dct:rights ?r }")
    assert rights == {(f"{PUBLIC}/dumps/ATTRIBUTION.txt",)}


def test_search_engines_are_told_of_each_licence(client: FrontClient) -> None:
    page = client.get("/catalog", headers={"Accept": "text/html"}).get_data(as_text=True)
    found = json.loads(page.partition('"application/ld+json">')[2].partition("</script>")[0])
    assert found["license"] == f"{PUBLIC}/dumps/ATTRIBUTION.txt"
    (source,) = [each for each in found["isBasedOn"] if each["@type"] == "Dataset"]
    assert (source["license"], source["creditText"]) == (PDDL, "The inventor")
    assert "Several: each source has its own" in page


def test_the_downloads_page_shows_licences(client: FrontClient) -> None:
    page = client.get("/dumps/", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert f'<a href="{PDDL}">ODC-PDDL 1.0</a>' in page
    assert "ATTRIBUTION.txt" in page
    text = client.get("/dumps/ATTRIBUTION.txt")
    assert (text.mimetype, "The inventor" in text.get_data(as_text=True)) == ("text/plain", True)


def test_a_result_names_the_sources_that_its_query_can_meet(
    client: FrontClient, tmp_path: Path
) -> None:
    query = "SELECT ?v { ?f kzg:officialValue ?v }"
    found = client.get("/sparql", query_string={"query": query, "csvw": ""}).get_json(force=True)
    assert [each["@id"] for each in found["dc:source"]] == [GRAPH + NAME], "not a superseded one"
    assert found["dc:source"][0]["schema:creditText"] == "The inventor"
    text = f"{BASE}releases/{client.release.version}/dumps/ATTRIBUTION.txt"
    assert found["dc:license"] == {"@id": text}
    own = "SELECT ?l FROM <graph/entities> { ?c rdfs:label ?l }"
    found = client.get("/sparql", query_string={"query": own, "csvw": ""}).get_json(force=True)
    assert found["dc:license"] == {"@id": OWN.iri}


def test_the_graph_of_a_source_has_its_licence_in_void(client: FrontClient) -> None:
    void = description(client, "/.well-known/void")
    found = select(void, "SELECT ?g ?l { ?g a void:Dataset ; dct:license ?l }")
    licences = {name: licence for name, licence in found}  # noqa: C416 - of pairs of any length
    assert (licences[GRAPH + NAME], licences[GRAPH + OLD]) == (PDDL, PDDL)
    assert licences[f"{GRAPH}entities"] == OWN.iri
    several = f"{PUBLIC}/dumps/ATTRIBUTION.txt"
    assert licences[f"{GRAPH}computed"] == licences[f"{ID}dataset/kzgraph"] == several
    assert len(found) == len(licences), "each has one"
