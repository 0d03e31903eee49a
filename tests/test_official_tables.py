"""Official tables become observations by their metadata, in each layout that they come in."""

from pathlib import Path

import pytest

from kzgraph_mappings.official.official_tables import map_table, read_header
from official_files import POPULATION, a_file, a_source, map_with

ID = "https://w3id.org/kzgraph/id/"
ONT = "https://w3id.org/kzgraph/ontology#"
ROWS = (
    POPULATION,
    "2018,Afghanistan,AFG,AFG,Uzbekistan,UZB,UZB,14,0,0,0,0,0,0,,0",
    "2018,Stateless,STA,XXA,Kazakhstan,KAZ,KAZ,0,5,0,0,0,7690,0,,0",
)


def population(path: Path) -> list[str]:
    return map_with(map_table, a_source("unhcr-population", path)).lines  # type: ignore[arg-type]


def test_a_cell_becomes_an_observation_at_its_place_in_the_cube(tmp_path: Path) -> None:
    lines = population(a_file(tmp_path, ROWS))
    cell = f"<{ID}official/unhcr-population/2018/UZB/AFG/REF>"
    said = {line.removeprefix(cell + " ") for line in lines if line.startswith(cell)}
    rdf_type = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    qb = "http://purl.org/linked-data/cube#"
    integer = "^^<http://www.w3.org/2001/XMLSchema#integer>"
    assert said == {
        f"{rdf_type} <{qb}Observation>",
        f"{rdf_type} <{ONT}OfficialFigure>",
        f"{rdf_type} <{ONT}OfficialHeadlineFigure>",
        f"<{qb}dataSet> <{ID}dataset/unhcr-population>",
        f"<{ONT}scope> <{ID}country/UZB>",
        f"<{ONT}country> <{ID}country/UZB>",
        f"<{ONT}origin> <{ID}country/AFG>",
        f"<{ONT}populationGroup> <{ID}population-group/REF>",
        f"<{ONT}quantity> <{ID}quantity/stock>",
        f"<{ONT}time> <{ID}time/2018-12-31>",
        f'<{ONT}year> "2018"{integer}',
        f'<{ONT}officialValue> "14"{integer}',
        f'<{ONT}row> "2"{integer}',
    }


def test_empty_cells_and_zeros_become_nothing(tmp_path: Path) -> None:
    subjects = {line.split()[0] for line in population(a_file(tmp_path, ROWS))}
    assert {subject.rpartition("population/")[2] for subject in subjects} == {
        "2018/UZB/AFG/REF>",
        "2018/KAZ/XXA/ASY>",
        "2018/KAZ/XXA/STA>",
    }


def test_a_five_has_the_caveat_of_masking_and_other_numbers_have_none(tmp_path: Path) -> None:
    caveats = [line for line in population(a_file(tmp_path, ROWS)) if f"<{ONT}caveat>" in line]
    assert [line.split()[0].rpartition("/")[2] for line in caveats] == ["ASY>"]


def test_the_order_of_columns_and_a_byte_order_mark_are_free(tmp_path: Path) -> None:
    turned = [",".join(reversed(row.split(","))) for row in ROWS]
    data = "\ufeff" + "".join(f"{line}\r\n" for line in turned)
    assert set(population(a_file(tmp_path, data.encode()))) == set(
        population(a_file(tmp_path, ROWS))
    )


FINDER = (
    'Extracted:,"United Nations High Commissioner for Refugees"',
    '"Date extracted:","21/07/2024 14:54 UTC"',
    '"Usage licence",https://creativecommons.org/licenses/by/4.0/',
    "Years:",
    'Year,"Country of origin","Country of origin (ISO)","Country of asylum",'
    '"Country of asylum (ISO)","Refugees under UNHCR\'s mandate",Asylum-seekers,'
    '"Other people in need of international protection","Stateless persons"',
    "2018,Afghanistan,AFG,Uzbekistan,UZB,14,0,-,0",
    '2018,"Unknown ",UNK,Kazakhstan,KAZ,0,5,-,7690',
)


def test_a_download_is_told_by_its_content_and_says_what_it_is(tmp_path: Path) -> None:
    path = a_file(tmp_path, FINDER)
    header = read_header(path, "unhcr-population")
    assert (header.line, header.layout.title) == (5, "the layout of the Refugee Data Finder")
    assert header.preamble == {
        "dcterms:issued": "21/07/2024 14:54 UTC",
        "dcterms:license": "https://creativecommons.org/licenses/by/4.0/",
    }
    api = population(a_file(tmp_path, ROWS, "api.csv"))
    cell = f"<{ID}official/unhcr-population/2018/UZB/AFG/REF>"
    without_row = [line for line in api if line.startswith(cell) and f"<{ONT}row>" not in line]
    assert set(without_row) < set(population(path))
    assert f'{cell} <{ONT}row> "6"^^<http://www.w3.org/2001/XMLSchema#integer>' in population(path)


@pytest.mark.parametrize("text", ["", "0", "-", " "])
def test_what_means_nothing_makes_nothing(text: str, tmp_path: Path) -> None:
    row = f"2018,Afghanistan,AFG,AFG,Uzbekistan,UZB,UZB,{text},0,0,0,0,0,0,,7"
    assert len({line.split()[0] for line in population(a_file(tmp_path, (ROWS[0], row)))}) == 1
