"""ORDER BY over terms of every kind: the order of docs/decisions, and nothing dies of it."""

import json
import math
import subprocess
import sys
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from query_answers import answer

XSD = "http://www.w3.org/2001/XMLSchema#"

integers = st.integers(-60, 60) | st.integers(2**53 - 2, 2**53 + 2)
decimals = st.decimals(-50, 50, places=2, allow_nan=False)
doubles = st.floats(-50, 50).map(lambda x: f"{x!r}e0" if "e" not in repr(x) else repr(x))
offsets = st.sampled_from(["", "Z", "+06:00", "-11:30"])
days = st.builds(
    "{:04}-0{}-1{}".format, st.integers(1, 12000), st.integers(1, 9), st.integers(0, 9)
)
numbers = st.one_of(
    integers.map(str),
    decimals.map(lambda x: f'"{x}"^^xsd:decimal'),
    doubles.map(lambda x: f'"{x}"^^xsd:double'),
    st.sampled_from(['"NaN"^^xsd:double', '"INF"^^xsd:float', '"-INF"^^xsd:double']),
    st.integers(-60, 60).map(lambda x: f'"{x}"^^xsd:float'),
)
terms = st.one_of(
    numbers,
    integers.map(lambda x: f'"{x}"'),
    st.builds('"{}"@{}'.format, integers, st.sampled_from(["en", "ru", "kk"])),
    integers.map(lambda x: f'"{x}"^^<urn:t>'),
    integers.map(lambda x: f'"{x}x"^^xsd:integer'),
    integers.map(lambda x: f"<urn:{x}>"),
    st.builds('"{}{}"^^xsd:date'.format, days, offsets),
    st.builds('"{}T{:02}:30:00{}"^^xsd:dateTime'.format, days, st.integers(0, 23), offsets),
    st.builds('"{:04}"^^xsd:gYear'.format, st.integers(1, 9999)),
    st.builds('"P{}{}"^^xsd:duration'.format, st.integers(1, 99), st.sampled_from("YMD")),
    st.builds('"P{}D"^^xsd:dayTimeDuration'.format, st.integers(1, 99)),
    st.builds('"P{}M"^^xsd:yearMonthDuration'.format, st.integers(1, 99)),
    st.sampled_from(["true", "false", "UNDEF", '"maybe"^^xsd:boolean', '"today"^^xsd:dateTime']),
)
KEYS = {
    "?x": "{ VALUES ?x { $ } }",
    "DESC(?x)": "{ VALUES ?x { $ } }",
    "COALESCE(?x, 1)": "{ VALUES ?x { $ } }",
    "(IF(isNumeric(?x), -?x, ?x))": "{ VALUES ?x { $ } }",
    "MAX(?x)": "{ VALUES ?x { $ } } GROUP BY ?x",
    "SAMPLE(?x) DESC(?x)": "{ VALUES ?x { $ } } GROUP BY ?x",
}


