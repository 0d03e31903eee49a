"""`/tables/NAME.SUFFIX`: a table with filters as parameters, answered as the query that it is.

What follows the name is the name of a format of results. The query goes the way of any other, so
lanes, deadlines, caches and formats are those of `/sparql`; only the links of an answer lead to the
address of the table. A table that the release has as a file is answered from that: `file_answers`.
"""

import asyncio
import hashlib
import json
import re
from dataclasses import dataclass
from functools import partial

from kzgraph.problem import Problem
from kzgraph.rdf.formats import PLAIN_FORMATS, RESULT_FORMATS, RESULTS_CSV
from kzgraph.sparql.job import Job
from kzgraph.tidy.code_lists import CODES_QUERY, CodeLists
from kzgraph.tidy.file_tables import FileTable, ReleaseTables
from kzgraph.tidy.filter_values import (
    LANGUAGE,
    UnknownFilter,
    Values,
    needs_codes,
    read_language,
    read_values,
    write_parameters,
)
from kzgraph.tidy.row_choice import choose_rows
from kzgraph.tidy.table_templates import Table, write_query
from kzgraph_server.engine.answer import read_whole
from kzgraph_server.front.column_texts import describe_columns
from kzgraph_server.front.exchange import Exchange
from kzgraph_server.front.file_answers import (
    answer_metadata,
    answer_rows,
    answer_whole,
    has_whole,
)
from kzgraph_server.front.offers import make_offers
from kzgraph_server.front.protocol import (
    QueryRequest,
    TableAddress,
    parse_parameters,
    read_offset,
)
from kzgraph_server.front.queries import (
    answer_options,
    answer_query,
    ask,
    describe_table,
    run_while_connected,
)
from kzgraph_server.front.query_links import TABLES
from kzgraph_server.front.serving import Serving
from kzgraph_server.front.shared import Shared
from kzgraph_server.negotiate import read_switch

#: The address, as OpenAPI writes it.
PATH = "/tables/{name}.{suffix}"
#: What follows the name is that of a format, or it is where programs look for metadata:
#: https://www.w3.org/TR/tabular-data-model/#standard-file-metadata
_ADDRESS = re.compile(r"/tables/([a-z0-9-]{1,60}?)(?:\.([a-z-]{1,20})|(?:\.csv)?-metadata\.json)")
_METHODS = "GET, HEAD, OPTIONS"
#: The formats of tables, by their names, which the addresses end with.
_FORMATS = frozenset(each.name for each in RESULT_FORMATS)
#: Parameters beside the filters.
_SWITCHES = ("hxl", "csvw")
_OFFSET = "offset"
#: The statuses of refusals that fewer rows may help against: memory, size, time.
_TOO_MUCH = frozenset({422, 504})
#: Releases whose codes are kept, and bytes of the answer that they are read from.
_MOST_RELEASES, _MOST_BYTES = 4, 64 << 20


@dataclass(frozen=True)
class _Asked:
    """What is asked of a table.

    Attributes:
        table: the table.
        file: the same as a file; None where there is none.
        values: of its filters.
        language: of labels; nothing for those in all languages beside each other.
        request: its format and page.
        whole: whether nothing is chosen of it.
    """

    table: Table
    file: FileTable | None
    values: Values
    language: str
    request: QueryRequest
    whole: bool


def _read_address(path: str, tables: ReleaseTables) -> tuple[str, str, bool] | None:
    """The table, the format, and whether the metadata are meant; None where there is no such."""
    found = _ADDRESS.fullmatch(path)
    if found is None or found[1] not in tables.tables or found[2] not in {*_FORMATS, None}:
        return None
    return found[1], found[2] or RESULTS_CSV.name, found[2] is None


def is_table(path: str, tables: ReleaseTables) -> bool:
    """Whether `path` is the address of a table that there is."""
    return _read_address(path, tables) is not None


async def answer_table(exchange: Exchange, serving: Serving, shared: Shared) -> None:
    """Answer with a table.

    Where the release has it as a file, its rows are those of the file.

    Raises:
        Problem: 400, where a parameter or one of its values is none that the table has.
    """
    exchange.kind = "query"
    if await answer_options(exchange, _METHODS):
        return
    asked = await _read(exchange, serving, shared)
    table, file, request = asked.table, asked.file, asked.request
    exchange.query = request.digest.hex()[:16]
    try:
        if file is None or (table.template and not file.has_language(asked.language)):
            await _answer_query(exchange, serving, shared, asked)
        elif request.csvw:
            names = [each.name for each in file.choose_columns(asked.language)]
            if file.metadata:
                await answer_metadata(exchange, serving, shared, file, request, names)
            else:
                await _answer_query(exchange, serving, shared, asked)
        elif asked.whole and has_whole(file, request.format or ""):
            await answer_whole(exchange, serving, shared)
        else:
            credit = serving.tables.credit_sources(file)
            choice = choose_rows(file, asked.values, asked.language, credit, request.query or "")
            await answer_rows(exchange, serving, shared, request, choice)
    except Problem as problem:
        if problem.status in _TOO_MUCH:
            detail = f"{problem.detail} Choose fewer rows, as {_narrow(table)} does."
            raise Problem(problem.status, detail, problem.headers, **problem.members) from None
        raise


