"""Names of a query that do not occur in the data, and the nearest that do."""

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches

from pyoxigraph import NamedNode, QuerySolutions

from kzgraph.iri import ID, ONTOLOGY
from kzgraph.namespaces import LABEL, TYPE
from kzgraph.sparql.dataset import Result
from kzgraph.sparql.lexer import Kind, Token

Ask = Callable[[str], Result]


class Stop(Exception):
    """No more is to be asked."""


#: Names of a query that are looked up, and terms that are compared with one that is not there.
_MOST_NAMES, _MOST_TERMS = 60, 5_000
#: Where terms of vocabularies are declared, and things and facts are found.
_DECLARED = f"SELECT DISTINCT ?x {{ ?x rdfs:isDefinedBy ?o }} LIMIT {_MOST_TERMS}"
_IDENTIFIED = f"SELECT DISTINCT ?x {{ ?x dcterms:identifier ?i }} LIMIT {_MOST_TERMS}"
_STATED = f"SELECT DISTINCT ?x {{ ?x kzg:statedIn ?d }} LIMIT {_MOST_TERMS}"


def find_names(body: Sequence[Token]) -> list[str]:
    """The IRIs and prefixed names among the tokens that stand for something in the data.

    Functions and datatypes do not, nor do the graphs of FROM.
    """
    found: dict[str, None] = {}
    for place, token in enumerate(body):
        if token.kind not in (Kind.IRI, Kind.NAME) or token.text.endswith(":"):
            continue
        before = body[place - 1].text.upper() if place else ""
        after = body[place + 1].text if place + 1 < len(body) else ""
        if after == "(" or before in ("^^", "FROM", "NAMED"):
            continue
        found[token.text] = None
    return list(found)[:_MOST_NAMES]


def values(result: Result) -> list[NamedNode]:
    """The IRIs of the first column of a result."""
    assert isinstance(result, QuerySolutions)  # noqa: S101 - it is that of a SELECT
    return [row[0] for row in result if isinstance(row[0], NamedNode)]


def resolve(ask: Ask, names: Sequence[str]) -> list[NamedNode]:
    """The IRIs that names of the query stand for, in their order."""
    return values(ask(f"SELECT ?x {{ VALUES ?x {{ {' '.join(names)} }} }}"))


def occurs(ask: Ask, node: NamedNode) -> bool:
    """Whether an IRI is in a triple, or names a graph."""
    places = (f"{node} ?p ?o", f"?s {node} ?o", f"?s ?p {node}", f"GRAPH {node} {{ ?s ?p ?o }}")
    return any(bool(ask(f"ASK {{ {each} }}")) for each in places)


def find_nearest(ask: Ask, node: NamedNode) -> list[NamedNode]:
    """Up to three IRIs of the data that are written most like `node`, in any vocabulary."""
    iri = node.value
    if iri.startswith(ID):
        wanted = iri.removeprefix(ID)
        queries = (_IDENTIFIED,) if wanted.count("/") == 1 else (_STATED,)
    else:
        wanted = _local(iri)
        queries = (_DECLARED,)
    candidates = {term for query in queries for term in values(ask(query))}
    candidates |= {TYPE, LABEL} if queries == (_DECLARED,) else set()
    by_name: dict[str, list[NamedNode]] = {}
    for term in candidates:
        name = term.value.removeprefix(ID) if term.value.startswith(ID) else _local(term.value)
        by_name.setdefault(name.lower(), []).append(term)
    if wanted.lower() in by_name:  # It differs in case, or in the vocabulary.
        return sorted(by_name[wanted.lower()], key=_own_first)[:3]
    if iri.startswith(ID):  # It may be a thing of another kind: a country, not an origin.
        same = [term for term in candidates if _local(term.value) == _local(iri)]
        if same:
            return sorted(same, key=_own_first)[:3]
    near = get_close_matches(wanted.lower(), by_name, n=3, cutoff=0.7)
    ranked = [term for name in near for term in sorted(by_name[name], key=_own_first)]
    return ranked[:3]


def _own_first(term: NamedNode) -> tuple[bool, str]:
    return not term.value.startswith(ONTOLOGY), term.value


def _local(iri: str) -> str:
    return iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :]


def list_words(words: Iterable[str], last: str = "or") -> str:
    """Words as a sentence has them: `a, b or c`."""
    *others, end = words
    return f"{', '.join(others)} {last} {end}" if others else end
