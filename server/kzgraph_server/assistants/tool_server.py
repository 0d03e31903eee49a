"""The tools as the official SDK serves them, whatever the transport.

https://modelcontextprotocol.io/specification/2025-11-25/server/tools
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    ToolAnnotations,
)
from mcp.types import Tool as DescribedTool

from kzgraph.version import VERSION
from kzgraph_server.assistants.checking_claims import CHECK
from kzgraph_server.assistants.citing_in_words import CITE
from kzgraph_server.assistants.describing_things import DESCRIBE
from kzgraph_server.assistants.finding import SEARCH
from kzgraph_server.assistants.marking import NOTICE, clean
from kzgraph_server.assistants.outcomes import ToolRefusal
from kzgraph_server.assistants.running_queries import QUERY
from kzgraph_server.assistants.schema_card import SCHEMA
from kzgraph_server.assistants.site_access import Site, SiteError
from kzgraph_server.assistants.tools import Tool
from kzgraph_server.offloading import run_sized

_log = logging.getLogger(__name__)

#: In the order in which an assistant meets them.
TOOLS = (SEARCH, DESCRIBE, SCHEMA, QUERY, CHECK, CITE)
_BY_NAME = {each.name: each for each in TOOLS}
INSTRUCTIONS = (
    "kzgraph has what documents of UNHCR state about its work in Kazakhstan, with the "
    "characters that support each figure, and official statistics beside them. Begin with "
    "`search`, which gives ids; `describe` tells who, which and what; `schema` and `query` look up "
    "numbers; `check` tells what is stated of a claim; `cite` gives citations. Repeat a figure as "
    "the sentence that a tool gives: with its hedge, unit, place, time, status and source. A "
    "figure of the Kazakhstan Regional Office is not Kazakhstan's; a forecast, target or plan is "
    "no count; no value is not zero; a note of the project is the project's and not the "
    f"document's. If nothing is found, say so, and guess nothing. {NOTICE}"
)

FindSite = Callable[[ServerRequestContext[Any, Any]], Site]


def make_server(find_site: FindSite, seconds: float) -> Server[Any]:
    """A server of the tools.

    Args:
        find_site: the server of a release that a call is about.
        seconds: how long a call may take.
    """

    async def list_tools(
        _context: ServerRequestContext[Any, Any], _params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return ListToolsResult(tools=[_describe(each) for each in TOOLS])

    async def call_tool(
        context: ServerRequestContext[Any, Any], params: CallToolRequestParams
    ) -> CallToolResult:
        return await call(find_site(context), params.name, params.arguments or {}, seconds)

    return Server(
        "kzgraph",
        title="kzgraph",
        version=VERSION,
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def call(site: Site, name: str, arguments: dict[str, Any], seconds: float) -> CallToolResult:
    """The result of a call; what goes wrong is told in it, so that an assistant can do better.

    Args:
        site: the server of a release.
        name: of the tool.
        arguments: what it is called with, unchecked.
        seconds: how long it may take.
    """
    tool = _BY_NAME.get(name)
    if tool is None:
        return _refuse(f"There is no tool of that name. There are: {', '.join(_BY_NAME)}.")
    try:
        tool.check(arguments)
        async with asyncio.timeout(seconds):
            outcome = await tool.run(site, arguments)
            words = await run_sized(outcome.size, outcome.words)
            structure = await run_sized(outcome.size, outcome.structure)
    except (ToolRefusal, SiteError) as refusal:
        return _refuse(str(refusal))
    except TimeoutError:
        return _refuse(f"This took longer than {seconds:g} seconds. Ask for less at a time.")
    except (KeyError, TypeError, AttributeError, ValueError, LookupError):
        _log.exception("the tool %s cannot read an answer of the server", name)
        return _refuse(
            "The server gave an answer that this tool cannot read. It is no fault of yours."
        )
    text = TextContent(type="text", text=words)
    return CallToolResult(content=[text], structured_content=structure)


def _refuse(told: str) -> CallToolResult:
    # It may hold names of the release, which are data as all others.
    return CallToolResult(
        content=[TextContent(type="text", text=f"{NOTICE}\nRefused:\n| {clean(told, 2_000)}")],
        is_error=True,
    )


def _describe(tool: Tool) -> DescribedTool:
    return DescribedTool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.schema,
        output_schema=dict(tool.result),
        annotations=ToolAnnotations(
            title=tool.title,
            read_only_hint=True,
            destructive_hint=False,
            idempotent_hint=True,
            open_world_hint=False,
        ),
    )
