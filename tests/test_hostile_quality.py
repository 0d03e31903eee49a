"""What hostile data do to the pages on quality: nothing."""

import json
import re
from pathlib import Path

import pytest

from front_client import FrontClient
from kzgraph_server.settings import Settings
from server_fixtures import SmallRelease, leave_out_scripts

BROWSER = {"Accept": "text/html"}
BAD = "<script>alert(1)</script>"
TRIG = """
GRAPH <graph/one> {
  <id/figure/d/a> a kzg:Fact , kzg:Figure ; rdfs:label "BAD"@en ; kzg:value 1 ;
    kzg:statedIn <id/document/d> ; kzg:evidence <id/evidence/d/1> , <id/evidence/d/2> .
  <id/figure/d/b> a kzg:Fact , kzg:Figure ; rdfs:label "BAD"@xx ; kzg:value "1e99999" ;
    kzg:statedIn <id/document/d> ; kzg:context <id/evidence/d/1> .
  <id/document/d> rdfs:label "BAD"@en ; kzg:length 20 .
  <id/evidence/d/1> oa:hasSource <id/document/d> ; oa:hasSelector <id/selector/d/1> ;
    schema:url <javascript:alert(1)> .
  <id/selector/d/1> oa:start 3 ; oa:end 8 ; oa:exact "BAD" .
  <id/evidence/d/2> oa:hasSource <id/document/d> ; oa:hasSelector <id/selector/d/2> .
  <id/selector/d/2> oa:start "NINES" ; oa:end "\\u0663" .
}
GRAPH <graph/compared> {
  <id/comparison/d/c> a kzg:Comparison ; rdfs:label "BAD"@en ; kzg:kind <id/comparison-kind/k> ;
    kzg:baseline <id/figure/d/a> ; kzg:comparand <id/figure/d/b> ; kzg:difference "BAD" ;
    kzg:percentDifference "NaN"^^xsd:double .
  <id/comparison-kind/k> rdfs:label "BAD"@en .
  <id/figure/d/a> kzg:concordance <id/concordance/d/a> .
  <id/concordance/d/a> a kzg:Concordance ; kzg:difference "INF"^^xsd:double ;
    kzg:explanation <id/explanation/e> , "BAD" ; kzg:confidence "BAD" .
}
GRAPH <graph/links> {
  <id/country/X> a schema:Country ; owl:sameAs <http://example.org/a> , <http://example.org/b%3C> .
  <id/link/1> sssom:confidence "BAD" ; owl:annotatedSource <id/country/X> ;
    owl:annotatedProperty owl:sameAs ; owl:annotatedTarget <http://example.org/a> .
}
""".replace("BAD", BAD).replace("NINES", "9" * 5000)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FrontClient:
    """A client of a server of the hostile data."""
    release = SmallRelease(tmp_path_factory.mktemp("hostile")).load(TRIG)
    release.report.mkdir()
    result = dict.fromkeys(("severity", "message", "focus", "shape"), BAD)
    (release.report / "report.json").write_text(json.dumps({"results": [result]}))
    return FrontClient(release, Settings())


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("", 1),
        ("/validation", 2),
        ("/cross-check", 0),
        ("/coverage", 1),
        ("/coverage/d", 3),
        ("/disagreements", 3),
        ("/disagreements?kind=k", 3),
        ("/concordance", 1),
        ("/labels", 0),
        ("/labels?in=ru", 1),
        ("/labels?class=kzg:Fact&in=ru", 1),
        ("/links", 0),
        ("/links?relation=owl:sameAs&to=http://example.org/", 0),
        ("/changes", 0),
    ],
)
@pytest.mark.parametrize("language", ["", "/kk"])
def test_hostile_data_are_shown_as_they_are(
    client: FrontClient, language: str, path: str, shown: int
) -> None:
    reply = client.get(f"{language}/quality{path}", headers=BROWSER)
    assert reply.status_code == 200
    assert "<script" not in leave_out_scripts(reply.text)
    assert 'href="javascript' not in reply.text
    assert reply.text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= shown


@pytest.mark.parametrize(
    "asked",
    ["/validation?finding=<", "/disagreements?kind=../x", "/concordance?confidence=%00",
     "/labels?in=<script>&class=<script>", "/links?relation=<&to=>", "/coverage/..%2f..",
     "/coverage/d?page=2", "/changes?graph=<"],
)  # fmt: skip
def test_what_there_is_not_is_told(client: FrontClient, asked: str) -> None:
    reply = client.get(f"/quality{asked}", headers=BROWSER)
    assert reply.status_code == 404
    assert not re.search(r"<script|<\.\./|\x00", leave_out_scripts(reply.text))


def test_a_report_that_is_no_report_of_this_release_is_none(tmp_path: Path) -> None:
    bare = FrontClient(SmallRelease(tmp_path).load(TRIG), Settings())
    assert "There are none." in bare.get("/quality/validation", headers=BROWSER).text
