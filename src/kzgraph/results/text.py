"""Rows in the four formats of SPARQL 1.1 Query Results, as the store's own serializer writes them.

https://www.w3.org/TR/sparql11-results-json/ https://www.w3.org/TR/rdf-sparql-XMLres/
https://www.w3.org/TR/sparql11-results-csv-tsv/
"""

import json
import re
from collections.abc import Sequence
from typing import BinaryIO

from pyoxigraph import BlankNode, Literal, NamedNode

from kzgraph.datatypes import BOOLEAN, DECIMAL, INTEGER, INTEGER_FORM, STRING
from kzgraph.namespaces import XSD, Term
from kzgraph.problem import Problem
from kzgraph.rdf.xml_text import NOT_IN_XML, escape_attribute, escape_text
from kzgraph.results.terms import TextWriter, plain

# Some readers, pyoxigraph among them, trim what is written as itself.
_AT_THE_EDGE = re.compile(r"\A\s+|\s+\Z")

#: Literals that SPARQL has a short form for, by datatype.
_SHORT = {
    INTEGER: re.compile(INTEGER_FORM),
    DECIMAL: re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD["double"].value: re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+"),
    BOOLEAN: re.compile("true|false"),
}


# `json.dumps` would make an encoder for each string, which takes four times as long.
_quoted = json.JSONEncoder(ensure_ascii=False).encode


class JsonWriter(TextWriter):
    """SPARQL 1.1 Query Results JSON Format."""

    tail = "]}}"

    def __init__(self, variables: Sequence[str], out: BinaryIO) -> None:
        super().__init__(out)
        self._keys = [_quoted(name) for name in variables]
        self._between = ""
        self.add(f'{{"head":{{"vars":[{",".join(self._keys)}]}},"results":{{"bindings":[')

    def row(self, terms: Sequence[Term | None]) -> None:
        """Write one row."""
        cells = (
            f"{key}:{_json(term)}"
            for key, term in zip(self._keys, terms, strict=True)
            if term is not None
        )
        self.add(f"{self._between}{{{','.join(cells)}}}")
        self._between = ","


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


class XmlWriter(TextWriter):
    """SPARQL Query Results XML Format.

    Raises in `row`:
        Problem: 406, a value holds a character that no XML document can hold.
    """

    tail = "</results></sparql>"

    def __init__(self, variables: Sequence[str], out: BinaryIO) -> None:
        super().__init__(out)
        self._names = [f'"{escape_attribute(name)}"' for name in variables]
        head = "".join(f"<variable name={name}/>" for name in self._names)
        self.add(
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
        self.add(f"<result>{cells}</result>")


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


class CsvWriter(TextWriter):
    """SPARQL 1.1 Query Results CSV Format: values without what they are.

    Attributes:
        mark: what stands before the header.
        separator: what stands between two fields.
        needs_quotes: a sign for which a field is quoted.
    """

    mark = ""
    separator = ","
    needs_quotes = re.compile('[",\r\n]')

    def __init__(self, variables: Sequence[str], out: BinaryIO) -> None:
        super().__init__(out)
        self.add(self.mark + self.separator.join(variables) + "\r\n")

    def tag(self, tags: Sequence[str]) -> None:
        """Write the row of hashtags."""
        self.add(self.separator.join(tags) + "\r\n")

    def row(self, terms: Sequence[Term | None]) -> None:
        """Write one row."""
        fields = [self._field(term) for term in terms]
        # Readers take an empty line for no row at all.
        self.add((self.separator.join(fields) if fields != [""] else '""') + "\r\n")

    def text(self, term: Term) -> str:
        """What stands in a field for `term`."""
        return plain(term)

    def _field(self, term: Term | None) -> str:
        text = "" if term is None else self.text(term)
        # RFC 4180, section 2.
        return '"' + text.replace('"', '""') + '"' if self.needs_quotes.search(text) else text


class TaggedTsvWriter(CsvWriter):
    """CSV with tabs between the fields: what tools for HXL take for TSV.

    SPARQL's own TSV has terms with their quotes, which no such tool takes off.
    """

    separator = "\t"
    needs_quotes = re.compile('["\t\r\n]')


class TsvWriter(TextWriter):
    """SPARQL 1.1 Query Results TSV Format: terms as in a query."""

    def __init__(self, variables: Sequence[str], out: BinaryIO) -> None:
        super().__init__(out)
        self.add("\t".join(f"?{name}" for name in variables) + "\n")

    def row(self, terms: Sequence[Term | None]) -> None:
        """Write one row."""
        self.add("\t".join(map(_tsv, terms)) + "\n")


def _tsv(term: Term | None) -> str:
    if term is None:
        return ""
    if isinstance(term, Literal):
        short = _SHORT.get(term.datatype.value)
        if short is not None and short.fullmatch(term.value):
            return term.value
    # N-Triples escapes tabs and line breaks, so that a term never ends its cell.
    return str(term) if isinstance(term, NamedNode | BlankNode | Literal) else f"<<( {term} )>>"
