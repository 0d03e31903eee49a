"""Content negotiation: the grammar and the precedence of RFC 9110, section 12.5.1.

https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import Response, after_this_request, request

from kzgraph.problem import Problem
from kzgraph.rdf.formats import Format, essence, unacceptable

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - the token rule of section 5.6.2
_QUOTED = r'"(?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\uffff]|\\[\t \x21-\x7e\x80-\uffff])*"'
_RANGE = re.compile(rf"({_TOKEN})/({_TOKEN})")
_PARAMETER = re.compile(rf"[ \t]*;[ \t]*(?:({_TOKEN})=({_TOKEN}|{_QUOTED}))?")
_WEIGHT = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")
#: What a list with quoted strings is split by. Each position is scanned once: a pattern for a whole
#: member would search the end of a string again at each of its quotes.
_MARK = re.compile(r'\\[\\"]|[",]')

#: JSON-LD 1.1 lets a server answer in another profile than the one that is asked for, and the
#: formats of RDF 1.2 in an earlier version: https://www.w3.org/TR/json-ld11/#iana-considerations
_IGNORED = frozenset({"profile", "version"})

#: The media types in which a query is sent:
#: https://www.w3.org/TR/sparql11-protocol/#query-operation
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"

_SWITCHES = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class MediaRange:
    """One member of an Accept field; `quality` is its weight in thousandths, 0 to 1000."""

    type: str
    subtype: str
    parameters: frozenset[tuple[str, str]]
    quality: int

    @property
    def specificity(self) -> tuple[int, int]:
        """What decides between ranges that match the same media type: greater wins."""
        return ((self.type != "*") + (self.subtype != "*"), len(self.parameters))

    def matches(self, type_: str, subtype: str, parameters: frozenset[tuple[str, str]]) -> bool:
        """Whether a representation of this media type is within the range."""
        return (
            self.type in ("*", type_)
            and self.subtype in ("*", subtype)
            and self.parameters <= parameters
        )


def parse_accept(header: str) -> list[MediaRange]:
    """The media ranges of an Accept field; malformed members are left out.

    >>> [(r.type, r.subtype, r.quality) for r in parse_accept("text/*;q=0.5, nonsense, a/b")]
    [('text', '*', 500), ('a', 'b', 1000)]
    """
    members = (_parse_member(member.strip(" \t")) for member in split_list(header))
    return [member for member in members if member is not None]


def split_list(field: str) -> list[str]:
    """The members of a list (RFC 9110, section 5.6.1): quoted strings may have commas.

    A quote that nothing closes is a sign like any other.

    >>> split_list('a;b="c,d", e')
    ['a;b="c,d"', ' e']
    """
    if '"' not in field:
        return field.split(",")
    places: list[int] = []  # of the commas outside of strings
    inside: list[int] | None = None  # those within the string that is open
    for match in _MARK.finditer(field):
        sign = match.group()
        if sign == '"':
            inside = [] if inside is None else None
        elif sign == ",":
            (places if inside is None else inside).append(match.start())
    ends = [*places, *(inside or ()), len(field)]
    starts = [0, *(place + 1 for place in ends[:-1])]
    return [field[start:end] for start, end in zip(starts, ends, strict=True)]


def _parse_member(text: str) -> MediaRange | None:
    head = _RANGE.match(text)
    if head is None or (head[1] == "*" and head[2] != "*"):
        return None
    quality = 1000
    parameters = set()
    position = head.end()
    while position < len(text):
        match = _PARAMETER.match(text, position)
        if match is None:
            return None
        position = match.end()
        if match[1] is None:
            continue
        name, value = match[1].lower(), _unquote(match[2])
        if name != "q":
            value = value.lower()
            parameters.add((name, "utf-8" if (name, value) == ("charset", "utf8") else value))
        elif _WEIGHT.fullmatch(value):
            quality = round(float(value) * 1000)
        else:
            return None
    kept = frozenset(pair for pair in parameters if pair[0] not in _IGNORED)
    return MediaRange(head[1].lower(), head[2].lower(), kept, quality)


def _unquote(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value


class Preferences:
    """Media ranges, to be asked for the weight that they give to a media type.

    Each media type is within at most three kinds of range, so that many ranges cost no more to
    ask than few.
    """

    def __init__(self, ranges: Iterable[MediaRange]) -> None:
        self._ranges: dict[tuple[str, str], list[MediaRange]] = {}
        for each in ranges:
            same = self._ranges.setdefault((each.type, each.subtype), [])
            if len(same) < _MOST_ALIKE:
                same.append(each)

    def quality(self, content_type: str) -> int:
        """The weight, in thousandths; 0 means unacceptable.

        The most specific range that matches decides, whatever its place in the list.
        """
        type_, subtype, parameters = _parse_content_type(content_type)
        for key in ((type_, subtype), (type_, "*"), ("*", "*")):
            matching = [
                (each.specificity, each.quality)
                for each in self._ranges.get(key, ())
                if each.matches(type_, subtype, parameters)
            ]
            if matching:
                return max(matching)[1]
        return 0


#: Ranges of one media type, different in their parameters, that are considered.
_MOST_ALIKE = 16


@lru_cache(maxsize=128)  # of the server's own media types
def _parse_content_type(content_type: str) -> tuple[str, str, frozenset[tuple[str, str]]]:
    media_type, *rest = content_type.lower().split(";")
    type_, _, subtype = media_type.strip().partition("/")
    parameters = {
        (name.strip(), value.strip('" '))
        for name, _, value in (parameter.partition("=") for parameter in rest)
    }
    # Whatever text the server sends is UTF-8, also where its media type has no such parameter.
    return type_, subtype, frozenset({*parameters, ("charset", "utf-8")})


def rank(header: str | None, offers: Sequence[str]) -> list[str]:
    """The offers that the client accepts, best first; the earlier one of two with the same weight.

    Without an Accept field, or with one in which nothing is well-formed, everything is
    acceptable.

    Args:
        header: the Accept field.
        offers: media types with their parameters, such as `text/turtle; charset=utf-8`.
    """
    ranges = parse_accept(header or "")
    if not ranges:
        return list(offers)
    wishes = Preferences(ranges)
    weighed = [(wishes.quality(offer), offer) for offer in offers]
    return [offer for weight, offer in sorted(weighed, key=lambda pair: -pair[0]) if weight]


@dataclass(frozen=True)
class Choice:
    """The format of an answer and the media type under which it is sent."""

    format: Format
    content_type: str


def read_switch(parameter: str, values: Sequence[str]) -> bool:
    """Whether a parameter of an address asks for something.

    As in an address that ends with `&hxl`: it is there, so it is meant.

    Args:
        parameter: its name.
        values: what the address says of it, each time that it does.

    Raises:
        Problem: 400.
    """
    value = read_one(parameter, values)
    if value is None:
        return bool(values)
    if value.lower() not in _SWITCHES:
        raise Problem(400, f"{parameter}={value[:40]!r} is neither true nor false.")
    return _SWITCHES[value.lower()]


def read_one(parameter: str, values: Sequence[str]) -> str | None:
    """The value of a parameter that has one; None where it has none.

    An empty one is none; two that differ cannot both be meant.

    Args:
        parameter: its name.
        values: what the address says of it, each time that it does.

    Raises:
        Problem: 400.
    """
    given = list(dict.fromkeys(filter(None, values)))
    if len(given) > 1:
        shown = " and ".join(repr(each[:40]) for each in given[:2])
        raise Problem(400, f"The parameter {parameter} is given more than once: {shown}.")
    return given[0] if given else None


def negotiate(offers: Sequence[Format]) -> Choice:
    """The format in which to answer the request to Flask, which then says so in `Vary`.

    Raises:
        Problem: see `rank_formats`.
    """

    @after_this_request
    def _vary(response: Response) -> Response:
        response.vary.add("Accept")
        return response

    return rank_formats(request.headers.get("Accept"), offers, request.args.get("format"))[0]


def rank_formats(accept: str | None, offers: Sequence[Format], asked: str | None) -> list[Choice]:
    """The formats in which to answer, best first; at least one.

    Args:
        accept: the Accept field, or None where there is none.
        offers: what there is, best first.
        asked: the value of `?format=`, which overrides the Accept field.

    Raises:
        Problem: 406, with a list of what is available.
    """
    # A plus that is not percent-encoded is a blank, which is in no name and no media type.
    wanted = essence(asked or "").lower().replace(" ", "+")
    if asked:
        for offer in offers:
            types = map(essence, (offer.content_type, *offer.other_types))
            if wanted in (offer.name, *offer.other_names, *types):
                return [Choice(offer, offer.content_type)]
        raise unacceptable(f"The answer cannot be written as {asked[:40]!r}.", offers)
    variants = {offer.content_type: offer for offer in offers}
    for offer in offers:
        variants |= dict.fromkeys(offer.other_types, offer)
    ranked = rank(accept, list(variants))
    if not ranked:
        raise unacceptable("The Accept header allows none of the available formats.", offers)
    return [Choice(variants[content_type], content_type) for content_type in ranked]
