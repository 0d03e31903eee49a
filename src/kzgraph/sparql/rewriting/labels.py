"""BNODE with an argument: the store makes one node of the text, the same in all solutions.

https://www.w3.org/TR/sparql11-query/#func-bnode: the same within one solution, another in the next.
"""

from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.rewriting.writer import Rule, Writer
from kzgraph.sparql.tree import Call


def _write_call(call: Call, writer: Writer) -> str | None:
    if call.name == "BNODE" and call.arguments:
        raise Refusal(
            "BNODE with an argument would give the same node in every solution here: use "
            "BIND(BNODE() AS ?node), which gives each solution one, and that variable after it",
            call.start,
        )
    return None


WORDS = frozenset({"bnode"})
RULES = (Rule(Call, _write_call),)
