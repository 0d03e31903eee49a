"""The concordance as one table among the dumps.

A row is a concordance: a figure or participation of a document, what official data say about it,
and where. No column has the sum of official figures, which could tell small numbers: `difference`
is there where it may be published.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import BASE, GRAPH, ID, ONTOLOGY, term
from kzgraph.namespaces import DCT, LABEL, PROV, SCHEMA, TYPE, Term
from kzgraph.release.dump_tables import (
    DumpTable,
    TableColumn,
    TableFile,
    metadata_name,
    tagged_name,
    write_table,
    write_tagged,
)
from kzgraph.sources.source_entries import SourceEntry

#: The name of the table below the dumps, and all that is written of it.
TABLE = "concordance.csv"
FILES = frozenset(
    (TABLE, metadata_name(TABLE), tagged_name(TABLE), metadata_name(tagged_name(TABLE)))
)

_CONCORDANCE = term("Concordance")
_SEPARATOR = " "


@dataclass(frozen=True)
class Column:
    """A column: what it has of a concordance, or of its fact.

    Attributes:
        name: in the header.
        of: the property; None for the concordance itself and its fact.
        what: its meaning.
        tag: its HXL hashtag.
        datatype: of CSVW.
        of_fact: whether the property is one of the figure or participation.
        several: whether a cell may have several values, separated by blanks.
        is_code: whether what is shown of a thing is the last segment of its IRI.
    """

    name: str
    of: NamedNode | None
    what: str
    tag: str
    datatype: str = "string"
    of_fact: bool = False
    several: bool = False
    is_code: bool = False


COLUMNS = (
    Column("concordance", None, "The concordance, by its IRI.", "#meta+id", "anyURI"),
    Column(
        "figure",
        None,
        "The figure, or participation in a treaty, of the document, by its IRI.",
        "#meta+figure+id",
        "anyURI",
    ),
    Column("label", LABEL, "What that is, in English.", "#indicator+name", of_fact=True),
    Column(
        "document",
        term("statedIn"),
        "The document.",
        "#meta+source+code",
        of_fact=True,
        is_code=True,
    ),
    Column(
        "value",
        term("value"),
        "The number of the document; none of a participation.",
        "#indicator+value+num",
        "decimal",
        of_fact=True,
    ),
    Column(
        "bound",
        term("bound"),
        "How the document hedges it.",
        "#indicator+bound",
        of_fact=True,
        is_code=True,
    ),
    Column(
        "unit",
        term("unit"),
        "Its unit in the document.",
        "#indicator+unit",
        of_fact=True,
        is_code=True,
    ),
    Column("year", term("year"), "Its year, if it is one.", "#date+year", "integer", of_fact=True),
    Column(
        "explanation",
        term("explanation"),
        "The rule that explains it.",
        "#status+explanation",
        is_code=True,
    ),
    Column(
        "further",
        term("furtherKind"),
        "What explains it in addition.",
        "#status+explanation+further+list",
        several=True,
        is_code=True,
    ),
    Column("confidence", term("confidence"), "How sure that is.", "#meta+confidence", is_code=True),
    Column(
        "difference",
        term("difference"),
        "The number less the official one, in the unit of the latter; empty where nothing was"
        " found, and where a count of one to four persons can hide in it.",
        "#indicator+difference+num",
        "decimal",
    ),
    Column(
        "percent_difference",
        term("percentDifference"),
        "The same in per cent of the official number.",
        "#indicator+difference+pct",
        "decimal",
    ),
    Column(
        "unit_found",
        term("unit"),
        "The unit that the number was found to have.",
        "#indicator+found+unit",
        is_code=True,
    ),
    Column(
        "countries",
        SCHEMA["areaServed"],
        "The set of countries that was found.",
        "#country+code+list+v_iso3",
        several=True,
        is_code=True,
    ),
    Column(
        "undetermined",
        DCT["spatial"],
        "Countries that may be in it or not.",
        "#country+code+list+undetermined+v_iso3",
        several=True,
        is_code=True,
    ),
    Column(
        "official_figures",
        term("officialFigure"),
        "The official figures that were summed, or the entries of the depositary's list.",
        "#meta+id+list+official",
        "anyURI",
        several=True,
    ),
    Column(
        "left_out",
        DCT["relation"],
        "Official figures left out of the sum.",
        "#meta+id+left_out+list",
        "anyURI",
        several=True,
    ),
    Column("looked_for", DCT["description"], "What was looked for, in words.", "#description"),
    Column("citation", DCT["bibliographicCitation"], "How to cite the row.", "#meta+citation"),
)


Properties = dict[NamedNode, list[Term]]


def concordance_files(quads: Iterable[Quad], sources: Iterable[SourceEntry]) -> list[TableFile]:
    """The files of the table; none where there is no concordance.

    Args:
        quads: of the release, those of sources not needed.
        sources: which it has.
    """
    found = _collect(quads)
    rows = list(_rows(found))
    if not rows:
        return []
    used = {
        node.value.removeprefix(GRAPH)
        for properties in found.values()
        for node in properties.get(PROV["wasDerivedFrom"], ())
        if isinstance(node, NamedNode) and node.value.startswith(GRAPH)
    }
    table = DumpTable(
        TABLE,
        "What official data say about what the documents state",
        f"One row for each {ONTOLOGY}Concordance of {BASE}.",
        [_describe(column) for column in COLUMNS],
        rows,
        [each for each in sources if each.name in used],
        {"primaryKey": "concordance", "aboutUrl": "{+concordance}"},
    )
    return [*write_table(table), *write_tagged(table)]


def _describe(column: Column) -> TableColumn:
    # A cell that has a code has no value of the property, and one of the figure is not of the row.
    states = column.of is not None and not column.of_fact and not column.is_code
    return TableColumn(
        column.name,
        column.what,
        column.tag,
        column.datatype,
        _SEPARATOR if column.several else "",
        column.of.value if states and column.of is not None else "",
    )


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
