"""`kzgraph publish` loads a release into real stores, goes on after a kill, and notices tampering.

Virtuoso 7 and the Oxigraph server are started for it; a proxy in front counts what is sent.
"""

import json
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from commands import KZGRAPH, run
from engines import Engine, oxigraph_server, virtuoso_server
from forwarding import Passing, Reply, proxy
from kzgraph.engines import Credentials
from kzgraph.iri import GRAPH, graph, term, thing
from kzgraph.publish import Patience, PublishError, RemoteStore, Target, publish
from kzgraph.publish.graph_files import Graph, split
from kzgraph.publish.store import MAX_ANSWER
from kzgraph.publish.updates import MAX_BYTES, MAX_TRIPLES, insert, write_term
from kzgraph.publish.verify import is_same_term
from kzgraph.rdf.content import Content
from kzgraph.release import Release, current, describe_release, write
from processes import PATIENCE
from small_release import content, report

XSD = "http://www.w3.org/2001/XMLSchema#"
WRONG = "hush hush"
QUICK = Patience(attempts=3, first=0.01, longest=0.02)


def made(root: Path) -> Release:
    """A release with blank nodes that hang together, odd texts, and types that stores alter."""
    _, small = content(700)
    where, shapes = graph("entities"), graph("shapes")
    first, second = BlankNode("s-1"), BlankNode("s-2")
    kazakhstan = thing("country", "KAZ")
    values = [
        Literal("Қазақстан", language="kk"),
        Literal('a "quoted"\nline \\ and \\u0041'),
        Literal("0.10", datatype=NamedNode(XSD + "decimal")),
        Literal("2018", datatype=NamedNode(XSD + "gYear")),
        Literal("2018-12-31", datatype=NamedNode(XSD + "date")),
        Literal(123456789012),
    ]
    quads = [
        *small.quads,
        *(Quad(kazakhstan, term(f"p{n}"), value, where) for n, value in enumerate(values)),
        Quad(thing("shape", "one"), term("property"), first, shapes),
        Quad(first, term("path"), second, shapes),
        Quad(second, term("path"), kazakhstan, shapes),
    ]
    version, whole = describe_release(
        Content(quad for quad in quads if quad.graph_name != graph("metadata"))
    )
    return write(whole, version, report(), root)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    made(folder)
    return folder


@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with oxigraph_server(tmp_path_factory.mktemp("oxigraph")) as engine:
        yield engine


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with virtuoso_server(tmp_path_factory.mktemp("virtuoso")) as engine:
        yield engine


@pytest.fixture(params=["oxigraph", "virtuoso"])
def engine(request: pytest.FixtureRequest) -> Engine:
    found: Engine = request.getfixturevalue(request.param)
    return found


def release(root: Path) -> Release:
    found = current(root)
    assert found is not None
    return found


def command(
    engine: Engine, root: Path, *more: str, to: str = ""
) -> subprocess.CompletedProcess[str]:
    who = ("--user", engine.user) if engine.user else ()
    where = ("--to", to or engine.graphs, "--releases", str(root), "--restart")
    return run("publish", *where, *who, *more, KZGRAPH_PUBLISH_PASSWORD=engine.password)


def faults_after_sending(engine: Engine, root: Path, *, resume: bool) -> list[str]:
    """What verification finds after the release was sent, as the command does it."""
    who = Credentials(engine.graphs, engine.user, engine.password) if engine.user else None
    with RemoteStore(who) as store:
        target = Target.at(engine.graphs)
        return list(publish(release(root), target, store, root, resume=resume).faults)


def counted(engine: Engine, name: str) -> int:
    with RemoteStore() as store:
        query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{GRAPH}{name}> {{ ?s ?p ?o }} }}"
        return int(store.select(engine.query, query)[0]["n"]["value"])


@pytest.mark.parametrize("method", ["gsp", "update"])
def test_a_release_arrives_whole_by_either_method(engine: Engine, root: Path, method: str) -> None:
    for name in release(root).manifest["counts"]["graphs"]:
        engine.run(f"DROP SILENT GRAPH <{GRAPH}{name}>")
    to = engine.graphs if method == "gsp" else engine.update
    done = command(engine, root, "--method", method, to=to)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Release {release(root).version} is published and verified" in done.stdout
    for name, triples in release(root).manifest["counts"]["graphs"].items():
        assert counted(engine, name) == triples


