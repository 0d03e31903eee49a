"""How another engine is reached, read from the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kzgraph import settings
from kzgraph.engines import fault_of_address
from kzgraph_server.settings import SettingsError

#: `name={s}` or `name={ms}`, and what may stand around the number.
_TIMEOUT_PARAMETER = re.compile(r"([A-Za-z0-9_.-]+)=([^{}\s]*\{(?:s|ms)\}[^{}\s]*)")


@dataclass(frozen=True)
class RemoteSettings:
    """Another engine.

    Attributes:
        url: its SPARQL endpoint.
        user: who asks; empty where it wants to know nothing.
        password: of `user`.
        dataset: what a query is about that names no data set: `release` for the graphs of the
            release, sent with each such query; `engine` for whatever the engine's default is.
        timeout_parameter: name and value of the parameter that tells it the deadline, the value
            with `{s}` or `{ms}` where the number goes; None to tell it nothing.
        connections: connections to it at a time.
        timeout_s: seconds for an answer, from its first byte asked to the last received.
        max_query_nesting: how deep brackets and signs may nest in a query.
    """

    url: str
    user: str = ""
    password: str = field(default="", repr=False)
    dataset: Literal["release", "engine"] = "release"
    timeout_parameter: tuple[str, str] | None = None
    connections: int = 32
    timeout_s: float = 30.0
    max_query_nesting: int = 100

    @classmethod
    def from_environment(
        cls,
        environment: Mapping[str, str] = os.environ,
        timeout_s: float = 30.0,
        max_query_nesting: int = 100,
    ) -> "RemoteSettings | None":
        """The engine that `environment` names; None where it names none.

        Raises:
            SettingsError: a variable has a value that it cannot have.
        """
        url = environment.get(settings.ENGINE, "").strip()
        if not url:
            return None
        fault = fault_of_address(url)
        if fault:
            # Its value is not repeated: there may be a password in it.
            raise SettingsError(f"{settings.ENGINE} is not the address of an engine: {fault}")
        user = environment.get(settings.ENGINE_USER, "")
        password = environment.get(settings.ENGINE_PASSWORD, "")
        if bool(user) != bool(password):
            raise SettingsError(
                f"{settings.ENGINE_USER} and {settings.ENGINE_PASSWORD} go together"
            )
        return cls(
            url=url,
            user=user,
            password=password,
            dataset=_dataset(environment.get(settings.ENGINE_DATASET, "").strip()),
            timeout_parameter=_parameter(environment.get(settings.ENGINE_TIMEOUT, "").strip()),
            connections=_connections(environment.get(settings.ENGINE_CONNECTIONS, "").strip()),
            timeout_s=timeout_s,
            max_query_nesting=max_query_nesting,
        )

    def deadline(self, seconds: float) -> dict[str, str]:
        """The parameter that tells the engine to give up after `seconds`, if it has one."""
        if self.timeout_parameter is None:
            return {}
        name, value = self.timeout_parameter
        # Engines take whole numbers; rounded up, because ours is the limit that counts.
        number = {"s": str(int(seconds) + 1), "ms": str(int(seconds * 1000) + 1)}
        return {name: value.format(**number)}


def _dataset(text: str) -> Literal["release", "engine"]:
    if text in ("", "release"):
        return "release"
    if text == "engine":
        return "engine"
    raise SettingsError(f"{settings.ENGINE_DATASET} is release or engine, not {text!r}")


def _parameter(text: str) -> tuple[str, str] | None:
    if not text:
        return None
    match = _TIMEOUT_PARAMETER.fullmatch(text)
    if match is None:
        raise SettingsError(
            f"{settings.ENGINE_TIMEOUT} is like timeout={{s}} or timeout={{ms}}, not {text!r}"
        )
    return match[1], match[2]


def _connections(text: str) -> int:
    if not text:
        return RemoteSettings.connections
    if not (text.isascii() and text.isdigit()) or int(text) == 0:
        raise SettingsError(
            f"{settings.ENGINE_CONNECTIONS} must be a positive whole number, not {text!r}"
        )
    return int(text)
