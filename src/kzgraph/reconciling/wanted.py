"""A text that is to be matched, compared with all that a thing is called."""

import re
from collections.abc import Collection, Iterator

from kzgraph.iri import ID
from kzgraph.namespaces import SCHEMA
from kzgraph.reconciling.comparing_names import INITIALS, Text, compare
from kzgraph.reconciling.equivalents import SORTED_KINDS, leave_out_sort
from kzgraph.reconciling.known_territories import is_only_territory
from kzgraph.reconciling.likeness import EXACT, NOTHING, Level, Likeness
from kzgraph.search import Hit, Name
from kzgraph.search.alphabets import retype
from kzgraph.search.entries import CODE_SORT, LINK_SORT, VALUE_SORT, last_segment

#: Where no type is asked for, shorter codes may be words: IS, NO, it.
_SHORTEST_CODE = 3
#: Codes of another length are told in any case of letters.
_LONGEST_WORD_CODE = 4
#: The least letters of what somebody typed with the keyboard of another alphabet.
_SHORTEST_RETYPED = 5
#: How alike a code is that may be a word or a number of something else.
_PERHAPS = Likeness(Level.UNSURE, 0.9)
#: How alike a name is that says in addition, or does not say, that it is one of a republic.
_BARE = Likeness(Level.SAME_WORDS, 0.95)
#: What a part of a text counts for, where the rest stands in parentheses.
_OF_PART = 0.9
#: A name, and what stands behind it in parentheses or behind a dash.
_PARTS = re.compile(r"\s*([^()]+?)\s*\(([^()]+)\)\s*|(.+?)\s+[-–—/]\s+(.+)")

#: The number of a row in front of a name, and the signs of notes behind it.
_NUMBER = re.compile(r"\A\d{1,3}[.)]\s+(?=\D)")
_NOTES = re.compile(r"(?:\s?(?:[\u00b9\u00b2\u00b3\u2070-\u2079]|\[\d{1,2}\]|\(\d{1,2}\)))+\Z")
#: The page of an item, by which people link to it, and not the IRI of what it is about.
_ITEM_PAGE = re.compile(r"https?://(?:\w+\.)?wikidata\.org/wiki/(Q\d+)(?:[#?].*)?", re.IGNORECASE)


def tidy(text: str) -> str:
    """A text without what a table has beside a name; of the page of an item its code.

    >>> tidy(" 3. Kazakhstan [1]"), tidy("Russia¹"), tidy("https://www.wikidata.org/wiki/Q232")
    ('Kazakhstan', 'Russia', 'Q232')
    """
    text = _NOTES.sub("", _NUMBER.sub("", text.strip())) or text.strip()
    page = _ITEM_PAGE.fullmatch(text)
    return page[1] if page else text


