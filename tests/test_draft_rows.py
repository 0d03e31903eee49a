"""What the draft rows of a text say of its numbers, days, hours and donors; what has none."""

import datetime
from pathlib import Path

import pytest

from kzgraph.editing.cell_rows import Proposal
from kzgraph.editing.new_document import guess_language
from kzgraph.editing.proposals import KNOWN, propose
from kzgraph.resources import folder
from kzgraph.tables import parse_span, parse_time, read_kind
from kzgraph.tables.reader import Row
from kzgraph.verification.dates import names_day, names_year
from kzgraph.verification.periods import names_period
from kzgraph.verification.tokens import NUMERIC, lies_in, mask, tokens

#: What `tell` says of a row, in this order; a range has two values, and drafts their sign.
SAID = (
    *("kind", "donor", "group", "origin", "quantity", "series", "value", "least", "most", "hedge"),
    *("bound", "unit", "status", "availability", "day", "opens", "closes", "telephone", "email"),
    *("url", "time"),
)


@pytest.fixture(scope="module")
def known() -> list[Row]:
    tables = folder("mappings") / "tables"
    return [row for kind in KNOWN for row in read_kind(kind, tables).rows]


def words(row: dict[str, str], text: str, *columns: str) -> list[str]:
    spans = [item for column in columns for item in row.get(column, "").split()]
    return [text[slice(*parse_span(item))] for item in spans]


def tell(proposal: Proposal, text: str) -> str:
    """A row in a line: its table, its words in the text, and the cells that are filled in."""
    table, row = proposal
    cells = [row.get(column, "") for column in SAID]
    said = " ".join(cell.replace("draft: ", "~") for cell in cells if cell not in {"", "exact"})
    return f"{table}: {' + '.join(words(row, text, 'evidence'))} = {said}".removesuffix(" = ")


def read_cases() -> dict[str, str]:
    """The texts with their rows, by what they show."""
    texts = (Path(__file__).parent / "data" / "draft_rows.txt").read_text("utf-8")
    return dict(case.split("\n", 1) for case in texts.split("\n## ")[1:])


CASES = read_cases()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_rows_are_what_their_words_say_and_each_number_has_one(case: str, known: list[Row]) -> None:
    text, _, expected = case.strip("\n").partition("\n==\n")
    text += "\n"
    rows = list(propose(text, tuple(guess_language(text).split()), known))
    in_order = sorted(rows, key=lambda each: parse_span(each[1]["evidence"].split()[0]).start)
    assert [tell(each, text) for each in in_order] == expected.splitlines()
    places = [parse_span(item) for _, row in rows for item in row["evidence"].split()]
    covered = mask(len(text), places)
    assert [token for token in tokens(NUMERIC, text) if not lies_in(token, covered)] == []
    for _, row in rows:
        if time := row.get("time"):
            check_time(time, words(row, text, "evidence", "context"))


def check_time(time: str, spans: list[str]) -> None:
    """A draft is not refused later: its spans say its years, and its days, months and quarters."""
    for part in parse_time(time).parts:
        assert names_year(int(part[:4]), spans)
        if len(part) == len("2018-12-31"):
            assert names_day(datetime.date.fromisoformat(part), spans)
        elif len(part) > len("2018"):
            assert names_period(part, spans)


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("At the end of Q3 2026, 7 men.", [["At the end of Q3 2026"]]),
        ("Plans (EUR)\nYear\tNeeds\n2024\t7", [["2024", "Needs"]]),
        ("For fiscal year 2025/26:\n- 7 men", [["fiscal year 2025/26"]]),
        ("Osh: Mon 9:00-17:00", [["Osh"]]),
        ("By 2027, 7 men.", [[]]),
    ],
)
def test_the_context_of_a_row_is_what_it_needs_besides(
    text: str, context: list[list[str]], known: list[Row]
) -> None:
    rows = [row for table, row in propose(text, ("en",), known) if table != "statements"]
    assert [words(row, text, "context") for row in rows] == context
