"""The VoID description of the data set: https://www.w3.org/TR/void/."""

from pyoxigraph import Literal, NamedNode, Triple

from kzgraph.iri import ID
from kzgraph.licences import OWN
from kzgraph.namespaces import DCT, FOAF, VOID
from kzgraph.release.property_uses import hash_terms, name_partition
from kzgraph.release.statistics import Statistics
from kzgraph.release.tally import GraphCounts
from kzgraph_server.descriptions.about import (
    DATASET,
    About,
    SupersededGraph,
    describe_data_set,
    describe_superseded,
)
from kzgraph_server.descriptions.triples import Description, english

#: So many classes give an example resource: those of the project with most things first.
_EXAMPLES = 8


def void_description(about: About) -> list[Triple]:
    """The data set, its dumps, statistics, partitions, graphs and linksets."""
    into = Description()
    document = about.addresses.void
    into.typed(document, VOID["DatasetDescription"])
    into.add(document, DCT["title"], english(f"VoID description of {about.title()}"))
    into.add(document, DCT["creator"], about.creator)
    into.add(document, DCT["license"], NamedNode(OWN.iri))
    into.add(document, FOAF["primaryTopic"], DATASET)
    _data_set(into, about)
    for graph in about.numbers.graphs:
        _graph(into, about, graph)
    for superseded in about.superseded:
        _superseded(into, about, superseded)
    _partitions(into, about.numbers)
    # Its partitions by class are among those that the numbers are of.
    known = set(into.triples)
    into.triples += [each for each in about.query_help() if each not in known]
    _linksets(into, about)
    return into.triples


def _data_set(into: Description, about: About) -> None:
    counts, addresses = about.numbers, about.addresses
    describe_data_set(into, about)
    into.typed(DATASET, VOID["Dataset"])
    into.add(DATASET, DCT["source"], *(source.iri for source in about.sources))
    into.add(DATASET, FOAF["homepage"], addresses.at())
    into.add(DATASET, FOAF["page"], addresses.catalog)
    into.add(DATASET, VOID["sparqlEndpoint"], addresses.sparql)
    dumps = [addresses.dump(file.name) for file in about.whole_files()]
    into.add(DATASET, VOID["dataDump"], *dumps)
    into.add(DATASET, VOID["uriSpace"], Literal(ID))
    into.add(DATASET, VOID["vocabulary"], *map(NamedNode, counts.vocabularies()))
    into.add(DATASET, VOID["exampleResource"], *_examples(counts))
    into.add(DATASET, VOID["triples"], Literal(counts.triples))
    into.add(DATASET, VOID["entities"], Literal(counts.entities))
    into.add(DATASET, VOID["distinctSubjects"], Literal(counts.subjects))
    into.add(DATASET, VOID["distinctObjects"], Literal(counts.objects))
    into.add(DATASET, VOID["classes"], Literal(len(counts.classes)))
    into.add(DATASET, VOID["properties"], Literal(len(counts.properties)))
    into.add(DATASET, VOID["documents"], Literal(len(about.sources)))


def _examples(counts: Statistics) -> list[NamedNode]:
    own = counts.own_classes()
    found = dict.fromkeys(each.example for each in own if each.example is not None)
    return [NamedNode(example) for example in found][:_EXAMPLES]


def _graph(into: Description, about: About, graph: GraphCounts) -> None:
    node = NamedNode(graph.term)
    into.typed(node, VOID["Dataset"])
    into.add(DATASET, VOID["subset"], node)
    into.add(node, DCT["title"], about.graph_titles.get(graph.term))
    into.add(node, DCT["license"], _licence(about, node))
    into.add(node, VOID["triples"], Literal(graph.triples))
    into.add(node, VOID["distinctSubjects"], Literal(graph.subjects))
    into.add(node, VOID["distinctObjects"], Literal(graph.objects))
    into.add(node, VOID["properties"], Literal(graph.properties))
    _dumps(into, about, node)


def _superseded(into: Description, about: About, graph: SupersededGraph) -> None:
    """A data set of its own, for it is no part of what the numbers are of."""
    into.typed(graph.iri, VOID["Dataset"])
    describe_superseded(into, graph)
    into.add(graph.iri, DCT["license"], _licence(about, graph.iri))
    _dumps(into, about, graph.iri)


def _licence(about: About, graph: NamedNode) -> NamedNode:
    """The licence of a graph: that of its source, where it is the graph of one."""
    found = {
        licence for file in about.files if file.graph == graph.value for licence in file.licences
    }
    return about.licence_of(found)


def _dumps(into: Description, about: About, graph: NamedNode) -> None:
    files = [file for file in about.files if file.graph == graph.value]
    into.add(graph, VOID["dataDump"], *(about.addresses.dump(file.name) for file in files))


def _partitions(into: Description, counts: Statistics) -> None:
    """The parts of the data set by class and by property."""
    for of_class in counts.classes:
        part = _partition(into, "class", of_class.term)
        into.add(part, VOID["entities"], Literal(of_class.entities))
        if of_class.example is not None:
            into.add(part, VOID["exampleResource"], NamedNode(of_class.example))
    for of_property in counts.properties:
        part = _partition(into, "property", of_property.term)
        into.add(part, VOID["triples"], Literal(of_property.triples))
        into.add(part, VOID["distinctSubjects"], Literal(of_property.subjects))
        into.add(part, VOID["distinctObjects"], Literal(of_property.objects))


def _partition(into: Description, kind: str, term: str) -> NamedNode:
    part = name_partition((kind, term))
    into.add(DATASET, VOID[f"{kind}Partition"], part)
    into.typed(part, VOID["Dataset"])
    into.add(part, VOID[kind], NamedNode(term))
    return part


def _linksets(into: Description, about: About) -> None:
    """Those of the release, and one for each other namespace that links lead into."""
    into.triples += about.linksets
    spaces = []
    for stated in about.linksets:
        if stated.object == VOID["Linkset"] and isinstance(stated.subject, NamedNode):
            into.add(DATASET, VOID["subset"], stated.subject)
        if stated.predicate == VOID["uriSpace"] and isinstance(stated.object, Literal):
            spaces.append(stated.object.value)
    for each in about.numbers.links:
        if any(space.startswith(each.space) or each.space.startswith(space) for space in spaces):
            continue
        names = (f"links-{hash_terms(each.term, each.space)}", f"target-{hash_terms(each.space)}")
        linkset, target = (about.addresses.at(f".well-known/void#{name}") for name in names)
        into.add(DATASET, VOID["subset"], linkset)
        into.typed(linkset, VOID["Linkset"])
        into.add(linkset, VOID["linkPredicate"], NamedNode(each.term))
        into.add(linkset, VOID["subjectsTarget"], DATASET)
        into.add(linkset, VOID["objectsTarget"], target)
        into.add(linkset, VOID["triples"], Literal(each.triples))
        into.typed(target, VOID["Dataset"])
        into.add(target, VOID["uriSpace"], Literal(each.space))
