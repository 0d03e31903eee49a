"""Reconciliation: `/reconcile` and what belongs to it."""

from kzgraph.rdf.formats import HTML
from kzgraph.reconciling import TYPES
from kzgraph_server.negotiate import FORM
from kzgraph_server.pages.openapi.elements import N_, Address, Answer, Group, Operation, Parameter
from kzgraph_server.pages.openapi.json_bodies import make_list, make_object
from kzgraph_server.pages.openapi.parameters import EXTENSION, QUERIES, THING, in_path, text_of
from kzgraph_server.pages.reconcile.batch_limits import MOST_PROPOSED, MOST_SUGGESTED, RECONCILE
from kzgraph_server.pages.reconcile.reconcile_routes import JSON

_QUERIES = Parameter(
    "queries",
    N_("A batch of queries, as JSON: what each is called, and the query."),
    text_of(QUERIES),
    '{"q0": {"query": "Qazaqstan", "type": "country"}}',
)
_EXTENSION = Parameter(
    "extend", N_("Which values of which things are asked for, as JSON."), text_of(EXTENSION)
)
_ID = Parameter("id", N_("The identifier."), text_of(THING), "country/KAZ", required=True)
_TYPE = Parameter(
    "type",
    N_("The type of the things."),
    {"type": "string", "enum": [*(each.name for each in TYPES), ""]},
)
_WHAT = in_path(
    "what",
    N_("Of what: things, types or properties."),
    {"type": "string", "enum": ["entity", "type", "property"]},
    "entity",
)
_PREFIX = Parameter("prefix", N_("What was typed so far."), {"type": "string"}, "minis")
_CURSOR = Parameter(
    "cursor",
    N_("How many suggestions to leave out."),
    {"type": "integer", "minimum": 0, "maximum": MOST_SUGGESTED},
)
_ANSWER = Answer(
    N_("The manifest; or the candidates of each query; or the values."), {JSON: {"type": "object"}}
)
_FORM = {
    "type": "object",
    "properties": {each.name: each.schema for each in (_QUERIES, _EXTENSION)},
    "oneOf": [{"required": [_QUERIES.name]}, {"required": [_EXTENSION.name]}],
    "examples": [{_QUERIES.name: _QUERIES.example}],
}
_NAMED = make_object(id={"type": "string"}, name={"type": "string"})

ADDRESSES = (
    Address(
        RECONCILE,
        Group.THINGS,
        (
            Operation(
                "describeReconciliation",
                N_("Tells how names are matched with things, or matches some"),
                N_(
                    "By the Reconciliation Service API 0.2, which OpenRefine speaks. Below /ru and "
                    "/kk names are in Russian and Kazakh."
                ),
                (_ANSWER,),
                (_QUERIES, _EXTENSION),
                (413, 501, 503),
            ),
            Operation(
                "reconcile",
                N_("Matches a batch of names with things, or reads values of things"),
                "",
                (_ANSWER,),
                (),
                (408, 413, 415, 501, 503),
                {FORM: _FORM},
                "post",
            ),
        ),
    ),
    Address(
        f"{RECONCILE}/suggest/{{what}}",
        Group.THINGS,
        (
            Operation(
                "suggestForReconciliation",
                N_("Suggests things, types or properties while one types"),
                "",
                (Answer(N_("The suggestions."), {JSON: make_object(result=make_list(_NAMED))}),),
                (_WHAT, _PREFIX, _CURSOR, _TYPE),
                (404, 501),
            ),
        ),
    ),
    Address(
        f"{RECONCILE}/flyout/{{what}}",
        Group.THINGS,
        (
            Operation(
                "showFlyout",
                N_("Gives a suggestion in short, as a piece of HTML"),
                "",
                (
                    Answer(
                        N_("The piece."),
                        {JSON: make_object(id={"type": "string"}, html={"type": "string"})},
                    ),
                ),
                (_WHAT, _ID),
                (404, 410, 501),
            ),
        ),
    ),
    Address(
        f"{RECONCILE}/preview",
        Group.THINGS,
        (
            Operation(
                "previewThing",
                N_("Shows a thing in short, in the frame of another page"),
                "",
                (Answer(N_("The page."), {HTML.content_type: {}}),),
                (_ID,),
                (404, 410, 501),
            ),
        ),
    ),
    Address(
        f"{RECONCILE}/view",
        Group.THINGS,
        (
            Operation(
                "viewThing",
                N_("Redirects to the page of a thing"),
                "",
                (Answer(N_("See Other: the page."), {}, 303),),
                (_ID,),
                (404, 410),
            ),
        ),
    ),
    Address(
        f"{RECONCILE}/properties",
        Group.THINGS,
        (
            Operation(
                "proposeProperties",
                N_("Lists the properties that things of a type have"),
                "",
                (
                    Answer(
                        N_("The properties."),
                        {JSON: make_object(properties=make_list(_NAMED))},
                    ),
                ),
                (
                    _TYPE,
                    Parameter(
                        "limit",
                        N_("How many of them."),
                        {"type": "integer", "minimum": 0, "maximum": MOST_PROPOSED},
                    ),
                ),
                (501,),
            ),
        ),
    ),
)
