"""Releases with sources: how they come in, stay, take each other's place, and go out."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse

from invented_source import KIND, LICENCE, SMALL, invented, write_file
from kzgraph.build import build
from kzgraph.cli import main
from kzgraph.intake import Change
from kzgraph.iri import GRAPH
from kzgraph.release import Release, ReleaseBusy, ReleaseError, contents, current, publish
from kzgraph.release.publish import lock_releases
from kzgraph.sources import SourceError, SourceFaults
from kzgraph.sources.source_entries import KEPT
from kzgraph.sources.taking import Offer, take_in
from small_release import bytes_of, names
from small_tables import lean_builds, small, write

#: Later years than those of the small file.
LATER = "year,country,value\n2020,KAZ,6\n2021,KAZ,9\n"
#: One year, before them.
SHORTER = "year,country,value\n2018,KAZ,4\n"
FAULTY = "year,country,value\n2020,KAZ,many people\n"


@pytest.fixture(autouse=True)
def _kind() -> Iterator[None]:
    with invented(), lean_builds():
        yield


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("small") / "tables", small())


@pytest.fixture(scope="module")
def first(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release with the small file, only to be read."""
    folder = tmp_path_factory.mktemp("first")
    with invented(), lean_builds():
        return ingest(tables, folder / "out", write_file(folder))[0]


@pytest.fixture
def root(first: Release, tmp_path: Path) -> Path:
    """A folder of releases of its own with that release."""
    copy = tmp_path / "out"
    shutil.copytree(first.path.parent, copy, symlinks=True)
    return copy


def ingest(
    tables: Path, root: Path, file: Path | None, **more: object
) -> tuple[Release, list[str]]:
    """The release after a file was taken in, and what was told."""
    told: list[str] = []
    offers = [Offer(KIND, file, file.name, "T", LICENCE, "A")] if file else []
    change = Change(offers, **more)  # type: ignore[arg-type]
    return build(tables, root, change=change, if_changed=True, note=told.append), told


def graph_names(store: Store) -> set[str]:
    return {str(name)[1:-1].removeprefix(GRAPH) for name in store.named_graphs()}


def states(release: Release) -> list[tuple[int, bool]]:
    """The last year of each source, and whether it is current."""
    return [(each.years[-1], each.current) for each in release.sources]


def test_each_file_with_the_numbers_of_a_source_says_its_licence(first: Release) -> None:
    first.verify()
    (entry,) = first.sources
    said = f"{GRAPH}{entry.name}> <http://purl.org/dc/terms/license> <{LICENCE}>"
    for path in ("kzgraph.nt", "kzgraph.nq", f"graphs/{entry.name}.nt"):
        assert said in (first.dumps / path).read_text("utf-8")
    assert first.manifest["counts"]["graphs"][entry.name] == entry.triples


def test_a_cell_needs_no_label_and_nothing_follows_from_it(first: Release) -> None:
    about = [quad for quad in first.store if "/official/" in quad.subject.value]
    assert {str(quad.graph_name)[1:-1] for quad in about} == {GRAPH + first.sources[0].name}
    missing = next(each for each in first.statistics.labels if each.term is None)
    classes = {each.term.rpartition("#")[2] for each in first.statistics.classes}
    assert "OfficialFigure" in classes
    counted = {each.term for each in first.statistics.labels if each.term}
    assert not any(name.endswith("OfficialFigure") for name in counted)
    assert missing.things < first.statistics.entities


def test_sources_stay_are_replaced_and_go(root: Path, tables: Path, tmp_path: Path) -> None:
    before = names(root / KEPT)
    kept = build(tables, root)
    assert states(kept) == [(2020, True)]
    released = kept.path.stat().st_mtime_ns
    same, told = ingest(tables, root, write_file(tmp_path))
    assert same.path == kept.path
    assert same.path.stat().st_mtime_ns == released
    assert "is in already" in told[0]

    later, told = ingest(tables, root, write_file(tmp_path, LATER))
    assert states(later) == [(2020, False), (2021, True)]
    assert [each.rpartition(", and ")[2] for each in told] == ["has nothing of 2019, country/AFG"]
    later.verify()
    old, new = (each.name for each in later.sources)
    replaced = f"<{GRAPH}{old}> <http://purl.org/dc/terms/isReplacedBy> <{GRAPH}{new}>"
    assert replaced in (later.dumps / "kzgraph.nt").read_text("utf-8")
    assert (later.dumps / "graphs" / f"{old}.ttl").is_file()
    assert old not in graph_names(later.store)
    assert later.vintages is not None
    assert old in graph_names(later.vintages.store)

    again, told = ingest(tables, root, write_file(tmp_path), replace=True)
    assert states(again) == [(2021, False), (2020, True)]
    left = build(tables, root, keep=1, change=Change(removed=old))
    assert states(left) == [(2021, True)]
    assert names(root / KEPT) == {f"{left.sources[0].sha256}.gz"} != before


