"""SERVICE in the text of a query: what is found, refused, masked, and put in its place."""

import re
from ipaddress import ip_address
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store

from kzgraph.prefixes import PREFIXES
from kzgraph.problem import Problem
from kzgraph.public_address import is_public
from kzgraph.sparql.analysis import analyse, analyse_whole
from kzgraph.sparql.lexer import tokens
from kzgraph.sparql.parser import parse
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.scope import visible_names
from kzgraph_server.allow_list import allow_list, split
from kzgraph_server.federation.fetch import Federation, Limits
from kzgraph_server.federation.service_calls import Call, find_calls, inline, mask_calls
from kzgraph_server.federation.solutions import Broken, NotInline, read_solutions
from term_strategies import XSD, iris, literals

LISTED = "https://example.org/sparql"
DECLARED = "PREFIX ex: <https://example.org/> "


def federation(*allowed: str, **limits: Any) -> Federation:
    return Federation(allow_list(" ".join(allowed)), Limits(**limits))


def calls_of(text: str) -> list[Call]:
    return find_calls(analyse_whole(text, PREFIXES, 100, services=True))


def refused(text: str, *allowed: str, **limits: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        federation(*allowed, **limits).plan(text)
    return caught.value


def test_every_service_is_refused_by_default_with_its_place() -> None:
    problem = refused(f"SELECT *\n{{ ?s ?p ?o . SERVICE SILENT <{LISTED}> {{ ?s ?q ?r }} }}")
    assert problem.status == 400
    assert "this endpoint queries no other one" in problem.detail
    assert (problem.members["line"], problem.members["column"]) == (2, 14)


def test_a_query_without_service_needs_no_plan() -> None:
    for text in ("SELECT * {?s ?p ?o}", "ASK { ?s ?p 'SERVICE' } # SERVICE <x:y> {}"):
        assert federation().plan(text) is None


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/sparql/",
        "https://example.org/sparq",
        "https://example.org/Sparql",
        "https://EXAMPLE.org/sparql",
        "HTTPS://example.org/sparql",
        "http://example.org/sparql",
        "https://example.org:443/sparql",
        "https://example.org:8443/sparql",
        "https://user@example.org/sparql",
        "https://user:secret@example.org/sparql",
        "https://example.org/sparql?x=1",
        "https://example.org/sparql#",
        "https://example.org/./sparql",
        "https://example.org./sparql",
        "https://example.org%2Fsparql",
        "https://example.org/sparql%20",
        "https://example.org@evil.example/sparql",
    ],
)
def test_an_address_that_differs_in_anything_is_refused(address: str) -> None:
    problem = refused(f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}", LISTED)
    assert problem.status == 400
    assert "that this server lists" in problem.detail
    assert problem.members["column"] == 12


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <https://example.org/sparql> { ?s ?p ?o } }",
        "SELECT * { service silent <https://example.org/sparql>{ ?s ?p ?o } }",
        f"{DECLARED} SELECT * {{ SERVICE ex:sparql {{ ?s ?p ?o }} }}",
        "PREFIX ex: <https://example.org/spar> SELECT * { SERVICE ex:ql { ?s ?p ?o } }",
        "PREFIX : <https://example.org> SELECT * { SERVICE :\\/sparql { ?s ?p ?o } }",
        "SELECT * { SERVICE <https:\\u002F/example.org/sparql> { } }",
        "SELECT * { SERVICE # <https://evil/>\n <https://example.org/sparql> { ?s ?p ?o } }",
    ],
)
def test_a_listed_address_is_found_however_it_is_written(text: str) -> None:
    plan = federation(LISTED).plan(text)
    assert plan is not None
    assert [call.endpoint for call in plan.calls] == [LISTED]


