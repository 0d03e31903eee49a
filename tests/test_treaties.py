"""The depositary's list of participations in treaties, and what is refused of one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from built_graph import built_quads
from kzgraph.iri import ID, ONTOLOGY
from kzgraph.resources import folder
from kzgraph.sources import SourceFaults
from kzgraph_mappings.official.reference_tables import read_codes, read_table
from kzgraph_mappings.official.treaties import map_treaties, recognize_treaties
from official_files import KeepingSink, a_source, map_with
from reasoning_stores import select

PACKAGED = folder("mappings") / "sources" / "data" / "treaties-central-asia.csv"
HEADER = "depositary_number,instrument,participant,act,date,status_as_of\n"
ROW = (
    "V-2,Convention relating to the Status of Refugees,Kazakhstan,accession,1999-01-15,2015-03-14\n"
)


def mapped(path: Path) -> KeepingSink:
    """What a list is mapped to."""
    return map_with(map_treaties, a_source("treaties", path))


@pytest.fixture
def faults(tmp_path: Path) -> Callable[[str], list[tuple[int, str, str]]]:
    """What is wrong with a list: line, column and message of each fault."""

    def find(text: str) -> list[tuple[int, str, str]]:
        path = tmp_path / "list.csv"
        path.write_text(text, "utf-8", newline="")
        with pytest.raises(SourceFaults) as refused:
            mapped(path)
        assert all(each.remedy for each in refused.value.faults)
        return [(each.line, each.column, each.message) for each in refused.value.faults]

    return find


def test_the_packaged_list_has_the_acts_and_says_where_there_is_none() -> None:
    query = """SELECT ?i ?k ?d ?y ?asOf ?row { ?p a kzg:OfficialParticipation ;
        kzg:scope <country/TKM> ; kzg:country <country/TKM> ; kzg:instrument ?i ; kzg:kind ?k ;
        kzg:row ?row ; dcterms:valid ?asOf OPTIONAL { ?p kzg:date ?d ; kzg:year ?y } }"""
    acceded = "participation-kind/accession"
    assert select(mapped(PACKAGED).store(), query) == [
        ("instrument/refugee-convention-1951", acceded, "1998-03-02", "1998", "2015-03-14", "5"),
        ("instrument/refugee-protocol-1967", acceded, "1998-03-02", "1998", "2015-03-14", "10"),
        ("instrument/statelessness-convention-1954", acceded, "2011-12-07", "2011",
         "2015-03-14", "15"),
        ("instrument/statelessness-convention-1961", acceded, "2012-08-29", "2012",
         "2015-03-14", "20"),
    ]  # fmt: skip
    kinds = (
        "SELECT ?k (COUNT(?p) AS ?n) { ?p a kzg:OfficialParticipation ; kzg:kind ?k } GROUP BY ?k"
    )
    assert select(mapped(PACKAGED).store(), kinds) == [
        (acceded, "10"),
        ("participation-kind/not-listed", "10"),
    ]


def test_an_entry_is_named_in_three_languages() -> None:
    query = """SELECT ?l { ?p kzg:country <country/KAZ> ; rdfs:label ?l ;
        kzg:instrument <instrument/refugee-protocol-1967> }"""
    assert select(mapped(PACKAGED).store(), query) == [
        ("Kazakhstan, accession, 15 January 1999: Protocol relating to the Status of Refugees"
         " (New York, 31 January 1967)",),
        ("Казахстан, присоединение, 15 января 1999 \u0433.: Протокол, касающийся статуса беженцев,"
         " 1967 года",),
        ("Қазақстан, қосылу, 1999 ж. 15 қаңтар: Босқындардың мәртебесіне қатысты 1967 жылғы"
         " хаттама",),
    ]  # fmt: skip


def test_who_asks_what_documents_state_does_not_meet_the_list() -> None:
    """That a list has no entry would else read as taking part."""
    query = "SELECT ?i { ?p kzg:participant <country/KAZ> ; kzg:instrument ?i }"
    both = (*built_quads(), *mapped(PACKAGED).store())
    assert select(both, query) == select(built_quads(), query) != []
    assert not [each for each in mapped(PACKAGED).lines if f"{ONTOLOGY}participant>" in each]


def test_states_are_known_by_their_names_without_marks(tmp_path: Path) -> None:
    row = ROW.replace("Kazakhstan", "Côte d\N{RIGHT SINGLE QUOTATION MARK}Ivoire")
    path = tmp_path / "list.csv"
    path.write_text(HEADER + row, "utf-8")
    assert any("/country/CIV>" in line for line in mapped(path).lines)


def test_a_day_is_described_once_for_all() -> None:
    days = {str(quad.subject) for quad in mapped(PACKAGED).shared}
    assert f"<{ID}time/1999-01-15>" in days


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("V-2", "V-1", (2, "depositary_number", "'V-1' is not known")),
        ("V-2", "", (2, "depositary_number", "the cell is empty")),
        ("V-2", "V-5", (2, "instrument", "'Convention relating to the Status of Ref...' is not")),
        ("Kazakhstan", "Kazachstan", (2, "participant", "'Kazachstan' is not known")),
        ("Kazakhstan", "Stateless", (2, "participant", "'Stateless' is not known")),
        ("accession", "a", (2, "act", "'a' is not known")),
        ("accession", "not listed", (2, "date", "1999-01-15 dates what is not listed")),
        ("1999-01-15", "", (2, "date", "the cell is empty")),
        ("1999-01-15", "15/01/1999", (2, "date", "'15/01/1999' is not a day")),
        ("1999-01-15", "19990115", (2, "date", "'19990115' is not a day")),
        ("1999-01-15", "1999-02-30", (2, "date", "'1999-02-30' is not a day")),
        ("1999-01-15", "1949-01-15", (2, "date", "in 1949 the instrument of 1951")),
        ("1999-01-15", "2015-03-15", (2, "date", "2015-03-15 is later than the list")),
        ("2015-03-14", "", (2, "status_as_of", "the cell is empty")),
        (",accession", "", (2, "", "the row has 5 cells")),
        ("status_as_of\n", "as_of\n", (1, "", "the columns are")),
        (",", ";", (1, "", "cells are separated by semicolons")),
        (",", "\t", (1, "", "cells are separated by tabs")),
        (ROW, ROW[:-1], (2, "", "the last line has no end")),
    ],
)
def test_a_list_with_a_wrong_cell_is_refused(
    faults: Callable[[str], list[tuple[int, str, str]]],
    old: str,
    new: str,
    fault: tuple[int, str, str],
) -> None:
    ((line, column, message),) = faults((HEADER + ROW).replace(old, new))
    assert (line, column) == fault[:2]
    assert message.startswith(fault[2])


@pytest.mark.parametrize(
    ("second", "line"),
    [
        (ROW, 3),
        (ROW.replace("1999-01-15", "1999-01-16"), 3),
        (ROW.replace("accession,1999-01-15", "not listed,"), 3),
    ],
)
def test_rows_do_not_contradict_each_other(
    faults: Callable[[str], list[tuple[int, str, str]]], second: str, line: int
) -> None:
    assert faults(HEADER + ROW + second) == [
        (line, "act", "line 2 tells of Kazakhstan and V-2 too")
    ]


def test_a_signature_and_a_ratification_are_two_acts(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    signed = ROW.replace("accession,1999-01-15", "signature,1999-01-14")
    path.write_text(HEADER + signed + ROW.replace("accession", "ratification"), "utf-8")
    query = "SELECT ?k { ?p a kzg:OfficialParticipation ; kzg:kind ?k }"
    assert select(mapped(path).store(), query) == [
        ("participation-kind/ratification",),
        ("participation-kind/signature",),
    ]


@pytest.mark.parametrize("text", ["", HEADER, HEADER + "\n"])
def test_a_list_without_rows_is_refused(
    faults: Callable[[str], list[tuple[int, str, str]]], text: str
) -> None:
    assert len(faults(text)) == 1


def test_rows_without_text_are_none(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"\n{HEADER}  \n{ROW},,,,,\n", "utf-8")
    rows = "SELECT ?r { ?p a kzg:OfficialParticipation ; kzg:row ?r }"
    assert select(mapped(path).store(), rows) == [("4",)]


def test_every_act_and_instrument_is_one_of_ours() -> None:
    assert {row["kind"] for row in read_table("treaty-acts.csv")} <= read_codes()[
        "participation-kind"
    ]
    known = {str(quad.subject) for quad in built_quads()}
    assert {f"<{ID}{row['thing']}>" for row in read_table("treaty-instruments.csv")} <= known


def test_a_file_is_recognized_by_its_header() -> None:
    head = PACKAGED.read_bytes()[:200]
    for text in (head, b"\xef\xbb\xbf" + head, head.replace(b"\n", b"\r\n")):
        assert recognize_treaties(text)
    for text in (b"", b"year,coo,coa\n", b"\xff\xfe\n", head.partition(b",")[2]):
        assert not recognize_treaties(text)
