"""The closure: rule by rule, on the real graph, and held against owlrl on both."""

import re
from importlib.resources import files

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from kzgraph.cross_check.entailments import entail_by_owlrl
from kzgraph.iri import REASONED_GRAPHS, UNREASONED_GRAPHS, graph
from kzgraph.reasoning import BY_RULE, UnsupportedChain, infer
from kzgraph.reasoning.trivial import is_trivial
from reasoning_stores import real_store, select, store_of, triples

REASONED = {graph(name) for name in REASONED_GRAPHS}

#: Rule of OWL 2 RL: what is given, and what it entails.
RULES = {
    "eq-sym": ("ex:a owl:sameAs ex:b .", "ex:b owl:sameAs ex:a ."),
    "eq-trans": ("ex:a owl:sameAs ex:b . ex:b owl:sameAs ex:c .", "ex:a owl:sameAs ex:c ."),
    "eq-rep-s": ("ex:a owl:sameAs ex:b ; ex:p ex:o .", "ex:b ex:p ex:o ."),
    "eq-rep-p": ("ex:p owl:sameAs ex:q . ex:a ex:p ex:o .", "ex:a ex:q ex:o ."),
    "eq-rep-o": ("ex:a owl:sameAs ex:b . ex:s ex:p ex:a .", "ex:s ex:p ex:b ."),
    "prp-dom": ("ex:p rdfs:domain ex:C . ex:a ex:p 1 .", "ex:a a ex:C ."),
    "prp-rng": ("ex:p rdfs:range ex:C . ex:a ex:p ex:b .", "ex:b a ex:C ."),
    "prp-fp": (
        "ex:p a owl:FunctionalProperty . ex:a ex:p ex:b, ex:c .",
        "ex:b owl:sameAs ex:c . ex:c owl:sameAs ex:b .",
    ),
    "prp-ifp": (
        "ex:p a owl:InverseFunctionalProperty . ex:a ex:p 'k' . ex:b ex:p 'k' .",
        "ex:a owl:sameAs ex:b .",
    ),
    "prp-symp": ("ex:p a owl:SymmetricProperty . ex:a ex:p ex:b .", "ex:b ex:p ex:a ."),
    "prp-trp": (
        "ex:p a owl:TransitiveProperty . ex:a ex:p ex:b . ex:b ex:p ex:c . ex:c ex:p ex:d .",
        "ex:a ex:p ex:c, ex:d . ex:b ex:p ex:d .",
    ),
    "prp-spo1": ("ex:p rdfs:subPropertyOf ex:q . ex:a ex:p 1.5 .", "ex:a ex:q 1.5 ."),
    "prp-spo2": (
        "ex:p owl:propertyChainAxiom (ex:q ex:r) . ex:a ex:q ex:b . ex:b ex:r ex:c, 'd'@en .",
        "ex:a ex:p ex:c, 'd'@en .",
    ),
    "prp-spo2 of three": (
        "ex:p owl:propertyChainAxiom (ex:q ex:q ex:r) . ex:a ex:q ex:b . ex:b ex:q ex:c ."
        "ex:c ex:r ex:d .",
        "ex:a ex:p ex:d .",
    ),
    "prp-eqp1": ("ex:p owl:equivalentProperty ex:q . ex:a ex:p ex:b .", "ex:a ex:q ex:b ."),
    "prp-eqp2": ("ex:p owl:equivalentProperty ex:q . ex:a ex:q ex:b .", "ex:a ex:p ex:b ."),
    "prp-inv1": ("ex:p owl:inverseOf ex:q . ex:a ex:p ex:b .", "ex:b ex:q ex:a ."),
    "prp-inv2": ("ex:p owl:inverseOf ex:q . ex:a ex:q ex:b .", "ex:b ex:p ex:a ."),
    "prp-key": (
        "ex:C owl:hasKey (ex:p ex:q) . ex:a a ex:C ; ex:p 1 ; ex:q 2 ."
        "ex:b a ex:C ; ex:p 1 ; ex:q 2 . ex:c a ex:C ; ex:p 1 ; ex:q 3 .",
        "ex:a owl:sameAs ex:b . ex:b owl:sameAs ex:a .",
    ),
    "cls-int1": (
        "ex:D a owl:Class . ex:C owl:intersectionOf (ex:D owl:Thing ex:E) ."
        "ex:a a ex:D, ex:E . ex:b a ex:D .",
        "ex:a a ex:C .",
    ),
    "cls-int2": ("ex:C owl:intersectionOf (ex:D ex:E) . ex:a a ex:C .", "ex:a a ex:D, ex:E ."),
    "cls-uni": ("ex:C owl:unionOf (ex:D ex:E) . ex:a a ex:E .", "ex:a a ex:C ."),
    "cls-svf1": (
        "ex:C owl:someValuesFrom ex:D ; owl:onProperty ex:p . ex:a ex:p ex:b . ex:b a ex:D .",
        "ex:a a ex:C .",
    ),
    "cls-svf2": (
        "ex:C owl:someValuesFrom owl:Thing ; owl:onProperty ex:p . ex:a ex:p ex:b .",
        "ex:a a ex:C .",
    ),
    "cls-avf": (
        "ex:C owl:allValuesFrom ex:D ; owl:onProperty ex:p . ex:a a ex:C ; ex:p ex:b .",
        "ex:b a ex:D .",
    ),
    "cls-hv1": (
        "ex:C owl:hasValue 'v' ; owl:onProperty ex:p . ex:a a ex:C .",
        "ex:a ex:p 'v' .",
    ),
    "cls-hv2": (
        "ex:C owl:hasValue ex:v ; owl:onProperty ex:p . ex:a ex:p ex:v .",
        "ex:a a ex:C .",
    ),
    "cls-maxc2": (
        "ex:C owl:maxCardinality '1'^^xsd:nonNegativeInteger ; owl:onProperty ex:p ."
        "ex:a a ex:C ; ex:p ex:b, ex:c .",
        "ex:b owl:sameAs ex:c .",
    ),
    "cls-maxqc3": (
        "ex:C owl:maxQualifiedCardinality '1'^^xsd:nonNegativeInteger ; owl:onProperty ex:p ;"
        "owl:onClass ex:D . ex:a a ex:C ; ex:p ex:b, ex:c, ex:d . ex:b a ex:D . ex:c a ex:D .",
        "ex:b owl:sameAs ex:c .",
    ),
    "cls-maxqc4": (
        "ex:C owl:maxQualifiedCardinality '1'^^xsd:nonNegativeInteger ; owl:onProperty ex:p ;"
        "owl:onClass owl:Thing . ex:a a ex:C ; ex:p ex:b, ex:c .",
        "ex:b owl:sameAs ex:c .",
    ),
    "cls-oo": ("ex:C owl:oneOf (ex:a ex:b) .", "ex:a a ex:C . ex:b a ex:C ."),
    "cax-sco": ("ex:C rdfs:subClassOf ex:D . ex:a a ex:C .", "ex:a a ex:D ."),
    "cax-eqc1": ("ex:C owl:equivalentClass ex:D . ex:a a ex:C .", "ex:a a ex:D ."),
    "cax-eqc2": ("ex:C owl:equivalentClass ex:D . ex:a a ex:D .", "ex:a a ex:C ."),
    "scm-sco": (
        "ex:C rdfs:subClassOf ex:D . ex:D rdfs:subClassOf ex:E .",
        "ex:C rdfs:subClassOf ex:E .",
    ),
    "scm-eqc1": (
        "ex:C owl:equivalentClass ex:D .",
        "ex:C rdfs:subClassOf ex:D . ex:D rdfs:subClassOf ex:C .",
    ),
    "scm-eqc2": (
        "ex:C rdfs:subClassOf ex:D . ex:D rdfs:subClassOf ex:C .",
        "ex:C owl:equivalentClass ex:D .",
    ),
    "scm-spo": (
        "ex:p rdfs:subPropertyOf ex:q . ex:q rdfs:subPropertyOf ex:r .",
        "ex:p rdfs:subPropertyOf ex:r .",
    ),
    "scm-eqp1": (
        "ex:p owl:equivalentProperty ex:q .",
        "ex:p rdfs:subPropertyOf ex:q . ex:q rdfs:subPropertyOf ex:p .",
    ),
    "scm-eqp2": (
        "ex:p rdfs:subPropertyOf ex:q . ex:q rdfs:subPropertyOf ex:p .",
        "ex:p owl:equivalentProperty ex:q .",
    ),
    "scm-dom1": (
        "ex:p rdfs:domain ex:C . ex:C rdfs:subClassOf ex:D .",
        "ex:p rdfs:domain ex:D .",
    ),
    "scm-dom2": (
        "ex:p rdfs:domain ex:C . ex:q rdfs:subPropertyOf ex:p .",
        "ex:q rdfs:domain ex:C .",
    ),
    "scm-rng1": ("ex:p rdfs:range ex:C . ex:C rdfs:subClassOf ex:D .", "ex:p rdfs:range ex:D ."),
    "scm-rng2": (
        "ex:p rdfs:range ex:C . ex:q rdfs:subPropertyOf ex:p .",
        "ex:q rdfs:range ex:C .",
    ),
    "scm-hv": (
        "ex:C owl:hasValue 1 ; owl:onProperty ex:p . ex:D owl:hasValue 1 ; owl:onProperty ex:q ."
        "ex:p rdfs:subPropertyOf ex:q .",
        "ex:C rdfs:subClassOf ex:D .",
    ),
    "scm-svf1": (
        "ex:C owl:someValuesFrom ex:X ; owl:onProperty ex:p ."
        "ex:D owl:someValuesFrom ex:Y ; owl:onProperty ex:p . ex:X rdfs:subClassOf ex:Y .",
        "ex:C rdfs:subClassOf ex:D .",
    ),
    "scm-svf2": (
        "ex:C owl:someValuesFrom ex:X ; owl:onProperty ex:p ."
        "ex:D owl:someValuesFrom ex:X ; owl:onProperty ex:q . ex:p rdfs:subPropertyOf ex:q .",
        "ex:C rdfs:subClassOf ex:D .",
    ),
    "scm-avf1": (
        "ex:C owl:allValuesFrom ex:X ; owl:onProperty ex:p ."
        "ex:D owl:allValuesFrom ex:Y ; owl:onProperty ex:p . ex:X rdfs:subClassOf ex:Y .",
        "ex:C rdfs:subClassOf ex:D .",
    ),
    "scm-avf2": (
        "ex:C owl:allValuesFrom ex:X ; owl:onProperty ex:p ."
        "ex:D owl:allValuesFrom ex:X ; owl:onProperty ex:q . ex:p rdfs:subPropertyOf ex:q .",
        "ex:D rdfs:subClassOf ex:C .",
    ),
    "scm-int": (
        "ex:C owl:intersectionOf (ex:D ex:E) .",
        "ex:C rdfs:subClassOf ex:D, ex:E .",
    ),
    "scm-uni": (
        "ex:C owl:unionOf (ex:D ex:E) .",
        "ex:D rdfs:subClassOf ex:C . ex:E rdfs:subClassOf ex:C .",
    ),
}

