"""A release in another engine, how long it loads and what it answers: `make bench-publish`.

It is loaded into Virtuoso and the Oxigraph server by `kzgraph publish`, killed on its way with
`--kills`, and by the engines' own bulk loaders. Then the example queries and analytic ones are
asked of this server on its own store, of this server in front of Virtuoso, and of Virtuoso alone.
"""

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import peers
from machine import description, make_table
from peers import Peer
from queries import official_analyses
from rich.console import Console

import data
from kzgraph.example_queries import read_examples
from kzgraph.prefixes import used_prefixes
from kzgraph.publish import PublishError
from kzgraph.publish.example_answers import Row, read_rows

#: A query, and whether it makes a graph.
Query = tuple[str, bool]

OWN, BEFORE, ALONE = "kzgraph", "kzgraph before Virtuoso", "Virtuoso alone"
#: With KZGRAPH_ENGINE_DATASET=engine.
UNNAMED = "the same, graphs not named"
#: Seconds after which a query counts as slow.
SLOW = 30.0
#: Analytic queries in a round.
ANALYTIC = 12
#: Pages of 8 KiB that Virtuoso keeps in memory.
BUFFERS = 170_000
_console = Console(width=110, highlight=False)


@dataclass
class Answers:
    """What a server made of the queries.

    Attributes:
        seconds: of each query that it answered, by the query's name.
        rows: of it.
        refused: why it did not answer, by the query's name.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    rows: dict[str, Counter[Row]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def publish(
    url: str, releases: Path, *more: str, kill_after: float | None = None
) -> tuple[float, int]:
    """Run `kzgraph publish`.

    Args:
        url: the store's address.
        releases: the folder of releases.
        more: options.
        kill_after: seconds after which it is killed; None to let it come to its end.

    Returns:
        Seconds, and the most MiB of memory; no memory if it was killed.
    """
    command = [sys.executable, "-m", "kzgraph", "publish", "--to", url]
    command += ["--releases", str(releases), *more]
    secret = peers.VIRTUOSO_USER if "--user" in more else ""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command,
            env={**os.environ, "KZGRAPH_PUBLISH_PASSWORD": secret},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            if kill_after is not None:
                time.sleep(kill_after)
                process.send_signal(signal.SIGKILL)
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode > 0:
            said.seek(0)
            raise SystemExit(said.read().decode(errors="replace")[-4000:])
    killed = process.returncode < 0
    return time.perf_counter() - started, 0 if killed else usage.ru_maxrss // 1024


def time_loading(
    folder: Path, released: data.DataSet, engine: Peer | None, kills: int, oxigraph: bool
) -> None:
    """Time publishing to `engine`, a Virtuoso, and to Oxigraph, and their own bulk loaders."""
    shown = make_table("Loading", "Into", "By", "s", "MiB of the command")
    with ExitStack() as stack:
        stores: list[tuple[Peer | None, str, tuple[str, ...]]] = [
            (engine, "sparql-graph-crud-auth", ("--user", peers.VIRTUOSO_USER))
        ]
        if oxigraph:
            empty = stack.enter_context(peers.oxigraph_empty(_made(folder / "published")))
            stores.append((empty, "store", ()))
        for peer, service, who in stores:
            if peer is None:
                continue
            url = f"http://{peer.address}/{service}"
            seconds, memory = publish(url, released.releases, *who)
            shown.add_row(peer.name, "kzgraph publish", f"{seconds:,.1f}", str(memory))
            if kills:
                kill_often(url, released, who, kills, seconds)
            again, memory = publish(url, released.releases, *who)
            shown.add_row(peer.name, "again, nothing to send", f"{again:,.1f}", str(memory))
    readable = released.file.resolve().parent
    with peers.virtuoso_empty(_made(folder / "loaded"), readable, BUFFERS) as peer:
        if peer is not None:
            started = time.perf_counter()
            peers.load_virtuoso(released, peer)
            seconds = time.perf_counter() - started
            shown.add_row(peer.name, "its own bulk loader", f"{seconds:,.1f}", "")
    if oxigraph:
        started = time.perf_counter()
        peers.load_oxigraph(released, folder / "oxigraph-loaded")
        seconds = time.perf_counter() - started
        shown.add_row("Oxigraph server", "its own bulk loader", f"{seconds:,.1f}", "")
    _console.print(shown)


def kill_often(
    url: str, released: data.DataSet, who: Sequence[str], kills: int, seconds: float
) -> None:
    """Send all of it once more, killed at random moments; the run after the last one ends it."""
    chance = random.Random(11)  # noqa: S311 - moments, not secrets
    more = ["--restart"]
    taken = 0.0
    for _ in range(kills):
        moment = chance.uniform(0, 2 * seconds / kills)
        taken += publish(url, released.releases, *who, *more, kill_after=moment)[0]
        more = []
    taken += publish(url, released.releases, *who)[0]
    print(
        f"Killed {kills} times at random moments and let go on, the last run verified all: "
        f"{taken:,.1f} s in all, where {seconds:,.1f} s sufficed at once."
    )


def answer(peer: Peer, queries: Mapping[str, Query], timeout: float) -> Answers:
    """Ask `peer` each of the queries once.

    Args:
        peer: the server.
        queries: by their names.
        timeout: seconds.
    """
    found = Answers()
    url = f"http://{peer.address}/sparql"
    for name, (text, is_graph) in queries.items():
        accept = "text/turtle" if is_graph else "application/sparql-results+json"
        body = urlencode({"query": text}).encode()
        started = time.perf_counter()
        try:
            with urlopen(Request(url, body, {"Accept": accept}), timeout=timeout) as response:
                read = response.read()
            found.seconds[name] = time.perf_counter() - started
            found.rows[name] = read_rows(read, is_graph=is_graph)
        except HTTPError as error:
            with error:
                told = error.read(2000).decode(errors="replace")
            found.refused[name] = f"{error.code} {' '.join(told.split())[:160]}"
        except (OSError, PublishError) as error:
            found.refused[name] = str(error)[:160]
    return found


def time_answers(released: data.DataSet, engine: Peer, rounds: int) -> None:
    """Ask example and analytic queries of this server, of it before `engine`, and of that alone."""
    settings = {"KZGRAPH_ACCESS_LOG": "off", "KZGRAPH_QUERY_TIMEOUT": f"{SLOW:g}"}
    forwarding = {**settings, "KZGRAPH_ENGINE": f"http://{engine.address}/sparql"}
    with (
        peers.kzgraph(released, settings) as own,
        peers.kzgraph(released, forwarding) as before,
        peers.kzgraph(released, forwarding | {"KZGRAPH_ENGINE_DATASET": "engine"}) as unnamed,
    ):
        servers = {OWN: own, BEFORE: before, UNNAMED: unnamed, ALONE: engine}
        examples = {
            each.number: (_declared(each.query), each.form == "construct")
            for each in read_examples()
            if not each.endpoints
        }
        compare("Example queries", servers, lambda _: examples, rounds)
        compare("Analytic queries over official figures", servers, _analyses, rounds)
    print("\nThe ratio is of the seconds of a query on this server's own store; medians of them.")


def _analyses(number: int) -> dict[str, Query]:
    texts = official_analyses(number, ANALYTIC)
    return {f"{number}-{place}": (text, False) for place, text in enumerate(texts)}


def compare(
    title: str,
    servers: Mapping[str, Peer],
    make: Callable[[int], Mapping[str, Query]],
    rounds: int,
) -> None:
    """Ask each server the queries of each round, in turn, and print how fast and how alike.

    Args:
        title: of the table.
        servers: by their names, the one that the others are compared with among them.
        make: the queries of a round, by their names.
        rounds: how many.
    """
    seconds: dict[str, list[float]] = {name: [] for name in servers}
    ratios: dict[str, list[float]] = {name: [] for name in servers}
    verdicts: dict[str, dict[str, str]] = {name: {} for name in servers}
    for number in range(rounds):
        # Another text each time, so that no server answers from what it kept.
        queries = {
            name: (f"{text}\n# {number}", is_graph)
            for name, (text, is_graph) in make(number).items()
        }
        turn = number % len(servers)
        names = [*servers][turn:] + [*servers][:turn]
        found = {name: answer(servers[name], queries, SLOW + 10) for name in names}
        for name, answers in found.items():
            for query in queries:
                verdict = _verdict(answers, found[OWN], query)
                verdicts[name][query] = verdict
                if query in answers.seconds:
                    seconds[name].append(answers.seconds[query])
                    if query in found[OWN].seconds:
                        ratios[name].append(found[OWN].seconds[query] / answers.seconds[query])
    shown = make_table(
        f"{title}, {rounds} rounds", "", "Median ms", "p95 ms", "All, s", "Times as fast", "Same",
        "Different", "Refused or too slow",
    )  # fmt: skip
    for name in servers:
        counts = Counter(each.partition(":")[0] for each in verdicts[name].values())
        taken = seconds[name]
        shown.add_row(
            name,
            f"{statistics.median(taken) * 1000:,.1f}",
            f"{statistics.quantiles(taken, n=20, method='inclusive')[-1] * 1000:,.1f}",
            f"{sum(taken) / rounds:,.1f}",
            f"{statistics.median(ratios[name]):.2f}",
            *(str(counts[each]) for each in ("same", "different", "refused")),
        )
    _console.print(shown)
    sys.stdout.flush()
    for name in servers:
        for query, verdict in verdicts[name].items():
            if verdict != "same":
                print(f"{name}, {query}: {verdict}")


def _verdict(answers: Answers, own: Answers, query: str) -> str:
    if query in answers.refused:
        return f"refused: {answers.refused[query]}"
    if query not in own.rows:
        return "same"
    theirs, ours = answers.rows[query], own.rows[query]
    if theirs == ours:
        return "same"
    return f"different: {(ours - theirs).total()} of {ours.total()} rows"


def _declared(query: str) -> str:
    prefixes = sorted(used_prefixes(query).items())
    return "".join(f"PREFIX {name}: <{iri}> " for name, iri in prefixes) + query


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--releases", type=Path, help="a folder of releases; by default the three documents"
    )
    parser.add_argument("--rounds", type=int, default=3, help="of the queries, 3 by default")
    parser.add_argument(
        "--kills", type=int, default=0, help="also publish with as many kills, none by default"
    )
    parser.add_argument(
        "--no-oxigraph", action="store_true", help="do not load it into the Oxigraph server"
    )
    parser.add_argument(
        "--virtuoso", metavar="HOST:PORT", help="one that has the release: nothing is loaded"
    )
    args = parser.parse_args()
    # Ended by a signal, it still stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    print(description(), end="\n\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        released = data.existing(args.releases, folder) if args.releases else data.release(folder)
        count = json.loads((released.file.parent / "manifest.json").read_bytes())["counts"]
        print(f"{count['triples']:,} quads in {len(count['graphs'])} graphs")
        if args.virtuoso:
            there = Peer("Virtuoso", args.virtuoso, "/sparql?query=", 0)
            time_answers(released, there, args.rounds)
            return 0
        with peers.virtuoso_empty(_made(folder / "served"), folder, BUFFERS) as engine:
            time_loading(folder, released, engine, args.kills, not args.no_oxigraph)
            if engine is None:
                print("Virtuoso is left out: it is not installed (Debian: virtuoso-opensource-7).")
            else:
                time_answers(released, engine, args.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
