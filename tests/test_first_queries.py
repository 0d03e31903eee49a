"""The query that a hurried reader writes first has the right answer."""

import pytest

from built_graph import built_quads
from reasoning_stores import select

SHEET, PAGE = "fact-sheet-2024", "global-focus-2018"
OFFICE = "<operation/kazakhstan-regional-office>"


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        # The totals of the chart, without the series that make them up.
        ("(SUM(?d) AS ?sum) { ?f a kzg:HeadlineFigure ; kzg:quantity <quantity/expenditure> ;"
         " kzg:usDollars ?d }", {"17441682.51"}),
        ("?y { ?f a kzg:HeadlineFigure ; kzg:quantity <quantity/implementation-rate> ;"
         " kzg:year ?y ; kzg:value ?v } ORDER BY ?v LIMIT 1", {"2016"}),
        ("?v { ?f a kzg:HeadlineFigure ; kzg:derivation <derivation/implementation-rate> ;"
         " kzg:year 2018 ; kzg:value ?v }", {"49.5213"}),
        # No per cent beside the numbers of people of a group.
        ("?v { ?f a kzg:ChosenFigure ; kzg:country <country/KAZ> ; kzg:year 2018 ;"
         " kzg:populationGroup <population-group/STA> ; kzg:value ?v }", {"7690"}),
        ("?v { ?f kzg:about <population-group/ASY> ; a kzg:ChosenFigure ; kzg:year 2018 ;"
         " kzg:value ?v }", {"200", "195"}),
        ("?v { ?f kzg:about <indicator/cash-grants> ; kzg:value ?v }", {"134"}),
        # What a note takes a series for leads to its money, and the note is on that.
        ("?d { ?s kzg:searchText ?t . ?f kzg:series ?s ; kzg:quantity <quantity/budget> ;"
         " kzg:year 2018 ; kzg:usDollars ?d FILTER(CONTAINS(?t, 'statelessness')) }",
         {"1113712.29"}),
        (f"?f {{ ?n oa:hasBody <population-group/STA> . ?f kzg:caveat ?n ; kzg:scope {OFFICE} ;"
         " kzg:quantity <quantity/budget> ; kzg:year 2018 }", {f"figure/{PAGE}/budget-p2-2018"}),
        # What a document counts or tells from the launch of a campaign on.
        ("?f { ?f kzg:about <initiative/ibelong-campaign> }",
         {f"event/{SHEET}/ibelong-campaign-launch", "event/overview/ibelong-campaign-launch",
          f"figure/{SHEET}/stateless-naturalised-since-2014",
          "figure/overview/stateless-naturalised-since-2014",
          f"legal-change/{SHEET}/birth-registration",
          f"legal-change/{SHEET}/statelessness-determination-procedures",
          f"reference/{SHEET}/ibelong-campaign"}),
        ("?o { ?h a schema:OpeningHoursSpecification ; kzg:about <place/almaty> ;"
         " schema:opens ?o }", {"09:00:00"}),
        ("?s { ?f kzg:about <place/almaty> ; schema:address/schema:streetAddress ?s }",
         {"303 Baizakov Street"}),
        ("?f { ?f a kzg:Contribution ; kzg:about <country/ESP> }",
         {f"contribution/{SHEET}/espana-con-acnur", f"contribution/{PAGE}/spain-1"}),
        # Two years are as good as one.
        ("?e { ?e a kzg:Event ; kzg:about <country/KAZ> ; kzg:firstYear ?a ; kzg:lastYear ?b"
         " FILTER(?a <= 2018 && ?b >= 2017) }",
         {f"event/{PAGE}/expo-2017", f"event/{PAGE}/regional-conference",
          f"event/{PAGE}/security-council-tenure"}),
        # A beginning whose end is open has no last year.
        (f"?b {{ <figure/{SHEET}/stateless-naturalised-since-2014> kzg:firstYear ?a"
         " OPTIONAL { ?f kzg:lastYear ?b FILTER(?f ="
         f" <figure/{SHEET}/stateless-naturalised-since-2014>) }} }}", {""}),
        ("?v { ?f a kzg:StatedFigure ; kzg:status/skos:broader <status/foreseen> ; kzg:value ?v ;"
         " kzg:country <country/KAZ> }", {"240", "650", "6706", "5000", "500"}),
        # Of five pledges four are told of, and each says so.
        ("?v { ?f kzg:indicator <indicator/pledges-made> ; kzg:value ?v }", {"5"}),
        ("(COUNT(DISTINCT ?p) AS ?n) { ?p a kzg:Pledge ; kzg:caveat"
         " <editorial/pledges-on-statelessness> }", {"4"}),
    ],
)  # fmt: skip
def test_a_first_query_has_the_right_answer(query: str, answer: set[str]) -> None:
    assert {found for (found,) in select(built_quads(), f"SELECT {query}")} == answer
