"""Values of IATI as terms: numbers, dates, periods, languages, and names of things.

The datatypes are those of the schema, https://iatistandard.org/en/iati-standard/203/activity-standard/
"""

import hashlib
import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal

from pyoxigraph import Literal

from kzgraph.tables import Time, parse_time
from kzgraph_mappings.curies import number_literal

#: https://www.w3.org/TR/xmlschema-2/#decimal
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
#: https://www.w3.org/TR/xmlschema-2/#date, of years of four digits, maybe with a time zone.
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")
#: The digits before and after the point that the store keeps exactly.
_MOST_DIGITS = (20, 18)
#: The longest segment of an IRI that is made of a name; what is longer ends in a hash.
_MOST_SEGMENT = 100


def read_number(text: str) -> Literal | None:
    """A decimal as a literal; None where it is none, or has more digits than can be kept.

    >>> [str(read_number(text)).partition("^")[0] for text in (".34", "-1500.0", "1,000", "")]
    ['"0.34"', '"-1500"', 'None', 'None']
    """
    stripped = text.strip()
    if not _DECIMAL.fullmatch(stripped):
        return None
    whole, _, rest = stripped.lstrip("+-").partition(".")
    if len(whole.lstrip("0")) > _MOST_DIGITS[0] or len(rest.rstrip("0")) > _MOST_DIGITS[1]:
        return None
    plain = f"{Decimal(stripped):f}"
    literal = number_literal(plain)
    return number_literal("0") if literal.value == "-0" else literal


def read_date(text: str) -> date | None:
    """A day of the calendar, whatever its time zone; None where it is none.

    >>> read_date("2018-12-31Z"), read_date("31/12/2018")
    (datetime.date(2018, 12, 31), None)
    """
    match = _DATE.fullmatch(text.strip())
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def period(start: date, end: date) -> Time:
    """A period by its days, in the shortest notation: the year, quarter or month that it is.

    >>> period(date(2018, 1, 1), date(2018, 12, 31)).text
    '2018'
    >>> period(date(2018, 7, 1), date(2019, 6, 30)).text
    '2018-07-01/2019-06-30'

    Raises:
        ValueError: it ends before it begins.
    """
    if start == end:
        return parse_time(start.isoformat())
    if start.year == end.year and start.day == 1 and (end + timedelta(days=1)).day == 1:
        months = end.month - start.month
        quarter = f"Q{(start.month + 2) // 3}"
        shorter = {0: f"{start.year:04}-{start.month:02}", 11: f"{start.year:04}"}
        if months == 2 and start.month % 3 == 1:
            shorter[2] = f"{start.year:04}-{quarter}"
        if months in shorter:
            return parse_time(shorter[months])
    return parse_time(f"{start.isoformat()}/{end.isoformat()}")


def read_language(text: str) -> str:
    """A language tag in lower case (RFC 5646); nothing where it is not one.

    >>> read_language(" EN-gb "), read_language("en-"), read_language("")
    ('en-gb', '', '')
    """
    tag = text.strip().lower()
    try:
        return Literal("", language=tag).language or ""
    except ValueError:
        return ""


def text_literal(text: str, language: str) -> Literal:
    """A text in a language, or in none where that is not stated."""
    return Literal(text, language=language) if language else Literal(text)


def code_segment(text: str) -> str:
    """A code or identifier as a segment of an IRI; two that differ have different ones.

    What the project's IRIs do not hold is written as its bytes in UTF-8, two hexadecimal digits
    after an underscore each.

    >>> code_segment("XM-DAC-41121-2018"), code_segment("NO/1"), code_segment("_")
    ('XM-DAC-41121-2018', 'NO_2F1', 'x_z_5F')
    """
    escaped = "".join(
        item if item.isascii() and (item.isalnum() or item in "-.") else _escape(item)
        for item in text
    )
    if escaped.endswith("."):
        escaped = escaped[:-1] + _escape(".")
    if not escaped[:1].isalnum():
        # No escape has a z, so that no other text has this beginning.
        escaped = "x_z" + escaped
    return _shorten(escaped, text)


def name_segment(text: str) -> str:
    """A name as a segment of an IRI: in lower case, without accents, words joined by hyphens.

    >>> name_segment("Government of Côte d'Ivoire"), name_segment("МВД")
    ('government-of-cote-d-ivoire', 'u-_D0_BC_D0_B2_D0_B4')
    """
    plain = "".join(
        item for item in unicodedata.normalize("NFKD", text) if not unicodedata.combining(item)
    ).casefold()
    words = re.findall(r"\w+", plain)
    joined = "-".join(words).replace("_", "-")
    if joined.isascii():
        return _shorten(joined.strip("-") or code_segment(text), text)
    return _shorten("u-" + "".join(c if c.isascii() else _escape(c) for c in joined), text)


def _escape(item: str) -> str:
    return "".join(f"_{byte:02X}" for byte in item.encode())


def _shorten(segment: str, text: str) -> str:
    if len(segment) <= _MOST_SEGMENT:
        return segment
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return f"{segment[: _MOST_SEGMENT - 13].rstrip('_.-')}-{digest}"
