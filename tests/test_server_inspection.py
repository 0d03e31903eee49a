"""What the server finds in a query before the store sees it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, Store

from kzgraph.sparql.analysis import analyse, analyse_whole
from kzgraph.sparql.lexer import Kind, LexicalError, decode_codepoints, tokens
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.strings import quote, unquote

DEAD = "http://127.0.0.1:9/"  # Oxigraph itself refuses to call this port, and says so.
PREFIXES = {"ex": DEAD, "": DEAD, "service": "http://example.org/", "serviceex": "http://e.org/"}

#: Ways to write a call of a service that Oxigraph follows.
CALLS = [
    "SERVICE <http://127.0.0.1:9/> {?a ?b ?c}",
    "service<http://127.0.0.1:9/>{?a ?b ?c}",
    "SeRvIcE ex:x {?a ?b ?c}",
    "SERVICE#comment\n:x{?a ?b ?c}",
    "SERVICEex:x {?a ?b ?c}",
    "serviceex:x # comment\n {?a ?b ?c}",
    "service:x {?a ?b ?c}",
    "SERVICE:x{?a ?b ?c}",
    "SERVICE :{}",
    "?s ?p ?o SERVICE ex:x{?a ?b ?c}",
    "?s ?p '1' SERVICE ex:x{?a ?b ?c}",
    "OPTIONAL {SERVICE ex:x {?a ?b ?c}}",
    "{} UNION {SERVICEex:x {?a ?b ?c}}",
    "{SELECT * {SERVICE ex:x {?a ?b ?c}}}",
    "FILTER(1<2)SERVICE ex:x{?a ?b ?c}",
    "BIND('#' AS ?h) SERVICE ex:x {?a ?b ?c}",
    "BIND('''it's # ''' AS ?h) SERVICE ex:x {?a ?b ?c}",
    "BIND(<http://example.org/#'> AS ?h) SERVICE ex:x {?a ?b ?c}",
    "BIND(ex:a\\#b AS ?h) SERVICE ex:x {?a ?b ?c}",
    "BIND(ex:a\\'b AS ?h) SERVICE ex:x {?a ?b ?c} #'\n",
    'BIND(1 AS ?b) FILTER(1<?b#>"""\n+1) SERVICE <http://127.0.0.1:9/>{?c ?d ?e} #"""\n',
    "BIND(2 AS ?b) FILTER(true||EXISTS{}<?b#>'''\n) SERVICE ex:x{?c ?d ?e} #'''\n",
    "BIND(1 AS ?b) FILTER(1<<http://x#y> || true) SERVICE ex:x{?c ?d ?e} ",
    'BIND(1 AS ?b) FILTER(?b<?b#>"""\n||true) SERVICE ex:x{?c ?d ?e} #"""\n',
    # An escape that no string has: the store's parser reads the string as two, and what follows.
    'VALUES ?v { """x" } SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } # \\q """ }\n',
    "VALUES ?v { '''x' } SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } # \\q ''' }\n",
    'VALUES ?v { """x" } SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } # \\uD800 """ }\n',
    'VALUES ?v { """x" } SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } # \\U00110000 """ }\n',
    'VALUES ?v { """x" } SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } # \\u12 """ }\n',
]


def store() -> Store:
    found = Store()
    found.add(Quad(NamedNode("http://e/s"), NamedNode("http://e/p"), Literal("1")))
    return found


def calls_out(query: str) -> bool:
    """Whether Oxigraph tries to call the address when it evaluates `query`."""
    try:
        result = store().query(query, prefixes=PREFIXES)
        assert isinstance(result, QuerySolutions)
        result.serialize(format=QueryResultsFormat.JSON)
    except OSError:
        # The store is in memory: only a call, to whatever address, can fail so.
        return True
    except (SyntaxError, ValueError, RuntimeError):
        return False
    return False


@pytest.mark.parametrize("call", CALLS)
def test_a_call_of_a_service_is_refused_however_it_is_written(call: str) -> None:
    query = f"SELECT * {{{call}}}"
    assert calls_out(query), "the store would not call out: the case proves nothing"
    with pytest.raises((Refusal, LexicalError)):
        analyse(query, PREFIXES, 100)


def test_a_call_that_a_filter_would_swallow_is_refused() -> None:
    with pytest.raises(Refusal):
        analyse("SELECT * {?s ?p ?o FILTER EXISTS {SERVICE SILENT ex:x {?a ?b ?c}}}", PREFIXES, 100)


PIECES = [
    "SERVICE", "service", " ", "\n", "ex:x", "ex:", ":x", "service:x", "SERVICEex:x", "{", "}",
    "{?a ?b ?c}", f"<{DEAD}>", "<?b#>", "<http://x#y>", "<", ">", "#", "'", '"', "'''", '"""',
    "?b", "(", ")", "FILTER(1<2)", "FILTER(?b<?b#>", "BIND(1 AS ?b)", ".", ";", "1", "true",
    "\\'", "ex:a\\#", "@en", "^^", "<<", ">>", "GRAPH ?g {", "OPTIONAL{", "VALUES ?v {1}",
    "\\q", "\\u0022", "\\u0027", "\\uD800", "\\\\", "\\u000A", "\\u0023", '"""x"', "'x'", "\\u003C",
    "\u017fERVICE", "\ufeff", "\u00a0", "\x0b",
]  # fmt: skip


