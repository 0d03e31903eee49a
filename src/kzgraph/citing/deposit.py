"""A reference for what is deposited: `CITATION.cff`, and the metadata that a DOI needs."""

import json
from typing import Any

from kzgraph.citing.references import Credit, Kind, Reference

#: Identifiers of SPDX that version 1.2.0 of the format knows, of the licences of sources.
_CFF_LICENCES = frozenset(("CC-BY-3.0", "CC-BY-4.0", "CC0-1.0", "ODC-By-1.0", "PDDL-1.0"))
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
        "license-url": "" if reference.licence[1] else reference.licence[2],
        "url": reference.url,
        "keywords": list(reference.keywords),
        "references": [_to_cff_reference(each) for each in reference.credits],
    }
    lines: list[str] = []
    for name, value in fields.items():
        if isinstance(value, list):
            lines += [f"{name}:"] * bool(value)
            lines += [f"  - {_scalar(each)}" for each in value]
        elif value:
            lines.append(f"{name}: {_scalar(value)}")
    return "\n".join(lines) + "\n"


def _to_cff_reference(credit: Credit) -> dict[str, Any]:
    """A data set in the list of references, with its own licence."""
    _, identifier, iri = credit.licence
    found: dict[str, Any] = {
        "type": "data",
        "title": credit.title,
        "authors": [{"name": credit.holder}],
        "license": identifier if identifier in _CFF_LICENCES else "",
        "license-url": "" if identifier in _CFF_LICENCES else iri,
        "url": credit.url,
    }
    return {name: value for name, value in found.items() if value}


def _scalar(value: str | dict[str, Any]) -> str:
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
    holders = dict.fromkeys(each.holder for each in reference.credits)
    document: dict[str, Any] = {
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
            for source in dict.fromkeys(
                [
                    *(source for _, source in reference.sources),
                    *(each.url for each in reference.credits if each.url),
                ]
            )
        ],
        "formats": ["text/turtle", "application/n-quads", "application/ld+json"],
        "version": reference.version,
        "rightsList": [
            _to_rights(*licence)
            for licence in dict.fromkeys(
                (reference.licence, *(each.licence for each in reference.credits))
            )
        ],
        "descriptions": [
            {"description": reference.abstract, "descriptionType": "Abstract", "lang": "en"}
        ],
    }
    if holders:
        document["contributors"] = [
            {"name": each, "nameType": "Organizational", "contributorType": "RightsHolder"}
            for each in holders
        ]
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _to_rights(name: str, identifier: str, iri: str) -> dict[str, str]:
    rights = {"rights": name, "rightsUri": iri}
    if identifier:
        rights |= {
            "rightsIdentifier": identifier,
            "rightsIdentifierScheme": "SPDX",
            "schemeUri": "https://spdx.org/licenses/",
        }
    return rights
