"""Official tables become observations by their metadata, in each layout that they come in."""

import csv
from pathlib import Path

import pytest

from kzgraph.resources import folder
from kzgraph.sources.listing import COLUMNS, complete
from kzgraph_mappings.official import KINDS, MAPPERS, unhcr
from kzgraph_mappings.official.official_tables import layouts_of, map_table, read_header
from kzgraph_mappings.official.shared_things import country_labels
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


PLACE = (
    'Year,"Country of origin","Country of origin (ISO)","Country of asylum",'
    '"Country of asylum (ISO)"'
)


@pytest.mark.parametrize(
    ("kind", "api", "download"),
    [
        (
            "solutions",
            ("returned_refugees,resettlement,naturalisation,returned_idps", "12,,5,7"),
            (
                '"Returned refugees","Returned IDPss","Resettlement arrivals",Naturalisation',
                "12,7,-,5",
            ),
        ),
        (
            "asylum-applications",
            ("procedure_type,app_type,dec_level,app_pc,applied", "G,NR,FA,P,17"),
            (
                'Authority,"Application type","Decision level","Cases/ Persons",applied',
                "G,NR,FA,P,17",
            ),
        ),
        (
            "asylum-decisions",
            (
                "procedure_type,dec_level,dec_pc,dec_recognized,dec_other,dec_rejected,dec_closed,"
                "dec_total",
                "G,IN,C,57,0,58,30,145",
            ),
            (
                'Authority,"Stage of procedure","Cases / Persons","Recognized decisions",'
                '"Complementary protection","Rejected decisions","Otherwise closed",'
                '"Total decisions"',
                "G,IN,C,57,0,58,30,145",
            ),
        ),
    ],
)
def test_a_download_of_another_table_says_what_the_api_says(
    kind: str, api: tuple[str, str], download: tuple[str, str], tmp_path: Path
) -> None:
    names = "year,coo_name,coo,coo_iso,coa_name,coa,coa_iso"
    rows = (
        (f"{names},{api[0]}", f"2018,Afghanistan,AFG,AFG,Uzbekistan,UZB,UZB,{api[1]}"),
        (f"{PLACE},{download[0]}", f"2018,Afghanistan,AFG,Uzbekistan,UZB,{download[1]}"),
    )
    source = f"unhcr-{kind}"
    said = []
    for number, lines in enumerate(rows):
        path = a_file(tmp_path, lines, f"{number}.csv")
        head = path.read_bytes()
        told = [name for name, each in KINDS.items() if each.recognize and each.recognize(head)]
        assert told == [source]
        said.append(set(map_with(MAPPERS[source], a_source(source, path)).lines))
    assert said[0] == said[1]


def test_an_estimate_of_inhabitants_may_have_decimals(tmp_path: Path) -> None:
    """Editions of the World Bank's table have them, some in each number."""
    rows = "Country Name,Country Code,Year,Value", "Kyrgyz Republic,KGZ,2018,6322850.50"
    path = a_file(tmp_path, (*rows, "Kazakhstan,KAZ,2018,18276452.0", "World,WLD,2018,7.5"))
    source = a_source("worldbank-population", path)
    lines = map_with(MAPPERS["worldbank-population"], source).lines
    values = [line.split()[2] for line in lines if f"<{ONT}officialValue>" in line]
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert values == [f'"6322850.5"^^<{xsd}decimal>', f'"18276452"^^<{xsd}integer>']


@pytest.mark.parametrize(("day", "date"), [("21/07", "2024-07-21"), ("31/31", "")])
def test_the_day_of_a_download_is_read_if_it_is_one(day: str, date: str) -> None:
    head = "\n".join(FINDER).replace("21/07", day).encode()
    cells = dict.fromkeys(COLUMNS, "") | {"kind": "unhcr-population"}
    assert complete(cells, KINDS, head)["date"] == date


def test_each_layout_says_whose_names_its_names_are() -> None:
    layouts = [each for kind in unhcr.KINDS for each in layouts_of(kind)]
    layouts += layouts_of("worldbank-population")
    named = [column for each in layouts for column in each.real if column.name.endswith("name")]
    assert len(named) > len(layouts)
    assert all(column.name_of for column in named)


@pytest.mark.parametrize("text", ["", "0", "-", " "])
def test_what_means_nothing_makes_nothing(text: str, tmp_path: Path) -> None:
    row = f"2018,Afghanistan,AFG,AFG,Uzbekistan,UZB,UZB,{text},0,0,0,0,0,0,,7"
    assert len({line.split()[0] for line in population(a_file(tmp_path, (ROWS[0], row)))}) == 1


def lines_of(kind: str, folder: Path, *rows: str) -> dict[str, set[str]]:
    """What is said of each cell, by the end of its IRI: codes and last parts of IRIs."""
    sink = map_with(MAPPERS[kind], a_source(kind, a_file(folder, rows)))
    found: dict[str, set[str]] = {}
    for line in sink.lines:
        subject, _, value = line.split(" ", 2)
        cell = subject[1:-1].removeprefix(f"{ID}official/{kind}/")
        found.setdefault(cell, set()).add(value.rstrip(">").replace("#", "/").rpartition("/")[2])
    return found


