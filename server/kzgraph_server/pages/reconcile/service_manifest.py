"""The manifest of the service: section 3.1."""

from typing import Any

from flask import url_for

from kzgraph.iri import ID, ONTOLOGY
from kzgraph.reconciling import TYPES
from kzgraph.version import VERSION
from kzgraph_server.language_addresses import ENGLISH
from kzgraph_server.pages.language import NAMES, get_language
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.reconcile.batch_limits import MOST_QUERIES
from kzgraph_server.pages.reconcile.described_names import describe_type
from kzgraph_server.served import get_served

#: The version of the API.
API = "0.2"
#: The size in pixels of the frame that a preview is made for.
WIDTH, HEIGHT = 420, 260
#: The settings of data extension: how many values of a property, and what of a link.
LIMIT, LINKS = "limit", "links"
#: What of a link is given: all of it, or the code that the other data set has.
WHOLE, CODE = "iri", "code"


def make_manifest() -> dict[str, Any]:
    """The manifest, its addresses and names in the language of its own address."""
    return {
        "versions": [API],
        "name": _name(),
        "identifierSpace": ID,
        "schemaSpace": ONTOLOGY,
        "documentation": locate("docs.show", name="reconciling"),
        "logo": locate("static", filename="icon.svg"),
        "serviceVersion": VERSION,
        "defaultTypes": [describe_type(each) for each in TYPES if each.usual],
        "view": {"url": locate("reconcile.view") + "?id={{id}}"},
        "preview": {
            "url": locate("reconcile.preview") + "?id={{id}}",
            "width": WIDTH,
            "height": HEIGHT,
        },
        "suggest": {each: _suggest(each) for each in ("entity", "type", "property")},
        "extend": {
            "propose_properties": _split("reconcile.propose"),
            "property_settings": [
                {
                    "name": LIMIT,
                    "label": _("How many values at most"),
                    "type": "number",
                    "default": 0,
                    "help_text": _("0 stands for all of them."),
                },
                {
                    "name": LINKS,
                    "label": _("What of a link to another data set"),
                    "type": "select",
                    "default": WHOLE,
                    "help_text": _("Other properties have no links."),
                    "choices": [
                        {"value": WHOLE, "name": _("the whole address")},
                        {"value": CODE, "name": _("the code at its end")},
                    ],
                },
            ],
        },
        "batchSize": MOST_QUERIES,
    }


def _name() -> str:
    language = get_language()
    name = f"kzgraph {get_served().release.version}" if get_served().pinned else "kzgraph"
    return name if language == ENGLISH else f"{name} ({NAMES[language]})"


def _suggest(what: str) -> dict[str, str]:
    """The addresses of suggestions and of what is shown beside them: section 6.1."""
    return {
        **_split("reconcile.suggest", what=what),
        "flyout_service_url": _base(),
        "flyout_service_path": _path("reconcile.show_flyout", what=what) + "?id=${id}",
    }


def _split(endpoint: str, **values: Any) -> dict[str, str]:
    """An address in two parts, as the API has it."""
    return {"service_url": _base(), "service_path": _path(endpoint, **values)}


def locate(endpoint: str, **values: Any) -> str:
    """The public address of a view."""
    return _base() + _path(endpoint, **values)


def _path(endpoint: str, **values: Any) -> str:
    """The path of a view below the public address, with its slash."""
    root = url_for("home.overview", _language=ENGLISH).rstrip("/")
    return url_for(endpoint, **values).removeprefix(root)


def _base() -> str:
    """The public address: never that of a request, whose Host field anybody can make up."""
    return get_served().settings.public_url.rstrip("/")
