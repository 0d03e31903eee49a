"""Cuts the packaged extracts out of whole files of UNHCR's statistics.

`make extracts DATA=DIR` writes them anew from the files of DIR, `api-population.csv` and so on. A
row of an extract is a line of the whole file as it is there.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from kzgraph.sources.listing import LIST
from kzgraph.sources.reading import At, read_lines
from kzgraph.sources.taking import hash_content
from kzgraph_mappings.official.reference_tables import sources_folder
from kzgraph_mappings.official.unhcr import ATTRIBUTION, LICENCE

#: The countries of asylum whose rows are packaged, by their codes of ISO 3166-1, and the years.
COUNTRIES = frozenset(("KAZ", "KGZ", "TJK", "TKM", "UZB"))
YEARS = range(2014, 2026)
#: The tables, with their titles. Decisions (213 rows, 480 cells) and demographics (80 rows of one
#: year, 640 cells) would more than double what every plain query meets.
TABLES = {
    "unhcr-population": "UNHCR population figures, Central Asia as countries of asylum, 2014-2025",
    "unhcr-solutions": "UNHCR solutions, Central Asia as countries of asylum, 2014-2025",
    "unhcr-asylum-applications": "Asylum applications, Central Asia, 2014-2025",
}
#: Where the whole files were published, and the day of that.
_URL = (
    "https://github.com/PopulationStatistics/refugees/tree/0c16a6d0c2f37d8578f9b9e3d1e4459efe850398"
)
_DATE = "2026-06-25"


def extract_lines(path: Path) -> Iterator[str]:
    """The header of a table in the API's layout, and its lines of `COUNTRIES` and `YEARS`."""
    places: tuple[int, int] | None = None
    for _, line in read_lines(At(path)):
        cells = next(csv.reader([line]))
        if places is None:
            places = cells.index("year"), cells.index("coa_iso")
            yield line
        elif int(cells[places[0]]) in YEARS and cells[places[1]] in COUNTRIES:
            yield line


def write_extracts(data: Path, target: Path) -> list[list[str]]:
    """Write the extracts of the files in `data` below `target`.

    Returns:
        their lines for the list of sources.
    """
    listed = []
    for kind, title in TABLES.items():
        name = kind.removeprefix("unhcr-")
        whole, extract = data / f"api-{name}.csv", Path("data") / f"{kind}-central-asia.csv"
        text = "".join(extract_lines(whole))
        (target / extract).write_text(text, encoding="utf-8", newline="")
        digest = hash_content(whole, whole.name)
        facts = [title, LICENCE, ATTRIBUTION, _URL, _DATE, digest]
        listed.append([kind, extract.as_posix(), *facts])
    return listed


def main() -> None:
    """Write the extracts and their lines of the packaged list of sources."""
    target = sources_folder()
    listed = write_extracts(Path(sys.argv[1]), target)
    with (target / LIST).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if row[0] not in TABLES]
    with (target / LIST).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([*rows, *listed])


if __name__ == "__main__":
    main()
