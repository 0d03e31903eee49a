"""The query behind a list, to be read, changed and run: it answers with what the list shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for
from pyoxigraph import Literal, NamedNode

from kzgraph.namespaces import LABEL, TYPE, Term
from kzgraph.prefixes import shorten
from kzgraph_server.pages.browse.facets import CLASS, YEAR, Chosen, Facet
from kzgraph_server.pages.browse.members import PARTS, Pattern

#: Rows that are asked for of a list that a page does not have whole.
_MOST_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A query, and where it is run.

    Attributes:
        text: the query.
        href: the address of its page.
        csv: the address of its answer as CSV.
    """

    text: str
    href: str
    csv: str


def write_query(
    base: Pattern,
    choices: Sequence[Chosen],
    columns: Iterable[tuple[str, NamedNode]],
    language: str,
    whole: bool,
    order: str = "",
) -> ListQuery:
    """The query for the members of a list.

    Args:
        base: what all members have in common.
        choices: by which facets it is narrowed down.
        columns: what else the answer has of each: names of variables, and properties.
        language: of the labels; empty where the members have none.
        whole: whether the answer is short enough to be sorted.
        order: the name of a column to sort by, where that is not the year and the label.
    """
    columns = list(columns)
    names = ["thing", *(["label"] if language else []), *(name for name, _predicate in columns)]
    lines = [f"SELECT DISTINCT {' '.join(f'?{name}' for name in names)} WHERE {{"]
    lines += [f"  {line}" for line in _write_patterns(base, choices)]
    if language:
        label = f'?thing rdfs:label ?label FILTER(LANG(?label) IN ("{language}", ""))'
        lines.append(f"  OPTIONAL {{ {label} }}")
    lines += [f"  OPTIONAL {{ ?thing {_write(predicate)} ?{name} }}" for name, predicate in columns]
    lines.append("}")
    if whole:
        years = "DESC(?year) " if YEAR.name in names else ""
        sorted_by = f"?{order}" if order else f"{years}?label"
        lines.append(f"ORDER BY {sorted_by} ?thing")
    else:
        lines.append(f"LIMIT {_MOST_ROWS}")
    return link_query("\n".join(lines))


def link_query(text: str) -> ListQuery:
    """The addresses of a query."""
    page = url_for("sparql.page", query=text)
    return ListQuery(text, page, url_for("sparql.endpoint", query=text, format="csv"))


def choose_columns(
    facets: Iterable[Facet], choices: Iterable[Chosen]
) -> list[tuple[str, NamedNode]]:
    """The columns that facets make, without those whose value is chosen."""
    chosen = {each.facet.name for each in choices}
    return [
        (each.name, each.predicate)
        for each in facets
        if each.name not in chosen and each is not CLASS
    ]


def _write_patterns(base: Pattern, choices: Sequence[Chosen]) -> list[str]:
    lines = []
    if base.predicate is None:
        lines.append(f"GRAPH {_write(base.graph)} {{ ?thing ?property ?value_of_it }}")
        lines.append("FILTER(ISIRI(?thing))")
        # Pages of their fact or cell show them, and so the list does not.
        lines += [f'FILTER(!STRSTARTS(STR(?thing), "{each}"))' for each in PARTS]
    elif base.graph is not None:
        said = f"?thing {_write(base.predicate)} {_write(base.value)}"
        lines.append(f"GRAPH {_write(base.graph)} {{ {said} }}")
    else:
        lines.append(f"?thing {_write(base.predicate)} {_write(base.value)} .")
    lines += [f"?thing {_write(each.facet.predicate)} {_write(each.value)} ." for each in choices]
    return lines


def _write(found: Term | None) -> str:
    if isinstance(found, NamedNode):
        return {TYPE.value: "a", LABEL.value: "rdfs:label"}.get(found.value, shorten(found.value))
    # Years are the only literals that facets have.
    return found.value if isinstance(found, Literal) else "?any"
