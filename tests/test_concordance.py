"""The concordance on small inputs: each rule, what it claims, and what is never published."""

from decimal import Decimal

import pytest
from pyoxigraph import NamedNode

from concordance_stores import cell, look_up, money
from kzgraph.iri import thing
from kzgraph.reasoning.concordance.cell_totals import Cell, add_up
from reasoning_stores import figure

END, NEXT_DAY = "time/2018-12-31", "time/2019-01-01"
STATELESS = {"populationGroup": "population-group/STA"}
#: Cells of two groups in five countries, of which those of KAZ and UZB are in the region's office.
TABLE = "".join(
    cell(country, group, value)
    for country, values in {
        "KAZ": (538, 164, 7690),
        "UZB": (13, 0, 79942),
        "KGZ": (329, 105, 548),
        "TJK": (2654, 315, 4616),
        "TKM": (21, 0, 4714),
    }.items()
    for group, value in zip(("REF", "ASY", "STA"), values, strict=True)
    if value
)
OVER = {"bound": "bound/lower"}
SMALL = cell("KAZ", "REF", 5, origin="country/UZB") + cell("KAZ", "RET", 5, origin="country/UZB")


@pytest.mark.parametrize(
    ("value", "more", "why"),
    [
        ("7690", {**STATELESS}, "same"),
        ("8000", {**STATELESS}, "rounded"),
        ("7500", {**STATELESS, "bound": "bound/lower"}, "hedge"),
        ("7690", {**STATELESS, "time": NEXT_DAY}, "same"),
        ("7690", {**STATELESS, "time": END, "bound": "bound/approximate"}, "same"),
        ("7700", {**STATELESS}, "rounded"),
        ("7000", {**STATELESS}, "not-found"),
        ("7000", {**STATELESS, "bound": "bound/lower"}, "hedge"),
        ("8000", {**STATELESS, "bound": "bound/upper"}, "hedge"),
        ("7000", {**STATELESS, "bound": "bound/approximate"}, "not-found"),
        ("7000", {**STATELESS, "bound": "bound/upper"}, "not-found"),
        ("9000", {**STATELESS, "bound": "bound/lower"}, "not-found"),
        # Fewer than a number is no less than half of it, but for small ones.
        ("10000", {**STATELESS, "bound": "bound/upper"}, "hedge"),
        ("20000", {**STATELESS, "bound": "bound/upper"}, "not-found"),
        ("1000", {"scope": "country/UZB", "bound": "bound/upper"}, "not-found"),
        ("10", {"origin": "country/SYR", "bound": "bound/upper"}, "masked"),
        ("500", {"origin": "country/SYR", "bound": "bound/upper"}, "not-found"),
        ("539", {"origin": "country/AFG"}, "not-found"),
        ("538", {"origin": "country/AFG"}, "same"),
        ("545", {}, "masked"),
        ("539", {}, "masked"),
        ("538", {}, "not-found"),
        ("560", {}, "not-found"),
        ("4", {"populationGroup": "population-group/RET"}, "masked"),
        ("3", {"quantity": "quantity/stock", "origin": "country/SYR"}, "masked"),
        ("702", {"populationGroup": "population-group/REF-ASY", "origin": "country/AFG"}, "same"),
        ("7690", {**STATELESS, "registeredBy": "registered-by/government"}, "same"),
        ("7700", {**STATELESS, "registeredBy": "registered-by/government"}, "not-found"),
        ("87632", {**STATELESS, "scope": "operation/region"}, "same"),
        ("7690", {**STATELESS, "time": ""}, "not-found"),
        ("7690", {**STATELESS, "time": "time/2014--"}, "not-found"),
        # Nothing that a table counts: no concordance, not even an empty one.
        ("7690", {"populationGroup": "population-group/UDN"}, ""),
        ("7690", {**STATELESS, "status": "status/forecast"}, ""),
        ("7690", {**STATELESS, "quantity": "quantity/naturalisation"}, ""),
        ("7690", {**STATELESS, "unit": "unit/households"}, ""),
    ],
)
def test_a_figure_of_a_country(value: str, more: dict[str, str], why: str) -> None:
    found = look_up(figure("f", value, **more), TABLE + SMALL)
    assert found.why("f") == why


