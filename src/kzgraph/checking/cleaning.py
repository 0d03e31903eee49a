"""A claim without what comes with it when it is pasted: markup, footnotes, addresses, quoting."""

import html
import re
import unicodedata

#: In this order: what is replaced, and by what.
_STEPS = tuple(
    (re.compile(pattern, re.IGNORECASE | re.MULTILINE), replacement)
    for pattern, replacement in (
        (r"</?(?:b|i|em|strong|span|a|sup|sub|u|mark)(?:\s[^<>]{0,200})?>", ""),
        (r"</?[a-z][^<>]{0,200}>", " "),
        (r"(?:https?://|www\.)[^\s<>]+", " "),
        (r"[^\s@]+@[^\s@]+\.[a-z]+", " "),
        (r"@\w+", " "),
        (r"\t", " | "),
        (r"^[ ]*(?:>[ ])+", ""),
        (r"(?<=[\w.,)])\[\d{1,3}\]", ""),
        (r"[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+", ""),
        (r"^[ \t]*(?:\d{1,2}[.)]|[*•‣▪-])[ \t]+", "; "),
        (r"(?<=[\s;])\d\)[ \t]+", "; "),
        (r"(?:tel|call|phone|fax|hotline|тел|факс|телефон)[.:\s]{1,3}\+?[\d\s()-]{6,}", " "),
        (r"\+\d[\d\s()-]{8,}\d", " "),
        (r"\+/-", "±"),
        (r"-+>|=+>|→", "; "),
        (r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}", ""),
        (r"[^\S\n]+", " "),
    )
)
#: A comma that no thousands follow is one of decimals, in English too.
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])(\d{1,3}),(\d{1,2}|\d{4,})(?![\d,])")


def clean(text: str) -> str:
    """The text that is read, and shown as the claim; characters that cannot be seen are left out.

    >>> clean("<b>7&nbsp;892</b>[3] people")
    '7 892 people'
    >>> clean("USD 10,03 million")
    'USD 10.03 million'
    """
    found = html.unescape(text)
    found = "".join(
        each
        for each in found
        if each in "\n\t" or unicodedata.category(each) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    for pattern, replacement in _STEPS:
        found = pattern.sub(replacement, found)
    return _DECIMAL_COMMA.sub(r"\1.\2", found)
