"""Templates of IRIs and statements, compiled to what fills them for a row.

A variable names a column of the file, `{year}`; a column of the row of a table of the project that
a foreign key names, `{coa_iso.thing}`; or the words of a text as part of an IRI,
`{location.slug}`. Values are inserted unescaped: whatever goes into an IRI was checked to be made
of unreserved characters, https://www.rfc-editor.org/rfc/rfc3986#section-2.3
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kzgraph.prefixes import PREFIXES
from kzgraph_mappings.official.csvw_metadata import MetadataError
from kzgraph_mappings.official.reference_tables import Row

_VARIABLE = re.compile(r"\{\+?([A-Za-z_]\w*)(?:\.(\w+))?\}")
#: The variable that makes a part of an IRI from a text.
_SLUG = "slug"
#: Letters that do not decompose into one of ASCII and a mark, by what is read for them.
_PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "\u0131": "i", "ß": "ss", "æ": "ae"}
)


def make_slug(text: str) -> str:
    """A part of an IRI for a text: its words, and a hash that tells apart what reads alike.

    >>> make_slug("Bié [Admin 1]")
    'bie-admin-1-f39cf7'
    """
    folded = unicodedata.normalize("NFKD", text.lower().translate(_PLAIN))
    words = re.findall("[a-z0-9]+", folded.encode("ascii", "ignore").decode())
    return "-".join([*words, hashlib.sha256(text.encode()).hexdigest()[:6]])


def expand_prefix(name: str) -> str:
    """The IRI of a prefixed name, or an IRI as it is."""
    prefix, separator, local = name.partition(":")
    if not separator or local.startswith("//"):
        return name
    if prefix not in PREFIXES:
        raise MetadataError(f"{name!r} has a prefix that the project does not have")
    namespace: str = PREFIXES[prefix]
    return namespace + local


def named_columns(text: str) -> set[str]:
    """The columns of the file that the variables of a template name."""
    return {match[1] for match in _VARIABLE.finditer(text)}


@dataclass(frozen=True)
class Variable:
    """A variable of a template.

    Attributes:
        column: the index of a cell in a row of the file.
        key: the index of the foreign key whose row has the value, or None for the cell itself.
        field: the column of that row, or `slug`, or an empty string.
    """

    column: int
    key: int | None = None
    field: str = ""

    def value(self, row: Sequence[str], references: Sequence[Row]) -> str:
        """Its value in a row of the file, with the rows that its foreign keys name."""
        if self.key is not None:
            return references[self.key][self.field]
        return make_slug(row[self.column]) if self.field == _SLUG else row[self.column]


@dataclass(frozen=True)
class Template:
    """Fixed texts with variables between them; there is one more text than there are variables."""

    texts: tuple[str, ...]
    variables: tuple[Variable, ...]

    @cached_property
    def _form(self) -> str:
        """The texts with a place for each value, which is filled faster than they are joined."""
        return "%s".join(text.replace("%", "%%") for text in self.texts)

    def expand(self, row: Sequence[str], references: Sequence[Row]) -> str:
        """The text with the values of a row; nothing where one of them is empty."""
        values = tuple([each.value(row, references) for each in self.variables])
        return self._form % values if all(values) else ""

    def columns(self, keys: Sequence[tuple[int, ...]]) -> set[int]:
        """The cells that it depends on; `keys` are the columns of each foreign key."""
        found: set[int] = set()
        for variable in self.variables:
            found |= {variable.column} if variable.key is None else set(keys[variable.key])
        return found


def compile_template(
    text: str, columns: Mapping[str, int], keys: Mapping[str, int], fields: Sequence[frozenset[str]]
) -> Template:
    """A template of an IRI.

    Args:
        text: the template; a prefixed name is expanded.
        columns: the index of each column in a row.
        keys: the index of the foreign key that a column is part of.
        fields: the columns of the table that each foreign key refers to.

    Raises:
        MetadataError: a variable names nothing.
    """
    texts, variables, at = [], [], 0
    text = expand_prefix(text)
    for match in _VARIABLE.finditer(text):
        name, field = match[1], match[2] or ""
        texts.append(text[at : match.start()])
        at = match.end()
        if name not in columns:
            raise MetadataError(f"{match[0]} names no column")
        if field in {"", _SLUG}:
            variables.append(Variable(columns[name], None, field))
        elif name in keys and field in fields[keys[name]]:
            variables.append(Variable(columns[name], keys[name], field))
        else:
            raise MetadataError(f"{match[0]} names no column of a table that {name} refers to")
    return Template((*texts, text[at:]), tuple(variables))
