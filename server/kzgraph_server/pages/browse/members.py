"""The members of a list: found by the index that is shortest, and never more than a page can bear.

A list is the subjects of a pattern, narrowed down by further ones. All of them are read side by
side, until the shortest ends: then its subjects are the candidates, whatever millions the others
have. If none ends in time, the first are shown, and it is said that there are more.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from threading import Lock

from pyoxigraph import Literal, NamedNode, Store

from kzgraph.iri import ID
from kzgraph.namespaces import Term
from kzgraph.release.statistics import LABELS
from kzgraph_server.pages.browse.facets import YEAR, Facet
from kzgraph_server.pages.language import order_languages

#: The members up to which a list is whole, sorted and counted: 2,500 take a fifth of a second,
#: once.
MOST = 2_500
#: The members that are shown of a longer list.
SOME = 500
#: Statements that are read of each pattern to find them; those of a graph repeat their subjects.
_MOST_READ = 6 * MOST
#: That are read first, before it is twice as many each time.
_CHUNK = 50
#: Statements that are read of one member; of a country to which thousands lead back, not all.
_MOST_OF_ONE = 400
#: Members in all lists that are kept, and for how many of them a list itself counts: one without
#: any has a key, which is made of what clients ask for.
_MOST_KEPT, _OF_LIST = 10 * MOST, 50
#: Pages of their fact or cell show them.
PARTS = (f"{ID}evidence/", f"{ID}selector/")


@dataclass(frozen=True, slots=True)
class Pattern:
    """The subjects of statements: of any that a part is None of."""

    predicate: NamedNode | None = None
    value: Term | None = None
    graph: NamedNode | None = None

    def read(self, store: Store) -> Iterator[NamedNode]:
        """The subjects that have an IRI; one may come several times."""
        return (s for s in self._match(store, None) if isinstance(s, NamedNode))

    def has_any(self, store: Store) -> bool:
        """Whether there is one."""
        return next(self._match(store, None), None) is not None

    def holds(self, store: Store, node: NamedNode) -> bool:
        """Whether `node` is one of them."""
        return next(self._match(store, node), None) is not None

    def _match(self, store: Store, node: NamedNode | None) -> Iterator[object]:
        for quad in store.quads_for_pattern(node, self.predicate, self.value, self.graph):
            # In a store on a disk pyoxigraph 0.5.13 reads on past an integer whose lowest byte is
            # 255: test_a_store_on_a_disk_reads_past_some_integers is red when it no longer does.
            if self.value is not None and quad.object != self.value:
                return
            yield quad.subject


@dataclass(frozen=True, slots=True)
class Members:
    """Members of a list.

    Attributes:
        nodes: the members, in the order of their names.
        whole: whether these are all.
        names: of each, in the language of the page; empty where it has none.
        values: of each the values of each facet, by the facet's name.
    """

    nodes: tuple[NamedNode, ...]
    whole: bool
    names: tuple[str, ...]
    values: tuple[Mapping[str, tuple[Term, ...]], ...]

    def select(self, kept: Sequence[int]) -> "Members":
        """Those at the given places, in this order."""
        return Members(
            tuple(self.nodes[at] for at in kept),
            self.whole,
            tuple(self.names[at] for at in kept),
            tuple(self.values[at] for at in kept),
        )

    def year(self, at: int) -> int:
        """The year of the member at a place, for sorting; 0 where it has none."""
        years = self.values[at].get(YEAR.name, ())
        return max((int(each.value) for each in years if isinstance(each, Literal)), default=0)


class MembersKept:
    """What was read of lists, for the next page of the same list."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._kept: OrderedDict[tuple[object, ...], Members] = OrderedDict()
        self._lock = Lock()

    def find(
        self, store: Store, patterns: tuple[Pattern, ...], facets: Sequence[Facet], language: str
    ) -> Members:
        """The members that all patterns have, read once.

        Args:
            store: the release.
            patterns: what they have in common, at least one.
            facets: whose values are read.
            language: of the page.
        """
        key = (patterns, tuple(facets), language)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        nodes, whole = find_nodes(store, patterns)
        members = _describe(store, nodes, whole, facets, language)
        with self._lock:
            self._kept[key] = members
            while sum(_OF_LIST + len(each.nodes) for each in self._kept.values()) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return members


def find_nodes(store: Store, patterns: Sequence[Pattern]) -> tuple[list[NamedNode], bool]:
    """The subjects that all patterns have, and whether these are all of them."""
    streams = [each.read(store) for each in patterns]
    found: list[dict[NamedNode, None]] = [{} for _each in patterns]
    ended, size, read = None, _CHUNK, 0
    while ended is None and read < _MOST_READ and any(len(each) <= MOST for each in found):
        for at, stream in enumerate(streams):
            part = list(islice(stream, size))
            found[at].update(dict.fromkeys(part))
            if len(part) < size and ended is None:
                ended = at
        # Little of a long index is read where a short one ends soon.
        size, read = 2 * size, read + size
    first = found[ended or 0]
    others = [each for at, each in enumerate(patterns) if at != (ended or 0)]
    whole = ended is not None and len(first) <= MOST
    nodes = [
        node
        for node in islice(first, MOST)
        if not (patterns[0].predicate is None and node.value.startswith(PARTS))
        and all(each.holds(store, node) for each in others)
    ]
    return (nodes, True) if whole else (nodes[:SOME], False)


def _describe(
    store: Store,
    nodes: Iterable[NamedNode],
    whole: bool,
    facets: Sequence[Facet],
    language: str,
) -> Members:
    names = {facet.predicate: facet.name for facet in facets}
    languages = order_languages(language)
    rows = []
    for node in nodes:
        values: dict[str, list[Term]] = {}
        labels: list[tuple[int, int, str]] = []
        for predicate, value in _read_some(store, node, (*names, *LABELS)):
            if predicate in names and value not in values.get(names[predicate], ()):
                values.setdefault(names[predicate], []).append(value)
            elif predicate in LABELS and isinstance(value, Literal):
                tag = value.language or ""
                rank = languages.index(tag) if tag in languages else len(languages)
                labels.append((rank, LABELS.index(predicate), value.value))
        name = min(labels)[2] if labels else ""
        held = {each: tuple(sorted(found, key=str)) for each, found in values.items()}
        rows.append((name.casefold(), node.value, node, name, held))
    rows.sort(key=lambda row: row[:2])
    return Members(
        tuple(row[2] for row in rows),
        whole,
        tuple(row[3] for row in rows),
        tuple(row[4] for row in rows),
    )


def _read_some(
    store: Store, node: NamedNode, wanted: Sequence[NamedNode]
) -> Iterator[tuple[NamedNode, Term]]:
    """The wanted properties of a thing: all at once, or one by one where it has very many."""
    quads = list(islice(store.quads_for_pattern(node, None, None, None), _MOST_OF_ONE))
    if len(quads) == _MOST_OF_ONE:
        quads = [
            quad
            for predicate in wanted
            for quad in islice(store.quads_for_pattern(node, predicate, None, None), _MOST_OF_ONE)
        ]
    for quad in quads:
        yield quad.predicate, quad.object
