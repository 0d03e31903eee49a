"""A client for SPARQL endpoints: SPARQLWrapper, with this project's settings."""

import ast
import json
import re
from collections.abc import Callable, Iterable, Mapping
from http.client import HTTPException
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import Request, urlopen

import rdflib
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLExceptions, SPARQLWrapper

from kzgraph.client.analyst import Analyst
from kzgraph.client.errors import EndpointError, QueryRefused, QueryTimeout
from kzgraph.client.values import Value, frame, value
from kzgraph.prefixes import PREDECLARED, used_prefixes
from kzgraph.tidy.filter_values import Values, write_parameters
from kzgraph.tidy.table_templates import Column, Table, read_filters

if TYPE_CHECKING:
    import pandas

T = TypeVar("T")

_GRAPH_FORMS = ("CONSTRUCT", "DESCRIBE")
#: Bytes of the answer that says why there is none.
_MOST_OF_AN_ERROR = 10_000


def endpoint(url: str, *, timeout: float | None = None) -> "Endpoint":
    """The SPARQL endpoint at an address.

    Args:
        url: the address, `http://127.0.0.1:8000/sparql` for a server on this machine.
        timeout: seconds without data after which a query times out; by default none.

    Raises:
        ValueError: the address does not begin with http:// or https://.
    """
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"{url!r} is not an endpoint: it begins with http:// or https://")
    return Endpoint(url, timeout)


class Endpoint(SPARQLWrapper, Analyst):  # type: ignore[misc] # Its annotations are not read.
    """A SPARQLWrapper that declares the project's prefixes, posts, and returns Python values.

    All methods of SPARQLWrapper are available. A query may use the project's prefixes without
    declaring them; its own declarations win.
    """

    def __init__(self, url: str, timeout: float | None = None) -> None:
        super().__init__(url, agent="kzgraph")
        self._patience = timeout
        self._help: str | None = None
        self._files: Mapping[str, Table] | None = None
        self.setMethod(POST)
        self.setReturnFormat(JSON)
        if timeout is not None:
            self.setTimeout(max(1, round(timeout)))

    def setQuery(self, query: str) -> None:  # noqa: N802 - the name is SPARQLWrapper's
        """Set a query, with the prefixes of the project that it seems to use."""
        super().setQuery(add_prefixes(query))

    def rows(self, query: str) -> list[dict[str, Value]]:
        """The rows of a SELECT query, each a dictionary with all its variables.

        See `kzgraph.client.values.value` for the conversions.

        Raises:
            QueryRefused: the query is not a SELECT, or the endpoint found a fault in it.
            EndpointError: no answer, or one that is not a SPARQL result.
            QueryTimeout: no data came within the timeout.
        """
        return self._select(query)[1]

    def frame(self, query: str) -> "pandas.DataFrame":
        """The rows of a SELECT query as a data frame; needs the extra `pandas`.

        See `kzgraph.client.values.frame` for the types of the columns.

        Raises:
            ImportError: pandas is not installed.
            QueryRefused, EndpointError, QueryTimeout: see `rows`.
        """
        return frame(*self._select(query))

    def ask(self, query: str) -> bool:
        """The answer to an ASK query.

        Raises:
            QueryRefused, EndpointError, QueryTimeout: see `rows`.
        """
        found = self._json(query, "ASK").get("boolean")
        if not isinstance(found, bool):
            raise self._not_a_result()
        return found

    def graph(self, query: str) -> rdflib.Graph:
        """The graph that a CONSTRUCT or DESCRIBE query makes.

        Raises:
            QueryRefused, EndpointError, QueryTimeout: see `rows`.
        """
        body = self.fetch(query)
        self._expect(*_GRAPH_FORMS)
        graph = rdflib.Graph()
        for prefix, namespace in PREDECLARED.items():
            graph.bind(prefix, namespace)
        try:
            return graph.parse(data=body, format="turtle")
        except (SyntaxError, ValueError):
            raise self._not_a_result() from None

    def fetch(self, query: str) -> bytes:
        """The raw answer: SPARQL's JSON, or Turtle for a graph.

        Raises:
            QueryRefused, EndpointError, QueryTimeout: see `rows`.
        """
        self.setQuery(query)
        self.setReturnFormat(TURTLE if self.queryType in _GRAPH_FORMS else JSON)
        silent = f"{self.endpoint} was silent for {self._patience or 0:g} s"
        try:
            response = self.query().response
            self._help = _find_help(response.headers.get_all("Link") or ())
            body = response.read()
        except SPARQLExceptions.QueryBadFormed as error:
            raise QueryRefused(_message(error)) from None
        except TimeoutError:
            raise QueryTimeout(silent) from None
        except (
            SPARQLExceptions.SPARQLWrapperException,
            HTTPException,  # Also for a bad address, or an answer that broke off.
            OSError,
            ValueError,
        ) as error:
            if isinstance(getattr(error, "reason", None), TimeoutError):
                raise QueryTimeout(silent) from None
            raise EndpointError(f"{self.endpoint}: {_message(error)}") from None
        return bytes(body)

    def reasons(self) -> list[str]:
        """Why the last query found nothing, as sentences; none where the endpoint does not say.

        Raises:
            EndpointError: it offers reasons, and then gives none.
        """
        if self._help is None:
            return []
        address = urljoin(self.endpoint, self._help)
        if urlsplit(address)[:2] != urlsplit(self.endpoint)[:2]:
            return []  # No answer sends its reader to another host.
        try:
            return [str(each["message"]) for each in self._load(address)["reasons"]]
        except (LookupError, TypeError) as error:
            raise EndpointError(f"{address}: {_message(error)}") from None

    def check(self, claim: str, *, language: str = "en", **meant: str) -> dict[str, Any]:
        """What the sources have for a number or a sentence, where the endpoint is one of ours.

        docs/checking.md says what each member means.

        Args:
            claim: in English, Russian or Kazakh.
            language: of the sentences and labels: en, ru or kk.
            **meant: what the claim means instead of what is read, such as `place="country/KAZ"`;
                `registered_by` for `registered-by`.

        Raises:
            EndpointError: no answer, or one that is not that of a check.
        """
        room = "check" if language == "en" else f"{language}/check"
        given = {name.replace("_", "-"): value for name, value in meant.items()}
        query = urlencode({"q": claim, "format": "json", **given})
        address = f"{urljoin(self.endpoint, room)}?{query}"
        found = self._load(address)
        if not isinstance(found, dict) or "verdict" not in found:
            raise EndpointError(f"{address}: the answer is not that of a check")
        return found

    def _find_files(self) -> Mapping[str, Table]:
        """The tables that the server says it has as files; none of an endpoint that is not ours."""
        if self._files is None:
            try:
                found = self._load(urljoin(self.endpoint, "tables/?format=json"))
                entries = [each for each in found["tables"] if each.get("files")]
                self._files = {each["name"]: _read_entry(each) for each in entries}
            except (EndpointError, LookupError, TypeError, AttributeError):
                self._files = {}
        return self._files

    def _open_rows(self, table: Table, values: Values, lang: str) -> BinaryIO:
        parameters = urlencode(write_parameters(table, values, lang))
        address = urljoin(self.endpoint, f"tables/{table.name}.csv?{parameters}")
        return self._ask(address, lambda answer: BytesIO(answer.read()))

    def _load(self, address: str) -> Any:
        """The JSON at an address of the server.

        Raises:
            EndpointError: there is none.
        """
        return self._ask(address, json.load)

    def _ask(self, address: str, read: Callable[[Any], T]) -> T:
        """What is read from the answer at an address of the server.

        Raises:
            EndpointError: there is none.
        """
        asked = Request(address, headers={"User-Agent": self.agent})  # noqa: S310 - see `endpoint`
        try:
            with urlopen(asked, timeout=self._patience) as answer:  # noqa: S310 - likewise
                return read(answer)
        except HTTPError as error:
            with error:
                body = error.read(_MOST_OF_AN_ERROR).decode("utf-8", "replace")
            told = "" if body.lstrip().startswith("<") else " ".join(_detail(body).split())
            raise EndpointError(f"{address}: {told or error.reason}") from None
        except (OSError, HTTPException, ValueError) as error:
            raise EndpointError(f"{address}: {_message(error)}") from None

    def _select(self, query: str) -> tuple[list[str], list[dict[str, Value]]]:
        found = self._json(query, "SELECT")
        try:
            names = [str(name) for name in found["head"]["vars"]]
            rows = [
                {name: value(row[name]) if name in row else None for name in names}
                for row in found["results"]["bindings"]
            ]
        except (KeyError, TypeError):
            raise self._not_a_result() from None
        return names, rows

    def _triples(self, query: str) -> bytes:
        body = self.fetch(query)
        self._expect(*_GRAPH_FORMS)
        return body

    def _json(self, query: str, form: str) -> dict[str, Any]:
        body = self.fetch(query)
        self._expect(form)
        try:
            found = json.loads(body)
        except ValueError:
            raise self._not_a_result() from None
        if not isinstance(found, dict):
            raise self._not_a_result()
        return found

    def _expect(self, *forms: str) -> None:
        if self.queryType not in forms:
            raise QueryRefused(f"the query is a {self.queryType}, not a {' or '.join(forms)}")

    def _not_a_result(self) -> EndpointError:
        return EndpointError(f"{self.endpoint}: the answer is not a SPARQL result")


