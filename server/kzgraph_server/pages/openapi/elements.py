"""What the description of an address consists of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import Any

from kzgraph.rdf.formats import HTML, Format

Schema = Mapping[str, Any]


def N_(message: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """`message`, which the page translates: its text is taken into the catalogues by this name."""
    return message


class Group(Enum):
    """What an address is for; the groups of the page, in its order."""

    QUERIES = N_("Queries")
    THINGS = N_("Things")
    FILES = N_("Graphs and files")
    DESCRIPTIONS = N_("Descriptions for programs")
    RELEASES = N_("Releases")
    PAGES = N_("Pages for readers")
    OPERATIONS = N_("For operators")


@dataclass(frozen=True)
class Parameter:
    """A parameter of an address.

    Attributes:
        name: its name.
        text: what it means.
        schema: what it may be, as JSON Schema.
        example: a value that makes sense; None for one that an example leaves out.
        place: where it stands: query, path or header.
        required: whether an address without it makes no sense; those in a path always are.
    """

    name: str
    text: str
    schema: Schema
    example: Any = None
    place: str = "query"
    required: bool = False


@dataclass(frozen=True)
class Answer:
    """An answer that is not a refusal.

    Attributes:
        text: what it is.
        content: its media types, each with the JSON Schema of what is sent under it; an empty one
            says nothing.
        status: its status code.
        headers: header fields that tell more than HTTP does: what each means.
    """

    text: str
    content: Mapping[str, Schema]
    status: int = 200
    headers: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Operation:
    """A method at an address.

    Attributes:
        name: its name, for programs that are made from the description.
        summary: what it gives, in a line.
        text: what else there is to know; may be empty.
        answers: what it answers if all is well.
        parameters: its parameters.
        refusals: the status codes of its refusals, besides those of every address.
        body: the media types in which a body is sent, each with its JSON Schema.
        method: get or post.
    """

    name: str
    summary: str
    text: str
    answers: tuple[Answer, ...]
    parameters: tuple[Parameter, ...] = ()
    refusals: tuple[int, ...] = ()
    body: Mapping[str, Schema] | None = None
    method: str = "get"


@dataclass(frozen=True)
class Address:
    """An address, whose path may have parts in braces.

    Attributes:
        path: as OpenAPI has it: https://spec.openapis.org/oas/v3.1.1.html#path-templating
        group: what it is for.
        operations: what can be done there.
    """

    path: str
    group: Group
    operations: tuple[Operation, ...]


def sent_as(
    formats: Iterable[Format], schemas: Mapping[str, Schema] | None = None
) -> dict[str, Schema]:
    """The content of an answer in any of some formats.

    Args:
        formats: the formats.
        schemas: what is sent, by the names of formats; nothing is said of the others.
    """
    said = schemas or {}
    content: dict[str, Schema] = {}
    for each in formats:
        for media_type in (each.content_type, *each.other_types):
            content.setdefault(media_type, said.get(each.name, {}))
    return content


def page(path: str, name: str, summary: str, text: str = "", *parameters: Parameter) -> Address:
    """An address that answers with a page for readers and nothing else.

    Args:
        path: of the address; what is in braces needs a parameter.
        name: of the operation.
        summary: what the page shows, in a line.
        text: what else there is to know.
        parameters: of the address.
    """
    refusals = (HTTPStatus.NOT_FOUND,) if "{" in path else ()
    shown = Answer(N_("The page."), sent_as((HTML,)))
    operation = Operation(name, summary, text, (shown,), parameters, refusals)
    return Address(path, Group.PAGES, (operation,))
