"""SPARQL 1.1 Protocol, clause by clause: how a query comes, and on which graphs it is put.

https://www.w3.org/TR/sparql11-protocol/
"""

from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from conformance import FORM, JSON_RESULTS, QUERY, SMALL, Site, graph, site, sparql

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
NAMED = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
NAMES = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
ENTITIES, CONCEPTS = graph("entities"), graph("concepts")
NOWHERE = "http://example.org/no/such/graph"


@pytest.fixture(scope="module")
def served(plain_site: Site) -> Site:
    return plain_site


@pytest.fixture(scope="module")
def sizes(served: Site) -> dict[str, int]:
    """The triples of two graphs, and of all, counted without a data set."""
    text = "SELECT (COUNT(*) AS ?n) {{ GRAPH <{}> {{ ?s ?p ?o }} }}"
    return {
        "entities": served.ask(text.format(ENTITIES)).count,
        "concepts": served.ask(text.format(CONCEPTS)).count,
        "all": served.ask(NAMED).count,
    }


def with_from(query: str, *clauses: str) -> str:
    return query.replace("{", " ".join(clauses) + " {", 1)


class TestOperation:
    """https://www.w3.org/TR/sparql11-protocol/#query-operation"""

    def test_every_way_of_sending_a_query_gives_the_same_answer(self, served: Site) -> None:
        form = urlencode({"query": SMALL})
        accept = {"Accept": JSON_RESULTS}
        replies = [
            served.ask(SMALL, JSON_RESULTS),
            served.get("/sparql?" + form, JSON_RESULTS),  # a plus for a blank
            served.post(form, FORM, **accept),
            served.post(form, FORM + "; charset=UTF-8", **accept),
            served.post(form, FORM.upper(), **accept),
            served.post(SMALL, QUERY, **accept),
            served.post(SMALL, QUERY + '; charset="utf-8"', **accept),
        ]
        assert [reply.status for reply in replies] == [200] * len(replies)
        assert len({reply.body for reply in replies}) == 1
        assert len(replies[0].column) == 4

    def test_a_form_may_come_in_chunks(self, served: Site) -> None:
        body = urlencode({"query": SMALL}).encode()
        head = (
            f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\n"
            "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        )
        chunks = b"".join(b"%x\r\n%s\r\n" % (1, body[i : i + 1]) for i in range(len(body)))
        with served.connect() as connection:
            connection.sendall(head.encode() + chunks + b"0\r\n\r\n")
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 200")
        assert answer.endswith(served.ask(SMALL, JSON_RESULTS).body)

    @pytest.mark.parametrize("target", ["/sparql?query=ASK%7B%7D", "/", "/health"])
    @pytest.mark.parametrize(
        ("head", "status"),
        [
            ("1.1\r\n", 400),
            ("1.1\r\nHost: \r\n", 400),
            ("1.1\r\nHost: a\r\nHost: b\r\n", 400),
            ("1.1\r\nHost: a b\r\n", 400),
            ("1.1\r\nHost: a/b\r\n", 400),
            ("1.1\r\nHost: user@a\r\n", 400),
            ("1.1\r\nHost: a:b\r\n", 400),
            ("1.0\r\nHost: a b\r\n", 400),
            ("1.0\r\n", 200),
            ("1.1\r\nHost: example.org:8000\r\n", 200),
            ("1.1\r\nHost: [::1]:80\r\n", 200),
            ("1.1\r\nhost: my_host\r\n", 200),
        ],
    )
    def test_a_request_names_one_host(
        self, served: Site, target: str, head: str, status: int
    ) -> None:
        """https://www.rfc-editor.org/rfc/rfc9112#section-3.2"""
        with served.connect() as connection:
            connection.sendall(f"GET {target} HTTP/{head}Connection: close\r\n\r\n".encode())
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        assert int(answer.split()[1]) == status
        assert (b'"detail"' in answer) == (status == 400)

    @pytest.mark.parametrize("name", ["update", "using-graph-uri", "using-named-graph-uri"])
    def test_an_empty_parameter_of_an_update_is_none(self, served: Site, name: str) -> None:
        assert served.get(sparql(SMALL) + f"&{name}=").status == 200
        assert served.get(sparql(SMALL) + f"&{name}=urn:x").status == 400

    def test_the_data_set_of_a_direct_post_stands_in_the_url(
        self, served: Site, sizes: dict[str, int]
    ) -> None:
        target = "/sparql?" + urlencode({"default-graph-uri": ENTITIES})
        reply = served.request(target, "POST", COUNT.encode(), {"Content-Type": QUERY})
        assert reply.count == sizes["entities"]

    def test_the_data_set_of_a_form_may_stand_in_both(
        self, served: Site, sizes: dict[str, int]
    ) -> None:
        target = "/sparql?" + urlencode({"default-graph-uri": ENTITIES})
        form = urlencode({"query": COUNT, "default-graph-uri": CONCEPTS}).encode()
        reply = served.request(target, "POST", form, {"Content-Type": FORM})
        assert reply.count == sizes["entities"] + sizes["concepts"]

    @pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
    def test_options_names_the_methods(self, served: Site, method: str) -> None:
        reply = served.request("/sparql", "OPTIONS")
        assert reply.status in (200, 204)
        assert method in reply.headers["Allow"].split(", ")

    def test_a_page_of_another_host_may_ask(self, served: Site) -> None:
        fields = {
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        }
        preflight = served.request("/sparql", "OPTIONS", fields=fields)
        assert preflight.headers["Access-Control-Allow-Origin"] == "*"
        assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
        assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]
        assert served.ask(SMALL).headers["Access-Control-Allow-Origin"] == "*"
        assert served.ask("SELECT").headers["Access-Control-Allow-Origin"] == "*"

    @pytest.mark.parametrize(
        "accept",
        [None, "text/csv", "application/sparql-results+xml", "text/html", "image/png"],
    )
    @pytest.mark.parametrize("query", [SMALL, "DESCRIBE kzr:country\\/KAZ", "SELECT", "ASK {} #h"])
    def test_head_has_the_fields_of_get(self, served: Site, accept: str | None, query: str) -> None:
        fields = {} if accept is None else {"Accept": accept}
        # HEAD first, so that it is not answered from what GET left in the cache.
        head = served.request(sparql(query), "HEAD", fields=fields)
        get = served.request(sparql(query), "GET", fields=fields)
        assert (head.status, head.body) == (get.status, b"")
        assert fields_of(head) == fields_of(get)


