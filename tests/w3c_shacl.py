"""The SHACL tests of the W3C, run through our engine.

https://w3c.github.io/data-shapes/data-shapes-test-suite/
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kzgraph.namespaces import TYPE, Term
from kzgraph.prefixes import PREFIXES
from kzgraph.validation import Result, ShapesRefused, property_paths, shapes
from kzgraph.validation.data import Data

_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_SHT = "http://www.w3.org/ns/shacl-test#"
_SH = PREFIXES["sh"]

#: Focus, path, value, severity, component, shape, constraint, messages that are expected.
Found = tuple[str, str, str, str, str, str, str]


@dataclass(frozen=True)
class W3cTest:
    """A test: a data graph, a shapes graph, and what a validator has to report."""

    name: str
    file: Path
    node: NamedNode
    manifest: Data

    def outcome(self) -> str:
        """`passes`, `refused: REASON` or `wrong: DIFFERENCE`."""
        action = self.manifest.one(self.node, NamedNode(_MF + "action"))
        data, wanted = (
            _graph(self.manifest.one(action, NamedNode(_SHT + name)))
            for name in ("dataGraph", "shapesGraph")
        )
        expected = self.manifest.one(self.node, NamedNode(_MF + "result"))
        fails = expected == NamedNode(_SHT + "Failure")
        try:
            found = [result for shape in shapes.read(wanted) for result in shape.results(data)]
        except ShapesRefused as error:
            return "passes" if fails else f"refused: {error}"
        if fails:
            return "wrong: a failure is expected"
        messages = self._messages(expected)
        missing = messages - Counter(m.value for result in found for m in result.messages)
        if missing:
            return f"wrong: no message {sorted(missing)}"
        given = Counter(map(_of_result, found))
        asked = Counter(self._expected(expected))
        if given == asked:
            return "passes"
        return f"wrong: lacks {sorted(asked - given)}, has {sorted(given - asked)}"

    def _expected(self, report: Term) -> Iterator[Found]:
        for node in self.manifest.objects(report, NamedNode(_SH + "result")):

            def said(name: str, node: Term = node) -> str:
                found = self.manifest.objects(node, NamedNode(_SH + name))
                return str(found[0]) if found else ""

            path = self.manifest.objects(node, NamedNode(_SH + "resultPath"))
            yield (
                said("focusNode"),
                property_paths.text(property_paths.read(self.manifest, path[0])) if path else "",
                said("value"),
                said("resultSeverity"),
                said("sourceConstraintComponent"),
                said("sourceShape"),
                said("sourceConstraint"),
            )

    def _messages(self, report: Term) -> Counter[str]:
        return Counter(
            message.value
            for node in self.manifest.objects(report, NamedNode(_SH + "result"))
            for message in self.manifest.objects(node, NamedNode(_SH + "resultMessage"))
            if isinstance(message, Literal)
        )


def _of_result(result: Result) -> Found:
    return (
        str(result.focus),
        property_paths.text(result.path) if result.path else "",
        "" if result.value is None else str(result.value),
        str(result.severity.iri),
        str(result.component),
        str(result.shape),
        "" if result.constraint is None else str(result.constraint),
    )


def suite_below(folder: Path) -> list[W3cTest]:
    """The tests below a folder, by their path from it."""
    found = []
    for file in sorted(folder.rglob("*.ttl")):
        manifest = _graph(NamedNode(file.resolve().as_uri()))
        for node in manifest.subjects(TYPE, NamedNode(_SHT + "Validate")):
            assert isinstance(node, NamedNode)
            name = f"{file.parent.relative_to(folder)}/{node.value.rpartition('/')[2]}"
            found.append(W3cTest(name, file, node, manifest))
    return found


@cache
def _graph(address: Term) -> Data:
    """A file, parsed once, so that data, shapes and results name the same blank nodes."""
    assert isinstance(address, NamedNode)
    file = Path(address.value.removeprefix("file://"))
    return Data(parse(path=file, format=RdfFormat.TURTLE, base_iri=address.value))
