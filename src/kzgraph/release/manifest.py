"""The manifest of a release: what it is, what it holds, and its files with their hashes."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from pyoxigraph import NamedNode

from kzgraph.iri import BASE, GRAPH, is_path
from kzgraph.prefixes import PREFIXES
from kzgraph.release.attribution import add_licences, cite_rights
from kzgraph.release.contents import Contents
from kzgraph.release.dumps import File
from kzgraph.release.metadata import CREATOR, TITLES, documents
from kzgraph.release.statistics import Statistics
from kzgraph.sources.source_entries import SourceEntry
from kzgraph.version import VERSION

MANIFEST = "manifest.json"

#: The format of releases that this code writes, and the only one that it reads: the layout of the
#: folder and the members of the manifest. Raise it where a reader of the old would misread the new.
FORMAT = 1

_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def manifest(
    contents: Contents,
    version: str,
    validation: Mapping[str, int],
    files: Iterable[File],
    numbers: Statistics,
) -> bytes:
    """The manifest of a release as JSON: what it is, what it holds, and its files.

    Its counts are of what a plain query meets; a graph of a source that a query has to name stands
    among the sources alone.
    """
    graphs = {each.term.removeprefix(GRAPH): each.triples for each in numbers.graphs}
    entries = [each.entry for each in contents.sources]
    licence_name, _, licence = cite_rights(version, entries)
    document = {
        "name": "kzgraph",
        "format": FORMAT,
        "title": TITLES["en"],
        "version": version,
        "kzgraph": VERSION,
        "base": BASE,
        "licence": {"name": licence_name, "iri": licence},
        "creator": CREATOR,
        "counts": {
            "triples": sum(graphs.values()),
            "subjects": numbers.subjects,
            "graphs": graphs,
        },
        "validation": dict(validation),
        "documents": [
            {"slug": source.slug, **asdict(source)} for source in documents(contents.content)
        ],
        "files": [
            {key: value for key, value in asdict(file).items() if value not in ("", ())}
            for file in sorted(add_licences(each, entries) for each in files)
        ],
        "prefixes": dict(PREFIXES),
    }
    if contents.sources:
        document["sources"] = [each.to_manifest() for each in entries]
    if contents.removed:
        document["removed_sources"] = list(contents.removed)
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def read_manifest(data: bytes) -> dict[str, Any]:
    """The manifest that `data` holds.

    Raises:
        ValueError: it is not JSON, states another format, or a member is missing or is not what
            it should be; the message says what, in one line.
    """
    try:
        found = json.loads(data)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"it is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise ValueError("it is not a JSON object")
    if found.get("format") != FORMAT or isinstance(found["format"], bool):
        stated = json.dumps(found["format"])[:40] if "format" in found else "none"
        raise ValueError(
            f"its format is {stated}, and kzgraph {VERSION} reads format {FORMAT}; "
            "build the release anew, or serve it with the version that wrote it"
        )
    for fault in _faults(found, _MEMBERS, ""):
        raise ValueError(fault)
    return found


def _text(value: object) -> str | None:
    return None if isinstance(value, str) else "a string"


def _natural(value: object) -> str | None:
    sound = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return None if sound else "a whole number that is not negative"


def _whole(value: object) -> str | None:
    sound = isinstance(value, int) and not isinstance(value, bool)
    return None if sound else "a whole number"


def _truth(value: object) -> str | None:
    return None if isinstance(value, bool) else "true or false"


def _iri(value: object) -> str | None:
    try:
        NamedNode(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return "an IRI"
    return None


def _must_match(pattern: re.Pattern[str], what: str) -> "Check":
    return lambda value: None if isinstance(value, str) and pattern.fullmatch(value) else what


def _path(value: object) -> str | None:
    sound = isinstance(value, str) and is_path(value)
    return None if sound else "a path within the release"


def _gzip(value: object) -> str | None:
    return None if value == "gzip" else "gzip"


#: Says what a value should be; None where it is.
Check = Callable[[object], str | None]

_HASH = _must_match(_SHA256, "a SHA-256 in hexadecimal")

#: A check, an object with such members, a list of such items (a list of one), or an object with
#: any names and such values (a tuple of one). A member whose name ends in `?` may be missing.
_Shape = Check | Mapping[str, Any] | list[Any] | tuple[Any]

_MEMBERS: _Shape = {
    "version": _must_match(_VERSION, "a version of letters, digits, dots and hyphens"),
    "kzgraph": _text,
    "counts": {"triples": _natural, "subjects": _natural, "graphs": (_natural,)},
    "validation": (_natural,),
    "documents": [
        {
            "slug": _text,
            "iri": _iri,
            "title": _text,
            "sha256": _HASH,
            "length": _natural,
        }
    ],
    "files": [
        {
            "path": _path,
            "media_type": _text,
            "bytes": _natural,
            "sha256": _HASH,
            "compression?": _gzip,
            "graph?": _iri,
            "licences?": [_iri],
            "sources?": [_path],
        }
    ],
    "prefixes": (_text,),
    "sources?": [
        {
            "name": _path,
            "kind": _path,
            "sha256": _HASH,
            "title": _text,
            "licence": _iri,
            "attribution": _text,
            "url": _text,
            "date": _text,
            "whole": _text,
            "rows": _natural,
            "triples": _natural,
            "graph_sha256": _HASH,
            "years": [_whole],
            "packaged": _truth,
            "current": _truth,
            "replaced_by": _text,
        }
    ],
    "removed_sources?": [_path],
}


def _faults(value: object, shape: _Shape, place: str) -> Iterator[str]:
    """In what `value` differs from `shape`, a sentence each."""
    if isinstance(shape, list | tuple | Mapping):
        kind, name = (list, "list") if isinstance(shape, list) else (dict, "object")
        if not isinstance(value, kind):
            yield f"its member {place} is not a JSON {name}"
        elif isinstance(value, list) and isinstance(shape, list):
            for number, item in enumerate(value):
                yield from _faults(item, shape[0], f"{place}[{number}]")
        elif isinstance(value, dict) and isinstance(shape, tuple):
            for key, item in value.items():
                yield from _faults(item, shape[0], f"{place}.{key}")
        elif isinstance(value, dict) and isinstance(shape, Mapping):
            for key, inner in shape.items():
                member = key.removesuffix("?")
                path = f"{place}.{member}".lstrip(".")
                if member in value:
                    yield from _faults(value[member], inner, path)
                elif member == key:
                    yield f"its member {path} is missing"
        return
    should_be = shape(value)
    if should_be is not None:
        yield f"its member {place} is not {should_be}"


def source_entries(found: Mapping[str, Any]) -> list[SourceEntry]:
    """The sources that a manifest lists, in the order in which they came."""
    return [SourceEntry.from_manifest(each) for each in found.get("sources", ())]
