# OWL 2 RL, Table 9: the semantics of schema vocabulary.
# https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
# scm-cls, scm-op and scm-dp say only trivial things (see trivial.py) and are left out.

# scm-sco
INSERT { ?c1 rdfs:subClassOf ?c3 }
WHERE { ?c1 rdfs:subClassOf+ ?c3 FILTER(?c1 != ?c3) };

# scm-eqc1
INSERT { ?c1 rdfs:subClassOf ?c2 . ?c2 rdfs:subClassOf ?c1 }
WHERE { ?c1 owl:equivalentClass ?c2 FILTER(?c1 != ?c2) };

# scm-eqc2
INSERT { ?c1 owl:equivalentClass ?c2 }
WHERE { ?c1 rdfs:subClassOf ?c2 . ?c2 rdfs:subClassOf ?c1 FILTER(?c1 != ?c2) };

# scm-spo
INSERT { ?p1 rdfs:subPropertyOf ?p3 }
WHERE { ?p1 rdfs:subPropertyOf+ ?p3 FILTER(?p1 != ?p3) };

# scm-eqp1
INSERT { ?p1 rdfs:subPropertyOf ?p2 . ?p2 rdfs:subPropertyOf ?p1 }
WHERE { ?p1 owl:equivalentProperty ?p2 FILTER(?p1 != ?p2) };

# scm-eqp2
INSERT { ?p1 owl:equivalentProperty ?p2 }
WHERE { ?p1 rdfs:subPropertyOf ?p2 . ?p2 rdfs:subPropertyOf ?p1 FILTER(?p1 != ?p2) };

# scm-dom1
INSERT { ?p rdfs:domain ?c2 }
WHERE { ?p rdfs:domain ?c1 . ?c1 rdfs:subClassOf ?c2 };

# scm-dom2
INSERT { ?p1 rdfs:domain ?c }
WHERE { ?p2 rdfs:domain ?c . ?p1 rdfs:subPropertyOf ?p2 };

# scm-rng1
INSERT { ?p rdfs:range ?c2 }
WHERE { ?p rdfs:range ?c1 . ?c1 rdfs:subClassOf ?c2 };

# scm-rng2
INSERT { ?p1 rdfs:range ?c }
WHERE { ?p2 rdfs:range ?c . ?p1 rdfs:subPropertyOf ?p2 };

# scm-hv
INSERT { ?c1 rdfs:subClassOf ?c2 }
WHERE {
  ?c1 owl:hasValue ?i ; owl:onProperty ?p1 .
  ?c2 owl:hasValue ?i ; owl:onProperty ?p2 .
  ?p1 rdfs:subPropertyOf ?p2
};

# scm-svf1
INSERT { ?c1 rdfs:subClassOf ?c2 }
WHERE {
  ?c1 owl:someValuesFrom ?y1 ; owl:onProperty ?p .
  ?c2 owl:someValuesFrom ?y2 ; owl:onProperty ?p .
  ?y1 rdfs:subClassOf ?y2
};

# scm-svf2
INSERT { ?c1 rdfs:subClassOf ?c2 }
WHERE {
  ?c1 owl:someValuesFrom ?y ; owl:onProperty ?p1 .
  ?c2 owl:someValuesFrom ?y ; owl:onProperty ?p2 .
  ?p1 rdfs:subPropertyOf ?p2
};

# scm-avf1
INSERT { ?c1 rdfs:subClassOf ?c2 }
WHERE {
  ?c1 owl:allValuesFrom ?y1 ; owl:onProperty ?p .
  ?c2 owl:allValuesFrom ?y2 ; owl:onProperty ?p .
  ?y1 rdfs:subClassOf ?y2
};

# scm-avf2
INSERT { ?c2 rdfs:subClassOf ?c1 }
WHERE {
  ?c1 owl:allValuesFrom ?y ; owl:onProperty ?p1 .
  ?c2 owl:allValuesFrom ?y ; owl:onProperty ?p2 .
  ?p1 rdfs:subPropertyOf ?p2
};

# scm-int
INSERT { ?c rdfs:subClassOf ?ci }
WHERE { ?c owl:intersectionOf/rdf:rest*/rdf:first ?ci };

# scm-uni
INSERT { ?ci rdfs:subClassOf ?c }
WHERE { ?c owl:unionOf/rdf:rest*/rdf:first ?ci }
