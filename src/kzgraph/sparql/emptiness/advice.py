"""The reasons why a query has no solutions, as sentences for its author."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from difflib import get_close_matches
from itertools import chain, combinations

from pyoxigraph import Literal, NamedNode

from kzgraph.iri import ONTOLOGY, term
from kzgraph.namespaces import PLAIN, Term
from kzgraph.prefixes import PREFIXES, shorten
from kzgraph.results.terms import plain
from kzgraph.sparql.analysis import Analysis
from kzgraph.sparql.emptiness.elsewhere import find_elsewhere, find_subject
from kzgraph.sparql.emptiness.names import (
    Ask,
    Stop,
    find_names,
    find_nearest,
    list_words,
    occurs,
    resolve,
)
from kzgraph.sparql.emptiness.official import (
    explain_vintages,
    find_measures,
    find_table,
)
from kzgraph.sparql.emptiness.parts import Part, find_parts
from kzgraph.sparql.emptiness.probe import MOST_SHOWN, Probe, Reason, join, show
from kzgraph.sparql.emptiness.texts import explain_texts, is_of_text
from kzgraph.sparql.tree import Group, Select, Union, Values

#: Parts of a pattern that are looked at, and values that are compared with one.
_MOST_PARTS, _MOST_COMPARED = 24, 5_000
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
#: Parts that are left out two at a time.
_MOST_PAIRED = 8
_NUMBER = re.compile(r"(?<![\w?$.:-])[+-]?\d+(?:\.\d+)?(?![\w.:-])")
_TOGETHER = "No solution has all parts of the pattern: no document may state it."
_MODIFIERS = "The pattern has solutions, but HAVING, LIMIT or OFFSET leaves none."
_UNPUBLISHED = """SELECT DISTINCT ?kzgraph_label ?kzgraph_reason {{ {pattern}
  {figure} kzg:availability ?kzgraph_code ; rdfs:label ?kzgraph_label .
  ?kzgraph_code rdfs:label ?kzgraph_reason ; skos:notation ?kzgraph_notation .
  FILTER(?kzgraph_notation != "published")
  FILTER(LANG(?kzgraph_label) = "en" && LANG(?kzgraph_reason) = "en") }}
