"""Our engine and pySHACL on the same shapes, and what pySHACL alone would pass over."""

import pytest
from pyoxigraph import NamedNode

from kzgraph.validation import Report, ShapesRefused, check, shapes
from kzgraph.validation.data import Data
from kzgraph.validation.reference import validate_by_pyshacl
from shacl_graphs import quads_of

#: Shapes and data on which pySHACL is asked too.
ALIKE = {
    "a shape that is also a class": (
        "e:C a rdfs:Class , sh:NodeShape ; sh:property [ sh:path e:p ; sh:minCount 1 ] .",
        "e:x a e:C . e:y a e:D . e:D rdfs:subClassOf e:C .",
    ),
    "a shape that is also a class of OWL": (
        "e:C a owl:Class , sh:NodeShape ; sh:property [ sh:path e:p ; sh:minCount 1 ] .",
        "e:x a e:C .",
    ),
    "a blank shape with a target and no type": (
        "[] sh:targetSubjectsOf e:p ; sh:nodeKind sh:Literal .",
        "e:x e:p 1 .",
    ),
    "targets that are nodes": (
        "e:S a sh:NodeShape ; sh:targetNode e:x , 7 , 'a'@en ; sh:datatype xsd:integer .",
        "",
    ),
    "two equal property shapes": (
        "e:S a sh:NodeShape ; sh:targetNode e:x ; "
        "sh:property [ sh:path e:p ; sh:minCount 1 ] , [ sh:path e:p ; sh:minCount 1 ] .",
        "",
    ),
    "a property shape that two shapes use": (
        "e:S a sh:NodeShape ; sh:targetNode e:x ; sh:property e:P . "
        "e:T a sh:NodeShape ; sh:targetNode e:x ; sh:property e:P . "
        "e:P sh:path e:p ; sh:minCount 1 .",
        "",
    ),
    "a shape that is switched off": (
        "e:S a sh:NodeShape ; sh:targetNode e:x ; sh:class e:C ; sh:not e:T ; sh:node e:U . "
        "e:T a sh:NodeShape ; sh:deactivated true ; sh:class e:C . "
        "e:U a sh:NodeShape ; sh:class e:D ; sh:deactivated true .",
        "",
    ),
    "a severity of its own": (
        "e:S a sh:NodeShape ; sh:targetNode e:x ; sh:class e:C ; sh:severity e:Grave .",
        "",
    ),
    "a closed shape": (
        "e:S a sh:NodeShape ; sh:targetNode e:x ; sh:closed true ; "
        "sh:ignoredProperties ( rdf:type ) ; sh:property [ sh:path e:p ] .",
        "e:x a e:C ; e:p 1 ; e:q 2 , 3 .",
    ),
    "bounds that exclude": (
        "e:S a sh:NodeShape ; sh:targetObjectsOf e:p ; sh:minExclusive 1 ; sh:maxExclusive 3.5 .",
        "e:x e:p 1 , 2 , 3.5 , 'x' , e:y .",
    ),
    "values that conform, counted": (
        "e:S a sh:NodeShape ; sh:targetNode e:x ; sh:property [ sh:path e:p ; "
        "sh:qualifiedMinCount 2 ; sh:qualifiedMaxCount 2 ; "
        "sh:qualifiedValueShape [ sh:class e:C ] ] .",
        "e:x e:p e:a , e:b . e:a a e:C .",
    ),
    "a query that does not bind $this": (
        "e:S a sh:NodeShape ; sh:targetNode e:x , e:y ; sh:sparql [ a sh:SPARQLConstraint ; "
        "sh:select 'SELECT $this { FILTER NOT EXISTS { $this <urn:p> ?o } }' ] .",
        "e:x <urn:p> 1 .",
    ),
    "a query that groups": (
        "e:S a sh:NodeShape ; sh:targetClass e:C ; sh:sparql [ a sh:SPARQLConstraint ; "
        "sh:select 'SELECT $this (COUNT(?o) AS ?value) { $this <urn:p> ?o } "
        "GROUP BY $this HAVING(COUNT(?o) > 1)' ] .",
        "e:x a e:C ; <urn:p> 1 , 2 . e:y a e:C ; <urn:p> 1 .",
    ),
    "a query that looks at $this in another group": (
        "e:S a sh:NodeShape ; sh:targetClass e:C ; sh:sparql [ a sh:SPARQLConstraint ; "
        "sh:select 'SELECT $this { $this <urn:p> ?o { ?x <urn:p> ?o FILTER(?x != $this) } }' ] .",
        "e:x a e:C ; <urn:p> 1 . e:y a e:C ; <urn:p> 1 . e:z a e:C ; <urn:p> 2 .",
    ),
    "a query of a property shape with a path of two steps": (
        "[] sh:targetClass e:C ; sh:path ( e:p [ sh:inversePath e:q ] ) ; sh:sparql [ "
        "a sh:SPARQLConstraint ; "
        "sh:select 'SELECT $this ?value { $this $PATH ?value FILTER(isIRI(?value)) }' ] .",
        "e:x a e:C ; e:p e:y . e:z e:q e:y .",
    ),
    "a query behind sh:node and sh:not": (
        "e:S a sh:NodeShape ; sh:targetClass e:C ; sh:node e:Q ; sh:not e:Q . "
        "e:Q a sh:NodeShape ; sh:sparql [ a sh:SPARQLConstraint ; "
        "sh:select 'SELECT $this { $this <urn:p> ?o }' ] .",
        "e:x a e:C ; <urn:p> 1 . e:y a e:C .",
    ),
    "a query that names path and value": (
        "e:S a sh:NodeShape ; sh:targetClass e:C ; sh:sparql [ a sh:SPARQLConstraint ; "
        "sh:select 'SELECT $this ?path ?value { $this ?path ?value FILTER(isLiteral(?value)) }' "
        "] .",
        "e:x a e:C ; <urn:p> 1 ; <urn:q> 1 , 2 .",
    ),
}


