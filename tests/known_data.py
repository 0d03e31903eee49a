"""What a graph holds, so that queries can be made that find something in it."""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kzgraph.namespaces import Term
from kzgraph.prefixes import PREFIXES
from query_pieces import Constant

XSD = PREFIXES["xsd"]
_INTEGER, _DECIMAL = XSD + "integer", XSD + "decimal"
_NUMBERS = frozenset(XSD + name for name in ("integer", "decimal", "int", "double", "float"))
_EXACT = re.compile(r"-?[0-9]{1,19}(\.[0-9]{1,18})?")
_TIMES = frozenset(XSD + name for name in ("date", "dateTime", "gYear", "gYearMonth"))


@dataclass(frozen=True)
class Variable:
    """A variable of a query, with terms that it can stand for."""

    name: str
    pool: tuple[Term, ...]

    @property
    def text(self) -> str:
        return f"?{self.name}"

    @cached_property
    def is_number(self) -> bool:
        """Whether all that it can stand for are integers or decimals within their ranges."""
        return bool(self.pool) and all(map(_is_exact, self.pool))

    @cached_property
    def kinds(self) -> frozenset[str]:
        return frozenset(map(kind_of, self.pool))


def _is_exact(term: Term) -> bool:
    return (
        isinstance(term, Literal)
        and term.datatype.value in (_INTEGER, _DECIMAL)
        and _EXACT.fullmatch(term.value) is not None
    )


def kind_of(term: Term) -> str:
    """In one word."""
    if not isinstance(term, Literal):
        return "iri" if isinstance(term, NamedNode) else "blank"
    datatype = term.datatype.value
    if datatype in _NUMBERS:
        return "number"
    return (
        "time"
        if datatype in _TIMES
        else "text"
        if term.language or "#string" in datatype
        else "other"
    )


class Known:
    """A graph by subject, by object and by property."""

    def __init__(self, quads: Iterable[Quad], most_facts: int = 40) -> None:
        self.facts: dict[Term, list[tuple[NamedNode, Term]]] = defaultdict(list)
        self.mentions: dict[Term, list[tuple[NamedNode, Term]]] = defaultdict(list)
        self.by_property: dict[NamedNode, list[Triple]] = defaultdict(list)
        rows: Counter[NamedNode] = Counter()
        for quad in quads:
            rows[quad.predicate] += 1
            self.by_property[quad.predicate].append(quad.triple)
            for index, at, other in (
                (self.facts, quad.subject, quad.object),
                (self.mentions, quad.object, quad.subject),
            ):
                if len(index[at]) < most_facts:
                    index[at].append((quad.predicate, other))
        self.rows = dict(rows)
        self.properties = sorted(self.by_property, key=str)
        self._pools: dict[tuple[NamedNode, bool], tuple[Term, ...]] = {}
        #: Properties whose objects are numbers, as far as is seen.
        self.numeric = [each for each in self.properties if Variable("", self.pool(each)).is_number]
        self.fan_out = {each: _mean(found, True) for each, found in self.by_property.items()}
        self.fan_in = {each: _mean(found, False) for each, found in self.by_property.items()}

    def pool(self, name: NamedNode, objects: bool = True) -> tuple[Term, ...]:
        """Some of the objects of a property, or of its subjects, without blank nodes."""
        if (name, objects) not in self._pools:
            every = (t.object if objects else t.subject for t in self.by_property.get(name, ()))
            found = sorted({t for t in every if not isinstance(t, BlankNode)}, key=str)
            chance = random.Random(str(name))  # noqa: S311
            self._pools[name, objects] = tuple(chance.sample(found, min(40, len(found))))
        return self._pools[name, objects]


def _mean(triples: Sequence[Triple], forward: bool) -> float:
    """How many neighbours a triple's end has along a property, in the mean over triples."""
    counts = Counter(each.subject if forward else each.object for each in triples)
    return sum(count * count for count in counts.values()) / len(triples)


_PREFIXED = {
    "ex": "http://example.org/",
    "fig": "http://example.org/figure/",
    "place": "http://example.org/place/",
    "gr": "http://example.org/group/",
    "region": "http://example.org/region/",
    "xsd": XSD,
    "rdf": PREFIXES["rdf"],
    "rdfs": PREFIXES["rdfs"],
    "kzg": PREFIXES["kzg"],
    "kzr": PREFIXES["kzr"],
}
_ESCAPED_IN_NAMES = "~!$&'()*+,;=/?#@%"


