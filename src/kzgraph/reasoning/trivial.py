"""Which entailments say nothing: the one place where `trivial` is defined.

The OWL 2 RL rules entail many triples that hold in every graph, or that cannot be published. An
entailment is trivial, and left out of the graph `entailed`, if and only if one of these holds:

1. its subject or object is a blank node (an anonymous class or a list of the ontology: what it
   entails about named things is kept, the statement about the anonymous node is not);
2. its subject is a literal, or its predicate is not an IRI (generalised RDF, not RDF 1.1,
   https://www.w3.org/TR/rdf11-concepts/#section-generalized-rdf);
3. it relates a thing to itself by `owl:sameAs`, `rdfs:subClassOf`, `rdfs:subPropertyOf`,
   `owl:equivalentClass` or `owl:equivalentProperty` (rules eq-ref, scm-cls, scm-op, scm-dp);
4. it makes something an instance or a subclass of `owl:Thing` or `rdfs:Resource`, or names one of
   the two, or `rdfs:Literal`, as the domain or range of a property (rules scm-cls, scm-dom1, ...);
5. its subject is a term of RDF, RDFS, OWL or XSD itself: the axiomatic triples, the declarations
   of datatypes and of annotation properties, `owl:Nothing` as a subclass (rules cls-thing,
   cls-nothing1, prp-ap, dt-type1, scm-cls);
6. a triple of the input differs from it only in the form of the literal, such as `1.50` for `1.5`
   (not an entailment of RL, but what a reasoner that rewrites literals returns).

Points 1 to 5 are `is_trivial`. Point 6 does not arise here, since rules that run in the store see
and give the one form that the store keeps of a number; a test that compares reasoners applies it
to both.
"""

from pyoxigraph import BlankNode, NamedNode

from kzgraph.namespaces import OWL, RDF, RDFS, TYPE, XSD, Term

_REFLEXIVE = {OWL[name] for name in ("sameAs", "equivalentClass", "equivalentProperty")} | {
    RDFS[name] for name in ("subClassOf", "subPropertyOf")
}
_TOP = {OWL["Thing"], RDFS["Resource"]}
_TOP_OF = {
    TYPE: _TOP,
    RDFS["subClassOf"]: _TOP,
    RDFS["domain"]: _TOP | {RDFS["Literal"]},
    RDFS["range"]: _TOP | {RDFS["Literal"]},
}
_LANGUAGE = tuple(each.iri for each in (RDF, RDFS, OWL, XSD))


def is_trivial(subject: Term, predicate: Term, obj: Term) -> bool:
    """Whether an entailed triple is trivial by points 1 to 5 of the module's definition."""
    if not isinstance(subject, NamedNode) or not isinstance(predicate, NamedNode):
        return True
    if isinstance(obj, BlankNode) or subject.value.startswith(_LANGUAGE):
        return True
    if not isinstance(obj, NamedNode):
        return False
    if predicate in _REFLEXIVE and subject == obj:
        return True
    return obj in _TOP_OF.get(predicate, ())