#: The rules of the profile that entail something, tables 4, 5, 6, 7 and 9, and table 8 (dt-*):
#: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
PROFILE = """
    eq-ref eq-sym eq-trans eq-rep-s eq-rep-p eq-rep-o
    prp-ap prp-dom prp-rng prp-fp prp-ifp prp-symp prp-trp prp-spo1 prp-spo2 prp-eqp1 prp-eqp2
    prp-inv1 prp-inv2 prp-key
    cls-thing cls-nothing1 cls-int1 cls-int2 cls-uni cls-svf1 cls-svf2 cls-avf cls-hv1 cls-hv2
    cls-maxc2 cls-maxqc3 cls-maxqc4 cls-oo cax-sco cax-eqc1 cax-eqc2
    dt-type1 dt-type2 dt-eq dt-diff
    scm-cls scm-sco scm-eqc1 scm-eqc2 scm-op scm-dp scm-spo scm-eqp1 scm-eqp2 scm-dom1 scm-dom2
    scm-rng1 scm-rng2 scm-hv scm-svf1 scm-svf2 scm-avf1 scm-avf2 scm-int scm-uni
"""
#: Rules whose every consequence is trivial.
TRIVIAL = """
    eq-ref prp-ap cls-thing cls-nothing1 dt-type1 dt-type2 dt-eq dt-diff scm-cls scm-op scm-dp
"""


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_entails_what_it_should(rule: str) -> None:
    given, entailed = RULES[rule]
    assert triples(entailed) <= {quad.triple for quad in infer(store_of(given))}


