"""Long lists in pages: which part of one is asked for by `?page=`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import request

from kzgraph.problem import Problem

#: How many rows a page of a list has, where the list does not say otherwise.
ROWS = 50
#: The largest number of a part that an address may have.
LARGEST = 999_999_999
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")

T = TypeVar("T")


@dataclass(frozen=True)
class Paging:
    """A part of a list.

    Attributes:
        number: of the part, from 1.
        total: how many rows the whole list has.
        size: how many rows a full part has.
    """

    number: int
    total: int
    size: int = ROWS

    @property
    def last(self) -> int:
        """The number of the last part; of an empty list 1."""
        return max(1, -(-self.total // self.size))

    @property
    def start(self) -> int:
        """How many rows come before the part."""
        return (self.number - 1) * self.size

    @property
    def end(self) -> int:
        """How many rows the parts up to this one have."""
        return min(self.total, self.number * self.size)

    def cut(self, rows: Sequence[T]) -> Sequence[T]:
        """The rows of the part."""
        return rows[self.start : self.end]


def read_paging(total: int, size: int = ROWS) -> Paging:
    """The part of a list that the request asks for.

    Raises:
        Problem: 400, where `page` is not a number; 404, where the list has no such part.
    """
    paging = Paging(read_number(), total, size)
    if paging.number > paging.last:
        raise Problem(404, f"The list has {paging.last} pages; {paging.number} is beyond.")
    return paging


def read_number() -> int:
    """The number of the part that is asked for, from 1.

    Raises:
        Problem: 400, where it is not a number.
    """
    asked = request.args.get("page", "1")
    if not _NUMBER.fullmatch(asked):
        raise Problem(400, f"The parameter page is not a number from 1 to {LARGEST}.")
    return int(asked)
