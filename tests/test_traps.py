"""The queries that mislead once official numbers stand beside the documents' do not mislead.

What a query on the documents answers is the same without official data and with them, whatever
class, property or label it goes by; the plain sum of official figures is that of the file's cells.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from built_graph import SOURCES, built_quads, built_with_sources
from kzgraph.intake import packaged_offers
from kzgraph.prefixes import PREFIXES
from kzgraph_mappings.official import MAPPERS
from official_files import a_source, map_with
from reasoning_stores import BASE

Row = tuple[str | Decimal, ...]
_NUMBERS = {NamedNode(PREFIXES["xsd"] + name) for name in ("integer", "decimal")}


@pytest.fixture(scope="module")
def alone() -> Store:
    """The documents without official data."""
    found = Store()
    found.bulk_extend(built_quads())
    return found


@pytest.fixture(scope="module")
def beside() -> Store:
    """The documents with the packaged sources beside them."""
    found = Store()
    found.bulk_extend(built_with_sources())
    return found


def ask(store: Store, query: str) -> list[Row]:
    """The rows, numbers as such, sorted."""
    solutions = store.query(f"{BASE} SELECT {query}", use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    return sorted((tuple(map(_plain, row)) for row in solutions), key=str)


def _plain(term: object) -> str | Decimal:
    if not isinstance(term, Literal):
        return str(term)
    return Decimal(term.value) if term.datatype in _NUMBERS else term.value


SUM = "(SUM(?v) AS ?sum) (COUNT(*) AS ?n)"


#: Queries on documents, each without what would keep official data out.
DOCUMENTS = [
    f"{SUM} {{ ?f kzg:value ?v }}",
    f"?g {SUM} {{ GRAPH ?g {{ ?f kzg:value ?v }} }} GROUP BY ?g",
    f"?q ?u {SUM} {{ ?f kzg:quantity ?q ; kzg:value ?v OPTIONAL {{ ?f kzg:unit ?u }} }}"
    " GROUP BY ?q ?u",
    f"?g ?y {SUM} {{ ?f kzg:populationGroup ?g ; kzg:year ?y ; kzg:value ?v }} GROUP BY ?g ?y",
    f"?l {SUM} {{ ?f kzg:populationGroup/rdfs:label ?l ; kzg:value ?v }} GROUP BY ?l",
    f"?b {SUM} {{ ?f kzg:populationGroup/skos:broader* ?b ; kzg:value ?v }} GROUP BY ?b",
    f"?c ?y {SUM} {{ ?f kzg:country ?c ; kzg:year ?y ; kzg:value ?v }} GROUP BY ?c ?y",
    f"?c {SUM} {{ ?f kzg:scope|kzg:country|kzg:about ?c ; kzg:value ?v }} GROUP BY ?c",
    f"?k {SUM} {{ ?f a ?k ; kzg:value ?v }} GROUP BY ?k",
    f"?k {SUM} {{ ?f a/rdfs:subClassOf* ?k ; kzg:value ?v }} GROUP BY ?k",
    f"?d {SUM} {{ ?f qb:dataSet ?d ; kzg:value ?v }} GROUP BY ?d",
    f"{SUM} {{ ?f sdmx-measure:obsValue ?v }}",
    f"{SUM} {{ ?f kzg:usDollars ?v }}",
    "(MAX(?v) AS ?most) (MIN(?v) AS ?least) { ?f kzg:country <country/KAZ> ; kzg:value ?v }",
    "(MAX(?y) AS ?latest) { ?f kzg:country <country/KAZ> ; kzg:year ?y ; kzg:value ?v }",
    "?f ?y ?v { ?f kzg:populationGroup <population-group/STA> ; kzg:year ?y ; kzg:value ?v }",
    "(COUNT(*) AS ?n) { ?f a kzg:Fact }",
    "(COUNT(*) AS ?n) { ?f a kzg:PopulationFigure }",
    "(COUNT(*) AS ?n) { ?f a kzg:FinanceFigure }",
    "(COUNT(DISTINCT ?c) AS ?n) { ?f kzg:statedIn ?d ; kzg:about ?c . ?c a schema:Country }",
    "(COUNT(DISTINCT ?o) AS ?n) { ?o a org:Organization }",
    "(COUNT(DISTINCT ?d) AS ?n) { ?c kzg:donor ?d }",
    "?s ?t { ?s kzg:partyTo ?t }",
    "?p ?i { ?f a kzg:Participation ; kzg:participant ?p ; kzg:instrument ?i }",
]


@pytest.mark.parametrize("query", DOCUMENTS)
def test_what_documents_state_is_answered_as_before(
    alone: Store, beside: Store, query: str
) -> None:
    assert ask(beside, query) == ask(alone, query) != []


def cells(kind: str, *columns: str) -> Iterable[tuple[str, str, str, int]]:
    """Column, country of asylum, year and number of each cell of a packaged file."""
    with dict(SOURCES)[kind].open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for column in columns:
                yield column, row["coa_iso"], row["year"], int(row[column] or 0)


STOCKS = {"refugees": "REF", "asylum_seekers": "ASY", "stateless": "STA", "oip": "OIP"}
FLOWS = {"returned_refugees": "return-from", "naturalisation": "naturalisation"}


def expected(kind: str, names: dict[str, str]) -> list[Row]:
    """The sums of the file, zeros apart, by what `names` calls the column, country and year."""
    sums = Counter[tuple[str, str, str]]()
    for column, country, year, number in cells(kind, *names):
        sums[names[column], country, year] += number
    rows = [(name, c, Decimal(year), Decimal(n)) for (name, c, year), n in sums.items() if n]
    return sorted(rows, key=str)


HEADLINE = "?f a kzg:OfficialHeadlineFigure ; kzg:year ?y ; kzg:officialValue ?v"


def of_groups(pattern: str, columns: dict[str, str]) -> str:
    """The sum of a pattern with `?f`, `?g` and `?c` by group, place and year, named by codes."""
    groups = " ".join(f"<population-group/{group}>" for group in columns.values())
    return f"""?group ?place ?y (SUM(?v) AS ?sum) {{
        VALUES ?g {{ {groups} }} {HEADLINE} . {pattern}
        BIND(STRAFTER(STR(?g), "population-group/") AS ?group)
        BIND(REPLACE(STR(?c), "^.*/", "") AS ?place)
    }} GROUP BY ?group ?place ?y"""


@pytest.mark.parametrize(
    "pattern",
    [
        "?f kzg:populationGroup ?g ; kzg:country ?c",
        "?f kzg:populationGroup ?g ; kzg:scope ?c",
        "?f kzg:populationGroup/skos:broader* ?g ; kzg:country ?c",
        "?f kzg:populationGroup ?g ; kzg:country ?c ; kzg:quantity <quantity/stock>",
        "?f kzg:populationGroup ?g ; qb:dataSet <dataset/unhcr-population> ; kzg:country ?c",
        "GRAPH ?graph { ?f kzg:populationGroup ?g ; kzg:country ?c }",
        "?f kzg:populationGroup ?g ; kzg:country ?c . ?c owl:sameAs ?w"
        ' FILTER(STRSTARTS(STR(?w), "http://www.wikidata.org/entity/"))',
        "?f kzg:populationGroup ?g ; kzg:country ?c . ?c schema:identifier ?code",
        '?f kzg:populationGroup ?g ; kzg:country ?c . ?c rdfs:label ?l FILTER(LANG(?l) = "kk")',
    ],
)
def test_the_plain_sum_of_a_group_is_that_of_the_file(beside: Store, pattern: str) -> None:
    """No quantity is named: neither those who left nor applications are added to those there."""
    query = of_groups(pattern, STOCKS)
    assert ask(beside, query) == expected("unhcr-population", STOCKS)


def test_the_plain_sum_of_a_flow_is_that_of_the_file(beside: Store) -> None:
    """Returns stand in two tables, and are counted once."""
    query = """?what ?iso ?y (SUM(?v) AS ?sum) {
        ?f a kzg:OfficialHeadlineFlow ; kzg:quantity ?q ; kzg:country ?c ; kzg:year ?y ;
            kzg:officialValue ?v .
        VALUES ?q { <quantity/return-from> <quantity/naturalisation> }
        BIND(STRAFTER(STR(?q), "quantity/") AS ?what)
        BIND(STRAFTER(STR(?c), "country/") AS ?iso) } GROUP BY ?what ?iso ?y"""
    assert ask(beside, query) == expected("unhcr-solutions", FLOWS)


def test_the_page_says_how_much_is_in() -> None:
    page = (Path(__file__).parents[1] / "docs" / "data.md").read_text("utf-8")
    told = re.findall(r"^\| `([a-z-]+)` \| ([\d,]+) \| ([\d,]+) \| .*\|$", page, re.MULTILINE)
    in_table = {
        name: (int(rows.replace(",", "")), int(n.replace(",", ""))) for name, rows, n in told
    }
    found = {}
    for offer in packaged_offers(None):
        with offer.path.open(encoding="utf-8", newline="") as file:
            rows = sum(1 for _ in csv.DictReader(file))
        lines = map_with(MAPPERS[offer.kind], a_source(offer.kind, offer.path)).lines
        figures = {line.split(" ")[0] for line in lines if line.endswith("#OfficialFigure>")}
        found[offer.path.stem] = (rows, len(figures))
    assert {name: numbers for name, numbers in in_table.items() if name in found} == found


def test_a_link_or_a_code_may_be_joined_only_by_name(beside: Store) -> None:
    """What the page warns of: 97,510 stateless persons of 2018, once for each link of a country."""
    pattern = f"{HEADLINE} ; kzg:populationGroup <population-group/STA> ; kzg:country ?c"
    sums = {
        joined: ask(beside, f"(SUM(?v) AS ?sum) {{ {pattern} . {joined} FILTER(?y = 2018) }}")[0][0]
        for joined in ("", "?c owl:sameAs ?x .", "?c skos:notation ?x .")
    }
    plain = sums.pop("")
    assert plain == sum(
        n for _, _, year, n in cells("unhcr-population", "stateless") if year == "2018"
    )
    assert all(Decimal(each) >= 3 * Decimal(plain) for each in sums.values())


#: Queries that set side by side what must not be added up.
MIXTURES = [
    "?f { ?f a kzg:OfficialFigure ; kzg:value ?v }",
    "?f { ?f a kzg:OfficialFigure ; sdmx-measure:obsValue ?v }",
    "?f { ?f a kzg:OfficialFigure , kzg:Figure }",
    "?f { ?f a kzg:OfficialFigure ; kzg:about ?thing }",
    "?f { ?f a kzg:OfficialFigure ; kzg:usDollars ?v }",
    "?f { ?f a kzg:OfficialParticipation , kzg:Participation }",
    "?f { ?f a kzg:OfficialHeadlineFigure , kzg:OfficialHeadlineFlow }",
    "?f { ?f kzg:quantity <quantity/inhabitants> ; a kzg:OfficialHeadlineFigure }",
    "?f { ?f kzg:value ?v ; kzg:officialValue ?w }",
    "?f { ?f kzg:derivation <derivation/per-capita> ; kzg:value ?v }",
    "?f { ?f kzg:derivation <derivation/per-capita> ; a kzg:ChosenFigure }",
]


@pytest.mark.parametrize("query", MIXTURES)
def test_what_would_mix_the_two_finds_nothing(beside: Store, query: str) -> None:
    assert ask(beside, query) == []
