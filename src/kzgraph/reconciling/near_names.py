"""Things whose names are near to a text as a whole.

The search index finds by words, all of which have to be there or to be corrected; a word that has
a meaning of its own elsewhere is not corrected. So the names of the most prominent things of a kind
are compared as a whole as well, in letters and in sound.
"""

from collections.abc import Sequence

from rapidfuzz import fuzz
from rapidfuzz.process import extract

from kzgraph.search import Hit, Index
from kzgraph.search.alphabets import sound_out
from kzgraph.search.entries import OTHER_SORT
from kzgraph.search.typed_words import read_query

#: Things of a kind that are compared: to go through their names takes 6 ms.
MOST_THINGS = 2_000
#: Names that are taken, and how alike they have to be, of 100.
_TAKEN, _LEAST = 12, 55


class NearNames:
    """The names of the most prominent things of a kind."""

    def __init__(self, index: Index, kind: str) -> None:
        """Read them from an index."""
        self._hits = index.list_hits(kind, MOST_THINGS)
        self._names: list[str] = []
        self._sounds: list[str] = []
        self._owners: list[int] = []
        for place, hit in enumerate(self._hits):
            for name in hit.names:
                if name.sort <= OTHER_SORT and name.key:
                    self._names.append(name.key)
                    self._sounds.append(_sound(name.key.split()))
                    self._owners.append(place)

    def find(self, text: str) -> Sequence[Hit]:
        """The things of which a name is near to a text."""
        words = read_query(text)
        owners: dict[int, None] = {}
        for query, names in ((" ".join(words), self._names), (_sound(words), self._sounds)):
            if not query:
                continue
            found = extract(
                query, names, scorer=fuzz.token_sort_ratio, score_cutoff=_LEAST, limit=_TAKEN
            )
            owners.update((self._owners[place], None) for _, _, place in found)
        return [self._hits[place] for place in owners]


def _sound(words: Sequence[str]) -> str:
    """What words sound like; nothing where they are in no alphabet that is known."""
    return " ".join(filter(None, map(sound_out, words)))