def fields_of(reply: object) -> dict[str, str]:
    """The header fields but for the date, by name."""
    assert hasattr(reply, "headers")
    return {name.lower(): value for name, value in reply.headers.items() if name.lower() != "date"}


class TestDataSet:
    """https://www.w3.org/TR/sparql11-protocol/#dataset"""

    def test_the_union_of_all_graphs_is_asked_where_no_data_set_is_given(
        self, served: Site, sizes: dict[str, int]
    ) -> None:
        assert served.ask(COUNT).count == sizes["all"] > sizes["entities"] + sizes["concepts"]

    def test_default_graph_uri_is_the_whole_default_graph(
        self, served: Site, sizes: dict[str, int]
    ) -> None:
        assert served.ask(COUNT, default_graph_uri=ENTITIES).count == sizes["entities"]

    def test_default_graph_uri_repeated_is_the_merge(
        self, served: Site, sizes: dict[str, int]
    ) -> None:
        both = served.ask(COUNT, default_graph_uri=[ENTITIES, CONCEPTS])
        assert both.count == sizes["entities"] + sizes["concepts"]

    def test_named_graph_uri_repeated_names_the_graphs(self, served: Site) -> None:
        chosen = served.ask(NAMES, named_graph_uri=[CONCEPTS, ENTITIES, CONCEPTS])
        assert chosen.column == [CONCEPTS, ENTITIES]

    def test_named_graphs_alone_leave_the_default_graph_empty(self, served: Site) -> None:
        assert served.ask(COUNT, named_graph_uri=ENTITIES).count == 0
        assert served.ask(with_from(COUNT, f"FROM NAMED <{ENTITIES}>")).count == 0

    def test_default_graphs_alone_leave_no_named_graph(self, served: Site) -> None:
        assert served.ask(NAMES, default_graph_uri=ENTITIES).column == []
        assert served.ask(with_from(NAMES, f"FROM <{ENTITIES}>")).column == []

    def test_from_is_honoured(self, served: Site, sizes: dict[str, int]) -> None:
        assert served.ask(with_from(COUNT, f"FROM <{ENTITIES}>")).count == sizes["entities"]
        both = with_from(COUNT, f"FROM <{ENTITIES}> FROM <{CONCEPTS}>")
        assert served.ask(both).count == sizes["entities"] + sizes["concepts"]

    def test_from_named_is_honoured(self, served: Site) -> None:
        query = with_from(NAMES, f"FROM NAMED <{CONCEPTS}> FROM NAMED <{ENTITIES}>")
        assert served.ask(query).column == [CONCEPTS, ENTITIES]

    @pytest.mark.parametrize("clause", [f"FROM <{CONCEPTS}>", f"FROM NAMED <{CONCEPTS}>"])
    def test_the_request_overrides_the_query(
        self, served: Site, sizes: dict[str, int], clause: str
    ) -> None:
        query = with_from(COUNT, clause)
        assert served.ask(query, default_graph_uri=ENTITIES).count == sizes["entities"]
        form = urlencode({"query": query, "default-graph-uri": ENTITIES})
        assert served.post(form, FORM).count == sizes["entities"]
        names = with_from(NAMES, clause)
        assert served.ask(names, named_graph_uri=ENTITIES).column == [ENTITIES]

    def test_unknown_graphs_are_empty_and_no_error(self, served: Site) -> None:
        assert served.ask(COUNT, default_graph_uri=NOWHERE).count == 0
        assert served.ask(COUNT, named_graph_uri=NOWHERE).count == 0
        assert served.ask(NAMES, named_graph_uri=NOWHERE).column == []
        assert served.ask(with_from(COUNT, f"FROM <{NOWHERE}>")).count == 0
        assert served.ask(with_from(NAMES, f"FROM NAMED <{NOWHERE}>")).column == []
        assert served.ask(COUNT.replace("?s ?p ?o", f"GRAPH <{NOWHERE}> {{ ?s ?p ?o }}")).count == 0

    def test_an_unknown_graph_beside_a_known_one_adds_nothing(
        self, served: Site, sizes: dict[str, int]
    ) -> None:
        reply = served.ask(COUNT, default_graph_uri=[NOWHERE, ENTITIES])
        assert reply.count == sizes["entities"]

    def test_a_graph_named_twice_counts_once(self, served: Site, sizes: dict[str, int]) -> None:
        assert served.ask(COUNT, default_graph_uri=[ENTITIES] * 3).count == sizes["entities"]
        twice = with_from(COUNT, f"FROM <{ENTITIES}> FROM <{ENTITIES}>")
        assert served.ask(twice).count == sizes["entities"]
        relative = with_from(COUNT, f"FROM <graph/entities> FROM <{ENTITIES}>")
        assert served.ask(relative).count == sizes["entities"]
        prefixed = "PREFIX g: <https://w3id.org/kzgraph/graph/> " + with_from(
            COUNT, f"FROM g:entities FROM <{ENTITIES}>"
        )
        assert served.ask(prefixed).count == sizes["entities"]
        assert served.ask(NAMED, named_graph_uri=[ENTITIES] * 2).count == sizes["entities"]

    def test_no_triple_of_the_union_comes_twice(self, served: Site, sizes: dict[str, int]) -> None:
        distinct = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT * { ?s ?p ?o } }"
        assert served.ask(distinct).count == sizes["all"]


