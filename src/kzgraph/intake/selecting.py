"""What of the sources reasoning compares with the documents."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kzgraph.iri import GRAPH, ID, term
from kzgraph.namespaces import LABEL, SCHEMA, SKOS, TYPE
from kzgraph.rdf.sorted_lines import read_subjects

_PREF_LABEL = SKOS["prefLabel"]
_CONTAINED = SCHEMA["containedInPlace"]
_ORIGIN = str(term("origin")).encode()
_OFFICIAL = f"<{ID}official/".encode()
_DESCRIPTION = f"<{GRAPH}".encode()
#: Quads that are parsed together.
_PIECE = 10_000


def area_countries(store: Store) -> frozenset[NamedNode]:
    """The countries that the documents are about, and not only mention.

    They lie in a region that the tables name, something lies in them, or a figure or an operation
    is about them; a donor or a country of origin alone is none.

    Args:
        store: the tables, mapped, and no source yet.
    """
    countries = {
        quad.subject for quad in store.quads_for_pattern(None, TYPE, SCHEMA["Country"], None)
    }
    found: set[object] = set()
    for quad in store.quads_for_pattern(None, _CONTAINED, None, None):
        found |= {quad.subject, quad.object}
    for name in ("scope", "area"):
        found |= {quad.object for quad in store.quads_for_pattern(None, term(name), None, None)}
    return frozenset(each for each in countries & found if isinstance(each, NamedNode))


def find_records(paths: Iterable[Path], countries: Iterable[NamedNode]) -> frozenset[bytes]:
    """What concerns one of `countries` in graphs of records, whose parts may be in several graphs.

    Args:
        paths: the graphs as canonical N-Quads, sorted.
        countries: IRIs.
    """
    wanted = {str(each).encode() for each in countries}
    return frozenset(
        subject for path in paths for subject, lines in _subjects(path) if _concerns(lines, wanted)
    )


def keep_names(store: Store, shared: Iterable[Quad]) -> Iterator[Quad]:
    """What sources share, but for names of things that the tables name in the same language.

    The words of the tables win: a second label would be one too many, and the preferred label of a
    code is its label.

    Args:
        store: the tables, mapped.
        shared: what sources share.
    """
    for quad in shared:
        language = quad.object.language if isinstance(quad.object, Literal) else None
        if not language:
            yield quad
        elif not _find_name(store, quad.subject, quad.predicate, language):
            label = None
            if quad.predicate == _PREF_LABEL:
                label = _find_name(store, quad.subject, LABEL, language)
            yield Quad(quad.subject, quad.predicate, label or quad.object, quad.graph_name)


def _find_name(
    store: Store, thing: NamedNode | BlankNode | Triple, predicate: NamedNode, language: str
) -> Literal | None:
    """How the tables name a thing in a language."""
    found = (quad.object for quad in store.quads_for_pattern(thing, predicate, None, None))
    names = (each for each in found if isinstance(each, Literal) and each.language == language)
    return next(names, None)


def select_lines(
    path: Path, countries: Iterable[NamedNode], records: AbstractSet[bytes] | None = None
) -> Iterator[bytes]:
    """The lines of a graph that concern one of `countries`.

    All lines about what has one of them as a value, but for where people come from, and the
    description of the graph; of records also those about their parts: what refers to such a thing,
    and what it refers to; of the former also the indicator that it is a value of.

    Args:
        path: the graph as canonical N-Quads, sorted.
        countries: IRIs.
        records: for a graph with records of several parts, which records are wanted.
    """
    wanted = {str(each).encode() for each in countries}
    if records is None:
        for subject, lines in read_subjects(path):
            if subject.startswith(_DESCRIPTION) or _concerns(lines, wanted):
                yield from lines
        return
    chosen = {
        subject
        for subject, lines in _subjects(path)
        if subject.startswith(_DESCRIPTION) or _concerns(lines, wanted)
    }
    chosen |= records
    parts: set[bytes] = set()
    for subject, lines in _subjects(path):
        objects = {line.split(b" ", 2)[2].rsplit(b" ", 2)[0] for line in lines}
        if subject in chosen:
            parts |= {each for each in objects if each.startswith(b"<")}
        elif not chosen.isdisjoint(objects):
            # With what it says of itself there is what it is a value of.
            parts |= {subject, *(each for each in objects if each.startswith(_OFFICIAL))}
    chosen |= parts
    for subject, lines in _subjects(path):
        if subject in chosen:
            yield from lines


def load(store: Store, lines: Iterable[bytes]) -> None:
    """Load lines of N-Quads into a store."""
    waiting: list[bytes] = []
    for line in lines:
        waiting.append(line)
        if len(waiting) == _PIECE:
            store.bulk_extend(parse(b"".join(waiting), RdfFormat.N_QUADS))
            waiting.clear()
    store.bulk_extend(parse(b"".join(waiting), RdfFormat.N_QUADS))


def _concerns(lines: Iterable[bytes], wanted: AbstractSet[bytes]) -> bool:
    """Whether one of them says that a thing concerns one of `wanted`."""
    # The last word of a value is all of it where that is an IRI.
    if wanted.isdisjoint([line.rsplit(b" ", 3)[1] for line in lines]):
        return False
    return any(
        rest.rsplit(b" ", 2)[0] in wanted
        for _, predicate, rest in (line.split(b" ", 2) for line in lines)
        if predicate != _ORIGIN
    )


def _subjects(path: Path) -> Iterator[tuple[bytes, list[bytes]]]:
    """Each subject of a file without the space behind it, and its lines."""
    return ((subject[:-1], lines) for subject, lines in read_subjects(path))
