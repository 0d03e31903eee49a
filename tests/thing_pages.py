"""Pages of things, asked of the Flask application, and what stands where on them."""

import json
import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from kzgraph_server.pages.language import LANGUAGE
from test_server_pages import Page


def fetch(app: Flask, path: str, language: str = "en", **fields: str) -> TestResponse:
    """The page at a path, in a language."""
    return app.test_client().get(
        f"/page/{path}", environ_overrides={LANGUAGE: language}, headers=fields
    )


def read(app: Flask, path: str, language: str = "en") -> str:
    """The text of a page that is there, in one line."""
    found = fetch(app, path, language)
    assert found.status_code == 200
    assert Page(found.text).open == []
    return re.sub("[ \n]+", " ", found.text)


def part(text: str, identifier: str) -> str:
    """What stands on a page between a heading and the next of its level."""
    return text.partition(f'<h2 id="{identifier}">')[2].partition("<h2")[0]


def data_block(text: str) -> dict[str, Any]:
    """The JSON-LD of a page."""
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    found: dict[str, Any] = json.loads(block)
    return found
