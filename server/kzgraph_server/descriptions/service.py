"""The SPARQL 1.1 Service Description: https://www.w3.org/TR/sparql11-service-description/."""

from dataclasses import fields

from pyoxigraph import Literal, NamedNode, Triple

from kzgraph.iri import GRAPH, is_path
from kzgraph.namespaces import DCAT, DCT, SCHEMA, VOID
from kzgraph.rdf.formats import GRAPH_FORMATS, HTML, RESULT_FORMATS
from kzgraph.settings import variable
from kzgraph_server.descriptions.about import DATASET, About, describe_agent, describe_superseded
from kzgraph_server.descriptions.addresses import Addresses
from kzgraph_server.descriptions.query_help import declares_prefixes
from kzgraph_server.descriptions.triples import FORMATS, SD, Description, english
from kzgraph_server.settings import Settings

IANA = "https://www.iana.org/assignments/media-types/"
#: The formats in which queries are answered.
ANSWERS = (*RESULT_FORMATS, *GRAPH_FORMATS, HTML)

#: The settings that bound what a client can do, and what they are counted in.
_LIMITS = {
    "query_timeout": "seconds",
    "max_rows": "rows",
    "max_query_bytes": "bytes",
    "max_query_nesting": "levels",
    "worker_memory_mib": "MiB",
}


def service_description(about: About, settings: Settings) -> list[Triple]:
    """The features of the endpoint, by its settings, and its data set."""
    into = Description()
    service = about.addresses.service
    describe_service(into, about)
    describe_agent(into, about)
    into.typed(service, SD["Service"])
    into.add(service, SD["endpoint"], about.addresses.sparql)
    into.add(service, SD["supportedLanguage"], SD["SPARQL11Query"])
    into.add(service, SD["feature"], SD["UnionDefaultGraph"])
    if settings.service_allow:
        into.add(service, SD["feature"], SD["BasicFederatedQuery"])
    _formats(into, service)
    _data_set(into, about)
    into.triples += [*about.query_help(), *declares_prefixes(service)]
    _limits(into, about.addresses, settings)
    return into.triples


def describe_service(into: Description, about: About) -> None:
    """Say what the endpoint is."""
    service = about.addresses.service
    into.typed(service, DCAT["DataService"])
    into.add(service, DCT["title"], english(f"SPARQL endpoint of {about.title()}"))
    into.add(service, DCAT["endpointURL"], about.addresses.sparql)
    into.add(service, DCAT["servesDataset"], DATASET)
    into.add(service, DCT["license"], about.licence)
    into.add(service, DCT["publisher"], about.creator)


def _formats(into: Description, service: NamedNode) -> None:
    # Variants of one media type, such as CSV for Excel, are one format here: the plain one.
    first = {each.media_type: each for each in reversed(ANSWERS)}
    for each in first.values():
        node = FORMATS[each.w3c] if each.w3c else NamedNode(IANA + each.media_type)
        into.add(service, SD["resultFormat"], node)
        into.typed(node, FORMATS["Format"])
        into.add(node, FORMATS["media_type"], Literal(each.media_type))
        into.add(node, FORMATS["preferred_suffix"], Literal("." + each.suffix))


def _data_set(into: Description, about: About) -> None:
    addresses, graphs = about.addresses, about.numbers.graphs
    data_set, union = addresses.at("sparql#dataset"), addresses.at("sparql#default-graph")
    collection = addresses.at("sparql#graphs")
    into.add(addresses.service, SD["defaultDataset"], data_set)
    into.add(addresses.service, SD["availableGraphs"], collection)
    into.typed(data_set, SD["Dataset"])
    into.typed(collection, SD["GraphCollection"])
    into.add(data_set, SD["defaultGraph"], union)
    into.typed(union, SD["Graph"])
    into.add(union, DCT["title"], english("All named graphs of the data set in one"))
    into.add(union, VOID["triples"], Literal(about.numbers.triples))
    for place, each in enumerate(graphs):
        name = NamedNode(each.term)
        _graph(into, addresses, name, place, data_set, collection)
        into.add(name, DCT["title"], about.graph_titles.get(each.term))
        into.add(name, VOID["triples"], Literal(each.triples))
    for place, superseded in enumerate(about.superseded, len(graphs)):
        # Not of the data set of a query that names none, but there for one that does.
        _graph(into, addresses, superseded.iri, place, collection)
        describe_superseded(into, superseded)


def _graph(
    into: Description, addresses: Addresses, name: NamedNode, place: int, *holders: NamedNode
) -> None:
    # A graph of ours is known by its name, any other one by its place in the list.
    known = name.value.removeprefix(GRAPH)
    fragment = known if name.value.startswith(GRAPH) and is_path(known) else str(place)
    entry = addresses.at(f"sparql#graph-{fragment}")
    for holder in holders:
        into.add(holder, SD["namedGraph"], entry)
    into.typed(entry, SD["NamedGraph"])
    into.add(entry, SD["name"], name)
    into.add(entry, SD["graph"], name)
    into.typed(name, SD["Graph"])


def _limits(into: Description, addresses: Addresses, settings: Settings) -> None:
    """The limits, in terms of schema.org: the Service Description has none for them."""
    for each in fields(settings):
        unit, value = _LIMITS.get(each.name), getattr(settings, each.name)
        if unit is None or not value:
            continue
        node = addresses.at(f"sparql#limit-{each.name}")
        into.add(addresses.service, SCHEMA["additionalProperty"], node)
        into.typed(node, SCHEMA["PropertyValue"])
        into.add(node, SCHEMA["propertyID"], Literal(variable(each.name)))
        into.add(node, SCHEMA["description"], english(each.metadata.get("doc", each.name)))
        into.add(node, SCHEMA["value"], Literal(value))
        into.add(node, SCHEMA["unitText"], Literal(unit))
