"""The prefixes of the project, and short names of IRIs.

Files and descriptions declare `PREFIXES`. Queries may use those of the kinds of things as well,
which need no declaration, and names are printed with them: docs/decisions/names-in-print.md.
"""

import json
import re
from collections.abc import Iterable
from types import MappingProxyType

from kzgraph.resources import folder

#: Prefix to namespace, in alphabetical order of the prefix: vocabularies, and all things as `kzr`.
PREFIXES = MappingProxyType(
    dict(sorted(json.loads((folder("ontology") / "prefixes.json").read_text("utf-8")).items()))
)


def _kind_prefixes() -> dict[str, str]:
    """A prefix for each kind of thing that has names without a slash.

    It is the name of the kind; where that is the prefix of a vocabulary, `kzr-` stands before it.
    """
    kinds = json.loads((folder("ontology") / "kinds.json").read_text("utf-8"))
    return {
        f"kzr-{kind}" if kind in PREFIXES else kind: f"{PREFIXES['kzr']}{kind}/" for kind in kinds
    }


#: What a query need not declare, in alphabetical order: `PREFIXES`, and one for each kind of thing.
PREDECLARED = MappingProxyType(dict(sorted((PREFIXES | _kind_prefixes()).items())))

_LONGEST_FIRST = sorted(PREFIXES.items(), key=lambda pair: -len(pair[1]))
_ALL_LONGEST_FIRST = sorted(PREDECLARED.items(), key=lambda pair: -len(pair[1]))
#: What may follow a prefix as it is. https://www.w3.org/TR/sparql11-query/#rPN_LOCAL
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
#: What ends with a prefix. In `?x-kzg:y` it is longer: a minus may stand before one. It begins
#: where nothing of it stands before, so that a text of a million letters is read once.
_BEFORE_COLON = re.compile(r"(?<![A-Za-z0-9-])([A-Za-z0-9-]+):")
_LONGEST = max(map(len, PREDECLARED))


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
    """`iri` as a query may write it: a prefixed name where that needs no escape, else in full.

    >>> shorten("https://w3id.org/kzgraph/id/country/KAZ")
    'country:KAZ'
    >>> shorten("https://w3id.org/kzgraph/id/time/2018")
    'kzr-time:2018'
    >>> shorten("https://w3id.org/kzgraph/id/figure/overview/refugees")
    '<https://w3id.org/kzgraph/id/figure/overview/refugees>'
    """
    found = split(iri, _ALL_LONGEST_FIRST)
    return ":".join(found) if found and _LOCAL.fullmatch(found[1]) else f"<{iri}>"


def used_prefixes(text: str) -> dict[str, str]:
    """Those of `PREDECLARED` that the query `text` may use, with their namespaces.

    Handing over all of them costs the store more than a small query does.

    >>> sorted(used_prefixes("ASK { ?a kzg:unit unit:persons FILTER(?b-kzr:c) }"))
    ['kzg', 'kzr', 'unit']
    """
    found = {}
    for whole in _BEFORE_COLON.findall(text):
        name = whole[-_LONGEST:].lstrip("0123456789")
        while name:
            if name in PREDECLARED:
                found[name] = PREDECLARED[name]
            name = name.partition("-")[2]
    return found
