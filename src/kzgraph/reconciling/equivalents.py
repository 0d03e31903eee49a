"""Words that say the same in names, and words that names of one kind have or leave out.

All are folded, as `split_words` gives them. What is the same is written in one way in the text and
in the name, before they are compared; what only says of which sort a country or a city is may be
missing in either, where nothing else is called by the rest.
"""

import re
from collections.abc import Collection, Sequence

from kzgraph.namespaces import SCHEMA

#: What is written in short, and all that it is written for. The longest are looked for first.
_SHORT = {
    "un": ("united nations",),
    "оон": (
        "организация объединенных наций",
        "организации объединенных наций",
    ),
    "буу": ("бириккен улттар уйымы", "бириккен улттар уйымынын"),
    "kazakhstan": ("republic of kazakhstan", "kazakhstan republic"),
    "рк": (
        *("республика казахстан", "республики казахстан", "республике казахстан"),
        *("казахстан", "казахстана", "казахстане"),
    ),
    "кр": (
        *("казакстан республикасы", "казакстан республикасынын"),
        *("казакстан", "казакстаннын"),
    ),
    "dr": ("democratic republic", "dem rep"),
    "region": ("oblast", "oblysy"),
    "область": ("обл",),
    "министерство": ("мин во",),
}
_LONG = {each: short for short, several in _SHORT.items() for each in several}
_PHRASE = re.compile(
    r"(?<!\S)(?:"
    + "|".join(sorted(map(re.escape, _LONG), key=lambda each: (-len(each), each)))
    + r")(?!\S)"
)
#: The word for year behind one: в 1951 г., 1951 жылғы.
_YEAR = re.compile(r"(?<!\S)([12]\d{3}) (?:г|год|года|году|ж|жыл|жылы|жылгы)(?!\S)")

#: Words by which a country says what sort of state it is, and a city that it is one.
_SORTS = {
    SCHEMA["Country"].value: (
        "republic kingdom state states federation federal islamic arab sultanate commonwealth "
        "principality duchy emirate confederation union bolivarian plurinational cooperative "
        "hashemite socialist rb "
        "республика королевство государство федеративная исламская арабская султанат княжество "
        "герцогство эмират конфедерация боливарианская "
        "республикасы корольдиги мемлекети федерациясы ислам араб"
    ),
    SCHEMA["Place"].value: "city town gorod qalasy город г гор каласы к кала",
}
_SORT_WORDS = {kind: frozenset(words.split()) for kind, words in _SORTS.items()}
#: The kinds of things that have such words.
SORTED_KINDS = frozenset(_SORTS)


def unify(key: str) -> str:
    """The words of a text or a name, those that say the same written in one way.

    >>> unify("министерство юстиции республики казахстан"), unify("конвенция 1951 года")
    ('министерство юстиции рк', 'конвенция 1951')
    """
    key = _YEAR.sub(r"\1", key)
    return _PHRASE.sub(lambda found: _LONG[found[0]], key)


def leave_out_sort(
    words: Sequence[str], abbreviated: Collection[str], kind: str
) -> tuple[str, ...]:
    """The words of a name of a kind without those that say of which sort the thing is.

    Args:
        words: of the name.
        abbreviated: those of them that end with a point.
        kind: the class of the thing.
    """
    sorts = _SORT_WORDS.get(kind, frozenset())
    return tuple(
        word
        for word in words
        if word not in sorts
        and not (word in abbreviated and any(each.startswith(word) for each in sorts))
    )
