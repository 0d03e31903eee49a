"""The concordance as one table among the dumps, with CSVW metadata that says what it holds.

A row is a concordance: a figure or participation of a document, what official data say about it,
and where. No
column has the sum of official figures, which could tell small numbers: `difference` is there where
it may be published. The metadata name each source of official figures with its licence and the
attribution that it asks for: https://www.w3.org/TR/tabular-metadata/
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import BASE, GRAPH, ID, ONTOLOGY, term
from kzgraph.licences import OWN
from kzgraph.namespaces import DCT, LABEL, PROV, SCHEMA, TYPE, Term
from kzgraph.sources.source_entries import SourceEntry

#: The name of the table below the dumps, and of its metadata, where programs look for them:
#: https://www.w3.org/TR/tabular-data-model/#standard-file-metadata
TABLE = "concordance.csv"
METADATA_FILE = f"{TABLE}-metadata.json"

_CONCORDANCE = term("Concordance")
_SEPARATOR = " "


@dataclass(frozen=True)
class Column:
    """A column: what it has of a concordance, or of its fact.

    Attributes:
        name: in the header.
        of: the property; None for the concordance itself and its fact.
        what: its meaning.
        datatype: of CSVW.
        of_fact: whether the property is one of the figure or participation.
        several: whether a cell may have several values, separated by blanks.
        is_code: whether what is shown of a thing is the last segment of its IRI.
    """

    name: str
    of: NamedNode | None
    what: str
    datatype: str = "string"
    of_fact: bool = False
    several: bool = False
    is_code: bool = False


COLUMNS = (
    Column("concordance", None, "The concordance, by its IRI.", "anyURI"),
    Column(
        "figure",
        None,
        "The figure, or participation in a treaty, of the document, by its IRI.",
        "anyURI",
    ),
    Column("label", LABEL, "What that is, in English.", of_fact=True),
    Column("document", term("statedIn"), "The document.", of_fact=True, is_code=True),
    Column(
        "value",
        term("value"),
        "The number of the document; none of a participation.",
        "decimal",
        of_fact=True,
    ),
    Column("bound", term("bound"), "How the document hedges it.", of_fact=True, is_code=True),
    Column("unit", term("unit"), "Its unit in the document.", of_fact=True, is_code=True),
    Column("year", term("year"), "Its year, if it is one.", "integer", of_fact=True),
    Column("explanation", term("explanation"), "The rule that explains it.", is_code=True),
    Column(
        "further",
        term("furtherKind"),
        "What explains it in addition.",
        several=True,
        is_code=True,
    ),
    Column("confidence", term("confidence"), "How sure that is.", is_code=True),
    Column(
        "difference",
        term("difference"),
        "The number less the official one, in the unit of the latter; empty where nothing was"
        " found, and where a count of one to four persons can hide in it.",
        "decimal",
    ),
    Column(
        "percent_difference",
        term("percentDifference"),
        "The same in per cent of the official number.",
        "decimal",
    ),
    Column("unit_found", term("unit"), "The unit that the number was found to have.", is_code=True),
    Column(
        "countries",
        SCHEMA["areaServed"],
        "The set of countries that was found.",
        several=True,
        is_code=True,
    ),
    Column(
        "undetermined",
        DCT["spatial"],
        "Countries that may be in it or not.",
        several=True,
        is_code=True,
    ),
    Column(
        "official_figures",
        term("officialFigure"),
        "The official figures that were summed, or the entries of the depositary's list.",
        "anyURI",
        several=True,
    ),
    Column(
        "left_out", DCT["relation"], "Official figures left out of the sum.", "anyURI", several=True
    ),
    Column("looked_for", DCT["description"], "What was looked for, in words."),
    Column("citation", DCT["bibliographicCitation"], "How to cite the row."),
)


@dataclass(frozen=True)
class TableFile:
    """A file of the table: its name below the dumps, its media type and its bytes."""

    name: str
    media_type: str
    data: bytes


Properties = dict[NamedNode, list[Term]]


def concordance_files(quads: Iterable[Quad], sources: Iterable[SourceEntry]) -> list[TableFile]:
    """The table and its metadata; nothing where there is no concordance.

    Args:
        quads: of the release, those of sources not needed.
        sources: which it has.
    """
    found = _collect(quads)
    rows = list(_rows(found))
    if not rows:
        return []
    output = StringIO(newline="")
    writer = csv.writer(output, lineterminator="\r\n")  # https://www.rfc-editor.org/rfc/rfc4180
    writer.writerow(column.name for column in COLUMNS)
    writer.writerows(rows)
    used = {
        node.value.removeprefix(GRAPH)
        for properties in found.values()
        for node in properties.get(PROV["wasDerivedFrom"], ())
        if isinstance(node, NamedNode) and node.value.startswith(GRAPH)
    }
    described = describe_table(each for each in sources if each.name in used)
    metadata = json.dumps(described, ensure_ascii=False, indent=1) + "\n"
    # https://www.iana.org/assignments/media-types/application/csvm+json
    return [
        TableFile(TABLE, "text/csv", output.getvalue().encode()),
        TableFile(METADATA_FILE, "application/csvm+json", metadata.encode()),
    ]


def _collect(quads: Iterable[Quad]) -> Mapping[str, Properties]:
    """The properties of concordances and of what they can be of, by their IRIs."""
    found: dict[str, Properties] = defaultdict(lambda: defaultdict(list))
    wanted = tuple(f"{ID}{kind}/" for kind in ("concordance", "figure", "participation"))
    for quad in quads:
        subject = quad.subject
        if isinstance(subject, NamedNode) and subject.value.startswith(wanted):
            found[subject.value][quad.predicate].append(quad.object)
    return found


def _rows(found: Mapping[str, Properties]) -> Iterator[list[str]]:
    facts = {
        node.value: iri
        for iri, properties in found.items()
        for node in properties.get(term("concordance"), ())
        if isinstance(node, NamedNode)
    }
    for iri in sorted(found):
        fact = facts.get(iri)
        if fact is not None and _CONCORDANCE in found[iri].get(TYPE, ()):
            yield [_cell(column, iri, found[iri], fact, found[fact]) for column in COLUMNS]


def _cell(column: Column, iri: str, properties: Properties, fact: str, of_fact: Properties) -> str:
    if column.of is None:
        return fact if column.name == "figure" else iri
    values = (of_fact if column.of_fact else properties).get(column.of, [])
    texts = sorted({_text(column, each) for each in values} - {""})
    return _SEPARATOR.join(texts) if column.several else next(iter(texts), "")


def _text(column: Column, value: Term) -> str:
    if isinstance(value, Literal):
        return value.value if value.language in (None, "en") else ""
    if not isinstance(value, NamedNode):
        return ""
    return value.value.rsplit("/", 1)[-1] if column.is_code else value.value


def describe_table(sources: Iterable[SourceEntry]) -> dict[str, object]:
    """The metadata of the table, as CSVW in JSON."""
    columns = [
        {
            "name": column.name,
            "titles": {"en": column.name},
            "dc:description": {"en": column.what},
            "datatype": column.datatype,
            **({"separator": _SEPARATOR} if column.several else {}),
            **(
                {"propertyUrl": column.of.value}
                if column.of is not None and not column.of_fact and not column.is_code
                else {}
            ),
        }
        for column in COLUMNS
    ]
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "url": TABLE,
        "dc:title": "What official data say about what the documents state",
        "dc:description": f"One row for each {ONTOLOGY}Concordance of {BASE}.",
        "dc:license": {"@id": OWN.iri},
        "dc:source": [
            {
                "@id": f"{GRAPH}{each.name}",
                "dc:title": each.title,
                "dc:license": {"@id": each.licence},
                "schema:creditText": each.attribution,
            }
            for each in sorted(sources, key=lambda each: each.name)
        ],
        "tableSchema": {
            "primaryKey": "concordance",
            "aboutUrl": "{+concordance}",
            "columns": columns,
        },
    }
