"""Small releases that speak of people, for tests to take one out of."""

import gzip
from pathlib import Path

import duckdb
from pyoxigraph import RdfFormat, Store

from kzgraph.columns.column_file import COLUMNS
from kzgraph.iri import BASE
from kzgraph.prefixes import PREFIXES
from kzgraph.rdf.content import Content
from kzgraph.release import Release, describe_release, write
from kzgraph.validation import Severity
from small_release import report

PERSON = "person/sean-o-brien"
#: What no byte of a folder of releases may hold once the person is taken out.
TRACES = ("seán".encode(), b"sean", b"sobrien")

TRIG = """
GRAPH <graph/entities> {
  <id/person/sean-o-brien> a foaf:Person ; foaf:name "Seán O'Brien" ;
    rdfs:label "Seán O'Brien"@en ; kzg:searchText "sean o brien" .
  <id/person/ann-brien> a foaf:Person ; foaf:name "Ann Brien" ; rdfs:label "Ann Brien"@en .
  <id/organisation/office> a org:Organization ; rdfs:label "Office"@en , "Бюро"@ru ;
    dcterms:description "Led by Seán O\u2019Brien since 2020, by nobody before"@en .
}
GRAPH <graph/note> {
  <id/document/note> a foaf:Document ; dcterms:title "A note" ; kzg:sha256 "SHA" ;
    kzg:length 12 .
  <id/appointment/note/head> a org:Membership , kzg:Fact ; rdfs:label "The head"@en ;
    org:member <id/person/sean-o-brien> ; org:organization <id/organisation/office> ;
    kzg:statedIn <id/document/note> ;
    kzg:evidence <id/evidence/note/3-8> , <id/evidence/note/1-2> .
  <id/appointment/note/deputy> a org:Membership , kzg:Fact ; rdfs:label "Ann Brien, deputy"@en ;
    org:member <id/person/ann-brien> ; kzg:evidence <id/evidence/note/1-2> .
  <id/contact-point/note/mail> a kzg:ContactPoint , kzg:Fact ; kzg:scope <id/person/sean-o-brien> ;
    rdfs:label "Mail"@en ; schema:email "sobrien@example.org" .
  <id/statement/note/said> a kzg:Statement , kzg:Fact ;
    rdfs:label "What O\u2019BRIEN, Seán, is said to have said"@en .
  <id/statement/note/other> a kzg:Statement , kzg:Fact ; rdfs:label "What was not said"@en ;
    kzg:concerns <id/statement/note/said> .
  <id/evidence/note/3-8> a oa:SpecificResource ; oa:hasSource <id/document/note> ;
    oa:hasSelector <id/selector/note/3-8> .
  <id/selector/note/3-8> a oa:TextPositionSelector ; oa:start 3 ; oa:end 8 .
  <id/evidence/note/1-2> a oa:SpecificResource ; oa:hasSource <id/document/note> .
  FIGURES
}
GRAPH <graph/editorial> {
  <id/note/named> a oa:Annotation ; oa:hasTarget <id/document/note> ;
    oa:bodyValue "Write to SOBRIEN@example.org"@en .
  <id/note/on-two> a oa:Annotation ; oa:bodyValue "Undated"@en ;
    oa:hasTarget <id/appointment/note/head> , <id/appointment/note/deputy> .
  <id/note/on-one> a oa:Annotation ; oa:bodyValue "Undated, too"@en ;
    oa:hasTarget <id/appointment/note/head> .
}
"""
#: The same without the person, and with what nobody needs any more taken out.
LEFT = """
GRAPH <graph/entities> {
  <id/person/ann-brien> a foaf:Person ; foaf:name "Ann Brien" ; rdfs:label "Ann Brien"@en .
  <id/organisation/office> a org:Organization ; rdfs:label "Office"@en , "Бюро"@ru ;
    dcterms:description "Led by [redacted] since 2020, by nobody before"@en .
}
GRAPH <graph/note> {
  <id/document/note> a foaf:Document ; dcterms:title "A note" ; kzg:sha256 "SHA" ;
    kzg:length 12 .
  <id/appointment/note/deputy> a org:Membership , kzg:Fact ; rdfs:label "Ann Brien, deputy"@en ;
    org:member <id/person/ann-brien> ; kzg:evidence <id/evidence/note/1-2> .
  <id/statement/note/other> a kzg:Statement , kzg:Fact ; rdfs:label "What was not said"@en .
  <id/evidence/note/1-2> a oa:SpecificResource ; oa:hasSource <id/document/note> .
  FIGURES
}
GRAPH <graph/editorial> {
  <id/note/on-two> a oa:Annotation ; oa:bodyValue "Undated"@en ;
    oa:hasTarget <id/appointment/note/deputy> .
}
"""


def statements(trig: str, size: int = 0) -> Store:
    """The statements of `trig`, with `size` figures."""
    figures = "\n".join(f"<id/figure/note/{n}> kzg:value {n} ." for n in range(size))
    declared = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    store = Store()
    text = declared + trig.replace("FIGURES", figures).replace("SHA", "0" * 64)
    store.load(text, RdfFormat.TRIG, base_iri=BASE)
    return store


def publish_people(root: Path, trig: str = TRIG, size: int = 0, keep: int = 3) -> Release:
    """Publish them."""
    version, data = describe_release(Content(statements(trig, size)))
    return write(data, version, report(Severity.INFO), root, keep=keep)


def find_traces(root: Path) -> list[str]:
    """The files below `root` that hold a trace; compressed ones, stores and columns are read."""
    found = []
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if path.suffix == ".gz":
            data = gzip.decompress(data)
        if any(trace in data.lower() for trace in TRACES):
            found.append(str(path))
    for store in (*root.rglob("store"), *root.rglob("store-all")):
        for quad in Store.read_only(str(store)):
            if any(trace in str(quad).lower().encode() for trace in TRACES):
                found.append(f"{store}: {quad}")
    # The texts of columns are compressed.
    for path in root.rglob(COLUMNS):
        with duckdb.connect(str(path), read_only=True) as columns:
            for (text,) in columns.execute("SELECT text FROM terms").fetchall():
                if any(trace in text.lower().encode() for trace in TRACES):
                    found.append(f"{path}: {text}")
    return found
