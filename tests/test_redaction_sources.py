"""Taking a person out of the graphs of sources, superseded ones among them."""

import gzip
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import ID, graph
from kzgraph.rdf.content import Content
from kzgraph.redaction import find_person, plan, redact
from kzgraph.redaction.mentions import REDACTED
from kzgraph.redaction.source_graphs import stated_quads
from kzgraph.release import Release, current, describe_release, write
from kzgraph.release.contents import gather
from kzgraph.sources.source_entries import KEPT, SourceGraph, kept_path
from people import PERSON, TRIG, find_traces, statements
from small_release import report
from vintage_graphs import NEW, OLD, list_sources

SAID = NamedNode("http://example.org/said")


def quiet(_: str) -> None:
    """No progress."""


def publish(root: Path, text: str) -> Release:
    """A release of two vintages; the cells of the older one say `text` and name the person."""
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
            quads += [
                Quad(NamedNode("http://example.org/1"), SAID, Literal(text, language="en"), where),
                Quad(NamedNode("http://example.org/2"), SAID, NamedNode(ID + PERSON), where),
            ]
        path = folder / entry.name
        path.write_bytes(Content(quads).n_quads)
        sources.append(SourceGraph(replace(entry, triples=len(quads)), path))
    version, described = describe_release(Content(statements(TRIG)), sources)
    release = write(gather(described, sources), version, report(), root)
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
