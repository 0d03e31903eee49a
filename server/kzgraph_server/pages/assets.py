"""The scripts of the pages: built from `server/assets` by `make assets`, where Node is there.

Pages work without them. A template asks `asset(name)` for the address of one, and leaves the
script out where that is None.
"""

import json
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from kzgraph_server.served import get_served

#: The folder of the static files that scripts are built into, and the list of them there.
_FOLDER = "built"
BUILT = Path(__file__).parents[1] / "static" / _FOLDER
MANIFEST = BUILT / "manifest.json"

#: The names of built files carry a hash of the content, so that caches never ask for them again.
_KEPT_FOR_GOOD = "public, max-age=31536000, immutable"


def register(app: Flask) -> None:
    """Let the templates of `app` ask for assets, and browsers keep them."""
    # As they were when the server was started: a file that was built since has another name.
    names: dict[str, str] = json.loads(MANIFEST.read_bytes()) if MANIFEST.exists() else {}

    def asset(name: str) -> str | None:
        """The address of the asset called `name`, such as `editor.js`; None if it was not built."""
        if name not in names:
            return None
        # One address for all releases: the code is the same.
        return f"{get_served().site.mount}/static/{_FOLDER}/{names[name]}"

    app.jinja_env.globals["asset"] = asset
    kept = frozenset(f"{_FOLDER}/{each}" for each in names.values())

    def keep(response: Response) -> Response:
        arguments: dict[str, Any] = request.view_args or {}
        if request.endpoint == "static" and _is_kept(arguments["filename"], kept):
            response.headers["Cache-Control"] = _KEPT_FOR_GOOD
        return response

    app.after_request(keep)


def _is_kept(name: str, entries: frozenset[str]) -> bool:
    """Whether the content of a static file is in its name: an entry, or what several share."""
    return name in entries or name.startswith(f"{_FOLDER}/chunk-")
