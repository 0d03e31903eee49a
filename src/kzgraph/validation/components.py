"""The constraint components of SHACL Core that look at values, not at other shapes.

Each is a function of a parameter's value that gives a check: called with the data, a focus node
and its value nodes, it yields what violates it, a value node or None where no single one does.
The definitions: https://www.w3.org/TR/shacl/#core-components
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from kzgraph.namespaces import SH, XSD, Term
from kzgraph.validation.data import Data, Finding
from kzgraph.validation.errors import ShapesRefused
from kzgraph.validation.literals import less, value
from kzgraph.validation.regex import matcher

Findings: TypeAlias = Iterator[Finding]
Check: TypeAlias = Callable[[Data, Term, Sequence[Term]], Findings]

_KINDS: dict[str, tuple[type, ...]] = {
    "IRI": (NamedNode,),
    "BlankNode": (BlankNode,),
    "Literal": (Literal,),
    "BlankNodeOrIRI": (BlankNode, NamedNode),
    "BlankNodeOrLiteral": (BlankNode, Literal),
    "IRIOrLiteral": (NamedNode, Literal),
}


def _each(fails: Callable[[Data, Term], bool]) -> Check:
    """The check of each value node by itself."""

    def check(data: Data, _focus: Term, values: Sequence[Term]) -> Findings:
        return (Finding(term) for term in values if fails(data, term))

    return check


def _whole(fails: Callable[[Sequence[Term]], bool]) -> Check:
    """The check of all value nodes together."""

    def check(_data: Data, _focus: Term, values: Sequence[Term]) -> Findings:
        return iter([Finding(None)] if fails(values) else [])

    return check


def class_(wanted: Term) -> Check:
    """Each value is an instance, https://www.w3.org/TR/shacl/#ClassConstraintComponent."""
    node = iri(wanted)
    return _each(lambda data, term: not data.is_instance(term, node))


def datatype(wanted: Term) -> Check:
    """Each value is a literal whose text its datatype allows.

    https://www.w3.org/TR/shacl/#DatatypeConstraintComponent
    """
    node = iri(wanted)
    return _each(
        lambda _, term: (
            not isinstance(term, Literal) or term.datatype != node or value(term) is None
        )
    )


def node_kind(wanted: Term) -> Check:
    """Each value is of a kind, https://www.w3.org/TR/shacl/#NodeKindConstraintComponent."""
    allowed = _KINDS.get(iri(wanted).value.removeprefix(SH.iri))
    if allowed is None:
        raise ShapesRefused(f"{wanted} is not a node kind of SHACL")
    return _each(lambda _, term: not isinstance(term, allowed))


def min_count(limit: Term) -> Check:
    """At least so many, https://www.w3.org/TR/shacl/#MinCountConstraintComponent."""
    least = count(limit)
    return _whole(lambda values: len(values) < least)


def max_count(limit: Term) -> Check:
    """At most so many, https://www.w3.org/TR/shacl/#MaxCountConstraintComponent."""
    most = count(limit)
    return _whole(lambda values: len(values) > most)


def _limit(fails: Callable[[Term, Term], bool]) -> Callable[[Term], Check]:
    """The check of each value against a limit, which is a literal.

    https://www.w3.org/TR/shacl/#core-components-range
    """

    def make(limit: Term) -> Check:
        literal(limit)
        return _each(lambda _, term: fails(limit, term))

    return make


#: No value so small, and none below.
min_exclusive = _limit(lambda limit, term: not less(limit, term))
min_inclusive = _limit(lambda limit, term: not less(limit, term, or_equal=True))
#: No value so great, and none above.
max_exclusive = _limit(lambda limit, term: not less(term, limit))
max_inclusive = _limit(lambda limit, term: not less(term, limit, or_equal=True))


def min_length(limit: Term) -> Check:
    """No text shorter, https://www.w3.org/TR/shacl/#MinLengthConstraintComponent."""
    least = count(limit)
    return _each(lambda _, term: (text := _text(term)) is None or len(text) < least)


def max_length(limit: Term) -> Check:
    """No text longer, https://www.w3.org/TR/shacl/#MaxLengthConstraintComponent."""
    most = count(limit)
    return _each(lambda _, term: (text := _text(term)) is None or len(text) > most)


def pattern(expression: Term, flags: Term | None = None) -> Check:
    """Each value matches, https://www.w3.org/TR/shacl/#PatternConstraintComponent."""
    matches = matcher(literal(expression).value, literal(flags).value if flags else "")
    return _each(lambda _, term: (text := _text(term)) is None or not matches(text))


