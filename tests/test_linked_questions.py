"""Questions on links and on vintages: the answers, read by pandas from files of ../shared."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from pyoxigraph import NamedNode, Quad, Store

from built_graph import built_quads
from kzgraph.iri import graph
from kzgraph.namespaces import DCT
from kzgraph.sources import Source
from kzgraph_mappings.official import MAPPERS
from official_files import a_file, map_with
from test_competency import Answer, Value, answer, asked, asked_text, text_of

DATA = Path(__file__).parents[2] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="without ../shared/data")

Rows = Iterable[Iterable[Value]]
WIKIDATA = "http://www.wikidata.org/entity/"


def identifiers(*schemes: str) -> pd.DataFrame:
    """The confirmed identifiers of some schemes, as text."""
    found = pd.read_csv(DATA / "reference" / "identifiers.csv", dtype=str, keep_default_na=False)
    return found[found.scheme.isin(schemes)]


def codes(scheme: str) -> dict[str, str]:
    """The codes of countries in one scheme, by name."""
    found = identifiers(scheme)
    found = found[found.kind == "country"]
    return dict(zip(found.entity, found.id, strict=True))


def items_of_an_operation() -> Rows:
    """The five countries are those of one sub-region."""
    countries = pd.read_csv(DATA / "reference" / "country-codes.csv", dtype=str)
    members = countries[countries["Intermediate Region Name"].eq("Central Asia")
                        | countries["Sub-region Name"].eq("Central Asia")]  # fmt: skip
    items, names = (
        codes("Wikidata"),
        {iso: name for name, iso in codes("ISO 3166-1 alpha-3").items()},
    )
    return sorted((iso, WIKIDATA + items[names[iso]]) for iso in members["ISO3166-1-Alpha-3"])


def two_codes() -> Rows:
    """All countries of the list whose codes differ give to UNHCR."""
    iso, own = codes("ISO 3166-1 alpha-3"), codes("UNHCR country code")
    return sorted((iso[name], own[name]) for name in own if own[name] != iso[name])


def registered() -> Rows:
    found = identifiers("UN MTDSG", "UNTS volume/page")
    found = found[found.entity.isin(["1951 Refugee Convention", "1967 Protocol"])]
    datatypes = {"UN MTDSG": "kzg:mtdsg", "UNTS volume/page": "kzg:unts"}
    return sorted((row.id, datatypes[str(row.scheme)]) for row in found.itertuples())


def denmark() -> Rows:
    """Sure is what two sources say; neither item is said to be the same."""
    found = identifiers("Wikidata")
    return sorted(
        (
            (f"skos:{row.match}Match", row.iri, "0.9" if row.confidence == "confirmed" else "0.7")
            for row in found[found.entity == "Denmark"].itertuples()
        ),
        key=lambda row: str(row[1]),
    )


@pytest.fixture(scope="module")
def store() -> Store:
    found = Store()
    found.bulk_extend(built_quads())
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("121-wikidata-items-of-an-operation", items_of_an_operation),
        ("122-two-codes-of-three-letters", two_codes),
        ("123-where-treaties-are-registered", registered),
        ("124-how-sure-a-link-is", denmark),
    ],
)
def test_links_are_those_of_the_list(store: Store, name: str, expected: Callable[[], Rows]) -> None:
    found = asked(store, name)
    assert found.rows
    assert found == Answer(found.columns, answer(found.columns, expected()).rows)


# Two vintages: UNHCR's download of July 2024, and the API's file of June 2026

STOCKS = {
    "refugees": ("Refugees under UNHCR's mandate", "REF"),
    "asylum_seekers": ("Asylum-seekers", "ASY"),
    "idps": ("IDPs of concern to UNHCR", "IDP"),
    "oip": ("Other people in need of international protection", "OIP"),
    "stateless": ("Stateless persons", "STA"),
    "hst": ("Host Community", "HST"),
    "ooc": ("Others of concern", "OOC"),
}
CELL = "official/unhcr-population/{}/{}/{}/{}"


def some_lines(name: str) -> list[str]:
    """All before the first row, and the rows of 2022 and 2023 that name Rwanda or the Kingdom."""
    lines = (DATA / "unhcr" / f"{name}.csv").read_text("utf-8").splitlines()
    first = next(number for number, line in enumerate(lines) if line[:4].isdigit())
    named = (",RWA,", ",GBR,", ",VGB,")
    rows = (line for line in lines[first:] if line[:4] in ("2022", "2023"))
    return [*lines[:first], *(row for row in rows if any(each in row for each in named))]


def numbers(rows: pd.DataFrame, keys: list[str], columns: dict[str, str]) -> dict[str, int]:
    """The cells that are neither empty nor zero, by their path; `keys` are its three columns."""
    return {
        CELL.format(*(row[key] for key in keys), group): int(row[column])
        for row in rows.to_dict("records")
        for column, group in columns.items()
        if row[column].isdigit() and int(row[column])
    }


def test_what_was_revised_is_what_differs_between_two_files(tmp_path: Path) -> None:
    store, names, tables = Store(), {}, {}
    for file, digit in (("data-finder-population", "a"), ("api-population", "b")):
        path = a_file(tmp_path, some_lines(file), f"{file}.csv")
        source = Source("unhcr-population", path, digit * 64, "A table", "", "UNHCR")
        store.extend(map_with(MAPPERS[source.kind], source).quads())
        names[file] = graph(source.name)
        skipped = 0 if file.startswith("api") else 14
        tables[file] = pd.read_csv(path, dtype=str, keep_default_na=False, skiprows=skipped)
    old, new = names.values()
    store.add(Quad(new, DCT["replaces"], old, graph("metadata")))
    was = numbers(
        tables["data-finder-population"],
        ["Year", "Country of asylum (ISO)", "Country of origin (ISO)"],
        dict(STOCKS.values()),
    )
    now = numbers(
        tables["api-population"],
        ["year", "coa_iso", "coo_iso"],
        {name: group for name, (_, group) in STOCKS.items()},
    )
    expected: list[list[Value]] = []
    for cell in sorted(was.keys() | now.keys()):
        before, after = (side.get(cell) for side in (was, now))
        if before != after:
            change = "new" if before is None else "gone" if after is None else "revised"
            values = [None if number is None else Decimal(number) for number in (before, after)]
            expected.append([_short(old), _short(new), change, cell, *values])
    expected.sort(key=lambda row: (str(row[2]), str(row[3])))
    assert {str(row[2]) for row in expected} == {"gone", "new", "revised"}
    text = text_of("128-cells-revised-between-vintages")
    for country in sorted({cell.split("/")[3] for cell in was.keys() | now.keys()}):
        found = asked_text(store, text.replace("country:KAZ", f"country:{country}"))
        rows = [row for row in found.rows if not str(row[3][1]).endswith(("/RET", "/RDP"))]
        of_country = [row for row in expected if str(row[3]).split("/")[3] == country]
        assert rows == answer(found.columns, of_country).rows


def _short(name: NamedNode) -> str:
    return f"graph:{name.value.rpartition('/')[2]}"
