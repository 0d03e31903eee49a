"""The kinds that what is found is grouped by: for each thing one class, the most telling it has."""

import re
from collections.abc import Collection

from pyoxigraph import NamedNode

from kzgraph.iri import term
from kzgraph.namespaces import (
    DCAT,
    FOAF,
    OA,
    ORG,
    OWL,
    OWL_TIME,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    VOID,
    Namespace,
    Term,
)
from kzgraph.prefixes import PREFIXES

QB = Namespace(PREFIXES["qb"])

#: A thing is of the first of these that is among its classes. Those of the project come first, and
#: a class before those that have all its members: a contribution is a figure of money as well.
KINDS = (
    *map(
        term,
        (
            *("Comparison", "Concordance", "DerivedFigure", "Contribution", "PopulationFigure"),
            *("FinanceFigure", "IndicatorFigure", "OfficialFigure", "OfficialParticipation"),
            *("Participation", "Partnership", "Pledge", "LegalChange", "Event", "OfficePresence"),
            *("PublicHoliday", "ContactPoint", "Reference", "Statement", "Operation", "Activity"),
            *("Initiative", "LegalInstrument"),
        ),
    ),
    SCHEMA["Country"],
    FOAF["Person"],
    ORG["Membership"],
    ORG["Organization"],
    FOAF["Document"],
    SCHEMA["Place"],
    SCHEMA["OpeningHoursSpecification"],
    SCHEMA["StatisticalVariable"],
    QB["DataSet"],
    SKOS["ConceptScheme"],
    OA["Annotation"],
    OWL_TIME["TemporalEntity"],
    SKOS["Concept"],
    OWL["Class"],
    RDF["Property"],
    RDFS["Datatype"],
    DCAT["Dataset"],
)
#: What has none of these.
OTHER = RDFS["Resource"]

#: Classes that are taken for one of `KINDS`.
_SAME = {
    VOID["Dataset"]: DCAT["Dataset"],
    SCHEMA["Organization"]: ORG["Organization"],
    OWL["ObjectProperty"]: RDF["Property"],
    OWL["DatatypeProperty"]: RDF["Property"],
    OWL["AnnotationProperty"]: RDF["Property"],
}
#: Places of the text, statements about statements, and what tables and links are made of: nobody
#: looks for them by their names.
LEFT_OUT = frozenset(
    (
        *(OA["SpecificResource"], OA["TextPositionSelector"], OA["TextQuoteSelector"]),
        *(OWL["Axiom"], QB["DataStructureDefinition"], VOID["Linkset"]),
    )
)
#: Names of kinds that are not those of their classes.
_OTHER_NAMES = {
    QB["DataSet"]: "table",
    ORG["Membership"]: "office-holder",
    OA["Annotation"]: "note",
    OWL_TIME["TemporalEntity"]: "time",
    OTHER: "other",
}
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def choose_kind(types: Collection[Term]) -> NamedNode:
    """The kind of a thing of these classes."""
    mine = {_SAME.get(each, each) for each in types if isinstance(each, NamedNode)}
    return next((each for each in KINDS if each in mine), OTHER)


def name_kind(kind: NamedNode) -> str:
    """The name by which an address speaks of a kind.

    >>> name_kind(term("PopulationFigure")), name_kind(SCHEMA["Country"])
    ('population-figure', 'country')
    """
    if kind in _OTHER_NAMES:
        return _OTHER_NAMES[kind]
    local = re.split(r"[/#]", kind.value)[-1]
    return _CAPITAL.sub("-", local).lower()


#: The kinds by their names.
KIND_NAMES = {name_kind(each): each for each in (*KINDS, OTHER)}
