"""Evaluating a job on the store; this runs in a worker and uses no web framework.

`evaluate` returns the header of the answer and leaves the rest to `Evaluated.write`, because the
store evaluates a query while its result is written.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store, Triple

from kzgraph.prefixes import PREDECLARED
from kzgraph.problem import Problem
from kzgraph.rdf.formats import (
    BOOLEAN_FORMATS,
    GRAPH_FORMATS,
    HXL_FORMATS,
    RESULT_FORMATS,
    RESULTS_PARQUET,
    RESULTS_XLSX,
    Format,
    unacceptable,
)
from kzgraph.rdf.graph_writer import Output, can_carry, label_blank_nodes, write_graph
from kzgraph.results.page import announcement, spool_rows
from kzgraph.results.writing import write_results
from kzgraph.sparql.aggregating import Aggregates, may_aggregate
from kzgraph.sparql.analysis import Analysis, analyse, analyse_whole
from kzgraph.sparql.dataset import Dataset, Result, View, graph_names, read_dataset
from kzgraph.sparql.job import BY_COLUMNS, BY_STORE, Header, Job
from kzgraph.sparql.refusals import Refusal, problem_at, undeclared_prefix
from kzgraph.sparql.superseded import Vintages, choose_data
from kzgraph.sparql.syntax import check_syntax, syntax_problem

#: Without any of these a query is no DESCRIBE. An escape may stand for any sign of a keyword.
_MAY_DESCRIBE = re.compile(r"describe|\\", re.IGNORECASE)
#: The formats with room for whose data it is.
_WITH_CREDIT = (RESULTS_XLSX, RESULTS_PARQUET)
#: Bytes of a spooled page that are copied at a time.
_COPIED = 64 * 1024

#: The store that a query is evaluated on, and its data set there; see `choose_data`.
Choose = Callable[[Analysis], tuple[Store, Dataset | None]]


@dataclass(frozen=True)
class Evaluated:
    """An answer that is about to be written.

    Attributes:
        header: how it looks.
        write: writes it. It raises what `evaluate` raises.
    """

    header: Header
    write: Callable[[Output], None]


def evaluate(
    job: Job,
    store: Store,
    max_nesting: int,
    vintages: Vintages | None = None,
    aggregates: Aggregates | None = None,
) -> Evaluated:
    """Evaluate `job` on `store`.

    Args:
        job: a query.
        store: the quads, none of a superseded graph among them.
        max_nesting: how deep brackets and signs may nest in a query.
        vintages: of the release, where it has superseded graphs.
        aggregates: what answers some queries in the place of the store.

    Raises:
        Problem: 400, with line, column and the offending text where there is such a place; 406.
    """
    choose = _choose_for(job, store, vintages)
    result, volatile, answered_by = _ask(job.query, choose, max_nesting, aggregates)
    if isinstance(result, QueryTriples):
        if job.hxl:
            raise not_tagged("a graph")
        more = _describe_sources(job, store, max_nesting, vintages)
        return _graph(job, result, volatile, more)
    chosen = _choose(job, result)
    tags = None
    if job.hxl and isinstance(result, QuerySolutions):
        names = [variable.value for variable in result.variables]
        tags = find_tags(job.query, names, max_nesting)
    header = Header(chosen.content_type, chosen.name, {}, volatile, answered_by)
    if isinstance(result, QuerySolutions) and (
        job.max_rows is not None or job.offset or chosen.results is None
    ):
        credit = _credit(job, store, max_nesting, vintages) if chosen in _WITH_CREDIT else ""
        return _page(job, result, chosen, header, tags, credit)

    def write(output: Output) -> None:
        with _evaluating(job.query):
            write_results(result, chosen, output, tags)

    return Evaluated(header, write)


def _describe_sources(
    job: Job, store: Store, max_nesting: int, vintages: Vintages | None
) -> Callable[[Iterable[Triple]], Iterator[Triple]] | None:
    """What finds the sources of the answer to a DESCRIBE; None for any other query.

    What a description holds is the publisher's choice:
    https://www.w3.org/TR/sparql11-query/#describe
    """
    if _MAY_DESCRIBE.search(job.query) is None:
        return None
    analysis = analyse_whole(job.query, PREDECLARED.keys(), max_nesting)
    if analysis.form != "DESCRIBE":
        return None
    from kzgraph.sparql.origins import describe_sources

    dataset = named_dataset(job, analysis)
    if dataset is None or vintages is None:
        graphs = None if dataset is None else dataset.default or ()
        return lambda triples: describe_sources(store, triples, graphs)
    every, graphs = vintages.store, dataset.default or ()
    return lambda triples: describe_sources(every, triples, graphs)


def _graph(
    job: Job,
    result: QueryTriples,
    volatile: bool,
    more: Callable[[Iterable[Triple]], Iterator[Triple]] | None = None,
) -> Evaluated:
    """A graph in the first format of the client's that carries each of its triples.

    Where none does, writing says why the first does not.

    Args:
        job: the query.
        result: of it.
        volatile: whether asking again may give another.
        more: finds what is added to it.
    """
    offered = _offered(job.offers, GRAPH_FORMATS, "a graph")
    with _evaluating(job.query):
        triples = dict.fromkeys(label_blank_nodes(result))
        if more is not None:
            triples |= dict.fromkeys(more(list(triples)))
    chosen = next((each for each in offered if can_carry(triples, each)), offered[0])

    def write(output: Output) -> None:
        write_graph(triples, chosen, output)

    return Evaluated(Header(chosen.content_type, chosen.name, {}, volatile, BY_STORE), write)


def ask(
    job: Job, store: Store, max_nesting: int, vintages: Vintages | None = None
) -> tuple[Result, bool]:
    """The result of the query of `job`, which is computed while it is read.

    Args:
        job: the query.
        store: see `evaluate`.
        max_nesting: likewise.
        vintages: likewise.

    Returns:
        It, and whether asking again may give another.

    Raises:
        Problem: 400, with line, column and the offending text where there is such a place; 422,
            see `choose_data`.
    """
    return ask_chosen(job.query, _choose_for(job, store, vintages), max_nesting)


def _choose_for(job: Job, store: Store, vintages: Vintages | None) -> Choose:
    return lambda analysis: choose_data(analysis, named_dataset(job, analysis), store, vintages)


def named_dataset(job: Job, analysis: Analysis) -> Dataset | None:
    """The data set that a request names, else the one that its query does, if either does.

    Raises:
        Problem: 400, for what is not an IRI.
        SyntaxError: the store's parser refuses a name.
    """
    if job.default_graphs or job.named_graphs:
        return Dataset(graph_names(job.default_graphs), graph_names(job.named_graphs))
    return read_dataset(analysis)


def ask_chosen(query: str, choose: Choose, max_nesting: int) -> tuple[Result, bool]:
    """What `ask` returns, with the data set and the store that `choose` chooses.

    Raises:
        Problem: see `ask`.
    """
    return _ask(query, choose, max_nesting)[:2]


def _ask(
    query: str, choose: Choose, max_nesting: int, aggregates: Aggregates | None = None
) -> tuple[Result, bool, str]:
    """What `ask_chosen` returns, and what answered."""
    if aggregates is not None and not may_aggregate(query):
        aggregates = None
    try:
        analysis = analyse(query, PREDECLARED.keys(), max_nesting)
        if aggregates is not None and analysis.thin:
            analysis = analyse_whole(query, PREDECLARED.keys(), max_nesting)
    except Refusal as error:
        raise error.problem(query) from None
    text = analysis.text
    try:
        if analysis.query is None and not analysis.thin:
            raise _explain_unreadable(analysis)
        chosen, dataset = choose(analysis)
        if aggregates is not None and dataset is None and not analysis.volatile:
            with _evaluating(text):
                found = aggregates.ask(analysis)
            if found is not None:
                return found, False, BY_COLUMNS
        view = View(chosen, dataset, analysis.prologue)
        asked = analysis.rewrite(view)
        if asked != text:
            check_syntax(text)
        with _evaluating(text):
            return view.ask(asked), analysis.volatile, BY_STORE
    except Refusal as error:
        raise error.problem(text) from None
    except RecursionError:  # only where an operator lets queries nest deeper than by default
        raise Problem(400, "The query nests too deep.", query=text) from None
    except SyntaxError as error:
        raise _locate(analysis, error, max_nesting) from None


def _explain_unreadable(analysis: Analysis) -> Problem:
    """The 400 for a query that could not be parsed.

    Raises:
        SyntaxError: the store's parser refuses it, too.
    """
    text = analysis.text
    check_syntax(text)
    # The store would take it, which is more lenient than the grammar, or it breaks off.
    if analysis.undeclared is not None:
        return undeclared_prefix(text, analysis.undeclared)
    return problem_at(
        text, "Syntax error", len(text) if analysis.misfit is None else analysis.misfit.start
    )


def _locate(analysis: Analysis, error: SyntaxError, max_nesting: int) -> Problem:
    """The 400 for an error of the store's parser."""
    text = analysis.text
    if not analysis.thin:
        return syntax_problem(text, error, analysis)
    try:
        return syntax_problem(text, error, analyse_whole(text, PREDECLARED.keys(), max_nesting))
    except Refusal as refused:
        return refused.problem(text)


