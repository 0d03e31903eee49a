"""Checking claims against a release."""

from pyoxigraph import Store

from kzgraph.checking.answer import Answer, Verdict

#: How many code points of a claim are read.
LONGEST = 1_000


class Checker:
    """Checks claims against the figures of one release; threads may share it.

    It reads the names and the documents' figures of the release once, when it is made.
    """

    def __init__(self, store: Store) -> None:
        """Check against the quads of `store`."""
        self._store = store

    def check(self, claim: str) -> Answer:
        """What the release states of a claim."""
        return Answer(claim[:LONGEST], "en", Verdict.NOT_FOUND, shortened=len(claim) > LONGEST)