def test_blank_nodes_stay_the_same_node_within_a_graph(engine: Engine, root: Path) -> None:
    for to in (engine.graphs, engine.update):
        assert command(engine, root, "--graph", "shapes", to=to).returncode == 0
        query = (
            f"SELECT ?end {{ GRAPH <{GRAPH}shapes> {{ {thing('shape', 'one')} "
            f"{term('property')} ?a . ?a {term('path')} ?b . ?b {term('path')} ?end }} }}"
        )
        with RemoteStore() as store:
            found = store.select(engine.query, query)
        assert [row["end"]["value"] for row in found] == [thing("country", "KAZ").value]


def test_publishing_again_replaces_what_was_there(engine: Engine, root: Path) -> None:
    engine.run(f"INSERT DATA {{ GRAPH <{GRAPH}entities> {{ <urn:old> <urn:p> 1 }} }}")
    assert command(engine, root).returncode == 0
    assert counted(engine, "entities") == release(root).manifest["counts"]["graphs"]["entities"]


def test_a_run_that_was_killed_goes_on_where_it_was(
    oxigraph: Engine, root: Path, tmp_path: Path
) -> None:
    base = oxigraph.graphs.removesuffix("/store")
    names = [*release(root).manifest["counts"]["graphs"]]
    names = sorted(names, key=lambda name: (name == "metadata", name))
    reached, go_on = threading.Event(), threading.Event()

    def stop_at_third(passing: Passing) -> Reply | None:
        if passing.graph.endswith(names[2]) and not go_on.is_set():
            reached.set()
            go_on.wait(PATIENCE)
        return None

    with proxy(base) as between:
        between.hook = stop_at_third
        arguments = ["publish", "--to", f"{between.url}/store", "--releases", str(root)]
        process = subprocess.Popen([*KZGRAPH, *arguments], stdout=subprocess.DEVNULL)
        assert reached.wait(PATIENCE)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert between.sent_graphs() == names[:3]
        between.seen.clear()
        go_on.set()
        done = run(*arguments)
        assert (done.returncode, done.stderr) == (0, "")
        assert between.sent_graphs() == names[2:]
        between.seen.clear()
        assert run(*arguments).returncode == 0
        assert between.sent_graphs() == []
        assert run(*arguments, "--restart").returncode == 0
        assert between.sent_graphs() == names


def test_what_is_kept_of_a_run_holds_no_secret(virtuoso: Engine, root: Path) -> None:
    done = command(virtuoso, root, to=virtuoso.graphs + "?key=topsecret")
    assert done.returncode == 0
    kept = [path.read_text() for path in (root / ".publish").iterdir()]
    assert any(virtuoso.graphs in text for text in kept)
    for secret in ("topsecret", virtuoso.user):
        assert not any(f'"{secret}' in text or f"={secret}" in text for text in kept)


@pytest.mark.parametrize(
    ("tampering", "complaint"),
    [
        ("DELETE DATA {{ GRAPH <{g}entities> {{ {s} {p}3 {year} }} }}", "of 6 triples are missing"),
        ("INSERT DATA {{ GRAPH <{g}entities> {{ <urn:x> <urn:p> 1 }} }}", "1 triples more"),
        (
            "DELETE DATA {{ GRAPH <{g}entities> {{ {s} {p}3 {year} }} }} ;"
            "INSERT DATA {{ GRAPH <{g}entities> {{ {s} {p}3 '2019' }} }}",
            "1 of 6 triples of the sample are missing or changed",
        ),
        ("INSERT DATA {{ GRAPH <{g}stray> {{ <urn:x> <urn:p> 1 }} }}", "graph/stray> is in the"),
    ],
    ids=["missing", "added", "changed", "graph"],
)
def test_a_store_that_was_tampered_with_is_noticed(
    engine: Engine, root: Path, tampering: str, complaint: str
) -> None:
    assert faults_after_sending(engine, root, resume=False) == []
    year = f'"2018"^^<{XSD}gYear>'
    subject, predicate = str(thing("country", "KAZ")), str(term("p"))[:-1]
    text = tampering.format(g=GRAPH, s=subject, p=predicate, year=year)
    engine.run(text.replace("p3 ", "p3> "))
    before = run("publish", "--to", engine.graphs, "--releases", root, "--dry-run")
    done = command(engine, root, "--resume")
    if "stray" in tampering:
        engine.run(f"DROP SILENT GRAPH <{GRAPH}stray>")
        assert done.returncode == 1
        assert complaint in done.stderr
        return
    assert (done.returncode, done.stderr) == (0, "")
    for told in (before.stdout, done.stdout):
        assert complaint in " ".join(told.split())
    assert done.stdout.count("sent again") == 1
    assert counted(engine, "entities") == release(root).manifest["counts"]["graphs"]["entities"]


