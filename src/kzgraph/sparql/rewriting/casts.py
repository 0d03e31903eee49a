"""Casts of strings with blanks around the value: the store returns nothing.

https://www.w3.org/TR/xpath-functions/#casting-from-strings: blanks at both ends are left out.
"""

from kzgraph.sparql.lexer import Kind
from kzgraph.sparql.rewriting.writer import Rule, Writer
from kzgraph.sparql.tree import Call

#: The types whose text keeps its blanks.
_KEEPING = ("string>", ":string")


def _write_call(call: Call, writer: Writer) -> str | None:
    # Only IRIs call casts; the one of a function that is not there stays unknown.
    is_iri = call.tokens[0].kind is not Kind.WORD
    if not is_iri or len(call.arguments) != 1 or call.name.endswith(_KEEPING):
        return None
    value = f"({writer.write(call.arguments[0])})"
    bare = f"REPLACE({value}, '^[ \\t\\n\\r]+|[ \\t\\n\\r]+$', '')"
    return f"COALESCE({call.name}({value}), {call.name}({bare}))"


WORDS = frozenset({"xsd:", "xmlschema"})
RULES = (Rule(Call, _write_call),)
