"""A query whose variables have values before it is asked."""

import re
from collections.abc import Mapping

from kzgraph.sparql.analysis import Analysis
from kzgraph.sparql.lexer import Kind
from kzgraph.sparql.strings import splice
from kzgraph.sparql.tree import Group, Select

_NAME = re.compile(r"\w+", re.ASCII)


def bind_variables(analysis: Analysis, values: Mapping[str, str]) -> str:
    """The text of a query in which each group that has one of the variables has its value.

    Args:
        analysis: what is known of the query.
        values: terms, as SPARQL writes them, by the names of variables.

    Raises:
        ValueError: what should be a name is not one.
    """
    for name in values:
        if _NAME.fullmatch(name) is None:
            raise ValueError(f"{name!r} is not the name of a variable")
    query = analysis.query
    if query is None or not values:
        return analysis.text
    if query.where is None:
        described = (each for each in query.tokens if each.kind is Kind.VARIABLE)
        changes = (
            (each.start, each.end, values.get(each.text[1:], each.text)) for each in described
        )
        return splice(analysis.text, changes)
    inserted: dict[int, str] = {}
    for group in query.find(Group):
        if any(isinstance(each, Select) for each in group.children):
            continue
        used = group.variables()
        names = [name for name in values if name in used or group is query.where]
        if names:
            row = " ".join(values[name] for name in names)
            variables = " ".join(f"?{name}" for name in names)
            inserted[group.start + 1] = f" VALUES ({variables}) {{ ({row}) }} "
    if query.form == "CONSTRUCT" and query.tokens[1].text != "{":
        # The short form has no place for VALUES: its pattern is its template, too.
        inserted[query.tokens[0].end] = f" {analysis.text[query.where.start : query.where.end]} "
    return splice(analysis.text, ((at, at, new) for at, new in sorted(inserted.items())))
