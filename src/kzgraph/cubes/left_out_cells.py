"""The cells of official tables that the graph leaves out, added to those that it has."""

import csv
import gzip
from pathlib import Path

from kzgraph.cubes.graph_tables import Connection, Properties, quote, term
from kzgraph.iri import BASE
from kzgraph.namespaces import TYPE
from kzgraph.prefixes import PREFIXES
from kzgraph.tidy.cube_columns import CODED, LITERAL

DATA_SET = f"{PREFIXES['qb']}dataSet"
#: Columns whose value the data set has where a cell has none of its own.
BY_DATA_SET = ("sex", "age", "status", "unit")
#: The classes of figures that may be added up.
HEADLINES = tuple(map(term, ("HeadlineFigure", "OfficialHeadlineFigure", "OfficialHeadlineFlow")))

_PATHS = """
CREATE TABLE paths AS
SELECT path, id FROM (SELECT DISTINCT path FROM ({texts})) LEFT JOIN (
    SELECT id, text[{start}:-2] AS path FROM graph.terms WHERE prefix(text, {base})
) USING (path) WHERE path IS NOT NULL
"""
# A thing that only such cells name, such as a country without a number: no term of the graph.
_UNKNOWN = """
INSERT INTO unknown
SELECT -2 - row_number() OVER (ORDER BY path) - (SELECT count(*) FROM unknown), {base} || path
FROM paths ANTI JOIN unknown ON iri = {base} || path WHERE paths.id IS NULL
"""
_KNOWN = """
UPDATE paths SET id = unknown.id FROM unknown WHERE paths.id IS NULL AND iri = {base} || path
"""
_ADD = """
INSERT INTO cells BY NAME
SELECT NULL AS cell, dataset.id AS dataset, {coded}, {year} AS "year", read."row"::BIGINT AS "row",
    CASE WHEN read.kind = 'zero' THEN 0 END AS i, read.kind AS kind, true AS official,
    false AS chosen, read.kind = 'zero' AND ({headline}) AS headline, false AS caveat
FROM read {joins}
"""


def add_left_out(database: Connection, properties: Properties, path: Path) -> None:
    """Add the cells of one source to the tables `cells` and `unknown`.

    Args:
        database: with the graph.
        properties: of it.
        path: the file; see `kzgraph.sources.left_out`.
    """
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        header = next(csv.reader(stream))
    columns = ", ".join(f"{quote(each)}: 'VARCHAR'" for each in header)
    database.execute(
        f"CREATE TABLE read AS SELECT * FROM read_csv({quote(str(path))}, header = true, "  # noqa: S608 - a path, quoted
        f"delim = ',', quote = '\"', escape = '\"', auto_detect = false, compression = 'gzip', "
        f"columns = {{{columns}}})"
    )
    things = {name: iri for name, iri in CODED.items() if iri in header} | {"dataset": DATA_SET}
    base = quote(BASE)
    texts = " UNION ALL ".join(f'SELECT "{iri}" AS path FROM read' for iri in things.values())  # noqa: S608 - own names
    start = len(f"<{BASE}") + 1
    database.execute(_PATHS.format(texts=texts, start=start, base=quote(f"<{BASE}")))
    database.execute(_UNKNOWN.format(base=base))
    database.execute(_KNOWN.format(base=base))
    joins = [
        f'LEFT JOIN paths AS "{name}" ON "{name}".path = "{iri}"' for name, iri in things.items()
    ]
    sets = "s IN (SELECT id FROM paths)"
    for name in BY_DATA_SET:
        table = properties.single(CODED[name], sets)
        joins.append(f"LEFT JOIN {table} AS set_{name} ON set_{name}.s = dataset.id")
    own = {name: f'"{name}".id' if name in things else "NULL::INTEGER" for name in CODED}
    own |= {name: f"COALESCE({own[name]}, set_{name}.o)" for name in BY_DATA_SET}
    year, classes = LITERAL["year"], TYPE.value
    stated = f"' ' || COALESCE(\"{classes}\", '') || ' '" if classes in header else "''"
    heads = [f"contains({stated}, {quote(f' {each.removeprefix(BASE)} ')})" for each in HEADLINES]
    database.execute(
        _ADD.format(
            coded=", ".join(f'{value} AS "{name}"' for name, value in own.items()),
            year=f'"{year}"::INTEGER' if year in header else "NULL",
            headline=" OR ".join(heads),
            joins=" ".join(joins),
        )
    )
    database.execute("DROP TABLE read")
    database.execute("DROP TABLE paths")
