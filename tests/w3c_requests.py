"""The requests that the W3C's tests of the two protocols describe.

The manifests say them in RDF: https://www.w3.org/TR/HTTP-in-RDF10/.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from w3c_suite import MF, Term, Test, local_name

HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"


@dataclass(frozen=True)
class Request:
    """A request, and what its answer must be.

    Attributes:
        method: the method.
        target: path and query string, as the suite has them.
        fields: the header fields.
        text: the body; None where it has none.
        encoding: the encoding of the body.
        statuses: the status codes that will do: a code, or the first digit of a class of them.
        boolean: the answer, where it is true or false.
        form: "boolean", "tabular" or "RDF", where the form of the answer is said.
        type: the media type of the answer, where it is said.
        content: the body of the answer, where it is said.
    """

    method: str
    target: str
    fields: dict[str, str]
    text: str | None
    encoding: str
    statuses: frozenset[int]
    boolean: bool | None
    form: str
    type: str
    content: str


#: The names of status codes at http://www.w3.org/2011/http-statusCodes#; of a class, its digit.
_STATUSES = {
    "OK": 200,
    "Created": 201,
    "NoContent": 204,
    "NotFound": 404,
    "StatusCode2xx": 2,
    "StatusCode3xx": 3,
    "StatusCode4xx": 4,
    "StatusCode5xx": 5,
}


def requests_of(test: Test) -> Iterator[Request]:
    """The requests of a test, in order."""
    found = test.manifest
    for node in found.items(found.one(test.action, HT + "requests")):
        answer = found.one(node, HT + "resp")
        assert answer is not None
        body = found.one(node, HT + "body")
        boolean = found.text(answer, MF + "expectedBoolean")
        yield Request(
            method=found.text(node, HT + "methodName"),
            target=found.text(node, HT + "absolutePath"),
            fields=_fields(test, node),
            text=found.text(body, CNT + "chars") if body is not None else None,
            encoding=found.text(body, CNT + "characterEncoding") if body is not None else "UTF-8",
            statuses=frozenset(
                _STATUSES[local_name(each)] for each in found.all(answer, MF + "expectedStatus")
            ),
            boolean=boolean == "true" if boolean else None,
            form=found.text(answer, MF + "expectedFormat"),
            type=_fields(test, answer).get("content-type", "").partition(";")[0],
            content=found.text(found.one(answer, HT + "body") or answer, CNT + "chars"),
        )


def is_expected(status: int, request: Request) -> bool:
    """Whether a status code will do."""
    return bool({status, status // 100} & request.statuses)


def _fields(test: Test, node: Term) -> dict[str, str]:
    found = test.manifest
    return {
        found.text(field, HT + "fieldName").lower(): found.text(field, HT + "fieldValue")
        for field in found.items(found.one(node, HT + "headers"))
    }
