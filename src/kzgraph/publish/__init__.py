"""Loading a release into another SPARQL store, and verifying it there.

By the Graph Store Protocol or by SPARQL Update, one named graph at a time; see
`kzgraph.publish.upload` for the order of steps.
"""

from kzgraph.publish.errors import PublishError
from kzgraph.publish.store import Patience, RemoteStore
from kzgraph.publish.target import Target
from kzgraph.publish.upload import Outcome, compare, publish

__all__ = [
    "Outcome",
    "Patience",
    "PublishError",
    "RemoteStore",
    "Target",
    "compare",
    "publish",
]
