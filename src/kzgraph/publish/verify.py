"""Checking a store against a release: counts by property, a sample of triples, stray graphs.

Stores may write a number otherwise than they received it (`0.10` as `0.1`, a decimal without
fraction as an integer), so numbers are compared by value and everything else exactly. The
terms are read back, since an ASK for a triple errs on some types in Virtuoso 7.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kzgraph.datatypes import BOOLEAN, BOOLEANS, INTEGER, NUMBERS, STRING
from kzgraph.iri import GRAPH
from kzgraph.publish.graph_files import Graph
from kzgraph.publish.store import RemoteStore
from kzgraph.publish.updates import write_term

Binding = Mapping[str, str]

#: Subjects and predicates in one query.
_AT_ONCE = 25


def count(store: RemoteStore, url: str, graph: str) -> int:
    """How many triples the store has in `graph`."""
    name = NamedNode(graph)
    rows = store.select(url, f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH {name} {{ ?s ?p ?o }} }}")
    try:
        return int(rows[0]["n"]["value"])
    except (LookupError, ValueError, TypeError):
        return 0


def find_faults(store: RemoteStore, url: str, graph: Graph) -> Iterator[str]:
    """How the store differs from the release in `graph`, a sentence each."""
    counts = _count_predicates(store, url, graph.iri)
    found = sum(counts.values())
    wrong = sorted(
        iri
        for iri in {*counts, *graph.predicates}
        if counts.get(iri, 0) != graph.predicates.get(iri, 0)
    )
    if found < graph.triples:
        yield f"{graph.name}: {graph.triples - found} of {graph.triples} triples are missing"
    elif found > graph.triples:
        yield f"{graph.name}: {found - graph.triples} triples more than the {graph.triples} sent"
    elif wrong:
        yield (
            f"{graph.name}: there are more or fewer triples than were sent of {len(wrong)} "
            f"properties, among them <{wrong[0]}>"
        )
    held = _read_back(store, url, graph)
    missing = [triple for triple in _sample(graph) if triple not in held]
    if missing:
        shown = f"{write_term(missing[0].subject)} {write_term(missing[0].predicate)}"
        number = f"{len(missing)} of {len(graph.sample)} triples of the sample"
        yield f"{graph.name}: {number} are missing or changed, among them one of {shown}"


def _count_predicates(store: RemoteStore, url: str, graph: str) -> dict[str, int]:
    """How many triples the store has in `graph` of each predicate."""
    rows = store.select(
        url,
        f"SELECT ?p (COUNT(*) AS ?n) WHERE {{ GRAPH {NamedNode(graph)} {{ ?s ?p ?o }} }} "
        "GROUP BY ?p",
    )
    try:
        return {row["p"]["value"]: int(row["n"]["value"]) for row in rows if "p" in row}
    except (LookupError, ValueError, TypeError):
        return {}


def find_stray_graphs(store: RemoteStore, url: str, known: Iterable[str]) -> tuple[list[str], int]:
    """The graphs that the release does not have: those of the project, and how many others."""
    # Grouped, because Virtuoso 7 takes 4 s for SELECT DISTINCT on our graph, and 0.03 s for this.
    rows = store.select(url, "SELECT ?g WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    strange = {row["g"]["value"] for row in rows if "g" in row} - set(known)
    ours = sorted(iri for iri in strange if iri.startswith(GRAPH))
    return ours, len(strange) - len(ours)


def _sample(graph: Graph) -> list[Triple]:
    return [quad.triple for quad in parse(b"".join(graph.sample), format=RdfFormat.N_TRIPLES)]


def _read_back(store: RemoteStore, url: str, graph: Graph) -> set[Triple]:
    """Those triples of the sample that the store has."""
    triples = _sample(graph)
    held: set[Triple] = set()
    for start in range(0, len(triples), _AT_ONCE):
        some = triples[start : start + _AT_ONCE]
        pairs = {f"({write_term(each.subject)} {write_term(each.predicate)})" for each in some}
        values = " ".join(sorted(pairs))
        rows = store.select(
            url,
            f"SELECT ?s ?p ?o WHERE {{ GRAPH {NamedNode(graph.iri)} "
            f"{{ VALUES (?s ?p) {{ {values} }} ?s ?p ?o }} }}",
        )
        held.update(triple for triple in some if any(_is_in(row, triple) for row in rows))
    return held


def _is_in(row: Mapping[str, Binding], triple: Triple) -> bool:
    found = (row.get(name, {}) for name in "spo")
    return all(map(is_same_term, triple, found))


def is_same_term(sent: object, found: Binding) -> bool:
    """Whether `found`, in the JSON format of results, is the term that was `sent`."""
    kind, text = found.get("type"), found.get("value", "")
    if isinstance(sent, NamedNode):
        return kind == "uri" and text == sent.value
    # Virtuoso says typed-literal, as the format once did.
    if not isinstance(sent, Literal) or kind not in ("literal", "typed-literal"):
        return False
    if sent.language is not None:
        return text == sent.value and found.get("xml:lang", "").lower() == sent.language.lower()
    wanted, datatype = sent.datatype.value, found.get("datatype", STRING)
    if "xml:lang" in found:
        return False
    if wanted in NUMBERS and datatype in NUMBERS:
        return _number(text) == _number(sent.value)
    if wanted == BOOLEAN and datatype in (wanted, INTEGER):
        return BOOLEANS.get(text, text) == BOOLEANS.get(sent.value, sent.value)
    return text == sent.value and datatype == wanted


def _number(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text
