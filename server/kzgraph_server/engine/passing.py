"""Preparing a job for another engine, and translating its errors back.

A query is forwarded unchanged, except that the prefixes and the base that a release predeclares
are put in front of its first line, and positions in the engine's messages are moved back.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kzgraph.engines import plain_message
from kzgraph.iri import BASE
from kzgraph.prefixes import PREDECLARED
from kzgraph.problem import Problem
from kzgraph.rdf.formats import BOOLEAN_FORMATS, GRAPH_FORMATS, QUAD_FORMATS, Format, unacceptable
from kzgraph.sparql.analysis import Analysis, analyse_whole
from kzgraph.sparql.evaluation import named_dataset
from kzgraph.sparql.job import Job
from kzgraph.sparql.refusals import Refusal, undeclared_prefix
from kzgraph.sparql.strings import splice
from kzgraph.sparql.superseded import Tables, explain_overlap

#: The positions in error messages of engines: line and column, or the line only.
_PLACES = (
    re.compile(r"\berror at (?P<line>\d+):(?P<column>\d+)"),
    re.compile(r"\bline (?P<line>\d+), column:? (?P<column>\d+)", re.IGNORECASE),
    re.compile(r"\bline (?P<line>\d+)\b", re.IGNORECASE),
)

#: The last bytes of a complete answer in each format, if it has such an end.
_ENDS = {
    "json": (b"}",),
    "xml": (b">",),
    "jsonld": (b"}", b"]"),
    "rdf": (b">",),
    "ttl": (b".", b"}"),
    "nt": (b".",),
    "trig": (b".", b"}"),
    "nq": (b".",),
}


@dataclass(frozen=True)
class Passed:
    """A job as it is forwarded to another engine.

    Attributes:
        query: the text.
        dataset: the parameters that name graphs.
        formats: media type to name of each format that may come back, best first.
        volatile: whether asking again may give another answer.
        shift: how many characters are put in front of the first line.
        superseded: the IRIs of the superseded graphs that it is about, in order.
    """

    query: str
    dataset: Mapping[str, list[str]]
    formats: Mapping[str, str]
    volatile: bool
    shift: int
    superseded: tuple[str, ...] = ()

    @property
    def accept(self) -> str:
        """The formats as an Accept field: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1."""
        step = 0.9 / max(len(self.formats), 1)
        return ", ".join(
            f"{media_type};q={1 - rank * step:.2f}" if rank else media_type
            for rank, media_type in enumerate(self.formats)
        )


def prepare(
    job: Job, graphs: Sequence[str], max_nesting: int, tables: Tables | None = None
) -> Passed:
    """Prepare `job` to be forwarded.

    Args:
        job: a query.
        graphs: the data set of a query that names none; empty to leave it to the engine.
        max_nesting: how deep brackets and signs may nest in a query.
        tables: of the release, where it has superseded graphs.

    Raises:
        Problem: 400, for an update, a SERVICE clause or what is not SPARQL; 406; 422, where the
            default graph would be merged from vintages of one table, which engines merge wrongly.
    """
    try:
        analysis = analyse_whole(job.query, PREDECLARED.keys(), max_nesting)
    except Refusal as error:
        raise error.problem(job.query) from None
    text = analysis.text
    if analysis.undeclared is not None:
        raise undeclared_prefix(text, analysis.undeclared)
    if job.default_graphs or job.named_graphs:
        default, named = job.default_graphs, job.named_graphs
        # The request's data set wins (section 2.1.4 of the protocol); Virtuoso adds them up.
        text = _without_dataset(analysis)
    elif analysis.datasets:
        default, named = (), ()
    else:
        default, named = tuple(graphs), (*graphs, *_find_superseded(job, analysis, tables))
    _check_overlap(job, analysis, tables)
    prelude = _prelude(analysis)
    dataset = {
        "default-graph-uri": list(dict.fromkeys(default)),
        "named-graph-uri": list(dict.fromkeys(named)),
    }
    # The formats of tables that no engine writes in general are made by the local engine only.
    is_graph = analysis.form in ("CONSTRUCT", "DESCRIBE")
    kinds = GRAPH_FORMATS if is_graph else BOOLEAN_FORMATS
    return Passed(
        prelude + text,
        dataset,
        _formats(job, analysis.form, kinds),
        analysis.volatile,
        len(prelude),
        _find_superseded(job, analysis, tables),
    )


def _find_superseded(job: Job, analysis: Analysis, tables: Tables | None) -> tuple[str, ...]:
    """The superseded graphs of the data set that a query or its request names, or of its own."""
    if tables is None:
        return ()
    try:
        dataset = named_dataset(job, analysis)
        if dataset is None:
            found = tables.find_named(analysis)
        else:
            found = tables.superseded & {*(dataset.default or ()), *(dataset.named or ())}
    except SyntaxError:
        return ()  # The engine says what is wrong with a name, and where.
    return tuple(sorted(each.value for each in found))


def _check_overlap(job: Job, analysis: Analysis, tables: Tables | None) -> None:
    """Refuse a merge of graphs with triples in common, which engines give twice."""
    if tables is None:
        return
    try:
        dataset = named_dataset(job, analysis)
    except SyntaxError:
        return
    overlap = tables.find_overlap(dataset.default or ()) if dataset is not None else ()
    if overlap:
        raise Problem(422, explain_overlap(overlap))


def translate_error(text: str, passed_on: Passed, query: str) -> Problem:
    """The 400 for an engine's error in `query`, with positions in the original text."""
    members: dict[str, Any] = {}
    message = plain_message(text)
    for pattern in _PLACES:
        if match := pattern.search(message):
            members = {name: int(digits) for name, digits in match.groupdict().items()}
            if members["line"] == 0:  # Virtuoso, where it knows no line.
                members = {}
            elif members["line"] == 1 and members.get("column", 0) > passed_on.shift:
                members["column"] -= passed_on.shift
                start, end = match.span("column")
                message = f"{message[:start]}{members['column']}{message[end:]}"
            break
    detail = f"The engine refuses the query: {message}" if message else "The engine refuses it."
    return Problem(400, detail, query=query, **members)