class Speller:
    """Writes terms, each in one of the ways that SPARQL has."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        #: What IRIs may be written relative to.
        self.base = _PREFIXED["ex"] if chance.random() < 0.03 else None

    def some_of(self, pool: Sequence[Term], foreign: Sequence[Term] = ()) -> Constant:
        """A place for one of the terms of `pool`, and now and then for another's."""
        found = [self._chance.choice(pool) for _ in range(5)] if pool else []
        if foreign and (not found or self._chance.random() < 0.1):
            found.append(self._chance.choice(foreign))
        return Constant(tuple(self.spell(each) for each in found) or ('"none"',))

    def spell(self, term: Term) -> str:
        if isinstance(term, NamedNode):
            return self.iri(term.value)
        if not isinstance(term, Literal):
            return '"blank"'
        kind = term.datatype.value
        if kind in (_INTEGER, _DECIMAL) and self._chance.random() < 0.9:
            return self.number(term.value, kind)
        quoted = self.quoted(term.value)
        if term.language:
            return f"{quoted}@{self._one(term.language, term.language, term.language.upper())}"
        return quoted if kind == XSD + "string" else f"{quoted}^^{self.iri(kind)}"

    def number(self, text: str, kind: str) -> str:
        plain = text.removeprefix("-")
        if not plain.replace(".", "", 1).isdigit() or plain.endswith("."):
            return f'"{text}"^^{self.iri(kind)}' if '"' not in text else "0"
        if len(plain) > 18 or self._chance.random() < 0.75:
            return text
        whole = "." not in text
        return self._one(
            f"{text}.0" if whole else f"{text}0",
            f'"{text}"^^xsd:integer' if whole else f'"{text}"^^xsd:decimal',
            text if text.startswith("-") else f"+{text}",
            f'"0{plain}"^^<{kind}>',
            f"{text}e0",
            f'"{text}"',
            f'"{text}"^^xsd:int' if whole else f'"{text}"^^xsd:double',
        )

    def iri(self, iri: str) -> str:
        if self._chance.random() < 0.75:
            longest = sorted(_PREFIXED.items(), key=lambda each: -len(each[1]))
            # With a shorter one the name has a slash in it, which has to be escaped.
            for prefix, namespace in longest if self._chance.random() < 0.95 else longest[::-1]:
                local = iri.removeprefix(namespace)
                if local != iri and _fits_a_name(local):
                    signs = (f"\\{sign}" if sign in _ESCAPED_IN_NAMES else sign for sign in local)
                    return f"{prefix}:{''.join(signs)}"
        if self.base and iri != self.base:
            return f"<{iri.removeprefix(self.base)}>"
        return f"<{iri}>"

    def quoted(self, text: str) -> str:
        escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
        escaped = escaped.replace("\t", "\\t")
        sign = self._one('"', '"', '"', "'", '"""', "'''")
        escaped = escaped.replace(sign[0], f"\\{sign[0]}")
        if escaped.isalpha() and escaped.isascii() and self._chance.random() < 0.05:
            escaped = f"\\u{ord(escaped[0]):04X}{escaped[1:]}"
        return f"{sign}{escaped}{sign}"

    def _one(self, *texts: str) -> str:
        return self._chance.choice(texts)


def _fits_a_name(local: str) -> bool:
    """Whether a prefixed name can end so."""
    if not local:
        return True
    plain = local.translate(dict.fromkeys(map(ord, _ESCAPED_IN_NAMES + "-."), "x"))
    return (
        (plain.isalnum() or "_" in plain)
        and local[0] not in "-."
        and local[-1] != "."
        and (plain.replace("_", "x").isalnum() and "%" not in local)
    )


def prologue(chance: random.Random, text: str, base: str | None) -> str:
    """The declarations for the prefixes in `text`, now and then with more than it needs."""
    lines = []
    for prefix, namespace in _PREFIXED.items():
        if f"{prefix}:" in text:
            if chance.random() < 0.03:
                lines.append(f"PREFIX {prefix}: <http://example.com/other#>")
            lines.append(f"PREFIX {prefix}: <{namespace}>")
    if chance.random() < 0.05:
        lines.append("PREFIX : <http://example.com/unused#>")
    if base or chance.random() < 0.02:
        lines.insert(chance.randint(0, len(lines)), f"BASE <{base or 'http://example.com/'}>")
    return "\n".join(lines)
