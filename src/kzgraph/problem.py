"""The error of a request that is refused, or ended without an answer (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any


class Problem(Exception):
    """A request that is refused, or that ended without an answer.

    Args:
        status: the HTTP status code.
        detail: one or two sentences for the client.
        headers: header fields that go with the status (Retry-After ...).
        members: extension members of the problem object (line, column, near ...), RFC 9457.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members

    @property
    def title(self) -> str:
        """The phrase of the status code."""
        return HTTPStatus(self.status).phrase
