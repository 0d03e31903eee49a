"""EXISTS with a MINUS or a subquery about a variable from outside, which can be read in two ways.

https://www.w3.org/TR/sparql11-query/#defn_evalExists: a value takes the place of the variable. A
MINUS that has no other in common with its surroundings then takes nothing away, while the store
takes away by the value; and a variable that a subquery does not select gets the value, too, while
for the store it is another one (18.2.1).
"""

from kzgraph.sparql.lexer import Kind
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.rewriting.writer import Rule, Writer
from kzgraph.sparql.scope import visible_names
from kzgraph.sparql.tree import Bind, Filter, Group, Minus, Node, Select


def _check_group(group: Group, writer: Writer) -> str | None:
    for element in group.children:
        if isinstance(element, Filter | Bind):
            outside = {*visible_names(group)}
            for inner in element.find(Group, closed=(Group,)):
                _check(inner, outside)
    return None


def _check(inner: Group, outside: set[str]) -> None:
    for select in inner.find(Select):
        _refuse(
            select,
            outside - {*visible_names(select)},
            "is not the one outside of this EXISTS, because the subquery does not select it: "
            "select it, and group by it where there are aggregates, or give it another name",
        )
    for minus in inner.find(Minus):
        others = {
            token.text[1:]
            for token in inner.tokens
            if token.kind is Kind.VARIABLE and not minus.start <= token.start < minus.end
        }
        if not minus.variables().keys() & (others - outside):
            _refuse(
                minus,
                outside,
                "has its value from outside of this EXISTS, so that this MINUS shares no variable "
                "and takes nothing away: write FILTER NOT EXISTS in place of MINUS",
            )


def _refuse(node: Node, names: set[str], reason: str) -> None:
    for token in node.tokens:
        if token.kind is Kind.VARIABLE and token.text[1:] in names:
            raise Refusal(f"{token.text} {reason}", token.start)


WORDS = frozenset({"exists"})
RULES = (Rule(Group, _check_group),)
