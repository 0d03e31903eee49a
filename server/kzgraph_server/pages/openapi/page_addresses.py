"""The pages for readers, and what operators ask for."""

from kzgraph.rdf.formats import GRAPH_FORMATS, HTML
from kzgraph_server.pages.openapi.elements import (
    N_,
    Address,
    Answer,
    Group,
    Operation,
    Parameter,
    page,
    sent_as,
)
from kzgraph_server.pages.openapi.json_bodies import ref
from kzgraph_server.pages.openapi.parameters import (
    DOC,
    PATH,
    RANGE,
    choose_format,
    in_path,
    text_of,
)
from kzgraph_server.pages.releases import JSON

_JSON = "application/json"

PAGES = (
    page("/", "showOverview", N_("Shows what the data set has"), ""),
    Address(
        "/examples",
        Group.QUERIES,
        (
            Operation(
                "listExamples",
                N_("Gives questions with the queries that answer them, as a page or as data"),
                N_(
                    "In English, Russian and Kazakh. A format of RDF has all of them, whatever the "
                    "words and the topic."
                ),
                (
                    Answer(
                        N_("The questions."),
                        {**sent_as((HTML, *GRAPH_FORMATS)), _JSON: ref("Examples")},
                    ),
                    Answer(N_("A part of the file."), sent_as(GRAPH_FORMATS), 206),
                ),
                (
                    Parameter(
                        "q",
                        N_(
                            "Words that each question found has in its title, answer, keywords, "
                            "topic or kind of user, in any of the three languages."
                        ),
                        {"type": "string"},
                        "donors",
                    ),
                    Parameter(
                        "topic",
                        N_("The topic of each question found, by the end of its IRI."),
                        {"type": "string"},
                        "money",
                    ),
                    choose_format((HTML, JSON, *GRAPH_FORMATS), "json"),
                    RANGE,
                ),
                (404, 406, 412, 416),
            ),
        ),
    ),
    page(
        "/charts/{path}",
        "showCharts",
        N_("Shows the charts of a country, a region or an operation"),
        N_("All of them, also those for which its own page would have to read too much."),
        PATH,
    ),
    page("/about", "showAbout", N_("Says what the graph is made from, and how"), ""),
    page("/docs/", "listDocs", N_("Lists the documents of the project"), ""),
    page(
        "/docs/{name}",
        "showDoc",
        N_("Shows a document"),
        N_(
            "In English. Files that documents link to are there too, and with .md behind its name "
            "the document as Markdown."
        ),
        in_path("name", N_("The name of the document."), text_of(DOC), "endpoint"),
    ),
    page("/api", "describeApi", N_("Describes every address of the server"), ""),
    Address(
        "/api/openapi.json",
        Group.DESCRIPTIONS,
        (
            Operation(
                "readOpenApi",
                N_("Describes every address of the server, for programs"),
                N_("In OpenAPI 3.1, from which clients and tests can be made."),
                (Answer(N_("The description."), {_JSON: {"type": "object"}}),),
            ),
        ),
    ),
)

OPERATIONS = (
    Address(
        "/health",
        Group.OPERATIONS,
        (
            Operation(
                "readHealth",
                N_("Tells whether the server runs"),
                "",
                (Answer(N_("It runs."), {_JSON: ref("Health")}),),
            ),
        ),
    ),
    Address(
        "/ready",
        Group.OPERATIONS,
        (
            Operation(
                "readReadiness",
                N_("Tells whether queries can be answered, and if not, why"),
                "",
                (
                    Answer(N_("They can."), {_JSON: ref("Readiness")}),
                    Answer(N_("They cannot."), {_JSON: ref("Readiness")}, 503),
                ),
            ),
        ),
    ),
    Address(
        "/metrics",
        Group.OPERATIONS,
        (
            Operation(
                "readMetrics",
                N_("Gives what the server counts, for Prometheus"),
                "",
                (Answer(N_("The numbers."), {"text/plain; charset=utf-8": {}}),),
            ),
        ),
    ),
    Address(
        "/static/{filename}",
        Group.OPERATIONS,
        (
            Operation(
                "readAsset",
                N_("Gives a style sheet, a script or a picture of the pages"),
                "",
                (
                    Answer(N_("The file."), {"*/*": {}}),
                    Answer(N_("A part of the file."), {"*/*": {}}, 206),
                ),
                (
                    in_path(
                        "filename",
                        N_("The name of the file."),
                        {"type": "string", "minLength": 1},
                        "style.css",
                    ),
                ),
                (404, 416),
            ),
        ),
    ),
)

ADDRESSES = (*PAGES, *OPERATIONS)
