"""What the mapping adds to a row so that it can be named: labels, an identifier, a citation.

The labels of figures, contributions and holidays in Russian and Kazakh are made from those of their
dimensions. The parts are in the nominative and separated by a colon and commas, for a name cannot
be inflected by rule. Where a part has no label in a language, neither has the whole.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import ID, graph
from kzgraph.namespaces import DCT, LABEL, LANGUAGES
from kzgraph.tables import Row, Tables, parse_time
from kzgraph.tables.checks import path_of
from kzgraph_mappings.curies import DATE_TYPES, english_literal, typed_literal
from kzgraph_mappings.time_labels import NOT_STATED, time_labels

#: The columns that tell figures apart, in the order in which a label names them.
_DIMENSIONS = (
    *("group", "quantity", "indicator", "series", "sex", "age", "disability"),
    *("origin", "registered_by", "scope", "status"),
)
#: What a label leaves out, as the English ones do: that nothing in particular is meant.
_UNSAID = {
    "population-group/NOG", "origin/all", "registered-by/not-stated", "status/actual",
    "sex/all", "age/all", "disability/all",
}  # fmt: skip
#: What introduces the name of a country, a body, which would otherwise read as the place.
_INTRODUCED = {
    "origin": ("country/", {"ru": "страна происхождения – ", "kk": "шыққан елі – "}),
    "registered_by": ("", {"ru": "регистрирующая сторона – ", "kk": "тіркеуші тарап – "}),
}
#: Columns whose names are proper, so that they keep their capital within a label.
_PROPER = {"scope"}

_CONTRIBUTION = "quantity/contribution"

Labels = Mapping[str, str]


@dataclass(frozen=True)
class Names:
    """The names that rows give to things; `of_thing` by path below `id/` and language."""

    of_thing: Mapping[str, Labels]
    documents: Mapping[str, Row]

    @classmethod
    def of(cls, tables: Tables) -> "Names":
        """The names in `tables`."""
        named = (row for row in tables.rows if "label_en" in row.cells)
        found = {path_of(row): _labels(row) for row in named}
        return cls(found, tables.documents)

    def quads(self, row: Row, graph: NamedNode) -> Iterator[Quad]:
        """The citation of a fact or document; the Russian and Kazakh labels of some facts."""
        subject = NamedNode(row.iri)
        is_fact = "evidence" in row.cells
        cited = english_literal(self.citation(row) if is_fact else self.document_citation(row))
        yield Quad(subject, DCT["bibliographicCitation"], cited, graph)
        make = _MAKERS.get(row.schema.name)
        if make:
            for language in LANGUAGES[1:]:
                label = make(self, row, language)
                if label:
                    yield Quad(subject, LABEL, Literal(label, language=language), graph)

    def date_quads(self, row: Row, quads: Iterable[Quad]) -> Iterator[Quad]:
        """`quads` of an office holder with the date of the document that says who it was then."""
        document, subject = self.documents[row.folder], NamedNode(row.iri)
        date = document.get("issued") or (document.get("captured") or "")[:10]
        shown = f"as of {date}" if date else "in a document without a date"
        for quad in quads:
            if quad.subject == subject and quad.predicate == LABEL:
                label = english_literal(f"{row.require('label')} ({shown})")
                quad = Quad(subject, LABEL, label, quad.graph_name)
            yield quad
        if date:
            value = typed_literal(date, DATE_TYPES[len(date)])
            yield Quad(subject, DCT["valid"], value, graph(row.folder))

    def citation(self, row: Row) -> str:
        """Where a fact is stated: publisher, title, dates as far as known, and spans."""
        spans = ", ".join(row.cells["evidence"])
        return f"{self.document_citation(self.documents[row.folder])}, characters {spans}"

    def document_citation(self, document: Row) -> str:
        """Publisher, title, and dates as far as known."""
        publisher = self.of_thing.get(document.require("publisher"), {}).get("en")
        issued, captured = document.get("issued"), document.get("captured")
        dates = [issued or "no date of issue", *([f"captured {captured[:10]}"] if captured else [])]
        name = publisher or document.require("publisher")
        return f"{name}: {document.require('title')} ({'; '.join(dates)})"

    def holiday_label(self, row: Row, language: str) -> str | None:
        """Which holiday, and the day on which it is kept; None if either has no label."""
        kind = _path(next(iter(row.object_iris("kind")), ""))
        name = self.of_thing.get(kind, {}).get(language)
        return name and f"{name}, {time_labels(parse_time(row.require('time')))[language]}"

    def figure_label(self, row: Row, language: str) -> str | None:
        """What a figure counts, where, of which status and when; None if a part has no label."""
        parts: list[str] = []
        for column in _DIMENSIONS:
            path = _path(next(iter(row.object_iris(column)), "")) if column in row.cells else ""
            if not path or path in _UNSAID:
                continue
            name = self.of_thing.get(path, {}).get(language)
            if name is None:
                return None
            beginning, introduced = _INTRODUCED.get(column, ("-", {}))
            if path.startswith(beginning):
                name = introduced[language] + (name if beginning else _lower(name))
            parts.append(name if column in _PROPER or not parts else _lower(name))
        time = row.get("time")
        parts.append((time_labels(parse_time(time)) if time else NOT_STATED)[language])
        return f"{parts[0]}: {', '.join(parts[1:])}"

    def contribution_label(self, row: Row, language: str) -> str | None:
        """That it is one, who gives to whom, and when; None if a part has no label."""
        given = (_path(row.object_iris(column)[0]) for column in ("donor", "scope"))
        names = [self.of_thing.get(path, {}).get(language) for path in (_CONTRIBUTION, *given)]
        time = row.get("time")
        names.append((time_labels(parse_time(time)) if time else NOT_STATED)[language])
        if None in names:
            return None
        kind, donor, scope, when = names
        return f"{kind}: {donor} – {scope}, {when}"


_Maker = Callable[[Names, Row, str], str | None]
#: The tables of which rows get made labels.
_MAKERS: Mapping[str, _Maker] = {
    **dict.fromkeys(("population", "finance", "indicators"), Names.figure_label),
    "contributions": Names.contribution_label,
    "holidays": Names.holiday_label,
}


def identifier_quads(entity: NamedNode, graph: NamedNode) -> Iterator[Quad]:
    """The path of an entity below `id/`, which names it in no language."""
    yield Quad(entity, DCT["identifier"], Literal(_path(entity.value)), graph)


def _path(iri: str) -> str:
    return iri.removeprefix(ID)


def _labels(row: Row) -> Labels:
    cells = ((language, row.cells[f"label_{language}"]) for language in LANGUAGES)
    return {language: items[0] for language, items in cells if items}


def _lower(name: str) -> str:
    """A label of a code within another label: in lower case, but for an abbreviation."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name
