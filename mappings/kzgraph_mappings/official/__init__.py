"""The mappers of published data files, one for each kind of file."""

from kzgraph.sources import Kind, Mapper
from kzgraph_mappings.official import iati, iati_tables, unhcr, unhcr_footnotes
from kzgraph_mappings.official.iati_shared import settle
from kzgraph_mappings.official.inhabitants import map_inhabitants, recognize_inhabitants
from kzgraph_mappings.official.treaties import map_treaties, recognize_treaties

__all__ = ["KINDS", "MAPPERS", "settle"]

#: Kind of file to what maps it.
MAPPERS: dict[str, Mapper] = {
    "iati": iati.map_activities,
    "iati-tables": iati_tables.map_tables,
    "treaties": map_treaties,
    "worldbank-population": map_inhabitants,
    **dict.fromkeys(unhcr.KINDS, unhcr.map_unhcr_table),
    "unhcr-footnotes": unhcr_footnotes.map_footnotes,
}

#: Kind of file to what its files have in common; each kind of `MAPPERS` has an entry.
KINDS: dict[str, Kind] = {
    "iati": Kind(
        "Activities published by the standard of IATI",
        attribution="The organisations that report the activities, by the standard of IATI",
        recognize=iati.recognize,
        find_date=iati.find_date,
        records=True,
    ),
    "iati-tables": Kind(
        "UNHCR's tables of activities published by the standard of IATI",
        licence="https://creativecommons.org/licenses/by/4.0/",
        attribution="UNHCR, by the standard of IATI",
        recognize=iati_tables.recognize,
        records=True,
    ),
    "treaties": Kind(
        "Status of treaties",
        # Dates of acts are facts, in which nobody has rights.
        licence="https://creativecommons.org/publicdomain/mark/1.0/",
        attribution="United Nations Treaty Collection",
        recognize=recognize_treaties,
    ),
    "worldbank-population": Kind(
        "Population of countries",
        licence="https://opendatacommons.org/licenses/pddl/1-0/",
        attribution="World Bank, World Development Indicators",
        recognize=recognize_inhabitants,
    ),
    **unhcr.KINDS,
    "unhcr-footnotes": unhcr_footnotes.KIND,
}
