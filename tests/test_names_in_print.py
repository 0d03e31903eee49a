"""Names that documentation, pages and tables of results print can be pasted into a query."""

import html
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from built_graph import built_quads
from front_client import FrontClient
from kzgraph.cli.answers import shorten_term
from kzgraph.iri import ID, thing
from kzgraph.namespaces import DCT, XSD
from kzgraph.prefixes import PREDECLARED, PREFIXES, shorten, used_prefixes
from server_fixtures import small

__all__ = ["small"]

ROOT = Path(__file__).parents[1]
#: Where names are printed for people who ask.
TEXTS = sorted([ROOT / "README.md", *ROOT.glob("docs/*.md"), *ROOT.glob("queries/**/*.*")])
#: A name, or a path of names, which runs on over what a name may not hold.
NAME = re.compile(
    rf"(?<![\w/.:<\"'-])(?:{'|'.join(sorted(PREDECLARED, key=len, reverse=True))}):"
    r"(?:[^\s`,;()<>\"'|*+?{}\[\]\\]|\\.)+"
)


def read(text: str) -> list[object]:
    """What the store makes of terms, with nothing declared but what is declared for everybody."""
    found = Store().query(f"SELECT ?x {{ VALUES ?x {{ {text} }} }}", prefixes=used_prefixes(text))
    assert isinstance(found, QuerySolutions)
    return [row["x"] for row in found]


def things() -> set[NamedNode]:
    """Every IRI of the graph."""
    terms = (each for quad in built_quads() for each in (quad.subject, quad.predicate, quad.object))
    return {each for each in terms if isinstance(each, NamedNode)}


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_a_name_in_a_text_is_legal(path: Path) -> None:
    text = path.read_text("utf-8")
    for found in NAME.finditer(text):
        name = found[0].rstrip(".:!")
        query = f"ASK {{ ?s {name} ?o }}"
        try:
            Store().query(query, prefixes=used_prefixes(query))
        except SyntaxError as error:
            pytest.fail(f"{path.name}: {name} is not a name: {error}")


def test_the_search_finds_a_name_that_is_not_legal() -> None:
    found = NAME.search("Direct links (`kzr:operation/kazakhstan kzg:partner ?x`)")
    assert found is not None
    with pytest.raises(SyntaxError):
        Store().query(f"ASK {{ ?s {found[0]} ?o }}", prefixes=dict(PREDECLARED))


def test_every_iri_is_printed_as_a_query_may_have_it() -> None:
    iris = sorted(things(), key=str)
    assert read(" ".join(shorten(each.value) for each in iris)) == iris
    assert read(" ".join(map(shorten_term, iris))) == iris


def test_a_thing_or_code_without_a_slash_in_its_name_has_a_prefix() -> None:
    """Where this fails, the kind is missing in ontology/kinds.json."""
    named = {quad.subject for quad in built_quads() if quad.predicate == DCT["identifier"]}
    paths = {str(each)[1:-1].removeprefix(ID) for each in named}
    short = {path for path in paths if path.count("/") == 1}
    kinds = {path.partition("/")[0] for path in short if shorten(ID + path).startswith("<")}
    assert short
    assert kinds == set()


def test_a_kind_does_not_take_the_prefix_of_a_vocabulary() -> None:
    assert PREDECLARED.items() >= PREFIXES.items()
    assert len(set(PREDECLARED.values())) == len(PREDECLARED)
    assert shorten(PREFIXES["time"] + "Instant") == "time:Instant"
    assert shorten(thing("time", "2018").value) == "kzr-time:2018"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ASK { ?s ?p country:KAZ }", {"country"}),
        ("ASK{?s ?p unit:x;unit-kind:y kzr-time:2018}", {"unit", "unit-kind", "kzr-time", "time"}),
        ("SELECT (?x-status:actual AS ?y) {}", {"status"}),
        ("ASK { VALUES ?x {1kzg:a -1.kzr:b}}", {"kzg", "kzr"}),
        ("ASK { ?s a/kzg:a|^kzr:b ?o }", {"kzg", "kzr"}),
        ("ASK { ?s ?p <urn:x>, 'a' }", set()),
    ],
)
def test_the_prefixes_that_a_query_uses_are_found(text: str, names: set[str]) -> None:
    assert used_prefixes(text) == {name: PREDECLARED[name] for name in names}


def test_a_table_of_results_on_a_page_has_names_of_queries(small: FrontClient) -> None:
    """Beside the label of a thing, and in its place where it has none."""
    query = (
        "SELECT DISTINCT ?x { { ?x ?p ?y } UNION { ?y ?x ?o } FILTER(STRSTARTS(STR(?x), 'http')) }"
    )
    page = small.get(f"/sparql?{urlencode({'format': 'html', 'query': query})}").text
    cells = re.findall(r'<td><a [^>]*>(.*?)</a>(?: <small class="tag name">(.*?)</small>)?', page)
    names = (html.unescape(name or label) for label, name in cells)
    shown = [name for name in names if name not in ("One", "Two")]  # which have no short name
    assert len(shown) > 10
    assert all(isinstance(each, NamedNode) for each in read(" ".join(shown)))


def test_a_datatype_is_printed_by_its_short_name() -> None:
    assert shorten(XSD["integer"].value) == "xsd:integer"
    assert shorten_term(Literal("kzr:country/KAZ")) == "kzr:country/KAZ"


def test_a_prefix_is_found_wherever_a_query_may_use_it() -> None:
    text = f"FILTER(?{'x' * 99}-kzg:a || -status:b || ?a-kzr-time:2018)"
    assert {"kzg", "status", "kzr-time"} <= used_prefixes(text).keys()
