"""The W3C's tests of the SPARQL Protocol, the Graph Store Protocol and the Service Description.

A server serves a release with the data of the tests in it. A release has graphs of ours only, so
the names of graphs are replaced by such ones. Nobody can write to it: each write of a test must be
refused, and what the test reads afterwards is read from a graph that is as the writes would have
left it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string
from functools import cache
from urllib.parse import quote, unquote

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse, serialize

from conformance import Site, site
from kzgraph.iri import BASE, graph
from kzgraph.rdf.content import Content
from kzgraph.release import write
from server_fixtures import Reply
from small_release import content, report
from w3c_description import SD, faults_of
from w3c_deviations import PASSES, REFUSED, Outcome, check
from w3c_requests import Request, is_expected, requests_of
from w3c_results import Graph, difference, read_answer, read_graph
from w3c_suite import DESCRIPTION, SPARQL, Test, of_kinds, parameters

#: What a form of answer may be sent as.
TYPES = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    },
    "RDF": {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"},
}
PUBLIC_URL = "http://www.example"
READS = ("GET", "HEAD")

#: What the tests of the protocol call the graphs of their files, and what they are called here.
PROTOCOL = {
    f"http://kasei.us/2009/09/sparql/data/{file.stem}.rdf": graph(f"protocol-{file.stem}").value
    for file in SPARQL.glob("protocol/*.nt")
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A release with the graphs of all tests."""
    root = tmp_path_factory.mktemp("w3c")
    version, _ = content()
    write(released(), version, report(), root)
    with site(root, public_url=PUBLIC_URL) as running:
        yield running


@cache
def released() -> Content:
    """What the release holds."""
    _, data = content()
    steps = [step for test in of_kinds(["GraphStoreProtocolTest"]) for step in steps_of(test)]
    read = [quad for request, state in steps if request.method in READS for quad in state.quads]
    return data.with_quads([*protocol_quads(), *read])


def protocol_quads() -> Iterator[Quad]:
    """The data of the tests of the protocol."""
    for file in sorted(SPARQL.glob("protocol/*.nt")):
        for quad in parse(rename(file.read_text("utf-8")), RdfFormat.N_TRIPLES):
            name = graph(f"protocol-{file.stem}")
            yield Quad(quad.subject, quad.predicate, quad.object, name)


def rename(text: str) -> str:
    """`text` with our names of graphs, also where they are percent-encoded."""
    for old, new in PROTOCOL.items():
        text = text.replace(old, new).replace(quote(old, safe=""), quote(new, safe=""))
    return text


def send(served: Site, request: Request, target: str) -> Reply:
    """Send a request of the suite to an address here."""
    body = None if request.text is None else rename(request.text).encode(request.encoding)
    return served.request(target, request.method, body, request.fields)


@pytest.mark.parametrize("test", parameters(["ProtocolTest"]))
def test_a_request_of_the_protocol_is_answered(served: Site, test: Test) -> None:
    check(test.id, outcome(served, test))


def outcome(served: Site, test: Test) -> Outcome:
    """What a test of the protocol comes to."""
    for request in requests_of(test):
        reply = send(served, request, rename(request.target.replace("/sparql/", "/sparql")))
        if not is_expected(reply.status, request):
            kind = REFUSED if 400 <= reply.status < 500 else "wrong"
            return Outcome(kind, f"{reply.status} {reply.body.decode()}", reply.status)
        if request.form and reply.type not in TYPES[request.form]:
            return Outcome("wrong", f"the answer, {request.form}, is sent as {reply.type}")
        if request.boolean is not None and read_answer(reply.body, "json") != request.boolean:
            return Outcome("wrong", f"{request} is answered {reply.body.decode()}")
    return PASSES


@dataclass(frozen=True)
class State:
    """A graph as requests would have left it.

    Attributes:
        name: its name here.
        triples: what it holds; None where there is no such graph.
    """

    name: NamedNode
    triples: Graph | None

    @property
    def quads(self) -> list[Quad]:
        """The graph in a release, where labels of blank nodes begin with a letter."""
        written = serialize(self.triples or (), format=RdfFormat.N_TRIPLES) or b""
        text = self.own(written.decode().replace("_:", "_:b"))
        return [
            Quad(quad.subject, quad.predicate, quad.object, self.name)
            for quad in parse(text, RdfFormat.N_TRIPLES)
        ]

    def own(self, text: str) -> str:
        """`text` with names of its own, so that no triple is in two graphs of the release."""
        return text.replace("http://www.example/", self.name.value + "/")


