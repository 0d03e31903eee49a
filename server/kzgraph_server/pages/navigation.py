"""The rooms of the site, for the links of every page: those that this server has."""

from typing import cast

from flask import current_app, url_for

from kzgraph_server.language_addresses import join_language
from kzgraph_server.pages.language import LanguageFlask, get_language
from kzgraph_server.served import get_served

_MADE = "kzgraph-rooms"


def register(app: LanguageFlask) -> None:
    """Let the templates of `app` ask where a page is."""
    app.jinja_env.globals.update(
        find_in_release=find_in_release,
        find_on_site=find_on_site,
        find_room=find_room,
        find_rooms=find_rooms,
    )


def find_rooms() -> dict[str, str]:
    """The pages that need no parameter: their endpoints by their paths, such as `/quality`."""
    app = cast(LanguageFlask, current_app)
    rooms = app.extensions.get(_MADE)
    if rooms is None:
        rooms = {
            rule.rule: rule.endpoint
            for rule in app.url_map.iter_rules()
            if not rule.arguments and app.is_in_languages(rule.endpoint)
        }
        app.extensions[_MADE] = rooms
    return cast(dict[str, str], rooms)


def find_room(path: str) -> str | None:
    """The address of the page at `path`, in the language of the page; None where there is none."""
    endpoint = find_rooms().get(path)
    return None if endpoint is None else url_for(endpoint)


def find_on_site(path: str) -> str:
    """The address of a page of the server, not of the release that is served below its version.

    It is in the language of the page.
    """
    mount = get_served().site.mount
    return join_language(mount, mount + path, get_language())


def find_in_release(version: str, path: str) -> str:
    """The address of a page of a release that is kept, in the language of the page."""
    root = f"{get_served().site.mount}/releases/{version}"
    return join_language(root, root + path, get_language())
