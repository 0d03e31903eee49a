"""What documents say of states and treaties beside the list of a depositary, in small stores."""

import pytest

from concordance_stores import look_up
from kzgraph.namespaces import DCT

TREATY, OTHER = "instrument/convention", "instrument/other"
#: The codes, and the times that documents give.
CODES = "".join(
    f"<participation-kind/{act}> skos:broader <participation-kind/state-party> .\n"
    for act in ("accession", "ratification")
) + "".join(
    f"<time/{slug}> {link} <time/{day}> . <time/{day}> time:inXSDDate '{day}'^^xsd:date .\n"
    for slug, link, day in (
        ("1999--", "time:hasBeginning", "1999-01-01"),
        ("1999-Q2--", "time:hasBeginning", "1999-04-01"),
        ("1998--", "time:hasBeginning", "1998-01-01"),
        ("until-2009", "time:hasEnd", "2009-12-31"),
        ("1999", "time:hasBeginning", "1999-01-01"),
        ("1999", "time:hasEnd", "1999-12-31"),
        ("1998", "time:hasBeginning", "1998-01-01"),
        ("1998", "time:hasEnd", "1998-12-31"),
        ("2016", "time:hasBeginning", "2016-01-01"),
        ("2016", "time:hasEnd", "2016-12-31"),
    )
)
ISSUED = '<document/d> dcterms:issued "{}"^^xsd:{} .\n'
CAPTURED = '<document/d> prov:generatedAtTime "{}T10:00:00Z"^^xsd:dateTime .\n'


def said(kind: str, time: str = "", instrument: str = TREATY, state: str = "KAZ") -> str:
    """A participation of document `d` in Turtle."""
    timed = f" ; kzg:time <time/{time}>" if time else ""
    return (
        f"<participation/d/p> a kzg:Participation ; rdfs:label 'p'@en ;"
        f" kzg:participant <country/{state}> ; kzg:instrument <{instrument}> ;"
        f" kzg:kind <participation-kind/{kind}> ; kzg:statedIn <document/d>{timed} .\n"
    )


def listed(act: str, day: str = "", as_of: str = "2015-03-14", state: str = "KAZ") -> str:
    """An entry of a list in Turtle."""
    dated = f" ; kzg:date '{day}'^^xsd:date" if day else ""
    return (
        f"<official/treaties/V-2/{state}/{act}> a kzg:OfficialParticipation ;"
        f" kzg:country <country/{state}> ; kzg:instrument <{TREATY}> ;"
        f" kzg:kind <participation-kind/{act}> ; dcterms:valid '{as_of}'^^xsd:date{dated} .\n"
    )


ACCEDED = listed("accession", "1999-01-15")
NONE = listed("not-listed")


