"""Where an official figure is from: its table, its file, the line, and how that is credited."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal

from kzgraph.licences import name_licence
from kzgraph_server.assistants.asking_queries import Rows, Term, select, write_values
from kzgraph_server.assistants.site_access import Site

#: What all cells of a table have in common, which is said of the table alone.
_OF_TABLE = """SELECT ?cell ?property ?value ?label WHERE {{
  VALUES ?cell {{ {cells} }}
  ?cell qb:dataSet ?table . ?table ?property ?value .
  FILTER(?property IN (kzg:caveat, kzg:unit, kzg:status))
  OPTIONAL {{ ?value rdfs:label ?label . FILTER(LANG(?label) = "en") }}
}}"""
#: Each file is a graph, by its name: docs/data.md.
_OF_FILE = """SELECT ?cell ?title ?credit ?licence ?row WHERE {{
  VALUES ?cell {{ {cells} }}
  GRAPH ?file {{ ?cell kzg:officialValue ?value . OPTIONAL {{ ?cell kzg:row ?row }} }}
  ?file dcterms:title ?title ; schema:creditText ?credit ; dcterms:license ?licence .
  FILTER(LANG(?title) IN ("en", "") && LANG(?credit) IN ("en", ""))
}}"""

#: A figure, the local name of what is said of it, and the value with its label.
Said = tuple[str, str, Term, Term]


async def find_sources(site: Site, cells: Iterable[str]) -> list[Said]:
    """What is to be said of official figures besides what stands at each of them.

    Args:
        site: the server.
        cells: the figures.

    Raises:
        ToolRefusal, SiteError: see `select`.
    """
    named = write_values(cells)
    table = await select(site, _OF_TABLE.format(cells=named))
    file = await select(site, _OF_FILE.format(cells=named))
    return [*_read_table(table), *_cite_file(file)]


def _read_table(found: Rows) -> Iterator[Said]:
    for cell, name, value, label in found.rows:
        yield cell.value, name.value.rpartition("#")[2], value, label


def _cite_file(found: Rows) -> Iterator[Said]:
    for cell, title, credit, licence, row in found.rows:
        line = f", line {row.value} of its file" if row is not None else ""
        cited = f"{credit.value}: {title.value}{line}; {name_licence(licence.value)}"
        yield cell.value, "citation", Literal(cited), None
