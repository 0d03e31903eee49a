"""The description of the server in OpenAPI is valid, describes what there is, and is kept to."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import strategies as st
from openapi_spec_validator import validate

from front_client import FrontClient
from kzgraph_server.flask_app import create_app
from kzgraph_server.front import app as front
from kzgraph_server.negotiate import QUERY
from kzgraph_server.pages.openapi import parameters
from kzgraph_server.pages.openapi.elements import Group
from kzgraph_server.pages.openapi.snippets import LANGUAGES, make_example
from kzgraph_server.pages.openapi.specification import make_specification
from kzgraph_server.pages.reconcile.batch_limits import RECONCILE
from kzgraph_server.settings import Settings
from server_fixtures import SmallRelease, call, small

__all__ = ["small"]

DOCUMENT = make_specification("https://w3id.org/kzgraph", "VERSION")
OPERATIONS = [(method, path) for path, found in DOCUMENT["paths"].items() for method in found]

#: The examples of an operation in every run: the same in each.
FEW = 3

#: What the release of the tests does not have.
NOT_THERE = {
    "/browse/table/{name}",
    "/quality/cross-check.json",
    "/releases/{version}/changes.json",
}

#: What the formats stand for that JSON Schema does not have: what there is, and what there is not.
KNOWN = {
    parameters.SPARQL: [
        "ASK {}",
        "SELECT ?s ?value { ?s kzg:value ?value } LIMIT 3",
        "CONSTRUCT { ?s a kzg:Pledge } WHERE { ?s a kzg:Pledge }",
        "DESCRIBE country:KAZ",
        "SELECT * { GRAPH ?g { ?s a kzg:Treaty } } LIMIT 1",
    ],
    parameters.THING: ["country/KAZ", "dataset/kzgraph", "country/none", "a"],
    parameters.CITATION: ["dataset/kzgraph.cff", "document/overview.ris", "country/KAZ.txt", "a"],
    parameters.GRAPH_NAME: ["entities", "ontology", "none"],
    parameters.GRAPH_IRI: ["https://w3id.org/kzgraph/graph/entities", "urn:none"],
    parameters.CLASS_NAME: ["Pledge", "schema:Country", "None"],
    parameters.CHART: ["people/country/KAZ/REF", "none", "givers/country/KAZ", "people"],
    parameters.DOC: ["endpoint", "decisions/labels", "security", "none"],
    parameters.QUERIES: ['{"q0": {"query": "Kazakhstan"}}', "{}"],
    parameters.EXTENSION: ['{"ids": ["country/KAZ", "a"], "properties": [{"id": "kind"}]}'],
    parameters.FILE: ["kzgraph.nq", "concordance.csv", "graphs/entities.ttl", "SHA256SUMS", "no"],
}
#: Where a request may fit the schema of each parameter and make no sense as a whole: two of them
#: exclude each other, a format is not one of this kind of answer, a range is beyond the file, a
#: code is none that the release has.
TOGETHER = {
    "GET /check": 400,
    "GET /data": 400,
    "GET /dumps/{name}": 400,
    "GET /sparql": 400,
    "POST /sparql": 400,
    # A filter is not one of each table, and a code not one of each list.
    "GET /tables/{name}.{suffix}": 400,
    "GET /reconcile": 400,
    "POST /reconcile": 400,
}


def test_the_description_is_valid() -> None:
    validate(DOCUMENT)


def list_routes(app: Flask) -> set[str]:
    """The paths of Flask's routes, as OpenAPI writes them."""
    rules = [each for each in app.url_map.iter_rules() if not each.build_only]
    read, sent = ("GET", "HEAD", "OPTIONS"), ("OPTIONS", "POST")
    methods = {(each.rule, tuple(sorted(each.methods or ()))) for each in rules}
    # Nothing is changed by a request: a batch of names is sent because it is long.
    assert {rule for rule, each in methods if each != read} == {RECONCILE}
    assert (RECONCILE, sent) in methods
    return {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", each.rule) for each in rules}


def test_every_address_is_described_and_nothing_else(tmp_path: Path) -> None:
    """Where this fails for a new address: kzgraph_server/pages/openapi has the place for it."""
    app = create_app(SmallRelease(tmp_path).load(), Settings())
    routes = list_routes(app)
    handled = {path.rstrip("/") for path in front._HANDLERS}
    assert set(DOCUMENT["paths"]) == routes | handled


def test_below_the_address_of_a_release_its_own_addresses_are_described(tmp_path: Path) -> None:
    own = Settings(public_url="https://w3id.org/kzgraph/releases/0-test")
    app = create_app(SmallRelease(tmp_path).load(), own, Settings())
    document = app.test_client().get("/api/openapi.json").get_json()
    validate(document)
    assert [each["url"] for each in document["servers"]] == [own.public_url]
    assert set(document["paths"]) == list_routes(app) | {path.rstrip("/") for path in front._PINNED}


def test_every_parameter_of_a_path_is_described() -> None:
    for path, operations in DOCUMENT["paths"].items():
        for operation in operations.values():
            named = [
                each["name"] for each in operation.get("parameters", ()) if each["in"] == "path"
            ]
            assert named == re.findall(r"\{(\w+)\}", path)


def test_the_server_gives_its_description_for_programs_and_for_readers(small: FrontClient) -> None:
    served = small.get("/api/openapi.json").get_json()
    assert served["paths"] == make_specification("", small.release.version)["paths"]
    assert served["servers"][0]["url"] == Settings().public_url
    page = small.get("/api").text
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            assert f"</span> {path}</code>" in page
            assert f'<article id="{operation["operationId"]}">' in page
            assert f'<span class="method">{method.upper()}</span>' in page


def test_an_explanation_may_be_asked_for_by_pages_of_other_hosts(small: FrontClient) -> None:
    answer = small.options("/sparql/explain")
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


# --- schemathesis, imported where it is used: that takes a second, in each process that collects


def _write_query(_: object, value: object) -> bytes:
    return str(value).encode()


def make_schema(examples: int) -> Any:
    """The description, to make requests from, so many for each operation."""
    import schemathesis
    from schemathesis.config import SchemathesisConfig

    schemathesis.serializer(QUERY)(_write_query)
    for name, values in KNOWN.items():
        schemathesis.openapi.format(name, st.sampled_from(values))
    accepted = ["2xx", "3xx", "404", "406", "410", "416", "422"]
    config = {
        "generation": {
            "max-examples": examples,
            "database": "none",
            "deterministic": examples == FEW,
            # Parameters that nobody knows are passed over, which is no fault.
            "allow-extra-parameters": False,
        },
        "phases": {"coverage": {"unexpected-methods": ["delete"]}},
        "checks": {
            "positive_data_acceptance": {"expected-statuses": accepted},
            "negative_data_rejection": {
                "expected-statuses": ["400", "404", "405", "406", "414", "415", "422", "431"]
            },
        },
        "operations": [
            {
                "include-name": name,
                "checks": {"positive_data_acceptance": {"expected-statuses": [*accepted, status]}},
            }
            for name, status in TOGETHER.items()
        ]
        # The borders of what pages for readers take, and of what a form does, are tried at length.
        + [
            {**which, "phases": {"coverage": {"enabled": False}}}
            for which in (
                {"include-tag": Group.PAGES.name.lower()},
                {"include-name": "POST /sparql"},
            )
            if examples == FEW
        ]
        # A form has the parameters that the address may have too, and the first of two counts:
        # what is wrong with the second is not noticed.
        + [
            {
                "include-name": "POST /sparql",
                "checks": {"negative_data_rejection": {"enabled": False}},
            }
        ],
    }
    return schemathesis.openapi.from_dict(DOCUMENT, config=SchemathesisConfig.from_dict(config))


def make_checks(examples: int, url: str) -> dict[str, Callable[[], None]]:
    """What sends requests of each operation and checks what comes back, by method and path.

    The way in which schemathesis parametrizes tests makes all requests while tests are collected,
    in each process; its way with fixtures fails with pytest 9.2.0.
    """
    from schemathesis.core.result import Ok
    from schemathesis.pytest.lazy import get_all_tests

    def check(case: Any) -> None:
        case.call_and_validate(base_url=url)

    schema = make_schema(examples)
    made = get_all_tests(schema=schema, test_func=check, settings=None, given_kwargs=None)
    found = {}
    for each in made:
        assert isinstance(each, Ok), each
        operation, test = each.ok()
        found[operation.label] = test
    return found


@pytest.fixture(scope="module")
def checks(url: str) -> dict[str, Callable[[], None]]:
    return make_checks(FEW, url)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_the_server_keeps_to_its_description(
    checks: dict[str, Callable[[], None]], method: str, path: str
) -> None:
    checks[f"{method.upper()} {path}"]()


@pytest.mark.long
def test_the_server_keeps_to_its_description_at_length(url: str) -> None:
    found = make_checks(500, url)
    assert len(found) == len(OPERATIONS)
    for check in found.values():
        check()


# --- snippets

#: What runs all snippets of a language one after the other, and how they are put together. Each
#: fails where its request does; R is not run, for most machines have none.
RUNNERS: dict[str, tuple[str, Callable[[str], str]]] = {
    "curl": ("bash", lambda code: f"{code.replace('curl -s', 'curl --fail -sS')} > /dev/null\n"),
    "Python": (sys.executable, lambda code: f"exec({code!r})\n"),
    "JavaScript": (
        "node",
        lambda code: "await (async () => {" + code + "\nif (!answer.ok) throw answer.url})();\n",
    ),
}


@pytest.mark.parametrize("language", RUNNERS)
def test_snippets_run(language: str, url: str, tmp_path: Path) -> None:
    program, wrap = RUNNERS[language]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is missing: apt install nodejs")
    document = make_specification(url, call(f"{url}/health").json["version"])
    code = "set -e\n" if language == "curl" else ""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if path not in NOT_THERE:
                code += wrap(LANGUAGES[language](make_example(url, path, method, operation)))
    file = tmp_path / "snippets.mjs"
    file.write_text(code, "utf-8")
    done = subprocess.run([program, str(file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