@pytest.mark.parametrize(
    ("text", "words", "column"),
    [
        ("SELECT * { SERVICE ?where { ?s ?p ?o } }", "not a variable", 20),
        (
            f"SELECT * {{ SERVICE <{LISTED}> {{ SERVICE <{LISTED}> {{ ?s ?p ?o }} }} }}",
            "SERVICE within SERVICE",
            51,
        ),
        (
            f"SELECT * {{ SERVICE <{LISTED}> {{ {{ ?s ?p ?o SERVICE ?x {{}} }} }} }}",
            "SERVICE within SERVICE",
            62,
        ),
        ("SELECT * { SERVICE no:where { ?s ?p ?o } }", "prefix no: is not declared", 20),
        ("SELECT * { SERVICE <sparql> { ?s ?p ?o } }", "absolute", 20),
        (f"SELECT * {{ SERVICE <{LISTED}> ?s ?p ?o }}", "Syntax error", 49),
        (f"SELECT * {{ SERVICE <{LISTED}> {{ ?s ?p ?o", "Syntax error", 59),
        ("SELECT * { SERVICE", "Syntax error", 19),
        ("SELECT * { SERVICE SILENT", "Syntax error", 26),
        ("SELECT * { SERVICE { ?s ?p ?o } }", "Syntax error", 20),
    ],
)
def test_what_is_no_call_of_an_address_is_refused_where_it_stands(
    text: str, words: str, column: int
) -> None:
    problem = refused(text, LISTED)
    assert problem.status == 400
    assert words in problem.detail
    assert problem.members["column"] == column


def test_the_number_of_calls_is_bounded() -> None:
    one = f"SERVICE <{LISTED}> {{ ?s ?p ?o }}"
    assert federation(LISTED, calls=2).plan(f"SELECT * {{ {one} {one} }}")
    problem = refused(f"SELECT * {{ {one}\n{one}\n{one} }}", LISTED, calls=2)
    assert "no more than 2 SERVICE" in problem.detail
    assert problem.members["line"] == 3


def test_a_query_with_calls_nests_no_deeper_than_others() -> None:
    text = f"SELECT * {{ {{ {{ SERVICE <{LISTED}> {{ ?s ?p ?o }} }} }} }}"
    assert federation(LISTED, nesting=4).plan(text)
    problem = refused(text, LISTED, nesting=3)
    assert "nests deeper than 3" in problem.detail


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICEex:sparql { ?s ?p ?o } }",
        "PREFIX service: <https://example.org/> SELECT * { service:sparql { ?s ?p ?o } }",
        f"SELECT * {{ SERVICESILENT <{LISTED}> {{ ?s ?p ?o }} }}",
    ],
)  # fmt: skip
def test_a_call_in_disguise_is_left_for_the_engine_to_refuse(text: str) -> None:
    calls = calls_of(text)
    assert calls == []
    with pytest.raises(Refusal):
        analyse(mask_calls(text, calls), PREFIXES, 100)


def test_the_masked_query_has_every_fault_in_its_place() -> None:
    text = f"SELECT * {{\n SERVICE SILENT <{LISTED}> {{ ?s ?p ?o }}\n ?a ?b }}"
    found = mask_calls(text, calls_of(text))
    assert len(found) == len(text)
    assert found.count("\n") == text.count("\n")
    assert "SERVICE" not in found
    with pytest.raises(SyntaxError, match="error at 3:9"):
        Store().query(found)


def test_the_endpoint_is_sent_the_group_and_what_its_names_mean() -> None:
    (call,) = calls_of(
        "BASE <https://b.example/> PREFIX a: <rel> VERSION '1.1' PREFIX ex: <https://other/>\n"
        "SELECT * { SERVICE <https://example.org/sparql> { a:x kzg:p ex:y ; <z> '}' # }\n } }"
    )
    assert call.query == (
        "BASE <https://w3id.org/kzgraph/> PREFIX kzg: <https://w3id.org/kzgraph/ontology#> "
        "BASE <https://b.example/> PREFIX a: <rel> PREFIX ex: <https://other/>\n"
        "SELECT * WHERE { a:x kzg:p ex:y ; <z> '}' # }\n }"
    )
    Store().query(call.query)