def can_end_with(name: str, tail: bytes) -> bool:
    """Whether `tail`, the last bytes of an answer in the format called `name`, can be its end."""
    endings = _ENDS.get(name)
    end = tail.rstrip()
    if endings is None or end.endswith(endings):
        return True
    if name in ("ttl", "nt", "trig", "nq"):  # An empty graph, or a comment at the end.
        return not end or end.rpartition(b"\n")[2].lstrip().startswith(b"#")
    return False


def _prelude(analysis: Analysis) -> str:
    """Declarations of the prefixes that the query does not declare, and of the base."""
    base = f"BASE <{BASE}> " if analysis.relative else ""
    needed = sorted(analysis.needed)
    return base + "".join(f"PREFIX {name}: <{PREDECLARED[name]}> " for name in needed)


def _without_dataset(analysis: Analysis) -> str:
    """The query with its FROM clauses blanked out, so that positions stay."""
    text = analysis.text
    changes = []
    for first, last in analysis.query.clauses if analysis.query is not None else ():
        clause = text[first.start : last.end]
        changes.append((first.start, last.end, re.sub(r"[^\r\n]", " ", clause)))
    return splice(text, changes)


def _formats(job: Job, form: str | None, kinds: Sequence[Format]) -> dict[str, str]:
    """Media types to request, and our name of each.

    A document of triples is one of quads as well, so that those are asked for in its place.
    """
    by_name = {each.name: QUAD_FORMATS.get(each, each).media_type for each in kinds}
    formats: dict[str, str] = {}
    for name in job.offers:
        if name in by_name:
            formats.setdefault(by_name[name], name)
    if not formats:
        reason = f"The engine behind this endpoint writes no format asked for of a {form} query."
        raise unacceptable(reason, kinds)
    return formats
