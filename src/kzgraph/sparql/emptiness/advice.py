"""The reasons why a query has no solutions, as sentences for its author."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches

from pyoxigraph import Literal, NamedNode, QuerySolutions

from kzgraph.iri import ONTOLOGY, term
from kzgraph.namespaces import PLAIN, XSD, Term
from kzgraph.prefixes import PREFIXES, shorten
from kzgraph.results.terms import plain
from kzgraph.sparql.analysis import Analysis
from kzgraph.sparql.emptiness.names import (
    Ask,
    Stop,
    find_names,
    find_nearest,
    list_words,
    occurs,
    resolve,
)
from kzgraph.sparql.emptiness.parts import Part, find_parts
from kzgraph.sparql.tree import Group, Select, Union, Values

#: Parts of a pattern that are looked at, values that are shown, and that are compared with one.
_MOST_PARTS, _MOST_SHOWN, _MOST_COMPARED = 24, 4, 5_000
_VARIABLE = re.compile(r"[?$]\w+")
#: What stands for brackets: see `find_parts`.
_MADE_UP = re.compile(r"\?kzgraph_node_\w+")
#: A comparison of a variable with a text, as a filter has it.
_EQUALS = re.compile(
    r"""^FILTER\s*\(\s*([?$]\w+)\s*=\s*("[^"\\]*"|'[^'\\]*')\s*(?:@[\w-]+|\^\^\s*\S+)?\s*\)$""",
    re.IGNORECASE,
)
_STRING = re.compile(r"""("[^"\\]*"|'[^'\\]*')(?:@[\w-]+|\^\^\S+)?""")
_MEASURES = frozenset(
    name
    for each in (term("value"), term("usDollars"), NamedNode(PREFIXES["sdmx-measure"] + "obsValue"))
    for name in (shorten(each.value), str(each))
)
#: What needs neither quotes nor a datatype.
_BARE = frozenset(XSD[name].value for name in ("integer", "decimal", "boolean"))
_TOGETHER = "Each part has solutions by itself, but none has all: no document may state it."
_MODIFIERS = "The pattern has solutions, but HAVING, LIMIT or OFFSET leaves none."
_UNPUBLISHED = """SELECT DISTINCT ?kzgraph_label ?kzgraph_reason {{ {pattern}
  {figure} kzg:availability ?kzgraph_code ; rdfs:label ?kzgraph_label .
  ?kzgraph_code rdfs:label ?kzgraph_reason ; skos:notation ?kzgraph_notation .
  FILTER(?kzgraph_notation != "published")
  FILTER(LANG(?kzgraph_label) = "en" && LANG(?kzgraph_reason) = "en") }}
ORDER BY ?kzgraph_label LIMIT {most}"""


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason.

    Attributes:
        kind: `unknown-name`, `no-match`, `other-value`, `class`, `together`, `unpublished`,
            `modifiers`.
        message: a sentence.
    """

    kind: str
    message: str


def explain(analysis: Analysis, ask: Ask, has_row: bool = False) -> list[Reason]:
    """The reasons why the query has no solutions, the surest first.

    Args:
        analysis: of the whole query.
        ask: answers a query on the data set of this one, in its prologue; it raises `Stop` where no
            more is to be asked, and then what was found so far is all.
        has_row: whether its answer is a row of aggregates, which may be over no solution.
    """
    query = _find_innermost(analysis.query) if analysis.query else None
    if query is None or query.where is None:
        return []
    parts = list(find_parts(analysis.text, query.where))
    # What follows the pattern is joined with it.
    values = [child for child in query.children if isinstance(child, Values)]
    parts += [Part(analysis.text[child.start : child.end]) for child in values]
    if len(parts) > _MOST_PARTS:
        return []
    found: list[Reason] = []
    # The store may also fail while it computes a row, as for an unknown function.
    with suppress(Stop, ValueError, RuntimeError):
        names = find_names(analysis.tokens[analysis.start :])
        for reason in _Inquiry(parts, ask, bool(analysis.datasets)).find(names):
            if has_row and reason.kind == "modifiers":
                break  # The aggregates are over solutions, and say so.
            found.append(reason)
    return found


def _find_innermost(query: Select) -> Select:
    """The query whose pattern decides: a subquery, where a pattern consists of it alone."""
    while query.where is not None and len(query.where.children) == 1:
        (only,) = query.where.children
        group = only.children[0] if isinstance(only, Union) and len(only.children) == 1 else only
        found = group.children[0] if isinstance(group, Group) and group.children else group
        if not isinstance(found, Select) or len(group.children) > 1:
            break
        query = found
    return query


class _Inquiry:
    """Looks into one query."""

    def __init__(self, parts: Sequence[Part], ask: Ask, names_graphs: bool) -> None:
        self._parts = parts
        self._ask = ask
        self._where = "the graphs that the query names" if names_graphs else "the data"
        self._unknown: set[str] = set()

    def find(self, names: Sequence[str]) -> Iterator[Reason]:
        """The reasons, one after another."""
        if self._holds(self._parts):
            yield Reason("modifiers", _MODIFIERS)
            return
        yield from self._find_unknown(names)
        alone = [part for part in self._parts if part.triple and not self._holds([part])]
        for part in alone:
            yield from self._explain_alone(part)
        if alone or self._unknown:
            return
        found = [*self._find_classes(), *self._find_filters()]
        # What is left out one by one says less than what was found so far.
        found = found or list(self._leave_out())
        found += self._find_unpublished()
        yield from found or [Reason("together", _TOGETHER)]

    def _holds(self, parts: Sequence[Part]) -> bool:
        return bool(self._ask(f"ASK {{ {_join(parts)} }}"))

    def _select(self, query: str) -> list[tuple[Term, ...]]:
        result = self._ask(query)
        assert isinstance(result, QuerySolutions)  # noqa: S101 - it is that of a SELECT
        return [tuple(row) for row in result]

    def _find_unknown(self, names: Sequence[str]) -> Iterator[Reason]:
        for name, node in zip(names, resolve(self._ask, names), strict=True) if names else ():
            if occurs(self._ask, node):
                continue
            self._unknown.add(name)
            near = [shorten(each.value) for each in find_nearest(self._ask, node)]
            advice = f" Did you mean {list_words(near)}?" if near else ""
            message = f"{shorten(node.value)} does not occur in {self._where}.{advice}"
            yield Reason("unknown-name", message)

    def _explain_alone(self, part: Part) -> Iterator[Reason]:
        """What is wrong with a triple pattern that nothing matches."""
        assert part.triple is not None  # noqa: S101 - only such parts are asked
        if any(name in self._unknown for name in part.triple):
            return
        _, path, value = part.triple
        message = f"Nothing matches {_say(part)} by itself."
        if value.startswith(("?", "$")):
            yield Reason("no-match", message)
            return
        variable = "?kzgraph_value"
        text = _STRING.fullmatch(value)
        other = self._find_spelled(part.with_object(variable), variable, text[1] if text else value)
        if other:
            message = f"{path} never has the value {value}, but it has {_show(other)}."
            yield Reason("other-value", message)
            return
        named = self._find_named(part.with_object(variable), variable, text[1]) if text else []
        if named:
            message = f"{path} leads to things, not to the text {value}: try {_show(named)}."
            yield Reason("other-value", message)
            return
        near = self._find_near(part.with_object(variable), variable, text[1][1:-1]) if text else []
        if near:
            yield Reason("other-value", f"{message} {path} has the value {_show(near)}.")
            return
        examples = self._examples(part.with_object(variable), variable)
        such = f" {path} has values such as {_show(examples)}." if examples else ""
        yield Reason("no-match", message + such)

    def _find_spelled(self, pattern: str, variable: str, text: str) -> list[Term]:
        """Values that read like `text`, but are of another type, language or case."""
        condition = f"LCASE(STR({variable})) = LCASE(STR({text}))"
        query = (
            f"SELECT DISTINCT {variable} {{ {pattern} FILTER({condition}) }} LIMIT {_MOST_SHOWN}"
        )
        return [row[0] for row in self._select(query)]

    def _find_named(self, pattern: str, variable: str, text: str) -> list[Term]:
        """Things that have `text` as their code or label."""
        things = f"SELECT DISTINCT {variable} {{ {pattern} }} LIMIT {_MOST_COMPARED}"
        name = f"{variable} skos:notation|rdfs:label ?kzgraph_name"
        condition = f"LCASE(STR(?kzgraph_name)) = LCASE({text})"
        query = f"SELECT DISTINCT {variable} {{ {{ {things} }} {name} FILTER({condition}) }}"
        return [row[0] for row in self._select(f"{query} LIMIT {_MOST_SHOWN}")]

    def _find_near(self, pattern: str, variable: str, text: str) -> list[Term]:
        """Texts that are written much like `text`."""
        query = f"SELECT DISTINCT {variable} {{ {pattern} }} LIMIT {_MOST_COMPARED}"
        texts: dict[str, list[Term]] = {}
        for (value,) in self._select(query):
            if isinstance(value, Literal) and value.datatype in PLAIN:
                texts.setdefault(value.value.lower(), []).append(value)
        near = get_close_matches(text.lower(), texts, n=_MOST_SHOWN, cutoff=0.75)
        return [value for each in near for value in sorted(texts[each], key=str)][:_MOST_SHOWN]

    def _examples(self, pattern: str, variable: str) -> list[Term]:
        query = (
            f"SELECT DISTINCT {variable} {{ {pattern} }} ORDER BY {variable} LIMIT {_MOST_SHOWN}"
        )
        return [row[0] for row in self._select(query) if row and row[0] is not None]

    def _find_classes(self) -> Iterator[Reason]:
        """Properties that no member of a class has, of those that the query gives one thing."""
        triples = [part for part in self._parts if part.triple]
        for kind in triples:
            assert kind.triple is not None  # noqa: S101 - they were chosen so
            if kind.triple[1] not in ("a", "rdf:type") or kind.triple[2].startswith(("?", "$")):
                continue
            for part in triples:
                assert part.triple is not None  # noqa: S101 - they were chosen so
                subject, path, _ = part.triple
                same = part is not kind and subject == kind.triple[0] and subject[0] in "?$"
                if not same or path[0] in "?$":
                    continue
                free = Part(part.with_object("?kzgraph_value"))
                if self._holds([kind, free]):
                    continue
                pattern = f"{free.text} {subject} a ?kzgraph_class"
                own = f"{pattern} FILTER(STRSTARTS(STR(?kzgraph_class), '{ONTOLOGY}'))"
                classes = self._examples(own, "?kzgraph_class")
                classes = classes or self._examples(pattern, "?kzgraph_class")
                such = f"; things that have it are of the class {_show(classes)}" if classes else ""
                message = f"No {kind.triple[2]} has {path}{such}."
                yield Reason("class", message)

    def _find_filters(self) -> Iterator[Reason]:
        """Filters that compare with a text of another type or language than the data."""
        patterns = [part for part in self._parts if not part.is_filter]
        for part in self._parts:
            compared = _EQUALS.match(part.text) if part.is_filter else None
            if compared is None or self._holds([*patterns, part]):
                continue
            variable, text = compared[1], compared[2]
            other = self._find_spelled(_join(patterns), variable, text)
            if other:
                message = (
                    f"No solution meets {_say(part)}, but {variable} is {_show(other)} in some."
                )
                yield Reason("other-value", message)

    def _leave_out(self) -> Iterator[Reason]:
        """Parts without which there would be solutions."""
        for part in self._parts:
            others = [each for each in self._parts if each is not part]
            if part.is_optional or not others or not self._holds(others):
                continue
            pattern, named, variables = _join(others), "", set(_VARIABLE.findall(part.text))
            if part.triple and not part.triple[2].startswith(("?", "$")):
                pattern, named = f"{pattern} {part.with_object('?kzgraph_value')}", part.triple[1]
                variables = {"?kzgraph_value"}
            elif part.is_filter and len(variables) == 1:
                named = min(variables)
            examples = self._examples(pattern, min(variables)) if named else []
            such = f"; {named} is {_show(examples)} in some of them" if examples else ""
            yield Reason("together", f"Without {_say(part)} there are solutions{such}.")

    def _find_unpublished(self) -> Iterator[Reason]:
        """Figures that fit but for their number, which the document does not publish."""
        for measure in self._parts:
            if not measure.triple or measure.triple[1] not in _MEASURES:
                continue
            subject, _, value = measure.triple
            rest = [
                part
                for part in self._parts
                if part is not measure and value not in _VARIABLE.findall(part.text)
            ]
            if not rest or subject[0] not in "?$":
                continue
            query = _UNPUBLISHED.format(pattern=_join(rest), figure=subject, most=_MOST_SHOWN)
            rows = self._select(query)
            if rows:
                shown = "; ".join(f"{plain(label)} ({plain(reason)})" for label, reason in rows)
                message = f"Figures that fit have no number in their document: {shown}."
                yield Reason("unpublished", message)
                return


def _join(parts: Sequence[Part]) -> str:
    return " ".join(part.text for part in parts)


def _say(part: Part) -> str:
    """A part as the author of the query may have written it."""
    text = " ".join(part.triple) if part.triple else part.text
    return _MADE_UP.sub("[]", " ".join(text.split()))


def _show(terms: Sequence[Term]) -> str:
    return list_words([_write(term) for term in terms])


def _write(term: Term) -> str:
    """A term as a query may have it."""
    if isinstance(term, NamedNode):
        return shorten(term.value)
    if isinstance(term, Literal) and term.datatype.value in _BARE:
        return term.value
    if isinstance(term, Literal) and not term.language and term.datatype not in PLAIN:
        return f'"{term.value}"^^{shorten(term.datatype.value)}'
    return str(term)
