"""The graph `links`: what each confirmed identifier became, and that no inference copies it."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from built_graph import built_quads, built_with_sources, source_quads
from fixed_tables import read_fixed_tables
from kzgraph.iri import BASE, ID, REASONED_GRAPHS, graph, term
from kzgraph.namespaces import OWL, SCHEMA, SKOS, TYPE
from kzgraph.prefixes import PREDECLARED
from kzgraph.reasoning import infer
from kzgraph.resources import folder
from kzgraph.tables.checks import path_of
from kzgraph.tables.schema import load_schemas
from kzgraph.vocabulary import datatypes, ontology_quads
from kzgraph_mappings.linking import LINKS, country_code_quads
from kzgraph_mappings.official.reference_tables import index_table
from small_tables import broken, small, write

ROOT = Path(__file__).parents[1]
IDENTIFIERS = ROOT.parent / "shared" / "data" / "reference" / "identifiers.csv"
PAGE = (ROOT / "docs" / "linking.md").read_text("utf-8")

Cells = dict[str, str]


def read(path: Path) -> list[Cells]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def identifiers() -> list[Cells]:
    if not IDENTIFIERS.is_file():
        pytest.skip("the list of confirmed identifiers is not at hand")
    return read(IDENTIFIERS)


@pytest.fixture(scope="module")
def store() -> Store:
    found = Store()
    found.extend(built_quads())
    return found


def rows(table: str) -> list[Cells]:
    found = read_fixed_tables().of(table)
    return [{name: " ".join(items) for name, items in row.cells.items()} for row in found]


LEFT_OUT = {
    (row["entity"], row["scheme"], row["id"])
    for row in read(ROOT / "tests" / "data" / "identifiers_left_out.csv")
}
#: What the list calls otherwise than the tables do.
CALLED = {
    "1954 Statelessness Convention": "instrument/statelessness-convention-1954",
    "1961 Statelessness Convention": "instrument/statelessness-convention-1961",
    "ESCAP": "organisation/escap",
    "Eid-al-Adha": "holiday-kind/eid-al-adha",
    "Eid-al-Fitr": "holiday-kind/eid-al-fitr",
    "UN Security Council": "organisation/un-security-council",
    "asylum-seeker": "population-group/ASY",
    "internally displaced person": "population-group/IDP",
    "forcible return (refoulement)": "quantity/forcible-return",
    "multi-purpose cash grants": "indicator/cash-grants",
    "naturalization": "quantity/naturalisation",
    "permanent residency": "quantity/permanent-residency",
    "public holiday": "scheme/holiday-kind",
    "refugee": "population-group/REF",
    "stateless person": "population-group/STA",
    "statelessness": "population-group/STA",
    "US dollar": "unit/us-dollars",
}


def paths() -> dict[str, str]:
    """The path of each thing by its names."""
    found: dict[str, str] = {}
    things_first = sorted(read_fixed_tables().rows, key=lambda row: row.schema.name == "concepts")
    for row in things_first:
        if "label_en" in row.cells:
            for name in (*row.cells["label_en"], *row.cells.get("alternative", ())):
                found.setdefault(name.casefold(), path_of(row))
    return {**found, **{name.casefold(): path for name, path in CALLED.items()}}


def test_every_confirmed_identifier_is_in_the_tables_or_left_out_for_a_reason(
    identifiers: list[Cells],
) -> None:
    links = {(row["subject"], row["object"]): row for row in rows("links")}
    notations = {(row["subject"], row["notation"]) for row in rows("notations")}
    of_name = paths()
    missing, wrong = [], []
    for row in identifiers:
        path = of_name.get(row["entity"].casefold(), "")
        link = links.get((path, row["iri"]))
        left = (row["entity"], row["scheme"], row["id"]) in LEFT_OUT
        if (link is not None or (not row["iri"] and (path, row["id"]) in notations)) is left:
            missing.append(row)
        elif link is not None and not may_be(link["relation"], row):
            wrong.append((link["key"], link["relation"], row["match"]))
    assert missing == []
    assert wrong == []
    named = {row["iri"] for row in identifiers} | {row["id"] for row in identifiers}
    assert {row["object"] for row in rows("links")} <= named
    assert {row["notation"] for row in rows("notations")} <= named


def may_be(relation: str, row: Cells) -> bool:
    """Whether a relation says no more than the list does."""
    if relation == "owl:sameAs":
        individuals = {"Wikidata", "GeoNames", "DBpedia"}
        sure = row["match"] == "exact" and row["confidence"] == "confirmed"
        return sure and row["scheme"] in individuals and row["kind"] not in {"concept", "holiday"}
    allowed = {
        "exact": {"skos:exactMatch", "skos:closeMatch", "schema:sameAs", "rdfs:seeAlso"},
        "close": {"skos:closeMatch", "rdfs:seeAlso"},
        "broader": {"skos:broadMatch", "rdfs:seeAlso"},
    }
    return relation in allowed[row["match"]]


def test_the_page_says_how_many_became_what(identifiers: list[Cells]) -> None:
    counted = Counter(row["relation"] for row in rows("links"))
    counted["skos:notation"] = len(rows("notations"))
    table = re.findall(r"^\| (`.*?`).*\| (\d+) \|$", PAGE, re.MULTILINE)
    assert {names.split("`")[1]: int(number) for names, number in table} == dict(counted)
    assert f"{len(identifiers)} identifiers" in PAGE
    assert f"{len(identifiers) - len(LEFT_OUT)} of them" in PAGE
    assert f"{len(LEFT_OUT)} are left out" in PAGE
    same = [row for row in rows("links") if row["relation"] == "owl:sameAs"]
    things = len({row["subject"] for row in same})
    assert f"{things} things here onto {len(same)} IRIs" in PAGE


@pytest.mark.parametrize(
    "path", ["country/NLD", "country/DNK", "place/almaty-region", "place/central-asia"]
)
def test_what_may_be_two_things_is_the_same_as_none(path: str, store: Store) -> None:
    assert not list(store.quads_for_pattern(NamedNode(ID + path), OWL["sameAs"], None, None))
    assert list(store.quads_for_pattern(NamedNode(ID + path), SKOS["exactMatch"], None, None))


# Inference


def test_links_change_nothing_that_is_inferred() -> None:
    reasoned = {graph(name) for name in REASONED_GRAPHS}
    without = Store()
    without.extend(quad for quad in built_quads() if quad.graph_name != LINKS)
    assert set(infer(without)) == {q for q in built_quads() if q.graph_name in reasoned}


def test_nothing_is_said_of_a_thing_elsewhere(store: Store) -> None:
    """Outside `links` no IRI that is linked to is a subject or an object."""
    linked = {NamedNode(row["object"]) for row in rows("links")}
    said = {
        node
        for quad in built_quads()
        if quad.graph_name != LINKS
        for node in (quad.subject, quad.object)
    }
    assert linked & said == set()
    subjects = {quad.subject for quad in built_quads() if quad.graph_name == LINKS}
    assert all(isinstance(node, NamedNode) and node.value.startswith(ID) for node in subjects)


def test_official_data_carry_nothing_to_things_elsewhere() -> None:
    """Nor do the links: without them the same follows from the documents and the official data.

    Outside the vocabulary, which defines others' terms as far as it uses them, nothing is said of
    what is not the project's, in graphs of sources no more than in those of reasoning.
    """
    given, official = Store(), Store()
    shared = {graph("entities"), graph("concepts")}
    for quad in source_quads():
        if quad.graph_name != LINKS:
            (given if quad.graph_name in shared else official).add(quad)
    reasoned = {graph(name) for name in REASONED_GRAPHS}
    given.extend(q for q in built_quads() if q.graph_name not in {LINKS, *reasoned})
    follows = set(infer(given, official))
    assert follows == {quad for quad in built_with_sources() if quad.graph_name in reasoned}
    linked = {q.object for q in built_with_sources() if q.predicate == OWL["sameAs"]}
    assert linked and not linked & {q.object for q in follows}
    said = {
        quad.subject
        for quad in built_with_sources()
        if quad.graph_name != graph("ontology") and isinstance(quad.subject, NamedNode)
    }
    assert [node for node in said if not node.value.startswith(BASE)] == []


@pytest.mark.parametrize(("where", "copied"), [("links", False), ("entities", True)])
def test_only_the_graph_keeps_a_reasoner_from_copying(where: str, copied: bool) -> None:
    """What the page warns of: the same link in a graph that is taken in is followed."""
    here, there = NamedNode(f"{ID}country/KAZ"), NamedNode("http://www.wikidata.org/entity/Q232")
    given = Store()
    given.add(Quad(here, TYPE, SCHEMA["Place"], graph("entities")))
    given.add(Quad(here, OWL["sameAs"], there, graph(where)))
    assert (there in {quad.subject for quad in infer(given)}) is copied


# Codes


def test_the_datatypes_of_the_table_are_those_of_the_vocabulary() -> None:
    column = load_schemas(folder("mappings") / "schemas")["notations"].by_name["datatype"]
    names = {each.value.removeprefix(f"{BASE}ontology#") for each in datatypes()}
    assert set(column.words) == names
    assert {quad.subject for quad in ontology_quads()} >= datatypes()


@pytest.mark.parametrize(
    ("letters", "country", "system"),
    [
        ("AUS", "AUS", "iso3166Alpha3"),
        ("AUL", "AUS", "unhcrCode"),
        ("GFR", "DEU", "unhcrCode"),
        ("ARE", "ARE", "iso3166Alpha3"),
        ("UAE", "ARE", "unhcrCode"),
        ("NET", "NLD", "unhcrCode"),
    ],
)
def test_the_datatype_tells_which_country_a_bare_code_is(
    letters: str, country: str, system: str, store: Store
) -> None:
    code = Literal(letters, datatype=NamedNode(f"{BASE}ontology#{system}"))
    found = store.quads_for_pattern(None, SKOS["notation"], code, None)
    assert [quad.subject.value for quad in found if isinstance(quad.subject, NamedNode)] == [
        f"{ID}country/{country}"
    ]


# Rows that an editor adds

LINK = {
    "key": "place-almaty-wikidata",
    "subject": "place/almaty",
    "relation": "owl:sameAs",
    "object": "http://www.wikidata.org/entity/Q35493",
    "justification": "ManualMappingCuration",
    "confidence": "0.9",
    "sources": "https://example.org/list.csv",
}
CODE = {
    "key": "country-kaz-unhcr",
    "subject": "country/KAZ",
    "datatype": "unhcrCode",
    "notation": "KAZ",
    "confidence": "0.7",
    "note": "Read in a printed list.",
}
SET = {
    "id": "dataset/wikidata",
    "label_en": "Wikidata",
    "uri_space": "http://www.wikidata.org/entity/",
}


def faulty(tmp_path: Path, links: list[Cells], codes: list[Cells]) -> set[str]:
    added = {
        "shared/linked_data_sets.csv": [SET],
        "shared/links.csv": links,
        "shared/notations.csv": codes,
    }
    return broken(write(tmp_path, small() | added))


def test_links_and_codes_can_be_added(tmp_path: Path) -> None:
    assert faulty(tmp_path, [LINK], [CODE]) == set()


TWIN = {"key": "another"}


@pytest.mark.parametrize(
    ("links", "codes", "caught"),
    [
        (
            [
                {
                    "key": "Almaty",
                    "subject": "place/almaty-city",
                    "relation": "sameAs",
                    "object": "wd:Q35493",
                    "justification": "guess",
                    "confidence": "high",
                    "sources": "list.csv",
                }
            ],
            [CODE | {"datatype": "unhcr"}],
            {*LINK, "datatype"} - {"subject"},
        ),
        ([LINK | {"subject": "place/almaty-city"}], [CODE], {"subject"}),
        (
            [LINK | {"sources": "", "confidence": "0.0", "object": f"{ID}country/KAZ"}],
            [CODE | {"notation": "Kaz"}],
            {
                *("Link-confidence", "Link-object", "Link-rests-on-something"),
                "Notated-notation",
            },
        ),
        ([LINK, LINK | TWIN | {"subject": "country/KAZ"}], [CODE], {"Linked-as-one"}),
        ([LINK, LINK | TWIN | {"object": f"{SET['uri_space']}Q1"}], [CODE], {"Linked-twice"}),
        ([LINK | {"subject": "population-group/REF"}], [CODE], {"Linked-concept"}),
        ([LINK], [CODE, CODE | TWIN | {"subject": "place/almaty"}], {"Notated-alike"}),
    ],
)
def test_a_wrong_row_is_caught(
    tmp_path: Path, links: list[Cells], codes: list[Cells], caught: set[str]
) -> None:
    assert faulty(tmp_path, links, codes) == caught


def test_codes_of_the_table_of_countries_agree_with_those_that_were_confirmed() -> None:
    """One source of each code: a country of both tables has the same ones in both."""
    confirmed = {(row["subject"], row["datatype"]): row["notation"] for row in rows("notations")}
    table = index_table("countries.csv", ("iso3",))
    compared = 0
    for (iso3,), row in table.items():
        country = NamedNode(f"{ID}country/{iso3}")
        quads = list(country_code_quads(country, row))
        for quad in quads:
            assert isinstance(quad.object, Literal)
            datatype = quad.object.datatype.value.removeprefix(f"{BASE}ontology#")
            wanted = confirmed.get((f"country/{iso3}", datatype))
            assert wanted in {None, quad.object.value}
            compared += wanted is not None
    assert compared == 5 * 29
    austria = country_code_quads(NamedNode(f"{ID}country/AUT"), table[("AUT",)])
    assert Literal("AUS", datatype=term("unhcrCode")) in {quad.object for quad in austria}


# The page


@pytest.mark.parametrize("text", re.findall(r"```sparql\n(.*?)```", PAGE, re.DOTALL))
def test_a_query_of_the_page_finds_something(text: str, store: Store) -> None:
    prefixes = {**PREDECLARED}
    if "SERVICE" in text:
        text = re.sub(r"SERVICE \S+ \{.*?\}", "", text)  # Nobody else is asked.
    found = store.query(text, use_default_graph_as_union=True, prefixes=prefixes)
    assert len(list(found)) > 0  # type: ignore[arg-type]
