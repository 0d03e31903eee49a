"""The catalogue in DCAT 3, by the application profile DCAT-AP 3.0.

https://www.w3.org/TR/vocab-dcat-3/ and https://semiceu.github.io/DCAT-AP/releases/3.0.0/

What is not known is left out: there is no contact point, and no date: releases have none.
"""

from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode, Triple

from kzgraph.iri import ONTOLOGY
from kzgraph.licences import OWN, find_licence, name_licence
from kzgraph.namespaces import DCAT, DCT, FOAF, PROV, SCHEMA, SKOS, SPDX, XSD, Namespace
from kzgraph.rdf.formats import GRAPH_FORMATS, RESULTS_CSV, RESULTS_PARQUET
from kzgraph.release import MANIFEST
from kzgraph.release.dumps import ATTRIBUTION, File
from kzgraph.release.metadata import KEYWORDS
from kzgraph.release.statistics import Place
from kzgraph_server.descriptions.about import DATASET, About, describe_data_set
from kzgraph_server.descriptions.addresses import Addresses
from kzgraph_server.descriptions.service import ANSWERS, IANA, describe_service
from kzgraph_server.descriptions.source_sets import SourceSet
from kzgraph_server.descriptions.triples import DCATAP, Description, english

_EU = Namespace("http://publications.europa.eu/resource/authority/")
_SHA256 = SPDX["checksumAlgorithm_sha256"]
#: By whether a licence wants attribution: the kind of licence.
_LICENCE_TYPES = {
    True: (NamedNode("http://purl.org/adms/licencetype/Attribution"), "Attribution"),
    False: (
        NamedNode("http://purl.org/adms/licencetype/PublicDomain"),
        "Work in the public domain",
    ),
}
_KINDS_OF_LICENCE = NamedNode("http://purl.org/adms/licencetype/1.0")
_PROTOCOL = NamedNode("https://www.w3.org/TR/sparql11-protocol/")
_PROFILE = NamedNode("https://semiceu.github.io/DCAT-AP/releases/3.0.0/")

_FORMATS = {each.media_type: each for each in (*GRAPH_FORMATS, RESULTS_CSV, RESULTS_PARQUET)}
_THEMES = {"SOCI": "Population and society", "INTR": "International issues"}
#: The labels are in all three; the texts are in English.
_LANGUAGES = ("ENG", "KAZ", "RUS")


def file_type(media_type: str) -> str:
    """What people call the format of `media_type`."""
    known = _FORMATS.get(media_type)
    return known.title if known else media_type


def catalog(about: About) -> list[Triple]:
    """The catalogue, its one data set with the distributions, and the endpoint."""
    into = Description()
    _catalog(into, about)
    _data_set(into, about)
    for file in about.whole_files():
        _distribution(into, about, file, DATASET)
    for file in about.table_files():
        _distribution(into, about, file, DATASET, f"table {file.name.partition('/')[2]}")
    for of in about.source_sets:
        _source_set(into, about, of)
    _service(into, about)
    _share(into, about)
    for each in about.sources:
        into.typed(each.iri, FOAF["Document"], PROV["Entity"])
        into.add(each.iri, DCT["title"], Literal(each.title))
    _name_references(into, about)
    return into.triples


def _share(into: Description, about: About) -> None:
    """What is true of the catalogue as of the data set, or of the data set as of the service."""
    into.add(about.addresses.catalog, DCT["license"], NamedNode(OWN.iri))
    for node in (about.addresses.catalog, DATASET):
        into.add(node, DCT["publisher"], about.creator)
        into.add(node, DCT["creator"], about.creator)
        into.add(node, DCT["language"], *(_EU[f"language/{code}"] for code in _LANGUAGES))
        into.add(node, DCT["spatial"], *_locations(about.numbers.places))
    for node in (DATASET, about.addresses.service):
        into.add(node, DCT["accessRights"], _EU["access-right/PUBLIC"])
        for language, words in KEYWORDS.items():
            into.add(node, DCAT["keyword"], *(Literal(word, language=language) for word in words))
        into.add(node, DCAT["theme"], *(_EU[f"data-theme/{code}"] for code in _THEMES))


def _catalog(into: Description, about: About) -> None:
    node = about.addresses.catalog
    into.typed(node, DCAT["Catalog"])
    into.add(node, DCT["title"], english("Catalogue of the kzgraph project"))
    into.add(node, DCT["description"], english("The data set and the service of kzgraph."))
    into.add(node, DCT["conformsTo"], _PROFILE)
    into.add(node, FOAF["homepage"], about.addresses.at())
    into.add(node, DCAT["themeTaxonomy"], _EU["data-theme"])
    into.add(node, DCAT["dataset"], DATASET, *(each.iri for each in about.source_sets))
    into.add(node, DCAT["service"], about.addresses.service)


