"""Folders of sources: `sources.csv` says of each file what it is, or the files say it themselves.

A file is named by its path below the folder, and nothing outside of it is ever read: not by way of
`..`, and not by a symbolic link.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from pyoxigraph import NamedNode

from kzgraph.faults import Fault
from kzgraph.licences import object_to
from kzgraph.sources.errors import FaultList, SourceFaults
from kzgraph.sources.reading import At, read_csv
from kzgraph.sources.source import Kind
from kzgraph.sources.taking import Offer, read_head

#: The list in a folder of sources.
LIST = "sources.csv"
#: Its columns; those of `REQUIRED` have to be filled in.
COLUMNS = ("kind", "file", "title", "licence", "attribution", "url", "date", "whole")
REQUIRED = ("kind", "file", "title", "licence", "attribution")

_SHA256 = re.compile(r"[0-9a-f]{64}")
#: One line of text: no control characters, and no bytes that were not UTF-8.
_LINE = re.compile("[^\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]*")
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+")


def read_folder(folder: Path, kinds: Mapping[str, Kind], *, packaged: bool = False) -> list[Offer]:
    """The files that a folder offers, in the order of its list, else by their names.

    Args:
        folder: with a `sources.csv`, or with data files alone.
        kinds: what is known of each kind.
        packaged: see `Offer`.

    Raises:
        SourceFaults: a line of the list is faulty; or there is none, and a file is of no kind that
            is recognized, or of one whose files have no licence in common.
        OSError: something cannot be read.
    """
    listed = folder / LIST
    if listed.is_symlink() or listed.exists():
        return list(_read_list(folder, kinds, packaged))
    paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    faults: list[Fault] = []
    offers: list[Offer] = []
    for path in paths:
        try:
            offers.append(_recognize(path, kinds))
        except SourceFaults as refused:
            faults += refused.faults
    if not paths:
        faults.append(Fault.of_file(folder.name, "there is no file in it", f"add files or {LIST}"))
    if faults:
        raise SourceFaults(faults)
    return offers


def check_facts(faults: FaultList, line: int, cells: Mapping[str, str]) -> None:
    """Add the faults of what is said of a file: texts, addresses, a date, a hash.

    Args:
        faults: where they are added.
        line: of the list, or 0.
        cells: by the names of `COLUMNS`.
    """
    for name in ("licence", "url"):
        if cells[name] and not _is_address(cells[name]):
            faults.add(line, name, f"{cells[name]!r} is not an address", "write https://...")
    for name in ("title", "attribution"):
        if not _LINE.fullmatch(cells[name]):
            what = f"{cells[name]!r} has a line break, or what is not text"
            faults.add(line, name, what, "write one line of text in UTF-8")
    objection = object_to(cells["licence"]) if _is_address(cells["licence"]) else None
    if objection:
        faults.add(line, "licence", *objection)
    if cells["date"] and not _is_date(cells["date"]):
        faults.add(line, "date", f"{cells['date']!r} is not a date", "write YYYY-MM-DD")
    if cells["whole"] and not _SHA256.fullmatch(cells["whole"]):
        remedy = "write the SHA-256 of the whole file, decompressed, in 64 hexadecimal digits"
        faults.add(line, "whole", f"{cells['whole']!r} is not a hash", remedy)


def find_other_kind(kind: str, kinds: Mapping[str, Kind], head: bytes) -> tuple[str, str] | None:
    """What is wrong where a file is of another kind, and what would be right; else None.

    Args:
        kind: the kind that it is said to be of.
        kinds: what is known of each kind.
        head: the start of the file.
    """
    found = [name for name, each in kinds.items() if each.recognize and each.recognize(head)]
    if not found or kind in found or not kinds[kind].recognize:
        return None
    return f"it is of the kind {' or '.join(found)}, not {kind}", f"take it in as {found[0]}"


def complete(cells: Mapping[str, str], kinds: Mapping[str, Kind], head: bytes) -> dict[str, str]:
    """What is said of a file, and where nothing is, what its kind says of all its files.

    Args:
        cells: by the names of `COLUMNS`.
        kinds: what is known of each kind.
        head: the start of the file.
    """
    kind = kinds.get(cells["kind"])
    found = dict(cells)
    if kind is not None:
        known = {
            "title": kind.title,
            "licence": kind.licence,
            "attribution": kind.attribution,
            "date": kind.find_date(head) if kind.find_date else "",
        }
        if not _is_date(known["date"]):
            known["date"] = ""  # A day such as 31/31/2024 states nothing.
        found |= {name: text for name, text in known.items() if not found[name]}
    return found


def _is_address(text: str) -> bool:
    try:
        return bool(_IRI.fullmatch(text) and NamedNode(text))
    except ValueError:
        return False


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _read_list(folder: Path, kinds: Mapping[str, Kind], packaged: bool) -> Iterator[Offer]:
    listed = folder / LIST
    shown = f"{folder.name}/{LIST}"
    faults = FaultList(shown)
    if listed.is_symlink():
        raise faults.stop(0, "", "it is a symbolic link", "put the list itself there")
    records = read_csv(At(listed), faults)
    _, header = next(records, (1, []))
    if tuple(header) != COLUMNS:
        raise faults.stop(
            1, "", f"its columns are {', '.join(header) or 'none'}", f"write {', '.join(COLUMNS)}"
        )
    offers: list[Offer] = []
    for line, record in records:
        if not any(record):
            continue
        if len(record) != len(COLUMNS):
            faults.add(line, "", f"it has {len(record)} cells", f"write {len(COLUMNS)}")
            continue
        cells = dict(zip(COLUMNS, map(str.strip, record), strict=True))
        offer = _offer(folder, line, cells, kinds, faults, packaged)
        if offer is not None:
            offers.append(offer)
    faults.check()
    yield from offers


def _offer(
    folder: Path,
    line: int,
    cells: dict[str, str],
    kinds: Mapping[str, Kind],
    faults: FaultList,
    packaged: bool,
) -> Offer | None:
    before = len(faults.faults)
    if cells["kind"] not in kinds:
        faults.add(line, "kind", f"there is no kind {cells['kind']!r}", _name(kinds))
    path = folder / cells["file"]
    inner = Path(cells["file"])
    if not cells["file"] or inner.is_absolute() or ".." in inner.parts:
        faults.add(line, "file", f"{cells['file']!r} is not in this folder", "name a file in it")
    elif any(each.is_symlink() for each in (path, *_folders_above(path, folder))):
        faults.add(line, "file", f"{cells['file']} is a symbolic link", "put the file itself there")
    elif not path.is_file():
        faults.add(line, "file", f"{cells['file']} is not a file here", "add it, or drop the line")
    elif cells["kind"] in kinds:
        head = read_head(path, f"{folder.name}/{cells['file']}")
        if other := find_other_kind(cells["kind"], kinds, head):
            faults.add(line, "kind", *other)
        cells = complete(cells, kinds, head)
    for name in REQUIRED:
        if not cells[name]:
            faults.add(line, name, "it is empty", "fill it in")
    check_facts(faults, line, cells)
    if len(faults.faults) > before:
        return None
    return _make(cells, path, f"{folder.name}/{cells['file']}", packaged)


def _folders_above(path: Path, folder: Path) -> Iterator[Path]:
    for each in path.parents:
        if each == folder:
            return
        yield each


def _recognize(path: Path, kinds: Mapping[str, Kind]) -> Offer:
    """The offer of a file that no list says anything of.

    Raises:
        SourceFaults: it is not one, or its kind or its licence has to be stated.
    """
    shown = path.name
    if path.is_symlink() or not path.is_file():
        fault = "it is a symbolic link" if path.is_symlink() else "it is not a file"
        raise SourceFaults([Fault.of_file(shown, fault, "leave only data files in the folder")])
    head = read_head(path, shown)
    found = [name for name, kind in kinds.items() if kind.recognize and kind.recognize(head)]
    remedy = f"add {LIST} with a line for it: {','.join(COLUMNS)}"
    if len(found) != 1:
        what = f"it may be {' or '.join(found)}" if found else "it is of no kind that is recognized"
        raise SourceFaults([Fault.of_file(shown, what, f"{remedy}; {_name(kinds)}")])
    cells = complete(dict.fromkeys(COLUMNS, "") | {"kind": found[0]}, kinds, head)
    for name in ("licence", "attribution"):
        if not cells[name]:
            what = f"files of the kind {found[0]} have no {name} in common"
            raise SourceFaults([Fault.of_file(shown, what, remedy)])
    return _make(cells, path, shown, packaged=False)


def _make(cells: Mapping[str, str], path: Path, shown: str, packaged: bool) -> Offer:
    return Offer(
        cells["kind"],
        path,
        shown,
        cells["title"],
        cells["licence"],
        cells["attribution"],
        cells["url"],
        cells["date"],
        cells["whole"],
        packaged,
    )


def _name(kinds: Mapping[str, Kind]) -> str:
    return f"the kinds are {', '.join(sorted(kinds)) or 'none'}"
