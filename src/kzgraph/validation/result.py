"""Validation results, https://www.w3.org/TR/shacl/#results-validation-result."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kzgraph.namespaces import SH, Term
from kzgraph.validation import property_paths
from kzgraph.validation.property_paths import Path


@dataclass(frozen=True, order=True)
class Severity:
    """How much a result weighs, https://www.w3.org/TR/shacl/#severity; the gravest is least.

    A severity of a shape's own comes behind a violation and before a warning, and stops what a
    violation stops, since its meaning is not known.

    Attributes:
        rank: 0 for a violation, 1 for a severity that SHACL does not define, then 2 and 3.
        value: its IRI.
    """

    rank: int
    value: str

    VIOLATION: ClassVar["Severity"]
    WARNING: ClassVar["Severity"]
    INFO: ClassVar["Severity"]

    @property
    def label(self) -> str:
        """Violation, Warning or Info; the IRI of another."""
        return self.value.removeprefix(SH.iri)

    @property
    def iri(self) -> NamedNode:
        """Its IRI as a term."""
        return NamedNode(self.value)

    @property
    def stops(self) -> bool:
        """Whether nothing may be published with such a result."""
        return self.rank < Severity.WARNING.rank

    @classmethod
    def of(cls, node: NamedNode) -> "Severity":
        """The severity that an IRI names."""
        known = {severity.value: severity for severity in SEVERITIES}
        return known.get(node.value) or cls(1, node.value)


Severity.VIOLATION = Severity(0, SH["Violation"].value)
Severity.WARNING = Severity(2, SH["Warning"].value)
Severity.INFO = Severity(3, SH["Info"].value)

#: Those that SHACL defines, the gravest first.
SEVERITIES = (Severity.VIOLATION, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True)
class Result:
    """One violation of one focus node.

    Attributes:
        severity: whether it stops a release.
        focus: the node at fault.
        path: the property at fault; None where the node itself is.
        value: the value at fault; None where it is absent or there is no single one.
        messages: what a data editor is to do, in one or more languages.
        shape: the shape that asks for it.
        component: the constraint component, such as `sh:MinCountConstraintComponent`.
        constraint: the SPARQL-based constraint that found it; None for other components.
    """

    severity: Severity
    focus: Term
    path: Path | None
    value: Term | None
    messages: tuple[Literal, ...]
    shape: NamedNode | BlankNode
    component: NamedNode
    constraint: Term | None = None

    @property
    def message(self) -> str:
        """The message for people who read one: in English if there is one."""
        return choose_message(self.messages)

    @property
    def key(self) -> tuple[Severity, str, str, str, str, str, str]:
        """What results are sorted by and named after."""
        return (
            self.severity,
            _plain(self.shape),
            _plain(self.focus),
            property_paths.text(self.path) if self.path else "",
            _plain(self.value),
            self.component.value,
            self.message,
        )

    def slug(self, number: int) -> str:
        """A name that is the same in every run: 16 hexadecimal digits of a hash of the key.

        Args:
            number: how many equal results come before this one.
        """
        key = [str(self.severity.rank), *self.key[1:], *([str(number)] if number else [])]
        return hashlib.sha256("\n".join(key).encode()).hexdigest()[:16]


def choose_message(messages: Sequence[Literal]) -> str:
    """The text of the message in English, or else without a language, or else the first."""

    def rank(message: Literal) -> int:
        language = message.language or ""
        return 0 if language.split("-")[0] == "en" else 1 if not language else 2

    return min(messages, key=rank).value if messages else ""


def _plain(term: Term | None) -> str:
    """A term in one line, sortable: IRIs by their letters, literals by their text first."""
    if isinstance(term, NamedNode):
        return term.value
    if isinstance(term, Literal | BlankNode | Triple):
        return str(term)
    return ""
