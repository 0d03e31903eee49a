"""Text as it is searched: without what people leave out, or write in another alphabet.

Names are compared in lower case and without marks (`Flüchtlingshilfe`, `fluchtlingshilfe`). In
words in Cyrillic, ё is written without its dots, a Kazakh letter as the Russian one nearest to it,
and a Latin letter that was typed for one that looks the same as that one: `Сана Сезім` is found as
`Сана Сезим`. The Russian й is a letter of its own and stays.
"""

import re
import unicodedata
from functools import lru_cache

#: Letters that look alike, at least as capitals: those of one alphabet, and of the other.
_LATIN, _CYRILLIC = "aceopxykmthbi", "асеорхукмтнві"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_TO_RUSSIAN = str.maketrans("ёәғқңөұүһі", "еагкноуухи")
_WORD = re.compile(r"[^\W\d_]+")
_ASCII_OR_CYRILLIC = re.compile(r"[\x00-\x7f\u0400-\u04ff]*")
_PLAIN = str.maketrans(
    {
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{EN DASH}": "-",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{EM DASH}": "-",
    }
)


def fold_text(text: str) -> str:
    """`text` as `kzg:searchText` has it, so that what somebody types can be compared with that.

    >>> fold_text("ЮНИСЕФ,  Алматы қ."), fold_text("Сана Сезім"), fold_text("UNO-Flüchtlingshilfe")
    ('юнисеф, алматы к.', 'сана сезим', 'uno-fluchtlingshilfe')
    """
    if text.isascii():  # What follows changes nothing of it but its case.
        return " ".join(text.lower().split())
    # Twice: lower case may need composing, and composing gives letters in upper case.
    lower = unicodedata.normalize("NFKC", text).casefold()
    lower = unicodedata.normalize("NFKC", lower).casefold().translate(_PLAIN)
    if not _ASCII_OR_CYRILLIC.fullmatch(lower):
        lower = "".join(map(_strip_foreign, lower))
    if not lower.isascii():
        lower = _WORD.sub(lambda word: _fold_word(word[0]), lower)
    return " ".join(lower.split())


@lru_cache(maxsize=8_192)  # Names have most words in common.
def _fold_word(word: str) -> str:
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in word)
    if not cyrillic:
        return word
    latin = sum(letter.isascii() for letter in word)
    if latin > cyrillic:
        return word.translate(_TO_LATIN)
    return word.translate(_TO_CYRILLIC).translate(_TO_RUSSIAN)


def _strip_foreign(letter: str) -> str:
    return letter if letter.isascii() or "\u0400" <= letter <= "\u04ff" else strip_marks(letter)


def strip_marks(text: str) -> str:
    """`text` without the marks on its letters, the dots of й and ё among them.

    >>> strip_marks("Éva"), strip_marks("Фёдор")
    ('Eva', 'Федор')
    """
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part))


def swap_alphabet(word: str) -> str:
    """A folded word with the letters of the other alphabet that look the same.

    Which alphabet a word is in cannot be told where all its letters are in both: РК, CCCP. A word
    with any other letter comes back as it is.

    >>> swap_alphabet("cccp"), swap_alphabet("рк"), swap_alphabet("unhcr")
    ('ссср', 'pk', 'unhcr')
    """
    letters = set(word)
    if letters <= set(_LATIN):
        return _fold_word(word.translate(_TO_CYRILLIC))
    return word.translate(_TO_LATIN) if letters <= set(_CYRILLIC) else word
