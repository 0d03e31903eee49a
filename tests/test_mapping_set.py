"""The linksets and the mapping set of a release.

The rules of SSSOM's table are read from its specification, version 1.0; the package `sssom` reads
and validates the same file, and brings sixty others, so it is not a dependency.
https://mapping-commons.github.io/sssom/spec-formats-tsv/
"""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions

from fixed_tables import read_fixed_tables
from kzgraph.iri import ID, graph, thing
from kzgraph.namespaces import LABEL, OWL, RDFS, SKOS
from kzgraph.prefixes import PREDECLARED, PREFIXES
from kzgraph.rdf.content import Content
from kzgraph.release import find_current
from kzgraph.release.mapping_set import MAPPING_SET, mapping_files
from kzgraph.release.tally import Tally

#: https://mapping-commons.github.io/sssom/spec-intro/#iri-prefixes
BUILT_IN = {name: PREFIXES[name] for name in ("owl", "rdfs", "semapv", "skos", "sssom", "xsd")}
#: https://mapping-commons.github.io/sssom/Mapping/
SLOTS = [
    *("subject_id", "subject_label", "predicate_id", "object_id", "mapping_justification"),
    *("confidence", "see_also", "comment"),
]
JUSTIFICATION = re.compile(
    r"semapv:(MappingReview|ManualMappingCuration|LogicalReasoning|LexicalMatching"
    r"|CompositeMatching|UnspecifiedMatching|SemanticSimilarityThresholdMatching"
    r"|LexicalSimilarityThresholdMatching|MappingChaining)"
)
LINK = re.compile(r"(owl|schema):sameAs|skos:\w+Match|rdfs:seeAlso")


class MappingSet:
    """A file in SSSOM's table: what its head says, and its rows."""

    def __init__(self, data: bytes) -> None:
        text = data.decode("utf-8")
        assert not text.startswith("\ufeff")
        assert "\r" not in text
        head = re.match(r"(?:#[^\n]*\n)+", text)
        assert head
        lines = [line[1:] for line in head[0].splitlines()]
        assert lines[0] == "curie_map:"
        map_lines = [line for line in lines[1:] if re.match(r"  \w+: ", line)]
        self.curie_map = {
            name: json.loads(iri)
            for name, iri in (line.strip().split(": ", 1) for line in map_lines)
        }
        assert not self.curie_map.keys() & BUILT_IN.keys()
        assert list(self.curie_map) == sorted(self.curie_map)
        self.head = {
            name: json.loads(value) if value.startswith('"') else value
            for name, value in re.findall(r"^(\w+):(?: (.+))?$", "\n".join(lines[1:]), re.MULTILINE)
        }
        body = text[len(head[0]) :].splitlines(keepends=True)
        reader = csv.DictReader(body, delimiter="\t", strict=True)
        self.rows = [dict(row) for row in reader]
        self.used = {
            row[slot].partition(":")[0]
            for row in self.rows
            for slot in ("subject_id", "predicate_id", "object_id", "mapping_justification")
        }
        assert reader.fieldnames == SLOTS

    def expand(self, curie: str) -> str:
        prefix, _, rest = curie.partition(":")
        return str({**BUILT_IN, **self.curie_map}[prefix]) + rest


@pytest.fixture(scope="module")
def mapping_set(release_root: Path) -> MappingSet:
    return MappingSet((find_current(release_root).dumps / MAPPING_SET).read_bytes())