ORDER BY ?kzgraph_label LIMIT {most}"""


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
        self._probe = Probe(ask)
        self._names_graphs = names_graphs
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
        said = False
        # One by one: what was found stays where time runs out before the next.
        for reason in chain(self._find_first(), self._find_unpublished()):
            said = True
            yield reason
        if not said:
            yield Reason("together", _TOGETHER)

    def _find_first(self) -> Iterator[Reason]:
        """What the surest way to look finds: each says less than those before it."""
        said = False
        for find in (
            self._find_measures,
            *(self._find_classes, self._find_filters, self._find_texts),
        ):
            for reason in find():
                said = True
                yield reason
        for part in self._parts if not any(map(is_of_text, self._parts)) or not said else ():
            others = [each for each in self._parts if each is not part]
            if part.triple and others and self._holds(others):
                for reason in find_elsewhere(part, others, self._probe):
                    said = True
                    yield reason
        if not said or not any(map(is_of_text, self._parts)):
            yield from self._leave_out()

    def _find_measures(self) -> Iterator[Reason]:
        return find_measures(self._parts, self._probe)

    def _find_texts(self) -> Iterator[Reason]:
        return explain_texts(self._parts, self._probe)

    def _holds(self, parts: Sequence[Part]) -> bool:
        return self._probe.holds(join(parts))

    def _find_unknown(self, names: Sequence[str]) -> Iterator[Reason]:
        for name, node in zip(names, resolve(self._ask, names), strict=True) if names else ():
            if occurs(self._ask, node):
                continue
            self._unknown.add(name)
            older = None if self._names_graphs else explain_vintages(node)
            if older:
                yield older
                continue
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
        tables = list(find_table(part, self._probe))
        yield from tables
        if tables:
            return
        message = f"Nothing matches {_say(part)} by itself."
        others = [each for each in self._parts if each is not part]
        fits = not others or self._holds(others)
        said = False
        for reason in (
            *find_subject(part, others, self._probe),
            *(find_elsewhere(part, others, self._probe) if fits else ()),
        ):
            said = True
            yield reason
        if said:
            return
        if value.startswith(("?", "$")):
            yield Reason("no-match", message)
            return
        variable = "?kzgraph_value"
        text = _STRING.fullmatch(value)
        other = self._find_spelled(part.with_object(variable), variable, text[1] if text else value)
        if other:
            message = f"{path} never has the value {value}, but it has {show(other)}."
            yield Reason("other-value", message, part.with_object(str(other[0])))
            return
        named = self._find_named(part.with_object(variable), variable, text[1]) if text else []
        if named:
            message = f"{path} leads to things, not to the text {value}: try {show(named)}."
            yield Reason("other-value", message, part.with_object(str(named[0])))
            return
        near = self._find_near(part.with_object(variable), variable, text[1][1:-1]) if text else []
        if near:
            message = f"{message} {path} has the value {show(near)}."
            yield Reason("other-value", message, part.with_object(str(near[0])))
            return
        number = _NUMBER.fullmatch(value)
        near_to = number[0] if number else None
        rest = join(others) if others and fits else ""
        examples = self._probe.list_values(
            f"{rest} {part.with_object(variable)}", variable, near_to
        )
        if not examples and rest:
            rest = ""
            examples = self._probe.list_values(part.with_object(variable), variable, near_to)
        where = " where the rest of the pattern fits" if rest else ""
        such = f" {path} has values such as {show(examples)}{where}." if examples else ""
        pattern = f"{rest} {part.with_object(str(examples[0]))}" if examples else None
        yield Reason("no-match", message + such, pattern)

    def _find_spelled(self, pattern: str, variable: str, text: str) -> list[Term]:
        """Values that read like `text`, but are of another type, language or case."""
        condition = f"LCASE(STR({variable})) = LCASE(STR({text}))"
        query = f"SELECT DISTINCT {variable} {{ {pattern} FILTER({condition}) }} LIMIT {MOST_SHOWN}"
        return [row[0] for row in self._probe.select(query)]

    def _find_named(self, pattern: str, variable: str, text: str) -> list[Term]:
        """Things that have `text` as their code or label."""
        things = f"SELECT DISTINCT {variable} {{ {pattern} }} LIMIT {_MOST_COMPARED}"
        name = f"{variable} skos:notation|rdfs:label ?kzgraph_name"
        condition = f"LCASE(STR(?kzgraph_name)) = LCASE({text})"
        query = f"SELECT DISTINCT {variable} {{ {{ {things} }} {name} FILTER({condition}) }}"
        return [row[0] for row in self._probe.select(f"{query} LIMIT {MOST_SHOWN}")]

    def _find_near(self, pattern: str, variable: str, text: str) -> list[Term]:
        """Texts that are written much like `text`."""
        query = f"SELECT DISTINCT {variable} {{ {pattern} }} LIMIT {_MOST_COMPARED}"
        texts: dict[str, list[Term]] = {}
        for (value,) in self._probe.select(query):
            if isinstance(value, Literal) and value.datatype in PLAIN:
                texts.setdefault(value.value.lower(), []).append(value)
        near = get_close_matches(text.lower(), texts, n=MOST_SHOWN, cutoff=0.75)
        return [value for each in near for value in sorted(texts[each], key=str)][:MOST_SHOWN]

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
                own = f"{pattern} {_own('?kzgraph_class')}"
                classes = self._probe.list_values(own, "?kzgraph_class")
                classes = classes or self._probe.list_values(pattern, "?kzgraph_class")
                such = f"; things that have it are of the class {show(classes)}" if classes else ""
                message = f"No {kind.triple[2]} has {path}{such}."
                remedy = f"{free.text} {subject} a {classes[0]}" if classes else None
                yield Reason("class", message, remedy)

    def _find_filters(self) -> Iterator[Reason]:
        """Filters that compare with a text of another type or language than the data."""
        patterns = [part for part in self._parts if not part.is_filter]
        for part in self._parts:
            compared = _EQUALS.match(part.text) if part.is_filter else None
            if compared is None or self._holds([*patterns, part]):
                continue
            variable, text = compared[1], compared[2]
            other = self._find_spelled(join(patterns), variable, text)
            if other:
                message = (
                    f"No solution meets {_say(part)}, but {variable} is {show(other)} in some."
                )
                yield Reason("other-value", message)

    def _leave_out(self) -> Iterator[Reason]:
        """Parts without which there would be solutions: one, or two where one is not enough."""
        said = False
        for part in self._parts:
            others = [each for each in self._parts if each is not part]
            if part.is_optional or not others or not self._holds(others):
                continue
            said = True
            such = self._show_values(part, others)
            message = f"Without {_say(part)} there are solutions{such}."
            yield Reason("together", message, join(others))
        narrow = [
            part
            for part in self._parts
            if part.is_filter or (part.triple and part.triple[2][0] not in "?$")
        ]
        for pair in combinations(narrow[:_MOST_PAIRED], 2) if not said else ():
            others = [each for each in self._parts if each not in pair]
            if others and self._holds(others):
                message = f"Without {_say(pair[0])} and {_say(pair[1])} there are solutions."
                yield Reason("together", message, join(others))

    def _show_values(self, part: Part, others: Sequence[Part]) -> str:
        """The values that solutions have without a part which asks for another."""
        pattern, variables = join(others), set(_VARIABLE.findall(part.text))
        number = _NUMBER.findall(part.text) if part.is_filter else []
        if part.triple and not part.triple[2].startswith(("?", "$")):
            pattern, named = f"{pattern} {part.with_object('?kzgraph_value')}", part.triple[1]
            variables = {"?kzgraph_value"}
            number = [part.triple[2]] if _NUMBER.fullmatch(part.triple[2]) else []
        elif part.is_filter and len(variables) == 1 and not is_of_text(part):
            named = min(variables)
        else:
            return ""
        if part.triple and part.triple[1] in ("a", "rdf:type"):
            pattern = f"{pattern} {_own('?kzgraph_value')}"
        near = number[0] if len(number) == 1 else None
        examples = self._probe.list_values(pattern, min(variables), near)
        return f"; {named} is {show(examples)} in some of them" if examples else ""

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
            # A number that the query gives is not one that a document leaves out.
            if not rest or subject[0] not in "?$" or value[0] not in "?$":
                continue
            query = _UNPUBLISHED.format(pattern=join(rest), figure=subject, most=MOST_SHOWN)
            rows = self._probe.select(query)
            if rows:
                shown = "; ".join(f"{plain(label)} ({plain(reason)})" for label, reason in rows)
                message = f"Figures that fit have no number in their document: {shown}."
                yield Reason("unpublished", message)
                return


def _own(variable: str) -> str:
    """A filter for the project's classes but for those that nearly everything is of."""
    general = ", ".join(str(term(name)) for name in ("Fact", "Figure", "Thing"))
    own = f"STRSTARTS(STR({variable}), '{ONTOLOGY}')"
    return f"FILTER({own} && {variable} NOT IN ({general}))"


def _say(part: Part) -> str:
    """A part as the author of the query may have written it."""
    text = " ".join(part.triple) if part.triple else part.text
    return _MADE_UP.sub("[]", " ".join(text.split()))
