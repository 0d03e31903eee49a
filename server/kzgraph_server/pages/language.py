"""The language of the page that is being made: its messages, numbers, dates and addresses.

Messages are written in English where they are used, as whole sentences with named placeholders, and
translated by the catalogues in `translations/`, which a native reader corrects without code:
https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html. A per cent sign of a message is
doubled. What a catalogue lacks is shown in English.
"""

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import quote

from babel.dates import format_date as babel_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_compact_decimal, format_decimal
from babel.support import Translations
from flask import Flask, Response, current_app, has_request_context, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from kzgraph.namespaces import LANGUAGES
from kzgraph_server.language_addresses import ENGLISH, join_language
from kzgraph_server.served import get_served

#: Where the front says in which language a page is wanted, in the WSGI environment.
LANGUAGE = "kzgraph.language"
#: Endpoints whose pages the front makes, in each language.
_OF_THE_FRONT = frozenset({"sparql.page"})
#: How the languages call themselves.
NAMES = {"en": "English", "ru": "Русский", "kk": "Қазақша"}
#: How each says that the page can be read in it.
OFFERS = {
    "en": "Read this page in English",
    "ru": "Эта страница по-русски",
    "kk": "Бұл бет қазақша",
}
#: The conventions by which numbers and dates are written: those of UNHCR for English.
_LOCALES = {"en": "en_GB", "ru": "ru", "kk": "kk"}
_CATALOGUES = Path(__file__).parents[1] / "translations"
_MARK = "kzgraph_in_languages"

View = TypeVar("View", bound=Callable[..., Any])


def in_languages(view: View) -> View:
    """Mark a view whose page exists in each language, below the prefix of that language.

    Every other view has one address; the same below a prefix is redirected to it.
    """
    setattr(view, _MARK, True)
    return view


def get_language() -> str:
    """The language of the page that is being made: en, ru or kk."""
    return cast(str, request.environ.get(LANGUAGE, ENGLISH)) if has_request_context() else ENGLISH


def gettext(message: str, **variables: object) -> str:
    """`message` in the language of the page, with its placeholders filled in."""
    return _catalogue().gettext(message) % variables


def ngettext(singular: str, plural: str, number: int, **variables: object) -> str:
    """The form of a message that fits `number`, which may be used as `%(num)s`."""
    variables.setdefault("num", format_number(number))
    return _catalogue().ngettext(singular, plural, number) % variables


def pgettext(context: str, message: str, **variables: object) -> str:
    """`message` where the same English words need different translations, told by `context`."""
    return _catalogue().pgettext(context, message) % variables


def format_number(value: int | Decimal | float | str) -> str:
    """A number as the language of the page writes it, with all its digits."""
    return _format_number(str(value), _LOCALES[get_language()])


@lru_cache(maxsize=10_000)
def _format_number(value: str, locale: str) -> str:
    # A page of charts has a number in its picture, table and words: Babel takes 60 µs for each.
    return format_decimal(Decimal(value), locale=locale, decimal_quantization=False)


def format_short(value: float) -> str:
    """A large number in short, as an axis has it: 8M."""
    return format_compact_decimal(value, locale=get_language(), fraction_digits=1)


def format_date(value: date | str, form: str = "long") -> str:
    """A day as the language of the page writes it.

    Args:
        value: the day, also in the form of ISO 8601.
        form: full, long, medium or short, as in CLDR.
    """
    day = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return babel_date(day, form, locale=_LOCALES[get_language()])


def order_languages(language: str) -> tuple[str, ...]:
    """The languages of labels, best first, for a page in `language`; "" is that of none."""
    return tuple(dict.fromkeys((language, ENGLISH, "", *LANGUAGES)))


class LanguageFlask(Flask):
    """Flask whose addresses keep the language of the page."""

    def url_for(self, endpoint: str, **values: Any) -> str:
        """The address of a view, in the language of the page where it exists in each.

        Args:
            endpoint: the view.
            **values: as in Flask; `_language` asks for another language.
        """
        language = values.pop("_language", get_language())
        address = super().url_for(endpoint, **values)
        if language == ENGLISH or not self.is_in_languages(endpoint):
            return address
        return join_language(self.root, address, language)

    @property
    def root(self) -> str:
        """What every address of the application begins with; empty at the root of a host."""
        return super().url_for("home.overview").removesuffix("/")

    def is_in_languages(self, endpoint: str | None) -> bool:
        """Whether the page of a view exists in each language."""
        found = hasattr(self.view_functions.get(endpoint or ""), _MARK)
        return found or endpoint in _OF_THE_FRONT


def register(app: LanguageFlask) -> None:
    """Translate the pages of `app`."""
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: _catalogue().gettext(message),
        lambda singular, plural, number: _catalogue().ngettext(singular, plural, number),
        newstyle=True,
        pgettext=lambda context, message: _catalogue().pgettext(context, message),
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.filters.update(number=format_number, date=format_date)
    environment.globals.update(
        find_endpoint=_find_endpoint,
        is_in_languages=app.is_in_languages,
        language_names=NAMES,
        language_offers=OFFERS,
        list_languages=_list_languages,
        page_language=get_language,
    )
    app.before_request(_redirect)
    app.after_request(_tell)


def _redirect() -> BaseResponse | None:
    """Moved Permanently, where a view with one address is asked for below a language."""
    app = cast(LanguageFlask, current_app)
    if get_language() == ENGLISH or request.endpoint is None:
        return None
    if app.is_in_languages(request.endpoint):
        return None
    query = request.query_string.decode("latin-1")
    # Encoded again: a question mark or a per cent sign of the path is not that of an address.
    address = quote(request.root_path.rstrip("/") + request.path, safe="/")
    return redirect(f"{address}?{query}" if query else address, 301)


def _tell(response: Response) -> Response:
    """`response` with the language of its page: RFC 9110, section 8.5."""
    if response.mimetype == "text/html":
        response.headers.setdefault("Content-Language", get_language())
    return response


def _list_languages() -> list[tuple[str, str, str]]:
    """The languages of the page: each with its address here, and its public one.

    The one here keeps the parameters. A page that is a problem leads to the overview in each.
    """
    app, settings = cast(LanguageFlask, current_app), get_served().settings
    endpoint, values, query = _find_endpoint(), dict(request.view_args or {}), request.query_string
    if not app.is_in_languages(endpoint):
        endpoint, values, query = "home.overview", {}, b""
    found = []
    for language in LANGUAGES:
        here = app.url_for(endpoint, **values, _language=language)
        public = settings.public_url.rstrip("/") + here[len(app.root) :]
        found.append((language, f"{here}?{query.decode('latin-1')}" if query else here, public))
    return found


def _find_endpoint() -> str:
    """The view of the page, those that the front asks for included."""
    return request.endpoint or ("sparql.page" if request.path == "/sparql" else "")


@cache
def _read_catalogue(language: str) -> NullTranslations:
    """The messages of a language; none for English, in which they are written.

    Raises:
        PoFileError: the catalogue is damaged.
    """
    path = _CATALOGUES / f"{language}.po"
    if language == ENGLISH or not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def _catalogue() -> NullTranslations:
    return _read_catalogue(get_language())
