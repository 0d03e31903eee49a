"""Search and what belongs to it, and checking claims."""

from kzgraph.checking import Dimension
from kzgraph.rdf.formats import HTML
from kzgraph.search import KIND_NAMES
from kzgraph_server.pages.check.corrections import NONE, TIME
from kzgraph_server.pages.openapi.elements import N_, Address, Answer, Group, Operation, Parameter
from kzgraph_server.pages.openapi.json_bodies import ref
from kzgraph_server.pages.openapi.parameters import choose_format
from kzgraph_server.pages.paging import LARGEST
from kzgraph_server.pages.search import JSON, OPENSEARCH, SUGGESTIONS

_CODE = "[A-Za-z0-9]+(?:[-/][A-Za-z0-9]+)*"

_QUERY = Parameter(
    "q",
    N_("What is looked for: words or their beginnings, a code, a number, an IRI."),
    {"type": "string"},
    "refugees",
)

_CLAIM = Parameter(
    "q",
    N_("The claim: a number, or a sentence with one, in English, Russian or Kazakh."),
    # What is longer is read to there, and the answer says so.
    {"type": "string"},
    "87,632 stateless people in Kazakhstan in 2018",
)
#: What was read of a claim, said anew.
_CORRECTIONS = tuple(
    Parameter(
        each.value,
        N_(
            "What the claim means instead of what was read: a code such as country/KAZ, a time "
            "such as 2018; none, where it says nothing of it."
        ),
        {
            "type": "string",
            "pattern": f"^(?:{TIME.pattern if each is Dimension.TIME else _CODE}|{NONE})?$",
            "maxLength": 200,
        },
    )
    for each in Dimension
)

ADDRESSES = (
    Address(
        "/search",
        Group.THINGS,
        (
            Operation(
                "searchThings",
                N_("Finds things by their names, codes and values"),
                N_(
                    "In English, Russian and Kazakh, also by other forms of words and with "
                    "mistakes in them. The best hits come first, and the answer says what a "
                    "query was taken for."
                ),
                (
                    Answer(
                        N_("What was found."),
                        {JSON.content_type: ref("SearchResult"), HTML.content_type: {}},
                    ),
                ),
                (
                    _QUERY,
                    Parameter(
                        "kind",
                        N_("The kind of thing; it may be given several times."),
                        {"type": "string", "enum": [*KIND_NAMES, ""]},
                    ),
                    Parameter(
                        "page",
                        N_("Which part of a long list, from 1."),
                        {"type": "integer", "minimum": 1, "maximum": LARGEST},
                        1,
                    ),
                    choose_format((HTML, JSON), JSON.name),
                ),
                (404, 406, 501),
            ),
        ),
    ),
    Address(
        "/search/suggest",
        Group.THINGS,
        (
            Operation(
                "suggestNames",
                N_("Suggests names while one types"),
                N_(
                    "By the OpenSearch extension for suggestions: the query, names, what each is, "
                    "and the addresses of their pages on this host."
                ),
                (Answer(N_("The suggestions."), {SUGGESTIONS: ref("Suggestions")}),),
                (_QUERY,),
                (501,),
            ),
        ),
    ),
    Address(
        "/check",
        Group.THINGS,
        (
            Operation(
                "checkClaim",
                N_("Says what the sources have for a number or a sentence"),
                N_(
                    "Who states it, where, of which place, group and time; or what is stated "
                    "instead. It says how the claim was read, and what was not understood. "
                    "Nothing is called true or false."
                ),
                (
                    Answer(
                        N_("What the sources have."),
                        {JSON.content_type: ref("CheckedClaim"), HTML.content_type: {}},
                    ),
                ),
                (_CLAIM, *_CORRECTIONS, choose_format((HTML, JSON), JSON.name)),
                (406,),
            ),
        ),
    ),
    Address(
        "/opensearch.xml",
        Group.DESCRIPTIONS,
        (
            Operation(
                "describeSearch",
                N_("Tells browsers how to search here"),
                N_("In OpenSearch 1.1."),
                (Answer(N_("The description."), {OPENSEARCH: {}}),),
            ),
        ),
    ),
)
