"""The formats in which answers and graphs are written."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Format:
    """One way to write an answer.

    Attributes:
        name: what `?format=` calls it; also the extension of its files.
        content_type: the media type with its parameters.
        other_types: media types under which clients ask for the same bytes.
        other_names: what else `?format=` may call it (SPARQLWrapper sends some of these).
        title: what people call it.
    """

    name: str
    content_type: str
    other_types: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    title: str = ""

    @property
    def media_type(self) -> str:
        """The media type without parameters."""
        return self.content_type.partition(";")[0]


_NOTATION3 = "text/n3; charset=utf-8"

HTML = Format("html", "text/html; charset=utf-8", title="HTML")

TURTLE = Format(
    "ttl",
    "text/turtle; charset=utf-8",
    ("application/x-turtle",),
    ("turtle", "n3", "text/turtle"),
    title="Turtle",
)
N_TRIPLES = Format("nt", "application/n-triples", (), ("ntriples", "n-triples"), title="N-Triples")
JSON_LD = Format(
    "jsonld", "application/ld+json", ("application/json",), ("json-ld", "json"), title="JSON-LD"
)
RDF_XML = Format(
    "rdf",
    "application/rdf+xml",
    ("application/xml", "text/xml; charset=utf-8"),
    ("rdfxml", "rdf+xml", "xml"),
    title="RDF/XML",
)

#: The formats of a graph in the server's order of preference.
GRAPH_FORMATS = (TURTLE, N_TRIPLES, JSON_LD, RDF_XML)

TRIG = Format("trig", "application/trig", ("application/x-trig",), title="TriG")
N_QUADS = Format("nq", "application/n-quads", (), ("nquads", "n-quads"), title="N-Quads")

#: The formats of a whole graph. The last two also say in which named graph each triple stands.
WHOLE_GRAPH_FORMATS = (*GRAPH_FORMATS, TRIG, N_QUADS)

#: The formats of the graph that a query makes. It has no name, so that as TriG it is written as in
#: Turtle and as N-Quads as in N-Triples; every Turtle document is one in Notation3 as well.
QUERY_GRAPH_FORMATS = (
    replace(
        TURTLE,
        other_types=(*TURTLE.other_types, TRIG.content_type, *TRIG.other_types, _NOTATION3),
        other_names=(*TURTLE.other_names, TRIG.name),
    ),
    replace(
        N_TRIPLES,
        other_types=(*N_TRIPLES.other_types, N_QUADS.content_type),
        other_names=(*N_TRIPLES.other_names, N_QUADS.name, *N_QUADS.other_names),
    ),
    JSON_LD,
    RDF_XML,
)

RESULTS_JSON = Format(
    "json", "application/sparql-results+json", ("application/json",), title="JSON"
)
RESULTS_XML = Format(
    "xml",
    "application/sparql-results+xml",
    ("application/xml", "text/xml; charset=utf-8"),
    title="XML",
)
RESULTS_CSV = Format("csv", "text/csv; charset=utf-8", title="CSV")
RESULTS_TSV = Format("tsv", "text/tab-separated-values; charset=utf-8", title="TSV")
RESULTS_EXCEL_CSV = Format(
    "csv-excel",
    "text/csv; charset=utf-8; header=present",
    (),
    ("excel",),
    title="CSV for Excel",
)
RESULTS_XLSX = Format(
    "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", title="XLSX"
)
RESULTS_PARQUET = Format("parquet", "application/vnd.apache.parquet", title="Parquet")

#: The formats of an ASK result in the server's order of preference.
BOOLEAN_FORMATS = (RESULTS_JSON, RESULTS_XML, RESULTS_CSV, RESULTS_TSV)

#: The formats of a SELECT result likewise.
RESULT_FORMATS = (*BOOLEAN_FORMATS, RESULTS_EXCEL_CSV, RESULTS_XLSX, RESULTS_PARQUET)