@pytest.mark.parametrize(
    ("value", "more", "sure"),
    [
        ("7690", STATELESS, "high"),
        ("7700", STATELESS, "high"),
        # One digit: as sure as the number is near.
        ("8000", STATELESS, "low"),
        ("80000", {**STATELESS, "scope": "country/UZB"}, "medium"),
        # A five may be a smaller number.
        ("5", {"origin": "country/UZB"}, "medium"),
        ("540", {}, "medium"),
        ("7000", {**STATELESS, "bound": "bound/lower"}, "low"),
    ],
)
def test_how_sure_it_is_follows_from_what_would_be_accepted(
    value: str, more: dict[str, str], sure: str
) -> None:
    found = look_up(figure("f", value, **more), TABLE + SMALL)
    assert found.get("f", "confidence") == {sure}


@pytest.mark.parametrize(
    ("quantity", "value", "more", "why"),
    [
        ("stock-share", "23", {"baseGroup": "population-group/REF-ASY"}, "rounded"),
        ("stock-share", "22.9", {"baseGroup": "population-group/REF-ASY"}, "masked"),
        ("stock-share", "20", {"baseGroup": "population-group/REF-ASY", **OVER}, "hedge"),
        ("stock-share", "25", {"baseGroup": "population-group/REF-ASY", **OVER}, "not-found"),
        ("stock-share", "60", {"baseGroup": "population-group/REF-ASY"}, "not-found"),
        ("arrivals-change", "-47", {"origin": "origin/all", "baseTime": "time/2017"}, "rounded"),
        ("arrivals-change", "-47", {"origin": "origin/all"}, "rounded"),
        ("arrivals-change", "47", {"origin": "origin/all"}, "not-found"),
    ],
)
def test_shares_and_changes_are_computed_of_cells(
    quantity: str, value: str, more: dict[str, str], why: str
) -> None:
    arrivals = cell("KAZ", "ASY", 136, quantity="arrivals") + cell(
        "KAZ", "ASY", 257, 2017, quantity="arrivals"
    )
    cells = {
        "populationGroup": "population-group/ASY",
        "quantity": f"quantity/{quantity}",
        "unit": "unit/percent",
        "origin": "country/AFG",
        **more,
    }
    found = look_up(figure("f", value, **cells), TABLE + SMALL + arrivals)
    assert found.why("f") == why
    assert not found.get("f", "difference")
    # What a hedge leaves open is as wide for a share as for a number.
    assert why != "hedge" or found.get("f", "confidence") == {"low"}


OFFICE = {"scope": "operation/office"}


def of_office(refugees: str = "558", stateless: str = "87632") -> str:
    """Two figures of an operation whose countries nobody states."""
    return figure("refugees", refugees, **OFFICE) + figure(
        "stateless", stateless, **OFFICE, **STATELESS
    )


def test_one_set_of_countries_explains_all_figures() -> None:
    found = look_up(of_office(), TABLE)
    assert found.why("stateless") == "scope"
    assert found.why("refugees") == "scope masked"
    for key in ("stateless", "refugees"):
        assert found.get(key, "countries") == {"KAZ", "UZB"}
        assert found.get(key, "confidence") == {"high"}
    assert found.get("stateless", "difference") == {"0"}
    assert not found.get("refugees", "difference")


def test_a_set_that_explains_some_figures_only_is_not_claimed() -> None:
    found = look_up(of_office(refugees="900"), TABLE)
    assert found.why("stateless") == found.why("refugees") == "not-found"


