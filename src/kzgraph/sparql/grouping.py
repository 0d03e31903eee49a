"""Which variables a query with groups may use: the store's own message does not name them.

https://www.w3.org/TR/sparql11-query/#aggregateRestrictions (19.8, notes 12 to 14)
"""

from collections.abc import Iterator

from kzgraph.sparql.lexer import Kind, Token
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.scope import visible_names
from kzgraph.sparql.tree import Bind, Call, Column, Expression, Group, Node, Select

AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})


def check_grouping(query: Select) -> None:
    """Refuse a column of `query` or of a subquery that its groups do not have.

    Raises:
        Refusal: a variable stands outside of an aggregate and is not grouped by, or is named twice.
    """
    for select in query.find(Select):
        _check(select)


def check_bindings(query: Select) -> None:
    """Refuse a BIND of a variable that what stands before it in its group binds.

    https://www.w3.org/TR/sparql11-query/#bind

    Raises:
        Refusal: there is one.
    """
    for group in query.find(Group):
        known: set[str] = set()
        for element in group.children:
            if isinstance(element, Bind) and element.name in known:
                raise Refusal(
                    f"?{element.name} is bound before this BIND: give it a name of its own",
                    element.start,
                )
            known.update(visible_names(element))


def is_aggregated(select: Select) -> bool:
    """Whether `select` groups: https://www.w3.org/TR/sparql11-query/#sparqlGroupAggregate."""
    return bool(select.groups) or any(find_aggregates(select))


def find_aggregates(select: Select) -> Iterator[Call]:
    """The aggregates of `select` outside of its pattern."""
    for child in select.children:
        if child is not select.where:
            yield from (call for call in child.find(Call) if call.name in AGGREGATES)


def _check(select: Select) -> None:
    grouped = {column.name for column in select.groups if column.name is not None}
    aggregated = is_aggregated(select)
    if aggregated and select.star is not None:
        raise Refusal("SELECT * cannot stand with GROUP BY: name the columns", select.star.start)
    for group in select.groups:
        renamed = _words(group.expression) if group.name is not None else []
        if len(renamed) == 1:
            raise Refusal(
                f"A variable has no second name in GROUP BY here: write GROUP BY {renamed[0]}, "
                f"and ({renamed[0]} AS ?{group.name}) as the column",
                group.start,
            )
    known: dict[str, Expression | None] = {}
    for column in select.columns:
        if column.name in known:
            raise Refusal(f"?{column.name} is a column already", column.tokens[-1].start)
        for token in outside_of_aggregates(column) if aggregated else ():
            name = token.text[1:]
            if name not in grouped:
                computed = _words(known.get(name))
                raise Refusal(
                    f"{token.text} is neither grouped by nor in an aggregate: "
                    + (
                        f"write {' '.join(computed)} in its place"
                        if computed
                        else _another_way(select, column, token.text)
                    ),
                    token.start,
                )
        if column.name is not None:
            known[column.name] = column.expression


def _another_way(select: Select, column: Column, variable: str) -> str:
    asked = _words(column.expression)
    for group in select.groups:
        if group.expression is not None and _words(group.expression) == asked:
            name = f"?{column.name}"
            return f"write GROUP BY ({' '.join(asked)} AS {name}), and {name} as the column"
    return f"write GROUP BY {variable}, or an aggregate such as SAMPLE({variable})"


def _words(expression: Expression | None) -> list[str]:
    """The tokens of `expression` without brackets around the whole of it."""
    found = [token.text for token in expression.tokens] if expression is not None else []
    while len(found) > 2 and found[0] == "(":
        found = found[1:-1]
    return found


def outside_of_aggregates(node: Node) -> Iterator[Token]:
    """The variables of `node` outside of aggregates and groups; of a column, not its own name."""
    whole: Node = node if not isinstance(node, Column) else node.expression or node
    inside = [
        (each.start, each.end)
        for each in whole.find(Node)
        if isinstance(each, Group) or (isinstance(each, Call) and each.name in AGGREGATES)
    ]
    for token in whole.tokens:
        if token.kind is Kind.VARIABLE and not any(a <= token.start < b for a, b in inside):
            yield token
