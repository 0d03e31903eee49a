"""A table as files of a release, made up for the purpose: what a build would write beside them."""

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

from kzgraph.release.dumps import DUMPS, File

#: One row of each kind: an observation with all that bites in CSV, a zero, an empty cell.
ROWS: tuple[Mapping[str, Any], ...] = (
    {
        "cell": "https://w3id.org/kzgraph/id/cell/a/1",
        "country": "KAZ",
        "country_en": 'Kazakhstan, "KZ"',
        "country_ru": "Казахстан",
        "year": 2018,
        "value": "7.5",
        "headline": True,
        "cell_kind": "observation",
    },
    {
        "cell": "https://w3id.org/kzgraph/id/cell/a/2",
        "country": "KAZ",
        "country_en": 'Kazakhstan, "KZ"',
        "country_ru": "Казахстан",
        "year": 2019,
        "value": "10",
        "headline": False,
        "cell_kind": "observation",
    },
    {"country": "UZB", "country_en": "Uzbekistan", "year": 2019, "value": "0", "cell_kind": "zero"},
    {"country": "UZB", "country_en": "line\nbreak", "year": 2020, "cell_kind": "empty"},
)
#: Name, datatype, DuckDB's type, language, hashtag.
COLUMNS = (
    ("cell", "anyURI", "VARCHAR", "", ""),
    ("country", "string", "VARCHAR", "", "#country+code"),
    ("country_en", "string", "VARCHAR", "en", "#country+name+i_en"),
    ("country_ru", "string", "VARCHAR", "ru", "#country+name+i_ru"),
    ("year", "integer", "INTEGER", "", "#date+year"),
    ("value", "decimal", "DECIMAL(38,2)", "", ""),
    ("headline", "boolean", "BOOLEAN", "", ""),
    ("cell_kind", "string", "VARCHAR", "", ""),
)


def add_table(
    release: Any,
    name: str,
    rows: Sequence[Mapping[str, Any]] = ROWS,
    columns: Sequence[tuple[str, str, str, str, str]] = COLUMNS,
    *,
    packed: bool = False,
) -> None:
    """Add the files of a table to a `SmallRelease`, and list it.

    Args:
        release: the release.
        name: of the table.
        rows: its rows.
        columns: name, datatype, type of DuckDB, language and hashtag of each.
        packed: whether its CSV is compressed.
    """
    folder = release.path / DUMPS / "tables"
    folder.mkdir(parents=True, exist_ok=True)
    write_parquet(folder / f"{name}.parquet", rows, columns)
    text = _write_csv(rows, [each[0] for each in columns])
    (folder / f"{name}.csv{'.gz' if packed else ''}").write_bytes(
        gzip.compress(text, mtime=0) if packed else text
    )
    suffix = ".csv.gz" if packed else ".csv"
    texts = {"en": f"{name} in English", "ru": f"{name} по-русски", "kk": f"{name} қазақша"}
    metadata = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": f"{name}.csv",
        "tableSchema": {"columns": [{"name": each[0], "titles": each[0]} for each in columns]},
    }
    (folder / f"{name}.csv-metadata.json").write_text(json.dumps(metadata), "utf-8")
    listed = folder / "tables.json"
    known = json.loads(listed.read_text("utf-8"))["tables"] if listed.exists() else []
    entry = {
        "name": name,
        "dataset": f"https://w3id.org/kzgraph/id/dataset/{name}",
        "titles": texts,
        "texts": texts,
        "key": ["cell"],
        "order": ["cell"],
        "rows": len(rows),
        "columns": [
            {
                "name": column,
                "datatype": datatype,
                "type": type_,
                "texts": {"en": column, "ru": column, "kk": column},
                "language": language,
                "tag": tag,
            }
            for column, datatype, type_, language, tag in columns
        ],
        "parquet": f"{name}.parquet",
        "csv": f"{name}{suffix}",
        "metadata": f"{name}.csv-metadata.json",
        "sources": [],
        "licences": ["https://creativecommons.org/licenses/by/4.0/"],
    }
    listed.write_text(json.dumps({"format": 1, "tables": [*known, entry]}), "utf-8")
    _account(release)


def _account(release: Any) -> None:
    """Bring the manifest up to date."""
    files = [each for each in release.manifest["files"] if "/tables/" not in each["path"]]
    media = {"parquet": "application/vnd.apache.parquet", "json": "application/json"}
    for path in sorted((release.path / DUMPS / "tables").iterdir()):
        data = path.read_bytes()
        kind = media.get(path.suffix.removeprefix("."), "text/csv")
        compression = "gzip" if path.suffix == ".gz" else ""
        made = File(
            f"{DUMPS}/tables/{path.name}",
            kind,
            len(data),
            hashlib.sha256(data).hexdigest(),
            compression,
            licences=("https://creativecommons.org/licenses/by/4.0/",),
        )
        files.append(asdict(made))
    release.manifest["files"] = files
    vars(release).pop("files", None)


def write_parquet(
    path: Path,
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[tuple[str, str, str, str, str]],
    group: int = 2048,
) -> None:
    """Write rows as Parquet."""
    made = ", ".join(f'"{each[0]}" {each[2]}' for each in columns)
    with duckdb.connect() as database:
        database.execute(f"CREATE TABLE t ({made})")
        table = database.table("t")
        for row in rows:
            table.insert([row.get(each[0]) for each in columns])
        database.execute(f"COPY t TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE {group})")


def _write_csv(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> bytes:
    output = io.StringIO(newline="")
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        cells = (row.get(name) for name in names)
        writer.writerow(str(c).lower() if isinstance(c, bool) else c for c in cells)
    return output.getvalue().encode()