class TestPrefixes:
    def test_the_prefixes_of_the_release_need_no_declaration(self, served: Site) -> None:
        assert served.ask("ASK { kzr:country\\/KAZ a schema:Country }").json["boolean"]

    def test_a_prefix_that_the_query_declares_wins(self, served: Site) -> None:
        own = "PREFIX kzg: <https://w3id.org/kzgraph/id/> PREFIX kzr: <http://example.org/> "
        assert served.ask(own + "ASK { kzg:country\\/KAZ ?p ?o }").json["boolean"]
        assert not served.ask(own + "ASK { kzr:country\\/KAZ ?p ?o }").json["boolean"]

    def test_the_service_description_says_which_there_are(self, served: Site) -> None:
        text = served.get("/sparql", "application/n-triples").body.decode()
        assert '<http://www.w3.org/ns/shacl#prefix> "kzg"' in text
        assert '"https://w3id.org/kzgraph/ontology#"' in text


class TestColumns:
    @pytest.mark.parametrize("accept", ["text/csv", "text/tab-separated-values", JSON_RESULTS])
    def test_columns_come_in_the_order_of_the_query(self, served: Site, accept: str) -> None:
        reply = served.ask("SELECT ?z ?a ?m { ?z kzg:scope ?a . ?a a ?m } LIMIT 1", accept)
        if accept == JSON_RESULTS:
            names = reply.json["head"]["vars"]
        else:
            line = reply.body.decode().splitlines()[0]
            names = [name.lstrip("?") for name in line.replace("\t", ",").split(",")]
        assert names == ["z", "a", "m"]

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("SELECT * { ?z kzg:scope ?a . ?a a ?m }", ["z", "a", "m"]),
            ("SELECT * { ?m kzg:scope ?a . ?z a ?m }", ["m", "a", "z"]),
            ("SELECT REDUCED * { ?z kzg:scope ?a BIND(?z AS ?b) }", ["z", "a", "b"]),
            ("SELECT * # ?none\n{ ?z kzg:scope '?b' OPTIONAL { ?z a ?a } }", ["z", "a"]),
            ("SELECT * { VALUES (?y ?x) { (1 2) } }", ["y", "x"]),
        ],
    )
    def test_a_star_stands_for_the_variables_in_their_order(
        self, served: Site, query: str, names: list[str]
    ) -> None:
        assert served.ask(query + " LIMIT 1").json["head"]["vars"] == names


