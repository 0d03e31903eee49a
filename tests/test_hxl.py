"""HXL hashtags of query results: from what a column is in the query, and from nothing else."""

import csv
import io
import re
from pathlib import Path
from typing import Any

import csvw
import hxl as libhxl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pyoxigraph import Store

from kzgraph.cli import cli
from kzgraph.licences import OWN
from kzgraph.problem import Problem
from kzgraph.rdf.formats import HXL_FORMATS, RESULT_FORMATS
from kzgraph.sparql.evaluation import evaluate
from kzgraph.sparql.hashtags import read_rules, tag_columns
from kzgraph.sparql.job import Job
from kzgraph.sparql.meaning import find_meanings

#: https://hxlstandard.org/standard/1-1final/tagging/: a hashtag and its attributes.
HASHTAG = re.compile(r"#[a-z][a-z0-9_]*(?:\+[a-z][a-z0-9_]*)*")
DATA = """
    INSERT DATA {
      <urn:f> a kzg:PopulationFigure ; kzg:year 2018 ; kzg:country country:KAZ ;
        kzg:populationGroup population-group:REF ; kzg:quantity quantity:stock ; kzg:value 588 .
      <urn:g> a kzg:PopulationFigure ; kzg:year 2019 ; kzg:country country:KAZ ;
        kzg:populationGroup population-group:REF ; kzg:quantity quantity:stock ; kzg:value 600 .
      country:KAZ rdfs:label "Kazakhstan"@en , "Казахстан"@ru ; schema:identifier "KAZ" .
    }"""


@pytest.fixture(scope="module")
def store() -> Store:
    from kzgraph.prefixes import used_prefixes

    found = Store()
    found.update(DATA, prefixes=used_prefixes(DATA))
    return found


def tags(query: str) -> list[str]:
    """The hashtags of the columns of `SELECT ... WHERE {...}`, in order."""
    result: Any = Store().query(query, prefixes=_prefixes(query))
    return tag_columns([each.value for each in result.variables], find_meanings(query, 100))


def _prefixes(query: str) -> dict[str, str]:
    from kzgraph.prefixes import used_prefixes

    return used_prefixes(query)


def written(query: str, store: Store, name: str = "csv", **how: Any) -> bytes:
    out = io.BytesIO()
    evaluate(Job(query, (), (), (name,), 10, hxl=True, **how), store, 100).write(out)
    return out.getvalue()


