"""Spans have hashes, and some of them their words: never so many that a text can be joined."""

import csv
import hashlib
import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from built_graph import built_quads
from commands import run
from fixed_tables import SLUGS, read_fixed_tables
from joined_quotes import as_graph, longest_run
from kzgraph.editing import write_spans
from kzgraph.faults import Fault, TableFaults
from kzgraph.iri import ID, graph
from kzgraph.namespaces import OA
from kzgraph.tables import read_tables
from kzgraph.tables.verbatim import read_verbatim, write_verbatim
from kzgraph_mappings.text_fragments import link_to_words
from small_tables import DOCUMENT, TEXT, Cells, small, span, write


def text_of(slug: str, documents: Path) -> str:
    path = documents / read_fixed_tables().documents[slug].require("file")
    return path.read_bytes().decode()


@pytest.mark.parametrize("slug", SLUGS)
def test_no_nine_words_in_a_row_can_be_joined_of_a_document(slug: str, documents: Path) -> None:
    release = as_graph(built_quads())
    assert longest_run(release, slug, text_of(slug, documents)) == []


def test_a_quote_too_many_is_seen(documents: Path) -> None:
    """Two spans next to each other, each of less than nine words, are a copy together."""
    slug = "global-focus-2018"
    text = text_of(slug, documents)
    begin = text.index("The majority of refugees")
    middle, end = text.index(" from ", begin), text.index("Uzbekistan and Syria", begin)
    more: list[Quad] = []
    for start, stop in ((begin, middle), (middle + 1, end)):
        place = f"{slug}/{start}-{stop}"
        selectors = [NamedNode(f"{ID}selector/{place}{each}") for each in ("", "/quote")]
        node = NamedNode(f"{ID}evidence/{place}")
        more += [Quad(node, OA["hasSelector"], each, graph(slug)) for each in selectors]
        more += [
            Quad(selectors[0], OA["start"], Literal(start), graph(slug)),
            Quad(selectors[0], OA["end"], Literal(stop), graph(slug)),
            Quad(selectors[1], OA["exact"], Literal(text[start:stop]), graph(slug)),
        ]
    assert longest_run(as_graph([*built_quads(), *more[:5]]), slug, text) == []
    # Nine words, of which the name of a country does not count.
    words = re.findall(r"\w+", text[begin:end])
    assert len(words) == 9
    assert longest_run(as_graph([*built_quads(), *more]), slug, text) == []
    longer = [
        *more,
        Quad(
            NamedNode(f"{ID}selector/{slug}/{begin}-{middle}/quote"),
            OA["prefix"],
            Literal(text[begin - 30 : begin]),
            graph(slug),
        ),
    ]
    found = longest_run(as_graph([*built_quads(), *longer]), slug, text)
    at = found.index("The")
    assert found[at : at + len(words)] == words


def annotated(root: Path, text: str, tables: dict[str, list[Cells]]) -> tuple[Path, Path]:
    """The tables with their spans as `annotate` writes them, and the folder of the text."""
    documents = root / "documents"
    documents.mkdir(exist_ok=True)
    (documents / "note.txt").write_bytes(text.encode())
    described = tables[f"{DOCUMENT}/document.csv"][0]
    described |= {
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "length": str(len(text)),
        "address": "https://example.org/note",
    }
    made = write(root / "tables", tables, text)
    write_spans(DOCUMENT, documents, made)
    return made, documents


def spans_in(tables: Path) -> dict[str, Cells]:
    with (tables / DOCUMENT / "spans.csv").open(encoding="utf-8", newline="") as file:
        return {row["span"]: row for row in csv.DictReader(file)}


