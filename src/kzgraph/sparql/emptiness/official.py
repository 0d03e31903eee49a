"""What a query of official data misses: its measure, a narrower concept, a table, a vintage."""

import re
from collections.abc import Iterator, Sequence

from pyoxigraph import NamedNode

from kzgraph.iri import term
from kzgraph.prefixes import PREFIXES, shorten
from kzgraph.sparql.emptiness.parts import Part, in_graph
from kzgraph.sparql.emptiness.probe import Probe, Reason, join, show

#: Under which properties the numbers of documents, of official data and of what is computed stand.
_MEASURES = tuple(
    NamedNode(each)
    for each in (term("value").value, term("officialValue").value, PREFIXES["schema"] + "value")
)
#: What is said of vintages only.
_OF_VINTAGES = frozenset(
    NamedNode(PREFIXES["dcterms"] + name) for name in ("replaces", "isReplacedBy")
)
#: A property on its own, and a thing that a query names.
_NAME = re.compile(r"<[^>]*>|[\w.-]*:[\w.:\\/-]+")


def explain_vintages(node: NamedNode) -> Reason | None:
    """Why nothing in the release is a newer vintage, if that is what `node` says."""
    if node not in _OF_VINTAGES:
        return None
    message = (
        f"{shorten(node.value)} is said of vintages, and the data has one vintage of each table: "
        "there is none that another one replaces, and nothing that was revised."
    )
    return Reason("unknown-name", message)


def find_measures(parts: Sequence[Part], probe: Probe) -> Iterator[Reason]:
    """The property under which the numbers stand that a query looks for under another."""
    names = {name: each for each in _MEASURES for name in (shorten(each.value), str(each))}
    for part in parts:
        asked = names.get(part.triple[1]) if part.triple else None
        if part.triple is None or asked is None:
            continue
        subject, path, value = part.triple
        rest = join([each for each in parts if each is not part])
        for other in _MEASURES:
            pattern = f"{in_graph(f'{subject} {other} {value} .', part.graph)} {rest}"
            if other != asked and probe.holds(pattern):
                stand = f"numbers that do stand under {show([other])}"
                message = f"{subject} has no {path} that fits; {stand}."
                yield Reason("elsewhere", message, pattern)
                break


def find_narrower(part: Part, others: Sequence[Part], probe: Probe) -> Iterator[Reason]:
    """What is said with a narrower concept than the one that a pattern names."""
    assert part.triple is not None  # noqa: S101 - only such parts are asked
    subject, path, value = part.triple
    if not (_NAME.fullmatch(path) and _NAME.fullmatch(value)):
        return
    narrower, rest = "?kzgraph_narrower", join(others)
    head = in_graph(f"{subject} {path} {narrower} .", part.graph)
    found = probe.list_values(f"{rest} {head} {narrower} skos:broader {value} .", narrower)
    if found:
        message = (
            f"{value} is a wider concept, and what fits has {path} {show(found)}: "
            f"try {subject} {path} ?narrower . ?narrower skos:broader {value}."
        )
        yield Reason("elsewhere", message, f"{rest} {head} {narrower} skos:broader {value} .")


def find_table(part: Part, probe: Probe) -> Iterator[Reason]:
    """That a data set is described, and has no cells."""
    assert part.triple is not None  # noqa: S101 - only such parts are asked
    _, path, value = part.triple
    is_asked = path in ("qb:dataSet", f"<{PREFIXES['qb']}dataSet>") and _NAME.fullmatch(value)
    if is_asked and probe.holds(f"{value} a qb:DataSet ."):
        message = (
            f"{value} is described, but the data has no cell of it: no file of this table was "
            "taken in by `kzgraph ingest` or `kzgraph build --with`."
        )
        yield Reason("no-match", message)