class TestGraphStore:
    """https://www.w3.org/TR/sparql11-http-rdf-update/, the read side"""

    def test_a_graph_is_read_by_its_name(self, served: Site, sizes: dict[str, int]) -> None:
        reply = served.get(f"/data?graph={quote(ENTITIES)}", "application/n-triples")
        assert (reply.status, reply.type) == (200, "application/n-triples")
        assert reply.body.count(b"\n") == sizes["entities"]

    def test_the_default_graph_is_the_union(self, served: Site, sizes: dict[str, int]) -> None:
        reply = served.get("/data?default", "application/n-quads")
        assert (reply.status, reply.type) == (200, "application/n-quads")
        assert reply.body.count(b"\n") == sizes["all"]

    def test_formats_of_quads_have_the_graph_as_the_default_graph(self, served: Site) -> None:
        for name, triples in (("trig", "ttl"), ("nq", "nt")):
            found = served.get(f"/data?graph={quote(ENTITIES)}&format={name}").body
            assert found == served.get(f"/data?graph={quote(ENTITIES)}&format={triples}").body

    def test_an_unknown_graph_is_404(self, served: Site) -> None:
        assert served.get(f"/data?graph={quote(NOWHERE)}").status == 404

    @pytest.mark.parametrize(
        "query",
        ["", "?graph=", "?graph=relative", "?default&graph=http://x/", "?graph=a:b&graph=a:c"],
    )
    def test_what_names_no_graph_is_400(self, served: Site, query: str) -> None:
        assert served.get("/data" + query).status == 400

    @pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
    def test_writing_is_refused(self, served: Site, method: str) -> None:
        reply = served.request(f"/data?graph={quote(ENTITIES)}", method, b"<a:a> <a:b> <a:c> .")
        assert reply.status == 405
        assert "GET" in reply.headers["Allow"]


class TestRowCap:
    def test_what_is_cut_off_is_announced_and_linked(
        self, served: Site, release_root: Path
    ) -> None:
        query = "SELECT ?s { ?s a kzg:PopulationFigure } ORDER BY ?s"
        with site(release_root, max_rows="10") as capped:
            expected = served.ask(query).column
            assert len(expected) > 30
            found: list[str] = []
            target = sparql(query)
            while target:
                reply = capped.get(target, JSON_RESULTS)
                assert reply.status == 200
                assert 0 < len(reply.column) <= 10
                found += reply.column
                links = reply.headers.get_all("Link") or []
                following = [link for link in links if 'rel="next"' in link]
                assert bool(following) == (len(found) < len(expected))
                if following:
                    assert "10" in reply.headers["Kzgraph-Row-Limit"]
                target = following[0].partition("<")[2].partition(">")[0] if following else ""
        assert found == expected
