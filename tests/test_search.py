"""What is found by search, and in which order: the cases that failed, and others of their kind."""

import csv
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Store

from built_graph import built_quads
from kzgraph.iri import ID
from kzgraph.search import Hit, Index, IndexDamaged, IndexMissing, Match, name_kinds, write_index

ALIASES = Path(__file__).parents[2] / "shared" / "cases" / "aliases.csv"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    store = Store()
    store.bulk_extend(built_quads())
    path = tmp_path_factory.mktemp("search") / "search.sqlite"
    write_index(store, path, "1.0-test")
    return Index(path)


def paths(hits: list[Hit]) -> Iterator[str]:
    return (hit.iri.removeprefix(ID) for hit in hits)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        # Not found before: shared/cases/model.md, 5.
        ("ЮНИСЕФ", "organisation/unicef"),
        ("Минюст", "organisation/ministry-of-justice"),
        ("Сана Сезим", "organisation/sana-sezim"),
        ("апатрид", "population-group/STA"),
        ("Наурыз", "holiday-kind/nauryz"),
        ("KIBHR", "organisation/bureau-for-human-rights-and-rule-of-law"),
        ("unearmarked", "contribution-kind/direct-or-flexible"),
        # Another grammatical form.
        ("беженцев", "population-group/REF"),
        ("беженец", "population-group/REF"),
        ("беженцами", "population-group/REF"),
        ("босқындарға", "population-group/REF"),
        ("Қазақстанның", "country/KAZ"),
        ("министерством юстиции Республики Казахстан", "organisation/ministry-of-justice"),
        ("stateless person", "population-group/STA"),
        ("countries of Central Asia", "operation/central-asia"),
        # Another order, a beginning, letters without their marks.
        ("Justice Ministry", "organisation/ministry-of-justice"),
        ("минист юст", "organisation/ministry-of-justice"),
        ("неопределённое гражданство", "population-group/UDN"),
        ("Казакстан", "country/KAZ"),
        # A mistake, a sound, an alphabet, a keyboard.
        ("Kazahkstan", "country/KAZ"),
        ("Казахтсан", "country/KAZ"),
        ("ЮНИСЭФ", "organisation/unicef"),
        ("Minyust", "organisation/ministry-of-justice"),
        ("bezhentsy", "population-group/REF"),
        ("Qazaqstan", "country/KAZ"),
        ("kirgiziya", "country/KGZ"),
        ("mvd rk", "organisation/ministry-of-internal-affairs"),
        ("Билялова", "person/irina-bilyalova"),
        ("CCCP", "place/former-soviet-union"),
        ("rfpf[cnfy", "country/KAZ"),
        ("гтрск", "organisation/unhcr"),
        ("vdl hr", "organisation/ministry-of-internal-affairs"),
        # Codes and IRIs, in full, in short, of other data sets.
        ("KAZ", "country/KAZ"),
        ("country/KAZ", "country/KAZ"),
        ("country:KAZ", "country/KAZ"),
        (ID + "country/KAZ", "country/KAZ"),
        ("<http://www.wikidata.org/entity/Q232>", "country/KAZ"),
        ("Q232", "country/KAZ"),
        ("https://www.wikidata.org/entity/Q232", "country/KAZ"),
        # Values, however they are written.
        ("87632", "figure/global-focus-2018/stateless-2018"),
        ("87,632", "figure/global-focus-2018/stateless-2018"),
        ("87 632", "figure/global-focus-2018/stateless-2018"),
        ("87.632", "figure/global-focus-2018/stateless-2018"),
        ("87\N{NO-BREAK SPACE}632", "figure/global-focus-2018/stateless-2018"),
        ("5,520,373.23", "figure/global-focus-2018/budget-2018"),
        ("7.49", "figure/global-focus-2018/budget-2016"),
        # Words of the thing, of its year and of its place together.
        ("budget 2016", "figure/global-focus-2018/budget-2016"),
        ("refugees Kazakhstan end of 2018", "figure/global-focus-2018/refugees-kazakhstan-2018"),
    ],
)
def test_the_first_hit_is_what_is_meant(index: Index, query: str, first: str) -> None:
    found = index.search(query, limit=3)
    assert next(paths(found.hits), None) == first
    assert found.complete


@pytest.mark.skipif(not ALIASES.exists(), reason="the list of other names is not at hand")
def test_every_name_in_use_leads_to_its_thing_first(index: Index) -> None:
    with ALIASES.open(encoding="utf-8") as file:
        rows = [(row["alias"], row["term"]) for row in csv.DictReader(file)]
    assert len(rows) > 150
    missed = [
        row for row in rows if next(paths(index.search(row[0], limit=1).hits), None) != row[1]
    ]
    assert missed == []


