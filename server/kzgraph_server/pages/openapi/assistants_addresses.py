"""`/mcp` and `/llms.txt`, for assistants."""

from kzgraph_server.pages.llms_text import MARKDOWN_TEXT
from kzgraph_server.pages.openapi.elements import N_, Address, Answer, Group, Operation
from kzgraph_server.pages.openapi.json_bodies import ref

_JSON = "application/json"
_CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "search", "arguments": {"text": "87,632"}},
}

ADDRESSES = (
    Address(
        "/mcp",
        Group.QUERIES,
        (
            Operation(
                "callTool",
                N_("Calls a tool for assistants"),
                N_(
                    "The Model Context Protocol over streamable HTTP, without sessions: one "
                    "message of JSON-RPC in, one out. The method tools/list lists the tools with "
                    "the schemas of what they take and give. Pages of other sites are refused."
                ),
                (
                    Answer(N_("The answer to the message."), {_JSON: ref("MessageAnswer")}),
                    Answer(N_("A notice was taken, which has no answer."), {}, 202),
                ),
                refusals=(403, 404, 406, 408, 413, 415, 501),
                body={_JSON: {**ref("Message"), "examples": [_CALL]}},
                method="post",
            ),
        ),
    ),
    Address(
        "/llms.txt",
        Group.DESCRIPTIONS,
        (
            Operation(
                "readLlmsText",
                N_("Tells language models what is where"),
                N_("In Markdown, by the proposal of llmstxt.org."),
                (Answer(N_("The text."), {MARKDOWN_TEXT: {}}),),
            ),
        ),
    ),
)
