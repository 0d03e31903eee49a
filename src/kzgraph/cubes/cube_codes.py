"""The codes of the ids in `cells`, and what they are called."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kzgraph.cubes.graph_tables import (
    Connection,
    Properties,
    quote,
    read_literals,
    read_texts,
)
from kzgraph.namespaces import LABEL, LANGUAGES
from kzgraph.prefixes import PREFIXES
from kzgraph.tidy.cube_columns import CODED, make_code

_CODE_LIST = f"{PREFIXES['qb']}codeList"
#: Columns whose labels are in whichever language there is, and what these are called.
ANY_LANGUAGE = {"measured": "measured", "funder": "funder_name"}
#: The columns of `cells` with things, and that with words.
_THINGS, _WORDS = (*CODED, "dataset", *ANY_LANGUAGE), "hedge"


@dataclass(frozen=True)
class Codes:
    """What is to be known of the codes of a release.

    Attributes:
        iris: of the things in `cells`, by their ids.
        labels: by their ids, what they are called, by language.
        words: literals in `cells`, by their ids.
        prefixes: by the names of columns, what stands before each of their codes in the IRIs of
            things; not where that differs.
        lists: by the names of columns, the IRIs of their code lists; not of all columns.
    """

    iris: Mapping[int, str]
    labels: Mapping[int, Mapping[str, str]]
    words: Mapping[int, str]
    prefixes: Mapping[str, str]
    lists: Mapping[str, str]

    def write(
        self, database: Connection, names: Iterable[str], where: str, *, narrow: bool
    ) -> None:
        """Write `codes_NAME` of columns: `id`, `code`, and `en`, `ru`, `kk` and `label` of things.

        Args:
            database: with `cells`.
            names: of the columns.
            where: of which cells.
            narrow: whether the texts are enumerations: writing those that a large table needs
                takes longer than a small one.
        """
        for name in names:
            ids = _distinct(database, name, where)
            made: dict[str, Sequence[int] | Sequence[str | None]] = {"id": ids}
            if name == _WORDS:
                made["code"] = [self.words[number] for number in ids]
            else:
                made["code"] = [make_code(name, self.iris[number]) for number in ids]
                for language in LANGUAGES:
                    made[language] = [self._label(number).get(language) for number in ids]
                if name in ANY_LANGUAGE:
                    made["label"] = [_choose(self._label(number))[1] for number in ids]
            _write(database, f"codes_{name}", made, narrow=narrow)

    def find_language(self, database: Connection, name: str) -> str:
        """The language of all labels of a column of `ANY_LANGUAGE`; nothing where they differ."""
        found = {_choose(self._label(number))[0] for number in _distinct(database, name, "true")}
        return found.pop() if len(found) == 1 else ""

    def _label(self, number: int) -> Mapping[str, str]:
        return self.labels.get(number, {})


def read_codes(database: Connection, properties: Properties) -> Codes:
    """The codes of all cells.

    Args:
        database: with the graph and `cells`.
        properties: of it.
    """
    every = " UNION ".join(f'SELECT "{name}" AS id FROM cells' for name in _THINGS)  # noqa: S608 - own names
    database.execute(f"CREATE TABLE wanted AS {every}")
    rows = database.execute(
        "SELECT id, COALESCE(text[2:-2], iri) FROM wanted "
        "LEFT JOIN graph.terms USING (id) LEFT JOIN unknown USING (id) WHERE id IS NOT NULL"
    ).fetchall()
    iris = dict(rows)
    labels = read_texts(database, properties.table(LABEL.value), "wanted")
    database.execute("DROP TABLE wanted")
    rows = database.execute(
        f"SELECT id, text FROM (SELECT DISTINCT {_WORDS} AS id FROM cells) "  # noqa: S608 - own names
        "JOIN graph.terms USING (id)"
    ).fetchall()
    literals = read_literals(text for _, text in rows)
    words = {number: each.value for (number, _), each in zip(rows, literals, strict=True)}
    prefixes = {}
    for name in CODED:
        found = {
            iris[number].removesuffix(make_code(name, iris[number]))
            for number in _distinct(database, name, "true")
        }
        if len(found) == 1:
            [prefixes[name]] = found
    return Codes(iris, labels, words, prefixes, _read_lists(database, properties))


def _distinct(database: Connection, name: str, where: str) -> list[int]:
    """The ids in a column of `cells`, in their order."""
    rows = database.execute(
        f'SELECT DISTINCT "{name}" FROM cells WHERE "{name}" IS NOT NULL AND {where} ORDER BY 1'  # noqa: S608 - own names
    ).fetchall()
    return [number for (number,) in rows]


def _choose(labels: Mapping[str, str]) -> tuple[str, str | None]:
    """One of the labels of a thing, with its language: in English where there is such a one."""
    found = sorted(labels.items(), key=lambda label: (label[0] != "en", label[0]))
    return found[0] if found else ("", None)


def _read_lists(database: Connection, properties: Properties) -> dict[str, str]:
    rows = database.execute(
        f"""SELECT dimension.text[2:-2], list.text[2:-2]
        FROM {properties.table(_CODE_LIST)} AS stated
        JOIN graph.terms AS dimension ON dimension.id = stated.s
        JOIN graph.terms AS list ON list.id = stated.o"""  # noqa: S608 - own names
    ).fetchall()
    lists = dict(rows)
    return {name: lists[iri] for name, iri in CODED.items() if iri in lists}


def _write(
    database: Connection,
    table: str,
    made: Mapping[str, Sequence[int] | Sequence[str | None]],
    *,
    narrow: bool,
) -> None:
    """Write a table of ids and texts anew."""
    database.execute(f"DROP TABLE IF EXISTS {table}")
    types = ["id INTEGER"]
    for column, values in made.items():
        if column != "id":
            kind = "VARCHAR"
            if narrow:
                kind = f"{table}_{column}"
                known = sorted({each for each in values if isinstance(each, str)})
                listed = ", ".join(map(quote, known or [""]))
                database.execute(f"DROP TYPE IF EXISTS {kind}")
                database.execute(f"CREATE TYPE {kind} AS ENUM ({listed})")
            types.append(f"{column} {kind}")
    database.execute(f"CREATE TABLE {table} ({', '.join(types)})")
    unnested = ", ".join(f"unnest(${column})" for column in made)
    database.execute(f"INSERT INTO {table} SELECT {unnested}", made)
