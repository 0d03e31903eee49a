"""The file of columns written from the quads of a release; `column_file` has its form.

Numbers that are already as the store gives them back are recognised here, by reading them and
writing them again; every other literal with a datatype goes through a store.

The tables in between are in a second database beside the file, which is removed: the file has what
it should and nothing else, and memory is bounded.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import duckdb
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from kzgraph.columns.column_file import FORMAT, TermKind, silence
from kzgraph.datatypes import DECIMAL, INTEGER

#: What the database may take while it writes.
MEMORY_MIB = 512

#: Bytes of lines from which on two threads read them.
_LARGE = 64 * 1024 * 1024
#: Literals that go through a store together.
_PIECE = 20_000
#: Bytes of the longest line that is read: a literal may be a whole document.
_LONGEST_LINE = 8 * 1024 * 1024
#: Bytes of a block of the file.
_BLOCK = 16 * 1024

# Canonical N-Quads have no control character within a line, so each line is one column if one
# separates columns: https://www.w3.org/TR/rdf12-n-quads/#canonical-quads
_READ = f"""
CREATE TABLE quads AS
WITH parts AS (
    SELECT string_split(line, ' ') AS parts
    FROM read_csv($lines, columns = {{'line': 'VARCHAR'}}, delim = chr(1), quote = '',
        escape = '', header = false, auto_detect = false, new_line = '\\n',
        max_line_size = {_LONGEST_LINE}, buffer_size = {2 * _LONGEST_LINE})
)
SELECT parts[1] AS s, parts[2] AS p, array_to_string(parts[3:-3], ' ') AS o, parts[-2] AS g
FROM parts
"""  # noqa: S608 - of constants
_ODD = """
SELECT concat_ws(' ', s, p, o, g) FROM quads
WHERE NOT coalesce(
    (prefix(s, '<') AND suffix(s, '>') AND NOT prefix(s, '<<') OR prefix(s, '_:'))
    AND (prefix(o, '<') AND suffix(o, '>') AND NOT prefix(o, '<<') OR prefix(o, '_:')
        OR prefix(o, '"'))
    AND prefix(p, '<') AND suffix(p, '>') AND prefix(g, '<') AND suffix(g, '>'), false)
LIMIT 1
"""

_INTEGER, _DECIMAL = f'"^^<{INTEGER}>', f'"^^<{DECIMAL}>'
#: The value of the literal `text` where it is an integer, or a decimal, as the store writes it.
_INTEGER_OF = f"""CASE WHEN suffix(text, '{_INTEGER}')
    AND '"' || try_cast(text[2:-{len(_INTEGER) + 1}] AS BIGINT) || '{_INTEGER}' = text
    THEN text[2:-{len(_INTEGER) + 1}]::BIGINT END"""
_DECIMAL_OF = f"""CASE WHEN suffix(text, '{_DECIMAL}') AND '"' || rtrim(rtrim(
        try_cast(text[2:-{len(_DECIMAL) + 1}] AS DECIMAL(38, 18))::VARCHAR, '0'), '.')
        || '{_DECIMAL}' = text
    THEN text[2:-{len(_DECIMAL) + 1}]::DECIMAL(38, 18) END"""

_TYPED = f"""
SELECT text FROM (SELECT DISTINCT o AS text FROM quads WHERE prefix(o, '"') AND suffix(o, '>'))
WHERE {_INTEGER_OF} IS NULL AND {_DECIMAL_OF} IS NULL
"""  # noqa: S608 - likewise
_TERMS = f"""
CREATE TABLE terms AS
WITH texts AS (
    SELECT s AS text FROM quads
    UNION SELECT coalesce(stored, o) FROM quads LEFT JOIN forms ON written = o
), values AS (
    SELECT text, {_INTEGER_OF} AS i, {_DECIMAL_OF} AS d FROM texts
)
SELECT (row_number() OVER (ORDER BY text) - 1)::INTEGER AS id, text, (CASE
    WHEN prefix(text, '<') THEN {TermKind.IRI:d}
    WHEN prefix(text, '_') THEN {TermKind.BLANK:d}
    WHEN suffix(text, '"') THEN {TermKind.STRING:d}
    WHEN i IS NOT NULL THEN {TermKind.INTEGER:d}
    WHEN d IS NOT NULL THEN {TermKind.DECIMAL:d}
    WHEN suffix(text, '>') OR suffix(text, '--ltr') OR suffix(text, '--rtl')
        THEN {TermKind.OTHER:d}
    ELSE {TermKind.TEXT:d} END)::UTINYINT AS kind, i, d
