"""The description as a document of OpenAPI 3.1: https://spec.openapis.org/oas/v3.1.1.html."""

from collections.abc import Iterable, Mapping
from typing import Any

from kzgraph.licences import OWN
from kzgraph.version import VERSION as CODE_VERSION
from kzgraph_server.pages.openapi import (
    assistants_addresses,
    browse_addresses,
    data_addresses,
    page_addresses,
    quality_addresses,
    query_addresses,
    reconcile_addresses,
    search_addresses,
    table_addresses,
)
from kzgraph_server.pages.openapi.elements import Address, Answer, Group, Operation, Parameter
from kzgraph_server.pages.openapi.json_bodies import (
    ALWAYS,
    MAY_BE_EMPTY,
    REFUSALS,
    SCHEMAS,
    name_refusal,
    ref,
)
from kzgraph_server.pages.openapi.parameters import VERSION
from kzgraph_server.problems import BODIES

#: Every address, group by group as the page has them.
ADDRESSES: tuple[Address, ...] = (
    *query_addresses.ADDRESSES,
    *assistants_addresses.ADDRESSES,
    *table_addresses.ADDRESSES,
    *data_addresses.ADDRESSES,
    *search_addresses.ADDRESSES,
    *reconcile_addresses.ADDRESSES,
    *quality_addresses.ADDRESSES,
    *browse_addresses.ADDRESSES,
    *page_addresses.ADDRESSES,
)

_DESCRIPTION = (
    "Each address that answers GET answers HEAD and OPTIONS too. Pages exist in Russian and "
    "Kazakh below /ru and /kk; everything else has one address. Conditional requests are answered "
    "by ETag. A refusal is a problem of RFC 9457, as JSON, plain text or a page."
)


#: What the server has once, whatever the release: it is not below the address of one.
_OF_SITE = frozenset({"/health", "/ready", "/metrics"})


def make_specification(public_url: str, release: str, pinned: bool = False) -> dict[str, Any]:
    """The document.

    Args:
        public_url: where the public finds the server.
        release: the version of the release that is served, for examples.
        pinned: whether it is served at the address of its version, which `public_url` is then.
    """
    addresses = [
        each
        for each in ADDRESSES
        if not pinned or (each.group is not Group.RELEASES and each.path not in _OF_SITE)
    ]
    base = public_url.rstrip("/")
    current = {
        "url": base or "/",
        "description": f"Release {release}" if pinned else "The current release",
    }
    earlier = {
        "url": f"{base}/releases/{{version}}",
        "description": "A release at the address of its version",
        "variables": {"version": {"default": release}},
    }
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "kzgraph",
            "version": CODE_VERSION,
            "summary": "UNHCR's operation in Kazakhstan and Central Asia as linked data",
            "description": _DESCRIPTION,
            "license": {"name": OWN.name, "url": OWN.iri},
        },
        "servers": [current] if pinned else [current, earlier],
        "tags": [{"name": each.name.lower(), "description": each.value} for each in Group],
        "paths": {each.path: _write_address(each, release) for each in addresses},
        "components": {
            "schemas": dict(SCHEMAS),
            "responses": {name_refusal(status): _write_refusal(status) for status in REFUSALS},
        },
    }


def _write_address(address: Address, release: str) -> dict[str, Any]:
    return {each.method: _write(each, address.group, release) for each in address.operations}


def _write(operation: Operation, group: Group, release: str) -> dict[str, Any]:
    stated = {str(each.status): _write_answer(each) for each in operation.answers}
    refused = {
        str(status): {"$ref": f"#/components/responses/{name_refusal(status)}"}
        for status in sorted({*ALWAYS, *operation.refusals})
    }
    written: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [group.name.lower()],
        "summary": operation.summary,
    }
    if operation.text:
        written["description"] = operation.text
    if operation.parameters:
        written["parameters"] = [_write_parameter(each, release) for each in operation.parameters]
    if operation.body is not None:
        written["requestBody"] = {"required": True, "content": _write_content(operation.body)}
    return {**written, "responses": {**refused, **stated}}


def _write_parameter(parameter: Parameter, release: str) -> dict[str, Any]:
    written: dict[str, Any] = {
        "name": parameter.name,
        "in": parameter.place,
        "description": parameter.text,
        "schema": parameter.schema,
    }
    if parameter.required:
        written["required"] = True
    if parameter.example is not None:
        written["example"] = release if parameter is VERSION else parameter.example
    return written


def _write_answer(answer: Answer) -> dict[str, Any]:
    written: dict[str, Any] = {"description": answer.text}
    if answer.headers:
        written["headers"] = {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in answer.headers.items()
        }
    if answer.content:
        written["content"] = _write_content(answer.content)
    return written


def _write_content(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: {"schema": schema} if schema else {} for name, schema in content.items()}


def _write_refusal(status: int) -> dict[str, Any]:
    if status in MAY_BE_EMPTY:
        return {"description": REFUSALS[status]}
    schemas: Iterable[tuple[str, Any]] = (
        (each, ref("Problem") if each.endswith("json") else {"type": "string"}) for each in BODIES
    )
    return {"description": REFUSALS[status], "content": _write_content(dict(schemas))}
