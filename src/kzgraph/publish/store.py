"""The client of the store that a release is published to.

Requests that failed because of the connection, or because the store was busy, are retried a bounded
number of times. Redirects are never followed: credentials and data go only to the address that the
user gave.
"""

import json
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

import httpx

from kzgraph.engines import plain_message, strip_secrets
from kzgraph.publish.errors import PublishError, Refused, Unanswered
from kzgraph.version import VERSION

RESULTS = "application/sparql-results+json"

#: The most bytes of a response that are read: a response may be endless.
MAX_ANSWER = 16 * 1024 * 1024

_CHUNK = 64 * 1024
_BUSY = frozenset({429, 502, 503, 504})
# A store may take long over a graph of millions of triples before it answers.
_TIMEOUT = httpx.Timeout(60.0, connect=10.0, read=600.0)

_MEANINGS = {
    401: "the user name or password is not accepted",
    403: "this user is not allowed to do that",
    404: "there is no such service at this address",
    405: "the service at this address does not take this",
    413: "the store does not take a request this large",
    415: "the service at this address does not take this kind of content",
}


@dataclass(frozen=True)
class Patience:
    """The retry policy: how often a request is sent, and how long to wait between.

    Attributes:
        attempts: how often at most.
        first: seconds to wait after the first failure; twice as long after each further one.
        longest: seconds to wait at most.
    """

    attempts: int = 5
    first: float = 0.5
    longest: float = 30.0

    def wait(self, failures: int, retry_after: str = "") -> float:
        """Seconds to wait after `failures`; `retry_after` is the header field of the response."""
        asked = float(retry_after) if retry_after.isascii() and retry_after.isdigit() else 0.0
        own: float = self.first * 2 ** (failures - 1)
        return min(max(own, asked), self.longest)


class Body(Protocol):
    """A request body that can be sent again.

    Attributes:
        size: in bytes.
    """

    @property
    def size(self) -> int: ...  # noqa: D102 - described above

    def __iter__(self) -> Iterator[bytes]: ...


