"""The files of `deploy/` and the page that shows them: run as an operator would run them."""

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance import RUNAWAY, SMALL, Site, site, sparql
from kzgraph_server.settings import Settings
from processes import until
from proxies import DEPLOY, apache, nginx
from server_fixtures import Reply, call

NGINX = (DEPLOY / "nginx.conf").read_text("utf-8")
UNIT = (DEPLOY / "kzgraph.service").read_text("utf-8")
OPERATIONS = (DEPLOY.parent / "docs" / "operations.md").read_text("utf-8")


def shown(language: str) -> str:
    """The block of a language in docs/operations.md."""
    (block,) = re.findall(rf"^```{language}\n(.*?)^```$", OPERATIONS, re.MULTILINE | re.DOTALL)
    return str(block)


def test_the_page_shows_the_files_as_they_are() -> None:
    assert shown("nginx") == NGINX
    assert shown("ini") == UNIT


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "access.log"


@pytest.fixture(scope="module")
def served(release_root: Path, log: Path) -> Iterator[Site]:
    with site(release_root, trusted_proxies="127.0.0.1", access_log=str(log)) as running:
        yield running


@pytest.fixture(scope="module")
def url(served: Site) -> Iterator[str]:
    """The server behind nginx."""
    with nginx(shown("nginx"), served.url) as running:
        yield running


@pytest.fixture(scope="module")
def w3id(served: Site) -> Iterator[str]:
    """The folder of the project on an Apache that allows what w3id.org does."""
    host = {"https://kzgraph.example.org": served.url}
    with apache(DEPLOY / "w3id", "kzgraph", **host) as running:
        yield running + "/kzgraph"


