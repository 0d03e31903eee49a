"""Random patterns over two small graphs: of every kind, and often with solutions."""

import re
from random import Random

from sparql_algebra import (
    Bind,
    Element,
    Exists,
    Filter,
    Group,
    InGraph,
    Minus,
    Optional,
    Select,
    Union,
    Values,
)
from sparql_terms import Compare, Expression, IsBound, Not, Or, Term, Triple
from sparql_triples import Path, Step, Triples

NAMES = ("?x", "?y", "?z", "?g")
NODES = ("<urn:a>", "<urn:b>", "<urn:c>", "1", "2")
PROPERTIES = ("<urn:p>", "<urn:q>")
GRAPHS = ("<urn:g1>", "<urn:g2>")
NOTHING, NOWHERE = "<urn:nothing>", "<urn:nowhere>"


class Guesser:
    """Makes data and patterns.

    Args:
        seed: all that they depend on.
    """

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - for no secret
        self._choose = self._random.choice

    def data(self) -> dict[str, frozenset[Triple]]:
        """Two graphs, which have no triple in common, as in a release."""
        every = sorted(
            {
                (self._choose(NODES[:3]), self._choose(PROPERTIES), self._choose(NODES))
                for _ in range(8)
            }
        )
        first = frozenset(each for each in every if self._random.random() < 0.5)
        return {GRAPHS[0]: first, GRAPHS[1]: frozenset(every) - first}

    def group(self, depth: int = 2, *, simple: bool = False) -> Group:
        """A group whose patterns nest `depth` deep.

        Args:
            depth: how deep.
            simple: whether to keep to what EXISTS has one meaning for.
        """
        elements: list[Element] = []
        for _ in range(self._choose((1, 1, 2, 2, 3))):
            elements.append(self._element(depth, Group(tuple(elements)), simple))
        return Group(tuple(elements))

    def _element(self, depth: int, before: Group, simple: bool) -> Element:
        chance = self._random.random()
        if depth == 0 or chance < 0.3:
            # A value in the place of a variable can be no node of the graph, so that paths of
            # length zero inside EXISTS are another matter.
            is_path = self._random.random() < 0.3 and not simple
            return self._path() if is_path else self._triples()
        inner = self.group(depth - 1, simple=simple)
        if chance < 0.42:
            return Optional(inner)
        if chance < 0.54:
            return InGraph(self._choose(("?g", "?g", "?x", *GRAPHS, NOWHERE)), inner)
        if chance < 0.62:
            return Union((inner, self.group(depth - 1, simple=simple)))
        if chance < 0.72 or simple:
            return Filter(self._condition(depth - 1))
        if chance < 0.8:
            return Minus(inner)
        if chance < 0.86:
            return self._values()
        if chance < 0.92:
            return self._select(inner)
        new = [name for name in (*NAMES, "?v") if name not in before.variables]
        return Bind(self._term(), self._choose(new)) if new else inner

    def _condition(self, depth: int) -> Expression:
        chance = self._random.random()
        if chance < 0.5:
            if self._random.random() < 0.3:
                return Compare(self._term(), "<", Term("2"))  # IRIs have no order
            return Compare(self._term(), self._choose(("=", "!=")), self._term())
        if chance < 0.65:
            return IsBound(self._choose(NAMES))
        if chance < 0.72:
            return Not(self._condition(depth))
        if chance < 0.8:
            return Or(self._condition(depth), self._condition(depth))
        return Exists(self.group(max(depth, 0), simple=True))

    def _term(self) -> Term:
        return Term(self._choose((*NAMES, *NAMES, *NODES, *GRAPHS)))

    def _node(self) -> str:
        return self._choose((*NAMES[:3], *NAMES[:3], *NODES[:3], NOTHING))

    def _triples(self) -> Triples:
        return Triples(
            tuple(
                (self._node(), self._choose((*PROPERTIES, *PROPERTIES, "?y")), self._node())
                for _ in range(self._choose((1, 1, 2)))
            )
        )

    def _path(self) -> Path:
        step = self._step(2)
        # By the letter, a path of two steps of length zero does not find what is no node.
        nodes = [self._node() for _ in range(2)]
        if "/" in step.text:
            nodes = [node if node != NOTHING else "?x" for node in nodes]
        return Path(nodes[0], step, nodes[1])

    def _step(self, depth: int) -> Step:
        sign = self._choose("/|*+?^!") if depth > 0 else ""
        if sign in ("", "!"):
            return Step(sign, properties=(self._choose(PROPERTIES),))
        parts = tuple(self._step(depth - self._choose((1, 2))) for _ in range(1 + (sign in "/|")))
        return Step(sign, parts)

    def _values(self) -> Values:
        names = tuple(self._random.sample(NAMES, self._choose((1, 2))))
        rows = tuple(
            tuple(self._choose((*NODES, *GRAPHS, None)) for _ in names)
            for _ in range(self._choose((1, 2, 3)))
        )
        return Values(names, rows)

    def _select(self, group: Group) -> Select:
        inside = sorted(group.variables)
        names = tuple(self._random.sample(inside, self._random.randint(0, len(inside))))
        new = "?n" if "?n" not in inside else "?m" if "?m" not in inside else ""
        count = self._choose(("", new)) if names else new
        if not count:
            distinct = self._choose((True, False))
            return Select(names or ("?n",), group, distinct, limit=self._limit())
        one = self._choose(NAMES)
        counted = self._choose(("*", one, f"DISTINCT {one}"))
        return Select(names, group, False, count, counted, self._limit())

    def _limit(self) -> int | None:
        return self._choose((None, None, 0, 1, 2))


#: Tokens of what is written here, spaces aside.
_TOKEN = re.compile(r"<urn:(\w+)>|\?\w+|\w+|\|\||!=|.", re.DOTALL)
_SPACES = (" ", " ", "\n", "\t ", ' # } GRAPH ?g { "\n', "\r\n")
_KEYWORD = re.compile(r"[A-Z]{2,}")
#: Two statements of one subject, and of one subject and predicate.
_LISTS = (
    (re.compile(r"(\S+) (\S+) (\S+) \. \1 \2 (\S+) \."), r"\1 \2 \3 , \4 ."),
    (re.compile(r"(\S+) (\S+) (\S+) \. \1 (\S+ \S+) \."), r"\1 \2 \3 ; \4 ."),
)


def disguise(query: str, seed: int) -> str:
    """The same query in other letters: spaces, comments, cases, prefixes, signs and escapes."""
    random = Random(seed)  # noqa: S311 - for no secret
    parts = []
    pattern, short = random.choice(_LISTS)
    query = pattern.sub(short, query)
    for match in _TOKEN.finditer(query):
        text = match[0]
        if match[1]:
            text = random.choice(
                (text, f"u:{match[1]}", f"<urn:\\u{ord(match[1][0]):04X}{match[1][1:]}>")
            )
        elif text.startswith("?") and len(text) > 1:
            text = random.choice("?$") + text[1:]
        elif text == " ":
            text = random.choice(_SPACES)
        elif _KEYWORD.fullmatch(text):
            text = random.choice((text, text.lower(), text.title()))
        parts.append(text)
    return "PREFIX u: <urn:>\n" + "".join(parts)
