"""Constraints between cells, rows and tables, beyond the format of one cell."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from kzgraph.faults import Fault
from kzgraph.iri import ID
from kzgraph.reach import reach
from kzgraph.resources import folder
from kzgraph.tables.hedges import Hedges
from kzgraph.tables.reader import Findings, Row
from kzgraph.tables.schema import NUMBER_COLUMNS, Column
from kzgraph.tables.span_rows import check_span_rows
from kzgraph.tables.spans import SPAN_COLUMNS, parse_span
from kzgraph.tables.times import parse_time

#: The largest scheme whose codes a message lists in full.
_FEW = 12

#: The kinds of unit, codes of `unit-kind`, whose numbers are whole.
_COUNTED = {"people", "count"}

#: The code in `concepts` of the row that describes the scheme itself.
SCHEME_CODE = "scheme"


def path_of(row: Row) -> str:
    """The path after `id/` of the row's subject."""
    if row.schema.name == "concepts" and row.get("code") == SCHEME_CODE:
        return f"scheme/{row.get('scheme')}"
    return row.iri.removeprefix(ID)


def check_rows(rows: list[Row], findings: Findings) -> list[Fault]:
    """Every fault between rows.

    Args:
        rows: the rows that are valid by themselves.
        findings: what else reading them found. What a faulty row defines is known, and what it
            refers to is checked; where a table lost rows, references to its things are not.
    """
    unread = {fault.file for fault in findings.faults}
    paths: dict[str, Row] = {}
    faults: list[Fault] = []
    everything = sorted([*rows, *findings.refused], key=lambda row: (row.file, row.line))
    for row in everything:
        path = path_of(row)
        first = paths.setdefault(path, row)
        if first is not row:
            faults.append(
                row.fault(
                    row.schema.primary_key[-1],
                    f"{path} is already at {first.file}:{first.line}",
                    "give each row a key of its own",
                )
            )
    faults += _check_documents(rows, unread)
    known = set(paths) | derived_paths(everything)
    open_heads = _open_heads(findings)
    if open_heads is not None:
        faults += _check_references(everything, known, open_heads)
    lengths = {row.folder: int(row.require("length")) for row in rows if _is_document(row)}
    hedges = Hedges.of(everything)
    for row in rows:
        faults += _check_spans(row, lengths.get(row.folder))
        if "hedge" in row.cells and open_heads is not None:
            faults += _check_hedge(row, hedges)
        if "unit" in row.cells:
            faults += _check_count(row, paths)
        for check in _ROW_CHECKS.get(row.schema.name, ()):
            faults += check(row)
    faults += _check_cycles(paths)
    faults += check_span_rows(everything, unread)
    return faults


def _open_heads(findings: Findings) -> set[str] | None:
    """How the paths begin of things that may be in rows that were lost; None: in any way."""
    heads = {schema.about_url.removeprefix(ID).partition("/")[0] for schema in findings.lost}
    return None if any("{" in head for head in heads) else heads


def _is_document(row: Row) -> bool:
    return row.schema.name == "document"


def _check_documents(rows: list[Row], unread: set[str]) -> Iterator[Fault]:
    described: dict[str, Row] = {}
    for row in filter(_is_document, rows):
        if row.get("slug") != row.folder:
            yield row.fault(
                "slug", f"the folder is called {row.folder!r}", "name slug and folder alike"
            )
        elif row.folder in described:
            yield row.fault("slug", "the document has two rows", "keep one row")
        described[row.folder] = row
    for row in rows:
        file = f"{row.folder}/document.csv"
        if row.schema.is_fact and row.folder not in described and file not in unread:
            described[row.folder] = row
            yield Fault.of_file(file, "the document is not described", "add the table document.csv")


def derived_paths(rows: Iterable[Row]) -> set[str]:
    """Paths of things that there are alongside the rows' own subjects.

    The mapping makes times and data sets; the data sets of official tables are in the ontology.
    """
    paths = {f"dataset/{path.stem}" for path in (folder("mappings") / "sources").glob("*.json")}
    for row in rows:
        for column in ("time", "base_time"):
            paths |= {f"time/{parse_time(item).slug}" for item in row.cells.get(column, ())}
        if "unit" in row.cells:
            paths.add(f"dataset/{row.schema.name}")
    return paths


