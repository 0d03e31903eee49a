# OWL 2 RL, Table 5: the semantics of axioms about properties.
# https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
# prp-ap declares annotation properties of the standard vocabularies: trivial (see trivial.py).
# A literal is never made a subject: SPARQL drops such a triple from what it inserts.
# Rules that give statements come before those that give classes of what is in them: fewer rounds.

# prp-eqp1, prp-eqp2
INSERT { ?x ?p2 ?y }
WHERE {
  { ?p1 owl:equivalentProperty ?p2 } UNION { ?p2 owl:equivalentProperty ?p1 }
  FILTER(?p1 != ?p2)
  ?x ?p1 ?y
};

# prp-spo1
INSERT { ?x ?p2 ?y }
WHERE { ?p1 rdfs:subPropertyOf ?p2 FILTER(?p1 != ?p2) ?x ?p1 ?y };

# prp-inv1, prp-inv2
INSERT { ?y ?p2 ?x }
WHERE {
  { ?p1 owl:inverseOf ?p2 } UNION { ?p2 owl:inverseOf ?p1 }
  ?x ?p1 ?y
};

# prp-symp
INSERT { ?y ?p ?x }
WHERE { ?p a owl:SymmetricProperty . ?x ?p ?y };

# prp-trp
INSERT { ?x ?p ?z }
WHERE { ?p a owl:TransitiveProperty . ?x ?p ?y . ?y ?p ?z };

# prp-spo2, chains of two
INSERT { ?u1 ?p ?u3 }
WHERE {
  ?p owl:propertyChainAxiom ?l1 .
  ?l1 rdf:first ?p1 ; rdf:rest ?l2 .
  ?l2 rdf:first ?p2 ; rdf:rest rdf:nil .
  ?u1 ?p1 ?u2 . ?u2 ?p2 ?u3
};

# prp-spo2, chains of three
INSERT { ?u1 ?p ?u4 }
WHERE {
  ?p owl:propertyChainAxiom ?l1 .
  ?l1 rdf:first ?p1 ; rdf:rest ?l2 .
  ?l2 rdf:first ?p2 ; rdf:rest ?l3 .
  ?l3 rdf:first ?p3 ; rdf:rest rdf:nil .
  ?u1 ?p1 ?u2 . ?u2 ?p2 ?u3 . ?u3 ?p3 ?u4
};

# prp-dom
INSERT { ?x a ?c }
WHERE {
  SELECT DISTINCT ?x ?c
  WHERE { ?p rdfs:domain ?c FILTER(?c != owl:Thing && ?c != rdfs:Resource) ?x ?p ?y }
};

# prp-rng
INSERT { ?y a ?c }
WHERE {
  SELECT DISTINCT ?y ?c
  WHERE {
    ?p rdfs:range ?c FILTER(?c != owl:Thing && ?c != rdfs:Resource && ?c != rdfs:Literal)
    ?x ?p ?y FILTER(!isLiteral(?y))
  }
};

# prp-fp
INSERT { ?y1 owl:sameAs ?y2 }
WHERE { ?p a owl:FunctionalProperty . ?x ?p ?y1, ?y2 FILTER(!sameTerm(?y1, ?y2)) };

# prp-ifp
INSERT { ?x1 owl:sameAs ?x2 }
WHERE { ?p a owl:InverseFunctionalProperty . ?x1 ?p ?y . ?x2 ?p ?y FILTER(!sameTerm(?x1, ?x2)) };

# prp-key
INSERT { ?x owl:sameAs ?y }
WHERE {
  ?c owl:hasKey ?l . ?l rdf:first ?p1 .
  ?x a ?c ; ?p1 ?z1 . ?y a ?c ; ?p1 ?z1 FILTER(!sameTerm(?x, ?y))
  FILTER NOT EXISTS {
    ?l rdf:rest+/rdf:first ?pi
    FILTER NOT EXISTS { ?x ?pi ?zi . ?y ?pi ?zi }
  }
}
