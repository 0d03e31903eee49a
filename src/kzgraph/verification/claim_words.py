"""The words by which a text denies, plans, counts households and so on, in three languages.

The words are data, `claims.csv`: their kind, their language, and the words. A star stands for any
letters: an ending, or a stem before an ending.
"""

import csv
import re
from functools import cache
from importlib.resources import files


@cache
def pattern_of(*kinds: str) -> str:
    """A pattern of the words of some kinds, without the edges of words.

    Raises:
        KeyError: a kind has no words.
    """
    text = files(__package__).joinpath("claims.csv").read_text("utf-8")
    words: dict[str, list[str]] = {}
    for row in csv.DictReader(text.splitlines()):
        words.setdefault(row["kind"], []).extend(row["words"].split("|"))
    chosen = {word for kind in kinds for word in words[kind]}
    # The longest first, so that `by the end of` is not taken for `by`.
    return "|".join(map(_as_pattern, sorted(chosen, key=lambda word: (-len(word), word))))


def _as_pattern(word: str) -> str:
    escaped = re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")
    return escaped.replace("'", "['\N{RIGHT SINGLE QUOTATION MARK}]")


@cache
def words_of(*kinds: str) -> re.Pattern[str]:
    """The words of some kinds as whole words in any case.

    >>> bool(words_of("negation").search("пока не присоединился")), words_of("gap").findall("GAP")
    (True, ['GAP'])
    """
    return re.compile(rf"(?<!\w)(?:{pattern_of(*kinds)})(?!\w)", re.IGNORECASE)


def find_denial(text: str) -> str | None:
    """The word by which a text denies something; `not only` does not.

    >>> find_denial("has not joined"), find_denial("not only"), find_denial("қосылған жоқ")
    ('not', None, 'жоқ')
    """
    found = words_of("negation").search(words_of("no-denial").sub("", text))
    return found[0] if found else None
