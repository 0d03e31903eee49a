"""Flattened tables of IATI activities as UNHCR publishes them: a file for each kind of element.

Each of the four tables is a source of its own, so that a row has its line in a file; the header
says which of them it is. A row becomes the elements that it was made of, and is mapped as those of
an activity file are. The tables state no scope of an activity and no share of a recipient: nothing
is concluded about them.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, islice

from kzgraph.sources import FaultList, Sink, Source, describe_separator, read_csv
from kzgraph.sources.xml_records import MOST_ELEMENTS, Element
from kzgraph_mappings.official.iati import claim
from kzgraph_mappings.official.iati_activity import (
    Context,
    write_recipients,
    write_status,
    write_title,
)
from kzgraph_mappings.official.iati_checks import Checks
from kzgraph_mappings.official.iati_figures import ActivityGraph
from kzgraph_mappings.official.iati_money import write_budgets, write_transactions
from kzgraph_mappings.official.iati_results import write_results
from kzgraph_mappings.official.iati_shared import Things
from kzgraph_mappings.official.iati_warnings import Warnings
from kzgraph_mappings.official.official_cells import show
from kzgraph_mappings.official.table_headers import find_separator, skip_blank_rows

#: The header of each table, by the part of an activity that it tells.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "activity": (
        "iati_identifier",
        "title_eng",
        "activity_status_code",
        "recipient_country_code",
    ),
    "budgets": (
        "iati_identifier",
        "budget_type",
        "budget_status",
        "budget_period_start",
        "budget_period_end",
        "budget_currency",
        "budget_value_date",
        "budget_value",
    ),
    "transactions": (
        "iati_identifier",
        "transaction_ref",
        "transaction_type_code",
        "transaction_date",
        "transaction_value_currency",
        "transaction_value_date",
        "transaction_value",
        "transaction_provider_org_type",
        "transaction_provider_org_ref",
        "transaction_provider_org",
        "transaction_receiver_org_type",
        "transaction_receiver_org",
    ),
    "results": (
        "iati_identifier",
        "result_type",
        "result_title",
        "result_indicator_title",
        "result_indicator_measure",
        "result_indicator_baseline_value",
        "result_indicator_baseline_year",
        "result_indicator_period_start",
        "result_indicator_period_end",
        "result_indicator_target_value",
        "result_indicator_actual_value",
    ),
}
#: The column that tells a table from the others.
_KEYS = {
    "activity": "recipient_country_code",
    "budgets": "budget_value",
    "transactions": "transaction_value",
    "results": "result_indicator_title",
}
#: Elements of IATI to the columns that their values stand in, where a fault is to be corrected.
_COLUMNS = {
    "activity": {
        "title": "title_eng",
        "activity-status": "activity_status_code",
        "recipient-country": "recipient_country_code",
    },
    "budgets": {
        "value": "budget_value",
        "period-start": "budget_period_start",
        "period-end": "budget_period_end",
    },
    "transactions": {
        "value": "transaction_value",
        "transaction-type": "transaction_type_code",
        "transaction-date": "transaction_date",
        "provider-org": "transaction_provider_org_type",
        "receiver-org": "transaction_receiver_org_type",
    },
    "results": {
        "result": "result_type",
        "title": "result_title",
        "indicator": "result_indicator_measure",
        "baseline": "result_indicator_baseline_year",
        "period-start": "result_indicator_period_start",
        "period-end": "result_indicator_period_end",
        "target": "result_indicator_target_value",
        "actual": "result_indicator_actual_value",
    },
}
#: The columns of all tables.
_NAMES = frozenset().union(*HEADERS.values())
#: How a data frame writes a whole number that stands in a column with gaps.
_FLOAT = re.compile(r"([0-9]+)\.0+")
#: The parts of an identifier of an activity that are the identifier of an organisation, as a rule:
#: https://iatistandard.org/en/guidance/preparing-organisation/organisation-account/how-to-create-your-iati-organisation-identifier/
_ORGANISATION_PARTS = 3


@dataclass(frozen=True)
class _Row:
    """A row of a table."""

    line: int
    cells: Mapping[str, str]

    def code(self, column: str) -> str:
        """A code, without the decimals that a data frame added to it."""
        match = _FLOAT.fullmatch(self.cells[column])
        return match[1] if match else self.cells[column]

    def element(self, name: str, *children: Element, text: str = "", **attributes: str) -> Element:
        """An element that the row was made of; attributes with `_` for a hyphen."""
        named = {key.replace("_", "-"): value for key, value in attributes.items() if value}
        return Element(name, named, self.line, text, list(children))

    def named(self, name: str, text: str, **attributes: str) -> Element:
        """An element with the name of something, if it has one."""
        narratives = [self.element("narrative", text=text)] if text else []
        return self.element(name, *narratives, **attributes)


def recognize(head: bytes) -> bool:
    """Whether a file with this beginning is one of the tables."""
    first = head.split(b"\n", 1)[0].decode("utf-8", "replace").lstrip("\ufeff")
    names = {name.strip().strip('"') for name in first.split(",")}
    return any(names.issuperset(header) for header in HEADERS.values())


def map_tables(source: Source, sink: Sink) -> None:
    """Map one of the tables.

    Raises:
        SourceFaults: it is none of them, or rows of it are faulty.
    """
    faults = FaultList(source.path.name)
    part, rows = _read(source, faults)
    warnings = Warnings()
    checks = Checks(faults, warnings.add, columns=_COLUMNS[part])
    checks.language = "en"
    things = Things(sink)
    last: dict[str, int] = {}
    for identifier, group in groupby(rows, lambda row: row.cells["iati_identifier"]):
        own = list(islice(group, MOST_ELEMENTS + 1))
        if len(own) > MOST_ELEMENTS:
            what = f"the activity has more than {MOST_ELEMENTS} rows"
            raise faults.stop(own[-1].line, "iati_identifier", what, "divide the table")
        sink.advance(len(own))
        if not identifier or identifier in last:
            faults.add(own[0].line, "iati_identifier", *_misplaced(identifier, last))
            continue
        last[identifier] = own[-1].line
        graph = ActivityGraph(identifier, things, sink)
        graph.is_written = claim(sink, identifier, part)
        reporter = "-".join(identifier.split("-")[:_ORGANISATION_PARTS])
        context = Context(graph, things, checks, reporter, "", None, is_secondary=False)
        _WRITERS[part](own, context)
    if not last:
        faults.add(0, "", "the table has no rows", "fetch the file again, and ingest that")
    faults.check()
    warnings.tell(sink.tell)


def _misplaced(identifier: str, last: Mapping[str, int]) -> tuple[str, str]:
    """What is wrong with where rows of an activity are, and what would be right."""
    if not identifier:
        return "the cell is empty", "name the activity"
    return (
        f"the activity {identifier} had rows up to line {last[identifier]}",
        "let the rows of an activity follow each other",
    )


def _read(source: Source, faults: FaultList) -> tuple[str, Iterator[_Row]]:
    """Which part of an activity a table tells, and its rows."""
    records = skip_blank_rows(read_csv(source, faults, ends_in_line=True))
    first, header = next(records, (1, []))
    names = [name.strip() for name in header]
    parts = [part for part, key in _KEYS.items() if key in names]
    if separator := find_separator(names, lambda cells: len(_NAMES.intersection(cells))):
        raise faults.stop(first, "", *describe_separator(separator))
    if len(parts) != 1:
        raise faults.stop(
            first,
            "",
            f"the header ({', '.join(names)[:80]}) is not that of one of the tables",
            "ingest a table of activities, budgets, transactions or results, each by itself, which "
            f"has {', '.join(_KEYS.values())} among its columns",
        )
    wanted = HEADERS[parts[0]]
    missing = [name for name in wanted if name not in names]
    twice = sorted({name for name in names if names.count(name) > 1})
    if missing or twice:
        what = (
            f"lacks {', '.join(missing)}" if missing else f"has {', '.join(map(show, twice))} twice"
        )
        remedy = f"name each column of the table once: {', '.join(wanted)}"
        raise faults.stop(first, "", f"the header {what}", remedy)
    return parts[0], _rows(records, names, faults)


def _rows(
    records: Iterator[tuple[int, list[str]]], names: list[str], faults: FaultList
) -> Iterator[_Row]:
    for line, cells in records:
        if len(cells) != len(names):
            faults.add(
                line,
                "",
                f"the row has {len(cells)} cells, and the header {len(names)}",
                "give it one cell for each column",
            )
            continue
        yield _Row(line, dict(zip(names, (cell.strip() for cell in cells), strict=True)))


def _write_activities(rows: list[_Row], context: Context) -> None:
    for row in rows[1:]:
        again = row.element("iati_identifier")
        context.checks.add(again, "the activity has a row already", "keep one of the two")
    row = rows[0]
    recipient = row.cells["recipient_country_code"]
    activity = row.element(
        "iati-activity",
        row.named("title", row.cells["title_eng"]),
        row.element("activity-status", code=row.code("activity_status_code")),
        *([row.element("recipient-country", code=recipient)] if recipient else []),
    )
    graph, things = context.graph, context.things
    reporter = things.organisation(context.reporter, (), "", context.reporter)
    if reporter:
        graph.say(graph.node, "dcterms:publisher", reporter)
    write_title(activity, context.checks, graph)
    write_status(activity, things, context.checks, graph)
    write_recipients(activity, context.reporter, things, context.checks, graph)


def _write_budgets(rows: list[_Row], context: Context) -> None:
    budgets = [
        row.element(
            "budget",
            row.element("period-start", iso_date=row.cells["budget_period_start"]),
            row.element("period-end", iso_date=row.cells["budget_period_end"]),
            _value(row, "budget_value", "budget_currency", "budget_value_date"),
            type=row.code("budget_type"),
            status=row.code("budget_status"),
        )
        for row in rows
    ]
    write_budgets(rows[0].element("iati-activity", *budgets), context)


def _write_transactions(rows: list[_Row], context: Context) -> None:
    transactions = [
        row.element(
            "transaction",
            row.element("transaction-type", code=row.code("transaction_type_code")),
            row.element("transaction-date", iso_date=row.cells["transaction_date"]),
            _value(
                row, "transaction_value", "transaction_value_currency", "transaction_value_date"
            ),
            row.named(
                "provider-org",
                row.cells["transaction_provider_org"],
                ref=row.cells["transaction_provider_org_ref"],
                type=row.code("transaction_provider_org_type"),
            ),
            row.named(
                "receiver-org",
                row.cells["transaction_receiver_org"],
                type=row.code("transaction_receiver_org_type"),
            ),
            ref=row.cells["transaction_ref"],
        )
        for row in rows
    ]
    write_transactions(rows[0].element("iati-activity", *transactions), context)


def _value(row: _Row, amount: str, currency: str, day: str) -> Element:
    """The amount of a row, by its columns."""
    cells = row.cells
    return row.element("value", text=cells[amount], currency=cells[currency], value_date=cells[day])


def _write_results(rows: list[_Row], context: Context) -> None:
    """Write the results of an activity, each of one type and title, with indicators of one title.

    Several rows of one title and period were told apart by what the tables leave out, such as
    places: each is an indicator of its own, so that a target meets the result of its own row.
    """
    results: dict[tuple[str, ...], Element] = {}
    indicators: dict[tuple[object, ...], Element] = {}
    told: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        kind, title = row.code("result_type"), row.cells["result_title"]
        measure, name = row.code("result_indicator_measure"), row.cells["result_indicator_title"]
        result = results.get((kind, title))
        if result is None:
            result = row.element("result", row.named("title", title), type=kind)
            results[kind, title] = result
        period = tuple(row.cells[f"result_indicator_period_{end}"] for end in ("start", "end"))
        named = (kind, title, name, measure, *period)
        key = (kind, title, name, measure, told[named])
        told[named] += 1
        indicator = indicators.get(key)
        if indicator is None:
            indicator = row.element("indicator", row.named("title", name), measure=measure)
            indicators[key] = indicator
            result.children.append(indicator)
        indicator.children += _values(row)
    write_results(rows[0].element("iati-activity", *results.values()), context)


def _values(row: _Row) -> Iterator[Element]:
    """The baseline and the period of a row of results."""
    value, year = (row.cells[f"result_indicator_baseline_{name}"] for name in ("value", "year"))
    if value or year:
        yield row.element("baseline", value=value, year=row.code("result_indicator_baseline_year"))
    yield row.element(
        "period",
        row.element("period-start", iso_date=row.cells["result_indicator_period_start"]),
        row.element("period-end", iso_date=row.cells["result_indicator_period_end"]),
        row.element("target", value=row.cells["result_indicator_target_value"]),
        row.element("actual", value=row.cells["result_indicator_actual_value"]),
    )


#: Part of an activity to what writes the rows of one activity.
_WRITERS: Mapping[str, Callable[[list[_Row], Context], None]] = {
    "activity": _write_activities,
    "budgets": _write_budgets,
    "transactions": _write_transactions,
    "results": _write_results,
}
