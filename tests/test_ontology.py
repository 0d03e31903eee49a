"""The vocabulary: in OWL 2 RL, complete in three languages, and exactly what the data need."""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad
from rdflib import OWL, RDF, RDFS, SKOS, Literal, URIRef
from rdflib.namespace import DCTERMS, Namespace

from built_graph import built_quads, built_with_sources
from kzgraph.iri import ONTOLOGY, graph
from kzgraph.prefixes import PREFIXES
from kzgraph.resources import folder
from kzgraph.vocabulary import datatypes, file_quads, ontology_quads, terms
from ontology_graph import ontology

IRI = URIRef("https://w3id.org/kzgraph/ontology")
QB = Namespace(PREFIXES["qb"])
SCHEMA = Namespace(PREFIXES["schema"])
VANN = Namespace(PREFIXES["vann"])
KZG = Namespace(ONTOLOGY)
LANGUAGES = {"en", "ru", "kk"}
PROPERTY_KINDS = {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
OWN = sorted(term.value for term in terms())
DATATYPES = sorted(each.value for each in datatypes())


# The terms


def test_there_are_at_most_30_classes_and_90_properties() -> None:
    classes = {term for term in OWN if (URIRef(term), RDF.type, OWL.Class) in ontology()}
    assert 0 < len(classes) <= 30
    assert 0 < len(set(OWN) - classes) <= 90


@pytest.mark.parametrize("term", OWN + DATATYPES)
def test_a_term_is_described(term: str) -> None:
    node, read = URIRef(term), ontology()
    labels = list(read.objects(node, RDFS.label))
    assert {label.language for label in labels if isinstance(label, Literal)} == LANGUAGES
    assert len(labels) == len(LANGUAGES)
    assert [d.language for d in read.objects(node, SKOS.definition) if isinstance(d, Literal)] == [
        "en"
    ]
    assert list(read.objects(node, RDFS.isDefinedBy)) == [IRI]
    kinds = set(read.objects(node, RDF.type)) & (PROPERTY_KINDS | {OWL.Class, RDFS.Datatype})
    assert len(kinds) == 1


def test_labels_tell_terms_apart_in_every_language() -> None:
    labels = [
        label for term in OWN + DATATYPES for label in ontology().objects(URIRef(term), RDFS.label)
    ]
    classes = [
        label
        for term in ontology().subjects(RDF.type, OWL.Class)
        for label in ontology().objects(term, RDFS.label)
    ]
    # A property and the class of its values may share a name, such as "event".
    for group in (classes, [label for label in labels if label not in classes]):
        assert len(set(group)) == len(group)


def test_russian_and_kazakh_labels_are_in_cyrillic() -> None:
    latin = re.compile(r"[A-Za-z]")
    technical = {"SHA-256", "год (xsd:gYear)", "жыл (xsd:gYear)"}
    for term in OWN:
        for label in ontology().objects(URIRef(term), RDFS.label):
            if isinstance(label, Literal) and label.language != "en":
                assert str(label) in technical or not latin.search(label), label


def test_structures_are_labelled_in_every_language() -> None:
    structures = list(ontology().subjects(RDF.type, QB.DataStructureDefinition))
    assert len(structures) > 3
    for node in structures:
        labels = ontology().objects(node, RDFS.label)
        assert {x.language for x in labels if isinstance(x, Literal)} == LANGUAGES


def test_the_header_is_complete() -> None:
    read = ontology()
    assert list(read.subjects(RDF.type, OWL.Ontology)) == [IRI]
    titles = read.objects(IRI, DCTERMS.title)
    assert {title.language for title in titles if isinstance(title, Literal)} == LANGUAGES
    assert read.value(IRI, DCTERMS.creator)
    assert read.value(IRI, DCTERMS.description)
    assert str(read.value(IRI, DCTERMS.license)) == "https://creativecommons.org/licenses/by/4.0/"
    version = str(read.value(IRI, OWL.versionInfo))
    assert version == "0.1.0"
    assert read.value(IRI, OWL.versionIRI) == IRI + "/" + version
    assert str(read.value(IRI, VANN.preferredNamespacePrefix)) == "kzg"
    assert str(read.value(IRI, VANN.preferredNamespaceUri)) == ONTOLOGY == PREFIXES["kzg"]


# The terms and the data


def pairs(quads: Iterable[Quad], *predicates: URIRef) -> set[tuple[str, str]]:
    """Subjects and objects, both IRIs, of the triples with one of the predicates."""
    wanted = {str(predicate) for predicate in predicates}
    return {
        (quad.subject.value, quad.object.value)
        for quad in quads
        if quad.predicate.value in wanted
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode)
    }