@contextmanager
def _evaluating(text: str) -> Iterator[None]:
    """Refuse what the store fails to evaluate, such as an unknown function."""
    try:
        yield
    except (ValueError, RuntimeError) as error:
        detail = f"The query cannot be evaluated: {error}."
        raise Problem(400, detail, query=text) from None


def _page(
    job: Job,
    result: QuerySolutions,
    chosen: Format,
    header: Header,
    tags: Sequence[str] | None,
    credit: str,
) -> Evaluated:
    """Rows one by one: a page of them, or a format that the store does not serialize."""
    names = [variable.value for variable in result.variables]
    rows = (tuple(solution) for solution in result)
    with _evaluating(job.query):
        count, page = spool_rows(
            names,
            rows,
            chosen,
            max_rows=job.max_rows,
            offset=job.offset,
            tags=tags,
            credit=credit,
        )
    if job.max_rows is not None:
        # The front, which knows the address of the request, adds the link to the next page.
        fields = announcement(count, max_rows=job.max_rows, offset=job.offset)
        header = replace(header, headers=fields)

    def copy(output: Output) -> None:
        with page:
            while part := page.read(_COPIED):
                output.write(part)

    return Evaluated(header, copy)


def _credit(job: Job, store: Store, max_nesting: int, vintages: Vintages | None) -> str:
    """Whose data the answer to a query may have."""
    from kzgraph.sparql.met_sources import credit_sources, find_met_sources

    analysis = analyse_whole(job.query, PREDECLARED.keys(), max_nesting)
    return credit_sources(
        find_met_sources(analysis, job, lambda asked: ask(asked, store, max_nesting, vintages)[0]),
        job.endpoints,
    )


