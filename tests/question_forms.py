"""What a query is made of, apart from the things it names: its triple patterns and its form."""

import re
from collections.abc import Iterable, Iterator, Sequence

from rdflib import RDF, URIRef, Variable
from rdflib.paths import SequencePath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from kzgraph.iri import ID

#: What a query does with its solutions, by the words that say it.
_FORMS = ("ASK", "CONSTRUCT", "COUNT", "SUM", "LIMIT", "OPTIONAL", "GRAPH", "EXISTS", "CONTAINS")

Triple = tuple[Node, object, Node]


def patterns(text: str) -> list[Triple]:
    """The triple patterns of the WHERE clause; a sequence path is one for each step.

    That is what such a path stands for: https://www.w3.org/TR/sparql11-query/#sparqlTranslatePathExpressions
    """
    return [step for triple in _triples(prepareQuery(text).algebra) for step in _steps(triple)]


def form(text: str) -> tuple[object, ...]:
    """What stays of a query without the names of variables, things and values."""
    body = re.sub(r"^#.*$", "", text, flags=re.MULTILINE)
    said = tuple(word for word in _FORMS if word in body)
    return (said, *sorted(" ".join(_kinds(triple)) for triple in patterns(text)))


def _kinds(triple: Triple) -> Iterator[str]:
    subject, predicate, node = triple
    yield _kind(subject)
    yield str(predicate)
    yield str(node) if predicate == RDF.type else _kind(node)


def _kind(node: Node) -> str:
    if isinstance(node, Variable):
        return "?"
    return "thing" if isinstance(node, URIRef) and node.startswith(ID) else "value"


def _triples(node: object) -> Iterator[Triple]:
    if isinstance(node, CompValue):
        for key, value in node.items():
            # A template of CONSTRUCT is no pattern.
            if key == "triples":
                # What EXISTS holds is left as it was parsed: one list for several triples.
                for terms in value:
                    yield from _by_three(terms)
            elif key != "template":
                yield from _triples(value)
    elif isinstance(node, list | tuple) and not isinstance(node, str):
        for each in node:
            yield from _triples(each)


def _by_three(terms: Sequence[Node]) -> Iterator[Triple]:
    for at in range(0, len(terms), 3):
        subject, predicate, node = terms[at : at + 3]
        yield subject, predicate, node


def _steps(triple: Triple) -> Iterable[Triple]:
    subject, predicate, node = triple
    if not isinstance(predicate, SequencePath):
        return [triple]
    between = [Variable(f"step{number}") for number in range(len(predicate.args) - 1)]
    return zip([subject, *between], predicate.args, [*between, node], strict=True)
