"""What the columns of a table mean, as CSVW metadata: https://www.w3.org/TR/tabular-metadata/.

The table is the result of a query, which its address names; the metadata say of each column the
property that it comes from, its title in three languages and its datatype, and of the table which
release and which sources its numbers are from, with their licences. A column of which nothing is
known has its name alone: see `kzgraph.sparql.meaning`.
"""

import json
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kzgraph.iri import thing
from kzgraph.licences import OWN
from kzgraph.namespaces import DCAT, DCT, LABEL, LANGUAGES, OWL, RDFS, SH, SKOS, TYPE, XSD, Term
from kzgraph.prefixes import PREDECLARED
from kzgraph.problem import Problem
from kzgraph.rdf.formats import CSVW, RESULTS_CSV, RESULTS_EXCEL_CSV, RESULTS_TSV, Format
from kzgraph.rdf.graph_writer import Output
from kzgraph.sparql.analysis import analyse_whole
from kzgraph.sparql.evaluation import Evaluated, ask
from kzgraph.sparql.hashtags import tag_columns
from kzgraph.sparql.job import Header, Job
from kzgraph.sparql.meaning import Claims, Meaning, find_meanings
from kzgraph.sparql.met_sources import find_met_sources
from kzgraph.sparql.superseded import Vintages

_CONTEXT = "http://www.w3.org/ns/csvw"
#: The formats that are text in rows; the metadata of the others are of CSV.
_TEXTS = {each.name: each for each in (RESULTS_CSV, RESULTS_TSV, RESULTS_EXCEL_CSV)}
#: What a variable in a URI template is made of, RFC 6570, section 2.3; CSVW takes no `_` in front.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]*")
#: The datatypes of CSVW that are called as those of XML Schema.
_BUILT_IN = frozenset(
    ("anyURI", "boolean", "date", "dateTime", "decimal", "double", "float", "gYear", "integer")
)
_DATA_SET = thing("dataset", "kzgraph")


def describe_table(
    job: Job, store: Store, max_nesting: int, vintages: Vintages | None = None
) -> Evaluated:
    """The metadata of the table that the query of `job` gives, as JSON.

    Args:
        job: whose second offer is the name of the table's format.
        store: the quads of the release.
        max_nesting: how deep brackets and signs may nest in a query.
        vintages: see `evaluate`.

    Raises:
        Problem: 400, as the query itself is refused, or it is not a SELECT.
    """
    # Nothing is found in an empty store; it refuses what any store does.
    result, _ = ask(job, Store(), max_nesting)
    if not isinstance(result, QuerySolutions):
        raise Problem(400, "CSVW metadata are of the table of a SELECT, and this query gives none.")
    names = [variable.value for variable in result.variables]
    analysis = analyse_whole(job.query, PREDECLARED.keys(), max_nesting)
    meanings = find_meanings(job.query, max_nesting)
    tags = tag_columns(names, meanings) if job.hxl else [""] * len(names)
    name = job.offers[1]
    chosen = _TEXTS.get(name, RESULTS_CSV)
    about = _About(store)
    terms = chosen is RESULTS_TSV and not job.hxl
    columns = [
        about.column(name, tag, meanings.get(name, ()), terms=terms)
        for name, tag in zip(names, tags, strict=True)
    ]
    sources = find_met_sources(
        analysis, job, lambda asked: ask(asked, store, max_nesting, vintages)[0]
    )
    document = {
        "@context": [_CONTEXT, {"@language": "en"}],
        "url": _address(job, chosen.name),
        "dialect": _dialect(chosen, job.hxl, names),
        **about.release({each.licence for each in sources}),
        # Nobody here knows under which licence the rows of others are.
        **({"dc:license": None} if job.endpoints else {}),
        "dc:source": [
            {
                "@id": each.iri,
                "dc:title": each.title,
                "dc:license": {"@id": each.licence},
                "schema:creditText": each.credit,
            }
            for each in sources
        ]
        + [{"@id": each} for each in job.endpoints],
        SH["select"].value: job.written or job.query,
        "tableSchema": {"columns": columns},
    }
    kept = {key: value for key, value in document.items() if value not in ([], "", None)}
    body = json.dumps(kept, ensure_ascii=False, indent=2).encode("utf-8", "replace")

    def write(output: Output) -> None:
        output.write(body + b"\n")

    return Evaluated(Header(CSVW.content_type, "json", {}, volatile=False), write)


def _address(job: Job, name: str) -> str:
    """The address of the table, from that of its metadata: the same but for some parameters."""
    parameters = [
        ("query", job.written or job.query),
        *(("default-graph-uri", graph) for graph in job.default_graphs),
        *(("named-graph-uri", graph) for graph in job.named_graphs),
        ("format", name),
        *([("hxl", "true")] if job.hxl else []),
    ]
    return f"?{urlencode(parameters, errors='replace')}"


def _dialect(chosen: Format, hxl: bool, names: Sequence[str]) -> dict[str, Any]:
    """How the table is to be read: https://www.w3.org/TR/tabular-metadata/#dialect-descriptions.

    Tools for CSVW compare a header with the names of the columns, and take the second row of one
    for data. So where the header is other than the names, it is skipped: columns have their order.
    """
    # No row is a comment, though one may begin with the sign that stands before comments if
    # nothing is said.
    dialect: dict[str, Any] = {"encoding": "utf-8", "commentPrefix": None}
    terms = chosen is RESULTS_TSV and not hxl
    if chosen is RESULTS_TSV:
        dialect["delimiter"] = "\t"
    if terms:
        dialect["quoteChar"] = None  # Quotes belong to the terms.
    if hxl or terms or any(_column_name(name) != name for name in names):
        dialect |= {"header": False, "skipRows": 2 if hxl else 1}
    return dialect


