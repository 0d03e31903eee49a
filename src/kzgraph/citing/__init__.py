"""How a fact, a document or a release is cited: what a citation says, and the formats of it."""

from kzgraph.citing.references import Credit, Kind, Reference
from kzgraph.citing.styles import (
    BIBTEX,
    CFF,
    CITATION_FORMATS,
    CSL_JSON,
    DATACITE,
    RELEASE_FORMATS,
    RIS,
    TEXT,
    write_reference,
)

__all__ = [
    "BIBTEX",
    "CFF",
    "CITATION_FORMATS",
    "CSL_JSON",
    "DATACITE",
    "RELEASE_FORMATS",
    "RIS",
    "TEXT",
    "Credit",
    "Kind",
    "Reference",
    "write_reference",
]
