"""How many rows a SELECT result has, counted in the bytes that the store's serialiser writes.

The serialiser runs through the solutions by itself and does not say how many there were; to read
them one by one in Python instead takes several times as long.
"""

import re
from collections.abc import Mapping

#: Bytes are looked through in pieces of at least this size: the serialiser writes small ones.
_PIECE = 64 * 1024

_ESCAPE = re.compile(rb"\\.", re.DOTALL)


class RowCount:
    """Counts the rows in the bytes of one result."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self._rows = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the result."""
        self._pending += data
        if len(self._pending) >= _PIECE:
            self._look()

    def end(self) -> int:
        """The number of rows, once all bytes were fed."""
        self._look()
        return self._rows

    def _look(self) -> None:
        """Count what stands in the pending bytes and drop what is done with."""
        raise NotImplementedError


class _Marked(RowCount):
    """Counts a mark that stands in each row once and in no value."""

    mark = b""

    def _look(self) -> None:
        self._rows += self._pending.count(self.mark)
        # A mark cut in two is found with the next piece; so many bytes cannot hold a whole one.
        keep = len(self.mark) - 1
        del self._pending[: max(len(self._pending) - keep, 0)]


class _Xml(_Marked):
    """A `<` in a value is escaped."""

    mark = b"<result>"


class _Tsv(_Marked):
    """A line feed in a value is escaped; the first line is the header."""

    mark = b"\n"

    def end(self) -> int:
        return max(super().end() - 1, 0)


class _Csv(RowCount):
    """Line feeds outside quotes; the first line is the header."""

    def __init__(self) -> None:
        super().__init__()
        self._quoted = False

    def _look(self) -> None:
        for index, part in enumerate(self._pending.split(b'"')):
            if index:
                self._quoted = not self._quoted
            if not self._quoted:
                self._rows += part.count(b"\n")
        self._pending.clear()

    def end(self) -> int:
        return max(super().end() - 1, 0)


class _Json(RowCount):
    """The objects of the one list that holds objects: all others are values of a key."""

    def __init__(self) -> None:
        super().__init__()
        self._quoted = False
        self._before = b""

    def _look(self) -> None:
        data = _ESCAPE.sub(b"", self._pending)
        # Only a backslash that the pieces part from what it escapes is left for the next time.
        self._pending = bytearray(b"\\" if data.endswith(b"\\") else b"")
        parts = data.removesuffix(b"\\").split(b'"')
        # What stands outside of strings; a loop over the parts takes ten times as long.
        marks = self._before + b"".join(parts[self._quoted :: 2])
        self._quoted ^= len(parts) % 2 == 0
        self._rows += marks.count(b"},{") + marks.count(b"[{")
        self._before = marks[-2:] if not marks.endswith(b"[{") else b""


#: The counter for each format of a SELECT result that the store writes.
COUNTS: Mapping[str, type[RowCount]] = {"json": _Json, "xml": _Xml, "csv": _Csv, "tsv": _Tsv}
