"""An interrupted run of `kzgraph publish` sends what is not there, and nothing twice.

Against the Oxigraph server, with pieces of a few kilobytes; a proxy in front gets in the way.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from engines import Engine, oxigraph_server
from forwarding import Passing, Proxy, Reply, proxy
from kzgraph.iri import GRAPH
from kzgraph.publish import (
    Outcome,
    Patience,
    PublishError,
    RemoteStore,
    Target,
    compare,
    publish,
    sending,
)
from kzgraph.publish.graph_files import Graph, split
from kzgraph.release import Release
from small_release import published

PIECE = 8 * 1024
NOTE = GRAPH + "note"
ONCE = Patience(attempts=1)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PIECE", PIECE)
    monkeypatch.setattr(sending, "_UPDATES", PIECE)
    monkeypatch.setattr(sending, "_LEAST", 512)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return published(tmp_path_factory.mktemp("releases"), 700)


@pytest.fixture(scope="module")
def note(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The graph that is sent in pieces."""
    return next(
        each for each in split(release, tmp_path_factory.mktemp("graphs")) if each.iri == NOTE
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with oxigraph_server(tmp_path_factory.mktemp("oxigraph")) as engine:
        yield engine


@pytest.fixture
def engine(server: Engine) -> Engine:
    server.run("DROP ALL")
    return server


@pytest.fixture
def between(engine: Engine) -> Iterator[Proxy]:
    with proxy(engine.graphs.removesuffix("/store")) as found:
        yield found


def send(release: Release, between: Proxy, method: str = "gsp", resume: bool = True) -> Outcome:
    service = "store" if method == "gsp" else "update"
    target = Target.at(f"{between.url}/{service}")
    with RemoteStore(patience=ONCE) as store:
        return publish(release, target, store, release.path.parent, resume=resume)


def sent(between: Proxy) -> list[tuple[str, int]]:
    """What was sent of the note: by which method, and how many triples."""
    return [(each.method, each.body.count(b"\n")) for each in between.seen if each.graph == NOTE]


def counted(engine: Engine, iri: str = NOTE) -> int:
    with RemoteStore() as store:
        rows = store.select(engine.query, f"SELECT * {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}")
    return len(rows)


def cut_at(between: Proxy, number: int, arrives: bool, engine: Engine) -> None:
    """Cut the connection at one piece of the note, which arrives all the same, or does not."""

    def cut(passing: Passing) -> Reply | None:
        if passing.graph != NOTE or len(sent(between)) != number:
            return None
        if arrives:
            with engine.client() as client:
                url = engine.graphs.removesuffix("/store") + passing.path
                headers = {"Content-Type": "text/turtle"}
                client.request(
                    passing.method, url, content=passing.body, headers=headers
                ).raise_for_status()
        raise ConnectionAbortedError("cut on purpose")

    between.hook = cut


def interrupt(release: Release, between: Proxy, engine: Engine, arrives: bool = False) -> None:
    """A run that ends at the fourth piece of the note."""
    cut_at(between, 4, arrives, engine)
    with pytest.raises(PublishError, match="the connection broke off"):
        send(release, between, resume=False)
    between.hook = None
    between.seen.clear()


def test_a_large_graph_is_sent_in_pieces_of_whole_lines(
    engine: Engine, between: Proxy, release: Release, note: Graph
) -> None:
    assert send(release, between, resume=False).faults == []
    pieces = sent(between)
    assert [method for method, _ in pieces] == ["PUT"] + ["POST"] * (len(pieces) - 1)
    assert len(pieces) == -(-note.size // PIECE) > 5
    assert sum(triples for _, triples in pieces) == note.triples == counted(engine)
    for each in between.seen:
        assert each.graph != NOTE or list(parse(each.body, RdfFormat.N_TRIPLES))


@pytest.mark.parametrize("arrives", [False, True])
def test_a_run_goes_on_within_a_graph(
    engine: Engine, between: Proxy, release: Release, note: Graph, arrives: bool
) -> None:
    """Also where the store has the piece, and the run ended before it heard of that."""
    interrupt(release, between, engine, arrives)
    before = counted(engine)
    outcome = send(release, between)
    assert outcome.faults == []
    assert [each.arrived for each in outcome.graphs if each.name == "note"] == [before]
    assert {method for method, _ in sent(between)} == {"POST"}
    assert sum(triples for _, triples in sent(between)) == note.triples - before
    assert counted(engine) == note.triples


def test_a_piece_of_which_a_part_arrived_is_sent_again(
    engine: Engine, between: Proxy, release: Release, note: Graph
) -> None:
    interrupt(release, between, engine)
    before = counted(engine)
    with note.path.open("rb") as lines:
        for _ in range(before):
            next(lines)
        engine.run(f"INSERT DATA {{ GRAPH <{NOTE}> {{ {next(lines).decode()} }} }}")
    assert send(release, between).faults == []
    assert sum(triples for _, triples in sent(between)) == note.triples - before


def test_a_store_that_lost_some_of_a_graph_gets_all_of_it(
    engine: Engine, between: Proxy, release: Release, note: Graph
) -> None:
    interrupt(release, between, engine)
    engine.run(
        f"DELETE {{ GRAPH <{NOTE}> {{ ?s ?p ?o }} }} WHERE {{ SELECT * {{ "
        f"GRAPH <{NOTE}> {{ ?s ?p ?o }} }} LIMIT 1 }}"
    )
    assert send(release, between).faults == []
    assert sent(between)[0][0] == "PUT"
    assert counted(engine) == note.triples


def test_a_store_that_lost_everything_gets_everything_in_the_next_run(
    engine: Engine, between: Proxy, release: Release
) -> None:
    assert send(release, between, resume=False).faults == []
    engine.run("DROP ALL")
    target = Target.at(f"{between.url}/store")
    with RemoteStore(patience=ONCE) as store:
        told = compare(release, target, store, release.path.parent)
    assert all(each.sent and "triples are missing" in each.lost for each in told.graphs)
    outcome = send(release, between)
    assert outcome.faults == []
    assert all(each.sent and "triples are missing" in each.lost for each in outcome.graphs)


def test_of_a_new_release_only_the_graphs_that_differ_are_sent(
    engine: Engine, between: Proxy, tmp_path: Path
) -> None:
    assert send(published(tmp_path, 700), between).faults == []
    between.seen.clear()
    newer = published(tmp_path, 701)
    outcome = send(newer, between)
    assert outcome.faults == []
    assert {each.name for each in outcome.graphs if not each.sent} == {"ontology"}
    assert between.sent_graphs()[-1] == "metadata"
    assert len(list((tmp_path / ".publish").glob("*.json"))) == 1


def test_a_graph_of_which_the_older_release_was_interrupted_begins_anew(
    engine: Engine, between: Proxy, tmp_path: Path
) -> None:
    interrupt(published(tmp_path, 700), between, engine)
    newer = published(tmp_path, 30)
    assert send(newer, between).faults == []
    assert sent(between)[0][0] == "PUT"
    assert counted(engine) == newer.manifest["counts"]["graphs"]["note"]


def test_a_store_that_keeps_less_than_it_says_is_found_out(
    engine: Engine, between: Proxy, release: Release
) -> None:
    def lose(passing: Passing) -> Reply | None:
        return (204, {}, b"") if passing.graph == NOTE and passing.method == "POST" else None

    between.hook = lose
    [fault] = {text for text in send(release, between, resume=False).faults if "sample" not in text}
    assert fault.startswith("note: ")
    assert "triples are missing" in fault
    between.hook = None
    assert send(release, between).faults == [], "the next run sends it again"


def test_a_triple_in_place_of_another_is_found_out(
    engine: Engine, between: Proxy, release: Release
) -> None:
    """The count is right and the sample may miss it; the counts of the properties do not."""
    assert send(release, between, resume=False).faults == []
    engine.run(
        f"DELETE {{ GRAPH <{NOTE}> {{ ?s ?p ?o }} }} "
        f"INSERT {{ GRAPH <{NOTE}> {{ ?s <urn:q> ?o }} }} "
        f"WHERE {{ SELECT * {{ GRAPH <{NOTE}> {{ ?s ?p ?o }} }} LIMIT 1 }}"
    )
    [lost] = {each.lost for each in send(release, between).graphs} - {""}
    assert "more or fewer triples than were sent of 2 properties" in lost


def test_pieces_become_smaller_where_requests_are_too_large(
    engine: Engine, between: Proxy, release: Release, note: Graph
) -> None:
    def refuse(passing: Passing) -> Reply | None:
        return (413, {}, b"") if passing.graph and len(passing.body) > PIECE // 3 else None

    between.hook = refuse
    target = Target.at(f"{between.url}/store")
    with RemoteStore(patience=ONCE) as store:
        outcome = publish(release, target, store, release.path.parent, ["note"], resume=False)
    assert outcome.faults == []
    assert counted(engine) == note.triples


def test_a_store_that_only_replaces_graphs_gets_them_whole(
    engine: Engine, between: Proxy, release: Release, note: Graph
) -> None:
    def refuse(passing: Passing) -> Reply | None:
        return (405, {}, b"") if passing.graph and passing.method == "POST" else None

    between.hook = refuse
    assert send(release, between, resume=False).faults == []
    assert sent(between)[-1] == ("PUT", note.triples)


def test_updates_go_on_within_a_graph_too(
    engine: Engine, between: Proxy, release: Release, note: Graph
) -> None:
    texts: list[bytes] = []

    def cut(passing: Passing) -> Reply | None:
        if passing.path == "/update" and f"GRAPH <{NOTE}>".encode() in passing.body[:200]:
            texts.append(passing.body)
            if len(texts) == 5:
                raise ConnectionAbortedError("cut on purpose")
        return None

    between.hook = cut
    with pytest.raises(PublishError, match="the connection broke off"):
        send(release, between, "update", resume=False)
    before = counted(engine)
    assert before > 0
    assert send(release, between, "update").faults == []
    assert not any(b"DROP" in text for text in texts[5:])
    assert sum(text.count(b" .\n") for text in texts[5:]) == note.triples - before


def test_to_restart_one_graph_is_not_to_forget_the_others(
    engine: Engine, between: Proxy, release: Release
) -> None:
    assert send(release, between, resume=False).faults == []
    target = Target.at(f"{between.url}/store")
    with RemoteStore(patience=ONCE) as store:
        publish(release, target, store, release.path.parent, ["note"], resume=False)
    between.seen.clear()
    assert send(release, between).faults == []
    assert between.sent_graphs() == []


def test_nothing_of_a_run_is_left_but_its_record(
    engine: Engine, between: Proxy, release: Release
) -> None:
    folder = release.path.parent / ".publish"
    for path in folder.glob("*.graphs"):
        raise AssertionError(path)
    interrupt(release, between, engine)
    [record] = [
        each
        for each in folder.iterdir()
        if each.suffix == ".json" and between.url in each.read_text()
    ]
    # As a killed run leaves it.
    record.with_suffix(".graphs").mkdir()
    (record.with_suffix(".graphs") / "0.nt").write_text("nonsense")
    assert send(release, between).faults == []
    assert {each.suffix for each in folder.iterdir()} == {".json", ".lock"}