@pytest.mark.parametrize(
    ("document", "official", "why", "sure"),
    [
        # A state that is bound.
        (said("state-party"), ACCEDED, "same", "high"),
        (said("state-party", "1999"), ACCEDED, "same", "high"),
        (said("state-party", "1999--"), ACCEDED, "same", "high"),
        (said("state-party", "1998--"), ACCEDED, "date", "high"),
        (said("state-party", "1999-Q2--"), ACCEDED, "date", "high"),
        (said("state-party", "1999-Q2--"), listed("accession", "1999-06-30"), "same", "high"),
        (said("state-party", "1998"), ACCEDED, "date", "high"),
        (said("state-party", "2016"), ACCEDED, "same date", "medium"),
        (said("state-party", "until-2009"), ACCEDED, "same", "high"),
        (said("state-party") + ISSUED.format("1998-12", "gYearMonth"), ACCEDED, "date", "high"),
        (said("state-party") + ISSUED.format("1999", "gYear"), ACCEDED, "same", "high"),
        # Who is not in the list may have joined after it.
        (said("state-party"), NONE, "older-list", "low"),
        (said("state-party", "2016"), NONE, "older-list", "medium"),
        (said("state-party") + CAPTURED.format("2019-07-20"), NONE, "older-list", "low"),
        (said("state-party") + CAPTURED.format("2014-07-20"), NONE, "not-found", ""),
        (said("state-party", "1999"), NONE, "not-found", ""),
        (said("state-party", "1999"), listed("signature", "1999-01-15"), "not-found", ""),
        # A state that is not a party.
        (said("not-a-party", "1999"), NONE, "same", "high"),
        (said("not-a-party", "2016"), NONE, "same older-list", "medium"),
        (said("not-a-party"), NONE, "same older-list", "medium"),
        (said("not-a-party", "1998"), ACCEDED, "same", "high"),
        (said("not-a-party", "2016"), ACCEDED, "standing", "high"),
        (said("not-a-party", "1999"), ACCEDED, "standing", "low"),
        (said("not-a-party"), ACCEDED, "standing", "low"),
        (said("not-a-party", "2016"), listed("signature", "1999-01-15"),
         "same older-list", "medium"),
        # An act.
        (said("accession", "1999"), ACCEDED, "same", "high"),
        (said("accession"), ACCEDED, "same", "high"),
        (said("accession") + ISSUED.format("1999-01-14", "date"), ACCEDED, "date", "high"),
        (said("accession", "1998"), ACCEDED, "date", "high"),
        (said("accession", "2016"), ACCEDED, "date", "high"),
        (said("ratification", "1999"), ACCEDED, "standing", "medium"),
        (said("ratification", "2016"), ACCEDED, "standing date", "medium"),
        (said("ratification"), ACCEDED + listed("signature", "1998-02-01"), "standing", "medium"),
        (said("signature", "1998"), ACCEDED + listed("signature", "1998-02-01"), "same", "high"),
        (said("accession", "2016"), listed("signature", "1998-02-01"), "older-list", "medium"),
        (said("accession", "2016"), NONE, "older-list", "medium"),
        # What a list does not have.
        (said("state-party", state="UZB"), ACCEDED, "not-found", ""),
        (said("state-party", instrument=OTHER), ACCEDED, "", ""),
        (said("reservation"), ACCEDED, "", ""),
    ],
)  # fmt: skip
def test_a_participation(document: str, official: str, why: str, sure: str) -> None:
    found = look_up(CODES + document, official)
    assert found.why("p") == why
    if why:
        assert found.get("p", "confidence") == {sure} - {""}
        assert not found.get("p", "difference")


def test_it_names_what_was_compared_and_says_what_the_list_has() -> None:
    official = ACCEDED + listed("signature", "1998-02-01")
    found = look_up(CODES + said("state-party", "2016"), official)
    assert found.get("p", "officialFigure") == {"accession", "signature"}
    assert "https://w3id.org/kzgraph/graph/official" in found.get("p", "from")
    (words,) = (t.object for t in found.triples if t.predicate == DCT["description"])
    assert "Looked for: state-party; KAZ; convention; 2016." in str(words)
    assert "The list of 14 March 2015 has: accession, 15 January 1999; signature, " in str(words)


def test_a_figure_and_a_participation_of_one_key_have_two_concordances() -> None:
    assert look_up(CODES + said("state-party"), ACCEDED).nodes["p"] == [
        "concordance/d/participation--p"
    ]


def test_an_older_list_may_say_it() -> None:
    found = look_up(
        CODES + said("accession", "1999"), listed("accession", "2001-02-03", "2020-01-01"), ACCEDED
    )
    assert found.why("p") == "revised"
    assert "https://w3id.org/kzgraph/graph/older" in found.get("p", "from")


def test_a_note_cites_the_concordance_that_says_the_same() -> None:
    note = (
        "<editorial/n> oa:hasTarget <participation/d/p> ; oa:hasBody <explanation/same> ;"
        " kzg:confidence <confidence/high> .\n"
    )
    for document, cited in ((said("state-party"), True), (said("accession", "1998"), False)):
        found = look_up(CODES + document + note, ACCEDED)
        assert any(each.predicate == DCT["references"] for each in found.triples) is cited
