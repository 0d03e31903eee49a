"""How a claim was read, as fields of a form: who sees a piece misread says what it is.

A field holds for all numbers of a claim. Empty it leaves what was read; `none` says that the claim
says nothing of it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode, Store
from werkzeug.datastructures import MultiDict

from kzgraph.checking import Answer, Dimension
from kzgraph.checking.answer_words import name_dimension
from kzgraph.iri import ID, is_path, term
from kzgraph.namespaces import TYPE
from kzgraph.problem import Problem
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.views import Viewer
from kzgraph_server.served import Served, compute_once

#: Codes by what they are about; empty where a claim says nothing of it.
Corrections = Mapping[Dimension, str]
#: Says that a claim says nothing of a dimension.
NONE = "none"
#: Figures of documents that choices are taken from, and choices of one field.
_MOST_READ, _MOST_CHOICES = 50_000, 400
_YEAR = re.compile(r"(?:1[89]|20)[0-9]{2}")


@dataclass(frozen=True)
class _Kind:
    """What the values of a dimension are.

    Attributes:
        parameter: the parameter of the address.
        properties: those of figures that have the values.
        beginnings: the paths of values begin with one of these; the first where it is left out.
    """

    parameter: str
    properties: tuple[str, ...]
    beginnings: tuple[str, ...]


_KINDS = {
    Dimension.PLACE: _Kind("place", ("scope",), ("country", "operation", "organisation", "region")),
    Dimension.TIME: _Kind("year", (), ()),
    Dimension.GROUP: _Kind("group", ("populationGroup",), ("population-group",)),
    Dimension.ORIGIN: _Kind("origin", ("origin",), ("country", "origin")),
    Dimension.QUANTITY: _Kind("quantity", ("quantity", "indicator"), ("quantity", "indicator")),
    Dimension.SERIES: _Kind("series", ("series",), ("series",)),
    Dimension.REGISTERED_BY: _Kind("registered-by", ("registeredBy",), ("registered-by",)),
    Dimension.STATUS: _Kind("status", ("status",), ("status",)),
    Dimension.HEDGE: _Kind("hedge", ("bound",), ("bound",)),
    Dimension.UNIT: _Kind("unit", ("unit",), ("unit",)),
}
#: The parameters of the address by what they are about.
PARAMETERS = {each.parameter: dimension for dimension, each in _KINDS.items()}
#: Values that tell nothing apart.
_UNTOLD = frozenset({"origin/all", "registered-by/not-stated", "unit/not-stated"})


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


def read_corrections(parameters: MultiDict[str, str], store: Store) -> Corrections:
    """What somebody says that a claim says: codes, as a checker has them.

    Raises:
        Problem: 400, where a value is not one of its kind.
    """
    found: dict[Dimension, str] = {}
    for name, dimension in PARAMETERS.items():
        value = parameters.get(name, "").strip()
        if value == NONE:
            found[dimension] = ""
        elif value:
            found[dimension] = _read_value(dimension, value, store)
    return found


def _read_value(dimension: Dimension, value: str, store: Store) -> str:
    kind = _KINDS[dimension]
    if dimension is Dimension.TIME:
        if not _YEAR.fullmatch(value):
            raise Problem(400, f"year={value[:40]!r} is not a year, such as 2018.")
        return value
    path = value if "/" in value else f"{kind.beginnings[0]}/{value}"
    if path.split("/")[0] in kind.beginnings and is_path(path):
        node = NamedNode(ID + path)
        if any(True for _quad in store.quads_for_pattern(node, TYPE, None, None)):
            return node.value
    known = ", ".join(compute_once(_list_values)[dimension][:10])
    raise Problem(400, f"{kind.parameter}={value[:80]!r} is not one of the codes, such as {known}.")


def list_fields(answer: Answer, corrected: Corrections, viewer: Viewer) -> list[Field]:
    """The fields of the form about a claim, prefilled with what was read or chosen."""
    values = compute_once(_list_values)
    found = []
    for name, dimension in PARAMETERS.items():
        read = {code for each in answer.numbers for code in each.number.codes(dimension)}
        if dimension in corrected:
            code = corrected[dimension]
            chosen = _write(dimension, code) if code else NONE
        else:
            chosen = _write(dimension, next(iter(read))) if len(read) == 1 else ""
        choices = []
        if dimension is not Dimension.TIME:
            offered = dict.fromkeys(
                (*values[dimension], *(_write(dimension, each) for each in read))
            )
            if chosen not in ("", NONE):
                offered.setdefault(chosen)
            choices = _name(offered, viewer)
        heading = name_dimension(dimension, _)
        found.append(Field(name, heading, chosen, choices, bool(read), dimension in corrected))
    return found


def _write(dimension: Dimension, code: str) -> str:
    """A code as an address has it."""
    path = code.removeprefix(ID)
    if dimension is Dimension.TIME or "/" in path:
        return path
    return f"{_KINDS[dimension].beginnings[0]}/{path}"


def _name(paths: Iterable[str], viewer: Viewer) -> list[tuple[str, str]]:
    """Values with what they are called, by name."""
    named = (
        (path, viewer.named(NamedNode(ID + path)).text if is_path(path) else path) for path in paths
    )
    return sorted(named, key=lambda each: each[1].casefold())


def _list_values(now: Served) -> dict[Dimension, list[str]]:
    """The values that figures of documents have, those that most have first."""
    counted: dict[Dimension, dict[str, int]] = {each: {} for each in Dimension}
    stated = now.store.quads_for_pattern(None, TYPE, term("StatedFigure"), None)
    for quad, _number in zip(stated, range(_MOST_READ), strict=False):
        for dimension, kind in _KINDS.items():
            for name in kind.properties:
                for said in now.store.quads_for_pattern(quad.subject, term(name), None, None):
                    path = getattr(said.object, "value", "").removeprefix(ID)
                    if is_path(path) and path not in _UNTOLD and "/" in path:
                        counts = counted[dimension]
                        counts[path] = counts.get(path, 0) + 1
    return {
        dimension: sorted(counts, key=lambda path: (-counts[path], path))[:_MOST_CHOICES]
        for dimension, counts in counted.items()
    }
