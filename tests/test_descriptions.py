"""The service description, VoID and DCAT say what is true, in every format, to whoever asks."""

import hashlib
from collections import defaultdict
from typing import Any

import pytest
from pyoxigraph import NamedNode
from pyshacl import validate
from rdflib import BNode, Graph, URIRef
from rdflib.namespace import FOAF

from dcat_ap_shapes import DOWNLOAD, MANDATORY, shapes
from description_fixtures import (
    DESCRIPTIONS,
    FORMATS,
    PREFIXES,
    PUBLIC,
    client,
    description,
    one,
    paths,
    release,
    select,
)
from front_client import FrontClient
from kzgraph.iri import ID
from kzgraph.prefixes import PREDECLARED
from kzgraph.rdf.formats import GRAPH_FORMATS, RESULT_FORMATS
from kzgraph.release import Release
from kzgraph_server.settings import Settings

__all__ = ["client", "release"]

DATASET = f"<{ID}dataset/kzgraph>"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


@pytest.mark.parametrize("path", DESCRIPTIONS)
def test_a_description_is_the_same_graph_in_every_format(client: FrontClient, path: str) -> None:
    turtle = set(description(client, path))
    assert len(turtle) > 100
    assert not any(isinstance(term, BNode) for triple in turtle for term in triple)
    for name in FORMATS.keys() - {"ttl"}:
        assert set(description(client, path, name)) == turtle