STOCK = "?f kzg:quantity quantity:stock ; kzg:value ?v"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?y { ?f kzg:year ?y }", "#date+year"),
        ("SELECT ?c { ?f kzg:country ?c }", "#country+id"),
        ("SELECT ?c { ?f kzg:country ?c ; kzg:origin ?o }", "#country+asylum+id"),
        ("SELECT ?o { ?f kzg:country ?c ; kzg:origin ?o }", "#country+origin+id"),
        ("SELECT ?c { ?f kzg:country/schema:identifier ?c }", "#country+code+v_iso3"),
        ("SELECT ?l { ?f kzg:country ?c . ?c rdfs:label ?l }", "#country+name"),
        ("SELECT ?l { ?f kzg:country/rdfs:label ?l FILTER(lang(?l)='ru') }", "#country+name+i_ru"),
        ("SELECT ?l { ?f kzg:scope ?c . ?c a schema:Country ; rdfs:label ?l }", "#country+name"),
        ("SELECT ?l { ?f kzg:scope ?c . ?c rdfs:label ?l }", ""),
        ("SELECT ?g { ?f kzg:populationGroup/skos:prefLabel ?g }", "#beneficiary+name"),
        ("SELECT ?d { [] kzg:donor/rdfs:label ?d }", "#org+funding+name"),
        ("SELECT ?d { ?d ^kzg:donor ?f }", "#org+funding+id"),
        (f"SELECT ?v {{ {STOCK} }}", "#affected"),
        (f"SELECT ?v {{ {STOCK} ; kzg:populationGroup population-group:STA }}",
         "#affected+stateless"),
        (f"SELECT ?v {{ {STOCK} ; kzg:populationGroup/skos:notation 'REF' }}",
         "#affected+refugees"),
        ("SELECT ?v { ?f kzg:value ?v ; kzg:quantity ?q . ?q skos:notation 'stock' }", "#affected"),
        ("SELECT ?v { ?f kzg:officialValue ?v ; kzg:quantity quantity:stock }", "#affected"),
        ("SELECT ?v { ?f kzg:officialValue ?v ; kzg:quantity quantity:inhabitants }",
         "#population"),
        ("SELECT ?v { ?f kzg:officialValue ?v ; kzg:populationGroup ?g }", ""),
        ("SELECT ?c { ?f kzg:country/skos:notation ?c FILTER(DATATYPE(?c) = kzg:iso3166Alpha3) }",
         "#country+code+v_iso3"),
        ("SELECT ?c { ?f kzg:country ?p . ?p skos:notation ?c FILTER(DATATYPE(?c) = kzg:m49) }",
         "#country+code+num+v_m49"),
        ("SELECT ?v { ?f kzg:officialValue ?v }", ""),
        ("SELECT ?v { ?f kzg:value ?v ; kzg:quantity quantity:budget }", "#value+budget"),
        ("SELECT ?v { ?f kzg:value ?v ; kzg:unit unit:percent }", "#indicator+pct"),
        ("SELECT ?v { ?f kzg:usDollars ?v }", "#value+c_usd"),
        ("SELECT ?f { ?f a kzg:OfficialFigure }", "#meta+id"),
        # A number of which the query does not say what it counts is not tagged.
        ("SELECT ?v { ?f a kzg:PopulationFigure ; kzg:value ?v }", ""),
        ("SELECT ?v { ?f kzg:value ?v OPTIONAL { ?f kzg:quantity quantity:stock } }", ""),
        ("SELECT ?v { ?f kzg:value ?v . ?g kzg:quantity quantity:stock }", ""),
        ("SELECT ?v { _:f kzg:value ?v . _:g kzg:quantity quantity:stock }", ""),
        ("SELECT ?v { [] kzg:value ?v . [] kzg:quantity quantity:stock }", ""),
        (f"SELECT ?v {{ ?f kzg:value ?v FILTER EXISTS {{ {STOCK} }} }}", ""),
        (f"SELECT ?v {{ ?f kzg:value ?v MINUS {{ {STOCK} }} }}", ""),
        ("SELECT ?v { ?f ?p ?v }", ""),
        ("SELECT ?v { ?f kzg:year|kzg:row ?v }", ""),
        ("SELECT ?v { ?f !kzg:year ?v }", ""),
    ],
)  # fmt: skip
def test_a_column_is_tagged_by_where_it_stands(query: str, expected: str) -> None:
    assert tags(query) == [expected]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (f"SELECT (SUM(?v) AS ?n) {{ {STOCK} }}", "#affected"),
        (f"SELECT (AVG(?v) AS ?n) {{ {STOCK} }}", "#affected+avg"),
        (f"SELECT (COUNT(?v) AS ?n) {{ {STOCK} }}", "#meta+count"),
        (f"SELECT (SUM(?v) / 2 AS ?n) {{ {STOCK} }}", ""),
        (f"SELECT (- SUM(?v) AS ?n) {{ {STOCK} }}", ""),
        (f"SELECT (SUM(COALESCE(?v, 0)) AS ?n) {{ {STOCK} }}", "#affected"),
        (f"SELECT (COALESCE(?v, 'none') AS ?n) {{ {STOCK} }}", ""),
        (f"SELECT (ROUND(?v) AS ?n) {{ {STOCK} }}", "#affected"),
        (f"SELECT (xsd:integer(?v) AS ?n) {{ {STOCK} }}", "#affected"),
        (f"SELECT (STR(?v) AS ?n) {{ {STOCK} }}", "#affected"),
        (f"SELECT (CONCAT('a', STR(?v)) AS ?n) {{ {STOCK} }}", ""),
        (f"SELECT ?n {{ {STOCK} BIND(?v AS ?n) }}", "#affected"),
        (f"SELECT ?n {{ {{ SELECT (SUM(?v) AS ?n) {{ {STOCK} }} }} }}", "#affected"),
        (f"SELECT * {{ {{ SELECT (SUM(?v) AS ?n) {{ {STOCK} }} }} }}", "#affected"),
        ("SELECT (SUM(?y) AS ?n) { ?f kzg:year ?y }", ""),
        ("SELECT (MIN(?y) AS ?n) { ?f kzg:year ?y }", "#date+year+min"),
        ("SELECT (SAMPLE(?l) AS ?n) { ?f kzg:country/rdfs:label ?l }", "#country+name"),
        ("SELECT (GROUP_CONCAT(?l) AS ?n) { ?f kzg:country/rdfs:label ?l }", "#country+name+list"),
        (f"SELECT (GROUP_CONCAT(?v) AS ?n) {{ {STOCK} }}", ""),
    ],
)  # fmt: skip
def test_what_is_computed_keeps_the_tag_of_its_argument_or_has_none(
    query: str, expected: str
) -> None:
    assert tags(query) == [expected]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # Alternatives have what all of them have; of what one does not say, nothing is known.
        ("SELECT ?l { { ?f kzg:country/rdfs:label ?l FILTER(lang(?l) = 'en') } UNION "
         "{ ?f kzg:country/rdfs:label ?l FILTER(lang(?l) = 'ru') } }", "#country+name"),
        ("SELECT ?x { { ?f kzg:year ?x } UNION { ?f kzg:country ?x } }", ""),
        ("SELECT ?x { { ?f kzg:year ?x } UNION { BIND('#country' AS ?x) } }", ""),
        ("SELECT ?x { { ?f kzg:year ?x } UNION { ?f ?p ?x } }", ""),
        ("SELECT ?x { OPTIONAL { ?f kzg:year ?x } OPTIONAL { ?f kzg:country ?x } }", ""),
        # What is joined holds all together.
        ("SELECT ?c { ?f kzg:country ?c . ?g kzg:origin ?c }", "#country+id"),
        ("SELECT ?y { ?f kzg:year ?y . ?g kzg:year ?y }", "#date+year"),
        ("SELECT ?y { VALUES ?y { 2018 } ?f kzg:year ?y }", "#date+year"),
        ("SELECT ?y { GRAPH ?g { ?f kzg:year ?y } }", "#date+year"),
        # A language that need not hold is none.
        ("SELECT ?l { ?f kzg:country/rdfs:label ?l FILTER(lang(?l) != 'ru') }", "#country+name"),
        ("SELECT ?l { ?f kzg:country/rdfs:label ?l FILTER(lang(?l)='ru' || lang(?l)='en') }",
         "#country+name"),
        ("SELECT ?l { ?f kzg:country/rdfs:label ?l FILTER(!(lang(?l) = 'ru')) }", "#country+name"),
        ("SELECT ?l { ?f kzg:country/rdfs:label ?l FILTER langMatches(lang(?l), 'KK') }",
         "#country+name+i_kk"),
        ("SELECT ?l { ?f kzg:country/rdfs:label ?l FILTER('en' = lang(?l)) }",
         "#country+name+i_en"),
        ("SELECT ?l { ?f kzg:country/rdfs:label ?l FILTER(lang(?l) = 'en\\n#adm1,+x') }",
         "#country+name"),
    ],
)  # fmt: skip
def test_what_is_known_in_several_places_is_put_together(query: str, expected: str) -> None:
    assert tags(query) == [expected]


