"""From rows of an answer to points: what a figure's value is, where it stands in time, its page."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar

from pyoxigraph import Literal, NamedNode

from kzgraph.namespaces import Term
from kzgraph_server.charts.chart_queries import Row, link_query
from kzgraph_server.charts.model import Point
from kzgraph_server.pages.figure_values import EXPECTED, SIGNS, Kind
from kzgraph_server.pages.language import format_date, get_language
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.views import View, Viewer, address

T = TypeVar("T")


def read_point(
    row: Row,
    viewer: Viewer,
    kind: Kind | None = None,
    label: View | None = None,
    cells: str = "",
) -> Point:
    """The point of a row.

    Args:
        row: with ?value; and as far as they are known ?figure, ?year, ?date, ?status, ?bound,
            ?hedge, and of a sum ?cells, the number of its parts.
        viewer: finds labels.
        kind: what the value is, where the row does not tell it.
        label: what the value is of, where that is not a time.
        cells: the query for the parts of a sum.
    """
    figure = row.get("figure")
    added = "cells" in row and (figure is None or read_number(row, "cells") > 1)
    at, when = read_time(row)
    iri = figure.value if isinstance(figure, NamedNode) and not added else ""
    return Point(
        label=label.text if label else when,
        language=foreign(label) if label else None,
        value=Decimal(_text(row["value"])),
        kind=kind or read_kind(row),
        at=None if label else at,
        sign=_find(SIGNS, row.get("bound")) or "",
        hedge=_text(row.get("hedge")),
        iri=iri,
        href=address(NamedNode(iri)) if iri else link_query(cells) if cells else None,
    )


def read_kind(row: Row) -> Kind:
    """What the value of a row is: expected, a sum of official figures, hedged or exact."""
    expected = _find(EXPECTED, row.get("status"))
    if expected:
        return expected
    if "cells" in row:
        return Kind.OFFICIAL
    return Kind.HEDGED if _find(SIGNS, row.get("bound")) else Kind.EXACT


def read_time(row: Row) -> tuple[float | None, str]:
    """Where a row stands in time, in years, and how a page calls that.

    The end of a year, and a year as a whole, stand at that year; 1 January is the end of the year
    before, as it is for the concordance.
    """
    if "date" in row:
        day = date.fromisoformat(_text(row["date"]))
        if (day.month, day.day) == (12, 31):
            return float(day.year), str(day.year)
        passed = (day - date(day.year, 1, 1)).days
        return day.year - 1 + passed / 365.25, format_date(day)
    if "year" in row:
        return float(_text(row["year"])), _text(row["year"])
    return None, _("no date stated")


def list_sources(rows: tuple[Row, ...], viewer: Viewer) -> tuple[View, ...]:
    """The documents and files that rows are from, each once."""
    found = dict.fromkeys(row["source"] for row in rows if "source" in row)
    return tuple(viewer.named(each) for each in found if isinstance(each, NamedNode))


def read_node(row: Row, name: str) -> NamedNode:
    """The thing that `name` is in a row.

    Raises:
        KeyError: it is not bound, or to a literal.
    """
    found = row[name]
    if not isinstance(found, NamedNode):
        raise KeyError(name)
    return found


def read_year(row: Row, name: str = "year") -> int:
    """The year that `name` is in a row."""
    return read_number(row, name)


def read_number(row: Row, name: str) -> int:
    """The whole number that `name` is in a row."""
    return int(_text(row[name]))


def foreign(view: View) -> str | None:
    """The language of a label, where it is not that of the page."""
    return None if view.language in (None, "", get_language()) else view.language


def _find(codes: Mapping[NamedNode, T], term: Term | None) -> T | None:
    return codes.get(term) if isinstance(term, NamedNode) else None


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, Literal) else ""
