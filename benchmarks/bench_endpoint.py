"""This endpoint alongside others on the same data, queries and clients: `make bench-endpoint`.

Rates are compared within a round, in which the servers take turns for a few seconds each: what
else the machine does hits all of them. The ratios are medians over the rounds.
"""

import argparse
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import load
import peers
from load import Measured
from machine import description, make_table
from peers import Peer
from queries import LOOKUP, REPEATED, RUNAWAY, SMALL, UNSORTED, analyses, official_analyses
from rich.console import Console

import data
from kzgraph.example_queries import read_examples
from kzgraph.prefixes import PREDECLARED
from kzgraph.settings import MAX_QUERY_NESTING
from kzgraph.sparql.analysis import analyse_whole
from kzgraph.sparql.grouping import is_aggregated
from kzgraph.sparql.tree import Select

#: No access log: the others write none. Everything else is as shipped.
SETTINGS = {"KZGRAPH_ACCESS_LOG": "off"}
#: Connections that send small queries, and threads that send analytic ones.
CLIENTS, ANALYSTS = 8, 4
#: Analytic queries in a round, of a server that is slow and of one that is fast at them, and rounds
#: of them for one of small queries: many short rounds keep what else the machine does from hitting
#: one server alone.
ANALYTIC, ANALYTIC_FAST, ANALYTIC_ROUNDS = 12, 400, 2
#: Milliseconds within which an example query that groups is to be answered, if not from columns.
SOON = 50.0
#: Times that each of them is asked.
ASKED = 5
#: Small queries that a median alongside runaway ones is taken from, and how many run away.
SINGLE, RUNAWAYS = 300, 8
#: Seconds that runaway queries run before small ones are timed.
_SETTLE = 2.0

OURS, REFERENCE, RDFLIB = "kzgraph", "Oxigraph server", "rdflib-endpoint"
#: This server with its columns off, and what adds up fast.
STORE_ALONE, FAST = "kzgraph, store alone", (OURS, "Virtuoso")
_console = Console(width=100, highlight=False)


@dataclass(frozen=True)
class Case:
    """What is measured: each round, `run(peer, round)` for each of the servers."""

    title: str
    run: Callable[[Peer, int], Measured]


@dataclass(frozen=True)
class Target:
    """A figure that is to be reached.

    Attributes:
        what: what was measured.
        value: what came out.
        bound: its target.
        least: whether the value is to be at least the bound, not at most.
    """

    what: str
    value: float
    bound: float
    least: bool

    @property
    def met(self) -> bool:
        """Whether it is reached."""
        return self.value >= self.bound if self.least else self.value <= self.bound


def compare(case: Case, servers: Sequence[Peer], rounds: int) -> dict[str, float]:
    """Measure `case` and print it; returns each server's rate by that of the Oxigraph server."""
    runs: dict[str, list[Measured]] = {peer.name: [] for peer in servers}
    for number in range(rounds):
        # Each round begins with another server.
        for place in range(len(servers)):
            peer = servers[(number + place) % len(servers)]
            runs[peer.name].append(case.run(peer, number))
    shown = make_table(case.title, "Answers/s", "Median ms", "p95 ms", "Failed", "Ratio")
    ratios = {}
    for name, each in runs.items():
        pairs = zip(each, runs[REFERENCE], strict=True)
        ratios[name] = statistics.median(run.rate / other.rate for run, other in pairs)
        shown.add_row(
            name,
            f"{statistics.median(run.rate for run in each):,.1f}",
            f"{statistics.median(run.median for run in each):,.2f}",
            f"{statistics.median(run.p95 for run in each):,.2f}",
            str(sum(run.failed for run in each)),
            f"{ratios[name]:.2f}",
        )
    _console.print(shown)
    return ratios


