"""Things, graphs and files, and the descriptions of them."""

from kzgraph.citing import CSL_JSON, DATACITE, RELEASE_FORMATS, TEXT
from kzgraph.rdf.formats import GRAPH_FORMATS, HTML, TRIPLE_FORMATS
from kzgraph.version import VERSION as CODE_VERSION
from kzgraph_server.pages.openapi.elements import (
    N_,
    Address,
    Answer,
    Group,
    Operation,
    Parameter,
    sent_as,
)
from kzgraph_server.pages.openapi.json_bodies import ref
from kzgraph_server.pages.openapi.parameters import (
    CHART,
    CITATION,
    CSVW,
    FILE,
    GRAPH,
    GRAPH_IRI,
    HXL,
    PART,
    PATH,
    RANGE,
    VERSION,
    choose_format,
    in_path,
    text_of,
)
from kzgraph_server.pages.quality.in_short import REPORTS
from kzgraph_server.pages.releases import JSON

_SEE_OTHER = Answer(
    N_("See Other: Location has the address."), {}, 303, {"Location": N_("Where it is.")}
)
_PART = Answer(N_("A part of the file."), {"*/*": {}}, 206)
_EXTENSIONS = [each.name for each in TRIPLE_FORMATS]
#: The text of a citation is sent as text, since browsers would save what they do not know.
_CITATIONS = sent_as(each for each in RELEASE_FORMATS if each is not TEXT) | {
    "text/plain; charset=utf-8": {}
}
_CITATIONS |= {each.content_type: {"type": ["object", "array"]} for each in (CSL_JSON, DATACITE)}
_RELEASE_FORMATS = choose_format((HTML, JSON), JSON.name)


def _get(
    path: str,
    group: Group,
    name: str,
    summary: str,
    text: str,
    answers: tuple[Answer, ...],
    *parameters: Parameter,
    refusals: tuple[int, ...] = (),
) -> Address:
    operation = Operation(name, summary, text, answers, parameters, refusals)
    return Address(path, group, (operation,))


THINGS = (
    _get(
        "/id/{path}",
        Group.THINGS,
        "identify",
        N_("Leads from the IRI of a thing to its page, description or citation"),
        N_(
            "By the Accept field or by the format: a page for a browser, data for programs,"
            " a citation for reference managers."
        ),
        (_SEE_OTHER,),
        PATH,
        choose_format((*TRIPLE_FORMATS, HTML, *RELEASE_FORMATS), "ttl"),
        refusals=(404, 406, 410),
    ),
    _get(
        "/page/{path}",
        Group.THINGS,
        "showThing",
        N_("Shows a thing on a page for readers"),
        "",
        (
            Answer(
                N_("The page."),
                sent_as((HTML,)),
                headers={
                    "Link": N_(
                        "The description in each format (alternate), the address to cite (cite-as) "
                        "and the citations (describedby)."
                    ),
                },
            ),
        ),
        PATH,
        Parameter("kind", N_("Of what refers to it only this kind."), {"type": "string"}),
        PART,
        refusals=(400, 404, 410),
    ),
    _get(
        "/data/{path}.{extension}",
        Group.THINGS,
        "describeThing",
        N_("Describes a thing in RDF"),
        N_("What is said of it, its evidence, and what refers to it."),
        (
            Answer(
                N_("The description."),
                sent_as(TRIPLE_FORMATS),
                headers={
                    "Kzgraph-Incoming": N_(
                        "How many of what refers to it are in the description, and how many there "
                        "are; absent where all are."
                    ),
                },
            ),
        ),
        PATH,
        in_path("extension", N_("The format."), {"type": "string", "enum": _EXTENSIONS}, "ttl"),
        refusals=(404, 406, 410),
    ),
    _get(
        "/cite/{name}",
        Group.THINGS,
        "cite",
        N_("Cites a figure, a document or the data set"),
        N_(
            "The name is the path of the thing and the format: .txt, .bib, .json (CSL), "
            ".ris; for dataset/kzgraph also .cff and .datacite.json."
        ),
        (Answer(N_("The citation."), _CITATIONS),),
        in_path(
            "name",
            N_("The path of the thing and the format."),
            text_of(CITATION),
            "dataset/kzgraph.bib",
        ),
        refusals=(404, 410),
    ),
)