def test_a_packaged_source_that_was_removed_stays_out_of_later_builds(
    tables: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = write_file(tmp_path)
    packaged = Offer(KIND, path, "data/file.csv", "T", LICENCE, "A", packaged=True)
    name = take_in(packaged, tmp_path).name
    monkeypatch.setattr("kzgraph.build.packaged_offers", lambda tables: [packaged])
    out = tmp_path / "out"
    where = ["--out", str(out), "--tables", str(tables)]
    assert main(["ingest", "--remove", name, *where]) == 0
    assert f"kzgraph ingest {KIND} {path}" in capsys.readouterr().err
    assert main(["build", *where]) == 0
    left = current_of(out)
    assert (left.sources, left.removed_sources) == ([], [name])
    assert name not in graph_names(left.store)
    assert main(["sources", "--releases", str(out)]) == 0
    assert f"Left out: {name}" in " ".join(capsys.readouterr().out.split())


def test_a_shorter_file_is_taken_in_but_does_not_become_current(
    root: Path, tables: Path, tmp_path: Path
) -> None:
    short, told = ingest(tables, root, write_file(tmp_path, SHORTER))
    assert states(short) == [(2020, True), (2018, False)]
    assert "it has 1 years, and that one has 2" in told[0]


def test_what_is_refused_leaves_all_as_it_was(root: Path, tables: Path, tmp_path: Path) -> None:
    before = {path for path in root.rglob("*") if "store" not in path.parts}
    for text, line in ((FAULTY, 2), ("a,b\n", 1), ("", 0)):
        with pytest.raises(SourceFaults) as refused:
            ingest(tables, root, write_file(tmp_path, text))
        (fault,) = refused.value.faults
        assert (fault.file, fault.line) == ("file.csv", line)
    with pytest.raises(SourceError, match="no source is called nothing"):
        ingest(tables, root, None, removed="nothing")
    with pytest.raises(ReleaseError, match="has the documents note-2020, and the tables"):
        build(None, root, change=Change(removed=current_of(root).sources[0].name), if_changed=True)
    current_of(root).verify()
    assert {path for path in root.rglob("*") if "store" not in path.parts} == before


def current_of(root: Path) -> Release:
    found = current(root)
    assert found is not None
    return found


def test_a_kept_file_that_is_damaged_or_gone_stops_a_build(root: Path, tables: Path) -> None:
    (path,) = (root / KEPT).iterdir()
    path.write_bytes(b"something else")
    with pytest.raises(SourceError, match="is not what its name says; ingest it again"):
        build(tables, root)
    path.unlink()
    with pytest.raises(SourceError, match=r"is gone; .*--remove invented-"):
        build(tables, root)


def test_a_second_one_at_a_time_is_told(
    root: Path, tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "PATIENCE", 0.0)
    with lock_releases(root), pytest.raises(ReleaseBusy):
        ingest(tables, root, write_file(tmp_path, LATER))


DIE = """
import os, signal, sys; sys.path.insert(0, sys.argv[1])
from pathlib import Path
from invented_source import invented
from kzgraph.release import publish
from small_tables import lean_builds
from test_ingest import ingest

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

keep_files = publish.keep_files
def keep_and_die(*arguments):
    keep_files(*arguments)
    die()

deadly = sys.argv[5]
if deadly == "kept":
    publish.keep_files = keep_and_die
else:
    publish.make_current = die
with invented(), lean_builds():
    ingest(Path(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]))
"""


@pytest.mark.parametrize("deadly", ["kept", "switch"])
def test_one_that_is_killed_leaves_nothing(
    root: Path, first: Release, tables: Path, tmp_path: Path, deadly: str
) -> None:
    before = names(root / KEPT)
    path = write_file(tmp_path, LATER)
    folder = str(Path(__file__).parent)
    killed = subprocess.run(
        [sys.executable, "-c", DIE, folder, *map(str, (tables, root, path)), deadly], check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert current_of(root).version == first.version
    with lock_releases(root):
        pass
    assert not [name for name in names(root) if name.startswith(".mapping")]
    # A folder that was complete but for the switch is a release that is kept.
    assert names(root / KEPT) == before or deadly == "switch"
    done, _ = ingest(tables, root, path)
    done.verify()
    assert states(done) == [(2020, False), (2021, True)]


def test_a_streamed_release_holds_the_same(
    first: Release, tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "IN_MEMORY", 10)
    streamed, _ = ingest(tables, tmp_path / "out", write_file(tmp_path))
    streamed.verify()
    assert streamed.version == first.version
    assert streamed.statistics == first.statistics
    for member in ("counts", "validation", "sources", "documents"):
        assert streamed.manifest[member] == first.manifest[member]
    ours, theirs = bytes_of(streamed), bytes_of(first)
    assert ours["dumps/kzgraph.nq"] == theirs["dumps/kzgraph.nq"]
    assert ours["dumps/kzgraph.nq.gz"] == theirs["dumps/kzgraph.nq.gz"]
    assert ours["dumps/graphs/entities.ttl"] == theirs["dumps/graphs/entities.ttl"]
    whole = {path for path in ours if path.startswith("dumps/kzgraph.")}
    assert whole == {"dumps/kzgraph.nq", "dumps/kzgraph.nq.gz"}
    name = first.sources[0].name
    assert f"dumps/graphs/{name}.nt" in ours
    assert f"dumps/graphs/{name}.ttl" not in ours


@pytest.mark.parametrize("in_memory", [True, False])
def test_a_violation_in_a_source_is_told_with_file_and_line(
    in_memory: bool,
    tables: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if not in_memory:
        monkeypatch.setattr(contents, "IN_MEMORY", 10)
    path = write_file(tmp_path, SMALL.replace("2020,KAZ,6", "2020,KAZ,\u0666"))
    words = ["ingest", KIND, str(path), "--out", str(tmp_path / "out"), "--tables", str(tables)]
    assert main(words) == 1
    told = capsys.readouterr().err.splitlines()
    assert "file.csv:3: official/invented/2020/KAZ has '\u0666'; An official figure has" in told[0]
    assert told[-1].startswith("Error: violations of the shapes: ")
    # What was written meanwhile is gone.
    assert not [name for name in names(tmp_path / "out") if name.startswith((".building", "0."))]
    assert not list((tmp_path / "out").glob(f"{KEPT}/*"))


# The command


def test_the_command_takes_a_file_in_and_lists_it(
    tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out")
    path = str(write_file(tmp_path))
    assert main(["ingest", KIND, path, "--out", out, "--tables", str(tables)]) == 0
    assert main(["sources", "--releases", out]) == 0
    said = capsys.readouterr().out
    assert "invented-" in said
    assert "2019-2020" in said
    assert main(["ingest", KIND, str(write_file(tmp_path, FAULTY)), "--out", str(tmp_path)]) == 1
    assert "file.csv:2:value: it is not a number; write digits" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("", 2, "name a KIND and a FILE"),
        ("invented", 2, "name a KIND and a FILE"),
        ("other FILE", 2, "there is no kind 'other'; the kinds are"),
        ("invented FILE --licence CC-BY", 2, "--licence: 'CC-BY' is not an address"),
        ("invented FILE --date 2024", 2, "--date: '2024' is not a date"),
        ("invented FILE --url http://[", 2, "--url: 'http://[' is not an address"),
        ("invented FILE --title a\x01b", 2, "--title: 'a\\x01b' has a line break, or what is not"),
        ("invented FILE --attribution \udcff", 2, "--attribution: '\\udcff' has a line break"),
        (
            "iati FILE",
            1,
            "file.csv:1: it is of the kind invented, not iati; take it in as invented",
        ),
        ("invented-records FILE", 2, "have no licence in common"),
        (
            "invented-records FILE --licence https://creativecommons.org/licenses/by/4.0/",
            2,
            "have no attribution in common",
        ),
        ("invented FILE --remove x", 2, "--remove NAME is used alone"),
        ("invented gone.csv", 1, "gone.csv: No such file"),
        ("invented .", 1, "it is not a file"),
    ],
)
def test_wrong_usage_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: str, code: int, said: str
) -> None:
    path = write_file(tmp_path, SMALL)
    arguments = [str(path) if word == "FILE" else word for word in words.split()]
    assert main(["ingest", *arguments, "--out", str(tmp_path / "out")]) == code
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_dumps_of_a_source_are_read_by_others(first: Release) -> None:
    name = first.sources[0].name
    quads = parse(path=first.dumps / "graphs" / f"{name}.nt", format=RdfFormat.N_TRIPLES)
    assert len(list(quads)) == first.sources[0].triples
