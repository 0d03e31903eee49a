"""The W3C's tests of SPARQL 1.1 and RDF 1.1, read from their manifests.

https://w3c.github.io/rdf-tests/; the vocabulary of the manifests is described at
https://www.w3.org/2001/sw/DataAccess/tests/README.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from kzgraph.iri import BASE
from kzgraph.prefixes import PREFIXES

#: The suites are no part of the project; a checkout may have them beside it.
W3C = Path(__file__).parents[2] / "shared" / "w3c"
SPARQL = W3C / "sparql11"
ABSENT = "the W3C test suites are not at hand (../shared/w3c)"

RDF = PREFIXES["rdf"]
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"

#: The classes of test that ask a query of data, and those of queries that are only parsed.
EVALUATION = ("QueryEvaluationTest", "CSVResultFormatTest")
SYNTAX = ("PositiveSyntaxTest11", "NegativeSyntaxTest11")
#: The classes of test that describe requests, and the one that describes the endpoint.
REQUESTS = ("ProtocolTest", "GraphStoreProtocolTest")
DESCRIPTION = ("ServiceDescriptionTest",)
#: The classes of test that read a file as RDF, and those that only parse it.
READING = ("TestTurtleEval", "TestTrigEval", "TestXMLEval")
PARSING = (
    "TestTurtlePositiveSyntax",
    "TestTurtleNegativeSyntax",
    "TestTrigPositiveSyntax",
    "TestTrigNegativeSyntax",
    "TestXMLNegativeSyntax",
)

Term = NamedNode | BlankNode | Literal | Triple


class Description:
    """The triples of a Turtle file, walked through from subject to value.

    Args:
        file: the file.
        base: what relative IRIs are relative to; the file where it is empty.

    Attributes:
        folder: where the file is.
    """

    def __init__(self, file: Path, base: str = "") -> None:
        self.folder = file.absolute().parent
        self._values: dict[tuple[Term, str], list[Term]] = defaultdict(list)
        for quad in parse(
            path=str(file), format=RdfFormat.TURTLE, base_iri=base or file.absolute().as_uri()
        ):
            self._values[quad.subject, quad.predicate.value].append(quad.object)

    def all(self, subject: Term, predicate: str) -> list[Term]:
        """The values of a property in the order of the file."""
        return self._values.get((subject, predicate), [])

    def one(self, subject: Term, predicate: str) -> Term | None:
        """The value of a property; None where it has none."""
        return next(iter(self.all(subject, predicate)), None)

    def text(self, subject: Term, predicate: str) -> str:
        """The literal that is the value of a property; empty where it has none."""
        value = self.one(subject, predicate)
        return value.value if isinstance(value, Literal) else ""

    def files(self, *terms: Term | None) -> tuple[Path, ...]:
        """The files that IRIs name."""
        return tuple(
            self.folder / term.value.removeprefix(f"{self.folder.as_uri()}/")
            for term in terms
            if isinstance(term, NamedNode)
        )

    def items(self, start: Term | None) -> Iterator[Term]:
        """The members of an RDF list."""
        while start is not None and start != NamedNode(RDF + "nil"):
            yield from self.all(start, RDF + "first")
            start = self.one(start, RDF + "rest")

    def subjects(self, predicate: str) -> list[Term]:
        """The subjects that have a property, in the order of the file."""
        return [subject for subject, each in self._values if each == predicate]

    def instances(self, *classes: str) -> list[tuple[Term, str]]:
        """The subjects that are of one of `classes`, with that class."""
        return [
            (subject, each)
            for (subject, predicate), values in self._values.items()
            if predicate == RDF + "type"
            for each in classes
            if NamedNode(each) in values
        ]


@dataclass(frozen=True)
class Test:
    """A test.

    Attributes:
        id: its folder and name, such as `bind/bind01`.
        kind: the name of its class.
        subject: its node in the manifest.
        manifest: the manifest.
    """

    __test__ = False

    id: str
    kind: str
    subject: Term
    manifest: Description

    @property
    def action(self) -> Term:
        """What is to be done."""
        action = self.manifest.one(self.subject, MF + "action")
        assert action is not None, f"{self.id} has no action"
        return action

    @property
    def source(self) -> Path:
        """The file that is to be read: a query, or RDF."""
        (file,) = self.manifest.files(self.manifest.one(self.action, QT + "query") or self.action)
        return file

    @property
    def query(self) -> str:
        """The text of the query."""
        return self.source.read_text("utf-8")

    @property
    def address(self) -> str:
        """The address that a file of RDF is taken to have."""
        ((start, _),) = self.manifest.instances(MF + "Manifest")
        base = self.manifest.one(start, MF + "assumedTestBase")
        assert isinstance(base, NamedNode), f"{self.id} has no base"
        return base.value + self.source.relative_to(self.manifest.folder).as_posix()

    @property
    def default_graph(self) -> tuple[Path, ...]:
        """The files of the default graph."""
        return self.manifest.files(*self.manifest.all(self.action, QT + "data"))

    @property
    def named_graphs(self) -> tuple[Path, ...]:
        """The files of the named graphs."""
        return self.manifest.files(*self.manifest.all(self.action, QT + "graphData"))

    @property
    def result(self) -> Path:
        """The file of the right answer."""
        (file,) = self.manifest.files(self.manifest.one(self.subject, MF + "result"))
        return file


def name_of(file: Path) -> str:
    """The IRI of a file of the suite: what its name is, relative to the base of our queries."""
    return BASE + file.name


@cache
def all_tests() -> tuple[Test, ...]:
    """Every test of the suites, of whatever class; none where they are not at hand."""
    found = []
    for file in sorted(W3C.glob("sparql11/*/manifest*.ttl")) + sorted(
        W3C.glob("rdf11/*/manifest.ttl")
    ):
        manifest = Description(file)
        # Not by mf:entries, which leaves one out.
        for subject in manifest.subjects(MF + "name"):
            kind = local_name(manifest.one(subject, RDF + "type"))
            found.append(Test(f"{file.parent.name}/{local_name(subject)}", kind, subject, manifest))
    return tuple(found)


def of_kinds(kinds: Iterable[str]) -> list[Test]:
    """The tests of the classes called `kinds`."""
    return [test for test in all_tests() if test.kind in kinds]


def parameters(kinds: Iterable[str]) -> list[Any]:
    """The tests of `kinds` as parameters of a test; one that is skipped where there are none."""
    found = [pytest.param(test, id=test.id) for test in of_kinds(kinds)]
    return found or [pytest.param(None, id="absent", marks=pytest.mark.skip(reason=ABSENT))]


def local_name(term: Term | None) -> str:
    """What stands behind the last `#` or `/` of an IRI."""
    assert isinstance(term, NamedNode), f"{term} is not an IRI"
    return term.value.replace("/", "#").rpartition("#")[2]
