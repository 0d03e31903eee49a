"""Taking a person out of the graphs of sources, superseded ones among them."""

import gzip
import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import ID, graph
from kzgraph.rdf.content import Content
from kzgraph.rdf.formats import TURTLE, Format
from kzgraph.redaction import find_person, plan, redact
from kzgraph.redaction.mentions import REDACTED
from kzgraph.redaction.source_graphs import stated_quads
from kzgraph.release import METADATA, Release, current, describe_release
from kzgraph.release.contents import gather
from kzgraph.release.publish import lock_releases
from kzgraph.release.publish import publish as publish_contents
from kzgraph.sources.source_entries import KEPT, SourceGraph, kept_path
from people import PERSON, TRIG, find_traces, statements
from small_release import report
from vintage_graphs import NEW, OLD, list_sources

SAID = NamedNode("http://example.org/said")


def quiet(_: str) -> None:
    """No progress."""


#: A thing says at most one thing: the cells of the older vintage do not conform.
SHAPES = f"""
GRAPH <graph/computed> {{ <id/figure/note/1> kzg:value 1 }}
GRAPH <graph/shapes> {{
  <shapes#once> a sh:NodeShape ; sh:targetSubjectsOf <{SAID.value}> ;
    sh:property [ sh:path <{SAID.value}> ; sh:maxCount 1 ] .
}}
"""


def publish(root: Path, text: str, formats: Sequence[Format] = (), **told: str) -> Release:
    """A release of two vintages; the cells of the older one say `text` and name the person.

    Args:
        root: the folder of releases.
        text: an object in the older vintage.
        formats: see `kzgraph.release.publish.publish`.
        told: what the release says of the older vintage.
    """
    folder = root / ".graphs"
    folder.mkdir(parents=True)
    sources = []
    for entry in list_sources()[:2]:
        where = graph(entry.name)
        quads = [
            Quad(NamedNode(f"http://example.org/{n}"), SAID, Literal(f"{n} told"), where)
            for n in range(3)
        ]
        if entry.name == OLD:
            entry = replace(entry, **told)  # type: ignore[arg-type]
            quads += [
                Quad(NamedNode("http://example.org/1"), SAID, Literal(text, language="en"), where),
                Quad(NamedNode("http://example.org/2"), SAID, NamedNode(ID + PERSON), where),
            ]
        path = folder / entry.name
        path.write_bytes(Content(quads).n_quads)
        sources.append(SourceGraph(replace(entry, triples=len(quads)), path))
    version, described = describe_release(Content(statements(TRIG + SHAPES)), sources)
    with lock_releases(root):
        contents = gather(described, sources)
        release = publish_contents(contents, version, report, root, formats=formats)
    shutil.rmtree(folder)
    return release


def test_a_superseded_graph_loses_the_person_and_stays_superseded(tmp_path: Path) -> None:
    before = publish(tmp_path, "Ask Seán O'Brien")
    mentions = find_person(PERSON, None, tmp_path, ())
    listed = plan(mentions, None, tmp_path, quiet)
    assert "Ask Seán O'Brien" in listed.releases[0].texts
    redact(mentions, None, tmp_path, quiet)

    after = current(tmp_path)
    assert after is not None
    assert after.version != before.version
    after.verify()
    assert after.vintages is not None
    held = after.vintages.store.quads_for_pattern(None, None, None, graph(OLD))
    assert {str(quad.object) for quad in held} == {
        *('"0 told"', '"1 told"', '"2 told"', f'"Ask {REDACTED}"@en')
    }
    assert [(each.name, each.triples, each.current) for each in after.sources] == [
        (NEW, 3, True),
        (OLD, 4, False),
    ]
    assert after.sources[0].graph_sha256 == before.sources[0].graph_sha256
    assert after.sources[1].graph_sha256 != before.sources[1].graph_sha256
    assert find_traces(tmp_path) == []
    # Done twice is done once.
    redact(mentions, None, tmp_path, quiet)
    again = current(tmp_path)
    assert again is not None
    assert again.version == after.version


@pytest.mark.parametrize("streamed", [False, True])
def test_a_redacted_release_is_validated_and_written_as_a_build_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, streamed: bool
) -> None:
    """Sources that are not in memory are validated, and formats stay; no title names the person."""
    monkeypatch.setattr("kzgraph.release.contents.IN_MEMORY", 0 if streamed else 1_000)
    told = {
        "title": "Cells that Seán O'Brien counted",
        "attribution": "Seán O'Brien, by himself",
        "url": "https://example.org/sean-o-brien.csv",
    }
    before = publish(tmp_path, "Ask Seán O'Brien", [TURTLE] if streamed else [], **told)
    redact(find_person(PERSON, None, tmp_path, ()), None, tmp_path, quiet)

    after = current(tmp_path)
    assert after is not None
    after.verify()
    assert find_traces(tmp_path) == []
    assert set(after.files) == set(before.files)
    assert after.sources[1].title == f"Cells that {REDACTED} counted"
    assert (after.sources[1].attribution, after.sources[1].url) == (f"{REDACTED}, by himself", "")
    found = json.loads((after.report / "report.json").read_text("utf-8"))
    assert [each["focus"] for each in found["results"]] == ["http://example.org/1"]


def test_what_is_credited_to_sources_is_no_statement(tmp_path: Path) -> None:
    """It is said anew of what is left, and a version follows from the rest."""
    release = publish(tmp_path, "Nobody")
    stated = [quad for quad in stated_quads(release) if quad.graph_name != METADATA]
    nothing = tmp_path / "nothing"
    nothing.touch()
    sources = [SourceGraph(each, nothing) for each in release.sources]
    assert describe_release(Content(stated), sources)[0] == release.version


def test_a_kept_file_that_names_the_person_is_listed(tmp_path: Path) -> None:
    release = publish(tmp_path, "Nobody")
    path = kept_path(tmp_path, release.sources[0].sha256)
    (tmp_path / KEPT).mkdir()
    path.write_bytes(gzip.compress("year,head\n2018,Seán O'Brien\n".encode()))
    listed = plan(find_person(PERSON, None, tmp_path, ()), None, tmp_path, quiet)
    assert listed.by_hand == [str(path)]


@pytest.mark.parametrize("name", [NEW, OLD])
def test_the_graphs_of_sources_are_not_taken_for_statements(tmp_path: Path, name: str) -> None:
    release = publish(tmp_path, "Nobody")
    assert graph(name) not in {quad.graph_name for quad in stated_quads(release)}
    assert graph("note") in {quad.graph_name for quad in stated_quads(release)}