def find_tags(query: str, names: Sequence[str], max_nesting: int) -> list[str]:
    """The HXL hashtags of the columns of a query, empty for those whose meaning cannot be told.

    Args:
        query: a SELECT that the store accepts.
        names: of its columns.
        max_nesting: how deep brackets and signs may nest.

    Raises:
        Problem: 406, none of them has a hashtag.
    """
    # Imported here: few ask for it.
    from kzgraph.sparql.hashtags import tag_columns
    from kzgraph.sparql.meaning import find_meanings

    tags = tag_columns(names, find_meanings(query, max_nesting))
    if not any(tags):
        raise no_tags()
    return tags


def has_hashtags(query: str, max_nesting: int) -> bool:
    """Whether a column of a query has an HXL hashtag; see `find_tags`."""
    from kzgraph.sparql.hashtags import tag_columns
    from kzgraph.sparql.meaning import find_meanings

    try:
        meanings = find_meanings(query, max_nesting)
        return any(tag_columns(meanings, meanings))
    except (Refusal, SyntaxError):
        return False


def no_tags() -> Problem:
    """The refusal of a row of hashtags without any.

    A reader would look for hashtags in the rows, and take what looks like some for them.
    """
    return Problem(
        406,
        "No column of this query has an HXL hashtag: none is a value, name, code or thing "
        "whose meaning follows from a property in the query. Ask without hxl.",
    )


def not_tagged(form: str) -> Problem:
    """The refusal of HXL hashtags for an answer that is not a table."""
    return Problem(
        400, f"HXL hashtags are for the table of a SELECT, and the answer is {form}: leave hxl out."
    )


def _choose(job: Job, result: QuerySolutions | QueryBoolean) -> Format:
    if isinstance(result, QuerySolutions):
        formats = HXL_FORMATS if job.hxl else RESULT_FORMATS
        return _offered(job.offers, formats, "a table with hashtags" if job.hxl else "a table")[0]
    if job.hxl:
        raise not_tagged("true or false")
    return _offered(job.offers, BOOLEAN_FORMATS, "true or false")[0]


def _offered(offers: Iterable[str], formats: Iterable[Format], form: str) -> list[Format]:
    """Those of `offers` that are among `formats`; at least one.

    Raises:
        Problem: 406, where there is none.
    """
    by_name = {each.name: each for each in formats}
    found = [by_name[name] for name in offers if name in by_name]
    if found:
        return found
    reason = f"The answer is {form}, for which none of the formats asked for will do."
    raise unacceptable(reason, formats)
