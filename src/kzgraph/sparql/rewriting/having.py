"""HAVING and ORDER BY of groups: the store lets a variable that they do not have be unbound.

https://www.w3.org/TR/sparql11-query/#having and #sparqlHavingClause: HAVING is about groups, and
does not see what SELECT computes. A condition on another variable keeps no group, and an order by
one is none; the parser finds such variables in columns only.
"""

from kzgraph.sparql.grouping import find_aggregates, is_aggregated, outside_of_aggregates
from kzgraph.sparql.lexer import Token
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.rewriting.writer import Rule, Writer
from kzgraph.sparql.tree import Expression, OrderKey, Select


def _check(select: Select, writer: Writer) -> str | None:
    if select.form != "SELECT" and is_aggregated(select):
        _check_form(select)
    grouped = {column.name for column in select.groups if column.name is not None}
    computed = {
        column.name: column.expression
        for column in select.columns
        if column.name is not None and column.expression is not None
    }
    for child in select.children:
        if isinstance(child, Expression):
            for token in outside_of_aggregates(child):
                if token.text[1:] not in grouped:
                    raise Refusal(
                        _explain(token, computed.get(token.text[1:]), writer), token.start
                    )
        elif isinstance(child, OrderKey) and is_aggregated(select):
            columns = {column.name for column in select.columns}
            for token in outside_of_aggregates(child):
                if token.text[1:] not in grouped | columns:
                    raise Refusal(
                        f"Groups are sorted here, and {token.text} is neither grouped by nor a "
                        f"column: sort by a column, or by an aggregate such as MIN({token.text})",
                        token.start,
                    )
    return None


def _check_form(select: Select) -> None:
    """Refuse an aggregate where the store's parser takes none, which it cannot explain."""
    for call in find_aggregates(select):
        raise Refusal(
            f"An aggregate behind the pattern of {select.form} cannot be used here: put "
            "it into a subquery, { { SELECT ?x { ... } GROUP BY ?x HAVING(...) } }",
            call.start,
        )


def _explain(variable: Token, computed: Expression | None, writer: Writer) -> str:
    if computed is not None:
        return (
            f"{variable.text} has no value in HAVING, which comes before SELECT: write "
            f"{writer.original(computed)} in its place"
        )
    return (
        f"HAVING is about groups, and {variable.text} is not grouped by: put the condition into a "
        f"FILTER of the pattern, or write GROUP BY {variable.text}"
    )


WORDS = frozenset({"having", "order"})
RULES = (Rule(Select, _check),)
