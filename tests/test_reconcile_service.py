"""`/reconcile` answers by the Reconciliation Service API 0.2, as OpenRefine calls it.

The requests are those of OpenRefine 3.10, by its source: a form with one parameter from its server
(`HttpClient.postNameValue`), and the widgets' requests from its pages. What answers have to be is
said here in our own words, as JSON Schema, by section of https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from jsonschema_rs import validate

from front_client import FrontClient
from kzgraph.iri import ID
from kzgraph.reconciling import MOST_CANDIDATES
from kzgraph.release import find_current
from kzgraph.search import INDEX, index, write_index
from kzgraph_server.negotiate import FORM
from kzgraph_server.pages.reconcile import answering
from kzgraph_server.pages.reconcile.batch_limits import (
    MOST_BYTES,
    MOST_IDS,
    MOST_QUERIES,
    MOST_TEXT,
)
from kzgraph_server.settings import Settings
from server_fixtures import SmallRelease, call

#: Not the one of the request, whose Host field anybody can make up.
PUBLIC = "https://example.org/kz"

_TEXT = {"type": "string", "minLength": 1}


def make_object(optional: dict[str, Any] | None = None, **required: Any) -> dict[str, Any]:
    members = {**required, **(optional or {})}
    return {
        "type": "object",
        "properties": members,
        "required": list(required),
        "additionalProperties": False,
    }


def make_list(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


_NAMED = make_object(id=_TEXT, name=_TEXT)
_TYPE = make_object({"broader": make_list(_NAMED)}, id=_TEXT, name=_TEXT)
_SERVICE = make_object(
    service_url={"type": "string", "pattern": "^https?://[^?]+[^/]$"},
    service_path={"type": "string", "pattern": "^/"},
)
_SUGGEST = make_object(
    **_SERVICE["properties"],
    flyout_service_url=_SERVICE["properties"]["service_url"],
    flyout_service_path={"type": "string", "pattern": r"^/.*\$\{id\}"},
)
_TEMPLATE = {"type": "string", "pattern": r"^https?://.*\{\{id\}\}"}
_SETTING = make_object(
    {"choices": make_list(make_object(value=_TEXT, name=_TEXT))},
    name=_TEXT,
    label=_TEXT,
    type={"enum": ["number", "text", "checkbox", "select"]},
    default={},
    help_text=_TEXT,
)
#: Section 3.1.
MANIFEST = make_object(
    versions={"type": "array", "contains": {"const": "0.2"}},
    name=_TEXT,
    identifierSpace={"const": ID},
    schemaSpace=_TEXT,
    documentation=_TEXT,
    logo=_TEXT,
    serviceVersion=_TEXT,
    defaultTypes={**make_list(_TYPE), "minItems": 1, "uniqueItems": True},
    view=make_object(url=_TEMPLATE),
    preview=make_object(url=_TEMPLATE, width={"type": "integer"}, height={"type": "integer"}),
    suggest=make_object(entity=_SUGGEST, type=_SUGGEST, property=_SUGGEST),
    extend=make_object(propose_properties=_SERVICE, property_settings=make_list(_SETTING)),
    batchSize={"type": "integer", "minimum": 10},
)
#: Section 4.2.
RESULTS = {
    "type": "object",
    "additionalProperties": make_object(
        result=make_list(
            make_object(
                {"description": _TEXT},
                id={"type": "string", "pattern": "^[a-z-]+/"},
                name=_TEXT,
                type={**make_list(_NAMED), "minItems": 1},
                score={"type": "number", "minimum": 0, "maximum": 100},
                match={"type": "boolean"},
                features=make_list(make_object(id=_TEXT, value={"type": ["number", "boolean"]})),
            )
        )
    ),
}
#: Section 6.3.
SUGGESTED = make_object(
    result=make_list(
        make_object(
            {"description": _TEXT, "notable": make_list(_NAMED), "broader": make_list(_NAMED)},
            id=_TEXT,
            name=_TEXT,
        )
    )
)
#: Section 7.2.
PROPOSED = make_object({"type": _TEXT, "limit": {"type": "integer"}}, properties=make_list(_NAMED))
#: Section 7.5.
EXTENDED = make_object(
    meta=make_list(make_object({"type": make_object(id=_TEXT)}, id=_TEXT, name=_TEXT)),
    rows={
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "additionalProperties": make_list(
                {
                    "oneOf": [
                        _NAMED,
                        make_object(str={"type": "string"}),
                        make_object(int={"type": "integer"}),
                        make_object(float={"type": "number"}),
                        make_object(date={"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT"}),
                    ]
                }
            ),
        },
    },
)


@pytest.fixture(scope="module")
def client(shipped_root: Path) -> FrontClient:
    return FrontClient(find_current(shipped_root), Settings(public_url=PUBLIC))


def read(reply: Any, schema: dict[str, Any]) -> Any:
    """What an answer holds, after it was checked."""
    assert reply.status_code == 200, reply.text
    assert reply.content_type == "application/json"
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    found = reply.get_json()
    validate(schema, found)
    return found


def post(client: FrontClient, name: str, value: Any, path: str = "/kz/reconcile") -> Any:
    """Send as OpenRefine's server does."""
    form = urlencode({name: json.dumps(value)})
    return client.post(path, data=form, content_type=f"{FORM}; charset=UTF-8")


