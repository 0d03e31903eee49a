"""A release published while the server runs: picked up, and no answer fails or mixes the two."""

import http.client
import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad

from conformance import LARGE, RUNAWAY, Site, Wire, exchange, site, sparql
from kzgraph.iri import graph
from kzgraph.rdf.content import Content
from kzgraph.release import current, describe_release, write
from processes import PATIENCE, until
from small_release import report

#: The label of a country twice, from different sides, and the version of the release.
PAIR = """
SELECT ?version ?label ?other {
  kzr:dataset\\/kzgraph schema:version|dcat:version|owl:versionInfo ?version .
  kzr:country\\/KAZ rdfs:label ?label . FILTER(lang(?label) = 'en')
  { SELECT ?other { ?c a schema:Country ; rdfs:label ?other FILTER(STRSTARTS(?other, "Kazakh")) } }
  FILTER(lang(?other) = 'en')
}
"""
NEW = "Kazakhstan the Renamed"


@dataclass
class Seen:
    """What a client was answered, in order, and what went wrong."""

    answers: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def root(release_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copied = tmp_path_factory.mktemp("copied") / "releases"
    shutil.copytree(release_root, copied, symlinks=True)
    return copied


@pytest.fixture(scope="module")
def renamed(root: Path) -> tuple[str, Content]:
    """The version and the content of a release in which one label differs."""
    release = current(root)
    assert release is not None
    old, new = (Literal(name, language="en") for name in ("Kazakhstan", NEW))
    return describe_release(
        Content(
            Quad(each.subject, each.predicate, new, each.graph_name) if each.object == old else each
            for each in release.store
            if each.graph_name != graph("metadata")
        )
    )


@pytest.fixture(scope="module")
def served(root: Path) -> Iterator[Site]:
    with site(root) as running:
        yield running


def version(served: Site) -> str:
    return str(served.ready()["version"])


def client(served: Site, targets: list[str], stop: threading.Event, seen: Seen) -> None:
    """Ask for all targets again and again on one connection, and once more at the end."""
    connection = http.client.HTTPConnection(*served.address, timeout=2 * PATIENCE)
    number = 0
    while True:
        last = stop.is_set()
        for target in targets:
            number += 1
            # Two questions of three are ones that nobody asked before.
            fresh = f"{target}&n={threading.get_ident()}-{number}" if number % 3 else target
            try:
                reply = exchange(connection, fresh, fields={"Accept": "*/*"})
            except (OSError, http.client.HTTPException) as error:
                seen.failures.append(f"{target}: {error!r}")
                connection.close()
                continue
            if reply.status != 200:
                seen.failures.append(f"{target}: {reply.status} {reply.body[:200]!r}")
            seen.answers.append(f"{target.partition('?')[0]} {_which(reply.body)}")
        if last:
            connection.close()
            return
        # Without a break the clients take the processors of the build that they wait for.
        stop.wait(0.02)


def _which(body: bytes) -> str:
    """Whether an answer holds the old label, the new one, or both."""
    text = body.decode().replace(NEW, "\0")
    new, old = "\0" in text, '"Kazakhstan"' in text or ">Kazakhstan<" in text
    return {(True, False): "new", (False, True): "old"}.get((new, old), "mixed or none")


def test_a_new_release_is_picked_up_without_a_failed_or_mixed_answer(
    served: Site, root: Path, renamed: tuple[str, Content]
) -> None:
    before = version(served)
    old_answers = {target: served.get(target) for target in (sparql(PAIR), "/page/country/KAZ?x=1")}
    assert [row["label"]["value"] for row in rows(served)] == ["Kazakhstan"]
    targets = [sparql(PAIR), "/page/country/KAZ?x=1", "/data/country/KAZ.nt?x=1"]
    stop = threading.Event()
    clients = [Seen() for _ in range(4)]
    asking = [
        threading.Thread(target=client, args=(served, targets, stop, seen)) for seen in clients
    ]
    # An answer that began before the change is of the old release to its end.
    long = Wire(served.open_get(sparql(LARGE.format(rows=300_000))))
    assert long.connection.recv(15, 0x02) == b"HTTP/1.1 200 OK"
    for each in asking:
        each.start()
    try:
        built = write(renamed[1], renamed[0], report(), root)
        until(lambda: version(served) == built.version, "the new release is not served")
    finally:
        stop.set()
        for each in asking:
            each.join()
    with long:
        reply = long.reply()
    assert reply is not None
    assert reply.complete
    assert NEW.encode() not in reply.body
    assert json.loads(reply.body)["head"]["vars"] == ["a", "b"]
    assert built.version != before
    for seen in clients:
        assert seen.failures == []
        # First the old release alone, then the new one alone, on every address.
        for path in {answer.partition(" ")[0] for answer in seen.answers}:
            of_path = [each.partition(" ")[2] for each in seen.answers if each.startswith(path)]
            assert set(of_path) == {"old", "new"}, path
            assert of_path == sorted(of_path, reverse=True), path
    for target, old in old_answers.items():
        new = served.get(target, If_None_Match=old.headers["ETag"])
        assert new.status == 200
        assert new.headers["ETag"] != old.headers["ETag"]
    ((row),) = rows(served)
    assert row["label"]["value"] == row["other"]["value"] == NEW
    assert row["version"]["value"] in built.version
    assert served.metric("kzgraph_release_info", version=built.version) == 1


def rows(served: Site) -> list[dict[str, dict[str, str]]]:
    found: list[dict[str, dict[str, str]]] = served.ask(PAIR).json["results"]["bindings"]
    return found


def test_the_workers_of_the_old_release_leave(served: Site, root: Path) -> None:
    current = (root / "current").resolve().name

    def all_new() -> bool:
        texts = []
        for pid in served.workers:
            try:
                texts.append(Path(f"/proc/{pid}/cmdline").read_text("utf-8"))
            except OSError:
                return False
        return all(f"{current}/store" in text for text in texts)

    until(all_new, "workers of the old release stay")


def test_a_release_that_cannot_be_opened_leaves_the_one_that_is_served(
    served: Site, root: Path
) -> None:
    before = version(served)
    broken = root / "broken"
    broken.mkdir()
    current = (root / "current").readlink()
    (root / "next").symlink_to("broken")
    (root / "next").rename(root / "current")
    try:
        said = served.server.lines
        until(
            lambda: any(f"release {before} stays" in line for line in said),
            "the server says nothing of it",
        )
        assert version(served) == before
        assert served.ask(PAIR + "# still").status == 200
        assert served.get("/health").status == 200
        assert served.get("/page/country/KAZ?still").status == 200
    finally:
        (root / "next").symlink_to(current)
        (root / "next").rename(root / "current")


def test_a_long_query_over_the_change_keeps_its_deadline(
    served: Site, root: Path, release_root: Path
) -> None:
    """Back to the first release, while a query runs on the second."""
    first = (release_root / "current").readlink()
    running = served.open_get(sparql(RUNAWAY, timeout=4))
    until(lambda: served.ready()["workers"]["long"] == 1, "the query did not start")
    (root / "next").symlink_to(first)
    (root / "next").rename(root / "current")
    until(lambda: version(served) == str(first), "the release is not served")
    with Wire(running) as wire:
        reply = wire.reply()
    assert reply is not None
    assert reply.status in (503, 504)
    assert b"time limit of 4 s" in reply.body
