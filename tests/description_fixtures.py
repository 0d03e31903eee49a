"""What the tests of the descriptions share: clients of a release that is public elsewhere."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from rdflib import Graph, URIRef

from front_client import FrontClient
from kzgraph.iri import BASE
from kzgraph.release import Release, current
from kzgraph_server.settings import Settings

#: Not where the IRIs of the data are, so that no address is taken for another.
PUBLIC = "https://graph.example.org/kz"

#: Every description, and its formats with their media types.
DESCRIPTIONS = ("/sparql", "/.well-known/void", "/catalog")
FORMATS = {
    "ttl": ("text/turtle", "turtle"),
    "nt": ("application/n-triples", "nt"),
    "jsonld": ("application/ld+json", "json-ld"),
    "rdf": ("application/rdf+xml", "xml"),
}

PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "formats": "http://www.w3.org/ns/formats/",
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "spdx": "http://spdx.org/rdf/terms#",
    "void": "http://rdfs.org/ns/void#",
}


@pytest.fixture(scope="module")
def release(release_root: Path) -> Release:
    """The release built from the project's own tables."""
    found = current(release_root)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def client(release: Release) -> FrontClient:
    """A client of the application that serves the release as if it were public at `PUBLIC`."""
    return FrontClient(release, Settings(public_url=PUBLIC))


@lru_cache(maxsize=12)
def description(client: FrontClient, path: str, name: str = "ttl") -> Graph:
    """The description at `path` in the format called `name`, read by rdflib; only to be read."""
    media_type, parser = FORMATS[name]
    answer = client.get(path, headers={"Accept": media_type})
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    return Graph().parse(data=answer.data, format=parser, publicID="https://wrong.example/")


def select(graph: Graph, pattern: str) -> set[tuple[str, ...]]:
    """The solutions of a pattern as texts."""
    return {tuple(str(term) for term in row) for row in graph.query(pattern, initNs=PREFIXES)}  # type: ignore[union-attr]


def one(graph: Graph, pattern: str) -> str:
    """The one value of the one solution."""
    ((value,),) = select(graph, pattern)
    return value


def paths(graph: Graph) -> Iterator[str]:
    """Where the addresses of the project in `graph` are on a server, without fragments."""
    iris = {term for triple in graph for term in triple if isinstance(term, URIRef)}
    for iri in sorted({str(iri).partition("#")[0] for iri in iris}):
        for base in (PUBLIC + "/", BASE):
            if iri.startswith(base):
                yield "/" + iri[len(base) :]
