"""Replacing the calls of a query by their solutions."""

from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode

from kzgraph_server.federation.calls import Call

#: For each variable of the call its value, None where it is unbound.
Row = tuple[NamedNode | Literal | None, ...]


def rewrite(text: str, calls: Sequence[Call], results: Sequence[Sequence[Row] | None]) -> str:
    """`text` with each call replaced by inline data, which is joined in the same way.

    The syntax has to be checked before: positions in the new text are different.

    Args:
        text: the query.
        calls: its calls, as `calls.find_calls` finds them.
        results: the solutions of each; None for a call with SILENT that failed, which has one
            solution without bindings.
    """
    pieces: list[str] = []
    position = 0
    for call, rows in zip(calls, results, strict=True):
        pieces.append(text[position : call.keyword.start])
        variables = call.variables()
        pieces.append(_values(variables, [(None,) * len(variables)] if rows is None else rows))
        position = call.end
    return "".join([*pieces, text[position:]])


def _values(variables: Sequence[str], rows: Sequence[Row]) -> str:
    # The store's library writes each term: nothing that an endpoint sends becomes query text.
    data = " ".join(
        f"({' '.join('UNDEF' if term is None else str(term) for term in row)})" for row in rows
    )
    names = " ".join(f"?{name}" for name in variables)
    return f" VALUES ({names}) {{ {data} }} "
