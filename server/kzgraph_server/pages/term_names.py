"""What terms of other vocabularies are called on pages; those of the project have labels.

Only what they mean here: docs/model.md, "Properties of other vocabularies".
"""

from functools import cache

from kzgraph.prefixes import shorten
from kzgraph_server.pages.language import get_language
from kzgraph_server.pages.language import gettext as _


def name_term(iri: str) -> str | None:
    """What a class or property of another vocabulary is called; None for what is not known here."""
    return _name_all(get_language()).get(shorten(iri))


@cache
def _name_all(language: str) -> dict[str, str]:
    """The names in a language, which is that of the page, by prefixed name."""
    return {**_name_classes(), **_name_properties(), **_name_repeated()}


def _name_classes() -> dict[str, str]:
    return {
        "dcat:Dataset": _("data set"),
        "dcterms:Location": _("place of an activity"),
        "foaf:Agent": _("publisher"),
        "foaf:Document": _("document"),
        "foaf:Person": _("person"),
        "oa:Annotation": _("note of the project"),
        "oa:SpecificResource": _("piece of evidence"),
        "oa:TextPositionSelector": _("place of words in a document"),
        "oa:TextQuoteSelector": _("words of a document"),
        "oa:TimeState": _("state of a page"),
        "org:Membership": _("holding of an office"),
        "org:Organization": _("organisation"),
        "org:OrganizationalUnit": _("unit of an organisation"),
        "owl:Axiom": _("link to another data set"),
        "prov:Association": _("part in an activity"),
        "prov:Entity": _("something with an origin"),
        "qb:DataSet": _("table"),
        "qb:Observation": _("observation"),
        "schema:Country": _("country"),
        "schema:DefinedTerm": _("term of a publisher"),
        "schema:OpeningHoursSpecification": _("opening hours"),
        "schema:Organization": _("organisation in aid data"),
        "schema:Place": _("place"),
        "schema:PostalAddress": _("postal address"),
        "schema:PropertyValue": _("share or marker of an activity"),
        "schema:StatisticalVariable": _("measured indicator"),
        "skos:Concept": _("code"),
        "skos:ConceptScheme": _("code list"),
        "time:Instant": _("day"),
        "time:ProperInterval": _("period"),
        "time:TemporalEntity": _("time"),
    }


def _name_properties() -> dict[str, str]:
    return {
        "dcterms:bibliographicCitation": _("how to cite it"),
        "dcterms:description": _("description"),
        "dcterms:identifier": _("identifier"),
        "dcterms:isPartOf": _("part of"),
        "dcterms:issued": _("date of issue"),
        "dcterms:language": _("language"),
        "dcterms:license": _("licence"),
        "dcterms:publisher": _("publisher"),
        "dcterms:references": _("refers to"),
        "dcterms:relation": _("has to do with"),
        "dcterms:source": _("source"),
        "dcterms:spatial": _("places"),
        "dcterms:title": _("title"),
        "dcterms:valid": _("valid on"),
        "foaf:name": _("name of the person"),
        "oa:cachedSource": _("archived copy"),
        "oa:end": _("character after the last"),
        "oa:exact": _("words"),
        "oa:hasBody": _("what the note says"),
        "oa:hasSelector": _("place in the text"),
        "oa:hasSource": _("document it is from"),
        "oa:hasState": _("state of the page"),
        "oa:hasTarget": _("what the note is about"),
        "oa:motivatedBy": _("to what end"),
        "oa:prefix": _("words before"),
        "oa:sourceDate": _("as the page was on"),
        "oa:start": _("first character"),
        "oa:suffix": _("words behind"),
        "org:hasUnit": _("has the unit"),
        "org:member": _("who holds the office"),
        "org:organization": _("where the office is"),
        "org:role": _("role"),
        "org:unitOf": _("unit of"),
        "owl:sameAs": _("the same elsewhere"),
        "prov:generatedAtTime": _("copy taken"),
        "prov:specializationOf": _("version of the page"),
        "prov:wasDerivedFrom": _("made from"),
        "qb:dataSet": _("table it is in"),
        "rdfs:isDefinedBy": _("defined by"),
        "rdfs:seeAlso": _("see also"),
        "schema:address": _("address"),
        "schema:archivedAt": _("archived at"),
        "schema:areaServed": _("works in"),
        "schema:citation": _("what it rests on"),
        "schema:closes": _("closes"),
        "schema:containedInPlace": _("within"),
        "schema:containsPlace": _("has within it"),
        "schema:creditText": _("who is to be named"),
        "schema:currency": _("currency"),
        "schema:dayOfWeek": _("day of the week"),
        "schema:email": _("e-mail address"),
        "schema:encodingFormat": _("media type"),
        "schema:funder": _("who funds"),
        "schema:identifier": _("code"),
        "schema:location": _("where it was"),
        "schema:opens": _("opens"),
        "schema:recipient": _("who receives"),
        "schema:sameAs": _("the same elsewhere, by its page"),
        "schema:telephone": _("telephone"),
        "schema:url": _("web address"),
        "schema:value": _("computed number"),
        "schema:variableMeasured": _("what is measured"),
        "skos:altLabel": _("other name"),
        "skos:broadMatch": _("something wider elsewhere"),
        "skos:broader": _("wider code"),
        "skos:closeMatch": _("nearly the same elsewhere"),
        "skos:definition": _("definition"),
        "skos:exactMatch": _("means the same elsewhere"),
        "skos:inScheme": _("code list it is in"),
        "skos:narrower": _("narrower code"),
        "skos:notation": _("notation"),
        "skos:topConceptOf": _("at the top of"),
        "time:hasBeginning": _("begins"),
        "time:hasEnd": _("ends"),
        "time:inXSDDate": _("date"),
    }


def _name_repeated() -> dict[str, str]:
    """Properties by which tools read what a property of the project says."""
    return {
        "dcterms:date": _("date, for other tools"),
        "dcterms:hasPart": _("part, for other tools"),
        "dcterms:subject": _("subject, for other tools"),
        "dcterms:temporal": _("time, for other tools"),
        "dcterms:type": _("kind, for other tools"),
        "prov:hadPrimarySource": _("source, for other tools"),
        "sdmx-attribute:unitMeasure": _("unit, for other tools"),
        "sdmx-dimension:age": _("age, for other tools"),
        "sdmx-dimension:refArea": _("area, for other tools"),
        "sdmx-dimension:refPeriod": _("period, for other tools"),
        "sdmx-dimension:sex": _("sex, for other tools"),
        "sdmx-measure:obsValue": _("value, for other tools"),
    }
