"""What a tool answers: words, and the same as JSON."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kzgraph_server.assistants.marking import NOTICE, SIGN, clean, clean_all

#: Characters of the words of a result: some ten thousand tokens.
MOST_WORDS = 40_000
_CUT = "The rest is left out here: ask for less at a time."


class ToolRefusal(Exception):
    """What was asked cannot be answered; the message says what would be right."""


@dataclass
class Outcome:
    """The answer of a tool, put together line by line.

    Attributes:
        data: the same as the words, as JSON, by the tool's output schema.
    """

    data: dict[str, Any] = field(default_factory=dict)
    _lines: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        """Add a line of the tool's own words, in which no text from data stands."""
        self._lines.append(text)

    def quote(self, *texts: str) -> None:
        """Add a line for each text, marked as data."""
        self._lines.extend(SIGN + clean(each) for each in texts)

    def tabulate(self, names: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
        """Add a table, whose lines begin with the sign of data."""
        for row in (names, *rows):
            cells = (clean(each, 400).replace("|", "¦") for each in row)
            self._lines.append(f"{SIGN}{' | '.join(cells)} |")

    @property
    def size(self) -> int:
        """About how many characters the words and the JSON have."""
        return 3 * sum(map(len, self._lines))

    def words(self) -> str:
        """All lines, behind what is to be known of lines of data."""
        kept, size = [NOTICE], len(NOTICE)
        for line in self._lines:
            size += len(line) + 1
            if size > MOST_WORDS:
                kept.append(_CUT)
                break
            kept.append(line)
        return "\n".join(kept)

    def structure(self) -> dict[str, Any]:
        """The JSON, each text in it cleaned, with the notice."""
        cleaned: dict[str, Any] = clean_all(self.data)
        return {"notice": NOTICE, **cleaned}


def object_of(
    required: Mapping[str, Mapping[str, Any]], other: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """The JSON Schema of an object.

    Args:
        required: members that are always there, with their schemas.
        other: members that may be missing.
    """
    return {
        "type": "object",
        "properties": {**required, **(other or {})},
        "required": list(required),
    }


def result_of(
    required: Mapping[str, Mapping[str, Any]], other: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """The output schema of a tool, whose results all have the notice.

    Args:
        required: members that are always there, with their schemas.
        other: members that may be missing.
    """
    notice = {"type": "string", "description": "How to treat text from data."}
    return object_of({"notice": notice, **required}, other)
