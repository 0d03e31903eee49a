"""Bound joins: a call asks for what the query here can be joined with, and nothing is lost."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, Store, parse_query_results

from endpoints import EX, StoreEngine, quads
from kzgraph.prefixes import PREFIXES
from kzgraph.sparql.analysis import analyse_whole
from kzgraph.sparql.job import Job
from kzgraph_server.federation.engine import FederatingEngine
from kzgraph_server.federation.fetch import Federation, Plan
from kzgraph_server.federation.probes import MOST_VALUES, Probe, bind, find_probe
from kzgraph_server.federation.service_calls import Call, Row, find_calls

LISTED = "https://example.org/sparql"
DATA_SET = f"FROM <{EX}g> FROM NAMED <{EX}h>"


def found(pattern: str, before: str = "SELECT *") -> tuple[Call, Probe | None]:
    """The only call in a query with `CALL` in it, and its probe."""
    text = f"PREFIX ex: <{EX}> {before} {{ {pattern} }}".replace("CALL", f"SERVICE <{LISTED}>")
    analysis = analyse_whole(text, PREFIXES, 100, services=True)
    (call,) = find_calls(analysis)
    return call, find_probe(analysis, call)


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("?c ex:same ?i CALL { ?i ex:people ?p }", "i"),
        ("CALL { ?i ex:people ?p } ?c ex:same ?i", "i"),
        ("?c ex:same ?i OPTIONAL { CALL { ?i ex:people ?p } }", "i"),
        ("OPTIONAL { CALL { ?i ex:people ?p } } ?c ex:same ?i", ""),
        ("?c ex:same ?i MINUS { CALL { ?i ex:people ?p } }", "i"),
        ("?c ex:same ?i { { ?c ex:b ?d } UNION { CALL { ?i ex:people ?p } } }", "i"),
        ("?c ex:same ?i { OPTIONAL { CALL { ?i ex:people ?p } } }", ""),
        ("?c ex:same ?i FILTER EXISTS { CALL { ?i ex:people ?p } }", ""),
        # Superseded graphs are met where a query names them, wherever that is.
        ("GRAPH ?g { ?c ex:same ?i } CALL { ?i ex:people ?p }", ""),
        ("GRAPH ?g { ?c ex:same ?i CALL { ?i ex:people ?p } }", ""),
        ("GRAPH ex:g { ?c ex:same ?i CALL { ?i ex:people ?p } }", "i"),
        ("VALUES (?i ?c) { (ex:a 1) } CALL { ?i ex:people ?p }", "i"),
        ("VALUES (?i ?c) { (UNDEF 1) } CALL { ?i ex:people ?p }", ""),
        ("?c ex:same ?i CALL { OPTIONAL { ?i ex:people ?p } }", ""),
        ("?c ex:same ?i CALL { ?i ex:people* ?p }", ""),
        ("?c ex:same ?i CALL { VALUES ?i { ex:a } ?i ex:people ?p }", ""),
        ("?c ex:same ?i CALL { SELECT ?i (SUM(?p) AS ?n) { ?i ex:has ?p } GROUP BY ?i }", "i"),
        ("?c ex:same ?n CALL { SELECT ?i (SUM(?p) AS ?n) { ?i ex:has ?p } GROUP BY ?i }", ""),
        ("?c ex:same ?i CALL { { ?i ex:a ?p } UNION { ?i ex:b ?p } }", "i"),
        ("?c ex:same ?i CALL { { ?i ex:a ?p } UNION { ?j ex:b ?p } }", ""),
        ("?c ex:same ?i { SELECT ?p { CALL { ?i ex:people ?p } } }", ""),
        ("{ SELECT ?i ?p { ?c ex:same ?i CALL { ?i ex:people ?p } } }", "i"),
        ("{ SELECT ?i { ?c ex:same ?i } } CALL { ?i ex:people ?p }", ""),
        ("?c ex:same ?i . ?x ex:same ?y ; ex:near ?p CALL { ?i ex:to ?y ; ex:for ?p }", "p y"),
    ],
)
def test_a_probe_asks_for_what_a_call_is_joined_with(pattern: str, names: str) -> None:
    _, probe = found(pattern)
    assert (list(probe.names) if probe is not None else []) == names.split()


def test_a_probe_has_the_data_set_and_the_filters_of_the_query() -> None:
    _, probe = found(
        "GRAPH ex:g { ?c ex:same ?i # the item\n FILTER(?c != ex:x) FILTER(?o > 1) } "
        "FILTER(STRSTARTS(STR(?i), 'x')) FILTER(?p > 1) FILTER(NOW() > ?c) ?z ex:far ?y . "
        "CALL { ?i ex:people ?p }",
        f"SELECT ?p {DATA_SET} WHERE",
    )
    assert probe is not None
    assert " ".join(probe.query.split()) == (
        f"PREFIX ex: <{EX}> SELECT DISTINCT ?i {DATA_SET} WHERE {{ "
        "GRAPH ex:g { ?c ex:same ?i . } FILTER(STRSTARTS(STR(?i), 'x')) } LIMIT 1001"
    )


def row(*names: str) -> tuple[NamedNode, ...]:
    return tuple(NamedNode(EX + name) for name in names)


def test_a_call_is_sent_with_the_values() -> None:
    call, probe = found("?c ex:same ?i CALL { ?i ex:people ?p }")
    assert probe is not None
    sent = bind(call, probe, [row("a"), row("b")])
    assert sent is not None
    assert sent.pattern == (f"{{ VALUES (?i) {{ (<{EX}a>) (<{EX}b>) }}  ?i ex:people ?p }}")
    assert sent.query.startswith(call.prologue)
    assert bind(call, probe, [row(str(each)) for each in range(MOST_VALUES + 1)]) is None


def test_values_stand_around_a_group_whose_order_they_would_change() -> None:
    call, probe = found("?c ex:same ?i CALL { OPTIONAL { ?i ex:people ?p } ?i ex:near ?q }")
    assert probe is not None
    sent = bind(call, probe, [row("a")])
    assert sent is not None
    assert sent.pattern == f"{{ VALUES (?i) {{ (<{EX}a>) }} {call.pattern} }}"


def test_only_iris_are_sent() -> None:
    call, probe = found("?i ex:same ?n CALL { ?i ex:people ?n }")
    assert probe is not None
    assert probe.names == ("i", "n")
    a, b = row("a", "b")
    rows: list[Row] = [(a, Literal(1)), (a, Literal("1")), (b, a)]
    sent = bind(call, probe, rows)
    assert sent is not None
    assert f"VALUES (?i) {{ (<{EX}a>) (<{EX}b>) }}" in sent.pattern
    assert bind(call, probe, [(Literal(1), Literal(2))]) is None


class InProcess(Federation):
    """Calls a store, with the values of probes or without."""

    def __init__(self, store: Store, bound: bool) -> None:
        super().__init__([LISTED])
        self._store, self._bound = store, bound

    def plan(self, text: str) -> Plan | None:
        plan = super().plan(text)
        if plan is None or self._bound:
            return plan
        return replace(plan, probes=(None,) * len(plan.calls))

    async def _fetch(self, call: Call, budget: object) -> bytes:
        result: Any = self._store.query(call.query)
        body: bytes = result.serialize(format=QueryResultsFormat.JSON)
        return body


def answer(text: str, here: Store, federation: Federation) -> list[str]:
    """The solutions in an order of their own."""

    async def work() -> bytes:
        engine = FederatingEngine(StoreEngine(here), federation)
        graphs = (EX + "g", EX + "h")
        job = Job(text, graphs, graphs, ("json",), 60.0)
        return (await engine.ask(job, "client")).complete or b""

    result: Any = parse_query_results(asyncio.run(work()), QueryResultsFormat.JSON)
    return sorted(
        str(sorted((name.value, str(each[name])) for name in result.variables)) for each in result
    )


_NAMES = st.sampled_from(["?a", "?b", "?c"])
_TERMS = _NAMES | st.sampled_from(["ex:1", "ex:2", "ex:3"])
_TRIPLE = st.builds("{} {} {} .".format, _NAMES, st.sampled_from(["ex:p", "ex:q"]), _TERMS)
_FILTERS = st.one_of(
    st.builds("FILTER({} != {})".format, _NAMES, _TERMS),
    st.builds("FILTER(!BOUND({}))".format, _NAMES),
    st.builds("FILTER(BOUND({}) || {} = ex:1)".format, _NAMES, _NAMES),
)


@st.composite
def groups(draw: st.DrawFn, depth: int = 0, there: bool = False) -> str:
    """A group, with calls unless it is that of a call."""
    inner = groups(depth + 1, there) if depth < 2 else st.just("{ ?a ex:p ?b }")
    parts = [
        _TRIPLE,
        _TRIPLE,
        _FILTERS,
        st.builds("OPTIONAL {}".format, inner),
        st.builds("MINUS {}".format, inner),
        st.builds("{} UNION {}".format, inner, inner),
        inner,
        st.builds("{{ SELECT {} {} }}".format, _NAMES, inner),
        st.builds("VALUES ({} ?v) {{ (ex:1 1) (UNDEF 2) (ex:2 1) }}".format, _NAMES),
    ]
    if not there:
        called = st.builds("CALL {}".format, groups(1, True))
        parts += [
            called,
            called,
            st.builds("GRAPH {} {}".format, st.sampled_from(["?g", "ex:h"]), inner),
        ]
        parts.append(st.builds("FILTER NOT EXISTS {}".format, inner))
    return "{ " + "\n".join(draw(st.lists(st.one_of(parts), min_size=1, max_size=4))) + " }"


_Triple = tuple[str, str, Any]
_TRIPLES = st.lists(
    st.tuples(st.sampled_from("123"), st.sampled_from("pq"), st.sampled_from("123")), max_size=6
)


def compare(group: str, one: list[_Triple], other: list[_Triple], there: list[_Triple]) -> None:
    """Answer a group with bound joins and without: two graphs here, and one at the endpoint."""
    assume(1 <= group.count("CALL") <= 4)
    here, remote = Store(), Store()
    here.extend(quads(*one, graph=EX + "g"))
    here.extend(quads(*other, graph=EX + "h"))
    remote.extend(quads(*there))
    text = f"PREFIX ex: <{EX}> SELECT * {group}".replace("CALL", f"SERVICE <{LISTED}>")
    found = answer(text, here, InProcess(remote, bound=True))
    assert found == answer(text, here, InProcess(remote, bound=False))


_CASES = {"group": groups(), "one": _TRIPLES, "other": _TRIPLES, "there": _TRIPLES}
#: Making cases takes longer than comparing.
_UNHURRIED = [HealthCheck.too_slow, HealthCheck.filter_too_much]

test_a_bound_join_answers_as_one_that_is_not_bound = settings(
    deadline=None, max_examples=20, suppress_health_check=_UNHURRIED
)(given(**_CASES)(compare))

test_so_do_many_more = pytest.mark.long(
    settings(deadline=None, max_examples=1000, suppress_health_check=_UNHURRIED)(
        given(**_CASES)(compare)
    )
)
