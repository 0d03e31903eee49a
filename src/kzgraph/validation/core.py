"""The constraint components of SHACL Core that the shapes use.

Each is a function of a parameter's values that gives a check: called with the data, a focus node
and its value nodes, it yields what violates it, a value node or None where no single one does.
The definitions: https://www.w3.org/TR/shacl/#core-components
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from kzgraph.validation.data import Data, Term
from kzgraph.validation.literals import less, value

Failures: TypeAlias = Iterator[Term | None]
Check: TypeAlias = Callable[[Data, Term, Sequence[Term]], Failures]


class UnsupportedConstraint(ValueError):
    """A constraint, or a value of one, that this engine does not know: never skipped silently."""


def _each(fails: Callable[[Data, Term], bool]) -> Check:
    """The check that holds each value node by itself."""

    def check(data: Data, _focus: Term, values: Sequence[Term]) -> Failures:
        return (term for term in values if fails(data, term))

    return check


def class_(wanted: Term) -> Check:
    """Each value is an instance, https://www.w3.org/TR/shacl/#ClassConstraintComponent."""
    node = _iri(wanted)
    return _each(lambda data, term: not data.is_instance(term, node))


def datatype(wanted: Term) -> Check:
    """Each value is a literal whose text its datatype allows.

    https://www.w3.org/TR/shacl/#DatatypeConstraintComponent
    """
    return _each(
        lambda _, term: (
            not isinstance(term, Literal) or term.datatype != wanted or value(term) is None
        )
    )


def node_kind(wanted: Term) -> Check:
    """Each value is of a kind, https://www.w3.org/TR/shacl/#NodeKindConstraintComponent."""
    kinds: dict[str, tuple[type, ...]] = {
        "IRI": (NamedNode,),
        "BlankNode": (BlankNode,),
        "Literal": (Literal,),
        "BlankNodeOrIRI": (BlankNode, NamedNode),
        "BlankNodeOrLiteral": (BlankNode, Literal),
        "IRIOrLiteral": (NamedNode, Literal),
    }
    allowed = kinds[_iri(wanted).value.rpartition("#")[2]]
    return _each(lambda _, term: not isinstance(term, allowed))


def min_count(limit: Term) -> Check:
    """At least so many, https://www.w3.org/TR/shacl/#MinCountConstraintComponent."""
    least = int(_text(limit))
    return lambda _data, _focus, values: iter([None] if len(values) < least else [])


def max_count(limit: Term) -> Check:
    """At most so many, https://www.w3.org/TR/shacl/#MaxCountConstraintComponent."""
    most = int(_text(limit))
    return lambda _data, _focus, values: iter([None] if len(values) > most else [])


def min_inclusive(limit: Term) -> Check:
    """No value below, https://www.w3.org/TR/shacl/#MinInclusiveConstraintComponent."""
    return _each(lambda _, term: not less(limit, term, or_equal=True))


def max_inclusive(limit: Term) -> Check:
    """No value above, https://www.w3.org/TR/shacl/#MaxInclusiveConstraintComponent."""
    return _each(lambda _, term: not less(term, limit, or_equal=True))


def min_length(limit: Term) -> Check:
    """No text shorter, https://www.w3.org/TR/shacl/#MinLengthConstraintComponent."""
    least = int(_text(limit))
    return _each(lambda _, term: isinstance(term, BlankNode) or len(_text(term)) < least)


def max_length(limit: Term) -> Check:
    """No text longer, https://www.w3.org/TR/shacl/#MaxLengthConstraintComponent."""
    most = int(_text(limit))
    return _each(lambda _, term: isinstance(term, BlankNode) or len(_text(term)) > most)


def pattern(text: Term) -> Check:
    r"""Each value matches, https://www.w3.org/TR/shacl/#PatternConstraintComponent.

    The shapes keep to expressions that mean the same to Python as to XPath, and end in `$`, which
    in Python also matches before a last line feed: hence `\Z`.
    """
    expression = re.compile(re.sub(r"\$$", r"\\Z", _text(text)))
    return _each(lambda _, term: isinstance(term, BlankNode) or not expression.search(_text(term)))


def language_in(*ranges: Term) -> Check:
    """Each value is in a language, https://www.w3.org/TR/shacl/#LanguageInConstraintComponent."""
    tags = {_text(item).lower() for item in ranges}

    def fails(_: Data, term: Term) -> bool:
        tag = term.language.lower() if isinstance(term, Literal) and term.language else ""
        return not (tag in tags or tag.split("-")[0] in tags)

    return _each(fails)


def unique_lang(flag: Term) -> Check:
    """One value for a language, https://www.w3.org/TR/shacl/#UniqueLangConstraintComponent."""
    if _text(flag) != "true":
        raise UnsupportedConstraint("sh:uniqueLang is true or left out")

    def check(_data: Data, _focus: Term, values: Sequence[Term]) -> Failures:
        tags = [term.language for term in values if isinstance(term, Literal) and term.language]
        return (None for tag in sorted(set(tags)) if tags.count(tag) > 1)

    return check


def equals(predicate: Term) -> Check:
    """The same values as a property, https://www.w3.org/TR/shacl/#EqualsConstraintComponent."""
    other = _iri(predicate)

    def check(data: Data, focus: Term, values: Sequence[Term]) -> Failures:
        return iter(set(values).symmetric_difference(data.objects(focus, other)))

    return check


def disjoint(predicate: Term) -> Check:
    """No value of a property, https://www.w3.org/TR/shacl/#DisjointConstraintComponent."""
    other = _iri(predicate)

    def check(data: Data, focus: Term, values: Sequence[Term]) -> Failures:
        return iter(set(values).intersection(data.objects(focus, other)))

    return check


def less_than(predicate: Term) -> Check:
    """Less than each value of a property.

    https://www.w3.org/TR/shacl/#LessThanConstraintComponent
    """
    other = _iri(predicate)

    def check(data: Data, focus: Term, values: Sequence[Term]) -> Failures:
        for term in values:
            for limit in data.objects(focus, other):
                if not less(term, limit):
                    yield term

    return check


def has_value(wanted: Term) -> Check:
    """One of the values is, https://www.w3.org/TR/shacl/#HasValueConstraintComponent."""
    return lambda _data, _focus, values: iter([] if wanted in values else [None])


def in_(*members: Term) -> Check:
    """Each value is one of these, https://www.w3.org/TR/shacl/#InConstraintComponent."""
    allowed = set(members)
    return _each(lambda _, term: term not in allowed)


def _iri(term: Term) -> NamedNode:
    if isinstance(term, NamedNode):
        return term
    raise UnsupportedConstraint(f"{term} stands where an IRI is meant")


def _text(term: Term) -> str:
    if isinstance(term, NamedNode | Literal):
        return term.value
    raise UnsupportedConstraint(f"{term} stands where a literal is meant")
