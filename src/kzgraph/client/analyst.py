"""What an analyst asks for: tables as frames, the concordance, citations, a plot.

The queries are those of the tables at `/tables/` of a server, so a frame and a spreadsheet have the
same rows, and any SPARQL endpoint that holds the graph answers.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from kzgraph.citing import CITATION_FORMATS, write_reference
from kzgraph.client.values import Value, fit_columns, frame, read_csv
from kzgraph.iri import thing
from kzgraph.namespaces import DCAT
from kzgraph.release.citation import DATA_SET, cite_node
from kzgraph.tidy.code_lists import CODES_QUERY, Code, CodeLists, UnknownCode, find_nearest
from kzgraph.tidy.filter_values import UnknownFilter, Values, read_values
from kzgraph.tidy.table_templates import Table, read_tables, write_query

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

#: What a filter takes: a code or a name, a year, true or false, or several of them.
Given: TypeAlias = "str | int | bool | Iterable[str | int] | None"

#: The tables that are too large for a query where a release has whole official tables.
_LARGE = frozenset({"official"})
#: What the data set says its version by.
VERSION_OF = DCAT["version"]
#: The columns of tables that name something that can be cited, in the order of preference.
_CITED = ("figure", "pledge", "partnership", "contribution")
#: Things whose citations are asked for at a time.
_BATCH = 100
_STYLES = {"text": "txt", "bibtex": "bib", "csl": "json", "ris": "ris"}


class Analyst(ABC):
    """What answers queries of the graph, with what an analyst wants of it.

    Codes may be given in whichever case, and by their names in English, Russian or Kazakh:
    `group="stateless persons"` is `group="STA"`. What is neither is refused with the nearest.
    """

    _codes: CodeLists | None = None

    @abstractmethod
    def _select(self, query: str) -> tuple[list[str], list[dict[str, Value]]]:
        """The variables and rows of a SELECT query."""

    @abstractmethod
    def _triples(self, query: str) -> bytes:
        """What a CONSTRUCT query makes, in Turtle."""

    def _find_files(self) -> Mapping[str, Table]:
        """The tables that there are as files, by their names; none where nothing says so."""
        return {}

    def _open_rows(self, table: Table, values: Values, lang: str) -> BinaryIO:
        """Rows of a table that there is as a file, as CSV."""
        raise NotImplementedError

    def table(self, name: str, *, lang: str = "en", **filters: Given) -> "pandas.DataFrame":
        """A table as a data frame; needs the extra `pandas`.

        Args:
            name: of the table: figures, finance, indicators, official, concordance, pledges,
                partners, donors, documents, places or codes; or of one that a release has of a
                whole data set, such as unhcr-population.
            lang: the language of names: en, ru or kk.
            filters: which rows, by the names of the table's filters; several values mean any of
                them.

        Raises:
            ValueError: there is no such table, filter, code or language; names the nearest.
            ImportError: pandas is not installed.
            QueryRefused, EndpointError, QueryTimeout: see `Endpoint.rows`.
        """
        tables = read_tables()
        if name not in tables or name in _LARGE:
            files = self._find_files()
            if name in files:
                values = self._read(files[name], filters)
                with self._open_rows(files[name], values, lang) as sent:
                    return read_csv(sent, files[name].columns)
            tables = {**files, **tables}
        if name not in tables:
            near = find_nearest(name, tables)
            hint = f"; did you mean {' or '.join(near)}?" if near else f"; {', '.join(tables)}"
            raise ValueError(f"there is no table {name!r}{hint}")
        query = write_query(tables[name], self._read(tables[name], filters), lang)
        names, rows = self._select(query)
        return fit_columns(frame(names, rows), tables[name].columns)

    def figures(
        self,
        place: Given = None,
        group: Given = None,
        years: Given = None,
        *,
        lang: str = "en",
        **filters: Given,
    ) -> "pandas.DataFrame":
        """Figures of documents, with scope and status as columns.

        No two scopes, statuses, quantities or units are mixed: each figure is a row, and what it is
        about stands in it.

        Args:
            place: a country, or else an operation, office or other scope.
            group: a population group.
            years: a year, several, a `range`, or "2014-2018"; without them also what has no year.
            lang: the language of names: en, ru or kk.
            filters: more of the filters of the table: quantity, status, document, unit, series,
                indicator, origin, scope, chosen (the one number of each place, group and year),
                headline (numbers that may be added up).

        Raises:
            ValueError, ImportError, QueryRefused, EndpointError, QueryTimeout: see `table`.
        """
        return self.table(
            "figures", lang=lang, **self._place(place), group=group, year=years, **filters
        )

    def official(
        self,
        place: Given = None,
        group: Given = None,
        years: Given = None,
        *,
        lang: str = "en",
        **filters: Given,
    ) -> "pandas.DataFrame":
        """Cells of official data sets, one a row; those that may be added up have `headline`.

        Args:
            place: a country of asylum, or else another scope, such as an activity.
            group: a population group.
            years: see `figures`.
            lang: the language of names.
            filters: more of the filters of the table: origin, dataset, quantity, headline.

        Raises:
            ValueError, ImportError, QueryRefused, EndpointError, QueryTimeout: see `table`.
        """
        return self.table(
            "official", lang=lang, **self._place(place), group=group, year=years, **filters
        )

    def concordance(
        self,
        place: Given = None,
        group: Given = None,
        years: Given = None,
        *,
        lang: str = "en",
        **filters: Given,
    ) -> "pandas.DataFrame":
        """Figures of documents beside the official cells that they were compared with.

        One row for each pair: count figures by their column `figure`. The difference is that of the
        whole comparison.

        Args:
            place: see `figures`.
            group: a population group.
            years: see `figures`.
            lang: the language of names.
            filters: more of the filters of the table: quantity, status, document, explanation.

        Raises:
            ValueError, ImportError, QueryRefused, EndpointError, QueryTimeout: see `table`.
        """
        return self.table(
            "concordance", lang=lang, **self._place(place), group=group, year=years, **filters
        )

    def citations(
        self, of: "pandas.DataFrame | pandas.Series[Any] | Iterable[str] | str", style: str = "text"
    ) -> list[str]:
        """How facts or documents are cited, each once, in their order.

        Args:
            of: a frame of a table of facts, or IRIs of facts and documents, such as the column
                `figure` of a frame.
            style: text (one line), bibtex, csl or ris.

        Raises:
            ValueError: there is no such style; something is neither a fact nor a document.
            QueryRefused, EndpointError, QueryTimeout: see `Endpoint.rows`.
        """
        if style not in _STYLES:
            raise ValueError(f"there is no style {style!r}; there are {', '.join(_STYLES)}")
        form = next(each for each in CITATION_FORMATS if each.name == _STYLES[style])
        nodes = [NamedNode(iri) for iri in dict.fromkeys(_list_iris(of))]
        found = []
        for start in range(0, len(nodes), _BATCH):
            part = nodes[start : start + _BATCH]
            store = Store()
            store.load(self._triples(_write_construct(part)), RdfFormat.TURTLE)
            version = self._version(store)
            for node in part:
                reference = cite_node(store, version, node)
                if reference is None:
                    raise ValueError(f"{node.value} is neither a fact nor a document of the graph")
                found.append(write_reference(reference, form).decode().strip())
        return found

    def plot(
        self,
        place: Given = None,
        group: Given = None,
        years: Given = None,
        *,
        official: bool = True,
        ax: "Axes | None" = None,
        lang: str = "en",
        **filters: Given,
    ) -> "Axes":
        """Draw figures by year, and official statistics beside them; needs the extra `plot`.

        What is exact, hedged, foreseen and official differs by its mark; a line joins only what
        has one scope, status, quantity, group, unit and document. The sources stand below.

        Args:
            place: see `figures`.
            group: a population group, or several.
            years: see `figures`.
            lang: the language of names.
            official: whether official headline figures of the same countries, groups and
                quantities are drawn as well, as sums over origins.
            ax: where to draw; by default axes of their own.
            filters: see `figures`; without a quantity the number at a date is drawn.

        Raises:
            ValueError: nothing is left to draw, or what is left has several units; see also
                `table`.
            ImportError: matplotlib or pandas is not installed.
            QueryRefused, EndpointError, QueryTimeout: see `Endpoint.rows`.
        """
        from kzgraph.client.plotting import draw

        filters.setdefault("quantity", "stock")
        stated = self.figures(place, group, years, lang=lang, **filters)
        beside = None
        if official:
            same = {"quantity": filters["quantity"], "headline": True}
            beside = self.official(place, group, years, lang=lang, **same)
        documents = [thing("document", name).value for name in dict.fromkeys(stated["document"])]
        sources = self.citations(documents)
        return draw(stated, beside, sources, ax)

    def _read(self, table: Table, filters: Mapping[str, Given]) -> Mapping[str, Mapping[str, str]]:
        given = [(name, text) for name, value in filters.items() for text in _list_texts(value)]
        try:
            return read_values(table, given, self._find, separated=False)
        except UnknownFilter as error:
            raise ValueError(str(error)) from None

    def _find(self, name: str, asked: str) -> Code:
        """The code that is asked for, by itself or by its name; the lists are asked for once."""
        if self._codes is None:
            self._codes = CodeLists(self._select(CODES_QUERY)[1])
        return self._codes.find_named(name, asked)

    def _place(self, place: Given) -> dict[str, list[str]]:
        """The filter that chooses places: by country if they are countries, else by scope."""
        found: dict[str, list[str]] = {}
        for text in _list_texts(place):
            try:
                kind, code = "country", self._find("country", text)
            except UnknownCode as error:
                try:
                    kind, code = "scope", self._find("scope", text)
                except UnknownCode as other:
                    raise ValueError(f"{error} Or: {other}") from None
            found.setdefault(kind, []).append(code.code)
        if len(found) > 1:
            raise ValueError(
                f"{', '.join(found['country'])} and {', '.join(found['scope'])} are chosen by "
                "different columns: ask for countries and for other scopes apart"
            )
        return found

    @staticmethod
    def _version(store: Store) -> str:
        found = [quad.object for quad in store.quads_for_pattern(DATA_SET, VERSION_OF, None, None)]
        if len(found) != 1 or not isinstance(found[0], Literal):
            raise ValueError("the graph does not say of which release it is, as a citation has to")
        return found[0].value


def _list_texts(given: Given) -> list[str]:
    """Values as an address has them."""
    if given is None:
        return []
    if isinstance(given, bool):
        return [str(given).lower()]
    if isinstance(given, str | int):
        return [str(given)]
    return [text for each in given for text in _list_texts(each)]


def _list_iris(of: "pandas.DataFrame | pandas.Series[Any] | Iterable[str] | str") -> list[str]:
    if isinstance(of, str):
        return [of]
    columns: Sequence[str] | None = getattr(of, "columns", None)
    if columns is None:
        return [str(each) for each in of]
    name = next((each for each in _CITED if each in columns), None)
    if name is None:
        raise ValueError(f"the frame has none of the columns {', '.join(_CITED)}")
    return [str(each) for each in of[name]]  # type: ignore[index]


def _write_construct(nodes: Iterable[NamedNode]) -> str:
    """The query for what a citation says of facts, of their documents and of these' publishers."""
    values = " ".join(map(str, nodes))
    return f"""CONSTRUCT {{
  ?thing ?property ?value . ?publisher rdfs:label ?name . dataset:kzgraph dcat:version ?version
}} WHERE {{
  {{
    VALUES ?node {{ {values} }}
    ?node kzg:statedIn? ?thing . ?thing ?property ?value
    FILTER(?property IN (
      rdf:type, rdfs:label, kzg:statedIn, dcterms:bibliographicCitation, dcterms:title,
      dcterms:publisher, dcterms:issued, prov:generatedAtTime, schema:archivedAt, schema:url
    ))
  }} UNION {{
    VALUES ?node {{ {values} }}
    ?node kzg:statedIn?/dcterms:publisher ?publisher . ?publisher rdfs:label ?name
  }} UNION {{ dataset:kzgraph dcat:version ?version }}
}}"""
