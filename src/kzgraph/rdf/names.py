"""Terms as Turtle spells them in short: prefixed names, relative IRIs, bare numbers.

https://www.w3.org/TR/turtle/#sec-grammar-grammar
"""

import re
from collections.abc import Iterable, Mapping

from pyoxigraph import BlankNode, Literal

from kzgraph.iri import BASE, is_path
from kzgraph.rdf.content import Term

RDF_NAMESPACE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD_NAMESPACE = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE = f"<{RDF_NAMESPACE}type>"

#: PN_CHARS_BASE beyond ASCII, for a class of characters.
BASE_CHARS = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_FIRST = rf"[A-Za-z0-9_:{BASE_CHARS}]"
_LATER = rf"[A-Za-z0-9_:{BASE_CHARS}\u00b7\u0300-\u036f\u203f\u2040-]"
# PN_LOCAL without escapes: a name that needs one is plainer as a full IRI.
_LOCAL = re.compile(rf"(?:{_FIRST}(?:(?:{_LATER}|\.)*{_LATER})?)?")

# Canonical forms that Turtle also takes bare: every parser reads the same literal back.
_BARE = {
    XSD_NAMESPACE + "integer": re.compile(r"0|-?[1-9][0-9]*"),
    # Not below a millionth: rdflib reads a bare 0.0000001 as "1E-7", which is no xsd:decimal.
    XSD_NAMESPACE + "decimal": re.compile(
        r"-?(?:[1-9][0-9]*\.[0-9]+|0\.0{0,5}[1-9][0-9]*|0\.0{1,6})"
    ),
    XSD_NAMESPACE + "boolean": re.compile(r"true|false"),
}
_PLAIN = {XSD_NAMESPACE + "string", RDF_NAMESPACE + "langString"}

_IN_LONG = str.maketrans(
    {"\\": "\\\\", "\r": "\\r", **{chr(c): f"\\u{c:04X}" for c in [*range(9), 11, 12, 127]}}
    | {chr(c): f"\\u{c:04X}" for c in range(14, 32)}
)


def relative(iri: str) -> str:
    """`iri` relative to the project's base where that is plain to see, else in full.

    >>> relative("https://w3id.org/kzgraph/id/country/KAZ")
    'id/country/KAZ'
    """
    rest = iri.removeprefix(BASE)
    path, hash_sign, fragment = rest.partition("#")
    plain = rest != iri and is_path(path) and (not hash_sign or is_path(fragment))
    return rest if plain else iri


class Names:
    """Short forms of terms, remembered, with the prefix that each one uses.

    IRIs under the project's base become relative to it: a local name may not hold the slashes
    of `id/...` unescaped.
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        """Use `prefixes`, prefix to namespace; only namespaces ending in `#` or `/` serve."""
        self.prefixes = prefixes
        self._prefix_of = {namespace: prefix for prefix, namespace in prefixes.items()}
        self._used: dict[str, str] = {}

    def split(self, iri: str) -> tuple[str, str] | None:
        """The prefix and local name of `iri`, or None where no legal prefixed name is had."""
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        prefix = self._prefix_of.get(iri[:cut])
        if prefix is None or not _LOCAL.fullmatch(iri, cut):
            return None
        return prefix, iri[cut:]

    def iri(self, iri: str) -> str:
        """`iri` as a prefixed name, relative to the base, or in full."""
        found = self.split(iri)
        if found:
            return f"{found[0]}:{found[1]}"
        return f"<{relative(iri)}>"

    def term(self, key: str, term: Term) -> str:
        """`term` in short; `key` is its N-Triples form."""
        if isinstance(term, BlankNode):
            return key
        if not isinstance(term, Literal):
            if found := self.split(term.value):
                self._used[key] = found[0]
            return self.iri(term.value)
        return self._literal(key, term)

    def _literal(self, key: str, literal: Literal) -> str:
        datatype = literal.datatype.value
        bare = _BARE.get(datatype)
        if bare and bare.fullmatch(literal.value):
            return literal.value
        quoted = key[: key.rindex('"') + 1]
        if "\n" in literal.value:
            quoted = _long(literal.value)
        if datatype not in _PLAIN:
            if found := self.split(datatype):
                self._used[key] = found[0]
            return f"{quoted}^^{self.iri(datatype)}"
        return f"{quoted}@{literal.language}" if literal.language else quoted

    def used(self, keys: Iterable[str]) -> list[str]:
        """The prefixes that the short forms of `keys` use, in order."""
        used = self._used
        return sorted({used[key] for key in keys if key in used})


def _long(text: str) -> str:
    """`text` between triple quotes, its line breaks as they are."""
    text = text.translate(_IN_LONG).replace('"""', r"\"\"\"")
    if text.endswith('"'):
        text = text[:-1] + r"\""
    return f'"""{text}"""'