def _check_references(
    rows: Iterable[Row], known: set[str], open_heads: set[str]
) -> Iterator[Fault]:
    by_head: dict[str, list[str]] = {}
    for path in sorted(known):
        by_head.setdefault(path.partition("/")[0], []).append(path)
    for row in rows:
        for column in row.schema.columns:
            if not (column.refers or column.scheme) or path_of(row).startswith("scheme/"):
                continue
            for item in row.cells[column.name]:
                path = f"{column.scheme}/{item}" if column.scheme else item
                if path not in known and path.partition("/")[0] not in open_heads:
                    heads = by_head.get(path.partition("/")[0], [])
                    yield _unknown_reference(row, column, item, path, heads)


def _unknown_reference(row: Row, column: Column, item: str, path: str, heads: list[str]) -> Fault:
    near = difflib.get_close_matches(path, heads, 3, 0.5)
    if column.scheme:
        codes = [head.partition("/")[2] for head in (heads if len(heads) <= _FEW else near)]
        return row.fault(
            column.name,
            f"{item!r} is not a code of the scheme {column.scheme}",
            "use " + ", ".join(codes) if codes else "use a code of concepts.csv, or add one",
        )
    return row.fault(
        column.name,
        f"{item!r} is not a thing of the tables",
        f"did you mean {' or '.join(near)}?" if near else "add it to its table",
    )


def _check_spans(row: Row, length: int | None) -> Iterator[Fault]:
    for name, longest in SPAN_COLUMNS.items():
        for item in row.cells.get(name, ()):
            try:
                span = parse_span(item)
            except ValueError as error:
                yield row.fault(name, str(error), "write start-end, start before end: 914-933")
                continue
            size = span.end - span.start
            if str(span) != item:
                yield row.fault(name, f"{item} has a leading zero", f"write {span}")
            if longest and size > longest:
                remedy = f"take the smallest text that supports the fact, at most {longest}"
                yield row.fault(name, f"the span {item} is {size} long", remedy)
            if length is not None and span.end > length:
                remedy = f"the document is {length} code points long"
                yield row.fault(name, f"the span {item} ends outside the document", remedy)


def _fault_of_number(row: Row) -> Fault | None:
    """At most one fault about value and what goes with it, so that no two remedies disagree."""
    availability = row.get("availability") or "published"
    published, number = availability == "published", _number(row)
    bound, hedge = row.get("bound"), row.get("hedge")
    if published and number is None:
        remedy = "give the number and its bound, or the availability, such as not-published"
        if bound or hedge:
            remedy += ", and then neither bound nor hedge"
        return row.fault("value", "no value, and availability does not say why", remedy)
    if not published and number is not None:
        return row.fault(
            "value",
            f"a value, but availability says none ({availability})",
            "empty availability, or empty value, least, most, bound and hedge",
        )
    if number is None:
        return None
    if row.get("least") or row.get("most") or bound == "range":
        return _fault_of_range(row)
    if bound is None:
        remedy = "write the bound that the hedge means" if hedge else "write exact, if no hedge"
        return row.fault("bound", "a value has a bound, and this has none", remedy)
    if hedge is None and bound != "exact":
        return row.fault(
            "hedge",
            f"a hedge goes with the bound {bound}",
            "give the document's word, or set bound to exact",
        )
    if hedge and bound == "exact":
        return row.fault(
            "hedge",
            f"a hedge goes with a bound that is not exact, and {hedge!r} has exact",
            "set bound to what the hedge means, or empty the hedge if it goes with another number",
        )
    return None


def _fault_of_range(row: Row) -> Fault | None:
    """The fault of a range: it has two ends in order, no value, and a bound of its own."""
    least, most, value = row.get("least"), row.get("most"), row.get("value")
    if value is not None:
        remedy = "empty value, or empty least and most and give the value's bound"
        return row.fault("value", "a value and a range", remedy)
    if least is None or most is None:
        missing = "least" if least is None else "most"
        return row.fault(missing, "a range has two ends", "give both, as in least 5000, most 10000")
    if Decimal(least) >= Decimal(most):
        return row.fault("most", f"{least} is not less than {most}", "write the lower end in least")
    if row.get("bound") != "range":
        return row.fault("bound", "least and most are the ends of a range", "write range")
    return None


def _number(row: Row) -> str | None:
    """The value of a figure, or where a range begins; None where it has neither."""
    return next((row.cells[name][0] for name in NUMBER_COLUMNS if row.cells[name]), None)


