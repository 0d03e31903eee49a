"""`/tables/`: which tables there are, and how each is loaded; the front answers with the rows.

Where a whole table is a file of the release, the file is sent from here.
"""

import json
from collections.abc import Sequence
from typing import Any, cast

from flask import Blueprint, Response, render_template, request, url_for
from pyoxigraph import QuerySolutions

from kzgraph.licences import name_licence
from kzgraph.prefixes import used_prefixes
from kzgraph.problem import Problem
from kzgraph.rdf.formats import (
    CSVW,
    HTML,
    HXL_FORMATS,
    PLAIN_FORMATS,
    RESULTS_CSV,
    RESULTS_JSON,
    RESULTS_PARQUET,
    Format,
)
from kzgraph.release.dumps import DUMPS, STEM, File
from kzgraph.sparql.evaluation import has_hashtags
from kzgraph.tidy.code_lists import CODES_QUERY, CodeLists, find_nearest
from kzgraph.tidy.file_tables import FileTable
from kzgraph.tidy.filter_values import (
    LANGUAGE,
    UnknownFilter,
    Values,
    read_language,
    read_values,
    write_parameters,
)
from kzgraph.tidy.table_templates import Table, write_query
from kzgraph_server.descriptions.links import offer
from kzgraph_server.negotiate import negotiate
from kzgraph_server.pages.downloads import send_table
from kzgraph_server.pages.language import get_language, in_languages
from kzgraph_server.pages.table_code import list_code, write_address
from kzgraph_server.release_tables import get_tables
from kzgraph_server.served import Served, compute_once, get_served

JSON = Format("json", "application/json", title="JSON")
#: The formats that the pages name; the first is what most programs read.
FORMATS = (*PLAIN_FORMATS, RESULTS_JSON)
#: Codes that a field of the form proposes.
_MOST_PROPOSED = 300

blueprint = Blueprint("tables", __name__)


@blueprint.get("/tables/")
@in_languages
def index() -> Response:
    """The list of tables, as a page or as JSON."""
    offer((HTML, JSON))
    known = get_tables()
    tables = list(known.tables.values())
    if negotiate((HTML, JSON)).format is JSON:
        described = [_describe(table) for table in tables]
        return _json({"release": get_served().release.version, "tables": described})
    text = render_template(
        "tables/list.html",
        queries=[each for each in tables if each.template],
        cubes=[(each, known.files[each.name]) for each in tables if not each.template],
        files={name: _list_files(each) for name, each in known.files.items()},
        licence=name_licence,
        language=get_language(),
    )
    return Response(text, content_type=HTML.content_type)


@blueprint.get("/tables/<name>")
@in_languages
def show(name: str) -> Response:
    """One table: its columns, filters and formats, and how it is loaded; or its file."""
    sent = _find_file(name)
    if sent is not None:
        return sent
    table = _find_table(name)
    file = get_tables().files.get(table.name)
    offer((HTML, JSON))
    if negotiate((HTML, JSON)).format is JSON:
        return _json({"release": get_served().release.version, **_describe(table)})
    codes = compute_once(read_codes)
    values, language = _read_form(table, codes)
    parameters = write_parameters(table, values, language)
    base = get_served().settings.public_url.rstrip("/")
    query = write_query(table, values, language) if table.template else ""
    text = render_template(
        "tables/one.html",
        table=table,
        language=get_language(),
        labels=language,
        file=file,
        files=_list_files(file) if file else [],
        licence=name_licence,
        fields=[
            (each, ",".join(values.get(each.name, ())), _propose(codes, each.list))
            for each in table.filters
        ],
        addresses=[(each, write_address(base, table, each.name, parameters)) for each in FORMATS],
        formats=[(each, write_address(_here(), table, each.name, parameters)) for each in FORMATS],
        variants=_list_variants(table, file, parameters, query),
        codes=list_code(base, table, parameters),
        query=query,
    )
    return Response(text, content_type=HTML.content_type)


def read_codes(now: Served) -> CodeLists:
    """The codes of a release."""
    prefixes = used_prefixes(CODES_QUERY)
    found = cast(
        QuerySolutions,
        now.store.query(CODES_QUERY, prefixes=prefixes, use_default_graph_as_union=True),
    )
    names = [variable.value for variable in found.variables]
    return CodeLists(
        {name: term.value for name in names if (term := row[name]) is not None} for row in found
    )


def _list_files(file: FileTable) -> list[tuple[str, str, File]]:
    """The files of a table: the title of each format, its name, and the file."""
    found = []
    for each, name in ((RESULTS_PARQUET, file.parquet), (RESULTS_CSV, file.csv)):
        known = get_served().release.files.get(f"{DUMPS}/{name}")
        if known is not None:
            found.append((each.title, each.name, known))
    return found


