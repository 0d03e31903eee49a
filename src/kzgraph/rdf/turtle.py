"""Turtle and TriG to be read by people: https://www.w3.org/TR/turtle/, https://www.w3.org/TR/trig/.

Only prefixes that are used; subjects in the order of their IRIs, blank nodes after; `a` first,
then predicates in order; objects in order. rdflib's serialiser took 52 s for 600,000 triples and
Oxigraph's neither sorts nor shortens numbers, hence this one.
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from operator import itemgetter

from kzgraph.iri import BASE
from kzgraph.rdf.content import Content
from kzgraph.rdf.names import RDF_TYPE, Names

Triple = tuple[str, str, str]

#: Objects of one predicate share a line up to this many characters.
_LINE = 96

_FIRST = itemgetter(0)
_SECOND = itemgetter(1)


class TurtleWriter:
    """Writes the graphs of one content; what it has shortened once it does not shorten again."""

    def __init__(self, content: Content, prefixes: Mapping[str, str]) -> None:
        """Prepare the short form of every term of `content`."""
        self._content = content
        self._names = Names(prefixes)
        self._short = {key: self._names.term(key, term) for key, term in content.terms.items()}
        # A subject that stands in one graph only has the same block there and in the merge.
        self._blocks: dict[tuple[str, tuple[Triple, ...]], str] = {}
        self._bodies: dict[str, str] = {}

    def graph(self, name: str) -> bytes:
        """The named graph `name` as Turtle."""
        rows = self._content.graphs[name]
        return (self._header(rows) + self._body(name)).encode()

    def merge(self) -> bytes:
        """The merge of all graphs as Turtle."""
        triples = list(self._content.triples())
        return (self._header(triples) + self._blocks_of(triples)).encode()

    def data_set(self) -> bytes:
        """All named graphs as TriG."""
        parts = [self._header(self._content.rows)]
        for name, rows in self._content.graphs.items():
            graph = self._names.iri(rows[0][3][1:-1])
            parts.append(f"{graph} {{\n\n{self._body(name)}}}\n\n")
        return "".join(parts).encode()

    def _body(self, name: str) -> str:
        if name not in self._bodies:
            rows = self._content.graphs[name]
            self._bodies[name] = self._blocks_of([(s, p, o) for s, p, o, _ in rows])
        return self._bodies[name]

    def _header(self, rows: Iterable[tuple[str, ...]]) -> str:
        keys: set[str] = set()
        predicates: set[str] = set()
        for row in rows:
            keys.add(row[0])
            predicates.add(row[1])
            keys.add(row[2])
        keys |= predicates - {RDF_TYPE}  # it is written `a`
        lines = [f"@base <{BASE}> .\n"]
        for prefix in self._names.used(keys):
            lines.append(f"@prefix {prefix}: <{self._names.prefixes[prefix]}> .\n")
        return "".join(lines) + "\n"

    def _blocks_of(self, triples: Collection[Triple]) -> str:
        """Blocks of `triples`, which are sorted."""
        found = []
        for subject, group in groupby(triples, _FIRST):
            members = tuple(group)
            # By the bare IRI a document comes before what lies below it: its `>` would not.
            order = (subject[0] == "_", subject[1:-1] if subject[0] == "<" else subject)
            key = (subject, members)
            block = self._blocks.get(key)
            if block is None:
                block = self._blocks[key] = self._block(subject, members)
            found.append((order, block))
        found.sort(key=_FIRST)
        return "".join([block for _, block in found])

    def _block(self, subject: str, triples: Collection[Triple]) -> str:
        short = self._short
        types: list[str] = []
        others: list[str] = []
        for predicate, group in groupby(triples, _SECOND):
            objects = [short[triple[2]] for triple in group]
            text = " " + ", ".join(objects)
            if len(text) > _LINE and len(objects) > 1:
                text = "\n        " + ",\n        ".join(objects)
            if predicate == RDF_TYPE:
                types.append("a" + text)
            else:
                others.append(short[predicate] + text)
        return f"{short[subject]} " + " ;\n    ".join(types + others) + " .\n\n"