def test_names_are_resolved_as_the_query_declares_them() -> None:
    own = "PREFIX kzg: <https://example.org/> SELECT ?y { ?f kzg:year ?y }"
    full = "SELECT ?y { ?f <https://w3id.org/kzgraph/ontology#year> ?y }"
    based = "BASE <https://w3id.org/kzgraph/> SELECT ?y { ?f <ontology#year> ?y }"
    assert [tags(each) for each in (own, full, based)] == [[""], ["#date+year"], ["#date+year"]]


def test_a_thousand_columns_are_tagged() -> None:
    names = " ".join(f"?y{number}" for number in range(1000))
    patterns = " ".join(f"?f kzg:year ?y{number} ." for number in range(400))
    found = find_meanings(f"SELECT {names} {{ {patterns} }}", 100)
    assert tag_columns(names.replace("?", "").split(), found).count("#date+year") == 400


@pytest.mark.parametrize("chosen", HXL_FORMATS, ids=lambda each: each.name)
def test_the_second_row_has_the_hashtags(chosen: Any, store: Store) -> None:
    query = (
        "SELECT ?country ?year ?v ('=1+1' AS ?formula) { ?f kzg:country/rdfs:label ?country ; "
        f"kzg:year ?year . {STOCK} FILTER(LANG(?country) = 'en') }} ORDER BY ?year"
    )
    data = written(query, store, chosen.name)
    if chosen.name == "xlsx":
        sheet: Any = load_workbook(io.BytesIO(data)).active
        rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
        assert sheet.freeze_panes == "A3"
    else:
        delimiter = "\t" if chosen.name == "tsv" else ","
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=delimiter))
    assert rows[0] == ["country", "year", "v", "formula"]
    assert rows[1] == ["#country+name+i_en", "#date+year", "#affected", ""]
    source = libhxl.data(rows)
    assert [column.display_tag for column in source.columns] == [
        "#country+name+i_en", "#date+year", "#affected", "",
    ]  # fmt: skip
    assert [row.get("#affected") for row in source] == ["588", "600"]
    problems: list[Any] = []
    assert libhxl.schema(callback=problems.append).validate(libhxl.data(rows)), problems


