"""A release as a read-only rdflib data set, backed by its store."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

import rdflib
from oxrdflib import OxigraphStore
from pyoxigraph import BlankNode, NamedNode, QueryBoolean, QuerySolutions, Store
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result

from kzgraph import settings
from kzgraph.client.analyst import Analyst
from kzgraph.client.errors import NoRelease, QueryRefused, ReadOnlyError
from kzgraph.client.values import Value, value
from kzgraph.prefixes import PREDECLARED
from kzgraph.problem import Problem
from kzgraph.rdf.formats import RESULTS_CSV
from kzgraph.rdf.rdflib_terms import from_rdflib, rdflib_graph, to_rdflib
from kzgraph.release import Release, ReleaseMissing, find_current
from kzgraph.release.integrity import STORE
from kzgraph.sparql import evaluation
from kzgraph.sparql.analysis import analyse_whole
from kzgraph.sparql.bindings import bind_variables
from kzgraph.sparql.job import TABLE_ROWS, Job
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.superseded import Vintages
from kzgraph.tidy.file_tables import find_tables
from kzgraph.tidy.filter_values import Values
from kzgraph.tidy.row_choice import choose_rows
from kzgraph.tidy.table_templates import Table

#: MiB that reading the rows of a table may take.
_MEMORY = 256


def open_release(path: str | Path | None = None) -> "ReleaseDataset":
    """A release as a read-only data set; its default graph is the union of its current graphs.

    It lists the current graphs, too. A superseded graph is there for whoever names it, in a query
    or by `Dataset.graph`.

    The store on disk answers, so opening is fast and takes little memory at any size. Queries are
    analysed as by the endpoint, and may use the project's prefixes undeclared.

    Args:
        path: the folder of a release, or of releases, whose newest is opened; by default the
            folder of releases that `kzgraph build` writes to.

    Raises:
        NoRelease: there is no release.
        ReleaseDamaged: the release has no readable manifest.
        OSError: its store cannot be read.
    """
    root = settings.releases_root() if path is None else Path(path)
    try:
        release = Release(root) if (root / STORE).is_dir() else find_current(root)
    except ReleaseMissing as error:
        other = error.elsewhere
        hint = f', but one in {other}: kzgraph.open_release("{other}")' if other else ""
        raise NoRelease(f"no release in {root}{hint}; kzgraph build writes one") from None
    store = _ReleaseStore(release.store, release.vintages)
    dataset = ReleaseDataset(store=store, default_union=True)
    dataset._dumps = release.dumps
    for prefix, namespace in PREDECLARED.items():
        dataset.bind(prefix, namespace)
    return dataset


class ReleaseDataset(rdflib.Dataset, Analyst):
    """A release as a data set, which an analyst asks as they do an endpoint."""

    _dumps: Path  # of the release, from `open_release` on

    def _find_files(self) -> Mapping[str, Table]:
        files = find_tables(self._dumps).files
        return {name: each.table for name, each in files.items()}

    def _open_rows(self, table: Table, values: Values, lang: str) -> BinaryIO:
        from kzgraph.tidy.file_rows import evaluate_choice

        text = choose_rows(find_tables(self._dumps).files[table.name], values, lang).to_text()
        job = Job(text, (), (), (TABLE_ROWS, RESULTS_CSV.name), timeout=0)
        file = cast("BinaryIO", TemporaryFile())  # noqa: SIM115
        evaluate_choice(job, self._dumps, _MEMORY, settings.MAX_QUERY_NESTING).write(file)
        file.seek(0)
        return file

    def _select(self, query: str) -> tuple[list[str], list[dict[str, Value]]]:
        result = self.query(query)
        names = [str(name) for name in result.vars or ()]
        return names, [
            {name: _read_term(row.get(rdflib.Variable(name))) for name in names}
            for row in result.bindings
        ]

    def _triples(self, query: str) -> bytes:
        return self.query(query).serialize(format="nt") or b""


def _read_term(term: Any) -> Value:
    if term is None:
        return None
    if not isinstance(term, rdflib.Literal):
        return str(term)
    return value({"type": "literal", "value": str(term), "datatype": str(term.datatype or "")})


class _ReleaseStore(OxigraphStore):
    """The store of a release, as a store of rdflib."""

    def __init__(self, store: Store, vintages: Vintages | None) -> None:
        super().__init__(store=store)
        self._quads = store
        self._vintages = vintages
        self._all = OxigraphStore(store=vintages.store) if vintages is not None else None

    def query(
        self,
        query: Query | str,
        initNs: Mapping[str, Any],  # noqa: N803 - the names are rdflib's
        initBindings: Mapping[str, Any],  # noqa: N803
        queryGraph: str,  # noqa: N803
        **kwargs: object,
    ) -> Result:
        """Evaluate a query as the endpoint does.

        Raises:
            QueryRefused: bad syntax, a SERVICE clause, or another query that is refused; a blank
                node as a value of `initBindings`; FROM in a query to one graph.
        """
        if kwargs:
            raise NotImplementedError(f"the store of a release takes no {', '.join(kwargs)}")
        if isinstance(query, Query):  # a prepared one
            query, own, _ = query._original_args
            initNs = {**initNs, **own}  # noqa: N806
        # The project's own need no declaration, and rdflib passes dozens of unused ones.
        declared = "".join(
            f"PREFIX {name}: <{iri}> "
            for name, iri in initNs.items()
            if f"{name}:" in query and PREDECLARED.get(name) != str(iri)
        )
        graph = None if str(queryGraph) == "__UNION__" else str(queryGraph)
        try:
            job = self._job(declared + query, initBindings, graph)
            nesting = settings.MAX_QUERY_NESTING
            found, _ = evaluation.ask(job, self._quads, nesting, self._vintages)
        except Problem as error:
            raise QueryRefused(error.detail) from None
        if isinstance(found, QueryBoolean):
            result = Result("ASK")
            result.askAnswer = bool(found)
        elif isinstance(found, QuerySolutions):
            result = Result("SELECT")
            names = [variable.value for variable in found.variables]
            result.vars = [rdflib.Variable(name) for name in names]
            result.bindings = (
                {
                    rdflib.Variable(name): to_rdflib(term)
                    for name in names
                    if (term := solution[name]) is not None
                }
                for solution in found
            )
        else:
            result = Result("CONSTRUCT")
            result.graph = rdflib_graph(found)
        return result

    def _job(self, text: str, bindings: Mapping[str, Any], graph: str | None) -> Job:
        """The query `text` with values for its variables, on one graph or on all of them.

        Raises:
            Problem: 400.
            QueryRefused: it cannot be evaluated like that.
        """
        if not bindings and graph is None:
            return Job(text, (), (), offers=(), timeout=0)
        try:
            analysis = analyse_whole(text, PREDECLARED.keys(), settings.MAX_QUERY_NESTING)
            values = {str(name): _write_term(value) for name, value in bindings.items()}
            bound = bind_variables(analysis, values)
        except Refusal as error:
            raise error.problem(text) from None
        except ValueError as error:
            raise QueryRefused(str(error)) from None
        if graph is None:
            return Job(bound, (), (), offers=(), timeout=0)
        if analysis.datasets:
            raise QueryRefused("this query has FROM, so put it to the release, not to one graph")
        named = [name for name in self._quads.named_graphs() if isinstance(name, NamedNode)]
        if self._vintages is not None:
            with suppress(Refusal, SyntaxError):  # Evaluating it says what is wrong, and where.
                whole = analyse_whole(bound, PREDECLARED.keys(), settings.MAX_QUERY_NESTING)
                named += self._vintages.tables.find_named(whole)
        return Job(bound, (graph,), tuple(each.value for each in named), offers=(), timeout=0)

    def triples(
        self, triple_pattern: Any, context: rdflib.Graph | None = None
    ) -> Iterator[tuple[Any, Iterator[rdflib.Graph | None]]]:
        """The triples that match, of a superseded graph where that is the context."""
        if self._all is not None and self._is_superseded(context):
            return self._all.triples(triple_pattern, context)
        return super().triples(triple_pattern, context)

    def __len__(self, context: Any = None) -> int:
        if context is None:
            # No triple is in two graphs of a release, and counting distinct ones takes seconds.
            return len(self._quads)
        if self._all is not None and self._is_superseded(context):
            return self._all.__len__(context)
        return super().__len__(context)

    def _is_superseded(self, context: rdflib.Graph | None) -> bool:
        if self._vintages is None or context is None:
            return False
        return str(context.identifier) in {each.value for each in self._vintages.superseded}

    def add_graph(self, graph: Any) -> None:
        """Do nothing: rdflib calls this when a graph is requested by name."""

    def _refuse(self, *_: object, **__: object) -> None:
        raise ReadOnlyError("a release cannot be changed; copy what you need into a Graph()")

    add = addN = remove = remove_graph = update = destroy = _refuse  # noqa: N815


def _write_term(value: Any) -> str:
    """`value`, a node of rdflib, as a query writes it.

    Raises:
        ValueError: it is a blank node, which no query can name, or not well-formed.
        TypeError: it is not a node.
    """
    term = from_rdflib(value)
    if isinstance(term, BlankNode):
        raise ValueError("a blank node cannot be the value of a variable: describe it by a pattern")
    return str(term)
