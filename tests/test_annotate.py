"""Words that an editor quotes as evidence become spans, in the tables and nowhere else."""

import csv
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands import run
from kzgraph.editing import annotate, write_spans
from kzgraph.editing.quotes import Quote, QuoteFault, find_quote, parse_items
from kzgraph.faults import Fault, TableFaults
from kzgraph.tables import read_tables
from kzgraph.tables.csv_cells import raw_records, replace_places
from kzgraph.verification.tokens import find_cut
from small_tables import DOCUMENT, TEXT, Cells, small, span, write

POPULATION = f"{DOCUMENT}/population.csv"

#: A page of an invented office: a list, two charts, prose.
PAGE = (
    "Office of Ruritania\n"
    "2019 8,241\n2018 7,588\n"
    '[["Refugees",588],["Stateless",7000]]\n'
    '{"years":[2018,2019],"a":[2.5,null],"b":[null,588]}\n'
    "In 2018 some  2.5\u00a0million people came; 588 people left.\n"
    "Refugees\tand returned refugees. The \u201chotline\u201d is open \u2013 always.\n"
)


def parse_quotes(cell: str) -> Iterator[Quote]:
    return (item for item in parse_items(cell) if isinstance(item, Quote))


def spans_of(cell: str, text: str = PAGE) -> list[str]:
    """What the items of a cell stand for in the text."""
    found = [
        item if isinstance(item, str) else find_quote(text, item) for item in parse_items(cell)
    ]
    return [item if isinstance(item, str) else text[item.start : item.end] for item in found]


FOUND = {
    "words that are there once": ('"2018 7,588"', ["2018 7,588"]),
    "a place by its number": ('"null"#2', ["null"]),
    "the first after other words": ('"588" after "people came"', ["588"]),
    "the second after other words": ('"588"#2 after "7,588"', ["588"]),
    "a chain of words": ('"null" after "b" after "years"', ["null"]),
    "several, and a span that stays": ('3-9 "8,241" "2019 8,241"', ["3-9", "8,241", "2019 8,241"]),
    "white space of any kind": ('"some 2.5 million people"', ["some  2.5\u00a0million people"]),
    "a tab for a blank": ('"Refugees and returned"', ["Refugees\tand returned"]),
    "a line end for a blank": ('"Ruritania 2019"', ["Ruritania\n2019"]),
    "blanks around the words": ('" 8,241 "', ["8,241"]),
    "quotes as a word processor makes them": (
        "\u201c8,241\u201d \u201e8,241 2018\u201c", ["8,241", "8,241\n2018"],
    ),
    "quotes within quotes": ('"""Stateless"",7000"', ['"Stateless",7000']),
    "quotes within other quotes": ('\u00ab["Refugees",588]\u00bb', ['["Refugees",588]']),
    "the number of a chart": ('"7000"', ["7000"]),
    "a whole decimal number": ('"2.5,"', ["2.5,"]),
    "signs of a pattern": ('"[2.5,null]"', ["[2.5,null]"]),
}  # fmt: skip


@pytest.mark.parametrize(("cell", "expected"), FOUND.values(), ids=FOUND.keys())
def test_words_are_found(cell: str, expected: list[str]) -> None:
    assert spans_of(cell) == expected


def test_the_number_and_the_words_before_choose_the_place() -> None:
    places = [at for at in range(len(PAGE)) if PAGE.startswith("null", at)]
    for number, at in enumerate(places, 1):
        (quote,) = parse_items(f'"null"#{number}')
        assert not isinstance(quote, str)
        assert find_quote(PAGE, quote) == (at, at + 4)
    (quote,) = parse_items('"588" after "b"')
    assert not isinstance(quote, str)
    assert find_quote(PAGE, quote).start == PAGE.index("588]}")