def test_the_manifest_says_what_there_is_and_where(client: FrontClient) -> None:
    found = read(client.get("/kz/reconcile"), MANIFEST)
    assert found["view"]["url"].startswith(f"{PUBLIC}/reconcile/")
    # Each address that it names answers, below the public one; templates are filled in as
    # OpenRefine does: view and preview unescaped, flyouts escaped.
    addresses = [
        found["documentation"].replace("/reconciling", "/search"),
        found["logo"],
        *(
            each["url"].replace("{{id}}", identifier)
            for each in (found["view"], found["preview"])
            for identifier in ("country/KAZ", quote("country/KAZ", safe=""))
        ),
        *(
            each["service_url"] + each["service_path"]
            for each in (*found["suggest"].values(), found["extend"]["propose_properties"])
        ),
        found["suggest"]["entity"]["flyout_service_url"]
        + found["suggest"]["entity"]["flyout_service_path"].replace("${id}", "country%2FKAZ"),
    ]
    for address in addresses:
        assert address.startswith(PUBLIC)
        reply = client.get(address.removeprefix("https://example.org"))
        assert reply.status_code in (200, 303), address


def test_each_language_has_a_service_of_its_own(client: FrontClient) -> None:
    names = {}
    for prefix in ("", "/ru", "/kk"):
        found = read(client.get(f"/kz{prefix}/reconcile"), MANIFEST)
        assert f"{found['suggest']['type']['service_path']}".startswith(f"{prefix}/reconcile/")
        results = read(
            post(client, "queries", {"q0": {"query": "KAZ"}}, f"/kz{prefix}/reconcile"), RESULTS
        )
        [first] = results["q0"]["result"][:1]
        assert (first["id"], first["match"]) == ("country/KAZ", True)
        names[prefix] = (first["name"], found["defaultTypes"][0]["name"])
    assert names[""] == ("Kazakhstan", "Countries")
    assert names["/ru"][0] == "Казахстан"
    assert names["/kk"][0] == "Қазақстан"
    assert len({each for _, each in names.values()}) == 3


def test_openrefine_guesses_types_and_matches_a_column(client: FrontClient) -> None:
    # GuessTypesOfColumnCommand: ten samples, three candidates each, no type.
    samples = ["Казахстан", "Kirgizstan", "Uzbekistn", "Тоҷикистон", "Turkmenia"]
    batch: dict[str, Any] = {f"q{n}": {"query": s, "limit": 3} for n, s in enumerate(samples)}
    guessed = read(post(client, "queries", batch), RESULTS)
    assert all(each["result"][0]["type"][0]["id"] == "country" for each in guessed.values())
    assert all(len(each["result"]) <= 3 for each in guessed.values())
    # StandardReconConfig: a type, a column, one of whose cells was matched before.
    query = {"query": "Алматы", "type": "place", "type_strict": "should"}
    known = {"pid": "within", "v": {"id": "country/KAZ", "name": "Kazakhstan"}}
    batch = {
        "q0": {**query, "properties": [known]},
        "q1": {**query, "properties": [{"pid": "kind", "v": "Region"}], "limit": 2},
        "q2": {**query, "query": "Nowhere"},
    }
    found = read(post(client, "queries", batch), RESULTS)
    assert list(found) == ["q0", "q1", "q2"]
    first = found["q0"]["result"][0]
    assert (first["id"], first["match"]) == ("place/almaty", True)
    # A city is not a region, and the region is called otherwise.
    assert not any(each["match"] for each in found["q1"]["result"])
    assert found["q2"]["result"] == []