def test_what_looks_like_a_hashtag_in_a_row_is_not_taken_for_one(store: Store) -> None:
    query = f"SELECT ?x ?v {{ {STOCK} BIND('#adm1' AS ?x) }}"
    rows = list(csv.reader(io.StringIO(written(query, store).decode())))
    assert rows[1] == ["", "#affected"]
    assert [column.tag for column in libhxl.data(rows).columns] == [None, "#affected"]


def test_a_page_has_the_hashtags_and_no_row_less(store: Store) -> None:
    query = f"SELECT ?v {{ {STOCK} }} ORDER BY ?v"
    assert written(query, store, max_rows=1, offset=1) == b"v\r\n#affected\r\n600\r\n"


@pytest.mark.parametrize(
    ("query", "name", "status", "words"),
    [
        ("ASK { ?f kzg:year 2018 }", "csv", 400, "true or false"),
        ("CONSTRUCT { ?f kzg:year ?y } WHERE { ?f kzg:year ?y }", "ttl", 400, "a graph"),
        ("SELECT ?y { ?f kzg:year ?y }", "json", 406, "Available: text/csv"),
        ("SELECT ?y { ?f kzg:year ?y }", "parquet", 406, "Available: text/csv"),
        ("SELECT ?x { BIND('#adm1' AS ?x) }", "csv", 406, "No column of this query"),
    ],
)
def test_what_cannot_have_hashtags_is_refused_with_the_reason(
    query: str, name: str, status: int, words: str, store: Store
) -> None:
    with pytest.raises(Problem, match=re.escape(words)) as refused:
        written(query, store, name)
    assert refused.value.status == status


def test_every_hashtag_of_the_table_is_one_and_its_properties_are_terms() -> None:
    from built_graph import built_quads

    known = {quad.subject.value for quad in built_quads() if hasattr(quad.subject, "value")}
    used = {quad.predicate.value for quad in built_quads()}
    for rules in read_rules().values():
        for rule in rules:
            given = str(rule.given)
            assert not given or HASHTAG.fullmatch(given if given[0] == "#" else f"#x{given}")
            for iri in (*rule.properties, *(name for name, _ in rule.facts)):
                assert iri in known | used or iri.endswith("#datatype"), iri


@given(st.text(alphabet="{}?:.;,()[]|/^*+!abkzgyear <>'\"@#\n", max_size=60))
def test_no_query_breaks_the_analysis(text: str) -> None:
    from kzgraph.sparql.refusals import Refusal

    query = f"SELECT * {{ ?f kzg:year ?y . {text} }}"
    try:
        found = find_meanings(query, 100)
    except (Refusal, SyntaxError):
        return
    assert all(HASHTAG.fullmatch(tag) for tag in tag_columns(found, found) if tag)


def test_formats_with_room_for_hashtags_are_formats_of_tables() -> None:
    assert set(HXL_FORMATS) < set(RESULT_FORMATS)


@pytest.mark.parametrize("hxl", [[], ["--hxl"]], ids=["plain", "hxl"])
def test_the_command_line_writes_metadata_beside_a_table(
    hxl: list[str], release_root: Path, tmp_path: Path
) -> None:
    query = "SELECT ?y { ?f a kzg:FinanceFigure ; kzg:year ?y } ORDER BY ?y LIMIT 2"
    file = tmp_path / "answer.csv-metadata.json"
    command = ["query", "--releases", str(release_root), "--csvw", str(file), *hxl]
    found = CliRunner().invoke(cli, [*command, "--format", "csv", query])
    (tmp_path / "answer.csv").write_bytes(found.stdout_bytes)
    read = csvw.CSVW(str(file), validate=True)
    assert read.is_valid
    assert [row["y"] for row in read.t.iterdicts()] == [2014, 2014]
    assert read.common_props["dc:license"]["@id"] == OWN.iri
    for more in (["--format", "json"], ["--format", "csv", "--csvw", str(tmp_path / "x.json")]):
        refused = CliRunner().invoke(cli, [*command, *more, query])
        assert (refused.exit_code, "metadata" in refused.stderr or "json" in more) == (2, True)


def test_the_command_line_writes_hashtags(release_root: Path) -> None:
    query = "SELECT ?y { ?f a kzg:FinanceFigure ; kzg:year ?y } ORDER BY ?y LIMIT 1"
    command = ["query", "--releases", str(release_root), "--hxl"]
    found = CliRunner().invoke(cli, [*command, "--format", "csv", query])
    assert found.stdout.splitlines()[:2] == ["y", "#date+year"], found.stderr
    refused = CliRunner().invoke(cli, [*command, query])
    assert (refused.exit_code, "--format csv" in refused.stderr) == (2, True)
    asked = CliRunner().invoke(cli, [*command, "--format", "csv", "ASK { ?s ?p ?o }"])
    assert "table of a SELECT" in str(asked.exception)
