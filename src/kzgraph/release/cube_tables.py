"""The tables of cubes among the dumps: their data, what describes them, and a list of them.

| file below `tables/` | |
| --- | --- |
| `NAME.parquet` | the table |
| `NAME.csv`, or `NAME.csv.gz` of a large one | the same |
| `NAME.csv-metadata.json` | CSVW: what each column means |
| `official.parquet`, and in Russian and Kazakh | all official figures, as the table by address |
| `tables.json` | which tables there are, and of what |
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from kzgraph.columns.column_file import COLUMNS
from kzgraph.cubes.cube_cells import make_cells
from kzgraph.cubes.cube_codes import Codes, read_codes
from kzgraph.cubes.graph_tables import Connection, Properties, open_graph
from kzgraph.cubes.left_out_cells import DATA_SET
from kzgraph.cubes.official_table import list_languages, write_official
from kzgraph.cubes.restoring import restore_left_out
from kzgraph.cubes.structures import Cube, read_cubes
from kzgraph.cubes.table_files import MadeTable, write_cube
from kzgraph.iri import ONTOLOGY
from kzgraph.licences import OWN
from kzgraph.namespaces import LANGUAGES
from kzgraph.release.column_tags import tag_cube, tag_official
from kzgraph.release.contents import Contents, read_file
from kzgraph.release.cube_metadata import describe_cube
from kzgraph.release.dump_tables import metadata_name
from kzgraph.release.dumps import DUMPS, File, hash_file, write_one
from kzgraph.release.errors import ReleaseError
from kzgraph.sources.source_entries import SourceEntry
from kzgraph.tidy.file_tables import FOLDER, LIST
from kzgraph.tidy.table_templates import Table, read_filters, read_tables

#: The form of the list that this code writes.
FORMAT = 1
_PARQUET, _CSV, _METADATA = "application/vnd.apache.parquet", "text/csv", "application/csvm+json"
#: The table by address that is a file as well.
_OFFICIAL = "official"
_OFFICIAL_FIGURE = f"<{ONTOLOGY}OfficialFigure>".encode()
_DATA_SET = f" <{DATA_SET}> <".encode()


def write_cube_tables(contents: Contents, version: str, building: Path) -> list[File]:
    """Write the tables below the dumps of a release; the files.

    Args:
        contents: of the release.
        version: of it.
        building: its folder, in which the file of columns is already.

    Raises:
        ReleaseError: the disk or the memory fails.
        OSError: likewise.
    """
    try:
        return _write(contents, version, building)
    except duckdb.Error as error:
        raise ReleaseError(f"the tables cannot be written: {error}") from None


def _write(contents: Contents, version: str, building: Path) -> list[File]:
    (building / DUMPS / FOLDER).mkdir()
    writing = _Writing(building, version, _find_sources(contents))
    left_out = [each.left_out for each in contents.current if each.left_out]
    with open_graph(building / COLUMNS, building) as database:
        properties = Properties(database)
        if properties.has(DATA_SET) or writing.sources[""]:
            make_cells(database, properties, left_out)
            codes = read_codes(database, properties)
            for cube in read_cubes(database, properties):
                writing.add_cube(database, codes, cube)
            if writing.sources[""]:
                writing.add_official(database, codes)
    listed = {"format": FORMAT, "tables": writing.listed}
    writing.write(LIST, "application/json", json.dumps(listed, ensure_ascii=False, indent=1) + "\n")
    return writing.files


@dataclass
class _Writing:
    """What is written of the tables of a release.

    Attributes:
        building: the folder of the release.
        version: of it.
        sources: with figures, by their data set, and all of them by nothing.
        files: that were written.
        listed: what the list says of them.
    """

    building: Path
    version: str
    sources: Mapping[str, Sequence[SourceEntry]]
    files: list[File] = field(default_factory=list)
    listed: list[dict[str, Any]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """That of the tables."""
        return self.building / DUMPS / FOLDER

    def add_cube(self, database: Connection, codes: Codes, cube: Cube) -> None:
        """Write the table of a cube."""
        made = write_cube(database, codes, cube, self.folder)
        sources = self.sources.get(cube.iri, ())
        self._add(made.parquet, _PARQUET, sources)
        self._add(made.csv, _CSV, sources, "gzip" if made.csv.endswith(".gz") else "")
        described = describe_cube(made, codes, sources, self.version)
        self.write(metadata_name(f"{cube.name}.csv"), _METADATA, described)
        self.listed.append(_list_cube(made, sources))

    def add_official(self, database: Connection, codes: Codes) -> None:
        """Write the table of all official figures."""
        table, sources = read_tables()[_OFFICIAL], self.sources[""]
        names = {
            each: f"{_OFFICIAL}{'' if each == 'en' else f'.{each}'}.parquet" for each in LANGUAGES
        }
        paths = {language: self.folder / name for language, name in names.items()}
        rows, types = write_official(database, codes, table, paths)
        for name in names.values():
            self._add(name, _PARQUET, sources)
        languages = list_languages(database, codes, table)
        self.listed.append(_list_official(table, types, languages, names, rows, sources))

    def write(self, name: str, media_type: str, text: str) -> None:
        """Write a file of text."""
        file = File(f"{DUMPS}/{FOLDER}/{name}", media_type, 0, "")
        self.files.append(write_one(self.building, file, text.encode()))

    def _add(
        self, name: str, media_type: str, sources: Sequence[SourceEntry], compression: str = ""
    ) -> None:
        """Add a file that is there."""
        of = tuple(each.name for each in sources)
        path = f"{DUMPS}/{FOLDER}/{name}"
        file = File(path, media_type, 0, "", compression, sources=of)
        self.files.append(hash_file(self.building, file))


def restore_left_out_cells(release: Path, folder: Path) -> dict[str, Path]:
    """The cells that the graphs of sources leave out, from the tables of a release.

    Args:
        release: its folder.
        folder: where they are written, a file for each source.

    Returns:
        the files by the names of sources; of one without such cells there is none.

    Raises:
        ReleaseError: a table cannot be read.
    """
    tables, found = release / DUMPS / FOLDER, dict[str, Path]()
    if not (tables / LIST).exists() or not (release / COLUMNS).exists():
        return found
    listed = json.loads((tables / LIST).read_bytes())["tables"]
    try:
        with open_graph(release / COLUMNS, folder) as database:
            properties = Properties(database)
            for each in listed:
                if each["sources"] and each["rows"] > each["observations"]:
                    name = each["sources"][0]
                    made = restore_left_out(
                        database,
                        properties,
                        tables / each["parquet"],
                        each["dataset"],
                        folder / f"{name}.csv.gz",
                    )
                    found |= {name: made} if made else {}
    except duckdb.Error as error:
        raise ReleaseError(f"the tables of {release.name} cannot be read: {error}") from None
    return found


def _find_sources(contents: Contents) -> dict[str, list[SourceEntry]]:
    """The current sources with figures, by their data set, and all of them by nothing."""
    found: dict[str, list[SourceEntry]] = {"": []}
    for each in sorted(contents.current, key=lambda each: each.name):
        data_set, has_figures = "", False
        for line in read_file(each.path):
            has_figures = has_figures or _OFFICIAL_FIGURE in line
            if _DATA_SET in line:
                data_set = line.partition(_DATA_SET)[2].partition(b">")[0].decode()
                break
        if data_set:
            found.setdefault(data_set, []).append(each.entry)
        if data_set or has_figures:
            found[""].append(each.entry)
    return found


def _licences(sources: Sequence[SourceEntry]) -> list[str]:
    return sorted({OWN.iri, *(each.licence for each in sources)})


def _list_filters(names: Iterable[str]) -> list[str]:
    return [name for name in names if name in read_filters()]


def _list_cube(made: MadeTable, sources: Sequence[SourceEntry]) -> dict[str, Any]:
    cube = made.cube
    tags = tag_cube(made)
    return {
        "name": cube.name,
        "dataset": cube.iri,
        "titles": dict(cube.titles),
        "texts": dict(cube.texts),
        "key": list(cube.key),
        "order": list(made.order),
        "rows": sum(made.counts.values()),
        "observations": made.counts.get("observation", 0),
        "zeros": made.counts.get("zero", 0),
        "empties": made.counts.get("empty", 0),
        "columns": [
            {
                "name": each.name,
                "datatype": each.datatype,
                "type": kind,
                "texts": dict(each.texts),
                "tag": tag,
                "language": each.language,
            }
            for each, kind, tag in zip(made.columns, made.types, tags, strict=True)
        ],
        "filters": _list_filters(each.name for each in made.columns),
        "parquet": made.parquet,
        "languages": {},
        "csv": made.csv,
        "metadata": metadata_name(f"{cube.name}.csv"),
        "sources": [each.name for each in sources],
        "licences": _licences(sources),
    }


def _list_official(
    table: Table,
    types: Sequence[str],
    languages: Mapping[str, str],
    names: Mapping[str, str],
    rows: int,
    sources: Sequence[SourceEntry],
) -> dict[str, Any]:
    return {
        "name": table.name,
        "dataset": "",
        "titles": dict(table.titles),
        "texts": dict(table.texts),
        "key": list(table.key),
        "order": list(table.key),
        "rows": rows,
        "observations": rows,
        "zeros": 0,
        "empties": 0,
        "columns": [
            {
                "name": each.name,
                "datatype": each.datatype,
                "type": kind,
                "texts": dict(each.texts),
                "tag": tag,
                "language": languages.get(each.name, ""),
            }
            for each, kind, tag in zip(table.columns, types, tag_official(table), strict=True)
        ],
        "filters": _list_filters(each.name for each in table.columns),
        "parquet": names["en"],
        "languages": dict(names),
        "csv": "",
        "metadata": "",
        "sources": [each.name for each in sources],
        "licences": _licences(sources),
    }
