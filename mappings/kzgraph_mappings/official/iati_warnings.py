"""What is said of an activity file that is taken though something in it should be otherwise."""

from collections.abc import Callable

from kzgraph.sources.xml_records import Counts

#: Warnings that are told one by one; of the others, how many there are.
MOST = 20


class Warnings:
    """Collects what is kept of a file and should be otherwise, each thing once."""

    def __init__(self) -> None:
        """Start without any."""
        self._lines: dict[tuple[str, str, str], int] = {}
        self._more = 0

    def add(self, line: int, name: str, message: str, remedy: str) -> None:
        """Add one; that of an earlier line is the one that is told."""
        key = (name, message, remedy)
        if key not in self._lines and len(self._lines) == MOST:
            self._more += 1
        else:
            self._lines.setdefault(key, line)

    def tell(self, say: Callable[[str], None], counts: Counts | None = None) -> None:
        """Tell them, and what was left out of the file."""
        for (name, message, remedy), line in self._lines.items():
            say(f"line {line}, {name}: {message}; {remedy}")
        if self._more:
            say(f"and {self._more} more of the like")
        for foreign, count in sorted(counts.foreign.items() if counts else ()):
            namespace, _, name = foreign.rpartition(" ")
            say(f"{count} elements {name} of the namespace {namespace} are left out")
        if counts and counts.more:
            say(f"{counts.more} elements of more names in other namespaces are left out")
