"""The cubes of a release, as their structures say: https://www.w3.org/TR/vocab-data-cube/#dsd."""

from collections.abc import Mapping
from dataclasses import dataclass

from kzgraph.cubes.graph_tables import Connection, Properties, read_texts, term
from kzgraph.namespaces import DCT, LABEL
from kzgraph.prefixes import PREFIXES
from kzgraph.tidy.cube_columns import CODED, LITERAL

_QB = PREFIXES["qb"]
_OFFICIAL_VALUE = term("officialValue")
#: What stands before the names of tables of documents: the plain ones are tables by address.
_OF_DOCUMENTS = "documents-"
#: By property, the column.
_COLUMNS: Mapping[str, str] = {
    **{iri: name for name, iri in {**CODED, **LITERAL}.items()},
    term("value"): "value",
    _OFFICIAL_VALUE: "value",
}


@dataclass(frozen=True)
class Cube:
    """A data set with cells.

    Attributes:
        id: of its IRI, among the terms.
        iri: of the data set.
        official: whether it is of an official table, and not of documents.
        name: of its table.
        columns: of its table, without those of labels: its components, and what cells have beside.
        key: the columns that together are different in each row.
        titles: what it is called, by language.
        texts: what is in it, by language; maybe in none.
    """

    id: int
    iri: str
    official: bool
    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    titles: Mapping[str, str]
    texts: Mapping[str, str]

    @property
    def identifier(self) -> str:
        """The column with the IRIs of observations."""
        return "cell" if self.official else "figure"

    @property
    def measure(self) -> str:
        """The property of the numbers."""
        return _OFFICIAL_VALUE if self.official else term("value")


def read_cubes(database: Connection, properties: Properties) -> list[Cube]:
    """The cubes that have cells, in the order of their names.

    Args:
        database: with the graph, and `cells`.
        properties: of the graph.

    Raises:
        KeyError: a structure has a component that no column is known for.
    """
    database.execute(
        "CREATE TABLE sets AS SELECT DISTINCT dataset AS id FROM cells WHERE dataset IS NOT NULL"
    )
    parts = " UNION ALL ".join(
        f"SELECT s, o FROM {properties.table(_QB + kind)}"  # noqa: S608 - own names
        for kind in ("dimension", "measure", "attribute")
    )
    rows = database.execute(
        f"""SELECT sets.id, name.text[2:-2], part.text[2:-2], kind.s IS NOT NULL FROM sets
        JOIN {properties.table(f"{_QB}structure")} AS structure ON structure.s = sets.id
        JOIN {properties.table(f"{_QB}component")} AS component ON component.s = structure.o
        JOIN ({parts}) AS parts ON parts.s = component.o
        LEFT JOIN {properties.table(f"{_QB}dimension")} AS kind ON kind.s = component.o
        JOIN graph.terms AS name ON name.id = sets.id
        JOIN graph.terms AS part ON part.id = parts.o ORDER BY 2, 3"""  # noqa: S608 - own names
    ).fetchall()
    components: dict[tuple[int, str], dict[str, bool]] = {}
    for number, iri, part, is_dimension in rows:
        components.setdefault((number, iri), {})[_COLUMNS[part]] = is_dimension
    titles = read_texts(database, properties.table(LABEL.value), "sets")
    texts = read_texts(database, properties.table(DCT["description"].value), "sets")
    counted = ", ".join(f'count("{name}")' for name in CODED)
    used = {
        number: {name for name, count in zip(("us_dollars", *CODED), counts, strict=True) if count}
        for number, *counts in database.execute(
            f"SELECT dataset, count(COALESCE(usi, usd)), {counted} FROM cells GROUP BY dataset"  # noqa: S608 - own names
        ).fetchall()
    }
    found = []
    for (number, iri), parts_of in components.items():
        official = "document" not in parts_of
        extra = {"country", "year", "value", "headline", "caveat", *used[number]}
        if official:
            extra |= {"cell", "row", "cell_kind", "obs_status"}
        else:
            extra |= {"figure", "chosen"}
        dimensions = [name for name in CODED if parts_of.get(name)]
        found.append(
            Cube(
                number,
                iri,
                official,
                ("" if official else _OF_DOCUMENTS) + iri.rpartition("/")[2],
                tuple(sorted({*parts_of, *extra})),
                tuple(dimensions) if official else ("figure",),
                titles.get(number, {}),
                texts.get(number, {}),
            )
        )
    return sorted(found, key=lambda each: each.name)
