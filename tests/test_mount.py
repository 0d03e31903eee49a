"""Served below a path: every address that an answer gives leads somewhere through the proxy."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from conformance import BROWSER, SMALL, Site, site, sparql
from kzgraph_server.flask_app import create_app
from kzgraph_server.settings import Settings
from proxies import DEPLOY, nginx
from server_fixtures import SmallRelease, call

MOUNT = "/kz/graph"
PUBLIC = "https://example.org" + MOUNT

#: The block of `deploy/nginx.conf` below the path, as docs/operations.md says to change it.
BELOW = (
    (DEPLOY / "nginx.conf")
    .read_text("utf-8")
    .replace("location / {", f"location {MOUNT}/ {{")
    .replace("location ~ ^/(", f"location ~ ^{MOUNT}/(")
)
#: The same where nginx takes the path off.
STRIPPED = BELOW.replace("proxy_pass http://127.0.0.1:8000;", "proxy_pass http://127.0.0.1:8000/;")

_ADDRESS = re.compile(r'\b(?:href|src|action)="([^"]*)"')
_LINK = re.compile(r"<([^>]*)>")


@pytest.fixture(scope="module")
def served(release_root: Path) -> Iterator[Site]:
    with site(release_root, public_url=PUBLIC, max_rows="2") as running:
        yield running


@pytest.fixture(scope="module", params=["as it is", "stripped"])
def url(request: pytest.FixtureRequest, served: Site) -> Iterator[str]:
    """The address through nginx, which answers 404 beside the path."""
    block = BELOW if request.param == "as it is" else STRIPPED
    assert block not in ((DEPLOY / "nginx.conf").read_text("utf-8"), "")
    with nginx(block, served.url) as running:
        yield running


def given(address: str, accept: str) -> set[str]:
    """The addresses on the same host that an answer gives, in its body and its header fields."""
    reply = call(address, accept)
    assert reply.status < 400, (address, reply.status)
    found = _LINK.findall(" ".join(reply.headers.get_all("Link", [])))
    found += reply.headers.get_all("Location", [])
    if reply.type == "text/html":
        found += map(unescape, _ADDRESS.findall(reply.body.decode()))
    absolute = {urljoin(address, each).partition("#")[0] for each in found}
    return {each for each in absolute if urlsplit(each).netloc == urlsplit(address).netloc}


def test_every_address_that_is_given_leads_somewhere(url: str) -> None:
    start = [
        "/", "/sparql", sparql(SMALL), sparql("ASK {}"), sparql("DESCRIBE kzr:country\\/KAZ"),
        "/ontology", "/examples", "/dumps/", "/catalog", "/page/country/KAZ", "/id/country/KAZ",
        "/.well-known/void", "/data/country/KAZ.ttl", "/data?default", "/graph/entities",
    ]  # fmt: skip
    given_at = {url + MOUNT + path: url + MOUNT + path for path in start}
    for path in start:
        for accept in (BROWSER, "*/*", "text/turtle"):
            if (accept, path[:8]) == ("text/turtle", "/sparql?"):
                continue  # A result is not a graph.
            for address in given(url + MOUNT + path, accept):
                given_at.setdefault(address, url + MOUNT + path)
    assert len(given_at) > 150
    kinds = {urlsplit(address).path.removeprefix(MOUNT).split("/")[1] for address in given_at}
    assert {"page", "data", "dumps", "static", "sparql", "ontology", ".well-known"} <= kinds
    for address, where in given_at.items():
        assert urlsplit(address).path.startswith(MOUNT + "/"), f"{address} on {where}"
    seen: set[str] = set()
    for address, where in sorted(given_at.items()):
        kind = urlsplit(address).path.removeprefix(MOUNT).split("/")[1]
        # A few of each kind: what makes their addresses is the same.
        if sum(each == kind for each in seen) < 1 or kind in ("static", "sparql", "dumps"):
            method = "HEAD" if kind == "dumps" else "GET"  # They are large.
            assert call(address, "*/*", method).status < 400, f"{address} on {where}"
            seen.add(kind)


def test_a_redirect_stays_below_the_path(url: str) -> None:
    targets = {"text/html": "/page/country/KAZ", "text/turtle": "/data/country/KAZ.ttl"}
    for accept, target in targets.items():
        reply = call(f"{url}{MOUNT}/id/country/KAZ", accept)
        assert reply.status == 303
        assert urlsplit(reply.headers["Location"]).path == MOUNT + target


def test_the_next_page_of_a_result_is_below_the_path(url: str) -> None:
    address = url + MOUNT + sparql(SMALL)
    rows: list[bytes] = []
    for _ in range(2):
        reply = call(address, "text/csv")
        rows += reply.body.splitlines()[1:]
        (following,) = [
            each for each in reply.headers.get_all("Link", []) if 'rel="next"' in each
        ] or [""]
        if following:
            address = urljoin(address, following[1:].partition(">")[0])
            assert urlsplit(address).path == MOUNT + "/sparql"
    assert len(rows) == len(set(rows)) == 4


def test_a_form_is_sent_below_the_path(url: str) -> None:
    page = call(f"{url}{MOUNT}/sparql", BROWSER).body.decode()
    assert f'action="{MOUNT}/sparql"' in page
    refused = call(f"{url}{MOUNT}{sparql('SELECT')}", BROWSER)
    assert refused.status == 400
    assert f'action="{MOUNT}/sparql"' in refused.body.decode()


def test_beside_the_path_the_server_answers_as_a_proxy_that_strips_asks(served: Site) -> None:
    for path in ("", MOUNT):
        assert served.get(f"{path}/health").status == 200
        assert served.get(path + sparql(SMALL), "text/csv").status == 200
    assert served.get(MOUNT, BROWSER).status == 200
    assert served.get(f"{MOUNT}x/health").status == 404
    assert served.get(f"{MOUNT}{MOUNT}/health").status == 404


def test_descriptions_say_the_same_path(served: Site) -> None:
    text = served.get(f"{MOUNT}/.well-known/void", "text/turtle").body.decode()
    assert f"{PUBLIC}/sparql" in text
    assert f"{PUBLIC}/dumps/" in text
    assert f"Disallow: {MOUNT}/sparql?" in served.get("/robots.txt").body.decode()
    assert f"{PUBLIC}/sitemap-1.xml" in served.get(f"{MOUNT}/sitemap.xml").body.decode()


def test_the_base_of_the_iris_is_not_a_place(tmp_path: Path) -> None:
    """https://w3id.org/kzgraph redirects to where the server is; nothing says below which path."""
    assert Settings().mount == ""
    page = create_app(SmallRelease(tmp_path).load(), Settings()).test_client().get("/")
    assert 'href="/sparql"' in page.text


@pytest.mark.parametrize(
    ("address", "mount"),
    [
        ("https://example.org", ""),
        ("https://example.org/", ""),
        ("https://example.org/graph-of-kz/", "/graph-of-kz"),
        ("https://example.org/data/kzgraph", "/data/kzgraph"),
        ("https://w3id.org/kzgraph/", ""),
    ],
)
def test_the_path_is_that_of_the_public_address(address: str, mount: str) -> None:
    assert Settings.from_environment({"KZGRAPH_PUBLIC_URL": address}).mount == mount


def test_a_path_may_be_called_as_one_of_the_servers_own(release_root: Path) -> None:
    with site(release_root, public_url="https://example.org/graph") as running:
        reply = running.get("/graph/graph/entities", "*/*")
        assert (reply.status, reply.headers["Location"]) == (
            303,
            "/graph/dumps/graphs/entities.ttl",
        )
        assert running.get("/graph/health").status == running.get("/health").status == 200
