"""DESCRIBE of IRIs with a pattern: the store describes nothing where the pattern has no solution.

https://www.w3.org/TR/sparql11-query/#describe: what the solutions hold, together with any resource
that is named by its IRI. The IRIs are put beside the solutions.
"""

from itertools import takewhile

from kzgraph.sparql.lexer import Kind
from kzgraph.sparql.rewriting.writer import Rule, Writer
from kzgraph.sparql.tree import Node, Select

_TERMS = (Kind.VARIABLE, Kind.IRI, Kind.NAME)


def _write_select(select: Select, writer: Writer) -> str | None:
    if select.form != "DESCRIBE" or select.where is None:
        return None
    terms = [*takewhile(lambda token: token.kind in _TERMS, select.tokens[1:])]
    iris = " ".join(t.text for t in terms if t.kind is not Kind.VARIABLE)
    names = " ".join(dict.fromkeys(t.text for t in terms if t.kind is Kind.VARIABLE))
    if not iris:
        return None
    if not names:
        return f"DESCRIBE {iris}"
    place = select.where.start
    tokens = [token for token in select.tokens if token.start >= place]
    solutions = writer.plain(Node(tokens, children=select.children))
    named = writer.fresh("d")
    return (
        f"DESCRIBE {names} {named} {{ {{ SELECT {names} {solutions} }} "
        f"UNION {{ VALUES {named} {{ {iris} }} }} }}"
    )


#: The thin path looks for a DESCRIBE with braces itself.
WORDS = frozenset[str]()
RULES = (Rule(Select, _write_select),)
