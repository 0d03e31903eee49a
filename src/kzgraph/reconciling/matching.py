"""Which things a text may mean, the likeliest first, and whether one of them surely.

What is found by the search index is compared name by name. A thing is matched where it is surely
called so and nothing else is as likely: a name that two things share matches neither of them.
"""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode, Store

from kzgraph.iri import ID, is_path
from kzgraph.namespaces import OWL, SKOS
from kzgraph.reconciling.comparing_names import Text
from kzgraph.reconciling.known_territories import find_territories
from kzgraph.reconciling.likeness import EXACT, NOTHING, Level, Likeness
from kzgraph.reconciling.near_names import NearNames
from kzgraph.reconciling.other_columns import Constraint, Fit, fit_all
from kzgraph.reconciling.types import COUNTRY, list_usual_kinds
from kzgraph.reconciling.wanted import Wanted, split_parts, tidy
from kzgraph.search import Hit, Index, Name
from kzgraph.search.entries import CODE_SORT, LINK_SORT

#: Candidates where nobody says how many.
DEFAULT_LIMIT = 5
#: The most that there may be.
MOST_CANDIDATES = 20
#: Things that are compared with a text.
_COMPARED = 40
#: A thing with a mistyped name is matched only where the next is this much less likely.
_MARGIN = 8.0
#: The largest score of a thing where another is as likely, and where it is another country's name.
_SHARED, _ELSEWHERE = 65.0, 40.0
#: By these a thing here and one elsewhere are the same.
_SAME_ELSEWHERE = (OWL["sameAs"], SKOS["exactMatch"])
#: What a name is worth where other columns say something else; where a code tells the thing; and
#: where the name has too little in common with a thing that a code tells.
_CONTRADICTED, _IDENTIFIED = 0.6, Likeness(Level.SAME_WORDS, 0.97)
_IN_COMMON, _OTHERWISE_NAMED = 0.5, Likeness(Level.UNSURE, 0.75)
#: Values of other columns that things are looked for by.
_MOST_IDENTIFYING = 5
#: What a link is worth that says less than that.
_NEARLY = Likeness(Level.UNSURE, 1.0)


@dataclass(frozen=True)
class Candidate:
    """A thing that a text may mean.

    Attributes:
        hit: the thing, as the index has it.
        likeness: of the text and the name that fits best.
        name: that name.
        score: from 0 to 100.
        fit: how it fits what else is known.
        match: whether it is surely meant.
        namesakes: how many other things are as likely.
    """

    hit: Hit
    likeness: Likeness
    name: Name | None
    score: float
    fit: Fit = Fit.UNKNOWN
    match: bool = False
    namesakes: int = 0

    @property
    def id(self) -> str:
        """Its identifier: what follows the beginning of all identifiers."""
        return self.hit.iri.removeprefix(ID)


@dataclass(frozen=True)
class Matches:
    """What a text may mean.

    Attributes:
        candidates: the likeliest first.
        complete: whether there was time to look at everything; where there was not, none matches.
    """

    candidates: Sequence[Candidate]
    complete: bool = True


