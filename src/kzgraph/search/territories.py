"""What countries and territories are called, here and elsewhere.

Two sources: `mappings/sources/countries.csv`, by which official tables are read (its README says
where its names come from), and what each is called in its own languages, from the Unicode Common
Locale Data Repository (https://cldr.unicode.org/) that Babel carries. They are ways to find a
country, not names that the project publishes.
"""

import csv
from collections.abc import Iterator
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages

from kzgraph.namespaces import LANGUAGES
from kzgraph.resources import folder

#: Columns with one name each, by its language, and with several of no stated one.
_NAMES = {f"name_{language}": language for language in LANGUAGES}
_OTHERS = ("unhcr_names", "other_names")


@cache
def name_territory(code: str) -> tuple[tuple[str, str], ...]:
    """The names of a territory, each with its language or nothing, those of the project first.

    Args:
        code: two letters of ISO 3166-1; of what is not there, there are no names.

    >>> ("Deutschland", "de") in name_territory("DE"), name_territory("??")
    (True, ())
    """
    found: dict[str, str] = {}
    for text, language in (*_read_table().get(code, ()), *_name_by_locale(code)):
        found.setdefault(text, language)
    return tuple(found.items())


@cache
def list_territories() -> tuple[str, ...]:
    """The codes of all countries and territories: two letters of ISO 3166-1."""
    return tuple(_read_table())


def _name_by_locale(code: str) -> Iterator[tuple[str, str]]:
    for language in (*LANGUAGES, *get_official_languages(code, de_facto=True)):
        name = _read_locale(language).get(code)
        if name:
            yield name, language.replace("_", "-")


@cache
def _read_table() -> dict[str, list[tuple[str, str]]]:
    path = folder("mappings") / "sources" / "countries.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["iso2"]: list(_read_row(row)) for row in csv.DictReader(file) if row["iso2"]}


def _read_row(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    for column, language in _NAMES.items():
        yield row[column], language
    for column in _OTHERS:
        for name in filter(None, row[column].split("|")):
            yield name.removeprefix("the "), ""


@cache
def _read_locale(language: str) -> dict[str, str]:
    try:
        return dict(Locale.parse(language).territories)
    except UnknownLocaleError:  # CLDR has not the data of every official language.
        return {}
