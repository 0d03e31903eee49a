"""What joins a release: which file of a table is current, what folders offer, what is refused."""

import gzip
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Store

from invented_source import KIND, KNOWN, LICENCE, RECORDS, SMALL, invented, write_file
from kzgraph.intake import Change, Mapped, area_countries, map_sources, plan_sources, sorting
from kzgraph.iri import ID, graph, is_source, term, thing
from kzgraph.sources import Source, SourceError, SourceFaults
from kzgraph.sources.listing import COLUMNS, LIST, read_folder
from kzgraph.sources.taking import Offer, take_in
from kzgraph.sources.vintages import Vintage, choose, leave_out_extracts
from official_files import POPULATION


def source(digit: str, date: str = "", whole: str = "", kind: str = KIND) -> Source:
    return Source(kind, Path("x"), digit * 64, "T", LICENCE, "A", "", date, whole)


def vintage(digit: str, first: int, last: int, date: str = "") -> Vintage:
    return Vintage(source(digit, date), frozenset(range(first, last + 1)))


# Which file is current


@pytest.mark.parametrize(
    ("second", "current", "why"),
    [
        (vintage("b", 2000, 2010, "2020-01-02"), "b", ""),
        (vintage("b", 2000, 2010, "2020-01-01"), "b", ""),
        (vintage("b", 2000, 2010, "2019-12-31"), "a", "extracted earlier"),
        (vintage("b", 2000, 2010), "b", ""),
        (vintage("b", 2001, 2011), "b", "and has nothing of 2000"),
        (vintage("b", 1999, 2009), "a", "not reach as far"),
        (vintage("b", 2001, 2010, "2021-01-01"), "a", "10 years"),
        (vintage("b", 1999, 2009, "2021-01-01"), "b", "and has nothing of 2010"),
    ],
)
def test_a_later_file_takes_the_place_where_it_is_newer_and_no_shorter(
    second: Vintage, current: str, why: str
) -> None:
    first = vintage("a", 2000, 2010, "2020-01-01")
    found = choose([first, second])
    assert found.current == source(current).name
    assert len(found.told) == bool(why)
    assert why in "".join(found.told)


def test_places_that_a_later_file_is_without_are_told() -> None:
    """As after a filter in a spreadsheet: of the same years, with one country left."""
    first, second = vintage("a", 2000, 2001), vintage("b", 2000, 2001)
    every = [f"country/A{letter}" for letter in "ABCDEFGHIJKL"]
    found = choose([replace(first, places=frozenset(every)), replace(second, places=frozenset())])
    assert found.current == second.source.name
    assert found.told[0].endswith(f"and has nothing of {', '.join(every[:10])}, 2 more")
    assert not choose([second, replace(first, places=frozenset(every))]).told


def test_a_decision_stays_until_a_later_file_comes() -> None:
    early, late = vintage("a", 2000, 2010), vintage("b", 2000, 2020)
    assert choose([late, early]).current == late.source.name
    assert choose([late, early], early.source.name).current == early.source.name
    assert choose([early, late], early.source.name).current == late.source.name
    assert choose([early, late], "gone").current == late.source.name
    assert choose([]).current == ""


def test_an_extract_gives_way_to_the_file_that_it_is_of() -> None:
    extract, whole, other = source("a", whole="b" * 64), source("b"), source("c")
    assert leave_out_extracts([extract, whole, other]) == [whole, other]
    assert leave_out_extracts([extract, other]) == [extract, other]


# Folders of files


def listed(folder: Path, **cells: str) -> list[Offer]:
    write_file(folder)
    given = {"kind": KIND, "file": "file.csv", "title": "T", "licence": LICENCE, "attribution": "A"}
    row = dict.fromkeys(COLUMNS, "") | given | cells
    (folder / LIST).write_text(",".join(COLUMNS) + "\n" + ",".join(row.values()) + "\n", "utf-8")
    return read_folder(folder, KNOWN)


def test_a_list_says_what_the_files_of_a_folder_are(tmp_path: Path) -> None:
    (offer,) = listed(tmp_path, title="", attribution="", url="https://example.org/x")
    assert offer.path == tmp_path / "file.csv"
    assert offer.title == "An invented table"
    assert offer.attribution == "The inventor"
    assert offer.url == "https://example.org/x"


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"kind": "other"}, "kind"),
        ({"file": "../file.csv"}, "file"),
        ({"file": "/etc/hostname"}, "file"),
        ({"file": "a/../../file.csv"}, "file"),
        ({"file": "gone.csv"}, "file"),
        ({"file": "link.csv"}, "file"),
        ({"file": "below/file.csv"}, "file"),
        ({"file": ""}, "file"),
        ({"kind": RECORDS, "licence": ""}, "licence"),
        ({"licence": "CC BY"}, "licence"),
        ({"licence": "https://x.org/> a <b"}, "licence"),
        ({"url": "javascript:x"}, "url"),
        ({"date": "20240101"}, "date"),
        ({"date": "2024-02-30"}, "date"),
        ({"whole": "ABC"}, "whole"),
    ],
)
def test_a_line_that_is_wrong_is_refused_with_its_column(
    tmp_path: Path, cells: dict[str, str], column: str
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "link.csv").symlink_to(write_file(tmp_path))
    (folder / "below").symlink_to(tmp_path)
    with pytest.raises(SourceFaults) as refused:
        listed(folder, **cells)
    (fault, *more) = refused.value.faults
    assert (fault.file, fault.line, fault.column) == ("data/sources.csv", 2, column)
    assert {each.column for each in more} <= {column}


