"""The links of a release as a mapping set in SSSOM's table.

https://mapping-commons.github.io/sssom/spec-formats-tsv/

A line that begins with a hash is a comment there. So the variant with HXL hashtags is a file that
begins with its header, and has IRIs where the mapping set has short names.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import BASE, graph, thing
from kzgraph.namespaces import DCT, LABEL, OWL, RDFS, VOID, Namespace
from kzgraph.prefixes import PREFIXES, split
from kzgraph.rdf.content import Content
from kzgraph.release.dump_tables import (
    DumpTable,
    TableColumn,
    TableFile,
    describe_table,
    write_tagged,
)
from kzgraph.release.metadata import LICENCE

#: Its name in the folder of the dumps.
MAPPING_SET = "links.sssom.tsv"
_MEDIA_TYPE = "text/tab-separated-values"
_DIALECT = {"encoding": "utf-8", "delimiter": "\t", "commentPrefix": "#"}

_TITLE = "Links of kzgraph to other data sets"
_DESCRIPTION = (
    "Links from countries, places, organisations, treaties, initiatives and codes of kzgraph. "
    "The confidence is 0.9 where two public sources agree, 0.7 where one says so, and 0.5 where a "
    "doubt stays; it puts the links in an order and was not measured. Nothing is taken over from "
    "the data sets."
)
_SSSOM = Namespace(PREFIXES["sssom"])
_SEPARATOR = "|"


def _slot(
    name: str, what: str, tag: str, datatype: str = "string", several: str = ""
) -> TableColumn:
    return TableColumn(name, what, tag, datatype, several, _SSSOM[name].value)


#: The slots of a mapping in the order of SSSOM's model.
_COLUMNS = (
    _slot("subject_id", "What is linked.", "#meta+id+subject"),
    _slot("subject_label", "Its name in English.", "#meta+name+subject"),
    _slot("predicate_id", "How it is related.", "#meta+id+predicate"),
    _slot("object_id", "What it is linked to.", "#meta+id+object"),
    _slot("mapping_justification", "How the link was found.", "#meta+id+justification"),
    _slot(
        "confidence",
        "How sure it is, from 0 to 1; see the description of the table.",
        "#meta+confidence+num",
        "decimal",
    ),
    _slot(
        "see_also",
        "The public sources that have the link.",
        "#meta+list+source+url",
        "anyURI",
        _SEPARATOR,
    ),
    _slot("comment", "What there is to know about it.", "#description"),
)
#: Those that have IRIs.
_IRIS = frozenset(("subject_id", "predicate_id", "object_id", "mapping_justification"))
#: Prefixes that SSSOM knows, which a set must not declare.
_BUILT_IN = frozenset(("owl", "rdf", "rdfs", "semapv", "skos", "sssom", "xsd", "linkml"))


class _Link(NamedTuple):
    """What the node about a link says, by property."""

    values: Mapping[NamedNode, list[NamedNode | Literal]]

    def one(self, name: NamedNode) -> str:
        """The value of a property; nothing where there is none."""
        return next((each.value for each in self.values.get(name, ())), "")

    def listed(self, name: NamedNode) -> str:
        """All values of a property, in order, with a bar between two."""
        return _SEPARATOR.join(sorted(each.value for each in self.values.get(name, ())))


def mapping_files(content: Content, version: str) -> list[TableFile]:
    """The mapping set, its variant with hashtags, and the metadata of both; nothing without links.

    Args:
        content: of the release.
        version: of the release.
    """
    links, labels, spaces = _read(content)
    if not links:
        return []
    curies = _Curies(spaces)
    rows = [_cells(link, labels) for link in links]
    short = [
        [
            curies.shorten(cell) if column.name in _IRIS else cell
            for column, cell in zip(_COLUMNS, row, strict=True)
        ]
        for row in rows
    ]
    creator = curies.shorten(thing("agent", "kzgraph-contributors").value)
    head = [
        "curie_map:",
        *(f"  {prefix}: {_yaml(space)}" for prefix, space in sorted(curies.used.items())),
        f"mapping_set_id: {BASE}releases/{version}/dumps/{MAPPING_SET}",
        f"mapping_set_version: {_yaml(version)}",
        f"mapping_set_title: {_yaml(_TITLE)}",
        f"mapping_set_description: {_yaml(_DESCRIPTION)}",
        "creator_id:",
        f"  - {_yaml(creator)}",
        f"license: {LICENCE}",
    ]
    names = [column.name for column in _COLUMNS]
    text = "".join(f"#{line}\n" for line in head) + "\t".join(names) + "\n"
    text += "".join(sorted("\t".join(map(_quote, row)) + "\n" for row in short))
    table = DumpTable(MAPPING_SET, _TITLE, _DESCRIPTION, _COLUMNS, sorted(rows))
    return [
        TableFile(MAPPING_SET, _MEDIA_TYPE, text.encode()),
        describe_table(table, _DIALECT, names),
        *write_tagged(table),
    ]


def _cells(link: _Link, labels: Mapping[str, str]) -> list[str]:
    subject = link.one(OWL["annotatedSource"])
    return [
        subject,
        labels.get(subject, ""),
        link.one(OWL["annotatedProperty"]),
        link.one(OWL["annotatedTarget"]),
        link.one(_SSSOM["mapping_justification"]),
        link.one(_SSSOM["confidence"]),
        link.listed(DCT["source"]),
        link.one(RDFS["comment"]),
    ]


def _read(content: Content) -> tuple[list[_Link], dict[str, str], dict[str, str]]:
    """The links, the English labels of things, and the beginnings of the IRIs of data sets."""
    about: dict[str, dict[NamedNode, list[NamedNode | Literal]]] = {}
    labels: dict[str, str] = {}
    spaces: dict[str, str] = {}
    for quad in content.quads:
        subject, value = quad.subject, quad.object
        if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
            continue
        if quad.graph_name == graph("links"):
            of_node = about.setdefault(subject.value, defaultdict(list))
            of_node[quad.predicate].append(value)
            if quad.predicate == VOID["uriSpace"]:
                slug = subject.value.rpartition("/")[2]
                # The package sssom drops prefixes with a hyphen.
                spaces[slug.replace("-", "_")] = value.value
        if _is_english_label(quad):
            labels[subject.value] = value.value
    links = [
        _Link(values)
        for values in about.values()
        if any(isinstance(each, NamedNode) for each in values.get(OWL["annotatedTarget"], ()))
    ]
    return links, labels, spaces


def _is_english_label(quad: Quad) -> bool:
    value = quad.object
    return quad.predicate == LABEL and isinstance(value, Literal) and value.language == "en"


class _Curies:
    """Short names of IRIs, and the prefixes that they use.

    Attributes:
        used: the prefixes that were needed and that SSSOM does not know, with their namespaces.
    """

    def __init__(self, spaces: Mapping[str, str]) -> None:
        # A page of no data set is named after how its address begins.
        self._spaces = {**spaces, "page_http": "http://", "page_https": "https://"}
        self._longest_first = sorted(self._spaces.items(), key=lambda pair: -len(pair[1]))
        self.used: dict[str, str] = {}

    def shorten(self, iri: str) -> str:
        """`iri` as prefix and rest."""
        found = split(iri) or split(iri, self._longest_first)
        if found is None:
            return iri
        prefix, rest = found
        if prefix not in _BUILT_IN:
            self.used[prefix] = PREFIXES.get(prefix) or self._spaces[prefix]
        return f"{prefix}:{rest}"


def _quote(cell: str) -> str:
    """A cell: in quotes where it holds a quote, a tab or a line break."""
    if any(sign in cell for sign in '"\t\n\r'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _yaml(text: str) -> str:
    """A scalar in double quotes, https://yaml.org/spec/1.2.2/#731-double-quoted-style."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