# owlrl 7.6 leaves the last property of a key out of account, so it would join three things here.
@pytest.mark.parametrize("rule", sorted(RULES.keys() - {"prp-key"}))
def test_a_rule_entails_no_more_and_no_less_than_owlrl(
    rule: str,
) -> None:
    given, _ = RULES[rule]
    entailed, errors = entail_by_owlrl(triples(given))
    assert {quad.triple for quad in infer(store_of(given))} == entailed
    assert not errors


def test_a_key_is_all_of_its_properties() -> None:
    given, entailed = RULES["prp-key"]
    assert {quad.triple for quad in infer(store_of(given))} == triples(entailed)


def test_every_rule_of_the_profile_is_there_or_trivial() -> None:
    written = set()
    for path in (files("kzgraph.reasoning") / "rules").iterdir():
        for heading in re.findall(r"^# (.*)\nINSERT", path.read_text("utf-8"), re.MULTILINE):
            written |= set(re.findall(r"[a-z]+-[a-z0-9]+(?:-[a-z])?", heading))
    assert written == {rule.split()[0] for rule in RULES}
    assert written | set(TRIVIAL.split()) == set(PROFILE.split())
    assert not written & set(TRIVIAL.split())


@pytest.mark.parametrize(
    ("triple", "trivial"),
    [
        ("ex:a owl:sameAs ex:a .", True),
        ("ex:a owl:sameAs ex:b .", False),
        ("ex:C rdfs:subClassOf ex:C .", True),
        ("ex:p rdfs:subPropertyOf ex:p .", True),
        ("ex:C owl:equivalentClass ex:C .", True),
        ("ex:p owl:equivalentProperty ex:p .", True),
        ("ex:a ex:p ex:a .", False),
        ("ex:a a owl:Thing .", True),
        ("ex:a a rdfs:Resource .", True),
        ("ex:a a schema:Thing .", False),
        ("ex:C rdfs:subClassOf owl:Thing .", True),
        ("ex:p rdfs:domain owl:Thing .", True),
        ("ex:p rdfs:range rdfs:Literal .", True),
        ("ex:p rdfs:range xsd:decimal .", False),
        ("ex:a ex:p owl:Thing .", False),
        ("owl:Nothing rdfs:subClassOf ex:C .", True),
        ("xsd:integer a rdfs:Datatype .", True),
        ("rdfs:label a owl:AnnotationProperty .", True),
        ("ex:p a owl:ObjectProperty .", False),
        ("ex:C rdfs:subClassOf [] .", True),
        ("[] a ex:C .", True),
        ("ex:a ex:p 'x' .", False),
    ],
)
def test_trivial_is_what_the_definition_says(triple: str, trivial: bool) -> None:
    (found,) = triples(triple)
    assert is_trivial(found.subject, found.predicate, found.object) is trivial