FROM values
"""  # noqa: S608 - likewise
_PROPERTIES = """
CREATE TABLE numbers AS
SELECT (row_number() OVER (ORDER BY p) - 1)::INTEGER AS number, p
FROM (SELECT DISTINCT p FROM quads)
"""
_ROWS = """
CREATE TABLE rows AS
WITH found AS (
    SELECT {DISTINCT} number AS p, subjects.id AS s, objects.id AS o, g FROM quads
    JOIN numbers USING (p)
    JOIN terms AS subjects ON subjects.text = s
    LEFT JOIN forms ON written = o
    JOIN terms AS objects ON objects.text = coalesce(stored, o)
)
SELECT p, s, o, kind, i, d FROM found JOIN terms ON id = o ORDER BY p, s, o
"""
_COUNTED = """
CREATE TABLE made.properties AS
SELECT number, numbers.p[2:-2] AS iri, count(*) AS rows, bit_or(1::UINTEGER << kind) AS kinds,
    min(i)::HUGEINT AS least, max(i)::HUGEINT AS most
FROM rows JOIN numbers ON rows.p = number GROUP BY ALL ORDER BY number
"""


def write_columns(lines: Path, target: Path, version: str, memory_mib: int = MEMORY_MIB) -> None:
    """Write the new file `target`.

    Args:
        lines: canonical N-Quads, each in a named graph and only once.
        target: where nothing is yet; temporary files of about the size of the lines are beside it
            meanwhile.
        version: of the release that the lines are of.
        memory_mib: what the database may take; it puts the rest into temporary files.

    Raises:
        FileExistsError: `target` is there.
        ValueError: a line is not a quad of IRIs, blank nodes and literals in a named graph.
        duckdb.Error: the disk fails, the memory does not suffice, or a line has more than 8 MiB.
    """
    if target.exists():
        raise FileExistsError(target)
    with (
        tempfile.TemporaryDirectory(prefix=".columns-", dir=target.parent) as folder,
        duckdb.connect(
            f"{folder}/between.duckdb",
            config={
                "memory_limit": f"{memory_mib}MiB",
                "temp_directory": f"{folder}/overflow",
                # Each thread needs memory of its own, and the limit is for all. Of a small release
                # the second costs more than it does.
                "threads": "2" if lines.stat().st_size > _LARGE else "1",
                "preserve_insertion_order": "false",
            },
        ) as database,
    ):
        silence(database)
        database.execute(_READ, {"lines": str(lines)})
        odd = database.execute(_ODD).fetchone()
        if odd is not None:
            raise ValueError(f"{lines} has a line that is not a quad of a named graph: {odd[0]}")
        changed = _add_forms(database)
        database.execute(_TERMS)
        database.execute(_PROPERTIES)
        # Quads that differ only in how a number is written are one quad of the store.
        database.execute(_ROWS.format(DISTINCT="DISTINCT" if changed else ""))
        quoted = str(target).replace("'", "''")
        database.execute(f"ATTACH '{quoted}' AS made (BLOCK_SIZE {_BLOCK})")
        # All at once: each transaction waits for the disk.
        database.execute("BEGIN")
        _write_tables(database, version)
        database.execute("COMMIT")
        database.execute("DETACH made")


def _add_forms(database: duckdb.DuckDBPyConnection) -> bool:
    """Make the table of literals that the store writes otherwise; whether there are any."""
    database.execute("CREATE TABLE forms (written VARCHAR, stored VARCHAR)")
    found = database.cursor().execute(_TYPED)
    changed = False
    while piece := [text for (text,) in found.fetchmany(_PIECE)]:
        pairs = [pair for pair in zip(piece, _as_stored(piece), strict=True) if pair[0] != pair[1]]
        if pairs:
            written, stored = zip(*pairs, strict=True)
            values = {"written": list(written), "stored": list(stored)}
            database.execute("INSERT INTO forms SELECT unnest($written), unnest($stored)", values)
            changed = True
    return changed


def _as_stored(literals: Sequence[str]) -> list[str]:
    """Literals in N-Triples, as a store gives them back."""
    lines = "".join(f"<x:{n}> <x:> {text} .\n" for n, text in enumerate(literals))
    store = Store()
    store.bulk_extend(parse(lines, RdfFormat.N_TRIPLES))
    stored = [""] * len(literals)
    for quad in store:
        assert isinstance(quad.subject, NamedNode)  # noqa: S101 - made so above
        stored[int(quad.subject.value.removeprefix("x:"))] = str(quad.object)
    return stored


def _write_tables(database: duckdb.DuckDBPyConnection, version: str) -> None:
    database.execute("CREATE TABLE made.about (name VARCHAR, value VARCHAR)")
    about = [("format", str(FORMAT)), ("version", version)]
    database.executemany("INSERT INTO made.about VALUES (?, ?)", about)
    database.execute("CREATE TABLE made.terms AS SELECT id, text, kind FROM terms ORDER BY id")
    database.execute(_COUNTED)
    for number, kinds in database.execute("SELECT number, kinds FROM made.properties").fetchall():
        columns = "s, o"
        for name, kind in (("i", TermKind.INTEGER), ("d", TermKind.DECIMAL)):
            if kinds & 1 << kind:
                columns += f", {name}"
        database.execute(
            f"CREATE TABLE made.p{number:d} AS SELECT {columns} FROM rows "  # noqa: S608 - numbers
            f"WHERE p = {number:d} ORDER BY s, o"
        )
