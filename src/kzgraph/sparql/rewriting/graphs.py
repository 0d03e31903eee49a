"""GRAPH over what matches no triple: the store gives the graph to triple patterns only.

https://www.w3.org/TR/sparql11-query/#sparqlAlgebraEval, Graph(IRI, P) and Graph(var, P): P is
evaluated on each graph by itself and joined with its name. In the store VALUES, a subquery or a
GRAPH within leave the variable unbound, an aggregate counts all graphs together, MINUS takes the
variable for one that both sides share, and a graph that is not there has solutions. Such a pattern
is written once for each graph, in which it is right. So is one with the variable in an OPTIONAL or
BIND of its own group, which the store takes for bound there, and one with a `+`, which comes as
often as there are ways between two ends that are known.
"""

from collections.abc import Iterator
from itertools import pairwise

from kzgraph.sparql.lexer import Kind, Token
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.rewriting import paths
from kzgraph.sparql.rewriting.writer import Rule, Writer
from kzgraph.sparql.scope import visible_names
from kzgraph.sparql.tree import Bind, Filter, Graph, Group, Node, Optional, Triples, Union, Values

#: Characters of a pattern that is written once for each graph, all of them together.
_MOST = 1 << 20


def _write_graph(graph: Graph, writer: Writer) -> str | None:
    is_variable = graph.name.kind is Kind.VARIABLE
    if is_variable:
        _check_own_variable(graph)
    apart = is_variable and _differs_by_graph(graph)
    if not graph.group.children or (not apart and _matches_triples(graph.group)):
        return _write_within(graph, graph.name.text, writer)
    name = graph.name.text
    if not is_variable:
        # The empty group has its one solution in a graph that is there, and else none.
        return f"GRAPH {name} {{}} GRAPH {name} {_write_within(graph.group, name, writer)}"
    graphs = writer.store.named_graphs()
    if not graphs:
        return f"{{ GRAPH {name} {_write_within(graph.group, name, writer)} FILTER(false) }}"
    pieces: list[str] = []
    size = 0
    for iri in graphs:
        group = _write_within(graph.group, f"<{iri}>", writer)
        pieces.append(f"{{ VALUES {name} {{ <{iri}> }} GRAPH <{iri}> {group} }}")
        size += len(pieces[-1])
        if size > _MOST:
            raise Refusal(
                f"This pattern is too long to be put to each of the {len(graphs)} graphs: "
                "name a graph instead of the variable",
                graph.name.start,
            )
    return "{ " + " UNION ".join(pieces) + " }"


def _write_within(node: Node, name: str, writer: Writer) -> str:
    """A GRAPH clause, or its group, as it is put to the graph called `name`."""
    write = writer.plain if isinstance(node, Graph) else writer.write
    outside, writer.graph = writer.graph, name
    written = write(node)
    writer.graph = outside
    return written


def _matches_triples(group: Group) -> bool:
    """Whether every solution of `group` comes from a triple that has to be in the graph."""
    matched = False
    for element in group.children:
        if isinstance(element, Triples):
            if paths.has_zero_length(element):
                return False
            matched = True
        elif isinstance(element, Filter | Bind | Optional | Union):
            if not all(map(_matches_triples, element.find(Group, closed=(Group,)))):
                return False
            matched = matched or isinstance(element, Union)
        elif not isinstance(element, Values):
            return False
    return matched


def _differs_by_graph(graph: Graph) -> bool:
    """Whether the store has to know the graph before it looks at the group."""
    own = graph.name.text[1:]
    for element in graph.group.children:
        if not isinstance(element, Triples | Values) and any(
            token.kind is Kind.VARIABLE and token.text[1:] == own for token in element.tokens
        ):
            return True
    return any(
        one.text == "+" and other.kind is not Kind.NUMBER
        for node in graph.group.find(Triples)
        for one, other in pairwise(node.tokens)
    )


def _check_own_variable(graph: Graph) -> None:
    """Refuse an expression about the graph's own variable, which is bound behind the group only."""
    name = graph.name.text[1:]
    if name in visible_names(graph.group):
        return
    for token in _find_in_expressions(graph.group):
        if token.kind is Kind.VARIABLE and token.text[1:] == name:
            raise Refusal(
                f"?{name} gets its value behind the group of its GRAPH (SPARQL 1.1, 18.6), so it "
                "has none in this expression: put the FILTER or BIND behind the closing brace",
                token.start,
            )


def _find_in_expressions(group: Group) -> Iterator[Token]:
    for element in group.children:
        if isinstance(element, Filter | Bind):
            yield from element.tokens
        elif isinstance(element, Optional | Union):
            for each in element.find(Group, closed=(Group,)):
                yield from _find_in_expressions(each)


def _write_triples(triples: Triples, writer: Writer) -> str | None:
    """Give blank nodes names that may stand in several places, where something is written anew."""
    if not writer.renames or not any(token.kind is Kind.BLANK for token in triples.tokens):
        return None
    return writer.source(triples.tokens)


WORDS = frozenset({"graph"})
RULES = (Rule(Graph, _write_graph), Rule(Triples, _write_triples))
