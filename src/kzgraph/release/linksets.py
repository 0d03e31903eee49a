"""The linksets of a release: how many links of each kind lead into each data set.

https://www.w3.org/TR/void/#linkset
"""

from collections import Counter
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import graph, thing
from kzgraph.namespaces import DCT, LABEL, TYPE, VOID, XSD
from kzgraph.prefixes import split
from kzgraph.rdf.content import Content
from kzgraph.release.tally import LINKING

_LINKS, _METADATA = graph("links"), graph("metadata")


def linkset_quads(content: Content, data_set: NamedNode) -> Iterator[Quad]:
    """What the graph `metadata` says of the links in the graph `links`.

    Args:
        content: of the release.
        data_set: the release as a data set.
    """
    triples = [quad.triple for quad in content.quads if quad.graph_name == _LINKS]
    spaces = {
        each.object.value: each.subject
        for each in triples
        if each.predicate == VOID["uriSpace"] and isinstance(each.object, Literal)
    }
    names = {
        each.subject: each.object.value
        for each in triples
        if each.predicate == LABEL and isinstance(each.object, Literal)
        if each.object.language == "en"
    }
    counted: Counter[tuple[NamedNode, NamedNode]] = Counter()
    for each in triples:
        if str(each.predicate) in LINKING and isinstance(each.object, NamedNode):
            there = (node for space, node in spaces.items() if each.object.value.startswith(space))
            target = next(there, None)
            if isinstance(target, NamedNode):
                counted[target, each.predicate] += 1
    for (target, predicate), number in sorted(counted.items(), key=str):
        prefix, name = split(predicate.value) or ("", "")
        node = thing("linkset", target.value.rpartition("/")[2], f"{prefix}-{name}")
        title = f"Links to {names.get(target, target.value)} by {prefix}:{name}"
        for said, value in (
            (TYPE, VOID["Linkset"]),
            (DCT["title"], Literal(title, language="en")),
            (VOID["subjectsTarget"], data_set),
            (VOID["objectsTarget"], target),
            (VOID["linkPredicate"], predicate),
            (VOID["triples"], Literal(str(number), datatype=XSD["integer"])),
        ):
            yield Quad(node, said, value, _METADATA)
        yield Quad(data_set, VOID["subset"], node, _METADATA)
