"""`/ontology` as a page: diagram, terms in three languages, rules, uses, code lists."""

import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from front_client import FrontClient
from kzgraph.iri import ONTOLOGY
from kzgraph.namespaces import LANGUAGES, SH
from kzgraph_server.pages.ontology.class_diagram import Class, Line, draw_classes
from kzgraph_server.pages.ontology.term_shapes import write_path
from kzgraph_server.pages.views import View
from kzgraph_server.settings import Settings
from server_fixtures import SmallRelease

BROWSER = {"Accept": "text/html"}
TRIG = """
@prefix kzs: <https://w3id.org/kzgraph/shapes#> .
GRAPH <graph/ontology> {
  kzg:Fact a owl:Class ; rdfs:label "fact"@en , "факт"@ru ; rdfs:subClassOf prov:Entity , [] ;
    skos:definition "What a document states."@en , "Утверждение документа."@ru .
  kzg:Pledge a owl:Class ; rdfs:label "pledge"@en ; rdfs:subClassOf kzg:Fact .
  kzg:Odd a owl:Class ; rdfs:label "<b>odd</b>"@en ; rdfs:subClassOf kzg:Even .
  kzg:Even a owl:Class ; rdfs:label "even"@en ; rdfs:subClassOf kzg:Odd .
  kzg:statedIn a owl:ObjectProperty , owl:FunctionalProperty ; rdfs:label "stated in"@en ;
    rdfs:domain kzg:Fact ; rdfs:range foaf:Document ; rdfs:subPropertyOf prov:hadPrimarySource .
  kzg:madeAt a owl:ObjectProperty ; rdfs:label "made at"@en ;
    rdfs:domain kzg:Pledge ; rdfs:range kzg:Fact .
  kzg:kind a owl:ObjectProperty ; rdfs:domain kzg:Fact ; rdfs:range skos:Concept ;
    qb:codeList <id/scheme/kind> .
  kzg:iso4217 a rdfs:Datatype ; rdfs:label "ISO 4217"@en .
  foaf:Document a owl:Class .
}
GRAPH <graph/shapes> {
  kzs:Fact a sh:NodeShape ; sh:targetClass kzg:Fact ; sh:property kzs:Fact-statedIn , kzs:Fact-way ;
    sh:sparql kzs:Fact-query .
  kzs:Fact-statedIn sh:path kzg:statedIn ; sh:severity sh:Warning ;
    sh:message "Name the document."@en , "Назовите документ."@ru .
  kzs:Fact-way sh:path [ sh:inversePath kzg:of ] ; sh:message "Somebody says so."@en .
  kzs:Fact-query sh:message "It is dated <i>."@en .
}
GRAPH <graph/one> {
  <id/pledge/d/one> a kzg:Pledge , kzg:Fact ; rdfs:label "One"@en ; kzg:statedIn <id/document/d> .
  <id/pledge/d/two> a kzg:Fact ; rdfs:label "Two"@en ; kzg:statedIn <id/document/d> .
  <id/document/d> rdfs:label "The document"@en .
}
GRAPH <graph/concepts> {
  <id/scheme/kind> a skos:ConceptScheme ; rdfs:label "Kinds"@en .
  <id/kind/a> skos:inScheme <id/scheme/kind> . <id/kind/b> skos:inScheme <id/scheme/kind> .
}
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FrontClient:
    """A client of a server of a small vocabulary."""
    return FrontClient(SmallRelease(tmp_path_factory.mktemp("small")).load(TRIG), Settings())


def read(client: FrontClient, path: str = "/ontology") -> str:
    reply = client.get(path, headers=BROWSER)
    assert (reply.status_code, reply.mimetype) == (200, "text/html")
    return reply.text


def read_term(client: FrontClient, name: str, path: str = "/ontology") -> str:
    """What the page says of a term, without tags."""
    found = read(client, path).partition(f'<article id="{name}"')[2].partition("</article>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", found))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_term_has_its_anchor_in_each_language(client: FrontClient, language: str) -> None:
    text = read(client, "/ontology" if language == "en" else f"/{language}/ontology")
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert {"Fact", "Pledge", "Odd", "Even", "statedIn", "madeAt", "kind", "iso4217"} <= set(ids)


def test_a_term_is_told_in_the_language_of_the_page_or_says_in_which(client: FrontClient) -> None:
    russian = read(client, "/ru/ontology")
    assert "<h3><span>факт</span> <code>kzg:Fact</code></h3>" in russian
    assert "<p>Утверждение документа.</p>" in russian
    assert '<span lang="en">fact</span>' in russian
    kazakh = read(client, "/kk/ontology")
    assert '<h3><span lang="en">fact</span> <code>kzg:Fact</code></h3>' in kazakh
    assert '<p lang="en">What a document states. <small class="tag">en</small></p>' in kazakh
    assert "&lt;b&gt;odd&lt;/b&gt;" in kazakh
    assert "<b>" not in kazakh


def test_a_class_says_how_it_belongs_with_others_and_where_its_things_are(
    client: FrontClient,
) -> None:
    text = read_term(client, "Fact")
    assert "Wider than kzg:Pledge" in text
    assert "Properties of its things kzg:kind , kzg:statedIn" in text
    assert "Properties that lead to it kzg:madeAt" in text
    assert "In other vocabularies Narrower than prov:Entity" in text
    assert re.search(r"Things of the class 2 ", text)
    assert "Example One" in text
    article = read(client).partition('<article id="Fact"')[2].partition("</article>")[0]
    (listing,) = re.findall(r'<dd><a href="([^"]+)">2<', article)
    assert client.get(listing, headers=BROWSER).status_code == 200


def test_a_property_has_domain_range_example_and_kind(client: FrontClient) -> None:
    text = read_term(client, "statedIn")
    assert "Property with things as values · at most one value" in text
    assert "Of things of the class kzg:Fact" in text
    assert "Its values are foaf:Document" in text
    assert re.search(r"Statements with it 2 ", text)
    assert re.search(r"Example (One|Two) : The document", text)
    assert "Code list of its values Kinds" in read_term(client, "kind")


def test_the_rules_of_the_shapes_stand_with_what_they_constrain(client: FrontClient) -> None:
    whole = read_term(client, "Fact")
    assert "Rules of the shapes: 3" in whole
    assert "^kzg:of : Somebody says so." in whole
    assert "It is dated &lt;i&gt;." in whole
    assert "statedIn : Name the document. Fact-statedIn · Warning" in whole
    assert "Name the document." in read_term(client, "statedIn")
    assert "Назовите документ." in read_term(client, "statedIn", "/ru/ontology")
    assert "Rules of the shapes" not in read_term(client, "Pledge")


def test_a_filter_needs_no_script(client: FrontClient) -> None:
    text = read(client, "/ontology?q=MADE+at")
    assert re.findall(r'<article id="(\w+)"', text) == ["madeAt"]
    assert "Terms found: 1." in text
    none = read(client, "/ontology?q=%3Cscript%3E")
    assert "<article" not in none
    assert 'value="&lt;script&gt;"' in none


def test_code_lists_are_counted(client: FrontClient) -> None:
    row = read(client).partition("<code>kind:</code>")[2].partition("</tr>")[0]
    assert re.search(r">2<span", row)


# --- the diagram


def make(name: str, *wider: str, own: bool = True) -> Class:
    return Class(name, name, View(name, href=f"#{name}"), wider, own)


def test_the_diagram_leads_to_every_class_and_says_the_same_as_a_list(client: FrontClient) -> None:
    text = read(client)
    picture = text.partition("<svg")[2].partition("</svg>")[0]
    boxes = set(re.findall(r'<a href="([^"]+)"><title>[^<]*</title><rect', picture))
    assert boxes == {"#Fact", "#Pledge", "#Odd", "#Even", "http://xmlns.com/foaf/0.1/Document"}
    names = re.findall(r'class="name"[^>]*>([^<]+)<', picture)
    assert sorted(names) == ["madeAt", "statedIn"]
    listed = text.partition("The same as a list")[2].partition("</details>")[0]
    assert {each for each in boxes if f'href="{each}"' in listed} == boxes
    assert "style=" not in picture


def test_nothing_in_the_diagram_covers_another() -> None:
    classes = [make("A"), make("B", "A"), make("C", "A", "B"), make("D", "C"), make("X", own=False)]
    lines = [Line(start, end, f"p{start}{end}", View("p")) for start, end in
             [("A", "X"), ("A", "D"), ("B", "D"), ("B", "B"), ("D", "A"), ("C", "X")]]  # fmt: skip
    found = draw_classes(classes, lines)
    assert found == draw_classes(classes, lines)
    assert [box.of.name for box in found.boxes] == ["A", "C", "D", "B", "X"]
    assert [box.x - found.boxes[0].x for box in found.boxes] == [0, 26, 52, 26, 0]
    ends = [box.y + box.height for box in found.boxes]
    assert all(end < box.y for end, box in zip(ends, found.boxes[1:], strict=False))
    assert len({(name.x, name.y) for name in found.names}) == len(lines)
    assert sorted(stroke.kind for stroke in found.strokes) == sorted(
        ["tree"] * 3 + ["further"] + ["property"] * 5 + ["loop"]
    )
    lanes = [re.findall(r"H(\d+)V(\d+)", each.path)[0] for each in found.strokes
             if each.kind == "property"]  # fmt: skip
    # Lines of one lane do not meet: A to X and D to A overlap, so they have two.
    assert len({x for x, _ in lanes}) >= 3
    assert all(int(x) < found.width for x, _ in lanes)
    assert found.boxes[-1].y + found.boxes[-1].height < found.height


def test_a_diagram_of_nothing_or_of_a_circle_is_drawn() -> None:
    assert draw_classes([], []).boxes == []
    circle = draw_classes([make("A", "B"), make("B", "A")], [])
    assert [box.of.name for box in circle.boxes] == ["A", "B"]
    itself = draw_classes([make("A", "A")], [])
    assert [box.of.name for box in itself.boxes] == ["A"]


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("kzg:a", "kzg:a"),
        ("[ sh:inversePath kzg:a ]", "^kzg:a"),
        ("( kzg:a [ sh:zeroOrMorePath kzg:b ] )", "kzg:a/kzg:b*"),
        ("[ sh:alternativePath ( kzg:a kzg:b ) ]", "kzg:a|kzg:b"),
    ],
)
def test_a_path_is_written_as_in_a_query(tmp_path: Path, path: str, written: str) -> None:
    made = SmallRelease(tmp_path).load(f"GRAPH <graph/shapes> {{ kzg:shape sh:path {path} }}")
    shape = NamedNode(f"{ONTOLOGY}shape")
    (quad,) = made.store.quads_for_pattern(shape, SH["path"], None, None)
    assert write_path(made.store, quad.object) == written
