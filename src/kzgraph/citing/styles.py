"""A reference in the formats of reference managers: text, BibTeX, CSL-JSON and RIS."""

import json
import re
from collections.abc import Callable
from typing import Any

from kzgraph.citing.deposit import to_cff, to_datacite
from kzgraph.citing.references import Kind, Reference
from kzgraph.rdf.formats import Format

TEXT = Format("txt", "text/x-bibliography; charset=utf-8", title="text")
BIBTEX = Format(
    "bib", "application/x-bibtex; charset=utf-8", other_names=("bibtex",), title="BibTeX"
)
CSL_JSON = Format(
    "json",
    "application/vnd.citationstyles.csl+json",
    other_names=("csl", "csl-json"),
    title="CSL-JSON",
)
RIS = Format("ris", "application/x-research-info-systems; charset=utf-8", title="RIS")
CFF = Format("cff", "application/yaml; charset=utf-8", title="CITATION.cff")
DATACITE = Format(
    "datacite", "application/vnd.datacite.datacite+json", title="DataCite", suffix="datacite.json"
)
#: The formats of every citation, and those that only a release has besides.
CITATION_FORMATS = (TEXT, BIBTEX, CSL_JSON, RIS)
RELEASE_FORMATS = (*CITATION_FORMATS, CFF, DATACITE)

#: What TeX would act on, and how it is written: https://www.ctan.org/pkg/comprehensive
_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: "\\" + mark for mark in "{}$&#_%"},
}
#: What would end a field of BibTeX, or a command for addresses, within an address.
_NOT_IN_URL = {ord(mark): f"%{ord(mark):02X}" for mark in '{}\\^"'}
_SPACE = re.compile(r"\s+")


def write_reference(reference: Reference, chosen: Format) -> bytes:
    """`reference` in a format.

    Raises:
        ValueError: the format needs what is not known, in one line.
    """
    writers: dict[Format, Callable[[Reference], str]] = {
        TEXT: lambda each: each.text + "\n",
        BIBTEX: _to_bibtex,
        CSL_JSON: _to_csl,
        RIS: _to_ris,
        CFF: to_cff,
        DATACITE: to_datacite,
    }
    return writers[chosen](reference).encode()


def _to_bibtex(reference: Reference) -> str:
    """An entry `@misc`, which every style has; an organization is in braces of its own.

    https://ctan.org/pkg/bibtex (btxdoc), https://ctan.org/pkg/biblatex (section 2.3.3)
    """
    date = reference.issued.split("-")
    entries = {
        "author": f"{{{_tex(reference.author)}}}",
        # Twice: else styles write its capitals small.
        "title": f"{{{_tex(reference.title)}}}",
        "year": date[0],
        "month": date[1] if len(date) > 1 else "",
        "date": reference.issued,
        "version": _tex(reference.version),
        "howpublished": _tex(_container(reference)),
        "url": _SPACE.sub("", reference.url).translate(_NOT_IN_URL),
        "urldate": reference.captured,
        "note": _tex(_note(reference)),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in entries.items() if value]
    return f"@misc{{{reference.key},\n" + ",\n".join(lines) + "\n}\n"


def _tex(text: str) -> str:
    return "".join(_TEX.get(letter, letter) for letter in _SPACE.sub(" ", text))


def _container(reference: Reference) -> str:
    if not reference.container:
        return ""
    return f"{reference.container}, release {reference.version}"


def _note(reference: Reference) -> str:
    parts = [reference.note if reference.kind is Kind.FACT else ""]
    if not reference.issued and reference.kind is Kind.DOCUMENT:
        parts.append("no date of issue")
    parts.append(f"archived at {reference.archived}" if reference.archived else "")
    parts.append(reference.licence[0])
    return "; ".join(filter(None, parts))


#: What each kind is called in CSL and in RIS.
_TYPES = {
    Kind.FACT: ("entry", "DATA"),
    Kind.DOCUMENT: ("webpage", "ELEC"),
    Kind.RELEASE: ("dataset", "DATA"),
    Kind.SOFTWARE: ("software", "COMP"),
}


def _to_csl(reference: Reference) -> str:
    """A list of one item: https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html."""
    csl_type, _ = _TYPES[reference.kind]
    item: dict[str, Any] = {
        "id": reference.key,
        "type": csl_type,
        "title": reference.title,
        "author": [{"literal": reference.author}],
        "container-title": reference.container,
        "publisher": reference.author,
        "version": reference.version,
        "issued": _date_parts(reference.issued),
        "accessed": _date_parts(reference.captured),
        "URL": reference.url,
        "archive_location": reference.archived,
        "note": _note(reference),
    }
    kept = {name: value for name, value in item.items() if value}
    return json.dumps([kept], ensure_ascii=False, indent=2) + "\n"


def _date_parts(date: str) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[int(part) for part in date.split("-")]]} if date else None


def _to_ris(reference: Reference) -> str:
    """Tagged lines: https://en.wikipedia.org/wiki/RIS_(file_format)."""
    _, ris_type = _TYPES[reference.kind]
    date = (reference.issued + "--").split("-")
    tags = (
        ("TY", ris_type),
        ("ID", reference.key),
        ("AU", reference.author),
        ("TI", reference.title),
        ("T2", reference.container),
        ("PB", reference.author),
        ("PY", date[0]),
        ("DA", "/".join(date[:3]) if reference.issued else ""),
        ("ET", reference.version),
        ("UR", reference.url),
        ("L2", reference.archived),
        ("Y2", reference.captured.replace("-", "/")),
        ("N1", _note(reference)),
    )
    lines = [f"{tag}  - {_SPACE.sub(' ', value)}" for tag, value in tags if value]
    return "\r\n".join([*lines, "ER  - ", ""])
