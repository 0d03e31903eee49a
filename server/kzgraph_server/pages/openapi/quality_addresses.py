"""The pages on the quality of a release."""

from kzgraph.namespaces import LANGUAGES
from kzgraph.rdf.formats import HTML
from kzgraph.release.differences import KINDS
from kzgraph_server.pages.openapi.elements import (
    N_,
    Address,
    Answer,
    Group,
    Operation,
    Parameter,
    sent_as,
)
from kzgraph_server.pages.openapi.parameters import PART, in_path

_TEXT = {"type": "string"}


def _page(path: str, name: str, summary: str, *parameters: Parameter) -> Address:
    """A page that has a list of its own, which may be chosen from, and paged."""
    shown = Answer(N_("The page."), sent_as((HTML,)))
    refusals = (400, 404) if parameters else ()
    operation = Operation(name, summary, "", (shown,), parameters, refusals)
    return Address(path, Group.PAGES, (operation,))


ADDRESSES = (
    _page(
        "/quality/validation",
        "listFindings",
        N_("Lists what the shapes found, by message"),
        Parameter("severity", N_("Violation, Warning or Info."), _TEXT),
        Parameter("finding", N_("One message, by its key on the page."), _TEXT),
        PART,
    ),
    _page(
        "/quality/cross-check", "showCrossCheck", N_("Shows what other programs made of the data")
    ),
    _page(
        "/quality/coverage",
        "listCoverage",
        N_("Lists the documents with how much of each is evidence"),
    ),
    _page(
        "/quality/coverage/{document}",
        "showCoverage",
        N_("Lists the places of a document that facts rest on, in its order"),
        in_path("document", N_("The name of the document."), _TEXT, "fact-sheet-2024"),
        PART,
    ),
    _page(
        "/quality/disagreements",
        "listDisagreements",
        N_("Lists figures of documents that differ, with the reasons"),
        Parameter("kind", N_("A code of the list comparison-kind."), _TEXT, "scope"),
        PART,
    ),
    _page(
        "/quality/concordance",
        "listConcordance",
        N_("Lists what official data say about facts of documents"),
        Parameter("explanation", N_("A code of the list explanation."), _TEXT),
        Parameter(
            "confidence", N_("A code of the list confidence; none where nothing was found."), _TEXT
        ),
        PART,
    ),
    _page(
        "/quality/labels",
        "listMissingLabels",
        N_("Counts the things that lack a label, or lists those of a class"),
        Parameter("class", N_("The class, as a query may write it."), _TEXT, "kzg:Fact"),
        Parameter("in", N_("The language."), {"type": "string", "enum": list(LANGUAGES)}, "ru"),
        PART,
    ),
    _page(
        "/quality/links",
        "listLinks",
        N_("Counts the links to other data, or lists those of one kind"),
        Parameter("relation", N_("The property, as a query may write it."), _TEXT, "owl:sameAs"),
        Parameter(
            "to", N_("What the addresses there begin with."), _TEXT, "https://sws.geonames.org/"
        ),
        PART,
    ),
    _page(
        "/quality/changes",
        "listChangedThings",
        N_("Tells what changed since the release before, or lists the changes of a graph"),
        Parameter("graph", N_("The name of the graph."), _TEXT),
        Parameter("kind", N_("The kind of change."), {"type": "string", "enum": list(KINDS)}),
        PART,
    ),
)