class Matcher:
    """Finds what names mean in one release; threads may share it."""

    def __init__(self, index: Index, store: Store) -> None:
        """Match with the things of a release.

        Args:
            index: for search.
            store: the quads.
        """
        self._index = index
        self._store = store
        self._there: dict[str, bool] = {}
        self._near: dict[str, NearNames] = {}

    def match(
        self,
        text: str,
        *,
        kinds: Collection[str] | None = None,
        constraints: Sequence[Constraint] = (),
        limit: int = DEFAULT_LIMIT,
        patience: float = 1.0,
    ) -> Matches:
        """The things that a text may mean.

        Args:
            text: a name, a code, an identifier or an IRI; it may be empty where there are
                constraints.
            kinds: classes that things have to be of (`Type.kinds`); by default the usual ones.
            constraints: what else is known.
            limit: how many candidates there may be.
            patience: seconds for it.
        """
        text = tidy(text)
        if kinds is not None and not kinds:
            return Matches(())
        wanted = Wanted(text, typed=kinds is not None)
        kinds = list_usual_kinds() if kinds is None else frozenset(kinds)
        queries = [text, *split_parts(text), *wanted.list_bare(kinds)]
        queries += _list_identifying(constraints)
        hits, complete = self._find(queries, kinds, patience)
        found = [self._judge(wanted, hit, constraints) for hit in hits.values()]
        if all(each.likeness.level < Level.SAME_WORDS for each in found):
            # What has just these words would have been found by them.
            near = {hit.iri: hit for kind in kinds for hit in self._list_near(kind, text)}
            others = [hit for iri, hit in near.items() if iri not in hits]
            found += [self._judge(wanted, hit, constraints) for hit in others]
        found = [each for each in found if each.score > 0]
        found.sort(key=lambda each: (-each.score, -each.fit, -each.hit.score, each.hit.iri))
        elsewhere = self._look_elsewhere(wanted.text) if kinds >= COUNTRY.kinds else NOTHING
        decided = _decide(found, elsewhere)[:limit]
        if not complete:
            decided = [replace(each, match=False) for each in decided]
        return Matches(decided, complete)

    def _find(
        self, queries: list[str], kinds: Collection[str], patience: float
    ) -> tuple[dict[str, Hit], bool]:
        """Things that have something of a text, or of values that identify them."""
        text = queries[0]
        if "/" in text and is_path(text):
            queries.append(ID + text)
        deadline = time.monotonic() + patience
        hits: dict[str, Hit] = {}
        complete = True
        for query in filter(None, queries):
            left = max(0.0, deadline - time.monotonic())
            found = self._index.search(query, kinds=kinds, limit=_COMPARED, patience=left)
            complete = complete and found.complete
            for hit in found.hits:
                hits.setdefault(hit.iri, hit)
        return hits, complete

    def _list_near(self, kind: str, text: str) -> Sequence[Hit]:
        if kind not in self._near:
            self._near[kind] = NearNames(self._index, kind)
        return self._near[kind].find(text)

    def _judge(self, wanted: Wanted, hit: Hit, constraints: Sequence[Constraint]) -> Candidate:
        likeness, name = wanted.compare(hit)
        if likeness.level is Level.EXACT and name is not None and name.sort == LINK_SORT:
            likeness = EXACT if self._is_same(hit.iri, name.text) else _NEARLY
        fit = fit_all(constraints, self._store, NamedNode(hit.iri))
        likeness = _weigh(likeness, fit, named=bool(wanted.text.words))
        return Candidate(hit, likeness, name, likeness.score, fit)

    def _is_same(self, iri: str, link: str) -> bool:
        """Whether a thing is said to be the same as one elsewhere, and not only nearly."""
        find = self._store.quads_for_pattern
        here, there = NamedNode(iri), NamedNode(link)
        return any(next(find(here, each, there, None), None) for each in _SAME_ELSEWHERE)

    def _look_elsewhere(self, text: Text) -> Likeness:
        """How much a text is like the name of a country that the release does not have."""
        found = find_territories(text)
        return max(
            (likeness for code, likeness in found.items() if not self._has_territory(code)),
            default=NOTHING,
        )

    def _has_territory(self, code: str) -> bool:
        if code not in self._there:
            found = self._index.search(code, kinds=COUNTRY.kinds)
            self._there[code] = any(
                name.sort == CODE_SORT and name.text == code
                for hit in found.hits
                for name in hit.names
            )
        return self._there[code]


def _list_identifying(constraints: Sequence[Constraint]) -> list[str]:
    """Values by which a thing is found whatever it is called."""
    values = [value for each in constraints if each.property.identifies for value in each.values]
    return values[:_MOST_IDENTIFYING]


def _weigh(likeness: Likeness, fit: Fit, *, named: bool) -> Likeness:
    """How alike a text and a thing are, given what else is known.

    Args:
        likeness: of the text and the names of the thing.
        fit: how the thing fits what else is known.
        named: whether there is a text.
    """
    if fit is Fit.CONTRADICTED:
        return Likeness(Level.UNSURE, _CONTRADICTED * likeness.alike)
    if fit is not Fit.IDENTIFIED or likeness.level is Level.EXACT:
        return likeness
    if not named:
        return EXACT
    # A name that has little in common with the thing may be right, and the code wrong.
    return max(likeness, _IDENTIFIED if likeness.alike >= _IN_COMMON else _OTHERWISE_NAMED)


def _decide(found: Sequence[Candidate], elsewhere: Likeness) -> list[Candidate]:
    """Candidates with the scores that they have alongside the others, and one that matches.

    Args:
        found: candidates, the likeliest first.
        elsewhere: how much the text is like the name of a country that is not here.
    """
    if not found:
        return []
    best, fit = found[0].likeness, found[0].fit
    known = fit is Fit.IDENTIFIED
    if not known and elsewhere.level is not Level.UNSURE and elsewhere >= best:
        # It is the name of that, so nothing here is meant.
        return _cap(found, _ELSEWHERE, 0)
    if best.level is Level.UNSURE:
        return list(found)
    rivals = [each for each in found if each.fit >= fit and _is_rival(each.likeness, best)]
    # The name is of one thing, and a code of another: one of them is wrong.
    torn = not known and any(each.fit is Fit.IDENTIFIED for each in found)
    if torn or len(rivals) > 1 or (not known and _is_rival(elsewhere, best)):
        return _cap(found, _SHARED, len(rivals) - 1)
    return [replace(found[0], match=True), *_cap(found[1:], _SHARED, 1)]


def _is_rival(other: Likeness, best: Likeness) -> bool:
    """Whether a text with a likeness to one thing may as well mean another."""
    if best.level is Level.MISTYPED:
        return other.score > best.score - _MARGIN
    return other.level >= best.level


def _cap(found: Sequence[Candidate], most: float, namesakes: int) -> list[Candidate]:
    """Candidates that are less likely than their names are alike."""
    first = max((each.score for each in found), default=0.0)
    share = min(1.0, most / first) if first else 0.0
    return [
        replace(each, score=round(each.score * share, 1), namesakes=namesakes) for each in found
    ]
