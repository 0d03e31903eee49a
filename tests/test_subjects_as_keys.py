"""A sort key that can be no literal is left as it is, and one that can is not."""

import pytest

from kzgraph.prefixes import PREFIXES
from kzgraph.sparql.analysis import analyse
from kzgraph.sparql.dataset import View
from query_answers import data


def rewritten(query: str) -> bool:
    """Whether the analysis rewrites the query."""
    analysis = analyse(query, PREFIXES.keys(), 100)
    return analysis.rewrite(View(data(), None, analysis.prologue)) != analysis.text


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s { ?s a ?t } ORDER BY ?s",
        "SELECT ?s { ?s a ?t ; :p ?v } ORDER BY DESC(?s)",
        "SELECT ?s { ?v :p 1 . ?s <urn:p> ?v } ORDER BY ?s",
        "SELECT ?s { FILTER(?t != :a) ?s ?p ?t OPTIONAL { ?s :q ?v } } ORDER BY ?s",
        "SELECT ?s (COUNT(*) AS ?n) { ?s a ?t } GROUP BY ?s ORDER BY ?s",
    ],
)
def test_a_subject_is_compared_as_it_is(query: str) -> None:
    assert not rewritten("PREFIX : <urn:> " + query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s { ?x :p ?s } ORDER BY ?s",
        "SELECT ?s { ?x a ?t OPTIONAL { ?s a ?t } } ORDER BY ?s",
        "SELECT ?s { { ?s a ?t } UNION { ?x :p ?s } } ORDER BY ?s",
        "SELECT ?s { ?s :p* ?v } ORDER BY ?s",
        "SELECT ?s { ?s :p? ?v } ORDER BY ?s",
        "SELECT ?s { ?s (:p|:q)* ?v } ORDER BY ?s",
        "SELECT ?s { ?x :p ?v . ?v :q [ :p ?s ] } ORDER BY ?s",
        "SELECT (?v AS ?s) { ?x a ?v } ORDER BY ?s",
        "SELECT ?s { ?x a ?t MINUS { ?s a ?t } VALUES ?s { 1 } } ORDER BY ?s",
        "SELECT ?s { ?s a ?t } ORDER BY CONCAT(?s)",
        "SELECT ?s { ?x :p ?v , ?s } ORDER BY ?s",
        "SELECT ?s { ?x :p ?v ; ?s ?w } ORDER BY ?s",
    ],
)
def test_what_may_be_a_literal_is_not(query: str) -> None:
    assert rewritten("PREFIX : <urn:> " + query)
