"""What DCAT-AP 3.0 makes mandatory, and what kinds of things it refers to, as SHACL shapes.

Written from the profile's tables: https://semiceu.github.io/DCAT-AP/releases/3.0.0/
Recommended properties are mandatory here too, but for those that this project has nothing to say
with: a contact point, and dates.
"""

#: Class to property, most values, kind of values: a class, a datatype, `Literal` or `IRI`.
MANDATORY: dict[str, list[tuple[str, int | None, str]]] = {
    "dcat:Catalog": [
        ("dct:title", None, "Literal"),
        ("dct:description", None, "Literal"),
        ("dct:publisher", 1, "foaf:Agent"),
        ("dct:license", 1, "dct:LicenseDocument"),
        ("dct:language", None, "dct:LinguisticSystem"),
        ("dct:spatial", None, "dct:Location"),
        ("dcat:themeTaxonomy", None, "skos:ConceptScheme"),
        ("foaf:homepage", 1, "foaf:Document"),
        ("dcat:dataset", None, "dcat:Dataset"),
        ("dcat:service", None, "dcat:DataService"),
    ],
    "dcat:Dataset": [
        ("dct:title", None, "Literal"),
        ("dct:description", None, "Literal"),
        ("dct:identifier", None, "Literal"),
        ("dct:publisher", 1, "foaf:Agent"),
        ("dct:spatial", None, "dct:Location"),
        ("dct:temporal", None, "dct:PeriodOfTime"),
        ("dct:language", None, "dct:LinguisticSystem"),
        ("dct:accessRights", 1, "dct:RightsStatement"),
        ("dct:accrualPeriodicity", 1, "dct:Frequency"),
        ("dct:conformsTo", None, "dct:Standard"),
        ("dcat:version", 1, "Literal"),
        ("dcat:keyword", None, "Literal"),
        ("dcat:theme", None, "skos:Concept"),
        ("dcat:landingPage", None, "foaf:Document"),
        ("dcat:distribution", None, "dcat:Distribution"),
    ],
    "dcat:Distribution": [
        ("dct:title", None, "Literal"),
        ("dct:description", None, "Literal"),
        ("dct:license", 1, "dct:LicenseDocument"),
        ("dcat:accessURL", None, "IRI"),
        ("dcatap:availability", 1, "skos:Concept"),
    ],
    "dcat:DataService": [
        ("dct:title", None, "Literal"),
        ("dcat:endpointURL", None, "IRI"),
        ("dcat:endpointDescription", None, "IRI"),
        ("dcat:servesDataset", None, "dcat:Dataset"),
        ("dcat:keyword", None, "Literal"),
        ("dcat:theme", None, "skos:Concept"),
        ("dct:publisher", 1, "foaf:Agent"),
        ("dct:license", 1, "dct:LicenseDocument"),
        ("dct:accessRights", 1, "dct:RightsStatement"),
        ("dct:conformsTo", None, "dct:Standard"),
    ],
    "spdx:Checksum": [
        ("spdx:algorithm", 1, "spdx:ChecksumAlgorithm"),
        ("spdx:checksumValue", 1, "xsd:hexBinary"),
    ],
    "foaf:Agent": [("foaf:name", None, "Literal")],
    "skos:Concept": [("skos:prefLabel", None, "Literal")],
    "skos:ConceptScheme": [("dct:title", None, "Literal")],
    "dct:LicenseDocument": [("dct:type", None, "skos:Concept")],
    "dct:PeriodOfTime": [("dcat:startDate", 1, "xsd:gYear"), ("dcat:endDate", 1, "xsd:gYear")],
}

#: The same for files: a distribution that can be downloaded.
DOWNLOAD = [
    ("dcat:downloadURL", None, "IRI"),
    ("dcat:mediaType", 1, "dct:MediaType"),
    ("dct:format", 1, "dct:MediaTypeOrExtent"),
    ("dcat:byteSize", 1, "xsd:nonNegativeInteger"),
    ("spdx:checksum", 1, "spdx:Checksum"),
]

_HEADER = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcatap: <http://data.europa.eu/r5r/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def shapes() -> str:
    """The shapes in Turtle."""
    found = [
        f"[] a sh:NodeShape ; sh:targetClass {name} ; {_properties(rows)} ."
        for name, rows in MANDATORY.items()
    ]
    target = "sh:targetSubjectsOf dcat:downloadURL"
    found.append(f"[] a sh:NodeShape ; {target} ; {_properties(DOWNLOAD)} .")
    # Never data sets of the profile's sense, so never the values of its dct:source.
    found.append("[] a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:property ")
    found.append("  [ sh:path dct:source ; sh:class dcat:Dataset ] .")
    return _HEADER + "\n".join(found)


def _properties(rows: list[tuple[str, int | None, str]]) -> str:
    return " ; ".join(f"sh:property [ {_constraints(*row)} ]" for row in rows)


def _constraints(path: str, most: int | None, kind: str) -> str:
    parts = [f"sh:path {path}", "sh:minCount 1"]
    if most is not None:
        parts.append(f"sh:maxCount {most}")
    if kind in ("Literal", "IRI"):
        parts.append(f"sh:nodeKind sh:{kind}")
    elif kind.startswith("xsd:"):
        parts.append(f"sh:datatype {kind}")
    else:
        parts.append(f"sh:class {kind}")
    return " ; ".join(parts)
