"""What the overview shows: numbers with whose they are, from queries of the release.

Nothing here is counted by hand: a release of other documents has other numbers, or none.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from kzgraph.iri import thing
from kzgraph.namespaces import DCT
from kzgraph.release.history import Entry, GraphCounts
from kzgraph_server.charts import Figure, find_chart, list_charts, present
from kzgraph_server.charts.chart_queries import Row, ask, bind_query, link_query
from kzgraph_server.charts.model import Point
from kzgraph_server.charts.row_points import read_node, read_point, read_year
from kzgraph_server.kept import read_sound_history
from kzgraph_server.pages.figure_values import Value, ValueReader
from kzgraph_server.pages.views import View, Viewer
from kzgraph_server.served import Served

#: The country and the region that the project is about.
COUNTRY, REGION = thing("country", "KAZ"), thing("place", "central-asia")

#: The charts of people, in their order.
_PEOPLE = (
    "people/country/KAZ/REF",
    "people-of-known-origin/country/KAZ/REF",
    "people/country/KAZ/ASY",
    "people-of-known-origin/country/KAZ/REF-ASY",
    "people/country/KAZ/STA",
    "people-by-country/place/central-asia/STA",
    "groups/operation/kazakhstan-regional-office",
    "movements/country/KAZ",
)
#: Those of money that are of the country; those of operations are found.
_MONEY = ("activities/country/KAZ", "givers/country/KAZ")
#: The most operations whose money is drawn, and things of one kind that are named.
_MOST_OPERATIONS, _MOST_NAMED = 3, 60


@dataclass(frozen=True, slots=True)
class Told:
    """A number of a document, and what official data say of it.

    Attributes:
        value: the figure in short.
        part: whether it is a part of another that is shown.
        source: the document.
        explanation: why official data agree or differ; None where they have nothing to compare.
        concordance: the page of what was compared.
    """

    value: Value
    part: bool
    source: View
    explanation: View | None
    concordance: View | None


@dataclass(frozen=True, slots=True)
class Scope:
    """The last numbers that documents give for one place or operation."""

    view: View
    told: list[Told]


@dataclass(frozen=True, slots=True)
class Counted:
    """A thing that documents name, and how often."""

    view: View
    mentions: int
    text: View | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What is told of a state and a treaty.

    Attributes:
        fact: the page of the statement or entry.
        kind: how the state takes part, or that it is not listed.
        date: of the act; empty where none is given.
        valid: the day of the depositary's list; empty of a document.
        source: the document; None of a list.
    """

    fact: View
    kind: View
    date: str
    valid: str
    source: View | None


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page shows; each list is empty where the release has nothing for it.

    Attributes:
        official: people of each group in the newest year of official statistics.
        official_year: that year.
        scopes: the last numbers of documents, by whose they are.
        people: charts of people.
        money: the last amounts, by operation and what they are.
        money_charts: charts of money.
        agreement: the chart of how official data agree.
        pledges: those that documents tell of.
        pledges_made: how many they say were made.
        treaties: the states with what is told of each treaty.
        instruments: the treaties.
        donors: whom documents name as donors.
        partners: whom they name as partners, by kind.
        queries: the addresses of the queries behind the lists, by their names.
    """

    official: list[Point]
    official_year: int | None
    scopes: list[Scope]
    people: list[Figure]
    money: list[Value]
    money_charts: list[Figure]
    agreement: Figure | None
    pledges: list[Counted]
    pledges_made: list[Value]
    treaties: list[tuple[View, list[list[Standing]]]]
    instruments: list[View]
    donors: list[Counted]
    partners: list[tuple[View | None, list[Counted]]]
    queries: dict[str, str]


def make_overview(now: Served) -> Overview:
    """The numbers of a release, in the language of the page."""
    viewer = Viewer(now.store)
    texts = {
        "official": bind_query("overview-official", place=COUNTRY),
        "documents": bind_query("overview-documents"),
        "money": bind_query("overview-money"),
        "pledges": bind_query("overview-pledges"),
        "treaties": bind_query("overview-treaties", place=REGION),
        "donors": bind_query("overview-donors"),
        "partners": bind_query("overview-partners"),
    }
    values = ValueReader(now.store, viewer)
    official = ask(texts["official"])
    pledges = ask(texts["pledges"])
    instruments, treaties = _read_treaties(ask(texts["treaties"]), viewer)
    return Overview(
        official=[_read_official(row, viewer) for row in official],
        official_year=read_year(official[0]) if official else None,
        scopes=_read_scopes(ask(texts["documents"]), viewer, values),
        people=_draw(_PEOPLE, viewer),
        money=_read_values(ask(texts["money"]), "figure", values),
        money_charts=[*_draw_operations(viewer), *_draw(_MONEY, viewer)],
        agreement=next(iter(_draw(("agreement",), viewer)), None),
        pledges=_read_pledges(pledges, viewer, now),
        pledges_made=_read_values(pledges, "number", values),
        treaties=treaties,
        instruments=instruments,
        donors=_count(ask(texts["donors"]), "donor", viewer),
        partners=_read_partners(ask(texts["partners"]), viewer),
        queries={name: link_query(text) for name, text in texts.items()},
    )


def _draw(names: Iterable[str], viewer: Viewer) -> list[Figure]:
    charts = (find_chart(name, viewer) for name in names)
    return [present(chart) for chart in charts if chart is not None]


def _draw_operations(viewer: Viewer) -> list[Figure]:
    """The charts of the operations that documents give amounts for, the last ones first."""
    rows = ask(bind_query("overview-operations"))
    charts = (
        chart
        for row in rows[:_MOST_OPERATIONS]
        for chart in list_charts(read_node(row, "scope"), viewer)
        if chart.name.startswith(("money", "spent"))
    )
    return [present(chart) for chart in charts]


def _read_official(row: Row, viewer: Viewer) -> Point:
    group, year = read_node(row, "group"), read_year(row)
    cells = bind_query("cells", place=COUNTRY, group=group, year=year)
    return read_point(row, viewer, label=viewer.named(group), cells=cells)


def _read_scopes(rows: tuple[Row, ...], viewer: Viewer, values: ValueReader) -> list[Scope]:
    # A figure with several concordances has a row for each: the first is shown, and leads to all.
    first: dict[NamedNode, Row] = {}
    for row in rows:
        first.setdefault(read_node(row, "figure"), row)
    found: dict[NamedNode, list[Told]] = {}
    for figure, row in first.items():
        value = values.read(figure)
        if value is None:
            continue
        explanation, concordance = row.get("explanation"), row.get("concordance")
        told = Told(
            value=value,
            part=row.get("total") in first,
            source=viewer.named(read_node(row, "source")),
            explanation=viewer.named(explanation) if isinstance(explanation, NamedNode) else None,
            concordance=viewer.named(concordance) if isinstance(concordance, NamedNode) else None,
        )
        found.setdefault(read_node(row, "scope"), []).append(told)
    return [Scope(viewer.named(scope), told) for scope, told in found.items()]


def _read_values(rows: tuple[Row, ...], name: str, values: ValueReader) -> list[Value]:
    nodes = dict.fromkeys(read_node(row, name) for row in rows if name in row)
    read = (values.read(node) for node in nodes)
    return [value for value in read if value is not None]


def _read_pledges(rows: tuple[Row, ...], viewer: Viewer, now: Served) -> list[Counted]:
    nodes = dict.fromkeys(read_node(row, "pledge") for row in rows if "pledge" in row)
    found = []
    for node in list(nodes)[:_MOST_NAMED]:
        quads = now.store.quads_for_pattern(node, DCT["description"], None, None)
        text = min((viewer.plain(quad.object) for quad in quads), key=_by_text, default=None)
        found.append(Counted(viewer.named(node), 1, text))
    return found


def _by_text(view: View) -> str:
    return view.text


def _count(rows: Iterable[Row], name: str, viewer: Viewer) -> list[Counted]:
    found = [
        Counted(viewer.named(read_node(row, name)), read_year(row, "mentions"))
        for row in rows
        if name in row
    ]
    return sorted(found, key=lambda each: each.view.text.casefold())


def _read_partners(
    rows: tuple[Row, ...], viewer: Viewer
) -> list[tuple[View | None, list[Counted]]]:
    kinds: dict[NamedNode | None, list[Row]] = {}
    for row in rows:
        kinds.setdefault(read_node(row, "kind") if "kind" in row else None, []).append(row)
    return [
        (viewer.named(kind) if kind else None, _count(each, "partner", viewer))
        for kind, each in kinds.items()
    ]


def _read_treaties(
    rows: tuple[Row, ...], viewer: Viewer
) -> tuple[list[View], list[tuple[View, list[list[Standing]]]]]:
    instruments = sorted(
        {read_node(row, "instrument") for row in rows}, key=lambda node: viewer.named(node).text
    )
    states = list(dict.fromkeys(read_node(row, "state") for row in rows))
    cells: dict[tuple[NamedNode, NamedNode], list[Standing]] = {}
    for row in rows:
        source = row.get("source")
        standing = Standing(
            fact=viewer.named(read_node(row, "fact")),
            kind=viewer.named(read_node(row, "kind")),
            date=_text(row, "date"),
            valid=_text(row, "valid"),
            source=viewer.named(source) if isinstance(source, NamedNode) else None,
        )
        cells.setdefault((read_node(row, "state"), read_node(row, "instrument")), []).append(
            standing
        )
    return [viewer.named(node) for node in instruments], [
        (viewer.named(state), [cells.get((state, each), []) for each in instruments])
        for state in states
    ]


def _text(row: Row, name: str) -> str:
    return getattr(row.get(name), "value", "")


def read_news(now: Served) -> Entry | None:
    """The entry of the release in the history; what changed in documents comes first."""
    entry = read_sound_history(now.root).find(now.release.version)
    if entry is None or entry.changes is None:
        return entry
    graphs = tuple(each for each in entry.changes.graphs if _has_counts(each))
    return replace(entry, changes=replace(entry.changes, graphs=graphs))


def _has_counts(graph: GraphCounts) -> bool:
    return any(number for counts in graph.counts.values() for number in counts.values())
