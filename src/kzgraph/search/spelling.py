"""The words of an index that are nearest to a word that it does not have.

A word with one mistake in it has its beginning or its end without one. So the words to compare are
two ranges of the list of all words, one of them ordered by the words read backwards, and no list
of all mistakes is kept.
"""

import sqlite3
from collections.abc import Iterable

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

#: The shortest word in which a mistake is looked for, and the shortest in which two are.
_ONE_MISTAKE, _TWO_MISTAKES = 4, 8
#: The most words that are compared, of each range: a thousand take 0.3 ms.
_COMPARED = 20_000
#: The highest character: no word has it, so it ends the range of all that begin alike.
LAST = "\U0010ffff"

_BEGIN_ALIKE = (
    "SELECT word FROM word WHERE word >= ? AND word < ? AND length(word) BETWEEN ? AND ? LIMIT ?"
)
_END_ALIKE = (
    "SELECT word FROM word WHERE backwards >= ? AND backwards < ?"
    " AND length(word) BETWEEN ? AND ? LIMIT ?"
)


def count_mistakes(word: str) -> int:
    """How many mistakes a word may have and still be told."""
    if word.isdigit() or len(word) < _ONE_MISTAKE:
        return 0
    return 1 if len(word) < _TWO_MISTAKES else 2


def find_near(
    connection: sqlite3.Connection, word: str, most: int = 5, mistakes: int | None = None
) -> list[str]:
    """The words that `word` may be meant as, the nearest and then the most frequent first.

    Args:
        connection: to the index.
        word: folded.
        most: how many there may be.
        mistakes: letters that are wrong, missing, too many or exchanged with the next; as many as
            `count_mistakes` by default.
    """
    allowed = count_mistakes(word) if mistakes is None else mistakes
    if not allowed:
        return []
    # One less than what is surely left on one side: letters that change places are on both.
    size = max(2, (len(word) - allowed) // 2 if allowed == 1 else len(word) // 3)
    lengths = (len(word) - allowed, len(word) + allowed, _COMPARED)
    begin, end = word[:size], word[: -size - 1 : -1]
    near = _select(connection, _BEGIN_ALIKE, (begin, begin + LAST, *lengths))
    near |= _select(connection, _END_ALIKE, (end, end + LAST, *lengths))
    found = extract(word, near, scorer=OSA.distance, score_cutoff=allowed, limit=50)
    if not found:
        return []
    nearest = min(distance for _, distance, _ in found)
    alike = {each: distance for each, distance, _ in found if distance <= nearest}
    return sorted(alike, key=lambda each: (-_count(connection, each), each))[:most]


def _select(connection: sqlite3.Connection, query: str, values: Iterable[object]) -> set[str]:
    return {word for (word,) in connection.execute(query, tuple(values))}


def _count(connection: sqlite3.Connection, word: str) -> int:
    row = connection.execute("SELECT entries FROM word WHERE word = ?", (word,)).fetchone()
    return int(row[0])
