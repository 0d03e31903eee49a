"""Triples by their subjects, as the formats that nest them need them."""

from collections.abc import Iterable
from typing import Any, TypeAlias

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from kzgraph.namespaces import Term

#: A subject, and the IRIs of the properties that its triples give it, with their values.
Described: TypeAlias = tuple[NamedNode | BlankNode, list[tuple[str, Term]]]


def group_by_subject(triples: Iterable[Triple | Quad]) -> list[Described]:
    """Each subject with its properties and values; triples of one subject are neighbours.

    Equal terms are one object: each time a triple is asked for a term it makes a new one.
    """
    terms: dict[Any, Any] = {}
    one = terms.setdefault
    groups: list[Described] = []
    last = None
    for each in triples:
        subject, iri, value = each.subject, each.predicate.value, each.object
        if subject != last:
            last = one(subject, subject)
            groups.append((last, []))
        groups[-1][1].append((one(iri, iri), one(value, value)))
    return groups
