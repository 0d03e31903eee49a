"""The validation report as files of a release."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Protocol

#: The severities of SHACL, worst first: https://www.w3.org/TR/shacl/#severity.
SEVERITIES = ("Violation", "Warning", "Info")


class Result(Protocol):
    """One result of a validation: https://www.w3.org/TR/shacl/#results-validation-result."""

    @property
    def severity(self) -> str:
        """One of `SEVERITIES`."""

    @property
    def focus(self) -> str:
        """The focus node."""

    @property
    def path(self) -> str:
        """The path, or nothing."""

    @property
    def value(self) -> str:
        """The value, or nothing."""

    @property
    def message(self) -> str:
        """What to do about it."""


class Report(Protocol):
    """What a release needs of a validation report."""

    @property
    def conforms(self) -> bool:
        """Whether there is no violation; warnings and notes do not count."""

    @property
    def results(self) -> Sequence[Result]:
        """All results, in an order that depends on nothing but what they say."""

    def to_turtle(self) -> bytes | str:
        """The report as Turtle."""

    def to_json(self) -> bytes | str:
        """The report as JSON."""


def counts(report: Report) -> dict[str, int]:
    """How many results there are of each severity, worst first."""
    found = Counter(result.severity for result in report.results)
    return {severity: found[severity] for severity in SEVERITIES}


def to_text(report: Report) -> str:
    """The report to be read: a line of counts, then what is asked and of which node."""
    lines = ["The graph conforms to its shapes." if report.conforms else "It does not conform."]
    lines.append(", ".join(f"{name}: {count}" for name, count in counts(report).items()))
    for result in report.results:
        where = " ".join(filter(None, (result.focus, result.path, result.value)))
        lines += ["", f"{result.severity}: {result.message}", f"  {where}"]
    return "\n".join(lines) + "\n"


def files(report: Report) -> Iterator[tuple[str, str, bytes]]:
    """Path, media type and bytes of each file."""
    yield "report/report.ttl", "text/turtle", _encoded(report.to_turtle())
    yield "report/report.json", "application/json", _encoded(report.to_json())
    yield "report/report.txt", "text/plain", to_text(report).encode()


def _encoded(data: bytes | str) -> bytes:
    return data.encode() if isinstance(data, str) else data
