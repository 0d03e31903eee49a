"""How the things of the served release are cited, and where each citation is."""

from collections.abc import Sequence

from flask import url_for
from pyoxigraph import NamedNode

from kzgraph.citing import CITATION_FORMATS, RELEASE_FORMATS, Kind, Reference
from kzgraph.rdf.formats import Format
from kzgraph.release.citation import find_reference
from kzgraph_server.served import get_served


def find_citation(node: NamedNode) -> Reference | None:
    """How `node` is cited; None where it is not a fact, a document or the data set.

    Under the address of a release the address is that of the thing in this release.
    """
    now = get_served()
    return find_reference(now.release, node, pinned=now.pinned)


def list_formats(reference: Reference | None) -> Sequence[Format]:
    """The formats of a citation; none where there is no citation."""
    if reference is None:
        return ()
    return RELEASE_FORMATS if reference.kind is Kind.RELEASE else CITATION_FORMATS


def address_citation(path: str, chosen: Format) -> str:
    """Where the citation of the thing at `path` is in a format."""
    return url_for("citations.show", name=f"{path}.{chosen.suffix}")