def test_solutions_take_the_place_of_their_call() -> None:
    text = f"SELECT * {{ ?s ?p ?o SERVICE SILENT <{LISTED}> {{ ?s ?q 'é}}' }} FILTER(?q) }}"
    calls = calls_of(text)
    rows = [(NamedNode("http://e/s"), Literal("x", language="en")), (None, Literal(5))]
    assert inline(text, calls, [rows]) == (
        'SELECT * { ?s ?p ?o  VALUES (?s ?q) { (<http://e/s> "x"@en) '
        '(UNDEF "5"^^<http://www.w3.org/2001/XMLSchema#integer>) }  FILTER(?q) }'
    )


@pytest.mark.parametrize(
    ("pattern", "rows", "expected"),
    [
        ("?s ?p 1", None, 1),  # a silent failure: one solution that binds nothing
        ("?s ?p 1", [], 0),
        ("<x:s> <x:p> 1", [(), ()], 2),
        ("<x:s> <x:p> 1", None, 1),
    ],
)
def test_failed_and_empty_calls_differ(pattern: str, rows: Any, expected: int) -> None:
    text = f"SELECT * {{ SERVICE SILENT <{LISTED}> {{ {pattern} }} }}"
    found: Any = Store().query(inline(text, calls_of(text), [rows]))
    assert len(list(found)) == expected


def test_a_failed_silent_call_keeps_its_columns() -> None:
    text = f"SELECT * {{ SERVICE SILENT <{LISTED}> {{ ?a ?b ?c FILTER(?d) }} }}"
    found: Any = Store().query(inline(text, calls_of(text), [None]))
    assert [variable.value for variable in found.variables] == ["a", "b", "c"]


@settings(deadline=None)
@given(st.lists(st.tuples(iris | literals, st.none() | literals), max_size=5))
def test_every_term_comes_through_the_new_text(rows: list[tuple[Any, Any]]) -> None:
    text = f"SELECT ?a ?b {{ SERVICE <{LISTED}> {{ ?a ?p ?b }} }}"
    calls = calls_of(text)
    full = [(a, None, b) for a, b in rows]
    solutions: Any = Store().query(inline(text, calls, [full]))
    found = [(solution[0], solution[1]) for solution in solutions]
    normal: Any = Store().query(
        "SELECT ?a ?b { VALUES (?a ?b) {"
        + " ".join(f"({a} {'UNDEF' if b is None else b})" for a, b in rows)
        + "} }"
    )
    # The store knows some literals by their value only, whatever way they come in.
    assert found == [(solution[0], solution[1]) for solution in normal]
    assert len(found) == len(rows)


@st.composite
def groups(draw: st.DrawFn, depth: int = 0) -> str:
    """A group graph pattern of any kind."""
    fresh = st.just("?fresh")
    name = st.sampled_from(["?a", "$b", "?c", "?été", "?d"])
    triple = st.builds("{} <x:p>/<x:q>* {} .".format, name, name | st.just("(1 ?e [<x:p> ?g])"))
    inner = groups(depth + 1) if depth < 2 else st.just("{}")
    part = st.one_of(
        triple,
        st.builds("OPTIONAL {}".format, inner),
        st.builds("{} UNION {}".format, inner, inner),
        st.builds("MINUS {}".format, inner),
        st.builds("GRAPH {} {}".format, name, inner),
        st.builds("FILTER NOT EXISTS {}".format, inner),
        st.builds("FILTER EXISTS {}".format, inner),
        st.builds("FILTER ({} > 1)".format, name),
        st.builds("FILTER REGEX({}, ')')".format, name),
        st.builds("FILTER <http://www.w3.org/2001/XMLSchema#integer>({})".format, name),
        st.builds("FILTER xsd:integer({})".format, name),
        st.builds("BIND(CONCAT({}, '(') AS {})".format, name, fresh),
        st.builds("VALUES {} {{ 1 UNDEF '}}' }}".format, name),
        st.builds("VALUES (?v {}) {{ (1 2) }}".format, fresh),
        st.builds("{{ SELECT {} ({} + 1 AS {}) WHERE {} }}".format, name, name, fresh, inner),
        st.builds("{{ SELECT * {} ORDER BY {} VALUES ?w {{ 1 }} }}".format, inner, name),
        st.builds("{{ SELECT (COUNT(*) AS {}) {} GROUP BY {} }}".format, fresh, inner, name),
    )  # fmt: skip
    return "{ " + "\n".join(draw(st.lists(part, max_size=4))) + " }"


