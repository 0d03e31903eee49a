"""The steps of publishing: send the graphs that are missing, then verify all of them."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from kzgraph.iri import GRAPH
from kzgraph.publish.errors import Refused
from kzgraph.publish.graph_files import Graph, split
from kzgraph.publish.sending import send
from kzgraph.publish.state import VERIFIED, State
from kzgraph.publish.store import RemoteStore
from kzgraph.publish.target import Method, Target
from kzgraph.publish.verify import count, find_faults, find_stray_graphs
from kzgraph.release import Release

#: Called with the name of each step.
Step = Callable[[str], None]


@dataclass(frozen=True)
class GraphOutcome:
    """The outcome for one graph.

    Attributes:
        name: its short name.
        triples: how many it has in the release.
        there: how many the store had before; None if not counted.
        sent: whether this run sent it, or would send it.
        superseded: whether a query has to name it.
        arrived: how many of the triples had been sent by a run that was interrupted.
        lost: why it is sent again, although it was sent before.
    """

    name: str
    triples: int
    there: int | None
    sent: bool
    superseded: bool = False
    arrived: int = 0
    lost: str = ""


@dataclass(frozen=True)
class Outcome:
    """The outcome for a release.

    Attributes:
        graphs: in the order of sending.
        faults: how the store differs from the release, a sentence each.
        strays: graphs in the store with names of the project that the release does not have.
        others: how many other graphs the store has.
        superseded: graphs in the store that the release has, superseded, and that were not asked
            for: in a union of all graphs they count again what the current ones say.
        left_out: the names of the superseded graphs that were not asked for, and are not there.
    """

    graphs: list[GraphOutcome]
    faults: list[str]
    strays: list[str] = field(default_factory=list)
    others: int = 0
    superseded: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def publish(
    release: Release,
    target: Target,
    store: RemoteStore,
    root: Path,
    names: Sequence[str] = (),
    resume: bool = True,
    step: Step = lambda text: None,
    all_vintages: bool = False,
) -> Outcome:
    """Load `release` into the store at `target` and verify it there.

    Args:
        release: what is published.
        target: where to.
        store: the client.
        root: the folder of releases, which also keeps the state of publishing.
        names: of the graphs to publish; if empty, all that a plain query meets.
        resume: leave out graphs that an earlier run sent.
        step: called with the name of each step.
        all_vintages: whether superseded graphs are published, too.

    Raises:
        PublishError: the store refuses it.
    """
    state = State(root, target.url)
    with state.lock(), _workspace(state) as folder:
        step("Reading the release")
        graphs = split(release, folder, names, all_vintages)
        target = _probe_method(target, store)
        state.read()
        if not resume:
            state.forget(graphs)
        outcomes = []
        for number, graph in enumerate(graphs, 1):
            sent, arrived, lost = not state.is_sent(graph), 0, ""
            if not sent:
                step(f"Verifying {number} of {len(graphs)}: {graph.name}")
                lost = next(find_faults(store, target.query, graph), "")
            if sent or lost:
                step(f"Sending {number} of {len(graphs)}: {graph.name}, {graph.triples} triples")
                arrived = send(graph, target, store, state, step)
            outcome = _outcome(graph, None, sent or bool(lost))
            outcomes.append(replace(outcome, arrived=arrived, lost=lost))
        faults = []
        for number, (graph, outcome) in enumerate(zip(graphs, outcomes, strict=True), 1):
            if outcome.sent:
                step(f"Verifying {number} of {len(graphs)}: {graph.name}")
                found = list(find_faults(store, target.query, graph))
                # What differs is sent again by the next run.
                state.record(graph, None if found else VERIFIED)
                faults += found
        step("Looking for other graphs")
        strays: list[str] = []
        others = 0
        if not names:
            strays, others = find_stray_graphs(store, target.query, (graph.iri for graph in graphs))
        left = [iri for iri in strays if iri.removeprefix(GRAPH) in release.superseded]
        strays = [iri for iri in strays if iri not in left]
        absent = _left_out(release, graphs, names)
        absent = [name for name in absent if GRAPH + name not in left]
        return Outcome(outcomes, faults, strays, others, left, absent)


def compare(
    release: Release,
    target: Target,
    store: RemoteStore,
    root: Path,
    names: Sequence[str] = (),
    resume: bool = True,
    all_vintages: bool = False,
) -> Outcome:
    """What `publish` would send, and how many triples the store has now; nothing is changed.

    Raises:
        PublishError: the store does not answer queries.
    """
    state = State(root, target.url)
    if resume:
        state.read()
    graphs = split(release, None, names, all_vintages)
    outcomes = []
    for graph in graphs:
        there = count(store, target.query, graph.iri)
        to_send, lost = not state.is_sent(graph), ""
        if not to_send:
            lost = next(find_faults(store, target.query, graph), "")
        outcome = _outcome(graph, there, to_send or bool(lost))
        outcomes.append(replace(outcome, arrived=state.place(graph).triples, lost=lost))
    return Outcome(outcomes, [], left_out=_left_out(release, graphs, names))


@contextmanager
def _workspace(state: State) -> Iterator[Path]:
    """A folder for the graphs as files, on the disk of the releases: /tmp may be memory."""
    shutil.rmtree(state.workspace, ignore_errors=True)  # Of a run that was killed.
    state.workspace.mkdir()
    try:
        yield state.workspace
    finally:
        shutil.rmtree(state.workspace, ignore_errors=True)


def _left_out(release: Release, graphs: Sequence[Graph], names: Sequence[str]) -> list[str]:
    """The superseded graphs of a release that are not among `graphs`, unless some were named."""
    sent = {each.name for each in graphs}
    return [] if names else [name for name in release.superseded if name not in sent]


def _outcome(graph: Graph, there: int | None, sent: bool) -> GraphOutcome:
    return GraphOutcome(graph.name, graph.triples, there, sent, graph.superseded)


def _probe_method(target: Target, store: RemoteStore) -> Target:
    """`target` with the method that its service takes, probed by an update that changes nothing."""
    if target.method is not None:
        return target
    method: Method = "update"
    try:
        store.update(target.url, "INSERT DATA {}")
    except Refused as error:
        if error.status not in (400, 404, 405, 406, 415, 501):
            raise
        method = "gsp"
    return replace(target, method=method)