FILES = (
    _get(
        "/data",
        Group.FILES,
        "readGraph",
        N_("Gives a whole graph"),
        N_("Either graph or default is given. Graph Store Protocol, read only."),
        (Answer(N_("The graph."), sent_as(GRAPH_FORMATS)), _PART),
        Parameter(
            "graph",
            N_("The IRI of the graph."),
            text_of(GRAPH_IRI, 2048),
            "https://w3id.org/kzgraph/graph/entities",
        ),
        Parameter(
            "default", N_("All current graphs together; it needs no value."), {"type": "string"}
        ),
        choose_format(GRAPH_FORMATS, "ttl"),
        RANGE,
        refusals=(404, 406, 412, 416),
    ),
    _get(
        "/graph/{name}",
        Group.FILES,
        "findGraph",
        N_("Leads from the IRI of a graph to its file"),
        "",
        (_SEE_OTHER,),
        GRAPH,
        choose_format((*TRIPLE_FORMATS, HTML), "ttl"),
        refusals=(404, 406),
    ),
    _get(
        "/shapes",
        Group.FILES,
        "findShapes",
        N_("Leads from the IRI of a shape to the file of the shapes"),
        "",
        (_SEE_OTHER,),
        choose_format((*TRIPLE_FORMATS, HTML), "ttl"),
        refusals=(404, 406),
    ),
    _get(
        "/ontology",
        Group.FILES,
        "readOntology",
        N_("Gives the vocabulary, as data or as a page"),
        "",
        (Answer(N_("The vocabulary."), sent_as((*GRAPH_FORMATS, HTML))), _PART),
        choose_format((*GRAPH_FORMATS, HTML), "ttl"),
        Parameter("q", N_("Words that a term of the page has to have."), {"type": "string"}),
        RANGE,
        refusals=(404, 406, 412, 416),
    ),
    _get(
        "/ontology/{version}",
        Group.FILES,
        "readOntologyVersion",
        N_("Gives the vocabulary by the IRI of its version"),
        N_("A release has one version of it."),
        (Answer(N_("The vocabulary."), sent_as((*GRAPH_FORMATS, HTML))), _PART),
        in_path(
            "version",
            N_("The version of the vocabulary."),
            {"type": "string", "minLength": 1},
            CODE_VERSION,
        ),
        choose_format((*GRAPH_FORMATS, HTML), "ttl"),
        RANGE,
        refusals=(404, 406, 412, 416),
    ),
    _get(
        "/dumps/",
        Group.FILES,
        "listFiles",
        N_("Lists the files of the release, with sizes, checksums and licences"),
        "",
        (Answer(N_("The page."), sent_as((HTML,))),),
    ),
    _get(
        "/dumps/{name}",
        Group.FILES,
        "download",
        N_("Gives a file of the release"),
        N_(
            "Byte ranges, If-Range and If-Match are answered, so that a download goes on "
            "where it broke off."
        ),
        (
            Answer(
                N_("The file."),
                {"*/*": {}},
                headers={
                    "ETag": N_("The SHA-256 of the file."),
                    "Link": N_("The licence (license) and the metadata of a table (describedby)."),
                },
            ),
            _PART,
        ),
        in_path("name", N_("The name of the file, with its folder."), text_of(FILE), "kzgraph.ttl"),
        HXL,
        CSVW,
        RANGE,
        refusals=(404, 412, 416),
    ),
    _get(
        "/chart/{name}.csv",
        Group.FILES,
        "readChart",
        N_("Gives the values of a chart as a table"),
        N_(
            "With its series, scopes, units and hedges; figures and sources are named by their IRI."
        ),
        (Answer(N_("The table."), {"text/csv; charset=utf-8; header=present": {}}),),
        in_path("name", N_("The name of the chart."), text_of(CHART), "people/country/KAZ/REF"),
        refusals=(404,),
    ),
)

