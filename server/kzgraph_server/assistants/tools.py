"""What a tool is, and the check of what it is called with."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from kzgraph_server.assistants.marking import clean
from kzgraph_server.assistants.outcomes import Outcome, ToolRefusal
from kzgraph_server.assistants.site_access import Site

Run = Callable[[Site, Mapping[str, Any]], Awaitable[Outcome]]


@dataclass(frozen=True)
class Tool:
    """A tool.

    Attributes:
        name: its name, for programs.
        title: its name, for readers.
        description: what it does, when to take it, and what to do with the answer.
        parameters: the JSON Schema of each argument.
        result: the JSON Schema of the structured answer.
        run: answers a call; its arguments fit the schema, and those left out are missing.
        required: the arguments that a call cannot go without.
    """

    name: str
    title: str
    description: str
    parameters: Mapping[str, Mapping[str, Any]]
    result: Mapping[str, Any]
    run: Run
    required: tuple[str, ...] = ()

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the arguments."""
        return {
            "type": "object",
            "properties": dict(self.parameters),
            "required": list(self.required),
            "additionalProperties": False,
        }

    def check(self, arguments: Mapping[str, Any]) -> None:
        """Check arguments against the schema.

        Raises:
            ToolRefusal: they do not fit; the message says what would.
        """
        error = best_match(Draft202012Validator(self.schema).iter_errors(arguments))
        if error is None:
            return
        where = "".join(f"{each}: " for each in error.absolute_path)
        told = f"`{self.name}` was called wrongly: {clean(where, 100)}{clean(error.message, 300)}."
        example = ", ".join(
            f"{name}={schema['examples'][0]!r}"
            for name, schema in self.parameters.items()
            if name in self.required or len(self.required) == 0
        )
        known = ", ".join(self.parameters)
        raise ToolRefusal(f"{told} Its arguments: {known}. For example: {example}.")
