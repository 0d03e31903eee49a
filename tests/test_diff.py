"""`kzgraph diff`: what changed between two releases, by document, property and value."""

import json
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from commands import run
from kzgraph.iri import ID, ONTOLOGY, graph, term, thing
from kzgraph.namespaces import DCT, TYPE
from kzgraph.rdf.content import Content
from kzgraph.release import Release, ReleaseDamaged, describe_release, find_release, write
from kzgraph.release.differences import compare_releases
from small_release import LABEL, published, report

INTEGER = "http://www.w3.org/2001/XMLSchema#integer"


def figure(slug: str, name: str, value: int | None, label: str = "") -> list[Quad]:
    node, where = thing("figure", slug, name), graph(slug)
    quads = [Quad(node, TYPE, term("Fact"), where)]
    if value is not None:
        quads.append(Quad(node, term("value"), Literal(value), where))
    for language in ("kk", "en") if label else ():
        quads.append(Quad(node, LABEL, Literal(f"{label} {language}", language=language), where))
    return quads


def document(slug: str) -> list[Quad]:
    node, where = thing("document", slug), graph(slug)
    return [
        Quad(node, DCT["title"], Literal(f"Title of {slug}"), where),
        Quad(node, term("sha256"), Literal("0" * 64), where),
        Quad(node, term("length"), Literal(9), where),
    ]


def release(root: Path, *parts: list[Quad]) -> Release:
    version, content = describe_release(Content(quad for part in parts for quad in part))
    return write(content, version, report(), root)


def difference(before: Release, after: Release) -> dict[str, Any]:
    return compare_releases(before, after).as_json()


BEFORE = (
    document("first"),
    document("second"),
    figure("first", "kept", 1, "Kept"),
    figure("first", "corrected", 391, "Corrected"),
    figure("first", "dropped", 5, "Dropped"),
    figure("second", "alone", 2, "Alone"),
)
AFTER = (
    document("first"),
    figure("first", "kept", 1, "Kept"),
    figure("first", "corrected", 390, "Corrected"),
    figure("first", "fresh", 7, "Fresh"),
)


def test_facts_added_removed_and_changed_are_listed_by_document(tmp_path: Path) -> None:
    found = difference(release(tmp_path, *BEFORE), release(tmp_path, *AFTER))
    first, second = found["graphs"]
    assert (first["graph"], first["document"]) == ("first", True)
    assert first["counts"]["facts"] == {"added": 1, "removed": 1, "changed": 1}
    assert first["counts"]["others"] == {"added": 0, "removed": 0, "changed": 0}
    fresh, dropped, corrected = first["changes"]
    assert (fresh["change"], fresh["iri"]) == ("added", f"{ID}figure/first/fresh")
    assert {each["property"] for each in fresh["properties"]} >= {ONTOLOGY + "value"}
    assert (dropped["change"], dropped["label"]) == ("removed", '"Dropped en"@en')
    assert corrected == {
        "change": "changed",
        "iri": f"{ID}figure/first/corrected",
        "label": '"Corrected en"@en',
        "fact": True,
        "properties": [
            {
                "property": ONTOLOGY + "value",
                "old": [f'"391"^^<{INTEGER}>'],
                "new": [f'"390"^^<{INTEGER}>'],
            }
        ],
    }
    # The whole document is gone: its fact, and its own description.
    assert second["graph"] == "second"
    assert second["counts"]["facts"] == {"added": 0, "removed": 1, "changed": 0}
    assert second["counts"]["others"] == {"added": 0, "removed": 1, "changed": 0}


def test_the_way_back_is_the_mirror_image(tmp_path: Path) -> None:
    before, after = release(tmp_path, *BEFORE), release(tmp_path, *AFTER)
    there, back = difference(before, after), difference(after, before)
    turned = {"added": "removed", "removed": "added", "changed": "changed"}

    def facts(found: dict[str, Any], turn: bool) -> set[tuple[str, ...]]:
        return {
            (
                each["graph"],
                turned[change["change"]] if turn else change["change"],
                change["iri"],
                name["property"],
                *(name["new" if turn else "old"]),
                "->",
                *(name["old" if turn else "new"]),
            )
            for each in found["graphs"]
            for change in each["changes"]
            for name in change["properties"]
        }

    assert facts(there, turn=False) == facts(back, turn=True)


def test_the_differences_lead_from_one_release_to_the_other(tmp_path: Path) -> None:
    before, after = release(tmp_path, *BEFORE), release(tmp_path, *AFTER)
    rows = {row for row in Content(before.store).rows if not row[3].endswith("/metadata>")}
    for each in compare_releases(before, after).graphs:
        where = str(graph(each.graph))
        for change in each.changes:
            for name in change.properties:
                said = (f"<{change.iri}>", f"<{name.property}>")
                rows -= {(*said, value, where) for value in name.old}
                rows |= {(*said, value, where) for value in name.new}
    assert rows == {row for row in Content(after.store).rows if not row[3].endswith("/metadata>")}