HEADLINE, FLOW = "OfficialHeadlineFigure", "OfficialHeadlineFlow"
KEYS = "year,coo_name,coo,coo_iso,coa_name,coa,coa_iso"


def test_returns_are_headline_flows_in_one_table_by_the_country_that_was_left(
    tmp_path: Path,
) -> None:
    row = "2002,Afghanistan,AFG,AFG,Pakistan,PAK,PAK"
    flows = lines_of(
        "unhcr-solutions",
        tmp_path,
        f"{KEYS},returned_refugees,resettlement,naturalisation,returned_idps",
        f"{row},1569248,,,",
    )["2002/PAK/AFG/RET"]
    assert {"return-from", "RET", "PAK", "AFG", "2002", FLOW} <= flows
    stocks = lines_of("unhcr-population", tmp_path, POPULATION, f"{row},7,0,1569248,0,0,0,0,,0")
    assert {"return-from", "RET", "PAK", "AFG", "2002"} <= stocks["2002/PAK/AFG/RET"]
    assert not {HEADLINE, FLOW} & stocks["2002/PAK/AFG/RET"]
    assert HEADLINE in stocks["2002/PAK/AFG/REF"]


def test_cases_and_appeals_are_in_no_sum_of_people_and_first_decisions(tmp_path: Path) -> None:
    where = "2020,Afghanistan,AFG,AFG,Austria,AUS,AUT"
    applied = lines_of(
        "unhcr-asylum-applications",
        tmp_path,
        f"{KEYS},procedure_type,app_type,dec_level,app_pc,applied",
        f"{where},G,N,FI,P,10",
        f"{where},G,N,FI,C,8",
        f"{where},J,A,AR,P,6",
    )
    assert {"asylum-application-new", "persons", "government", "FI", FLOW} <= applied[
        "2020/AUT/AFG/G-N-FI-P"
    ]
    assert "cases" in applied["2020/AUT/AFG/G-N-FI-C"]
    assert FLOW not in applied["2020/AUT/AFG/G-N-FI-C"]
    assert {"asylum-application-appeal", "joint"} <= applied["2020/AUT/AFG/J-A-AR-P"]
    decided = lines_of(
        "unhcr-asylum-decisions",
        tmp_path,
        f"{KEYS},procedure_type,dec_level,dec_pc,dec_recognized,dec_other,dec_rejected,"
        "dec_closed,dec_total",
        f"{where},G,FI,P,7,10,9,0,26",
        f"{where},G,AR,P,6,0,0,0,6",
    )
    assert {"asylum-recognition", FLOW} <= decided["2020/AUT/AFG/G-FI-P/recognition"]
    assert {"asylum-decision", FLOW} <= decided["2020/AUT/AFG/G-FI-P/decision"]
    assert FLOW not in decided["2020/AUT/AFG/G-AR-P/recognition"]
    rounded = {cell for cell, told in decided.items() if "unhcr-masked-decisions" in told}
    assert rounded == {"2020/AUT/AFG/G-FI-P/other-protection"}


def test_breakdowns_by_sex_age_and_location_are_no_headline_figures(tmp_path: Path) -> None:
    ages = ("0_4", "5_11", "12_17", "18_59", "60", "other", "total")
    columns = ",".join([f"{sex}_{age}" for sex in "fm" for age in ages])
    sink = map_with(
        MAPPERS["unhcr-demographics"],
        a_source(
            "unhcr-demographics",
            a_file(
                tmp_path,
                (
                    f"{KEYS},pop_type,location,loc_type,acc_type,{columns},total",
                    "2025,Stateless,STA,XXA,Kazakhstan,KAZ,KAZ,STA,Astana [Admin 1],U,I,"
                    "0,0,0,8,0,0,8,0,0,0,7,0,0,7,15",
                ),
            ),
        ),
    )
    assert len({line.split()[0] for line in sink.lines}) == 5
    assert "Headline" not in " ".join(sink.lines)
    location = next(line.split()[2] for line in sink.lines if f"<{ONT}location>" in line)
    told = {str(quad.object) for quad in sink.shared if str(quad.subject) == location}
    assert {f"<{ID}location-kind/U>", f"<{ID}accommodation/I>"} <= told


def test_the_countries_of_a_file_are_described_as_the_tables_would(tmp_path: Path) -> None:
    source = a_source("unhcr-population", a_file(tmp_path, ROWS))
    shared = {str(quad) for quad in map_with(MAPPERS["unhcr-population"], source).shared}
    country, label = f"<{ID}country/UZB>", "<http://www.w3.org/2000/01/rdf-schema#label>"
    graph = "<https://w3id.org/kzgraph/graph/entities>"
    assert f'{country} {label} "Uzbekistan"@en {graph}' in shared
    assert any(f"<{ID}country/AFG>" in quad and "/scheme/origin" in quad for quad in shared)
    assert not any("origin/stateless" in quad for quad in shared)


def test_labels_of_countries_are_those_of_the_table_of_places() -> None:
    with (folder("mappings") / "tables/shared/places.csv").open(encoding="utf-8") as file:
        places = [row for row in csv.DictReader(file) if row["kind"] == "country"]
    assert places
    for place in places:
        named = country_labels(place["iso3"])
        assert named == {lang: place[f"label_{lang}"] for lang in ("en", "ru", "kk")}
