# OWL 2 RL, Table 4: the semantics of equality.
# https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
# eq-ref says only trivial things (see trivial.py) and is left out.

# eq-sym
INSERT { ?y owl:sameAs ?x }
WHERE { ?x owl:sameAs ?y };

# eq-trans
INSERT { ?x owl:sameAs ?z }
WHERE { ?x owl:sameAs ?y . ?y owl:sameAs ?z FILTER(!sameTerm(?x, ?z)) };

# eq-rep-s
INSERT { ?s2 ?p ?o }
WHERE { ?s1 owl:sameAs ?s2 FILTER(!sameTerm(?s1, ?s2)) ?s1 ?p ?o };

# eq-rep-p
INSERT { ?s ?p2 ?o }
WHERE { ?p1 owl:sameAs ?p2 FILTER(!sameTerm(?p1, ?p2)) ?s ?p1 ?o };

# eq-rep-o
INSERT { ?s ?p ?o2 }
WHERE { ?o1 owl:sameAs ?o2 FILTER(!sameTerm(?o1, ?o2)) ?s ?p ?o1 }