def test_graphs_of_others_are_left_alone_and_mentioned(oxigraph: Engine, root: Path) -> None:
    oxigraph.run("INSERT DATA { GRAPH <urn:theirs> { <urn:x> <urn:p> 1 } }")
    done = command(oxigraph, root)
    oxigraph.run("DROP GRAPH <urn:theirs>")
    assert done.returncode == 0
    assert "The store also has other graphs: 1" in done.stdout


def test_a_dry_run_changes_nothing(oxigraph: Engine, root: Path) -> None:
    with proxy(oxigraph.graphs.removesuffix("/store")) as between:
        done = run("publish", "--to", f"{between.url}/store", "--releases", root, "--dry-run")
        assert done.returncode == 0
        assert "would be sent" in done.stdout
        assert {each.path for each in between.seen} == {"/query"}


def test_a_wrong_password_is_one_line_and_is_not_repeated(virtuoso: Engine, root: Path) -> None:
    done = run(
        *("publish", "--to", virtuoso.graphs, "--user", "dba", "--releases", root, "--restart"),
        KZGRAPH_PUBLISH_PASSWORD=WRONG,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "the user name or password is not accepted" in done.stderr
    assert WRONG not in done.stderr


def test_the_file_of_the_password_may_end_in_a_line_break(
    virtuoso: Engine, root: Path, tmp_path: Path
) -> None:
    file = tmp_path / "password"
    file.write_text(virtuoso.password + "\n")
    who = ("--user", virtuoso.user, "--password-file", file, "--graph", "entities")
    done = run("publish", "--to", virtuoso.graphs, *who, "--releases", root, "--restart")
    assert (done.returncode, done.stderr) == (0, "")


def test_without_a_password_the_store_that_asks_for_one_is_named(
    virtuoso: Engine, root: Path
) -> None:
    done = run("publish", "--to", virtuoso.graphs, "--releases", root, "--restart")
    assert done.returncode == 1
    assert "the store asks for a user name and password" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--to", "ftp://example.org/"), "must begin with http:// or https://"),
        (("--to", "http://me:hush@example.org/store"), "do not belong in it"),
        (("--to", "http://127.0.0.1:9/store", "--user", "me"), "the password is missing"),
        (("--to", "http://127.0.0.1:9/store", "--method", "ftp"), "Invalid value"),
        ((), "Missing option '--to'"),
    ],
)
def test_wrong_usage_ends_with_2(root: Path, arguments: tuple[str, ...], message: str) -> None:
    done = run("publish", *arguments, "--releases", root)
    assert done.returncode == 2
    assert message in done.stderr
    assert "hush" not in done.stderr


def test_an_unknown_release_or_graph_is_one_line(root: Path) -> None:
    there = ("publish", "--to", "http://127.0.0.1:9/store", "--releases", root)
    for arguments, message in (
        (("--release", "9.9"), "no release 9.9"),
        (("--release", "../published"), "no release"),
        (("--graph", "nonsense"), "the release has no graph nonsense; it has"),
    ):
        done = run(*there, *arguments)
        assert done.returncode == 1
        assert message in done.stderr
        assert done.stderr.count("\n") == 1


