"""The validation report: the same bytes for the same findings, in four forms.

The form in RDF is that of https://www.w3.org/TR/shacl/#validation-report; its results have IRIs
that come from their content, so that a finding can be cited and two reports compared.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from kzgraph.iri import BASE
from kzgraph.namespaces import SH, TYPE, XSD, Term
from kzgraph.prefixes import PREFIXES
from kzgraph.validation import property_paths
from kzgraph.validation.constraints import format_term
from kzgraph.validation.data import FIRST, NIL, REST
from kzgraph.validation.property_paths import Path
from kzgraph.validation.result import SEVERITIES, Result

#: The report itself; its results are `report#` and a hash.
REPORT = NamedNode(BASE + "report")
_SHAPES = BASE + "shapes#"


class Report:
    """What a validation found.

    Attributes:
        results: all results, equal ones too, as SHACL asks: the gravest first, then by shape,
            focus node, path and value.
    """

    def __init__(self, results: Iterable[Result]) -> None:
        self.results: tuple[Result, ...] = tuple(sorted(results, key=lambda result: result.key))

    @cached_property
    def conforms(self) -> bool:
        """Whether a release may be made: nothing is a violation, or of a severity of its own.

        SHACL's own `sh:conforms` also asks for no warning and no information:
        https://www.w3.org/TR/shacl/#conforms
        """
        return not any(result.severity.stops for result in self.results)

    @property
    def counts(self) -> dict[str, int]:
        """How many results there are of each severity: SHACL's three, and others that occur."""
        found = Counter(result.severity for result in self.results)
        return {severity.label: found[severity] for severity in sorted({*SEVERITIES, *found})}

    def to_turtle(self) -> bytes:
        """The report as a `sh:ValidationReport` in Turtle."""
        prefixes = {name: PREFIXES[name] for name in ("kzg", "kzr", "rdf", "rdfs", "sh", "xsd")}
        found = serialize(
            self.graph(), format=RdfFormat.TURTLE, prefixes={**prefixes, "kzs": _SHAPES}
        )
        return found if isinstance(found, bytes) else b""

    def to_json(self) -> str:
        """The report as JSON: `conforms`, `counts` and `results`."""
        results = [
            {
                "severity": result.severity.label,
                "shape": _text(result.shape),
                "component": result.component.value,
                "focus": _text(result.focus),
                "path": property_paths.text(result.path) if result.path else None,
                "value": None if result.value is None else _text(result.value),
                "message": result.message,
            }
            for result in self.results
        ]
        whole = {"conforms": self.conforms, "counts": self.counts, "results": results}
        return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"

    def to_text(self) -> str:
        """The report for people: a summary, then each result with what to do."""
        counts = ", ".join(f"{count} {label.lower()}" for label, count in self.counts.items())
        lines = [f"{'Conforms' if self.conforms else 'Does not conform'}: {counts}."]
        for result in self.results:
            place = format_term(result.focus)
            if result.path:
                place += f" {property_paths.text(result.path)}"
            if result.value is not None and result.value != result.focus:
                place += f" {format_term(result.value)}"
            lines += [
                "",
                f"{result.severity.label}: {result.message}",
                f"  at {place}",
                f"  shape {_text(result.shape).removeprefix(_SHAPES)}",
            ]
        return "\n".join(lines) + "\n"

    def graph(self) -> Iterator[Triple]:
        """The report as triples, https://www.w3.org/TR/shacl/#validation-report, in order."""
        yield Triple(REPORT, TYPE, SH["ValidationReport"])
        nothing = "true" if not self.results else "false"
        yield Triple(REPORT, SH["conforms"], Literal(nothing, datatype=XSD["boolean"]))
        for slug, _ in self._name_results:
            yield Triple(REPORT, SH["result"], NamedNode(f"{REPORT.value}#{slug}"))
        for slug, result in self._name_results:
            yield from _result(result, slug)

    @cached_property
    def _name_results(self) -> list[tuple[str, Result]]:
        """Each result with a name of its own."""
        seen: Counter[tuple[object, ...]] = Counter()
        named = []
        for result in self.results:
            named.append((result.slug(seen[result.key]), result))
            seen[result.key] += 1
        return named


def _result(result: Result, slug: str) -> Iterator[Triple]:
    node = NamedNode(f"{REPORT.value}#{slug}")
    yield Triple(node, TYPE, SH["ValidationResult"])
    yield Triple(node, SH["resultSeverity"], result.severity.iri)
    yield Triple(node, SH["focusNode"], result.focus)
    if result.path:
        writer = _PathWriter(f"report-{slug}")
        path = writer.write(result.path)
        yield Triple(node, SH["resultPath"], path)
        yield from writer.triples
    if result.value is not None:
        yield Triple(node, SH["value"], result.value)
    for message in result.messages:
        yield Triple(node, SH["resultMessage"], message)
    yield Triple(node, SH["sourceShape"], result.shape)
    yield Triple(node, SH["sourceConstraintComponent"], result.component)
    if result.constraint is not None:
        yield Triple(node, SH["sourceConstraint"], result.constraint)


class _PathWriter:
    """Writes a path with blank nodes, as SHACL requires, under labels of the result's own."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._count = 0
        self.triples: list[Triple] = []

    def write(self, path: Path) -> NamedNode | BlankNode:
        if isinstance(path, NamedNode):
            return path
        if path.kind is None:
            return self._list(path.parts)
        node = self._node()
        is_list = path.kind == property_paths.ALTERNATIVE
        inner = self._list(path.parts) if is_list else self.write(path.parts[0])
        self._add(node, path.kind, inner)
        return node

    def _list(self, parts: tuple[Path, ...]) -> NamedNode | BlankNode:
        tail: NamedNode | BlankNode = NIL
        for part in reversed(parts):
            node = self._node()
            self._add(node, FIRST, self.write(part))
            self._add(node, REST, tail)
            tail = node
        return tail

    def _node(self) -> BlankNode:
        self._count += 1
        return BlankNode(f"{self._label}-{self._count}")

    def _add(self, node: BlankNode, predicate: NamedNode, obj: NamedNode | BlankNode) -> None:
        self.triples.append(Triple(node, predicate, obj))


def _text(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
