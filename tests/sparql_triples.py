"""Triple patterns and property paths, and what they mean by the specification."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sparql_terms import Pattern, Scene, Solution, Triple, is_variable, join


@dataclass(frozen=True)
class Triples:
    """Triple patterns that are matched together."""

    triples: tuple[Triple, ...]

    @property
    def text(self) -> str:
        return " ".join(f"{' '.join(triple)} ." for triple in self.triples)

    @property
    def variables(self) -> frozenset[str]:
        return frozenset(term for triple in self.triples for term in triple if is_variable(term))

    def solutions(self, scene: Scene) -> list[Solution]:
        found: list[Solution] = [{}]
        for pattern in self.triples:
            found = join(found, [*_matches(pattern, scene.graph)])
        return found

    def bound(self, values: Solution) -> Pattern:
        return Triples(
            tuple(
                (values.get(s, s), values.get(p, p), values.get(o, o)) for s, p, o in self.triples
            )
        )


def _matches(pattern: Triple, graph: Iterable[Triple]) -> Iterator[Solution]:
    for triple in graph:
        found: dict[str, str] = {}
        for wanted, term in zip(pattern, triple, strict=True):
            if wanted != term and not (
                is_variable(wanted) and found.setdefault(wanted, term) == term
            ):
                break
        else:
            yield found


Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Step:
    """A property path: https://www.w3.org/TR/sparql11-query/#propertypaths.

    Attributes:
        sign: `/` and `|` of two paths, `*`, `+`, `?` and `^` of one, `!` of properties; empty for
            one property.
        parts: the paths.
        properties: the properties.
    """

    sign: str
    parts: tuple["Step", ...] = ()
    properties: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        if not self.sign:
            return self.properties[0]
        if self.sign == "!":
            return f"!({'|'.join(self.properties)})"
        if self.sign == "^":
            return f"(^{self.parts[0].text})"
        written = self.sign.join(part.text for part in self.parts)
        return f"({written})" if self.sign in "/|" else f"({written}{self.sign})"

    def pairs(self, graph: frozenset[Triple], start: str, end: str) -> Pairs:
        """What it leads from and to, where `start` and `end` are a term each or a variable."""
        if self.sign in ("", "!"):
            wanted = not self.sign
            return [(s, o) for s, p, o in graph if (p in self.properties) == wanted]
        if self.sign == "^":
            return [(e, s) for s, e in self.parts[0].pairs(graph, end, start)]
        if self.sign == "|":
            return [pair for part in self.parts for pair in part.pairs(graph, start, end)]
        if self.sign == "/":
            # Joined by a new variable, of which no path of length zero knows more than the graph.
            first, second = self.parts
            ends = second.pairs(graph, "?", end)
            return [(s, e) for s, m in first.pairs(graph, start, "?") for n, e in ends if m == n]
        return self._closed(graph, start, end)

    def _closed(self, graph: frozenset[Triple], start: str, end: str) -> Pairs:
        """Each pair once: the functions ALP and ZeroOrOnePath of section 18.4."""
        steps = set(self.parts[0].pairs(graph, start, end))
        reached = set(steps)
        while self.sign in "*+":
            more = {(s, e) for s, m in reached for n, e in steps if m == n}
            if more <= reached:
                break
            reached |= more
        if self.sign in "*?":
            nodes = {term for s, _, o in graph for term in (s, o)}
            nodes |= {term for term in (start, end) if not is_variable(term)}
            reached |= {(node, node) for node in nodes}
        return [*reached]


@dataclass(frozen=True)
class Path:
    """A property path between two terms."""

    start: str
    step: Step
    end: str

    @property
    def text(self) -> str:
        return f"{self.start} {self.step.text} {self.end} ."

    @property
    def variables(self) -> frozenset[str]:
        return frozenset(term for term in (self.start, self.end) if is_variable(term))

    def solutions(self, scene: Scene) -> list[Solution]:
        pairs = self.step.pairs(scene.graph, self.start, self.end)
        return [
            solution
            for start, end in pairs
            for solution in _matches((self.start, "", self.end), [(start, "", end)])
        ]

    def bound(self, values: Solution) -> Pattern:
        start, end = (values.get(term, term) for term in (self.start, self.end))
        return Path(start, self.step, end)
