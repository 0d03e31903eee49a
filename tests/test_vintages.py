"""What a query meets where graphs were superseded: by default the current ones alone."""

import itertools
import re
from collections.abc import Sequence
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad, QuerySolutions

from kzgraph.iri import GRAPH
from kzgraph.prefixes import PREFIXES
from kzgraph.problem import Problem
from kzgraph.resources import folder
from kzgraph.sparql import superseded
from kzgraph.sparql.explanation import find_reasons
from kzgraph.sparql.job import Job
from kzgraph_server.engine.passing import Passed, prepare
from kzgraph_server.engine.remote import RemoteEngine
from kzgraph_server.settings import Settings
from query_answers import short
from vintage_graphs import (
    CURRENT,
    NEW,
    OLD,
    OLDER,
    OTHER,
    PROLOGUE,
    SUPERSEDED,
    answer,
    current_store,
    make_vintages,
    reference,
    sort,
)

#: rdflib lists the default graph as well.
LIST = "SELECT ?g { GRAPH ?g { } }"
PATTERNS = (
    "SELECT (COUNT(*) AS ?n) (SUM(?v) AS ?s) { ?c :v ?v }",
    "SELECT ?c ?v { ?c :v ?v }",
    "SELECT ?c ?l { ?c :in/:label ?l }",
    "SELECT ?c ?e { ?c (:in|:about)+ ?e }",
    "SELECT ?c ?e { ?c :v ?v . ?c :in* ?e }",
    "SELECT ?c { ?c :in :kz MINUS { ?c :v 10 } }",
    "SELECT ?g ?c ?v { GRAPH ?g { ?c :v ?v } }",
    "SELECT ?g ?c ?w { ?c :v ?v GRAPH ?g { ?c :v ?w } }",
    LIST,
    "SELECT ?g ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?c :v ?v } } }",
    "SELECT ?c { ?c :v ?v FILTER NOT EXISTS { GRAPH ?g { ?c :v ?v } } }",
)
#: What FROM and FROM NAMED name, or the parameters of a request.
DATASETS = (
    ((OLD,), ()),
    ((OLD, NEW), ()),
    ((OLD, "entities"), ()),
    ((NEW, OLD, OLDER, "entities"), (NEW,)),
    ((OLDER, NEW), (OLD, "entities")),
    ((OLD, OTHER), (OLDER, OTHER)),
    ((), (OLD, NEW)),
    (("entities",), (OLDER, NEW)),
    ((NEW, "entities"), ("doc",)),
    (("none",), (OLD,)),
    ((OLD, OLD, NEW, NEW), (OLD, OLD)),
)


@pytest.mark.parametrize(("default", "named"), DATASETS)
@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_data_set_that_is_named_is_what_sparql_says(
    pattern: str, default: Sequence[str], named: Sequence[str]
) -> None:
    clauses = [f"FROM g:{each}" for each in default] + [f"FROM NAMED g:{each}" for each in named]
    where = pattern.index("{", pattern.rfind("AS ?s)") + 1)
    expected = reference(pattern, default, named)
    if pattern == LIST:
        expected = [row for row in expected if GRAPH in str(row)]
    assert answer(f"{pattern[:where]} {' '.join(clauses)} {pattern[where:]}") == expected
    assert answer(pattern, default, named) == expected


