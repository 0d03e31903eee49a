"""The example queries as data, and what programs that write queries find: docs/descriptions.md."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store, parse

from description_fixtures import client, release
from front_client import FrontClient
from kzgraph.example_queries import ENDPOINT, FEDERATED, TRANSLATIONS, example_quads, read_examples
from kzgraph.iri import ID, graph
from kzgraph.namespaces import LABEL, LANGUAGES, RDFS, SCHEMA, SPEX, TYPE
from kzgraph.prefixes import PREDECLARED
from kzgraph.rdf.sorted_lines import group_pieces
from kzgraph.release import Release
from kzgraph.release.property_uses import PropertyUse, find_uses
from kzgraph.release.tally import Tally
from kzgraph.resources import folder

__all__ = ["client", "release"]

#: What sparql-editor and sparql-llm ask for, and the columns of it: their prefixes, examples, and
#: schema, https://github.com/sib-swiss/sparql-editor and https://github.com/sib-swiss/sparql-llm.
PREFIXES_ASKED = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?prefix ?namespace { [] sh:namespace ?namespace ; sh:prefix ?prefix }
"""
EXAMPLES_ASKED = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX spex: <https://purl.expasy.org/sparql-examples/ontology#>
SELECT DISTINCT ?sq ?comment ?query {
  ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ;
    sh:select|sh:ask|sh:construct|sh:describe|spex:describe ?query
}
"""
SCHEMA_ASKED = """
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX void-ext: <http://ldf.fi/void-ext#>
SELECT DISTINCT ?class ?property ?there ?datatype {
  { ?cp void:class ?class ; void:propertyPartition ?pp . ?pp void:property ?property
    OPTIONAL { { ?pp void:classPartition [ void:class ?there ] }
               UNION { ?pp void-ext:datatypePartition [ void-ext:datatype ?datatype ] } } }
  UNION
  { ?set void:subjectsTarget [ void:class ?class ] ; void:linkPredicate ?property ;
      void:objectsTarget [ void:class ?there ] }
}
"""


def rows(store: Store, query: str) -> set[tuple[str, ...]]:
    found = store.query(query, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return {tuple("" if term is None else str(term) for term in row) for row in found}


@pytest.fixture(scope="module", params=["/sparql", "/.well-known/void", "the endpoint"])
def place(request: pytest.FixtureRequest, client: FrontClient, release: Release) -> Store:
    """What is asked: the endpoint, or a description of it as a store."""
    if request.param == "the endpoint":
        return release.store
    described = Store()
    answer = client.get(request.param, headers={"Accept": "text/turtle"})
    described.extend(parse(answer.data, RdfFormat.TURTLE))
    return described


def test_all_prefixes_are_found(place: Store) -> None:
    found = {(prefix, namespace) for prefix, namespace in rows(place, PREFIXES_ASKED)}
    anyuri = "^^<http://www.w3.org/2001/XMLSchema#anyURI>"
    assert found == {(f'"{name}"', f'"{iri}"{anyuri}') for name, iri in PREDECLARED.items()}


def test_all_examples_are_found_in_each_language(place: Store) -> None:
    found = rows(place, EXAMPLES_ASKED)
    examples = read_examples()
    assert len(examples) >= 149
    assert {iri for iri, _, _ in found} == {f"<{ID}example/{each.number}>" for each in examples}
    assert len(found) == len(LANGUAGES) * len(examples)


def test_the_schema_is_found(place: Store, release: Release) -> None:
    found = rows(place, SCHEMA_ASKED)
    kzg, xsd = (f"<{PREDECLARED[each]}" for each in ("kzg", "xsd"))
    time = f"<{PREDECLARED['time']}Instant>"
    assert (f"{kzg}PopulationFigure>", f"{kzg}value>", "", f"{xsd}integer>") in found
    assert (f"{kzg}PublicHoliday>", f"{kzg}time>", time, "") in found
    assert found == rows(release.store, SCHEMA_ASKED)


def test_the_schema_is_that_of_the_data(release: Release) -> None:
    """Of classes of others' vocabularies too, though not of those that describe terms and data."""
    left_out = ("dcat", "owl", "rdf", "rdfs", "sh", "void")
    metadata, told = graph("metadata"), {}
    for kind, name, number in rows(
        release.store,
        f"""PREFIX void: <{PREDECLARED["void"]}>
        SELECT ?c ?p ?n {{ [] void:class ?c ; void:propertyPartition [ void:property ?p ;
            void:triples ?n ] }}""",
    ):
        told[kind, name] = int(number.split('"')[1])
    kinds: dict[str, set[str]] = {}
    for quad in release.store.quads_for_pattern(None, TYPE, None):
        name = str(quad.object)
        counts = quad.graph_name != metadata and isinstance(quad.object, NamedNode)
        if counts and not name[1:].startswith(tuple(PREDECLARED[each] for each in left_out)):
            kinds.setdefault(str(quad.subject), set()).add(name)
    counted: dict[tuple[str, str], int] = {}
    for quad in release.store:
        for kind in kinds.get(str(quad.subject), ()) if quad.graph_name != metadata else ():
            key = kind, str(quad.predicate)
            counted[key] = counted.get(key, 0) + 1
    assert told == counted


TYPED = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
ABOVE = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"


