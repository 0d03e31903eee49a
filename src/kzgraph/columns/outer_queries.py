"""What a query asks of its groups, as a query over VALUES for the store's engine.

HAVING, the columns of SELECT, ORDER BY, DISTINCT, LIMIT and OFFSET are not compiled: the groups are
put into a query that has the same words for them, a variable in place of each aggregate, and the
engine computes them as it always does, in the words that `rewriting` gives it.
"""

from collections.abc import Sequence

from pyoxigraph import QuerySolutions, Store

from kzgraph.columns.pattern_reading import PatternReader
from kzgraph.columns.plans import Aggregate, Outer, Unanswerable
from kzgraph.iri import BASE
from kzgraph.prefixes import PREDECLARED, used_prefixes
from kzgraph.sparql import rewriting
from kzgraph.sparql.analysis import Analysis, analyse_whole
from kzgraph.sparql.dataset import View
from kzgraph.sparql.grouping import AGGREGATES
from kzgraph.sparql.strings import splice
from kzgraph.sparql.tree import (
    Call,
    Column,
    Expression,
    Group,
    Node,
    OrderKey,
    Select,
    Star,
    Values,
)

#: As deep as a query nests that has been read already.
_NESTING = 10_000
_EMPTY = Store()


class _Aggregates:
    """The aggregates of a query, each with the variable that stands for it behind its pattern."""

    def __init__(self, analysis: Analysis, reader: PatternReader) -> None:
        self._text = analysis.text
        self._reader = reader
        self._prefix = "a_"
        while self._prefix in analysis.text:
            self._prefix += "_"
        self.found: dict[Aggregate, str] = {}
        self._names: dict[tuple[str, ...], str] = {}

    def write(self, node: Node) -> str:
        """The text of `node` with variables in place of aggregates."""
        first = node.start
        calls = _outermost(node)
        return splice(
            self._text[first : node.end],
            ((call.start - first, call.end - first, self._variable(call)) for call in calls),
        )

    def _variable(self, call: Call) -> str:
        words = tuple(token.text for token in call.tokens)
        if words not in self._names:
            aggregate = self._reader.aggregate(call)
            name = f"?{self._prefix}{len(self.found)}"
            self._names[words] = self.found.setdefault(aggregate, name)
        return f"{self._names[words]} "


def _outermost(node: Node) -> list[Call]:
    if isinstance(node, Call) and node.name in AGGREGATES:
        return [node]
    return [call for child in node.children for call in _outermost(child)]


def read_outer(
    analysis: Analysis, select: Select, reader: PatternReader, keys: Sequence[str]
) -> tuple[Sequence[Aggregate], Outer]:
    """What the query computes of each group, and what it asks of the groups.

    Args:
        analysis: of the query.
        select: the tree of the query.
        reader: of it.
        keys: the variables that it groups by; the name of one that it cannot name begins with a
            blank, and VALUES have no such variable.

    Raises:
        Unanswerable: columns do not answer it.
    """
    if any(isinstance(child, Values) for child in select.children):
        raise Unanswerable("VALUES behind the pattern")
    aggregates = _Aggregates(analysis, reader)
    begin = [token.text.upper() for token in select.tokens[:2]]
    words = ["SELECT", *([begin[1]] if begin[1] in ("DISTINCT", "REDUCED") else [])]
    conditions, order = [], []
    for child in select.children:
        if isinstance(child, OrderKey):
            order.append(aggregates.write(child))
        elif isinstance(child, Column):
            if child in select.columns:
                words.append(aggregates.write(child))
        elif isinstance(child, Star):
            words += [f"?{name}" for name in child.names]
        elif isinstance(child, Expression):
            conditions.append(f"FILTER {aggregates.write(child)}")
        if not isinstance(child, Group) and any(child.find(Group)):
            raise Unanswerable("EXISTS behind the pattern")
    shown = [f"?{key}" for key in keys if key[0] != " "]
    variables = " ".join([*shown, *aggregates.found.values()])
    if not variables:
        raise Unanswerable("groups of which nothing is asked")
    outer = prepare(
        f"{analysis.prologue} {' '.join(words)} {{ ",
        variables,
        f" {' '.join(conditions)} }} "
        f"{'ORDER BY ' + ' '.join(order) if order else ''} {_read_cut(select)}",
    )
    return list(aggregates.found), outer


def prepare(head: str, variables: str, tail: str) -> Outer:
    """A query over rows, in the words for the store's engine.

    Args:
        head: what stands before VALUES.
        variables: of VALUES, with their signs.
        tail: what stands behind its rows.

    Raises:
        Unanswerable: it is not a query, or not one that can be asked.
    """
    marker = f"VALUES ({variables}) {{ ({'UNDEF ' * len(variables.split())}) }}"
    text = f"{head}{marker}{tail}"
    try:
        analysis = analyse_whole(text, PREDECLARED.keys(), _NESTING)
        view = View(_EMPTY, None, analysis.prologue)
        rewritten = analysis.rewrite(view)
        view.ask(rewritten)
    except (ValueError, RuntimeError, SyntaxError) as error:
        raise Unanswerable(f"a query over rows that is none: {error}") from None
    if analysis.query is None or rewritten.count(marker) != 1:
        raise Unanswerable("a query over rows that is none")
    before, _, behind = rewritten.partition(marker)
    return Outer(
        f"{before}VALUES ({variables}) {{ ",
        f" }}{behind}",
        used_prefixes(rewritten),
        "<urn:kzgraph:" in rewritten,
    )


def _read_cut(select: Select) -> str:
    """LIMIT and OFFSET of the query itself."""
    end = max((child.end for child in select.children), default=0)
    rest = [token for token in select.tokens if token.start >= end]
    words = [token.text for token in rest]
    while words and words[0].upper() not in ("LIMIT", "OFFSET"):
        del words[0]
    return " ".join(words)


def ask_rows(outer: Outer, rows: str) -> QuerySolutions:
    """The solutions of a query over rows.

    Args:
        outer: the query.
        rows: of VALUES.
    """
    found = _EMPTY.query(
        f"{outer.before}{rows}{outer.behind}",
        base_iri=BASE,
        prefixes=dict(outer.prefixes),
        custom_functions=rewriting.FUNCTIONS if outer.extended else None,
    )
    assert isinstance(found, QuerySolutions)  # noqa: S101 - it is a SELECT
    return found
