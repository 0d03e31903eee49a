"""What of a thing a shape looks at: of which properties the values decide.

Where that cannot be told, as with inverse paths, everything may decide. Only a thing is meant that
nothing refers to, so that no path leads back to it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import takewhile

from pyoxigraph import NamedNode

from kzgraph.namespaces import SH, TYPE
from kzgraph.sparql.lexer import Kind, Token, tokens
from kzgraph.validation.constraints import SparqlConstraint
from kzgraph.validation.data import Data
from kzgraph.validation.property_paths import ALTERNATIVE, Compound, Path
from kzgraph.validation.shape import Constraint, Shape

_INVERSE, _ONE_OR_MORE = SH["inversePath"], SH["oneOrMorePath"]
#: What bounds numbers, what looks at their type and how many there are, and what combines shapes.
_LIMITS = frozenset({"MinInclusive", "MinExclusive", "MaxInclusive", "MaxExclusive"})
_OF_TYPE = frozenset({"Datatype", "NodeKind", "MinCount", "MaxCount"})
_LOGICAL = frozenset({"Or", "And", "Xone", "Not", "Node"})
_COMPARING = frozenset({"Equals", "Disjoint", "LessThan", "LessThanOrEquals"})
#: The words of a query that is understood here; what it is otherwise may depend on everything.
_WORDS = frozenset({"FILTER", "NOT", "EXISTS", "TRUE", "FALSE", "A"})
_SIGNS = frozenset("{}.;/")
_NAMES = (Kind.IRI, Kind.NAME)


@dataclass(frozen=True)
class Looks:
    """What of a thing decides.

    Attributes:
        properties: those whose values do, or that there are none.
        itself: whether its own IRI does.
        presence: whether it does which other properties it has.
    """

    properties: frozenset[NamedNode] = frozenset()
    itself: bool = False
    presence: bool = False


@dataclass(frozen=True)
class Part:
    """A part of a shape, which has violations or none, whatever the other parts have.

    Attributes:
        looks: what of the thing it depends on; None for everything.
        allows: whether a thing has no violations of it.
        queried: whether it asks a query.
        is_range: whether, of integers that are the only value, it allows those between two that it
            allows.
    """

    looks: Looks | None
    allows: Callable[[Data, NamedNode], bool]
    queried: bool = False
    is_range: bool = False


def find_parts(shape: Shape) -> Iterator[Part]:
    """The parts of a shape with targets, as far as they can be told apart."""
    if shape.deactivated:
        return
    if shape.path is not None:
        yield Part(_look_by(shape), shape.allows, is_range=_is_range(shape))
        return
    for constraint in shape.constraints:
        yield _part(constraint)
    for inner in shape.properties:
        yield Part(_look_by(inner), inner.allows, is_range=_is_range(inner))


def _is_range(shape: Shape) -> bool:
    """See `Part`; False where it cannot be told."""
    return (
        isinstance(shape.path, NamedNode)
        and not shape.properties
        and all(each.component in _LIMITS or _is_same(each) for each in shape.constraints)
    )


def _is_same(constraint: Constraint) -> bool:
    """Whether a constraint says the same of all integers that are the only value."""
    if constraint.component in _LOGICAL:
        return all(
            each.path is None and not each.properties and all(map(_is_same, each.constraints))
            for each in constraint.members
        )
    return constraint.component in _OF_TYPE


def _part(constraint: Constraint) -> Part:
    query, check = constraint.query, constraint.check
    if query is not None:
        return Part(_look_of_query(query), query.allows, queried=True)

    def allows(data: Data, thing: NamedNode) -> bool:
        return next(check(data, thing, [thing]), None) is None

    return Part(_look_of(constraint, None), allows)


def _look_by(shape: Shape) -> Looks | None:
    """What of a thing a shape looks at, whose focus node it is."""
    if shape.deactivated:
        return Looks()
    found = [_look_of(each, shape.path) for each in shape.constraints]
    if shape.path is None:
        found += map(_look_by, shape.properties)
    else:
        heads = _heads(shape.path)
        known = heads is not None and all(map(_leads_forward, shape.properties))
        found.append(Looks(frozenset(heads or ())) if known else None)
    return _unite(found)


def _look_of(constraint: Constraint, path: Path | None) -> Looks | None:
    """What of a thing a constraint of a shape with such a path looks at."""
    component, parameter = constraint.component, constraint.parameter
    if constraint.query is not None:
        return _look_of_query(constraint.query) if path is None else None
    if component == "Closed":
        return None
    compared = component in _COMPARING and isinstance(parameter, NamedNode)
    other = frozenset({parameter} if compared else ())
    if path is not None:
        heads = _heads(path)
        if heads is None or not all(map(_leads_forward, constraint.members)):
            return None
        return Looks(heads | other)  # type: ignore[operator]
    if constraint.members:
        return _unite(map(_look_by, constraint.members))
    if component == "Class":
        return Looks(frozenset({TYPE}))
    if component == "NodeKind":
        return Looks()  # What is looked at has an IRI.
    return Looks(other, itself=True)  # type: ignore[arg-type]


def _unite(found: Iterable[Looks | None]) -> Looks | None:
    def join(one: Looks | None, other: Looks | None) -> Looks | None:
        if one is None or other is None:
            return None
        return Looks(
            one.properties | other.properties,
            one.itself or other.itself,
            one.presence or other.presence,
        )

    nothing: Looks | None = Looks()
    return reduce(join, found, nothing)


def _heads(path: Path) -> frozenset[NamedNode] | None:
    """The properties of the first step; None where it may be none, or leads back."""
    if isinstance(path, NamedNode):
        return frozenset({path})
    if not _is_forward(path):
        return None
    if path.kind == ALTERNATIVE:
        parts = [_heads(part) for part in path.parts]
        known = [part for part in parts if part is not None]
        return frozenset().union(*known) if len(known) == len(parts) else None
    if path.kind is None or path.kind == _ONE_OR_MORE:
        return _heads(path.parts[0])
    return None


def _is_forward(path: Path) -> bool:
    if isinstance(path, Compound):
        return path.kind != _INVERSE and all(map(_is_forward, path.parts))
    return True


def _leads_forward(shape: Shape) -> bool:
    """Whether a shape that a value is checked against looks at it and where it leads to."""
    return (
        (shape.path is None or _is_forward(shape.path))
        and all(each.query is None for each in shape.constraints)
        and all(_leads_forward(each) for one in shape.constraints for each in one.members)
        and all(map(_leads_forward, shape.properties))
    )


def _look_of_query(constraint: SparqlConstraint) -> Looks | None:
    """What of a thing a query looks at: patterns that go forward from `$this`, and nothing else."""
    query = constraint.query
    if constraint.path is not None or query.may_take_no_steps or not query.for_all:
        return None
    found = list(tokens(query.text))
    start = len(list(takewhile(lambda token: token.text != "{", found)))
    return _Walk(found[start:], constraint.prefixes).look()


class _Walk:
    """Goes through the statements of a query."""

    def __init__(self, found: Sequence[Token], prefixes: Mapping[str, str]) -> None:
        self._tokens = found
        self._prefixes = prefixes
        self._at = 0
        #: The variables that a value has been found for, in each group that is open.
        self._reached = [{"this"}]
        self._properties: set[NamedNode] = set()
        self._presence = False

    def look(self) -> Looks | None:
        strange = (
            token
            for token in self._tokens
            if (token.kind is Kind.WORD and token.text.upper() not in _WORDS)
            or (token.kind is Kind.SIGN and token.text not in _SIGNS)
            or token.kind is Kind.BLANK
        )
        if next(strange, None) is not None:
            return None
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.text == "{":
                self._reached.append({*self._reached[-1]})
            elif token.text == "}":
                self._reached.pop()
            if token.text in "{}." or (token.kind is Kind.WORD and token.text.upper() != "A"):
                self._at += 1
            elif not self._read_statements():
                return None
        return Looks(frozenset(self._properties), presence=self._presence)

    def _next(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _read_statements(self) -> bool:
        """Read the statements about a subject; whether they are understood."""
        subject = self._next()
        if subject.kind is not Kind.VARIABLE or subject.text[1:] not in self._reached[-1]:
            return False
        about_this = subject.text[1:] == "this"
        while True:
            verb = self._next()
            if verb.kind not in (*_NAMES, Kind.VARIABLE) and verb.text != "a":
                return False
            while self._tokens[self._at].text == "/":
                self._at += 1
                if self._next().kind not in _NAMES:
                    return False
            value = self._next()
            if value.kind is Kind.VARIABLE:
                if value.text[1:] == "this":
                    return False
                self._reached[-1].add(value.text[1:])
            elif value.kind is Kind.SIGN:
                return False
            if about_this and not self._look_at(verb, value):
                return False
            if self._tokens[self._at].text != ";":
                return True
            self._at += 1

    def _look_at(self, verb: Token, value: Token) -> bool:
        """Note what a statement about `$this` looks at; whether that can be told."""
        if verb.kind is Kind.VARIABLE:
            # A value that nothing else asks for: it is there, or none is.
            names = [token.text[1:] for token in self._tokens if token.kind is Kind.VARIABLE]
            self._presence = True
            return value.kind is Kind.VARIABLE and names.count(value.text[1:]) == 1
        if verb.text == "a":
            self._properties.add(TYPE)
        elif verb.kind is Kind.IRI:
            self._properties.add(NamedNode(verb.text[1:-1]))
        else:
            prefix, _, local = verb.text.partition(":")
            if prefix not in self._prefixes or "\\" in local:
                return False
            self._properties.add(NamedNode(self._prefixes[prefix] + local))
        return True
