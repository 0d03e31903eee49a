"""COUNT(DISTINCT *): the store counts what no variable of the query holds as well.

https://www.w3.org/TR/sparql11-query/#defn_aggCount: the distinct solutions, which bind
variables. The store also tells them apart by blank nodes of the pattern and the middle of a path.
"""

from kzgraph.sparql.grouping import find_aggregates
from kzgraph.sparql.lexer import Kind
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.rewriting.writer import Rule, Writer
from kzgraph.sparql.scope import visible_names
from kzgraph.sparql.tree import Filter, Minus, Select, Triples

#: Signs in triple patterns that stand for what has no name.
_HIDING = frozenset("[(/")


def _check(select: Select, writer: Writer) -> str | None:
    where = select.where
    # The triple patterns of subqueries are not counted here.
    if where is None or not any(map(_hides, where.find(Triples, closed=(Filter, Minus, Select)))):
        return None
    for call in find_aggregates(select):
        counted = [token.text for argument in call.arguments for token in argument.tokens]
        if call.name == "COUNT" and call.distinct and counted == ["*"]:
            names = " ".join(f"?{name}" for name in visible_names(where))
            raise Refusal(
                "COUNT(DISTINCT *) would count what has no name here (blank nodes, the middle "
                f"of a path) as well: write SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT {names} "
                "{ ... } }",
                call.start,
            )
    return None


def _hides(triples: Triples) -> bool:
    return any(
        token.kind is Kind.BLANK or (token.kind is Kind.SIGN and token.text in _HIDING)
        for token in triples.tokens
    )


WORDS = frozenset({"*"})
RULES = (Rule(Select, _check),)