def test_files_without_a_list_are_recognized_or_refused_with_what_to_write(tmp_path: Path) -> None:
    path = write_file(tmp_path)
    path.with_suffix(".gz").write_bytes(gzip.compress(path.read_bytes()))
    assert [offer.kind for offer in read_folder(tmp_path, KNOWN)] == [KIND, KIND]
    write_file(tmp_path, "a,b\n", "other.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.csv").symlink_to(path)
    with pytest.raises(SourceFaults) as refused:
        read_folder(tmp_path, KNOWN)
    told = {fault.file: str(fault) for fault in refused.value.faults}
    assert set(told) == {"other.csv", "pipe.csv", "folder", "link.csv"}
    assert "sources.csv with a line for it: kind,file," in told["other.csv"]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.write_bytes(b""), "it is empty"),
        (lambda path: path.write_bytes(gzip.compress(b"")), "it is empty"),
        (os.mkfifo, "it is not a file"),
        (os.mkdir, "it is not a file"),
        (lambda path: path.write_bytes(gzip.compress(bytes(50_000_000))), "compressed more than"),
        (lambda path: path.write_bytes(gzip.compress(SMALL.encode())[:-9]), "it is not whole"),
    ],
    ids=["empty", "empty gzip", "pipe", "folder", "bomb", "truncated"],
)
def test_what_is_not_a_file_of_data_is_not_taken_in(
    tmp_path: Path, make: Callable[[Path], object], words: str
) -> None:
    path = tmp_path / "file.csv"
    make(path)
    offer = Offer(KIND, path, "shown.csv", "T", LICENCE, "A")
    with pytest.raises(SourceFaults, match=rf"shown.csv(:\d+)?: .*{words}"):
        take_in(offer, tmp_path / "taken")
    assert list((tmp_path / "taken").glob("*[0-9a-f].gz")) == []


def test_a_file_is_kept_by_its_content_however_it_is_compressed(tmp_path: Path) -> None:
    plain = write_file(tmp_path)
    packed = tmp_path / "packed.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes(), mtime=1))
    taken = [
        take_in(Offer(KIND, each, each.name, "T", LICENCE, "A"), tmp_path / "taken")
        for each in (plain, packed)
    ]
    assert taken[0] == taken[1]
    assert gzip.decompress(taken[0].path.read_bytes()) == plain.read_bytes()
    assert is_source(taken[0].name)


# What joins


def offer_of(folder: Path, text: str = SMALL, kind: str = KIND, date: str = "") -> Offer:
    return Offer(kind, write_file(folder, text), "file.csv", "T", LICENCE, "A", date=date)


def mapped(folder: Path, *offers: Offer, replace: bool = False) -> Mapped:
    """The graphs of what is offered, one after the other."""
    with invented():
        plan = plan_sources((), (), Change(offers, replace), folder, folder / "taken")
        return map_sources(
            plan.joining, plan.decided, [thing("country", "KAZ")], folder, lambda _: None
        )


def test_a_graph_says_what_its_file_is_and_holds_each_triple_once(tmp_path: Path) -> None:
    found = mapped(tmp_path, offer_of(tmp_path, f"{SMALL}2020,KAZ,6\n", date="2024-05-06"))
    (made,) = found.graphs
    lines = made.path.read_bytes().splitlines(keepends=True)
    assert lines == sorted(set(lines))
    assert len(lines) == made.entry.triples
    name = str(graph(made.name)).encode()
    about = b"".join(line for line in lines if line.startswith(name)).decode()
    for said in (f"license> <{LICENCE}>", 'creditText> "A"', '"2024-05-06"', made.entry.sha256):
        assert said in about
    assert made.entry.rows == 4
    assert made.entry.years == (2019, 2020)


def test_reasoning_gets_what_concerns_the_countries_and_no_more(tmp_path: Path) -> None:
    found = mapped(tmp_path, offer_of(tmp_path))
    cells = {quad.subject.value for quad in found.official if "/official/" in quad.subject.value}
    assert {cell.rpartition("/")[2] for cell in cells} == {"KAZ"}
    assert len(list(found.earlier)) == 0


