"""The data set in schema.org, for the search engines that read pages.

https://developers.google.com/search/docs/appearance/structured-data/dataset
"""

import json
from typing import Any

from markupsafe import Markup

from kzgraph.release.metadata import KEYWORDS
from kzgraph.release.statistics import Place
from kzgraph_server.descriptions.about import DATASET, About

#: What could end the element, or start a comment in it, written as JSON escapes.
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def data_set(about: About) -> dict[str, Any]:
    """The data set as a JSON-LD object."""
    numbers, addresses = about.numbers, about.addresses
    maker = {"@type": "Organization", "@id": about.creator.value, "name": about.creator_name}
    described: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": DATASET.value,
        "name": about.title(),
        "description": about.description(),
        "url": addresses.at().value,
        "version": about.version,
        "license": about.licence.value,
        "creator": maker,
        "publisher": maker,
        "keywords": [word for words in KEYWORDS.values() for word in words],
        "variableMeasured": [
            {
                "@type": "PropertyValue",
                "propertyID": each.iri.value,
                "name": each.name,
                "description": each.definition,
            }
            for each in about.variables
        ],
        "inLanguage": ["en", "kk", "ru"],
        "isAccessibleForFree": True,
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "@id": addresses.catalog.value,
            "name": "Catalogue of the kzgraph project",
            "url": addresses.catalog.value,
        },
        "isBasedOn": [
            *(
                {"@type": "CreativeWork", "@id": each.iri.value, "name": each.title}
                for each in about.sources
            ),
            *(
                {
                    "@type": "Dataset",
                    "@id": each.iri.value,
                    "name": each.title,
                    "description": f"{each.title}, as a graph of {about.title()}.",
                    "license": each.licence.value,
                    "creditText": each.attribution,
                }
                for each in about.source_sets
                if each.replaced_by is None
            ),
        ],
        "spatialCoverage": [_place(each) for each in numbers.places],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.name,
                "contentUrl": addresses.dump(file.name).value,
                "encodingFormat": "application/gzip" if file.compression else file.media_type,
                "contentSize": f"{file.bytes} B",
                "sha256": file.sha256,
            }
            for file in about.whole_files()
        ],
    }
    if numbers.years:
        described["temporalCoverage"] = numbers.interval()
    return described


def script(described: dict[str, Any]) -> Markup:
    """`described` as an element for the head of a page.

    A script of a type that is not one of JavaScript is a data block: HTML never runs it, so the
    Content Security Policy has nothing to allow or refuse.
    https://html.spec.whatwg.org/multipage/scripting.html#data-block
    """
    text = json.dumps(described, ensure_ascii=False).translate(_ESCAPES)
    return Markup(f'<script type="application/ld+json">{text}</script>')  # noqa: S704 - escaped


def _place(place: Place) -> dict[str, str]:
    found = {"@type": "Place", "@id": place.iri, "name": place.name()}
    if place.iso3:
        found["@type"] = "Country"
        found["identifier"] = place.iso3
    return found
