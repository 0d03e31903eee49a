"""A reference for what is deposited: `CITATION.cff`, and the metadata that a DOI needs."""

import json
from typing import Any

from kzgraph.citing.references import Kind, Reference

_MESSAGE = "If you use this, cite it with its version."


def to_cff(reference: Reference) -> str:
    """A file CITATION.cff: https://github.com/citation-file-format/citation-file-format (1.2.0).

    Scalars are JSON strings, which YAML 1.2 takes as they are.
    """
    fields: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": _MESSAGE,
        "type": "software" if reference.kind is Kind.SOFTWARE else "dataset",
        "title": reference.title,
        "abstract": reference.abstract,
        "authors": [{"name": reference.author}],
        "version": reference.version,
        "date-released": reference.issued,
        "license": reference.licence[1],
        "url": reference.url,
        "keywords": list(reference.keywords),
    }
    lines: list[str] = []
    for name, value in fields.items():
        if isinstance(value, list):
            lines += [f"{name}:"] * bool(value)
            lines += [f"  - {_scalar(each)}" for each in value]
        elif value:
            lines.append(f"{name}: {_scalar(value)}")
    return "\n".join(lines) + "\n"


def _scalar(value: str | dict[str, str]) -> str:
    if isinstance(value, dict):
        return "\n    ".join(f"{name}: {_scalar(each)}" for name, each in value.items())
    return json.dumps(value, ensure_ascii=False)


def to_datacite(reference: Reference) -> str:
    """The metadata of DataCite, without the DOI, which the repository gives.

    https://datacite-metadata-schema.readthedocs.io/en/4.5/

    Raises:
        ValueError: the date of publication is not known, which DataCite requires.
    """
    if not reference.issued:
        raise ValueError("the history does not say when this release was published")
    name, identifier, iri = reference.licence
    document = {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "creators": [{"name": reference.author, "nameType": "Organizational"}],
        "titles": [{"title": reference.title, "lang": "en"}],
        "publisher": {"name": reference.author},
        "publicationYear": reference.issued[:4],
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Knowledge graph (RDF)"},
        "subjects": [{"subject": each, "lang": "en"} for each in reference.keywords],
        "dates": [{"date": reference.issued, "dateType": "Issued"}],
        "language": "en",
        "alternateIdentifiers": [
            {"alternateIdentifier": reference.url, "alternateIdentifierType": "URL"}
        ],
        "relatedIdentifiers": [
            {
                "relatedIdentifier": source,
                "relatedIdentifierType": "URL",
                "relationType": "IsDerivedFrom",
            }
            for _, source in reference.sources
        ],
        "formats": ["text/turtle", "application/n-quads", "application/ld+json"],
        "version": reference.version,
        "rightsList": [
            {
                "rights": name,
                "rightsUri": iri,
                "rightsIdentifier": identifier,
                "rightsIdentifierScheme": "SPDX",
                "schemeUri": "https://spdx.org/licenses/",
            }
        ],
        "descriptions": [
            {"description": reference.abstract, "descriptionType": "Abstract", "lang": "en"}
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