@settings(max_examples=500)
@given(
    st.lists(st.sampled_from(PIECES), max_size=4),
    st.sampled_from(CALLS),
    st.lists(st.sampled_from(PIECES), max_size=4),
)
def test_whatever_the_store_would_call_is_refused(
    before: list[str], call: str, after: list[str]
) -> None:
    query = "SELECT * {" + "".join(before) + call + "".join(after) + "}"
    if calls_out(query):
        with pytest.raises((Refusal, LexicalError)):
            analyse(query, PREFIXES, 100)


@settings(max_examples=2000, deadline=None)
@given(st.lists(st.sampled_from([*PIECES, *CALLS, "SELECT *", "ASK"]), max_size=10))
def test_what_is_let_through_calls_no_one(parts: list[str]) -> None:
    """Whatever the text: what the analysis lets through, as it puts it to the store."""
    try:
        found = analyse("".join(["SELECT * {", *parts, "}"]), PREFIXES, 100)
    except Refusal:
        return
    assert not calls_out(found.text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (r"'\\u0041'", r"'\\u0041'"),
        (r"'\u0041\U00000042'", "'AB'"),
        (r"'\\\u0041'", r"'\\A'"),
        (r"S\u0045LECT", "SELECT"),
        (r"ex:caf\u00e9", "ex:café"),
    ],
)
def test_characters_by_their_number_are_read_first(text: str, read: str) -> None:
    assert decode_codepoints(text) == read


@pytest.mark.parametrize("text", [r"'\uD800'", r"'\U00110000'", r"'\u0000'"])
def test_a_number_of_no_character_is_refused(text: str) -> None:
    with pytest.raises(LexicalError):
        decode_codepoints(text)


STRINGS = st.text("ab'\"\\tnbrfquU01 \n\r#{}", max_size=14)


@settings(max_examples=3000, deadline=None)
@given(STRINGS)
def test_the_lexer_takes_the_strings_that_the_store_takes(text: str) -> None:
    try:
        text = decode_codepoints(text)
        found = [(token.kind, token.text) for token in tokens(text)]
    except LexicalError:
        return
    if found == [(Kind.STRING, text)]:
        result = store().query(f"SELECT ({text} AS ?x) {{}}")
        assert isinstance(result, QuerySolutions)
        ((term,),) = result
        assert isinstance(term, Literal)
        assert term.value == unquote(text)


@settings(max_examples=3000, deadline=None)
@given(STRINGS)
def test_a_string_that_is_written_reads_as_it_was(text: str) -> None:
    assert unquote(quote(text)) == text
    ((kind, _, start),) = tokens(quote(text))
    assert (kind, start) == (Kind.STRING, 0)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service ?p ?o }",
        "SELECT $service { $service ?p ?o }",
        "SELECT * { ?s ex:service ?o }",
        "SELECT * { ?s service:of ?o }",
        "SELECT * { GRAPH service:of { ?s ?p ?o } }",
        "SELECT * { GRAPH ex:service { ?s ?p ?o } }",
        "SELECT * FROM service:of { ?s ?p ?o }",
        "DESCRIBE service:of",
        "SELECT * { ?s ?p 'SERVICE <http://x> {}' }",
        'SELECT * { ?s ?p """ SERVICE <http://x> { " """ }',
        "SELECT * { ?s ?p <http://example.org/service#service> } # SERVICE <http://x> {}",
        "SELECT * { ?s ?p 'x'@en-service }",
        "SELECT * { _:service ?p ?o }",
        "SELECT * { VALUES (?a ?b) { (<http://a#service> <http://b#service>) (1 <http://c#d>) } }",
        "SELECT * { ?s ?p ?o FILTER(?o<5&&?o>3) }",
        "SELECT * { ?s (<http://a>|<http://b#c>)+ ?o }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(?o < <http://x#y>) }",
    ],
)
def test_the_word_service_elsewhere_is_no_fault(query: str) -> None:
    analyse(query, PREFIXES, 100)
    store().query(query, prefixes=PREFIXES)