def _read_entry(entry: Mapping[str, Any]) -> Table:
    """A table, as the list of a server describes it; what is not needed of it is left out."""
    known = read_filters()
    return Table(
        entry["name"],
        {},
        {},
        tuple(entry["key"]),
        tuple(Column(each["name"], each["datatype"], {}) for each in entry["columns"]),
        tuple(known[each["name"]] for each in entry["filters"] if each["name"] in known),
        "",
    )


def _find_help(links: Iterable[str]) -> str | None:
    """The address of a link to help among header fields, RFC 8288."""
    for found in re.finditer(r"<([^>]*)>([^<]*)", ", ".join(links)):
        if re.search(r';\s*rel="?help\b', found[2]):
            return found[1]
    return None


def add_prefixes(text: str) -> str:
    """`text` with declarations of the project's prefixes that it seems to use.

    They are put on its first line, so that line numbers in messages stay right; where the query
    declares one itself, its declaration comes later and wins.
    """
    used = sorted(used_prefixes(text).items())
    return "".join(f"PREFIX {name}: <{namespace}> " for name, namespace in used) + text


def _message(error: BaseException) -> str:
    """The endpoint's message, in one line, or what failed on the way to it."""
    message, found, shown = str(error).partition("Response:\n")
    if found:
        # SPARQLWrapper appends the bytes of the answer as Python writes them.
        body = ast.literal_eval(shown).decode("utf-8", "replace")
        if not body.lstrip().startswith("<"):
            message = _detail(body)
    text = str(getattr(error, "reason", None) or message)
    return " ".join(text.split()) or type(error).__name__


def _detail(body: str) -> str:
    """The sentence of a problem document (RFC 9457, section 3.1.4), or else all of `body`."""
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, TypeError, KeyError):
        return body
