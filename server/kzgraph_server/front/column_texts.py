"""What the columns of a table mean, in the metadata that go with it.

https://www.w3.org/TR/tabular-metadata/
"""

import json
from collections.abc import Iterable
from urllib.parse import urlencode

from kzgraph.tidy.table_templates import Table, Texts


def describe_columns(
    body: bytes, table: Table, suffix: str, parameters: Iterable[tuple[str, str]]
) -> bytes:
    """The metadata of the query of a table, as those of the table at its address.

    Args:
        body: the metadata of the query.
        table: the table.
        suffix: of its address.
        parameters: of its address.
    """
    metadata = json.loads(body)
    query = urlencode([*parameters])
    # Relative to the address of the metadata, which is that of the table with one more parameter.
    metadata["url"] = f"{table.name}.{suffix}" + (f"?{query}" if query else "")
    metadata["dc:title"] = _in_languages(table.titles)
    metadata["dc:description"] = _in_languages(table.texts)
    described = {each.name: each for each in table.columns}
    schema = metadata["tableSchema"]
    for column in schema["columns"]:
        known = described[column["name"]]
        column["dc:description"] = _in_languages(known.texts)
        if known.datatype != "string":
            column.setdefault("datatype", known.datatype)
            column.setdefault("null", "")
    if len(table.key) == 1:
        schema["primaryKey"] = table.key[0]
    return (json.dumps(metadata, ensure_ascii=False, indent=1) + "\n").encode()


def describe_file(
    body: bytes, address: str, names: Iterable[str], *, tagged: bool = False
) -> bytes:
    """The metadata of a table that is a file, as those of the table at an address.

    Args:
        body: the metadata that the release has of its CSV.
        address: of the table, relative to that of the metadata.
        names: of the columns that it has there.
        tagged: whether its second row has hashtags.
    """
    metadata = json.loads(body)
    metadata["url"] = address
    schema = metadata["tableSchema"]
    columns = {each["name"]: each for each in schema["columns"]}
    schema["columns"] = [columns[name] for name in names]
    if tagged:
        # Tools for CSVW take the second row of a header for data, so both are skipped.
        metadata["dialect"] = {**metadata.get("dialect", {}), "header": False, "skipRows": 2}
    return (json.dumps(metadata, ensure_ascii=False, indent=1) + "\n").encode()


def _in_languages(texts: Texts) -> list[dict[str, str]]:
    return [{"@value": text, "@language": language} for language, text in texts.items()]
