"""Where a text names a person: by a name, the slug of the person's address, or an e-mail address.

Names are compared word by word, without regard to case, accents, punctuation and line ends, so that
`O'BRIEN`, `o brien` and `o-brien` are the same two words. A surname alone names nobody: it may be
somebody else's, so it is only pointed out.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from kzgraph.folding import strip_marks
from kzgraph.tables.csv_cells import replace_places

#: What stands in the place of a name that is taken out of a text.
REDACTED = "[redacted]"

#: Letters and digits, with marks that follow them; an apostrophe that Unicode has as a letter is
#: none.
_WORD = re.compile(r"(?:[^\W_\u02b0-\u02ff][\u0300-\u036f]*)+")
#: Escapes of line ends in JSON and in N-Triples, whose letter would else join the word behind it.
_ESCAPE = re.compile(r"\\+[nrt]")
#: Escapes of single characters in JSON, as `write_verbatim` has them.
_CODE = re.compile(r"\\u([0-9a-fA-F]{4})")
#: Words shorter than these alone point to nobody.
_SHORT = 3

Words = tuple[str, ...]


def fold(word: str) -> str:
    """A word without case and marks.

    >>> fold("Ғалымжан"), fold("Éva"), fold("Фёдор")
    ('ғалымжан', 'eva', 'федор')
    """
    return strip_marks(word.casefold())


def words(text: str) -> Words:
    """The words of a text, folded.

    >>> words("Seán O'Brien-Smith")
    ('sean', 'o', 'brien', 'smith')
    """
    return tuple(fold(match[0]) for match in _WORD.finditer(text))


def _decode(text: str) -> str:
    """A text without the escapes of addresses and of JSON, which hide the words next to them."""
    return _CODE.sub(lambda match: chr(int(match[1], 16)), unquote(text))


def _orders(name: Words) -> Iterator[Words]:
    """A name as it stands, and with its last word, or its last two, before the rest."""
    yield name
    for last in (1, 2):
        if len(name) > last:
            yield (*name[-last:], *name[:-last])


@dataclass(frozen=True)
class Mentions:
    """How a person is named.

    Attributes:
        path: of the person below `id/`: `person/first-last`.
        names: the names, each as its folded words, in every order in which they are looked for.
        surnames: the last word of each name.
        emails: addresses of the person, in lower case.
        others: the paths of other people, and their names: what is theirs is not this person's.
    """

    path: str
    names: frozenset[Words]
    surnames: frozenset[str]
    emails: frozenset[str]
    others: dict[str, frozenset[Words]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        path: str,
        names: Iterable[str],
        emails: Iterable[str],
        others: dict[str, set[str]],
        also: Iterable[str] = (),
    ) -> "Mentions":
        """What names the person at `path`.

        Args:
            path: below `id/`.
            names: the names in any language.
            emails: the addresses.
            others: other people's names, by path.
            also: further words that mean the person, such as a surname, looked for as they are.
        """
        known = [found for found in map(words, names) if found]
        listed = frozenset(order for name in known for order in _orders(name))
        return cls(
            path,
            listed | {found for found in map(words, also) if found},
            frozenset(name[-1] for name in known if len(name[-1]) >= _SHORT),
            frozenset(email.casefold() for email in emails),
            {other: frozenset(map(words, theirs)) for other, theirs in others.items()},
        )

    @property
    def slug(self) -> str:
        """The last segment of the path."""
        return self.path.rpartition("/")[2]

    def find(self, text: str, beside: Iterable[str] = ()) -> list[tuple[int, int]]:
        """The places in `text` that name the person, as start and end, in order.

        Args:
            text: any text, an IRI included.
            beside: the paths of other people whom the text is about: a namesake's name is theirs.
        """
        decoded = _decode(text)
        if decoded != text and self.find(decoded, beside):
            # A name in an address or in a cell with escapes: no part of it can be replaced.
            return [(0, len(text))]
        text = _ESCAPE.sub(lambda match: " " * len(match[0]), text)
        for other in self.others:
            # The slug of somebody else that has this one within it, as of a second of that name.
            theirs = other.rpartition("/")[2]
            if self.slug in theirs and theirs != self.slug:
                text = re.sub(re.escape(theirs), lambda match: " " * len(match[0]), text)
        near = set(beside)
        found = [*self._find_names(text, near)]
        if not any(self.others.get(other, frozenset()) & self.names for other in near):
            found += self._find_slugs(text)
        for email in self.emails:
            pattern = re.escape(email)
            found += [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]
        merged: list[tuple[int, int]] = []
        for start, end in sorted(found):
            if merged and start <= merged[-1][1]:
                merged[-1] = merged[-1][0], max(end, merged[-1][1])
            else:
                merged.append((start, end))
        return merged

    def _find_names(self, text: str, beside: set[str]) -> Iterator[tuple[int, int]]:
        places = [match.span() for match in _WORD.finditer(text)]
        folded = [fold(text[start:end]) for start, end in places]
        taken: set[int] = set()
        for other, theirs in self.others.items():
            for name in theirs:
                # A longer name of somebody else has this one within it, or an equal one is meant.
                if name not in self.names or other in beside:
                    for at in _places(folded, name):
                        taken |= set(range(at, at + len(name)))
        for name in self.names:
            for at in _places(folded, name):
                if not taken.issuperset(range(at, at + len(name))):
                    yield places[at][0], places[at + len(name) - 1][1]

    def _find_slugs(self, text: str) -> Iterator[tuple[int, int]]:
        own = rf"(?<![A-Za-z0-9]){re.escape(self.slug)}(?![A-Za-z0-9])"
        if "-" in self.slug:
            yield from (match.span() for match in re.finditer(own, text, re.IGNORECASE))
        else:
            # A word: only where it is an address.
            yield from (
                match.span()
                for match in re.finditer(rf"person/{re.escape(self.slug)}(?![A-Za-z0-9-])", text)
            )

    def redact(self, text: str) -> str:
        """`text` with `REDACTED` in the place of each mention."""
        return replace_places(text, ((*place, REDACTED) for place in self.find(text)))

    def suspects(self, text: str) -> bool:
        """Whether a text without a mention has a surname alone that no other person bears."""
        theirs = {word for names in self.others.values() for name in names for word in name}
        alone = self.surnames - theirs
        return not alone.isdisjoint(words(text)) and not self.find(text)


def _places(folded: list[str], name: Words) -> Iterator[int]:
    for at in range(len(folded) - len(name) + 1):
        if folded[at] == name[0] and tuple(folded[at : at + len(name)]) == name:
            yield at