def test_a_name_comes_before_a_beginning_before_words_before_what_is_about_it(
    index: Index,
) -> None:
    hits = index.search("refugee", limit=300).hits
    order = [Match.NAME, Match.FORM, Match.BEGINNING, Match.WORDS, Match.ABOUT]
    places = [order.index(hit.match) for hit in hits]
    assert places == sorted(places)
    assert {Match.BEGINNING, Match.WORDS, Match.ABOUT} < {hit.match for hit in hits}
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] <= scores[0] <= 1


def test_the_more_is_said_of_a_thing_the_earlier_it_comes(index: Index) -> None:
    # One of the two has a hundred facts, the other the name alone.
    names = list(paths(index.search("UNHCR", limit=2).hits))
    assert names == ["organisation/unhcr", "registered-by/unhcr"]


def test_hits_are_counted_by_kind_and_limited_to_kinds(index: Index) -> None:
    every = index.search("stateless persons", limit=1)
    counted = {iri.rpartition("#")[2]: number for iri, number in every.kinds.items()}
    assert counted["PopulationFigure"] > 5
    assert every.total == sum(every.kinds.values())
    figures = index.search(
        "stateless persons", kinds=name_kinds(["population-figure", "no-such-kind"]), limit=50
    )
    assert {hit.kind.rpartition("#")[2] for hit in figures.hits} == {"PopulationFigure"}
    assert figures.total == len(figures.hits) == counted["PopulationFigure"]
    assert figures.kinds == every.kinds, "the others are there to turn to"
    assert index.search("stateless", kinds=["https://example.org/none"]).hits == []


def test_pages_of_hits_follow_each_other(index: Index) -> None:
    whole = list(paths(index.search("Kazakhstan", limit=30).hits))
    parts = [
        path
        for offset in (0, 10, 20)
        for path in paths(index.search("Kazakhstan", limit=10, offset=offset).hits)
    ]
    assert parts == whole
    assert len(set(whole)) == 30
    assert index.search("Kazakhstan", offset=100_000).hits == []


def test_names_can_be_looked_for_in_one_language(index: Index) -> None:
    assert next(paths(index.search("Сирия", languages=["ru"]).hits)) == "country/SYR"
    assert index.search("Stateless persons", languages=["ru"]).hits == []
    assert next(paths(index.search("KAZ", languages=["ru"]).hits)) == "country/KAZ"


def test_a_hit_says_which_name_it_was_found_by(index: Index) -> None:
    hit = index.search("МВД").hits[0]
    assert hit.name is not None
    assert (hit.name.text, hit.match) == ("МВД", Match.NAME)
    labels = {language: hit.label(language) for language in ("ru", "en", "de")}
    assert labels["ru"] and labels["ru"].text.startswith("Министерство внутренних дел")
    assert labels["de"] == labels["en"], "English, where there is no label in a language"


def test_what_a_query_was_taken_for_is_told(index: Index) -> None:
    reading = index.search("Минестерство юстиции").reading
    assert reading.corrected["минестерство"] == ("министерство",)
    assert index.search("rfpf[cnfy").reading.retyped == "казахстан"
    found = index.search("Kazakhstan zzzzqqqq")
    assert found.reading.dropped == ("zzzzqqqq",)
    assert {hit.match for hit in found.hits} <= {Match.PART, Match.NAME}
    assert next(paths(found.hits)) == "country/KAZ"
    nothing = index.search("statlesnes")
    assert nothing.hits or "statelessness" in nothing.reading.nearest
    assert index.search("кенгуру").reading.nearest
    both = index.search("Наурыз Belgium")
    assert both.reading.partial
    assert {"holiday-kind/nauryz", "country/BEL"} <= set(paths(both.hits))


def test_observations_of_tables_are_no_entries_and_tables_are(index: Index) -> None:
    assert not [iri for iri in index.subjects() if "/id/official/unhcr" in iri]
    assert "dataset/unhcr-population" in set(paths(index.search("population figures").hits))


def test_a_disk_that_fails_is_told_as_one(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="unable to open"):
        write_index(Store(), tmp_path / "no-such-folder" / "search.sqlite", "1")


def test_an_index_that_is_not_there_or_not_one_is_told(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="without an index"):
        Index.of_release(tmp_path, "1")
    (tmp_path / "search.sqlite").write_bytes(b"SQLite format 4" * 100)
    with pytest.raises(IndexDamaged, match="cannot be read"):
        Index.of_release(tmp_path, "1")
    (tmp_path / "search.sqlite").unlink()
    with sqlite3.connect(tmp_path / "search.sqlite") as other:
        other.executescript(
            "CREATE TABLE kind (id, iri); CREATE TABLE about (name, value);"
            "INSERT INTO about VALUES ('format', '0');"
        )
    with pytest.raises(IndexMissing, match="another version"):
        Index.of_release(tmp_path, "1")
