"""How other programs read the files of a release, as code for those who have downloaded them."""

from collections.abc import Mapping
from dataclasses import dataclass

from kzgraph.iri import ONTOLOGY
from kzgraph.rdf.formats import N_QUADS, TURTLE
from kzgraph.release.concordance_table import TABLE as CONCORDANCE
from kzgraph.release.dumps import STEM, File

_OF_GRAPHS = {
    "rdflib": """\
from rdflib import Graph

graph = Graph().parse("FILE")
print(len(graph))"""
}
#: A query for each of them.
_QUERY = f"""\
SELECT (COUNT(?pledge) AS ?n)
WHERE {{ ?pledge a <{ONTOLOGY}Pledge> }}"""
#: Each queries the named graphs together, as the endpoint does.
_OF_QUADS = {
    "rdflib": f'''\
from rdflib import Dataset

data = Dataset(default_union=True)
data.parse("FILE", format="nquads")
query = """
{_QUERY}"""
for row in data.query(query):
    print(row.n)''',
    "pyoxigraph": f'''\
from pyoxigraph import RdfFormat, Store

store = Store()
store.bulk_load(path="FILE", format=RdfFormat.N_QUADS)
query = """
{_QUERY}"""
for row in store.query(query, use_default_graph_as_union=True):
    print(row["n"].value)''',
    "Oxigraph": f"""\
oxigraph load --location kzgraph-store --file FILE
oxigraph query --location kzgraph-store --union-default-graph --results-format csv \\
  --query '{_QUERY}'""",
    "Jena": f"""\
tdb2.tdbloader --loc kzgraph-store FILE
tdb2.tdbquery --loc kzgraph-store --set tdb:unionDefaultGraph=true \\
  '{_QUERY}'""",
    "GraphDB": """\
curl -X POST -H 'Content-Type: application/n-quads' --data-binary @FILE \\
  http://localhost:7200/repositories/kzgraph/statements""",
}
_OF_TABLES = {
    "pandas": """\
import pandas

table = pandas.read_csv("FILE")
print(table["explanation"].value_counts())""",
    "R": """\
table <- read.csv("FILE", encoding = "UTF-8")
summary(factor(table$explanation))""",
    "DuckDB": """\
SELECT explanation, COUNT(*) AS figures
FROM 'FILE' GROUP BY explanation ORDER BY figures DESC;""",
}


@dataclass(frozen=True)
class Loading:
    """How a tool reads a file that was downloaded: the tool, the name of the file, and the code."""

    tool: str
    file: str
    code: str


def list_loading(files: Mapping[str, File]) -> list[Loading]:
    """How tools read what the release has, each by the file that suits it."""
    read = {
        f"{STEM}.{TURTLE.suffix}": _OF_GRAPHS,
        f"{STEM}.{N_QUADS.suffix}": _OF_QUADS,
        CONCORDANCE: _OF_TABLES,
    }
    return [
        Loading(tool, name, code.replace("FILE", name))
        for name, tools in read.items()
        if name in files
        for tool, code in tools.items()
    ]
