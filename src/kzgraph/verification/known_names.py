# ruff: noqa: RUF001 (words in Cyrillic)
"""The names of what the tables know, and where a text mentions them, in three languages.

A name is found with the endings of its language: `Японией`, `Осте`, `Norway's`. Letters are
compared as `kzgraph.folding` has them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from kzgraph.folding import fold_text
from kzgraph.tables import Row
from kzgraph.tables.folders import SHARED

#: The columns of names; the others of a thing that lead to what it lies in or belongs to.
_NAMES = {
    "en": ("label_en", "alternative"),
    "ru": ("label_ru", "alternative_ru"),
    "kk": ("label_kk", "alternative_kk"),
}
_LINKS = ("within", "unit_of", "office", "broader")
#: Those that lead to where a thing is, and so to all that lies there.
_AREAS = ("country", "area")
#: Shorter Russian stems take no ending in place of their last letter.
_SHORTEST = 3
_RUSSIAN_END = re.compile(
    r"(?:ыми|ими|ого|его|ому|ему|ами|ями|ах|ях|ам|ям|ов|ев|ей|ой|ый|ий|ая|яя|ое|ее|ые|ие|ую|юю|"
    r"ых|их|ым|им|ом|ем|ою|ею|[аеиоуыьэюяй])\Z"
)
_RUSSIAN = (
    r"(?:ыми|ими|ого|его|ому|ему|ами|ями|иями|ией|ии|ию|ия|иях|иям|ий|ах|ях|ам|ям|ов|ев|ей|ой|ый|"
    r"ая|яя|ое|ее|ые|ие|ую|юю|ых|их|ым|им|ом|ем|ью|[аеиоуыьэюяй])?"
)
_KAZAKH_PLURAL = re.compile(r"(?:лар|лер|дар|дер|тар|тер)\Z")
_KAZAKH = (
    r"(?:лар|лер|дар|дер|тар|тер)?(?:ы|и|сы|си)?(?:-?(?:нын|нин|дын|дин|тын|тин|га|ге|ка|ке|на|не|"
    r"ды|ди|ты|ти|ны|ни|н|да|де|та|те|нда|нде|дан|ден|тан|тен|нан|нен|мен|бен|пен)"
    r"(?:гы|ги)?)?"
)
_ENGLISH = r"(?:'s|s'|s)?"
_WORD = re.compile(r"[^\W_]+(?:[-'.][^\W_]+)*")
#: So many letters find the names that may begin at a word.
_KEY = 2


class Mention(NamedTuple):
    """A place of a text that names something.

    Attributes:
        things: the ids, or `scheme/CODE` of codes, that have this name.
        start: where it begins, in code points.
        end: where it ends, exclusive.
    """

    things: frozenset[str]
    start: int
    end: int


class _Name(NamedTuple):
    thing: str
    folded: str
    language: str
    shown: str
    #: The folder of the one page that calls it so; None of a name that all texts may have.
    only_in: str | None = None


@dataclass(frozen=True)
class KnownNames:
    """The names of the things and of some codes of a set of tables.

    Attributes:
        by_key: the names by their first letters.
        words: the words of the names of each thing, folded.
        shown: the names of each thing.
        related: each thing with all that it lies in or that lies in it, itself among them.
    """

    by_key: Mapping[str, list[_Name]]
    words: Mapping[str, frozenset[str]]
    shown: Mapping[str, frozenset[str]]
    related: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, rows: Iterable[Row], schemes: Iterable[str]) -> "KnownNames":
        """The names in some rows: of all that has an id, and of the codes of some schemes."""
        by_key: dict[str, list[_Name]] = {}
        words: dict[str, set[str]] = {}
        all_shown: dict[str, set[str]] = {}
        above: dict[str, set[str]] = {}
        areas: dict[str, set[str]] = {}
        taken = {f"{scheme}/" for scheme in schemes}
        for row in rows:
            thing = _identify(row)
            if thing is None or (row.schema.name == "concepts" and not _is_of(thing, taken)):
                continue
            scheme = thing.partition("/")[0]
            for column in (*_LINKS, *_AREAS):
                for item in row.cells.get(column, ()):
                    other = item if "/" in item else f"{scheme}/{item}"
                    above.setdefault(thing, set()).add(other)
                    if column in _AREAS:
                        areas.setdefault(thing, set()).add(other)
            above.setdefault(thing, set())
            for language, (label, alternative) in _NAMES.items():
                named = [(item, False) for item in row.cells.get(label, ())]
                others = row.cells.get(alternative, ())
                # Another name in the folder of a page may well be `the Government`.
                named += [(item, row.folder != SHARED) for item in others]
                for shown, is_own in named:
                    folded = fold_kept(shown)
                    all_shown.setdefault(thing, set()).add(shown)
                    words.setdefault(thing, set()).update(_WORD.findall(folded))
                    # What a code means is no proper name: its label alone has a capital.
                    written = shown.lower() if row.schema.name == "concepts" else shown
                    name = _Name(thing, folded, language, written, row.folder if is_own else None)
                    by_key.setdefault(folded[:_KEY], []).append(name)
        return cls(by_key, _freeze(words), _freeze(all_shown), _relate(above, areas))

    def seen_from(self, folder: str) -> "KnownNames":
        """The names that a text may have whose tables are in `folder`: none of another page's."""
        return replace(
            self,
            by_key={
                key: [name for name in names if name.only_in in (None, folder)]
                for key, names in self.by_key.items()
            },
        )

    def find(self, text: str, families: Iterable[str]) -> list[Mention]:
        """The mentions of things of some families, as `country`, in order; the longest at a place.

        Args:
            text: the text.
            families: what their ids begin with.
        """
        prefixes = {f"{family}/" for family in families}
        folded = fold_kept(text)
        found: list[Mention] = []
        at = 0
        for word in _WORD.finditer(folded):
            if word.start() < at:
                continue
            best: dict[int, set[str]] = {}
            for name in self.by_key.get(folded[word.start() : word.start() + _KEY], ()):
                match = _compile(name.folded, name.language).match(folded, word.start())
                if match and _is_written(text[match.start() : match.end()], name.shown):
                    best.setdefault(match.end(), set()).add(name.thing)
            if best:
                at = max(best)
                things = frozenset(each for each in best[at] if _is_of(each, prefixes))
                if things:
                    found.append(Mention(things, word.start(), at))
        return found

    def has_words(self, thing: str, text: str) -> bool:
        """Whether all words of a text are in the names of a thing."""
        return set(_WORD.findall(fold_kept(text))) <= self.words.get(thing, frozenset())

    def may_mention(self, text: str, thing: str) -> bool:
        """Whether a word of a text begins as a word of the names of a thing: `Afghan`."""
        begins = {word[: _begin(word)] for word in self.words.get(thing, ()) if len(word) > 3}
        return any(
            word[0][:size] in begins
            for word in _WORD.finditer(fold_kept(text))
            for size in {len(each) for each in begins}
        )