def test_one_small_figure_proves_no_scope() -> None:
    found = look_up(figure("f", "551", **OFFICE), TABLE)
    assert found.why("f") == "not-found"
    assert not found.get("f", "countries")


def test_a_set_known_from_one_year_is_tried_in_another() -> None:
    group = {"populationGroup": "population-group/POC", **OFFICE}
    other_year = TABLE.replace("2018", "2017").replace("79942", "85555").replace("7690", "8138")
    document = of_office() + figure("total", "94412", **group, time="time/2017")
    found = look_up(document, TABLE + other_year)
    assert found.why("total") == "scope masked"
    assert found.get("total", "countries") == {"KAZ", "UZB"}
    assert found.get("total", "confidence") == {"medium"}
    without = look_up(figure("total", "94412", **group, time="time/2017"), TABLE + other_year)
    assert without.why("total") == "not-found"


def test_sets_that_remain_are_all_told_and_none_is_sure() -> None:
    twins = "".join(
        cell(country, "STA", value)
        for country, value in (("KAZ", 70001), ("UZB", 30000), ("KGZ", 25000), ("TJK", 5000))
    )
    found = look_up(figure("f", "100001", **OFFICE, **STATELESS), twins)
    assert len(found.nodes["f"]) == 2
    sets = [found.get("f", "countries", which) for which in (0, 1)]
    assert sets == [{"KAZ", "UZB"}, {"KAZ", "KGZ", "TJK"}]
    assert all(found.get("f", "confidence", which) == {"low"} for which in (0, 1))


def test_countries_without_cells_stay_undetermined() -> None:
    table = "".join(line for line in TABLE.splitlines(keepends=True) if "TKM" not in line)
    found = look_up(of_office(), table)
    assert found.get("stateless", "countries") == {"KAZ", "UZB"}
    assert found.get("stateless", "undetermined") == {"TKM"}


@pytest.mark.parametrize(
    ("value", "more", "why"),
    [
        ("8138", {}, "date"),
        ("8140", {}, "date rounded"),
        ("8140", {"bound": "bound/approximate"}, "date hedge"),
        # Of what these would accept there is too much.
        ("8100", {}, "not-found"),
        ("8000", {"bound": "bound/lower"}, "not-found"),
        ("8139", {}, "not-found"),
    ],
)
def test_another_year_is_told_where_its_number_is_hardly_met_by_chance(
    value: str, more: dict[str, str], why: str
) -> None:
    document = figure("f", value, **STATELESS, **more)
    found = look_up(document, TABLE + cell("KAZ", "STA", 8138, 2017))
    assert found.why("f") == why


def test_a_small_number_of_another_year_is_chance() -> None:
    found = look_up(figure("f", "74"), TABLE + cell("KAZ", "REF", 74, 2017))
    assert found.why("f") == "not-found"


CHART = {
    "unit": "unit/not-stated",
    "populationGroup": "",
    "registeredBy": "",
    "origin": "",
    **OFFICE,
}
BUDGET = {**CHART, "quantity": "quantity/budget", "status": "status/planned"}
SPENT = {**CHART, "quantity": "quantity/expenditure"}
IATI = (
    money("office-2018", "budget", "5520373.23")
    + money("office-2018", "disbursement", "564495.01")
    + money("office-2018", "direct-expenditure", "2169264.76")
    + money("other-2018", "budget", "2181726.85", country="TJK")
    + money("office-2017", "budget", "5567284.42", 2017)
    + money("other-2017", "budget", "2347732.32", 2017, country="TJK")
)


def chart(spent: str = "2.73375977") -> str:
    """The numbers of a chart in a unit that nobody states, of two years."""
    return (
        figure("budget-2018", "5.52037323", **BUDGET)
        + figure("budget-2017", "5.56728442", **BUDGET, time="time/2017")
        + figure("budget-2016", "7.4", **BUDGET, time="time/2016")
        + figure("spent", spent, **SPENT)
    )