@cache
def used() -> frozenset[str]:
    """Properties and classes that the data use: predicates, and objects of rdf:type."""
    data = [quad for quad in built_with_sources() if quad.graph_name != graph("ontology")]
    found = {quad.predicate.value for quad in data}
    return frozenset(found | {kind for _, kind in pairs(data, RDF.type)})


def declared() -> set[str]:
    """What the ontology declares as a class or a property."""
    kinds = PROPERTY_KINDS | {OWL.Class}
    return {str(s) for kind in kinds for s in ontology().subjects(RDF.type, kind)}


def schema_columns() -> Iterator[dict[str, str]]:
    """The columns of the tables of documents, and of the layouts of official files."""
    mappings = folder("mappings")
    for path in mappings.glob("schemas/*.json"):
        yield from json.loads(path.read_text(encoding="utf-8"))["columns"]
    for path in mappings.glob("sources/*.json"):
        whole = json.loads(path.read_text(encoding="utf-8"))
        for table in whole.get("tables", [whole]):
            yield from table["tableSchema"]["columns"]


def named_by_schemas() -> set[str]:
    """The terms that the table schemas turn columns into, whether or not a cell is filled yet."""
    found = set()
    for column in schema_columns():
        for key in ("propertyUrl", "valueUrl"):
            prefix, _, name = column.get(key, "").partition(":")
            if prefix in PREFIXES:
                found.add(PREFIXES[prefix] + name)
    return found


def test_every_term_of_the_table_schemas_is_defined() -> None:
    language = (str(RDF), str(RDFS), str(OWL))
    outside = {term for term in named_by_schemas() - declared() if not term.startswith(language)}
    assert outside == set()


def test_every_own_term_that_is_mentioned_is_defined() -> None:
    mentioned = {
        node.value
        for quad in built_quads()
        for node in (quad.subject, quad.predicate, quad.object)
        if isinstance(node, NamedNode) and node.value.startswith(ONTOLOGY)
    }
    assert mentioned - {ONTOLOGY} - set(OWN) - set(DATATYPES) == set()


def test_every_term_that_the_data_use_is_defined() -> None:
    language = (str(RDF), str(RDFS), str(OWL))
    outside = {term for term in used() - declared() if not term.startswith(language)}
    assert outside == set()


def test_every_own_term_is_used_unless_it_is_deprecated() -> None:
    """By the data, or by a column of the tables, which a document may have no use for yet."""
    deprecated = set(ontology().subjects(OWL.deprecated, Literal(True)))
    assert set(OWN) - used() - named_by_schemas() - {str(term) for term in deprecated} == set()


def test_every_term_of_others_that_is_declared_is_needed() -> None:
    """By the data, the table schemas, the ontology itself, or as what our terms stand under."""
    read = ontology()
    needed = set(used()) | named_by_schemas() | {str(p) for p in read.predicates()}
    for predicate in (RDF.type, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range):
        for subject, value in read.subject_objects(predicate):
            if predicate == RDF.type or str(subject) in OWN:
                needed.add(str(value))
    for head in read.objects(None, OWL.members):
        needed |= {str(item) for item in read.items(head)}
    assert declared() - set(OWN) - needed == set()


