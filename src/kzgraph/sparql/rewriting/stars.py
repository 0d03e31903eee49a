"""SELECT *: the store sorts the columns by name; here they come in the order of the query."""

from kzgraph.sparql.rewriting.writer import Rule, Writer
from kzgraph.sparql.tree import Star


def _write_star(star: Star, writer: Writer) -> str | None:
    return " " + " ".join(f"?{name}" for name in star.names) + " " if star.names else None


WORDS = frozenset({"*"})
RULES = (Rule(Star, _write_star),)
