"""Search under queries that no name has: nothing raises, and nothing takes long."""

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzgraph.folding import fold_text
from kzgraph.search import Index
from kzgraph.search.alphabets import retype, sound_out
from kzgraph.search.entries import Entry, Name
from kzgraph.search.indexing import write_entries
from kzgraph.search.typed_words import MAX_WORDS, read_query, split_words
from kzgraph.search.word_forms import Forms

KIND = "https://schema.org/Country"
NAMES = ["Kazakhstan", "Côte d'Ivoire", "AND OR NOT NEAR", "Алма-Ата", 'x" OR "y', "12.5", "k1"]


def entry(place: int, name: str) -> Entry:
    called = Name(name, "en", 0, " ".join(split_words(name)))
    return Entry(f"https://example.org/{place}", KIND, 1, (called,), frozenset(), frozenset())


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    path = tmp_path_factory.mktemp("a%20folder?x#y") / "search.sqlite"
    write_entries((entry(*each) for each in enumerate(NAMES)), path, "1")
    return Index(path)


@pytest.mark.parametrize(
    "query",
    [
        *("", " ", "\0", '"', "'", "*", "^", "()", "?!.,;:", "😀", "👩‍👩‍👧", "\ud800"),
        *("own:kazakhstan", "{own context}:x", '" OR own MATCH "', "NEAR(a b, 3)"),
        *("a AND", "NOT x", "\N{ZERO WIDTH SPACE}"),
        *("-x", "x + y", "a" * 10_000, "я" * 10_000, "a " * 5_000, "( " * 5_000, "1" * 10_000),
        *("%", "\\", "'; DROP TABLE name; --", "kind : k1", "http://", "country:", ":", "<>"),
        *("a\u0301" * 3_000, "\N{RIGHT-TO-LEFT OVERRIDE}kaz", "=cmd|' /C calc'!A0", "../../etc"),
    ],
)  # fmt: skip
def test_any_query_has_an_answer(index: Index, query: str) -> None:
    found = index.search(query)
    assert found.complete
    assert len(found.reading.words) <= MAX_WORDS
    assert found.reading.shortened == (len(query) > 300)


@given(st.text(max_size=40))
def test_any_text_is_searched(text: str) -> None:
    index = _shared()
    index.search(text)
    read_query(text)
    for word in split_words(text):
        assert split_words(word) or not word
        sound_out(word)
    retype(text)


@given(st.sampled_from(NAMES), st.sampled_from(["", '"', " *", " \0", "?", "\N{NO-BREAK SPACE}"]))
def test_a_name_is_found_as_it_stands_whatever_stands_around_it(name: str, sign: str) -> None:
    found = _shared().search(f"{sign}{name}{sign}")
    assert found.hits[0].name is not None
    assert found.hits[0].name.text == name


@pytest.mark.parametrize("query", ["k1", "own", "kind", "context"])
def test_the_columns_of_the_table_are_no_words(index: Index, query: str) -> None:
    assert [hit.name and hit.name.text for hit in index.search(query).hits] == (
        ["k1"] if query == "k1" else []
    )


def test_a_search_ends_when_its_time_is_over(tmp_path: Path) -> None:
    path = tmp_path / "search.sqlite"
    write_entries((entry(place, f"word {place}") for place in range(3_000)), path, "1")
    late = Index(path).search("word", patience=-1.0)
    assert not late.complete
    assert late.kinds == {}, "counting comes last"
    in_time = Index(path).search("word")
    assert in_time.complete
    assert in_time.total == 2_000, "counting ends there"


def test_threads_share_an_index(index: Index) -> None:
    found: list[int] = []

    def search() -> None:
        found.extend(len(index.search("Kazakhstan").hits) for _ in range(20))

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 80


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        *(("беженцы", "беженцев", True), ("беженец", "беженцы", True), ("лица", "лиц", True)),
        *(("дети", "детей", True), ("граждан", "гражданин", True), ("помощь", "помощи", True)),
        *(("қазақстан", "қазақстанның", True), ("адам", "адамдарға", True), ("ел", "елдер", False)),
        *(("refugee", "refugees", True), ("country", "countries", True)),
        ("state", "stateless", False),
        *(("год", "городу", False), ("refuge", "refuse", False), ("сто", "стол", False)),
    ],
)  # fmt: skip
def test_forms_of_one_word_are_told_from_other_words(one: str, other: str, same: bool) -> None:
    one, other = fold_text(one), fold_text(other)
    assert Forms(one).has(other) is same
    assert Forms(other).has(one) is same


_INDICES: list[Index] = []


def _shared() -> Index:
    """The index of `NAMES`, once for all examples."""
    if not _INDICES:
        import tempfile

        path = Path(tempfile.mkdtemp()) / "search.sqlite"
        write_entries((entry(*each) for each in enumerate(NAMES)), path, "1")
        _INDICES.append(Index(path))
    return _INDICES[0]
