"""The history beside the releases: what came before what, when, and what changed."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kzgraph.release import current
from kzgraph.release import history as history_module
from kzgraph.release.differences import compare_releases
from kzgraph.release.history import (
    HISTORY,
    HistoryDamaged,
    read_changes,
    read_history,
)
from small_release import content, names, published


def versions(root: Path) -> list[tuple[str, str | None]]:
    return [(each.version, each.previous) for each in read_history(root).entries]


def test_each_release_is_added_with_what_came_before(tmp_path: Path) -> None:
    assert read_history(tmp_path).entries == ()
    began = datetime.now(UTC).replace(microsecond=0)
    one, two, three = (published(tmp_path, size).version for size in (3, 4, 5))
    assert versions(tmp_path) == [(one, None), (two, one), (three, two)]
    for entry in read_history(tmp_path).entries:
        assert began <= datetime.fromisoformat(entry.published) <= datetime.now(UTC)
        assert entry.documents == ("note",)
        assert not entry.redacted
    counts = [each.triples for each in read_history(tmp_path).entries]
    assert [counts[0], counts[0] + 1, counts[0] + 2] == counts


def test_the_same_release_built_again_adds_nothing(tmp_path: Path) -> None:
    published(tmp_path)
    before = (tmp_path / HISTORY).read_bytes()
    published(tmp_path)
    assert (tmp_path / HISTORY).read_bytes() == before


def test_going_back_is_an_entry_and_no_version_comes_before_itself(tmp_path: Path) -> None:
    one, two = (published(tmp_path, size).version for size in (3, 4))
    published(tmp_path, 3)
    assert versions(tmp_path) == [(one, None), (two, one), (one, two)]
    found = read_history(tmp_path).find(one)
    assert found is not None
    assert found.previous is None


def test_the_content_of_a_release_does_not_depend_on_its_history(tmp_path: Path) -> None:
    alone = published(tmp_path / "alone", 5)
    for size in (3, 4):
        published(tmp_path / "third", size)
    third = published(tmp_path / "third", 5)
    assert alone.version == third.version
    assert (alone.path / "manifest.json").read_bytes() == (
        third.path / "manifest.json"
    ).read_bytes()


def test_changes_are_counted_by_document_and_listed_as_diff_does(tmp_path: Path) -> None:
    first, second = published(tmp_path, 3), published(tmp_path, 4)
    changes = read_history(tmp_path).entries[1].changes
    assert changes is not None
    (note,) = changes.graphs
    assert (note.graph, note.document) == ("note", True)
    # The figures of this small content have no class, so they are no facts.
    assert note.counts["others"] == {"added": 1, "removed": 0, "changed": 0}
    listed = json.loads(read_changes(tmp_path, changes))
    assert listed == compare_releases(first, second).as_json()
    assert changes.bytes == (tmp_path / changes.path).stat().st_size


def test_more_changes_than_a_list_may_have_are_counted_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_module, "MOST_LISTED", 3)
    for size in (3, 6, 10):
        published(tmp_path, size)
    _, few, many = (each.changes for each in read_history(tmp_path).entries)
    assert few is not None
    assert many is not None
    assert (few.path, many.path) == ("history/2.json", "")
    assert many.graphs[0].counts["others"]["added"] == 4
    assert names(tmp_path / "history") == {"2.json"}


def test_a_release_put_in_place_by_hand_is_added_by_the_next_build(tmp_path: Path) -> None:
    one, two = published(tmp_path, 3), published(tmp_path, 4)
    link = tmp_path / "current"
    link.unlink()
    link.symlink_to(one.path.name)
    os.utime(link, (1_600_000_000, 1_600_000_000), follow_symlinks=False)
    three = published(tmp_path, 5)
    assert [version for version, _ in versions(tmp_path)] == [
        *(one.version, two.version, one.version, three.version)
    ]
    assert read_history(tmp_path).entries[2].published == "2020-09-13T12:26:40Z"


def test_releases_from_before_there_was_a_history_are_where_it_begins(tmp_path: Path) -> None:
    one = published(tmp_path, 3)
    (tmp_path / HISTORY).unlink()
    two = published(tmp_path, 4)
    assert versions(tmp_path) == [(one.version, None), (two.version, one.version)]


def test_what_changed_is_not_made_up_where_the_release_before_is_gone(tmp_path: Path) -> None:
    published(tmp_path, 3)
    dump = current(tmp_path)
    assert dump is not None
    path = dump.dumps / "kzgraph.nq"
    path.write_bytes(path.read_bytes()[:-20])
    published(tmp_path, 4)
    _, second = read_history(tmp_path).entries
    assert second.previous == content(3)[0]
    assert second.changes is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"note"', '"nope"'),
        ('"previous": null', '"previous": "0.0.0"'),
        ('"format": 1', '"format": 2'),
        ("{", ""),
    ],
)
def test_a_damaged_history_stops_a_build_before_anything_is_written(
    tmp_path: Path, old: str, new: str
) -> None:
    published(tmp_path)
    path = tmp_path / HISTORY
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    before = names(tmp_path)
    with pytest.raises(HistoryDamaged, match=r"history\.json: .*; move it away"):
        published(tmp_path, 4)
    assert names(tmp_path) == before
    served = current(tmp_path)
    assert served is not None
    assert served.version == content(3)[0]


def test_a_list_that_was_changed_is_not_read(tmp_path: Path) -> None:
    for size in (3, 4):
        published(tmp_path, size)
    changes = read_history(tmp_path).entries[1].changes
    assert changes is not None
    path = tmp_path / changes.path
    path.write_bytes(path.read_bytes().replace(b"added", b"taken"))
    with pytest.raises(HistoryDamaged, match="not what the history says"):
        read_changes(tmp_path, changes)


def test_a_history_that_cannot_be_written_leaves_the_release_served_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = published(tmp_path, 3)
    before = names(tmp_path)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(history_module, "_keep_changes", fail)
        with pytest.raises(OSError, match="No space left"):
            published(tmp_path, 4)
    served = current(tmp_path)
    assert served is not None
    assert served.path == first.path
    assert before <= names(tmp_path)
    published(tmp_path, 4)
    assert [version for version, _ in versions(tmp_path)] == [content(3)[0], content(4)[0]]


def test_a_failure_after_the_switch_is_made_up_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(tmp_path, 3)

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(history_module.Recorder, "write", fail)
        with pytest.raises(OSError, match="Input/output"):
            published(tmp_path, 4)
    published(tmp_path, 5)
    assert [version for version, _ in versions(tmp_path)] == [content(n)[0] for n in (3, 4, 5)]
    assert all(each.changes for each in read_history(tmp_path).entries[1:])
