"""What an analyst asks an opened release for: frames, citations, a plot that mixes nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib
import pandas
import pytest
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from kzgraph.client.plotting import draw
from kzgraph.client.rdflib_release import ReleaseDataset, open_release
from kzgraph.tidy.table_templates import read_tables

matplotlib.use("agg")

GROUPS = ["refugees", "stateless persons"]
STATELESS_2018 = "https://w3id.org/kzgraph/id/figure/global-focus-2018/stateless-2018"


@pytest.fixture(scope="module")
def graph(shipped_root: Path) -> ReleaseDataset:
    return open_release(shipped_root)


@pytest.fixture(scope="module")
def figures(graph: ReleaseDataset) -> pandas.DataFrame:
    return graph.figures("Kazakhstan", GROUPS, quantity="stock")


@pytest.fixture(scope="module")
def official(graph: ReleaseDataset) -> pandas.DataFrame:
    return graph.official("Kazakhstan", GROUPS, quantity="stock", headline=True)


@pytest.fixture(autouse=True)
def _close() -> Iterator[None]:
    yield
    pyplot.close("all")


def test_scope_and_status_are_columns_and_nothing_is_added(figures: pandas.DataFrame) -> None:
    stateless = figures[(figures["group"] == "STA") & (figures["year"] == 2018)]
    assert set(zip(stateless["scope"], stateless["status"], stateless["value"], strict=True)) == {
        ("country/KAZ", "actual", 7690),
        ("country/KAZ", "forecast", 6706),
    }
    assert list(figures.columns) == [each.name for each in read_tables()["figures"].columns]


@pytest.mark.parametrize(
    ("place", "group", "years"),
    [
        ("KAZ", "STA", "2018"),
        ("kaz", "sta", 2018),
        ("Казахстан", "Лица без гражданства", [2018]),
        ("Қазақстан", "Азаматтығы жоқ адамдар", range(2018, 2019)),
        (["Kazakhstan"], ["Stateless persons"], ("2018",)),
    ],
)
def test_codes_and_names_in_three_languages_ask_for_the_same(
    graph: ReleaseDataset, figures: pandas.DataFrame, place: Any, group: Any, years: Any
) -> None:
    found = graph.figures(place, group, years, quantity="stock")
    expected = figures[(figures["group"] == "STA") & (figures["year"] == 2018)]
    assert list(found["figure"]) == list(expected["figure"])


def test_a_name_of_an_office_is_that_of_its_scope(graph: ReleaseDataset) -> None:
    found = graph.figures("Kazakhstan Regional Office", "stateless persons", 2018)
    assert list(found["value"]) == [87632]
    assert found["country"].isna().all()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"place": "Kazakstan"}, r"there is no country 'Kazakstan'; did you mean KAZ"),
        (
            {"group": "stateles"},
            r"group: there is no population-group 'stateles'; did you mean STA",
        ),
        ({"years": "18"}, "is not a year such as 2018"),
        ({"grup": "STA"}, "Did you mean group?"),
        ({"lang": "de"}, "no language 'de'"),
        ({"place": ["KAZ", "Kazakhstan Regional Office"]}, "countries and for other scopes apart"),
    ],
)
def test_what_is_none_is_refused_with_the_nearest(
    graph: ReleaseDataset, given: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        graph.figures(**given)


def test_a_table_that_is_none_is_refused(graph: ReleaseDataset) -> None:
    with pytest.raises(ValueError, match="did you mean figures"):
        graph.table("figurs")


def test_a_column_has_one_type_whichever_rows_are_chosen(
    graph: ReleaseDataset, figures: pandas.DataFrame
) -> None:
    nothing = graph.figures("UZB")
    assert len(nothing) == 0
    for name in ("figure", "hedge", "year", "chosen"):
        assert nothing[name].dtype == figures[name].dtype, name
    assert figures["value"].dtype == "Int64"
    assert nothing["value"].dtype == "Float64"


def test_the_concordance_has_the_official_cells_beside_a_figure(graph: ReleaseDataset) -> None:
    found = graph.concordance("Kazakhstan Regional Office", "STA", 2018)
    assert list(found["figure"].unique()) == [STATELESS_2018]
    assert dict(zip(found["cell_country"], found["cell_value"], strict=True)) == {
        "KAZ": 7690,
        "UZB": 79942,
    }
    assert set(found["explanation"]) == {"scope"}


def test_a_release_answers_as_its_citations_do_elsewhere(
    graph: ReleaseDataset, figures: pandas.DataFrame, shipped_root: Path
) -> None:
    from pyoxigraph import NamedNode

    from kzgraph.citing import BIBTEX, write_reference
    from kzgraph.release import Release
    from kzgraph.release.citation import find_reference

    release = Release(shipped_root / "current")
    iris = list(dict.fromkeys(figures["figure"]))
    expected = [find_reference(release, NamedNode(iri), pinned=False) for iri in iris]
    assert graph.citations(figures) == [each.text for each in expected if each]
    assert graph.citations(figures["figure"], "bibtex") == [
        write_reference(each, BIBTEX).decode().strip() for each in expected if each
    ]


def test_what_cannot_be_cited_is_named(graph: ReleaseDataset, official: pandas.DataFrame) -> None:
    with pytest.raises(ValueError, match="neither a fact nor a document"):
        graph.citations("https://w3id.org/kzgraph/id/country/KAZ")
    with pytest.raises(ValueError, match="has none of the columns figure"):
        graph.citations(official)
    with pytest.raises(ValueError, match="no style 'apa'; there are text, bibtex"):
        graph.citations(STATELESS_2018, "apa")


# --- the plot


def lines(axes: Axes) -> dict[str, list[tuple[float, float]]]:
    """What each line joins, by what the legend calls it."""
    return {str(line.get_gid()): points(line) for line in axes.get_lines() if line.get_gid()}


def points(line: Line2D) -> list[tuple[float, float]]:
    data: Any = line.get_data()
    return [(float(x), float(y)) for x, y in zip(*data, strict=True)]


def marks(axes: Axes) -> set[tuple[float, float, str, bool]]:
    """The marks: year, value, shape and whether it is filled."""
    return {
        (x, y, str(line.get_marker()), line.get_markerfacecolor() != "white")
        for line in axes.get_lines()
        if not line.get_gid()
        for x, y in points(line)
    }


def test_a_line_joins_one_scope_and_one_status(graph: ReleaseDataset) -> None:
    axes = graph.plot("Kazakhstan", "stateless persons")
    joined = lines(axes)
    assert joined["Stateless persons, Kazakhstan, forecast, global-focus-2018"] == [
        (2018, 6706),
        (2019, 5000),
    ]
    assert joined["Stateless persons, Kazakhstan, global-focus-2018"] == [(2018, 7690)]
    assert len(joined["Stateless persons, Kazakhstan, official statistics"]) == 12
    # Two figures of one year: nothing runs from one to the other.
    style = {line.get_gid(): line.get_linestyle() for line in axes.get_lines()}
    assert style["Stateless persons, UNHCR operation in Kazakhstan, fact-sheet-2024"] == "None"


def test_what_differs_in_kind_differs_by_its_mark(graph: ReleaseDataset) -> None:
    found = marks(graph.plot("Kazakhstan", "stateless persons", years="2018-2024"))
    assert {
        (2018.0, 7690.0, "o", False),  # close to
        (2018.0, 6706.0, "D", False),  # forecast
        (2018.0, 7690.0, "s", True),  # official
        (2024.0, 7892.0, "o", True),  # exact
    } <= found
    axes = pyplot.gca()
    assert set(axes.get_legend_handles_labels()[1]) >= {
        "exact", "hedged", "forecast, target or plan", "official statistics",
    }  # fmt: skip


def test_the_caption_has_the_sources_and_what_is_not_drawn(graph: ReleaseDataset) -> None:
    caption = " ".join(graph.plot("Kazakhstan", "stateless persons").get_title(loc="left").split())
    assert "National Office Kazakhstan (no date of issue)" in caption
    assert "Population figures (UNHCR) (sums over origins)" in caption
    assert "Not drawn, without a year or a number: 1." in caption


def test_official_sums_are_those_of_headline_cells(
    figures: pandas.DataFrame, official: pandas.DataFrame
) -> None:
    joined = lines(draw(figures, official))
    refugees = official[official["group"] == "REF"]
    expected = refugees.groupby("year")["value"].sum()
    assert joined["Refugees, Kazakhstan, official statistics"] == list(expected.items())


def test_money_is_drawn_in_dollars(graph: ReleaseDataset) -> None:
    axes = graph.plot(
        "Kazakhstan Regional Office", quantity="budget", series="total", official=False
    )
    assert axes.get_ylabel() == "US dollars"
    [joined] = lines(axes).values()
    assert joined[-2] == (2018, 5520373.23)


def test_what_cannot_be_in_one_picture_is_refused(
    graph: ReleaseDataset, figures: pandas.DataFrame
) -> None:
    with pytest.raises(ValueError, match=r"have 2 units \(percent, persons\)"):
        draw(graph.figures("Kazakhstan", years=2018, status="actual", unit=["persons", "percent"]))
    with pytest.raises(ValueError, match="nothing to draw"):
        draw(figures[figures["year"].isna()])
    axes = draw(figures)
    with pytest.raises(ValueError, match="the axes have Persons, and the figures US dollars"):
        draw(graph.figures("Kazakhstan Regional Office", quantity="budget"), ax=axes)


def test_axes_can_be_drawn_on_again_and_show_all_of_it(graph: ReleaseDataset) -> None:
    axes = graph.plot("Kazakhstan", "STA", official=False)
    graph.plot("Kazakhstan Regional Office", "STA", official=False, ax=axes)
    assert axes.get_ylim()[0] <= 0 < 87632 < axes.get_ylim()[1]
    colours = {line.get_color() for line in axes.get_lines() if line.get_gid()}
    assert len(colours) == 3  # the country, its operation, the regional office
