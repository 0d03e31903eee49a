"""A footnote becomes facts: what it is about and of which kind it is, never what it says."""

from dataclasses import replace
from pathlib import Path

from pyoxigraph import QuerySolutions

from kzgraph_mappings.official import MAPPERS
from official_files import KeepingSink, a_file, a_source, faults_of

KIND = "unhcr-footnotes"
HEADER = "Footnote,Year,Country of Origin,Country of Asylum,Population Type"
CELL = "https://w3id.org/kzgraph/id/official/"
PREFIXES = "PREFIX kzg: <https://w3id.org/kzgraph/ontology#> "
KNOWN = [
    f"{CELL}unhcr-{path}"
    for path in (
        "population/2021/CUW/VEN/REF",
        "population/2021/CUW/VEN/ASY",
        "population/2022/CUW/COL/REF",
        "population/2023/CUW/VEN/REF",
        "population/2021/KAZ/VEN/REF",
        "population/2021/POL/UKR/REF",
        "solutions/2021/CAN/COL/RST",
        "asylum-applications/2021/CAN/COL/G-N-FI-P",
        "asylum-decisions/2021/CAN/COL/G-FI-P/recognition",
        "asylum-decisions/2022/CAN/COL/G-FI-P/recognition",
        "demographics/2021/CAN/COL/ASY/ottawa-4c1f2e-UI/female-5-11",
        "demographics/2021/CAN/COL/REF/ottawa-4c1f2e-UI/all-all",
    )
]


def mapped(folder: Path, *rows: str) -> KeepingSink:
    sink = KeepingSink(known=KNOWN)
    MAPPERS[KIND](a_source(KIND, a_file(folder, (HEADER, *rows))), sink)
    return sink


def noted(sink: KeepingSink) -> set[str]:
    query = PREFIXES + "SELECT ?cell { ?cell kzg:caveat ?note }"
    found = sink.store().query(query)
    assert isinstance(found, QuerySolutions)
    return {row["cell"].value.rpartition("/id/")[2] for row in found}


def test_a_note_is_on_the_cells_that_it_is_about_and_on_no_others(tmp_path: Path) -> None:
    sink = mapped(tmp_path, "The number is estimated.,2021 - 2022,-,Curacao ,REF", ",,,,")
    assert noted(sink) == {
        "official/unhcr-population/2021/CUW/VEN/REF",
        "official/unhcr-population/2022/CUW/COL/REF",
    }


def test_a_download_names_countries_by_codes_and_has_texts_of_several_lines(
    tmp_path: Path,
) -> None:
    header = HEADER.replace("Origin", "origin (ISO)").replace("Asylum", "asylum (ISO)")
    path = a_file(tmp_path, (header, '"A, b, c, d, e,', 'f",2021,VEN,CUW,"ASY,REF"'))
    sink = KeepingSink(known=KNOWN)
    MAPPERS[KIND](a_source(KIND, path), sink)
    assert noted(sink) == {
        "official/unhcr-population/2021/CUW/VEN/REF",
        "official/unhcr-population/2021/CUW/VEN/ASY",
    }
    by_name = mapped(
        tmp_path, '"A, b, c, d, e, f",2021,Venezuela (Bolivarian Republic of),Curacao,"ASY,REF"'
    )
    assert sink.lines == by_name.lines


def test_a_note_of_an_origin_is_on_its_cells_in_every_country(tmp_path: Path) -> None:
    sink = mapped(tmp_path, 'Some,"2020, 2021 - 2023",Ukraine,-,"ASY,REF,"')
    assert noted(sink) == {"official/unhcr-population/2021/POL/UKR/REF"}


def test_a_note_of_no_country_is_on_the_data_sets_that_have_such_cells(tmp_path: Path) -> None:
    sink = mapped(tmp_path, "Numbers have been rounded.,2022,-,-,ASY", "All.,2021,-,-,RST")
    assert noted(sink) == {"dataset/unhcr-asylum-decisions", "dataset/unhcr-solutions"}


def test_a_note_on_asylum_seekers_is_on_what_became_of_them_and_on_their_ages(
    tmp_path: Path,
) -> None:
    """Applications and decisions have no population type of their own: who applies is one."""
    sink = mapped(tmp_path, "The number is estimated.,2021,-,Canada,ASY")
    assert noted(sink) == {
        "official/unhcr-asylum-applications/2021/CAN/COL/G-N-FI-P",
        "official/unhcr-asylum-decisions/2021/CAN/COL/G-FI-P/recognition",
        "official/unhcr-demographics/2021/CAN/COL/ASY/ottawa-4c1f2e-UI/female-5-11",
    }


def test_what_a_note_says_is_read_for_its_kind_and_not_published(tmp_path: Path) -> None:
    sink = mapped(tmp_path, "Zanzibarian figures are estimated as of mid-2020.,2021,-,Jordan,REF")
    kinds = {line.rpartition("note-kind/")[2] for line in sink.lines if "note-kind/" in line}
    assert kinds == {"estimate>", "date>"}
    written = " ".join([*sink.lines, *map(str, sink.shared)])
    assert "Zanzibarian" not in written and "figures are" not in written


def test_faults_of_notes_are_told_with_what_would_be_right(tmp_path: Path) -> None:
    rows = (
        "A note,2021-22,-,Jordan,REF",
        "A note,2021,-,Jordania,REF",
        "A note,2021,-,Jordan,XXX",
        "A note,2021,-,Jordan",
        "A note,2021 - 2023,-,Jordan,REF",
    )
    source = replace(a_source(KIND, a_file(tmp_path, (HEADER, *rows))), date="2022-06-30")
    told = faults_of(MAPPERS[KIND], source)
    assert [each.split("; ")[0].partition(":")[2] for each in told] == [
        "2:Year: '2021-22' is not a year or a range",
        "3:Country of Asylum: 'Jordania' is not a country",
        "4:Population Type: 'XXX' is not a population type",
        "5: the row has 4 cells, the header 5",
        "6:Year: 2023 is after the day on which the file was extracted, 2022-06-30",
    ]
