"""Terms and their numbers in the file of columns."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache

import duckdb

#: Terms between two texts that are kept: a look-up reads as many.
_STEP = 1024
#: Numbers that are kept for texts, and texts for numbers.
_KEPT_NUMBERS = 4096
_KEPT_TEXTS = 50_000
#: Beyond the numbers of the file.
_FIRST_ADDED = 2**30
#: Terms that are looked up one by one rather than by a join with all.
_FEW = 40


class NumberedTerms:
    """What finds the number of a term, and the text of a number.

    Args:
        database: the file.
    """

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self._database = database
        self._texts: dict[int, str] = {}
        self._added: dict[str, int] = {}
        self._texts_added: dict[int, str] = {}
        self.number = lru_cache(_KEPT_NUMBERS)(self._find_number)

    @cached_property
    def _samples(self) -> list[str]:
        """Every so many texts, in order.

        The file's own statistics know eight characters of a text, which all IRIs have in common.
        """
        found = self._database.execute(
            f"SELECT text FROM terms WHERE id % {_STEP} = 0 ORDER BY id"  # noqa: S608 - a number
        ).fetchall()
        return [text for (text,) in found]

    def _find_number(self, text: str) -> int | None:
        """The number of the term `text`; None for one that the release does not have."""
        part = bisect_right(self._samples, text) - 1
        if part < 0:
            return None
        row = self._database.execute(
            "SELECT id FROM terms WHERE id >= $first AND id < $last AND text = $text",
            {"first": part * _STEP, "last": (part + 1) * _STEP, "text": text},
        ).fetchone()
        return None if row is None else int(row[0])

    @property
    def added(self) -> Mapping[str, int]:
        """Terms that the file does not have, with their numbers here."""
        return self._added

    def forget_added(self) -> None:
        """Forget those: their numbers stand for others from now on."""
        self._added.clear()
        self._texts_added.clear()

    def number_of_any(self, text: str) -> int:
        """The number of the term `text`; one that the file does not have gets a number here."""
        number = self.number(text)
        if number is None:
            number = self._added.setdefault(text, _FIRST_ADDED + len(self._added))
            self._texts_added[number] = text
        return number

    def texts(self, numbers: Iterable[int]) -> Mapping[int, str]:
        """The texts of terms by their numbers."""
        every = set(numbers)
        added = {each: self._texts_added[each] for each in every if each >= _FIRST_ADDED}
        wanted = every - added.keys()
        missing = [number for number in wanted if number not in self._texts]
        if missing:
            if len(self._texts) + len(missing) > _KEPT_TEXTS:
                self._texts.clear()
                missing = list(wanted)
            listed = (
                ", ".join(map(str, missing))
                if len(missing) <= _FEW
                else "SELECT unnest($numbers::INTEGER[])"
            )
            self._texts.update(
                self._database.execute(
                    f"SELECT id, text FROM terms WHERE id IN ({listed})",  # noqa: S608 - numbers
                    None if len(missing) <= _FEW else {"numbers": missing},
                ).fetchall()
            )
        return {each: self._texts[each] for each in wanted} | added