REFUSED = {
    "several places": (
        '"588"',
        '"588" is in 3 places',
        ['"588"#1 at', 'line 4: [["Refugees",[588]],["Stateless",7000]]', '"588"#3'],
    ),
    "a number that is too high": ('"null"#3', '"null" has 2 places, and #3 is none', ["line 5"]),
    "too high after other words": ('"null"#2 after "b"', "has 1 place after", ["line 5"]),
    "words that are not there": ('"Ruritanian office"', "is not in the text", ["copy the words"]),
    "other words in the end": ('"2018 7,589"', "is not in the text", ['has "2018", and then']),
    "other capitals": ('"refugees AND"', "is not in the text", ["line 7: [Refugees and]"]),
    "another hyphen": ('"open - always"', "is not in the text", ["[open \u2013 always]"]),
    "a piece of a word": ('"Ruri"', "is not in the text", ["a piece of a longer", "[Ruri]tania"]),
    "a piece of a number": ('"7,58"', "is not in the text", ["a piece of a longer"]),
    "thousands of another number": ('"241"', "is not in the text", ["8,[241]"]),
    "decimals of another number": ('"5"', "is not in the text", ["2.[5]"]),
    "words before the others": ('"8,241" after "people"#1', "is not after", ["only before"]),
    "others in several places": ('"left" after "2018"', '"2018" is in 3 places', ['"2018"#2']),
    "no quotes": ("8,241", "'8,241' is neither a span nor words", ['"null"#4']),
    "one quotation mark": ('"8,241', "is neither a span nor words", ["write"]),
    "something after it": ('"8,241"x', "'x' is neither", ["write"]),
    "place zero": ('"null"#0', "'#0' is neither", ["write"]),
    "nothing in it": ('" "', "a quote is empty", ["write"]),
}  # fmt: skip


