"""Figures of documents beside official ones, in small stores."""

from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from kzgraph.iri import ID, term
from kzgraph.namespaces import DCT, PROV, SCHEMA
from kzgraph.reasoning.closure import default_graph
from kzgraph.reasoning.concordance import concordances
from reasoning_stores import CONTEXT, store_of, triples

#: What concepts and places say: groups, quantities, units, and five countries of one region.
MEANING = (
    CONTEXT
    + """
<country/KGZ> a schema:Country . <country/TKM> a schema:Country .
<country/KAZ> schema:containedInPlace <place/region> .
<country/KGZ> schema:containedInPlace <place/region> .
<country/TJK> schema:containedInPlace <place/region> .
<country/TKM> schema:containedInPlace <place/region> .
<country/UZB> schema:containedInPlace <place/region> .
<operation/office> a kzg:Operation .
<operation/region> a kzg:Operation ; schema:areaServed <country/KAZ> , <country/UZB> .
<statement/d/one> kzg:statedIn <document/d> ; kzg:scope <country/KAZ> .
<population-group/REF> skos:broader <population-group/REF-ASY> .
<population-group/ASY> skos:broader <population-group/REF-ASY> .
<population-group/REF-ASY> skos:broader <population-group/POC> .
<population-group/STA> skos:broader <population-group/POC> .
<population-group/RET> skos:broader <population-group/POC> .
<quantity/stock> kzg:measure <measure/stock> .
<quantity/arrivals> kzg:measure <measure/flow> .
<quantity/stock-share> kzg:measure <measure/share> ; kzg:setAgainst <quantity/stock> .
<quantity/stock-change> kzg:measure <measure/change> ; kzg:setAgainst <quantity/stock> .
<quantity/arrivals-change> kzg:measure <measure/change> ; kzg:setAgainst <quantity/arrivals> .
<quantity/budget> kzg:measure <measure/flow> ; kzg:onlyStatus <status/planned> ;
    kzg:unitKind <unit-kind/money> .
<quantity/requirement> kzg:measure <measure/flow> ; kzg:onlyStatus <status/planned> ;
    kzg:unitKind <unit-kind/money> .
<quantity/expenditure> kzg:measure <measure/flow> ; kzg:onlyStatus <status/actual> ;
    kzg:unitKind <unit-kind/money> .
<quantity/disbursement> skos:broader <quantity/expenditure> .
<quantity/direct-expenditure> skos:broader <quantity/expenditure> .
<unit/persons> kzg:unitKind <unit-kind/people> ; kzg:factor 1 .
<unit/us-dollars> kzg:unitKind <unit-kind/money> ; kzg:factor 1 ; schema:currency "USD" .
<unit/million-us-dollars> kzg:unitKind <unit-kind/money> ; kzg:factor 1000000 ;
    schema:currency "USD" .
<unit/euros> kzg:unitKind <unit-kind/money> ; kzg:factor 1 ; schema:currency "EUR" .
<unit/not-stated> kzg:unitKind <unit-kind/not-stated> .
<time/2016> a time:ProperInterval ;
    time:hasBeginning <time/2016-01-01> ; time:hasEnd <time/2016-12-31> .
<time/2017> a time:ProperInterval ;
    time:hasBeginning <time/2017-01-01> ; time:hasEnd <time/2017-12-31> .
<time/2016-01-01> time:inXSDDate "2016-01-01"^^xsd:date .
<time/2016-12-31> time:inXSDDate "2016-12-31"^^xsd:date .
<time/2017-01-01> time:inXSDDate "2017-01-01"^^xsd:date .
<time/2017-12-31> time:inXSDDate "2017-12-31"^^xsd:date .
"""
)


def cell(country: str, group: str, value: int | str, year: int = 2018, **more: str) -> str:
    """An official cell in Turtle: people of one origin, which `more` may give otherwise."""
    origin = more.pop("origin", "origin/XXA" if group == "STA" else "country/AFG")
    quantity = more.pop("quantity", "stock")
    path = f"official/{year}/{country}/{origin.rsplit('/', 1)[-1]}/{group}/{quantity}"
    kind = "OfficialHeadlineFigure" if quantity == "stock" else "OfficialHeadlineFlow"
    extra = "".join(f" ; kzg:{name} <{filler}>" for name, filler in more.items())
    return (
        f"<{path}> a kzg:OfficialFigure , kzg:{kind} ; kzg:year {year} ;"
        f" kzg:scope <country/{country}> ; kzg:country <country/{country}> ;"
        f" kzg:populationGroup <population-group/{group}> ; kzg:origin <{origin}> ;"
        f" kzg:quantity <quantity/{quantity}> ; kzg:officialValue {value}{extra} .\n"
    )


def money(activity: str, quantity: str, value: str, year: int = 2018, country: str = "KAZ") -> str:
    """An official amount in US dollars in Turtle, of an activity in a country."""
    digits = value.replace(".", "-")
    return (
        f"<activity/{activity}> dcterms:spatial <country/{country}> .\n"
        f"<official/iati/{activity}/{quantity}/{year}/{digits}> a kzg:OfficialFigure ,"
        f" kzg:OfficialHeadlineFigure ; kzg:activity <activity/{activity}> ; kzg:year {year} ;"
        f" kzg:scope <activity/{activity}> ; kzg:quantity <quantity/{quantity}> ;"
        f" kzg:unit <unit/us-dollars> ; kzg:officialValue {value} .\n"
    )


class Found:
    """What was found, by the key of the figure: the local names of what each property leads to."""

    def __init__(self, found: Iterable[ox.Triple]) -> None:
        """Sort the triples of the concordances."""
        self.triples = list(found)
        self._by_node: dict[str, dict[ox.NamedNode, set[str]]] = defaultdict(
            lambda: defaultdict(set)
        )
        self.nodes: dict[str, list[str]] = defaultdict(list)
        for each in self.triples:
            if each.predicate == term("concordance"):
                self.nodes[_local(each.subject).rsplit("/", 1)[-1]].append(_local(each.object))
            self._by_node[_local(each.subject)][each.predicate].add(_local(each.object))

    def get(self, key: str, name: str, which: int = 0) -> set[str]:
        """The fillers of a property of the concordance of a figure."""
        properties = {
            "countries": SCHEMA["areaServed"],
            "undetermined": DCT["spatial"],
            "left out": DCT["relation"],
            "from": PROV["wasDerivedFrom"],
        }
        node = sorted(self.nodes[key])[which]
        return {
            each.rsplit("/", 1)[-1] if name not in ("from", "left out") else each
            for each in self._by_node[node][properties.get(name) or term(name)]
        }

    def why(self, key: str) -> str:
        """The explanation of a figure and further ones, in one text; nothing where none is."""
        if key not in self.nodes:
            return ""
        return " ".join([*self.get(key, "explanation"), *sorted(self.get(key, "furtherKind"))])


def _local(node: object) -> str:
    value = getattr(node, "value", str(node))
    return str(value).removeprefix(ID)


def look_up(documents: str, official: str, earlier: str = "") -> Found:
    """The concordances of figures in Turtle with official ones, each text a graph."""
    working = default_graph(triples(MEANING + documents))
    older = store_of(earlier, "older") if earlier else None
    return Found(concordances(working, store_of(official, "official"), older))