class TestNginx:
    def client_of(self, url: str, log: Path, **fields: str) -> str:
        """Whom the server takes for the client, as its log has it."""
        path = f"/nothing-{time.monotonic_ns()}"
        call(url + path, None, None, None, **fields)

        def lines() -> list[str]:
            found = map(json.loads, log.read_text("utf-8").splitlines())
            return [line["client"] for line in found if line["path"] == path]

        until(lambda: bool(lines()), "the request is not logged")
        return lines()[0]

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"Forwarded": "for=203.0.113.9"},
            {"X_Forwarded_For": "203.0.113.9"},
            {"Forwarded": "for=203.0.113.9", "X_Forwarded_For": "203.0.113.9"},
            {"Forwarded": 'for="203.0.113.9, for=127.0.0.1'},
        ],
    )
    def test_no_client_has_the_address_that_it_claims(
        self, url: str, log: Path, fields: dict[str, str]
    ) -> None:
        assert self.client_of(url, log, **fields) == "127.0.0.0/24"

    def test_the_address_that_nginx_states_counts(self, served: Site, log: Path) -> None:
        stated = NGINX.replace("$remote_addr;\n", "198.51.100.7;\n")
        assert stated != NGINX
        with nginx(stated, served.url) as url:
            found = self.client_of(url, log, Forwarded="for=203.0.113.9")
        assert found == "198.51.100.0/24"

    def test_an_old_block_that_passes_forwarded_on_lets_nobody_claim_either(
        self, served: Site, log: Path
    ) -> None:
        old = NGINX.replace('proxy_set_header Forwarded "";\n', "").replace(
            "$remote_addr;\n", "198.51.100.7;\n"
        )
        with nginx(old, served.url) as url:
            found = self.client_of(url, log, Forwarded="for=203.0.113.9")
        assert found == "198.51.100.0/24"

    @pytest.mark.parametrize("path", ["/metrics", "/ready"])
    def test_numbers_stay_inside(self, served: Site, url: str, path: str) -> None:
        assert served.get(path).status == 200
        assert call(url + path).status == 403

    def test_a_query_is_answered_and_streamed(self, url: str) -> None:
        reply = call(url + sparql(SMALL), "application/sparql-results+json")
        assert reply.status == 200
        assert json.loads(reply.body)["results"]["bindings"]

    def test_the_longest_address_that_the_server_takes_comes_through(
        self, served: Site, url: str
    ) -> None:
        most = Settings().max_url_bytes
        address = sparql(SMALL + " #")
        # The question mark is not counted.
        long = address + "x" * (most + 1 - len(address))
        assert (served.get(long).status, served.get(long + "x").status) == (200, 414)
        assert (call(url + long).status, call(url + long + "x").status) == (200, 414)

    def test_a_client_that_goes_away_is_noticed_through_it(self, served: Site, url: str) -> None:
        served.settle()
        before = served.ended("cancelled")
        address = url.removeprefix("http://").split(":")
        through = Site(served.server)
        through.address = (address[0], int(address[1]))
        connection = through.open_get(sparql(RUNAWAY + " # through nginx"))
        until(lambda: served.ready()["workers"]["long"] == 1, "the query did not start")
        connection.close()
        served.until_ended("cancelled", before + 1)


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed: apt-get install systemd")
    installed = Path(sys.executable).with_name("kzgraph")
    unit = tmp_path / "kzgraph.service"
    # The one thing that is not where the unit says.
    assert UNIT.count("/opt/kzgraph/bin/kzgraph") == 1
    unit.write_text(UNIT.replace("/opt/kzgraph/bin/kzgraph", str(installed)))
    done = subprocess.run([program, "verify", "--man=no", unit], capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_unit_starts_the_server_with_options_and_settings_that_it_has() -> None:
    (start,) = re.findall(r"^ExecStart=\S+ (.*)$", UNIT, re.MULTILINE)
    words = start.split()
    assert words[0] == "serve"
    page = (DEPLOY.parent / "docs" / "settings.md").read_text("utf-8")
    for variable in re.findall(r"^Environment=(\w+)=", UNIT, re.MULTILINE):
        assert f"`{variable}`" in page
    cli = (DEPLOY.parent / "docs" / "cli.md").read_text("utf-8")
    for option in words[1::2]:
        assert f"`{option}" in cli


class TestW3id:
    """The redirects of https://w3id.org/kzgraph/."""

    @pytest.mark.parametrize(
        ("path", "status", "target"),
        [
            ("/", 302, "/"),
            ("/id/country/KAZ", 303, "/id/country/KAZ"),
            ("/id/country/KAZ?format=ttl", 303, "/id/country/KAZ?format=ttl"),
            ("/ontology", 302, "/ontology"),
            ("/graph/entities", 302, "/graph/entities"),
            ("/.well-known/void", 302, "/.well-known/void"),
            ("/dumps/kzgraph.ttl", 302, "/dumps/kzgraph.ttl"),
            ("/dumps/", 302, "/dumps/"),
            ("/sparql?query=ASK%7B%7D&format=json", 307, "/sparql?query=ASK%7B%7D&format=json"),
            ("/sparql/", 307, "/sparql"),
        ],
    )
    def test_an_address_leads_to_the_same_path_of_the_server(
        self, served: Site, w3id: str, path: str, status: int, target: str
    ) -> None:
        reply = call(w3id + path)
        assert (reply.status, reply.headers["Location"]) == (status, served.url + target)
        assert reply.headers["Access-Control-Allow-Origin"] == "*"

    @pytest.mark.parametrize(
        ("path", "accept", "media_type"),
        [
            ("/id/country/KAZ", "text/turtle", "text/turtle"),
            ("/id/country/KAZ", "text/html", "text/html"),
            ("/id/country/KAZ", "application/ld+json", "application/ld+json"),
            ("/ontology", "application/rdf+xml", "application/rdf+xml"),
            ("/ontology", "text/html", "text/html"),
            ("/catalog", "text/turtle", "text/turtle"),
        ],
    )
    def test_what_is_asked_for_by_accept_is_what_comes(
        self, w3id: str, path: str, accept: str, media_type: str
    ) -> None:
        reply = follow(w3id + path, accept)
        assert (reply.status, reply.type) == (200, media_type)
        assert reply.body

    def test_a_query_by_post_stays_one(self, w3id: str) -> None:
        body = b"ASK { ?s a kzg:Pledge }"
        fields = {"Content_Type": "application/sparql-query"}
        moved = call(w3id + "/sparql", "*/*", "POST", body, **fields)
        assert moved.status == 307
        reply = call(moved.headers["Location"], "text/csv", "POST", body, **fields)
        assert reply.body.strip() == b"true"

    def test_a_batch_of_names_stays_one(self, w3id: str) -> None:
        body = b"queries=%7B%22q0%22%3A%7B%22query%22%3A%22KAZ%22%7D%7D"
        fields = {"Content_Type": "application/x-www-form-urlencoded"}
        moved = call(w3id + "/ru/reconcile", "*/*", "POST", body, **fields)
        assert moved.status == 307
        reply = call(moved.headers["Location"], "*/*", "POST", body, **fields)
        assert reply.json["q0"]["result"][0]["name"] == "Казахстан"


def follow(address: str, accept: str) -> Reply:
    """The answer at the end of the redirects."""
    for _ in range(5):
        reply = call(address, accept)
        if not 300 <= reply.status < 400:
            return reply
        target = reply.headers["Location"]
        host = "/".join(address.split("/")[:3])
        address = target if "://" in target else host + target
    raise AssertionError(f"{address} leads on and on")
