"""Pages of codes, code lists, data sets and times: what they mean, and what is told by them."""

from functools import partial
from typing import Any

from flask import url_for
from pyoxigraph import NamedNode

from kzgraph.iri import ID, term
from kzgraph.namespaces import DCT, OWL_TIME, SKOS
from kzgraph.prefixes import PREFIXES, shorten
from kzgraph_server.pages.browse.list_names import address_scheme, list_tables
from kzgraph_server.pages.browse.list_pages import find_text
from kzgraph_server.pages.kinds.caveats import list_caveats
from kzgraph_server.pages.kinds.entity_pages import EntityPage, find_tables, list_pairs
from kzgraph_server.pages.kinds.fact_lists import Wanted, list_facts, want
from kzgraph_server.pages.kinds.look import Look, PageKind
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.views import View
from kzgraph_server.served import get_served

_QB, _VOID, _DCAT = (PREFIXES[name] for name in ("qb", "void", "dcat"))
_DATA_SET = NamedNode(f"{_QB}dataSet")
_PAIRS = (
    *(SKOS[name] for name in ("inScheme", "notation", "broader", "narrower")),
    *map(term, ("measure", "unitKind", "additive", "mayBeNegative", "quantityOf", "setAgainst",
                "onlyStatus", "factor", "unit")),
    DCT["publisher"], DCT["license"], DCT["source"],
)  # fmt: skip
#: By what the facts are told that a code is used for: each property is one of some code lists.
_USES = (
    *(
        want(
            lambda: _("Numbers to look up, one for each place and year, computed ones too"),
            "ChosenFigure", name,
        )
        for name in ("populationGroup", "quantity", "series")
    ),
    want(lambda: _("Figures of documents"), "StatedFigure", "populationGroup"),
    want(lambda: _("Figures of documents"), "StatedFigure", "quantity"),
    want(lambda: _("Figures of documents"), "StatedFigure", "series"),
    want(lambda: _("Figures of documents"), "StatedFigure", "origin"),
    want(lambda: _("Figures of documents"), "StatedFigure", "status"),
    want(lambda: _("Results and targets"), "IndicatorFigure", "indicator"),
    want(lambda: _("Figures that are computed so"), "DerivedFigure", "derivation"),
    want(lambda: _("What official data say so of"), "Concordance", "explanation"),
    want(lambda: _("Comparisons"), "Comparison", "kind"),
    want(lambda: _("Facts of this kind"), "Fact", "kind"),
    Wanted(lambda: _("Organisations of this kind"), NamedNode(f"{PREFIXES['org']}Organization"),
           term("kind")),
    Wanted(lambda: _("Places of this kind"), NamedNode(f"{PREFIXES['schema']}Place"), term("kind")),
    want(lambda: _("Facts that concern it"), "Fact", "concerns"),
)  # fmt: skip
_TIMES = (
    want(lambda: _("Numbers of documents at this time"), "StatedFigure", "time"),
    want(lambda: _("Other facts of this time"), "Fact", "time"),
)
_CUBE = (Wanted(lambda: _("Figures of documents in it"), term("StatedFigure"), _DATA_SET),)


def _make(wanted: tuple[Wanted, ...], look: Look) -> EntityPage:
    return EntityPage(
        text=find_text(look.node),
        pairs=list_pairs(look, _PAIRS),
        caveats=list_caveats(look),
        lists=list_facts(look, wanted),
        tables=_list_tables(look),
    )


def _list_tables(look: Look) -> list[tuple[View, str]]:
    """The list of a code list; the tables that a data set is made of, or that have a code."""
    scheme = address_scheme(look.node)
    if SKOS["ConceptScheme"] in look.classes and scheme:
        return [(View(_("The codes of this list")), scheme)]
    kind = look.node.value.removeprefix(f"{ID}dataset/")
    made_of = [
        (View(each.title, language="en"), url_for("browse.of_table", name=name))
        for name, each in list_tables(get_served().release).items()
        if each.kind == kind
    ]
    return made_of or find_tables(look)


def _describe(kind: str, _look: Look, made: EntityPage) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": kind}
    if made.text is not None:
        found["description"] = made.text.text
    return found


def _query(look: Look, _made: EntityPage) -> str:
    """The figures that are told by a code, by year."""
    lines = (
        "# Figures of documents that are told by this",
        "SELECT ?year ?scope ?value ?figure WHERE {",
        f"  ?figure a kzg:StatedFigure ; ?property {shorten(look.node.value)} ; kzg:scope ?scope .",
        "  OPTIONAL { ?figure kzg:value ?value }",
        "  OPTIONAL { ?figure kzg:year ?year }",
        "}",
        "ORDER BY ?year ?scope",
    )
    return "\n".join((*lines, ""))


def _kind(of: NamedNode, wanted: tuple[Wanted, ...], described: str) -> PageKind:
    return PageKind(
        of, "things/entity.html", partial(_make, wanted), partial(_describe, described), _query
    )


KINDS = (
    _kind(SKOS["ConceptScheme"], (), "DefinedTermSet"),
    _kind(SKOS["Concept"], _USES, "DefinedTerm"),
    _kind(NamedNode(f"{_QB}DataSet"), _CUBE, "Dataset"),
    _kind(NamedNode(f"{_DCAT}Dataset"), (), "Dataset"),
    _kind(NamedNode(f"{_VOID}Dataset"), (), "Dataset"),
    _kind(OWL_TIME["TemporalEntity"], _TIMES, "Thing"),
)
