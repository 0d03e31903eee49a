"""Settings: environment variables `KZGRAPH_<NAME>`, each with its default and its meaning.

A setting is a field of a dataclass that is made with `setting`: `CommandSettings` here for the
command line, `Settings` of the server in the server. Nothing else states a default, and
`docs/settings.md` is checked against both. A command-line option wins over its variable.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

from platformdirs import user_data_path

from kzgraph.resources import checkout

_PREFIX = "KZGRAPH_"

#: How deep brackets and signs may nest in a query, on the command line and, by default, in the
#: server: deeper nesting overflows the stack of the store's parser.
MAX_QUERY_NESTING = 100
#: How many operators, brackets and triples a query may have outside of VALUES, and terms a
#: DESCRIBE: the store's parser calls itself for each, and a chain of 3,000 overflows its stack.
MAX_QUERY_OPERATIONS = 1_000


class SettingsError(ValueError):
    """A setting has an invalid value; the message is one line for the operator."""


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]


SettingsT = TypeVar("SettingsT", bound=_Dataclass)
#: Parses a value, given the name of a variable and its text, or raises SettingsError.
Reader = Callable[[str, str], Any]


def read_text(name: str, text: str) -> str:
    """Any text."""
    return text


#: The largest value of a setting, in whatever it counts: milliseconds, MiB and bytes up to here fit
#: into all that they are handed to.
MOST = 1_000_000_000
#: Seconds become milliseconds in a C integer, where the system waits for something.
MOST_SECONDS = 1_000_000
#: The most of what costs a process, a thread or a connection each.
MOST_PROCESSES = 1_000


def read_whole(name: str, text: str, most: int = MOST, least: int = 1) -> int:
    """A whole number from `least` to `most`."""
    sound = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    if not sound or not least <= int(text) <= most:
        shown = text if len(text) <= 40 else f"{text[:40]}..."
        raise SettingsError(f"{name} must be a whole number from {least} to {most}, not {shown!r}")
    return int(text)


def read_seconds(name: str, text: str) -> int:
    """Whole seconds, at least one."""
    return read_whole(name, text, MOST_SECONDS)


def read_number_of(name: str, text: str) -> int:
    """How many processes, threads or connections there are to be."""
    return read_whole(name, text, MOST_PROCESSES)


def read_number_of_or_none(name: str, text: str) -> int:
    """The same, or 0."""
    return read_whole(name, text, MOST_PROCESSES, 0)


def read_natural(name: str, text: str) -> int:
    """A whole number, 0 included."""
    return read_whole(name, text, least=0)


def setting(
    default: Any, doc: str, read: Reader = read_whole, *, shown: str = "", secret: bool = False
) -> Any:
    """A field of a dataclass of settings.

    Args:
        default: the value where the variable is not set, or empty.
        doc: one line of documentation, in Markdown.
        read: parses the variable's text.
        shown: the default as documented, where it is not a value.
        secret: whether its value is kept out of messages.
    """
    metadata = {"doc": doc, "read": read, "shown": shown}
    return field(default=default, metadata=metadata, repr=not secret)


def variable(name: str) -> str:
    """The environment variable of the setting called `name`.

    >>> variable("html_rows")
    'KZGRAPH_HTML_ROWS'
    """
    return _PREFIX + name.upper()


def read_settings(kind: type[SettingsT], environment: Mapping[str, str] = os.environ) -> SettingsT:
    """The settings of a kind from `environment`, with defaults for what it does not set.

    Raises:
        SettingsError: a variable has an invalid value.
    """
    values: dict[str, Any] = {}
    for each in fields(kind):
        name = variable(each.name)
        text = environment.get(name, "").strip()
        if text:
            values[each.name] = each.metadata["read"](name, text)
    return kind(**values)


def documentation(kind: type[_Dataclass]) -> list[tuple[str, str, str]]:
    """The settings of a kind as (environment variable, default in Markdown, documentation)."""
    return [
        (variable(each.name), each.metadata["shown"] or f"`{each.default}`", each.metadata["doc"])
        for each in fields(kind)
    ]


@dataclass(frozen=True)
class CommandSettings:
    """The settings of the command line, most of them read by the option of a command."""

    releases: str = setting(
        "",
        "The folder of releases.",
        read_text,
        shown="`releases/` in the checkout that kzgraph runs from; installed: a folder among your "
        "user data",
    )
    tables: str = setting(
        "",
        "The folder of tables to read.",
        read_text,
        shown="the tables that ship with kzgraph",
    )
    keep: int = setting(3, "The releases that `build` keeps, the new one among them.")
    host: str = setting("127.0.0.1", "The address to listen on.", read_text)
    port: int = setting(8000, "The port to listen on.")
    endpoint: str = setting(
        "", "The SPARQL endpoint to query.", read_text, shown="none: the local release"
    )
    timeout: int = setting(60, "Seconds after which `query` times out.")
    publish_password: str = setting(
        "",
        "The password or token for the store that `publish` writes to.",
        read_text,
        shown="none",
        secret=True,
    )
    source_bytes: int = setting(MOST, "The most bytes that a source may have, decompressed.")
    source_ratio: int = setting(
        200, "How many times its compressed size a compressed source may have."
    )
    source_line: int = setting(1 << 20, "The longest line of a source, in bytes.")
    source_cell: int = setting(100_000, "The longest cell of a source, in characters.")


#: The defaults.
DEFAULTS = CommandSettings()


def click_option(name: str) -> dict[str, Any]:
    """The arguments of a click option for the setting called `name`: variable and default."""
    default = getattr(DEFAULTS, name)
    taken = {"envvar": variable(name), "show_envvar": True}
    return taken | ({"default": default, "show_default": True} if default else {})


#: The folder of releases in a checkout, which `make` builds to, and among the user's data.
RELEASES = "releases"


def releases_root() -> Path:
    """The folder of releases that commands read and write.

    `KZGRAPH_RELEASES`; by default that of the checkout which the code runs from, so that two
    checkouts never serve each other's data; for an installed kzgraph one among the user's data.
    """
    named = os.environ.get(variable("releases"))
    return Path(named) if named else (checkout() or user_data_path("kzgraph")) / RELEASES


def usual_release_folders() -> list[Path]:
    """Where releases are looked for by somebody who names no folder, nearest first."""
    return [Path(RELEASES), releases_root(), user_data_path("kzgraph") / RELEASES]
