"""The HXL hashtags of the columns of tables that are files, by the rules for those of queries."""

from collections.abc import Iterator

from kzgraph.cubes.structures import Cube
from kzgraph.cubes.table_files import MadeTable
from kzgraph.namespaces import LABEL, SCHEMA, SKOS, TYPE
from kzgraph.sparql.hashtags import tag_columns
from kzgraph.sparql.meaning import Facts, Meaning, Step, find_meanings
from kzgraph.tidy.cube_columns import CODED, LITERAL, CubeColumn
from kzgraph.tidy.table_templates import Table, write_query

#: How deep the brackets of a query of the project nest, at most.
_NESTING = 100


def tag_cube(made: MadeTable) -> list[str]:
    """The hashtag of each column of the table of a cube; empty where it has none."""
    known = frozenset(_known(made))
    meanings = {each.name: _mean(each, made.cube, known) for each in made.columns}
    claims = {name: (frozenset({each}),) for name, each in meanings.items() if each is not None}
    return tag_columns([each.name for each in made.columns], claims)


def tag_official(table: Table) -> list[str]:
    """The same of the table of all official figures, in English."""
    meanings = find_meanings(write_query(table, {}), _NESTING)
    return tag_columns([each.name for each in table.columns], meanings)


def _known(made: MadeTable) -> Iterator[tuple[str, str | None]]:
    """What is known of each row: which properties it has, and what is the same in all."""
    for each in made.columns:
        if each.is_code:
            yield CODED[each.name], None
            if each.name in made.constants:
                yield CODED[each.name], made.constants[each.name]


def _mean(column: CubeColumn, cube: Cube, known: Facts) -> Meaning | None:
    """What a column holds."""
    if column.of in CODED:
        way = Step(CODED[column.of], known)
        if column.language:
            return Meaning((way, Step(LABEL.value)), language=column.language)
        code = SCHEMA["identifier"] if column.name == "country" else SKOS["notation"]
        return Meaning((way, Step(code.value)))
    if column.name in LITERAL:
        return Meaning((Step(LITERAL[column.name], known),))
    if column.name == "value":
        return Meaning((Step(cube.measure, known),))
    if column.name == cube.identifier:
        name = "OfficialFigure" if cube.official else "StatedFigure"
        return Meaning(facts=frozenset({(TYPE.value, name)}))
    return None