#: Queries that name no data set, and the superseded graphs among their named ones.
PLAIN: tuple[tuple[str, tuple[str, ...]], ...] = (
    *((pattern, ()) for pattern in PATTERNS),
    ("SELECT ?c ?p ?o { GRAPH ?g { ?c ?p ?o } FILTER(STRENDS(STR(?g), 'a')) }", ()),
    (f"SELECT ?c ?v {{ GRAPH g:{OLD} {{ ?c :v ?v }} }}", (OLD,)),
    (f"SELECT ?c ?v {{ GRAPH <{GRAPH}{OLD}> {{ ?c :v ?v }} }}", (OLD,)),
    (f"SELECT ?c ?v {{ GRAPH <graph/{OLD}> {{ ?c :v ?v }} }}", (OLD,)),
    (f"SELECT ?c ?v {{ GRAPH <../kzgraph/./graph/{OLD}> {{ ?c :v ?v }} }}", (OLD,)),
    (f"SELECT ?c ?l {{ GRAPH g:{OLD} {{ ?c :in ?k }} ?k :label ?l }}", (OLD,)),
    (f"SELECT ?c ?w ?v {{ GRAPH g:{OLD} {{ ?c :v ?w }} ?c :v ?v }}", (OLD,)),
    (f"SELECT ?g ?c ?w {{ GRAPH g:{OLD} {{ ?c :v ?v }} GRAPH ?g {{ ?c :v ?w }} }}", (OLD,)),
    (f"SELECT ?g ?c ?v {{ VALUES ?g {{ g:{OLDER} g:{NEW} }} GRAPH ?g {{ ?c :v ?v }} }}", (OLDER,)),
    (f"SELECT ?g ?c ?v {{ GRAPH ?g {{ ?c :v ?v }} FILTER(?g = g:{OLD}) }}", (OLD,)),
    (f"SELECT ?g ?c ?v {{ GRAPH ?g {{ ?c :v ?v }} FILTER(?g != g:{OLD}) }}", (OLD,)),
    (f"SELECT ?c {{ ?c :v ?v FILTER NOT EXISTS {{ GRAPH g:{OLD} {{ ?c :v ?v }} }} }}", (OLD,)),
    (f"SELECT ?c {{ ?c :v ?v OPTIONAL {{ GRAPH g:{OLDER} {{ ?c :v ?v }} }} }}", (OLDER,)),
    (f"SELECT ?c ?v {{ {{ SELECT * {{ GRAPH g:{OLD} {{ ?c :v ?v }} }} }} }}", (OLD,)),
    (f"SELECT ?o {{ g:{OLD} ?p ?o }}", ()),
    ("SELECT ?g ?c ?v { ?g dcterms:isReplacedBy ?by GRAPH ?g { ?c :v ?v } }", SUPERSEDED),
    ("SELECT ?c ?v { ?n dcterms:replaces/dcterms:replaces ?g GRAPH ?g { ?c :v ?v } }", SUPERSEDED),
    ("SELECT ?g ?c { ?n <http://purl.org/dc/terms/replaces> ?g GRAPH ?g { ?c :v 1 } }", SUPERSEDED),
)


@pytest.mark.parametrize(("query", "named"), PLAIN)
def test_a_query_meets_the_current_graphs_and_the_superseded_ones_that_it_names(
    query: str, named: tuple[str, ...]
) -> None:
    expected = reference(query, CURRENT, (*CURRENT, *named))
    if query == LIST:
        expected = [row for row in expected if GRAPH in str(row)]
    assert answer(query) == expected


@pytest.mark.parametrize(("query", "named"), PLAIN)
def test_another_engine_is_told_which_graphs_a_query_is_about(
    query: str, named: tuple[str, ...]
) -> None:
    """Its own union may have all graphs, so that none is left to it."""
    told = forward(PROLOGUE + query)
    default, among = (list(map(NamedNode, iris)) for iris in told.dataset.values())
    how: dict[str, Any] = {"default_graph": default, "named_graphs": among}
    every = make_vintages().store
    found = every.query(told.query, prefixes=dict(PREFIXES), **how)
    assert isinstance(found, QuerySolutions)
    rows = ([None if term is None else str(term) for term in row] for row in found)
    # Pyoxigraph as it is errs on the two that are rewritten for it.
    if "SELECT (COUNT" not in query.partition("{")[2] and "in*" not in query:
        assert sort(map(tuple, rows)) == answer(query)


def forward(query: str, *default: str) -> Passed:
    """What is forwarded of a query whose request names a default graph."""
    job = Job(query, tuple(GRAPH + each for each in default), (), offers=("json",), timeout=0)
    return prepare(job, [GRAPH + each for each in CURRENT], 100, make_vintages().tables)


@pytest.mark.parametrize("default", [(OLD, NEW), ()])
def test_another_engine_is_not_left_to_merge_vintages(default: Sequence[str]) -> None:
    query = select(*(() if default else (f"g:{OLD}", f"g:{NEW}")))
    with pytest.raises(Problem, match="vintages of one table") as refused:
        forward(PROLOGUE + query, *default)
    assert refused.value.status == 422


def test_what_else_names_superseded_graphs_is_forwarded_as_it_is() -> None:
    query = PROLOGUE + select(f"g:{OLD}", "g:entities")
    assert forward(query).query.endswith(query)
    with pytest.raises(Problem, match="not declared"):
        forward("SELECT * { GRAPH nothing:here { ?s ?p ?o } }")


def test_an_engine_is_told_the_graphs_where_its_own_data_set_is_to_do() -> None:
    settings = Settings(engine="http://127.0.0.1:9/sparql", engine_dataset="engine")
    graphs = [GRAPH + "doc"]
    assert RemoteEngine(settings, graphs)._graphs == ()
    assert RemoteEngine(settings, graphs, make_vintages().tables)._graphs == graphs


@pytest.mark.parametrize(
    "name",
    [
        r"g:t\-" + "a" * 12,
        f"<{GRAPH}t-" + r"\u0061" * 12 + ">",
        f"<{GRAPH}" + r"\U00000074-" + "a" * 12 + ">",
    ],
)
def test_a_name_may_be_written_with_escapes(name: str) -> None:
    query = f"SELECT ?c ?v {{ GRAPH {name} {{ ?c :v ?v }} }}"
    assert answer(query) == answer(f"SELECT ?c ?v {{ GRAPH g:{OLD} {{ ?c :v ?v }} }}") != []
    assert answer(select(name)) == answer(query)


