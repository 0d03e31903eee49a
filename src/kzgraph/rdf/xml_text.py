"""What XML 1.0 can carry, and how it is escaped: https://www.w3.org/TR/xml/#charsets."""

import re

from kzgraph.namespaces import RDF

#: A character that no XML document can hold.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

#: What a name without colon may begin with, and what it may go on with, as members of a class of
#: characters: https://www.w3.org/TR/xml-names/#NT-NCName
NAME_START = (
    r"A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    r"\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
NAME_REST = rf"{NAME_START}0-9.\u00b7\u0300-\u036f\u203f\u2040\-"
# The longest end that can name an element.
_NAME_END = re.compile(rf"[{NAME_START}][{NAME_REST}]*\Z")
# What RDF/XML reads in a way of its own: https://www.w3.org/TR/rdf-syntax-grammar/#coreSyntaxTerms
_RESERVED = frozenset(
    RDF.iri + name
    for name in (
        *("RDF", "Description", "ID", "about", "parseType", "resource", "nodeID", "datatype"),
        *("li", "aboutEach", "aboutEachPrefix", "bagID"),
    )
)
_OF_XML = ("http://www.w3.org/2000/xmlns/", "http://www.w3.org/XML/1998/namespace")


def split_name(iri: str) -> tuple[str, str] | None:
    """The namespace and the local name of a property in RDF/XML; None where it cannot have one.

    >>> split_name("http://a.example/b#c"), split_name("http://a.example/2")
    (('http://a.example/b#', 'c'), None)
    """
    found = _NAME_END.search(iri)
    if found is None or is_reserved(iri):
        return None
    return iri[: found.start()], found.group()


def is_reserved(iri: str) -> bool:
    """Whether `iri` is a word of the syntax of RDF/XML or XML, and so cannot be a property there.

    https://www.w3.org/TR/xml-names/#xmlReserved
    """
    return iri in _RESERVED or iri.startswith(_OF_XML)


def is_name(text: str) -> bool:
    """Whether `text` can name a blank node in RDF/XML."""
    return _NAME_END.match(text) is not None


# Not xml.sax.saxutils, which brings urllib.request along.
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTE = _IN_TEXT | str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;"})


def escape_text(text: str) -> str:
    """`text` between tags; a parser would read a bare carriage return as a line feed."""
    return text.translate(_IN_TEXT)


def escape_attribute(text: str) -> str:
    """`text` between double quotes, where a parser would read white space as blanks."""
    return text.translate(_IN_ATTRIBUTE)
