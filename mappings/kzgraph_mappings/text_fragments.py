"""Links that open a page at some words of it.

https://wicg.github.io/scroll-to-text-fragment/#syntax
"""

from urllib.parse import quote

_DIRECTIVE = ":~:"


def link_to_words(address: str, words: str, prefix: str = "", suffix: str = "") -> str:
    """A link to the place of `words` in the page at `address`.

    Words in several lines are in several blocks of the page; a term of the directive is matched
    within one, so that the first and the last line stand for them.

    Args:
        address: of the page; a fragment of it stays, but for a directive.
        words: at least one.
        prefix: what stands before them, if they are in the page more than once.
        suffix: what stands behind them, likewise.

    >>> link_to_words("https://example.org/a", "7,588 - беженцы", "in 2018: ")
    'https://example.org/a#:~:text=in%202018%3A-,7%2C588%20%2D%20%D0%B1%D0%B5%D0%B6%D0%B5%D0%BD%D1%86%D1%8B'
    """
    lines = [line for line in map(_encode, words.splitlines()) if line]
    terms = [lines[0], *lines[-1:]] if len(lines) > 1 else lines
    if before := _encode(prefix):
        terms.insert(0, f"{before}-")
    if after := _encode(suffix):
        terms.append(f"-{after}")
    page = address.partition(_DIRECTIVE)[0]
    mark = "" if "#" in page else "#"
    return f"{page}{mark}{_DIRECTIVE}text={','.join(terms)}"


def _encode(words: str) -> str:
    """A term of the directive, in which dashes, commas and ampersands have a meaning."""
    return quote(" ".join(words.split()), safe="").replace("-", "%2D")
