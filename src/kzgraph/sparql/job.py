"""The input of an evaluation, and the header of its answer."""

from dataclasses import dataclass

#: The offers of a job that asks why its query has no solutions, not for them.
EXPLANATION = ("explanation",)
#: The first offer of a job that asks what the columns of its table mean; the format is the second.
TABLE_METADATA = "table-metadata"
#: The first offer of a job for rows of a table that is a file; the format is the second. Its query
#: is none then, but says which rows: `kzgraph.tidy.row_choice`.
TABLE_ROWS = "table-rows"

#: The header field that says what answered a query, and its values.
ANSWERED_BY = "Kzgraph-Answered-By"
BY_COLUMNS, BY_STORE = "columns", "store"


@dataclass(frozen=True, slots=True)
class Job:
    """A query.

    Attributes:
        query: SPARQL text.
        default_graphs: IRIs of the protocol's data set, which overrides the query's.
        named_graphs: IRIs, likewise.
        offers: names of formats the client takes, best first, over all forms of result: the
            first that fits the form of the query's result is written.
        timeout: seconds of evaluation; the engine's own limit holds where it is lower.
        max_rows: rows of one page of a SELECT result; None for all.
        offset: first row of the page, from 0.
        hxl: whether the second row of a table is to have HXL hashtags.
        endpoints: the other endpoints whose answers stand in the query as inline data.
        written: then, the query as its author wrote it.
        own: whether the server asks for a table of the release, which the release itself answers
            even where another engine answers queries.
    """

    query: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    offers: tuple[str, ...]
    timeout: float
    max_rows: int | None = None
    offset: int = 0
    hxl: bool = False
    endpoints: tuple[str, ...] = ()
    written: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """What is known of an answer before its first byte; see `Answer`.

    Attributes:
        answered_by: `BY_COLUMNS` or `BY_STORE` where it answers a query; else empty.
    """

    content_type: str
    format: str
    headers: dict[str, str]
    volatile: bool
    answered_by: str = ""