@pytest.mark.parametrize(("cell", "says", "remedy"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_ambiguous_or_not_there_is_refused(cell: str, says: str, remedy: list[str]) -> None:
    with pytest.raises(QuoteFault) as refused:
        spans_of(cell)
    assert says in str(refused.value)
    for part in remedy:
        assert part in refused.value.remedy


def test_places_that_overlap_are_several() -> None:
    with pytest.raises(QuoteFault, match="in 2 places"):
        spans_of('"no no"', "no no no")


def test_numbers_are_whole_as_their_language_writes_them() -> None:
    text = "7 588 people, 10,03 million, 588 of them, 10 in all"
    assert spans_of('"588"', text) == ["588"]
    with pytest.raises(QuoteFault, match="2 places"):
        find_quote(text, next(parse_quotes('"10"')))
    found = find_quote(text, next(parse_quotes('"10"')), ("ru",))
    assert text[found.start :] == "10 in all"


def test_a_month_and_year_is_no_decimal_number() -> None:
    assert spans_of('"2019"', "03.2019 it was") == ["2019"]
    assert spans_of('"2024"', "on 10.07.2024") == ["2024"]


@given(st.text(st.sampled_from("ab 1,\n.[]"), max_size=25), st.data())
def test_the_words_at_a_span_lead_back_to_it(text: str, data: st.DataObject) -> None:
    """Whatever is quoted whole is found, or in several places, each of which can be chosen."""
    start = data.draw(st.integers(0, len(text)))
    words = text[start : data.draw(st.integers(start, len(text)))]
    end = start + len(words)
    if words != words.strip() or not words or find_cut(text, start) or find_cut(text, end):
        return
    found = set()
    for number in range(1, 27):
        (quote,) = parse_items(f'"{words}"#{number}')
        assert not isinstance(quote, str)
        try:
            found.add(find_quote(text, quote))
        except QuoteFault:
            break
    assert (start, end) in found


FIELDS = st.text(st.sampled_from('a"; ,\n\r\u00e9'), max_size=6)


@given(
    st.lists(st.lists(FIELDS, min_size=1, max_size=4), max_size=5), st.sampled_from(["\n", "\r\n"])
)
def test_cells_are_those_of_the_csv_module(rows: list[list[str]], end: str) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerows(rows)
    text = out.getvalue()
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    expected, line = [], 1
    for record in reader:
        if record:
            expected.append((line, record))
        line = reader.line_num + 1
    records = list(raw_records(text))
    assert [(each.line, [cell.text for cell in each.cells]) for each in records] == expected
    places = [(cell.start, cell.end) for each in records for cell in each.cells]
    assert replace_places(text, [(*place, text[slice(*place)]) for place in places]) == text


def prepare(
    root: Path, tables: dict[str, list[Cells]] | None = None, text: str = TEXT
) -> tuple[Path, Path]:
    """The small tables and the folder of their document, with its true hash."""
    tables = tables or small()
    documents = root / "documents"
    documents.mkdir()
    data = text.encode()
    (documents / "note.txt").write_bytes(data)
    tables[f"{DOCUMENT}/document.csv"][0]["sha256"] = hashlib.sha256(data).hexdigest()
    return write(root / "tables", tables, text), documents


def quoted() -> dict[str, list[Cells]]:
    """The small tables with quotes for spans."""
    tables = small()
    rows = tables[POPULATION]
    rows[0]["evidence"] = '"150 people"'
    rows[1] |= {"evidence": '"Over 120 refugees"', "context": '"Note of 5 May 2020"'}
    tables[f"{DOCUMENT}/parts.csv"] = [
        {"span": '"Call"', "kind": "boilerplate", "note": 'The word "call".'}
    ]
    return tables


def faults_of(root: Path, documents: Path) -> list[Fault]:
    with pytest.raises(TableFaults) as refused:
        annotate(DOCUMENT, documents, root)
    return refused.value.faults


def test_the_tables_get_the_spans_that_were_found_by_hand(tmp_path: Path) -> None:
    by_hand = small()
    by_hand[f"{DOCUMENT}/parts.csv"] = quoted()[f"{DOCUMENT}/parts.csv"]
    by_hand[f"{DOCUMENT}/parts.csv"][0]["span"] = span("Call")
    (tmp_path / "by-hand").mkdir()
    expected, _ = prepare(tmp_path / "by-hand", by_hand)
    root, documents = prepare(tmp_path, quoted())
    made = annotate(DOCUMENT, documents, root)
    assert [(each.file, each.line, each.column) for each in made] == [
        (f"{DOCUMENT}/parts.csv", 2, "span"),
        (POPULATION, 2, "evidence"),
        (POPULATION, 3, "evidence"),
        (POPULATION, 3, "context"),
    ]
    for tables in (expected, root):
        write_spans(DOCUMENT, documents, tables)
    # The code lists beside them are cut down to what the tables name, quotes included.
    for path in (expected / DOCUMENT).rglob("*.csv"):
        assert (root / path.relative_to(expected)).read_bytes() == path.read_bytes()
    assert annotate(DOCUMENT, documents, root) == []


def test_all_else_stays_to_the_byte(tmp_path: Path) -> None:
    """Byte order mark, line ends, needless quotes and faults elsewhere are the editor's own."""
    root, documents = prepare(tmp_path)
    path = root / f"{DOCUMENT}/references.csv"
    before = (
        "\ufeffkey,label,kind,url,availability,evidence,context\r\n"
        '"a","two\r\nlines",Nonsense,,,{},\r\n'
        "\r\n"
        '"b","say ""hi""",website,,,5-7 0-4,{}\n'
        "c,,,,,7-9,"
    )
    path.write_bytes(before.format('"""Call"" 0-4"', "\u00abNote of\u00bb").encode())
    made = annotate(DOCUMENT, documents, root)
    assert [each.line for each in made] == [2, 5]
    after = before.format(f"{span('Call')} 0-4", span("Note of"))
    assert path.read_bytes() == after.encode()


def test_a_table_of_semicolons_stays_one(tmp_path: Path) -> None:
    root, documents = prepare(tmp_path)
    path = root / f"{DOCUMENT}/parts.csv"
    before = "sep=;\r\n;;\r\nspan;kind;note\r\n{};boilerplate;One, two\r\n;;\r\n"
    path.write_bytes(before.format('"""Call"""').encode())
    assert [each.line for each in annotate(DOCUMENT, documents, root)] == [4]
    assert path.read_bytes() == before.format(span("Call")).encode()


@pytest.mark.parametrize(("before", "separator"), [("", ";"), ("", "\t"), ("sep=;\r\n", ";")])
def test_cells_may_be_separated_otherwise(tmp_path: Path, before: str, separator: str) -> None:
    root, documents = prepare(tmp_path)
    path = root / f"{DOCUMENT}/parts.csv"
    table = f"{before}span,kind,note\r\n{{}},boilerplate,-\r\n".replace(",", separator)
    path.write_bytes(table.format('"""Call"""').encode())
    (made,) = annotate(DOCUMENT, documents, root)
    assert made.line == 2 + bool(before)
    assert path.read_bytes() == table.format(span("Call")).encode()


def test_a_table_in_quotes_throughout_stays_in_quotes(tmp_path: Path) -> None:
    root, documents = prepare(tmp_path)
    path = root / f"{DOCUMENT}/parts.csv"
    path.write_text('"span","kind","note"\n"""Call""","boilerplate","-"\n', "utf-8")
    annotate(DOCUMENT, documents, root)
    assert path.read_text("utf-8") == f'"span","kind","note"\n"{span("Call")}","boilerplate","-"\n'


def test_nothing_changes_where_one_quote_is_refused(tmp_path: Path) -> None:
    tables = quoted()
    tables[POPULATION][2] |= {"evidence": '"nowhere"', "context": '"Note"'}
    tables[POPULATION][1]["context"] = '"00"'
    root, documents = prepare(tmp_path, tables)
    before = {path: path.read_bytes() for path in root.rglob("*.csv")}
    faults = faults_of(root, documents)
    assert [(each.file, each.line, each.column) for each in faults] == [
        (POPULATION, 3, "context"),
        (POPULATION, 4, "evidence"),
    ]
    assert {path: path.read_bytes() for path in root.rglob("*.csv")} == before


@pytest.mark.parametrize("first", ['"150 people"', span("150 people")])
def test_a_span_that_the_cell_has_is_refused(tmp_path: Path, first: str) -> None:
    tables = small()
    tables[POPULATION][0]["evidence"] = f'{first} "150 people"'
    (fault,) = faults_of(*prepare(tmp_path, tables))
    assert fault.message.endswith(f"is the span {span('150 people')}, which the cell has")


def test_a_cell_for_one_span_takes_no_second(tmp_path: Path) -> None:
    tables = quoted()
    tables[f"{DOCUMENT}/parts.csv"][0]["span"] = '"Call" "Note"'
    (fault,) = faults_of(*prepare(tmp_path, tables))
    assert fault.message == "the cell holds one span only"


def test_evidence_is_short_and_a_heading_may_be_long(tmp_path: Path) -> None:
    long = "word " * 60 + "end"
    tables = quoted()
    tables[POPULATION][0]["context"] = f'"{long}"'
    tables[f"{DOCUMENT}/parts.csv"][0]["span"] = f'"{long}"'
    (fault,) = faults_of(*prepare(tmp_path, tables, f"{TEXT}{long}\n"))
    assert (fault.column, fault.message) == ("context", "the quote is 303 long")


def test_the_text_has_to_be_the_one_that_is_described(tmp_path: Path) -> None:
    root, documents = prepare(tmp_path, quoted())
    (documents / "note.txt").write_text(f"{TEXT} ", "utf-8")
    (fault,) = faults_of(root, documents)
    assert (fault.column, fault.message) == ("sha256", "note.txt is another text")
    (documents / "note.txt").unlink()
    (fault,) = faults_of(root, documents)
    assert fault.message == "no file note.txt"


def test_a_row_with_too_few_cells_is_refused(tmp_path: Path) -> None:
    root, documents = prepare(tmp_path)
    path = root / f"{DOCUMENT}/parts.csv"
    path.write_text('span,kind,note\n"""Call""",boilerplate\n', "utf-8")
    (fault,) = faults_of(root, documents)
    assert (fault.line, fault.message) == (2, "the row has 2 cells, the header 3")


def test_quotes_typed_into_the_csv_itself_are_explained(tmp_path: Path) -> None:
    root, documents = prepare(tmp_path)
    (root / f"{DOCUMENT}/parts.csv").write_text('span,kind,note\n"Call"#1,boilerplate,-\n', "utf-8")
    (fault,) = faults_of(root, documents)
    assert fault.line == 2
    assert '"""null""#4"' in fault.remedy


@pytest.mark.parametrize("slug", ["shared", "nothing", "../tables", "entailed"])
def test_a_folder_that_is_no_document_is_refused(tmp_path: Path, slug: str) -> None:
    root, documents = prepare(tmp_path)
    with pytest.raises(TableFaults, match="the document is not described"):
        annotate(slug, documents, root)


def test_a_build_refuses_quotes_and_names_the_command(tmp_path: Path) -> None:
    root, _ = prepare(tmp_path, quoted())
    with pytest.raises(TableFaults) as refused:
        read_tables(root)
    assert [(fault.line, fault.column) for fault in refused.value.faults] == [
        (2, "span"), (2, "evidence"), (3, "context"), (3, "evidence"),
    ]  # fmt: skip
    (remedy,) = {fault.remedy for fault in refused.value.faults}
    assert remedy == f"run kzgraph annotate {DOCUMENT} --documents DIR"


def test_the_command_prints_what_it_found_and_refuses_the_rest(tmp_path: Path) -> None:
    root, documents = prepare(tmp_path, quoted())
    arguments = ("annotate", DOCUMENT, "--documents", documents, "--tables", root)
    done = run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert f'{POPULATION}:2:evidence  "150 people"' in done.stdout
    assert span("150 people") in done.stdout
    assert "No words in quotes" in run(*arguments).stdout
    path = root / POPULATION
    path.write_text(path.read_text("utf-8").replace(span("150 people"), '"""00"""'), "utf-8")
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert f'{POPULATION}:2:evidence: "00" is in' in done.stderr
    assert '"00"#2 at' in done.stderr
