"""`/releases/` and the page of a release, and what changed with one: in words, and each change."""

import html
import re
from pathlib import Path

import pytest

from front_client import FrontClient
from kzgraph.release import Release
from kzgraph.release.history import MOST_LISTED, read_history
from kzgraph_server.flask_app import create_app
from kzgraph_server.pages.quality import changed_things
from kzgraph_server.pages.quality.changed_things import show_term
from kzgraph_server.pages.views import Viewer
from kzgraph_server.settings import Settings
from small_release import published

BROWSER = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> list[Release]:
    """Releases in the order in which they were published; the first is no longer kept."""
    root = tmp_path_factory.mktemp("releases")
    return [published(root, size, keep=2) for size in (2, 3, 30)]


@pytest.fixture(scope="module")
def client(releases: list[Release]) -> FrontClient:
    """A client of a server of the last of them."""
    return FrontClient(releases[-1], Settings())


def read(client: FrontClient, path: str) -> str:
    reply = client.get(path, headers=BROWSER)
    assert reply.status_code == 200
    return reply.text


def test_the_list_says_of_each_release_what_it_is(
    client: FrontClient, releases: list[Release]
) -> None:
    text = read(client, "/releases/")
    rows = [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", row)) for row in text.split("<tr>")[2:]]
    gone, before, now = (each.version for each in releases)
    assert [row.split()[0] for row in rows] == [now, before, gone]
    assert "(the current one)" in rows[0]
    assert "27 other things added" in rows[0]
    assert "1 other thing added" in rows[1]
    assert "(no longer kept)" in rows[2]
    assert "the first one" in rows[2]
    assert f'href="/releases/{before}/"' in text
    assert f'href="/releases/{gone}/"' not in text
    assert f'href="/kk/releases/{before}/"' in read(client, "/kk/releases/")


def test_the_page_of_a_release_leads_into_it(client: FrontClient, releases: list[Release]) -> None:
    gone, before, now = (each.version for each in releases)
    text = read(client, f"/ru/releases/{now}/")
    assert f'href="/ru/releases/{before}/"' in text
    for path in ("/", "/sparql", "/ontology", "/quality", "/catalog", "/page/document/note"):
        assert f'href="/releases/{now}/ru{path}"' in text
    assert f'href="/releases/{now}/dumps/kzgraph.nq"' in text
    older = read(client, f"/releases/{before}/")
    assert f"Release {now} is the current one." in older
    # What it came after is told, and leads nowhere, since it is gone.
    assert f"<dd>{gone}</dd>" in older
    assert client.get(f"/releases/{gone}/", headers=BROWSER).status_code == 410


def test_what_changed_is_told_in_words_and_each_change_opens(client: FrontClient) -> None:
    text = read(client, "/quality/changes")
    assert "27 other things added" in text
    (address,) = set(re.findall(r'href="(/quality/changes\?[^"]*graph=note[^"]*)"', text))
    address = html.unescape(address)
    first, second = read(client, address), read(client, f"{address}&page=2")
    assert first.count("<article>") == 25
    assert second.count("<article>") == 2
    assert "1 to 25 of 27" in first
    assert re.search(r"<td>\s*<ul class=\"values\">\s*</ul>\s*</td>", first), "nothing before"
    for asked, status in (
        ("graph=nothing", 404),
        ("graph=note&kind=odd", 400),
        ("kind=odd", 400),
        ("page=0", 400),
        ("graph=note&page=9", 404),
    ):
        assert client.get(f"/quality/changes?{asked}", headers=BROWSER).status_code == status


def test_a_list_that_is_long_or_damaged_is_not_read(
    client: FrontClient, releases: list[Release], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_LISTED > 25
    monkeypatch.setattr(changed_things, "MOST_BYTES", 10)
    assert "too many to be listed" in read(client, "/quality/changes")
    assert client.get("/quality/changes?graph=note", headers=BROWSER).status_code == 404
    monkeypatch.undo()
    entry = read_history(releases[-1].path.parent).last
    assert entry is not None and entry.changes is not None
    path = releases[-1].path.parent / entry.changes.path
    kept = path.read_bytes()
    path.write_bytes(b"[]")
    try:
        assert client.get("/quality/changes?graph=note", headers=BROWSER).status_code == 500
    finally:
        path.write_bytes(kept)


def test_a_release_without_one_before_it_says_so(tmp_path: Path) -> None:
    only = FrontClient(published(tmp_path), Settings())
    assert "no earlier release" in read(only, "/quality/changes")
    assert "It is the first release." in read(only, f"/releases/{only.release.version}/")


@pytest.mark.parametrize(
    ("text", "shown", "language"),
    [
        ('"a\\n\\"b\\" \\u0436"@ru', 'a\n"b" ж', "ru"),
        ('"7"^^<http://www.w3.org/2001/XMLSchema#integer>', "7", None),
        ("<https://w3id.org/kzgraph/id/country/KAZ>", "country:KAZ", None),
        ("_:b", "_:b", None),
        ("no term", "no term", None),
    ],
)
def test_a_term_of_the_list_is_shown_as_on_other_pages(
    releases: list[Release], text: str, shown: str, language: str | None
) -> None:
    with create_app(releases[-1], Settings()).test_request_context("/"):
        view = show_term(Viewer(releases[-1].store), text)
    assert (view.text, view.language) == (shown, language)
