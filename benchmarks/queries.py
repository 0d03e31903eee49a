"""The queries that the endpoints are measured with; `NUMBER` in one makes it a distinct one."""

import random
from collections.abc import Sequence

from data import GROUPS, ORIGINS, YEARS

_PROLOGUE = """\
PREFIX kzg: <https://w3id.org/kzgraph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""

#: Ten rows from a join and a sort; the number changes the text and hardly the work.
SMALL = (
    _PROLOGUE
    + """\
SELECT ?figure ?label ?value WHERE {
  ?figure a kzg:PopulationFigure ; rdfs:label ?label ; kzg:value ?value .
  FILTER (?value > NUMBERe-6 && LANG(?label) = "en")
} ORDER BY ?value ?figure LIMIT 10"""
)
REPEATED = SMALL.replace("NUMBER", "1")
#: Ten rows from a join without a sort, the text different each time: the cheapest distinct query
#: that people send.
UNSORTED = (
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> SELECT ?s ?l "
    'WHERE { ?s a ?t ; rdfs:label ?l FILTER(STR(?l) != "NUMBER") } LIMIT 10'
)
#: The least that can be asked: what the server itself costs.
LOOKUP = (
    "SELECT ?property ?value WHERE "
    "{ <https://w3id.org/kzgraph/id/country/KAZ> ?property ?value } LIMIT NUMBER"
)
#: A cross product that no machine comes to the end of.
RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (?c != NUMBER) }"

_ANALYSES = (
    """SELECT ?year (SUM(?value) AS ?people) WHERE {
      ?figure kzg:populationGroup <https://w3id.org/kzgraph/id/population-group/GROUP> ;
        kzg:year ?year ; kzg:value ?value . FILTER (?value > BOUND)
    } GROUP BY ?year""",
    """SELECT ?country (SUM(?value) AS ?people) WHERE {
      ?figure kzg:year YEAR ; kzg:scope ?country ; kzg:value ?value . FILTER (?value > BOUND)
    } GROUP BY ?country""",
    """SELECT ?name (AVG(?value) AS ?average) (MAX(?value) AS ?most) WHERE {
      ?figure kzg:origin <https://w3id.org/kzgraph/id/origin/ORIGIN> ; kzg:scope ?country ;
        kzg:value ?value . ?country rdfs:label ?name . FILTER (?value > BOUND)
    } GROUP BY ?name""",
    """SELECT ?group (COUNT(*) AS ?figures) (SUM(?value) AS ?people) WHERE {
      ?figure a kzg:PopulationFigure ; kzg:populationGroup ?group ; kzg:value ?value .
      FILTER (?value > BOUND)
    } GROUP BY ?group""",
)

#: The same of the official tables of a release.
_OFFICIAL = (
    """SELECT ?year (SUM(?value) AS ?people) WHERE {
      ?cell kzg:populationGroup <https://w3id.org/kzgraph/id/population-group/GROUP> ;
        kzg:year ?year ; kzg:officialValue ?value . FILTER (?value > BOUND)
    } GROUP BY ?year""",
    """SELECT ?country (SUM(?value) AS ?people) WHERE {
      ?cell kzg:year YEAR ; kzg:country ?country ; kzg:officialValue ?value .
      FILTER (?value > BOUND)
    } GROUP BY ?country""",
    """SELECT ?name (AVG(?value) AS ?average) (MAX(?value) AS ?most) WHERE {
      ?cell kzg:origin <https://w3id.org/kzgraph/id/country/ORIGIN> ; kzg:country ?country ;
        kzg:officialValue ?value . ?country rdfs:label ?name . FILTER (?value > BOUND)
    } GROUP BY ?name""",
    """SELECT ?group (COUNT(*) AS ?cells) (SUM(?value) AS ?people) WHERE {
      ?cell a kzg:OfficialFigure ; kzg:populationGroup ?group ; kzg:officialValue ?value .
      FILTER (?value > BOUND)
    } GROUP BY ?group""",
)
#: Countries that people came from.
_ORIGINS = ("AFG", "SYR", "SOM", "UKR", "SDN", "COD", "MMR", "IRQ", "VNM", "RUS", "KAZ", "ETH")


def analyses(round_number: int, count: int) -> list[str]:
    """Distinct queries over all figures: sums by year and country, averages, counts by group."""
    return _make(_ANALYSES, [str(number) for number in range(ORIGINS)], round_number, count)


def official_analyses(round_number: int, count: int) -> list[str]:
    """The same over all cells of official tables."""
    return _make(_OFFICIAL, _ORIGINS, round_number, count)


def _make(
    templates: Sequence[str], origins: Sequence[str], round_number: int, count: int
) -> list[str]:
    chance = random.Random(round_number)  # noqa: S311 - queries, not secrets
    found = []
    for number in range(count):
        query = templates[number % len(templates)]
        query = query.replace("GROUP>", chance.choice(GROUPS) + ">")
        query = query.replace("YEAR", str(chance.choice(YEARS)))
        query = query.replace("ORIGIN", chance.choice(origins))
        # Each bound only once, so that no query comes twice.
        found.append(_PROLOGUE + query.replace("BOUND", str(round_number * count + number)))
    return found
