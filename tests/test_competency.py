"""The competency questions: every query answers what a reader of the documents would answer.

The answers in `competency/` were written down from reading the documents (`read` says where), not
from running the queries; those of a query that was added may follow later. Terms are kept short
there: a thing of the project is its path below `id/`, another term its prefixed name, a literal its
text or number, an unbound variable null.
"""

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest
import rdflib

from kzgraph.example_queries import HEADER
from kzgraph.iri import GRAPH, ID
from kzgraph.prefixes import PREDECLARED, PREFIXES
from kzgraph.resources import folder
from question_forms import form, patterns

QUERIES = folder("queries")
ANSWERS = Path(__file__).parent / "competency"
#: Every query, and those whose answer is written down: a query may be added before its answer is.
NAMES = sorted(path.stem for path in QUERIES.glob("*.rq"))
ANSWERED = sorted(path.stem for path in ANSWERS.glob("*.json"))

#: Who asks: kinds of people, few enough that each has several questions.
USERS = (
    "researcher", "journalist", "programme officer", "donor relations", "legal adviser",
    "data linker", "data editor", "member of the public",
)  # fmt: skip
#: The keyword of questions whose honest answer is that the documents do not say it.
NOT_STATED = "not stated"
#: The keyword of questions on official data, which this release has none of: what they answer is
#: in tests/test_official_questions.py and its neighbours.
OFFICIAL = "official"

#: rdflib 7 warns of its own use of what it has deprecated, once for every quad.
pytestmark = pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning:rdflib")

Value = str | bool | Decimal | None
XSD = PREFIXES["xsd"]


class Answer(NamedTuple):
    """A table of short values; the triples of a graph are sorted, other rows keep their order."""

    columns: list[str]
    rows: list[list[tuple[type, Value]]]


def text_of(name: str) -> str:
    return (QUERIES / f"{name}.rq").read_text(encoding="utf-8")


def header(text: str) -> dict[str, str]:
    """The comments at the start of a query, by their names."""
    comments = re.match(r"(?:#[^\n]*\n)*", text)
    assert comments
    return dict(re.findall(r"^# (\w+): (.+)$", comments[0], re.MULTILINE))


def keywords(name: str) -> list[str]:
    return header(text_of(name))["keywords"].split(", ")


def pinned(name: str) -> Answer:
    path = ANSWERS / f"{name}.json"
    content = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)
    return answer(content["columns"], content["rows"])


def answer(
    columns: Iterable[str], rows: Iterable[Iterable[Value]], *, ordered: bool = True
) -> Answer:
    # The type goes with the value, since Python takes True for 1.
    typed = [[(type(value), value) for value in row] for row in rows]
    return Answer(list(columns), typed if ordered else sorted(typed, key=str))


def short(iri: str) -> str:
    if iri.startswith(ID):
        return iri.removeprefix(ID)
    if iri.startswith(GRAPH):
        return "graph:" + iri.removeprefix(GRAPH)
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return str(iri)


def literal(text: str, datatype: str) -> Value:
    if datatype == XSD + "boolean":
        return text == "true"
    if datatype in (XSD + "integer", XSD + "decimal"):
        return Decimal(text)
    return text


def of_oxigraph(term: object) -> Value:
    if isinstance(term, ox.NamedNode):
        return short(term.value)
    if isinstance(term, ox.Literal):
        return literal(term.value, term.datatype.value)
    assert term is None
    return None


def of_rdflib(term: object) -> Value:
    if isinstance(term, rdflib.URIRef):
        return short(term)
    if isinstance(term, rdflib.Literal):
        return literal(str(term), str(term.datatype))
    assert term is None
    return None


TRIPLE = ("subject", "predicate", "object")


@pytest.fixture(scope="module")
def store(release_root: Path) -> ox.Store:
    """The store of the release, as the server opens it."""
    return ox.Store.read_only(str(release_root / "current" / "store"))


@pytest.fixture(scope="module")
def dataset(release_root: Path) -> rdflib.Dataset:
    """The N-Quads dump of the release in rdflib, with the union as its default graph."""
    loaded = rdflib.Dataset(default_union=True)
    loaded.parse(release_root / "current" / "dumps" / "kzgraph.nq", format="nquads")
    return loaded


@pytest.mark.parametrize("name", ANSWERED)
def test_the_release_answers_what_the_documents_say(store: ox.Store, name: str) -> None:
    assert asked(store, name) == pinned(name)


def asked(store: ox.Store, name: str) -> Answer:
    """What the store answers."""
    return asked_text(store, text_of(name))


def asked_text(store: ox.Store, text: str) -> Answer:
    """What the store answers to a query."""
    result = store.query(text, use_default_graph_as_union=True)
    if isinstance(result, ox.QueryBoolean):
        return answer(["boolean"], [[bool(result)]])
    if isinstance(result, ox.QueryTriples):
        return answer(TRIPLE, (map(of_oxigraph, triple) for triple in result), ordered=False)
    columns = [variable.value for variable in result.variables]
    return answer(columns, (map(of_oxigraph, solution) for solution in result))


