"""The prefixes of the project, and short names of IRIs.

One list serves dumps, queries, descriptions and pages.
"""

import json
import re
from collections.abc import Iterable
from types import MappingProxyType

from kzgraph.resources import folder

#: Prefix to namespace, in alphabetical order of the prefix.
PREFIXES = MappingProxyType(
    dict(sorted(json.loads((folder("ontology") / "prefixes.json").read_text("utf-8")).items()))
)


_LONGEST_FIRST = sorted(PREFIXES.items(), key=lambda pair: -len(pair[1]))
#: What may follow a prefix with no more than its slashes escaped.
#: https://www.w3.org/TR/sparql11-query/#rPN_LOCAL
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_./-]*[A-Za-z0-9_-])?")


def split(
    iri: str, longest_first: Iterable[tuple[str, str]] = _LONGEST_FIRST
) -> tuple[str, str] | None:
    """The prefix of the longest namespace that `iri` begins with, and the rest, if there is any.

    >>> split("https://w3id.org/kzgraph/id/country/KAZ")
    ('kzr', 'country/KAZ')
    """
    for prefix, namespace in longest_first:
        if iri.startswith(namespace) and iri != namespace:
            return prefix, iri[len(namespace) :]
    return None


def shorten(iri: str) -> str:
    r"""`iri` as a query may write it: a prefixed name where it needs few escapes, else in full.

    >>> shorten("https://w3id.org/kzgraph/id/country/KAZ")
    'kzr:country\\/KAZ'
    """
    found = split(iri)
    if found is None or not _LOCAL.fullmatch(found[1]):
        return f"<{iri}>"
    return f"{found[0]}:{found[1].replace('/', chr(92) + '/')}"
