"""Patterns of generated queries, made along what a graph holds."""

import random
from collections.abc import Callable, Sequence

from pyoxigraph import BlankNode, NamedNode

from known_data import Known, Speller, Variable
from kzgraph.namespaces import Term
from kzgraph.prefixes import PREFIXES
from query_conditions import Expressions
from query_pieces import Constant, Part, Piece, either, joined, piece, spare

_TYPE = PREFIXES["rdf"] + "type"

#: Makes a subquery, and says which variables it has.
Subquery = Callable[[], tuple[Piece, list[Variable]]]


class Patterns:
    """Makes the pattern of one query.

    Args:
        known: the graph.
        chance: of which the choices are made.
        speller: writes the constants.
        expressions: makes the conditions.
        used: the features that were used, to which is added.
        most: about as many solutions the pattern may have.
    """

    def __init__(
        self,
        known: Known,
        chance: random.Random,
        speller: Speller,
        expressions: Expressions,
        used: set[str],
        most: float,
    ) -> None:
        self._known = known
        self._chance = chance
        self._speller = speller
        self._expressions = expressions
        self._used = used
        self._left = most
        self._named = 0
        #: Whether in an OPTIONAL, which may share variables with what stands before it.
        self._inside = False
        #: The variables that one does.
        self.shared: list[Variable] = []
        self.scope: list[Variable] = []

    def named(self, pool: Sequence[Term]) -> Variable:
        """A new variable."""
        self._named += 1
        letter = self._chance.choice("svxyn")
        return Variable(f"{letter}{self._named}", tuple(pool))

    # --- groups

    def group(self, subquery: Subquery | None = None) -> Piece:
        """The pattern of a query, in braces; its variables are in the scope afterwards."""
        parts: list[Part] = [self._star_and_joins()]
        for _ in range(self._chance.choice((0, 0, 0, 0, 1, 1, 2))):
            parts.append(self._optional(1))
        if self._happens(0.05, "VALUES"):
            parts.insert(self._chance.choice((0, len(parts))), self._values())
        if self._happens(0.05, "BIND"):
            parts.append(self._bind())
        if subquery is not None and self._happens(0.025, "subquery"):
            inner, found = subquery()
            parts.insert(self._chance.randint(0, len(parts)), inner)
            self.scope += [each for each in found if each not in self.scope]
        if self._happens(0.02, "UNION"):
            parts.append(self._union())
        if self._happens(0.01, "MINUS or EXISTS"):
            parts.append(self._without())
        for _ in range(self._chance.choice((0, 0, 0, 1, 1, 2))):
            # A filter is about the whole group, wherever in it it stands.
            parts.insert(self._chance.randint(0, len(parts)), self._filter(self.scope))
        return piece("{", *parts, "}")

    def _filter(self, scope: Sequence[Variable]) -> Piece:
        self._used.add("FILTER")
        return spare("FILTER (", self._expressions.condition(scope), ")")

    def _star_and_joins(self) -> Piece:
        numeric = self._chance.random() < 0.65
        start = self._chance.choice(self._known.numeric if numeric else self._known.properties)
        triple = self._chance.choice(self._known.by_property[start])
        subject = triple.subject
        self._left /= self._known.rows[start]
        variable = self.named(self._known.pool(start, objects=False))
        self.scope.append(variable)
        parts = [self._star(variable, subject, first=(start, triple.object))]
        for _ in range(self._chance.choice((0, 0, 0, 1, 1, 2))):
            joins = self._join()
            if joins is not None:
                parts.append(joins)
        if self._happens(0.01, "cross product") and self._left > 200:
            self._left /= 200
            parts.append(self._star_and_joins())
        return piece(*parts)

    # --- triples

    def _star(
        self,
        variable: Variable,
        subject: Term,
        first: tuple[NamedNode, Term] | None = None,
        only: int | None = None,
    ) -> Piece:
        """Triples about one subject, along those that it has."""
        facts = list(self._known.facts.get(subject, ()))
        count = only or self._chance.choice((1, 1, 2, 2, 3))
        chosen = self._chance.sample(facts, min(count, len(facts)))
        if first is not None:
            chosen = [first, *(each for each in chosen if each[0] != first[0])]
        lines: list[Piece] = []
        for name, value in chosen:
            fan = self._known.fan_out.get(name, 1)
            if self._left < fan and lines:
                continue
            self._left /= fan
            lines.append(piece(self._property(name), self._object(name, value, variable)))
        if self._happens(0.5, ""):
            listed: list[Part] = [piece(variable.text, each, ".") for each in lines]
            return Piece(tuple(listed), tuple(listed) if len(listed) > 1 else ())
        parts: list[Part] = []
        for number, each in enumerate(lines):
            parts.append(spare(";", each) if number else each)
        return piece(variable.text, *parts, ".")

    def _property(self, name: NamedNode) -> Part:
        if self._happens(0.002, "variable as property"):
            found = self.named([name])
            self.scope.append(found)
            return found.text
        if name.value == _TYPE and self._chance.random() < 0.8:
            return "a"
        if self._happens(0.008, "unknown property"):
            return self._speller.iri("http://example.org/nowhere")
        if self._happens(0.04, "other properties"):
            # Queries of one shape and yet of other tables.
            others = self._chance.sample(self._known.properties, 2)
            written = [self._speller.iri(each.value) for each in (name, name, *others)]
            return Constant(tuple(written))
        return self._speller.iri(name.value)

    def _object(self, name: NamedNode, value: Term, of: Variable) -> Part:
        pool = self._known.pool(name)
        roll = self._chance.random()
        fixed = 0.7 if name.value == _TYPE else 0.13
        if roll < fixed and not isinstance(value, BlankNode):
            self._used.add("constant object")
            return self._speller.some_of((*[value] * 12, *pool[:8]))
        if roll > (0.85 if self._inside else 0.97) and self.scope:
            self._used.add("variable used again")
            again = self._chance.choice(self.scope)
            if self._inside:
                self._used.add("variable shared by OPTIONAL")
                self.shared.append(again)
            return again.text
        if roll > 0.955:
            self._named += 1
            return self._chance.choice(("[]", f"_:x{self._named}"))
        found = self.named(pool)
        self.scope.append(found)
        if roll > 0.93 and len(pool) > 1:
            other = self.named(pool)
            self.scope.append(other)
            self._left /= self._known.fan_out.get(name, 1)
            self._used.add("list of objects")
            return piece(found.text, spare(",", other.text))
        return found.text

    def _join(self) -> Piece | None:
        """Triples about what some variable stands for."""
        linked = [
            (each, term)
            for each in self.scope
            for term in each.pool[:6]
            if term in self._known.facts or term in self._known.mentions
        ]
        if not linked:
            return None
        variable, term = self._chance.choice(linked)
        forward = self._known.facts.get(term, [])
        back = self._known.mentions.get(term, [])
        roll = self._chance.random()
        if forward and (roll < 0.5 or not back):
            self._used.add("join")
            return self._star(variable, term, only=self._chance.choice((1, 1, 2)))
        if back and roll < 0.7:
            return self._backward(variable, term)
        return self._path(variable, term) if forward else None

    def _backward(self, variable: Variable, term: Term) -> Piece | None:
        """Triples whose object a variable stands for."""
        name, subject = self._chance.choice(self._known.mentions[term])
        if self._known.fan_in[name] > self._left:
            return None
        self._left /= self._known.fan_in[name]
        found = self.named(self._known.pool(name, objects=False))
        self.scope.append(found)
        if self._happens(0.4, "inverse path"):
            return piece(variable.text, f"^{self._speller.iri(name.value)}", found.text, ".")
        self._used.add("join backward")
        triple = piece(found.text, self._speller.iri(name.value), variable.text, ".")
        if self._chance.random() < 0.5:
            return piece(triple, self._star(found, subject, only=1))
        return triple

    def _path(self, variable: Variable, term: Term) -> Piece | None:
        """A path of steps one after the other, and now and then of another kind."""
        steps: list[Part] = []
        at, last = term, None
        for _ in range(self._chance.choice((2, 2, 3))):
            ways = [
                (name, other, True)
                for name, other in self._known.facts.get(at, ())
                if self._known.fan_out[name] <= self._left
            ]
            if self._chance.random() < 0.2:
                ways += [
                    (name, other, False)
                    for name, other in self._known.mentions.get(at, ())
                    if self._known.fan_in[name] <= self._left
                ]
            onward = [way for way in ways if way[1] in self._known.facts]
            if not ways:
                break
            name, at, forward = last = self._chance.choice(onward or ways)
            self._left /= (self._known.fan_out if forward else self._known.fan_in)[name]
            steps.append(f"{'' if forward else '^'}{self._speller.iri(name.value)}")
        if last is None:
            return None
        found = self.named(self._known.pool(last[0], objects=last[2]))
        path: Part = joined("/", steps)
        self._used.add("sequence path" if len(steps) > 1 else "path of one step")
        if self._happens(0.025, "path of another kind"):
            path = piece("(", path, self._chance.choice((")?", "|a)", ")*", ")+")))
        if self._happens(0.05, "inverse of a sequence"):
            path = piece("^(", path, ")")
            self.scope.append(found)
            return piece(found.text, path, variable.text, ".")
        self.scope.append(found)
        return piece(variable.text, path, found.text, ".")

    # --- other parts

    def _optional(self, depth: int) -> Piece:
        variable = self._chance.choice(self.scope)
        known = [each for each in variable.pool if each in self._known.facts]
        if not known:
            variable, known = self.scope[0], list(self.scope[0].pool)
        # Another subject's properties: some that this one lacks.
        term = self._chance.choice(known) if known else None
        self._used.add("OPTIONAL")
        before = len(self.scope)
        count = self._chance.choice((1, 1, 1, 2))
        self._inside = True
        parts: list[Part] = [self._star(variable, term, only=count)] if term is not None else []
        self._inside = False
        if self._happens(0.1, "join in OPTIONAL"):
            joins = self._join()
            parts += [joins] if joins is not None else []
        if depth and self._happens(0.12, "nested OPTIONAL"):
            parts.append(self._optional(depth - 1))
        if self._happens(0.15, "FILTER in OPTIONAL"):
            inside = self.scope[before:] or self.scope
            outside = self._happens(0.4, "FILTER in OPTIONAL about outside")
            condition = self._expressions.condition(self.scope if outside else inside, 1)
            parts.append(spare("FILTER (", condition, ")"))
        self._expressions.unsure += self.scope[before:]
        return spare("OPTIONAL {", *parts, "}")

    def _values(self) -> Piece:
        found = self._chance.choice(self.scope)
        rows: list[Part] = []
        if self._happens(0.25, "VALUES of two variables"):
            other = self._chance.choice(self.scope)
            if other != found:
                for _ in range(self._chance.choice((1, 2, 3))):
                    undefined = self._happens(0.1, "UNDEF")
                    last = "UNDEF" if undefined else self._speller.some_of(other.pool)
                    rows.append(spare("(", self._speller.some_of(found.pool), last, ")"))
                return spare("VALUES (", found.text, other.text, ") {", *rows, "}")
        rows = [
            spare(self._speller.some_of(found.pool)) for _ in range(self._chance.choice((1, 2, 4)))
        ]
        return spare("VALUES", found.text, "{", *rows, "}")

    def _bind(self) -> Piece:
        value = self._expressions.value(self.scope)
        found = self.named(())
        self.scope.append(found)
        return spare("BIND(", value, "AS", found.text, ")")

    def _union(self) -> Piece:
        variable = self._chance.choice(self.scope[:3])
        sides = []
        for _ in range(2):
            known = [each for each in variable.pool if each in self._known.facts]
            term = (
                self._chance.choice(known)
                if known
                else self._chance.choice(list(self._known.facts))
            )
            sides.append(piece("{", self._star(variable, term, only=1), "}"))
        return either(spare(sides[0], "UNION", sides[1]), sides[0], sides[1])

    def _without(self) -> Piece:
        variable = self._chance.choice(self.scope[:3])
        known = [each for each in variable.pool if each in self._known.facts]
        term = self._chance.choice(known or list(self._known.facts))
        before = len(self.scope)
        inner = self._star(variable, term, only=1)
        del self.scope[before:]
        word = self._chance.choice(("MINUS", "FILTER NOT EXISTS", "FILTER EXISTS"))
        return spare(word, "{", inner, "}")

    def _happens(self, share: float, feature: str) -> bool:
        found = self._chance.random() < share
        if found and feature:
            self._used.add(feature)
        return found