def test_a_batch_by_get_is_answered_alike_and_kept(client: FrontClient) -> None:
    queries = json.dumps({"a": {"query": "Kazakhstan", "type": ["country", "place"]}})
    got = client.get("/kz/reconcile", query_string={"queries": queries})
    assert read(got, RESULTS) == read(post(client, "queries", json.loads(queries)), RESULTS)
    assert "max-age" in got.headers["Cache-Control"]
    assert got.headers["ETag"]
    assert post(client, "queries", json.loads(queries)).headers["Cache-Control"] == "no-store"


def test_pages_of_other_hosts_may_ask(client: FrontClient) -> None:
    headers = {"Origin": "http://127.0.0.1:3333", "Access-Control-Request-Method": "POST"}
    for path in ("/kz/reconcile", "/kz/reconcile/suggest/entity", "/kz/reconcile/properties"):
        reply = client.options(path, headers=headers)
        assert reply.status_code == 200
        assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in client.options("/kz/reconcile").headers["Access-Control-Allow-Methods"]


def test_what_time_cut_off_says_so(client: FrontClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "SECONDS_OF_QUERY", -1.0)
    monkeypatch.setattr(index, "_STEPS", 1)
    reply = post(client, "queries", {"q0": {"query": "Kazakhstan"}})
    assert reply.status_code == 200
    result = reply.get_json()["q0"]
    assert result["complete"] is False
    assert result["result"][0]["id"] == "country/KAZ"
    assert not any(each["match"] for each in result["result"])
    assert reply.headers["Cache-Control"] == "no-store"


def test_a_batch_that_takes_too_long_is_refused(
    client: FrontClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "SECONDS", 0.0)
    reply = post(client, "queries", {"q0": {"query": "Kazakhstan"}})
    assert reply.status_code == 503
    assert reply.headers["Retry-After"]
    assert "0 of 1 queries" in reply.get_json()["detail"]


@pytest.mark.parametrize(
    ("queries", "said"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"q0": {"query": "a", "\\ud800": 1}}', "surrogates not allowed"),
        ('{"q\\udfff": {"query": "a"}}', "surrogates not allowed"),
        ([], "queries is []"),
        ({"q0": "Kazakhstan"}, 'such as {"query"'),
        ({"q0": {}}, "neither"),
        ({"q0": {"query": "  "}}, "neither"),
        ({"q0": {"query": 5}}, "queries.q0.query is 5"),
        ({"q0": {"query": "a", "filter": 1}}, "type_strict"),
        ({"q0": {"query": "a", "type": "planet"}}, "legal-instrument"),
        ({"q0": {"query": "a", "type": 5}}, "a list of types"),
        ({"q0": {"query": "a", "type_strict": "maybe"}}, "should, all, any"),
        ({"q0": {"query": "a", "limit": 0}}, "from 1"),
        ({"q0": {"query": "a", "limit": 1.5}}, "from 1"),
        ({"q0": {"query": "a", "limit": "5"}}, "from 1"),
        ({"q0": {"query": "a", "properties": {"pid": "kind"}}}, "a list such as"),
        ({"q0": {"query": "a", "properties": [{"pid": "kind"}]}}, "pid and v"),
        ({"q0": {"query": "a", "properties": [{"pid": "colour", "v": 1}]}}, "wikidata"),
        ({"q0": {"query": "a", "properties": [{"pid": "kind", "v": {}}]}}, "an object with id"),
        ({"q0": {"query": "a", "properties": [{"pid": "kind", "v": ["a"] * 21}]}}, "20 are"),
        ({"q0": {"query": "a", "properties": [{"pid": "kind", "v": "a"}] * 11}}, "10 are"),
        ({"q0": {"query": "<script>" * 9, "limit": "<script>" * 99}}, "…"),
    ],
)
def test_what_is_no_query_is_told_what_would_be_one(
    client: FrontClient, queries: Any, said: str
) -> None:
    text = queries if isinstance(queries, str) else json.dumps(queries)
    reply = client.post("/kz/reconcile", data=urlencode({"queries": text}), content_type=FORM)
    assert reply.status_code == 400
    assert reply.content_type == "application/problem+json"
    assert said in reply.get_json()["detail"]
    assert len(reply.data) < 2_000


def test_requests_are_bounded(client: FrontClient) -> None:
    many = {f"q{number}": {"query": "a"} for number in range(MOST_QUERIES + 1)}
    assert post(client, "queries", many).status_code == 413
    long = {"q0": {"query": "Kazakhstan " + "a" * MOST_TEXT}}
    assert read(post(client, "queries", long), RESULTS) == {"q0": {"result": []}}
    large = {"q0": {"query": "a" * MOST_BYTES}}
    assert post(client, "queries", large).status_code == 413
    asked = {"ids": [f"a/{n}" for n in range(MOST_IDS + 1)], "properties": [{"id": "kind"}]}
    assert post(client, "extend", asked).status_code == 413
    most = {"q0": {"query": "Ministry", "limit": 1_000_000}}
    assert len(read(post(client, "queries", most), RESULTS)["q0"]["result"]) <= MOST_CANDIDATES