def test_a_store_that_is_busy_is_asked_again(oxigraph: Engine, root: Path) -> None:
    refused: list[str] = []

    def busy_once(passing: Passing) -> Reply | None:
        if passing.method == "PUT" and passing.graph not in refused:
            refused.append(passing.graph)
            return 503, {"Retry-After": "0"}, b"later"
        return None

    with proxy(oxigraph.graphs.removesuffix("/store")) as between:
        between.hook = busy_once
        with RemoteStore(patience=QUICK) as store:
            target = Target.at(f"{between.url}/store")
            outcome = publish(release(root), target, store, root, resume=False)
        assert outcome.faults == []
        assert len(between.sent_graphs()) == 2 * len(refused)


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        ((503, {}, b""), "busy or out of service (503), tried 3 times"),
        ((403, {}, b"<p>Not\x1b[31m you</p>"), "is not allowed to do that: Not [31m you"),
        ((405, {}, b""), "does not take this"),
        ((415, {}, b""), "does not take this kind of content"),
        ((307, {"Location": "http://evil.example/?t=1"}, b""), "moved to http://evil.example/;"),
        ((500, {}, b"the secret is hush hush"), "answered 500: the secret is ***"),
    ],
)
def test_a_refusal_is_said_in_one_line(root: Path, reply: Reply, message: str) -> None:
    with proxy() as between:
        between.hook = lambda passing: reply
        with (
            RemoteStore(secret=WRONG, patience=QUICK) as store,
            pytest.raises(PublishError) as caught,
        ):
            target = Target.at(f"{between.url}/store")
            publish(release(root), target, store, root, resume=False)
        assert message in str(caught.value)
        assert "\n" not in str(caught.value)


def test_a_store_that_is_not_there_is_given_up(root: Path) -> None:
    with RemoteStore(patience=QUICK) as store, pytest.raises(PublishError) as caught:
        publish(release(root), Target.at("http://127.0.0.1:9/store"), store, root, resume=False)
    assert "cannot be reached" in str(caught.value)
    assert "tried 3 times" in str(caught.value)


def test_a_method_that_the_path_does_not_tell_is_found_out(oxigraph: Engine, root: Path) -> None:
    """The same path for all, as some stores have it: the proxy leads on by what is sent."""
    for service, method in (("/update", "POST"), ("/store", "PUT")):
        with proxy(oxigraph.graphs.removesuffix("/store")) as between:

            def lead(passing: Passing, service: str = service) -> Reply | None:
                if not passing.path.startswith("/here"):
                    return None
                with oxigraph.client() as client:
                    url = oxigraph.graphs.removesuffix("/store") + service + passing.path[5:]
                    kind = "text/turtle" if passing.method == "PUT" else "application/sparql-update"
                    headers = {"Content-Type": kind}
                    done = client.request(
                        passing.method, url, content=passing.body, headers=headers
                    )
                return done.status_code, {}, done.content

            between.hook = lead
            target = Target.at(f"{between.url}/here", query=f"{between.url}/query")
            assert target.method is None
            with RemoteStore(patience=QUICK) as store:
                outcome = publish(release(root), target, store, root, resume=False)
            assert outcome.faults == []
            assert method in {each.method for each in between.seen if each.path[:5] == "/here"}


def test_credentials_go_to_no_other_host(oxigraph: Engine, root: Path) -> None:
    with proxy(oxigraph.graphs.removesuffix("/store")) as one, proxy(one.url) as other:
        done = run(
            *("publish", "--to", f"{one.url}/store", "--query-endpoint", f"{other.url}/query"),
            *("--user", "me", "--auth", "basic", "--releases", root, "--restart"),
            KZGRAPH_PUBLISH_PASSWORD=WRONG,
        )
        assert done.returncode == 0
        assert all(each.authorization for each in one.seen if each.method == "PUT")
        assert other.seen
        assert not any(each.authorization for each in other.seen)


def test_two_runs_to_one_target_do_not_meet(oxigraph: Engine, root: Path) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def hold(passing: Passing) -> Reply | None:
        reached.set()
        go_on.wait(PATIENCE)
        return None

    with proxy(oxigraph.graphs.removesuffix("/store")) as between:
        between.hook = hold
        arguments = ["publish", "--to", f"{between.url}/store", "--releases", str(root)]
        first = subprocess.Popen([*KZGRAPH, *arguments], stdout=subprocess.DEVNULL)
        assert reached.wait(PATIENCE)
        second = run(*arguments)
        go_on.set()
        assert first.wait(PATIENCE) == 0
    assert second.returncode == 1
    assert "another publish" in second.stderr


