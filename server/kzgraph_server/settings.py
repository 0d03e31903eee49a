"""What an operator can set: one environment variable `KZGRAPH_<NAME>` per field."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from kzgraph_server.clients import parse_networks
from kzgraph_server.engine.settings import EngineSettings
from kzgraph_server.federation.allow_list import allow_list

_PREFIX = "KZGRAPH_"
#: An address without credentials, query or fragment, in the characters that a URI may have:
#: https://www.rfc-editor.org/rfc/rfc3986#section-2
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._~!$&'()*+,;=:@%-]+)*/?")


class SettingsError(ValueError):
    """A setting has a value that it cannot have; the message is one line for the operator."""


def _positive(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) == 0:
        raise SettingsError(f"{name} must be a positive whole number, not {text!r}")
    return int(text)


def _natural(name: str, text: str) -> int:
    return 0 if text == "0" else _positive(name, text)


def _address(name: str, text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise SettingsError(
            f"{name} must be an address such as https://example.org/kzgraph, not {text!r}"
        )
    return text.rstrip("/")


def _networks(name: str, text: str) -> str:
    try:
        parse_networks(text)
    except ValueError as error:
        raise SettingsError(f"{name} must hold addresses or networks: {error}") from None
    return text


def _endpoints(name: str, text: str) -> str:
    try:
        allow_list(text)
    except ValueError as error:
        raise SettingsError(f"{name}: {error}") from None
    return text


def _text(name: str, text: str) -> str:
    return text


def _setting(default: Any, doc: str, read: Callable[[str, str], Any] = _positive) -> Any:
    """A field with its line of documentation and the reader of its variable."""
    return field(default=default, metadata={"doc": doc, "read": read})


@dataclass(frozen=True)
class Settings:
    """The limits of the server and what it has to know of the place it runs at."""

    public_url: str = _setting(
        "https://w3id.org/kzgraph",
        "Where the public finds the server: the base of every address in its descriptions.",
        _address,
    )
    query_timeout: int = _setting(
        30, "Seconds that a query may run; `timeout=` in a request lowers it."
    )
    max_rows: int = _setting(
        0,
        "Most rows of a SELECT result in one answer, which links to the next; 0 for all.",
        _natural,
    )
    max_query_bytes: int = _setting(
        1024 * 1024, "The longest query or request body in bytes; a longer one is answered 413."
    )
    max_query_nesting: int = _setting(
        100, "How deep brackets and signs may nest in a query; a deeper one is answered 400."
    )
    workers: int = _setting(
        0, "Queries evaluated at a time that are not long; 0 for one per processor, at least 2.",
        _natural,
    )  # fmt: skip
    spare_workers: int = _setting(
        1, "Idle workers kept beside them, which take over when queries turn long."
    )
    worker_memory_mib: int = _setting(1024, "Address space of one worker in MiB.")
    long_after_ms: int = _setting(
        150, "Milliseconds after which a query is long and gives its place to another."
    )
    lower_after_ms: int = _setting(
        1000,
        "Milliseconds after which a query gets only the processor time that nothing else wants.",
    )
    long_queries: int = _setting(
        0,
        "Long queries at a time; 0 for as many as half of the memory holds, from 2 to 12.",
        _natural,
    )
    client_long_queries: int = _setting(8, "Long queries at a time of one client.")
    queue: int = _setting(
        256, "Queries that may wait for a worker, of one client at most a quarter; then 503."
    )
    cache_mib: int = _setting(64, "Memory for answers that are kept, in MiB.")
    max_incoming: int = _setting(
        200, "How many incoming links a page or description of a thing shows; the total is stated."
    )
    html_rows: int = _setting(
        1000, "How many rows of a result the HTML table shows; whether there are more is stated."
    )
    threads: int = _setting(8, "How many pages are made at a time.")
    grace: int = _setting(5, "Seconds that running requests get to end after a signal to stop.")
    access_log: str = _setting(
        "-", "Where the access log goes: a file, `-` for standard error, or `off`.", _text
    )
    trusted_proxies: str = _setting(
        "",
        "Addresses or networks of proxies whose `X-Forwarded-For`, or else `Forwarded`, counts.",
        _networks,
    )

    service_allow: str = _setting(
        "",
        "Endpoints that a query may call with SERVICE, as exact addresses parted by blanks.",
        _endpoints,
    )

    @property
    def engine(self) -> EngineSettings:
        """The limits of the local engine."""
        return EngineSettings(
            workers=self.workers or max(2, os.cpu_count() or 1),
            spare_workers=self.spare_workers,
            long_after_ms=self.long_after_ms,
            lower_after_ms=self.lower_after_ms,
            long_queries=self.long_queries or None,
            client_long_queries=self.client_long_queries,
            queue=self.queue,
            timeout_s=self.query_timeout,
            worker_memory_mib=self.worker_memory_mib,
            max_query_nesting=self.max_query_nesting,
        )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """The settings that `environment` makes, defaults where it is silent.

        Raises:
            SettingsError: a variable holds a value that it cannot have.
        """
        values: dict[str, Any] = {}
        for each in fields(cls):
            name = variable(each.name)
            text = environment.get(name, "").strip()
            if text:
                values[each.name] = each.metadata["read"](name, text)
        return cls(**values)


def variable(name: str) -> str:
    """The environment variable of the setting called `name`.

    >>> variable("html_rows")
    'KZGRAPH_HTML_ROWS'
    """
    return _PREFIX + name.upper()


def documentation() -> list[tuple[str, int | str, str]]:
    """Every setting as (environment variable, default, one line of explanation)."""
    defaults = Settings()
    return [
        (variable(each.name), getattr(defaults, each.name), each.metadata["doc"])
        for each in fields(Settings)
    ]
