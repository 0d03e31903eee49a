"""COUNT(DISTINCT *): the store counts what no variable of the query holds as well.

https://www.w3.org/TR/sparql11-query/#defn_aggCount: the distinct solutions, which bind
variables. The store also tells them apart by blank nodes of the pattern and the middle of a path.
"""

from collections.abc import Iterator

from kzgraph.sparql.lexer import Kind
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.rewriting.writer import Rule, Writer
from kzgraph.sparql.scope import visible_names
from kzgraph.sparql.tree import Call, Filter, Minus, Node, Select, Triples

#: Signs in triple patterns that stand for what has no name.
_HIDING = frozenset("[(/")


def _check(select: Select, writer: Writer) -> str | None:
    where = select.where
    if where is None or not any(_hides(each) for each in _triples(where)):
        return None
    for child in select.children:
        for node in child.walk() if child is not where else ():
            if isinstance(node, Call) and node.name == "COUNT" and node.distinct:
                if [token.text for token in node.arguments[0].tokens] != ["*"]:
                    continue
                names = " ".join(f"?{name}" for name in visible_names(where))
                raise Refusal(
                    "COUNT(DISTINCT *) would count what has no name here (blank nodes, the middle "
                    f"of a path) as well: write SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT {names} "
                    "{ ... } }",
                    node.start,
                )
    return None


def _triples(node: Node) -> Iterator[Triples]:
    """The triple patterns that are counted at `node`: those of its subqueries are not."""
    if isinstance(node, Triples):
        yield node
    elif not isinstance(node, Filter | Minus | Select):
        for child in node.children:
            yield from _triples(child)


def _hides(triples: Triples) -> bool:
    return any(
        token.kind is Kind.BLANK or (token.kind is Kind.SIGN and token.text in _HIDING)
        for token in triples.tokens
    )


WORDS = frozenset({"*"})
RULES = (Rule(Select, _check),)
