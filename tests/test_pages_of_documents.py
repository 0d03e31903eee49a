"""`kzgraph verify --url` looks for the spans of a document in its page, within bounds."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from commands import run
from kzgraph.tables import read_tables
from kzgraph.verification.page_fetch import Fetched, Limits, PageFault, fetch_page
from kzgraph.verification.page_text import read_page
from kzgraph.verification.placing import place_spans
from small_tables import DOCUMENT, TEXT, small, span
from test_quotes import annotated

#: What the server answers: status, headers, body.
ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/page": (200, {"Content-Type": "text/plain; charset=utf-8"}, TEXT.encode()),
    "/to-page": (302, {"Location": "page"}, b""),
    "/round": (302, {"Location": "/round"}, b""),
    "/elsewhere": (302, {"Location": "file:///etc/hostname"}, b""),
    "/large": (200, {"Content-Type": "text/plain"}, b"a" * 2000),
    "/packed": (200, {"Content-Type": "text/plain", "Content-Encoding": "gzip"}, b"a"),
    "/error": (500, {"Content-Type": "text/plain"}, b""),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, headers, body = ANSWERS[self.path]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_is_fetched_through_redirects(site: str) -> None:
    page = fetch_page(f"{site}/to-page#:~:text=a", private=True)
    assert (page.address, page.data) == (f"{site}/page", TEXT.encode())


REFUSED = {
    "redirects without end": ("/round", "more than 5 redirects"),
    "a redirect to a file": ("/elsewhere", "not an address of a page"),
    "too large a page": ("/large", "larger than 1,000 bytes"),
    "a compressed page": ("/packed", "compressed"),
    "an error": ("/error", "the status 500"),
}


@pytest.mark.parametrize(("path", "says"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_a_page_is_refused(site: str, path: str, says: str) -> None:
    with pytest.raises(PageFault, match=says):
        fetch_page(site + path, private=True, limits=Limits(bytes=1000))


@pytest.mark.parametrize("address", ["http://localhost:9/", "http://[::1]:9/", "http://10.0.0.1/"])
def test_an_address_that_is_not_public_is_not_called(site: str, address: str) -> None:
    with pytest.raises(PageFault, match="not at a public address"):
        fetch_page(address)
    with pytest.raises(PageFault, match="not at a public address"):
        fetch_page(f"{site}/page")


@pytest.mark.parametrize("address", ["ftp://a.org/", "file:///a", "http://u@a.org/", "http://a:0/"])
def test_only_http_is_spoken(address: str) -> None:
    with pytest.raises(PageFault, match="not an address of a page"):
        fetch_page(address, private=True)


HTML = """<!doctype html><meta charset="utf-8"><title>Note of 5&nbsp;May 2020</title>
<script>var hidden = "150 people";</script><ul><li>Over
<b>120</b> refugees<li>30&#32;asylum-seekers</ul>
<p>from 9:00 to 18:00 on Mondays<p>Call 7 727 000 00 00 <style>1 January 2020</style>"""


def states(tables: Path, text: str | None, body: str, kind: str = "text/html") -> dict[str, str]:
    page = read_page(Fetched("http://a.org/", kind, body.encode()))
    rows = read_tables(tables).of("spans")
    return {str(each.span): each.state for each in place_spans(rows, page, text)}


def test_spans_are_found_moved_or_gone(tmp_path: Path) -> None:
    tables, _ = annotated(tmp_path, TEXT, small())
    # With the text at hand and without: the spans of the heading have no quote, but a hash.
    assert set(states(tables, TEXT, TEXT, "text/plain").values()) == {"found"}
    assert set(states(tables, None, TEXT, "text/plain").values()) == {"found"}
    found = states(tables, None, HTML)
    assert found[span("Note of 5 May 2020")] == "found"
    assert found[span("Over 120 refugees")] == "found"
    assert found[span("30 asylum-seekers")] == "found"
    # In another order than in the document; only in a script; only in a style.
    moved = {found[span("7 727 000 00 00")], found[span("from 9:00 to 18:00 on Mondays")]}
    assert moved == {"found", "moved"}
    assert found[span("150 people")] == "gone"
    assert found[span("1 January 2020")] == "gone"


def test_the_command_looks_in_a_page_only_when_asked(tmp_path: Path, site: str) -> None:
    tables, _ = annotated(tmp_path, TEXT, small())
    path = tables / DOCUMENT / "document.csv"
    path.write_text(path.read_text("utf-8").replace("https://example.org/note", f"{site}/page"))
    done = run("verify", "--tables", tables)
    assert done.returncode == 2
    assert "--documents" in done.stderr
    done = run("verify", "--tables", tables, "--url")
    assert done.returncode == 1
    assert "127.0.0.1 is not at a public address" in done.stderr
    arguments = ("verify", "--tables", tables, "--url", "--allow-private", "--format", "json")
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    (report,) = json.loads(done.stdout)
    assert (report["page"]["found"], report["page"]["gone"]) == (10, 0)
    saved = tmp_path / "saved.html"
    saved.write_text(HTML, "utf-8")
    done = run("verify", "--tables", tables, "--url-file", saved, "--document", DOCUMENT)
    assert done.returncode == 1
    assert f"{DOCUMENT} {span('150 people')} is gone: '150 people'" in done.stderr
