"""What is about groups: the store lets a variable that they do not have be unbound.

https://www.w3.org/TR/sparql11-query/#having and #sparqlHavingClause: HAVING is about groups, and
does not see what SELECT computes. A condition on another variable keeps no group, and an order by
one is none; the parser finds such variables in columns only. An aggregate in a pattern, in GROUP BY
or in another aggregate (19.8, note 11) is unbound as well.
"""

from kzgraph.sparql.grouping import (
    AGGREGATES,
    find_aggregates,
    is_aggregated,
    outside_of_aggregates,
)
from kzgraph.sparql.lexer import Token
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.rewriting.writer import Rule, Writer
from kzgraph.sparql.tree import Bind, Call, Expression, Filter, Node, OrderKey, Select


def _check(select: Select, writer: Writer) -> str | None:
    for column in select.groups:
        _refuse_aggregates(column)
    for call in find_aggregates(select):
        for argument in call.arguments:
            _refuse_aggregates(argument)
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


def _check_place(node: Filter | Bind, writer: Writer) -> str | None:
    _refuse_aggregates(node)
    return None


def _refuse_aggregates(node: Node) -> None:
    """Refuse an aggregate in `node`, which is not about groups."""
    for call in node.find(Call, closed=(Select,)):
        if call.name in AGGREGATES:
            raise Refusal(
                f"{call.name} is about groups, and there are none in a pattern, in GROUP BY or in "
                "another aggregate: compute it in a subquery, "
                f"{{ SELECT ?x ({call.name}(?y) AS ?z) {{ ... }} GROUP BY ?x }}, and use ?z, or "
                "put a condition into HAVING",
                call.start,
            )


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


#: Besides these, the thin path looks for aggregates itself.
WORDS = frozenset({"having", "order"})
RULES = (Rule(Select, _check), Rule(Filter, _check_place), Rule(Bind, _check_place))
