"""CSVW metadata of query results: what each column means, and whose numbers the table has."""

import io
import json
import warnings
from pathlib import Path
from typing import Any

import csvw
import pytest
from pyoxigraph import Store

from kzgraph.prefixes import used_prefixes
from kzgraph.problem import Problem
from kzgraph.sparql.dispatch import perform
from kzgraph.sparql.job import TABLE_METADATA, Job
from kzgraph.vocabulary import ontology_quads

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
DATA = f"""
    INSERT DATA {{
      GRAPH <graph/metadata> {{
        <id/dataset/kzgraph> dcterms:license <{LICENCE}> ; dcat:version "0.1-abc" . }}
      GRAPH <graph/made> {{
        <id/f> kzg:year 2018 ; kzg:country country:KAZ ; kzg:value 588.5 ;
          kzg:quantity quantity:stock ; kzg:date "2018-12-31"^^xsd:date .
        country:KAZ rdfs:label "Kazakhstan"@en . }}
      GRAPH <graph/official-0123456789ab> {{
        <graph/official-0123456789ab> dcterms:title "A table"@en ; dcterms:license <{LICENCE}> ;
          schema:creditText "Its office" .
        <id/o> kzg:year 2018 ; kzg:officialValue 600 ; kzg:quantity quantity:stock . }}
    }}"""
QUERY = """SELECT ?country ?year ?day ?v ?figure (COUNT(*) AS ?год) (SUM(?v) AS ?_sum)
  ('#x' AS ?x) {
  ?figure kzg:year ?year ; kzg:date ?day ; kzg:value ?v ; kzg:country ?c .
  ?figure kzg:quantity quantity:stock . ?c rdfs:label ?country FILTER(LANG(?country) = "en")
} GROUP BY ?country ?year ?day ?v ?figure"""


@pytest.fixture(scope="module")
def store() -> Store:
    found = Store()
    found.update(DATA, base_iri="https://w3id.org/kzgraph/", prefixes=used_prefixes(DATA))
    found.extend(ontology_quads())
    return found


def written(job: Job, store: Store) -> bytes:
    out = io.BytesIO()
    perform(job, store, 100).write(out)
    return out.getvalue()


def metadata(query: str, store: Store, name: str = "csv", hxl: bool = False) -> dict[str, Any]:
    job = Job(query, (), (), (TABLE_METADATA, name), 10, hxl=hxl)
    found: dict[str, Any] = json.loads(written(job, store))
    return found


def columns(query: str, store: Store) -> dict[str, Any]:
    return {each["name"]: each for each in metadata(query, store)["tableSchema"]["columns"]}


@pytest.mark.parametrize("hxl", [False, True], ids=["plain", "hxl"])
@pytest.mark.parametrize("name", ["csv", "tsv", "csv-excel"])
def test_the_table_is_valid_by_its_metadata(
    name: str, hxl: bool, store: Store, tmp_path: Path
) -> None:
    described = metadata(QUERY, store, name, hxl)
    table = written(Job(QUERY, (), (), (name,), 10, hxl=hxl), store)
    (tmp_path / "table").write_bytes(table)
    (tmp_path / "metadata.json").write_text(json.dumps({**described, "url": "table"}), "utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read = csvw.CSVW(str(tmp_path / "metadata.json"), validate=True)
    assert read.is_valid, read.warnings
    (row,) = read.t.iterdicts()
    if name == "tsv" and not hxl:
        assert list(row.values())[:2] == ['"Kazakhstan"@en', "2018"]
    else:
        shown = [str(value) for value in row.values()]
        assert shown[:4] == ["Kazakhstan", "2018", "2018-12-31", "588.5"]
        assert shown[5:7] == ["1", "588.5"]
        assert shown[7].lstrip("'") == "#x", "Excel's CSV has a guard before it"


def test_a_column_says_what_it_means_in_three_languages(store: Store) -> None:
    found = columns(QUERY, store)
    assert found["year"]["titles"] == {"und": "year", "en": "year", "ru": "год", "kk": "жыл"}
    assert found["year"]["propertyUrl"] == "https://w3id.org/kzgraph/ontology#year"
    assert found["year"]["dc:description"].startswith("The calendar year")
    assert (found["year"]["datatype"], found["year"]["null"]) == ("integer", "")
    assert found["country"]["lang"] == "en"
    assert "propertyUrl" not in found["country"], "it is of the country, not of the row's figure"
    assert found["country"]["titles"]["ru"] == "страна"
    assert found["figure"]["datatype"] == "anyURI"
    assert found["v"]["datatype"] == "decimal"


def test_what_is_not_known_of_a_column_is_not_said(store: Store) -> None:
    assert columns(QUERY, store)["x"] == {"name": "x", "titles": {"und": "x"}}


def test_names_that_a_template_cannot_have_are_encoded(store: Store) -> None:
    found = columns(QUERY, store)
    assert found["%D0%B3%D0%BE%D0%B4"]["titles"]["und"] == "год"
    assert found["%5Fsum"]["titles"] == {
        "und": "_sum", "en": "value (SUM)", "ru": "значение (SUM)", "kk": "мәні (SUM)",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "sourced"),
    [
        ("SELECT ?y { ?f kzg:year ?y }", True),
        ("SELECT ?y FROM <graph/made> { ?f kzg:year ?y }", False),
        ("SELECT ?y FROM <graph/official-0123456789ab> { ?f kzg:year ?y }", True),
        ("SELECT ?y FROM <graph/made> FROM NAMED <graph/official-0123456789ab> "
         "{ GRAPH ?g { ?f kzg:year ?y } }", True),
    ],
)  # fmt: skip
def test_a_table_names_the_sources_that_its_query_can_meet(
    pattern: str, sourced: bool, store: Store
) -> None:
    found = metadata(pattern, store)
    assert found["dc:license"] == {"@id": LICENCE}
    assert found["dcat:version"] == "0.1-abc"
    if not sourced:
        assert "dc:source" not in found
        return
    assert found["dc:source"] == [
        {
            "@id": "https://w3id.org/kzgraph/graph/official-0123456789ab",
            "dc:title": "A table",
            "dc:license": {"@id": LICENCE},
            "schema:creditText": "Its office",
        }
    ]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("ASK { ?f kzg:year 2018 }", "table of a SELECT"),
        ("CONSTRUCT WHERE { ?f kzg:year 2018 }", "table of a SELECT"),
        ("SELECT * { ?s ?p }", "Syntax error"),
        ("SELECT * { ?s unheard:of ?o }", "unheard"),
        ("INSERT DATA { <a> <b> <c> }", "read-only"),
        ("nonsense", "Syntax error"),
    ],
)
def test_metadata_of_what_is_not_a_table_is_refused(query: str, words: str, store: Store) -> None:
    with pytest.raises(Problem, match=words) as refused:
        metadata(query, store)
    assert refused.value.status == 400