DESCRIPTIONS = (
    _get(
        "/catalog",
        Group.DESCRIPTIONS,
        "describeCatalog",
        N_("Describes the data set and its files in DCAT, or as a page"),
        "",
        (Answer(N_("The description."), sent_as((*TRIPLE_FORMATS, HTML))),),
        choose_format((*TRIPLE_FORMATS, HTML), "ttl"),
        refusals=(406,),
    ),
    _get(
        "/.well-known/void",
        Group.DESCRIPTIONS,
        "describeVoid",
        N_("Describes what is in the data set, in VoID"),
        N_(
            "Its graphs, classes and properties with their numbers, and the links to other "
            "data sets."
        ),
        (Answer(N_("The description."), sent_as(TRIPLE_FORMATS)),),
        choose_format(TRIPLE_FORMATS, "ttl"),
        refusals=(406,),
    ),
    _get(
        "/quality",
        Group.DESCRIPTIONS,
        "showQuality",
        N_("Shows how the release was checked, or gives the validation report"),
        "",
        (Answer(N_("The page or the report."), sent_as((HTML, *REPORTS))), _PART),
        choose_format((HTML, *REPORTS), "ttl"),
        RANGE,
        refusals=(404, 406, 412, 416),
    ),
    _get(
        "/quality/report.{name}",
        Group.DESCRIPTIONS,
        "readReport",
        N_("Gives the validation report as a file"),
        "",
        (Answer(N_("The report."), sent_as(REPORTS)), _PART),
        in_path(
            "name",
            N_("The format."),
            {"type": "string", "enum": [each.name for each in REPORTS]},
            "json",
        ),
        RANGE,
        refusals=(404, 412, 416),
    ),
    _get(
        "/quality/cross-check.json",
        Group.DESCRIPTIONS,
        "readCrossCheck",
        N_("Gives what other programs made of the same data"),
        N_("Only where the release was cross-checked."),
        (Answer(N_("The outcome."), {"application/json": ref("CrossCheck")}),),
        refusals=(404,),
    ),
    _get(
        "/report",
        Group.DESCRIPTIONS,
        "findReport",
        N_("Leads from the IRI of the validation report to its file"),
        "",
        (_SEE_OTHER,),
    ),
    _get(
        "/robots.txt",
        Group.DESCRIPTIONS,
        "readRobots",
        N_("Tells crawlers what to leave alone"),
        "",
        (Answer(N_("The rules."), {"text/plain; charset=utf-8": {}}),),
    ),
    _get(
        "/sitemap.xml",
        Group.DESCRIPTIONS,
        "listSitemaps",
        N_("Lists the sitemaps"),
        "",
        (Answer(N_("The list."), {"application/xml": {}}),),
    ),
    _get(
        "/sitemap-{number}.xml",
        Group.DESCRIPTIONS,
        "readSitemap",
        N_("Gives one sitemap"),
        "",
        (Answer(N_("The sitemap."), {"application/xml": {}}),),
        Parameter(
            "number",
            N_("Its number, from 1."),
            {"type": "integer", "minimum": 0},
            1,
            "path",
            required=True,
        ),
        refusals=(404,),
    ),
)

RELEASES = (
    _get(
        "/releases/",
        Group.RELEASES,
        "listReleases",
        N_("Lists the releases, newest first"),
        "",
        (Answer(N_("The releases."), sent_as((HTML, JSON), {JSON.name: ref("Releases")})),),
        _RELEASE_FORMATS,
        refusals=(406,),
    ),
    _get(
        "/releases/{version}/",
        Group.RELEASES,
        "showRelease",
        N_("Tells of one release: what changed with it, and its files"),
        N_("Below it are all addresses of that release, its endpoint included."),
        (Answer(N_("The release."), sent_as((HTML, JSON), {JSON.name: ref("Release")})),),
        VERSION,
        _RELEASE_FORMATS,
        refusals=(404, 406, 410),
    ),
    _get(
        "/releases/{version}/changes.json",
        Group.RELEASES,
        "listChanges",
        N_("Lists each thing that changed with a release"),
        "",
        (Answer(N_("The changes."), {JSON.content_type: {"type": "object"}}),),
        VERSION,
        refusals=(404, 410),
    ),
)
ADDRESSES = (*THINGS, *FILES, *DESCRIPTIONS, *RELEASES)
