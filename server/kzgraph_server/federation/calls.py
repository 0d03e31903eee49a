"""The calls of other endpoints in the text of a query.

https://www.w3.org/TR/sparql11-federated-query/#service
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kzgraph.iri import BASE
from kzgraph.sparql.analysis import read_prologue
from kzgraph.sparql.cursor import Unreadable
from kzgraph.sparql.lexer import Kind, Token, tokens
from kzgraph.sparql.parser import parse_group
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.scope import visible_names

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
#: What a local name escapes: https://www.w3.org/TR/sparql11-query/#rPN_LOCAL_ESC
_LOCAL_ESCAPE = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Call:
    """One `SERVICE [SILENT] <endpoint> { ... }`.

    Attributes:
        keyword: the word SERVICE.
        silent: the word SILENT, if it is there.
        endpoint: the address, absolute.
        end: where the call ends in the text, exclusive.
        group: the tokens of its group, with the braces.
        query: the query for the endpoint.
    """

    keyword: Token
    silent: Token | None
    endpoint: str
    end: int
    group: tuple[Token, ...]
    query: str

    def variables(self) -> tuple[str, ...]:
        """The variables in scope after it, in the order in which they first occur.

        Raises:
            Refusal: the group is not valid.
        """
        try:
            return tuple(visible_names(parse_group(self.group)))
        except Unreadable:
            start = self.keyword.start
            raise Refusal("The group of this SERVICE cannot be read", start) from None


def find_calls(text: str, prefixes: Mapping[str, str]) -> list[Call]:
    """The calls in the query `text`, in order.

    Only the word SERVICE on its own is searched. Oxigraph's parser would take `SERVICEex:s` for
    a call as well: `analysis.analyse` refuses whatever is left of that kind.

    Args:
        text: the query.
        prefixes: those that are declared beforehand, with their IRIs.

    Raises:
        LexicalError: the text cannot be split into tokens.
        Refusal: this server does not accept a call; with the token at fault.
    """
    all_tokens = list(tokens(text))
    end, names = read_prologue(all_tokens)
    declared = {name: iri.text[1:-1] for name, iri in names.items()}
    prologue = _strip_version(text, all_tokens[:end])
    calls: list[Call] = []
    for index, token in enumerate(all_tokens):
        if token.kind is Kind.WORD and token.text.upper() == "SERVICE":
            if calls and token.start < calls[-1].end:
                raise Refusal("SERVICE within SERVICE is not accepted", token.start)
            calls.append(_read_call(text, all_tokens, index, prefixes, prologue, declared))
    return calls


def mask_calls(text: str, calls: Sequence[Call]) -> str:
    """`text` with GRAPH for SERVICE, so that the store can check its syntax without calls.

    The two have the same grammar and the same scopes, and every error keeps its position.
    """
    characters = list(text)
    for call in calls:
        characters[call.keyword.start : call.keyword.end] = "GRAPH  "
        if call.silent is not None:
            characters[call.silent.start : call.silent.end] = " " * len(call.silent.text)
    return "".join(characters)


def _read_call(
    text: str,
    all_tokens: Sequence[Token],
    index: int,
    prefixes: Mapping[str, str],
    prologue: str,
    declared: Mapping[str, str],
) -> Call:
    keyword = all_tokens[index]
    following = list(all_tokens[index + 1 : index + 4])
    silent = None
    if following and following[0].kind is Kind.WORD and following[0].text.upper() == "SILENT":
        silent = following.pop(0)
    if not following:
        raise Refusal("SERVICE needs an address and a group", keyword.start)
    address, *rest = following
    if address.kind is Kind.VARIABLE:
        raise Refusal(
            "SERVICE takes the address of an endpoint here, not a variable", address.start
        )
    endpoint = _resolve_address(address, {**prefixes, **declared})
    if not rest or rest[0].text != "{":
        raise Refusal("SERVICE needs a group in braces after its address", keyword.start)
    start = index + (2 if silent is None else 3)
    try:
        end = find_closing(all_tokens, start)
    except ValueError:
        raise Refusal("The group of this SERVICE is not closed", keyword.start) from None
    group = all_tokens[start : end + 1]
    pattern = text[group[0].start : group[-1].end]
    return Call(
        keyword,
        silent,
        endpoint,
        group[-1].end,
        tuple(group),
        _make_prologue(group, prefixes, prologue, declared) + f"SELECT * WHERE {pattern}",
    )


def _resolve_address(token: Token, prefixes: Mapping[str, str]) -> str:
    """The address that `token` denotes.

    Relative ones are refused: a query names what it calls in full.
    """
    iri = ""
    if token.kind is Kind.IRI:
        iri = token.text[1:-1]
    elif token.kind is Kind.NAME:
        prefix, _, local = token.text.partition(":")
        if prefix not in prefixes:
            raise Refusal(f"The prefix {prefix}: is not declared", token.start)
        iri = prefixes[prefix] + _LOCAL_ESCAPE.sub(r"\1", local)
    if not _ABSOLUTE.match(iri) or "\\" in iri:
        raise Refusal(
            "SERVICE needs the address of an endpoint, absolute and as it is", token.start
        )
    return iri


def find_closing(every: Sequence[Token], start: int) -> int:
    """The index of the bracket that closes the one at `start`.

    Raises:
        ValueError: it is not closed.
    """
    depth = 0
    for index in range(start, len(every)):
        token = every[index]
        if token.kind is Kind.SIGN:
            depth += (token.text in "({[") - (token.text in ")}]")
            if depth == 0:
                return index
    raise ValueError("a bracket is not closed")


def _strip_version(text: str, declarations: Sequence[Token]) -> str:
    """The prologue, a declaration a line, without VERSION, which SPARQL 1.1 does not know."""
    starts = [
        index
        for index, token in enumerate(declarations)
        if token.kind is Kind.WORD and token.text.upper() in ("PREFIX", "BASE", "VERSION")
    ]
    lines = [
        text[declarations[first].start : declarations[after - 1].end]
        for first, after in pairwise([*starts, len(declarations)])
        if declarations[first].text.upper() != "VERSION"
    ]
    return "".join(f"{line}\n" for line in lines)


def _make_prologue(
    group: Sequence[Token],
    prefixes: Mapping[str, str],
    prologue: str,
    declared: Mapping[str, str],
) -> str:
    """The prologue of the query that is sent, so that its names resolve as they do here."""
    used = {token.text.partition(":")[0] for token in group if token.kind is Kind.NAME}
    lines = [f"BASE <{BASE}>\n"]
    lines += [
        f"PREFIX {name}: <{prefixes[name]}>\n"
        for name in sorted((used & prefixes.keys()) - declared.keys())
    ]
    return "".join(lines) + prologue
