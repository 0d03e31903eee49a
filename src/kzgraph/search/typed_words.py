"""The words of a text: those of a name that is indexed, and those that somebody types.

Both are split in the same way, so that what is typed as it stands in a name is found. A word is a
row of letters and digits in the folded form (`kzgraph.folding`); a number is one word, whichever
signs separate its thousands; so is a date in digits.
"""

import re
from collections.abc import Sequence

from kzgraph.folding import fold_text

#: The most characters of a query that are read, and the words of it that are looked for: what is
#: called exactly so is found by all of them.
MAX_LENGTH = 300
MAX_WORDS = 8
#: The most letters of a word: nothing that is looked for has more.
_LONGEST = 40

#: Without one of these, none of the six expressions below it finds anything.
_SIGNS = re.compile(r"[\d.']")
#: Thousands in groups. A space separates them only behind one to three digits: `2018 632` are two.
_GROUPED = re.compile(r"(?<![\d.,'])\d{1,3}(?:([ ,'])\d{3}(?!\d))(?:\1\d{3}(?!\d))*")
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])(\d+),(\d+)(?![\d.,])")
_DAY = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")
_DAY_OF_EUROPE = re.compile(r"(?<!\d)(\d\d?)[./](\d\d?)[./](\d{4})(?!\d)")
_DOTTED = re.compile(r"(?<!\w)(?:[^\W\d_]\.){2,}")
_POSSESSIVE = re.compile(r"(?<=\w)'s(?!\w)")
_WORD = re.compile(r"\d+\.\d+(?!\w)|[^\W_]+")
_JOINED = re.compile(r"(?<![\w'-])[^\W\d_]+(?:['-][^\W\d_]+)+(?![\w'-])")
_JOINT = re.compile(r"\w['\u2019\u2010-\u2013-]\w")
_HUMPS = re.compile(r"(?<=[^\W\d_A-ZА-ЯЁӘҒҚҢӨҰҮҺІ])(?=[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ])")
_CAPITALS = re.compile(r"(?<=[A-ZА-ЯЁ])(?=[A-ZА-ЯЁ][a-zа-яё])")


def split_words(text: str) -> list[str]:
    """The words of `text`, in order.

    >>> split_words("Stateless persons: 87 632, U.N.H.C.R.'s"), split_words("93,0182 on 1.2.2024")
    (['stateless', 'persons', '87632', 'unhcr'], ['93.0182', 'on', '20240201'])
    """
    folded = fold_text(text)
    if _SIGNS.search(folded):
        folded = _DOTTED.sub(lambda found: found[0].replace(".", ""), folded)
        folded = _POSSESSIVE.sub("", folded)
        folded = _GROUPED.sub(lambda found: re.sub(r"\D", "", found[0]), folded)
        folded = _DAY.sub(r"\1\2\3", folded)
        folded = _DAY_OF_EUROPE.sub(_write_day, folded)
        folded = _DECIMAL_COMMA.sub(r"\1.\2", folded)
    return [word[:_LONGEST] for word in _WORD.findall(folded)]


def read_query(text: str) -> list[str]:
    """The words of a query, as far as it is read."""
    return split_words(text[:MAX_LENGTH])


def join_words(text: str) -> list[str]:
    """Further words by which a name is found: what it joins written as one, and its humps apart.

    >>> join_words("Алма-Ата"), join_words("#ЯПринадлежу"), join_words("Côte d'Ivoire")
    (['алмаата'], ['я', 'принадлежу'], ['divoire'])
    """
    found = []
    if _JOINT.search(text):
        found = [re.sub("['-]", "", each) for each in _JOINED.findall(fold_text(text))]
    apart = _CAPITALS.sub(" ", _HUMPS.sub(" ", text))
    if apart != text:
        whole = set(split_words(text))
        found += [word for word in split_words(apart) if word not in whole]
    return found


def find_initials(words: Sequence[str]) -> set[str]:
    """What people make of the first letters of a name of three to eight words.

    With and without the small words between them, where there are at least three letters.

    >>> sorted(find_initials(["ministry", "of", "foreign", "affairs"]))
    ['mfa', 'mofa']
    """
    words = [word for word in words if not word[0].isdigit()]
    if not 3 <= len(words) <= 8:
        return set()
    large = [word for word in words if word not in SMALL_WORDS]
    both = ("".join(word[0] for word in each) for each in (large, words))
    return {each for each in both if len(each) >= 3}


#: Words that initials leave out, and that a query need not have right.
SMALL_WORDS = frozenset(
    (
        *("a", "an", "and", "at", "by", "for", "in", "of", "on", "or", "the", "to", "with"),
        *("в", "во", "для", "до", "за", "и", "из", "или", "к", "на", "о", "об", "от", "по", "при"),
        *("с", "со", "у", "бен", "жане", "мен", "пен", "ушин"),
    )
)


def vary_number(word: str) -> list[str]:
    """What else a number may be meant as: the sign in it may separate thousands or a fraction.

    >>> vary_number("87.632"), vary_number("87632"), vary_number("7.5")
    (['87632'], ['87.632'], [])
    """
    if re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", word):
        return [word.replace(".", "")]
    if re.fullmatch(r"[1-9]\d{3,5}", word):
        return [f"{word[:-3]}.{word[-3:]}"]
    return []


def _write_day(found: re.Match[str]) -> str:
    day, month, year = found.groups()
    return f"{year}{int(month):02}{int(day):02}"