def test_other_forms_of_asking_are_refused(client: FrontClient) -> None:
    """jQuery adds `callback` and `_` where OpenRefine before version 3.3 asks."""
    old = client.get("/kz/reconcile?callback=jQuery1113_2&_=1")
    assert old.status_code == 400
    assert "OpenRefine" in old.get_json()["detail"]
    queries = json.dumps({"q0": {"query": "a"}})
    for content_type in ("application/json", "text/plain", ""):
        reply = client.post("/kz/reconcile", data=queries, content_type=content_type)
        assert reply.status_code == 415
    assert client.post("/kz/reconcile", data="", content_type=FORM).status_code == 400
    assert client.get("/kz/reconcile?queries=").status_code == 400
    both = urlencode({"queries": queries, "extend": "{}"})
    assert client.post("/kz/reconcile", data=both, content_type=FORM).status_code == 400
    assert client.put("/kz/reconcile", data=both, content_type=FORM).status_code == 405
    assert client.post("/kz/reconcile/view", data=both, content_type=FORM).status_code == 405


def test_things_types_and_properties_are_suggested(client: FrontClient) -> None:
    at = "/kz/reconcile/suggest"
    found = read(client.get(f"{at}/entity?prefix=minist"), SUGGESTED)["result"]
    assert all("inistry" in each["name"] for each in found[:5])
    more = read(client.get(f"{at}/entity?prefix=minist&cursor=5"), SUGGESTED)["result"]
    assert [each["id"] for each in more[:5]] == [each["id"] for each in found[5:]]
    # The name, the identifier and the type.
    for prefix in ("UNHCR", "organisation/unhcr", "бжкб"):
        found = read(client.get(f"{at}/entity", query_string={"prefix": prefix}), SUGGESTED)
        assert found["result"][0]["id"] == "organisation/unhcr"
    typed = read(client.get(f"{at}/entity?prefix=kaz&type=country"), SUGGESTED)["result"]
    assert {each["notable"][0]["id"] for each in typed} == {"country"}
    types = read(client.get(f"{at}/type?prefix=tr"), SUGGESTED)["result"]
    assert [each["id"] for each in types] == ["legal-instrument"]
    properties = read(client.get("/kz/ru/reconcile/suggest/property?prefix=вики"), SUGGESTED)
    assert [each["id"] for each in properties["result"]] == ["wikidata"]
    assert client.get(f"{at}/planet").status_code == 404
    assert client.get(f"{at}/entity?cursor=-1").status_code == 400


def test_columns_are_added_from_what_was_matched(client: FrontClient) -> None:
    proposed = read(client.get("/kz/reconcile/properties?type=country"), PROPOSED)
    ids = [each["id"] for each in proposed["properties"]]
    assert {"iso3166Alpha2", "wikidata", "geonames", "label-kk", "within", "party-to"} <= {*ids}
    assert "lei" not in ids
    assert proposed["type"] == "country"
    # OpenRefine asks so where a column was matched without a type.
    every = read(client.get("/kz/reconcile/properties?type="), PROPOSED)["properties"]
    assert {*ids, "lei"} < {each["id"] for each in every}
    limited = read(client.get("/kz/reconcile/properties?type=country&limit=3"), PROPOSED)
    assert [each["id"] for each in limited["properties"]] == ids[:3]
    for limit in ("", "-1", "3.5", "１"):
        assert client.get(f"/kz/reconcile/properties?limit={limit}").status_code == 400
    # ReconciledDataExtensionJob; the settings of its form are texts.
    asked: dict[str, Any] = {
        "ids": ["country/KAZ", "instrument/refugee-convention-1951", "no/such", "../x"],
        "properties": [
            {"id": "wikidata", "settings": {"limit": "0", "links": "code"}},
            {"id": "geonames", "settings": {"limit": "1", "links": "iri"}},
            {"id": "within"},
            {"id": "year-in-title"},
            {"id": "other-names", "settings": {"limit": "1"}},
            {"id": "iri"},
        ],
    }
    found = read(post(client, "extend", asked), EXTENDED)
    assert [each["id"] for each in found["meta"]] == [each["id"] for each in asked["properties"]]
    assert list(found["rows"]) == asked["ids"]
    country = found["rows"]["country/KAZ"]
    assert country["wikidata"] == [{"str": "Q232"}]
    assert country["geonames"] == [{"str": "https://sws.geonames.org/1522867/"}]
    assert country["within"] == [{"id": "place/central-asia", "name": "Central Asia"}]
    assert len(country["other-names"]) == 1
    assert country["iri"] == [{"id": "country/KAZ", "name": "Kazakhstan"}]
    treaty = found["rows"]["instrument/refugee-convention-1951"]
    assert treaty["year-in-title"] == [{"int": 1951}]
    assert not any(found["rows"]["../x"].values())


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"ids": "country/KAZ", "properties": []}, "a list of identifiers"),
        ({"ids": [], "properties": []}, "a list of properties"),
        ({"ids": [], "properties": [{"id": "colour"}]}, "iso3166Alpha2"),
        ({"ids": [], "properties": [{"id": "kind", "settings": {"limit": "many"}}]}, "limit"),
        ({"ids": [], "properties": [{"id": "kind", "settings": {"links": "all"}}]}, "iri or code"),
    ],
)
def test_what_cannot_be_added_is_told_why(client: FrontClient, asked: Any, said: str) -> None:
    reply = post(client, "extend", asked)
    assert reply.status_code == 400
    assert said in reply.get_json()["detail"]


