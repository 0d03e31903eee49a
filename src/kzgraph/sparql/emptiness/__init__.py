"""Why a query has no solutions: what it names that is not there, and what does not go together.

Asked for on demand only. Each answer comes from a few small queries on the same data.
"""

from kzgraph.sparql.emptiness.advice import explain
from kzgraph.sparql.emptiness.probe import Reason

__all__ = ["Reason", "explain"]