@pytest.mark.parametrize(
    "update",
    ["INSERT DATA { <a:b> <a:b> 1 }", "DELETE WHERE { ?s ?p ?o }", "clear all",
     "PREFIX x: <http://x/> LOAD <http://x>", "BASE <http://x/> DROP ALL", "CREATE GRAPH <a:b>",
     "WITH <a:b> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "COPY DEFAULT TO <a:b>"],
)  # fmt: skip
def test_an_update_is_refused_as_such(update: str) -> None:
    with pytest.raises(Refusal, match="read-only"):
        analyse_whole(update, PREFIXES, 100)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * { ?s ?p ?o }", False),
        ("SELECT * FROM <http://g> { ?s ?p ?o }", True),
        ("SELECT*FROM<http://g>{ ?s ?p ?o }", True),
        ("select * from named <http://g> { graph ?g { ?s ?p ?o } }", True),
        ("ASK FROM ex:g { ?s ?p ?o }", True),
        ("DESCRIBE <http://s> FROM <http://g>", True),
        ("CONSTRUCT { ?s ?p ?o } FROM <http://g> WHERE { ?s ?p ?o }", True),
        ("CONSTRUCT FROM <http://g> WHERE { ?s ?p ?o }", True),
        ("SELECT ?from { ?from ?p 'FROM <http://g>' } # FROM <http://g>", False),
        ("SELECT * { ?s ex:from ?o }", False),
        ("SELECT ('FROM' AS ?x) { }", False),
        ("PREFIX from: <http://g/> SELECT * { ?s from:x ?o }", False),
    ],
)
def test_a_data_set_clause_is_seen_where_there_is_one(query: str, expected: bool) -> None:
    assert bool(analyse_whole(query, PREFIXES, 100).datasets) is expected


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT * { ?z ?a $m . ?m ?b ?z } # ?never", ["z", "a", "m", "b"]),
        ("SELECT DISTINCT * {?b ?a 1}", ["b", "a"]),
        ("PREFIX a: <http://a/> SELECT REDUCED* {?b ?a 1}", ["b", "a"]),
        ("SELECT * { ?s ?p ?o FILTER EXISTS { ?a ?b ?c } MINUS { ?s ?p ?d } }", ["s", "p", "o"]),
        ("SELECT * { { SELECT ?y ?x { ?x ?y ?z } } BIND(1 AS ?v) VALUES (?w) { (2) } }",
         ["y", "x", "v", "w"]),
        ("SELECT * { GRAPH ?g { ?s ?p ?o } }", ["g", "s", "p", "o"]),
        ("SELECT * {} VALUES ?z { 1 }", ["z"]),
        ("SELECT ?a { {SELECT * {?a ?b ?c}} }", None),
        ("SELECT (2 * 3 AS ?x) {}", None),
        ("ASK { ?s <http://p>* ?o }", None),
    ],
)  # fmt: skip
def test_the_columns_of_a_star_come_in_the_order_of_the_query(
    query: str, columns: list[str] | None
) -> None:
    assert analyse_whole(query, PREFIXES, 100).columns == columns
    if columns is not None:
        result = store().query(query, prefixes=PREFIXES)
        assert isinstance(result, QuerySolutions)
        assert sorted(columns) == sorted(variable.value for variable in result.variables)


@pytest.mark.parametrize(
    "query",
    ["SELECT * " + "{" * 101 + "}" * 101, "SELECT (" + "(" * 200 + "1" + ")" * 200 + " AS ?x) {}",
     "SELECT * { FILTER(" + "!" * 101 + "true) }", "SELECT * { ?s ?p " + "[ ?p " * 101 + "]" * 101],
)  # fmt: skip
def test_what_would_overflow_the_parser_is_refused(query: str) -> None:
    with pytest.raises(Refusal, match="nests deeper than 100"):
        analyse(query, PREFIXES, 100)


def test_tokens_are_told_apart() -> None:
    text = 'a:b.c\\\'d _:x.y ?v @en-GB <http://x> \'it\\\'s\' """a"b""" 1.5e3 . true'
    assert [(each.kind, each.text) for each in tokens(text)] == [
        (Kind.NAME, "a:b.c\\'d"),
        (Kind.BLANK, "_:x.y"),
        (Kind.VARIABLE, "?v"),
        (Kind.LANGUAGE, "@en-GB"),
        (Kind.IRI, "<http://x>"),
        (Kind.STRING, "'it\\'s'"),
        (Kind.STRING, '"""a"b"""'),
        (Kind.NUMBER, "1.5e3"),
        (Kind.SIGN, "."),
        (Kind.WORD, "true"),
    ]


@given(st.text())
def test_tokens_stand_where_they_say(text: str) -> None:
    try:
        for token in tokens(text):
            assert text[token.start : token.end] == token.text
    except LexicalError as error:
        assert 0 <= error.start < len(text)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("NOW()", True),
        ("now #c\n()", True),
        ("RAND\t( )", True),
        ("UUID()", True),
        ("STRUUID()", True),
        ("BNODE()", True),
        ("'NOW()'", False),
        ("ex:now()", False),
        ("?now", False),
        ("STR(1) # NOW()\n", False),
    ],
)
def test_what_changes_from_one_asking_to_the_next_is_seen(call: str, expected: bool) -> None:
    found = analyse(f"SELECT ({call} AS ?x) {{}}", PREFIXES, 100)
    assert found.volatile is expected


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("SELECT * {}", "SELECT"),
        ("# CONSTRUCT\n ask {}", "ASK"),
        ("PREFIX select: <http://x/> BASE <http://ask/> construct {} {}", "CONSTRUCT"),
        ("VERSION '1.1' DESCRIBE <x>", "DESCRIBE"),
    ],
)
def test_the_form_of_a_query_is_its_first_word(query: str, form: str) -> None:
    assert analyse_whole(query, PREFIXES, 100).form == form