def test_one_unit_explains_all_numbers_of_a_chart() -> None:
    found = look_up(chart(), IATI)
    for key in ("budget-2018", "budget-2017", "spent"):
        assert found.why(key) == "unit scope"
        assert found.get(key, "unit") == {"million-us-dollars"}
        assert found.get(key, "difference") == {"0"}
    assert len(found.get("spent", "officialFigure")) == 2
    assert found.why("budget-2016") == "not-found"


def test_a_chart_with_one_number_that_is_not_explained_is_not() -> None:
    found = look_up(chart(spent="3.1"), IATI)
    assert found.why("budget-2018") == found.why("spent") == "not-found"


def test_one_number_of_a_chart_may_have_been_revised() -> None:
    more = "".join(
        figure(f"budget-{year}", str(year / 1000 + 3), **BUDGET, time=f"time/{year}")
        for year in (2016, 2019)
    )
    official = IATI + money("office-2016", "budget", "5016000", 2016)
    official += money("office-2019", "budget", "5019000", 2019)
    document = chart(spent="2.733757").replace("<figure/d/budget-2016>", "<figure/d/earlier>", 1)
    document = document.replace("kzg:value 7.4", "kzg:value 5.016", 1)
    found = look_up(document + more, official)
    for key in ("budget-2016", "budget-2017", "budget-2018", "budget-2019"):
        assert found.why(key).startswith("unit")
    # The official figures, and what they differ by, are those of who explains the rest of the year.
    assert found.why("spent") == "not-found"
    assert found.get("spent", "difference") == {"-2.77"}
    assert found.get("spent", "unit") == {"million-us-dollars"}
    assert not found.get("spent", "confidence")


def test_an_activity_called_as_the_scope_is_is_no_other_scope() -> None:
    named = """
    <operation/office> rdfs:label "The office"@en .
    <activity/office-2018> rdfs:label "UNHCR: the Office (2018)"@en .
    """
    found = look_up(chart() + named, IATI + named)
    assert (found.why("budget-2018"), found.why("budget-2017")) == ("unit", "unit scope")
    # A number that chance could meet among all activities is that of the office.
    rounded = figure("f", "5.5", **{**BUDGET, "unit": "unit/million-us-dollars"})
    assert look_up(rounded + named, IATI + named).why("f") == "rounded"
    assert look_up(rounded, IATI).why("f") == "not-found"


@pytest.mark.parametrize(
    ("scope", "title", "is_own"),
    [
        ("Kazakhstan Multi-Country Office", "UNHCR Kazakstan Multi-Country Office (2020)", True),
        ("Kazakhstan Multi-Country Office", "UNHCR Kazakhstan Regional Office (2019)", False),
        ("Austria Office", "Australia Office", False),
        ("Office in Niger", "Office in Nigeria", False),
        ("Office", "", False),
    ],
)
def test_titles_of_activities_may_have_slips(scope: str, title: str, *, is_own: bool) -> None:
    named = f'<operation/office> rdfs:label "{scope}"@en .'
    called = f'<activity/office-2018> rdfs:label "{title}"@en .'
    found = look_up(chart() + named, IATI + called)
    assert found.why("budget-2018") == ("unit" if is_own else "unit scope")


@pytest.mark.parametrize(
    ("value", "unit", "why"),
    [
        # Official amounts have cents.
        ("5520373", "us-dollars", "rounded"),
        ("5.520373", "million-us-dollars", "rounded"),
        ("5520375", "us-dollars", "not-found"),
        ("5567284", "us-dollars", "date rounded"),
        ("5.6", "million-us-dollars", "not-found"),
    ],
)
def test_amounts_of_an_office_may_be_whole_dollars_and_of_another_year(
    value: str, unit: str, why: str
) -> None:
    named = """
    <operation/office> rdfs:label "The office"@en .
    <activity/office-2018> rdfs:label "UNHCR: the Office (2018)"@en .
    <activity/office-2017> rdfs:label "UNHCR: the Office (2017)"@en .
    """
    document = figure("f", value, **{**BUDGET, "unit": f"unit/{unit}"})
    found = look_up(document + named, IATI + named)
    assert found.why("f") == why
    assert found.get("f", "officialFigure")
    assert found.get("f", "difference")


