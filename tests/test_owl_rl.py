"""The ontology is in the OWL 2 RL profile, by a checker that refuses what is not."""

import pytest
from rdflib import Graph

from kzgraph.prefixes import PREFIXES
from ontology_graph import ontology
from owl_rl import violations


def turtle(text: str) -> Graph:
    """A small ontology about classes A, B, C, object properties p, q and data properties d, e."""
    declarations = """
        :A a owl:Class . :B a owl:Class . :C a owl:Class .
        :p a owl:ObjectProperty . :q a owl:ObjectProperty .
        :d a owl:DatatypeProperty . :e a owl:DatatypeProperty .
        :note a owl:AnnotationProperty ."""
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    read = Graph()
    read.parse(data=f"{prefixes}@prefix : <https://example.org/> .{declarations}{text}")
    return read


OUTSIDE_RL = {
    "a union as a superclass": ":A rdfs:subClassOf [ a owl:Class ; owl:unionOf ( :B :C ) ] .",
    "a union as a domain": ":p rdfs:domain [ a owl:Class ; owl:unionOf ( :B :C ) ] .",
    "a union as a range": ":p rdfs:range [ a owl:Class ; owl:unionOf ( :B :C ) ] .",
    "an existential as a superclass": """:A rdfs:subClassOf
        [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ] .""",
    "a universal as a subclass": """[ a owl:Restriction ; owl:onProperty :p ;
        owl:allValuesFrom :B ] rdfs:subClassOf :A .""",
    "a complement as a subclass": "[ a owl:Class ; owl:complementOf :B ] rdfs:subClassOf :A .",
    "an enumeration as a superclass": ":A rdfs:subClassOf [ a owl:Class ; owl:oneOf ( :x ) ] .",
    "a minimum as a superclass": """:A rdfs:subClassOf
        [ a owl:Restriction ; owl:onProperty :p ; owl:minCardinality 1 ] .""",
    "a maximum of two": """:A rdfs:subClassOf
        [ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality 2 ] .""",
    "an exact cardinality": """:A rdfs:subClassOf
        [ a owl:Restriction ; owl:onProperty :p ; owl:cardinality 1 ] .""",
    "a property of itself": """:A rdfs:subClassOf
        [ a owl:Restriction ; owl:onProperty :p ; owl:hasSelf true ] .""",
    "a union in an equivalence": ":A owl:equivalentClass [ a owl:Class ; owl:unionOf (:B :C) ] .",
    "owl:Thing as a superclass": ":A rdfs:subClassOf owl:Thing .",
    "owl:Thing as a range": ":p rdfs:range owl:Thing .",
    "rdfs:Resource as a range": ":p rdfs:range rdfs:Resource .",
    "a reflexive property": ":p a owl:ReflexiveProperty .",
    "a disjoint union": ":A owl:disjointUnionOf ( :B :C ) .",
    "a date as a data range": ":d rdfs:range xsd:date .",
    "a real as a data range": ":d rdfs:range owl:real .",
    "a union of data ranges": """:d rdfs:range
        [ a rdfs:Datatype ; owl:unionOf ( xsd:integer xsd:string ) ] .""",
    "an enumeration of data": ':d rdfs:range [ a rdfs:Datatype ; owl:oneOf ( "a" "b" ) ] .',
    "an undeclared class": ":A rdfs:subClassOf :Nowhere .",
    "an undeclared property in an axiom": ":p owl:inverseOf :nowhere .",
    "an undeclared property in a statement": ":x :nowhere :y .",
    "an undeclared property in a chain": ":p owl:propertyChainAxiom ( :q :nowhere ) .",
    "a chain of one": ":p owl:propertyChainAxiom ( :q ) .",
    "a data property in a chain": ":p owl:propertyChainAxiom ( :q :d ) .",
    "a chain that makes itself": """:p owl:propertyChainAxiom ( :q :q ) .
        :q owl:propertyChainAxiom ( :p :p ) .""",
    "a functional property made by a chain": """:p owl:propertyChainAxiom ( :q :q ) ;
        a owl:FunctionalProperty .""",
    "an asymmetric property above a transitive one": """:q a owl:TransitiveProperty ;
        rdfs:subPropertyOf :p . :p a owl:AsymmetricProperty .""",
    "a property of two kinds": ":p a owl:DatatypeProperty .",
    "a transitive data property": ":d a owl:TransitiveProperty .",
    "an object property under a data property": ":p rdfs:subPropertyOf :d .",
    "a literal as the value of an object property": ':x :p "text" .',
    "a thing as the value of a data property": ":x :d :y .",
    "a class of RDF": ":x a rdf:Property .",
    "a blank node outside any axiom": '[] :note "text" .',
    "a broken list": """[] a owl:AllDisjointClasses ; owl:members [ rdf:first :A ;
        rdf:rest [ rdf:first :B ] ] .""",
}

INSIDE_RL = {
    "names": ":A rdfs:subClassOf :B . :p rdfs:subPropertyOf :q . :d rdfs:subPropertyOf :e .",
    "a union as a subclass": "[ a owl:Class ; owl:unionOf ( :B :C ) ] rdfs:subClassOf :A .",
    "an existential as a subclass": """[ a owl:Restriction ; owl:onProperty :p ;
        owl:someValuesFrom owl:Thing ] rdfs:subClassOf :A .""",
    "a universal as a superclass": """:A rdfs:subClassOf
        [ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :B ] .""",
    "a value": """:A owl:equivalentClass
        [ a owl:Restriction ; owl:onProperty :d ; owl:hasValue 1 ] .""",
    "a maximum of one": """:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ;
        owl:maxQualifiedCardinality 1 ; owl:onClass :B ] .""",
    "chains, inverses and keys": """:p owl:propertyChainAxiom ( [ owl:inverseOf :q ] :q ) .
        :A owl:hasKey ( :q :d ) .""",
    "disjoint classes": "[] a owl:AllDisjointClasses ; owl:members ( :A :B :C ) .",
    "characteristics": """:p a owl:SymmetricProperty , owl:IrreflexiveProperty .
        :q a owl:TransitiveProperty . :d a owl:FunctionalProperty ; rdfs:range xsd:decimal .""",
    "statements": ':x a :A ; :p :y ; :d "text" ; :note :z .',
}


@pytest.mark.parametrize("case", OUTSIDE_RL)
def test_the_checker_refuses_what_is_outside_the_profile(case: str) -> None:
    assert violations(turtle(OUTSIDE_RL[case])) != []


@pytest.mark.parametrize("case", INSIDE_RL)
def test_the_checker_accepts_what_is_inside_the_profile(case: str) -> None:
    assert violations(turtle(INSIDE_RL[case])) == []


def test_the_ontology_is_in_owl_2_rl() -> None:
    assert violations(ontology()) == []