def _begin(word: str) -> int:
    """How much of a word its derivations share: `Norw`, `Казах`."""
    return 4 if len(word) < 8 else 5


def _identify(row: Row) -> str | None:
    if row.schema.name == "concepts":
        return f"{row.get('scheme')}/{row.get('code')}"
    return row.get("id") if "id" in row.cells else None


def _is_of(thing: str, prefixes: Iterable[str]) -> bool:
    return any(thing.startswith(prefix) for prefix in prefixes)


def _relate(
    above: Mapping[str, set[str]], areas: Mapping[str, set[str]]
) -> dict[str, frozenset[str]]:
    """Each thing with all above it and below it, and what lies in its area."""
    up: dict[str, set[str]] = {}
    for thing in above:
        reached, waiting = {thing}, [thing]
        while waiting:
            new = above.get(waiting.pop(), set()) - reached
            reached |= new
            waiting += new
        up[thing] = reached
    down: dict[str, set[str]] = {}
    for thing, reached in up.items():
        for each in reached:
            down.setdefault(each, set()).add(thing)
    return {
        thing: frozenset(
            reached.union(down[thing], *(down.get(each, {each}) for each in areas.get(thing, ())))
        )
        for thing, reached in up.items()
    }


def _freeze(sets: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(each) for key, each in sets.items()}


@cache
def _fold_letter(letter: str) -> str:
    """A letter as it is searched; what is not one letter then stays."""
    folded = fold_text(letter)
    return folded if len(folded) == 1 else " " if letter.isspace() else letter


def fold_kept(text: str) -> str:
    """`text` folded letter by letter, so that places stay.

    >>> fold_kept("Қазақстан,  Zürich")
    'казакстан,  zurich'
    """
    return "".join(map(_fold_letter, text))


@cache
def _compile(folded: str, language: str) -> re.Pattern[str]:
    pieces, at = [], 0
    for word in _WORD.finditer(folded):
        gap = folded[at : word.start()]
        pieces.append(re.sub(r"(?:\\ )+", r"\\s+", re.escape(gap)) if gap else "")
        pieces.append(_inflect(word[0], language))
        at = word.end()
    pieces.append(re.escape(folded[at:].rstrip()))
    return re.compile("".join(pieces) + r"(?!\w)")


def _inflect(word: str, language: str) -> str:
    """A pattern of a word with the endings of its language."""
    if word.isascii():
        stem = word[:-1] if word.endswith("s") and len(word) > _SHORTEST else word
        return re.escape(stem) + _ENGLISH + (_KAZAKH if language == "kk" else "")
    if language == "kk":
        return re.escape(_KAZAKH_PLURAL.sub("", word)) + _KAZAKH
    stem = _RUSSIAN_END.sub("", word)
    if len(stem) < _SHORTEST:
        return re.escape(word) + (_RUSSIAN if len(word) >= _SHORTEST else "")
    # A vowel comes and goes before the last letter: `девочки`, `девочек`.
    return re.escape(stem[:-1]) + "[ео]?" + re.escape(stem[-1]) + _RUSSIAN


def _is_written(found: str, shown: str) -> bool:
    """Whether a name is written as one: in capitals, or with a capital, where it has them."""
    if shown.isupper():
        return found[: len(shown)].isupper()
    return not shown[:1].isupper() or found[:1].isupper()


def outside(text: str, mentions: Iterable[Mention]) -> Iterator[str]:
    """What of a text is around the mentions."""
    at = 0
    for mention in mentions:
        yield text[at : mention.start]
        at = mention.end
    yield text[at:]
