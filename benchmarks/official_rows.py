"""Invented rows of a published table, as many as are asked for, the same each time.

The layout is that of UNHCR's population table; the numbers mean nothing.
"""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from kzgraph.sources.listing import COLUMNS, LIST
from kzgraph_mappings.official.reference_tables import sources_folder

#: The triples that a row becomes, on average: it has a figure, and every second row has two.
TRIPLES = 19.5

_HEADER = (
    "year,coo_name,coo,coo_iso,coa_name,coa,coa_iso,refugees,asylum_seekers,returned_refugees,"
    "idps,returned_idps,stateless,ooc,oip,hst"
)
_LAST_YEAR, _FIRST_YEAR = 2025, 1951

#: What `sources.csv` says of the table. Its date is later than that of what ships with kzgraph,
#: which would supersede it otherwise.
_LISTED = {
    "kind": "unhcr-population",
    "file": "rows.csv",
    "title": "Invented rows of a population table",
    "licence": "https://creativecommons.org/publicdomain/zero/1.0/",
    "attribution": "Nobody: the numbers mean nothing",
    "url": "",
    "date": "2026-11-01",
    "whole": "",
}


def write_folder(folder: Path, number: int) -> None:
    """Write a folder of sources with one table, of `number` rows."""
    folder.mkdir()
    write_rows(folder / _LISTED["file"], number)
    with (folder / LIST).open("w", encoding="utf-8", newline="") as file:
        listed = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        listed.writeheader()
        listed.writerow(_LISTED)


def write_rows(path: Path, number: int) -> None:
    """Write a table of `number` rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"{_HEADER}\n")
        csv.writer(file, lineterminator="\n").writerows(islice(_rows(), number))


def _rows() -> Iterator[list[str]]:
    with (sources_folder() / "countries.csv").open(encoding="utf-8", newline="") as file:
        countries = [
            [row["name_en"], row["unhcr"], row["iso3"]]
            for row in csv.DictReader(file)
            if row["unhcr"] and row["scope"].startswith("country/")
        ]
    number = 0
    # Years go by fastest: a file of fewer years than what ships would not take its place.
    for asylum in countries:
        for origin in countries:
            for year in range(_LAST_YEAR, _FIRST_YEAR - 1, -1):
                number += 1
                refugees = str(number * 7919 % 100_000 + 5)
                seekers = str(number * 31 % 5_000 + 5) if number % 2 else "0"
                yield [str(year), *origin, *asylum, refugees, seekers, *"0000", "", "", "0"]
