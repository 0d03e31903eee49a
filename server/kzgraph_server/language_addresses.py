"""The languages of pages in addresses: English at `/`, the others below `/ru/` and `/kk/`."""

from kzgraph.namespaces import LANGUAGES

#: The language of pages without a prefix.
ENGLISH = LANGUAGES[0]
#: Those that are the first segment of an address.
PREFIXED = frozenset(LANGUAGES[1:])


def split_language(path: str) -> tuple[str, str]:
    """The language of the page at `path`, and the path that all its languages share.

    >>> split_language("/ru/page/country/KAZ"), split_language("/rust"), split_language("/kk")
    (('ru', '/page/country/KAZ'), ('en', '/rust'), ('kk', '/'))
    """
    first, slash, rest = path[1:].partition("/")
    if first in PREFIXED:
        return first, slash + rest or "/"
    return ENGLISH, path


def join_language(root: str, address: str, language: str) -> str:
    """`address`, which begins with `root`, in a language.

    >>> join_language("/graph", "/graph/about", "kk"), join_language("", "/", "en")
    ('/graph/kk/about', '/')
    """
    return address if language == ENGLISH else f"{root}/{language}{address[len(root) :]}"
