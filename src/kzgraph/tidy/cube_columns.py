"""The columns of the tables of cubes: which property each has, and what it means.

A component of a cube whose values are things has four columns: `group` with the code, and
`group_en`, `group_ru` and `group_kk` with what the code means in each language. A column means the
same as in the tables by address, and is described with them, in `columns.csv`: those of labels as
`_en`, `_ru` and `_kk`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from kzgraph.iri import ID, ONTOLOGY
from kzgraph.namespaces import LANGUAGES
from kzgraph.tidy.table_templates import Texts, read_columns

#: The columns with codes, and the properties that lead to what the codes stand for, in order.
CODED: Mapping[str, str] = {
    "document": f"{ONTOLOGY}statedIn",
    "scope": f"{ONTOLOGY}scope",
    "country": f"{ONTOLOGY}country",
    "indicator": f"{ONTOLOGY}indicator",
    "group": f"{ONTOLOGY}populationGroup",
    "sex": f"{ONTOLOGY}sex",
    "age": f"{ONTOLOGY}age",
    "disability": f"{ONTOLOGY}disability",
    "origin": f"{ONTOLOGY}origin",
    "location": f"{ONTOLOGY}location",
    "quantity": f"{ONTOLOGY}quantity",
    "series": f"{ONTOLOGY}series",
    "registered_by": f"{ONTOLOGY}registeredBy",
    "decision_level": f"{ONTOLOGY}decisionLevel",
    "time": f"{ONTOLOGY}time",
    "status": f"{ONTOLOGY}status",
    "unit": f"{ONTOLOGY}unit",
    "bound": f"{ONTOLOGY}bound",
    "availability": f"{ONTOLOGY}availability",
}
#: Columns whose codes are whole paths below `id/`, since things of several kinds are in them.
PATHS = frozenset({"scope"})
#: All columns, in order.
ORDER = (
    *("cell", "figure", "document", "scope", "country", "indicator", "group", "sex", "age"),
    *("disability", "origin", "location", "quantity", "series", "registered_by"),
    *("decision_level", "year", "time", "status", "value", "unit", "us_dollars", "bound", "hedge"),
    *("availability", "cell_kind", "obs_status", "chosen", "headline", "caveat", "row"),
)
#: The properties of columns with literals.
LITERAL: Mapping[str, str] = {
    "year": f"{ONTOLOGY}year",
    "us_dollars": f"{ONTOLOGY}usDollars",
    "hedge": f"{ONTOLOGY}hedge",
    "row": f"{ONTOLOGY}row",
}
#: What is in a cell of an official table, and which observation status of SDMX that is.
#: https://sdmx.org/?page_id=3215: A is a normal value, O one that is missing.
CELL_KINDS: Mapping[str, str] = {"observation": "A", "zero": "A", "empty": "O"}


@dataclass(frozen=True)
class CubeColumn:
    """A column of the table of a cube.

    Attributes:
        name: in the header.
        of: the column of the codes, of a column with labels; else its own name.
        language: of the labels; nothing of other columns.
        datatype: of XML Schema, without its prefix.
        texts: what it means.
    """

    name: str
    of: str
    language: str
    datatype: str
    texts: Texts

    @property
    def is_code(self) -> bool:
        """Whether it has codes."""
        return self.of in CODED and not self.language


@cache
def list_columns(names: Sequence[str]) -> tuple[CubeColumn, ...]:
    """The columns of a table, each code with its labels behind it.

    Args:
        names: a tuple of names of `ORDER`.

    Raises:
        KeyError: `columns.csv` does not describe one.
    """
    described = read_columns()
    found = []
    for name in (each for each in ORDER if each in names):
        of = described[name]
        found.append(CubeColumn(name, name, "", of.datatype, of.texts))
        for language in LANGUAGES if name in CODED else ():
            label = described[f"_{language}"]
            column = f"{name}{label.name}"
            found.append(CubeColumn(column, name, language, label.datatype, label.texts))
    return tuple(found)


def make_code(name: str, iri: str) -> str:
    """The code of a thing in the column `name`.

    >>> make_code("group", "https://w3id.org/kzgraph/id/population-group/REF")
    'REF'
    >>> make_code("scope", "https://w3id.org/kzgraph/id/country/KAZ")
    'country/KAZ'
    """
    return iri.removeprefix(ID) if name in PATHS else iri.rpartition("/")[2]
