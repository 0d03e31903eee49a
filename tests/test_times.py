"""Times as the tables write them, as days, as nodes of the graph and as words."""

from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from kzgraph.iri import thing
from kzgraph.namespaces import DCT, LABEL, LANGUAGES, XSD
from kzgraph.reasoning.figures import Span
from kzgraph.tables import parse_time
from kzgraph.validation import validate
from small_tables import DOCUMENT, assemble_lean, small, write

#: Notation, first day, last day, the one year it lies in, and its label.
TIMES = [
    ("2018", "2018-01-01", "2018-12-31", 2018, "2018"),
    ("2018-Q3", "2018-07-01", "2018-09-30", 2018, "quarter 3 of 2018"),
    ("2020-02", "2020-02-01", "2020-02-29", 2020, "February 2020"),
    ("2009-12-09/2009-12-10", "2009-12-09", "2009-12-10", 2009,
     "9 December 2009 to 10 December 2009"),
    ("2018-07/2019-06", "2018-07-01", "2019-06-30", None, "July 2018 to June 2019"),
    ("2017/2018-Q1", "2017-01-01", "2018-03-31", None, "2017 to quarter 1 of 2018"),
    ("1993-01/..", "1993-01-01", "", None, "since January 1993"),
    ("../2009", "", "2009-12-31", None, "until 2009"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "start", "end", "year"), [row[:4] for row in TIMES])
def test_a_time_is_read(text: str, start: str, end: str, year: int | None) -> None:
    time = parse_time(text)
    assert [day.isoformat() if day else "" for day in (time.start, time.end)] == [start, end]
    assert time.year == year


def test_times_become_periods_of_the_graph(tmp_path: Path) -> None:
    tables = small()
    (plain,) = tables[f"{DOCUMENT}/finance.csv"]
    tables[f"{DOCUMENT}/finance.csv"] = [
        plain | {"key": f"budget-{number}", "label": f"Budget {number}", "time": text}
        for number, (text, *_) in enumerate(TIMES)
    ]
    store = assemble_lean(write(tmp_path, tables))
    report = validate(store)
    assert not [each for each in report.results if each.severity.value.endswith("Violation")]
    for text, *_, label in TIMES:
        node = thing("time", parse_time(text).slug)
        labels = [quad.object for quad in store.quads_for_pattern(node, LABEL, None, None)]
        assert Literal(label, language="en") in labels
        assert {each.language for each in labels if isinstance(each, Literal)} == {*LANGUAGES}
        assert len(labels) == len(LANGUAGES)


@pytest.mark.parametrize(
    ("issued", "datatype"),
    [("2020", "gYear"), ("2020-05", "gYearMonth"), ("2020-05-05", "date")],
)
def test_a_document_is_dated_as_exactly_as_it_says(
    tmp_path: Path, issued: str, datatype: str
) -> None:
    tables = small()
    tables[f"{DOCUMENT}/document.csv"][0]["issued"] = issued
    store = assemble_lean(write(tmp_path, tables))
    document: NamedNode = thing("document", DOCUMENT)
    found = [quad.object for quad in store.quads_for_pattern(document, DCT["issued"], None, None)]
    assert found == [Literal(issued, datatype=XSD[datatype])]
    report = validate(store)
    assert not [each for each in report.results if each.severity.value.endswith("Violation")]


def test_a_period_that_is_open_lies_within_one_that_is_open_as_well() -> None:
    first, last = date(2018, 1, 1), date(2018, 12, 31)
    assert Span(first, last).within(Span(None, last))
    assert Span(first, last).within(Span(first, None))
    assert Span(None, first).within(Span(None, last))
    assert not Span(None, last).within(Span(first, last))
    assert not Span(first, None).within(Span(None, last))