@settings(deadline=None)
@given(groups())
def test_the_variables_in_scope_are_those_that_the_store_finds(group: str) -> None:
    # A variable that is assigned to may have no value before.
    numbers = count()
    group = re.sub(r"\?fresh", lambda _: f"?fresh{next(numbers)}", group)
    expected: Any = Store().query(f"SELECT * WHERE {group}", prefixes={"xsd": XSD})
    found = visible_names(parse(list(tokens(f"SELECT * {group}")), 0))
    assert sorted(found) == sorted(variable.value for variable in expected.variables)


@settings(deadline=None)
@given(groups(), st.booleans())
def test_the_new_text_is_right_and_has_the_same_columns(group: str, failed: bool) -> None:
    text = f"SELECT * {{ ?a ?z 1 OPTIONAL {{ SERVICE <{LISTED}> {group} }} BIND(1 AS ?fresh9) }}"
    numbers = count()
    text = re.sub(r"\?fresh", lambda _: f"?fresh{next(numbers)}x", text)
    calls = calls_of(text)
    before: Any = Store().query(mask_calls(text, calls), prefixes={"xsd": XSD})
    after: Any = Store().query(inline(text, calls, [None if failed else []]))
    assert list(after.variables) == list(before.variables)


_WORDS = st.sampled_from(
    ["SERVICE", "SILENT", f"<{LISTED}>", "<x:y>", "ex:sparql", "?v", "{", "}", "(", ")", "BIND",
     "FILTER", "EXISTS", "VALUES", "SELECT", "*", "AS", "MINUS", "GRAPH", "PREFIX", "ex:", "BASE",
     "'", '"""', "#", "\n", "<", "VERSION", "service:x", "UNION", "."]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(_WORDS | st.text(max_size=3), max_size=25).map(" ".join))
def test_no_text_is_more_than_refused(text: str) -> None:
    try:
        plan = federation(LISTED).plan(text)
    except Problem as problem:
        assert problem.status == 400
        assert problem.members["line"] >= 1
    else:
        assert plan is None or len(mask_calls(plan.text, plan.calls)) == len(text)


def test_a_group_that_is_none_is_refused_before_anyone_is_called() -> None:
    problem = refused(f"SELECT * {{ SERVICE <{LISTED}> {{ ?s ?p ?o BIND }} }}", LISTED)
    assert "Syntax error" in problem.detail
    assert problem.members["near"] == "} }"


@pytest.mark.parametrize(
    "value",
    [
        "example.org/sparql", "ftp://example.org/", "https:///sparql", "https://u@example.org/",
        "https://u:p@example.org/", "https://example.org/#x", "https://example.org:0/",
        "https://example.org:99999/", "https://example.org:x/", "file:///etc/passwd",
        "https://exämple.org/", "https://[::1/", "https://example.org/<>", "*",
        "https://example.org/ //x",
    ],
)  # fmt: skip
def test_a_list_with_what_is_no_address_of_an_endpoint_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="not the address of an endpoint"):
        allow_list(value)


