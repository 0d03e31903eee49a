"""Validation results, https://www.w3.org/TR/shacl/#results-validation-result."""

import hashlib
from dataclasses import dataclass
from enum import IntEnum

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kzgraph.prefixes import PREFIXES
from kzgraph.validation import paths
from kzgraph.validation.data import Term
from kzgraph.validation.paths import Path

_SH = PREFIXES["sh"]


class Severity(IntEnum):
    """How much a result weighs, https://www.w3.org/TR/shacl/#severity; the gravest is least."""

    VIOLATION = 0
    WARNING = 1
    INFO = 2

    @property
    def label(self) -> str:
        """The name that SHACL gives it: Violation, Warning or Info."""
        return self.name.capitalize()

    @property
    def iri(self) -> NamedNode:
        """The severity of SHACL."""
        return NamedNode(_SH + self.label)

    @classmethod
    def of(cls, node: Term) -> "Severity":
        """The severity that an IRI names.

        Raises:
            ValueError: it is none of SHACL's three.
        """
        for severity in cls:
            if severity.iri == node:
                return severity
        raise ValueError(f"{node} is no severity")


@dataclass(frozen=True)
class Result:
    """One thing wrong with one focus node.

    Attributes:
        severity: whether it stops a release.
        focus: the node at fault.
        path: the property at fault; None where the node itself is.
        value: the value at fault; None where it is absent or there is no single one.
        message: what a data editor is to do.
        shape: the shape that asks for it.
        component: the constraint component, such as `sh:MinCountConstraintComponent`.
    """

    severity: Severity
    focus: Term
    path: Path | None
    value: Term | None
    message: str
    shape: NamedNode
    component: NamedNode

    @property
    def key(self) -> tuple[int, str, str, str, str, str, str]:
        """What results are sorted by and named after: it tells any two of them apart."""
        return (
            self.severity,
            self.shape.value,
            _plain(self.focus),
            paths.text(self.path) if self.path else "",
            _plain(self.value),
            self.component.value,
            self.message,
        )

    @property
    def slug(self) -> str:
        """A name that is the same in every run: 16 hexadecimal digits of a hash of the key."""
        return hashlib.sha256("\n".join(map(str, self.key)).encode()).hexdigest()[:16]


def _plain(term: Term | None) -> str:
    """A term in one line, sortable: IRIs by their letters, literals by their text first."""
    if isinstance(term, NamedNode):
        return term.value
    if isinstance(term, Literal | BlankNode | Triple):
        return str(term)
    return ""
