"""`/tables/NAME.SUFFIX`: a table with filters as parameters, answered as the query that it is.

What follows the name is the name of a format of results. The query goes the way of any other, so
lanes, deadlines, caches and formats are those of `/sparql`; only the links of an answer lead to the
address of the table.
"""

import asyncio
import hashlib
import json
import re
from functools import partial

from kzgraph.problem import Problem
from kzgraph.rdf.formats import PLAIN_FORMATS, RESULT_FORMATS
from kzgraph.sparql.job import Job
from kzgraph.tidy.code_lists import CODES_QUERY, CodeLists
from kzgraph.tidy.filter_values import (
    LANGUAGE,
    UnknownFilter,
    Values,
    needs_codes,
    read_language,
    read_values,
    write_parameters,
)
from kzgraph.tidy.table_templates import Table, read_tables, write_query
from kzgraph_server.engine.answer import read_whole
from kzgraph_server.front.column_texts import describe_columns
from kzgraph_server.front.exchange import Exchange
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
_ADDRESS = re.compile(r"/tables/([a-z-]{1,40})\.([a-z-]{1,20})")
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


def is_table(path: str) -> bool:
    """Whether `path` is the address of a table that there is."""
    found = _ADDRESS.fullmatch(path)
    return found is not None and found[1] in read_tables() and found[2] in _FORMATS


async def answer_table(exchange: Exchange, serving: Serving, shared: Shared) -> None:
    """Answer with a table.

    Raises:
        Problem: 400, where a parameter or one of its values is none that the table has.
    """
    exchange.kind = "query"
    if await answer_options(exchange, _METHODS):
        return
    found = _ADDRESS.fullmatch(exchange.path)
    if found is None:
        raise Problem(404, "There is no such table.")
    table, suffix = read_tables()[found[1]], found[2]
    given: dict[str, list[str]] = {}
    for name, value in parse_parameters(exchange.query_string):
        given.setdefault(name, []).append(value)
    offsets = given.pop(_OFFSET, None)
    hxl, csvw = (name in given and read_switch(name, given.pop(name)) for name in _SWITCHES)
    try:
        language = read_language(given.pop(LANGUAGE, ()))
        values = await _read_values(exchange, serving, shared, table, given)
    except UnknownFilter as error:
        message = str(error)
        end = "" if message.endswith("?") else "."
        raise Problem(400, f"{message[0].upper()}{message[1:]}{end}") from None
    text = write_query(table, values, language)
    asked = QueryRequest(
        text,
        format=suffix,
        offset=read_offset(offsets or ()),
        hxl=hxl,
        csvw=csvw,
        digest=hashlib.sha256(text.encode()).digest(),
        table=TableAddress(
            table.name,
            f"/tables/{table.name}.{suffix}",
            tuple(write_parameters(table, values, language)),
            offsets is not None,
        ),
    )
    exchange.query = asked.digest.hex()[:16]
    accepted = make_offers(None, suffix, hxl)
    if not csvw:
        try:
            await answer_query(exchange, serving, shared, asked, accepted)
        except Problem as problem:
            if problem.status in _TOO_MUCH:
                detail = f"{problem.detail} Choose fewer rows, as {_narrow(table)} does."
                raise Problem(problem.status, detail, problem.headers, **problem.members) from None
            raise
        return
    parameters = [*write_parameters(table, values, language), *([("hxl", "true")] if hxl else [])]
    described = suffix if suffix in TABLES else PLAIN_FORMATS[0].name
    amend = partial(describe_columns, table=table, suffix=described, parameters=parameters)
    await describe_table(exchange, serving, shared, asked, accepted, amend)


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
        job = Job(CODES_QUERY, (), (), offers=("json",), timeout=shared.settings.query_timeout)
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