def alike(report: Report) -> list[tuple[str, ...]]:
    """Results without the labels of blank nodes, which pySHACL does not keep, and messages."""

    def text(term: object) -> str:
        return "[]" if str(term).startswith("_:") else str(term)

    return sorted(
        (
            text(r.focus),
            str(r.path),
            text(r.value),
            r.severity.value,
            text(r.shape),
            str(r.component),
        )
        for r in report.results
    )


@pytest.mark.parametrize("name", ALIKE)
def test_both_engines_find_the_same(name: str) -> None:
    shape, data = map(quads_of, ALIKE[name])
    own = check(data, shapes.read(Data(shape)))
    assert alike(own) == alike(validate_by_pyshacl(data, shape))
    assert own.results


@pytest.mark.parametrize(
    ("shape", "part"),
    [
        ("e:S sh:targetNode e:x ; sh:minCuont 1 .", "sh:minCuont"),
        ("e:S sh:targetNode e:x ; sh:js [ sh:jsFunctionName 'f' ] .", "sh:jsFunctionName"),
        ("e:S sh:targetNode e:x ; sh:not e:S .", "recursive"),
        ("e:S sh:targetNode e:x ; sh:severity 'grave' ; sh:class e:C .", "grave"),
    ],
)
def test_what_pyshacl_ignores_or_stumbles_over_is_refused(shape: str, part: str) -> None:
    with pytest.raises(ShapesRefused, match=f"(?i){part}"):
        validate_by_pyshacl([], quads_of(shape))


def test_pyshacl_is_asked_for_its_advanced_features() -> None:
    target = "sh:target [ a sh:SPARQLTarget ; sh:select 'SELECT ?this { ?this a <urn:C> }' ]"
    report = validate_by_pyshacl(
        quads_of("e:x a <urn:C> ."), quads_of(f"e:S a sh:NodeShape ; {target} ; sh:class e:C .")
    )
    assert [result.focus for result in report.results] == [NamedNode("http://e.example/x")]


def test_data_that_rdflib_does_not_have_are_refused() -> None:
    with pytest.raises(ShapesRefused, match="cannot be a term of rdflib"):
        validate_by_pyshacl(quads_of("e:x e:p <<( e:x e:p 1 )>> ."), quads_of("e:S sh:in () ."))
