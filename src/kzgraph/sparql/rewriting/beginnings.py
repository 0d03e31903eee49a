"""EXISTS with a path of no length: the store starts it at nodes of the graph only.

https://www.w3.org/TR/sparql11-query/#defn_evalExists: EXISTS has values in place of variables, and
a path of no length leads from any term to itself (18.4), also where the graph does not hold it.
What a triple pattern around it matches is in the graph; what BIND or VALUES gives may not be.
"""

from collections.abc import Iterator

from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.rewriting import paths
from kzgraph.sparql.rewriting.writer import Rule, Writer, has_sign
from kzgraph.sparql.tree import (
    Bind,
    Expression,
    Filter,
    Graph,
    Group,
    Minus,
    Node,
    Select,
    Triples,
    Values,
)


def _check_group(group: Group, writer: Writer) -> str | None:
    for element in group.children:
        if isinstance(element, Filter | Bind):
            for inner in element.find(Group, closed=(Group,)):
                _check(inner, group)
    return None


def _check(inner: Group, outer: Group) -> None:
    found = [each for each in inner.find(Triples, closed=(Expression,)) if has_sign(each)]
    if not found:
        return
    nodes = {*_nodes(outer), *_nodes(inner, paths_too=False)}
    loose = {*_given(outer)} - nodes
    for triples in found:
        for statement in paths.read_statements(triples):
            ends = (statement.subject, statement.object)
            if not any(way.zero for way in statement.ways) or any(
                end[0] not in "?$" or end[1:] in nodes for end in ends
            ):
                continue  # What is the same as a node is one, too.
            for end in ends:
                if end[1:] in loose:
                    raise Refusal(
                        f"{end} may have a value here that no triple of the graph has, from which "
                        "this path of no length would not start: give it to a triple pattern "
                        "outside of the EXISTS as well, or write the path with + and see to the "
                        "value itself with UNION",
                        triples.start,
                    )


def _given(node: Node) -> Iterator[str]:
    """The variables that `node` may bind to what no triple pattern matches as subject or object."""
    if isinstance(node, Bind):
        yield node.name
    elif isinstance(node, Values):
        yield from node.names
    elif isinstance(node, Triples):
        for statement in paths.read_statements(node):
            yield from (way.text[1:] for way in statement.ways if way.text[0] in "?$")
    elif isinstance(node, Select):
        inside = set(_given(node.where)) if node.where is not None else set()
        for column in node.columns:
            if column.name is not None and (column.expression or column.name in inside):
                yield column.name
    elif not isinstance(node, Expression | Filter | Minus):
        if isinstance(node, Graph):
            yield node.name.text[1:]
        for child in node.children:
            yield from _given(child)


def _nodes(group: Group, paths_too: bool = True) -> Iterator[str]:
    """The variables that triple patterns of `group` itself bind to nodes of the graph."""
    for element in group.children:
        if not isinstance(element, Triples):
            continue
        for statement in paths.read_statements(element):
            if paths_too or not any(way.zero for way in statement.ways):
                yield from (end[1:] for end in (statement.subject, statement.object))


WORDS = frozenset({"exists"})
RULES = (Rule(Group, _check_group),)
