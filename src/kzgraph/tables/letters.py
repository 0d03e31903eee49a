"""Letters that look like those of another alphabet, in cells that hold Latin letters only."""

import unicodedata

#: Cyrillic letters, and the Latin ones that look like them.
_LATIN = str.maketrans(
    "АВЕКМНОРСТУХІЈЅҮҺӀаеорсухіјѕһԁԛԝ",
    "ABEKMHOPCTYXIJSYHIaeopcyxijshdqw",
)


def is_lookalike(word: str) -> bool:
    """Whether every letter of a word is a Cyrillic one that looks like a Latin one."""
    return bool(word) and all(ord(letter) in _LATIN for letter in word)


def to_latin(text: str) -> str:
    r"""`text` with the Latin letter in the place of each Cyrillic one that looks like it.

    >>> to_latin("\u0440\u0435\u0441").isascii()
    True
    """
    return text.translate(_LATIN)


def name_alphabets(text: str) -> list[str]:
    """The alphabets of the letters in `text` other than Latin ones, by their names in Unicode."""
    names = (unicodedata.name(each, "").partition(" ")[0] for each in text if each.isalpha())
    return sorted({name.capitalize() for name in names if name and name != "LATIN"})
