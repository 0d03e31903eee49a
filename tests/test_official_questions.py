"""Questions on official numbers: what the graph answers, the files say, read by another way.

The expected rows are computed with pandas from the files that the release is made from.
"""

import hashlib
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal
from pathlib import Path

import pandas as pd
import pyoxigraph as ox
import pytest

from built_graph import built_with_sources
from kzgraph.intake import packaged_offers
from kzgraph.intake.describing import describe
from kzgraph.iri import graph
from kzgraph.resources import folder
from kzgraph.sources import Source
from kzgraph_mappings.official import MAPPERS
from official_files import map_with
from test_competency import Answer, Value, answer, asked

DATA = folder("mappings") / "sources" / "data"

Rows = Iterable[Iterable[Value]]
EXPECTED: dict[str, Callable[[], Rows]] = {}


def answers(name: str) -> Callable[[Callable[[], Rows]], Callable[[], Rows]]:
    """Register what the files answer to the query called `name`."""

    def register(function: Callable[[], Rows]) -> Callable[[], Rows]:
        EXPECTED[name] = function
        return function

    return register


def table(name: str) -> pd.DataFrame:
    """A file of official numbers, its cells as text."""
    return pd.read_csv(DATA / f"{name}.csv", dtype=str, keep_default_na=False)


def population(column: str, country: str | None = "KAZ") -> pd.DataFrame:
    """The cells of one column that are neither empty nor zero, as whole numbers."""
    rows = table("unhcr-population-central-asia")
    rows = rows if country is None else rows[rows.coa_iso == country]
    rows = rows.assign(number=pd.to_numeric(rows[column]), year=pd.to_numeric(rows.year))
    return rows[rows.number > 0]


def by_year(rows: pd.DataFrame) -> Rows:
    return [(Decimal(y), Decimal(int(n))) for y, n in rows.groupby("year").number.sum().items()]


@answers("130-official-refugees-by-year")
def refugees() -> Rows:
    return by_year(population("refugees"))


@answers("131-official-stateless-in-five-countries")
def stateless() -> Rows:
    rows = population("stateless", None)
    rows = rows[rows.year == 2018].sort_values("number", ascending=False)
    return [(f"country/{row.coa_iso}", Decimal(int(row.number))) for row in rows.itertuples()]


@answers("132-where-asylum-seekers-came-from")
def asylum_seekers() -> Rows:
    rows = population("asylum_seekers")
    found = [
        (f"country/{row.coo_iso}", Decimal(int(row.number)))
        for row in rows[rows.year == 2023].itertuples()
    ]
    return sorted(found, key=lambda row: (-row[1], row[0]))


@answers("133-refugees-of-unknown-origin")
def unknown_origin() -> Rows:
    rows = population("refugees")
    unknown = rows[rows.coo_iso == "UNK"]
    return [
        (
            Decimal(int(row.year)),
            Decimal(int(row.number)),
            Decimal(int(rows[rows.year == row.year].number.sum())),
        )
        for row in unknown.sort_values("year").itertuples()
    ]


@answers("134-stateless-in-central-asia-by-year")
def stateless_by_year() -> Rows:
    rows = population("stateless", None).groupby("year")
    return [
        (Decimal(int(str(year))), Decimal(int(of.number.sum())), Decimal(int(of.coa_iso.nunique())))
        for year, of in rows
    ]


@answers("138-naturalised-refugees")
def naturalised() -> Rows:
    rows = table("unhcr-solutions-central-asia")
    rows = rows[rows.coa_iso == "KAZ"].assign(
        number=lambda of: pd.to_numeric(of.naturalisation), year=lambda of: pd.to_numeric(of.year)
    )
    return by_year(rows[rows.number > 0])


def office(name: str) -> pd.DataFrame:
    """Rows of a table of IATI about the office in Kazakhstan."""
    rows = table(f"iati-central-asia-{name}")
    rows = rows[rows.iati_identifier.str.contains("-KAZ")]
    return rows.assign(year=rows.iati_identifier.str.extract(r"-(20\d\d)-")[0])


def cents(amounts: Iterable[str]) -> Decimal:
    return sum(map(Decimal, amounts), Decimal(0))