def test_a_requirement_is_compared_with_budgets() -> None:
    cells = {**BUDGET, "quantity": "quantity/requirement", "unit": "unit/us-dollars"}
    requirement = figure("f", "5520000", **{**cells, "scope": "operation/region"})
    found = look_up(requirement, IATI)
    assert found.why("f") == "rounded"
    assert found.get("f", "difference") == {"-373.23"}
    # A budget is no people of unknown origin, to be left out so that the rest agrees.
    more = IATI + money("second", "budget", "80000000")
    assert look_up(requirement, more).why("f") == "not-found"
    euros = figure("f", "5520000", **{**cells, "scope": "operation/region", "unit": "unit/euros"})
    assert look_up(euros, IATI).why("f") == ""


def test_an_older_vintage_may_agree() -> None:
    found = look_up(figure("f", "7649", **STATELESS), TABLE, cell("KAZ", "STA", 7649))
    assert found.why("f") == "revised"
    assert "https://w3id.org/kzgraph/graph/older" in found.get("f", "from")


def test_an_older_vintage_that_is_the_number_is_told_beside_what_small_cells_hide() -> None:
    found = look_up(figure("f", "545"), TABLE + SMALL, cell("KAZ", "REF", 545))
    assert found.why("f") == "masked revised"
    assert "https://w3id.org/kzgraph/graph/older" in found.get("f", "from")
    other = look_up(figure("f", "545"), TABLE + SMALL, cell("KAZ", "REF", 540))
    assert other.why("f") == "masked"


UNKNOWN = cell("KAZ", "REF", 42412, origin="origin/UNK")


def test_people_of_unknown_origin_may_be_what_the_document_leaves_out() -> None:
    found = look_up(figure("f", "541"), TABLE + UNKNOWN)
    assert found.why("f") == "unknown-origin masked"
    assert found.get("f", "confidence") == {"medium"}
    (left,) = found.get("f", "left out")
    assert left.endswith("KAZ/UNK/REF/stock")


def test_people_of_unknown_origin_are_left_out_in_each_country() -> None:
    more = UNKNOWN + cell("UZB", "REF", 27540, origin="origin/UNK")
    region = {"scope": "operation/region"}
    for value, why, left in (("551", "unknown-origin", 2), ("27991", "not-found", 0)):
        # Of one country alone: the official figures are 42,963 and 27,553.
        found = look_up(figure("f", value, **region), TABLE + more)
        assert found.why("f") == why
        assert len(found.get("f", "left out")) == left
    one = look_up(figure("f", "28091", **region), TABLE + more)
    assert one.why("f") == "unknown-origin"
    assert {each[-17:] for each in one.get("f", "left out")} == {"KAZ/UNK/REF/stock"}


@pytest.mark.parametrize(
    ("value", "bound", "why", "sure"),
    [
        # What the hedge leaves open counts against chance, of a sum of 10,538.
        ("538", "exact", "unknown-origin", "medium"),
        ("500", "lower", "unknown-origin hedge", "low"),
        ("540", "approximate", "unknown-origin hedge", "medium"),
        ("700", "lower", "not-found", ""),
    ],
)
def test_a_hedge_makes_it_less_sure_that_a_cell_was_left_out(
    value: str, bound: str, why: str, sure: str
) -> None:
    unknown = cell("KAZ", "REF", 10000, origin="origin/UNK")
    found = look_up(figure("f", value, bound=f"bound/{bound}"), TABLE + unknown)
    assert found.why("f") == why
    assert found.get("f", "confidence") == ({sure} if sure else set())