def language_in(*ranges: Term) -> Check:
    """Each value is in a language, https://www.w3.org/TR/shacl/#LanguageInConstraintComponent.

    A range covers the tags that continue it: https://www.rfc-editor.org/rfc/rfc4647#section-3.3.1
    """
    wanted = [literal(item).value.lower() for item in ranges]

    def fails(_: Data, term: Term) -> bool:
        tag = term.language.lower() if isinstance(term, Literal) and term.language else ""
        return not tag or not any(one in ("*", tag) or tag.startswith(f"{one}-") for one in wanted)

    return _each(fails)


def unique_lang(flag: Term) -> Check:
    """One value for a language, https://www.w3.org/TR/shacl/#UniqueLangConstraintComponent."""
    if not is_true(flag):
        return lambda _data, _focus, _values: iter(())

    def check(_data: Data, _focus: Term, values: Sequence[Term]) -> Findings:
        tags = [term.language for term in values if isinstance(term, Literal) and term.language]
        return (Finding(None) for tag in sorted(set(tags)) if tags.count(tag) > 1)

    return check


def equals(predicate: Term) -> Check:
    """The same values as a property, https://www.w3.org/TR/shacl/#EqualsConstraintComponent."""
    other = iri(predicate)

    def check(data: Data, focus: Term, values: Sequence[Term]) -> Findings:
        return map(Finding, set(values).symmetric_difference(data.objects(focus, other)))

    return check


def disjoint(predicate: Term) -> Check:
    """No value of a property, https://www.w3.org/TR/shacl/#DisjointConstraintComponent."""
    other = iri(predicate)

    def check(data: Data, focus: Term, values: Sequence[Term]) -> Findings:
        return map(Finding, set(values).intersection(data.objects(focus, other)))

    return check


def less_than(predicate: Term, *, or_equal: bool = False) -> Check:
    """Less than each value, or at most each value, of another property.

    https://www.w3.org/TR/shacl/#LessThanConstraintComponent,
    https://www.w3.org/TR/shacl/#LessThanOrEqualsConstraintComponent
    """
    other = iri(predicate)

    def check(data: Data, focus: Term, values: Sequence[Term]) -> Findings:
        for term in values:
            for limit in data.objects(focus, other):
                if not less(term, limit, or_equal=or_equal):
                    yield Finding(term)

    return check


def has_value(wanted: Term) -> Check:
    """One of the values is, https://www.w3.org/TR/shacl/#HasValueConstraintComponent."""
    return _whole(lambda values: wanted not in values)


def in_(*members: Term) -> Check:
    """Each value is one of these, https://www.w3.org/TR/shacl/#InConstraintComponent."""
    allowed = set(members)
    return _each(lambda _, term: term not in allowed)


def closed(known: frozenset[NamedNode]) -> Check:
    """No property but the known ones, https://www.w3.org/TR/shacl/#ClosedConstraintComponent."""

    def check(data: Data, _focus: Term, values: Sequence[Term]) -> Findings:
        for term in values:
            for predicate in data.predicates(term):
                if predicate not in known:
                    for found in data.objects(term, predicate):
                        yield Finding(found, path=predicate)

    return check


def iri(term: Term) -> NamedNode:
    """The term as an IRI.

    Raises:
        ShapesRefused: it is not an IRI.
    """
    if isinstance(term, NamedNode):
        return term
    raise ShapesRefused(f"{term} stands where an IRI is meant")


def literal(term: Term) -> Literal:
    """The term as a literal.

    Raises:
        ShapesRefused: it is not a literal.
    """
    if isinstance(term, Literal):
        return term
    raise ShapesRefused(f"{term} stands where a literal is meant")


def count(term: Term) -> int:
    """The term as a number of things.

    Raises:
        ShapesRefused: it is not an `xsd:integer` of 0 or more.
    """
    found = value(term)
    if isinstance(term, Literal) and term.datatype.value == f"{XSD.iri}integer" and found:
        number = Decimal(term.value)
        if number >= 0:
            return int(number)
    raise ShapesRefused(f"{term} stands where a whole number of 0 or more is meant")


def is_true(term: Term) -> bool:
    """Whether the term is `true`; `"1"^^xsd:boolean` is another term, which SHACL does not ask for.

    Raises:
        ShapesRefused: it is not an `xsd:boolean`.
    """
    if isinstance(term, Literal) and term.datatype.value == f"{XSD.iri}boolean" and value(term):
        return term.value == "true"
    raise ShapesRefused(f"{term} stands where true or false is meant")


def _text(term: Term) -> str | None:
    """The text of a literal, or the IRI; None for what has neither."""
    return term.value if isinstance(term, NamedNode | Literal) else None
