"""Expressions of generated queries: mostly of sound types, now and then of others."""

import random
from collections.abc import Callable, Sequence

from pyoxigraph import Literal

from known_data import XSD, Speller, Variable
from kzgraph.namespaces import Term
from query_pieces import Constant, Part, Piece, either, piece

_LITERALS: tuple[Term, ...] = (
    Literal(5),
    Literal("a"),
    Literal("a", language="en"),
    Literal(True),
)


_NUMBERS = ("0", "1", "5", "10", "2.5", "0.5", "1.5", "4.5", "-1", "0.0", "1e1", "100")


class Expressions:
    """Makes expressions over variables.

    Args:
        chance: of which the choices are made.
        speller: writes the constants.
        used: the features that were used, to which is added.
    """

    def __init__(self, chance: random.Random, speller: Speller, used: set[str]) -> None:
        self._chance = chance
        self._speller = speller
        self._used = used
        #: Variables that need not have a value.
        self.unsure: list[Variable] = []

    # --- variables and constants

    def variable(self, scope: Sequence[Variable], *kinds: str) -> Variable:
        """One of a scope, mostly of one of some kinds; now and then one that is never bound."""
        fitting = [each for each in scope if each.kinds & set(kinds)]
        roll = self._chance.random()
        if roll < 0.003 or not scope:
            self._used.add("unbound variable")
            return Variable("none", ())
        if kinds == ("number",):
            # Mostly of numbers alone: one other value makes a sum unbound.
            exact = [each for each in fitting if each.is_number]
            fitting = exact if roll < 0.97 and exact else fitting
        return self._chance.choice(fitting if fitting and roll < 0.96 else scope)

    def constant(self, like: Variable) -> Constant:
        """A place for a constant that a variable may equal."""
        return self._speller.some_of(like.pool, _LITERALS)

    def near_number(self, like: Variable) -> Constant:
        """A place for a number near some value of a variable."""
        found: list[str] = []
        for term in self._chance.choices(like.pool, k=4) if like.pool else []:
            if isinstance(term, Literal) and term.datatype.value in (
                XSD + "integer",
                XSD + "decimal",
            ):
                found.append(self._speller.spell(term))
        # An integer and a decimal in one place are of two shapes.
        found += [f"{text}.5" for text in found if text.isdecimal()]
        found += self._chance.choices(_NUMBERS, k=2)
        return Constant(tuple(found))

    # --- conditions

    def condition(self, scope: Sequence[Variable], depth: int = 2) -> Piece:
        """A condition of a filter."""
        roll = self._chance.random()
        if depth and roll < 0.2:
            left, right = self.condition(scope, depth - 1), self.condition(scope, depth - 1)
            sign = self._chance.choice(("&&", "||"))
            self._used.add(sign)
            pair = (left, sign, right)
            # Without brackets && binds closer.
            whole = piece(*pair) if self._chance.random() < 0.6 else piece("(", *pair, ")")
            return either(whole, left, right)
        if depth and roll < 0.27:
            inner = self.condition(scope, depth - 1)
            self._used.add("!")
            return either(piece("( ! (", inner, ") )"), inner)
        makers: list[tuple[float, str, Callable[[Sequence[Variable]], Piece]]] = [
            (4, "comparison of numbers", self._compare_numbers),
            (2, "equality of terms", self._equal),
            (2, "IN", self._in),
            (2, "LANG", self._language),
            (1, "REGEX", self._regex),
            (1.5, "texts", self._texts),
            (1, "BOUND", self._bound),
            (1, "kind of term", self._kind),
            (0.5, "comparison of others", self._compare_others),
            (0.4, "value as condition", self._value),
            (0.3, "error", self._error),
            (0.9, "condition for unbound", self._for_unbound),
        ]
        weights = [weight for weight, _, _ in makers]
        _, name, make = self._chance.choices(makers, weights)[0]
        self._used.add(name)
        return make(scope)

    def _compare_numbers(self, scope: Sequence[Variable]) -> Piece:
        sign = self._chance.choice(("<", ">", "<=", ">=", "<=", ">=", "=", "!="))
        found = self.variable(scope, "number")
        left: Part = found.text
        if self._chance.random() < 0.13:
            left = either(piece("(", self.number(scope, 1), ")"), left)
        roll = self._chance.random()
        right: Part = self.near_number(found)
        if roll < 0.16:
            self._used.add("comparison of variables")
            sign = self._chance.choice(("=", "!=", sign))
            right = either(piece(self.variable(scope, "number").text), right)
        elif roll < 0.22:
            right = either(piece("(", self.number(scope, 1), ")"), right)
        pair = (left, sign, right) if self._chance.random() < 0.9 else (right, sign, left)
        return piece("(", *pair, ")")

    def _equal(self, scope: Sequence[Variable]) -> Piece:
        found = self.variable(scope, "iri", "text", "time", "other")
        sign = self._chance.choice(("=", "!=", "!="))
        right: Part = self.constant(found)
        if self._chance.random() < 0.15:
            right = self.variable(scope, *found.kinds).text
        if self._chance.random() < 0.08:
            return piece("(sameTerm(", found.text, ",", right, "))")
        return piece("(", found.text, sign, right, ")")

    def _in(self, scope: Sequence[Variable]) -> Piece:
        found = self.variable(scope, "iri", "number", "text")
        listed: list[Part] = []
        for number in range(
            self._chance.choice((1, 2, 2, 3, 4)) if self._chance.random() > 0.03 else 0
        ):
            listed += [",", self.constant(found)] if number else [self.constant(found)]
        word = self._chance.choice(("IN", "NOT IN"))
        return piece("(", found.text, word, "(", *listed, "))")

    def _language(self, scope: Sequence[Variable]) -> Piece:
        found = self.variable(scope, "text").text
        tag = Constant(('"en"', '"en"', '"ru"', '""', "'en-gb'", '"EN"', '"kk"'))
        roll = self._chance.random()
        if roll < 0.2:
            wide = Constant(('"en"', '"*"', '"EN"', '"en-GB"'))
            return piece("(LANGMATCHES(LANG(", found, "),", wide, "))")
        sign = "!=" if roll < 0.35 else "="
        if roll > 0.9:
            return piece("(LANG(", found, ") IN (", tag, ",", tag, "))")
        return piece("(LANG(", found, ")", sign, tag, ")")

    def _regex(self, scope: Sequence[Variable]) -> Piece:
        pattern = Constant(('"a"', '"^A"', '"[0-9]+$"', '"^$"', '"."', '"a|e"', '"\\\\."', '"P0"'))
        flags = self._chance.choice(("", "", ', "i"'))
        inner: Part = self.text(scope, 1)
        return piece("(REGEX(", inner, ",", pattern, flags, "))")

    def _texts(self, scope: Sequence[Variable]) -> Piece:
        name = self._chance.choice(("STRSTARTS", "STRENDS", "CONTAINS"))
        part = Constant(('"a"', '"http://example.org/place/a"', '"0"', '""', '"A"', '"b"', '"h"'))
        if self._chance.random() < 0.35:
            found = self.variable(scope, "text", "iri")
            words = tuple(
                self._speller.quoted(term.value)
                for term in found.pool[:5]
                if hasattr(term, "value")
            )
            sign = self._chance.choice(("=", "!=", "<", ">="))
            return piece("(STR(", found.text, ")", sign, Constant(words or ('""',)), ")")
        return piece(f"({name}(", self.text(scope, 1), ",", part, "))")

    def _bound(self, scope: Sequence[Variable]) -> Piece:
        sign = self._chance.choice(("", "!"))
        return piece(f"({sign}BOUND(", self._chance.choice(scope).text, "))")

    def _kind(self, scope: Sequence[Variable]) -> Piece:
        found = self._chance.choice(scope).text
        roll = self._chance.random()
        if roll < 0.3:
            name = Constant(("xsd:integer", "xsd:decimal", "xsd:string", "rdf:langString"))
            return piece("(DATATYPE(", found, ") =", name, ")")
        test = self._chance.choice(("isIRI", "isLiteral", "isNumeric", "isBlank", "isURI"))
        return piece(f"({test}(", found, "))")

    def _compare_others(self, scope: Sequence[Variable]) -> Piece:
        found = self.variable(scope, "time", "text", "other", "iri")
        sign = self._chance.choice(("<", ">", "<=", ">="))
        return piece("(", found.text, sign, self.constant(found), ")")

    def _value(self, scope: Sequence[Variable]) -> Piece:
        return piece("(", self.variable(scope, "number", "text", "other").text, ")")

    def _for_unbound(self, scope: Sequence[Variable]) -> Piece:
        """A condition that says what is true of a variable without a value."""
        unsure = [each for each in self.unsure if each in scope]
        found = self._chance.choice(unsure or scope)
        inner = self.condition([found], 0)
        truth = self._chance.choice(("true", "false"))
        if self._chance.random() < 0.3:
            return either(piece("( ! (COALESCE(", inner, ", false)) )"), inner)
        if self._chance.random() < 0.4:
            return either(piece("( !BOUND(", found.text, ") ||", inner, ")"), inner)
        if self._chance.random() < 0.5:
            return either(piece("(COALESCE(", inner, ",", truth, "))"), inner)
        return either(piece("(IF(BOUND(", found.text, "),", inner, ",", truth, "))"), inner)

    def _error(self, scope: Sequence[Variable]) -> Piece:
        found = self._chance.choice(scope).text
        texts = (f"(1/0 = 1 || {found} = 5)", f"(COALESCE({found} > 5, false))", "(1 / 0 > 0)",
                 f"(IF({found} > 2, true, 1/0))", "(true)", "(false)", "(1 = 1.0)")  # fmt: skip
        return piece(self._chance.choice(texts))

    # --- values

    def number(self, scope: Sequence[Variable], depth: int = 2) -> Piece:
        """An expression that is mostly a number."""
        found = self.variable(scope, "number")
        roll = self._chance.random()
        if depth == 0 or roll < 0.3:
            return piece(found.text)
        self._used.add("arithmetic")
        if roll < 0.62:
            left, right = self.number(scope, depth - 1), self.number(scope, depth - 1)
            sign = self._chance.choice("+-*/+-")
            if self._chance.random() < 0.5:
                other: Part = self.near_number(found)
                return either(self._operation(left, sign, other), left)
            return either(self._operation(left, sign, right), left, right)
        inner = self.number(scope, depth - 1)
        if roll < 0.75:
            name = self._chance.choice(
                ("ROUND", "ABS", "CEIL", "FLOOR", "-", "xsd:integer", "xsd:decimal")
            )
            return either(piece(f"{name}(", inner, ")"), inner)
        if roll < 0.83:
            return either(
                piece(
                    "IF(", self.condition(scope, 0), ",", inner, ",", self.near_number(found), ")"
                ),
                inner,
            )
        if roll < 0.92:
            return either(piece("COALESCE(", inner, ",", self.near_number(found), ")"), inner)
        if roll < 0.96:
            return piece("STRLEN(", self.text(scope, 0), ")")
        return piece("YEAR(", self.variable(scope, "time").text, ")")

    def _operation(self, left: Part, sign: str, right: Part) -> Piece:
        if self._chance.random() < 0.6:
            return piece(left, sign, right)
        return piece("(", left, sign, right, ")")

    def text(self, scope: Sequence[Variable], depth: int = 2) -> Piece:
        """An expression that is mostly a string."""
        found = self.variable(scope, "text", "iri").text
        roll = self._chance.random()
        if depth == 0 or roll < 0.5:
            return piece("STR(", found, ")") if roll < 0.35 else piece(found)
        inner = self.text(scope, depth - 1)
        if roll < 0.7:
            return either(
                piece(self._chance.choice(("LCASE(", "UCASE(", "STR(")), inner, ")"), inner
            )
        if roll < 0.8:
            return piece("SUBSTR(", inner, ",", Constant(("1", "2", "0", "5")), ", 3)")
        if roll < 0.9:
            return piece("CONCAT(", inner, ",", Constant(('"-"', '""', '"x"@en')), ")")
        return piece(
            self._chance.choice(("STRAFTER(", "STRBEFORE(")),
            inner,
            ",",
            Constant(('"/"', '"a"', '""')),
            ")",
        )

    def value(self, scope: Sequence[Variable]) -> Piece:
        """An expression of any type."""
        roll = self._chance.random()
        if roll < 0.5:
            return self.number(scope)
        if roll < 0.75:
            return self.text(scope)
        if roll < 0.85:
            self._used.add("LANG")
            return piece("LANG(", self.variable(scope, "text").text, ")")
        return (
            self.condition(scope, 1)
            if roll < 0.93
            else piece("DATATYPE(", self.variable(scope, "number").text, ")")
        )
