"""What a citation says, whatever its format."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What is cited."""

    FACT = "fact"
    DOCUMENT = "document"
    RELEASE = "release"
    SOFTWARE = "software"


@dataclass(frozen=True)
class Credit:
    """A data set that a release holds, and whose it is.

    Attributes:
        title: in English.
        holder: whom users of the data have to name.
        licence: name, SPDX identifier and IRI; the identifier is empty where there is none.
        url: where it was published; nothing where that is not known.
    """

    title: str
    holder: str
    licence: tuple[str, str, str]
    url: str = ""


@dataclass(frozen=True)
class Reference:
    """What a citation says.

    Attributes:
        kind: what is cited.
        key: names it among others, of letters, digits and hyphens.
        title: in English.
        author: who is responsible: the publisher of a document, or the project.
        url: where it is found.
        issued: the date of issue, `2024`, `2024-05` or `2024-05-01`; nothing where there is none.
        captured: when the copy of a page was taken, as a date; nothing where that is not known.
        archived: the address of an archived copy; or nothing.
        version: of the release that says so; nothing of a document.
        container: the data set that a fact is a part of; or nothing.
        note: where a fact is stated, in one sentence; or nothing.
        abstract: what a release is, in a sentence or two; or nothing.
        keywords: of a release.
        licence: name, SPDX identifier and IRI of the licence; nothing of a document.
        sources: title and IRI of what a release is made from.
        credits: the data sets that a release holds, each under its own licence.
    """

    kind: Kind
    key: str
    title: str
    author: str
    url: str
    issued: str = ""
    captured: str = ""
    archived: str = ""
    version: str = ""
    container: str = ""
    note: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    licence: tuple[str, str, str] = ("", "", "")
    sources: tuple[tuple[str, str], ...] = ()
    credits: tuple[Credit, ...] = ()

    @property
    def text(self) -> str:
        """The citation as one line of text."""
        if self.kind is Kind.DOCUMENT:
            archived = f" (archived at {self.archived})" if self.archived else ""
            return f"{self.note}. {self.url}{archived}"
        if self.kind is Kind.FACT:
            return f"{self.note}. In: {self.container}, release {self.version}. {self.url}"
        when = f" ({self.issued})" if self.issued else ""
        what = "release" if self.kind is Kind.RELEASE else "version"
        licence = f". {self.licence[0]}" if self.licence[0] else ""
        return f"{self.author}: {self.title}, {what} {self.version}{when}. {self.url}{licence}"
