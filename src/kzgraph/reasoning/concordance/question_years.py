"""The years that the time of a figure asks official tables for, and those near it."""

from datetime import date

from kzgraph.reasoning.figures import Span


def stock_years(span: Span | None) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The year whose end a stock is of, and the years that it may be taken for.

    >>> stock_years(Span(date(2024, 1, 1), date(2024, 1, 1)))
    ((2023,), (2022, 2024))
    >>> stock_years(Span(date(2024, 7, 10), date(2024, 7, 10)))
    ((), (2023, 2024))
    """
    if span is None or span.start is None or span.end is None:
        return (), ()
    start, end = span.start, span.end
    whole_year = (start.month, start.day) == (1, 1) and end == date(start.year, 12, 31)
    if whole_year or start == end == date(end.year, 12, 31):
        return (end.year,), (end.year - 1, end.year + 1)
    if start == end == date(start.year, 1, 1):
        return (start.year - 1,), (start.year - 2, start.year)
    return (), (start.year - 1, end.year)


def flow_years(span: Span | None) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The whole years that a flow covers, and the year before and after one of one year.

    >>> flow_years(Span(date(2018, 1, 1), date(2018, 12, 31)))
    ((2018,), (2017, 2019))
    >>> flow_years(Span(date(2018, 1, 1), date(2018, 6, 30)))
    ((), ())
    """
    if span is None or span.start is None or span.end is None:
        return (), ()
    start, end = span.start, span.end
    if (start.month, start.day, end.month, end.day) != (1, 1, 12, 31):
        return (), ()
    years = tuple(range(start.year, end.year + 1))
    return years, (start.year - 1, start.year + 1) if len(years) == 1 else ()
