"""Taking a person out: of the statements, of every kept release, of the history, for good."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commands import run
from fixed_tables import fixed_tables
from kzgraph.build import build
from kzgraph.iri import ID
from kzgraph.rdf.content import Content
from kzgraph.redaction import Mentions, PersonUnknown, find_person, plan, redact
from kzgraph.redaction.mentions import REDACTED
from kzgraph.redaction.statements import redact_statements
from kzgraph.release import Release, ReleaseError, current, describe_release, kept_releases
from kzgraph.release.history import read_changes, read_history
from kzgraph.release.journal import JOURNAL
from kzgraph.release.tombstones import TOMBSTONES, Tombstones, TombstonesDamaged
from people import LEFT, PERSON, TRIG, find_traces, publish_people, statements
from small_release import names

OTHERS = {"person/ann-brien": {"Ann Brien"}, "person/mary-ann-lee": {"Mary Ann Lee"}}
SEAN = Mentions.of(PERSON, {"Seán O'Brien"}, {"sobrien@example.org"}, OTHERS)


def quiet(_: str) -> None:
    """No progress."""


def take_out(root: Path, tables: Path | None = None, *also: str) -> Any:
    return redact(find_person(PERSON, tables, root, also), tables, root, quiet)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Seán O'Brien", "Seán O'Brien"),
        ("by SEAN O\u2019BRIEN, head", "SEAN O\u2019BRIEN"),
        ("O'Brien, Seán (head)", "O'Brien, Seán"),
        ("Sea\u0301n\nO\u02bcBrien", "Sea\u0301n\nO\u02bcBrien"),
        ('"S. Sean\\nO\'Brien."', "Sean\\nO'Brien"),
        ("id/statement/x/what-sean-o-brien-said", "sean-o-brien"),
        ("SObrien@Example.org", "SObrien@Example.org"),
        (
            "https://x.org/#:~:text=Se%C3%A1n%20O%27Brien",
            "https://x.org/#:~:text=Se%C3%A1n%20O%27Brien",
        ),
        (r"\u0020Sean O'Brien", r"\u0020Sean O'Brien"),
        ("Ann Brien and O'Brien", None),
        ("Seán and O'Brien", None),
        ("person/sean-o-briennan", None),
    ],
)
def test_where_a_text_names_a_person(text: str, found: str | None) -> None:
    places = [text[start:end] for start, end in SEAN.find(text)]
    assert places == ([] if found is None else [found])


def test_people_of_one_surname_or_one_name_are_not_taken_for_each_other() -> None:
    ann = Mentions.of("person/ann-lee", {"Ann Lee"}, (), OTHERS | {"person/ann-lee-2": {"Ann Lee"}})
    assert ann.find("Ann Lee")
    assert ann.find("person/ann-lee")
    assert not ann.find("Mary Ann Lee")
    assert not ann.find("person/ann-lee-2")
    assert not ann.find("appointment/x/ann-lee: Ann Lee, driver", ["person/ann-lee-2"])
    assert ann.redact("Ann Lee, Mary Ann Lee") == f"{REDACTED}, Mary Ann Lee"
    # A surname alone is pointed out only where it can be nobody else's.
    assert not ann.suspects("Ms Lee")
    assert SEAN.suspects("Mr O'Brien") is False, "Ann Brien has that word in her name"
    alone = Mentions.of(PERSON, {"Seán Murphy"}, (), OTHERS)
    assert alone.suspects("Mr Murphy")
    assert Mentions.of(PERSON, {"Seán Murphy"}, (), OTHERS, ["Mr Murphy"]).find("by Mr. Murphy")


def test_what_is_left_of_statements_is_what_does_not_need_the_person() -> None:
    done = redact_statements(statements(TRIG), SEAN)
    assert Content(done.quads).rows == Content(statements(LEFT)).rows
    assert {iri.removeprefix(ID) for iri in done.refused} == {
        *(PERSON, "appointment/note/head", "contact-point/note/mail", "statement/note/said"),
        *("note/named", "note/on-one"),
    }
    assert {iri.removeprefix(ID) for iri in done.gone} == {"evidence/note/3-8", "selector/note/3-8"}
    assert not done.addresses
    again = redact_statements(done.quads, SEAN)
    assert not again.changed
    assert not again.refused


def test_a_name_in_the_address_of_a_thing_that_stays_stops_it(tmp_path: Path) -> None:
    named = TRIG.replace("organisation/office", "organisation/sean-o-brien-trust")
    before = publish_people(tmp_path, named)
    with pytest.raises(ReleaseError, match="organisation/sean-o-brien-trust"):
        take_out(tmp_path)
    assert current(tmp_path) is not None
    before.verify()
    assert names(tmp_path) == {".lock", "current", "history.json", before.path.name}


def test_no_byte_of_the_releases_holds_the_person(tmp_path: Path) -> None:
    gone = publish_people(tmp_path, size=1)
    first = publish_people(tmp_path, LEFT, 2)
    second, third = (publish_people(tmp_path, size=size) for size in (3, 4))
    assert not gone.path.exists()
    assert any("columns.duckdb: " in trace for trace in find_traces(tmp_path))
    assert third.index.search("sean o'brien").reading.dropped == ()
    (tmp_path / f"{second.version}.cross-check.json").write_text("Seán O'Brien")
    entries = read_history(tmp_path).entries
    made = take_out(tmp_path)
    assert find_traces(tmp_path) == []
    left = {size: describe_release(Content(statements(LEFT, size)))[0] for size in (2, 3, 4)}
    kept = kept_releases(tmp_path)
    assert [each.version for each in kept] == [left[4], left[3], left[2]], "newest first, as before"
    for release in kept:
        release.verify()
        assert "sean" in release.index.search("sean o'brien").reading.dropped
        assert release.index.search("ann brien").hits, "the others are found"
    served = current(tmp_path)
    assert served is not None
    assert served.version == left[4]
    assert len(made.lists) == 3
    history = read_history(tmp_path)
    chain = [(e.version, e.previous, e.redacted, e.replacement) for e in history.entries]
    assert chain == [
        (gone.version, None, False, None),
        (first.version, gone.version, False, None),
        (second.version, first.version, True, left[3]),
        (left[3], first.version, False, None),
        (third.version, left[3], True, left[4]),
        (left[4], left[3], False, None),
    ]
    assert [e.published for e in history.entries[3::2]] == [e.published for e in entries[2:]]
    for entry in (history.entries[3], history.entries[5]):
        assert entry.changes is not None
        assert b"figure/note" in read_changes(tmp_path, entry.changes)
    # The counts of a list that is gone stay.
    assert history.entries[1].changes is not None
    assert (history.entries[1].changes.graphs != (), history.entries[1].changes.path) == (True, "")
    tombs = Tombstones.read(tmp_path)
    assert tombs.has(ID + PERSON)
    assert tombs.has(f"{ID}evidence/note/3-8")
    assert not tombs.has(f"{ID}person/ann-brien")
    # Once more is nothing; and what was taken out does not come back.
    before = names(tmp_path)
    assert plan(find_person(PERSON, None, tmp_path, ()), None, tmp_path, quiet).is_empty
    with pytest.raises(ReleaseError, match=r"were redacted .*person/sean-o-brien"):
        publish_people(tmp_path, size=5)
    assert names(tmp_path) == before
    publish_people(tmp_path, LEFT, 5)
    with pytest.raises(PersonUnknown, match=r"nobody is called person/no-one .*: person/ann-brien"):
        find_person("person/no-one", None, tmp_path, ())


def test_releases_that_differed_in_the_person_alone_become_one(tmp_path: Path) -> None:
    first, second = publish_people(tmp_path, LEFT), publish_people(tmp_path)
    take_out(tmp_path)
    served = current(tmp_path)
    assert served is not None
    assert served.version == first.version
    chain = [(e.version, e.redacted, e.replacement) for e in read_history(tmp_path).entries]
    assert chain == [(first.version, False, None), (second.version, True, first.version)]
    assert find_traces(tmp_path) == []
    served.verify()


def test_damaged_releases_go_and_leave_no_trace_in_the_history(tmp_path: Path) -> None:
    first, second, third = (publish_people(tmp_path, size=size) for size in (1, 2, 3))
    (first.path / "manifest.json").write_text("{}")
    # Its dumps can still be compared with those of the release that followed.
    shutil.rmtree(second.path / "store")
    made = take_out(tmp_path)
    assert [each.version for each in made.releases].count("") == 2
    assert find_traces(tmp_path) == []
    (left,) = kept_releases(tmp_path)
    left.verify()
    assert [each.version for each in read_history(tmp_path).entries][2:] == [
        third.version,
        left.version,
    ]
    (left.path / "manifest.json").write_text("{}")
    with pytest.raises(ReleaseError, match="is damaged; build anew first"):
        take_out(tmp_path)


class Killed(BaseException):
    """Not caught by anything."""


def die_at(monkeypatch: pytest.MonkeyPatch, deadly: int) -> Callable[[], tuple[int, int]]:
    """Count what is synced, renamed and removed, and die at one of them.

    Returns:
        A function that gives the step at which it was decided, and their number.
    """
    steps = decided = 0
    for name in ("fsync", "rename", "replace", "unlink", "rmdir", "symlink", "utime"):
        # A step that a disk needs, and no process that reads what another wrote: it takes long.
        function = getattr(os, name) if name != "fsync" else int

        def counted(*args: Any, _function: Any = function, **more: Any) -> Any:
            nonlocal steps, decided
            steps += 1
            if str(args[-1]).endswith(JOURNAL) and not decided:
                decided = steps
            if steps == deadly:
                raise Killed
            return _function(*args, **more)

        monkeypatch.setattr(os, name, counted)
    return lambda: (decided, steps)


def test_an_interrupted_redaction_leaves_all_old_or_is_finished_by_the_next(tmp_path: Path) -> None:
    template = tmp_path / "template"
    old = publish_people(template / "releases", keep=1)
    tables = template / "tables"
    write_tables(tables)
    with pytest.MonkeyPatch.context() as patch:
        shutil.copytree(template, tmp_path / "whole", symlinks=True)
        count = die_at(patch, 0)
        take_out(tmp_path / "whole/releases", tmp_path / "whole/tables")
        decided, total = count()
    wanted = names(tmp_path / "whole/releases")
    assert find_traces(tmp_path / "whole") == []
    outcomes = set()
    # Each step around the one that decides; later ones are alike, a release or file after another.
    points = {
        1,
        decided // 2,
        *range(decided - 2, decided + 6),
        *range(decided + 7, decided + 14, 3),
    }
    for point in sorted({*points, total - 9, total}):
        root = tmp_path / str(point)
        shutil.copytree(template, root, symlinks=True)
        with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
            die_at(patch, point)
            take_out(root / "releases", root / "tables")
        served = current(root / "releases")
        assert served is not None
        committed = (root / "releases" / JOURNAL).exists()
        if served.path.exists():
            served.verify()
        outcomes.add((served.version == old.version, committed))
        if served.version == old.version and not committed:
            assert not (root / "releases" / TOMBSTONES).exists()
        take_out(root / "releases", root / "tables")
        assert names(root / "releases") == wanted, f"killed at {point}"
        assert find_traces(root) == [], f"killed at {point}"
        finished = current(root / "releases")
        assert finished is not None
        finished.verify()
        assert len(read_history(root / "releases").entries) == 2
        shutil.rmtree(root)
    assert {(True, False), (True, True), (False, True), (False, False)} == outcomes


TABLES = {
    "shared/people.csv": "id,name\nperson/sean-o-brien,Seán O'Brien\nperson/ann-brien,Ann Brien\n",
    "shared/editorial.csv": (
        "id,label_en,body_en,concerns,confidence,evidence_from,label_ru,body_ru,label_kk,body_kk\n"
    ),
    "note/appointments.csv": (
        "key;label;person;role;organisation;evidence;context\r\n"
        'head;"Seán ""O\'Brien"", head";person/sean-o-brien;head;organisation/office;1-2;\r\n'
        "deputy;Ann Brien;person/ann-brien;deputy;organisation/office;1-2;\r\n"
    ),
    "shared/organisations.csv": (
        "id,kind,label_en,label_ru,label_kk,description\n"
        'organisation/office,office,"Office, of\nSeán O\u2019Brien",,,Left\n'
    ),
}


def write_tables(root: Path) -> None:
    for name, text in TABLES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def test_tables_lose_rows_and_names_and_stay_otherwise_as_they_are(tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    write_tables(tables)
    (tables / "shared/notes.md").write_text("Ask Seán O'Brien.", "utf-8")
    releases = tmp_path / "releases"
    made = plan(find_person("Seán O'Brien", tables, releases, ()), tables, releases, quiet)
    assert [(each.file, each.line, each.column) for each in made.tables.edits] == [
        ("note/appointments.csv", 2, ""),
        ("shared/organisations.csv", 2, "label_en"),
        ("shared/people.csv", 2, ""),
    ]
    assert made.tables.by_hand == ["shared/notes.md names the person"]
    assert (tables / "shared/people.csv").read_bytes() == TABLES["shared/people.csv"].encode()
    take_out(releases, tables)
    assert (tables / "note/appointments.csv").read_bytes().decode() == (
        "key;label;person;role;organisation;evidence;context\r\n"
        "deputy;Ann Brien;person/ann-brien;deputy;organisation/office;1-2;\r\n"
    )
    assert '"Office, of\n[redacted]"' in (tables / "shared/organisations.csv").read_text("utf-8")
    assert (tables / "shared/people.csv").read_text(
        "utf-8"
    ) == "id,name\nperson/ann-brien,Ann Brien\n"
    assert not releases.exists()


def test_the_spans_of_what_went_go_and_quotes_of_the_others(tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    write_tables(tables)
    rows = (
        (tables / "note/appointments.csv").read_text("utf-8").replace("1-2;\ndep", "1-2 4-9;\ndep")
    )
    (tables / "note/appointments.csv").write_bytes(rows.replace("\n", "\r\n").encode())
    (tables / "note/spans.csv").write_text(
        "span,sha256,quote,prefix,suffix,shown\n"
        r"1-2,0a,Seán O'Brien and Ann Brien,\u0020,,true" + "\n4-9,0b,head,,,true\n",
        "utf-8",
    )
    take_out(tmp_path / "releases", tables)
    left = (tables / "note/spans.csv").read_text("utf-8")
    assert left == "span,sha256,quote,prefix,suffix,shown\n1-2,0a,,,,\n"


def test_what_is_left_of_a_release_is_what_the_tables_that_are_left_build(
    release_root: Path, tmp_path: Path
) -> None:
    root, tables = tmp_path / "releases", fixed_tables(tmp_path)
    shutil.copytree(release_root, root, symlinks=True)
    mentions = find_person("person/mariko-hall", tables, root, ())
    redact(mentions, tables, root, quiet)
    redacted = current(root)
    assert redacted is not None
    redacted.verify()
    built = build(tables, tmp_path / "built")
    assert built.version == redacted.version
    assert (built.path / "manifest.json").read_bytes() == (
        redacted.path / "manifest.json"
    ).read_bytes(), "its report and numbers are the same, too"
    assert not any(mentions.find(str(quad)) for quad in redacted.store)


def test_damaged_tombstones_stop_a_build(tmp_path: Path) -> None:
    publish_people(tmp_path, LEFT)
    (tmp_path / TOMBSTONES).write_text("{}")
    with pytest.raises(TombstonesDamaged, match="bring it back from a copy"):
        publish_people(tmp_path, LEFT, 1)
    release = current(tmp_path)
    assert isinstance(release, Release)
    release.verify()


def test_the_command_lists_first_and_changes_when_told(tmp_path: Path) -> None:
    tables, releases = tmp_path / "tables", tmp_path / "releases"
    write_tables(tables)
    before = publish_people(releases)
    options = ("--tables", str(tables), "--releases", str(releases))
    listed = run("redact", "sean-o-brien", *options)
    assert listed.returncode == 0, listed.stderr
    assert ["shared/people.csv", "2", "the", "row", "goes"] in map(
        str.split, listed.stdout.splitlines()
    )
    assert listed.stdout.endswith("Nothing was changed; to take this out, add --yes.\n")
    assert (tables / "shared/people.csv").read_bytes() == TABLES["shared/people.csv"].encode()
    served = current(releases)
    assert served is not None
    assert served.version == before.version
    done = run("redact", "sean-o-brien", *options, "--yes")
    assert (done.returncode, find_traces(tmp_path)) == (0, [])
    again = run("redact", "person/sean-o-brien", *options, "--yes")
    assert again.stdout == "There is nothing to take out.\n"
    unknown = run("redact", "person/nobody", *options)
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "nobody is called person/nobody" in unknown.stderr