def test_a_literal_as_subject_is_trivial() -> None:
    assert is_trivial(Literal("x"), NamedNode("http://example.org/p"), Literal("y"))
    assert is_trivial(NamedNode("http://example.org/a"), BlankNode(), Literal("y"))


def test_a_chain_of_four_is_refused_by_name() -> None:
    store = store_of("ex:long owl:propertyChainAxiom (ex:a ex:b ex:c ex:d) .")
    with pytest.raises(UnsupportedChain, match=r"example\.org/long> has a chain"):
        infer(store)


def test_literals_are_copied_as_the_store_holds_them() -> None:
    store = store_of(
        "ex:p rdfs:subPropertyOf ex:q ."
        "ex:a ex:p 'so'@en, 'x', 1.50, '2018'^^xsd:gYear, 'x'^^xsd:integer, '1'^^ex:own ."
    )
    p, q = NamedNode("http://example.org/p"), NamedNode("http://example.org/q")
    stated = {quad.object for quad in store.quads_for_pattern(None, p, None, None)}
    assert len(stated) == 6
    assert {(quad.predicate, quad.object) for quad in infer(store)} == {(q, o) for o in stated}


def test_the_shapes_and_the_metadata_are_no_input_but_are_not_repeated() -> None:
    store = store_of("ex:C rdfs:subClassOf ex:D . ex:a a ex:C . ex:b a ex:C .")
    store.extend(
        Quad(t.subject, t.predicate, t.object, graph("shapes"))
        for t in triples("ex:a a ex:D . ex:s a ex:C .")
    )
    store.extend(
        Quad(t.subject, t.predicate, t.object, graph("metadata")) for t in triples("ex:m a ex:C .")
    )
    assert {quad.triple for quad in infer(store)} == triples("ex:b a ex:D .")


@pytest.fixture(scope="module")
def store() -> Store:
    return real_store()


