"""The sources whose graphs a query can meet.

Which of them a row is from is not known. Each describes itself in its graph, so a query over the
data set of the query finds them.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from pyoxigraph import QuerySolutions

from kzgraph.licences import name_licence
from kzgraph.sparql.analysis import Analysis
from kzgraph.sparql.dataset import Result
from kzgraph.sparql.job import Job
from kzgraph.sparql.tree import Graph

_PATTERN = (
    "?source <https://schema.org/creditText> ?credit ; "
    "<http://purl.org/dc/terms/license> ?licence ; <http://purl.org/dc/terms/title> ?title"
)


class MetSource(NamedTuple):
    """A source: the IRI of its graph, its title, the IRI of its licence, and whom to name."""

    iri: str
    title: str
    licence: str
    credit: str


def find_met_sources(
    analysis: Analysis, job: Job, answer: Callable[[Job], Result]
) -> list[MetSource]:
    """The sources whose graphs the query of `job` can meet, in the order of their IRIs.

    Args:
        analysis: of the query, whole.
        job: the query and its data set.
        answer: answers a query.
    """
    patterns = {f"{{ {_PATTERN} }}": None}
    if analysis.query is not None:
        for each in analysis.query.find(Graph):
            name = "?kzgraph" if each.name.text[0] in "?$" else each.name.text
            patterns[f"{{ GRAPH {name} {{ {_PATTERN} }} }}"] = None
    froms = " ".join(
        f"FROM {'NAMED ' if named else ''}{name.text}" for named, name in analysis.datasets
    )
    text = f"{analysis.prologue} SELECT DISTINCT ?source ?title ?licence ?credit {froms} {{ "
    text += f"{' UNION '.join(patterns)} }} ORDER BY ?source"
    result = answer(Job(text, job.default_graphs, job.named_graphs, offers=(), timeout=0))
    assert isinstance(result, QuerySolutions)  # noqa: S101 - it is a SELECT
    return [MetSource(*(term.value for term in row)) for row in result]


def credit_sources(sources: Iterable[MetSource], endpoints: Iterable[str] = ()) -> str:
    """Whom whoever passes data of `sources` on has to name, and under which licences, as text.

    Args:
        sources: of this release.
        endpoints: other endpoints whose data are there as well.
    """
    lines = [f"{each.credit}: {name_licence(each.licence)}, {each.licence}" for each in sources]
    lines += [f"{each}: its licence is not known here" for each in endpoints]
    return "\n".join(["Data of", *dict.fromkeys(lines)]) if lines else ""
