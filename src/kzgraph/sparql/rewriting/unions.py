"""EXISTS in a branch of a UNION: the store gives it what another branch binds.

https://www.w3.org/TR/sparql11-query/#defn_evalExists: EXISTS sees the solution of its own group.
The store joins the whole UNION by the variables of all branches, and so puts a value from outside
into an EXISTS of a branch that does not bind the variable.
"""

from kzgraph.sparql.lexer import Kind
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.rewriting.writer import Rule, Writer
from kzgraph.sparql.scope import visible_names
from kzgraph.sparql.tree import Expression, Group, Union


def _check_union(union: Union, writer: Writer) -> str | None:
    branches = {
        id(each): set(visible_names(each)) for each in union.children if isinstance(each, Group)
    }
    everywhere = set().union(*branches.values())
    for branch in union.children:
        foreign = everywhere - branches.get(id(branch), everywhere)
        if not foreign:
            continue
        for expression in branch.find(Expression):
            for group in expression.children:
                if isinstance(group, Group):
                    _check_group(group, foreign)
    return None


def _check_group(group: Group, foreign: set[str]) -> None:
    for token in group.tokens:
        if token.kind is Kind.VARIABLE and token.text[1:] in foreign:
            raise Refusal(
                f"{token.text} in this EXISTS would get its value from another branch of the "
                "UNION here: give it a name that no other branch has",
                token.start,
            )


WORDS = frozenset({"exists"})
RULES = (Rule(Union, _check_union),)
