"""The links of a release as a mapping set in SSSOM's table.

https://mapping-commons.github.io/sssom/spec-formats-tsv/
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import BASE, graph, thing
from kzgraph.namespaces import DCT, LABEL, OWL, RDFS, VOID, Namespace
from kzgraph.prefixes import PREFIXES, split
from kzgraph.rdf.content import Content
from kzgraph.release.metadata import LICENCE

#: Its name in the folder of the dumps, and its media type.
MAPPING_SET = "links.sssom.tsv"
MEDIA_TYPE = "text/tab-separated-values"

_TITLE = "Links of kzgraph to other data sets"
_DESCRIPTION = (
    "Links from countries, places, organisations, treaties, initiatives and codes of kzgraph. "
    "The confidence is 0.9 where two public sources agree, 0.7 where one says so, and 0.5 where a "
    "doubt stays; it puts the links in an order and was not measured. Nothing is taken over from "
    "the data sets."
)
_SSSOM = Namespace(PREFIXES["sssom"])
#: The slots of a mapping in the order of SSSOM's model.
_COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "mapping_justification",
    "confidence",
    "see_also",
    "comment",
)
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
        return "|".join(sorted(each.value for each in self.values.get(name, ())))


def write_mapping_set(content: Content, version: str) -> bytes:
    """The mapping set; nothing where the release has no links.

    Args:
        content: of the release.
        version: of the release.
    """
    links, labels, spaces = _read(content)
    if not links:
        return b""
    curies = _Curies(spaces)
    lines = []
    for link in links:
        subject = link.one(OWL["annotatedSource"])
        cells = (
            curies.shorten(subject),
            labels.get(subject, ""),
            curies.shorten(link.one(OWL["annotatedProperty"])),
            curies.shorten(link.one(OWL["annotatedTarget"])),
            curies.shorten(link.one(_SSSOM["mapping_justification"])),
            link.one(_SSSOM["confidence"]),
            link.listed(DCT["source"]),
            link.one(RDFS["comment"]),
        )
        lines.append("\t".join(map(_quote, cells)) + "\n")
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
    text = "".join(f"#{line}\n" for line in head) + "\t".join(_COLUMNS) + "\n"
    return (text + "".join(sorted(lines))).encode()


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
