"""Sums over headline figures of UNHCR's whole tables are those of the files, read by pandas."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pandas as pd
import pytest
from pyoxigraph import Literal, Quad

from kzgraph.iri import thing
from kzgraph.namespaces import DCT
from kzgraph.sources.listing import LIST
from kzgraph.validation.inputs import project_files, read_data
from kzgraph_mappings.official import MAPPERS
from kzgraph_mappings.official.extracting import TABLES, write_extracts
from kzgraph_mappings.official.reference_tables import sources_folder
from official_files import a_source

DATA = Path(__file__).parents[2] / "shared" / "data" / "unhcr"
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not DATA.is_dir(), reason="without ../shared/data/unhcr"),
]
Key = tuple[str, str, str, str, str]

STOCKS = {
    **{"refugees": "REF", "asylum_seekers": "ASY", "idps": "IDP", "stateless": "STA"},
    **{"ooc": "OOC", "oip": "OIP", "hst": "HST"},
}
FLOWS = {
    "returned_refugees": ("return-from", "RET"),
    "resettlement": ("resettlement", "REF"),
    "naturalisation": ("naturalisation", "REF"),
    "returned_idps": ("return-to", "RDP"),
}
TYPES = {
    **{"N": "new", "R": "repeat", "A": "appeal", "NR": "new-or-repeat", "NA": "new-or-appeal"},
    **{"RA": "repeat-or-appeal", "FA": "first-or-appeal", "J": "judicial-review"},
    **{"SP": "subsidiary", "V": "various"},
}
OUTCOMES = {
    **{"dec_recognized": "recognition", "dec_other": "other-protection"},
    **{"dec_rejected": "rejection", "dec_closed": "closure", "dec_total": "decision"},
}
FIRST = ["FI", "NA", "IN", "EO", "TA"]
ORIGINS = {"UNK": "unknown", "XXA": "stateless", "TIB": "tibetan"}


class SummingSink:
    """Adds up headline figures by year, quantity, group, country of asylum and origin."""

    def __init__(self) -> None:
        self.sums: Counter[Key] = Counter()
        self.left_out: Counter[str] = Counter()
        self._subject, self._figure = "", dict[str, str]()

    def thing(self, subject: str, said: Iterable[str]) -> None:
        for each in said:
            self.line(f"{subject} {each}")

    def line(self, triple: str) -> None:
        subject, predicate, value = triple.split(" ", 2)
        if subject != self._subject:
            self.finish()
            self._subject = subject
        name = predicate.rstrip(">").replace("#", "/").rpartition("/")[2]
        literal = value.startswith('"')
        text = value.split('"')[1] if literal else value.rstrip(">").rpartition("/")[2]
        if name != "type" or "Headline" in value:
            self._figure[name] = text

    def finish(self) -> None:
        figure = self._figure
        if "type" in figure:
            names = ("year", "quantity", "populationGroup", "scope", "origin")
            year, quantity, group, scope, origin = (figure[name] for name in names)
            self.sums[year, quantity, group, scope, origin] += int(figure["officialValue"])
        self._figure = {}

    def leave_out(
        self, row: int, properties: Sequence[str], cells: Sequence[tuple[str, str]]
    ) -> None:
        self.left_out.update(kind for kind, _ in cells)

    def share(self, quads: Iterable[Quad]) -> None:
        for _ in quads:
            pass

    def claim(self, key: str) -> bool:
        return True

    def advance(self, rows: int) -> None:
        """Nobody watches."""

    def cells(self, kinds: Iterable[str]) -> Iterator[str]:
        return iter(())

    def tell(self, what: str) -> None:
        raise AssertionError(what)


def mapped() -> Counter[Key]:
    found: Counter[Key] = Counter()
    for name in ("population.csv", "solutions.csv", "asylum-applications.csv",
                 "asylum-decisions.csv.gz", "demographics.csv.gz"):  # fmt: skip
        sink, kind = SummingSink(), f"unhcr-{name.partition('.')[0]}"
        MAPPERS[kind](a_source(kind, DATA / f"api-{name}"), sink)
        sink.finish()
        assert not set(sink.sums) & set(found), f"{kind} counts again what another table counts"
        found.update(sink.sums)
        table = pd.read_csv(DATA / f"api-{name}", keep_default_na=False, na_values=["", "-"])
        numbers = table.select_dtypes("number").drop(columns="year")
        empties, zeros = numbers.isna().sum().sum(), (numbers == 0).sum().sum()
        assert (sink.left_out["empty"], sink.left_out["zero"]) == (empties, zeros)
    return found


def read_by_pandas() -> Counter[Key]:
    found: Counter[Key] = Counter()

    def read(name: str) -> pd.DataFrame:
        return pd.read_csv(DATA / f"api-{name}", keep_default_na=False, na_values=[""])

    def add(table: pd.DataFrame, column: str, quantity: str, group: str) -> None:
        chosen = table[table[column].fillna(0) > 0]
        sums = chosen.groupby(["year", "coa_iso", "coo_iso"])[column].sum()
        for (year, asylum, origin), value in sums.items():
            place = "unknown" if asylum in ORIGINS else asylum
            key = (str(year), quantity, group, place, ORIGINS.get(origin, origin))
            found[key] += int(value)

    population, solutions = read("population.csv"), read("solutions.csv")
    for column, group in STOCKS.items():
        add(population, column, "stock", group)
    for column, (quantity, group) in FLOWS.items():
        add(solutions, column, quantity, group)
    applications = read("asylum-applications.csv")
    persons = applications[applications.app_pc == "P"]
    for code, name in TYPES.items():
        kind = persons[persons.app_type == code]
        add(kind, "applied", f"asylum-application-{name}", "ASY")
    decisions = read("asylum-decisions.csv.gz")
    first = decisions[(decisions.dec_pc == "P") & decisions.dec_level.isin(FIRST)]
    for column, name in OUTCOMES.items():
        add(first, column, f"asylum-{name}", "ASY")
    return found


def test_headline_figures_add_up_to_the_sums_of_the_files() -> None:
    """Each quantity and group is in one table, and every country, origin and year agrees.

    Every other cell is handed over as the zero, or the empty cell, that it is.
    """
    found = mapped()
    assert len(found) > 500_000
    assert found == read_by_pandas()


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("population", [*STOCKS, "returned_refugees", "returned_idps"]),
        ("solutions", ["naturalisation", "returned_idps"]),
    ],
)
def test_the_cube_says_since_when_each_group_is_counted(name: str, columns: list[str]) -> None:
    """By the years that the description of the data set names, in each language."""
    table = pd.read_csv(DATA / f"api-{name}.csv").set_index("year")
    first = {int(table.index[table[column].fillna(0) > 0].min()) for column in columns}
    texts = [
        quad.object.value
        for quad in read_data(project_files("ontology"))
        if quad.subject == thing("dataset", f"unhcr-{name}")
        and quad.predicate == DCT["description"]
        and isinstance(quad.object, Literal)
    ]
    assert len(texts) == 3
    for text in texts:
        assert {int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", text)} == first


def test_the_packaged_extracts_are_lines_of_the_whole_files(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    listed = {",".join(row[:2]): row[-1] for row in write_extracts(DATA, tmp_path)}
    packaged = (sources_folder() / LIST).read_text("utf-8").splitlines()
    for kind in TABLES:
        name = f"data/{kind}-central-asia.csv"
        assert (tmp_path / name).read_bytes() == (sources_folder() / name).read_bytes()
        line = next(line for line in packaged if line.startswith(f"{kind},"))
        assert line.endswith(f",{listed[f'{kind},{name}']}")


def test_the_page_has_the_rows_and_figures_of_the_whole_files() -> None:
    page = (Path(__file__).parents[1] / "docs" / "data.md").read_text("utf-8")
    told = re.findall(
        r"^\| `unhcr-((?:(?!-central)[a-z-])+)` \| ([\d,]+) \| ([\d,]+) \|", page, re.MULTILINE
    )
    found = []
    for name, *_ in told:
        (path,) = DATA.glob(f"api-{name}.csv*")
        table = pd.read_csv(path, keep_default_na=False, na_values=[""])
        numbers = table.select_dtypes("number").drop(columns="year")
        found.append((name, f"{len(table):,}", f"{int((numbers > 0).sum().sum()):,}"))
    assert told == found != []


def test_no_decision_is_one_to_four_or_six_to_nine() -> None:
    """What the note on cells of 5 and 10 says of them; applications have 6 to 9."""

    def cells(name: str, *columns: str) -> pd.Series:
        table = pd.read_csv(DATA / f"api-{name}", keep_default_na=False, na_values=[""])
        return table[list(columns)].stack()

    decisions = cells("asylum-decisions.csv.gz", *OUTCOMES)
    assert set(decisions[decisions.between(1, 10)]) == {5, 10}
    applications = cells("asylum-applications.csv", "applied")
    assert set(applications[applications.between(1, 10)]) == {5, 6, 7, 8, 9, 10}