def one(words: str, text: str, nth: int = 0) -> dict[str, list[Cells]]:
    """The small tables with one figure, at the nth place of `words` in `text`."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(words, at + 1)
    tables = {file: rows for file, rows in small().items() if file.startswith("shared/")}
    tables |= {name: small()[name] for name in (f"{DOCUMENT}/document.csv",)}
    figure = small()[f"{DOCUMENT}/population.csv"][0]
    figure |= {"evidence": f"{at}-{at + len(words)}", "context": "", "time": ""}
    return tables | {f"{DOCUMENT}/population.csv": [figure]}


#: A text, the words of the evidence and which place is meant; prefix and suffix, and what is shown.
QUOTES: dict[str, tuple[str, str, int, tuple[str, str, str] | None]] = {
    "at the start": ("150 people. And 7.", "150 people", 0, ("", "", "true")),
    "at the end": ("There are 150 people", "150 people", 0, ("", "", "true")),
    "the whole text": ("150 people", "150 people", 0, ("", "", "true")),
    "beyond the BMP": (
        "\U0001f30d 150 \U0001f642 people, 3",
        "150 \U0001f642 people",
        0,
        ("", "", "true"),
    ),
    "marks apart": (
        "cafe\u0301: 150 re\u0301fugie\u0301s",
        "150 re\u0301fugie\u0301s",
        0,
        ("", "", "true"),
    ),
    "two alphabets in a word": ("150 p\u0435ople", "150 p\u0435ople", 0, ("", "", "true")),
    "Windows line ends": ("A\r\n150\r\npeople\r\n", "150\r\npeople", 0, ("", "", "true")),
    "Cyrillic": ("Здесь 150 беженцев", "150 беженцев", 0, ("", "", "true")),
    "twice, the second one": (
        "In A 150 people; in B 150 people.",
        "150 people",
        1,
        ("B ", "", "true"),
    ),
    "twice, the first one at the start": (
        "150 people, 150 people",
        "150 people",
        0,
        ("", ", 150", "true"),
    ),
    "a part of a number": ("4 of 14", "4", 0, ("", " of", "true")),
    "twice but for the case": ("150 People in A, 150 people", "150 people", 0, ("A, ", "", "true")),
    "over lines": ("x\n150 people\ny\n150 people", "150 people", 1, ("y\n", "", "true")),
    "everywhere the same": ("a 150 a " * 30, "150", 3, None),
    "a direction mark within": ("150 \u202epeople", "150 \u202epeople", 0, None),
    "an invisible blank within": ("150\u200b people", "150\u200b people", 0, None),
    "nine words": ("150 a b c d e f g h", "150 a b c d e f g h", 0, None),
    "eight words": ("150 a b c d e f g", "150 a b c d e f g", 0, ("", "", "true")),
    "a chart": ('x [["Refugees",150],["Other",2]]', '["Refugees",150]', 0, ("", "", "")),
    "markup": ("**150** people", "**150** people", 0, ("", "", "")),
}


@pytest.mark.parametrize(("text", "words", "nth", "expected"), QUOTES.values(), ids=QUOTES)
def test_a_span_has_its_hash_and_where_allowed_its_words(
    tmp_path: Path, text: str, words: str, nth: int, expected: tuple[str, str, str] | None
) -> None:
    tables, documents = annotated(tmp_path, text, one(words, text, nth))
    (row,) = spans_in(tables).values()
    assert row["sha256"] == hashlib.sha256(words.encode()).hexdigest()
    found = tuple(read_verbatim(row[name]) for name in ("quote", "prefix", "suffix"))
    prefix, suffix, shown = expected or ("", "", "")
    assert found == (words if expected else "", prefix, suffix)
    assert row["shown"] == shown
    # The build accepts what was written, and takes the same words from it.
    (read,) = read_tables(tables).of("spans")
    assert read.get("quote") == (row["quote"] or None)
    # Writing it again changes nothing.
    before = (tables / DOCUMENT / "spans.csv").read_bytes()
    write_spans(DOCUMENT, documents, tables)
    assert (tables / DOCUMENT / "spans.csv").read_bytes() == before


def test_what_is_put_in_other_words_is_not_quoted(tmp_path: Path) -> None:
    tables = small()
    told = {"key": "told", "label": "Where they live", "kind": "situation", "description": "There."}
    tables[f"{DOCUMENT}/statements.csv"] = [
        told | {"scope": "country/KAZ", "evidence": span("30 asylum-seekers")}
    ]
    made, _ = annotated(tmp_path, TEXT, tables)
    quoted = {cells["quote"] for cells in spans_in(made).values()} - {""}
    assert "30 asylum-seekers" not in quoted
    assert {"150 people", "Over 120 refugees", "7 727 000 00 00"} <= quoted
    # The figure without a number has nothing to quote, and the context is not what supports it.
    assert not quoted & {"null", "Note of 5 May 2020"}


def test_quotes_next_to_each_other_stop_before_a_copy(tmp_path: Path) -> None:
    text = "5 men of the north, 6 men of the south, 7 men of the west"
    tables = one("5 men of the north", text)
    for number, part in enumerate(("6 men of the south", "7 men of the west")):
        start = text.index(part)
        row = tables[f"{DOCUMENT}/population.csv"][0]
        row = row | {"key": f"more-{number}", "evidence": f"{start}-{start + len(part)}"}
        tables[f"{DOCUMENT}/population.csv"].append(row)
    made, _ = annotated(tmp_path, text, tables)
    assert [row["quote"] != "" for row in spans_in(made).values()] == [True, True, False]


#: What is changed in the row of `150 people`; in which column the fault is, and what it says.
SPOILED = {
    "another hash": ({"sha256": "0" * 64}, "quote", "not the words of the hash"),
    "another quote": ({"quote": "151 people"}, "quote", "not the words of the hash"),
    "a prefix that ends with a blank": ({"prefix": "Almaty, "}, "prefix", "white space"),
    "a suffix of nothing": ({"quote": "", "suffix": "x", "shown": ""}, "quote", "of no quote"),
    "a stray backslash": ({"quote": r"150\ people"}, "quote", "begins no escape"),
    "half a character": ({"prefix": r"\ud83c"}, "quote", "surrogates not allowed"),
    "too many words around": ({"suffix": r"\u0020a b c d e f g"}, "quote", "over 8 words"),
    "shown without a quote": ({"quote": ""}, "shown", "no quote"),
}


@pytest.mark.parametrize(("cells", "column", "says"), SPOILED.values(), ids=SPOILED)
def test_a_build_refuses_a_row_of_spans_that_was_changed(
    tmp_path: Path, cells: Cells, column: str, says: str
) -> None:
    made, _ = annotated(tmp_path, TEXT, small())
    fault = spoil(made, "150 people", cells)
    assert fault.column == column
    assert says in fault.message


def spoil(tables: Path, words: str, cells: Cells | None) -> Fault:
    """The one fault of the tables once the row of `words` has other cells, or is gone."""
    rows = spans_in(tables)
    if cells is None:
        del rows[span(words)]
    else:
        rows[span(words)] |= cells
    path = tables / DOCUMENT / "spans.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, next(iter(rows.values())), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows.values())
    with pytest.raises(TableFaults) as refused:
        read_tables(tables)
    (fault,) = refused.value.faults
    return fault


def test_each_span_has_a_row_and_each_row_a_fact(tmp_path: Path) -> None:
    made, _ = annotated(tmp_path, TEXT, small())
    fault = spoil(made, "150 people", None)
    assert f"the hash of the span {span('150 people')} is not in" in fault.message
    assert fault.remedy == f"run kzgraph annotate {DOCUMENT} --documents DIR"
    left, _ = annotated(tmp_path, TEXT, small())
    (left / DOCUMENT / "holidays.csv").unlink()
    with pytest.raises(TableFaults) as refused:
        read_tables(left)
    (fault,) = refused.value.faults
    assert fault.message == f"no fact rests on the span {span('1 January 2020')}"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "a  b",
            "\n\u0020",
            "\\",
            "\\\\n",
            '"a"',
            "\U0001f30d\u200d",
            "e\u0301",
            "\ufeffx",
        ),
        *("\u202eabc", "c\u0430t", "\u00a0", "\x7f", "a\r\nb\t", "\\u0041", "\u0660", "\u2011"),
    ],
)
def test_a_cell_holds_any_words_to_the_code_point(text: str) -> None:
    cell = write_verbatim(text)
    assert read_verbatim(cell) == text
    assert cell == cell.strip()
    assert cell.isprintable()


LINKS = {
    "plain": (("https://example.org/a", "150 people"), "#:~:text=150%20people"),
    "signs": (("https://example.org/a", "a-b, c & d"), "#:~:text=a%2Db%2C%20c%20%26%20d"),
    "surroundings": (
        ("https://example.org/a", "5", "in A: ", " of-B"),
        "#:~:text=in%20A%3A-,5,-of%2DB",
    ),
    "lines": (("https://example.org/a", "753\r\n\nRefugees"), "#:~:text=753,Refugees"),
    "Cyrillic": (("https://example.org/a", "Қаз"), "#:~:text=%D2%9A%D0%B0%D0%B7"),
    "beyond the BMP": (("https://example.org/a", "\U0001f30d"), "#:~:text=%F0%9F%8C%8D"),
    "a fragment": (("https://example.org/a#b", "5"), "#b:~:text=5"),
    "a directive": (("https://example.org/a#:~:text=x", "5"), "#:~:text=5"),
}


@pytest.mark.parametrize(("given", "ends"), LINKS.values(), ids=LINKS)
def test_a_link_opens_a_page_at_words(given: tuple[str, ...], ends: str) -> None:
    """https://wicg.github.io/scroll-to-text-fragment/#syntax."""
    assert link_to_words(*given) == "https://example.org/a" + ends


def test_verify_checks_hashes_and_counts_what_opens(tmp_path: Path) -> None:
    made, documents = annotated(tmp_path, TEXT, small())
    options = ("--documents", documents, "--tables", made)
    done = run("verify", *options)
    assert "Spans that open" in done.stdout
    assert "7 / 10" in done.stdout
    assert "spans.csv" not in done.stderr
    path = made / DOCUMENT / "spans.csv"
    row = spans_in(made)[span("null")]
    path.write_text(path.read_text("utf-8").replace(row["sha256"], "0" * 64), "utf-8")
    done = run("verify", *options)
    assert f"the text of {span('null')} has another hash" in done.stderr


@pytest.mark.parametrize("address", ["https://a.org/[x]", "https://a.org/50%", "https://a.org:x/"])
def test_an_address_that_no_link_can_have_is_refused(tmp_path: Path, address: str) -> None:
    tables = small()
    tables[f"{DOCUMENT}/document.csv"][0]["archived"] = address
    with pytest.raises(TableFaults) as refused:
        read_tables(write(tmp_path, tables))
    (fault,) = refused.value.faults
    assert fault.column == "archived"
    assert "%5B" in fault.remedy
