"""Rows in the four formats of SPARQL 1.1 Query Results, as the store's own serialiser has them.

https://www.w3.org/TR/sparql11-results-json/ https://www.w3.org/TR/rdf-sparql-XMLres/
https://www.w3.org/TR/sparql11-results-csv-tsv/
"""

import json
import re
from collections.abc import Sequence
from typing import BinaryIO

from pyoxigraph import BlankNode, Literal, NamedNode

from kzgraph.namespaces import XSD
from kzgraph.problem import Problem
from kzgraph.rdf.xml_text import NOT_IN_XML, escape_attribute, escape_text
from kzgraph.results.terms import (
    BOOLEAN,
    DECIMAL,
    STRING,
    Pieces,
    Term,
    plain,
)

# Some readers, pyoxigraph among them, trim what is written as itself.
_AT_THE_EDGE = re.compile(r"\A\s+|\s+\Z")

#: Literals that SPARQL has a short form for, by datatype.
_SHORT = {
    XSD["integer"].value: re.compile(r"[+-]?[0-9]+"),
    DECIMAL: re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD["double"].value: re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+"),
    BOOLEAN: re.compile("true|false"),
}


# `json.dumps` would make an encoder for each string, which takes four times as long.
_quoted = json.JSONEncoder(ensure_ascii=False).encode


class JsonWriter:
    """SPARQL 1.1 Query Results JSON Format."""

    def __init__(self, variables: Sequence[str], out: BinaryIO) -> None:
        self._pieces = Pieces(out)
        self._keys = [_quoted(name) for name in variables]
        self._between = ""
        self._pieces.add(f'{{"head":{{"vars":[{",".join(self._keys)}]}},"results":{{"bindings":[')

    def row(self, terms: Sequence[Term | None]) -> None:
        """Write one row."""
        cells = (
            f"{key}:{_json(term)}"
            for key, term in zip(self._keys, terms, strict=True)
            if term is not None
        )
        self._pieces.add(f"{self._between}{{{','.join(cells)}}}")
        self._between = ","

    def finish(self) -> None:
        """Close the document."""
        self._pieces.add("]}}")
        self._pieces.flush()

    def close(self) -> None:
        """Nothing is held."""


def _json(term: Term) -> str:
    if isinstance(term, NamedNode):
        return f'{{"type":"uri","value":{_quoted(term.value)}}}'
    if isinstance(term, BlankNode):
        return f'{{"type":"bnode","value":{_quoted(term.value)}}}'
    if isinstance(term, Literal):
        head = f'{{"type":"literal","value":{_quoted(term.value)}'
        if term.language is None:
            plain_string = term.datatype.value == STRING
            return head + ("}" if plain_string else f',"datatype":{_quoted(term.datatype.value)}}}')
        direction = f',"its:dir":"{term.direction.value}"' if term.direction else ""
        return f'{head},"xml:lang":{_quoted(term.language)}{direction}}}'
    parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
    value = ",".join(f'"{name}":{_json(part)}' for name, part in parts.items())
    return f'{{"type":"triple","value":{{{value}}}}}'


class XmlWriter:
    """SPARQL Query Results XML Format.

    Raises in `row`:
        Problem: 406, a value holds a character that no XML document can hold.
    """

    def __init__(self, variables: Sequence[str], out: BinaryIO) -> None:
        self._pieces = Pieces(out)
        self._names = [f'"{escape_attribute(name)}"' for name in variables]
        head = "".join(f"<variable name={name}/>" for name in self._names)
        self._pieces.add(
            '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">'
            f"<head>{head}</head><results>"
        )

    def row(self, terms: Sequence[Term | None]) -> None:
        """Write one row."""
        cells = "".join(
            f"<binding name={name}>{_xml(term)}</binding>"
            for name, term in zip(self._names, terms, strict=True)
            if term is not None
        )
        self._pieces.add(f"<result>{cells}</result>")

    def finish(self) -> None:
        """Close the document."""
        self._pieces.add("</results></sparql>")
        self._pieces.flush()

    def close(self) -> None:
        """Nothing is held."""


def _xml(term: Term) -> str:
    if isinstance(term, NamedNode):
        return f"<uri>{_escape(term.value)}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{_escape(term.value)}</bnode>"
    if isinstance(term, Literal):
        if NOT_IN_XML.search(term.value):
            raise Problem(
                406,
                "A value holds a control character, which XML cannot express. "
                "Ask for another format.",
            )
        return f"<literal{_attributes(term)}>{_escape(term.value)}</literal>"
    return (
        f"<triple><subject>{_xml(term.subject)}</subject>"
        f"<predicate>{_xml(term.predicate)}</predicate>"
        f"<object>{_xml(term.object)}</object></triple>"
    )


def _escape(text: str) -> str:
    escaped = escape_text(text)
    if escaped[:1].isspace() or escaped[-1:].isspace():
        return _AT_THE_EDGE.sub(lambda spaces: "".join(map(_reference, spaces[0])), escaped)
    return escaped


def _reference(character: str) -> str:
    return f"&#{ord(character)};"


def _attributes(literal: Literal) -> str:
    if literal.language is None:
        datatype = literal.datatype.value
        return "" if datatype == STRING else f' datatype="{escape_attribute(datatype)}"'
    language = f' xml:lang="{literal.language}"'
    if literal.direction is None:
        return language
    return (
        f'{language} its:dir="{literal.direction.value}" '
        'xmlns:its="http://www.w3.org/2005/11/its" its:version="2.0"'
    )


class CsvWriter:
    """SPARQL 1.1 Query Results CSV Format: values without what they are."""

    _NEEDS_QUOTES = re.compile('[",\r\n]')

    def __init__(self, variables: Sequence[str], out: BinaryIO) -> None:
        self._pieces = Pieces(out)
        self._pieces.add(",".join(variables) + "\r\n")

    def row(self, terms: Sequence[Term | None]) -> None:
        """Write one row."""
        fields = [self._field(term) for term in terms]
        # Readers take an empty line for no row at all.
        self._pieces.add((",".join(fields) if fields != [""] else '""') + "\r\n")

    def finish(self) -> None:
        """Write what has gathered."""
        self._pieces.flush()

    def close(self) -> None:
        """Nothing is held."""

    def _field(self, term: Term | None) -> str:
        text = "" if term is None else plain(term)
        return quote_field(text) if self._NEEDS_QUOTES.search(text) else text


def quote_field(text: str) -> str:
    """`text` as a quoted field of CSV (RFC 4180, section 2)."""
    return '"' + text.replace('"', '""') + '"'


class TsvWriter:
    """SPARQL 1.1 Query Results TSV Format: terms as in a query."""

    def __init__(self, variables: Sequence[str], out: BinaryIO) -> None:
        self._pieces = Pieces(out)
        self._pieces.add("\t".join(f"?{name}" for name in variables) + "\n")

    def row(self, terms: Sequence[Term | None]) -> None:
        """Write one row."""
        self._pieces.add("\t".join(map(_tsv, terms)) + "\n")

    def finish(self) -> None:
        """Write what has gathered."""
        self._pieces.flush()

    def close(self) -> None:
        """Nothing is held."""


def _tsv(term: Term | None) -> str:
    if term is None:
        return ""
    if isinstance(term, Literal):
        short = _SHORT.get(term.datatype.value)
        if short is not None and short.fullmatch(term.value):
            return term.value
    # N-Triples escapes tabs and line breaks, so that a term never ends its cell.
    return str(term) if isinstance(term, NamedNode | BlankNode | Literal) else f"<<( {term} )>>"
