"""A query whose variables have values before it is asked."""

import re
from collections.abc import Mapping

from kzgraph.sparql.analysis import Analysis
from kzgraph.sparql.lexer import Kind
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
        return _describe(analysis, query, values)
    inserted: dict[int, str] = {}
    for group in query.walk():
        if not isinstance(group, Group) or any(isinstance(each, Select) for each in group.children):
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
    return _insert(analysis.text, inserted)


def _describe(analysis: Analysis, query: Select, values: Mapping[str, str]) -> str:
    pieces, end = [], 0
    for token in query.tokens:
        if token.kind is Kind.VARIABLE and token.text[1:] in values:
            pieces += [analysis.text[end : token.start], values[token.text[1:]]]
            end = token.end
    return "".join([*pieces, analysis.text[end:]])


def _insert(text: str, inserted: Mapping[int, str]) -> str:
    pieces, end = [], 0
    for place in sorted(inserted):
        pieces += [text[end:place], inserted[place]]
        end = place
    return "".join([*pieces, text[end:]])
