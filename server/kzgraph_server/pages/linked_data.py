"""The thing of a page for programs: in schema.org, and as a query to go on from."""

from typing import Any

from markupsafe import Markup

from kzgraph.iri import ID
from kzgraph.namespaces import OWL, SKOS
from kzgraph.prefixes import shorten
from kzgraph_server.descriptions.addresses import Addresses
from kzgraph_server.descriptions.schema_org import script
from kzgraph_server.pages.kinds.look import Look, PageKind
from kzgraph_server.served import get_served


def describe_thing(look: Look, kind: PageKind | None, made: Any) -> Markup:
    """The thing as a block of JSON-LD for the head of its page.

    Args:
        look: at the thing.
        kind: of its page.
        made: what that read.
    """
    names = look.viewer.names(look.node)
    path = look.node.value.removeprefix(ID)
    described: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Thing",
        "@id": look.node.value,
        "name": look.viewer.named(look.node).text,
        "url": Addresses(get_served().settings.public_url).at(f"page/{path}").value,
    }
    if len(names) > 1:
        described["alternateName"] = list(dict.fromkeys(name.value for name in names[1:]))
    same = [*look.nodes(OWL["sameAs"]), *look.nodes(SKOS["exactMatch"])]
    if same:
        described["sameAs"] = [each.value for each in same]
    if kind is not None and kind.describe is not None:
        described.update(kind.describe(look, made))
    return script(described)


def write_query(look: Look, kind: PageKind | None, made: Any) -> str:
    """A query about the thing: that of its kind, or all that is said of it."""
    if kind is not None and kind.query is not None:
        return kind.query(look, made)
    return (
        "# What is said of it, and by whom\n"
        "SELECT ?graph ?property ?value WHERE {\n"
        f"  GRAPH ?graph {{ {shorten(look.node.value)} ?property ?value }}\n"
        "}\nORDER BY ?graph ?property\n"
    )