def test_what_is_there_is_told_by_its_lowest_classes() -> None:
    """`b` is a Narrow and so a Wide; classes that are above each other are one and the same."""
    stated = [
        ("<a>", TYPED, "<Thing>"), ("<a>", "<has>", "<b>"), ("<a>", "<has>", "<c>"),
        ("<a>", "<has>", "<untyped>"), ("<a>", "<says>", '"x"'), ("<a>", "<says>", '"x"@en'),
        ("<a>", "<says>", '"1"^^<http://int>'), ("<b>", TYPED, "<Narrow>"),
        ("<b>", TYPED, "<Wide>"), ("<c>", TYPED, "<One>"), ("<c>", TYPED, "<Same>"),
        ("<Narrow>", ABOVE, "<Middle>"), ("<Middle>", ABOVE, "<Wide>"),
        ("<One>", ABOVE, "<Same>"), ("<Same>", ABOVE, "<One>"),
        ("<Narrow>", TYPED, "<http://www.w3.org/2002/07/owl#Class>"),
    ]  # fmt: skip
    lines = sorted(f"{s} {p} {o} <g> .\n".encode() for s, p, o in stated)
    tally = Tally()
    for subject, about in group_pieces([lines]):
        tally.add(subject, about)
    found = find_uses(tally)
    assert sorted(found) == ["Narrow", "One", "Same", "Thing", "Wide"]
    assert found["Thing"]["has"] == PropertyUse(3, (), ("Narrow", "One", "Same"))
    text = ("http://int", PREDECLARED["xsd"] + "string")
    assert found["Thing"]["says"] == PropertyUse(
        3, tuple(sorted((*text, PREDECLARED["rdf"] + "langString"))), ()
    )


def test_an_example_says_what_it_asks_in_three_languages(release: Release) -> None:
    store, where = release.store, graph("examples")
    for example in read_examples():
        node = NamedNode(f"{ID}example/{example.number}")
        said: dict[NamedNode, list[object]] = {}
        for quad in store.quads_for_pattern(node, None, None, where):
            said.setdefault(quad.predicate, []).append(quad.object)
        for name in (LABEL, RDFS["comment"], SCHEMA["abstract"]):
            texts = {getattr(each, "language", ""): each for each in said[name]}
            assert set(texts) == set(LANGUAGES), (example.number, name)
            # Nobody left one of the three as it was.
            assert len({getattr(each, "value", "") for each in said[name]}) == 3, example.number
        assert len(said[SCHEMA["keywords"]]) >= 3 * len(example.keywords) - 2, example.number
        assert said[SCHEMA["target"]] == [ENDPOINT]
        called = [NamedNode(each) for each in re.findall(r"SERVICE <([^>]+)>", example.query)]
        assert said.get(SPEX["federatesWith"], []) == called, example.number
        assert len(said[SCHEMA["about"]]) == len(said[SCHEMA["audience"]]) == 1


def test_what_calls_other_endpoints_stands_apart() -> None:
    """What runs all queries of the folder needs no other endpoint."""
    apart = {path.name for path in (folder("queries") / FEDERATED).glob("*.rq")}
    numbers = {name.partition("-")[0] for name in apart}
    assert numbers == {each.number for each in read_examples() if each.endpoints}
    assert numbers


def test_no_translation_is_of_an_older_text() -> None:
    with (folder("queries") / TRANSLATIONS).open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    examples = {each.number: each for each in read_examples()}
    for row in table:
        if row["part"] in ("title", "answers"):
            assert row["en"] == getattr(examples[row["of"]], row["part"]), row["of"]
    used = {("topic", each.topic) for each in examples.values()}
    used |= {("user", each.user) for each in examples.values()}
    used |= {("keyword", keyword) for each in examples.values() for keyword in each.keywords}
    named = [
        (row["part"], row["of"] or row["en"])
        for row in table
        if row["part"] not in ("title", "answers")
    ]
    assert sorted(named) == sorted(used)


def test_what_has_no_translation_is_in_english_alone(tmp_path: Path) -> None:
    head = "# title: Is it?\n# topic: new things\n# user: anybody\n# keywords: a, b\n"
    (tmp_path / "001-first.rq").write_text(head + "# answers: Yes.\nASK {}\n", "utf-8")
    texts = "of,part,en,ru,kk\n001,title,Is it?,Так ли?,\n001,answers,No.,Нет.,Жоқ.\n"
    (tmp_path / TRANSLATIONS).write_text(texts, "utf-8")
    found = {(str(quad.predicate), str(quad.object)) for quad in example_quads(tmp_path)}
    labels = {value for name, value in found if name == str(LABEL)}
    assert {'"Is it?"@en', '"Так ли?"@ru', '"new things"@en', '"anybody"@en'} == labels
    assert {value for name, value in found if name == str(RDFS["comment"])} == {'"Is it? Yes."@en'}
    assert (str(SCHEMA["about"]), f"<{ID}topic/new-things>") in found


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda text: text.replace("# topic", "# subject"), "lack `# topic"),
        (lambda text: text.replace("ASK", "DESCRIBE <a>"), "neither"),
    ],
)
def test_a_query_that_cannot_be_published_is_refused(
    tmp_path: Path, damage: Callable[[str], str], said: str
) -> None:
    whole = "".join(f"# {each}: x\n" for each in ("title", "topic", "user", "keywords", "answers"))
    (tmp_path / "007-bad.rq").write_text(damage(whole + "ASK {}\n"), "utf-8")
    with pytest.raises(ValueError, match=f"^007-bad.rq: .*{said}"):
        list(example_quads(tmp_path))
