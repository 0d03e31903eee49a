"""Contact details in a text: what reaches somebody by its form alone, with its place."""

import re
from collections.abc import Iterator

from kzgraph.editing.cell_rows import Drafted
from kzgraph.tables import Span, project_schemas
from kzgraph.tables.drafts import draft

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}(?![\w@-])")
_URL = re.compile(
    r"(?<![\w@./-])(?:https?://|www\.)[^\s<>\"'()\[\]{}|]{3,500}[\w/]"
    r"|(?<![\w@./-])(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,20}/[\w./?=&%#-]{0,200}[\w/]"
)
#: A number that begins as one abroad does, or has the word before it; eight digits or more. Of the
#: countries here it may lack the plus sign: no count ends in two pairs of digits.
_TELEPHONE = re.compile(
    r"(?:\+\d|(?<=tel)[.:\s]{1,4}\d|(?<=phone)[.:\s]{1,4}\d|(?<=fax)[.:\s]{1,4}\d"
    r"|(?<=call)\s\d|(?<=тел)[.:\s]{1,4}\d|(?<=телефон)[.:\s]{1,4}\d|(?<=факс)[.:\s]{1,4}\d)"
    r"(?:(?!\s?\(\d+(?:\s?[^\W\d]|/))[ ().\u00a0-]{0,3}\d){6,14}(?!\d)"
    r"|(?<![\d.,-])99[2-8](?:[ -]\d{2,3}){2,3}(?:[ -]\d\d){2}(?!\d)",
    re.IGNORECASE,
)
#: What may be the extension of a number; the format of the column knows the words for it.
_EXTENSION = re.compile(r"[,;]?\s?\(?[^\W\d_]{1,12}[.:]?\s?\d{1,6}(?!\w)\)?")


def contacts_in(text: str) -> Iterator[Drafted]:
    """The e-mail addresses, web addresses and telephone numbers of a text, in order of kind."""
    for found in _EMAIL.finditer(text):
        cells = {"kind": "e-mail", "email": found[0]}
        yield _row(text, "contact_points", cells, Span(*found.span()))
    for found in _URL.finditer(text):
        scheme = "" if "://" in found[0] else "https://"
        cells = {"url": scheme + found[0]}
        yield _row(text, "references", cells, Span(*found.span()))
    form = project_schemas()["contact_points"].by_name["telephone"].pattern
    for found in _TELEPHONE.finditer(text):
        start = found.start() + len(found[0]) - len(found[0].lstrip(".: \t\r\n"))
        end, printed = found.end(), " ".join(text[start : found.end()].split())
        if extension := _EXTENSION.match(text, end):
            longer = " ".join(text[start : extension.end()].split())
            if form and form.fullmatch(longer):
                end, printed = extension.end(), longer
        cells = {"kind": "telephone", "telephone": printed}
        yield _row(text, "contact_points", cells, Span(start, end))


def _row(text: str, table: str, cells: dict[str, str], span: Span) -> Drafted:
    row = {"label": draft(text[slice(*span)]), **cells, "evidence": str(span)}
    return Drafted(table, row, span)
