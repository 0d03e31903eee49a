"""What the filters of a table were given, as terms of a query."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from kzgraph.namespaces import LANGUAGES
from kzgraph.tidy.code_lists import Code, UnknownCode, find_nearest
from kzgraph.tidy.table_templates import SWITCH, Filter, Table

#: The parameter that names the language of labels.
LANGUAGE = "lang"
#: Values of one filter; years of one range.
MOST_VALUES = 300
_YEARS = re.compile(r"([0-9]{4})(?:-([0-9]{4}))?", re.ASCII)

#: Finds a code of a list, or raises UnknownCode: `CodeLists.find` or `CodeLists.find_named`.
FindCode = Callable[[str, str], Code]


class UnknownFilter(ValueError):
    """A filter or one of its values is none that the table has; says what would be right."""


#: What filters were given: by their names, each value with its term in a query.
Values = Mapping[str, Mapping[str, str]]


def read_values(
    table: Table, given: Iterable[tuple[str, str]], find: FindCode, *, separated: bool = True
) -> Values:
    """The terms of each filter, as `write_query` takes them.

    Several values of a filter mean any of them: repeated, or separated by commas. Years may be a
    range, `2014-2018`. An empty value is none.

    Args:
        table: the table.
        given: names of filters, and values as an address has them.
        find: finds a code.
        separated: whether commas separate values; names may have some.

    Raises:
        UnknownFilter: names the parameter and what would be right.
    """
    found: dict[str, dict[str, str]] = {}
    for name, text in given:
        known = table.find_filter(name)
        if known is None:
            raise UnknownFilter(_describe_unknown(table, name))
        parts = text.split(",") if separated or known.kind == "year" else [text]
        for part in filter(None, map(str.strip, parts)):
            terms = found.setdefault(name, {})
            terms |= _terms(known, part, find)
            if len(terms) > MOST_VALUES:
                raise UnknownFilter(f"{name} has more than {MOST_VALUES} values")
    for name, terms in found.items():
        if set(SWITCH) <= terms.keys():
            raise UnknownFilter(f"{name} is both true and false: leave it out for both")
    return found


def _terms(known: Filter, text: str, find: FindCode) -> dict[str, str]:
    if known.kind == "switch":
        if text.lower() not in SWITCH:
            raise UnknownFilter(f"{known.name}={text[:40]!r} is neither true nor false")
        return {text.lower(): text.lower()}
    if known.kind == "year":
        return _years(known.name, text)
    if known.kind == "word":
        words = known.list.split()
        if text.lower() not in words:
            raise UnknownFilter(f"{known.name}={text[:40]!r} is none of {', '.join(words)}")
        return {text.lower(): text.lower()}
    try:
        code = find(known.list, text)
    except UnknownCode as error:
        raise UnknownFilter(f"{known.name}: {error}") from None
    return {code.code: f"<{code.iri}>"}


def _years(name: str, text: str) -> dict[str, str]:
    span = _YEARS.fullmatch(text)
    if span is None:
        example = "a year such as 2018, nor a range such as 2014-2018"
        raise UnknownFilter(f"{name}={text[:40]!r} is not {example}")
    first, last = int(span[1]), int(span[2] or span[1])
    if not first <= last < first + MOST_VALUES:
        raise UnknownFilter(f"{name}={text!r} is not a range, from the first year to the last")
    return {str(year): str(year) for year in range(first, last + 1)}


def needs_codes(table: Table, names: Iterable[str]) -> bool:
    """Whether a filter among `names` takes codes."""
    found = map(table.find_filter, names)
    return any(each is not None and each.kind == "code" for each in found)


def _describe_unknown(table: Table, name: str) -> str:
    names = [each.name for each in table.filters]
    near = find_nearest(name, [*names, LANGUAGE])
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    every = ", ".join([*names, LANGUAGE])
    return f"the table {table.name} has no filter {name[:40]!r}; it has {every}.{hint}"


def read_language(values: Sequence[str]) -> str:
    """The language that a parameter names; English where it names none.

    Raises:
        UnknownFilter: there is no such language.
    """
    given = dict.fromkeys(filter(None, values)) or {"en": None}
    language = next(iter(given))
    if len(given) > 1 or language not in LANGUAGES:
        raise UnknownFilter(f"{LANGUAGE} is one of {', '.join(LANGUAGES)}")
    return language


def write_parameters(table: Table, values: Values, language: str) -> list[tuple[str, str]]:
    """Filters as the parameters of an address: one way for each choice of rows.

    Args:
        table: the table.
        values: of `read_values`.
        language: of the labels; of a table that is a file nothing, for those in all languages
            beside each other.
    """
    usual = "en" if table.template else ""
    pairs = [
        (each.name, ",".join(sorted(values[each.name])))
        for each in table.filters
        if values.get(each.name)
    ]
    return [*pairs, *([(LANGUAGE, language)] if language != usual else [])]