def _data_set(into: Description, about: About) -> None:
    numbers, addresses = about.numbers, about.addresses
    describe_data_set(into, about)
    into.typed(DATASET, DCAT["Dataset"])
    into.add(DATASET, DCT["identifier"], Literal(DATASET.value))
    into.add(DATASET, DCT["accrualPeriodicity"], _EU["frequency/IRREG"])
    into.add(DATASET, DCT["conformsTo"], NamedNode(ONTOLOGY.removesuffix("#")))
    into.add(DATASET, DCAT["landingPage"], addresses.at())
    into.add(DATASET, FOAF["page"], *_pages(addresses))
    into.add(DATASET, PROV["wasDerivedFrom"], *(each.iri for each in about.sources))
    # DCAT-AP keeps dcterms:source for data sets; the documents are not.
    if numbers.years:
        _period(into, DATASET, addresses.at("catalog#period"), numbers.years)


def _source_set(into: Description, about: About, of: SourceSet) -> None:
    """A data set that joined the release: whose it is, under which licence, and its vintages."""
    node, addresses, slug = of.iri, about.addresses, of.iri.value.rpartition("/")[2]
    holder, page = addresses.at(f"catalog#holder-{slug}"), addresses.at(f"graph/{slug}")
    into.typed(node, DCAT["Dataset"])
    into.add(node, DCT["title"], english(of.title))
    dated = f", extracted on {of.date}" if of.date else ""
    text = f"{of.title}{dated}, as a graph of {about.title()}. {of.licence_name}: {of.attribution}."
    into.add(node, DCT["description"], english(text))
    into.add(node, DCT["identifier"], Literal(node.value))
    into.add(node, DCAT["version"], Literal(of.sha256[:12]))
    into.add(node, DCT["publisher"], holder)
    into.add(node, DCT["rightsHolder"], holder)
    into.typed(holder, FOAF["Agent"])
    into.add(holder, FOAF["name"], Literal(of.attribution))
    into.add(node, DCT["license"], of.licence)
    into.add(node, SCHEMA["creditText"], Literal(of.attribution))
    into.add(node, DCT["language"], _EU["language/ENG"])
    into.add(node, DCT["accessRights"], _EU["access-right/PUBLIC"])
    into.add(node, DCT["accrualPeriodicity"], _EU["frequency/IRREG"])
    into.add(node, DCT["conformsTo"], NamedNode(ONTOLOGY.removesuffix("#")))
    into.add(node, DCAT["keyword"], *map(english, (of.kind, of.attribution)))
    into.add(node, DCAT["theme"], *(_EU[f"data-theme/{code}"] for code in _THEMES))
    into.add(node, DCAT["landingPage"], page)
    into.add(node, PROV["hadPrimarySource"], NamedNode(of.url) if of.url else None)
    into.typed(page, FOAF["Document"])
    if of.date:
        into.add(node, DCT["created"], Literal(of.date, datatype=XSD["date"]))
    into.add(node, DCT["spatial"], *_locations(of.places or about.numbers.places))
    if of.years:
        _period(into, node, addresses.at(f"catalog#period-{slug}"), of.years)
    if of.replaced_by is None:
        into.add(DATASET, DCT["source"], node)
    else:
        into.add(node, DCT["isReplacedBy"], of.replaced_by)
        into.add(of.replaced_by, DCT["replaces"], node)
    for file in of.files:
        _distribution(into, about, file, node)


def _period(into: Description, of: NamedNode, period: NamedNode, years: tuple[int, int]) -> None:
    into.add(of, DCT["temporal"], period)
    into.typed(period, DCT["PeriodOfTime"])
    for name, year in zip(("startDate", "endDate"), years, strict=True):
        into.add(period, DCAT[name], Literal(f"{year:04}", datatype=XSD["gYear"]))


def _distribution(
    into: Description, about: About, file: File, of: NamedNode, part: str = ""
) -> None:
    """A file of a data set: of all of it, or of a part."""
    addresses = about.addresses
    node = addresses.at(f"catalog#{file.name}")
    name, known = file_type(file.media_type), _FORMATS.get(file.media_type)
    packed = ", compressed with gzip" if file.compression else ""
    into.add(of, DCAT["distribution"], node)
    into.typed(node, DCAT["Distribution"])
    what, title = (f"The {part}", f"The {part}, ") if part else ("The whole data set", "")
    into.add(node, DCT["title"], english(f"{title}{name}{packed}"))
    into.add(node, DCT["description"], english(f"{what} in {name}{packed}."))
    if of == DATASET and any(each.replaced_by is None for each in about.source_sets):
        rights = about.addresses.dump(ATTRIBUTION)
        into.add(node, DCT["rights"], rights)
        into.typed(rights, DCT["RightsStatement"])
        into.add(rights, DCT["title"], english("Whose data it is, and under which licences"))
    into.add(node, DCAT["accessURL"], addresses.dump(file.name))
    into.add(node, DCAT["downloadURL"], addresses.dump(file.name))
    into.add(node, DCAT["mediaType"], _media_type(into, file.media_type))
    if file.compression:
        into.add(node, DCAT["compressFormat"], _media_type(into, "application/gzip"))
    if known and known.eu:
        kind = _EU[f"file-type/{known.eu}"]
        into.add(node, DCT["format"], kind)
        into.typed(kind, DCT["MediaTypeOrExtent"])
    into.add(node, DCAT["byteSize"], Literal(str(file.bytes), datatype=XSD["nonNegativeInteger"]))
    into.add(node, DCT["license"], about.licence_of(file.licences))
    into.add(node, DCATAP["availability"], _EU["planned-availability/STABLE"])
    checksum = addresses.at(f"catalog#checksum-{file.name}")
    into.add(node, SPDX["checksum"], checksum)
    into.typed(checksum, SPDX["Checksum"])
    into.add(checksum, SPDX["algorithm"], _SHA256)
    into.add(checksum, SPDX["checksumValue"], Literal(file.sha256, datatype=XSD["hexBinary"]))


