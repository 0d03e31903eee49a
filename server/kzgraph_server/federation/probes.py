"""Which values the variables of a call can have here, so that it asks for no others.

A call on its own has every solution of its group, a million where one asks Wikidata for inhabitants
and has five countries. What the query joins it with says which can count: a probe asks the store
for the values that the shared variables have there, and the call is sent with them as VALUES (a
bound join). The solutions that are missing then are those that would have been joined with nothing,
so the answer is the same:

- only values of a variable that the group always binds are sent, so that no solution of the group
  gets a value that it did not have;
- only of patterns that each solution of the whole has to fit: those of the groups around the call
  that are joined with it; for OPTIONAL and MINUS, those before it in its group;
- only IRIs. Two stores may write one number or one text in two ways.

https://www.w3.org/TR/sparql11-federated-query/#values
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from kzgraph.sparql.analysis import Analysis
from kzgraph.sparql.lexer import Kind, Token
from kzgraph.sparql.tree import (
    Expression,
    Filter,
    Graph,
    Group,
    Minus,
    Node,
    Optional,
    Select,
    Triples,
    Union,
    Values,
)
from kzgraph.sparql.volatile import find_volatile
from kzgraph_server.federation.service_calls import Call, Row, write_values

#: The most values that a call is sent with: 1,000 IRIs are about 50 KB, which servers accept.
MOST_VALUES = 1000
#: Signs of a path that may have no steps. Such a path leads from whatever it is given to itself,
#: also where the graph does not have it.
_NO_STEPS = frozenset({"*", "?"})


@dataclass(frozen=True, slots=True)
class Probe:
    """A query for values that variables of a call can have.

    Attributes:
        names: of the variables, its columns.
        query: for this server; it has up to `MOST_VALUES + 1` solutions, each once.
    """

    names: tuple[str, ...]
    query: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """A pattern that solutions have to fit, and the variables that it always binds."""

    text: str
    names: frozenset[str]


def find_probe(analysis: Analysis, call: Call) -> Probe | None:
    """The probe of a call; None where the query says nothing of its variables.

    Args:
        analysis: of the query.
        call: one of its calls.
    """
    query = analysis.query
    if query is None:
        return None
    around = _ancestors(query, call.node)
    if any(isinstance(each, Expression) for each in around):
        return None
    pieces, filters = _find_required(analysis.text, [*around, call.node])
    own = _certain_names(call.node.group) - _given_names(call.node.group)
    chosen = _choose_connected(pieces, own)
    known = frozenset[str]().union(*(each.names for each in chosen))
    names = tuple(sorted(own & known))
    if not names:
        return None
    texts = [each.text for each in chosen]
    texts += [each.text for each in filters if each.names <= known]
    columns = " ".join(f"?{name}" for name in names)
    # The data set of the query is that of the probe.
    clauses = " ".join(analysis.text[keyword.start : name.end] for keyword, name in query.clauses)
    # A comment may end each of the texts.
    pattern = "\n".join(texts)
    return Probe(
        names,
        f"{analysis.prologue}\nSELECT DISTINCT {columns} {clauses} WHERE {{\n{pattern}\n}} "
        f"LIMIT {MOST_VALUES + 1}",
    )


def bind(call: Call, probe: Probe, rows: Sequence[Row]) -> Call | None:
    """The call, sent with the values that its variables can have.

    Args:
        call: as it was found.
        probe: its probe.
        rows: the answer to the probe.

    Returns:
        None if there are too many values, or they are not IRIs: then it is sent as it is.
    """
    if len(rows) > MOST_VALUES:
        return None
    columns = [
        index
        for index in range(len(probe.names))
        if all(isinstance(row[index], NamedNode) for row in rows)
    ]
    if not columns:
        return None
    values = write_values(
        [probe.names[index] for index in columns],
        list(dict.fromkeys(tuple(row[index] for index in columns) for row in rows)),
    )
    group = call.node.group
    first = group.children[0] if group.children else None
    names = {probe.names[index] for index in columns}
    inside = isinstance(first, Triples) and names <= _statement_names(first)
    # Next to the patterns, where each engine sees it; around them where their order would matter.
    pattern = f"{{{values}{call.pattern[1:]}" if inside else f"{{{values}{call.pattern} }}"
    return replace(call, pattern=pattern, bound=len(rows))


def _ancestors(top: Node, node: Node) -> list[Node]:
    """The nodes around `node`, the outermost first."""
    found: list[Node] = []
    place: Node | None = top
    while place is not None and place is not node:
        found.append(place)
        place = next((each for each in place.children if each.start <= node.start < each.end), None)
    return found


def _find_required(text: str, path: Sequence[Node]) -> tuple[list[_Piece], list[_Piece]]:
    """What each solution with a call in it fits: the patterns, and the filters with their names.

    Args:
        text: the query.
        path: from the whole query to the call.
    """
    pieces: list[_Piece] = []
    filters: list[_Piece] = []
    for parent, child in zip(reversed(path[:-1]), reversed(path[1:]), strict=True):
        if isinstance(parent, Select):
            break
        if isinstance(parent, Graph):
            pieces = _within(text, parent, pieces)
            filters = filters if pieces else []
        if not isinstance(parent, Group):
            continue
        beside = isinstance(child, Optional | Minus)
        place = parent.children.index(child)
        joined = parent.children[:place] if beside else parent.children
        for each in joined:
            pieces += _required(text, each) if each is not child else ()
        known = frozenset[str]().union(*(each.names for each in pieces))
        for each in parent.children:
            if isinstance(each, Filter):
                # What is bound outside of the group is unbound for its filters.
                names = frozenset(each.variables())
                if names <= known and not _depends_on_more(each):
                    filters.append(_Piece(text[each.start : each.end], names))
        if beside:
            break
    return pieces, filters


def _depends_on_more(node: Filter) -> bool:
    """Whether a filter needs more than the values of its variables."""
    return find_volatile(node.tokens) is not None or any(node.find(Group))


def _required(text: str, node: Node) -> Iterator[_Piece]:
    """The patterns in an element of a group that each solution of the group fits."""
    if isinstance(node, Triples):
        yield from _statements(text, node)
    elif isinstance(node, Values) and not _has_gaps(node):
        yield _Piece(text[node.start : node.end], frozenset(node.names))
    elif isinstance(node, Graph):
        inner = [piece for each in node.group.children for piece in _required(text, each)]
        yield from _within(text, node, inner)
    elif isinstance(node, Union) and len(node.children) == 1:
        for each in node.children[0].children:
            yield from _required(text, each)


def _within(text: str, node: Graph, pieces: Sequence[_Piece]) -> list[_Piece]:
    """The patterns of a group of GRAPH, as one pattern with GRAPH around it.

    None of a variable: which graphs it goes through depends on what else the query names.
    """
    if not pieces or node.name.kind is Kind.VARIABLE:
        return []
    names = frozenset[str]().union(*(each.names for each in pieces))
    written = text[node.start : node.group.start]
    inner = "\n".join(each.text for each in pieces)
    return [_Piece(f"{written}{{ {inner}\n}}", names)]


def _statements(text: str, node: Triples) -> list[_Piece]:
    """Triple patterns, by subject; all in one where a label of a blank node could join them."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in node.tokens:
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        if token.kind is Kind.SIGN and token.text == "." and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    if any(token.kind is Kind.BLANK for token in node.tokens):
        parts = [node.tokens]
    return [
        _Piece(
            text[part[0].start : part[-1].end] + " .",
            frozenset(each.text[1:] for each in part if each.kind is Kind.VARIABLE),
        )
        for part in parts
        if part
    ]