def steps_of(test: Test) -> Iterator[tuple[Request, State]]:
    """The requests of a test of the Graph Store Protocol, and the graph that each is about."""
    graphs: dict[str, Graph] = {}
    for number, request in enumerate(requests_of(test)):
        name = unquote(request.target)
        if request.method == "POST" and name == "/gsp":
            name = "/gsp?graph=$LOCATION$"  # So the suite calls what the server is to name.
        if request.method == "DELETE":
            graphs.pop(name, None)
        elif request.method == "PUT":
            graphs[name] = sent(request)
        elif request.method == "POST":
            graphs[name] = graphs.get(name, frozenset()) | sent(request)
        here = graph("-".join([*re.split("[/_]", test.id), str(number)]))
        yield request, State(here, graphs.get(name))


def sent(request: Request) -> Graph:
    """The graph in the body of a request."""
    kind, body = request.fields["content-type"], request.text or ""
    message = message_from_string(f"Content-Type: {kind}\r\n\r\n{body}")
    parts = [part for part in message.walk() if not part.is_multipart()]
    graphs = [read_graph(str(part.get_payload()).encode(), "ttl") for part in parts]
    return frozenset[Triple]().union(*graphs)


@pytest.mark.parametrize("test", parameters(["GraphStoreProtocolTest"]))
def test_a_graph_is_read_and_cannot_be_written(served: Site, test: Test) -> None:
    found = PASSES
    for request, state in steps_of(test):
        if request.method in READS:
            for target in targets_of(request, state):
                read(served, request, state, target)
            continue
        (target, *_) = targets_of(request, state)
        reply = send(served, request, target)
        found = Outcome(REFUSED, reply.body.decode(), reply.status)
        assert {*re.split(", *", reply.headers["Allow"])} == {"GET", "HEAD", "OPTIONS"}
    check(test.id, found)


def targets_of(request: Request, state: State) -> list[str]:
    """The addresses here of what a request of the suite is about."""
    if request.target.endswith("?default"):
        return ["/data?default"]
    # https://www.w3.org/TR/sparql11-http-rdf-update/#direct-graph-identification
    if request.target.startswith("/gsp/"):
        return ["/" + state.name.value.removeprefix(BASE)]
    escaped = "".join(f"%{byte:02X}" for byte in state.name.value.encode())
    return [f"/data?graph={name}" for name in (state.name.value, escaped)]


def read(served: Site, request: Request, state: State, target: str) -> None:
    """Read a graph, and compare it with what the suite expects."""
    reply = send(served, request, target)
    if reply.status == 303:
        reply = send(served, request, reply.headers["Location"])
    assert is_expected(reply.status, request), reply
    assert not request.type or reply.type == request.type
    if not request.content:
        return
    expected = read_graph(state.own(request.content).encode(), "ttl")
    if target == "/data?default":
        # The default graph is the merge of all, this one among them.
        expected = frozenset(quad.triple for quad in released().quads)
    assert not difference(expected, read_graph(reply.body, reply.type))


@pytest.mark.parametrize("test", parameters(DESCRIPTION))
def test_the_endpoint_describes_itself(served: Site, test: Test) -> None:
    reply = served.get("/sparql")  # https://www.w3.org/TR/sparql11-service-description/#accessing
    assert (reply.status, reply.type) == (200, "text/turtle")
    described = read_graph(reply.body, reply.type)
    faults = {
        "returns-rdf": [] if described else ["the description is empty"],
        "has-endpoint-triple": faults_of_endpoint(described),
        "conforms-to-schema": [*faults_of(described)],
    }[test.id.rpartition("/")[2]]
    check(test.id, Outcome("wrong", "; ".join(faults)) if faults else PASSES)


def faults_of_endpoint(described: Graph) -> list[str]:
    """What is wrong with the address of the endpoint in its description."""
    stated = [each.object for each in described if each.predicate.value == SD + "endpoint"]
    right = [NamedNode(PUBLIC_URL + "/sparql")]
    return [] if stated == right else [f"the endpoint is {stated}, not {right}"]