def test_the_mapping_set_is_one_by_the_specification(
    mapping_set: MappingSet, release_root: Path
) -> None:
    release = find_current(release_root)
    assert mapping_set.head["mapping_set_id"] == (
        f"https://w3id.org/kzgraph/releases/{release.version}/dumps/{MAPPING_SET}"
    )
    assert mapping_set.head["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert mapping_set.head["mapping_set_version"] == release.version
    assert mapping_set.head.keys() == {
        *("mapping_set_id", "mapping_set_version", "mapping_set_title"),
        *("mapping_set_description", "creator_id", "license"),
    }
    assert mapping_set.curie_map.keys() - mapping_set.used == set()
    assert mapping_set.used - mapping_set.curie_map.keys() - BUILT_IN.keys() == set()
    for row in mapping_set.rows:
        assert JUSTIFICATION.fullmatch(row["mapping_justification"])
        assert LINK.fullmatch(row["predicate_id"])
        assert 0 < float(row["confidence"]) <= 1
        assert all(re.match("https?://", each) for each in row["see_also"].split("|") if each)
        assert row["subject_label"]
    for slot in SLOTS:
        assert any(row[slot] for row in mapping_set.rows), f"{slot} is empty"


def test_the_mapping_set_holds_every_link_and_no_other(mapping_set: MappingSet) -> None:
    stated = {
        (row.object_iris("subject")[0], row.require("relation"), row.require("object"))
        for row in read_fixed_tables().of("links")
    }
    found = {
        (
            mapping_set.expand(row["subject_id"]),
            row["predicate_id"],
            mapping_set.expand(row["object_id"]),
        )
        for row in mapping_set.rows
    }
    assert found == stated
    assert len(mapping_set.rows) == len(stated)


def test_the_mapping_set_is_in_the_manifest_and_not_a_dump_of_the_whole(release_root: Path) -> None:
    release = find_current(release_root)
    file = release.files[f"dumps/{MAPPING_SET}"]
    assert (file.media_type, file.is_dump, file.whole) == ("text/tab-separated-values", True, False)
    sums = (release.dumps / "SHA256SUMS").read_text("utf-8")
    assert f"{file.sha256}  {MAPPING_SET}\n" in sums


def link(number: int, note: str, target: str = "https://example.org/a?b=c#d") -> list[Quad]:
    node, here = thing("link", f"n{number}"), thing("place", "almaty")
    said: dict[NamedNode, NamedNode | Literal] = {
        LABEL: Literal("a link", language="en"),
        OWL["annotatedSource"]: here,
        OWL["annotatedProperty"]: SKOS["closeMatch"],
        OWL["annotatedTarget"]: NamedNode(target),
        RDFS["comment"]: Literal(note, language="en"),
        NamedNode(PREFIXES["sssom"] + "mapping_justification"): NamedNode(
            PREFIXES["semapv"] + "MappingReview"
        ),
        NamedNode(PREFIXES["sssom"] + "confidence"): Literal(0.5),
    }
    name = Quad(here, LABEL, Literal('"Almaty"\tcity', language="en"), graph("entities"))
    return [
        name,
        *(Quad(node, predicate, value, graph("links")) for predicate, value in said.items()),
    ]


def test_what_a_cell_cannot_hold_is_quoted() -> None:
    note = 'Called "A"\tor B.'
    content = Content([*link(1, note), *link(2, "b", "http://example.org/x")])
    read = MappingSet(mapping_files(content, "1")[0].data)
    first = next(row for row in read.rows if row["comment"] == note)
    assert first["subject_label"] == '"Almaty"\tcity'
    assert {read.expand(row["object_id"]) for row in read.rows} == {
        "https://example.org/a?b=c#d",
        "http://example.org/x",
    }


def test_a_release_without_links_has_no_mapping_set() -> None:
    assert mapping_files(Content([]), "1") == []


# Linksets


def test_linksets_count_the_links_into_each_data_set(release_root: Path) -> None:
    store = find_current(release_root).store
    found = store.query(
        """SELECT ?space ?relation ?n ?title WHERE { GRAPH graph:metadata {
             dataset:kzgraph void:subset ?set . ?set a void:Linkset ; dcterms:title ?title ;
               void:subjectsTarget dataset:kzgraph ; void:objectsTarget ?target ;
               void:linkPredicate ?relation ; void:triples ?n }
           GRAPH graph:links { ?target a void:Dataset ; void:uriSpace ?space } }""",
        prefixes={**PREDECLARED, "graph": "https://w3id.org/kzgraph/graph/"},
    )
    assert isinstance(found, QuerySolutions)
    stated = {(row["space"].value, row["relation"].value): int(row["n"].value) for row in found}
    counted: Counter[tuple[str, str]] = Counter()
    tables = read_fixed_tables()
    spaces = [row.require("uri_space") for row in tables.of("linked_data_sets")]
    for row in tables.of("links"):
        prefix, _, name = row.require("relation").partition(":")
        for space in spaces:
            if row.require("object").startswith(space) and name != "seeAlso":
                counted[space, PREFIXES[prefix] + name] += 1
    assert stated == dict(counted)
    assert set(spaces) == {space for space, _ in stated}


@pytest.mark.parametrize(
    ("target", "space"),
    [
        ("http://www.wikidata.org/entity/Q1", "http://www.wikidata.org/entity/"),
        ("http://example.org/list#one", "http://example.org/list#"),
        ("https://example.org/", "https://example.org/"),
        ("https://example.org", "https://example.org"),
        ("urn:isbn:0", None),
    ],
)
def test_a_link_leads_into_what_stands_before_its_last_segment(
    target: str, space: str | None
) -> None:
    tally = Tally()
    subject = f"<{ID}place/almaty> "
    tally.add(subject.encode(), [f"{subject}{OWL['sameAs']} <{target}> <graph> .\n".encode()])
    assert [each.space for each in tally.links()] == ([] if space is None else [space])
