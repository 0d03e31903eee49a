"""Pages in three languages: their addresses, labels and numbers."""

import pytest

from front_client import FrontClient
from kzgraph.rdf.formats import HTML
from kzgraph_server.flask_app import create_app
from kzgraph_server.language_addresses import join_language, split_language
from kzgraph_server.pages import language
from kzgraph_server.settings import Settings
from server_fixtures import small

__all__ = ["small"]

BROWSER = {"Accept": "text/html,*/*;q=0.8"}


@pytest.mark.parametrize("path", ["/", "/page/thing/one", "/sparql", "/dumps/", "/quality"])
def test_a_page_names_its_language_and_links_to_the_others(small: FrontClient, path: str) -> None:
    english = small.get(path, headers=BROWSER)
    russian = small.get(f"/ru{path}", headers=BROWSER)
    for reply, own in ((english, "en"), (russian, "ru")):
        assert (reply.status_code, reply.mimetype) == (200, HTML.media_type)
        text = reply.get_data(as_text=True)
        assert f'<html lang="{own}">' in text
        for code, prefix in (("en", ""), ("ru", "/ru"), ("kk", "/kk")):
            public = f"{Settings().public_url.rstrip('/')}{prefix}{path}"
            assert f'<link rel="alternate" hreflang="{code}" href="{public}">' in text
            assert (f'<link rel="canonical" href="{public}">' in text) == (code == own)
            assert (f'<a href="{prefix}{path}" lang="{code}"' in text) == (code != own)


def test_the_accept_language_field_changes_nothing(small: FrontClient) -> None:
    asked = {**BROWSER, "Accept-Language": "ru, kk;q=0.9"}
    assert small.get("/", headers=asked).data == small.get("/", headers=BROWSER).data


def test_a_label_is_in_the_language_of_the_page_and_else_says_its_own(small: FrontClient) -> None:
    assert ">Один</h1>" in small.get("/ru/page/thing/one", headers=BROWSER).get_data(as_text=True)
    kazakh = small.get("/kk/page/thing/one", headers=BROWSER).get_data(as_text=True)
    assert '<h1 lang="en">One</h1>' in kazakh


def test_links_of_a_page_keep_its_language_and_those_to_data_have_none(small: FrontClient) -> None:
    text = small.get("/ru/page/thing/one", headers=BROWSER).get_data(as_text=True)
    assert 'href="/ru/page/thing/two"' in text
    assert 'href="/data/thing/one.ttl"' in text


@pytest.mark.parametrize(
    ("path", "status", "to"),
    [
        ("/ru/data/thing/one.ttl", 301, "/data/thing/one.ttl"),
        ("/kk/data/thing/one.ttl?x=%D1%8F", 301, "/data/thing/one.ttl?x=%D1%8F"),
        ("/ru/id/thing/one", 301, "/id/thing/one"),
        ("/ru/id/a%3Fb%23c%2525", 301, "/id/a%3Fb%23c%2525"),
        ("/ru/health", 308, "/health"),
        ("/kk/sparql?query=ASK%7B%7D", 308, "/sparql?query=ASK%7B%7D"),
    ],
)
def test_what_is_for_programs_has_one_address(
    small: FrontClient, path: str, status: int, to: str
) -> None:
    reply = small.get(path, headers={"Accept": "application/json, text/turtle"})
    assert (reply.status_code, reply.headers["Location"]) == (status, to)


@pytest.mark.parametrize("path", ["/health", "/metrics", "/sparql/explain?query=x"])
def test_what_has_no_page_has_one_address_for_browsers_too(small: FrontClient, path: str) -> None:
    reply = small.get(f"/ru{path}", headers=BROWSER)
    assert (reply.status_code, reply.headers["Location"]) == (308, path)


@pytest.mark.parametrize("path", ["/ru/ru/", "/ru/nothing", "/de/", "/ru//example.org/"])
def test_other_addresses_are_no_pages(small: FrontClient, path: str) -> None:
    assert small.get(path, headers=BROWSER).status_code == 404


def test_a_query_is_answered_on_a_page_in_the_language(small: FrontClient) -> None:
    reply = small.get("/kk/sparql?query=ASK%7B%7D", headers=BROWSER)
    text = reply.get_data(as_text=True)
    assert (reply.status_code, '<html lang="kk">' in text) == (200, True)


def test_a_mount_stands_before_the_language() -> None:
    assert join_language("/kz", "/kz/about", "ru") == "/kz/ru/about"
    assert split_language("/rub") == ("en", "/rub")


def test_numbers_and_dates_are_written_as_in_the_language(small: FrontClient) -> None:
    app = create_app(small.release, Settings())
    written = {}
    for code in ("en", "ru", "kk"):
        with app.test_request_context("/", environ_overrides={language.LANGUAGE: code}):
            written[code] = (language.format_number("87632.50"), language.format_date("2024-01-01"))
    assert written["en"] == ("87,632.5", "1 January 2024")
    narrow = "1 января 2024\N{NARROW NO-BREAK SPACE}г."
    assert written["ru"] == ("87\N{NO-BREAK SPACE}632,5", narrow)
    assert written["kk"][0] == "87\N{NO-BREAK SPACE}632,5"
    assert "2024" in written["kk"][1] and written["kk"][1] != written["ru"][1]
