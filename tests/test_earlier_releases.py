"""Releases at the addresses of their versions: what is cited keeps its answer."""

import hashlib
import http.client
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kzgraph.iri import thing
from kzgraph.namespaces import OWL
from kzgraph.redaction import find_person, redact
from kzgraph.release import Release, current, kept_releases
from people import PERSON, publish_people
from processes import until
from running import Server, free_port
from server_fixtures import SERVE, UNHURRIED, Reply, call, environment_with
from small_release import published

COUNT = "SELECT (COUNT(*) AS ?n) { ?s kzg:value ?v }"
#: Never ends by itself.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c. ?d ?e ?f. ?g ?h ?i. ?j ?k ?l. ?m ?n ?o }"
UNKNOWN = "0.1.0-000000000000"
PUBLIC = "https://example.org/kz"


@dataclass(frozen=True)
class Served:
    """A server of three kept releases, the last of which is current, after one that is gone."""

    url: str
    root: Path
    gone: str
    first: Release
    second: Release
    current: Release

    def get(self, path: str, accept: str = "*/*") -> Reply:
        return call(self.url + path, accept)

    def ask(self, version: str, query: str = COUNT, accept: str = "text/csv") -> Reply:
        return self.get(f"/releases/{version}/sparql?{urlencode({'query': query})}", accept)


def start(root: Path, **settings: str) -> Server:
    environment = environment_with(**{**UNHURRIED, "access_log": "off", **settings})
    return Server([*SERVE, str(root)], free_port(), env=environment)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("kept")
    gone, first, second, current = (published(root, size) for size in (2, 3, 4, 5))
    assert not gone.path.exists()
    with start(root, public_url=PUBLIC) as server:
        yield Served(server.url, root, gone.version, first, second, current)


