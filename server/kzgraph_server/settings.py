"""The settings of the server: its limits, and what it has to know of the place it runs at."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal
from urllib.parse import urlsplit

from kzgraph.iri import BASE
from kzgraph.settings import (
    MAX_QUERY_NESTING,
    Reader,
    SettingsError,
    read_natural,
    read_number_of,
    read_number_of_or_none,
    read_seconds,
    read_settings,
    read_text,
    read_whole,
    setting,
    variable,
)
from kzgraph_server.allow_list import allow_list
from kzgraph_server.clients import parse_networks, parse_origins

#: An address without credentials, query or fragment, in the characters that a URI may have:
#: https://www.rfc-editor.org/rfc/rfc3986#section-2
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._~!$&'()*+,;=:@%-]+)*/?")
#: The HTTP library counts the bytes of an address in 16 bits.
_MOST_URL = 65_000
#: `name={s}` or `name={ms}`, and what may stand around the number.
_TIMEOUT_PARAMETER = re.compile(r"([A-Za-z0-9_.-]+)=([^{}\s]*\{(?:s|ms)\}[^{}\s]*)")


def _address(name: str, text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise SettingsError(
            f"{name} must be an address such as https://example.org/kzgraph, not {text!r}"
        )
    return text.rstrip("/")


def _url_bytes(name: str, text: str) -> int:
    return read_whole(name, text, _MOST_URL)


def _text_for(parse: Callable[[str], object]) -> Reader:
    """Reads a text that `parse` can read; its ValueError says what it is not."""

    def read(name: str, text: str) -> str:
        try:
            parse(text)
        except ValueError as error:
            raise SettingsError(f"{name}: {error}") from None
        return text

    return read


def _engine(name: str, text: str) -> str:
    # Imported here: it brings an HTTP client, which most servers have no need of.
    from kzgraph.engines import find_address_fault

    fault = find_address_fault(text)
    if fault:
        # Its value is not repeated: there may be a password in it.
        raise SettingsError(f"{name} is not the address of an engine: {fault}")
    return text


def _switch(name: str, text: str) -> str:
    if text not in ("on", "off"):
        raise SettingsError(f"{name} is on or off, not {text!r}")
    return text


def _dataset(name: str, text: str) -> str:
    if text not in ("release", "engine"):
        raise SettingsError(f"{name} is release or engine, not {text!r}")
    return text


def _parameter(name: str, text: str) -> tuple[str, str]:
    match = _TIMEOUT_PARAMETER.fullmatch(text)
    if match is None:
        raise SettingsError(f"{name} is like timeout={{s}} or timeout={{ms}}, not {text!r}")
    return match[1], match[2]


@dataclass(frozen=True)
class Settings:
    """The limits of the server and what it has to know of the place it runs at."""

    public_url: str = setting(
        BASE.rstrip("/"),
        "Where the public finds the server: the base of every address in its descriptions, and the "
        "path of its pages.",
        _address,
    )
    query_timeout: int = setting(
        30, "Seconds that a query may run; `timeout=` in a request lowers it.", read_seconds
    )
    max_rows: int = setting(
        0,
        "Most rows of a SELECT result in one answer, which links to the next; 0 for all.",
        read_natural,
    )
    max_query_bytes: int = setting(
        1024 * 1024, "The longest query or request body in bytes; a longer one is answered 413."
    )
    max_url_bytes: int = setting(
        32 * 1024,
        "The longest path and query string in bytes, 65,000 at most; a longer one is answered 414.",
        _url_bytes,
    )
    max_fields_bytes: int = setting(
        16 * 1024,
        "All header fields of a request in bytes, one at most half of it; more is answered 431.",
    )
    max_query_nesting: int = setting(
        MAX_QUERY_NESTING,
        "How deep brackets and signs may nest in a query; a deeper one is answered 400.",
    )
    workers: int = setting(
        0, "Queries evaluated at a time that are not long; 0 for one per processor, at least 2.",
        read_number_of_or_none,
    )  # fmt: skip
    spare_workers: int = setting(
        1, "Idle workers kept in addition, which take over when queries turn long.", read_number_of
    )
    worker_memory_mib: int = setting(1024, "Address space of one worker in MiB.")
    columns: Literal["on", "off"] = setting(
        "on",
        "Whether queries that group and compute are answered from the columns of the release where "
        "the answer is that of the store: `on` or `off`. Workers of less than 512 MiB ask the "
        "store alone.",
        _switch,
    )
    long_after_ms: int = setting(
        150, "Milliseconds after which a query is long and gives its place to another."
    )
    lower_after_ms: int = setting(
        1000,
        "Milliseconds after which a query runs at idle priority.",
    )
    long_queries: int = setting(
        0,
        "Long queries at a time; 0 for as many as half of the memory holds, from 2 to 12.",
        read_number_of_or_none,
    )
    client_long_queries: int = setting(8, "Long queries at a time of one client.", read_number_of)
    queue: int = setting(
        256,
        "Queries that may wait for a worker, of one client at most a quarter; then 503.",
    )
    cache_mib: int = setting(64, "Memory of the cache of answers, keys included, in MiB.")
    bodies_mib: int = setting(
        32,
        "Memory for large request bodies at a time in MiB, for one client half of it; then 503.",
    )
    send_timeout: int = setting(
        30,
        "Seconds that a client may stop reading its answer before it is disconnected.",
        read_seconds,
    )
    max_incoming: int = setting(
        200,
        "How many incoming links a description of a thing has, the total being stated, and how "
        "many things a page of one kind of them.",
    )
    html_rows: int = setting(
        1000, "How many rows of a result the HTML table shows; whether there are more is stated."
    )
    documents: str = setting(
        "",
        "The folder of the source texts, whose words pages then show around evidence; only where "
        "the server listens on the loopback. Files are told by their SHA-256.",
        read_text,
        shown="none",
    )
    threads: int = setting(
        2, "How many pages are made at a time, of one client at most half of them.", read_number_of
    )
    grace: int = setting(
        5, "Seconds that running requests get to end after a signal to stop.", read_seconds
    )
    earlier_releases: int = setting(
        2,
        "Earlier releases that are open at a time, each with two workers once it is queried; "
        "then 503.",
        read_number_of,
    )
    earlier_idle: int = setting(
        300, "Seconds after which an earlier release that nobody asks for is closed.", read_seconds
    )
    access_log: str = setting(
        "-", "Where the access log goes: a file, `-` for standard error, or `off`.", read_text
    )
    trusted_proxies: str = setting(
        "",
        "Addresses or networks of proxies whose `X-Forwarded-For`, or else `Forwarded`, counts.",
        _text_for(parse_networks),
        shown="none",
    )
    mcp_origins: str = setting(
        "",
        "Origins of web pages that may call the tools at `/mcp`, such as `https://example.org`, "
        "separated by blanks, besides the server's own and those of the user's machine. Programs "
        "that are no web page send none, and need none.",
        _text_for(parse_origins),
        shown="none",
    )
    service_allow: str = setting(
        "",
        "Endpoints that a query may call with SERVICE, as exact addresses separated by blanks.",
        _text_for(allow_list),
        shown="none",
    )
    service_networks: str = setting(
        "",
        "Addresses or networks that are not public and in which listed endpoints may be called all "
        "the same, such as 127.0.0.1 for one on this machine.",
        _text_for(parse_networks),
        shown="none",
    )
    engine: str = setting(
        "",
        "The SPARQL endpoint to pass queries on to. It is reached directly: proxies that other "
        "variables name are not used, and redirects are not followed.",
        _engine,
        shown="none: the release itself",
    )
    engine_user: str = setting(
        "", "The user there. Basic or Digest, as the engine asks.", read_text, shown="none"
    )
    engine_password: str = setting(
        "", "The password of that user.", read_text, shown="none", secret=True
    )
    engine_dataset: Literal["release", "engine"] = setting(
        "release",
        "What a query is about that names no data set. `release`: the graphs of the release, "
        "named in each such query. `engine`: nothing is named; right where the engine's default "
        "graph is the union of its graphs and it holds nothing else. The graphs of a release that "
        "has superseded ones are named in either case.",
        _dataset,
    )
    engine_timeout: tuple[str, str] | None = setting(
        None,
        "The parameter that tells the engine the deadline, `{s}` or `{ms}` standing for the "
        "number: `timeout={s}` for Fuseki and GraphDB. Past the deadline the connection is closed "
        "in any case.",
        _parameter,
        shown="none: not told",
    )
    engine_connections: int = setting(
        32,
        "Connections to the engine at a time; half of them at most are one client's.",
        read_number_of,
    )

    @cached_property
    def mount(self) -> str:
        """The path below which the public finds the server, as in an address; often empty.

        The base of the project's IRIs is not where a server is: it redirects to where one is.
        """
        path = self.public_url.removeprefix(BASE.rstrip("/"))
        return urlsplit(path).path

    @cached_property
    def origins(self) -> frozenset[str]:
        """The origins of web pages that may call the tools, that of the server among them."""
        own = urlsplit(self.public_url)
        return parse_origins(self.mcp_origins) | {f"{own.scheme}://{own.netloc}".lower()}

    def __post_init__(self) -> None:
        if bool(self.engine_user) != bool(self.engine_password):
            names = f"{variable('engine_user')} and {variable('engine_password')}"
            raise SettingsError(f"{names} go together")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """The settings that `environment` makes, defaults where it is silent.

        Raises:
            SettingsError: a variable holds a value that it cannot have.
        """
        return read_settings(cls, environment)
