"""MIN and MAX: over numbers and other terms the store's comparison is not an order.

https://www.w3.org/TR/sparql11-query/#defn_aggMin: the order is that of ORDER BY. The store gives
another result for another order of the solutions where numbers meet other literals; see `ordering`.
Numbers come before other literals, so a literal MIN is the least number if there is one, and a MAX
is the greatest of what is not a number if there is such a thing. (Infinity among other literals
counts as one of them: 15.1 leaves the order of those open.)
"""

from kzgraph.sparql.rewriting.kinds import is_of_one_kind
from kzgraph.sparql.rewriting.writer import XSD, Rule, Writer
from kzgraph.sparql.tree import Call

_INFINITE = f'"INF"^^<{XSD}double>'
_LEAST_NUMBER = f"MIN(IF(isNumeric({{0}}), {{0}}, {_INFINITE}))"
_MIN = f"IF(isLiteral(MIN({{0}})) && {_LEAST_NUMBER} < {_INFINITE}, {_LEAST_NUMBER}, MIN({{0}}))"
_GREATEST_OTHER = "MAX(IF(isNumeric({0}), '', {0}))"
_MAX = f"IF(sameTerm({_GREATEST_OTHER}, ''), MAX({{0}}), {_GREATEST_OTHER})"
_TEMPLATES = {"MIN": _MIN, "MAX": _MAX}


def _write_call(call: Call, writer: Writer) -> str | None:
    template = _TEMPLATES.get(call.name)
    if template is None or len(call.arguments) != 1 or is_of_one_kind(call.arguments[0]):
        return None
    return template.format(f"({writer.write(call.arguments[0])})")


WORDS = frozenset({"min", "max"})
RULES = (Rule(Call, _write_call),)