def test_sorting_in_pieces_gives_the_same_graph(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offers = offer_of(tmp_path)
    (whole,) = mapped(tmp_path, offers).graphs
    monkeypatch.setattr(sorting, "PIECE", 5)
    (parts,) = mapped(tmp_path, offers).graphs
    assert parts.entry == whole.entry


def test_records_are_taken_from_the_newest_file_that_has_them(tmp_path: Path) -> None:
    old = offer_of(tmp_path, "year,country,value\n2019,KAZ,1\n2020,KAZ,2\n", RECORDS, "2021-01-01")
    path = write_file(tmp_path, "year,country,value\n2020,KAZ,3\n2021,KAZ,4\n", "new.csv")
    new = Offer(RECORDS, path, "new.csv", "T", LICENCE, "A", date="2022-01-01")
    for offers in ((old, new), (new, old)):
        found = mapped(tmp_path, *offers).graphs
        assert all(each.entry.current for each in found)
        assert {each.entry.years for each in found} == {(2019,), (2020, 2021)}


def test_notes_are_on_cells_of_current_files_alone(tmp_path: Path) -> None:
    """A cell of an older file only would be a thing with a caveat and no number."""
    row = "2021,Afghanistan,AFG,AFG,{},14,0,0,0,0,0,0,,0\n"
    old, new = (row.format(each) for each in ("Uzbekistan,UZB,UZB", "Kazakhstan,KAZ,KAZ"))
    header = "Footnote,Year,Country of Origin,Country of Asylum,Population Type\n"
    notes = f"{header}Estimated.,2021,Afghanistan,-,REF\n"
    kind = "unhcr-population"
    graphs = mapped(
        tmp_path,
        *(
            Offer(each, write_file(tmp_path, text, f"{at}.csv"), "f", "T", LICENCE, "A", date=date)
            for at, (each, text, date) in enumerate(
                (
                    ("unhcr-footnotes", notes, ""),
                    (kind, f"{POPULATION}\n{new}", "2023-01-01"),
                    (kind, f"{POPULATION}\n{old}", "2022-01-01"),
                )
            )
        ),
    ).graphs
    (noted,) = (each.path.read_text("utf-8") for each in graphs if "footnotes" in each.name)
    assert f"<{ID}official/{kind}/2021/KAZ/AFG/REF> {term('caveat')} " in noted
    assert "UZB" not in noted


def test_a_packaged_source_that_was_removed_stays_out_until_it_is_taken_in(tmp_path: Path) -> None:
    packaged = Offer(KIND, write_file(tmp_path), "file.csv", "T", LICENCE, "A", packaged=True)
    name = take_in(packaged, tmp_path).name

    def plan(change: Change, *removed: str) -> tuple[list[str], set[str], list[str]]:
        made = plan_sources([packaged], (), change, tmp_path, tmp_path / "taken", removed)
        assert not made.taken
        return [each.source.name for each in made.joining], made.removed, made.told

    assert plan(Change()) == ([name], set(), [])
    joining, removed, told = plan(Change(removed=name))
    assert (joining, removed) == ([], {name})
    assert f"until it is taken in again: kzgraph ingest {KIND} {packaged.path}" in told[0]
    assert plan(Change(), name) == ([], {name}, [])
    again = Change([Offer(KIND, packaged.path, "file.csv", "T", LICENCE, "A")])
    assert plan(again, name) == ([name], set(), [])
    for given, before, why in (
        ("no-such", (), f"no source is called no-such; those that can be removed: {name}"),
        (name, (name,), f"{name} was removed before; those that can be removed: none"),
    ):
        with pytest.raises(SourceError, match=why):
            plan(Change(removed=given), *before)


def test_countries_of_the_tables_are_those_that_documents_are_about() -> None:
    store = Store()
    store.update(
        """
        PREFIX : <https://w3id.org/kzgraph/id/country/> PREFIX s: <https://schema.org/>
        PREFIX kzg: <https://w3id.org/kzgraph/ontology#>
        INSERT DATA { GRAPH <https://w3id.org/kzgraph/graph/entities> {
            :A a s:Country ; s:containedInPlace <x:region> . :B a s:Country . <x:city>
            s:containedInPlace :B . :C a s:Country . <x:figure> kzg:scope :C ; kzg:origin :D .
            :D a s:Country . <x:figure> kzg:scope <x:operation> } }
        """
    )
    found = {country.value.rpartition("/")[2] for country in area_countries(store)}
    assert found == {"A", "B", "C"}


def test_names_of_sources_are_no_names_of_documents() -> None:
    assert is_source("unhcr-population-0123456789ab")
    assert not is_source("fact-sheet-2024")
