# OWL 2 RL, Tables 6 and 7: the semantics of classes and of class axioms.
# https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
# cls-thing and cls-nothing1 are axiomatic, hence trivial (see trivial.py). As nothing is typed
# owl:Thing, a rule whose filler is owl:Thing has a case of its own here.

# cls-int1
INSERT { ?y a ?c }
WHERE {
  ?c owl:intersectionOf ?l . ?l rdf:rest*/rdf:first ?c0 FILTER(?c0 != owl:Thing)
  ?y a ?c0
  FILTER NOT EXISTS {
    ?l rdf:rest*/rdf:first ?ci FILTER(?ci != owl:Thing)
    FILTER NOT EXISTS { ?y a ?ci }
  }
};

# cls-int2
INSERT { ?y a ?ci }
WHERE { ?c owl:intersectionOf/rdf:rest*/rdf:first ?ci FILTER(?ci != owl:Thing) ?y a ?c };

# cls-uni
INSERT { ?y a ?c }
WHERE { ?c owl:unionOf/rdf:rest*/rdf:first ?ci . ?y a ?ci };

# cls-svf1
INSERT { ?u a ?x }
WHERE { ?x owl:someValuesFrom ?y ; owl:onProperty ?p . ?u ?p ?v . ?v a ?y };

# cls-svf2
INSERT { ?u a ?x }
WHERE { ?x owl:someValuesFrom owl:Thing ; owl:onProperty ?p . ?u ?p ?v };

# cls-avf
INSERT { ?v a ?y }
WHERE {
  ?x owl:allValuesFrom ?y ; owl:onProperty ?p FILTER(?y != owl:Thing)
  ?u a ?x ; ?p ?v FILTER(!isLiteral(?v))
};

# cls-hv1
INSERT { ?u ?p ?y }
WHERE { ?x owl:hasValue ?y ; owl:onProperty ?p . ?u a ?x };

# cls-hv2
INSERT { ?u a ?x }
WHERE { ?x owl:hasValue ?y ; owl:onProperty ?p . ?u ?p ?y };

# cls-maxc2
INSERT { ?y1 owl:sameAs ?y2 }
WHERE {
  ?x owl:maxCardinality ?n ; owl:onProperty ?p FILTER(?n = 1)
  ?u a ?x ; ?p ?y1, ?y2 FILTER(!sameTerm(?y1, ?y2))
};

# cls-maxqc3
INSERT { ?y1 owl:sameAs ?y2 }
WHERE {
  ?x owl:maxQualifiedCardinality ?n ; owl:onProperty ?p ; owl:onClass ?c FILTER(?n = 1)
  ?u a ?x ; ?p ?y1, ?y2 FILTER(!sameTerm(?y1, ?y2))
  ?y1 a ?c . ?y2 a ?c
};

# cls-maxqc4
INSERT { ?y1 owl:sameAs ?y2 }
WHERE {
  ?x owl:maxQualifiedCardinality ?n ; owl:onProperty ?p ; owl:onClass owl:Thing FILTER(?n = 1)
  ?u a ?x ; ?p ?y1, ?y2 FILTER(!sameTerm(?y1, ?y2))
};

# cls-oo
INSERT { ?y a ?c }
WHERE { ?c owl:oneOf/rdf:rest*/rdf:first ?y };

# cax-sco
INSERT { ?x a ?c2 }
WHERE { ?c1 rdfs:subClassOf ?c2 FILTER(?c1 != ?c2 && ?c2 != owl:Thing) ?x a ?c1 };

# cax-eqc1, cax-eqc2
INSERT { ?x a ?c2 }
WHERE {
  { ?c1 owl:equivalentClass ?c2 } UNION { ?c2 owl:equivalentClass ?c1 }
  FILTER(?c1 != ?c2 && ?c2 != owl:Thing)
  ?x a ?c1
}
