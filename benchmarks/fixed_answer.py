"""An application that gives every request one answer: what the HTTP server by itself can do.

Started with a port and an address to take the answer from, header fields included.
"""

import sys
import urllib.request
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces


def load() -> Any:
    """The application."""
    with urllib.request.urlopen(sys.argv[2]) as answer:
        body = answer.read()
        # The server adds these itself.
        names = {"server", "date", "transfer-encoding"}
        fields = [
            (name.lower().encode(), value.encode())
            for name, value in answer.headers.items()
            if name.lower() not in names
        ]
    start = {"type": "http.response.start", "status": 200, "headers": fields}
    whole = {"type": "http.response.body", "body": body, "more_body": False}

    async def answer_all(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send(start)
            await send(whole)

    return answer_all


if __name__ == "__main__":
    server = Granian(
        "fixed_answer",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        workers=1,
        websockets=False,
        log_enabled=False,
    )
    server.serve(target_loader=load, wrap_loader=False)