async def _read(exchange: Exchange, serving: Serving, shared: Shared) -> _Asked:
    """What the address of an exchange asks.

    Raises:
        Problem: 400, 404.
    """
    found = _read_address(exchange.path, serving.tables)
    if found is None:
        raise Problem(404, "There is no such table.")
    name, suffix, described = found
    table, file = serving.tables.tables[name], serving.tables.files.get(name)
    given: dict[str, list[str]] = {}
    for parameter, value in parse_parameters(exchange.query_string):
        given.setdefault(parameter, []).append(value)
    offsets = given.pop(_OFFSET, None)
    hxl, csvw = (each in given and read_switch(each, given.pop(each)) for each in _SWITCHES)
    named = given.pop(LANGUAGE, ())
    try:
        language = read_language(named) if table.template or any(named) else ""
        values = await _read_values(exchange, serving, shared, table, given)
    except UnknownFilter as error:
        message = str(error)
        end = "" if message.endswith("?") else "."
        raise Problem(400, f"{message[0].upper()}{message[1:]}{end}") from None
    parameters = write_parameters(table, values, language)
    text = write_query(table, values, language) if table.template else ""
    request = QueryRequest(
        text,
        format=suffix,
        offset=read_offset(offsets or ()),
        hxl=hxl,
        csvw=csvw or described,
        digest=hashlib.sha256((text or f"{name} {parameters}").encode()).digest(),
        table=TableAddress(
            name, f"/tables/{name}.{suffix}", tuple(parameters), offsets is not None
        ),
    )
    whole = not parameters and not hxl and offsets is None
    return _Asked(table, file, values, language, request, whole)


async def _answer_query(
    exchange: Exchange, serving: Serving, shared: Shared, asked: _Asked
) -> None:
    """Answer with the query of a table, or with what its columns mean."""
    request, table = asked.request, asked.table
    accepted = make_offers(None, request.format, request.hxl)
    if not request.csvw:
        await answer_query(exchange, serving, shared, request, accepted)
        return
    parameters = request.table.parameters if request.table else ()
    amend = partial(
        describe_columns,
        table=table,
        suffix=request.format if request.format in TABLES else PLAIN_FORMATS[0].name,
        parameters=[*parameters, *([("hxl", "true")] if request.hxl else [])],
    )
    await describe_table(exchange, serving, shared, request, accepted, amend)


def _narrow(table: Table) -> str:
    """Filters that leave the fewest rows, as an address has them."""
    told = [each for name in ("country", "year") if (each := table.find_filter(name))]
    return " or ".join(f"{each.name}={each.example}" for each in told or table.filters)


async def _read_values(
    exchange: Exchange, serving: Serving, shared: Shared, table: Table, given: dict[str, list[str]]
) -> Values:
    pairs = [(name, value) for name, values in given.items() for value in values]
    codes = CodeLists(())
    if needs_codes(table, given):
        codes = await _find_codes(exchange, serving, shared)
    return read_values(table, pairs, codes.find)


async def _find_codes(exchange: Exchange, serving: Serving, shared: Shared) -> CodeLists:
    """The codes of the release, which are asked of it once.

    Raises:
        Problem: whatever the engine refuses the query with.
        ClientGone: the client disconnected first.
    """
    found = shared.codes.get(serving.version)
    if found is None:
        # No cap on rows: a code that is cut off would be refused.
        limit = shared.settings.query_timeout
        job = Job(CODES_QUERY, (), (), offers=("json",), timeout=limit, own=True)
        answer = await ask(exchange, serving, job)
        body = answer.complete
        if body is None:
            body = await run_while_connected(exchange, read_whole(answer, _MOST_BYTES))
        found = await asyncio.to_thread(_read_codes, body)
        shared.codes[serving.version] = found
        while len(shared.codes) > _MOST_RELEASES:
            shared.codes.popitem(last=False)
    return found


def _read_codes(body: bytes) -> CodeLists:
    rows = json.loads(body)["results"]["bindings"]
    return CodeLists({name: term["value"] for name, term in row.items()} for row in rows)
