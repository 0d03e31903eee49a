"""The traps again, on a release with whole files beside the documents: UNHCR, IATI, World Bank."""

import subprocess
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from pyoxigraph import Store

from built_graph import built_quads
from commands import KZGRAPH
from test_traps import DOCUMENTS, MIXTURES, ask, of_groups

DATA = Path(__file__).parents[2] / "shared" / "data"
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not DATA.is_dir(), reason="without ../shared/data"),
]
LISTED = """kind,file,title,licence,attribution,url,date,whole
unhcr-population,unhcr/api-population.csv,,,,,2026-06-25,
unhcr-solutions,unhcr/api-solutions.csv,,,,,2026-06-25,
iati,iati/UNHCR-Activities-2023.xml,2023,https://creativecommons.org/licenses/by/4.0/,UNHCR,,,
treaties,treaties/central-asia-status.csv,,,,,,
worldbank-population,worldbank/population.csv,,,,,,
"""
COLUMNS = {
    **{"refugees": "REF", "asylum_seekers": "ASY", "idps": "IDP", "stateless": "STA"},
    **{"ooc": "OOC", "oip": "OIP", "hst": "HST"},
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The store of the release: some three million triples."""
    given, out = tmp_path_factory.mktemp("given"), tmp_path_factory.mktemp("out")
    for line in LISTED.splitlines()[1:]:
        file = line.split(",")[1]
        (given / file).parent.mkdir(exist_ok=True)
        (given / file).write_bytes((DATA / file).read_bytes())
    (given / "sources.csv").write_text(LISTED, "utf-8")
    command = [*KZGRAPH, "build", "--out", str(out), "--with", str(given)]
    subprocess.run(command, check=True, capture_output=True, timeout=1800)
    return Store.read_only(str(out / "current" / "store"))


@pytest.fixture(scope="module")
def alone() -> Store:
    found = Store()
    found.bulk_extend(built_quads())
    return found


@pytest.mark.parametrize("query", DOCUMENTS)
def test_what_documents_state_is_answered_as_before(alone: Store, whole: Store, query: str) -> None:
    assert ask(whole, query) == ask(alone, query) != []


@pytest.mark.parametrize("query", MIXTURES)
def test_what_would_mix_the_two_finds_nothing(whole: Store, query: str) -> None:
    assert ask(whole, query) == []


@pytest.mark.parametrize(
    "pattern",
    [
        "?f kzg:populationGroup ?g ; kzg:scope ?c",
        "?f kzg:populationGroup/skos:broader* ?g ; kzg:scope ?c",
        "GRAPH ?graph { ?f kzg:populationGroup ?g ; kzg:scope ?c }",
    ],
)
def test_the_plain_sum_of_a_group_is_that_of_the_file(whole: Store, pattern: str) -> None:
    """Over the world, by country of asylum and year."""
    read = pd.read_csv(DATA / "unhcr/api-population.csv", keep_default_na=False, na_values=[""])
    expected = Counter[tuple[str, str, int]]()
    for column, group in COLUMNS.items():
        for (place, year), number in read.groupby(["coa_iso", "year"])[column].sum().items():
            if number:
                key = "unknown" if place in ("UNK", "XXA") else place
                expected[group, key, int(year)] += int(number)
    found = {(g, c, int(y)): int(n) for g, c, y, n in ask(whole, of_groups(pattern, COLUMNS))}
    assert len(found) > 5_000
    assert found == expected
