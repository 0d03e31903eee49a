"""The messages of the pages and their catalogues: `make messages` brings these up to date.

A new message comes in without a translation, which a test refuses; one that no page has any more
goes. Translations are never guessed from similar messages.
"""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from kzgraph.namespaces import LANGUAGES

SERVER = Path(__file__).parents[1] / "server" / "kzgraph_server"
#: Sentences that pages share with the command line.
SHARED = Path(__file__).parents[1] / "src" / "kzgraph" / "checking"
CATALOGUES = SERVER / "translations"
#: The languages that messages are translated into.
TRANSLATED = LANGUAGES[1:]
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
_OPTIONS = {"templates/**.html": {"trimmed": "true"}}
#: What programs for translators want to know; no dates, which would change with each run.
_HEADER = """\
# Messages of the pages. No native reader has read them all yet: correct them here.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def extract() -> Catalog:
    """All messages of the pages, without translations."""
    found = Catalog()
    for folder in (SERVER, SHARED):
        for _, _, message, comments, context in extract_from_dir(
            folder, _METHODS, _OPTIONS, DEFAULT_KEYWORDS
        ):
            found.add(message, auto_comments=comments, context=context)
    return found


def read(language: str) -> Catalog:
    """The catalogue of a language."""
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def write(language: str, catalogue: Catalog) -> None:
    """Write the catalogue of a language, in an order that does not depend on the pages."""
    body = io.BytesIO()
    write_po(
        body,
        catalogue,
        width=0,
        no_location=True,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
    )
    header = _HEADER.format(language=language, plurals=catalogue.plural_forms)
    (CATALOGUES / f"{language}.po").write_text(header + body.getvalue().decode(), "utf-8")


def main() -> int:
    """Bring the catalogues up to date, and say what is not translated."""
    messages = extract()
    for language in TRANSLATED:
        catalogue = read(language)
        catalogue.update(messages, no_fuzzy_matching=True)
        write(language, catalogue)
        left = sum(not any(each.string or "") for each in catalogue if each.id)
        sys.stdout.write(f"{language}: {len(catalogue)} messages, {left} without translation\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