def _find_file(name: str) -> Response | None:
    """The answer with the whole of a table, where `name` is that of a file of it."""
    stem, _, suffix = name.partition(".")
    file = get_tables().files.get(stem)
    names = {} if file is None else {RESULTS_PARQUET: file.parquet, RESULTS_CSV: file.csv}
    for each, sent in names.items():
        if suffix == each.name and sent:
            response = send_table(sent, each.content_type, each.disposition(f"{STEM}-{stem}"))
            address = f"{url_for('tables.show', name=name, _language='en')}?csvw=true"
            link = f'<{address}>; rel="describedby"; type="{CSVW.content_type}"'
            response.headers.add("Link", link)
            return response
    return None


def _find_table(name: str) -> Table:
    """The table of an address.

    Raises:
        Problem: 404, where there is none; names the nearest, and the formats.
    """
    tables = get_tables().tables
    if name in tables:
        return tables[name]
    stem, _, suffix = name.partition(".")
    if stem in tables:
        known = ", ".join(f".{each.name}" for each in FORMATS)
        detail = f"The table {stem} is not there as .{suffix[:20]}; it is there as {known}."
        raise Problem(404, detail)
    near = find_nearest(stem, tables)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    raise Problem(404, f"There is no table of this name; /tables/ lists them.{hint}")


def _read_form(table: Table, codes: CodeLists) -> tuple[Values, str]:
    """The filters that the form was sent with, and the language of labels.

    Raises:
        Problem: 400.
    """
    pairs = [pair for pair in request.args.items(multi=True) if pair[0] not in (LANGUAGE, "format")]
    try:
        usual = [get_language()] if table.template else []
        named = [*filter(None, request.args.getlist(LANGUAGE))] or usual
        language = read_language(named) if named else ""
        return read_values(table, pairs, codes.find), language
    except UnknownFilter as error:
        message = str(error)
        raise Problem(400, message[0].upper() + message[1:]) from None


def _here() -> str:
    """What addresses on this host begin with."""
    return url_for("tables.index", _language="en").removesuffix("/tables/")


def _propose(codes: CodeLists, name: str) -> list[tuple[str, str]]:
    """Codes of a list, each with its name in the language of the page."""
    language = get_language()
    found = []
    for each in codes.list_codes(name)[:_MOST_PROPOSED] if name else ():
        names = {language: text for text, language in reversed(each.names)}
        found.append((each.code, names.get(language) or names.get("en", "")))
    return found


def _list_variants(
    table: Table, file: FileTable | None, parameters: Sequence[tuple[str, str]], query: str
) -> list[tuple[str, str]]:
    """The addresses with hashtags, where there are some, and of what the columns mean."""
    found = [("CSVW", ("csvw", "true"))]
    nesting = get_served().settings.max_query_nesting
    tagged = any(each.tag for each in file.columns) if file else False
    if has_hashtags(query, nesting) if query else tagged:
        found.insert(0, ("CSV, HXL", ("hxl", "true")))
    return [
        (title, write_address(_here(), table, HXL_FORMATS[0].name, [*parameters, switch]))
        for title, switch in found
    ]


def _describe(table: Table) -> dict[str, Any]:
    """What a program gets of a table; docs/spreadsheets.md says what each member means."""
    base = get_served().settings.public_url.rstrip("/")
    file = get_tables().files.get(table.name)
    return {
        "name": table.name,
        "title": dict(table.titles),
        "description": dict(table.texts),
        "key": list(table.key),
        "columns": [
            {"name": each.name, "datatype": each.datatype, "description": dict(each.texts)}
            for each in table.columns
        ],
        "filters": [
            {
                "name": each.name,
                "kind": each.kind,
                "list": each.list or None,
                "example": each.example,
                "description": dict(each.texts),
            }
            for each in table.filters
        ],
        "formats": [
            {
                "format": each.name,
                "mediaType": each.media_type,
                "address": write_address(base, table, each.name, ()),
            }
            for each in FORMATS
        ],
        "page": f"{base}/tables/{table.name}",
        **({} if file is None else {"rows": file.rows, "files": _describe_files(base, file)}),
    }


def _describe_files(base: str, file: FileTable) -> list[dict[str, Any]]:
    return [
        {
            "format": format,
            "address": f"{base}/tables/{file.table.name}.{format}",
            "file": f"{base}/{each.path}",
            "bytes": each.bytes,
            "sha256": each.sha256,
            "licences": list(each.licences),
        }
        for _title, format, each in _list_files(file)
    ]


def _json(body: dict[str, Any]) -> Response:
    text = json.dumps(body, ensure_ascii=False, indent=2) + "\n"
    return Response(text, content_type=JSON.content_type)
