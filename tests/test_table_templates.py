"""The tables without SPARQL: each query has what its descriptions say, one observation a row."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, Store

from kzgraph.namespaces import LANGUAGES
from kzgraph.prefixes import PREDECLARED
from kzgraph.resources import folder
from kzgraph.tidy.code_lists import CODES_QUERY, CodeLists, UnknownCode
from kzgraph.tidy.cube_columns import ORDER
from kzgraph.tidy.filter_values import UnknownFilter, read_language, read_values, write_parameters
from kzgraph.tidy.table_templates import Table, read_filters, read_tables, write_query

TABLES = read_tables()
#: The columns that are described: of these tables, of those of cubes, and of their labels.
NAMED = {
    *(each.name for table in TABLES.values() for each in table.columns),
    *ORDER,
    *(f"_{language}" for language in LANGUAGES),
}
#: The filters that are described: of these tables, and of those of cubes, by their columns.
FILTERED = {each.name for table in TABLES.values() for each in table.filters}
FILTERED |= {name for name in read_filters() if name in ORDER}
FILTERS = [(table, each.name) for table in TABLES for each in TABLES[table].filters]
#: The classes whose members are the rows; where a row is of several things there is none.
CLASSES = {
    "figures": "kzg:StatedFigure",
    "official": "kzg:OfficialFigure",
    "pledges": "kzg:Pledge",
    "partners": "kzg:Partnership",
    "donors": "kzg:Contribution",
    "documents": "foaf:Document",
}

Row = Mapping[str, str]


@pytest.fixture(scope="module")
def store(shipped_root: Path) -> Store:
    return Store.read_only(str(shipped_root / "current" / "store"))


@pytest.fixture(scope="module")
def codes(store: Store) -> CodeLists:
    return CodeLists(select(store, CODES_QUERY))


def select(store: Store, query: str) -> list[Row]:
    found = store.query(query, prefixes=dict(PREDECLARED), use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    names = [each.value for each in found.variables]
    return [
        {name: term.value for name in names if (term := row[name]) is not None} for row in found
    ]


@pytest.fixture(scope="module")
def whole(store: Store) -> dict[str, list[Row]]:
    return {name: select(store, table.template) for name, table in TABLES.items()}


@pytest.mark.parametrize("name", TABLES)
def test_the_key_tells_each_row(whole: dict[str, list[Row]], name: str) -> None:
    table = TABLES[name]
    keys = [tuple(row.get(column) for column in table.key) for row in whole[name]]
    assert len(keys) == len(set(keys)) > 0
    assert len({each.name for each in table.columns}) == len(table.columns)


@pytest.mark.parametrize("name", CLASSES)
def test_a_table_has_all_of_its_class(store: Store, whole: dict[str, list[Row]], name: str) -> None:
    [row] = select(store, f"SELECT (COUNT(*) AS ?n) {{ ?x a {CLASSES[name]} }}")
    assert len(whole[name]) == int(row["n"]) > 0


def test_each_column_is_used(whole: dict[str, list[Row]]) -> None:
    """But for those that the documents at hand have no use of: ranges, and days of issue."""
    named = {column.name for table in TABLES.values() for column in table.columns}
    used = set().union(*(row for rows in whole.values() for row in rows))
    assert named - used == {"least", "most", "issued"}


def test_every_description_is_of_something() -> None:
    root = folder("queries") / "tables"
    for file, used in (
        ("columns.csv", NAMED),
        ("filters.csv", FILTERED),
    ):
        rows = list(csv.DictReader((root / file).read_text("utf-8").splitlines()))
        assert {row["name"] for row in rows} == used
        assert len(rows) == len(used)
        assert all(row[language] for row in rows for language in ("en", "ru", "kk"))


@pytest.mark.parametrize(("name", "given"), FILTERS)
def test_a_filter_chooses_the_rows_that_have_its_value(
    store: Store, whole: dict[str, list[Row]], codes: CodeLists, name: str, given: str
) -> None:
    """What the store finds for a filter is what is left of the whole table."""
    table = TABLES[name]
    known = table.find_filter(given)
    assert known is not None
    column, before = ("code", "country/") if name == "places" else (given, "")
    values = sorted(
        row[column].removeprefix(before)
        for row in whole[name]
        if row.get(column, "").startswith(before) and column in row
    )
    values = list(dict.fromkeys(values))
    if known.kind == "code" and len(values) > 2:
        values = values[:: len(values) // 2][:2]
    asked = values[0] if known.kind == "switch" else ",".join(values) or known.example
    found = ask(store, table, codes, **{given: asked})
    wanted = {before + value for value in asked.split(",")}
    expected = [row for row in whole[name] if row.get(column) in wanted]
    assert found == expected
    # Of no donation the year is known, and of no amount of money the country.
    assert (expected == []) == ((name, given) in {("donors", "year"), ("finance", "country")})


def ask(store: Store, table: Table, codes: CodeLists, **given: str) -> list[Row]:
    values = read_values(table, given.items(), codes.find)
    return select(store, write_query(table, values))


def test_filters_together_choose_what_all_of_them_do(
    store: Store, whole: dict[str, list[Row]], codes: CodeLists
) -> None:
    for name in ("figures", "official"):
        found = ask(store, TABLES[name], codes, country="KAZ", year="2016-2018", group="STA,REF")
        expected = [
            row
            for row in whole[name]
            if row.get("country") == "KAZ"
            and row.get("year") in ("2016", "2017", "2018")
            and row.get("group") in ("STA", "REF")
        ]
        assert found == expected != []


def test_the_other_value_of_a_switch_chooses_the_rest(
    store: Store, whole: dict[str, list[Row]], codes: CodeLists
) -> None:
    for name, switch in (("figures", "chosen"), ("official", "headline")):
        parts = [ask(store, TABLES[name], codes, **{switch: each}) for each in ("true", "false")]
        assert [len(each) for each in parts] != [0, len(whole[name])]
        assert sum(map(len, parts)) == len(whole[name])


def test_a_headline_number_may_be_added_up(whole: dict[str, list[Row]]) -> None:
    """The switches say what the classes of the graph do: the sum of budgets is the known one."""
    added = sum(
        float(row["us_dollars"])
        for row in whole["finance"]
        if row["headline"] == "true" and row["quantity"] == "budget"
    )
    totals = sum(
        float(row["us_dollars"])
        for row in whole["finance"]
        if row["series"] == "total" and row["quantity"] == "budget"
    )
    assert added == pytest.approx(totals) and added > 1e6


def test_labels_come_in_the_language_that_is_asked_for(store: Store, codes: CodeLists) -> None:
    table = TABLES["figures"]
    values = read_values(table, [("group", "STA"), ("year", "2018")], codes.find)
    for language, group in (("en", "Stateless persons"), ("ru", "Лица без гражданства")):
        rows = select(store, write_query(table, values, language))
        assert {row["group_name"] for row in rows} == {group}
    with pytest.raises(ValueError, match="no language"):
        write_query(table, values, 'en"')


def test_the_concordance_has_no_sum_of_official_figures(
    store: Store, whole: dict[str, list[Row]]
) -> None:
    """Each number beside a document's is one that its cell has by itself."""
    cells = {row["cell"]: row["value"] for row in whole["official"]}
    shown = [row for row in whole["concordance"] if "cell_value" in row]
    assert shown
    assert all(cells[row["cell"]] == row["cell_value"] for row in shown)