class RemoteStore:
    """A client of a SPARQL store over HTTP, open during the `with` block."""

    def __init__(
        self,
        auth: httpx.Auth | None = None,
        secret: str = "",
        patience: Patience | None = None,
        note: Callable[[str], None] = lambda text: None,
    ) -> None:
        """Make a client.

        Args:
            auth: the client's credentials.
            secret: is removed from messages of the store.
            patience: how failed requests are retried.
            note: called with the reason of each retry.
        """
        self._secret = secret
        self._with_auth = auth is not None
        self._patience = patience or Patience()
        self._note = note
        self._client = httpx.Client(
            auth=auth,
            timeout=_TIMEOUT,
            follow_redirects=False,
            verify=ssl.create_default_context(),
            headers={"User-Agent": f"kzgraph/{VERSION}", "Accept-Encoding": "identity"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def put_graph(self, url: str, graph: str, body: Body) -> None:
        """Replace `graph` by the N-Triples of `body`, through the graph store at `url`.

        https://www.w3.org/TR/sparql11-http-rdf-update/#http-put

        Raises:
            PublishError: the store refused it.
        """
        self._send_graph("PUT", url, graph, body)

    def add_to_graph(self, url: str, graph: str, body: Body) -> None:
        """Add the N-Triples of `body`, without blank nodes, to `graph`.

        https://www.w3.org/TR/sparql11-http-rdf-update/#http-post

        Raises:
            PublishError: the store refused it.
        """
        self._send_graph("POST", url, graph, body)

    def _send_graph(self, method: str, url: str, graph: str, body: Body) -> None:
        # Every N-Triples document is a Turtle document, and Turtle is what every store takes.
        address = httpx.URL(url).copy_merge_params({"graph": graph})
        # The length is stated: Virtuoso 7 does not read a chunked request.
        headers = {"Content-Type": "text/turtle", "Content-Length": str(body.size)}
        self._ask(method, address, headers, lambda: body)

    def update(self, url: str, text: str, repeatable: bool = True) -> None:
        """Apply the SPARQL update `text` at `url`.

        Args:
            url: the address.
            text: the update.
            repeatable: whether applying it twice is the same as once.

        Raises:
            PublishError: the store refused it.
        """
        headers = {"Content-Type": "application/sparql-update"}
        body = text.encode()
        attempts = self._patience.attempts if repeatable else 1
        self._ask("POST", httpx.URL(url), headers, lambda: body, attempts)

    def select(self, url: str, query: str) -> list[dict[str, dict[str, str]]]:
        """The solutions of the SELECT `query`, each variable's term as the JSON format has it.

        https://www.w3.org/TR/sparql11-results-json/#select-results

        Raises:
            PublishError: the store did not answer with a result.
        """
        answer = self.query(url, query, RESULTS)
        try:
            found: Any = json.loads(answer)["results"]["bindings"]
            if isinstance(found, list):
                return found
        except (ValueError, LookupError, TypeError):
            pass
        if answer.lstrip().startswith(b"{"):
            raise PublishError(f"{strip_secrets(url)}: the answer to a query broke off")
        raise PublishError(f"{strip_secrets(url)}: this is not a SPARQL endpoint")

    def query(self, url: str, query: str, accept: str, graphs: Sequence[str] = ()) -> bytes:
        """The answer to `query` in the format of the media type `accept`.

        Args:
            url: the address.
            query: its text.
            accept: what is accepted.
            graphs: the data set, all of them by name and merged; empty for what the store has.

        Raises:
            PublishError: the store did not answer.
        """
        fields: dict[str, str | list[str]] = {"query": query}
        if graphs:
            names = list(graphs)
            fields |= {"default-graph-uri": names, "named-graph-uri": names}
        body = str(httpx.QueryParams(fields)).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}
        return self._ask("POST", httpx.URL(url), headers, lambda: body)

    def _ask(
        self,
        method: str,
        url: httpx.URL,
        headers: Mapping[str, str],
        content: Callable[[], Any],
        attempts: int = 0,
    ) -> bytes:
        """The body of the answer to a request that is repeated where that may help."""
        shown, failures = strip_secrets(url), 0
        attempts = attempts or self._patience.attempts
        while True:
            retry_after = ""
            try:
                sent = {"Accept": "*/*", **headers}
                with self._client.stream(method, url, headers=sent, content=content()) as response:
                    if response.status_code not in _BUSY:
                        return self._body(response, shown)
                    trouble = f"busy or out of service ({response.status_code})"
                    retry_after = response.headers.get("Retry-After", "")
            except httpx.TransportError as error:
                if _is_tls_failure(error):
                    raise PublishError(
                        f"{shown}: no secure connection: {plain_message(str(error))}"
                    ) from None
                trouble = _describe_failure(error)
            failures += 1
            if failures >= attempts:
                raise Unanswered(f"{shown}: {trouble}, tried {_times(failures)}")
            self._note(f"{trouble}; retrying")
            time.sleep(self._patience.wait(failures, retry_after))

    def _body(self, response: httpx.Response, shown: str) -> bytes:
        status = response.status_code
        body = bytearray()
        for part in response.iter_bytes(_CHUNK):
            body += part
            if len(body) > (MAX_ANSWER if status < 300 else _CHUNK):
                break
        if 200 <= status < 300:
            if len(body) > MAX_ANSWER:
                raise PublishError(f"{shown}: the answer is longer than {MAX_ANSWER} bytes")
            return bytes(body)
        if 300 <= status < 400:
            to = strip_secrets(response.url.join(response.headers.get("Location", "")))
            raise Refused(
                f"{shown}: it has moved to {to}; name that address if you trust it", status
            )
        meaning = _MEANINGS.get(status, f"the store answered {status}")
        if status == 401 and not self._with_auth:
            meaning = "the store asks for a user name and password"
        told = plain_message(body.decode("utf-8", "replace"), self._secret)
        raise Refused(f"{shown}: {meaning}" + (f": {told}" if told else ""), status)


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _describe_failure(error: httpx.TransportError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "timed out"
    if isinstance(error, httpx.ConnectError):
        return f"cannot be reached ({plain_message(str(error)) or 'no connection'})"
    return "the connection broke off"


def _is_tls_failure(error: BaseException | None) -> bool:
    """Whether TLS is what failed, which a retry does not fix."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