def agreement(servers: Sequence[Peer], queries: Sequence[str]) -> dict[str, int]:
    """How many of `queries` each server answers otherwise than the Oxigraph server."""
    reference = next(peer for peer in servers if peer.name == REFERENCE)
    expected = [load.rows(load.ask(reference, query)) for query in queries]
    found = {}
    for peer in servers:
        answers = [load.rows(load.ask(peer, query)) for query in queries]
        found[peer.name] = sum(map(list.__ne__, answers, expected))
        if found[peer.name]:
            print(f"{peer.name} answers {found[peer.name]} of {len(queries)} queries otherwise.")
    return found


def small_queries(folder: Path, released: data.DataSet, args: argparse.Namespace) -> list[Target]:
    """Small queries on the three documents, and the memory that the server takes."""
    with ExitStack() as stack:
        found = [
            stack.enter_context(peers.kzgraph(released, SETTINGS)),
            stack.enter_context(peers.oxigraph(released, folder)),
            stack.enter_context(peers.rdflib_endpoint(released, folder)),
            stack.enter_context(peers.virtuoso(released, folder)),
        ]
        servers = _install(found)
        ours = servers[0]
        numbers = iter(range(10**6, 10**9, 10**6))
        differing = agreement(servers, [REPEATED, LOOKUP.replace("NUMBER", "1000")])[OURS]

        def case(title: str, query: str) -> dict[str, float]:
            def run(peer: Peer, _: int) -> Measured:
                return load.hammer(peer, query, next(numbers), args.seconds, CLIENTS)

            return compare(Case(f"{title}, {CLIENTS} clients", run), servers, args.rounds)

        repeated = case("One small query repeated", REPEATED)
        distinct = case("Distinct small queries", SMALL)
        case("Distinct lookups of one thing", LOOKUP)
        cheapest = case("Distinct unsorted lookups", UNSORTED)
        cheapest_again = case("One unsorted lookup repeated", UNSORTED.replace("NUMBER", "1"))
        resident, shared = ours.memory()
        idle, busy, running = beside_runaways(ours)
    print(
        f"Memory after these: {shared:.0f} MiB; {resident:.0f} with what processes share in each."
    )
    print(f"A small query by itself: {idle:.2f} ms; alongside {running} runaways: {busy:.2f} ms.\n")
    return [
        Target("Queries answered otherwise than by the Oxigraph server", differing, 0, False),
        Target("A repeated query, by the Oxigraph server", repeated[OURS], 3, True),
        Target("Distinct small queries, by the Oxigraph server", distinct[OURS], 0.35, True),
        Target("Distinct unsorted lookups, by the Oxigraph server", cheapest[OURS], 0.35, True),
        Target("A repeated one, by the Oxigraph server", cheapest_again[OURS], 2, True),
        Target(
            "Distinct small queries, by rdflib-endpoint", distinct[OURS] / distinct[RDFLIB], 4, True
        ),
        Target("Runaway queries at a time", running, RUNAWAYS, True),
        Target("A small query beside them, by one with nothing beside", busy / idle, 5, False),
        Target("MiB of memory, three documents", shared, 400, False),
    ]


def analytic_queries(
    folder: Path,
    large: data.DataSet,
    args: argparse.Namespace,
    make: Callable[[int, int], list[str]],
    what: str,
    least: float,
) -> list[Target]:
    """Analytic queries over millions of triples.

    Args:
        folder: where the others keep their files.
        large: the data.
        args: of the command.
        make: makes as many distinct queries of a round.
        what: is asked about.
        least: how many times the rate of the Oxigraph server is to be reached.
    """
    with ExitStack() as stack:
        found = [
            stack.enter_context(peers.kzgraph(large, SETTINGS | {"KZGRAPH_COLUMNS": "on"})),
            stack.enter_context(
                peers.kzgraph(large, SETTINGS | {"KZGRAPH_COLUMNS": "off"}, STORE_ALONE)
            ),
            stack.enter_context(peers.oxigraph(large, folder)),
            stack.enter_context(peers.virtuoso(large, folder)),
        ]
        servers = _install(found)
        differing = agreement(servers, make(1000, 8))[OURS]

        def run(peer: Peer, number: int) -> Measured:
            count = ANALYTIC_FAST if peer.name in FAST else ANALYTIC
            return load.work_off(peer, make(number, count), ANALYSTS)

        title = f"Distinct analytic queries over {what}, {ANALYSTS} clients"
        ratios = compare(Case(title, run), servers, ANALYTIC_ROUNDS * args.rounds)
        targets = [
            Target(f"Analyses of {what} answered otherwise", differing, 0, False),
            Target(f"Analyses of {what}, by the Oxigraph server", ratios[OURS], least, True),
        ]
        if large.graph is None:  # It has all that the examples ask about.
            soon = answered_soon(servers[0])
            targets.append(Target("Examples that group, by columns or soon", soon, 0.8, True))
    return targets


