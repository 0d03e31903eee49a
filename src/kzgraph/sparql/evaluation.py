"""A job, put to the store; this runs in a worker and uses no web framework.

`evaluate` says how the answer will look and leaves the computing to `Evaluated.write`, because the
store evaluates a query while its result is written.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from kzgraph.iri import BASE
from kzgraph.prefixes import PREFIXES
from kzgraph.problem import Problem
from kzgraph.rdf.graph_writer import GRAPH_FORMATS, QUAD_FORMATS, Output, write_graph
from kzgraph.results.page import (
    TABLE_FORMATS,
    announcement,
    spool_rows,
)
from kzgraph.results.writing import RESULT_FORMATS, write_results
from kzgraph.sparql.analysis import Inspection, Refusal, inspect
from kzgraph.sparql.dataset import Dataset, repeated
from kzgraph.sparql.job import Header, Job
from kzgraph.sparql.lexer import LexicalError
from kzgraph.sparql.refusals import refusal, syntax_problem

Result = QuerySolutions | QueryBoolean | QueryTriples

#: Functions whose value differs from one evaluation to the next. A word in a string or comment
#: may match too; then an answer is not cached that could be.
_VOLATILE = re.compile(r"(?:NOW|RAND|UUID)\s*+(?:#[^\r\n]*+\s*+)*+\(", re.IGNORECASE)

#: Bytes of a spooled page that are copied at a time.
_COPIED = 64 * 1024

_PREFIXES = dict(PREFIXES)
#: What the store's parser is asked about a query without evaluating it.
_EMPTY = Store()


@dataclass(frozen=True)
class Evaluated:
    """An answer that is about to be written.

    Attributes:
        header: how it looks.
        write: writes it, and returns the rows of a SELECT result where they are known. It raises
            what `evaluate` raises.
    """

    header: Header
    write: Callable[[Output], int | None]


def evaluate(job: Job, store: Store, max_nesting: int) -> Evaluated:
    """Put `job` to `store`.

    Args:
        job: a query, or the read of a graph.
        store: the quads.
        max_nesting: how deep brackets and signs may nest in a query.

    Raises:
        Problem: 400, with line, column and the offending text where there is such a place; 404 for
            the read of a graph that is not there; 406.
    """
    if job.kind == "graph":
        return _read_graph(job, store)
    result = ask(job, store, max_nesting)
    chosen, content_type = _choose(job, result)
    header = Header(content_type, chosen, {}, bool(_VOLATILE.search(job.query)))
    if isinstance(result, QuerySolutions) and (
        job.max_rows is not None or job.offset or chosen in TABLE_FORMATS
    ):
        return _page(job, result, header)

    def write(output: Output) -> int | None:
        with _evaluating(job.query):
            if isinstance(result, QueryTriples):
                write_graph(result, chosen, _PREFIXES, output)
                return None
            return write_results(result, chosen, output)

    return Evaluated(header, write)


def ask(job: Job, store: Store, max_nesting: int) -> Result:
    """The result of the query of `job`, which is computed while it is read.

    Raises:
        Problem: 400, with line, column and the offending text where there is such a place.
    """
    text = job.query
    try:
        found = inspect(text, _PREFIXES.keys(), max_nesting)
    except LexicalError as error:
        raise refusal(text, str(error), error.start) from None
    except Refusal as error:
        raise refusal(text, str(error), error.token.start) from None
    try:
        with _evaluating(text):
            result = _run(store, _in_order(text, found), job, found)
    except SyntaxError as error:
        raise syntax_problem(text, error, found) from None
    _check_glued(text, found)
    return result


@contextmanager
def _evaluating(text: str) -> Iterator[None]:
    """What the store cannot evaluate, such as an unknown function, shows only when it tries."""
    try:
        yield
    except (ValueError, RuntimeError) as error:
        detail = f"The query cannot be evaluated: {error}."
        raise Problem(400, detail, query=text) from None


def _page(job: Job, result: QuerySolutions, header: Header) -> Evaluated:
    """Rows one by one: a page of them, or a file that the store's serialiser does not know."""
    names = [variable.value for variable in result.variables]
    rows = (tuple(solution) for solution in result)
    with _evaluating(job.query):
        count, page = spool_rows(
            names, rows, header.format, max_rows=job.max_rows, offset=job.offset
        )
    if job.max_rows is not None:
        # The front, which knows the address of the request, adds the link to the next page.
        said = announcement(count, max_rows=job.max_rows, offset=job.offset, next_page=None)
        header = replace(header, headers=said)

    def copy(output: Output) -> int:
        with page:
            while part := page.read(_COPIED):
                output.write(part)
        return count.rows

    return Evaluated(header, copy)