@pytest.mark.parametrize("path", DESCRIPTIONS)
@pytest.mark.parametrize("name", FORMATS)
def test_the_format_parameter_wins_over_the_accept_field(
    client: FrontClient, path: str, name: str
) -> None:
    answer = client.get(path, query_string={"format": name}, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (200, FORMATS[name][0])
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize("path", DESCRIPTIONS)
def test_who_accepts_anything_gets_a_description(client: FrontClient, path: str) -> None:
    for headers in ({}, {"Accept": "*/*"}, {"Accept": "application/*;q=0.1, text/turtle"}):
        assert client.get(path, headers=headers).mimetype == "text/turtle"
    assert client.head(path).status_code == 200
    assert client.get(path, query_string={"format": "xlsx"}).status_code in (400, 406)


@pytest.mark.parametrize("path", DESCRIPTIONS)
def test_every_address_of_the_project_in_a_description_answers(
    client: FrontClient, path: str
) -> None:
    found = list(paths(description(client, path)))
    assert len(found) > 10
    assert {each: client.get(each).status_code for each in found} == {
        each: 303 if each.startswith(("/id/", "/graph/")) else 200 for each in found
    }


@pytest.mark.parametrize(
    "path", [*DESCRIPTIONS, "/", "/robots.txt", "/sitemap.xml", "/catalog?format=html"]
)
def test_no_address_is_made_from_what_the_request_says(client: FrontClient, path: str) -> None:
    names = ("Host", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Original-URL")
    lies = {**dict.fromkeys(names, "evil.example"), "Forwarded": "host=evil.example"}
    answer = client.get(path, headers=lies)
    assert answer.status_code == 200
    assert "evil.example" not in answer.text
    assert "evil.example" not in str(answer.headers)


def test_a_browser_gets_the_form_and_a_program_without_a_query_the_description(
    client: FrontClient,
) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert "<textarea" in client.get("/sparql", headers={"Accept": browser}).text
    assert "<h1>The catalogue</h1>" in client.get("/catalog", headers={"Accept": browser}).text
    assert client.get("/sparql", headers={"Accept": "text/csv"}).status_code == 400


# The service description.


def test_the_service_description_names_endpoint_language_and_features(client: FrontClient) -> None:
    found = description(client, "/sparql")
    assert one(found, "SELECT ?e { ?s a sd:Service ; sd:endpoint ?e }") == f"{PUBLIC}/sparql"
    assert (
        one(found, "SELECT ?l { ?s sd:supportedLanguage ?l }") == PREFIXES["sd"] + "SPARQL11Query"
    )
    # No call to another service is allowed, so none is promised.
    assert one(found, "SELECT ?f { ?s sd:feature ?f }") == PREFIXES["sd"] + "UnionDefaultGraph"
    assert "creativecommons.org/licenses/by/4.0/" in one(found, "SELECT ?l { [] dct:license ?l }")


def test_the_formats_described_are_those_that_results_come_in(client: FrontClient) -> None:
    found = description(client, "/sparql")
    rows = select(found, "SELECT ?t { [] sd:resultFormat ?f . ?f formats:media_type ?t }")
    described = {media_type for (media_type,) in rows}
    offered = {each.media_type for each in (*RESULT_FORMATS, *GRAPH_FORMATS)}
    assert described == offered | {"text/html"}
    for media_type in described:
        queries = ("SELECT * { ?s ?p ?o } LIMIT 1", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1")
        answers = [
            client.get("/sparql", query_string={"query": query}, headers={"Accept": media_type})
            for query in queries
        ]
        assert media_type in {each.mimetype for each in answers if each.status_code == 200}
    # Whatever is described once has one suffix, also CSV, which comes in two variants.
    suffixes = "SELECT ?t ?s { ?f formats:media_type ?t ; formats:preferred_suffix ?s }"
    assert len(select(found, suffixes)) == len(described)
    assert ("text/csv", ".csv") in select(found, suffixes)
    w3c = {iri for (iri,) in select(found, "SELECT ?f { [] sd:resultFormat ?f }")}
    assert PREFIXES["formats"] + "SPARQL_Results_JSON" in w3c
    assert PREFIXES["formats"] + "Turtle" in w3c


def test_the_data_set_is_described_graph_by_graph(client: FrontClient, release: Release) -> None:
    found = description(client, "/sparql")
    rows = select(
        found,
        """SELECT ?name ?n { [] sd:defaultDataset [ sd:namedGraph ?graph ] .
           ?graph a sd:NamedGraph ; sd:name ?name ; sd:graph [ a sd:Graph ; void:triples ?n ] }""",
    )
    counted: dict[str, int] = defaultdict(int)
    for quad in release.store:
        counted[str(quad.graph_name)[1:-1]] += 1
    assert {name: int(number) for name, number in rows} == counted
    union = (
        "SELECT ?n { [] sd:defaultDataset [ sd:defaultGraph [ a sd:Graph ; void:triples ?n ] ] }"
    )
    assert int(one(found, union)) == len(release.store)


def test_the_prefixes_described_need_no_declaration(client: FrontClient) -> None:
    found = description(client, "/sparql")
    rows = select(found, "SELECT ?p ?n { [] sh:declare [ sh:prefix ?p ; sh:namespace ?n ] }")
    assert rows == set(PREDECLARED.items())
    for prefix, namespace in rows:
        query = f"SELECT (STR({prefix}:x) AS ?iri) {{}}"
        answer = client.get("/sparql", query_string={"query": query, "format": "csv"})
        assert answer.text.split() == ["iri", f"{namespace}x"]


def test_the_limits_described_are_those_that_hold(client: FrontClient) -> None:
    found = description(client, "/sparql")
    rows = select(
        found,
        """SELECT ?id ?value ?unit { [] schema:additionalProperty
           [ schema:propertyID ?id ; schema:value ?value ; schema:unitText ?unit ] }""",
    )
    limits = {name: (int(float(value)), unit) for name, value, unit in rows}
    most = Settings().max_query_bytes
    assert limits["KZGRAPH_MAX_QUERY_BYTES"] == (most, "bytes")
    assert limits["KZGRAPH_QUERY_TIMEOUT"] == (Settings().query_timeout, "seconds")
    assert "KZGRAPH_MAX_ROWS" not in limits  # none is set
    form = {"query": "ASK {} #" + "x" * most}
    assert client.post("/sparql", data=form).status_code == 413


# VoID.


def test_the_statistics_are_those_of_the_store(client: FrontClient, release: Release) -> None:
    found = description(client, "/.well-known/void")
    triples = [quad.triple for quad in release.store]
    subjects = {each.subject for each in triples}
    expected = {
        "triples": len(set(triples)),
        "distinctSubjects": len(subjects),
        "distinctObjects": len({each.object for each in triples}),
        "properties": len({each.predicate for each in triples}),
        "classes": len({each.object for each in triples if each.predicate == TYPE}),
        "entities": sum(
            isinstance(each, NamedNode) and each.value.startswith(ID) for each in subjects
        ),
        "documents": 3,
    }
    for name, number in expected.items():
        assert int(one(found, f"SELECT ?n {{ {DATASET} void:{name} ?n }}")) == number, name


def test_the_partitions_are_those_of_the_store(client: FrontClient, release: Release) -> None:
    found = description(client, "/.well-known/void")
    by_property: dict[str, list[Any]] = defaultdict(list)
    by_class: dict[str, set[Any]] = defaultdict(set)
    for quad in release.store:
        by_property[quad.predicate.value].append((quad.subject, quad.object))
        if quad.predicate == TYPE:
            by_class[str(quad.object)[1:-1]].add(quad.subject)
    rows = select(
        found,
        f"""SELECT ?p ?n ?s ?o {{ {DATASET} void:propertyPartition [ void:property ?p ;
            void:triples ?n ; void:distinctSubjects ?s ; void:distinctObjects ?o ] }}""",
    )
    assert {row[0]: tuple(map(int, row[1:])) for row in rows} == {
        name: (len(pairs), len({s for s, _ in pairs}), len({o for _, o in pairs}))
        for name, pairs in by_property.items()
    }
    rows = select(
        found,
        f"SELECT ?c ?n {{ {DATASET} void:classPartition [ void:class ?c ; void:entities ?n ] }}",
    )
    assert {name: int(n) for name, n in rows} == {n: len(each) for n, each in by_class.items()}


def test_the_subsets_are_the_named_graphs_with_their_dumps(
    client: FrontClient, release: Release
) -> None:
    found = description(client, "/.well-known/void")
    rows = select(
        found,
        f"SELECT ?g ?d {{ {DATASET} void:subset ?g . ?g void:triples ?n ; void:dataDump ?d }}",
    )
    assert rows == {
        (file["graph"], f"{PUBLIC}/{file['path']}")
        for file in release.manifest["files"]
        if file.get("graph")
    }


def test_dumps_vocabularies_and_examples_are_named(client: FrontClient, release: Release) -> None:
    found = description(client, "/.well-known/void")
    dumps = {iri for (iri,) in select(found, f"SELECT ?d {{ {DATASET} void:dataDump ?d }}")}
    whole = {f"kzgraph.{suffix}" for suffix in ("ttl", "nt", "nq", "trig", "jsonld", "rdf")}
    names = whole | {f"{name}.gz" for name in whole}
    assert dumps == {f"{PUBLIC}/dumps/{name}" for name in names}
    vocabularies = {v for (v,) in select(found, f"SELECT ?v {{ {DATASET} void:vocabulary ?v }}")}
    assert {"https://w3id.org/kzgraph/ontology", "http://www.w3.org/ns/prov#"} <= vocabularies
    used = {quad.predicate.value for quad in release.store}
    for vocabulary in vocabularies:
        assert any(term.startswith(vocabulary) for term in used) or any(
            iri.startswith(vocabulary) for (iri,) in select(found, "SELECT ?c { [] void:class ?c }")
        )
    examples = select(found, f"SELECT ?x {{ {DATASET} void:exampleResource ?x }}")
    assert 3 <= len(examples) <= 10
    endpoint = one(found, f"SELECT ?e {{ {DATASET} void:sparqlEndpoint ?e }}")
    assert endpoint == f"{PUBLIC}/sparql"


# DCAT.


def conforms(graph: Graph) -> tuple[bool, str]:
    found, _, text = validate(graph, shacl_graph=Graph().parse(data=shapes()), advanced=False)
    return bool(found), str(text)


def test_the_catalogue_conforms_to_dcat_ap(client: FrontClient) -> None:
    found, text = conforms(description(client, "/catalog"))
    assert found, text


CASES = [(name, row[0]) for name, rows in MANDATORY.items() for row in rows]
CASES += [("dcat:Distribution", row[0]) for row in DOWNLOAD if row[0] != "dcat:downloadURL"]


@pytest.mark.parametrize(("name", "path"), CASES)
def test_the_shapes_catch_what_is_missing(client: FrontClient, name: str, path: str) -> None:
    graph = Graph() + description(client, "/catalog")
    prefixes = {**PREFIXES, "foaf": str(FOAF), "dcatap": "http://data.europa.eu/r5r/"}
    graph.update(f"DELETE {{ ?s {path} ?o }} WHERE {{ ?s a {name} ; {path} ?o }}", initNs=prefixes)
    found, text = conforms(graph)
    assert not found
    assert path.partition(":")[2] in text


def test_the_catalogue_gives_size_and_checksum_of_each_dump(
    client: FrontClient, release: Release
) -> None:
    rows = select(
        description(client, "/catalog"),
        f"""SELECT ?url ?type ?size ?sum {{ {DATASET} dcat:distribution [ dcat:downloadURL ?url ;
            dcat:accessURL ?url ; dcat:mediaType ?type ; dcat:byteSize ?size ;
            spdx:checksum [ spdx:algorithm spdx:checksumAlgorithm_sha256 ;
                            spdx:checksumValue ?sum ] ] }}""",
    )
    lines = (release.dumps / "SHA256SUMS").read_text("utf-8").splitlines()
    sums = {name: digest for digest, name in (line.split() for line in lines)}
    tables = [each for each in sums if each.startswith("tables/") and not each.endswith(".json")]
    assert len(rows) == 12 + len(tables)
    iana = "https://www.iana.org/assignments/media-types/"
    for url, media_type, size, checksum in rows:
        name = url.removeprefix(f"{PUBLIC}/dumps/")
        sent = client.get(f"/dumps/{name}")
        assert int(size) == len(sent.data)
        assert checksum == sums[name] == hashlib.sha256(sent.data).hexdigest()
        if (unpacked := name.removesuffix(".gz")) not in sums:
            continue  # Of a large table there is nothing else.
        plain = client.head(f"/dumps/{unpacked}")
        assert media_type == f"{iana}{plain.mimetype}"
    packed = select(
        description(client, "/catalog"),
        "SELECT ?url ?type { [ dcat:downloadURL ?url ; dcat:compressFormat ?type ] }",
    )
    assert {url for url, _ in packed} == {url for url, *_ in rows if url.endswith(".gz")}
    assert {media_type for _, media_type in packed} == {iana + "application/gzip"}


def test_the_catalogue_says_what_years_and_places_the_facts_are_about(client: FrontClient) -> None:
    found = description(client, "/catalog")
    query = "SELECT ?y { [] kzg:statedIn ?d ; kzg:year ?y }"
    answer = client.get("/sparql", query_string={"query": query, "format": "csv"})
    years = sorted({int(line) for line in answer.text.split()[1:]})
    period = "[ dcat:startDate ?first ; dcat:endDate ?last ]"
    rows = select(found, f"SELECT ?first ?last {{ {DATASET} dct:temporal {period} }}")
    assert rows == {(str(years[0]), str(years[-1]))}
    places = {iri for (iri,) in select(found, f"SELECT ?p {{ {DATASET} dct:spatial ?p }}")}
    eu = "http://publications.europa.eu/resource/authority/country/"
    countries = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
    assert places == {
        f"{ID}place/central-asia",
        *(f"{ID}country/{code}" for code in countries),
        *(f"{eu}{code}" for code in countries),
    }


def test_the_catalogue_names_its_sources_and_version(client: FrontClient, release: Release) -> None:
    found = description(client, "/catalog")
    dataset = URIRef(f"{ID}dataset/kzgraph")
    derived = URIRef("http://www.w3.org/ns/prov#wasDerivedFrom")
    documents = {str(each) for each in found.objects(dataset, derived)}
    assert documents == {each["iri"] for each in release.manifest["documents"]}
    assert one(found, f"SELECT ?v {{ {DATASET} dcat:version ?v }}") == release.version
    # There is no clock in a release, so nothing is dated.
    assert not select(found, "SELECT ?d { [] dct:issued|dct:modified ?d }")