@pytest.fixture(scope="module")
def inferred(store: Store) -> list[Quad]:
    return infer(store)


@pytest.mark.parametrize(
    "without", ["global-focus-2018", pytest.param("nothing", marks=pytest.mark.long)]
)
def test_the_real_graph_has_the_entailments_of_owlrl_and_no_others(without: str) -> None:
    """What rules add are premises: only the closure is held against owlrl."""
    store = real_store()
    for quad in list(store.quads_for_pattern(None, None, None, graph(without))):
        store.remove(quad)
    inferred = infer(store)
    left_out = {graph(name) for name in UNREASONED_GRAPHS}
    stated = {quad.triple for quad in store if quad.graph_name not in left_out}
    rules = {
        quad.triple
        for quad in inferred
        if quad.graph_name != graph("entailed") or quad.predicate in BY_RULE
    }
    entailed, errors = entail_by_owlrl(stated | rules)
    assert {quad.triple for quad in inferred} - rules == entailed - rules
    assert len(entailed) > 2500
    assert not errors


def test_what_is_inferred_stands_nowhere_else_and_says_something(
    store: Store, inferred: list[Quad]
) -> None:
    stated = {quad.triple for quad in store}
    for quad in inferred:
        assert quad.graph_name in REASONED
        assert quad.triple not in stated
        assert not is_trivial(quad.subject, quad.predicate, quad.object)
        assert isinstance(quad.subject, NamedNode)
        assert isinstance(quad.object, NamedNode | Literal)
    assert len(inferred) == len(set(inferred))


def test_order_and_content_do_not_depend_on_the_order_of_the_input(
    store: Store, inferred: list[Quad]
) -> None:
    shuffled = Store()
    shuffled.extend(sorted(store, key=lambda quad: str(quad.object), reverse=True))
    assert infer(shuffled) == inferred


def test_reasoning_leaves_the_store_alone_and_does_not_look_at_what_it_inferred_before(
    store: Store, inferred: list[Quad]
) -> None:
    again = Store()
    again.extend(store)
    again.extend(inferred)
    before = set(again)
    assert infer(again) == inferred
    assert set(again) == before


def test_what_is_published_is_closed(store: Store, inferred: list[Quad]) -> None:
    published = Store()
    published.extend(store)
    published.extend(
        Quad(quad.subject, quad.predicate, quad.object, graph("entities")) for quad in inferred
    )
    assert infer(published) == []


def test_kazakhstan_is_party_to_the_convention_and_the_protocol_alone(
    inferred: list[Quad],
) -> None:
    found = select(inferred, "SELECT ?instrument { <country/KAZ> kzg:partyTo ?instrument }")
    assert len(found) == 2
    assert all("1951" in iri or "1967" in iri for (iri,) in found)


def test_shortcuts_lead_over_the_fact_from_the_operation_to_its_partners_and_donors(
    store: Store, inferred: list[Quad]
) -> None:
    for shortcut, inverse, link in (
        ("partner", "partnerOf", "partnerOrganisation"),
        ("fundedBy", "funds", "donor"),
    ):
        stated = select(store, f"SELECT DISTINCT ?s ?o {{ ?f kzg:scope ?s ; kzg:{link} ?o }}")
        assert stated
        assert select(inferred, f"SELECT ?s ?o {{ ?s kzg:{shortcut} ?o }}") == stated
        assert select(inferred, f"SELECT ?s ?o {{ ?o kzg:{inverse} ?s }}") == stated


def test_every_fact_is_an_entity_of_provenance_with_its_document_as_source(
    store: Store, inferred: list[Quad]
) -> None:
    stated = select(store, "SELECT ?f ?d { ?f kzg:statedIn ?d }")
    assert len(stated) > 250
    assert select(inferred, "SELECT ?f ?d { ?f prov:hadPrimarySource ?d }") == stated
    entities = select(inferred, "SELECT ?f { ?f a prov:Entity }")
    assert {fact for fact, _ in stated} <= {iri for (iri,) in entities}


def test_a_triple_in_two_graphs_is_one_premise_and_no_entailment() -> None:
    store = store_of("ex:C rdfs:subClassOf ex:D . ex:a a ex:C, ex:D .")
    for triple in triples("ex:a a ex:C, ex:D ."):
        store.add(Quad(triple.subject, triple.predicate, triple.object, graph("concepts")))
    assert infer(store) == []