def test_a_cell_with_an_official_footnote_may_be_it() -> None:
    footnote = UNKNOWN.replace(" .\n", " ; kzg:caveat <footnote/one> .\n")
    # The same footnote is on all cells of the group, also on those that make no difference.
    noted = TABLE.replace("officialValue 538 .", "officialValue 538 ; kzg:caveat <footnote/one> .")
    found = look_up(figure("f", "541"), noted + footnote)
    assert found.why("f") == "footnote masked unknown-origin"
    assert not found.get("f", "difference")


def test_cells_that_differ_and_have_a_footnote_are_explained_by_it_hardly() -> None:
    official = cell("KAZ", "STA", 7690, caveat="footnote/one")
    found = look_up(figure("f", "9200", **STATELESS), official)
    assert found.why("f") == "footnote"
    assert found.get("f", "confidence") == {"low"}


def test_no_difference_is_published_where_a_small_cell_can_hide() -> None:
    """Nor anything that differences of other figures would make one of, however they are taken."""
    document = (
        figure("all", "1088", populationGroup="population-group/REF-ASY")
        + figure("refugees", "590")
        + figure("of-afghanistan", "538", origin="country/AFG")
        + figure("returned", "4", populationGroup="population-group/RET")
        + figure("stateless", "7601", **STATELESS)
        + figure("registered", "7687", **STATELESS, registeredBy="registered-by/government")
        + figure("total", "8000", populationGroup="population-group/POC", bound="bound/lower")
        + figure("far", "900", origin="country/UZB")
    )
    found = look_up(document, TABLE + SMALL + UNKNOWN)
    published = {key for key in found.nodes if found.get(key, "difference")}
    assert published == {"of-afghanistan", "stateless"}
    assert {key for key in found.nodes if found.get(key, "percentDifference")} == published
    # The words name no sum either.
    words = " ".join(
        str(each.object) for each in found.triples if "description" in str(each.predicate)
    )
    assert "543" not in words and "707" not in words


def test_a_note_cites_what_bears_it_out() -> None:
    notes = """
    <editorial/unit> oa:hasTarget <figure/d/budget-2018> , <figure/d/budget-2016> ;
        oa:hasBody <unit/million-us-dollars> ; kzg:confidence <confidence/high> .
    <editorial/euros> oa:hasTarget <figure/d/budget-2018> ; oa:hasBody <unit/euros> ;
        kzg:confidence <confidence/high> .
    <editorial/other> oa:hasTarget <figure/d/budget-2018> ; kzg:confidence <confidence/high> .
    """
    found = look_up(chart() + notes, IATI)
    cited = [
        (each.subject, each.object) for each in found.triples if "references" in str(each.predicate)
    ]
    assert [str(subject)[-16:-1] for subject, _ in cited] == ["/editorial/unit"]


def test_official_figures_that_no_sum_counts_are_not_compared() -> None:
    breakdown = cell("KAZ", "STA", 9999, origin="country/AFG", sex="sex/female")
    again = breakdown.replace(", kzg:OfficialHeadlineFigure", "")
    assert look_up(figure("f", "7690", **STATELESS), TABLE + again).why("f") == "same"
    women = figure("f", "9999", **STATELESS, sex="sex/female")
    assert look_up(women, TABLE + again).why("f") == "same"


def test_a_decision_that_was_rounded_to_5_or_10_leaves_more_room() -> None:
    """Of one to nine people a decision is published as 0, 5 or 10; other small cells are 0 or 5."""
    cells = [
        Cell(NamedNode(f"urn:{value}"), Decimal(value), 2018, thing("quantity", "q"),
             group=thing("population-group", "ASY"), is_coarse=coarse)
        for value, coarse in ((5, True), (10, True), (11, False))
    ]  # fmt: skip
    found = [add_up([cell], frozenset({cell.group})) for cell in cells]
    room = [(int(each.value - each.below), int(each.value + each.above)) for each in found]
    assert room == [(1, 9), (6, 10), (11, 11)]
