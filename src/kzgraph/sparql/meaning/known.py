"""The triple patterns of a query, and what they say of its variables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from kzgraph.namespaces import DCT, RDF, SCHEMA, SKOS
from kzgraph.sparql.analysis import Analysis
from kzgraph.sparql.dataset import resolve_names
from kzgraph.sparql.lexer import Kind, tokens
from kzgraph.sparql.meaning.meanings import Claims, Facts, Meaning, Step, both
from kzgraph.sparql.rewriting.paths import Way, read_statements
from kzgraph.sparql.strings import unquote
from kzgraph.sparql.tree import Triples

_TYPE = RDF["type"].value
#: The properties that hold the code of a thing: what has a code is as good as named.
_CODES = frozenset({SKOS["notation"].value, SCHEMA["identifier"].value, DCT["identifier"].value})
#: How far back the way to a variable is followed, and how many ways.
_MOST_STEPS, _MOST_WAYS = 4, 4


@dataclass(frozen=True, slots=True)
class Statement:
    """A triple pattern.

    Attributes:
        subject: the name of a variable with its `?`, or nothing for a term.
        path: the properties from the subject to the object, as in `Step`; None where the pattern
            does not say which.
        object: as the subject.
        value: of an object that is a term: see `Facts`.
        verb: the variable in the place of the property, if there is one.
    """

    subject: str
    path: tuple[str, ...] | None
    object: str
    value: str | None = None
    verb: str = ""


def read_names(analysis: Analysis) -> Mapping[str, str]:
    """The IRIs and prefixed names of a query, as it writes them, to IRIs.

    Raises:
        SyntaxError: the store's parser refuses one.
    """
    body = analysis.tokens[analysis.start :]
    names = {each.text: each for each in body if each.kind in (Kind.IRI, Kind.NAME)}
    iris = resolve_names(analysis, names.values())
    return {name: iri.value for name, iri in zip(names, iris, strict=True)} | {"a": _TYPE}


def read_patterns(triples: Triples, names: Mapping[str, str]) -> Iterator[Statement]:
    """The triple patterns of a block, one for each way through alternatives.

    Raises:
        Refusal: they cannot be read.
    """
    for each in read_statements(triples):
        subject, variable = _variable(each.subject), _variable(each.object)
        value = None if variable else _value(each.object, names)
        if len(each.ways) > 1:  # What an alternative leads to is known of no row.
            yield Statement(subject, None, variable)
            continue
        (way,) = each.ways
        if verb := _variable(way.text):
            yield Statement(subject, None, variable, verb=verb)
            continue
        path = _path(way, names)
        if path is not None and len(path) == 1 and path[0].startswith("^"):
            start = None if subject else _value(each.subject, names)
            yield Statement(variable, (path[0][1:],), subject, start)
        else:
            yield Statement(subject, path, variable, value)


def _variable(text: str) -> str:
    """The variable that a term is, with `?`, however it is written; nothing of another term."""
    return f"?{text[1:]}" if text[:1] in "?$" else ""


def _path(way: Way, names: Mapping[str, str]) -> tuple[str, ...] | None:
    """The properties of a sequence; None of any other path."""
    steps: list[str] = []
    inverse = ""
    for token in tokens(way.text):
        if token.text == "^" and not inverse:
            inverse = "^"
        elif token.text in names and token.kind is not Kind.SIGN:
            steps.append(inverse + names[token.text])
            inverse = ""
        elif token.text not in ("/", "(", ")") or inverse:
            return None
    return tuple(steps)


def _value(text: str, names: Mapping[str, str]) -> str | None:
    iri = names.get(text)
    if iri is not None:
        return local_name(iri)
    first = next(tokens(text), None)
    if first is None:
        return None
    return unquote(first.text) if first.kind is Kind.STRING else text


def local_name(iri: str) -> str:
    """What stands in an IRI behind its last `#` or `/`."""
    return iri.rpartition("#")[2].rpartition("/")[2]


class Known:
    """What triple patterns that are joined say of the variables in them.

    Args:
        statements: the patterns.
        before: those that stand around them, and hold as well.
    """

    def __init__(self, statements: Sequence[Statement], before: Sequence[Statement] = ()) -> None:
        self.every = (*before, *statements)
        self._own = statements
        self._by_subject: dict[str, list[Statement]] = {}
        self._by_object: dict[str, list[Statement]] = {}
        for each in self.every:
            if each.subject:
                self._by_subject.setdefault(each.subject, []).append(each)
            if each.object:
                self._by_object.setdefault(each.object, []).append(each)
        self._facts: dict[str, Facts] = {}

    def claims(self) -> dict[str, Claims]:
        """The claims of each variable that the patterns bind, by its name without `?`."""
        bound: dict[str, None] = {}
        for each in self._own:
            bound |= dict.fromkeys(filter(None, (each.subject, each.object, each.verb)))
        return {name[1:]: self._of(name) for name in bound}

    def _of(self, name: str) -> Claims:
        ways = tuple(dict.fromkeys(self._ways(name, frozenset())))
        facts = self.facts(name)
        if not ways and name not in self._by_object and name in self._by_subject:
            ways = ((),)
        return both(tuple(frozenset({Meaning(way, facts)}) for way in ways))

    def _ways(self, name: str, passed: frozenset[str]) -> Iterator[tuple[Step, ...]]:
        """The steps that lead to a variable, for each pattern that it is the object of."""
        for each in self._by_object.get(name, ())[: _MOST_WAYS * 4]:
            if each.path is None:
                continue
            steps = (
                Step(each.path[0], self.facts(each.subject)),
                *map(Step, each.path[1:]),
            )
            before: Iterable[tuple[Step, ...]] = ()
            if each.subject and each.subject not in passed and len(passed) < _MOST_STEPS:
                before = list(islice(self._ways(each.subject, passed | {name}), _MOST_WAYS))
            for start in before or ((),):
                yield (*start, *steps)

    def facts(self, name: str) -> Facts:
        """What is known of a variable."""
        if not name:
            return frozenset()
        if name not in self._facts:
            self._facts[name] = frozenset(self._find_facts(name))
        return self._facts[name]

    def _find_facts(self, name: str) -> Iterator[tuple[str, str | None]]:
        for each in self._by_subject.get(name, ()):
            if not each.path:
                continue
            yield each.path[0], None
            coded = len(each.path) == 2 and each.path[1] in _CODES
            if each.value is not None and (coded or len(each.path) == 1):
                yield each.path[0], each.value
            elif len(each.path) == 1 and each.object:
                for other in self._by_subject.get(each.object, ()):
                    path = other.path or ()
                    if other.value is not None and len(path) == 1 and path[0] in _CODES:
                        yield each.path[0], other.value
