"""The file of columns has what the store has: each quad of a property, its terms, its values."""

import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse

from kzgraph.columns.column_file import FORMAT, TermKind, open_locked
from kzgraph.columns.column_tables import write_columns
from kzgraph.datatypes import DECIMAL, INTEGER, STRING
from kzgraph.rdf.content import Content
from kzgraph.release import Release
from term_strategies import XSD, blank_nodes, iris, literals

#: What DECIMAL(38, 18) holds.
_MOST = Decimal(10) ** 20

Term = NamedNode | BlankNode | Literal

AWKWARD = rf"""
<x:a> <x:plain> "" <x:g> .
<x:a> <x:plain> " " <x:g> .
<x:a> <x:plain> "one <x:b> <x:g> ." <x:g> .
<x:a> <x:plain> "a \"quote\", a \\ and\na line" <x:g> .
<x:a> <x:plain> "tab\tand\u0001" <x:g> .
<x:a> <x:plain> "\U0001F600" <x:g> .
<x:a> <x:plain> "\uFFFD" <x:g> .
<x:a> <x:plain> "_:b" <x:g> .
<x:a> <x:plain> "5"^^<{STRING}> <x:g> .
<x:a> <x:text> "name"@en <x:g> .
<x:a> <x:text> "name"@EN-gb <x:g> .
<x:a> <x:text> "имя, қосымша"@ru <x:g> .
<x:a> <x:text> "name"@en--ltr <x:g> .
<x:é> <x:text> "name" <x:g> .
<x:a> <x:both> <x:b> <x:g> .
<x:a> <x:both> <x:b> <x:h> .
<x:b> <x:both> <x:b> <x:h> .
_:n <x:both> _:m <x:g> .
<x:a> <x:same> "1"^^<{INTEGER}> <x:g> .
<x:a> <x:same> "+1"^^<{INTEGER}> <x:g> .
<x:a> <x:same> "01"^^<{XSD}int> <x:h> .
<x:b> <x:same> "1.0"^^<{DECIMAL}> <x:g> .
<x:b> <x:same> "1"^^<{DECIMAL}> <x:g> .
<x:a> <x:whole> "9223372036854775807"^^<{INTEGER}> <x:g> .
<x:a> <x:whole> "9223372036854775808"^^<{INTEGER}> <x:g> .
<x:a> <x:whole> "-9223372036854775808"^^<{INTEGER}> <x:g> .
<x:a> <x:whole> " 1"^^<{INTEGER}> <x:g> .
<x:a> <x:whole> "1_0"^^<{INTEGER}> <x:g> .
<x:a> <x:whole> "18446744073709551615"^^<{XSD}unsignedLong> <x:g> .
<x:a> <x:tenths> "-0.0"^^<{DECIMAL}> <x:g> .
<x:a> <x:tenths> "0.000000000000000001"^^<{DECIMAL}> <x:g> .
<x:a> <x:tenths> "0.0000000000000000001"^^<{DECIMAL}> <x:g> .
<x:a> <x:tenths> "99999999999999999999.999999999999999999"^^<{DECIMAL}> <x:g> .
<x:a> <x:tenths> "100000000000000000000"^^<{DECIMAL}> <x:g> .
<x:a> <x:tenths> "-170141183460469231731.687303715884105728"^^<{DECIMAL}> <x:g> .
<x:a> <x:tenths> "1e0"^^<{DECIMAL}> <x:g> .
<x:a> <x:other> "1e0"^^<{XSD}double> <x:g> .
<x:a> <x:other> "1"^^<{XSD}boolean> <x:g> .
<x:a> <x:other> "true"^^<{XSD}boolean> <x:g> .
<x:a> <x:other> "2018-01-01T00:00:00.0Z"^^<{XSD}dateTime> <x:g> .
<x:a> <x:other> "5"^^<x:own> <x:g> .
<x:a> <x:other> "\"^^<{INTEGER}>" <x:g> .
"""


def lines_of(quads: list[Quad], folder: Path) -> Path:
    path = folder / "lines.nq"
    path.write_bytes(Content(quads).n_quads)
    return path


def read_columns(path: Path) -> tuple[dict[str, Counter[tuple[str, str]]], dict[str, int]]:
    """The pairs of subjects and objects of each property, and the kind of each term.

    What the tables say of themselves is checked: order, ids, values, numbers of rows and kinds.
    """
    database = open_locked(path, 64)
    terms = database.execute("SELECT id, text, kind FROM terms ORDER BY rowid").fetchall()
    assert [each[0] for each in terms] == list(range(len(terms)))
    texts = [each[1] for each in terms]
    assert texts == sorted(texts)
    pairs: dict[str, Counter[tuple[str, str]]] = {}
    for number, iri, rows, kinds, least, most in database.execute("FROM properties").fetchall():
        table = database.execute(f"SELECT * FROM p{number:d} ORDER BY rowid")  # noqa: S608
        assert table.description is not None
        names = [each[0] for each in table.description]
        found = [dict(zip(names, row, strict=True)) for row in table.fetchall()]
        assert [(row["s"], row["o"]) for row in found] == sorted(
            (row["s"], row["o"]) for row in found
        )
        assert rows == len(found)
        assert kinds == sum({1 << terms[row["o"]][2] for row in found})
        for name, kind in (("i", TermKind.INTEGER), ("d", TermKind.DECIMAL)):
            assert (name in names) == bool(kinds >> kind & 1)
            for row in found:
                of_kind = terms[row["o"]][2] == kind
                value = texts[row["o"]][1:].partition('"')[0]
                assert row.get(name) == (Decimal(value) if of_kind else None)
        integers = [row["i"] for row in found if row.get("i") is not None]
        assert (least, most) == (min(integers, default=None), max(integers, default=None))
        pairs[iri] = Counter((texts[row["s"]], texts[row["o"]]) for row in found)
    return pairs, {text: kind for _, text, kind in terms}


