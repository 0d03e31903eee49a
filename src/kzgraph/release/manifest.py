"""The manifest of a release: what it is, what it holds, and its files with their hashes."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from kzgraph import __version__
from kzgraph.iri import BASE
from kzgraph.prefixes import PREFIXES
from kzgraph.rdf.content import Content
from kzgraph.release.dumps import File
from kzgraph.release.metadata import CREATOR, LICENCE, TITLES, documents


def manifest(
    content: Content, version: str, validation: Mapping[str, int], files: Iterable[File]
) -> bytes:
    """The manifest of a release as JSON: what it is, what it holds, and its files."""
    graphs = {name: len(rows) for name, rows in content.graphs.items()}
    document = {
        "name": "kzgraph",
        "title": TITLES["en"],
        "version": version,
        "kzgraph": __version__,
        "base": BASE,
        "licence": {"name": "CC BY 4.0", "iri": LICENCE},
        "creator": CREATOR,
        "counts": {
            "triples": sum(graphs.values()),
            "subjects": len({row[0] for row in content.rows}),
            "graphs": graphs,
        },
        "validation": dict(validation),
        "documents": [{"slug": source.slug, **asdict(source)} for source in documents(content)],
        "files": [
            {key: value for key, value in asdict(file).items() if value != ""}
            for file in sorted(files)
        ],
        "prefixes": dict(PREFIXES),
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
