"""What the tests of the server share: a served release, and a small one made up for the purpose."""

import json
import os
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from pyoxigraph import RdfFormat, Store

from front_client import FrontClient
from kzgraph.iri import BASE, GRAPH
from kzgraph.prefixes import PREFIXES
from kzgraph.problem import Problem
from kzgraph.rdf.content import Content
from kzgraph.rdf.formats import TRIPLE_FORMATS
from kzgraph.rdf.graph_writer import graph_bytes
from kzgraph.release import MANIFEST, Release
from kzgraph.release.dumps import DUMPS, SUMS, File, check_sums, write_one
from kzgraph.release.statistics import Statistics, count
from kzgraph_server.settings import Settings
from processes import PATIENCE
from running import Server, free_port

#: Settings of a server that gives a query, and a client that reads its answer, the time of a busy
#: machine, and no query so low a priority that it gets none.
UNHURRIED = {
    "query_timeout": str(int(PATIENCE)),
    "send_timeout": str(int(PATIENCE)),
    "lower_after_ms": "600000",
}

SERVE = [
    sys.executable,
    "-c",
    "import sys; from pathlib import Path; from kzgraph_server.serve import serve; "
    "serve(Path(sys.argv[1]), port=int(sys.argv[3]))",
]

#: Two graphs; both say that the thing `two` has the label Two, as no release of ours would.
TRIG = """
GRAPH <graph/one> {
  <id/thing/one> a kzg:Fact ; rdfs:label "One"@en, "Один"@ru ; kzg:value 1 ;
    kzg:evidence <id/evidence/doc/3-8> ; rdfs:seeAlso <javascript:alert(1)> ;
    rdfs:comment "<script>alert(1)</script> & 'quoted', \\"too\\""@en .
  <id/evidence/doc/3-8> a oa:SpecificResource ;
    oa:hasSource <id/document/doc> ; oa:hasSelector <id/selector/doc/3-8> .
  <id/selector/doc/3-8> oa:start 3 ; oa:end 8 .
  <id/document/doc> rdfs:label "A document"@en .
  <id/thing/two> rdfs:label "Two"@en .
}
GRAPH <graph/two> {
  <id/thing/two> rdfs:label "Two"@en ; kzg:value 2 ; kzg:of <id/thing/one> .
  <id/thing/odd> kzg:value "a\\u0001b", "line\\rline" ; <http://example.org/2> 1 .
}
GRAPH <graph/ontology> {
  kzg:Fact a owl:Class ; rdfs:label "fact"@en ; rdfs:subClassOf [ a owl:Class ] .
  kzg:value a owl:DatatypeProperty ; rdfs:label "value"@en ; skos:definition "A number."@en .
}
"""


@dataclass
class SmallRelease(Release):
    """A release without a manifest, its store in memory."""

    path: Path
    store: Store = field(default_factory=Store)
    version: str = "0-test"
    manifest: dict[str, Any] = field(default_factory=lambda: {"files": []})

    @property
    def statistics(self) -> Statistics:
        return count(Content(self.store))

    def load(self, trig: str = TRIG) -> "SmallRelease":
        declared = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
        self.store.load(declared + trig, RdfFormat.TRIG, base_iri=BASE)
        self._write_graphs(self.path / "dumps")
        return self

    def _write_graphs(self, dumps: Path) -> None:
        """Write each graph in the formats that can carry it."""
        (dumps / "graphs").mkdir(parents=True, exist_ok=True)
        files = []
        for name, triples in Content(self.store).triples.items():
            if "/" in name:
                continue  # not one of ours
            for chosen in TRIPLE_FORMATS:
                with suppress(Problem):
                    data = graph_bytes(triples, chosen)
                    path = f"{DUMPS}/graphs/{name}.{chosen.suffix}"
                    file = File(path, chosen.media_type, 0, "", graph=f"{GRAPH}{name}")
                    files.append(write_one(self.path, file, data))
        self.manifest["files"] = [asdict(file) for file in files]
        (dumps / SUMS).write_bytes(check_sums({file.name: file.sha256 for file in files}))
        (dumps / MANIFEST).write_text(json.dumps(self.manifest), "utf-8")


def environment_with(**settings: str) -> dict[str, str]:
    """The variables of this process, and those of settings of the server."""
    given = {f"KZGRAPH_{name.upper()}": value for name, value in settings.items()}
    return {**os.environ, **given}


@pytest.fixture
def small(tmp_path: Path) -> FrontClient:
    """A client of the application that serves the small release."""
    return FrontClient(SmallRelease(tmp_path).load(), Settings())


def leave_out_scripts(text: str) -> str:
    """A page without the scripts of the server, which it has where they were built."""
    return re.sub(r'<script type="module" src="[^"]*/static/built/[\w-]+\.js"></script>', "", text)


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """The address at which the release of a folder is served, on a machine that may be busy."""
    environment = environment_with(**UNHURRIED)
    with Server([*SERVE, str(root)], free_port(), env=environment) as server:
        yield server.url


@dataclass(frozen=True)
class Reply:
    """What came back, whatever its status; redirects are not followed."""

    status: int
    headers: Message
    body: bytes

    @property
    def type(self) -> str:
        """The media type without parameters."""
        return self.headers.get_content_type()

    @property
    def json(self) -> Any:
        """The body, which is JSON."""
        return json.loads(self.body)

    @property
    def count(self) -> int:
        """The one number of a result in JSON."""
        (row,) = self.json["results"]["bindings"]
        ((_, term),) = row.items()
        return int(term["value"])

    @property
    def column(self) -> list[str]:
        """The values of the first column of a result in JSON."""
        name = self.json["head"]["vars"][0]
        return [row[name]["value"] for row in self.json["results"]["bindings"]]


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_Stay)


def call(
    address: str,
    accept: str | None = None,
    method: str | None = None,
    body: bytes | None = None,
    **headers: str,
) -> Reply:
    """Send a request; a header field `Content_Type` is written with an underscore."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if accept is not None:
        sent["Accept"] = accept
    request = urllib.request.Request(address, body, sent, method=method)  # noqa: S310
    try:
        with _OPENER.open(request, timeout=2 * PATIENCE) as reply:
            return Reply(reply.status, reply.headers, reply.read())
    except urllib.error.HTTPError as error:
        return Reply(error.code, error.headers, error.read())


def ask(url: str, query: str, accept: str | None = None, **parameters: str) -> Reply:
    """Send `query` by GET."""
    return call(f"{url}/sparql?" + urlencode({"query": query, **parameters}), accept)