@pytest.mark.parametrize("name", [name for name in NAMES if OFFICIAL not in keywords(name)])
def test_another_engine_answers_the_same(
    store: ox.Store, dataset: rdflib.Dataset, name: str
) -> None:
    result = dataset.query(text_of(name))
    if result.type == "ASK":
        found = answer(["boolean"], [[bool(result.askAnswer)]])
    elif result.type == "CONSTRUCT":
        assert result.graph is not None
        found = answer(TRIPLE, (map(of_rdflib, triple) for triple in result.graph), ordered=False)
    else:
        assert result.vars is not None
        columns = [str(variable) for variable in result.vars]
        bindings = [{str(key): term for key, term in row.items()} for row in result.bindings]
        # rdflib does not promise the order of equal values, so rows are compared in any order.
        rows = ((of_rdflib(row.get(column)) for column in columns) for row in bindings)
        found = answer(columns, rows, ordered=False)
    expected = asked(store, name)
    assert found == Answer(expected.columns, sorted(expected.rows, key=str))


@pytest.mark.parametrize("name", NAMES)
def test_every_query_says_what_it_asks(name: str) -> None:
    comments = header(text_of(name))
    assert tuple(comments) == HEADER
    assert comments["user"] in USERS
    assert comments["title"].endswith("?")
    assert comments["answers"].endswith(".")


def test_every_answer_has_its_question() -> None:
    assert set(ANSWERED) <= set(NAMES)


@pytest.mark.parametrize("name", ANSWERED)
def test_every_answer_says_where_it_was_read(name: str) -> None:
    content = json.loads((ANSWERS / f"{name}.json").read_text(encoding="utf-8"))
    assert set(content) == {"read", "columns", "rows"}
    assert content["read"]


def test_numbers_and_titles_are_unique() -> None:
    numbers = [int(name.partition("-")[0]) for name in NAMES]
    assert len(numbers) == len(set(numbers))
    titles = [header(text_of(name))["title"] for name in NAMES]
    assert len(titles) == len(set(titles))


def test_there_are_questions_of_every_sort() -> None:
    assert len(ANSWERED) >= 120
    asked_by = [header(text_of(name))["user"] for name in ANSWERED]
    assert all(asked_by.count(user) >= 4 for user in USERS)
    used = [keyword for name in ANSWERED for keyword in keywords(name)]
    for keyword in ("lookup", "join", "aggregate", "trend", "comparison", "provenance"):
        assert used.count(keyword) >= 4, keyword
    assert used.count(NOT_STATED) >= 6


def test_half_of_the_questions_are_short() -> None:
    """A researcher's first query has two or three patterns; a test may have one."""
    short_ones = [name for name in ANSWERED if len(patterns(text_of(name))) <= 3]
    assert len(short_ones) >= len(ANSWERED) / 2


def test_no_question_is_a_variant_of_another() -> None:
    """Two queries differ in more than the things, values and variables that they name."""
    forms: dict[tuple[object, ...], list[str]] = {}
    for name in ANSWERED:
        forms.setdefault(form(text_of(name)), []).append(name)
    assert [names for names in forms.values() if len(names) > 1] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_query_runs_on_any_endpoint(name: str) -> None:
    text = text_of(name)
    declared = dict(re.findall(r"^PREFIX ([\w-]+): <([^>]*)>$", text, re.MULTILINE))
    body = re.sub(r'"[^"\n]*"|<[^>\n]*>|^#.*$|^PREFIX.*$', "", text, flags=re.MULTILINE)
    assert set(declared) == set(re.findall(r"([A-Za-z][\w-]*):", body))
    assert declared == {prefix: PREDECLARED[prefix] for prefix in declared}


@pytest.mark.parametrize("name", ANSWERED)
def test_the_order_of_rows_is_said(name: str) -> None:
    columns, rows = pinned(name)
    if len(rows) > 1 and tuple(columns) != TRIPLE:
        assert "ORDER BY" in text_of(name)


def test_the_page_of_questions_lists_those_that_are_answered() -> None:
    page = (QUERIES / "README.md").read_text(encoding="utf-8")
    row = r"^\| \[(\S+)\]\((\S+)\.rq\) \| (.+?) \| (.+?) \| (.+?) \|$"
    listed = re.findall(row, page, re.MULTILINE)
    expected = []
    for name in sorted({*ANSWERED, *(each for each in NAMES if OFFICIAL in keywords(each))}):
        comments = header(text_of(name))
        number = name.partition("-")[0]
        columns = (comments[each] for each in ("title", "user", "keywords"))
        expected.append((number, name, *columns))
    assert listed == expected
