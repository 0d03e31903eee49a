"""Citations: of facts, documents and releases, in the formats that people and repositories take."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from datacite import schema45
from pyoxigraph import NamedNode

from commands import run
from kzgraph.citing import (
    BIBTEX,
    CFF,
    CITATION_FORMATS,
    CSL_JSON,
    DATACITE,
    RELEASE_FORMATS,
    RIS,
    TEXT,
    Kind,
    Reference,
    write_reference,
)
from kzgraph.iri import BASE, ID, term, thing
from kzgraph.namespaces import TYPE
from kzgraph.rdf.formats import Format
from kzgraph.release import current
from kzgraph.release.citation import DATA_SET, cite_software, find_reference
from server_fixtures import call

ROOT = Path(__file__).parents[1]
FIGURE = "figure/global-focus-2018/stateless-2018"
HOLDER = "appointment/fact-sheet-2024/mariko-hall"

HARD = Reference(
    Kind.FACT,
    "figure-x-0",
    'Ермек & Sons {50 %} of $5 #1_a ~b ^c \\d "e"\nTY  - BOOK',
    "Басқарма \\& Co",
    "https://example.org/a}b\\c?d=%20&e_f#g",
    issued="2024-05",
    captured="2024-06-01",
    version="0.1.0-abc",
    container="Data",
    note="Note",
)


def written(reference: Reference, chosen: Format) -> str:
    return write_reference(reference, chosen).decode()


def fields(entry: str) -> dict[str, str]:
    """The fields of an entry of BibTeX, whose braces are balanced."""
    depth = 0
    for mark in re.findall(r"(?<!\\)[{}]", entry):
        depth += 1 if mark == "{" else -1
        assert depth >= 0
    assert depth == 0
    return dict(re.findall(r"^  (\w+) = \{(.*)\},?$", entry, re.MULTILINE))


def test_what_tex_would_act_on_is_escaped() -> None:
    entry = written(HARD, BIBTEX)
    found = fields(entry)
    assert entry.startswith("@misc{figure-x-0,\n")
    assert found["author"] == r"{Басқарма \textbackslash{}\& Co}"
    assert found["title"] == (
        r"{Ермек \& Sons \{50 \%\} of \$5 \#1\_a \textasciitilde{}b \textasciicircum{}c "
        r'\textbackslash{}d "e" TY - BOOK}'
    )
    assert found["url"] == "https://example.org/a%7Db%5Cc?d=%20&e_f#g"
    assert (found["year"], found["month"], found["date"]) == ("2024", "05", "2024-05")
    assert found["urldate"] == "2024-06-01"


def test_no_text_begins_another_field_of_ris() -> None:
    lines = written(HARD, RIS).split("\r\n")
    assert lines[0] == "TY  - DATA"
    assert lines[-2:] == ["ER  - ", ""]
    assert [line[:2] for line in lines].count("TY") == 1
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
    assert "DA  - 2024/05/" in lines


def test_csl_is_a_list_of_one_item_with_dates_as_numbers() -> None:
    (item,) = json.loads(written(HARD, CSL_JSON))
    assert item["title"] == HARD.title
    assert item["issued"] == {"date-parts": [[2024, 5]]}
    assert item["accessed"] == {"date-parts": [[2024, 6, 1]]}
    assert (item["type"], item["author"]) == ("entry", [{"literal": HARD.author}])


def cff(text: str) -> dict[str, object]:
    """A file CITATION.cff, as far as YAML is one field, or one item, a line."""
    found: dict[str, object] = {}
    last: list[object] = []
    for line in text.splitlines():
        name, _, value = line.partition(":")
        if line.startswith("  - name:"):
            last.append({"name": json.loads(value)})
        elif line.startswith("  - "):
            last.append(json.loads(line[4:]))
        elif value:
            found[name] = json.loads(value)
        else:
            found[name] = last = []
    return found


def check_cff(text: str, kind: str, version: str) -> dict[str, object]:
    """Check the members that CFF 1.2.0 requires, and the forms of those that there are."""
    found = cff(text)
    assert found["cff-version"] == "1.2.0"
    assert found["type"] == kind
    assert found["version"] == version
    assert isinstance(found["message"], str)
    assert found["authors"] == [{"name": "kzgraph contributors"}]
    assert found["title"]
    assert found["license"] in ("CC-BY-4.0", "Apache-2.0")
    keywords = found["keywords"]
    assert isinstance(keywords, list)
    assert len(set(keywords)) == len(keywords) > 0
    allowed = {"abstract", "keywords", "url", "license", "date-released", "type"}
    assert found.keys() <= allowed | {"cff-version", "message", "authors", "title", "version"}
    return found


def test_the_file_at_the_top_is_made_and_not_typed() -> None:
    text = (ROOT / "CITATION.cff").read_text("utf-8")
    assert text == written(cite_software(), CFF), "make citation"
    project = (ROOT / "src/kzgraph/version.py").read_text("utf-8")
    version = re.search(r'"(.*)"', project.partition("VERSION")[2])
    assert version is not None
    check_cff(text, "software", version[1])


def test_a_release_has_its_citation_without_a_date_and_its_page_with_one(
    release_root: Path, url: str
) -> None:
    release = current(release_root)
    assert release is not None
    text = (release.dumps / "CITATION.cff").read_text("utf-8")
    assert "date-released" not in check_cff(text, "dataset", release.version)
    served = call(f"{url}/cite/dataset/kzgraph.cff")
    assert served.type == "application/yaml"
    found = check_cff(served.body.decode(), "dataset", release.version)
    assert datetime.fromisoformat(str(found["date-released"])).date() <= datetime.now(UTC).date()
    assert found["url"] == f"{BASE}releases/{release.version}/"


def test_a_deposit_has_what_datacite_requires(url: str, release_root: Path) -> None:
    release = current(release_root)
    assert release is not None
    served = call(f"{url}/id/dataset/kzgraph", DATACITE.media_type)
    assert served.status == 303
    assert served.headers["Location"] == "/cite/dataset/kzgraph.datacite.json"
    found = json.loads(call(f"{url}/cite/dataset/kzgraph.datacite.json").body)
    assert [each.message for each in schema45.validator.iter_errors(found)] == []
    assert list(schema45.validator.iter_errors({**found, "titles": []}))
    # https://datacite-metadata-schema.readthedocs.io/en/4.5/properties/overview/
    assert found["creators"] == [{"name": "kzgraph contributors", "nameType": "Organizational"}]
    assert found["titles"][0]["title"]
    assert found["publisher"]["name"]
    assert re.fullmatch(r"[0-9]{4}", found["publicationYear"])
    assert found["types"]["resourceTypeGeneral"] == "Dataset"
    assert found["version"] == release.version
    assert found["rightsList"][0]["rightsIdentifier"] == "CC-BY-4.0"
    assert {each["relatedIdentifier"] for each in found["relatedIdentifiers"]} == {
        each["iri"] for each in release.manifest["documents"]
    }
    undated = Reference(Kind.RELEASE, "k", "t", "a", "u", version="v")
    with pytest.raises(ValueError, match="does not say when"):
        write_reference(undated, DATACITE)


@pytest.mark.parametrize("chosen", CITATION_FORMATS, ids=repr)
@pytest.mark.parametrize("path", [FIGURE, HOLDER, "document/global-focus-2018"])
def test_a_citation_is_found_by_its_type_and_by_its_suffix(
    url: str, chosen: Format, path: str
) -> None:
    reply = call(f"{url}/id/{path}", chosen.media_type)
    assert (reply.status, reply.headers["Location"]) == (303, f"/cite/{path}.{chosen.suffix}")
    cited = call(f"{url}/cite/{path}.{chosen.suffix}")
    assert cited.status == 200
    assert cited.type == ("text/plain" if chosen is TEXT else chosen.media_type)
    document = "document" in path
    address = "http://reporting.unhcr.org/node/13757" if document else f"{ID}{path}"
    assert address in cited.body.decode()
    assert b"Office of the United Nations High Commissioner for Refugees" in cited.body


def test_pages_say_how_they_are_cited_and_descriptions_stay_the_default(url: str) -> None:
    page = call(f"{url}/page/{FIGURE}")
    links = page.headers.get_all("Link") or []
    assert f'<{ID}{FIGURE}>; rel="cite-as"' in links
    for chosen in CITATION_FORMATS:
        link = f'</cite/{FIGURE}.{chosen.suffix}>; rel="describedby"; type="{chosen.media_type}"'
        assert link in links
    text = page.body.decode()
    assert f'<link rel="cite-as" href="{ID}{FIGURE}">' in text
    assert call(f"{url}/cite/{FIGURE}.txt").body.decode().split(". In:")[0].split("(")[0] in text
    holder = call(f"{url}/page/{HOLDER}").body.decode()
    assert "External Relations Officer (in a document without a date)" in holder
    for accept in ("*/*", "application/*", "text/*"):
        assert "/data/" in call(f"{url}/id/{FIGURE}", accept).headers["Location"]
    code = call(f"{url}/page/bound/exact")
    assert "cite-as" not in " ".join(code.headers.get_all("Link") or [])


@pytest.mark.parametrize(
    "path",
    [f"{FIGURE}.doc", FIGURE, "bound/exact.bib", f"{FIGURE}.cff", "figure/x/none.bib", ".bib"],
)
def test_what_is_not_cited_is_404_with_the_reason(url: str, path: str) -> None:
    reply = call(f"{url}/cite/{path}", "application/json")
    assert (reply.status, "detail" in json.loads(reply.body)) == (404, True)


def test_an_earlier_release_is_cited_by_its_own_address(url: str, release_root: Path) -> None:
    release = current(release_root)
    assert release is not None
    own = f"{BASE}releases/{release.version}/id/{FIGURE}"
    pinned = f"{url}/releases/{release.version}"
    cited = call(f"{pinned}/cite/{FIGURE}.txt").body.decode()
    assert cited.endswith(f"release {release.version}. {own}\n")
    links = call(f"{pinned}/page/{FIGURE}").headers.get_all("Link") or []
    assert f'<{own}>; rel="cite-as"' in links


def test_the_command_prints_what_the_server_does(url: str, release_root: Path) -> None:
    names = ("text", "bibtex", "csl", "ris", "cff", "datacite")
    for name, chosen in zip(names, RELEASE_FORMATS, strict=True):
        path = "dataset/kzgraph" if chosen in (CFF, DATACITE) else FIGURE
        told = [] if chosen in (CFF, DATACITE) else [path]
        printed = run("cite", *told, "--format", name, "--releases", release_root)
        served = call(f"{url}/cite/{path}.{chosen.suffix}").body.decode()
        assert printed.stdout.splitlines() == served.splitlines(), printed.stderr
    refused = run("cite", "bound/exact", "--releases", release_root)
    assert (refused.returncode, refused.stdout) == (1, "")


def test_every_fact_and_document_has_a_citation(release_root: Path) -> None:
    release = current(release_root)
    assert release is not None
    found = release.store.quads_for_pattern(None, TYPE, term("Fact"), None)
    facts = sorted({quad.subject for quad in found if isinstance(quad.subject, NamedNode)}, key=str)
    assert len(facts) > 300
    keys = set()
    for fact in facts:
        reference = find_reference(release, fact, pinned=False)
        assert reference is not None, fact
        keys.add(reference.key)
        for chosen in CITATION_FORMATS:
            assert write_reference(reference, chosen)
    assert len(keys) == len(facts), "no two entries of a bibliography have one key"
    assert find_reference(release, thing("bound", "exact"), pinned=False) is None
    cited = find_reference(release, DATA_SET, pinned=False)
    assert cited is not None
    assert cited.kind is Kind.RELEASE