def answered_soon(peer: Peer) -> float:
    """The share of the example queries that group which columns answer, or the store soon."""
    found = []
    for example in read_examples():
        if example.endpoints:
            continue
        query = analyse_whole(example.query, PREDECLARED.keys(), MAX_QUERY_NESTING).query
        if query is None or not any(map(is_aggregated, query.find(Select))):
            continue
        taken, columns = [], False
        for number in range(ASKED):
            started = time.perf_counter()
            fields, _ = load.fetch(peer, f"{example.query}\n# {number}")
            taken.append(1000 * (time.perf_counter() - started))
            columns = fields["Kzgraph-Answered-By"] == "columns"
        found.append(columns or statistics.median(taken) < SOON)
    print(f"Of {len(found)} example queries that group {sum(found)} are answered so.\n")
    return sum(found) / len(found)


def beside_runaways(peer: Peer) -> tuple[float, float, int]:
    """The median of small queries in milliseconds, by themselves and alongside runaway ones.

    The last figure is how many ran away, by what the server says of itself.
    """
    idle = _singly(peer, 2 * 10**9)
    with load.runaways(peer, RUNAWAY, RUNAWAYS):
        time.sleep(_SETTLE)
        busy = _singly(peer, 3 * 10**9)
        return idle, busy, load.ready(peer)["workers"]["long"]


def _singly(peer: Peer, first: int) -> float:
    taken = []
    for number in range(first, first + SINGLE):
        started = time.perf_counter()
        load.ask(peer, SMALL.replace("NUMBER", str(number)))
        taken.append(time.perf_counter() - started)
    return load.percentiles(taken)[0]


def _install(found: Sequence[Peer | None]) -> list[Peer]:
    if None in found:
        print("Virtuoso is left out: it is not installed (Debian: virtuoso-opensource-7).")
    return [peer for peer in found if peer is not None]


def main() -> int:
    """Print the tables; end with 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each case, 3 by default")
    parser.add_argument(
        "--seconds", type=int, default=4, help="seconds of each server in a round, 4 by default"
    )
    parser.add_argument("--official", type=Path, help="a folder of releases with official figures")
    args = parser.parse_args()
    load.check_installed()
    # Ended by a signal, it still stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    print(description(), end="\n\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, large = folder / "small", folder / "large"
        small.mkdir()
        large.mkdir()
        released = data.release(small)
        targets = small_queries(small, released, args)
        invented = data.figures(large, released)
        what = f"{data.TRIPLES:,} triples"
        targets += analytic_queries(large, invented, args, analyses, what, 80)
        if args.official:
            official = folder / "official"
            official.mkdir()
            existing, what = data.existing(args.official, official), "official figures"
            targets += analytic_queries(official, existing, args, official_analyses, what, 20)
        else:
            print("Official figures are left out: --official DIR names releases that have them.")
    shown = make_table("Targets", "Measured", "Target", "")
    for target in targets:
        sign = "at least" if target.least else "at most"
        met = "met" if target.met else "MISSED"
        shown.add_row(target.what, f"{target.value:.2f}", f"{sign} {target.bound:g}", met)
    _console.print(shown)
    print("The ratio is of rates, to the Oxigraph server's in the same round; medians of rounds.")
    print("rdflib-endpoint is left out over two million triples: it takes minutes to read them.")
    return 0 if all(target.met for target in targets) else 1


if __name__ == "__main__":
    sys.exit(main())
