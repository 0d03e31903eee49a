"""The words of a document around its evidence: for who sits at the machine, and nobody else."""

import hashlib
from pathlib import Path

import pytest
from flask import Flask

from kzgraph_server.flask_app import create_app
from kzgraph_server.serve import ServeError, serve
from kzgraph_server.settings import Settings
from running import free_port
from server_fixtures import SmallRelease
from thing_pages import fetch


@pytest.fixture
def with_texts(tmp_path: Path) -> Flask:
    """An application that has the text of a document, and not that of another."""
    text = f"{'far away ' * 40}Near \N{BEAR FACE}<b>words</b> here. {'far off ' * 40}"
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "any-name.txt").write_bytes(text.encode())
    start = text.index("words")
    digests = [hashlib.sha256(each.encode()).hexdigest() for each in (text, "words", "other")]
    facts = "".join(
        f"""<id/figure/{name}/f> a kzg:StatedFigure, kzg:Figure ; kzg:value 1 ;
          kzg:evidence <id/evidence/{name}/e> . <id/document/{name}> kzg:sha256 "{document}" .
        <id/evidence/{name}/e> oa:hasSource <id/document/{name}> ; kzg:sha256 "{words}" ;
          oa:hasSelector <id/selector/{name}/e> .
        <id/selector/{name}/e> oa:start {start} ; oa:end {start + 5} .
        """
        for name, document, words in (
            ("here", digests[0], digests[1]),
            ("changed", digests[0], digests[2]),
            ("gone", digests[2], digests[1]),
        )
    )
    release = SmallRelease(tmp_path).load(f"GRAPH <graph/doc> {{ {facts} }}")
    return create_app(release, Settings(documents=str(tmp_path / "texts")))


def test_the_words_around_evidence_are_for_this_machine_alone(with_texts: Flask) -> None:
    found = fetch(with_texts, "figure/here/f")
    assert "Near \N{BEAR FACE}&lt;b&gt;<mark>words</mark>&lt;/b&gt; here." in found.text
    assert found.text.count("far away") < 30
    assert "…" in found.text
    for fields in ({}, {"Host": "evil.example"}, {"X-Forwarded-For": "1.2.3.4"}):
        reply = fetch(with_texts, "figure/here/f", **fields)
        assert ("Near" in reply.text) == (not fields)
        assert reply.headers["Cache-Control"] == "no-store"
        assert reply.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in reply.headers
    away = with_texts.test_client().get(
        "/page/figure/here/f", environ_overrides={"REMOTE_ADDR": "192.0.2.1"}
    )
    assert "Near" not in away.text
    data = with_texts.test_client().get("/data/figure/here/f.ttl")
    assert "Near" not in data.text
    assert data.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("name", ["changed", "gone"])
def test_a_text_that_is_another_is_not_shown(with_texts: Flask, name: str) -> None:
    text = fetch(with_texts, f"figure/{name}/f").text
    assert "Near" not in text
    assert "No file in the folder of source texts has the SHA-256" in text


@pytest.mark.parametrize(
    ("host", "settings", "reason"),
    [
        ("0.0.0.0", {}, "must listen on the loopback"),  # noqa: S104
        ("", {}, "must listen on the loopback"),
        ("127.0.0.1", {"KZGRAPH_TRUSTED_PROXIES": "10.0.0.1"}, "not through a proxy"),
        ("127.0.0.1", {"KZGRAPH_DOCUMENTS": "/no/such/folder"}, "is not a folder"),
    ],
)
def test_texts_are_never_served_to_others(
    release_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str,
    settings: dict[str, str], reason: str,
) -> None:  # fmt: skip
    for name, value in {"KZGRAPH_DOCUMENTS": str(tmp_path), **settings}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ServeError, match=reason):
        serve(release_root, host, free_port())
