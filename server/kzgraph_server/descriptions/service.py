"""The SPARQL 1.1 Service Description: https://www.w3.org/TR/sparql11-service-description/."""

from collections.abc import Iterable, Mapping
from dataclasses import fields

from pyoxigraph import Literal, NamedNode, Triple

from kzgraph.iri import GRAPH, is_path
from kzgraph.namespaces import DCAT, DCT, SCHEMA, SH, VOID, XSD
from kzgraph.rdf.formats import Format
from kzgraph.settings import variable
from kzgraph_server.descriptions.about import DATASET, About, describe_agent
from kzgraph_server.descriptions.addresses import Addresses
from kzgraph_server.descriptions.triples import FORMATS, SD, Description, english
from kzgraph_server.descriptions.void import graph_title
from kzgraph_server.settings import Settings

IANA = "https://www.iana.org/assignments/media-types/"

#: The settings that bound what a client can do, and what they are counted in.
_LIMITS = {
    "query_timeout": "seconds",
    "max_rows": "rows",
    "max_query_bytes": "bytes",
    "max_query_nesting": "levels",
    "worker_memory_mib": "MiB",
}


def service_description(
    about: About,
    graphs: Mapping[NamedNode, int],
    addresses: Addresses,
    settings: Settings,
    prefixes: Mapping[str, str],
    formats: Iterable[Format],
    *,
    federated: bool = False,
) -> list[Triple]:
    """The features of the endpoint and its data set.

    Args:
        about: the metadata of the release.
        graphs: the named graphs and how many triples each holds.
        addresses: where the service is.
        settings: the limits that it sets to queries.
        prefixes: what a query need not declare.
        formats: of results.
        federated: whether a query may call any other service.
    """
    into = Description()
    service = addresses.service
    into.typed(service, SD["Service"], DCAT["DataService"])
    into.add(service, DCT["title"], english(f"SPARQL endpoint of {about.title()}"))
    into.add(service, SD["endpoint"], addresses.sparql)
    into.add(service, DCAT["endpointURL"], addresses.sparql)
    into.add(service, DCAT["servesDataset"], DATASET)
    into.add(service, DCT["license"], about.licence)
    into.add(service, DCT["publisher"], about.creator)
    describe_agent(into, about)
    into.add(service, SD["supportedLanguage"], SD["SPARQL11Query"])
    into.add(service, SD["feature"], SD["UnionDefaultGraph"])
    if federated:
        into.add(service, SD["feature"], SD["BasicFederatedQuery"])
    _formats(into, service, formats)
    _data_set(into, about, graphs, addresses)
    _prefixes(into, addresses, prefixes)
    _limits(into, addresses, settings)
    return into.triples


def _formats(into: Description, service: NamedNode, formats: Iterable[Format]) -> None:
    # Variants of one media type, such as CSV for Excel, are one format here: the plain one.
    first = {each.media_type: each for each in reversed(list(formats))}
    for each in first.values():
        node = FORMATS[each.w3c] if each.w3c else NamedNode(IANA + each.media_type)
        into.add(service, SD["resultFormat"], node)
        into.typed(node, FORMATS["Format"])
        into.add(node, FORMATS["media_type"], Literal(each.media_type))
        into.add(node, FORMATS["preferred_suffix"], Literal("." + each.suffix))


def _data_set(
    into: Description, about: About, graphs: Mapping[NamedNode, int], addresses: Addresses
) -> None:
    data_set, union = addresses.at("sparql#dataset"), addresses.at("sparql#default-graph")
    collection = addresses.at("sparql#graphs")
    into.add(addresses.service, SD["defaultDataset"], data_set)
    into.add(addresses.service, SD["availableGraphs"], collection)
    into.typed(data_set, SD["Dataset"])
    into.typed(collection, SD["GraphCollection"])
    into.add(data_set, SD["defaultGraph"], union)
    into.typed(union, SD["Graph"])
    into.add(union, DCT["title"], english("All named graphs in one"))
    into.add(union, VOID["triples"], Literal(sum(graphs.values())))
    for place, (name, count) in enumerate(sorted(graphs.items(), key=lambda pair: pair[0].value)):
        # A graph of ours is known by its name, any other one by its place in the list.
        known = name.value.removeprefix(GRAPH)
        fragment = known if name.value.startswith(GRAPH) and is_path(known) else str(place)
        entry = addresses.at(f"sparql#graph-{fragment}")
        for holder in (data_set, collection):
            into.add(holder, SD["namedGraph"], entry)
        into.typed(entry, SD["NamedGraph"])
        into.add(entry, SD["name"], name)
        into.add(entry, SD["graph"], name)
        into.typed(name, SD["Graph"])
        into.add(name, DCT["title"], english(graph_title(about, name)))
        into.add(name, VOID["triples"], Literal(count))


def _prefixes(into: Description, addresses: Addresses, prefixes: Mapping[str, str]) -> None:
    """The declarations as SHACL has them: https://www.w3.org/TR/shacl/#sparql-prefixes."""
    for prefix, namespace in prefixes.items():
        node = addresses.at(f"sparql#prefix-{prefix}")
        into.add(addresses.service, SH["declare"], node)
        into.typed(node, SH["PrefixDeclaration"])
        into.add(node, SH["prefix"], Literal(prefix))
        into.add(node, SH["namespace"], Literal(namespace, datatype=XSD["anyURI"]))


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
