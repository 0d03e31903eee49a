"""The project's own IRIs: how they are minted and recognized.

Things live under `id/`, vocabulary terms under `ontology#`, named graphs under `graph/`. Every
path segment is made of unreserved characters of RFC 3986, section 2.3, so that no IRI of the
project needs an escape: https://www.rfc-editor.org/rfc/rfc3986#section-2.3
"""

import re

from pyoxigraph import NamedNode

BASE = "https://w3id.org/kzgraph/"
ONTOLOGY = BASE + "ontology#"
ID = BASE + "id/"
GRAPH = BASE + "graph/"

#: The named graphs that reasoning fills, by who answers for what they say: logic, the project's
#: arithmetic and choices, or its comparisons.
REASONED_GRAPHS = ("entailed", "computed", "compared")
#: The named graphs that do not belong to a document; no document may have such a name.
PROJECT_GRAPHS = frozenset(
    ("concepts", "editorial", "entities", "examples", "links", "metadata", "ontology", "shapes")
).union(REASONED_GRAPHS)

#: The name of a graph of a source: its kind, and the beginning of the SHA-256 of its file.
_SOURCE = re.compile(r"[a-z][a-z0-9-]*-[0-9a-f]{12}")
#: The named graphs that reasoning does not take in. Those of the shapes, of the example queries and
#: of the release do not speak of the world. By the links, what is said of a thing here would be
#: said of its equals elsewhere: `owl:sameAs` copies every statement.
UNREASONED_GRAPHS = frozenset(("examples", "links", "metadata", "shapes"))

_SEGMENT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9-])?")


def is_path(text: str) -> bool:
    """Whether `text` may follow `id/`: non-empty segments of unreserved characters.

    >>> is_path("country/KAZ"), is_path("country/"), is_path("a b"), is_path("../x")
    (True, False, False, False)
    """
    return all(_SEGMENT.fullmatch(segment) for segment in text.split("/"))


def term(name: str) -> NamedNode:
    """The vocabulary term called `name`."""
    return NamedNode(ONTOLOGY + name)


def thing(*segments: str) -> NamedNode:
    """The thing at the path of `segments`.

    >>> thing("country", "KAZ").value
    'https://w3id.org/kzgraph/id/country/KAZ'

    Raises:
        ValueError: a segment is empty or holds a character outside the unreserved ones.
    """
    path = "/".join(segments)
    if not is_path(path):
        raise ValueError(f"{path!r} is not the path of a thing")
    return NamedNode(ID + path)


def graph(name: str) -> NamedNode:
    """The named graph called `name`."""
    if not _SEGMENT.fullmatch(name):
        raise ValueError(f"{name!r} is not a name of a graph")
    return NamedNode(GRAPH + name)


def is_source(name: str) -> bool:
    """Whether a graph of this name is that of a source, a published data file.

    Rules about what documents state, about labels and about what follows, except these graphs:
    docs/decisions/sources.md.

    >>> is_source("unhcr-population-0123456789ab"), is_source("fact-sheet-2024")
    (True, False)
    """
    return _SOURCE.fullmatch(name) is not None


def is_source_graph(name: object) -> bool:
    """The same of a graph's IRI."""
    return isinstance(name, NamedNode) and is_source(name.value.removeprefix(GRAPH))
