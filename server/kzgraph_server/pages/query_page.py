"""The page of `/sparql` for a browser: a form for a query, and the answer to one as a table.

A page is bounded, whatever the answer holds: it shows so many rows and columns, so many characters
of a value and of all values together, and says where there is more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from flask import render_template, url_for
from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from kzgraph.iri import BASE
from kzgraph.problem import Problem
from kzgraph.rdf.formats import (
    BOOLEAN_FORMATS,
    GRAPH_FORMATS,
    HXL_FORMATS,
    RESULT_FORMATS,
    Format,
)
from kzgraph_server.language_addresses import join_language
from kzgraph_server.licensing import OWN_RIGHTS, Rights, set_rights
from kzgraph_server.pages.editor_texts import editor_phrases, editor_texts
from kzgraph_server.pages.language import get_language
from kzgraph_server.pages.query_code import Kind, write_code
from kzgraph_server.pages.views import Term, View, Viewer
from kzgraph_server.served import get_served

#: The query of the empty form: one quantity and one status, so that stocks are not
#: mixed with flows, forecasts with counts and per cents with persons.
EXAMPLE = """\
# How many people there were in 2018, as counted: by place or operation, and group
SELECT ?scope ?group ?value WHERE {
  ?figure a kzg:PopulationFigure ;
    kzg:quantity quantity:stock ;
    kzg:status status:actual ;
    kzg:scope/rdfs:label ?scope ;
    kzg:populationGroup/skos:prefLabel ?group ;
    kzg:year 2018 ;
    kzg:value ?value .
  FILTER (lang(?scope) = "en" && lang(?group) = "en")
}
ORDER BY ?scope ?group"""

#: Columns that a page shows.
_MOST_COLUMNS = 100
#: Characters of one value that a page shows.
_MOST_OF_VALUE = 2_000
#: What a page shows of all rows together, in characters; a cell costs so many by itself.
_MOST_OF_TABLE, _CELL = 300_000, 40
#: Things that a page shows by their labels, of which each takes a twentieth of a millisecond, and
#: those without one that it names by their dimensions, which takes ten times as long.
_MOST_LABELS, _MOST_MADE = 400, 20
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
class Shown:
    """A cell: what is read, and the prefixed name of a thing that is shown by its label."""

    view: View
    name: str | None = None


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
    rows: list[list[Shown]]
    more: bool


def render_form() -> str:
    """The page with the form alone."""
    return _render(make_first_query())


def render_refusal(problem: Problem, query: str) -> str:
    """The page that says why a query is refused, and has it in its form to be corrected."""
    return _render(query, problem=problem)


def render_answer(answer: QueryAnswer) -> str:
    """The page that shows an answer."""
    set_rights(answer.rights)
    now = get_served()
    result = _triples(answer) if answer.is_graph else _solutions(answer)
    formats: tuple[Format, ...] = GRAPH_FORMATS
    if not answer.is_graph:
        formats = BOOLEAN_FORMATS if isinstance(result, bool) else RESULT_FORMATS
    public = f"{now.settings.public_url}/sparql"
    return _render(
        answer.query,
        result=result,
        is_graph=answer.is_graph,
        formats=formats,
        graphs=_graphs(answer),
        **_addresses(answer),
        # Another engine does not say what columns mean.
        described=isinstance(result, Table) and not answer.is_graph and not now.settings.engine,
        tagged=HXL_FORMATS if answer.tagged else (),
        reasons=answer.reasons,
        code=write_code(answer.query, public, kind=_kind(answer, result)),
        public_endpoint=public,
    )


def make_address(query: str) -> str:
    """The path at which a query is answered, so that its page has links to it in each language."""
    short = len(query) <= _MOST_LINKED
    return f"/sparql?{urlencode({'query': query}, errors='replace')}" if short else "/sparql"


def make_first_query() -> str:
    """The query of the empty form, with labels in the language of the page."""
    return EXAMPLE.replace('"en"', f'"{get_language()}"')


def _render(query: str, **shown: Any) -> str:
    settings = get_served().settings
    return render_template(
        "query.html",
        query=query,
        limits=settings,
        most_linked=_MOST_LINKED,
        texts=editor_texts(),
        phrases=editor_phrases(),
        **shown,
    )


def _kind(answer: QueryAnswer, result: Table | bool) -> Kind:
    if answer.is_graph:
        return "graph"
    return "boolean" if isinstance(result, bool) else "table"


def _graphs(answer: QueryAnswer) -> list[tuple[str, str]]:
    """The parameters of the data set that the query was asked of."""
    return [
        *(("default-graph-uri", each) for each in answer.default_graphs),
        *(("named-graph-uri", each) for each in answer.named_graphs),
    ]


def _addresses(answer: QueryAnswer) -> dict[str, str | None]:
    """Where the answer is: to `links` the name of a format is added. None if it is too long."""
    graphs = _graphs(answer)
    if len(answer.query) + sum(len(graph) for _, graph in graphs) > _MOST_LINKED:
        return dict.fromkeys(("links", "share", "share_pinned"))
    parameters = urlencode([("query", answer.query), *graphs], errors="replace")
    now, language = get_served(), get_language()
    here = now.site.mount
    pinned = now.settings.mount if now.pinned else f"{here}/releases/{now.release.version}"

    def page(root: str) -> str:
        return f"{join_language(root, f'{root}/sparql', language)}?{parameters}"

    return {
        "links": f"{url_for('sparql.endpoint')}?{parameters}&format=",
        "share": page(here),
        "share_pinned": page(pinned),
    }


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
    shown: list[list[Shown]] = []
    left = _MOST_OF_TABLE
    labels = _Labels(viewer)
    for row in rows:
        cells = [labels.show(term) for term in row]
        left -= sum(_CELL + len(each.view.text) + 2 * len(each.view.href or "") for each in cells)
        # The first row is shown in any case: its size is bounded as well.
        if len(shown) == now.settings.html_rows or (left < 0 and shown):
            more = True
            break
        shown.append(cells)
    hidden = max(0, len(columns) - _MOST_COLUMNS)
    names = [name[:_MOST_OF_VALUE] for name in columns[:_MOST_COLUMNS]]
    return Table(names, hidden, shown, more)


class _Labels:
    """Shows terms: things by their labels, as many as a page has the time to look up."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._known: dict[NamedNode, Shown] = {}
        self._made = 0

    def show(self, term: Term | None) -> Shown:
        """A term with its label, if it has one."""
        if not isinstance(term, NamedNode) or not term.value.startswith(BASE):
            return Shown(_cut(self._viewer.plain(term)))
        found = self._known.get(term)
        if found is None:
            plain = self._viewer.plain(term)
            named = self._named(term) or plain
            # A name in full is in the title of the link.
            name = plain.text if named.text != plain.text and plain.text[0] != "<" else None
            found = self._known[term] = Shown(_cut(named), name)
        return found

    def _named(self, term: NamedNode) -> View | None:
        if len(self._known) >= _MOST_LABELS:
            return None
        if not self._viewer.names(term):
            self._made += 1
            if self._made > _MOST_MADE:
                return None
        return self._viewer.named(term)


def _cut(view: View) -> View:
    """`view` with no more of its text than a page shows; what is cut is not linked."""
    parts = (view.text, view.iri, view.href, view.datatype, view.language)
    if all(len(part or "") <= _MOST_OF_VALUE for part in parts):
        return view
    text = view.text
    return View(text if len(text) <= _MOST_OF_VALUE else text[:_MOST_OF_VALUE] + "…")