def test_a_term_of_others_is_defined_by_others() -> None:
    for term in declared() - set(OWN):
        sources = list(ontology().objects(URIRef(term), RDFS.isDefinedBy))
        assert len(sources) == 1
        assert term.startswith(str(sources[0]))
        assert not term.startswith("https://w3id.org/kzgraph/")


def test_a_code_list_is_a_concept_scheme_of_the_data() -> None:
    kinds = pairs(built_quads(), RDF.type)
    schemes = {node for node, kind in kinds if kind == str(SKOS.ConceptScheme)}
    lists = {str(value) for value in ontology().objects(None, QB.codeList)}
    assert lists
    assert lists - schemes == set()


# What follows


def test_a_state_is_party_only_to_what_a_participation_names() -> None:
    """A change to the Constitution does not make the state a party to it."""
    data = built_quads()
    instruments = dict(pairs(data, KZG.instrument))
    participations = {
        fact for fact, kind in pairs(data, RDF.type) if kind == str(KZG.Participation)
    }
    named = pairs(data, KZG.participant, KZG.actor)
    stated = {(state, instruments[fact]) for fact, state in named if fact in participations}
    assert stated
    assert pairs(data, KZG.partyTo) == stated


def test_nothing_is_inferred_to_be_the_same_as_something_else() -> None:
    same = {q.graph_name for q in built_quads() if q.predicate.value == str(OWL.sameAs)}
    assert same == {graph("links")}


def test_disjoint_classes_share_no_member() -> None:
    members: dict[str, set[str]] = {}
    for node, kind in pairs(built_quads(), RDF.type):
        members.setdefault(kind, set()).add(node)
    for head in ontology().objects(None, OWL.members):
        group = [str(item) for item in ontology().items(head)]
        for index, one in enumerate(group):
            for other in group[index + 1 :]:
                assert members.get(one, set()) & members.get(other, set()) == set()


# Blank nodes


ONE_ORDER = """@prefix : <https://example.org/> .
    :a :p _:x , _:y . _:x :q ( 1 2 ) . _:y :q "only" ."""
OTHER_ORDER = """@prefix : <https://example.org/> .
    _:first :q "only" . _:zzz :q ( 1 2 ) . :a :p _:zzz , _:first ."""


def blank_labels(quads: list[Quad]) -> set[str]:
    return set(re.findall(r"_:[\w-]+", " ".join(map(str, quads))))


def test_labels_depend_on_the_graph_and_not_on_how_it_is_written(tmp_path: Path) -> None:
    for name, text in (("one", ONE_ORDER), ("other", OTHER_ORDER)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.ttl").write_text(text, encoding="utf-8")
    one = list(file_quads(tmp_path / "one", "ontology"))
    assert one == list(file_quads(tmp_path / "other", "ontology"))
    assert len(blank_labels(one)) == 4


def test_two_graphs_never_share_a_label(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(ONE_ORDER, encoding="utf-8")
    one = blank_labels(list(file_quads(tmp_path, "ontology")))
    other = blank_labels(list(file_quads(tmp_path, "shapes")))
    assert one and other
    assert one & other == set()


def test_two_files_may_use_one_label_for_two_nodes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        text = f"@prefix : <https://example.org/> . :{name} :p _:x . _:x :q 1 ."
        (tmp_path / f"{name}.ttl").write_text(text, encoding="utf-8")
    assert len(blank_labels(list(file_quads(tmp_path, "ontology")))) == 2


def test_a_file_that_is_no_turtle_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text("kzg:x a owl:Class .", encoding="utf-8")
    with pytest.raises(SyntaxError, match="prefix") as caught:
        list(file_quads(tmp_path, "ontology"))
    assert caught.value.filename is not None and caught.value.filename.endswith("bad.ttl")


def test_the_ontology_is_the_same_in_every_reading() -> None:
    first = list(ontology_quads())
    assert first == list(ontology_quads())
    assert all(quad.graph_name == graph("ontology") for quad in first)


def test_only_the_ontology_has_blank_nodes_in_the_built_data() -> None:
    for quad in built_quads():
        if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
            assert quad.graph_name == graph("ontology")