class Asking:
    """A process that sorts, so that it may die of it."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, query: str) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(query) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            died = self.process.wait()
            self.start()
            pytest.fail(f"the store died of it: {died}")
        return json.loads(line)

    def stop(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture(scope="module")
def asking() -> Any:
    process = Asking()
    yield process
    process.stop()


def place(term: str | None) -> tuple[Any, ...]:
    """Where `term` stands in the order, by the words of the decision."""
    if term is None:
        return (0,)
    if term.startswith("<"):
        return 1, term[1:-1]
    text, _, rest = term[1:].rpartition('"')
    datatype = rest[3:-1] if rest.startswith("^^") else f"{XSD}string"
    kind = datatype.removeprefix(XSD)
    if kind in ("integer", "decimal", "double", "float"):
        try:
            number = float(text)
        except ValueError:
            return 4, text, "", datatype
        exact = Fraction(text) if math.isfinite(number) else Fraction(0)
        return 2, math.isnan(number), 0 if math.isnan(number) else number, exact
    if kind in ("date", "dateTime", "gYear"):
        moment = instant(text)
        if moment is not None:
            return 3, datatype, moment, text
    language = rest[1:] if rest.startswith("@") else ""
    return 4, text, language, datatype


def instant(text: str) -> float | None:
    """Seconds of a date or time, without a time zone taken for UTC."""
    offset = timedelta()
    for sign in ("+", "-"):
        head, found, zone = text.rpartition(sign)
        if found and ":" in zone and len(zone) == 5:
            offset = timedelta(hours=int(zone[:2]), minutes=int(zone[3:]))
            offset = offset if sign == "+" else -offset
            text = head
    text = text.removesuffix("Z")
    day, _, time = text.partition("T")
    year, month, date = ([*map(int, day.split("-")), 1, 1][:3]) if day[0].isdigit() else (0, 0, 0)
    if not year:
        return None
    # The calendar repeats itself after 400 years, which Python's cannot go beyond.
    cycles, rest = divmod(year, 400)
    moment = datetime(rest + 400, month, date) - offset
    hours, minutes = (int(part) for part in (time or "00:00:00").split(":")[:2])
    moment += timedelta(hours=hours, minutes=minutes)
    return cycles * 146097 * 86400.0 + (moment - datetime(400, 1, 1)).total_seconds()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(terms, min_size=2, max_size=80), st.sampled_from(["?x", "DESC(?x)"]))
def test_terms_come_in_the_order_of_the_decision(
    asking: Asking, values: list[str], key: str
) -> None:
    rows = asking.ask(f"SELECT ?x {{ VALUES ?x {{ {' '.join(values)} }} }} ORDER BY {key}")
    assert len(rows) == len(values)
    places = [place(row[0]) for row in rows]
    assert places == sorted(places, reverse=key != "?x")


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(terms, min_size=21, max_size=120), st.sampled_from(sorted(KEYS)))
def test_no_key_kills_the_store(asking: Asking, values: list[str], key: str) -> None:
    where = KEYS[key].replace("$", " ".join(values))
    for query in (
        f"SELECT ?x {where} ORDER BY {key}",
        f"SELECT ?x {{ {{ SELECT ?x {where} ORDER BY {key} LIMIT 30 }} }}",
    ):
        assert asking.ask(query)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(terms.filter(lambda term: term != "UNDEF"), min_size=1, max_size=30))
def test_the_extremes_are_the_ends_of_the_order(asking: Asking, values: list[str]) -> None:
    """Not those with times and infinite numbers among other literals, where any will do."""
    left_out = ("date", "gYear", "uration", "NaN", "INF")
    values = [value for value in values if not any(word in value for word in left_out)] or ["1"]
    inline = f"{{ VALUES ?x {{ {' '.join(values)} }} }}"
    ((least, greatest),) = asking.ask(f"SELECT (MIN(?x) AS ?a) (MAX(?x) AS ?b) {inline}")
    rows = [row[0] for row in asking.ask(f"SELECT ?x {inline} ORDER BY ?x")]
    assert rough(least) == rough(rows[0])
    assert rough(greatest) == rough(rows[-1])


def rough(term: str) -> tuple[Any, ...]:
    """The place of `term`, without what tells apart terms that compare as equal."""
    found = place(term)
    return found[:3] if found[0] == 2 else found[:2]


def main() -> None:
    for line in sys.stdin:
        # Whole terms: `answer` shortens the types of numbers.
        from kzgraph.sparql.evaluation import ask
        from kzgraph.sparql.job import Job
        from query_answers import data

        result: Any
        result, _ = ask(Job(json.loads(line), (), (), offers=(), timeout=10), data(), 100)
        rows = [[None if term is None else str(term) for term in row] for row in result]
        print(json.dumps(rows), flush=True)  # noqa: T201


def test_numbers_come_by_value_before_other_literals() -> None:
    query = 'SELECT ?x { VALUES ?x { "15" 10 2 "b"@en <urn:x> UNDEF 1.5 } } ORDER BY ?x'
    found = [row[0] for row in answer(query)]  # type: ignore[union-attr]
    assert found == [None, "<urn:x>", '"1.5"', '"2"', '"10"', '"15"', '"b"@en']


def test_dates_of_one_day_come_by_the_moment_at_which_they_begin(asking: Asking) -> None:
    days = ("2018-01-10+11:30", "2018-01-10", "2018-01-10-11:30")
    shuffled = " ".join(f'"{day}"^^xsd:date' for day in (days[2], *days[:2]))
    rows = asking.ask(f"SELECT ?x {{ VALUES ?x {{ {shuffled} }} }} ORDER BY ?x")
    assert [row[0].split('"')[1] for row in rows] == list(days)


if __name__ == "__main__":
    main()
