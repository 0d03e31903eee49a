"""What countries are called, those included that a release does not have.

What is called like one of these is none of those that are there: Slovenia is not Slovakia with
mistakes, where only that is there. `kzgraph.search.territories` says where the names come from.
"""

from collections.abc import Collection, Iterator
from functools import cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

from kzgraph.reconciling.comparing_names import Text, compare
from kzgraph.reconciling.likeness import Likeness
from kzgraph.search.territories import list_territories, name_territory

#: How much of a name has to be there for it to be compared.
_LEAST = 0.6


def find_territories(text: Text) -> dict[str, Likeness]:
    """The territories that are called like a text, by their codes, and how alike they are."""
    found: dict[str, Likeness] = {}
    for key in _list_near(text.key):
        likeness = compare(text, Text.of_key(key))
        for code in _read_keys()[key]:
            found[code] = max(likeness, found.get(code, likeness))
    return found


def is_only_territory(words: Collection[str]) -> bool:
    """Whether these words are in names of one country or territory alone."""
    wanted = set(words)
    found: set[str] = set()
    for key, codes in _read_keys().items():
        if wanted <= set(key.split()):
            found |= codes
    return len(found) == 1


def _list_near(text: str) -> Iterator[str]:
    keys = _read_keys()
    if text in keys:
        yield text
    for key, _, _ in extract_iter(
        text, keys.keys(), scorer=OSA.normalized_similarity, score_cutoff=_LEAST
    ):
        yield key


@cache
def _read_keys() -> dict[str, set[str]]:
    """The codes of territories by what they are called, as names are compared."""
    found: dict[str, set[str]] = {}
    for code in list_territories():
        for name, _language in name_territory(code):
            key = Text.read(name).key
            if key:
                found.setdefault(key, set()).add(code)
    return found
