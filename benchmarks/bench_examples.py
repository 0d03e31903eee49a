"""How long the example queries take over HTTP: `make bench-examples`.

Each is asked several times, never with the same text, so that no answer is kept. What a release
costs by its size is seen with a large one (`--releases`) and a small one (`--beside`): of a query
whose answer is the same in both, the small release's time is what the large one's is divided by.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError

import load
import peers
from machine import description, make_table
from peers import Peer
from rich.console import Console

import data
from kzgraph.example_queries import Example, read_examples

#: Milliseconds that an example query may take, in the median.
BUDGET_MS = 300.0
#: The slowest that are named.
_NAMED = 8
_SETTINGS = {"KZGRAPH_ACCESS_LOG": "off"}
_console = Console(width=100, highlight=False)


@dataclass(frozen=True)
class Timed:
    """An example query, asked of one release.

    Attributes:
        first: milliseconds of the first time.
        median: of the others.
        by: what answered it.
        size: bytes of the answer.
    """

    first: float
    median: float
    by: str
    size: int


def measure(
    peers: Mapping[str, Peer], examples: Sequence[Example], rounds: int
) -> dict[str, dict[str, Timed]]:
    """Ask each example of each server in turn, so that what else the machine does hits all alike.

    Returns:
        by the names of the servers and the numbers of the examples.
    """
    found: dict[str, dict[str, Timed]] = {name: {} for name in peers}
    for example in examples:
        taken: dict[str, list[float]] = {name: [] for name in peers}
        accept = "text/turtle" if example.form == "construct" else load.ACCEPT
        for number in range(rounds + 1):
            for name, peer in peers.items():
                started = time.perf_counter()
                try:
                    headers, answer = load.fetch(peer, f"{example.query}\n# {number}", accept)
                    by = headers["Kzgraph-Answered-By"]
                except HTTPError as error:
                    answer, by = b"", f"nothing: {error.code}"
                taken[name].append((time.perf_counter() - started) * 1000)
                first, *others = taken[name]
                median = statistics.median(others or [first])
                found[name][example.number] = Timed(first, median, by, len(answer))
    return found


def main() -> int:
    """Print the table; 1 where a query is over the budget."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--releases", type=Path, help="a folder of releases; one is built else")
    options.add_argument("--beside", type=Path, help="a folder with a small one")
    options.add_argument("--rounds", type=int, default=5, help="after the first time, 5 by default")
    chosen = options.parse_args()
    examples = [each for each in read_examples() if not each.endpoints]
    print(description(), end="\n\n")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:

        def serve(name: str, releases: Path | None) -> Peer:
            own = Path(folder, name)
            own.mkdir()
            found = data.existing(releases, own) if releases else data.release(own)
            return running.enter_context(peers.kzgraph(found, _SETTINGS))

        asked = {"large": serve("large", chosen.releases)}
        if chosen.beside:
            asked["small"] = serve("small", chosen.beside)
        found = measure(asked, examples, chosen.rounds)
    timed, beside = found["large"], found.get("small", {})
    medians = [each.median for each in timed.values()]
    median, p95 = (value / 1000 for value in load.percentiles(medians))
    print(f"{len(timed)} example queries: {median:.1f} ms in the median, 95 % within {p95:.0f}.")
    same = [
        timed[number].median / small.median
        for number, small in beside.items()
        if small.size == timed[number].size
    ]
    if same:
        print(
            f"{len(same)} have an answer of the same size in the small release, and take "
            f"{statistics.median(same):.2f} times as long, in the median of them."
        )
    shown = make_table("The slowest", "First ms", "Median ms", "Answered by")
    for number, each in sorted(timed.items(), key=lambda item: -item[1].median)[:_NAMED]:
        shown.add_row(number, f"{each.first:,.0f}", f"{each.median:,.1f}", each.by)
    _console.print(shown)
    over = [number for number, each in timed.items() if each.median > BUDGET_MS]
    print(f"over {BUDGET_MS:g} ms:", ", ".join(over) or "none")
    return bool(over)


if __name__ == "__main__":
    sys.exit(main())