class _About:
    """What the store says of properties and of the release."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def _values(self, subject: NamedNode, predicate: NamedNode) -> list[Term]:
        return [quad.object for quad in self._store.quads_for_pattern(subject, predicate, None)]

    def release(self, licences: set[str]) -> dict[str, Any]:
        """The version of the release, and the licence of what has its data and that of sources.

        Args:
            licences: of the sources. Where they differ from that of the project, the release has
                the address of the text that says which data are under which.
        """
        licence = OWN.iri
        if licences - {OWN.iri}:
            told = self._values(_DATA_SET, DCT["license"])
            texts = (each.value for each in told if isinstance(each, NamedNode))
            # One whose current data are all under one has no such text for superseded ones.
            licence = next((text for text in texts if text != OWN.iri), "")
        versions = self._values(_DATA_SET, DCAT["version"])
        return {
            "dc:isPartOf": {"@id": _DATA_SET.value},
            "dc:license": {"@id": licence} if licence else None,
            "dcat:version": next(
                (each.value for each in versions if isinstance(each, Literal)), None
            ),
        }

    def column(self, name: str, tag: str, claims: Claims, *, terms: bool) -> dict[str, Any]:
        """The description of a column.

        Args:
            name: of the variable.
            tag: its HXL hashtag, or nothing.
            claims: what is known of it.
            terms: whether the cells have terms of SPARQL, not values.
        """
        column: dict[str, Any] = {"name": _column_name(name)}
        header = f"?{name}" if terms else name
        titles: dict[str, Any] = {"und": [header, tag] if tag else header}
        meaning = _only(claims)
        if meaning is not None:
            titles |= self._titles(meaning)
        column["titles"] = titles
        if meaning is None:
            return column
        direct = len(meaning.steps) == 1 and not meaning.aggregates
        if direct and not meaning.property.startswith("^"):
            column["propertyUrl"] = meaning.property
        description = self._description(meaning)
        if description:
            column["dc:description"] = description
        if not terms:
            datatype = self._datatype(meaning)
            if datatype:
                column["datatype"] = datatype
                column["null"] = ""
            elif meaning.language:
                column["lang"] = meaning.language
        return column

    def _titles(self, meaning: Meaning) -> dict[str, str]:
        """What the properties are called, in each language in which one of them has a label."""
        titles = {}
        for language in LANGUAGES:
            labels = [
                label.value
                for step in meaning.steps
                for label in self._values(_term(step.property), LABEL)
                if isinstance(label, Literal) and label.language == language
            ]
            if labels:
                title = " / ".join(labels)
                calls = ", ".join(meaning.aggregates)
                titles[language] = f"{title} ({calls})" if calls else title
        return titles

    def _description(self, meaning: Meaning) -> str:
        """What the properties mean, in English."""
        texts = [
            text.value
            for step in meaning.steps
            for text in self._values(_term(step.property), SKOS["definition"])
            if isinstance(text, Literal) and text.language == "en"
        ]
        if "COUNT" in meaning.aggregates:
            texts = ["The number of solutions."]
        return " / ".join(texts)

    def _datatype(self, meaning: Meaning) -> str:
        """The CSVW datatype of the values; nothing for text, or where it cannot be told."""
        if "GROUP_CONCAT" in meaning.aggregates:
            return ""
        if "COUNT" in meaning.aggregates:
            return "decimal" if "AVG" in meaning.aggregates else "integer"
        if not meaning.steps:
            return "anyURI" if meaning.facts else ""
        property_ = _term(meaning.property)
        kinds = self._values(property_, TYPE)
        if OWL["ObjectProperty"] in kinds:
            return "anyURI"
        for range_ in self._values(property_, RDFS["range"]):
            if isinstance(range_, NamedNode) and range_.value.startswith(XSD.iri):
                local = range_.value.removeprefix(XSD.iri)
                if local == "integer" and "AVG" in meaning.aggregates:
                    return "decimal"
                return local if local in _BUILT_IN else ""
        return ""


def _only(claims: Claims) -> Meaning | None:
    """What a column means, where all that is known of it agrees on the properties."""
    for claim in claims:
        ways = {(tuple(step.property for step in each.steps), each.aggregates) for each in claim}
        if len(ways) == 1:
            languages = {each.language for each in claim}
            meaning = next(iter(claim))
            if len(languages) > 1:
                return Meaning(meaning.steps, meaning.facts, aggregates=meaning.aggregates)
            return meaning
    return None


def _term(property_: str) -> NamedNode:
    return NamedNode(property_.removeprefix("^"))


def _column_name(name: str) -> str:
    """The name of a column as CSVW has it: https://www.w3.org/TR/tabular-metadata/#dfn-column-name.

    >>> _column_name("год"), _column_name("_year")
    ('%D0%B3%D0%BE%D0%B4', '%5Fyear')
    """
    if _NAME.fullmatch(name):
        return name
    encoded = quote(name, safe="", errors="replace")
    return f"%5F{encoded[1:]}" if encoded.startswith("_") else encoded
