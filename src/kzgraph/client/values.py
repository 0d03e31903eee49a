"""SPARQL results as Python values, and as columns of pandas.

https://www.w3.org/TR/sparql11-results-json/#select-encode-terms
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, TypeAlias, cast

from kzgraph.datatypes import (
    BOOLEAN,
    BOOLEANS,
    DATE,
    DATE_TIME,
    DECIMAL,
    FLOATS,
    GYEAR,
    INTEGERS,
)

if TYPE_CHECKING:
    import pandas

#: A value of a row: None where the variable is not bound.
Value: TypeAlias = str | int | float | bool | Decimal | date | datetime | None

_READERS: dict[str, Callable[[str], Value]] = {
    **dict.fromkeys((*INTEGERS, GYEAR), int),
    DECIMAL: Decimal,
    **dict.fromkeys(FLOATS, float),
    BOOLEAN: BOOLEANS.__getitem__,
    DATE: date.fromisoformat,
    DATE_TIME: datetime.fromisoformat,
}

#: The types of columns without any value, by their datatypes; any other is text.
_OF_MISSING = {
    "integer": "Int64",
    "decimal": "Float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
    "dateTime": "datetime64[us]",
}


class Described(Protocol):
    """A column of a table, with its datatype as CSVW calls it."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def datatype(self) -> str:
        """Its datatype, without the prefix of XML Schema."""


def value(term: Mapping[str, str]) -> Value:
    """The Python value of a term in SPARQL's JSON.

    Numbers, booleans, dates and date-times become those of Python, years integers; IRIs, texts in
    any language, and ill-typed literals stay strings.

    >>> value({"type": "literal", "value": "2018", "datatype": GYEAR})
    2018
    >>> value({"type": "literal", "value": "қаз", "xml:lang": "kk"})
    'қаз'
    """
    text = term["value"]
    read = _READERS.get(term.get("datatype", ""))
    if read is None or term["type"] == "uri":
        return text
    try:
        return read(text)
    except (ValueError, KeyError, InvalidOperation):
        return text


def frame(names: Sequence[str], rows: Iterable[Mapping[str, Value]]) -> "pandas.DataFrame":
    """Rows as a data frame with a column for each name.

    Integers become `Int64`, other numbers `Float64` (decimals are rounded to its 15 digits or so),
    booleans `boolean`, dates and date-times `datetime64`, texts `string`: all of them nullable.
    A column of several types stays `object`.

    Raises:
        ImportError: pandas is not installed.
    """
    library = _import_pandas()
    found = list(rows)
    columns = {name: _column(library, [row[name] for row in found]) for name in names}
    return cast("pandas.DataFrame", library.DataFrame(columns, columns=list(names)))


def fit_columns(found: "pandas.DataFrame", columns: Iterable["Described"]) -> "pandas.DataFrame":
    """`found` with the types that its columns have by their description, where nothing is in them.

    So a column has the same type, whichever rows are chosen.

    Args:
        found: of `frame`.
        columns: what each is described as.
    """
    missing = {
        each.name: _OF_MISSING.get(each.datatype, "string")
        for each in columns
        if found[each.name].isna().all()
    }
    return found.astype(missing)


def read_csv(file: BinaryIO, columns: Sequence["Described"]) -> "pandas.DataFrame":
    """The rows of CSV as a data frame with the types that `frame` gives them.

    Args:
        file: the table, with a header; an empty field is no value, and `NA` a text.
        columns: what each column is described as.

    Raises:
        ImportError: pandas is not installed.
    """
    library = _import_pandas()
    types = {each.name: _OF_MISSING.get(each.datatype, "string") for each in columns}
    decimals = [each.name for each in columns if each.datatype == "decimal"]
    found = library.read_csv(
        file,
        dtype={**types, **dict.fromkeys(decimals, "string")},
        na_values=[""],
        keep_default_na=False,
    )
    for name in decimals:
        whole = not found[name].str.contains(".", regex=False).any() and found[name].notna().any()
        found[name] = found[name].astype("Int64" if whole else "Float64")
    return cast("pandas.DataFrame", found)


def _import_pandas() -> Any:
    try:
        import pandas
    except ImportError:
        raise ImportError("frames need pandas: pip install 'kzgraph[pandas]'") from None
    return pandas


def _column(pandas: Any, values: list[Value]) -> "pandas.Series[Any]":
    kinds = {type(each) for each in values if each is not None}
    numbers = [each for each in values if isinstance(each, int | float | Decimal)]
    if kinds == {int} and all(-(2**63) <= number < 2**63 for number in numbers):
        return pandas.Series(values, dtype="Int64")
    if kinds & {float, Decimal} and kinds <= {int, float, Decimal}:
        rounded = [
            float(each) if isinstance(each, int | float | Decimal) else None for each in values
        ]
        return pandas.Series(rounded, dtype="Float64")
    if kinds == {bool}:
        return pandas.Series(values, dtype="boolean")
    if kinds == {str}:
        return pandas.Series(values, dtype="string")
    moments = [each for each in values if isinstance(each, date)]
    if kinds in ({date}, {datetime}) and not any(map(_zone, moments)):
        # Seconds: nanoseconds, the old default, end in 2262.
        return pandas.Series(values, dtype="datetime64[s]" if kinds == {date} else "datetime64[us]")
    if kinds == {datetime} and all(map(_zone, moments)):
        return pandas.Series(pandas.to_datetime(values, utc=True))
    return pandas.Series(values, dtype="object")


def _zone(moment: date) -> bool:
    return isinstance(moment, datetime) and moment.tzinfo is not None