def test_a_dump_that_was_changed_is_not_sent(tmp_path: Path) -> None:
    changed = made(tmp_path / "releases")
    dump = changed.dumps / "kzgraph.nq"
    dump.write_bytes(dump.read_bytes().replace(b"A note", b"A lie."))
    folder = tmp_path / "graphs"
    folder.mkdir()
    with pytest.raises(PublishError, match="does not match the manifest"):
        split(changed, folder)


def test_updates_are_bounded_and_hold_every_triple(root: Path, tmp_path: Path) -> None:
    for each in split(release(root), tmp_path):
        texts = list(insert(each))
        lines = [line for text in texts for line in text.splitlines() if line.endswith(" .")]
        assert len(lines) == each.triples
        assert all(text.count(" .\n") <= MAX_TRIPLES for text in texts)
        assert all(len(text.encode()) <= MAX_BYTES + 200 for text in texts)
        if each.name == "note":
            assert len(texts) > 1


def test_blank_nodes_that_do_not_fit_together_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.nt"
    size = path.write_text("".join(f'_:x <urn:p> "{n}" .\n' for n in range(MAX_TRIPLES + 1)))
    large = Graph(GRAPH + "shapes", path, MAX_TRIPLES + 1, size, "", True, (), {})
    with pytest.raises(PublishError, match="send it with --method gsp"):
        list(insert(large))


def test_an_endless_answer_is_not_read_to_its_end() -> None:
    with proxy() as between:
        between.hook = lambda passing: (200, {}, b"x" * (MAX_ANSWER + 1))
        with RemoteStore(patience=QUICK) as store, pytest.raises(PublishError, match="longer than"):
            store.select(between.url, "SELECT * {}")


@pytest.mark.parametrize(
    ("sent", "found", "equal"),
    [
        ("0.10", {"value": "0.1", "datatype": XSD + "decimal"}, True),
        ("0.10", {"value": "0.2", "datatype": XSD + "decimal"}, False),
        ("0.10", {"value": "0.10"}, False),
        ("0.10", {"value": "0.10", "xml:lang": "en"}, False),
    ],
)
def test_numbers_are_compared_by_value_and_type(
    sent: str, found: dict[str, str], equal: bool
) -> None:
    literal = Literal(sent, datatype=NamedNode(XSD + "decimal"))
    assert is_same_term(literal, {"type": "literal", **found}) is equal


def test_terms_are_spelled_so_that_sparql_reads_them_back(oxigraph: Engine) -> None:
    texts = [
        "\\u0041",
        "\\\\u0041",
        "\\\u0001u",
        'quote " and \\',
        "line\nbreak\ttab",
        "\\U0001F600",
    ]
    triples = [Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal(text)) for text in texts]
    lines = " ".join(f"<urn:s> <urn:p> {write_term(triple.object)} ." for triple in triples)
    oxigraph.run(f"DROP SILENT GRAPH <urn:t> ; INSERT DATA {{ GRAPH <urn:t> {{ {lines} }} }}")
    with RemoteStore() as store:
        rows = store.select(oxigraph.query, "SELECT ?o { GRAPH <urn:t> { ?s ?p ?o } }")
    oxigraph.run("DROP GRAPH <urn:t>")
    assert sorted(row["o"]["value"] for row in rows) == sorted(texts)


def test_the_real_release_arrives_in_both_engines(engine: Engine, release_root: Path) -> None:
    """All graphs of the three documents, into the engines as they are."""
    for name in ("note", "stray"):
        engine.run(f"DROP SILENT GRAPH <{GRAPH}{name}>")
    done = command(engine, release_root)
    assert (done.returncode, done.stderr) == (0, "")
    real = release(release_root)
    kept = [json.loads(path.read_text()) for path in (release_root / ".publish").glob("*.json")]
    [state] = [each for each in kept if each["target"] == engine.graphs]
    assert {each["status"] for each in state["graphs"].values()} == {"verified"}
    assert len(state["graphs"]) == len(real.manifest["counts"]["graphs"])
    for name in real.manifest["counts"]["graphs"]:
        engine.run(f"DROP SILENT GRAPH <{GRAPH}{name}>")


def test_virtuoso_says_why_it_takes_no_times_by_update(
    virtuoso: Engine, release_root: Path
) -> None:
    done = command(virtuoso, release_root, "--graph", "overview", to=virtuoso.update)
    assert done.returncode == 1
    assert "perhaps --method gsp helps" in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
