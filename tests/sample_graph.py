"""A small valid graph: facts of every kind from the tables and sources, and what they refer to.

Shapes are tried on it where the whole graph would take too long, as under pySHACL.
"""

from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from built_graph import built_with_sources
from kzgraph.iri import ID, REASONED_GRAPHS, graph, term
from kzgraph.namespaces import OWL
from kzgraph.prefixes import PREFIXES
from kzgraph.validation.data import SUBCLASS

#: The facts of the sample, by their path below `id/`.
FACTS = [
    line
    for line in (Path(__file__).parent / "data" / "sample.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


_REASONED = {graph(name) for name in REASONED_GRAPHS}
#: What documents and sources say.
_TOLD = {*map(term, ("Fact", "OfficialFigure", "OfficialParticipation"))}
_LINKS = graph("links")
_NODES = (ID + "link/", ID + "notation/", ID + "dataset/")
_COMPUTED = (ID + "derived/", ID + "comparison/", ID + "concordance/")

#: Two figures of one place, time and unit, the first of the lesser number.
INCLUDED = (
    "figure/fact-sheet-2024/refugees-and-asylum-seekers-from-ukraine",
    "figure/fact-sheet-2024/refugees-and-asylum-seekers-from-afghanistan",
)


@cache
def sample() -> tuple[Quad, ...]:
    """The quads of the sample, and of the ontology what shapes look at, in their graphs."""
    by_subject: dict[object, list[Quad]] = {}
    for quad in built_with_sources():
        by_subject.setdefault(quad.subject, []).append(quad)
    facts = {NamedNode(ID + path) for path in FACTS}
    missing = sorted(fact.value for fact in facts if fact not in by_subject)
    if missing:
        raise LookupError(f"the tables no longer have {missing}; choose other facts for the sample")
    wanted = _reached(facts, by_subject)
    # Of the links of a thing only those that a node of the sample describes.
    described = {
        quad.object
        for quad in built_with_sources()
        if quad.subject in wanted and quad.predicate == OWL["annotatedTarget"]
    }
    found = [
        quad
        for quad in built_with_sources()
        if (quad.graph_name != _LINKS or quad.object in described or _is_node_of_links(quad))
        and (
            (quad.graph_name == graph("ontology") and _is_structure(quad))
            or (quad.subject in wanted and (_outside(quad) or quad.object in wanted))
        )
    ]
    # No document says of a figure that it is only among another.
    less, more = (NamedNode(ID + path) for path in INCLUDED)
    return (*found, Quad(less, term("includedIn"), more, graph("fact-sheet-2024")))


def _reached(facts: set[NamedNode], by_subject: dict[object, list[Quad]]) -> set[object]:
    """The facts, what they refer to, and what is computed from them alone."""
    all_facts = {
        quad.subject
        for quads in by_subject.values()
        for quad in quads
        if quad.object in _TOLD and quad.subject not in facts
    }
    reached: set[object] = set()
    waiting: list[object] = [*facts, NamedNode(ID + "editorial/chart-unit")]
    waiting += [
        subject
        for subject, quads in by_subject.items()
        if isinstance(subject, NamedNode)
        and subject.value.startswith(_COMPUTED)
        and not any(quad.object in all_facts for quad in quads)
    ]
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting += [
                quad.object
                for quad in by_subject.get(node, ())
                if not _outside(quad)
                and quad.object not in all_facts
                and (quad.graph_name not in _REASONED or _computed(node))
            ]
    return reached


def _is_node_of_links(quad: Quad) -> bool:
    """Whether it is about a link, a notation or a data set that is linked to."""
    return isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(_NODES)


def _is_structure(quad: Quad) -> bool:
    """Whether shapes look at it: class hierarchy and cube structures, not labels of terms."""
    qb = PREFIXES["qb"]
    named = str(quad.subject).startswith(f"<{ID}dataset/")
    return (
        named or quad.predicate == SUBCLASS or qb in quad.predicate.value or qb in str(quad.object)
    )


def _computed(node: object) -> bool:
    return isinstance(node, NamedNode) and node.value.startswith(_COMPUTED)


def _outside(quad: Quad) -> bool:
    """Whether the object is no thing of the project's."""
    return not (isinstance(quad.object, NamedNode) and quad.object.value.startswith(ID))
