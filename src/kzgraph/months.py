"""The names of the months in English, Russian and Kazakh, and reading them in a text.

A table of ours, since the names of `strftime` follow the locale of the machine.
"""

import re

#: January to December.
ENGLISH = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
#: In Russian: as a month is named, and in the genitive, which dates take.
RUSSIAN = (
    *("январь", "февраль", "март", "апрель", "май", "июнь"),
    *("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)
RUSSIAN_GENITIVE = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
KAZAKH = (
    *("қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым"),
    *("шілде", "тамыз", "қыркүйек", "қазан", "қараша", "желтоқсан"),
)
#: Each name with the number of its month.
_NUMBERS = {
    name.casefold(): number
    for names in (ENGLISH, RUSSIAN, RUSSIAN_GENITIVE, KAZAKH)
    for number, name in enumerate(names, 1)
}
# The one month whose stem is shorter than an abbreviation.
_NUMBERS |= dict.fromkeys(("мае", "маем", "маю"), _NUMBERS["май"])
#: The letters that tell a month in each language.
_ABBREVIATED = 3

#: A pattern of the months in a text: English ones abbreviated too, the others with their endings.
PATTERN = "|".join(
    (
        *(f"{name[:3]}(?:{name[3:]})?".lower() for name in ENGLISH),
        "sept",
        *RUSSIAN,
        *(f"{name[:-1]}(?:[аеуюя]|[её]м)" for name in RUSSIAN_GENITIVE),
        *(f"{name}(?:с?[ыі])?(?:н?[ғгқкндт][аеыі]н?ң?)?" for name in KAZAKH),
    )
)
_WORD = re.compile(rf"(?<!\w)(?:{PATTERN})(?!\w)", re.IGNORECASE)


def number_of(word: str) -> int | None:
    """The number of the month that a word names, in full, abbreviated or with an ending.

    >>> number_of("Sept"), number_of("мая"), number_of("қаңтарда"), number_of("week")
    (9, 5, 1, None)
    """
    known = word.casefold()
    if known in _NUMBERS:
        return _NUMBERS[known]
    begin = known[:_ABBREVIATED]
    return next((at for name, at in _NUMBERS.items() if name.startswith(begin)), None)


def months_in(text: str) -> set[int]:
    """The numbers of the months that a text names.

    >>> sorted(months_in("from 9 May to 10 декабря"))
    [5, 12]
    """
    return {number for word in _WORD.findall(text) if (number := number_of(word))}
