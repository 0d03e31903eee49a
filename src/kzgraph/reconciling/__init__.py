"""Reconciling: which thing of a release a name in somebody's table means.

`Matcher` finds candidates by the search index, compares their names with the text, and says of at
most one that it is surely meant. [docs/reconciling.md](../../../docs/reconciling.md) says how
well that works, and how it was measured.
"""

from kzgraph.reconciling.matching import DEFAULT_LIMIT, MOST_CANDIDATES, Candidate, Matcher, Matches
from kzgraph.reconciling.other_columns import Constraint
from kzgraph.reconciling.properties import Properties, Property, is_thing
from kzgraph.reconciling.types import TYPES, Type, find_types, list_usual_kinds

__all__ = [
    "DEFAULT_LIMIT",
    "MOST_CANDIDATES",
    "TYPES",
    "Candidate",
    "Constraint",
    "Matcher",
    "Matches",
    "Properties",
    "Property",
    "Type",
    "find_types",
    "is_thing",
    "list_usual_kinds",
]