def test_a_preview_may_stand_in_a_frame_and_nothing_else_may(client: FrontClient) -> None:
    reply = client.get("/kz/reconcile/preview?id=country%2FKAZ")
    assert reply.status_code == 200
    policy = reply.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "<script" not in reply.text
    assert "Қазақстан" in reply.text
    assert 'href="/kz/page/country/KAZ"' in reply.text
    assert reply.headers["X-Robots-Tag"] == "noindex"
    # A piece of HTML stands on a page of another host.
    flyout = client.get("/kz/reconcile/flyout/entity?id=country%2FKAZ").get_json()
    assert f'href="{PUBLIC}/page/country/KAZ"' in flyout["html"]
    page = client.get("/kz/about", headers={"Accept": "text/html"})
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    moved = client.get("/kz/ru/reconcile/view?id=country%2FKAZ")
    assert (moved.status_code, moved.headers["Location"]) == (303, "/kz/ru/page/country/KAZ")
    for path in ("preview?id=no/such", "view?id=no/such", "flyout/entity?id=", "flyout/type?id=x"):
        assert client.get(f"/kz/reconcile/{path}").status_code == 404


def test_people_are_not_matched(client: FrontClient) -> None:
    found = read(post(client, "queries", {"q0": {"query": "Irina Bilyalova"}}), RESULTS)
    assert not any(each["id"].startswith("person/") for each in found["q0"]["result"])
    assert client.get("/kz/reconcile/preview?id=person/irina-bilyalova").status_code == 404


def test_labels_that_mean_harm_are_shown_and_do_nothing(tmp_path: Path) -> None:
    harm = "</script><img src=x onerror=alert(1)>"
    release = SmallRelease(tmp_path).load(
        f'GRAPH <graph/entities> {{ <id/country/ONE> a schema:Country ; rdfs:label "{harm}"@en }}'
    )
    write_index(release.store, tmp_path / INDEX, release.version)
    client = FrontClient(release, Settings())
    for path in ("preview?id=country/ONE", "flyout/entity?id=country/ONE"):
        text = client.get(f"/reconcile/{path}").text
        assert "&lt;img src=x" in text
        assert "<img" not in text
    (tmp_path / INDEX).unlink()
    without = FrontClient(SmallRelease(tmp_path / "without").load(), Settings())
    reply = post(without, "queries", {"q0": {"query": "a"}}, "/reconcile")
    assert reply.status_code == 501


def test_a_running_server_is_asked_as_openrefine_asks(url: str) -> None:
    """Over HTTP, with the fields that it sends; an answer that it gave is not asked for again."""
    manifest = call(f"{url}/reconcile", "application/json, text/javascript, */*; q=0.01")
    validate(MANIFEST, manifest.json)
    form = urlencode({"queries": json.dumps({"q0": {"query": "Қазақстан"}})}).encode()
    content_type = f"{FORM}; charset=UTF-8"
    answer = call(f"{url}/reconcile", body=form, Content_Type=content_type, Expect="")
    validate(RESULTS, answer.json)
    assert answer.json["q0"]["result"][0]["id"] == "country/KAZ"
    encoded = call(f"{url}/reconcile", body=form, Content_Type=FORM, Content_Encoding="gzip")
    assert encoded.status == 415
