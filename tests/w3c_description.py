"""The schema of service descriptions: https://www.w3.org/TR/sparql11-service-description/#vocab."""

from collections.abc import Iterator

from pyoxigraph import NamedNode

from kzgraph.prefixes import PREFIXES
from w3c_results import Graph
from w3c_suite import Term

SD = "http://www.w3.org/ns/sparql-service-description#"
_TYPE = NamedNode(PREFIXES["rdf"] + "type")

#: The class of what has each property, and the class of its values where that is one of these.
_PROPERTIES = {
    "endpoint": ("Service", ""),
    "feature": ("Service", "Feature"),
    "defaultEntailmentRegime": ("Service", ""),
    "defaultSupportedEntailmentProfile": ("Service", ""),
    "entailmentRegime": ("NamedGraph", ""),
    "supportedEntailmentProfile": ("NamedGraph", ""),
    "extensionFunction": ("Service", "Function"),
    "extensionAggregate": ("Service", "Aggregate"),
    "languageExtension": ("Service", "Feature"),
    "supportedLanguage": ("Service", "Language"),
    "propertyFeature": ("Service", "Feature"),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "resultFormat": ("Service", ""),
    "inputFormat": ("Service", ""),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "name": ("NamedGraph", ""),
    "graph": ("NamedGraph", "Graph"),
}
_SUPERCLASSES = {"Dataset": "GraphCollection"}
#: What the vocabulary itself says the class of.
_NAMED = {
    "Feature": {
        "DereferencesURIs",
        "UnionDefaultGraph",
        "RequiresDataset",
        "EmptyGraphs",
        "BasicFederatedQuery",
    },
    "Language": {"SPARQL10Query", "SPARQL11Query", "SPARQL11Update"},
}


def faults_of(described: Graph) -> Iterator[str]:
    """Where a description breaks the schema."""
    classes: dict[Term, set[str]] = {}
    for name, members in _NAMED.items():
        classes |= {NamedNode(SD + member): {name} for member in members}
    for triple in described:
        kind = triple.object.value if isinstance(triple.object, NamedNode) else ""
        if triple.predicate == _TYPE and kind.startswith(SD):
            known = kind.removeprefix(SD)
            found = classes.setdefault(triple.subject, set())
            found |= {known, _SUPERCLASSES.get(known, known)}
    for triple in described:
        name = triple.predicate.value.removeprefix(SD)
        if name == triple.predicate.value:
            continue
        if name not in _PROPERTIES:
            yield f"sd:{name} is not a property"
            continue
        domain, values = _PROPERTIES[name]
        if domain not in classes.get(triple.subject, ()):
            yield f"{triple}: the subject is not a sd:{domain}"
        if values and values not in classes.get(triple.object, ()):
            yield f"{triple}: the value is not a sd:{values}"
        if not values and not isinstance(triple.object, NamedNode):
            yield f"{triple}: the value is not an IRI"