@pytest.mark.parametrize(
    ("name", "asked", "says"),
    [
        ("country", "Kazakstan", "country: there is no country 'Kazakstan'; did you mean KAZ"),
        ("group", "stateless", "did you mean STA (Stateless persons)"),
        ("group", "беженцы", "did you mean REF (Refugees)"),
        ("quantity", "stocks", "did you mean stock (Number at a date)"),
        ("status", "zzzz", "there is no status 'zzzz'; there are: actual, baseline, forecast"),
        ("contry", "KAZ", "the table figures has no filter 'contry'; it has country"),
        ("contry", "KAZ", "Did you mean country?"),
        ("year", "18", "year='18' is not a year such as 2018, nor a range such as 2014-2018"),
        ("year", "2018-2014", "is not a range"),
        ("year", "1000-2999", "is not a range"),
        ("year", "٢٠١٨", "is not a year"),
        ("chosen", "yes", "chosen='yes' is neither true nor false"),
        ("chosen", "true,false", "chosen is both true and false"),
        ("country", "KAZ> } ?x ?y <", "there is no country"),
        ("scope", '"', "there is no scope"),
    ],
)
def test_what_is_none_is_refused_with_the_nearest(
    codes: CodeLists, name: str, asked: str, says: str
) -> None:
    with pytest.raises(UnknownFilter) as caught:
        read_values(TABLES["figures"], [(name, asked)], codes.find)
    assert says in str(caught.value)


def test_values_are_read_as_people_write_them(codes: CodeLists) -> None:
    table = TABLES["figures"]
    given = [("country", "kaz, UZB"), ("country", "KAZ"), ("group", ""), ("year", "2018,2016-2017")]
    values = read_values(table, given, codes.find)
    assert write_parameters(table, values, "ru") == [
        ("country", "KAZ,UZB"),
        ("year", "2016,2017,2018"),
        ("lang", "ru"),
    ]
    with pytest.raises(UnknownFilter, match="more than 300 values"):
        read_values(table, [("year", "1700-1999,2000-2010")], codes.find)
    with pytest.raises(UnknownFilter, match="lang is one of en, ru, kk"):
        read_language(["de"])


def test_a_name_stands_for_its_code_in_any_language(codes: CodeLists) -> None:
    for name in ("Stateless persons", "Лица без гражданства", "азаматтығы жоқ адамдар", "sta"):
        assert codes.find_named("population-group", name).code == "STA"
    with pytest.raises(UnknownCode, match="did you mean STA"):
        codes.find_named("population-group", "Stateles person")
    twice = CodeLists(
        {"list": "scope", "code": code, "iri": f"urn:{code}", "name": "Both", "language": "en"}
        for code in ("a", "b")
    )
    with pytest.raises(UnknownCode, match=r"'both' is the name of several: a \(Both\), b \(Both\)"):
        twice.find_named("scope", "both")