def test_the_list_is_separated_by_blanks() -> None:
    assert allow_list("") == frozenset()
    assert allow_list(f" {LISTED}\n http://[2001:db8::1]:81/x?y=z ") == {
        LISTED,
        "http://[2001:db8::1]:81/x?y=z",
    }
    assert split("http://[2001:db8::1]:81/x")[1:] == ("2001:db8::1", 81)
    assert split(LISTED)[1:] == ("example.org", 443)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.1", "10.0.0.1", "172.16.0.1", "172.31.255.255",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1",
        "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
        "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::808:808",
        "2002:7f00:1::1", "2001:0:1::1", "fe80::1", "fe80::1%1", "fec0::1", "fc00::1",
        "fd00:ec2::254", "ff02::1", "ff0e::1", "2001:db8::1", "100::1", "4000::1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_known(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_a_public_address_is_known(address: str) -> None:
    assert is_public(ip_address(address))


def answer(*rows: str) -> bytes:
    listed = ",".join(f'{{"x":{row}}}' for row in rows)
    return f'{{"head":{{"vars":["x"]}},"results":{{"bindings":[{listed}]}}}}'.encode()


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ('{"type":"uri","value":"http://e/"}', NamedNode("http://e/")),
        ('{"type":"literal","value":"\\u0000\\"} }"}', Literal('\x00"} }')),
        ('{"type":"literal","value":"x","xml:lang":"ru"}', Literal("x", language="ru")),
        (
            '{"type":"typed-literal","value":"5","datatype":"http://www.w3.org/2001/XMLSchema#int"}',
            Literal("5", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#int")),
        ),
        ("null", None),
    ],
)
def test_a_term_is_read(term: str, expected: Any) -> None:
    assert read_solutions(answer(term), ["x"], 10) == [(expected,)]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"null", b"[]", b"{}", b"\xff\xfe", b'{"head":{},"boolean":true}',
        b'{"results":{"bindings":{}}}', b'{"results":{"bindings":[1]}}',
        b'{"results":{"bindings":[{"x":1}]}}', b"[" * 200_000, b'{"a":' * 200_000,
        b'{"results":{"bindings":[' + b"9" * 10_000 + b"]}}",
        answer('{"type":"uri","value":"http://e/> } INSERT"}'),
        answer('{"type":"uri","value":"relative"}'),
        answer('{"type":"uri","value":5}'),
        answer('{"type":"uri","value":"http://e/\\ud800"}'),
        answer('{"type":"literal","value":"\\ud800"}'),
        answer('{"type":"literal","value":"x","xml:lang":"en } evil"}'),
        answer('{"type":"literal","value":"x","xml:lang":5}'),
        answer('{"type":"literal","value":"x","xml:lang":"en","its:dir":"up"}'),
        answer('{"type":"literal","value":"x","datatype":"x> evil"}'),
        answer('{"type":"literal","value":"x","datatype":{}}'),
        answer('{"type":"literal"}'), answer('{"value":"x"}'), answer('{"type":"x","value":"x"}'),
    ],
)  # fmt: skip
def test_a_broken_answer_is_known_for_one(data: bytes) -> None:
    with pytest.raises(Broken):
        read_solutions(data, ["x"], 10)


def test_more_solutions_than_allowed_are_no_answer() -> None:
    term = '{"type":"literal","value":"x"}'
    assert len(read_solutions(answer(*[term] * 10), ["x"], 10)) == 10
    with pytest.raises(Broken, match="more than 10 solutions"):
        read_solutions(answer(*[term] * 11), ["x"], 10)


@pytest.mark.parametrize("kind", ["bnode", "triple"])
def test_what_inline_data_cannot_hold_is_named(kind: str) -> None:
    with pytest.raises(NotInline):
        read_solutions(answer(f'{{"type":"{kind}","value":"b0"}}'), ["x"], 10)


def test_variables_that_were_not_asked_for_are_left_out() -> None:
    data = b'{"results":{"bindings":[{"y":{"type":"uri","value":"x:y"}}]}}'
    assert read_solutions(data, ["x"], 10) == [(None,)]


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_are_read_as_anything_else(data: bytes) -> None:
    with pytest.raises(Broken):
        read_solutions(data, ["x"], 10)