def workers_below(pid: int) -> int:
    """How many processes have `pid` above them."""
    children: dict[int, list[int]] = {}
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = each.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(each.parent.name))
    found, waiting = 0, [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += len(below)
        waiting += below
    return found


def test_a_query_is_answered_from_the_release_that_its_address_names(served: Served) -> None:
    for release, size in ((served.first, 3), (served.second, 4), (served.current, 5)):
        for _ in range(2):  # the second time from what is kept
            reply = served.ask(release.version)
            assert (reply.status, reply.body.split()) == (200, [b"n", b"%d" % size])
    assert served.get(f"/sparql?{urlencode({'query': COUNT})}", "text/csv").body.split()[1] == b"5"


def test_files_are_those_of_the_release(served: Served) -> None:
    for release in (served.first, served.current):
        for file in release.files.values():
            if file.is_dump:
                reply = served.get(f"/releases/{release.version}/{file.path}")
                assert reply.status == 200, file.path
                assert hashlib.sha256(reply.body).hexdigest() == file.sha256


def test_links_of_pages_and_descriptions_stay_within_the_release(served: Served) -> None:
    below = f"/kz/releases/{served.first.version}"
    for path in ("/sparql", "/dumps/", "/catalog", "/ontology", "/quality"):
        page = served.get(f"/releases/{served.first.version}{path}", "text/html")
        assert page.status == 200, path
        text = page.body.decode()
        assert f'href="{below}/dumps/"' in text
        assert 'href="/kz/">The current release' in text
    assert (
        f'action="{below}/sparql"'
        in served.get(f"/releases/{served.first.version}/sparql", "text/html").body.decode()
    )
    described = served.get(f"/releases/{served.first.version}/catalog", "text/turtle").body
    assert f"{PUBLIC}/releases/{served.first.version}/dumps/kzgraph.ttl".encode() in described
    seen = served.get(f"/releases/{served.first.version}/id/figure/note/0", "text/turtle")
    assert (seen.status, seen.headers["Location"]) == (
        303,
        f"{below}/data/figure/note/0.ttl",
    )


def test_a_refused_query_comes_back_in_the_form_of_its_release(served: Served) -> None:
    reply = served.ask(served.first.version, "SELECT nonsense", "text/html")
    assert reply.status == 400
    assert f'action="/kz/releases/{served.first.version}/sparql"' in reply.body.decode()


def test_the_list_has_every_release_newest_first(served: Served) -> None:
    listed = json.loads(served.get("/releases/", "application/json").body)
    assert listed["current"] == served.current.version
    versions = [served.current.version, served.second.version, served.first.version, served.gone]
    assert [each["version"] for each in listed["releases"]] == versions
    assert [each["previous"] for each in listed["releases"]] == [*versions[1:], None]
    assert [each["kept"] for each in listed["releases"]] == [True, True, True, False]
    newest = listed["releases"][0]
    assert newest["sparql"] == f"{PUBLIC}/releases/{served.current.version}/sparql"
    assert newest["changes"]["graphs"][0]["counts"]["others"]["added"] == 1
    page = served.get("/releases/", "text/html").body.decode()
    for version in versions[:-1]:
        assert f'href="/kz/releases/{version}/"' in page
    assert f"{served.gone} (no longer kept)" in page
    assert f'href="/kz/releases/{served.gone}/"' not in page


def test_a_release_is_described_with_its_files_and_what_changed(served: Served) -> None:
    at = f"/releases/{served.second.version}/"
    found = json.loads(served.get(at, "application/json").body)
    files = {each["address"]: each["sha256"] for each in found["files"]}
    assert files == {
        f"{PUBLIC}{at}{file.path}": file.sha256
        for file in served.second.files.values()
        if file.is_dump
    }
    assert found["changes"]["list"] == f"{PUBLIC}{at}changes.json"
    changes = json.loads(served.get(f"{at}changes.json").body)
    assert (changes["from"], changes["to"]) == (served.first.version, served.second.version)
    (change,) = changes["graphs"][0]["changes"]
    assert (change["change"], change["iri"]) == ("added", thing("figure", "note", "3").value)
    page = served.get(at, "text/html")
    assert page.status == 200
    assert f'href="/kz{at}dumps/kzgraph.nq"' in page.body.decode()
    assert served.get(at.rstrip("/"), "text/html").status == 200


@pytest.mark.parametrize("path", ["/catalog", "/.well-known/void"])
def test_the_version_before_is_served_from_the_history(served: Served, path: str) -> None:
    data_set = thing("dataset", "kzgraph")
    for prefix, before in (
        ("", served.second.version),
        (f"/releases/{served.second.version}", served.first.version),
        (f"/releases/{served.first.version}", served.gone),
    ):
        body = served.get(prefix + path, "application/n-triples").body
        prior = [
            (quad.subject, quad.object)
            for quad in parse(body, format=RdfFormat.N_TRIPLES)
            if quad.predicate == OWL["priorVersion"]
        ]
        assert prior == [(data_set, NamedNode(f"{PUBLIC}/releases/{before}/"))]
    stored: list[Quad] = [
        *served.current.store.quads_for_pattern(None, OWL["priorVersion"], None, None)
    ]
    assert stored == [], "it is not a part of the release"


@pytest.mark.parametrize("rest", ["", "/", "/sparql", "/dumps/kzgraph.nq", "/page/figure/note/0"])
def test_what_never_was_is_404_and_what_is_gone_410(served: Served, rest: str) -> None:
    for version, status in ((UNKNOWN, 404), ("current", 404), ("..", 404), (served.gone, 410)):
        reply = served.get(f"/releases/{version}{rest}", "application/json")
        assert reply.status == status, version
        problem = json.loads(reply.body)
        assert problem["status"] == status
        follower = served.first.version if status == 410 else None
        assert problem.get("replaced_by") == follower


@pytest.mark.parametrize("rest", ["/health", "/metrics", "/ready", "/releases/", "/nothing"])
def test_what_is_of_the_server_is_not_below_a_release(served: Served, rest: str) -> None:
    assert served.get(f"/releases/{served.first.version}{rest}").status == 404


def test_a_person_who_is_taken_out_is_gone_at_once_with_what_was_kept(tmp_path: Path) -> None:
    first, second = publish_people(tmp_path, size=30), publish_people(tmp_path, size=31)
    everything = "SELECT ?s ?p ?o { ?s ?p ?o }"
    with start(tmp_path, public_url=PUBLIC) as server:
        kept = Served(server.url, tmp_path, "", first, first, second)
        for _ in range(2):  # the second time from what is kept
            assert b"Brien" in kept.ask(first.version, everything).body
            assert kept.get(f"/page/{PERSON}").status == 200
        assert kept.get(f"/releases/{second.version}/changes.json").status == 200
        open_one = http.client.HTTPConnection(server.url.removeprefix("http://"))
        running = f"/releases/{first.version}/sparql?{urlencode({'query': ENDLESS})}"
        before = workers_below(server.process.pid)
        open_one.request("GET", running)
        redact(find_person(PERSON, None, tmp_path, ()), None, tmp_path, lambda _: None)
        now = current(tmp_path)
        assert now is not None
        (left,) = (each for each in kept_releases(tmp_path) if each.version != now.version)
        for path in ("/", "/sparql", "/dumps/kzgraph.nq", "/changes.json", f"/id/{PERSON}"):
            reply = kept.get(f"/releases/{first.version}{path}", "application/json")
            assert reply.status == 410, path
            assert json.loads(reply.body)["replaced_by"] == left.version
            link = f'</kz/releases/{left.version}/>; rel="successor-version"'
            assert reply.headers["Link"] == link
        assert kept.ask(first.version, everything).status == 410
        until(lambda: json.loads(kept.get("/ready").body)["version"] == now.version, "not served")
        for below in ("", f"/releases/{left.version}", f"/releases/{now.version}"):
            for path in ("id", "page", "data"):
                suffix = ".ttl" if path == "data" else ""
                for gone in (PERSON, "appointment/note/head", "evidence/note/3-8"):
                    reply = kept.get(f"{below}/{path}/{gone}{suffix}", "text/turtle")
                    assert (reply.status, b"rien" in reply.body) == (410, False)
            assert kept.get(f"{below}/page/appointment/note/deputy").status == 200
            asked = kept.get(f"{below}/sparql?{urlencode({'query': everything})}", "text/csv")
            assert asked.status == 200
            assert b"Se\xc3\xa1n" not in asked.body
        # The query that was under way has the old store open until it ends, and no longer.
        open_one.close()
        until(lambda: workers_below(server.process.pid) <= before + 4, "not closed")
        listed = json.loads(kept.get("/releases/", "application/json").body)["releases"]
        assert [each["replaced_by"] for each in listed if each["redacted"]] == [
            now.version,
            left.version,
        ]
        metrics = kept.get("/metrics").body.decode()
        counted = dict(re.findall(r'kzgraph_release_requests_total{release="(.*)"} (.*)', metrics))
        assert counted.keys() == {"current", "earlier", "gone", "pinned"}
        assert float(counted["gone"]) == 4
        assert "kzgraph_earlier_releases_open 1.0" in metrics


def test_a_release_that_is_removed_is_gone_at_once(tmp_path: Path) -> None:
    first, second = published(tmp_path, 3), published(tmp_path, 4)
    with start(tmp_path) as server:
        kept = Served(server.url, tmp_path, "", first, first, second)
        assert kept.ask(first.version).status == 200
        shutil.rmtree(first.path)
        assert kept.ask(first.version).status == 410


def test_the_release_that_was_current_answers_on_after_the_next(tmp_path: Path) -> None:
    first = published(tmp_path, 3)
    with start(tmp_path) as server:
        kept = Served(server.url, tmp_path, "", first, first, first)
        assert kept.ask(first.version).body.split() == [b"n", b"3"]
        second = published(tmp_path, 4)
        until(
            lambda: json.loads(kept.get("/ready").body)["version"] == second.version, "not served"
        )
        kept = replace(kept, current=second)
        assert kept.ask(first.version).body.split() == [b"n", b"3"]
        assert kept.ask(second.version).body.split() == [b"n", b"4"]


def test_earlier_releases_are_few_and_their_workers_end_with_them(tmp_path: Path) -> None:
    first, second, current = (published(tmp_path, size) for size in (3, 4, 5))
    with start(tmp_path, earlier_releases="1") as server:
        kept = Served(server.url, tmp_path, "", first, second, current)
        before = workers_below(server.process.pid)
        assert kept.get(f"/releases/{first.version}/dumps/").status == 200
        assert workers_below(server.process.pid) == before, "files need no workers"
        for number, (release, size) in enumerate(((first, 3), (second, 4), (first, 3))):
            # A query that nobody asked before: no answer is kept of it.
            reply = kept.ask(release.version, COUNT.replace("?n", f"?n{number}"))
            assert reply.body.split()[1] == b"%d" % size
            assert before < workers_below(server.process.pid) <= before + 4
    assert workers_below(server.process.pid) == 0


def test_an_earlier_release_that_nobody_asks_for_is_closed(tmp_path: Path) -> None:
    first, second = published(tmp_path, 3), published(tmp_path, 4)
    with start(tmp_path, earlier_idle="1") as server:
        kept = Served(server.url, tmp_path, "", first, first, second)
        before = workers_below(server.process.pid)
        for name in ("?n", "?m"):
            reply = kept.ask(first.version, COUNT.replace("?n", name))
            assert reply.body.split()[1] == b"3", "opened again"
            until(lambda: workers_below(server.process.pid) == before, "not closed")


def test_where_all_that_may_be_open_are_in_use_another_is_asked_to_wait(tmp_path: Path) -> None:
    first, second, current = (published(tmp_path, size) for size in (3, 40, 5))
    with start(tmp_path, earlier_releases="1") as server:
        kept = Served(server.url, tmp_path, "", first, second, current)
        before = workers_below(server.process.pid)
        connection = http.client.HTTPConnection(server.url.removeprefix("http://"))
        connection.request(
            "GET", f"/releases/{second.version}/sparql?{urlencode({'query': ENDLESS})}"
        )
        until(lambda: workers_below(server.process.pid) > before, "not started")
        refused = kept.ask(first.version)
        assert (refused.status, refused.headers["Retry-After"]) == (503, "5")
        assert kept.ask(current.version).status == 200, "it needs no workers of its own"
        connection.close()
        until(lambda: kept.ask(first.version).status == 200, "not free again", 30)