def _check_figure(row: Row) -> Iterator[Fault]:
    """Faults of value, range, availability, bound and hedge, and a percentage of nothing."""
    fault = _fault_of_number(row)
    if fault:
        yield fault
    number = _number(row)
    if number is None and not fault:
        for name in ("bound", "hedge"):
            if row.get(name):
                yield row.fault(name, f"a {name}, but no value", "empty it")
    percentage = row.get("unit") == "percent" and number is not None
    of_what = any(row.cells.get(name) for name in ("base", "base_group", "base_time"))
    if percentage and not of_what and row.schema.name != "indicators":
        remedy = "name the figure that it is of, or fill base_group (REF) or base_time (2017)"
        yield row.fault("base", "a percentage of what?", remedy)


def _check_count(row: Row, paths: Mapping[str, Row]) -> Iterator[Fault]:
    """Check that what is counted has a whole number, below zero only if the concept says so."""
    unit = paths.get(f"unit/{row.get('unit')}")
    if unit is None or not _COUNTED & set(unit.cells["unit_kinds"]):
        return
    names = [name for name in ("quantity", "indicator") if name in row.cells]
    concepts = [paths.get(f"{name}/{row.get(name)}") for name in names]
    signed = any(each and each.get("may_be_negative") == "true" for each in concepts)
    remedy = "write a whole number" if signed else "write a whole number from 0"
    for name in NUMBER_COLUMNS:
        for value in row.cells[name]:
            if not (value.removeprefix("-") if signed else value).isdigit():
                yield row.fault(name, f"{value} cannot be counted", remedy)


def _check_hedge(row: Row, hedges: Hedges) -> Iterator[Fault]:
    """A hedge is a known hedge, and its bound one that the hedge can mean."""
    hedge, bound = row.get("hedge"), row.get("bound")
    if hedge is None or bound in {None, "exact"}:
        return
    meant = sorted(hedges.bounds(hedge))
    if meant and bound == "range":
        return  # some 5 to 7 per cent
    if not meant:
        yield row.fault(
            "hedge",
            f"{hedge!r} is not a known hedge",
            "give the document's word, such as over, some or up to; a new one goes into the"
            " alternative names of its bound in concepts.csv",
        )
    elif bound not in meant:
        yield row.fault(
            "bound", f"{hedge!r} does not make a bound {bound!r}", f"write {' or '.join(meant)}"
        )


def _check_hours(row: Row) -> Iterator[Fault]:
    if row.require("opens") >= row.require("closes"):
        yield row.fault("closes", "closes before it opens", "write 24-hour times")


def _check_contact(row: Row) -> Iterator[Fault]:
    given = [
        name
        for name in ("email", "telephone", "street", "postal_code", "time_zone")
        if row.cells[name]
    ]
    if bool(given) == (row.get("availability") in {"masked", "target-lost", "not-published"}):
        remedy = (
            f"empty it, or empty {' and '.join(given)}"
            if given
            else "give the address, or the availability, such as masked"
        )
        yield row.fault("availability", "an address or a reason why there is none", remedy)


def _check_link(row: Row) -> Iterator[Fault]:
    if (row.get("url") is None) == (row.get("availability") in {None, "published"}):
        remedy = (
            "empty it, or empty availability"
            if row.get("url")
            else "give the address, or the availability, such as target-lost"
        )
        yield row.fault("url", "an address or a reason why there is none", remedy)


_ROW_CHECKS: dict[str, tuple[Callable[[Row], Iterable[Fault]], ...]] = {
    "population": (_check_figure,),
    "contributions": (_check_figure,),
    "finance": (_check_figure,),
    "indicators": (_check_figure,),
    "opening_hours": (_check_hours,),
    "contact_points": (_check_contact,),
    "references": (_check_link,),
}


#: Columns that lead from a part to its whole, or from a concept to a broader one.
_UPWARDS = ("component_of", "included_in", "within", "unit_of", "broader")


def _check_cycles(paths: dict[str, Row]) -> Iterator[Fault]:
    """No figure, place, unit or concept may be a part of itself."""
    for column in _UPWARDS:
        parents = {
            path: [iri.removeprefix(ID) for iri in row.object_iris(column)]
            for path, row in paths.items()
            if row.cells.get(column)
        }
        for path in parents:
            if path in _above(path, parents):
                yield paths[path].fault(column, "it is a part of itself", "name its whole")


def _above(path: str, parents: Mapping[str, list[str]]) -> Iterable[str]:
    return reach(parents[path], lambda at: parents.get(at, ()))
