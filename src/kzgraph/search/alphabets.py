"""A word in another alphabet: by its sound, and by the keys under which its letters are.

Who has no Cyrillic keyboard types `Bezhentsy` or `Qazaqstan`; who meets a name in Latin letters
looks for it in Cyrillic: `Билялова`. Who forgot to switch the keyboard types `rfpf[cnfy`. None of
it is published: these are ways to find a name, not names.
"""

import re

from kzgraph.folding import fold_text

#: How folded Cyrillic letters sound. Russian and Kazakh letters that fold into one sound alike.
_SOUNDS = dict(
    zip("абвгдежзийклмнопрстуфхцчшщъыьэюя", "abvgdejziiklmnoprstufhCXSS_i_eua", strict=True)
)
#: Latin spellings of these sounds, the longest first: of Russian, of Kazakh, of English.
_SPELLINGS = {
    "shch": "S", "tsch": "X", "sch": "S", "tch": "X", "sh": "S", "ch": "X", "zh": "j", "dj": "j",
    "dzh": "j", "kh": "h", "gh": "g", "ts": "C", "tz": "C", "ph": "f", "ck": "k", "th": "t",
    "ya": "a", "ia": "a", "ja": "a", "yu": "u", "iu": "u", "ju": "u", "ye": "e", "je": "e",
    "yo": "e", "jo": "e", "iy": "i", "yy": "i", "ij": "i", "yi": "i",
    "iya": "a", "ija": "a", "iyu": "u", "iye": "e", "yie": "e", "ie": "e",
    "ce": "se", "ci": "si", "cy": "si", "c": "k", "q": "k", "y": "i", "w": "v", "x": "ks",
}  # fmt: skip
_SPELLING = re.compile("|".join(sorted(_SPELLINGS, key=lambda each: (-len(each), each))))
_TWICE = re.compile(r"(.)\1+")
#: The shortest sound by which a word is found, and the shortest that is the beginning of one.
SHORTEST_SOUND, SHORTEST_BEGINNING = 2, 4


def sound_out(word: str) -> str:
    """What a folded word sounds like, whichever alphabet it is in; nothing if too short to tell.

    >>> sound_out("qazaqstan") == sound_out("казакстан"), sound_out("bezhentsy"), sound_out("в")
    (True, 'bejenCi', '')
    """
    if word.isascii():
        heard = _SPELLING.sub(lambda found: _SPELLINGS[found[0]], word)
    else:
        heard = "".join(_SOUNDS.get(letter, letter) for letter in word)
        # As they are spelt in Latin letters: дж is one sound, ия is ia or iya, ые is ye, тс is ц.
        heard = (
            heard.replace("dj", "j")
            .replace("ia", "a")
            .replace("ie", "e")
            .replace("_", "")
            .replace("ts", "C")
        )
    heard = _TWICE.sub(r"\1", heard)
    return heard if len(heard) >= SHORTEST_SOUND and heard.isalpha() else ""


_ENGLISH_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_RUSSIAN_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбю"
#: The row of digits has the letters that Kazakh has and Russian has not.
_ENGLISH_DIGITS, _KAZAKH_DIGITS = "234589 0-=", "әіңғүұ қөһ"
#: With Shift the keys of signs have other signs.
_SHIFTED = str.maketrans('~{}:"<>', "`[];',.")
_LAYOUTS = (
    str.maketrans(_ENGLISH_KEYS, _RUSSIAN_KEYS),
    str.maketrans(_ENGLISH_KEYS + _ENGLISH_DIGITS, _RUSSIAN_KEYS + _KAZAKH_DIGITS),
    str.maketrans(_RUSSIAN_KEYS + _KAZAKH_DIGITS, _ENGLISH_KEYS + _ENGLISH_DIGITS),
)


def retype(text: str) -> list[str]:
    """`text` as its keys read on the other keyboards, where that is something else.

    >>> retype("rfpf[cnfy"), retype("гтрск")
    (['казахстан'], ['unhcr'])
    """
    lower = text.lower().translate(_SHIFTED) if text.isascii() else text.lower()
    found = (lower.translate(layout) for layout in _LAYOUTS)
    return list(dict.fromkeys(each for each in found if fold_text(each) != fold_text(text)))
