"""A data set description as the Humanitarian Data Exchange wants it: a package of its CKAN.

https://docs.humdata.org/about/understanding-hdx-metadata and the fields that HDX's own Python
library requires. All of it follows from the release, but for the organization and the maintainer,
who are somebody at HDX: `kzgraph hdx` asks for them, and a release has the description without.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from kzgraph.iri import BASE, ONTOLOGY
from kzgraph.licences import OWN, find_licence, name_licence
from kzgraph.release.concordance_table import TABLE as CONCORDANCE
from kzgraph.release.dump_tables import metadata_name, tagged_name
from kzgraph.release.dumps import ATTRIBUTION, DUMPS, STEM
from kzgraph.release.mapping_set import MAPPING_SET
from kzgraph.release.metadata import DESCRIPTIONS, TITLES
from kzgraph.release.statistics import Statistics
from kzgraph.sources.source_entries import SourceEntry
from kzgraph.tidy.file_tables import FileTable, find_tables

#: The description without organization and maintainer, in the folder of the dumps.
HDX = "hdx.json"

#: HDX's vocabulary of tags, "Topics", by which each tag of a data set has to name its own.
_TOPICS = "b891512e-9516-4bf5-962a-7a289772a2a1"
_TAGS = ("asylum seekers", "forced displacement", "funding", "hxl", "refugees", "stateless persons")
_TAG_OF_IATI = "international aid transparency initiative-iati"
_METHOD = (
    "Figures of UNHCR documents, each with the words of the document that support it; scope, "
    "status, time and hedge are kept as stated. Official data sets stand beside them, each in a "
    "graph of its own."
)
_CAVEATS = (
    "Name the quantity, the status and the scope of figures before adding them up: counts, "
    "forecasts, money and per cents are different quantities. UNHCR rounds cells of 1 to 4 "
    "persons to 0 or 5. Disagreements between sources are kept and explained as data. "
    "dumps/ATTRIBUTION.txt says which licence and which attribution each source has."
)
_SELECT = """SELECT ?country ?iso3 ?year ?group ?persons WHERE {{
  ?figure a kzg:{of} ; kzg:country ?place ; kzg:year ?year ; kzg:populationGroup/rdfs:label ?group ;
    kzg:quantity quantity:stock ; kzg:{value} ?persons .{more}
  ?place rdfs:label ?country ; schema:identifier ?iso3 .
  FILTER(LANG(?country) = "en" && LANG(?group) = "en")
}} ORDER BY ?iso3 ?year ?group ?persons"""
#: By the class that a table is of: its name, and its query.
TABLES = {
    "HeadlineFigure": (
        "Headline figures of the documents",
        _SELECT.format(of="HeadlineFigure", value="value", more=" ?figure kzg:unit unit:persons ."),
    ),
    "OfficialHeadlineFigure": (
        "Official figures",
        _SELECT.format(of="OfficialHeadlineFigure", value="officialValue", more=""),
    ),
}
#: Tables among the dumps, with what they are called.
_TABLES_OF_DUMPS = {
    CONCORDANCE: "What official data say about what the documents state",
    MAPPING_SET: "Links to other data sets",
}
#: By the suffix of a whole dump: what HDX calls its format.
_DUMPS = {"rdf": "RDF", "jsonld": "JSON", "nq.gz": "GZ"}


def describe_for_hdx(
    version: str,
    numbers: Statistics,
    sources: Sequence[SourceEntry],
    names: Iterable[str],
    dumps: Path | None = None,
    *,
    address: str = "",
    organization: str = "",
    maintainer: str = "",
) -> dict[str, Any]:
    """The package.

    Args:
        version: of the release.
        numbers: of what it holds.
        sources: of the release.
        names: of the files of its dumps.
        dumps: their folder, whose tables are offered too.
        address: where it is served, with a slash at its end; by default the project's IRI for it.
        organization: `owner_org` at HDX; without one the member is left out.
        maintainer: likewise, the identifier of a user of HDX.
    """
    current = [each for each in sources if each.current]
    licences = sorted({OWN.iri, *(each.licence for each in current)})
    tables = find_tables(dumps).files if dumps else {}
    address = address or f"{BASE}releases/{version}/"
    known = find_licence(licences[0]) if len(licences) == 1 else None
    described: dict[str, Any] = {
        "name": "kzgraph-unhcr-kazakhstan-and-central-asia",
        "title": TITLES["en"].partition(": ")[2],
        "notes": f"{DESCRIPTIONS['en']}\n\nRelease {version} of kzgraph, {BASE}releases/{version}/",
        "private": False,
        "dataset_source": "; ".join(dict.fromkeys(("UNHCR", *(e.attribution for e in current)))),
        "methodology": "Other",
        "methodology_other": _METHOD,
        "caveats": _CAVEATS,
        "license_id": known.hdx if known and known.hdx else "hdx-multi",
        "data_update_frequency": "-2",  # As needed: a release is made when its content changes.
        "groups": [{"name": each} for each in _countries(numbers)],
        "tags": [
            {"name": each, "vocabulary_id": _TOPICS}
            for each in sorted((*_TAGS, *([_TAG_OF_IATI] if _has_iati(current) else [])))
        ],
        "version": version,
        "resources": [
            *_resources(numbers, set(names), address),
            *(_describe_table(each, address) for each in tables.values() if each.csv),
        ],
    }
    if numbers.years or any(each.years for each in current):
        described["dataset_date"] = _period(numbers, current)
    if described["license_id"] == "hdx-multi":
        described["license_other"] = ", ".join(f"{name_licence(e)} ({e})" for e in licences)
    given = {"owner_org": organization, "maintainer": maintainer}
    return described | {name: value for name, value in given.items() if value}


def write_for_hdx(described: dict[str, Any]) -> bytes:
    """The package as JSON."""
    return (json.dumps(described, ensure_ascii=False, indent=2) + "\n").encode()


def _countries(numbers: Statistics) -> list[str]:
    """The countries as HDX calls them, by their ISO 3166-1 alpha-3 codes in small letters."""
    return sorted({each.iso3.lower() for each in numbers.places if each.iso3}) or ["world"]


def _has_iati(sources: Iterable[SourceEntry]) -> bool:
    return any(each.kind.partition("-")[0] == "iati" for each in sources)


def _period(numbers: Statistics, sources: Iterable[SourceEntry]) -> str:
    years = [*(numbers.years or ()), *(year for each in sources for year in each.years)]
    return f"[{min(years):04}-01-01T00:00:00 TO {max(years):04}-12-31T23:59:59]"


def _resources(numbers: Statistics, names: set[str], address: str) -> Iterator[dict[str, str]]:
    classes = {each.term for each in numbers.classes}
    for of, (title, query) in TABLES.items():
        if f"{ONTOLOGY}{of}" in classes:
            for form in ("csv", "xlsx"):
                asked = urlencode({"query": query, "format": form, "hxl": "true"})
                text = f"{title} by country, year and group, with HXL hashtags."
                yield _resource(title, f"{address}sparql?{asked}", form.upper(), text)
    for table, title in _TABLES_OF_DUMPS.items():
        if (name := tagged_name(table)) in names:
            text = f"{title}, with HXL hashtags; {metadata_name(name)} says what each column means."
            yield _resource(title, f"{address}{DUMPS}/{name}", "CSV", text)
    for suffix, form in _DUMPS.items():
        if f"{STEM}.{suffix}" in names:
            url = f"{address}{DUMPS}/{STEM}.{suffix}"
            text = f"The whole data set as linked data ({suffix.upper()})."
            yield _resource(f"{STEM}.{suffix}", url, form, text)
    text = "Which licence and which attribution each source has."
    yield _resource(ATTRIBUTION, f"{address}{DUMPS}/{ATTRIBUTION}", "TXT", text)
    yield _resource("SPARQL endpoint", f"{address}sparql", "SPARQL", "Queries over the data set.")


def _describe_table(file: FileTable, address: str) -> dict[str, str]:
    means = f"{DUMPS}/{file.metadata} says what each column means."
    text = " ".join(filter(None, ("One row an observation.", file.table.texts["en"], means)))
    return _resource(file.table.titles["en"], f"{address}{DUMPS}/{file.csv}", "CSV", text)


def _resource(name: str, url: str, form: str, description: str) -> dict[str, str]:
    return {
        "name": name,
        "url": url,
        "format": form,
        "description": description,
        "url_type": "api",
        "resource_type": "api",
    }