class Wanted:
    """A text that is to be matched.

    Attributes:
        text: as it is compared.
    """

    def __init__(self, text: str, typed: bool) -> None:
        """Take in a text.

        Args:
            text: as it was written, without spaces around it.
            typed: whether it is known of what type the thing is.
        """
        self._raw, self._typed = text, typed
        self.text = Text.read(text)
        self._parts = tuple(Text.read(each) for each in split_parts(text))
        letters = len(self.text.key.replace(" ", ""))
        keys = retype(text) if letters >= _SHORTEST_RETYPED else ()
        self._retyped = frozenset(Text.read(each).key for each in keys) - {""}

    def compare(self, hit: Hit) -> tuple[Likeness, Name | None]:
        """How alike the text and a thing are, and the name by which they are most."""
        if self._raw in (hit.iri, hit.iri.removeprefix(ID)):
            return EXACT, None
        best: tuple[Likeness, Name | None] = (NOTHING, None)
        parts = [NOTHING] * len(self._parts)
        for name in hit.names:
            if name.sort >= CODE_SORT:
                found = self._compare_code(name)
                if name.sort == CODE_SORT:
                    code = name.text.casefold()
                    told = (EXACT if each.key == code else NOTHING for each in self._parts)
                    parts = list(map(max, parts, told))
            else:
                other = Text.of_key(name.key)
                found = self._compare_name(name, other, hit.kind)
                parts = [max(a, compare(b, other)) for a, b in zip(parts, self._parts, strict=True)]
            if found > best[0]:
                best = found, name
        of_parts = _join_parts(parts)
        return (of_parts, best[1]) if of_parts > best[0] else best

    def list_bare(self, kinds: Collection[str]) -> list[str]:
        """The text without the words that say of which sort a thing of these kinds is."""
        words, ended = self.text.words, self.text.abbreviated
        bare = (leave_out_sort(words, ended, kind) for kind in SORTED_KINDS.intersection(kinds))
        return [" ".join(each) for each in dict.fromkeys(bare) if each != words]

    def _compare_name(self, name: Name, other: Text, kind: str) -> Likeness:
        found = compare(self.text, other)
        if found.level is Level.MISTYPED and name.text.isupper():
            # Abbreviations have no spelling by which a mistake could be told: UNECE, UNICEF.
            found = Likeness(Level.UNSURE, found.alike)
        if found.level >= Level.SAME_WORDS:
            return found
        if other.key in self._retyped:
            return Likeness(Level.SAME_WORDS, 1.0)
        if kind in SORTED_KINDS and self._is_bare(other, kind):
            return _BARE
        return found

    def _is_bare(self, name: Text, kind: str) -> bool:
        """Whether text and name differ by words alone that say of which sort the thing is."""
        mine = leave_out_sort(self.text.words, self.text.abbreviated, kind)
        its = leave_out_sort(name.words, (), kind)
        alike = bool(mine) and sorted(mine) == sorted(its)
        return alike and (kind != SCHEMA["Country"].value or is_only_territory(mine))

    def _compare_code(self, name: Name) -> Likeness:
        if name.sort == VALUE_SORT:
            return NOTHING
        if name.sort == LINK_SORT:
            return EXACT if self._raw in _spell(name.text) else NOTHING
        if self._raw.casefold() != name.text.casefold():
            return NOTHING
        if self._typed or len(name.text) > _LONGEST_WORD_CODE:
            return EXACT
        sure = self._raw == name.text and len(name.text) >= _SHORTEST_CODE
        return EXACT if sure and not name.text.isdigit() else _PERHAPS


def _spell(iri: str) -> Iterator[str]:
    """An IRI, by either scheme of the web, and the code at its end."""
    yield iri
    scheme, colon, rest = iri.partition(":")
    yield {"http": "https", "https": "http"}.get(scheme, scheme) + colon + rest
    code = last_segment(iri)
    if len(code) >= _SHORTEST_CODE and not code.isdigit():
        yield code


def _join_parts(parts: list[Likeness]) -> Likeness:
    """What a name and its explanation are worth together.

    Where both are names of the thing, or one is and the other has its initials, that is sure; one
    of them may be shared by several: Congo (Kinshasa).
    """
    if not parts:
        return NOTHING
    sure = [each.level >= Level.SAME_WORDS for each in parts]
    if any(sure) and all(a or b == INITIALS for a, b in zip(sure, parts, strict=True)):
        return Likeness(Level.SAME_WORDS, 0.95)
    return Likeness(Level.UNSURE, _OF_PART * max(parts).alike)


def split_parts(text: str) -> tuple[str, ...]:
    """A name and what explains it, in parentheses or behind a dash; nothing where nothing does.

    >>> split_parts("Children's Fund (UNICEF)"), split_parts("УВКБ - ООН"), split_parts("UNICEF")
    (("Children's Fund", 'UNICEF'), ('УВКБ', 'ООН'), ())
    """
    found = _PARTS.fullmatch(text)
    return tuple(filter(None, found.groups())) if found else ()
