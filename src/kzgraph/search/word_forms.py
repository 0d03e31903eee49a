"""When two words are one word in two grammatical forms, by the endings of three languages.

No dictionary and no stemmer: a stemmer has to decide about one word by itself, and takes беженец
and беженцы apart, whose vowel comes and goes. Here two words are compared: they are forms of one
where what follows some common beginning is an ending in both. All letters are folded
(`kzgraph.folding`), so that Kazakh endings have half of their variants.
"""

import re

#: The shortest beginning that two forms may share: год, дет-и.
SHORTEST_STEM = 3

_NOUN = (
    "а я о е и ы у ю ь й ой ей ом ем ов ев ам ям ами ями ах ях ью ия ии ию ие ий ием ией иям иях "
    "иями ин ина ину ином ине ане"
)
_ADJECTIVE = "ый ий ая яя ое ее ые ие ого его ому ему ым им ых их ую юю ыми ими"
#: The vowel of these comes and goes: беженец, беженцы; возвращение is above.
_FLEETING = [
    vowel + rest
    for vowel, rests in (
        ("ец", ("",)),
        ("ц", ("а", "у", "ем", "е", "ы", "ев", "ам", "ами", "ах")),
        ("ок", ("",)),
        ("ек", ("",)),
        ("к", ("а", "у", "ой", "ом", "е", "и", "ов", "ам", "ами", "ах")),
    )
    for rest in rests
]
_RUSSIAN = re.compile("|".join(["", *_NOUN.split(), *_ADJECTIVE.split(), *_FLEETING]))
#: Plural, whose it is, case, and what makes an adjective of a place or a time, in this order.
_KAZAKH = re.compile(
    "(?:[лдт][ае]р)?"
    "(?:[ыи]?м|[ыи]?н|с?[ыи]|[ыи]?м[ыи]з|[ыи]?н[ыи]з)?"
    "(?:[ндт][ыи]н|[гкн]?[ае]|[ндт][ыи]|н|н?[дт][ае]|[ндт][ае]н|[мбп]ен)?"
    "(?:г[ыи])?"
)
_ENGLISH = re.compile("|s|es|e|ed|ing|y|ies|ied|ying|en|er|ers")
_LATIN, _CYRILLIC = (_ENGLISH,), (_RUSSIAN, _KAZAKH)


class Forms:
    """The forms that a word may have.

    Attributes:
        stem: with which all of them begin.
    """

    def __init__(self, word: str) -> None:
        """Take in a folded word."""
        self._word = word
        languages = _LATIN if word.isascii() else _CYRILLIC
        self._ends = [
            (place, endings)
            for endings in languages
            for place in range(SHORTEST_STEM, len(word) + 1)
            if endings.fullmatch(word, place)
        ]
        # No word is mostly ending, though the Kazakh ones of two words of four letters may be six.
        self._ends = [end for end in self._ends if 5 * end[0] >= 2 * len(word)]
        self.stem = word[: min((place for place, _ in self._ends), default=len(word))]

    def has(self, other: str) -> bool:
        """Whether `other` is another form of the word.

        >>> Forms("беженцев").has("беженец"), Forms("казакстаннын").has("казакстан")
        (True, True)
        >>> Forms("countries").has("country"), Forms("refugees").has("refuse")
        (True, False)
        """
        return self._word != other and any(
            other.startswith(self._word[:place]) and endings.fullmatch(other, place)
            for place, endings in self._ends
        )
