"""The way through a query, from its patterns to its columns."""

from collections.abc import Iterable, Mapping, Sequence

from kzgraph.namespaces import XSD
from kzgraph.prefixes import PREDECLARED
from kzgraph.sparql.analysis import analyse_whole
from kzgraph.sparql.lexer import Kind, Token
from kzgraph.sparql.meaning.known import Known, Statement, read_names, read_patterns
from kzgraph.sparql.meaning.meanings import Claims, Meaning, aggregate, both, either, restrict
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.strings import unquote
from kzgraph.sparql.tree import (
    Bind,
    Call,
    Expression,
    Filter,
    Graph,
    Group,
    Node,
    Optional,
    Select,
    Service,
    Triples,
    Union,
    Values,
)

#: Aggregates that give values of the kind that they are over.
_KEEPING = frozenset({"SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
#: Functions of one value that give what it means in another form, or rounded.
_SAME = frozenset({"STR", "ROUND", "FLOOR", "CEIL"})
#: In a condition with one of these a comparison need not hold.
_UNCERTAIN = frozenset({"||", "!", "NOT", "IF", "COALESCE", "EXISTS"})
#: Groups within groups that are followed.
_MOST_NESTED = 30

_Env = dict[str, Claims]


def find_meanings(text: str, max_nesting: int) -> Mapping[str, Claims]:
    """The claims of each column of a SELECT that anything is known of, by its name.

    Args:
        text: the query, which the store accepts.
        max_nesting: how deep brackets and signs may nest.

    Raises:
        Refusal: see `analyse_whole`.
    """
    analysis = analyse_whole(text, PREDECLARED.keys(), max_nesting, services=True)
    if analysis.query is None:
        return {}
    try:
        return _Walk(read_names(analysis)).columns(analysis.query)
    except (Refusal, RecursionError):
        # A path that cannot be told apart, or deeper than an operator's limit: nothing is known.
        return {}


class _Walk:
    """Reads groups and expressions.

    Args:
        names: IRIs and prefixed names, as the query writes them, to IRIs.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def columns(self, query: Select, before: Sequence[Statement] = (), depth: int = 0) -> _Env:
        """The claims of the columns of a query or subquery."""
        env = self._group(query.where, before, depth) if query.where is not None else {}
        if query.star is not None:
            return {name: env.get(name, ()) for name in query.star.names}
        for column in query.groups:
            if column.name is not None and column.expression is not None:
                env[column.name] = self._expression(column.expression, env)
        found: _Env = {}
        for column in query.columns:
            if column.name is not None:
                name, computed = column.name, column.expression
                claims = self._expression(computed, env) if computed else env.get(name, ())
                env[name] = found[name] = claims
        return found

    def _group(self, group: Group, before: Sequence[Statement], depth: int) -> _Env:
        if depth > _MOST_NESTED:
            return {}
        elements = list(self._flatten(group))
        patterns = [each for each in elements if isinstance(each, Triples)]
        own = [each for block in patterns for each in read_patterns(block, self._names)]
        env = Known(own, before).claims()
        around = (*before, *own)
        given = set(env)
        for each in elements:
            if isinstance(each, Select):
                # What stands around a subquery does not reach into it.
                self._join(env, given, self.columns(each, (), depth + 1))
            elif isinstance(each, Union):
                branches = [
                    self._group(branch, around, depth + 1)
                    for branch in each.children
                    if isinstance(branch, Group)
                ]
                self._join(env, given, _alternatives(branches))
            elif isinstance(each, Optional):
                for child in each.children:
                    if isinstance(child, Group):
                        optional = self._group(child, around, depth + 1)
                        env |= _alternatives([env, _without(optional, given)])
            elif isinstance(each, Bind):
                env[each.name] = self._expression(each, env)
                given.add(each.name)
            elif isinstance(each, Values):
                self._join(env, given, dict.fromkeys(each.names, ()))
            elif isinstance(each, Graph | Service) and each.name.kind is Kind.VARIABLE:
                self._join(env, given, {each.name.text[1:]: ()})
        for each in elements:
            if isinstance(each, Filter):
                self._restrict(each.tokens, env)
        return env

    def _flatten(self, group: Group) -> Iterable[Node]:
        """The elements of a group, and of groups in it that are joined with it."""
        for child in group.children:
            if isinstance(child, Graph | Service):
                yield child
                yield from self._flatten(child.group)
            elif isinstance(child, Union) and len(child.children) == 1:
                (inner,) = child.children
                if isinstance(inner, Group):
                    yield from self._flatten(inner)
            else:
                yield child

    @staticmethod
    def _join(env: _Env, given: set[str], other: _Env) -> None:
        for name, claims in other.items():
            env[name] = both(env.get(name, ()), claims) if name in given else claims
        given |= other.keys()

    def _restrict(self, tokens: Sequence[Token], env: _Env) -> None:
        """Take the languages and datatypes into account that a condition asks for."""
        texts = [each.text.upper() if each.kind is Kind.WORD else each.text for each in tokens]
        if not _UNCERTAIN.isdisjoint(texts):
            return
        for place, text in enumerate(texts):
            if text not in ("LANG", "DATATYPE") or texts[place + 1 : place + 2] != ["("]:
                continue
            if place + 3 >= len(tokens) or tokens[place + 2].kind is not Kind.VARIABLE:
                continue
            value = self._compared(tokens, texts, place)
            name = tokens[place + 2].text[1:]
            if value is None or not env.get(name):
                continue
            if text == "LANG":
                env[name] = restrict(env[name], value.lower(), "")
            else:
                env[name] = restrict(env[name], "", value)

    def _compared(self, tokens: Sequence[Token], texts: list[str], place: int) -> str | None:
        """What the call at `place`, of four tokens, is compared with for equality."""
        matches = texts[place + 4 : place + 5] == [","] and texts[place - 2] == "LANGMATCHES"
        if texts[place + 4 : place + 5] == ["="] or matches:
            index, beyond = place + 5, place + 6
        elif place > 1 and texts[place - 1] == "=":
            index, beyond = place - 2, place - 3
        else:
            return None
        if not 0 <= index < len(tokens):
            return None
        # The other side is that term alone, not part of a sum or an argument of a call.
        around = texts[beyond] if 0 <= beyond < len(texts) else ")"
        token = tokens[index]
        if around not in (")", "(", "&&"):
            return None
        return unquote(token.text) if token.kind is Kind.STRING else self._names.get(token.text)

    def _expression(self, node: Node, env: _Env) -> Claims:
        """The claims of what is computed, or nothing."""
        tokens, children = node.tokens, node.children
        if isinstance(node, Bind):
            return self._expression(children[0], env) if children else ()
        while len(tokens) > 2 and tokens[0].text == "(" and _closes(tokens):
            tokens = tokens[1:-1]
        if len(tokens) == 1 and tokens[0].kind is Kind.VARIABLE:
            return env.get(tokens[0].text[1:], ())
        call = node if isinstance(node, Call) else children[0] if len(children) == 1 else None
        if not isinstance(call, Call) or len(call.tokens) != len(tokens):
            return ()
        return self._call(call, env)

    def _call(self, call: Call, env: _Env) -> Claims:
        if call.name == "COUNT":
            return (frozenset({Meaning(aggregates=("COUNT",))}),)
        if not call.arguments:
            return ()
        if call.name in _KEEPING:
            return aggregate(self._expression(call.arguments[0], env), call.name)
        if call.name in _SAME or self._names.get(call.name, "").startswith(XSD.iri):
            return self._expression(call.arguments[0], env)
        if call.name in ("COALESCE", "IF"):
            arguments = call.arguments[call.name == "IF" :]
            # A number that stands in for a missing one, as in COALESCE(?value, 0).
            chosen = [each for each in arguments if not _is_number(each)]
            return either(self._expression(each, env) for each in chosen)
        return ()


def _alternatives(branches: Iterable[_Env]) -> _Env:
    found: dict[str, list[Claims]] = {}
    for env in branches:
        for name, claims in env.items():
            found.setdefault(name, []).append(claims)
    return {name: either(claims) for name, claims in found.items()}


def _without(env: _Env, names: set[str]) -> _Env:
    return {name: claims for name, claims in env.items() if name not in names}


def _is_number(expression: Expression) -> bool:
    return [token.kind for token in expression.tokens] == [Kind.NUMBER]


def _closes(tokens: Sequence[Token]) -> bool:
    """Whether the bracket that `tokens` begin with closes at their end."""
    depth = 0
    for place, token in enumerate(tokens):
        depth += (token.text == "(") - (token.text == ")")
        if not depth:
            return place == len(tokens) - 1
    return False
