"""Reading the rows of a table from its file of Parquet; this runs in a worker.

DuckDB reads it, which is let at this one file and at nothing else. Rows come in the order of the
file, and are written while they are read: as CSV by DuckDB itself, in any other format as the rows
of a query are.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from pyoxigraph import Literal, NamedNode

from kzgraph.columns.column_file import open_reader
from kzgraph.datatypes import DECIMAL, INTEGER
from kzgraph.namespaces import XSD, Term
from kzgraph.rdf.formats import BY_NAME, HXL_FORMATS, RESULTS_CSV, unacceptable
from kzgraph.rdf.graph_writer import Output
from kzgraph.results.page import announcement, spool_rows, write_rows
from kzgraph.sparql.evaluation import Evaluated, find_tags, no_tags
from kzgraph.sparql.job import Header, Job
from kzgraph.tidy.file_tables import FileColumn
from kzgraph.tidy.row_choice import RowChoice

if TYPE_CHECKING:
    import duckdb

#: Rows that are taken from DuckDB at a time.
_ROWS = 1000
#: Bytes of a spooled page that are copied at a time.
_COPIED = 64 * 1024
#: The files that stay open in a worker.
_OPEN = 4


def evaluate_choice(job: Job, dumps: Path, memory_mib: int, max_nesting: int) -> Evaluated:
    """The rows that a job chooses, as `evaluate` has those of a query.

    Args:
        job: its query is a `RowChoice`, its second offer the name of a format.
        dumps: the folder of the dumps of the release.
        memory_mib: what DuckDB may take.
        max_nesting: how deep brackets and signs may nest in a query.

    Raises:
        Problem: 406, where the format has no room for hashtags, or the table has none.
        MemoryError: DuckDB needs more.
        duckdb.Error: the file cannot be read.
    """
    choice = RowChoice.from_text(job.query)
    chosen = BY_NAME[job.offers[1]]
    if job.hxl and chosen not in HXL_FORMATS:
        reason = "The answer is a table with hashtags, for which the format asked for will not do."
        raise unacceptable(reason, HXL_FORMATS)
    tags = _find_tags(choice, max_nesting) if job.hxl else None
    names = [each.name for each in choice.columns]
    # One row more than a page has, which tells that there are more.
    most = None if job.max_rows is None else job.max_rows + 1
    reader = _Reader(choice, dumps, memory_mib, job.offset, most)
    header = Header(chosen.content_type, chosen.name, {}, volatile=False)
    if job.max_rows is None and chosen.results is not None:

        def stream(output: Output) -> None:
            if chosen is RESULTS_CSV and len(names) > 1:
                _write_csv(reader, names, tags, output)
            else:
                file = cast("BinaryIO", output)  # The writers of rows use no more of a file.
                write_rows(names, reader.terms(), chosen, file, tags=tags)

        return Evaluated(header, stream)
    count, page = spool_rows(
        names, reader.terms(), chosen, max_rows=job.max_rows, tags=tags, credit=choice.credit
    )
    if job.max_rows is not None:
        header.headers.update(announcement(count, max_rows=job.max_rows, offset=job.offset))

    def copy(output: Output) -> None:
        with page:
            while part := page.read(_COPIED):
                output.write(part)

    return Evaluated(header, copy)


def _find_tags(choice: RowChoice, max_nesting: int) -> list[str]:
    """The hashtags of the columns.

    Raises:
        Problem: 406, none has one.
    """
    if choice.query:
        return find_tags(choice.query, [each.name for each in choice.columns], max_nesting)
    tags = [each.tag for each in choice.columns]
    if not any(tags):
        raise no_tags()
    return tags


class _Reader:
    """Reads the rows of a choice.

    Args:
        choice: which rows.
        dumps: the folder that its file is in.
        memory_mib: what DuckDB may take.
        offset: the rows to leave out first.
        most: how many rows at most; None for all.
    """

    def __init__(
        self, choice: RowChoice, dumps: Path, memory_mib: int, offset: int, most: int | None
    ) -> None:
        self._columns = choice.columns
        self._file = dumps / choice.file
        self._memory = memory_mib
        self._given = [str(self._file), *(each for one in choice.conditions for each in one.values)]
        tests = " AND ".join(
            f"{_quote(each.column)} IN ({', '.join('?' * len(each.values))})"
            for each in choice.conditions
        )
        page = f" OFFSET {offset:d}" if offset else ""
        page = page if most is None else f" LIMIT {most:d}{page}"
        self._rest = f" FROM read_parquet(?){' WHERE ' if tests else ''}{tests}{page}"

    def terms(self) -> Iterator[tuple[Term | None, ...]]:
        """The rows as those of a query are."""
        make = [_maker(each) for each in self._columns]
        for row in self._fetch(", ".join(map(_as_text, self._columns))):
            yield tuple(
                None if text is None else term(text) for term, text in zip(make, row, strict=True)
            )

    def lines(self) -> Iterator[str]:
        """The rows as lines of CSV."""
        fields = ", ".join(map(_as_field, self._columns))
        for (line,) in self._fetch(f"concat_ws(',', {fields}) || chr(13) || chr(10)"):
            yield line

    def _fetch(self, selected: str) -> Iterator[tuple[Any, ...]]:
        import duckdb

        try:
            cursor = _open(self._file, self._memory).cursor()
            found = cursor.execute(f"SELECT {selected}{self._rest}", self._given)
            while rows := found.fetchmany(_ROWS):
                yield from rows
        except duckdb.OutOfMemoryException:
            raise MemoryError from None


@lru_cache(maxsize=_OPEN)
def _open(path: Path, memory_mib: int) -> "duckdb.DuckDBPyConnection":
    return open_reader(path, memory_mib)


def _write_csv(
    reader: _Reader, names: Sequence[str], tags: Sequence[str] | None, output: Output
) -> None:
    """Write what `write_rows` writes as CSV, but quicker: no terms are made."""
    pieces = [",".join(each) + "\r\n" for each in (names, tags) if each is not None]
    for line in reader.lines():
        pieces.append(line)
        if len(pieces) >= _ROWS:
            output.write("".join(pieces).encode())
            pieces.clear()
    if pieces:
        output.write("".join(pieces).encode())


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _as_text(column: FileColumn) -> str:
    """The expression of what a query has between the quotes of a literal."""
    text = f"CAST({_quote(column.name)} AS VARCHAR)"
    if column.type.startswith("DECIMAL") and not column.type.endswith(",0)"):
        # The store writes no zeros at the end, nor a point behind which there is nothing.
        return f"rtrim(rtrim({text}, '0'), '.')"
    return text


def _as_field(column: FileColumn) -> str:
    """The expression of a field of CSV: RFC 4180, section 2."""
    text = _as_text(column)
    if column.type != "VARCHAR":
        return f"coalesce({text}, '')"
    doubled = f"""'"' || replace({text}, '"', '""') || '"'"""
    needs = f"regexp_matches({text}, '[\",\\r\\n]')"
    return f"coalesce(CASE WHEN {needs} THEN {doubled} ELSE {text} END, '')"


def _maker(column: FileColumn) -> Callable[[str], Term]:
    """What makes a term of a text."""
    datatype = column.datatype
    if datatype == "anyURI":
        return NamedNode
    if datatype == "decimal":
        return lambda text: Literal(text, datatype=_DECIMAL if "." in text else _INTEGER)
    if datatype != "string":
        node = XSD[datatype]
        return lambda text: Literal(text, datatype=node)
    if language := column.language:
        return lambda text: Literal(text, language=language)
    return Literal


_INTEGER, _DECIMAL = NamedNode(INTEGER), NamedNode(DECIMAL)
