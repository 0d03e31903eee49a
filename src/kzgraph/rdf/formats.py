"""The formats in which results and graphs are written: the one table of them.

What writes a format that the store does not is in `kzgraph.rdf.graph_writer` for graphs, and in
`kzgraph.results.page` for tables.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import QueryResultsFormat, RdfFormat

from kzgraph.problem import Problem


@dataclass(frozen=True, eq=False)
class Format:
    """One way to write an answer.

    Attributes:
        name: what `?format=` calls it.
        content_type: the media type with its parameters.
        other_types: media types under which clients ask for the same bytes.
        other_names: what else `?format=` may call it (SPARQLWrapper sends some of these).
        title: what people call it.
        w3c: its local name in http://www.w3.org/ns/formats/, where it has one.
        eu: its code in http://publications.europa.eu/resource/authority/file-type, likewise.
        rdf: the store's serializer of graphs, where that is what writes it.
        results: the store's serializer of results, likewise.
        suffix: of the names of its files; the name where nothing else is said.
        binary: whether a browser saves it instead of showing it.
    """

    name: str
    content_type: str
    other_types: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    title: str = ""
    w3c: str = ""
    eu: str = ""
    rdf: RdfFormat | None = None
    results: QueryResultsFormat | None = None
    suffix: str = ""
    binary: bool = False

    def __post_init__(self) -> None:
        """Let the name be the suffix."""
        object.__setattr__(self, "suffix", self.suffix or self.name)

    def __repr__(self) -> str:
        return f"Format({self.name!r})"

    @property
    def media_type(self) -> str:
        """The media type without parameters."""
        return essence(self.content_type)

    def disposition(self, stem: str) -> str:
        """The Content-Disposition field (RFC 6266) of an answer that is called `stem`.

        >>> RESULTS_EXCEL_CSV.disposition("kzgraph-result")
        'inline; filename="kzgraph-result.csv"'
        """
        return content_disposition(f"{stem}.{self.suffix}", attachment=self.binary)


def essence(content_type: str) -> str:
    """A media type without its parameters."""
    return content_type.partition(";")[0].strip()


def content_disposition(file_name: str, *, attachment: bool) -> str:
    """The Content-Disposition field of a file: to be saved, or to be shown where that can be done.

    Args:
        file_name: of unreserved characters of URLs, as every name of the project is.
        attachment: whether the file is to be saved.
    """
    return f'{"attachment" if attachment else "inline"}; filename="{file_name}"'


def unacceptable(reason: str, available: Iterable[Format]) -> Problem:
    """The 406 that says why no format will do, and which are available."""
    formats = [{"format": each.name, "mediaType": each.media_type} for each in available]
    listed = ", ".join(f"{each['mediaType']} (format={each['format']})" for each in formats)
    return Problem(406, f"{reason} Available: {listed}.", available=formats)


HTML = Format("html", "text/html; charset=utf-8", title="HTML")

TURTLE = Format(
    "ttl",
    "text/turtle; charset=utf-8",
    ("application/x-turtle", "text/n3; charset=utf-8"),
    ("turtle", "n3", "text/turtle"),
    title="Turtle",
    w3c="Turtle",
    eu="RDF_TURTLE",
    rdf=RdfFormat.TURTLE,
)
N_TRIPLES = Format(
    "nt",
    "application/n-triples",
    other_names=("ntriples", "n-triples"),
    title="N-Triples",
    w3c="N-Triples",
    eu="RDF_N_TRIPLES",
    rdf=RdfFormat.N_TRIPLES,
)
JSON_LD = Format(
    "jsonld",
    "application/ld+json",
    ("application/json",),
    ("json-ld", "json"),
    title="JSON-LD",
    w3c="JSON-LD",
    eu="JSON_LD",
)
RDF_XML = Format(
    "rdf",
    "application/rdf+xml",
    ("application/xml", "text/xml; charset=utf-8"),
    ("rdfxml", "rdf+xml", "xml"),
    title="RDF/XML",
    w3c="RDF_XML",
    eu="RDF_XML",
)
TRIG = Format(
    "trig",
    "application/trig",
    ("application/x-trig",),
    title="TriG",
    w3c="TriG",
    eu="RDF_TRIG",
    rdf=RdfFormat.TRIG,
)
N_QUADS = Format(
    "nq",
    "application/n-quads",
    other_names=("nquads", "n-quads"),
    title="N-Quads",
    w3c="N-Quads",
    eu="RDF_N_QUADS",
    rdf=RdfFormat.N_QUADS,
)

#: The formats of triples, in the server's order of preference.
TRIPLE_FORMATS = (TURTLE, N_TRIPLES, JSON_LD, RDF_XML)
#: The formats that can also say in which named graph a triple stands. Every document of the first
#: is one of the second, whose triples are in the default graph.
QUAD_FORMATS = {TRIG: TURTLE, N_QUADS: N_TRIPLES}
#: The formats of a graph, likewise.
GRAPH_FORMATS = (*TRIPLE_FORMATS, *QUAD_FORMATS)

RESULTS_JSON = Format(
    "json",
    "application/sparql-results+json",
    ("application/json",),
    title="JSON",
    w3c="SPARQL_Results_JSON",
    results=QueryResultsFormat.JSON,
)
RESULTS_XML = Format(
    "xml",
    "application/sparql-results+xml",
    ("application/xml", "text/xml; charset=utf-8"),
    title="XML",
    w3c="SPARQL_Results_XML",
    results=QueryResultsFormat.XML,
)
RESULTS_CSV = Format(
    "csv",
    "text/csv; charset=utf-8",
    title="CSV",
    w3c="SPARQL_Results_CSV",
    eu="CSV",
    results=QueryResultsFormat.CSV,
)
RESULTS_TSV = Format(
    "tsv",
    "text/tab-separated-values; charset=utf-8",
    title="TSV",
    w3c="SPARQL_Results_TSV",
    eu="TSV",
    results=QueryResultsFormat.TSV,
)
#: With a byte order mark, without which spreadsheets take Cyrillic for something else.
RESULTS_EXCEL_CSV = Format(
    "csv-excel",
    "text/csv; charset=utf-8; header=present",
    other_names=("excel",),
    title="CSV for Excel",
    suffix="csv",
)
RESULTS_XLSX = Format(
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    title="XLSX",
    eu="XLSX",
    binary=True,
)
RESULTS_PARQUET = Format(
    "parquet", "application/vnd.apache.parquet", title="Parquet", eu="PARQUET", binary=True
)

#: What the columns of a table mean: https://www.w3.org/TR/tabular-metadata/#iana-considerations
CSVW = Format("csvw", "application/csvm+json", title="CSVW metadata", suffix="json")

#: The formats of an ASK result in the server's order of preference.
BOOLEAN_FORMATS = (RESULTS_JSON, RESULTS_XML, RESULTS_CSV, RESULTS_TSV)

#: The formats of a SELECT result likewise.
RESULT_FORMATS = (*BOOLEAN_FORMATS, RESULTS_EXCEL_CSV, RESULTS_XLSX, RESULTS_PARQUET)

#: The formats of a SELECT result that a row of HXL hashtags fits into, likewise.
HXL_FORMATS = (RESULTS_CSV, RESULTS_TSV, RESULTS_EXCEL_CSV, RESULTS_XLSX)

#: The formats of a SELECT result that do not say what a term is, so that metadata have to.
PLAIN_FORMATS = (RESULTS_CSV, RESULTS_TSV, RESULTS_EXCEL_CSV, RESULTS_XLSX, RESULTS_PARQUET)

#: Every format of results and graphs, by its name.
BY_NAME = {each.name: each for each in (*RESULT_FORMATS, *GRAPH_FORMATS)}
