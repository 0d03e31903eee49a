"""Asking the endpoint for rows, and reading them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    parse_query_results,
)

from kzgraph.iri import ID, is_path
from kzgraph.prefixes import PREDECLARED, shorten
from kzgraph_server.assistants.outcomes import ToolRefusal
from kzgraph_server.assistants.site_access import Reply, Request, Site, SiteError
from kzgraph_server.offloading import run_sized

TSV, TRIPLES = "text/tab-separated-values", "application/n-triples"
#: Bytes of the rows of a query that are read.
_MOST_ROWS_BYTES = 256 * 1024
#: Seconds that a query of a tool's own may take.
_OWN_SECONDS = "10"

Term = Any  # NamedNode, BlankNode, Literal or Triple of pyoxigraph
_IRI = re.compile(r"<?(https?://[^\s<>\"{}|\\^`]{1,500})>?")
_NAME = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,40}):([A-Za-z0-9_][A-Za-z0-9_.-]{0,200})")
#: The last but one member of a code's own name: `population-group/STA`.
_PATH = re.compile(r"[a-z][a-z-]{0,40}(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,200}){1,8}")


@dataclass(frozen=True)
class Rows:
    """The beginning of a table.

    Attributes:
        names: of its columns.
        rows: a term or None for each of them.
        more: whether there are more rows.
    """

    names: Sequence[str]
    rows: Sequence[Sequence[Term]]
    more: bool = False


async def ask_endpoint(site: Site, query: str, timeout: str = "") -> Reply:
    """The beginning of the answer to a query, as tab-separated values or N-Triples.

    Args:
        site: the server.
        query: the query.
        timeout: the most seconds that it may take; empty for those of the server.
    """
    parameters = {"query": query, **({"timeout": timeout} if timeout else {})}
    accept = f"{TSV}, {TRIPLES};q=0.9"
    return await site.send(Request("/sparql", parameters, accept, form=True, most=_MOST_ROWS_BYTES))


def read_rows(reply: Reply, most: int) -> Rows | bool:
    """The rows of an answer as tab-separated values, at most so many; a boolean of ASK.

    Raises:
        SiteError: it is something else.
    """
    body = reply.body
    if reply.cut:
        body = body[: body.rfind(b"\n") + 1]  # A line that was cut is no row.
    try:
        found = parse_query_results(body, QueryResultsFormat.TSV)
        if isinstance(found, QueryBoolean):
            return bool(found)
        names = [each.value for each in found.variables]
        rows: list[Sequence[Term]] = []
        for solution in found:
            if len(rows) == most:
                return Rows(names, rows, more=True)
            rows.append([solution[name] for name in names])
    except (SyntaxError, ValueError):
        raise SiteError("The endpoint answered with something else than rows.") from None
    return Rows(names, rows, more=reply.cut)


async def select(site: Site, query: str, most: int = 1_000) -> Rows:
    """The rows of a query of a tool's own.

    Raises:
        ToolRefusal: the endpoint does not answer it, as where it has too much to do.
        SiteError: it cannot be reached.
    """
    reply = await ask_endpoint(site, query, _OWN_SECONDS)
    if reply.status != 200:
        raise ToolRefusal(explain_refusal(reply))
    found = await run_sized(len(reply.body), read_rows, reply, most)
    if isinstance(found, bool):
        raise SiteError("The endpoint answered with something else than rows.")
    return found


def explain_refusal(reply: Reply) -> str:
    """What a refusal says, and what to do about it."""
    try:
        told = reply.json
        detail = str(told.get("detail") or told.get("title") or "")
    except (SiteError, AttributeError):
        told, detail = {}, ""
    if 300 <= reply.status < 400:
        detail = f"The server sends on to {reply.fields.get('location')}: start with that address."
    detail = detail or f"The server answered {reply.status}."
    advice = {
        504: "Name a property and a value that few things have first, ask for fewer groups, "
        "places or years, or add LIMIT.",
        422: "Ask for less: fewer columns, a LIMIT, or a count in place of the rows.",
        503: "Wait a few seconds and ask again, one call at a time.",
        429: "Wait a few seconds and ask again, one call at a time.",
    }.get(reply.status, "")
    return " ".join(filter(None, (detail, advice)))


def read_id(text: str) -> str:
    """The IRI of a thing, from one of the ways to write it.

    Raises:
        ToolRefusal: it is none of them.
    """
    found = text.strip()
    if match := _IRI.fullmatch(found):
        return match[1]
    match = _NAME.fullmatch(found)
    if match and match[1] in PREDECLARED:
        return f"{PREDECLARED[match[1]]}{match[2]}"
    path = found.removeprefix("kzr:").lstrip("/")
    if _PATH.fullmatch(path) and is_path(path):
        return ID + path
    raise ToolRefusal(
        "This is not an id. One is written as `search` gives it: country:KAZ, "
        "<https://w3id.org/kzgraph/id/document/overview> or document/overview."
    )


def show_term(term: Term) -> str:
    """A term as a reader and a query know it: a short name, or the text of a literal."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return shorten(term.value)
    if isinstance(term, Literal):
        return f"{term.value} @{term.language}" if term.language else term.value
    return str(term)


def write_values(iris: Iterable[str]) -> str:
    """IRIs for `VALUES`, those that can be written.

    >>> write_values(["https://example.org/a", "no iri"])
    '<https://example.org/a>'
    """
    return " ".join(f"<{each}>" for each in iris if _IRI.fullmatch(each))
