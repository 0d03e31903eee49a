"""Taking a person out of the statements of a release, which has no tables any more.

A fact or a note that refers to the person, or names them, goes whole. Of anything else goes what
refers to the person, and in its texts `REDACTED` stands in the place of the name. What only the
facts that went needed, such as their spans, goes with them, and what was inferred is what follows
from the rest.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from kzgraph.iri import ID, PROJECT_GRAPHS, REASONED_GRAPHS, graph, term
from kzgraph.namespaces import FOAF, OA, TYPE
from kzgraph.reasoning import infer
from kzgraph.redaction.mentions import Mentions

_FACT, _NOTE, _PERSON, _DOCUMENT = term("Fact"), OA["Annotation"], FOAF["Person"], FOAF["Document"]
_SELECTORS = frozenset(
    (OA["SpecificResource"], OA["TextPositionSelector"], OA["TextQuoteSelector"])
)
_TARGET = OA["hasTarget"]
#: Graphs whose things stay, whether or not anything refers to them.
_LASTING = frozenset(graph(name) for name in PROJECT_GRAPHS - {"editorial"})
_METADATA = graph("metadata")
#: Graphs that state nothing, but hold what follows from the others.
INFERRED = frozenset(map(graph, ("inferred", *REASONED_GRAPHS)))

Subject = NamedNode | BlankNode | Triple


@dataclass
class Redacted:
    """The statements of a release without the person.

    Attributes:
        quads: what is left, without the graph `metadata`.
        refused: the IRIs of the person and of the facts and notes that went, which a build refuses
            from then on.
        gone: the IRIs of all other things that went.
        texts: texts in which the name was replaced, as they were.
        addresses: things that stay and have the name in their IRI, which no redaction can change.
        suspects: texts that stay and have the surname alone.
        changed: whether anything is otherwise than before.
    """

    quads: list[Quad] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    suspects: set[str] = field(default_factory=set)
    changed: bool = False


def redact_statements(quads: Iterable[Quad], mentions: Mentions) -> Redacted:
    """The statements `quads`, the graph `metadata` aside, without the person."""
    every = [quad for quad in quads if quad.graph_name != _METADATA]
    found = _Search(every, mentions)
    found.search()
    done = Redacted()
    left_of: dict[Quad, Quad] = {}
    for quad in every:
        kept = found.redact(quad)
        if kept is not quad:
            done.changed = True
        if kept is not None:
            left_of[quad] = kept
            if isinstance(kept.object, Literal) and mentions.suspects(kept.object.value):
                done.suspects.add(kept.object.value)
    done.texts, done.addresses = found.texts, found.addresses
    done.quads = _infer_again(every, left_of) if done.changed else list(left_of.values())
    left = {quad.subject for quad in done.quads}
    lost = {quad.subject for quad in every if _is_ours(quad.subject)} - left
    own = found.own & {each for quad in every for each in (quad.subject, quad.object)}
    done.refused = {str(each)[1:-1] for each in own}
    done.gone = {str(each)[1:-1] for each in lost - own}
    return done


def _is_ours(subject: Subject) -> bool:
    return isinstance(subject, NamedNode) and subject.value.startswith(ID)


class _Search:
    """What has to go of the statements of a release.

    Attributes:
        doomed: the things that go whole.
        own: of these the person, and the facts and notes that documents and editors state.
        texts: texts that name the person in things that stay.
        addresses: IRIs that do.
    """

    def __init__(self, quads: list[Quad], mentions: Mentions) -> None:
        self._quads = quads
        self._mentions = mentions
        self._person = NamedNode(ID + mentions.path)
        self._types: dict[Subject, set[object]] = {}
        self._stated: set[Subject] = set()
        self._beside: dict[Subject, set[str]] = {}
        others = {NamedNode(ID + path): path for path in mentions.others}
        for quad in quads:
            if quad.predicate == TYPE:
                self._types.setdefault(quad.subject, set()).add(quad.object)
            if quad.graph_name not in INFERRED:
                self._stated.add(quad.subject)
            for each in (quad.subject, quad.object):
                if isinstance(each, NamedNode) and each in others:
                    self._beside.setdefault(quad.subject, set()).add(others[each])
        self.doomed: set[object] = {self._person}
        self.own: set[object] = {self._person}
        self._known: dict[tuple[str, Subject | None], bool] = {}
        self.texts: set[str] = set()
        self.addresses: set[str] = set()

    def search(self) -> None:
        """Find all of it."""
        for quad in self._quads:
            if self._names(quad) or quad.object == self._person:
                self._doom(quad.subject)
        while self._follow():
            pass
        self._find_orphans()
        for quad in self._quads:
            for each in (quad.subject, quad.object):
                if not isinstance(each, NamedNode) or each in self.doomed:
                    continue
                if self._find(each.value, quad.subject):
                    self.addresses.add(each.value)

    def redact(self, quad: Quad) -> Quad | None:
        """`quad` without the person; None where it goes, the same where nothing is in it."""
        if quad.subject in self.doomed or quad.object in self.doomed:
            return None
        value = quad.object
        if not isinstance(value, Literal) or not self._find(value.value, quad.subject):
            return quad
        if self._types.get(quad.subject, set()) & _SELECTORS:
            return None  # A quotation with other words would be none.
        self.texts.add(value.value)
        text = self._mentions.redact(value.value)
        if value.language:
            value = Literal(text, language=value.language)
        else:
            value = Literal(text, datatype=value.datatype)
        return Quad(quad.subject, quad.predicate, value, quad.graph_name)

    def _find(self, text: str, subject: Subject) -> bool:
        # Most addresses stand in many statements, and each is asked for twice.
        key = text, subject if subject in self._beside else None
        if key not in self._known:
            self._known[key] = bool(self._mentions.find(text, self._beside.get(subject, ())))
        return self._known[key]

    def _names(self, quad: Quad) -> bool:
        """Whether a statement names the person in its text or in the address of its subject."""
        subject, value = quad.subject, quad.object
        if isinstance(subject, NamedNode) and self._find(subject.value, subject):
            return True
        return isinstance(value, Literal | NamedNode) and self._find(value.value, subject)

    def _doom(self, subject: Subject) -> bool:
        """Let a fact or a note go; whether it is one that was to stay until now."""
        if subject in self.doomed or not self._types.get(subject, set()) & {_FACT, _NOTE}:
            return False
        self.doomed.add(subject)
        if subject in self._stated:
            self.own.add(subject)
        return True

    def _follow(self) -> bool:
        """Let go what has lost all it is about, or an input; whether there was anything."""
        targets: dict[Subject, int] = {}
        found = False
        for quad in self._quads:
            if quad.predicate == _TARGET:
                targets[quad.subject] = targets.get(quad.subject, 0) + (
                    quad.object not in self.doomed
                )
            elif quad.object in self.doomed and quad.subject not in self._stated:
                found |= self._doom(quad.subject)
        for subject, left in targets.items():
            found |= not left and self._doom(subject)
        return found

    def _find_orphans(self) -> None:
        """Let go what only that referred to which goes, in the same graph."""
        keep = {_FACT, _NOTE, _PERSON, _DOCUMENT}
        waiting = set(self.doomed)
        while waiting:
            below: set[object] = {
                quad.object
                for quad in self._quads
                if quad.subject in waiting and quad.graph_name not in _LASTING
            }
            below &= {
                quad.subject
                for quad in self._quads
                if quad.graph_name not in _LASTING and _is_ours(quad.subject)
            }
            below = {each for each in below - self.doomed if not self._types_of(each) & keep}
            below -= {
                quad.object
                for quad in self._quads
                if quad.object in below and quad.subject not in self.doomed
            }
            self.doomed |= below
            waiting = below

    def _types_of(self, each: object) -> set[object]:
        return self._types.get(each, set()) if isinstance(each, NamedNode) else set()


def _infer_again(before: list[Quad], left_of: dict[Quad, Quad]) -> list[Quad]:
    """What is left, with what follows from it, where this code inferred what was in `before`.

    What another state of the code inferred is left, but for what went with the person; so is what
    was concluded with the graphs of sources, which are not among these.

    Args:
        before: what was there.
        left_of: the quads that stay, by what they were.
    """
    old = {quad for quad in before if quad.graph_name in INFERRED}
    inferred = _infer(quad for quad in before if quad.graph_name not in INFERRED)
    if not inferred <= old:
        return list(left_of.values())
    rest = [kept for kept in left_of.values() if kept.graph_name not in INFERRED]
    rest += _infer(rest)
    # Of sources; a redacted text may have become one that is there.
    there = {quad.triple for quad in rest}
    with_sources = (left_of[quad] for quad in old - inferred if quad in left_of)
    return [*rest, *(quad for quad in with_sources if quad.triple not in there)]


def _infer(quads: Iterable[Quad]) -> set[Quad]:
    """What follows from statements, and is not among them."""
    stated = Store()
    stated.extend(quads)
    return {quad for quad in infer(stated) if quad not in stated}