@pytest.mark.parametrize("value", ['a "quoted" _:b text', "x <y> .", "ends in @en", "тең"])
def test_values_of_any_text_are_told_apart(tmp_path: Path, value: str) -> None:
    node, where = thing("figure", "first", "text"), graph("first")
    old = [Quad(node, term("note"), Literal(value, language="en"), where)]
    new = [Quad(node, term("note"), Literal(value + " ", language="en"), where)]
    found = compare_releases(
        release(tmp_path, *BEFORE, old), release(tmp_path, *BEFORE, new)
    ).graphs
    (change,) = found[0].changes
    assert change.properties[0].old == (str(old[0].object),)
    assert change.properties[0].new == (str(new[0].object),)


def test_a_fact_that_moves_to_another_document_is_removed_and_added(tmp_path: Path) -> None:
    node = thing("figure", "any", "moved")
    one, two = (
        [
            Quad(node, TYPE, term("Fact"), graph(slug)),
            Quad(node, term("value"), Literal(1), graph(slug)),
        ]
        for slug in ("first", "second")
    )
    found = compare_releases(release(tmp_path, *BEFORE, one), release(tmp_path, *BEFORE, two))
    assert [(each.graph, each.changes[0].kind) for each in found.graphs] == [
        ("first", "removed"),
        ("second", "added"),
    ]


def test_what_is_said_with_blank_nodes_is_told_without_their_names(tmp_path: Path) -> None:
    label = NamedNode(str(LABEL)[1:-1])
    one, two = (
        [Quad(BlankNode("ontology-0"), label, Literal(text), graph("ontology"))]
        for text in ("old", "new")
    )
    found = compare_releases(release(tmp_path, *BEFORE, one), release(tmp_path, *BEFORE, two))
    (ontology,) = found.graphs
    assert (ontology.graph, ontology.document, ontology.changes) == ("ontology", False, ())
    assert ontology.blank_nodes


def test_a_damaged_dump_is_not_compared(tmp_path: Path) -> None:
    before, after = release(tmp_path, *BEFORE), release(tmp_path, *AFTER)
    dump = after.dumps / "kzgraph.nq"
    data = dump.read_bytes()
    dump.write_bytes(data.replace(b'"390"', b'"389"'))
    with pytest.raises(ReleaseDamaged, match=r"kzgraph\.nq is not what the manifest says"):
        compare_releases(before, after)
    lines = data.splitlines(keepends=True)
    dump.write_bytes(b"".join([*lines[1:], lines[0]]))
    with pytest.raises(ReleaseDamaged, match="not sorted"):
        compare_releases(before, after)


def test_a_version_leads_to_its_release_and_an_unknown_one_to_none(tmp_path: Path) -> None:
    before, after = release(tmp_path, *BEFORE), release(tmp_path, *AFTER)
    for each in (before, after):
        found = find_release(tmp_path, each.version)
        assert found is not None
        assert found.path == each.path
    assert find_release(tmp_path, "0.1.0-000000000000") is None


def test_the_command_exits_as_diff_does(tmp_path: Path) -> None:
    before, after = release(tmp_path, *BEFORE), release(tmp_path, *AFTER)
    same = run("diff", before.version, before.path, "--releases", tmp_path)
    assert (same.returncode, same.stderr) == (0, "")
    assert "say the same" in same.stdout
    other = run("diff", before.version, "current", "--releases", tmp_path)
    assert (other.returncode, other.stderr) == (1, "")
    lines = other.stdout.splitlines()
    assert lines[0] == f"From {before.version} to {after.version}"
    assert "document first: facts 1 added, 1 removed, 1 changed; others 0 added, " in other.stdout
    (row,) = [line for line in lines if line.startswith("changed")]
    thing = "<https://w3id.org/kzgraph/id/figure/first/corrected>"  # as a query may have it
    assert row.split() == ["changed", thing, "Corrected", "en", "kzg:value", "391", "390"]


def test_json_is_the_whole_difference(tmp_path: Path) -> None:
    before, after = release(tmp_path, *BEFORE), release(tmp_path, *AFTER)
    done = run("diff", before.path, after.path, "--format", "json")
    assert done.returncode == 1
    assert json.loads(done.stdout) == difference(before, after)
    same = run("diff", after.path, after.path, "--format", "json")
    assert (same.returncode, json.loads(same.stdout)["equal"]) == (0, True)


def test_an_error_is_a_line_and_two(tmp_path: Path) -> None:
    version = published(tmp_path).version
    unknown = run("diff", version, "0.1.0-000000000000", "--releases", tmp_path)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert unknown.stderr == (
        f"Error: 0.1.0-000000000000 is not a folder, and no release in {tmp_path}; "
        f"kept there: {version}\n"
    )
    (tmp_path / "empty").mkdir()
    for name in (tmp_path / "empty", "--nothing"):
        done = run("diff", version, name, "--releases", tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "Traceback" not in done.stderr
