"""The folder of a new document: its description, a table of each kind, and draft rows."""

import hashlib
import os
from collections import Counter
from pathlib import Path

from kzgraph.editing.proposals import KNOWN, propose
from kzgraph.editing.replacing import make_folder
from kzgraph.faults import Fault, TableFaults
from kzgraph.resources import folder as resource
from kzgraph.tables import project_schemas, read_kind
from kzgraph.tables.delimited import render_table
from kzgraph.tables.drafts import draft
from kzgraph.tables.folders import SHARED, check_folder_name, table_files
from kzgraph.tables.schema import Schema

#: The largest document that is read, in bytes: far above any page.
MAX_DOCUMENT_BYTES = 2_000_000

_KAZAKH = set("әғқңөұүһі")
#: The share of a document's letters that makes it one in two languages.
_SECOND_LANGUAGE = 0.1
#: The share of Cyrillic letters that Kazakh alone has, above which a text is in Kazakh.
_KAZAKH_SHARE = 0.02


def start_document(slug: str, source: Path, root: Path | None = None) -> tuple[Path, Counter[str]]:
    """Make the folder of a document, whole or not at all.

    Args:
        slug: the name of the folder, and of the document in every IRI.
        source: the text.
        root: the folder of tables, by default the project's own.

    Returns:
        The folder, and the number of draft rows by table.

    Raises:
        TableFaults: the slug or the file cannot be taken, or the folder is there already.
    """
    root = root or resource("mappings") / "tables"
    schemas = project_schemas()
    target = root / slug
    _check_slug(slug, target, schemas)
    known = [row for kind in KNOWN for row in read_kind(kind, root).rows]
    text, data = _read(source, schemas["document"])
    digest = hashlib.sha256(data).hexdigest()
    _check_is_new(digest, source.name, root, schemas)
    languages = guess_language(text)
    rows: dict[str, list[dict[str, str]]] = {
        name: [] for name, schema in schemas.items() if schema.is_fact and not schema.made_by
    }
    proposals = propose(text, tuple(languages.split()), known)
    for number, (table, row) in enumerate(proposals, 1):
        rows[table].append({"key": draft(str(number)), **row})
    counts = Counter({name: len(made) for name, made in rows.items()})
    rows["document"].append(
        {
            "slug": slug,
            "file": source.name,
            "sha256": digest,
            "length": str(len(text)),
            "language": draft(languages),
        }
    )
    tables = {name: render_table(schemas[name].by_name, made) for name, made in rows.items()}
    make_folder(target, {f"{name}.csv": table for name, table in tables.items()})
    return target, counts


def _check_slug(slug: str, target: Path, schemas: dict[str, Schema]) -> None:
    """Check that a document may have a slug, and that nothing has the place of its folder.

    Raises:
        TableFaults: it may not, or something has.
    """
    faults = list(check_folder_name(slug, schemas))
    if slug == SHARED:
        message = "the folder of shared tables has this name"
        faults.append(Fault.of_file(slug, message, "choose another"))
    if not faults and os.path.lexists(target):
        remedy = "choose another slug, or move it away"
        faults.append(Fault.of_file(str(target), "the folder is there already", remedy))
    if faults:
        raise TableFaults(faults)


def guess_language(text: str) -> str:
    """The languages of a text by its alphabet, the first one first: en, ru, kk; or nothing.

    >>> guess_language("Refugees in Ruritania"), guess_language("Босқындар мен өңір")
    ('en', 'kk')
    """
    letters = [letter for letter in text.casefold() if letter.isalpha()]
    latin = sum("a" <= letter <= "z" for letter in letters)
    kazakh = sum(letter in _KAZAKH for letter in letters)
    cyrillic = sum("\u0400" <= letter <= "\u052f" for letter in letters)
    found = {"en": latin, "kk" if kazakh > _KAZAKH_SHARE * cyrillic else "ru": cyrillic}
    spoken = [name for name, count in found.items() if count > _SECOND_LANGUAGE * len(letters)]
    return " ".join(sorted(spoken, key=lambda name: -found[name]))


def _read(source: Path, schema: Schema) -> tuple[str, bytes]:
    """The text of a document, and its bytes.

    Raises:
        TableFaults: its name or its contents are not those of a document.
    """
    faults = []
    pattern = schema.by_name["file"].pattern
    if pattern and not pattern.fullmatch(source.name):
        remedy = "rename it, in Latin letters, digits, points, hyphens and low lines"
        faults.append(Fault.of_file(source.name, "the tables cannot name this file", remedy))
    if not source.is_file():
        faults.append(Fault.of_file(str(source), "it is not a regular file", "name a text file"))
    elif source.stat().st_size > MAX_DOCUMENT_BYTES:
        message = f"the file is over {MAX_DOCUMENT_BYTES:,} bytes"
        faults.append(Fault.of_file(source.name, message, "name a text file"))
    if faults:
        raise TableFaults(faults)
    data = source.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"the file is not in UTF-8 (byte {error.start})"
        raise TableFaults([Fault.of_file(source.name, message, "save it in UTF-8")]) from None
    if not text.strip():
        raise TableFaults([Fault.of_file(source.name, "the file has no text", "name another one")])
    return text, data


def _check_is_new(digest: str, name: str, root: Path, schemas: dict[str, Schema]) -> None:
    """Check that no folder of tables is about these bytes already.

    Raises:
        TableFaults: one is; its facts would be there twice.
    """
    for file in table_files(root, schemas, []):
        if file.path.stem == "document" and digest in file.path.read_text("utf-8", "replace"):
            remedy = f"go on in {file.folder}, or name another file"
            raise TableFaults([Fault.of_file(name, f"it is the text of {file.folder}", remedy)])
