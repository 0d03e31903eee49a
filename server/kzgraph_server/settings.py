"""What an operator can set: one environment variable `KZGRAPH_<NAME>` per field."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

_PREFIX = "KZGRAPH_"
#: An address without credentials, query or fragment, in the characters that a URI may have:
#: https://www.rfc-editor.org/rfc/rfc3986#section-2
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._~!$&'()*+,;=:@%-]+)*/?")


class SettingsError(ValueError):
    """A setting has a value that it cannot have; the message is one line for the operator."""


def _setting(default: int, doc: str) -> int:
    value: int = field(default=default, metadata={"doc": doc})
    return value


def _address(default: str, doc: str) -> str:
    value: str = field(default=default, metadata={"doc": doc})
    return value


@dataclass(frozen=True)
class Settings:
    """The limits of the server, each a positive whole number, and where the public finds it."""

    public_url: str = _address(
        "https://w3id.org/kzgraph",
        "Where the public finds the server: the base of every address in its descriptions.",
    )
    max_query_bytes: int = _setting(
        1024 * 1024, "The longest query or request body in bytes; a longer one is answered 413."
    )
    max_query_nesting: int = _setting(
        100, "How deep brackets and signs may nest in a query; a deeper one is answered 400."
    )
    max_incoming: int = _setting(
        200, "How many incoming links a page or description of a thing shows; the total is stated."
    )
    html_rows: int = _setting(
        1000, "How many rows of a result the HTML table shows; the total is stated."
    )
    workers: int = _setting(2, "How many server processes answer requests.")
    threads: int = _setting(4, "How many requests one server process works on at a time.")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """The settings that `environment` makes, defaults where it is silent.

        Raises:
            SettingsError: a variable holds something other than a positive whole number, or,
                where an address is wanted, than an absolute address of http or https.
        """
        values: dict[str, Any] = {}
        for each in fields(cls):
            name = variable(each.name)
            text = environment.get(name, "").strip()
            if not text:
                continue
            read = _read_address if isinstance(each.default, str) else _read_number
            values[each.name] = read(name, text)
        return cls(**values)


def _read_number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) == 0:
        raise SettingsError(f"{name} must be a positive whole number, not {text!r}")
    return int(text)


def _read_address(name: str, text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise SettingsError(
            f"{name} must be an address such as https://example.org/kzgraph, not {text!r}"
        )
    return text.rstrip("/")


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