def _in_order(text: str, found: Inspection) -> str:
    """`text` with the columns of `SELECT *` named in the order of the query.

    Oxigraph sorts them; named one by one they keep their order.
    """
    if found.star is None:
        return text
    result = _EMPTY.query(text, base_iri=BASE, prefixes=_PREFIXES)
    if not isinstance(result, QuerySolutions):
        return text
    names = [variable.value for variable in result.variables]
    ordered = found.ordered(names)
    if not ordered or ordered == names:
        return text
    columns = " " + " ".join(f"?{name}" for name in ordered) + " "
    return text[: found.star.start] + columns + text[found.star.end :]


def _run(store: Store, text: str, job: Job, found: Inspection) -> Result:
    dataset: Dataset | None = None
    if job.default_graphs or job.named_graphs:
        dataset = Dataset(_names(job.default_graphs), _names(job.named_graphs))
    elif found.names_dataset:
        dataset = repeated(text, _PREFIXES, _EMPTY)
    # Handing over all of them costs the store a third of a small query.
    declared = {name: iri for name, iri in _PREFIXES.items() if f"{name}:" in text}
    if dataset is not None:
        return store.query(
            text,
            base_iri=BASE,
            prefixes=declared,
            default_graph=list(dataset.default),
            named_graphs=list(dataset.named),
        )
    # The union flag overrides FROM, so it is set only where there is none.
    return store.query(
        text,
        base_iri=BASE,
        prefixes=declared,
        use_default_graph_as_union=not found.names_dataset,
    )


def _names(iris: Iterable[str]) -> tuple[NamedNode, ...]:
    """The graphs called `iris`, each once: the store would repeat what it is told twice."""
    names = []
    for iri in dict.fromkeys(iris):
        try:
            names.append(NamedNode(iri))
        except ValueError:
            raise Problem(400, f"{iri[:80]!r} is no absolute IRI of a graph.") from None
    return tuple(names)


def _check_glued(text: str, found: Inspection) -> None:
    """Refuse `FROMex:g`, which the store's parser reads as `FROM ex:g` and the grammar as a name.

    https://www.w3.org/TR/sparql11-query/#sparqlGrammar (note 2: the longest match is a token)
    """
    name = found.undeclared
    if name is not None and name.text.upper().startswith(("FROM", "NAMED")):
        prefix = name.text.partition(":")[0]
        raise refusal(text, f"The prefix {prefix}: is not declared", name.start)


def _choose(job: Job, result: Result) -> tuple[str, str]:
    if isinstance(result, QueryTriples):
        return _first(job.offers, GRAPH_FORMATS, "a graph")
    if isinstance(result, QuerySolutions):
        return _first(job.offers, RESULT_FORMATS | TABLE_FORMATS, "a table")
    return _first(job.offers, RESULT_FORMATS, "true or false")


def _first(offers: Iterable[str], formats: dict[str, str], form: str) -> tuple[str, str]:
    """The first of `offers` among `formats`, and its content type."""
    for name in offers:
        if name in formats:
            return name, formats[name]
    types = {name: full.partition(";")[0] for name, full in formats.items()}
    listed = ", ".join(f"{media_type} (format={name})" for name, media_type in types.items())
    raise Problem(
        406,
        f"The answer is {form}, for which none of the formats asked for will do. "
        f"Available: {listed}.",
        available=[{"format": name, "mediaType": each} for name, each in types.items()],
    )


def _read_graph(job: Job, store: Store) -> Evaluated:
    """https://www.w3.org/TR/sparql11-http-rdf-update/#http-get."""
    chosen, content_type = _first(job.offers, GRAPH_FORMATS | QUAD_FORMATS, "a graph")
    names = _names(job.default_graphs)
    for name in names:
        if not store.contains_named_graph(name):
            raise Problem(404, f"There is no graph {name.value}.")

    def write(output: Output) -> None:
        # Only here: importing it more than doubles the time until a worker is ready.
        from kzgraph.rdf.graph_writer import write_whole

        write_whole(store, names[0] if names else None, chosen, _PREFIXES, output)

    return Evaluated(Header(content_type, chosen, {}, False), write)
