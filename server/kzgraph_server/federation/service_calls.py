"""The calls of other endpoints in a query, and the query without them.

https://www.w3.org/TR/sparql11-federated-query/#service
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kzgraph.iri import BASE
from kzgraph.prefixes import PREDECLARED
from kzgraph.sparql.analysis import Analysis, read_prologue
from kzgraph.sparql.lexer import Kind, Token
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.scope import visible_names
from kzgraph.sparql.strings import splice
from kzgraph.sparql.tree import Service

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
#: What a local name escapes: https://www.w3.org/TR/sparql11-query/#rPN_LOCAL_ESC
_LOCAL_ESCAPE = re.compile(r"\\(.)")

#: For each variable of the call its value, None where it is unbound.
Row = tuple[NamedNode | Literal | None, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One `SERVICE [SILENT] <endpoint> { ... }`.

    Attributes:
        node: where it stands.
        endpoint: the address, absolute.
        prologue: what the names in it mean.
        pattern: the group for the endpoint.
        bound: how many values of its variables stand in the pattern; None where it is as it was
            written.
    """

    node: Service
    endpoint: str
    prologue: str
    pattern: str
    bound: int | None = None

    @property
    def query(self) -> str:
        """The query for the endpoint."""
        return f"{self.prologue}SELECT * WHERE {self.pattern}"

    def variables(self) -> tuple[str, ...]:
        """The variables in scope after it, in the order in which they first occur."""
        return tuple(visible_names(self.node.group))


def find_calls(analysis: Analysis) -> list[Call]:
    """The calls in a query, in order.

    Only the word SERVICE on its own is searched. Oxigraph's parser would take `SERVICEex:s` for
    a call as well: `analysis.analyse` refuses whatever is left of that kind.

    Args:
        analysis: of the query, not by the thin path.

    Raises:
        Refusal: this server does not accept a call; with the token at fault.
    """
    text = analysis.text
    if analysis.query is None:
        words = {each.text.upper() for each in analysis.tokens if each.kind is Kind.WORD}
        if "SERVICE" in words:
            misfit = analysis.misfit
            raise Refusal("Syntax error", len(text) if misfit is None else misfit.start)
        return []
    _, declared = read_prologue(analysis.tokens)
    names = PREDECLARED | {name: iri.text[1:-1] for name, iri in declared.items()}
    prologue = _make_prologue(analysis)
    calls: list[Call] = []
    for node in analysis.query.find(Service):
        if calls and node.start < calls[-1].node.end:
            raise Refusal("SERVICE within SERVICE is not accepted", node.start)
        pattern = text[node.group.start : node.group.end]
        endpoint = _resolve_address(node.name, names)
        calls.append(Call(node, endpoint, prologue, pattern))
    return calls


def _resolve_address(token: Token, names: Mapping[str, str]) -> str:
    """The address that `token` denotes, by the prefixes `names`.

    Relative ones are refused: a query names what it calls in full.
    """
    if token.kind is Kind.VARIABLE:
        raise Refusal("SERVICE takes the address of an endpoint here, not a variable", token.start)
    iri = token.text[1:-1]
    if token.kind is Kind.NAME:
        prefix, _, local = token.text.partition(":")
        if prefix not in names:
            raise Refusal(f"The prefix {prefix}: is not declared", token.start)
        iri = names[prefix] + _LOCAL_ESCAPE.sub(r"\1", local)
    if not _ABSOLUTE.match(iri) or "\\" in iri:
        raise Refusal(
            "SERVICE needs the address of an endpoint, absolute and as it is", token.start
        )
    return iri


def _make_prologue(analysis: Analysis) -> str:
    """The prologue of the queries that are sent, so that their names resolve as they do here.

    Without VERSION and its string, which SPARQL 1.1 does not know.
    """
    words = [f"BASE <{BASE}>"]
    words += [f"PREFIX {name}: <{PREDECLARED[name]}>" for name in sorted(analysis.needed)]
    previous = ""
    for token in analysis.tokens[: analysis.start]:
        if "VERSION" not in (token.text.upper(), previous):
            words.append(token.text)
        previous = token.text.upper()
    return " ".join(words) + "\n"


def mask_calls(text: str, calls: Sequence[Call]) -> str:
    """`text` with GRAPH for SERVICE, so that the store can check its syntax without calls.

    The two have the same grammar and the same scopes, and every error keeps its position.
    """
    changes = []
    for call in calls:
        keyword, silent = call.node.keyword, call.node.silent
        changes.append((keyword.start, keyword.end, "GRAPH  "))
        if silent is not None:
            changes.append((silent.start, silent.end, " " * len(silent.text)))
    return splice(text, changes)


def inline(text: str, calls: Sequence[Call], results: Sequence[Sequence[Row] | None]) -> str:
    """`text` with each call replaced by inline data, which is joined in the same way.

    The syntax has to be checked before: positions in the new text are different.

    Args:
        text: the query.
        calls: its calls, as `find_calls` finds them.
        results: the solutions of each; None for a call with SILENT that failed, which has one
            solution without bindings.
    """
    changes = []
    for call, rows in zip(calls, results, strict=True):
        variables = call.variables()
        values = write_values(variables, [(None,) * len(variables)] if rows is None else rows)
        changes.append((call.node.start, call.node.end, values))
    return splice(text, changes)


def write_values(variables: Sequence[str], rows: Sequence[Row]) -> str:
    """Inline data with a blank on either side.

    Args:
        variables: their names.
        rows: a term for each of them.
    """
    # The store's library writes each term: nothing that an endpoint sends becomes query text.
    data = " ".join(
        f"({' '.join('UNDEF' if term is None else str(term) for term in row)})" for row in rows
    )
    names = " ".join(f"?{name}" for name in variables)
    return f" VALUES ({names}) {{ {data} }} "
