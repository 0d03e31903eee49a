"""How a claim was read, as fields of a form: who sees a piece misread says what it is.

A field holds for all numbers of a claim. Empty it leaves what was read; `none` says that the claim
says nothing of it. Its name, in the address too, is that of the dimension.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode, Store
from werkzeug.datastructures import MultiDict

from kzgraph.checking import Answer, Dimension
from kzgraph.checking.answer_words import Telling, name_code, name_dimension
from kzgraph.iri import ID, is_path, term
from kzgraph.namespaces import TYPE
from kzgraph.problem import Problem
from kzgraph_server.negotiate import read_one
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.served import Served, compute_once

#: Codes by what they are about, as a checker has them; empty where a claim says nothing of it.
Corrections = Mapping[Dimension, str]
#: Says that a claim says nothing of a dimension.
NONE = "none"
#: A time as it is typed: a year, a month, a day, or since a year.
TIME = re.compile(r"(?:1[89]|20)[0-9]{2}(?:-[01][0-9](?:-[0-3][0-9])?|--)?")
#: Figures of documents that choices are taken from, and choices of one field.
_MOST_READ, _MOST_CHOICES = 50_000, 400


@dataclass(frozen=True)
class _Kind:
    """What the values of a dimension are.

    Attributes:
        properties: those of figures that have the values, if they are things.
        beginnings: the paths of these begin with one of them; the first where it is left out.
        words: the values, if they are none.
    """

    properties: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


_KINDS = {
    Dimension.PLACE: _Kind(("scope",), ("country", "operation", "organisation", "region")),
    Dimension.TIME: _Kind(),
    Dimension.GROUP: _Kind(("populationGroup",), ("population-group",)),
    Dimension.ORIGIN: _Kind(("origin",), ("country",)),
    Dimension.QUANTITY: _Kind(("quantity", "indicator"), ("quantity", "indicator")),
    Dimension.SERIES: _Kind(("series",), ("series",)),
    Dimension.REGISTERED_BY: _Kind(("registeredBy",), ("registered-by",)),
    Dimension.STATUS: _Kind(words=("ahead",)),
    Dimension.HEDGE: _Kind(words=("exact", "approximate", "lower", "upper")),
    Dimension.UNIT: _Kind(("unit",), ("unit",)),
    Dimension.DIRECTION: _Kind(words=("up", "down")),
}
#: Values that tell nothing apart.
_UNTOLD = frozenset({"registered-by/not-stated", "unit/not-stated"})


@dataclass(frozen=True)
class Field:
    """A field of the form.

    Attributes:
        name: the parameter.
        heading: what it is about.
        value: what was read, or chosen; empty where nothing or several things were read.
        choices: values and their names; none of what is typed.
        is_read: whether anything was read.
        is_corrected: whether somebody chose it.
    """

    name: str
    heading: str
    value: str
    choices: list[tuple[str, str]]
    is_read: bool
    is_corrected: bool

    @property
    def is_shown(self) -> bool:
        """Whether there is something to correct, or was."""
        return self.is_read or self.is_corrected


def read_corrections(parameters: MultiDict[str, str], answer: Answer, store: Store) -> Corrections:
    """What somebody says that a claim says, where that is not what was read anyway.

    Args:
        parameters: of the address.
        answer: to the claim as it was read.
        store: the release.

    Raises:
        Problem: 400, where a value is not one of its kind, or one of two.
    """
    found: dict[Dimension, str] = {}
    for dimension, kind in _KINDS.items():
        name = dimension.value
        value = (read_one(name, parameters.getlist(name)) or "").strip()
        if not value or value == _find_common(answer, dimension):
            continue
        read = {
            code.removeprefix(ID): code
            for each in answer.numbers
            for code in each.number.codes(dimension)
        }
        if value == NONE:
            found[dimension] = ""
        elif value in read:
            # What was read of another number, which may be no thing of the release.
            found[dimension] = read[value]
        elif value in kind.words or (dimension is Dimension.TIME and _is_time(value)):
            found[dimension] = value
        else:
            found[dimension] = _find_thing(dimension, value, store)
    return found


def _find_common(answer: Answer, dimension: Dimension) -> str:
    """What was read of a dimension for each number alike; empty where that is nothing or much."""
    read = {tuple(each.number.codes(dimension)) for each in answer.numbers}
    codes = read.pop() if len(read) == 1 else ()
    return codes[0].removeprefix(ID) if len(codes) == 1 else ""


def _is_time(value: str) -> bool:
    if TIME.fullmatch(value) is None:
        return False
    try:
        # With what it lacks of a day: its month and its day have to be some of a calendar.
        date.fromisoformat(value.removesuffix("--") + "-01-01"[len(value.removesuffix("--")) - 4 :])
    except ValueError:
        return False
    return True


def _find_thing(dimension: Dimension, value: str, store: Store) -> str:
    """The IRI of a thing by its path, or by the end of that."""
    kind = _KINDS[dimension]
    if kind.beginnings:
        path = value if "/" in value else f"{kind.beginnings[0]}/{value}"
        if path.split("/")[0] in kind.beginnings and is_path(path):
            node = NamedNode(ID + path)
            if any(True for _quad in store.quads_for_pattern(node, TYPE, None, None)):
                return node.value
    known = kind.words or compute_once(_list_values)[dimension][:10] or ("2018", "2018-12-31")
    raise Problem(
        400, f"{dimension.value}={value[:80]!r} is not known; there are: {', '.join(known)}."
    )


def list_fields(answer: Answer, corrected: Corrections, telling: Telling) -> list[Field]:
    """The fields of the form about a claim, prefilled with what was read or chosen."""
    found = []
    for dimension, kind in _KINDS.items():
        read = {
            each.code.removeprefix(ID): each.words
            for number in answer.numbers
            for each in number.number.read
            if each.dimension is dimension
        }
        if dimension in corrected:
            chosen = corrected[dimension].removeprefix(ID) or NONE
        else:
            chosen = _find_common(answer, dimension)
        offered = kind.words or compute_once(_list_values)[dimension]
        values = [] if dimension is Dimension.TIME else [*offered, *read]
        named = {
            value: name_code(
                dimension,
                f"{ID}{value}" if "/" in value else value,
                telling,
                _,
                read.get(value, ""),
            )
            for value in values
        }
        found.append(
            Field(
                dimension.value,
                name_dimension(dimension, _),
                chosen,
                sorted(named.items(), key=lambda each: each[1].casefold()),
                bool(read) and dimension not in corrected,
                dimension in corrected,
            )
        )
    return found


def _list_values(now: Served) -> dict[Dimension, list[str]]:
    """The paths of things that figures of documents have, those that most have first."""
    counted: dict[Dimension, dict[str, int]] = {each: {} for each in Dimension}
    stated = now.store.quads_for_pattern(None, TYPE, term("StatedFigure"), None)
    for quad, _number in zip(stated, range(_MOST_READ), strict=False):
        for dimension, kind in _KINDS.items():
            for name in kind.properties:
                for said in now.store.quads_for_pattern(quad.subject, term(name), None, None):
                    path = getattr(said.object, "value", "").removeprefix(ID)
                    if path.split("/")[0] in kind.beginnings and path not in _UNTOLD:
                        counts = counted[dimension]
                        counts[path] = counts.get(path, 0) + 1
    return {
        dimension: sorted(counts, key=lambda path: (-counts[path], path))[:_MOST_CHOICES]
        for dimension, counts in counted.items()
    }