def test_a_prefix_may_end_within_the_name() -> None:
    query = f"PREFIX h: <{GRAPH}t-aaa> SELECT ?c ?v {{ GRAPH h:aaaaaaaaa {{ ?c :v ?v }} }}"
    assert len(answer(query)) == 3


@pytest.mark.parametrize("name", ["g:t%2D" + "a" * 12, "g:T-" + "a" * 12, f"g:{OLD}a"])
def test_what_only_looks_like_a_name_is_another(name: str) -> None:
    assert answer(f"SELECT ?c {{ GRAPH {name} {{ ?c :v ?v }} }}") == []
    assert answer(select(name)) == []


def test_many_graphs_may_be_named() -> None:
    others = (f"g:x{number}" for number in range(500))
    assert answer(select(*others, f"g:{OLD}", f"g:{NEW}")) == reference(
        "SELECT ?c ?v { ?c :v ?v }", (OLD, NEW), ()
    )


def test_vintages_that_are_too_large_are_not_merged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(superseded, "_MOST_MERGED", 5)
    told = re.escape(f"{OLD} and {NEW} are vintages of one table") + ".*FROM NAMED"
    with pytest.raises(Problem, match=told) as refused:
        answer(select(f"g:{OLD}", f"g:{NEW}"))
    assert refused.value.status == 422
    # Graphs of other tables need no merging.
    assert len(answer(select(f"g:{OLD}", "g:entities"))) == 3


def test_graphs_of_one_table_alone_may_have_triples_in_common() -> None:
    held = make_vintages()
    names = (*CURRENT, *SUPERSEDED)
    for one, other in itertools.combinations(names, 2):
        graphs = [NamedNode(GRAPH + name) for name in (one, other)]
        triples = [set(map(_triple, held.store.quads_for_pattern(None, None, None, each)))
                   for each in graphs]  # fmt: skip
        assert bool(held.tables.find_overlap(graphs)) == bool(triples[0] & triples[1]), (one, other)


def select(*graphs: str) -> str:
    """A query for the values in the merge of `graphs`."""
    return f"SELECT ?c ?v {' '.join(f'FROM {each}' for each in graphs)} {{ ?c :v ?v }}"


def _triple(quad: Quad) -> tuple[object, ...]:
    return quad.subject, quad.predicate, quad.object


@pytest.mark.parametrize(
    ("query", "kind", "told"),
    [
        ("SELECT * FROM g:t-aaaaaaaaaaab { ?s ?p ?o }", "unknown-graph", f"<graph/{OLD}>?"),
        ("SELECT * FROM NAMED g:doc FROM NAMED g:dog { ?s ?p ?o }", "unknown-graph", "<graph/doc>"),
        ("SELECT * { :c :v ?v }", "superseded", f"GRAPH <graph/{OLD}>"),
        ("SELECT (SUM(?v) AS ?s) { :c :v ?v }", "superseded", f"only in <graph/{OLD}>"),
        ("SELECT ?g { GRAPH ?g { ?c :v 19 } }", "superseded", "that the query names"),
        ("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?c :v 19 } }", "superseded", OLDER),
        ("SELECT * { GRAPH g:none { ?c :v ?v } }", "unknown-name", "graph/none"),
        ("SELECT * { ?n dcterms:replaces ?g GRAPH ?g { ?c :v 18 } }", "together", "replaces"),
    ],
)
def test_an_empty_answer_says_which_graphs_were_meant(query: str, kind: str, told: str) -> None:
    job = Job(PROLOGUE + query, (), (), offers=(), timeout=0)
    reason = find_reasons(job, current_store(), 100, make_vintages())[0]
    assert (reason.kind, told in reason.message) == (kind, True), reason.message


def test_what_was_revised_is_one_query() -> None:
    """Of the vintage that the current one is said to replace: see the comment on the data."""
    text = (folder("queries") / "128-cells-revised-between-vintages.rq").read_text("utf-8")
    value = "<http://example.org/v>"
    query = text.replace("kzg:country country:KAZ ; kzg:officialValue", value)
    query = query.replace("kzg:officialValue", value)
    found = [[short(each) if each else None for each in row] for row in answer(query)]
    old, new = (f"<{GRAPH}{name}>" for name in (OLD, NEW))
    assert found == [
        [old, new, '"gone"', ":c", '"1"', None],
        [old, new, '"new"', ":d", None, '"5"'],
        [old, new, '"revised"', ":b", '"19"', '"20"'],
    ]
