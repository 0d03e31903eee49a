"""The figures are well-formed data cubes.

Each query finds what breaks an integrity constraint of the Data Cube vocabulary,
https://www.w3.org/TR/vocab-data-cube/#wf-rules, and each comes with a change to the data that it
must notice. There are no slices here, no cubes with a measure dimension and no hierarchical code
lists of the vocabulary's own kind (IC-20, IC-21); their constraints are checked all the same, so
that they hold when some come. IC-0, consistency of datatypes, is checked by the build.
"""

from typing import NamedTuple

import pytest
from pyoxigraph import QuerySolutions, Store

from built_graph import merged_store
from kzgraph.prefixes import PREFIXES


class Rule(NamedTuple):
    """A constraint: the query that selects offenders and an update that makes one."""

    query: str
    damage: str


#: One observation of the data, taken as the thing to damage.
ONE = """{ SELECT * { ?obs a qb:Observation ; qb:dataSet ?set }
           ORDER BY ?obs LIMIT 1 }"""

#: Its structure as well, and what gives that a measure dimension and a second measure.
STRUCTURE = f"{ONE} ?set qb:structure ?dsd"
MEASURES = """?dsd qb:component <urn:type> , <urn:second> . <urn:type> qb:dimension qb:measureType .
              <urn:second> qb:measure kzg:difference . """

