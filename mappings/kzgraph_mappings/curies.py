"""Making terms: IRIs from prefixed names, and literals."""

from functools import cache

from pyoxigraph import Literal, NamedNode

from kzgraph.namespaces import XSD
from kzgraph.prefixes import PREFIXES


@cache
def curie(name: str) -> NamedNode:
    """The IRI of a prefixed name.

    Raises:
        KeyError: the project does not have the prefix.
    """
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def number_literal(text: str) -> Literal:
    """The literal of a published number: an integer, or a decimal where it has decimals.

    Trailing zeros are left out: the store keeps values, not lexical forms, and the server has to
    agree with the dumps.

    >>> number_literal("10.50").value, number_literal("7.0").datatype.value.rpartition("#")[2]
    ('10.5', 'integer')
    """
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return Literal(text, datatype=XSD["decimal" if "." in text else "integer"])


#: The datatype of a date, by the length of its text: of a year, a month or a day.
DATE_TYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}


def typed_literal(text: str, datatype: str) -> Literal:
    """A literal of an XSD datatype, which is named without prefix."""
    return Literal(text, datatype=XSD[datatype])


def english_literal(text: str) -> Literal:
    """An English literal."""
    return Literal(text, language="en")
