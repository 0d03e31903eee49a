"""Graphs as bytes, for the pages and descriptions that Flask answers."""

import io
from collections.abc import Iterable, Mapping

from pyoxigraph import Triple

from kzgraph.rdf import graph_writer
from kzgraph.rdf.formats import Format


def write_graph(triples: Iterable[Triple], chosen: Format, prefixes: Mapping[str, str]) -> bytes:
    """A graph in the format `chosen`, each triple once, whatever `triples` repeats.

    Raises:
        Problem: 406, where a triple cannot be written in RDF/XML.
    """
    out = io.BytesIO()
    graph_writer.write_graph(triples, chosen.name, prefixes, out)
    return out.getvalue()