def _service(into: Description, about: About) -> None:
    addresses = about.addresses
    node, access = addresses.service, addresses.at("catalog#sparql")
    describe_service(into, about)
    into.add(node, DCT["description"], english("Answers SPARQL 1.1 queries over the data set."))
    into.add(node, DCAT["endpointDescription"], addresses.sparql)
    into.add(node, DCT["conformsTo"], _PROTOCOL)
    into.add(node, DCT["format"], *(_media_type(into, each.media_type) for each in ANSWERS))
    into.add(DATASET, DCAT["distribution"], access)
    into.typed(access, DCAT["Distribution"])
    into.add(access, DCT["title"], english(f"SPARQL endpoint of {about.title()}"))
    into.add(access, DCT["description"], english("The data set through queries in SPARQL."))
    into.add(access, DCAT["accessURL"], addresses.sparql)
    into.add(access, DCAT["accessService"], node)
    into.add(access, DCT["license"], about.licence)
    into.add(access, DCATAP["availability"], _EU["planned-availability/STABLE"])


def _media_type(into: Description, media_type: str) -> NamedNode:
    node = NamedNode(IANA + media_type)
    into.typed(node, DCT["MediaType"], DCT["MediaTypeOrExtent"])
    return node


def _locations(places: Sequence[Place]) -> list[NamedNode]:
    countries = [_EU[f"country/{each.iso3}"] for each in places if each.iso3]
    return [*(NamedNode(each.iri) for each in places), *countries]


def _name_references(into: Description, about: About) -> None:
    """The classes and names of referenced resources that the profile requires."""
    numbers, addresses = about.numbers, about.addresses
    stated = {NamedNode(OWN.iri), *(each.licence for each in about.source_sets)}
    for licence in {about.licence, *stated}:
        into.typed(licence, DCT["LicenseDocument"])
        # Of the text on several licences: one of them at least wants attribution.
        known = find_licence(licence.value) or OWN
        title = name_licence(licence.value) if licence in stated else about.licence_name()
        into.add(licence, DCT["title"], english(title))
        kind, name = _LICENCE_TYPES[known.wants_attribution]
        into.add(licence, DCT["type"], kind)
        into.typed(kind, SKOS["Concept"])
        into.add(kind, SKOS["prefLabel"], english(name))
        into.add(kind, SKOS["inScheme"], _KINDS_OF_LICENCE)
    every = (*numbers.places, *(place for each in about.source_sets for place in each.places))
    for place in dict.fromkeys(every):
        names = [
            Literal(text, language=language or None)
            for language, text in place.names or [("", place.name())]
        ]
        for node in (NamedNode(place.iri), _EU[f"country/{place.iso3}"] if place.iso3 else None):
            if node is not None:
                into.typed(node, DCT["Location"])
                into.add(node, SKOS["prefLabel"], *names)
    for code in _LANGUAGES:
        into.typed(_EU[f"language/{code}"], DCT["LinguisticSystem"])
    for scheme, title in (
        (_EU["data-theme"], "Data theme"),
        (_EU["planned-availability"], "Planned availability"),
        (_KINDS_OF_LICENCE, "ADMS licence types"),
    ):
        into.typed(scheme, SKOS["ConceptScheme"])
        into.add(scheme, DCT["title"], english(title))
    named = {f"data-theme/{code}": label for code, label in _THEMES.items()}
    named["planned-availability/STABLE"] = "stable"
    for path, label in named.items():
        into.typed(_EU[path], SKOS["Concept"])
        into.add(_EU[path], SKOS["prefLabel"], english(label))
        into.add(_EU[path], SKOS["inScheme"], _EU[path.partition("/")[0]])
    into.typed(_EU["access-right/PUBLIC"], DCT["RightsStatement"])
    into.typed(_EU["frequency/IRREG"], DCT["Frequency"])
    into.typed(_SHA256, SPDX["ChecksumAlgorithm"])
    for page in (addresses.at(), *_pages(addresses)):
        into.typed(page, FOAF["Document"])
    for standard in (_PROTOCOL, _PROFILE, NamedNode(ONTOLOGY.removesuffix("#"))):
        into.typed(standard, DCT["Standard"])


def _pages(addresses: Addresses) -> list[NamedNode]:
    """What tells of the data set: its numbers, how it was checked, and what it is made of."""
    return [addresses.void, addresses.at("quality"), addresses.dump(MANIFEST)]
