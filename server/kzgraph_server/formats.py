"""The formats that the server speaks, and how a request chooses one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Request

from kzgraph_server.negotiate import choose
from kzgraph_server.problems import Problem


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


@dataclass(frozen=True)
class _Variant:
    """A format under one of its media types."""

    format: Format
    content_type: str


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


@dataclass(frozen=True)
class Choice:
    """The format of an answer and the media type under which it is sent."""

    format: Format
    content_type: str


def negotiate(request: Request, offers: Sequence[Format], asked: str | None = None) -> Choice:
    """The format in which to answer a request to Flask; see `negotiate_accept`."""
    return negotiate_accept(request.headers.get("Accept"), offers, asked)


def negotiate_accept(accept: str | None, offers: Sequence[Format], asked: str | None) -> Choice:
    """The format in which to answer.

    Args:
        accept: the Accept field, or None where there is none.
        offers: what there is, best first.
        asked: the value of `?format=`, which overrides the Accept field.

    Raises:
        Problem: 406, with a list of what can be had.
    """
    if asked:
        wanted = asked.strip().lower()
        for offer in offers:
            if wanted in (offer.name, offer.media_type, *offer.other_names, *offer.other_types):
                return Choice(offer, offer.content_type)
        raise _unacceptable(f"The answer cannot be written as {asked[:40]!r}.", offers)
    variants = [_Variant(offer, offer.content_type) for offer in offers]
    variants += [_Variant(offer, other) for offer in offers for other in offer.other_types]
    chosen = choose(accept, variants)
    if chosen is None:
        raise _unacceptable("The Accept header allows none of the available formats.", offers)
    return Choice(chosen.format, chosen.content_type)


def _unacceptable(reason: str, offers: Sequence[Format]) -> Problem:
    available = [{"format": each.name, "mediaType": each.media_type} for each in offers]
    listed = ", ".join(f"{each.media_type} (format={each.name})" for each in offers)
    return Problem(406, f"{reason} Available: {listed}.", available=available)
