"""One page of each kind, as tests in a browser and benchmarks open them."""

from urllib.parse import quote

#: A query whose answer has numbers, links and labels.
QUERY = (
    "SELECT ?figure ?scope ?value { ?figure a kzg:PopulationFigure ; kzg:value ?value ; "
    "kzg:scope/rdfs:label ?scope } ORDER BY ?figure ?scope LIMIT 9"
)

#: Kind of page to its address without a language.
PAGE_KINDS = {
    "overview": "/",
    "search": "/search?q=stateless",
    "search without a hit": "/search?q=zzzzqqqq",
    "check": "/check?q=87%2C632%20stateless%20people%20in%20Kazakhstan%20in%202018",
    "population figure": "/page/figure/global-focus-2018/stateless-2018",
    "finance figure": "/page/figure/global-focus-2018/budget-2018",
    "indicator figure": "/page/figure/global-focus-2018/basic-needs-2019",
    "derived figure": "/page/derived/unhcr-population/per-capita/2022/kgz/asy",
    "comparison": "/page/comparison/"
    "global-focus-2018/stateless-2018/global-focus-2018/stateless-kazakhstan-2018",
    "concordance": "/page/concordance/overview/asylum-seekers",
    "evidence": "/page/evidence/global-focus-2018/914-933",
    "official figure": "/page/official/unhcr-population/2025/KAZ/AFG/REF",
    "operation": "/page/operation/kazakhstan",
    "country": "/page/country/KAZ",
    "organisation": "/page/organisation/unicef",
    "pledge": "/page/pledge/fact-sheet-2024/equal-access-for-refugees",
    "treaty": "/page/instrument/statelessness-convention-1961",
    "document": "/page/document/fact-sheet-2024",
    "concept": "/page/population-group/STA",
    "charts": "/charts/country/KAZ",
    "browse": "/browse/",
    "list": "/browse/class/PopulationFigure",
    "official table": "/browse/table/unhcr-population",
    "query": "/sparql",
    "answer": f"/sparql?query={quote(QUERY)}",
    "refused query": "/sparql?query=SELECT%20*%20%7B%0A%20%3Fs%20no%3Asuch%20%3Fo%20%7D",
    "examples": "/examples",
    "ontology": "/ontology",
    "quality": "/quality",
    "coverage": "/quality/coverage/fact-sheet-2024",
    "agreement": "/quality/concordance?explanation=same",
    "downloads": "/dumps/",
    "catalogue": "/catalog",
    "releases": "/releases/",
    "api": "/api",
    "about": "/about",
    "documentation": "/docs/",
    "page of the documentation": "/docs/citing",
    "problem": "/page/no/such/thing",
}

#: The status of those that are not 200.
STATUS = {"refused query": 400, "problem": 404}

#: Those that a browser opens in each language, under all conditions.
BROWSED = (
    "overview",
    "search",
    "check",
    "population figure",
    "official figure",
    "country",
    "document",
    "concept",
    "list",
    "official table",
    "answer",
    "examples",
    "ontology",
    "quality",
    "downloads",
)
