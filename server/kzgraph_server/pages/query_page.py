"""The page of `/sparql` for a browser: a form for a query, and the answer to one as a table.

A page is bounded, whatever the answer holds: it shows so many rows and columns, so many characters
of a value and of all values together, and says where there is more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from flask import render_template, url_for
from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from kzgraph.rdf.formats import (
    BOOLEAN_FORMATS,
    GRAPH_FORMATS,
    HXL_FORMATS,
    RESULT_FORMATS,
    Format,
)
from kzgraph_server.licensing import OWN_RIGHTS, Rights, set_rights
from kzgraph_server.pages.views import Term, View, Viewer
from kzgraph_server.served import get_served

#: The query of the empty form: one quantity and one status, so that stocks are not
#: mixed with flows, forecasts with counts and per cents with persons.
EXAMPLE = """\
# How many people there were in 2018, as counted: by place or operation, and group
SELECT ?scope ?group ?value WHERE {
  ?figure a kzg:PopulationFigure ;
          kzg:quantity/skos:notation "stock" ;
          kzg:status/skos:notation "actual" ;
          kzg:scope/rdfs:label ?scope ;
          kzg:populationGroup/skos:prefLabel ?group ;
          kzg:year 2018 ;
          kzg:value ?value .
  FILTER (lang(?scope) = "en" && lang(?group) = "en")
}
ORDER BY ?scope ?group
"""

#: Columns that a page shows.
_MOST_COLUMNS = 100
#: Characters of one value that a page shows.
_MOST_OF_VALUE = 2_000
#: What a page shows of all rows together, in characters; a cell costs so many by itself.
_MOST_OF_TABLE, _CELL = 300_000, 40
#: Characters of a query up to which the page has links to the same answer in other formats. The
#: address of a longer one would not be taken, or not everywhere.
_MOST_LINKED = 4_000


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """A query and what it was answered with.

    Attributes:
        query: the text.
        default_graphs: the graphs that the request made the default graph of.
        named_graphs: the named graphs of the request.
        is_graph: whether the answer is a graph, in N-Triples; else it is a result, in JSON.
        body: the answer.
        more: whether further rows follow those of the answer.
        reasons: why there are no solutions, as sentences.
        rights: whose data it has.
        tagged: whether a column of it has an HXL hashtag.
    """

    query: str
    default_graphs: Sequence[str]
    named_graphs: Sequence[str]
    is_graph: bool
    body: bytes
    more: bool
    reasons: Sequence[str] = ()
    rights: Rights = OWN_RIGHTS
    tagged: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A result as the page shows it.

    Attributes:
        columns: the names of those that are shown.
        hidden: how many others there are.
        rows: their cells.
        more: whether there are further rows.
    """

    columns: list[str]
    hidden: int
    rows: list[list[View]]
    more: bool


def render_form() -> str:
    """The page with the form alone."""
    return render_template("query.html", query=EXAMPLE)


def render_answer(answer: QueryAnswer) -> str:
    """The page that shows an answer."""
    set_rights(answer.rights)
    result = _triples(answer) if answer.is_graph else _solutions(answer)
    formats: tuple[Format, ...] = GRAPH_FORMATS
    if not answer.is_graph:
        formats = BOOLEAN_FORMATS if isinstance(result, bool) else RESULT_FORMATS
    return render_template(
        "query.html",
        query=answer.query,
        result=result,
        formats=formats,
        links=_links(answer),
        # Another engine does not say what columns mean.
        described=isinstance(result, Table)
        and not answer.is_graph
        and not get_served().settings.engine,
        tagged=HXL_FORMATS if answer.tagged else (),
        reasons=answer.reasons,
    )


def _links(answer: QueryAnswer) -> str | None:
    """The address of the answer, to which the name of a format is added; None if it is too long."""
    graphs = (*answer.default_graphs, *answer.named_graphs)
    if len(answer.query) + sum(map(len, graphs)) > _MOST_LINKED:
        return None
    parameters: dict[str, str | list[str]] = {
        "query": answer.query,
        "default-graph-uri": list(answer.default_graphs),
        "named-graph-uri": list(answer.named_graphs),
    }
    return url_for("sparql.endpoint", **parameters) + "&format="  # type: ignore[arg-type]


def _solutions(answer: QueryAnswer) -> Table | bool:
    result = parse_query_results(answer.body, format=QueryResultsFormat.JSON)
    if isinstance(result, QueryBoolean):
        return bool(result)
    assert isinstance(result, QuerySolutions)  # noqa: S101 - JSON results are nothing else
    columns = [variable.value for variable in result.variables]
    solutions = (tuple(islice(solution, _MOST_COLUMNS)) for solution in result)
    return _table(columns, solutions, answer.more)


def _triples(answer: QueryAnswer) -> Table:
    triples = parse(answer.body, format=RdfFormat.N_TRIPLES)
    rows = ((each.subject, each.predicate, each.object) for each in triples)
    return _table(["subject", "predicate", "object"], rows, answer.more)


def _table(columns: list[str], rows: Iterable[Sequence[Term | None]], more: bool) -> Table:
    now = get_served()
    viewer = Viewer(now.store)
    shown: list[list[View]] = []
    left = _MOST_OF_TABLE
    for row in rows:
        views = [_cut(viewer.plain(term)) for term in row]
        left -= sum(_CELL + len(view.text) + 2 * len(view.href or "") for view in views)
        # The first row is shown in any case: its size is bounded as well.
        if len(shown) == now.settings.html_rows or (left < 0 and shown):
            more = True
            break
        shown.append(views)
    hidden = max(0, len(columns) - _MOST_COLUMNS)
    names = [name[:_MOST_OF_VALUE] for name in columns[:_MOST_COLUMNS]]
    return Table(names, hidden, shown, more)


def _cut(view: View) -> View:
    """`view` with no more of its text than a page shows; what is cut is not linked."""
    parts = (view.text, view.iri, view.href, view.datatype, view.language)
    if all(len(part or "") <= _MOST_OF_VALUE for part in parts):
        return view
    text = view.text
    return View(text if len(text) <= _MOST_OF_VALUE else text[:_MOST_OF_VALUE] + "…")