@answers("140-budget-beside-spending")
def budgets() -> Rows:
    money = office("transactions")
    spent = money[money.transaction_type_code.astype(float).isin([3, 4])].groupby("year")
    sums = {year: cents(of.transaction_value) for year, of in spent}
    plans = office("budgets")
    plans = plans[plans.budget_period_start.str[:4] == plans.year]
    return [
        (Decimal(row.year), Decimal(row.budget_value), sums[row.year])
        for row in plans.sort_values("year").itertuples()
        if row.year in sums
    ]


@answers("141-who-gave-to-the-office")
def providers() -> Rows:
    money = office("transactions")
    given = money[money.transaction_type_code.astype(float) == 11].groupby(
        ["transaction_value_currency", "transaction_provider_org"]
    )
    sums = [(str(key[0]), str(key[1]), cents(of.transaction_value)) for key, of in given]
    return sorted(sums, key=lambda row: (row[0], -row[2]))


#: Number of the depositary to the treaty.
TREATIES = {
    "V-2": "refugee-convention-1951",
    "V-5": "refugee-protocol-1967",
    "V-3": "statelessness-convention-1954",
    "V-4": "statelessness-convention-1961",
}
STATES = {
    "Kazakhstan": "KAZ",
    "Kyrgyzstan": "KGZ",
    "Tajikistan": "TJK",
    "Turkmenistan": "TKM",
    "Uzbekistan": "UZB",
}


def treaty_rows(column: str, *, dated: bool) -> Rows:
    rows = table("treaties-central-asia")
    rows = rows[(rows.date != "") == dated]
    return sorted(
        (
            f"country/{STATES[row.participant]}",
            f"instrument/{TREATIES[row.depositary_number]}",
            getattr(row, column),
        )
        for row in rows.itertuples()
    )


@answers("143-who-is-party-to-what")
def parties() -> Rows:
    return treaty_rows("date", dated=True)


@answers("144-not-listed-by-the-depositary")
def not_listed() -> Rows:
    return treaty_rows("status_as_of", dated=False)


@answers("137-small-numbers")
def small_numbers() -> Rows:
    groups = {"REF": "refugees", "ASY": "asylum_seekers", "STA": "stateless", "IDP": "idps"}
    found = []
    for group, column in groups.items():
        rows = population(column)
        for row in rows[(rows.year == 2023) & (rows.number == 5)].itertuples():
            found.append((f"population-group/{group}", f"country/{row.coo_iso}"))
    return sorted(found)


@answers("148-which-countries-the-office-covered")
def countries_of_the_office() -> Rows:
    """The document says 87,632; the two cells are those of 2018 that make it up."""
    rows = population("stateless", None)
    cells = {row.coa_iso: int(row.number) for row in rows[rows.year == 2018].itertuples()}
    pairs = [(a, b) for a in cells for b in cells if a < b and cells[a] + cells[b] == 87632]
    ((one, other),) = pairs
    found = sorted((cells[iso], iso) for iso in (one, other))
    return [(f"country/{iso}", Decimal(number), "confidence/high") for number, iso in found]


@answers("149-agreed-in-dollars")
def in_dollars() -> Rows:
    """Budgets and spending that the chart has too: those of 2016 to 2019, and to 2018."""
    both = [[Decimal(str(cell)) for cell in row] for row in budgets()]
    plans = [("quantity/budget", year, plan) for year, plan, _ in both if year <= 2019]
    return plans + [
        ("quantity/expenditure", year, spent) for year, _, spent in both if year <= 2018
    ]


def rounded(number: Decimal) -> Decimal:
    """To six significant digits, as computed figures are."""
    return Context(prec=6, rounding=ROUND_HALF_EVEN).create_decimal(number)


@answers("139-stateless-per-inhabitant-by-statistics")
def stateless_per_inhabitant() -> Rows:
    people = population("stateless", None)
    people = people[people.year == 2018].groupby("coa_iso").number.sum()
    inhabitants = table("worldbank-population-central-asia")
    inhabitants = inhabitants[inhabitants.Year == "2018"].set_index("Country Code").Value
    found = [
        (str(iso), rounded(Decimal(int(number)) * 100_000 / whole), whole)
        for iso, number in people.items()
        for whole in [Decimal(str(inhabitants[str(iso)]))]
    ]
    return sorted(found, key=lambda row: -row[1])


