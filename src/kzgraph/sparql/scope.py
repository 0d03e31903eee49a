"""The variables that are in scope after a pattern, in the order in which they first occur.

https://www.w3.org/TR/sparql11-query/#variableScope
"""

from kzgraph.sparql.lexer import Kind
from kzgraph.sparql.tree import (
    Bind,
    Filter,
    Graph,
    Minus,
    Node,
    Select,
    Service,
    Triples,
    Values,
)


def visible_names(node: Node) -> list[str]:
    """The names of the variables that `node` can bind for its surroundings."""
    names: dict[str, int] = {}
    _add(node, names)
    return sorted(names, key=names.__getitem__)


def _add(node: Node, names: dict[str, int]) -> None:
    """Add the variables of `node`, each with the place where it first stands."""
    if isinstance(node, Filter | Minus):
        return
    if isinstance(node, Select) and node.star is None and node.form == "SELECT":
        for column in node.columns:
            if column.name is not None:
                _note(names, column.name, column.end)
        return
    if isinstance(node, Bind):
        _note(names, node.name, node.end)
    elif isinstance(node, Values):
        for name in node.names:
            _note(names, name, node.start)
    elif isinstance(node, Triples):
        for token in node.tokens:
            if token.kind is Kind.VARIABLE:
                _note(names, token.text[1:], token.start)
    else:
        if isinstance(node, Graph | Service) and node.name.kind is Kind.VARIABLE:
            _note(names, node.name.text[1:], node.name.start)
        patterns = [node.where] if isinstance(node, Select) else node.children
        for child in patterns:
            if child is not None:
                _add(child, names)
        if isinstance(node, Select):
            for child in node.children:
                if isinstance(child, Values):
                    _add(child, names)


def _note(names: dict[str, int], name: str, place: int) -> None:
    names[name] = min(place, names.get(name, place))
