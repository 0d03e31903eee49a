"""A layout and the header of a file, compiled to what turns a row into statements.

A row has one or more things: one for each template of a subject. Of a thing with a number in the
file (`kzg:officialValue`) nothing is said in the graph where that is empty or zero; what would be
said of it whatever its number is handed over apart. A statement is made once for each combination
of the cells that it depends on.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter

from kzgraph.iri import ID, ONTOLOGY
from kzgraph.namespaces import XSD
from kzgraph.sources.left_out import LeftOutKind, join_objects
from kzgraph_mappings.official.csvw_metadata import VALUE, Column, ForeignKey, Layout, MetadataError
from kzgraph_mappings.official.iri_templates import (
    Template,
    Variable,
    compile_template,
    expand_prefix,
    named_columns,
)
from kzgraph_mappings.official.official_cells import CellCheck, render_literal
from kzgraph_mappings.official.reference_tables import Row, index_table, read_codes

#: The property of the number of a thing: an observation has it, or is none.
OFFICIAL_VALUE = ONTOLOGY + "officialValue"
_YEAR = ONTOLOGY + "year"
_TIME = f"{ID}time/"
_ROW = f"<{ONTOLOGY}row>"
_INTEGER = f"^^<{XSD['integer'].value}>"
#: Combinations of cells whose statements are kept; beyond, they are made anew.
_MOST_KEPT = 50_000

#: Called with property and object of each statement that is made, and a row that makes it; once for
#: each combination of the cells that the statement depends on, or more often.
Notice = Callable[[str, str, Sequence[str]], None]


def is_year(column: Column) -> bool:
    """Whether the cells of a column are the years that numbers are of; each has one."""
    stated = expand_prefix(column.property_url or "")
    return stated == _YEAR and column.required and not column.value_url


@dataclass
class Statement:
    """A statement about things of a row: its predicate and object, for the cells it depends on.

    Attributes:
        predicate: its IRI.
        find: the object for a row, an IRI or the text of a literal; nothing where there is none.
        render: predicate and object as N-Triples.
        cells: those that it depends on.
        of_number: whether that of the number of the thing is among them.
        of_time: whether its object is a time.
    """

    predicate: str
    find: Callable[[Sequence[str], Sequence[Row]], str]
    render: Callable[[Sequence[str], str], str]
    cells: tuple[int, ...]
    of_number: bool = False
    of_time: bool = False
    _kept: dict[object, str] = field(default_factory=dict)
    _found: dict[object, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.key = _key_of(self.cells)

    def object(self, row: Sequence[str], references: Sequence[Row]) -> str:
        """What `find` gives, found once for the cells it depends on."""
        key = self.key(row)
        found = self._found.get(key)
        if found is None:
            if len(self._found) == _MOST_KEPT:
                self._found.clear()
            found = self._found[key] = self.find(row, references)
        return found

    def tail(self, row: Sequence[str], references: Sequence[Row]) -> str:
        """Predicate and object as N-Triples; nothing where the row makes no such statement."""
        key = self.key(row)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) == _MOST_KEPT:
                self._kept.clear()
            value = self.find(row, references)
            found = self._kept[key] = self.render(row, value) if value else ""
        return found


@dataclass
class Thing:
    """One of the things of a row.

    Attributes:
        subject: the template of its IRI.
        measure: the index of the cell of its number, or None.
        statements: what is said of it, apart from what is said of all things of the row.
        own: those of them that do not depend on its number.
        null: texts of that cell that stand for nothing.
    """

    subject: Template
    measure: int | None = None
    statements: list[Statement] = field(default_factory=list)
    own: "Objects | None" = None
    null: Container[str] = ()
    _kinds: dict[str, LeftOutKind | None] = field(default_factory=dict)

    def kind(self, text: str) -> LeftOutKind | None:
        """Why there is no number in the cell of the measure; None where there is one."""
        try:
            return self._kinds[text]
        except KeyError:
            if len(self._kinds) == _MOST_KEPT:
                self._kinds.clear()
            zero: LeftOutKind | None = None if text.strip("-0.") else "zero"
            found = self._kinds[text] = "empty" if text in self.null else zero
            return found


class Objects:
    """What statements say of a thing in the columns of properties, joined; see `join_objects`."""

    def __init__(
        self, statements: Sequence[Statement], properties: Sequence[str], notice: Notice
    ) -> None:
        """Join those of `statements` in the order of `properties`.

        Times among the objects are noticed: tables name the years of all their rows. Whatever else
        only cells without a number lead to is no thing of the graph.
        """
        self._of = [[each for each in statements if each.predicate == p] for p in properties]
        self._times = [each for each in statements if each.of_time]
        self._notice = notice
        self._key = _key_of(sorted({at for each in statements for at in each.cells}))
        self._kept: dict[object, str] = {}

    def join(self, row: Sequence[str], references: Sequence[Row]) -> str:
        """What stands in the columns for a row."""
        key = self._key(row)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) == _MOST_KEPT:
                self._kept.clear()
            objects = [
                " ".join(filter(None, [each.object(row, references) for each in statements]))
                for statements in self._of
            ]
            for each in self._times:
                if time := each.object(row, references):
                    self._notice(each.predicate, time, row)
            found = self._kept[key] = join_objects(objects)
        return found


def _key_of(cells: Sequence[int]) -> Callable[[Sequence[str]], object]:
    """What takes the cells out of a row that something depends on."""
    return itemgetter(*cells) if cells else lambda row: None


@dataclass(frozen=True)
class Reference:
    """A foreign key: the columns, what they are called, and the rows by their cells."""

    columns: tuple[int, ...]
    key: ForeignKey
    rows: Mapping[tuple[str, ...], Row]


class Plan:
    """What is done with each row of a file.

    Attributes:
        checks: of each cell; None for a column that means nothing.
        references: the foreign keys.
        primary_key: the cells that no two rows share.
        properties: of what is handed over of cells that are zero or empty.
    """

    def __init__(self, layout: Layout, header: Sequence[Column], notice: Notice) -> None:
        """Compile `layout` for a file whose columns are those of `header`, in that order.

        Raises:
            MetadataError: the metadata names what there is not.
        """
        self._notice = notice
        self._columns = {column.name: at for at, column in enumerate(header)}
        self.references = tuple(
            Reference(tuple(map(self._at, key.columns)), key, index_table(key.resource, key.keys))
            for key in layout.foreign_keys
            if all(name in self._columns for name in key.columns)
        )
        self._keys: dict[str, int] = {}
        for number, reference in enumerate(self.references):
            for name in reference.key.columns:
                self._keys.setdefault(name, number)
        self._fields = [
            frozenset(next(iter(reference.rows.values()))) for reference in self.references
        ]
        self._header = header
        self._things: dict[str, Thing] = {}
        self._variables: dict[tuple[Variable, ...], tuple[Variable, ...]] = {}
        self._common: list[Statement] = []
        self._compile(layout)
        self.primary_key = tuple(map(self._at, layout.primary_key))
        self.checks = self._make_checks(layout)
        self._measured = measured = [
            (each.measure, each) for each in self._things.values() if each.measure is not None
        ]
        said = [[each for each in thing.statements if not each.of_number] for _, thing in measured]
        own = dict.fromkeys(each.predicate for statements in said for each in statements)
        shared = [each for each in self._common if each.predicate not in own]
        common = dict.fromkeys(each.predicate for each in shared)
        self.properties = (*own, *common)
        self._both = bool(own and common)
        self._shared = Objects(shared, tuple(common), notice)
        for (_, thing), statements in zip(measured, said, strict=True):
            thing.own = Objects(statements, tuple(own), notice)

    def things(
        self, row: Sequence[str], references: Sequence[Row], line: int
    ) -> Iterator[tuple[str, list[str]]]:
        """The things of a row that was checked: the IRI of each, and what is said of it.

        Both are in N-Triples form, of what is said predicates and objects.

        Args:
            row: the cells, without blanks around them.
            references: the row that each of `references` names.
            line: the line of the file at which the row begins.
        """
        common: list[str] | None = None
        for thing in self._things.values():
            if thing.measure is not None and thing.kind(row[thing.measure]) is not None:
                continue
            iri = thing.subject.expand(row, references)
            if not iri:
                continue
            if common is None:
                tails = [statement.tail(row, references) for statement in self._common]
                common = [*filter(None, tails), f'{_ROW} "{line}"{_INTEGER}']
            own = [statement.tail(row, references) for statement in thing.statements]
            yield f"<{iri}>", [*filter(None, own), *common]

    def left_out(
        self, row: Sequence[str], references: Sequence[Row]
    ) -> list[tuple[LeftOutKind, str]]:
        """The cells of a row that are zero or empty, each with what stands of `properties`.

        Args:
            row: see `lines`; likewise `references`.
            references: those.
        """
        found: list[tuple[LeftOutKind, str]] = []
        shared: str | None = None
        variables: Sequence[Variable] | None = None
        named = False
        for measure, thing in self._measured:
            kind = thing.kind(row[measure])
            if kind is None or thing.own is None:
                continue
            # The same of most things of a row.
            if thing.subject.variables is not variables:
                variables = thing.subject.variables
                named = all(each.value(row, references) for each in variables)
            if not named:
                continue
            if shared is None:
                shared = self._shared.join(row, references)
            own = thing.own.join(row, references)
            found.append((kind, f"{own},{shared}" if self._both else own or shared))
        return found

    def _at(self, name: str) -> int:
        if name not in self._columns:
            raise MetadataError(f"there is no column {name}")
        return self._columns[name]

    def _template(self, text: str) -> Template:
        made = compile_template(text, self._columns, self._keys, self._fields)
        # Equal variables are one object, which is told sooner.
        return replace(made, variables=self._variables.setdefault(made.variables, made.variables))

    def _compile(self, layout: Layout) -> None:
        stating = [column for column in layout.columns if column.property_url]
        subjects = {column.about_url for column in layout.real} | {None, layout.about_url}
        if astray := [column for column in stating if column.about_url not in subjects]:
            raise MetadataError(f"no cell is about {astray[0].about_url}")
        present = {column.name for column in self._header}
        for column in stating:
            url = column.about_url or layout.about_url
            if url and (column.name in present or (column.is_virtual and layout.about_url)):
                thing = self._things.setdefault(url, Thing(self._template(url)))
                if expand_prefix(column.property_url or "") == OFFICIAL_VALUE:
                    thing.measure = self._at(column.name)
                    thing.null = column.null
        for column in stating:
            if not column.is_virtual and column.name not in present:
                continue
            if url := column.about_url or layout.about_url:
                if url in self._things:
                    self._things[url].statements.append(self._statement(column, self._things[url]))
            elif VALUE in column.where:
                for thing in self._things.values():
                    thing.statements.append(self._statement(column, thing))
            else:
                self._common.append(self._statement(column, None))
        if not self._things:
            raise MetadataError("no column has an aboutUrl, and neither has the table")

    def _statement(self, column: Column, thing: Thing | None) -> Statement:
        predicate = expand_prefix(column.property_url or "")
        template = self._template(column.value_url) if column.value_url else None
        own = None if column.is_virtual else self._at(column.name)
        where = [(self._where_at(name, thing), texts) for name, texts in column.where.items()]
        needed = {at for at, _ in where} | ({own} if own is not None else set())
        if template:
            needed |= template.columns([reference.columns for reference in self.references])

        def find(row: Sequence[str], references: Sequence[Row]) -> str:
            if own is not None and row[own] in column.null:
                return ""
            if any(row[at] not in texts for at, texts in where):
                return ""
            if template is None:
                assert own is not None  # noqa: S101 - a virtual column has a valueUrl
                return row[own]
            return template.expand(row, references)

        def render(row: Sequence[str], value: str) -> str:
            if template is None:
                return f"<{predicate}> {render_literal(column, value)}"
            self._notice(predicate, value, row)
            return f"<{predicate}> <{value}>"

        of_number = VALUE in column.where or predicate == OFFICIAL_VALUE
        of_time = bool(column.value_url and column.value_url.startswith(_TIME))
        return Statement(predicate, find, render, tuple(sorted(needed)), of_number, of_time)

    def _where_at(self, name: str, thing: Thing | None) -> int:
        if name != VALUE:
            return self._at(name)
        if thing is None or thing.measure is None:
            raise MetadataError(f"{VALUE} names the cell of no number")
        return thing.measure

    def _make_checks(self, layout: Layout) -> tuple[CellCheck, ...]:
        """A check for each cell; what goes into an IRI is checked for that."""
        present = set(self._columns)
        urls = [column.value_url for column in layout.columns if column.value_url]
        used = [thing.subject for thing in self._things.values()]
        used += [self._template(url) for url in urls if named_columns(url) <= present]
        in_iris = {
            variable.column
            for template in used
            for variable in template.variables
            if variable.key is None and not variable.field
        }
        return tuple(
            CellCheck(column, in_iri=at in in_iris, scheme=_find_scheme(column.name, urls))
            for at, column in enumerate(self._header)
        )


def _find_scheme(name: str, urls: Sequence[str]) -> str:
    """The concept scheme that a column's cells are codes of, or an empty string."""
    for url in urls:
        scheme, _, rest = url.removeprefix(ID).partition("/")
        if url.startswith(ID) and rest == "{" + name + "}" and scheme in read_codes():
            return scheme
    return ""