@answers("142-applications-in-persons-and-in-cases")
def applications() -> Rows:
    rows = table("unhcr-asylum-applications-central-asia")
    rows = rows[(rows.coa_iso == "KAZ") & (rows.app_type == "N")]
    rows = rows.assign(number=pd.to_numeric(rows.applied))
    units = {"P": "persons", "C": "cases"}
    return [
        (Decimal(str(year)), units[str(unit)], Decimal(int(number)))
        for (year, unit), number in rows.groupby(["year", "app_pc"]).number.sum().items()
    ]


@answers("145-treaties-by-state")
def treaties_by_state() -> Rows:
    rows = table("treaties-central-asia")
    rows = rows[rows.act == "accession"].groupby("participant")
    found = [
        (STATES[str(state)], Decimal(of.depositary_number.nunique()), of.date.min(), of.date.max())
        for state, of in rows
    ]
    return sorted(found, key=lambda row: (-row[1], row[0]))


@answers("146-spent-through-partners")
def through_partners() -> Rows:
    """By the year of the transaction; the rows of one activity are of one year."""
    rows = office("transactions")
    rows = rows.assign(
        kind=rows.transaction_type_code.astype(float), year=rows.transaction_date.str[:4]
    )
    rows = rows[rows.kind.isin([3, 4])]
    return [
        (
            Decimal(str(year)),
            cents(of.transaction_value),
            cents(of[of.kind == 3].transaction_value),
        )
        for year, of in rows.groupby("year")
    ]


@answers("147-returns-by-two-countries")
def returns() -> Rows:
    rows = table("unhcr-solutions-central-asia")
    rows = rows[rows.coa_iso == "KAZ"]
    sums = pd.to_numeric(rows.returned_refugees).groupby(rows.coo_iso).sum()
    found = [(f"country/{iso}", Decimal(int(number))) for iso, number in sums.items() if number]
    return sorted(found, key=lambda row: (-row[1], row[0]))


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """The documents with the packaged sources beside them."""
    found = ox.Store()
    found.bulk_extend(built_with_sources())
    return found


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_graph_answers_what_the_files_say(store: ox.Store, name: str) -> None:
    found = asked(store, name)
    assert found.rows, name
    assert found == Answer(found.columns, answer(found.columns, EXPECTED[name]()).rows)


@pytest.fixture(scope="module")
def described() -> ox.Store:
    """What the graphs of the packaged sources say of their files, and the cells of one of them."""
    found = ox.Store()
    for offer in packaged_offers(None):
        source = Source(
            offer.kind,
            offer.path,
            hashlib.sha256(offer.path.read_bytes()).hexdigest(),
            offer.title,
            offer.licence,
            offer.attribution,
        )
        lines = "".join(f"{triple} .\n" for triple in describe(source))
        found.load(lines.encode(), ox.RdfFormat.N_TRIPLES, to_graph=graph(source.name))
        if source.kind == "unhcr-population":
            found.bulk_extend(map_with(MAPPERS[source.kind], source).quads())
    return found


def test_a_number_leads_to_its_line_and_its_file(described: ox.Store) -> None:
    path = DATA / "unhcr-population-central-asia.csv"
    lines = path.read_text("utf-8").splitlines()
    line = next(
        number
        for number, text in enumerate(lines, 1)
        if text.startswith("2018,Stateless,") and ",UZB," in text
    )
    assert asked(described, "135-which-line-of-which-file") == answer(
        ["persons", "line", "checksum", "licence"],
        [
            (
                Decimal(lines[line - 1].split(",")[lines[0].split(",").index("stateless")]),
                Decimal(line),
                hashlib.sha256(path.read_bytes()).hexdigest(),
                "https://creativecommons.org/licenses/by/4.0/",
            )
        ],
    )


def test_each_source_names_its_licence_and_whom_to_credit(described: ox.Store) -> None:
    listed = pd.read_csv(DATA.parent / "sources.csv", dtype=str, keep_default_na=False)
    offers = {offer.path.name: offer for offer in packaged_offers(None)}
    expected = sorted(
        (row.title, row.licence, row.attribution or offers[Path(row.file).name].attribution)
        for row in listed.itertuples()
    )
    found = asked(described, "136-sources-and-licences")
    assert found == answer(["title", "licence", "attribution"], expected)