def _has_gaps(node: Values) -> bool:
    return any(each.kind is Kind.WORD and each.text.upper() == "UNDEF" for each in node.tokens)


def _choose_connected(pieces: Sequence[_Piece], own: frozenset[str]) -> list[_Piece]:
    """Those of `pieces` that are connected by variables and bind the most of `own`."""
    leaders: dict[str, str] = {}

    def lead(name: str) -> str:
        while leaders.setdefault(name, name) != name:
            leaders[name] = leaders[leaders[name]]
            name = leaders[name]
        return name

    for piece in pieces:
        for name in piece.names:
            leaders[lead(name)] = lead(min(piece.names))
    counts = Counter(lead(name) for name in sorted(own & leaders.keys()))
    chosen = [leader for leader, _ in counts.most_common(1)]
    return [each for each in pieces if each.names and lead(min(each.names)) in chosen]


def _certain_names(node: Node | None) -> frozenset[str]:
    """The variables that each solution of a pattern binds, in a way that VALUES only narrows."""
    if isinstance(node, Triples):
        return _statement_names(node)
    if isinstance(node, Values):
        return frozenset() if _has_gaps(node) else frozenset(node.names)
    if isinstance(node, Graph):
        return _certain_names(node.group)
    if isinstance(node, Union):
        first, *others = map(_certain_names, node.children)
        return first.intersection(*others)
    if isinstance(node, Select):
        inner = _certain_names(node.where)
        if node.star is not None:
            return inner
        return inner & {each.name for each in node.columns if each.name and not each.expression}
    if isinstance(node, Group):
        return frozenset[str]().union(*map(_certain_names, node.children))
    return frozenset()


def _statement_names(node: Triples) -> frozenset[str]:
    if any(each.kind is Kind.SIGN and each.text in _NO_STEPS for each in node.tokens):
        return frozenset()
    return frozenset(node.variables())


def _given_names(group: Group) -> frozenset[str]:
    """The variables whose values the author of the query gives."""
    given = (each.names for each in group.children if isinstance(each, Values))
    return frozenset(name for names in given for name in names)
