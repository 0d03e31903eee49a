"""`/check`: the page and its JSON, on answers made by hand, so that what shows is tested alone."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from front_client import FrontClient
from kzgraph.checking import LONGEST, Answer, Checker, Dimension, NumberAnswer, Verdict
from kzgraph.release import find_current
from kzgraph_server.flask_app import create_app
from kzgraph_server.settings import Settings
from made_answers import ANSWERS, answer, number, read
from server_fixtures import small

__all__ = ["small"]

BROWSER = {"Accept": "text/html,*/*;q=0.8"}
SCOPE = "87,632 stateless people in Kazakhstan in 2018"
HOSTILE = "9 <script>alert(1)</script> \u202epeople\x00 {{ 7*7 }} %(x)s"


@pytest.fixture(scope="module")
def site(shipped_root: Path) -> FrontClient:
    return FrontClient(find_current(shipped_root), Settings())


@pytest.fixture(autouse=True)
def _made_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = answer(
        HOSTILE,
        NumberAnswer(
            number(
                HOSTILE, "9", "9", read(HOSTILE, Dimension.PLACE, "x", "<script>"), unread="%(x)s"
            ),
            Verdict.NOT_FOUND,
            (),
        ),
        unread=("<script>alert(1)</script>", "\u202epeople\x00"),
    )

    def check(_self: Checker, claim: str, *_more: object) -> Answer:
        if claim == HOSTILE:
            return hostile
        found = ANSWERS.get(claim)
        return found or Answer(
            claim[:LONGEST], "en", Verdict.NOT_FOUND, (), (), len(claim) > LONGEST
        )

    monkeypatch.setattr(Checker, "check", check)


def page(site: FrontClient, claim: str, room: str = "/check", **more: str) -> str:
    query = "&".join(f"{name}={quote(value)}" for name, value in {"q": claim, **more}.items())
    reply = site.get(f"{room}?{query}", headers=BROWSER)
    assert (reply.status_code, reply.mimetype) == (200, "text/html")
    return reply.text


def test_the_form_is_there_with_examples_and_promises_nothing(site: FrontClient) -> None:
    text = page(site, "")
    assert '<textarea id="claim" name="q"' in text
    assert 'href="/check?q=7,892"' in text
    assert "true or false" in text
    assert 'role="status"' not in text
    assert 'href="/check" aria-current="page"' in text


def test_the_verdict_comes_first_then_the_reading_then_the_figures(site: FrontClient) -> None:
    text = page(site, SCOPE)
    order = [
        '<h2 id="outcome">Stated, but of another place</h2>',
        "The documents do not list the countries of",
        "<mark>87,632</mark><small> Number</small>",
        "<mark>stateless people</mark><small> Group of people</small>",
        "<mark>Kazakhstan</mark><small> Place</small>",
        '<option value="country/KAZ" selected>Kazakhstan</option>',
        'href="/page/figure/global-focus-2018/stateless-2018"',
        "characters 914 to 933",
        'href="/page/official/unhcr-population/2018/UZB/XXA/STA"',
        "The population chart of 2018 counts people in Kazakhstan and Uzbekistan",
        "/cite/figure/global-focus-2018/stateless-2018.bib",
        "The sources state something else",
        'href="/page/figure/global-focus-2018/stateless-kazakhstan-2018"',
    ]
    places = [text.find(each) for each in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)
    for word in (" true", " false", " correct ", " wrong "):
        assert word not in re.sub(r"<[^>]+>", "", text)


def test_of_an_official_figure_the_line_of_its_file_is_shown(site: FrontClient) -> None:
    text = page(site, "7,690 stateless people in Kazakhstan in 2018")
    order = [
        "Where it stands",
        "UNHCR population figures, Central Asia",
        "Line of the file",
        "CC BY",
    ]
    places = [text.find(each) for each in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)


def test_words_that_were_not_understood_are_said(site: FrontClient) -> None:
    text = page(site, "41 refugees in Atlantis")
    assert "Not understood:" in text
    assert "“Atlantis”" in text
    assert "«Atlantis»" in page(site, "41 refugees in Atlantis", "/kk/check")
    assert "What is nearest" in text
    assert "588" in text
    several = page(site, "7,892 stateless people and 12 pledges in Kazakhstan")
    assert "“7,892”: Stated: " in several
    assert '<p class="says">“12”: The sources state something else: ' in several
    assert "The claim says more that was not understood: “moon”." in several
    assert "The number “12”" in several


def test_a_claim_without_a_number_is_told_what_it_needs(site: FrontClient) -> None:
    text = page(site, "no number here")
    assert "No number was read in this claim" in text
    assert 'id="correct"' not in text


@pytest.mark.parametrize("room", ["/check", "/ru/check", "/kk/check"])
def test_a_hostile_claim_is_shown_and_does_nothing(site: FrontClient, room: str) -> None:
    text = page(site, HOSTILE, room)
    assert "<script>alert" not in text
    assert "{{ 7*7 }}" in text
    assert "%(x)s" in text
    assert "\u202e" not in text
    assert "\x00" not in text
    found = ask(site, HOSTILE)
    assert found["claim"] == HOSTILE


def ask(site: FrontClient, claim: str, room: str = "/check", **headers: str) -> Any:
    reply = site.get(f"{room}?q={quote(claim)}&format=json", headers=headers)
    assert (reply.status_code, reply.mimetype) == (200, "application/json")
    assert "max-age" in reply.headers["Cache-Control"]
    return json.loads(reply.data)


def test_json_has_the_same_with_all_that_a_figure_must_not_go_without(site: FrontClient) -> None:
    found = ask(site, SCOPE)
    reply = site.get(f"/check?q={quote(SCOPE)}", headers={"Accept": "application/json"})
    assert json.loads(reply.data) == found
    assert (found["claim"], found["verdict"]) == (SCOPE, "other-scope")
    assert found["sentence"].startswith("Stated, but of another place: ")
    assert {each: read[0]["words"] for each, read in found["reading"].items()} == {
        "group": "stateless people",
        "place": "Kazakhstan",
        "time": "2018",
    }
    first, second = found["findings"]
    assert (first["verdict"], first["reasons"]) == ("other-scope", ["scope"])
    figure = first["figure"]
    assert figure["id"] == "figure/global-focus-2018/stateless-2018"
    assert figure["page"] == "/page/figure/global-focus-2018/stateless-2018"
    assert (figure["value"], figure["unit"]["id"]) == (87632, "unit/persons")
    assert figure["scope"]["id"] == "operation/kazakhstan-regional-office"
    assert figure["status"]["id"] == "status/actual"
    assert figure["citation"].endswith("characters 914-933")
    assert (figure["evidence"][0]["start"], figure["evidence"][0]["end"]) == (914, 933)
    assert len(figure["official"][0]["figures"]) == 2
    assert second["figure"]["hedge"] == "close to"
    russian = ask(site, SCOPE, "/ru/check")["findings"][0]["figure"]
    assert russian["label"].startswith("Лица без гражданства")


def test_a_long_claim_is_read_to_where_it_says(site: FrontClient) -> None:
    found = ask(site, "x" * (LONGEST + 1))
    assert (found["shortened"], len(found["claim"])) == (True, LONGEST)
    assert "Only the beginning of this long claim was read." in page(site, "x" * (LONGEST + 1))
    assert site.get("/check?q=" + "x" * 1_000_000).status_code == 414


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("time", "18", "there are: 2018"),
        ("time", "2018-02-31", "there are: 2018"),
        ("place", "population-group/STA", "there are: operation/kazakhstan-regional-office"),
        ("place", "country/XYZ", "there are: "),
        ("group", "../../etc", "there are: population-group/"),
        ("status", "<b>", "there are: ahead"),
    ],
)
def test_a_correction_that_is_no_code_is_refused(
    site: FrontClient, name: str, value: str, said: str
) -> None:
    reply = site.get(f"/check?q=1&{name}={quote(value)}")
    assert reply.status_code == 400
    assert said in json.loads(reply.data)["detail"]
    assert "<b>" not in site.get(f"/check?q=1&{name}={quote(value)}", headers=BROWSER).text


def test_a_correction_is_asked_again_with_and_stays_in_the_form(
    site: FrontClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    assert ask(site, SCOPE)["verdict"] == "other-scope"
    office = "operation/kazakhstan-regional-office"
    reply = site.get(f"/check?q={quote(SCOPE)}&place={office}&format=json")
    found = json.loads(reply.data)
    assert found["verdict"] == "stated"
    assert found["reading"]["place"][0]["code"] == office
    text = page(site, SCOPE, place=office, hedge="none", time="2018")
    assert f'<option value="{office}" selected>' in text
    assert '<option value="none" selected>' in text
    assert f"place={quote(office)}" in text or f"place={office}" in text
    # What was read stands in the form, and is sent with it: a country that no figure is of as well.
    for claim in ("41 refugees in Andorra", "41 women in Kazakhstan"):
        sent = read_form(page(site, claim))
        assert sent
        assert "corrected" not in page(site, claim, **sent)
    several = "41 women in Kazakhstan, 588 refugees in Andorra"
    offered = set(re.findall(r'<option value="([^"]+)"', page(site, several)))
    assert {"other", "territory:AD"} <= offered
    assert "corrected" in page(site, several, place="territory:AD", group="other")


def test_several_cells_are_told_as_their_sum(
    site: FrontClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    claim = "568 refugees in Kazakhstan at the end of 2018"
    (first, *_) = ask(site, claim)["findings"]
    assert (first["verdict"], len(first["cells"]), first["figure"]["value"]) == ("stated", 3, 568)
    assert first["figure"]["label"] == "Refugees, Kazakhstan, 31 December 2018"
    assert first["figure"]["citation"].count(", line ") == 3
    text = page(site, claim)
    assert "the sum of 3 official figures: 568." in text
    assert text.index("538 persons") < text.index("570 persons")


def test_a_claim_of_very_many_numbers_is_read_to_the_twelfth(
    site: FrontClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    found = ask(site, "7 refugees " * 90)
    assert (found["shortened"], len(found["numbers"])) == (True, 12)
    assert not ask(site, "7 refugees " * 12)["shortened"]


def test_below_the_address_of_a_release_its_own_addresses_are_linked(site: FrontClient) -> None:
    own = Settings(public_url="https://example.org/graph/releases/1")
    pinned = create_app(site.release, own, Settings(public_url="https://example.org/graph"))
    reply = pinned.test_client().get(f"/check?q={quote(SCOPE)}", headers=BROWSER)
    linked = set(re.findall(r'(?:href|action)="(/[^"]*/(?:check|page|cite)[/?"][^"]*)', reply.text))
    assert len(linked) > 5
    assert {each for each in linked if not each.startswith("/graph/releases/1/")} == set()


def test_a_release_without_figures_states_nothing(small: FrontClient) -> None:
    assert ask(small, "7 refugees")["verdict"] == "not-found"
    assert "Not found in the sources" in page(small, "7 refugees in Kazakhstan")


def read_form(text: str) -> dict[str, str]:
    """What the form of a page sends of that which can be chosen."""
    fields = re.findall(r'<select id="([^"]+)"(.*?)</select>', text, re.DOTALL)
    chosen = {name: re.search(r'value="([^"]+)" selected', inner) for name, inner in fields}
    return {name: found[1] for name, found in chosen.items() if found}


def test_the_verdicts_of_the_documentation_are_those_that_its_examples_get(
    site: FrontClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    text = (Path(__file__).parents[1] / "docs" / "checking.md").read_text("utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| [^|]+ \| ([^|:]+)[^|]* \|$", text, re.MULTILINE)
    assert rows[0] == ("verdict", "example")
    found = {verdict: ask(site, example.strip())["verdict"] for verdict, example in rows[1:]}
    assert found == {each.value: each.value for each in Verdict}