RULES = {
    "IC-1: an observation belongs to one data set": Rule(
        """SELECT ?it { ?it a qb:Observation
             OPTIONAL { ?it qb:dataSet ?set } }
           GROUP BY ?it HAVING (COUNT(DISTINCT ?set) != 1)""",
        f"DELETE {{ ?obs qb:dataSet ?set }} WHERE {{ {ONE} }}",
    ),
    "IC-2: a data set has one structure": Rule(
        """SELECT ?it { ?it a qb:DataSet
             OPTIONAL { ?it qb:structure ?dsd } }
           GROUP BY ?it HAVING (COUNT(DISTINCT ?dsd) != 1)""",
        f"""INSERT {{ ?set qb:structure <https://w3id.org/kzgraph/id/structure/x> }}
            WHERE {{ {ONE} }}""",
    ),
    "IC-3: a structure has a measure": Rule(
        """SELECT ?it { ?it a qb:DataStructureDefinition
             FILTER NOT EXISTS { ?it qb:component/qb:measure/a qb:MeasureProperty } }""",
        "DELETE WHERE { ?component qb:measure kzg:value }",
    ),
    "IC-4: a dimension has a range": Rule(
        """SELECT ?it { ?it a qb:DimensionProperty
             FILTER NOT EXISTS { ?it rdfs:range ?range } }""",
        "DELETE WHERE { kzg:scope rdfs:range ?range }",
    ),
    "IC-5: a dimension that ranges over concepts has a code list": Rule(
        """SELECT ?it { ?it a qb:DimensionProperty ; rdfs:range skos:Concept
             FILTER NOT EXISTS { ?it qb:codeList/a skos:ConceptScheme } }""",
        "DELETE WHERE { kzg:unit qb:codeList ?list }",
    ),
    "IC-6: only attributes may be optional": Rule(
        """SELECT ?it { ?it qb:componentRequired false
             FILTER NOT EXISTS { ?it qb:attribute/a qb:AttributeProperty } }""",
        """INSERT { ?c qb:componentRequired false }
           WHERE { ?c qb:dimension kzg:time }""",
    ),
    "IC-7: a slice key is declared by a structure": Rule(
        """SELECT ?it { ?it a qb:SliceKey
             FILTER NOT EXISTS { ?dsd a qb:DataStructureDefinition ; qb:sliceKey ?it } }""",
        "INSERT DATA { <urn:key> a qb:SliceKey ; qb:componentProperty kzg:statedIn }",
    ),
    "IC-8: what a slice key fixes is a component of its structure": Rule(
        """SELECT DISTINCT ?it { ?dsd qb:sliceKey ?it . ?it qb:componentProperty ?p
             FILTER NOT EXISTS {
               ?dsd qb:component/(qb:dimension|qb:measure|qb:attribute|qb:componentProperty) ?p
             } }""",
        """INSERT DATA { <https://w3id.org/kzgraph/id/structure/finance> qb:sliceKey <urn:key> .
             <urn:key> a qb:SliceKey ; qb:componentProperty kzg:populationGroup }""",
    ),
    "IC-9: a slice has one slice key": Rule(
        """SELECT ?it { ?it a qb:Slice
             OPTIONAL { ?it qb:sliceStructure ?key } }
           GROUP BY ?it HAVING (COUNT(DISTINCT ?key) != 1)""",
        "INSERT DATA { <urn:slice> a qb:Slice }",
    ),
    "IC-10: a slice has a value for each dimension that its key fixes": Rule(
        """SELECT DISTINCT ?it { ?it qb:sliceStructure/qb:componentProperty ?d
             FILTER NOT EXISTS { ?it ?d ?value } }""",
        """INSERT DATA { <urn:slice> a qb:Slice ; qb:sliceStructure <urn:key> .
             <urn:key> qb:componentProperty kzg:statedIn }""",
    ),
    "IC-11: an observation has every dimension once": Rule(
        """SELECT DISTINCT ?it { ?it a qb:Observation ; qb:dataSet/qb:structure/qb:component ?c .
             ?c qb:dimension ?d
             OPTIONAL { ?it ?d ?value } }
           GROUP BY ?it ?d HAVING (COUNT(DISTINCT ?value) != 1)""",
        f"DELETE {{ ?obs kzg:scope ?x }} WHERE {{ {ONE} ?obs kzg:scope ?x }}",
    ),
    "IC-12: no two observations of a data set share a cell": Rule(
        """SELECT DISTINCT ?it { ?it qb:dataSet ?set . ?other qb:dataSet ?set
             FILTER (STR(?it) < STR(?other))
             FILTER NOT EXISTS {
               ?set qb:structure/qb:component/qb:dimension ?d . ?it ?d ?x . ?other ?d ?y
               FILTER (?x != ?y) } }""",
        f"""INSERT {{ <https://w3id.org/kzgraph/id/figure/x/twin> ?p ?o }}
            WHERE {{ {ONE} ?obs ?p ?o }}""",
    ),
    "IC-13: an observation has every required attribute": Rule(
        """SELECT DISTINCT ?it { ?it a qb:Observation ; qb:dataSet/qb:structure/qb:component ?c .
             ?c qb:attribute ?a ; qb:componentRequired true
             FILTER NOT EXISTS { ?it ?a ?value } }""",
        f"DELETE {{ ?obs kzg:bound ?x }} WHERE {{ {ONE} ?obs kzg:bound ?x }}",
    ),
    "IC-14: an observation of a cube without a measure dimension has every measure": Rule(
        """SELECT DISTINCT ?it { ?it a qb:Observation ; qb:dataSet/qb:structure/qb:component ?c .
             ?c qb:measure ?m
             FILTER NOT EXISTS { ?it qb:dataSet/qb:structure/qb:component/qb:dimension
                                   qb:measureType }
             FILTER NOT EXISTS { ?it ?m ?value } }""",
        f"DELETE {{ ?obs kzg:value ?x }} WHERE {{ {ONE} ?obs kzg:value ?x }}",
    ),
    "IC-15: an observation has the measure that its measure dimension names": Rule(
        """SELECT ?it { ?it qb:dataSet/qb:structure/qb:component/qb:dimension qb:measureType ;
             qb:measureType ?m
             FILTER NOT EXISTS { ?it ?m ?value } }""",
        f"INSERT {{ {MEASURES} ?obs qb:measureType kzg:difference }} WHERE {{ {STRUCTURE} }}",
    ),
    "IC-16: an observation with a measure dimension has one measure": Rule(
        """SELECT ?it { ?it qb:dataSet/qb:structure ?dsd .
             ?dsd qb:component/qb:dimension qb:measureType ; qb:component/qb:measure ?m .
             ?it ?m ?value }
           GROUP BY ?it HAVING (COUNT(?m) != 1)""",
        f"INSERT {{ {MEASURES} ?obs kzg:difference 1 }} WHERE {{ {STRUCTURE} }}",
    ),
    "IC-17: a cell has an observation of each measure of its measure dimension": Rule(
        """SELECT DISTINCT ?it { ?it qb:dataSet ?set . ?set qb:structure ?dsd .
             ?dsd qb:component/qb:dimension qb:measureType ; qb:component/qb:measure ?m
             FILTER NOT EXISTS { ?other qb:dataSet ?set ; qb:measureType ?m
               FILTER NOT EXISTS {
                 ?dsd qb:component/qb:dimension ?d . ?it ?d ?x . ?other ?d ?y
                 FILTER (?d != qb:measureType && ?x != ?y) } } }""",
        f"INSERT {{ {MEASURES} ?obs qb:measureType kzg:value }} WHERE {{ {STRUCTURE} }}",
    ),
    "IC-18: the observations of a slice are in its data set": Rule(
        """SELECT DISTINCT ?it { ?set qb:slice/qb:observation ?it
             FILTER NOT EXISTS { ?it qb:dataSet ?set } }""",
        f"""INSERT {{ <urn:set> qb:slice <urn:slice> . <urn:slice> qb:observation ?obs }}
            WHERE {{ {ONE} }}""",
    ),
    "IC-19: a coded component has a code of its list": Rule(
        """SELECT DISTINCT ?it { ?it qb:dataSet/qb:structure/qb:component ?c .
             ?c qb:dimension|qb:attribute ?p . ?p qb:codeList ?list . ?it ?p ?code
             FILTER NOT EXISTS { ?code a skos:Concept ; skos:inScheme ?list } }""",
        f"""DELETE {{ ?obs kzg:unit ?x }}
            INSERT {{ ?obs kzg:unit <https://w3id.org/kzgraph/id/status/actual> }}
            WHERE {{ {ONE} ?obs kzg:unit ?x }}""",
    ),
    "IC-20: a code of a hierarchical list is below one of its roots": Rule(
        """SELECT DISTINCT ?it { ?list qb:parentChildProperty skos:narrower . ?p qb:codeList ?list .
             ?it a qb:Observation ; ?p ?code
             FILTER NOT EXISTS { ?list qb:hierarchyRoot/skos:narrower* ?code } }""",
        """INSERT { ?list a qb:HierarchicalCodeList ; qb:parentChildProperty skos:narrower ;
                      qb:hierarchyRoot <urn:root> } WHERE { kzg:unit qb:codeList ?list }""",
    ),
    "IC-21: the same, where the list names the inverse of the property": Rule(
        """SELECT DISTINCT ?it { ?list qb:parentChildProperty/owl:inverseOf skos:broader .
             ?p qb:codeList ?list . ?it a qb:Observation ; ?p ?code
             FILTER NOT EXISTS { ?list qb:hierarchyRoot/^skos:broader* ?code } }""",
        """INSERT { ?list a qb:HierarchicalCodeList ; qb:hierarchyRoot <urn:root> ;
                      qb:parentChildProperty [ owl:inverseOf skos:broader ] }
           WHERE { kzg:unit qb:codeList ?list }""",
    ),
    "a dimension stands for a concept": Rule(
        """SELECT ?it { ?it a qb:DimensionProperty
             FILTER NOT EXISTS { ?it qb:concept ?concept } }""",
        "DELETE WHERE { kzg:origin qb:concept ?concept }",
    ),
    "a dimension of a concept of SDMX is below the property of SDMX": Rule(
        """SELECT ?it { ?it a qb:DimensionProperty ; qb:concept ?concept
             BIND(STRAFTER(STR(?concept), STR(sdmx-concept:)) AS ?name)
             VALUES ?name { "age" "refArea" "refPeriod" "sex" }
             FILTER NOT EXISTS { ?it rdfs:subPropertyOf ?above
               FILTER (?above = IRI(CONCAT(STR(sdmx-dimension:), ?name))) } }""",
        "DELETE WHERE { kzg:scope rdfs:subPropertyOf ?above }",
    ),
    "a component names one property of the kind it says": Rule(
        """SELECT ?it { ?it a qb:ComponentSpecification
             FILTER NOT EXISTS { ?it qb:dimension/a qb:DimensionProperty }
             FILTER NOT EXISTS { ?it qb:measure/a qb:MeasureProperty }
             FILTER NOT EXISTS { ?it qb:attribute/a qb:AttributeProperty } }""",
        "DELETE WHERE { kzg:hedge a qb:AttributeProperty }",
    ),
    "the components of a structure stand in an order without ties": Rule(
        """SELECT DISTINCT ?it { ?it qb:component ?a , ?b . ?a qb:order ?n . ?b qb:order ?n
             FILTER (?a != ?b) }""",
        """DELETE { ?c qb:order ?n } INSERT { ?c qb:order 1 }
           WHERE { ?c qb:measure kzg:value ; qb:order ?n }""",
    ),
    "a figure with a published value is an observation": Rule(
        """SELECT ?it { ?it kzg:statedIn ?document ; kzg:value ?value ; kzg:time ?time
             FILTER NOT EXISTS { ?it a qb:Observation } }""",
        f"DELETE {{ ?obs a qb:Observation }} WHERE {{ {ONE} }}",
    ),
}


def offenders(store: Store, query: str) -> list[str]:
    found = store.query(query, prefixes=dict(PREFIXES))
    assert isinstance(found, QuerySolutions)
    return sorted(str(row["it"]) for row in found)


@pytest.mark.parametrize("name", RULES)
def test_the_cubes_keep_the_constraint(name: str) -> None:
    assert offenders(merged_store(), RULES[name].query) == []


@pytest.mark.parametrize("name", RULES)
def test_the_constraint_notices_when_it_is_broken(name: str) -> None:
    store = merged_store()
    store.update(RULES[name].damage, prefixes=dict(PREFIXES))
    assert offenders(store, RULES[name].query) != []


def test_every_document_has_observations() -> None:
    query = """SELECT DISTINCT ?it { ?obs a qb:Observation ; kzg:statedIn ?it }"""
    documents = {
        f"<https://w3id.org/kzgraph/id/document/{slug}>"
        for slug in ("fact-sheet-2024", "global-focus-2018", "overview")
    }
    assert set(offenders(merged_store(), query)) == documents
