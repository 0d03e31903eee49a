"""The OWL 2 RL closure by owlrl, which follows the rule tables one by one."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

import owlrl
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, Triple

from kzgraph.cross_check.outcome import Comparison, compare_items
from kzgraph.iri import UNREASONED_GRAPHS, graph, is_source_graph
from kzgraph.rdf.rdflib_terms import from_rdflib, keep_lexical_forms, rdflib_graph, to_rdflib
from kzgraph.reasoning import BY_RULE
from kzgraph.reasoning.trivial import is_trivial

#: owlrl takes a second for some thousand triples, and grows faster than linearly: a larger graph
#: would take hours.
MOST_TRIPLES = 60_000

_ERROR = rdflib.URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
_ENTAILED = graph("entailed")
_NO_INPUT = frozenset(map(graph, UNREASONED_GRAPHS))
_WHAT = "entailments"
_HOW = (
    "The OWL 2 RL closure of all graphs but links, shapes, metadata and those of sources, which "
    "the reasoning of a build does not take in either, without trivial triples. "
    "What is computed and compared, countries and mentions are premises: no ontology entails them."
)


def compare_entailments(quads: Iterable[Quad], version: str) -> Comparison:
    """Compare the entailments of the build with those of owlrl from the same premises.

    Args:
        quads: of the release; those of sources are left out. Read as far as they are needed.
        version: of owlrl.
    """
    premises: set[Triple] = set()
    ours: set[Triple] = set()
    for quad in quads:
        if quad.graph_name == _ENTAILED and quad.predicate not in BY_RULE:
            ours.add(quad.triple)
        elif quad.graph_name not in _NO_INPUT and not is_source_graph(quad.graph_name):
            premises.add(quad.triple)
        if len(premises) > MOST_TRIPLES:
            why = f"More than {MOST_TRIPLES:,} premises: owlrl would take hours."
            return Comparison(_WHAT, f"owlrl {version}", why, None)
    entailed, errors = entail_by_owlrl(premises)
    return compare_items(
        _WHAT, f"owlrl {version}", _HOW, map(str, ours), [*map(str, entailed), *errors]
    )


def entail_by_owlrl(given: AbstractSet[Triple]) -> tuple[set[Triple], list[str]]:
    """The non-trivial entailments of owlrl from `given`, and the inconsistencies it finds."""
    with keep_lexical_forms():
        closed = rdflib_graph(given)
        owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closed)
        errors = [str(message) for message in closed.objects(None, _ERROR)]
        rewritten = {_form(triple) for triple in given}
        entailed = set()
        for s, p, o in closed:
            if isinstance(s, rdflib.Literal) or not isinstance(p, rdflib.URIRef):
                continue
            subject = from_rdflib(s)
            if isinstance(subject, Literal):
                continue
            triple = Triple(subject, NamedNode(p), from_rdflib(o))
            if is_trivial(triple.subject, triple.predicate, triple.object):
                continue
            if triple not in given and _form(triple) not in rewritten:
                entailed.add(triple)
    return entailed, errors


def _form(triple: Triple) -> tuple[str, str, str]:
    """A triple with the value of its object, not its lexical form (trivial, point 6)."""
    obj = triple.object
    shown = str(obj)
    if isinstance(obj, Literal):
        literal = to_rdflib(obj)
        shown = repr(literal.toPython())
    return str(triple.subject), str(triple.predicate), shown
