"""Numbers in digits, with the separators that documents use."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

#: Blanks that do not break a line: no-break, figure, thin, hair, narrow.
_TIED = "\u00a0\u2007\u2009\u200a\u202f"
_QUOTES = "'\u2019\u02bc"

#: Digits with single separators among them; what they are is decided afterwards.
_RUN = re.compile(rf"(?<![\w.])\d+(?:[.,{_QUOTES}{_TIED} ]\d+)*")
_BLANK = re.compile(rf"[{_TIED} ]")
_DECIMAL = re.compile(r"\d+(?:\.\d+)?")
#: Four digits before a blank are a year.
_VULGAR = re.compile(
    rf"(?<![\w.])(?:(\d+)|(?<!,)(\d{{1,3}})[{_TIED} ])?([\u00bc-\u00be\u2150-\u215e])(?!\w)"
)
_SLASHED = re.compile(r"(?<![\w./,-])([1-9])/([1-9]|10)(?![\w/-]|[.,]\d)")
#: A list of numbers in JSON: there a comma separates numbers.
_ARRAY = re.compile(r"\[[^\[\]\n]*,[^\[\]\n]*\]")
_ITEMS = re.compile(
    r'\s*(?:"[^"\n]*"|null|-?\d+(?:\.\d+)?)\s*(?:,\s*(?:"[^"\n]*"|null|-?\d[\d.]*)\s*)+'
)

_VULGAR_VALUES = {
    chr(point): Decimal(above) / below
    for point, above, below in (
        *((0xBC, 1, 4), (0xBD, 1, 2), (0xBE, 3, 4), (0x2150, 1, 7), (0x2151, 1, 9)),
        *((0x2152, 1, 10), (0x2153, 1, 3), (0x2154, 2, 3), (0x2155, 1, 5), (0x2156, 2, 5)),
        *((0x2157, 3, 5), (0x2158, 4, 5), (0x2159, 1, 6), (0x215A, 5, 6), (0x215B, 1, 8)),
        *((0x215C, 3, 8), (0x215D, 5, 8), (0x215E, 7, 8)),
    )
}


class Digits(NamedTuple):
    """A number in digits: its value, its place, and what else `1,500` may mean.

    Attributes:
        value: the value.
        start: where it starts.
        end: where it ends, exclusive.
        other: a second reading of the same characters, or None.
        fraction: whether it is written as a fraction, so that decimals only come near it.
    """

    value: Decimal
    start: int
    end: int
    other: Decimal | None = None
    fraction: bool = False


def digits_in(text: str, decimal_comma: bool) -> list[Digits]:
    """The numbers in digits in `text`, in order; what is joined to letters is among them.

    Args:
        text: the text.
        decimal_comma: whether the language of the text writes `1,5` for one and a half.
    """
    found = list(_fractions(text))
    taken = {at for each in found for at in range(each.start, each.end)}
    arrays = {
        at
        for match in _ARRAY.finditer(text)
        if _is_json(text, match)
        for at in range(*match.span())
    }
    for run in _RUN.finditer(text):
        if (
            run.start() in taken
            or run.end() - 1 in taken
            or text[run.end() :][:1] in _VULGAR_VALUES
        ):
            continue
        if run.start() in arrays:
            found += _split(text, run.start(), run.end(), in_json=True)
        else:
            found += _read_run(text, run, decimal_comma)
    return sorted(found, key=lambda each: each.start)


def _is_json(text: str, array: re.Match[str]) -> bool:
    """Whether `[1,500]` is a list: it is named or nested, or has a string or a null in it."""
    if not _ITEMS.fullmatch(array[0][1:-1]):
        return False
    before = text[max(0, array.start() - 1) : array.start()]
    return before in {":", ",", "[", "="} or '"' in array[0] or "null" in array[0]


def _fractions(text: str) -> Iterator[Digits]:
    for match in _VULGAR.finditer(text):
        value = Decimal(match[1] or match[2] or 0) + _VULGAR_VALUES[match[3]]
        yield Digits(value, *match.span(), fraction=True)
    for match in _SLASHED.finditer(text):
        above, below = Decimal(match[1]), Decimal(match[2])
        if above < below:
            yield Digits(above / below, *match.span(), fraction=True)


def _read_run(text: str, run: re.Match[str], decimal_comma: bool) -> Iterator[Digits]:
    """The numbers of a run: groups of three digits after a blank belong together."""
    atoms: list[tuple[int, int]] = []
    at = run.start()
    for blank in [*_BLANK.finditer(text, *run.span()), None]:
        end = blank.start() if blank else run.end()
        atoms.append((at, end))
        at = end + 1
    # Blanks that tie bind first: in `2018 2 181`, the one before the year's end may be plain.
    atoms = _join(text, atoms, _TIED, whole=False)
    atoms = _join(text, atoms, " ", whole=True)
    for start, end in atoms:
        if _BLANK.search(text, start, end):
            plain = _BLANK.sub("", text[start:end]).replace(",", ".")
            yield Digits(Decimal(plain), start, end)
        else:
            yield from _read_atom(text, start, end, decimal_comma)


def _join(
    text: str, atoms: list[tuple[int, int]], blanks: str, *, whole: bool
) -> list[tuple[int, int]]:
    """Join groups of digits separated by `blanks`.

    If `whole`, a series is joined only if all of it, up to a longer number, is one: `588 195 4` is
    a row of a table, and so is `7 727 258 45 98` none.
    """
    joined: list[tuple[int, int]] = []
    at = 0
    while at < len(atoms):
        start, end = atoms[at]
        last = at
        if re.fullmatch(r"[1-9]\d{0,2}", text[start:end]):
            while last + 1 < len(atoms) and text[atoms[last][1]] in blanks:
                following = text[slice(*atoms[last + 1])]
                if not re.fullmatch(r"\d{3}(?:[.,]\d+)?", following):
                    break
                last += 1
                if not following.isdigit():
                    break
        following = text[slice(*atoms[last + 1])] if last + 1 < len(atoms) else ""
        if whole and last > at and re.fullmatch(r"\d{1,3}", following):
            end_of_series = last + 1
            while end_of_series < len(atoms) and re.fullmatch(
                r"\d{1,3}", text[slice(*atoms[end_of_series])]
            ):
                end_of_series += 1
            joined += atoms[at:end_of_series]
            at = end_of_series
            continue
        joined.append((start, atoms[last][1]))
        at = last + 1
    return joined


def _read_atom(text: str, start: int, end: int, decimal_comma: bool) -> Iterator[Digits]:
    written = text[start:end]
    if re.fullmatch(rf"\d{{1,3}}(?:[{_QUOTES}]\d{{3}})+(?:[.,]\d+)?", written):
        plain = re.sub(rf"[{_QUOTES}]", "", written).replace(",", ".")
        yield Digits(Decimal(plain), start, end)
    elif re.fullmatch(r"\d{1,3},\d{3}", written):
        thousands, decimal = Decimal(written.replace(",", "")), Decimal(written.replace(",", "."))
        if not decimal_comma:
            yield Digits(thousands, start, end)
        else:
            # Translations keep the English comma, so that both are met; the unit decides.
            yield Digits(decimal, start, end, None if written[0] == "0" else thousands)
    elif re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", written):
        yield Digits(Decimal(written.replace(",", "")), start, end)
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", written):
        yield Digits(Decimal(written.replace(".", "")), start, end)
    elif decimal_comma and re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+", written):
        plain = written.replace(".", "").replace(",", ".")
        yield Digits(Decimal(plain), start, end)
    elif decimal_comma and re.fullmatch(r"\d+,\d+", written):
        yield Digits(Decimal(written.replace(",", ".")), start, end)
    else:
        yield from _split(text, start, end, in_json=False)


def _split(text: str, start: int, end: int, *, in_json: bool) -> Iterator[Digits]:
    """The numbers between commas; a date or a version, such as `31.12.2018`, is none."""
    pieces = re.compile(r"[^, ]+" if in_json else rf"[^,{_QUOTES}]+")
    for piece in pieces.finditer(text, start, end):
        if _DECIMAL.fullmatch(piece[0]):
            yield Digits(Decimal(piece[0]), *piece.span())
