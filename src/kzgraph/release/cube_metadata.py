"""What the tables of cubes mean, as CSV on the Web: https://www.w3.org/TR/tabular-metadata/.

A row of a table of documents is a thing of the graph, and a converter to RDF makes of it what the
graph says. Of an official table the rows that are zero or empty are none, so rows have no IRI.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from kzgraph.cubes.cube_codes import Codes
from kzgraph.cubes.table_files import MadeTable
from kzgraph.iri import BASE, GRAPH
from kzgraph.licences import OWN
from kzgraph.release.dumps import ATTRIBUTION, DUMPS
from kzgraph.sources.source_entries import SourceEntry
from kzgraph.tidy.cube_columns import CODED, LITERAL, CubeColumn

_TYPES = {"BIGINT": "integer", "INTEGER": "integer", "BOOLEAN": "boolean"}


def describe_cube(
    made: MadeTable, codes: Codes, sources: Sequence[SourceEntry], version: str
) -> str:
    """The metadata of the CSV of a table.

    Args:
        made: the table.
        codes: of the release.
        sources: whose numbers are in it.
        version: of the release.
    """
    cube = made.cube
    licences = {OWN.iri, *(each.licence for each in sources)}
    attribution = f"{BASE}releases/{version}/{DUMPS}/{ATTRIBUTION}"
    things = set(made.counts) == {"observation"}
    described = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{cube.name}.csv",
        # The default would take a line that begins with a hash for a comment.
        "dialect": {"encoding": "utf-8", "commentPrefix": None},
        "dc:title": in_languages(cube.titles),
        "dc:description": in_languages(cube.texts),
        "dc:isPartOf": {"@id": cube.iri},
        # Of several none is that of the table: the text says whose data is under which.
        "dc:license": {"@id": OWN.iri if len(licences) == 1 else attribution},
        "dc:source": [
            {
                "@id": f"{GRAPH}{each.name}",
                "dc:title": each.title,
                "dc:license": {"@id": each.licence},
                "schema:creditText": each.attribution,
            }
            for each in sources
        ],
        "tableSchema": {
            "aboutUrl": f"{{+{cube.identifier}}}" if things else None,
            "primaryKey": list(cube.key),
            "columns": [
                _describe(column, kind, made, codes)
                for column, kind in zip(made.columns, made.types, strict=True)
            ],
        },
    }
    return json.dumps(_without_empty(described), ensure_ascii=False, indent=1) + "\n"


def in_languages(texts: Mapping[str, str]) -> list[dict[str, str]]:
    """Texts by language, as JSON-LD has them."""
    return [{"@value": text, "@language": language} for language, text in texts.items()]


def _describe(column: CubeColumn, kind: str, made: MadeTable, codes: Codes) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "dc:description": in_languages(column.texts),
        "datatype": _TYPES.get(kind, "decimal" if kind.startswith("DECIMAL") else column.datatype),
    }
    if column.language:
        # It says something of what the code stands for, and not of the row.
        found |= {"lang": column.language, "suppressOutput": True}
    elif column.is_code:
        found |= {
            "propertyUrl": CODED[column.name],
            "dc:conformsTo": _link(codes.lists.get(column.name)),
        }
        if prefix := codes.prefixes.get(column.name):
            found["valueUrl"] = f"{prefix}{{+{column.name}}}"
        else:
            # Of things of several kinds, whose IRIs no template makes: the code is no object.
            found["suppressOutput"] = True
    elif column.name == "value":
        found["propertyUrl"] = made.cube.measure
    elif column.name in LITERAL:
        found["propertyUrl"] = LITERAL[column.name]
    return found


def _link(iri: str | None) -> dict[str, str]:
    return {"@id": iri} if iri else {}


def _without_empty(entry: Any) -> Any:
    if isinstance(entry, dict):
        return {
            key: _without_empty(value)
            for key, value in entry.items()
            if key == "commentPrefix" or value not in (None, [], {})
        }
    return [_without_empty(each) for each in entry] if isinstance(entry, list) else entry
