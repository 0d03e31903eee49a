"""Invented documents in the form of the tables, to measure with and to test against.

They are the real documents by turns, told of another country and other years, with other numbers:
so each kind of fact has the rows that it has on average, and all that the shapes ask for. What the
shared tables say of Kazakhstan alone (its operations, ministries, cities, laws) every other country
gets too. The same number gives the same documents.
"""

import csv
import hashlib
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path

from kzgraph.resources import folder

Cells = dict[str, str]

_TABLES = folder("mappings") / "tables"
#: Whose documents the real ones are, by its code, the name in texts and the name in paths.
_HOME, _HOME_NAME, _HOME_PATH = "country/KAZ", "Kazakhstan", "kazakhstan"
#: Years between the documents of one country; a document looks back over three to five of them.
_STEP = 2
#: The last year that an invented document may speak of.
_LAST_YEAR = 2200
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
#: Columns that place a row in the text, or hold a number: years in them are none.
_NO_YEARS = frozenset({"evidence", "context", "span", "value"})
#: Columns of what the project says of one file alone.
_OF_THE_FILE = ("issued", "address", "captured", "archived")
#: The operation whose countries its document does not list. Invented ones cover two each, for
#: what may be anywhere is compared with all.
_WITHOUT_AREA = "operation/kazakhstan-regional-office"


@dataclass(frozen=True)
class Country:
    """A country that documents can be about: its path, and its name in English."""

    path: str
    name: str

    @property
    def suffix(self) -> str:
        """What ends the paths of its things."""
        return self.path.rpartition("/")[2].lower()


def add_documents(tables: Path, number: int) -> list[str]:
    """Add invented documents to a copy of the project's tables; their slugs.

    Args:
        tables: the folder, with `shared` in it.
        number: how many.
    """
    countries = _add_countries(tables / "shared")
    slugs = []
    for slug, template, country, turn in islice(_plans([*countries]), number):
        rewrite = _rewriter(template, slug, country, countries[country], turn)
        (tables / slug).mkdir()
        for path in sorted((_TABLES / template).glob("*.csv")):
            header, rows = _read(path)
            _write(tables / slug / path.name, header, [rewrite(row) for row in rows])
        slugs.append(slug)
    return slugs


def tables_with(root: Path, number: int) -> Path:
    """A folder below `root` with the project's tables and so many invented documents."""
    tables = root / f"tables-{number}"
    shutil.copytree(_TABLES, tables)
    add_documents(tables, number)
    return tables


def _plans(countries: list[Country]) -> Iterator[tuple[str, str, Country, int]]:
    """Slug, template, country, and how many documents of that kind the country had before."""
    templates = sorted(path.parent.name for path in _TABLES.glob("*/document.csv"))
    turn = 0
    while True:
        for country in countries:
            for template in templates:
                yield f"invented-{country.suffix}-{turn}-{template}", template, country, turn
        turn += 1


def _add_countries(shared: Path) -> dict[Country, dict[str, str]]:
    """Add to the shared tables what other countries have; by country, what stands for what."""
    _, places = _read(shared / "places.csv")
    countries = [
        Country(row["id"], row["label_en"])
        for row in places
        if row["kind"] == "country" and row["id"] != _HOME
    ]
    # The two trade places, so that no list has a country twice.
    own = {country: {_HOME: country.path, country.path: _HOME} for country in countries}
    for table in ("operations", "organisations", "instruments", "places"):
        header, rows = _read(shared / f"{table}.csv")
        local = [row for row in rows if _is_of_home(row)]
        for row in local:
            for country in countries:
                own[country][row["id"]] = _path_in(country, row["id"])
        more = [
            _tell_of(country, row, own[country], countries)
            for country in countries
            for row in local
        ]
        _write(shared / f"{table}.csv", header, rows + more)
    return own


def _is_of_home(row: Cells) -> bool:
    """Whether a row is about Kazakhstan alone, and not the row of Kazakhstan."""
    return row["id"] != _HOME and (_HOME in row.values() or _HOME_PATH in row["id"])


def _path_in(country: Country, path: str) -> str:
    if _HOME_PATH in path:
        return path.replace(_HOME_PATH, country.suffix)
    return f"{path}-{country.suffix}"


def _tell_of(country: Country, row: Cells, own: dict[str, str], countries: list[Country]) -> Cells:
    told = {}
    for name, cell in row.items():
        told[name] = " ".join(own.get(item, item) for item in cell.split(" "))
        if name.startswith(("label", "alternative")) and cell:
            told[name] = f"{cell.replace(_HOME_NAME, country.name)} ({country.suffix})"
    if row["id"] == _WITHOUT_AREA:
        next_one = countries[(countries.index(country) + 1) % len(countries)]
        told["area"] = f"{country.path} {next_one.path}"
    return told


def _rewriter(
    template: str, slug: str, country: Country, own: dict[str, str], turn: int
) -> Callable[[Cells], Cells]:
    """What makes a row of the document `slug` of a row of its template."""
    path = re.compile(rf"(?<=/){re.escape(template)}(?P<key>/\S+)?")
    factor = 2 + turn

    def later(text: str) -> str:
        return _YEAR.sub(lambda match: str(min(int(match[0]) + _STEP * turn, _LAST_YEAR)), text)

    def rewrite(row: Cells) -> Cells:
        if "slug" in row:
            given = {"slug": slug, "title": slug, "file": f"{slug}.txt"}
            given["sha256"] = hashlib.sha256(slug.encode()).hexdigest()
            return row | given | dict.fromkeys(_OF_THE_FILE, "")
        told = {}
        for name, cell in row.items():
            moved = " ".join(own.get(item, item) for item in cell.split(" "))
            moved = path.sub(lambda match: slug + later(match["key"] or ""), moved)
            if name in ("key", "label", "time"):
                moved = later(moved)
            if name in ("label", "description"):
                moved = moved.replace(_HOME_NAME, country.name)
            told[name] = cell if name in _NO_YEARS else moved
        if row.get("value") and row["unit"] != "percent":
            told["value"] = str(Decimal(row["value"]) * factor)
        return told

    return rewrite


def _read(path: Path) -> tuple[list[str], list[Cells]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames or ()), list(reader)


def _write(path: Path, header: list[str], rows: list[Cells]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