def find_kind(term: Term, store: Store) -> TermKind:
    """What the store makes of a term that it gave back."""
    if not isinstance(term, Literal):
        return TermKind.IRI if isinstance(term, NamedNode) else TermKind.BLANK
    datatype = term.datatype.value
    if term.language is not None:
        return TermKind.TEXT if term.direction is None else TermKind.OTHER
    if datatype == STRING:
        return TermKind.STRING
    solutions = store.query(f"SELECT (0 + ?v AS ?sum) {{ VALUES ?v {{ {term} }} }}")
    assert isinstance(solutions, QuerySolutions)
    computes = next(solutions)["sum"] is not None
    if computes and datatype == INTEGER:
        return TermKind.INTEGER
    if computes and datatype == DECIMAL and Decimal(term.value).copy_abs() < _MOST:
        return TermKind.DECIMAL
    return TermKind.OTHER


def check_against_store(quads: list[Quad], lines: Path, target: Path) -> None:
    write_columns(lines, target, "1", 64)
    store = Store()
    store.bulk_extend(quads)
    expected: dict[str, Counter[tuple[str, str]]] = {}
    kinds = {}
    for quad in store:
        pairs = expected.setdefault(quad.predicate.value, Counter())
        pairs[str(quad.subject), str(quad.object)] += 1
        for term in (quad.subject, quad.object):
            assert isinstance(term, Term)
            if str(term) not in kinds:
                kinds[str(term)] = find_kind(term, store)
    assert read_columns(target) == (expected, kinds)


def test_awkward_quads_are_as_the_store_has_them(tmp_path: Path) -> None:
    quads = list(parse(AWKWARD, RdfFormat.N_QUADS))
    check_against_store(quads, lines_of(quads, tmp_path), tmp_path / "columns.duckdb")
    assert {each.name for each in tmp_path.iterdir()} == {"lines.nq", "columns.duckdb"}


_objects = iris | blank_nodes | literals
_quads = st.builds(
    Quad,
    iris | blank_nodes,
    st.sampled_from([NamedNode("x:p"), NamedNode("x:q")]),
    _objects,
    st.sampled_from([NamedNode("x:g"), NamedNode("x:h")]),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(quads=st.lists(_quads, max_size=80))
def test_quads_of_any_terms_are_as_the_store_has_them(quads: list[Quad]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        check_against_store(quads, lines_of(quads, folder), folder / "columns.duckdb")


def test_a_release_is_as_its_store_has_it(release_root: Path, tmp_path: Path) -> None:
    release = Release(release_root / "current")
    lines = release.dumps / "kzgraph.nq"
    check_against_store(list(release.store), lines, tmp_path / "it's.duckdb")


def test_the_file_says_its_form_and_its_release(tmp_path: Path) -> None:
    target = tmp_path / "columns.duckdb"
    write_columns(lines_of([], tmp_path), target, "1.0-test")
    about = open_locked(target, 64).execute("FROM about").fetchall()
    assert dict(about) == {"format": str(FORMAT), "version": "1.0-test"}
    assert read_columns(target) == ({}, {})


@pytest.mark.parametrize(
    "line",
    [
        "<x:s> <x:p> <x:o> .",
        "<x:s> <x:p> <<( <x:s> <x:p> <x:o> )>> <x:g> .",
        "<x:s> <x:p>",
        "",
    ],
)
def test_a_line_that_is_not_a_quad_of_a_named_graph_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "lines.nq").write_text(f"<x:s> <x:p> <x:o> <x:g> .\n{line}\n")
    with pytest.raises(ValueError, match="not a quad"):
        write_columns(tmp_path / "lines.nq", tmp_path / "columns.duckdb", "1")


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "columns.duckdb").write_bytes(b"kept")
    with pytest.raises(FileExistsError):
        write_columns(lines_of([], tmp_path), tmp_path / "columns.duckdb", "1")
    assert (tmp_path / "columns.duckdb").read_bytes() == b"kept"


def test_memory_is_bounded_and_the_rest_goes_to_the_disk(tmp_path: Path) -> None:
    with (tmp_path / "lines.nq").open("w") as lines:
        lines.writelines(f'<x:{n:06}> <x:p> "{n:0200}" <x:g> .\n' for n in range(100_000))
    write_columns(tmp_path / "lines.nq", tmp_path / "columns.duckdb", "1", 64)
    database = open_locked(tmp_path / "columns.duckdb", 64)
    assert database.execute("SELECT rows FROM properties").fetchall() == [(100_000,)]
    with pytest.raises(duckdb.OutOfMemoryException):
        write_columns(tmp_path / "lines.nq", tmp_path / "small.duckdb", "1", 8)


def test_no_bar_is_drawn_where_python_has_no_script(tmp_path: Path) -> None:
    """What a program prints may be read by another."""
    program = """
import sys
from pathlib import Path
from kzgraph.columns.column_file import open_reader
database = open_reader(Path(sys.argv[1]), 64)
print(database.execute("SELECT current_setting('enable_progress_bar')").fetchone()[0])
"""
    command = [sys.executable, "-c", program, str(tmp_path / "table.parquet")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"
