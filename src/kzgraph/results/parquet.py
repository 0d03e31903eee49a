"""An Apache Parquet file with the rows of a SELECT result, its columns typed.

https://parquet.apache.org/docs/file-format/

A column has a type of its own where every value in it does: integer (64 bits), decimal, double,
boolean, date, dateTime (to the microsecond; with time zones: in UTC, without: local). Integers
among decimals, and those beyond 64 bits, make it a decimal of at most 38 digits. All else is a
string: the IRI, the label of the blank node, or what the literal has between its quotes. Years
before 1 and after 9999 are left as strings, because most readers know no such dates.

Kind, language and datatype of terms are in the metadata of the file, under the key `kzgraph`, as
JSON: `{"columns": {"x": {"terms": T}}}`. T is `uri`, `bnode` or `triple`; of literals `@` with the
language, or the IRI of the datatype; null where the column is empty. Where the terms of a column
differ, it is `{"terms_in": "x.terms"}`, and the column `x.terms` has the T of each row. No
variable can be called so. Beside `columns`, `credit` has whose data it is.

The types are known only behind the last row, so the rows wait in a temporary file; then they are
written a row group at a time.
"""

import json
from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO

from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
from arro3.io import write_parquet

from kzgraph.namespaces import Term
from kzgraph.problem import Problem
from kzgraph.results.columns import MAX_DIGITS, Column, Kind
from kzgraph.results.terms import Writer, annotation, plain

#: The metadata's key.
KEY = "kzgraph"

#: The largest result that may wait, in bytes.
MAX_WAITING = 1024 * 1024 * 1024
_IN_MEMORY = 1024 * 1024

#: A row group holds at most so many rows, and fewer where its text would be beyond so many bytes.
_GROUP_ROWS = 65_536
_GROUP_BYTES = 32 * 1024 * 1024
_BLOCK_ROWS = 64

_Cell = tuple[str, str]


class ParquetWriter(Writer):
    """Writes a Parquet file; nothing reaches the output before the last row is read.

    Raises in `row`:
        Problem: 422, the result is larger than what may wait in a temporary file.
    """

    def __init__(self, variables: Sequence[str], out: BinaryIO, credit: str = "") -> None:
        if not variables:
            raise Problem(422, "The result has no columns, which Parquet cannot express.")
        self._names = list(variables)
        self._credit = credit
        self._out = out
        self._columns = [Column() for _ in variables]
        self._waiting = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
        self._size = 0
        self._rows = 0
        self._blocks: list[int] = []  # the bytes of each block of rows

    def row(self, terms: Sequence[Term | None]) -> None:
        """Keep one row."""
        cells: list[_Cell | None] = []
        for column, term in zip(self._columns, terms, strict=True):
            if term is None:
                cells.append(None)
                continue
            cell = annotation(term), plain(term)
            column.see(*cell)
            cells.append(cell)
        line = json.dumps(cells).encode() + b"\n"
        self._size += len(line)
        if self._size > MAX_WAITING:
            raise Problem(
                422,
                f"The result is larger than {MAX_WAITING // 2**20} MiB, the most that is written "
                "as Parquet. Ask for less, or for format=csv.",
            )
        if self._rows % _BLOCK_ROWS == 0:
            self._blocks.append(0)
        self._blocks[-1] += len(line)
        self._rows += 1
        self._waiting.write(line)

    def finish(self) -> None:
        """Write the file."""
        schema = Schema(list(self._fields()), metadata={KEY: self._metadata()})
        group = self._group_rows()
        self._waiting.seek(0)
        write_parquet(
            # From a generator the batches are taken one by one.
            RecordBatchReader.from_batches(schema, self._batches(schema, group)),
            self._out,
            compression="snappy",
            max_row_group_size=group,
            # Also next to the schema, for readers that know nothing of Arrow.
            key_value_metadata={KEY: self._metadata()},
        )

    def close(self) -> None:
        """Remove the temporary file."""
        self._waiting.close()

    def _fields(self) -> Iterator[Field]:
        for name, column in zip(self._names, self._columns, strict=True):
            yield Field(name, _type(column), nullable=True)
            if column.mixed:
                yield Field(_companion(name), DataType.string(), nullable=True)

    def _metadata(self) -> str:
        columns = {
            name: {"terms_in": _companion(name)} if column.mixed else {"terms": column.annotation}
            for name, column in zip(self._names, self._columns, strict=True)
        }
        credit = {"credit": self._credit} if self._credit else {}
        return json.dumps({"columns": columns, **credit}, ensure_ascii=False)

    def _group_rows(self) -> int:
        """The most rows, a multiple of a block, such that no group has too much text."""
        blocks = _GROUP_ROWS // _BLOCK_ROWS
        while blocks > 1 and any(
            sum(self._blocks[start : start + blocks]) > _GROUP_BYTES
            for start in range(0, len(self._blocks), blocks)
        ):
            blocks //= 2
        return blocks * _BLOCK_ROWS

    def _batches(self, schema: Schema, size: int) -> Iterator[RecordBatch]:
        lines: list[list[_Cell | None]] = []
        for line in self._waiting:
            lines.append(json.loads(line))
            if len(lines) == size:
                yield self._batch(schema, lines)
                lines = []
        if lines:
            yield self._batch(schema, lines)

    def _batch(self, schema: Schema, lines: Sequence[Sequence[_Cell | None]]) -> RecordBatch:
        arrays: list[Any] = []
        for column, cells in zip(self._columns, zip(*lines, strict=True), strict=True):
            values = [None if cell is None else column.value(cell[1]) for cell in cells]
            raw, final = _raw_type(column), _type(column)
            array = Array(values, raw)
            arrays.append(array if raw == final else array.cast(final))
            if column.mixed:
                kinds = [None if cell is None else cell[0] for cell in cells]
                arrays.append(Array(kinds, DataType.string()))
        return RecordBatch.from_arrays(arrays, schema=schema)


def _companion(name: str) -> str:
    return f"{name}.terms"


def _type(column: Column) -> DataType:
    """The Arrow type of `column`, from which its Parquet type follows."""
    if column.kind is Kind.DECIMAL:
        return DataType.decimal128(MAX_DIGITS, column.scale)
    if column.kind is Kind.DATE:
        return DataType.date32()
    if column.kind is Kind.LOCAL:
        return DataType.timestamp("us")
    if column.kind is Kind.INSTANT:
        return DataType.timestamp("us", tz="UTC")
    return _raw_type(column)


def _raw_type(column: Column) -> DataType:
    """The type of the values as Python has them, which is cast to the type of the column."""
    if column.kind in (Kind.INTEGER, Kind.LOCAL, Kind.INSTANT):
        return DataType.int64()
    if column.kind is Kind.DATE:
        return DataType.int32()
    if column.kind is Kind.DOUBLE:
        return DataType.float64()
    if column.kind is Kind.BOOLEAN:
        return DataType.bool()
    return DataType.string()
