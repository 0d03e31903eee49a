"""The words by which claims say what they are about, as data, and finding them in a claim.

`cues.csv` has them, a row for what one set of words means: its kind, its codes and the words, in
all three languages together. A name in the release needs no row: its labels are read as well
(`kzgraph.checking.names_of_things`). A word that ends with `*` stands for all that begin with it.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from operator import itemgetter

from kzgraph.checking.verdicts import Dimension, Read
from kzgraph.folding import fold_text

#: By so many letters a word of a claim is looked up.
_BEGINNING = 2
_TOKEN = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Token:
    """A word of a claim, or a run of digits and letters.

    Attributes:
        text: folded, see `kzgraph.folding`.
        start: where it begins in the claim, in code points.
        end: where it ends, exclusive.
    """

    text: str
    start: int
    end: int


def split_words(text: str) -> list[Token]:
    """The words of a text, in order."""
    return [Token(fold_text(each[0]), *each.span()) for each in _TOKEN.finditer(text)]


@dataclass(frozen=True)
class Cue:
    """Words that mean something.

    Attributes:
        kind: what they are about, as `cues.csv` calls it.
        codes: what they mean; several where they may mean either.
        words: folded words, each with `*` at its end where it is only a beginning.
    """

    kind: str
    codes: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def weight(self) -> tuple[int, int]:
        """How much the words tell: how many there are, and how many letters they have."""
        return len(self.words), sum(map(len, self.words))


@cache
def load_cues() -> dict[str, tuple[Cue, ...]]:
    """The cues of each kind; of those that match, the one that tells most is to be taken."""
    text = files(__package__).joinpath("cues.csv").read_text("utf-8")
    found: dict[str, list[Cue]] = {}
    for row in csv.DictReader(text.splitlines()):
        for phrase in row["words"].split("|"):
            words = tuple(_fold(word) for word in phrase.split())
            cue = Cue(row["kind"], tuple(row["codes"].split()), words)
            found.setdefault(row["kind"], []).append(cue)
    return {
        kind: tuple(sorted(cues, key=lambda cue: cue.weight, reverse=True))
        for kind, cues in found.items()
    }


@cache
def _by_beginning() -> dict[str, list[tuple[int, Cue]]]:
    """All cues by the beginnings of their first words, each with its place in its kind."""
    found: dict[str, list[tuple[int, Cue]]] = {}
    for cues in load_cues().values():
        for at, cue in enumerate(cues):
            found.setdefault(cue.words[0][:_BEGINNING], []).append((at, cue))
    return found


def choose_cues(tokens: Iterable[Token]) -> dict[str, list[Cue]]:
    """The cues of each kind that a claim may have, sorted as all are; the others are left out."""
    beginnings = {token.text[:_BEGINNING] for token in tokens}
    # A word of one letter, or one letter and `*`, begins as many do.
    beginnings |= {f"{each[:1]}*" for each in beginnings}
    chosen: dict[str, list[tuple[int, Cue]]] = {}
    for beginning in beginnings:
        for at, cue in _by_beginning().get(beginning, ()):
            if all(word[:_BEGINNING] in beginnings for word in cue.words[1:]):
                chosen.setdefault(cue.kind, []).append((at, cue))
    found: dict[str, list[Cue]] = {kind: [] for kind in load_cues()}
    for kind, cues in chosen.items():
        found[kind] = [cue for _, cue in sorted(cues, key=itemgetter(0))]
    return found


@cache
def load_words(kind: str) -> frozenset[str]:
    """The single words of a kind, folded."""
    return frozenset(cue.words[0] for cue in load_cues()[kind] if len(cue.words) == 1)


def _fold(word: str) -> str:
    return fold_text(word.removesuffix("*")) + ("*" if word.endswith("*") else "")


def matches(word: str, token: str) -> bool:
    """Whether a word of a cue stands for a word of a claim.

    >>> matches("naturali*", "naturalised"), matches("now", "known")
    (True, False)
    """
    return token.startswith(word[:-1]) if word.endswith("*") else token == word


def find_phrases(
    cues: Iterable[Cue], tokens: Sequence[Token], taken: set[int]
) -> Iterator[tuple[Cue, range]]:
    """Where the words of cues stand in a row, the longest first; no token is used twice.

    Args:
        cues: sorted by what they tell.
        tokens: those of the claim.
        taken: places of tokens that mean something else already; what is found is added.
    """
    for cue in cues:
        size = len(cue.words)
        for at in range(len(tokens) - size + 1):
            places = range(at, at + size)
            if taken.isdisjoint(places) and all(
                map(matches, cue.words, (tokens[place].text for place in places))
            ):
                taken.update(places)
                yield cue, places


def find_row(
    cues: Iterable[Cue], tokens: Sequence[Token], places: Sequence[int], taken: set[int]
) -> list[int] | None:
    """The places of the words of the first of some cues that stand in a row, all at `places`.

    Args:
        cues: sorted by what they tell.
        tokens: those of the claim.
        places: which of them are looked at.
        taken: places of tokens that mean something else; one of the words at least is none.
    """
    inside = set(places)
    for cue in cues:
        for at in places:
            row = range(at, at + len(cue.words))
            if not inside.issuperset(row) or taken.issuperset(row):
                continue
            if all(map(matches, cue.words, (tokens[place].text for place in row))):
                return list(row)
    return None


def find_together(
    cues: Iterable[Cue], tokens: Sequence[Token], places: Sequence[int], taken: set[int]
) -> tuple[Cue, list[int]] | None:
    """The first of some cues whose words are all among the tokens at `places`, in any order.

    Args:
        cues: sorted by what they tell.
        tokens: those of the claim.
        places: which of them are looked at.
        taken: places of tokens that mean something else; one of the words at least is none.
    """
    for cue in cues:
        found: list[int] = []
        for word in cue.words:
            place = next(
                (at for at in places if at not in found and matches(word, tokens[at].text)), None
            )
            if place is None:
                break
            found.append(place)
        else:
            if not taken.issuperset(found):
                return cue, found
    return None


def tell(
    text: str, tokens: Sequence[Token], dimension: Dimension, code: str, places: Iterable[int]
) -> Read:
    """What some words of a claim were read as, with the words from the first to the last."""
    held = sorted(places)
    start, end = tokens[held[0]].start, tokens[held[-1]].end
    return Read(dimension, code, text[start:end], start, end)
