"""How a table is loaded into programs: what is typed there, with the address of the table."""

import json
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from kzgraph.tidy.table_templates import Table

#: The types of Power Query, by datatype; anything else is text.
_M_TYPES = {
    "integer": "Int64.Type",
    "decimal": "type number",
    "boolean": "type logical",
    "date": "type date",
}


def write_address(
    base: str, table: Table, suffix: str, parameters: Sequence[tuple[str, str]]
) -> str:
    """The address of a table in a format.

    Args:
        base: the address of the release.
        table: the table.
        suffix: the name of the format.
        parameters: the filters.
    """
    address = f"{base}/tables/{table.name}.{suffix}"
    # Commas and slashes stand as they are in a query: RFC 3986, section 3.4.
    return f"{address}?{urlencode(parameters, safe=',/')}" if parameters else address


def list_code(base: str, table: Table, parameters: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """What is typed in each program, by its name.

    Args:
        base: the address of the release.
        table: the table.
        parameters: the filters.
    """
    address, name = write_address(base, table, "csv", parameters), table.name.replace("-", "_")
    quoted, columns = json.dumps(address), write_address(base, table, "parquet", parameters)
    return {
        "Excel, Power BI (Power Query)": _write_m(base, table, parameters),
        "Google Sheets": f'=IMPORTDATA({_quote(address)}; ","; "en_US")',
        "LibreOffice": address,
        "R": f'{name} <- read.csv({quoted}, encoding = "UTF-8", na.strings = "")',
        "Python (pandas)": f"import pandas\n\n{name} = pandas.read_csv({quoted})",
        "Python (kzgraph)": _write_client(base, table, parameters),
        "DuckDB": "INSTALL httpfs;\nLOAD httpfs;\nFROM '" + columns.replace("'", "''") + "';",
    }


def _quote(text: str) -> str:
    """`text` between quotes, as formulas and Power Query have them."""
    return '"' + text.replace('"', '""') + '"'


def _write_m(base: str, table: Table, parameters: Sequence[tuple[str, str]]) -> str:
    """Power Query's language: https://learn.microsoft.com/en-us/powerquery-m/.

    Numbers are read by a named culture, so that a decimal point is one on every computer.
    """
    address = f"{base}/tables/{table.name}.csv"
    options = ", ".join(f"{name} = {_quote(value)}" for name, value in parameters)
    query = f", [Query = [{options}]]" if parameters else ""
    types = ", ".join(
        f"{{{_quote(each.name)}, {_M_TYPES[each.datatype]}}}"
        for each in table.columns
        if each.datatype in _M_TYPES
    )
    return f"""let
    Source = Web.Contents({_quote(address)}{query}),
    Rows = Csv.Document(Source, [Delimiter = ",", Encoding = 65001, QuoteStyle = QuoteStyle.Csv]),
    Headed = Table.PromoteHeaders(Rows, [PromoteAllScalars = true]),
    Names = Table.ColumnNames(Headed),
    Emptied = Table.ReplaceValue(Headed, "", null, Replacer.ReplaceValue, Names),
    Typed = Table.TransformColumnTypes(Emptied, {{{types}}}, "en-US")
in
    Typed"""


def _write_client(base: str, table: Table, parameters: Sequence[tuple[str, str]]) -> str:
    given = "".join(f", {name}={json.dumps(value)}" for name, value in parameters)
    return (
        f"import kzgraph\n\ngraph = kzgraph.endpoint({json.dumps(f'{base}/sparql')})\n"
        f"{table.name.replace('-', '_')} = graph.table({json.dumps(table.name)}{given})"
    )
