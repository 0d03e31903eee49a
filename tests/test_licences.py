"""Nothing of one licence is published under another, and each file says whose data it has."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest
from datacite import schema45

from invented_source import invented, write_file
from kzgraph.citing import CFF, DATACITE, write_reference
from kzgraph.faults import Fault
from kzgraph.iri import BASE, GRAPH
from kzgraph.licences import OWN, find_licence, name_licence, object_to
from kzgraph.rdf.formats import GRAPH_FORMATS
from kzgraph.release.attribution import write_attribution
from kzgraph.release.dumps import ATTRIBUTION
from kzgraph.release.metadata import CREATOR, cite_release
from kzgraph.sources import SourceFaults
from kzgraph.sources.listing import LIST, read_folder
from kzgraph.sources.taking import Offer, take_in
from kzgraph_mappings.official import KINDS
from licensed_release import ENTRY, NAME, OLD, PDDL, make_licensed_release


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"),
        ("http://creativecommons.org/licenses/by/4.0", "CC BY 4.0"),
        ("https://creativecommons.org/licenses/by/4.0/deed.ru", "CC BY 4.0"),
        ("https://creativecommons.org/licenses/by/4.0/legalcode", "CC BY 4.0"),
        ("https://www.creativecommons.org/licenses/by/3.0/igo/", "CC BY 3.0 IGO"),
        ("https://opendatacommons.org/licenses/pddl/1-0/index.html", "ODC-PDDL 1.0"),
    ],
)
def test_addresses_of_one_licence_are_known(iri: str, name: str) -> None:
    assert (name_licence(iri), object_to(iri)) == (name, None)


@pytest.mark.parametrize(
    ("iri", "words"),
    [
        ("https://creativecommons.org/licenses/by-sa/4.0/", "under itself"),
        ("https://creativecommons.org/licenses/by-nc/4.0/deed.en", "commercial"),
        ("https://creativecommons.org/licenses/by-nd/3.0/igo/", "nothing that is made"),
        ("https://opendatacommons.org/licenses/odbl/1-0/", "under itself"),
        ("https://example.org/terms", "not known here"),
        ("https://creativecommons.org.example.org/licenses/by/4.0/", "not known here"),
        ("https://creativecommons.org/licenses/by/4.0/x", "not known here"),
    ],
)
def test_what_a_release_cannot_keep_is_refused(iri: str, words: str, tmp_path: Path) -> None:
    path = write_file(tmp_path)
    offer = Offer("invented", path, "file.csv", "A table", iri, "Its maker")
    with pytest.raises(SourceFaults, match=words) as refused:
        take_in(offer, tmp_path / "taken")
    assert refused.value.faults[0].column == "licence"
    assert OWN.iri in refused.value.faults[0].remedy, "it says what would be right"
    assert not (tmp_path / "taken").exists()
    (tmp_path / LIST).write_text(
        "kind,file,title,licence,attribution,url,date,whole\n"
        f"invented,file.csv,A table,{iri},Its maker,,,\n"
    )
    with invented(), pytest.raises(SourceFaults, match=words) as listed:
        read_folder(tmp_path, KINDS)
    assert (listed.value.faults[0].line, listed.value.faults[0].column) == (2, "licence")


def test_every_kind_of_source_has_a_licence_that_is_allowed() -> None:
    for name, kind in KINDS.items():
        assert not kind.licence or object_to(kind.licence) is None, name
    assert find_licence(OWN.iri) is OWN


@pytest.fixture(scope="module")
def dumps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dumps of a release with a source."""
    return make_licensed_release(tmp_path_factory.mktemp("licensed")).dumps


