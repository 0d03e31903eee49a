"""Names against the codes beside them: a column that was sorted or shifted alone is found out.

Publishers spell names in many ways and languages, so a name that is not known is no fault. What
cannot be right is the known name of another thing, one name of two codes, and a second name of a
code that is not known to be one of its names.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

from kzgraph.sources import FaultList
from kzgraph_mappings.official.csvw_metadata import Column, MetadataError
from kzgraph_mappings.official.official_cells import show
from kzgraph_mappings.official.reference_tables import read_table
from kzgraph_mappings.official.row_plan import Reference

#: Columns of a table of the project whose cells are names, several of one with bars between them.
_NAMES = re.compile(r"(?:\w+_)?names?(?:_\w+)?")
_REMEDY = "put each name back to its code: the column may have been sorted or shifted alone"


def fold_words(text: str) -> str:
    """A name as names are compared: its words in one case, without accents, signs and articles.

    >>> fold_words("Côte d'Ivoire (the)")
    'cote d ivoire'
    """
    letters = unicodedata.normalize("NFKD", text.casefold())
    words = re.findall(r"\w+", "".join(c for c in letters if not unicodedata.combining(c)))
    return " ".join(word for word in words if word != "the")


@cache
def index_names(table: str, key: str) -> Mapping[str, frozenset[str]]:
    """The codes that each name of a table of the project is one of.

    Args:
        table: a file of `mappings/sources`.
        key: the column of its codes.
    """
    found: dict[str, set[str]] = {}
    for row in read_table(table):
        for column, cell in row.items():
            if _NAMES.fullmatch(column):
                for name in filter(None, map(fold_words, cell.split("|"))):
                    found.setdefault(name, set()).add(row[key])
    return {name: frozenset(codes) for name, codes in found.items()}


class NameCheck:
    """Checks the names in one column of a file."""

    def __init__(self, header: Sequence[Column], at: int, references: Sequence[Reference]) -> None:
        """Check the cells of the column `at`, which names the things of codes in another.

        Raises:
            MetadataError: that column is not part of a foreign key.
        """
        self._column, self._at = header[at], at
        wanted = self._column.name_of
        for reference in references:
            if wanted in reference.key.columns:
                place = reference.key.columns.index(wanted)
                self._code_at = reference.columns[place]
                self._known = index_names(reference.key.resource, reference.key.keys[place])
                break
        else:
            raise MetadataError(f"{self._column.name}: {wanted} is not in a foreign key")
        self._right: set[tuple[str, str]] = set()
        self._code_of: dict[str, tuple[str, int]] = {}
        self._name_of: dict[str, tuple[str, int]] = {}

    def check(self, line: int, row: Sequence[str], faults: FaultList) -> None:
        """Check the name in a row whose codes were found; what is wrong is added to `faults`."""
        pair = text, code = row[self._at], row[self._code_at]
        if pair in self._right:
            return
        name = fold_words(text)
        if not name or not code:
            return
        if what := self._find_fault(name, show(text), code):
            faults.add(line, self._column.title, what, _REMEDY)
            return
        self._right.add(pair)
        self._code_of.setdefault(name, (code, line))
        self._name_of.setdefault(code, (name, line))

    def _find_fault(self, name: str, shown: str, code: str) -> str:
        known = self._known.get(name, frozenset())
        if known and code not in known:
            return f"{shown} is a name of {' and '.join(sorted(known))}, and the code is {code}"
        other, first = self._code_of.get(name, (code, 0))
        if other != code and not known:
            return f"{shown} is the name of {other} in line {first}, and the code is {code}"
        before, first = self._name_of.get(code, (name, 0))
        if before != name and not (known and self._known.get(before)):
            return f"{shown} is another name than {code} has in line {first}"
        return ""
