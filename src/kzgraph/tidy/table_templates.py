"""The tables: a query each, whose comments are its filters.

A line `#? NAME PATTERN` is a pattern that belongs to the query only where the filter NAME is given.
`$` in it stands for its values separated by blanks, as VALUES has them, and `$,` separated by
commas, as IN has them; a pattern with neither is a switch, which is turned round for `false`. A
line `#?` alone repeats the patterns of all filters that are given: an OPTIONAL is evaluated by
itself, and without them for every cell of the graph. As it stands a template is the query of the
whole table.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from kzgraph.namespaces import LANGUAGES
from kzgraph.resources import folder

#: Its first lines: `# title: ...`.
_SAID = re.compile(r"# (\w+): (.+)\n")
_FILTER = re.compile(r"^ *#\? (\w+) (.+)\n", re.MULTILINE)
_AGAIN = re.compile(r"^ *#\?\n", re.MULTILINE)
#: What a filter binds, and how it says to what.
_CHOSEN = re.compile(r"\?(_\w+)")
_CHOICE = re.compile(r"VALUES \?\w+ \{ \$ \} ?| ?FILTER\(\?\w+ IN \(\$,\)\)")
_SELECTED = re.compile(r"\?(\w+)")
#: The label of a thing in one language, which each template asks for in English.
_IN_ENGLISH = '= "en")'
#: The values of a switch.
SWITCH = ("true", "false")

#: Texts by language: en, ru, kk.
Texts = Mapping[str, str]


@dataclass(frozen=True)
class Column:
    """A column, which means the same in each table that has it.

    Attributes:
        name: in the header.
        datatype: of XML Schema, without its prefix, as CSVW calls it; of texts `string`.
        texts: what it means.
    """

    name: str
    datatype: str
    texts: Texts


@dataclass(frozen=True)
class Filter:
    """A parameter of the addresses of tables that chooses rows.

    Attributes:
        name: of the parameter.
        kind: `code`, one of a list; `word`; `year`; `switch`, true or false.
        list: of codes, the name of the list; of words, these, separated by blanks.
        example: a value.
        texts: what it means.
    """

    name: str
    kind: str
    list: str
    example: str
    texts: Texts


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        name: in its address.
        titles: what it is called.
        texts: what is in it.
        key: the columns that together are different in each row.
        columns: in their order.
        filters: what can be given, in the order of the template.
        template: the query of the whole table, without its first lines; nothing where a release
            has the table as a file alone.
    """

    name: str
    titles: Texts
    texts: Texts
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    template: str

    def find_filter(self, name: str) -> Filter | None:
        """The filter called `name`; None where there is none."""
        return next((each for each in self.filters if each.name == name), None)


@cache
def read_tables() -> Mapping[str, Table]:
    """The tables that ship with kzgraph, by their names, the most wanted first.

    Raises:
        KeyError: a template has a column or a filter that `columns.csv` or `filters.csv` does not
            describe, or lacks one of its first lines.
    """
    root = folder("queries") / "tables"
    columns = read_columns()
    filters = read_filters()
    found = {}
    places = {}
    for path in sorted(root.glob("*.rq")):
        text, said = path.read_text("utf-8"), {}
        while opening := _SAID.match(text):
            said[opening[1]] = opening[2].strip()
            text = text[opening.end() :]
        places[path.stem] = int(said["place"])
        found[path.stem] = Table(
            path.stem,
            _said("title", said),
            _said("about", said),
            tuple(said["key"].split()),
            tuple(columns[name] for name in _SELECTED.findall(text.partition("WHERE")[0])),
            tuple(filters[name] for name, _pattern in _FILTER.findall(text)),
            text,
        )
    return dict(sorted(found.items(), key=lambda each: places[each[0]]))


@cache
def read_filters() -> Mapping[str, Filter]:
    """All filters that a table can have, by their names."""
    return {
        row["name"]: Filter(row["name"], row["kind"], row["list"], row["example"], _texts(row))
        for row in _rows((folder("queries") / "tables" / "filters.csv").read_text("utf-8"))
    }


@cache
def read_columns() -> Mapping[str, Column]:
    """What the columns of tables mean, by their names."""
    text = (folder("queries") / "tables" / "columns.csv").read_text("utf-8")
    return {row["name"]: Column(row["name"], row["datatype"], _texts(row)) for row in _rows(text)}


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def _texts(row: Mapping[str, str]) -> Texts:
    return {language: row[language] for language in LANGUAGES}


def _said(name: str, said: Mapping[str, str]) -> Texts:
    return {each: said[name if each == "en" else f"{name}_{each}"] for each in LANGUAGES}


def write_query(table: Table, values: Mapping[str, Mapping[str, str]], language: str = "en") -> str:
    """The query of a table, in SPARQL; it uses prefixes of the project undeclared.

    Args:
        table: the table.
        values: by the names of filters, each value with its term as SPARQL writes it, or `true` or
            `false` of a switch. They come from `read_values`, which lets nothing else through.
        language: of the labels: en, ru or kk.

    Raises:
        ValueError: there is no such language.
    """
    if language not in LANGUAGES:
        raise ValueError(f"there is no language {language!r}")

    def choose(line: re.Match[str]) -> str:
        terms, pattern = list(values.get(line[1], {}).values()), line[2]
        if not terms:
            return ""
        if "$" not in pattern:
            pattern = pattern if terms == ["true"] else f"FILTER NOT EXISTS {{ {pattern} }}"
        elif len(terms) == 1:
            # A value that stands in the pattern itself is one that the store can count with, and by
            # which a column has its hashtag.
            [variable] = set(_CHOSEN.findall(pattern))
            pattern = _CHOICE.sub("", pattern).replace(f"?{variable}", terms[0])
        return f"  {pattern.replace('$,', ', '.join(terms)).replace('$', ' '.join(terms))}\n"

    query = _AGAIN.sub("".join(map(choose, _FILTER.finditer(table.template))), table.template)
    query = _FILTER.sub(choose, query)
    return query.replace(_IN_ENGLISH, f'= "{language}")')