def test_every_file_with_numbers_of_a_source_names_it(dumps: Path) -> None:
    for each in GRAPH_FORMATS:
        text = (dumps / f"kzgraph.{each.suffix}").read_text("utf-8")
        assert "The inventor" in text, each
        assert PDDL in text, each
    for path in (dumps / "graphs").glob(f"{NAME}.*"):
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
        assert "The inventor" in text, path
        assert PDDL in text, path
    for path in (dumps / "graphs").glob("computed.*"):
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
        assert "The inventor" in text, path
        assert NAME in text, path
    assert "The inventor" not in (dumps / "graphs/entities.nt").read_text("utf-8")


def test_the_manifest_has_the_licences_of_each_file(dumps: Path) -> None:
    manifest = json.loads((dumps / "manifest.json").read_bytes())
    licences = {each["path"]: each["licences"] for each in manifest["files"]}
    assert manifest["licence"]["iri"].endswith(f"/dumps/{ATTRIBUTION}")
    assert licences["dumps/kzgraph.ttl"] == sorted([OWN.iri, PDDL])
    assert licences[f"dumps/graphs/{NAME}.nt.gz"] == [PDDL], "its licence, and no other"
    assert licences[f"dumps/graphs/{OLD}.nt.gz"] == [PDDL]
    assert licences["dumps/graphs/computed.ttl"] == sorted([OWN.iri, PDDL])
    assert licences["dumps/graphs/entities.ttl"] == [OWN.iri]


def test_the_attribution_is_a_file_with_a_checksum(dumps: Path) -> None:
    text = (dumps / ATTRIBUTION).read_text("utf-8")
    assert f"Licence: ODC-PDDL 1.0, {PDDL}" in text
    assert "Attribution: The inventor" in text
    assert f"Files below dumps/: kzgraph.*, graphs/{NAME}.*" in text
    made = "Files that may be made from it: graphs/compared.*, graphs/computed.*, concordance.*"
    assert text.count(made) == 1, "of the current one, and not of the superseded"
    assert f"  {ATTRIBUTION}\n" in (dumps / "SHA256SUMS").read_text("utf-8")


def test_a_superseded_source_is_in_no_whole_dump() -> None:
    old = replace(ENTRY, current=False, replaced_by="invented-ba9876543210", title="Two\nlines")
    text = write_attribution("0.1-x", CREATOR, [old]).decode()
    assert f"Files below dumps/: graphs/{NAME}.*" in text
    assert f"Graph: {GRAPH}{NAME}" in text
    assert "\nTwo lines\n" in text


def test_a_fault_of_a_licence_is_a_line() -> None:
    objection = object_to("https://example.org/terms")
    assert objection
    assert "\n" not in str(Fault("f.csv", 3, "licence", *objection))


def test_a_citation_names_the_data_sets_with_their_licences() -> None:
    other = replace(
        ENTRY, title="Another", licence="https://creativecommons.org/licenses/by/3.0/igo/"
    )
    cited = cite_release("0.1-x", (), "2024-05-01", (ENTRY, other))
    cff = write_reference(cited, CFF).decode()
    assert cff.endswith(
        "references:\n"
        '  - type: "data"\n    title: "An invented table"\n'
        '    authors: [{"name": "The inventor"}]\n    license: "PDDL-1.0"\n'
        '    url: "https://example.org/t"\n'
        '  - type: "data"\n    title: "Another"\n    authors: [{"name": "The inventor"}]\n'
        f'    license-url: "{other.licence}"\n    url: "https://example.org/t"\n'
    )
    text = f"{BASE}releases/0.1-x/dumps/{ATTRIBUTION}"
    assert f'\nlicense-url: "{text}"\n' in cff
    assert "\nlicense:" not in cff, "no one licence is claimed for everything"
    datacite = json.loads(write_reference(cited, DATACITE))
    assert [each["rights"] for each in datacite["rightsList"]] == [
        "CC BY 4.0, and for official data the licences of their sources",
        "ODC-PDDL 1.0", "CC BY 3.0 IGO",
    ]  # fmt: skip
    assert [each["name"] for each in datacite["contributors"]] == ["The inventor"]
    assert schema45.validate(datacite)
