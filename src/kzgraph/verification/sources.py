"""Reading the source text of a document, if it is the one that its tables were made from."""

import hashlib
from pathlib import Path

from kzgraph.faults import TableFaults
from kzgraph.tables import Row


def source_path(document: Row, folder: Path) -> Path:
    """Where the text of a document should be."""
    return folder / document.require("file")


def read_source(document: Row, folder: Path) -> str:
    """The text of a document as Unicode code points, with no newline translation.

    Args:
        document: the row that describes it.
        folder: the folder with the source files.

    Raises:
        TableFaults: the file is missing, has another hash, or is not in UTF-8.
    """
    path = source_path(document, folder)
    if not path.is_file():
        fault = document.fault("file", f"no file {path.name}", "name the folder that has it")
        raise TableFaults([fault])
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != document.require("sha256"):
        fault = document.fault(
            "sha256", f"{path.name} is another text", "the spans hold for the exact bytes only"
        )
        raise TableFaults([fault])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        fault = document.fault(
            "file",
            f"{path.name} is not in UTF-8 (byte {error.start})",
            "save it in UTF-8; spans, length and sha256 are those of the new file",
        )
        raise TableFaults([fault]) from None
