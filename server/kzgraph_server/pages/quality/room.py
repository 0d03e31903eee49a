"""What the pages on the quality of a release share."""

from flask import Blueprint, Response, render_template

from kzgraph.rdf.formats import HTML
from kzgraph_server.licensing import get_licensing, set_rights
from kzgraph_server.pages.language import gettext as _

blueprint = Blueprint("quality", __name__)


def render(template: str, **values: object) -> Response:
    """The page that a template below `quality/` makes."""
    # Each may show what official figures say.
    set_rights(get_licensing().whole)
    text = render_template(f"quality/{template}.html", rooms=list_rooms(), **values)
    return Response(text, content_type=HTML.content_type)


def list_rooms() -> list[tuple[str, str]]:
    """The pages: their views, and what they are called."""
    return [
        ("quality.show", _("In short")),
        ("quality.validate", _("Validation")),
        ("quality.compare_programs", _("Cross-check")),
        ("quality.cover", _("Evidence")),
        ("quality.disagree", _("Disagreements")),
        ("quality.accord", _("Official data")),
        ("quality.name", _("Missing labels")),
        ("quality.link", _("Links")),
        ("quality.change", _("What changed")),
    ]
