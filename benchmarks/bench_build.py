"""How long a build takes, phase by phase, and how soon the server answers: `make bench`.

Each build and each start is a process of its own, as for a user; the table has medians.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from running import Server, free_port

#: Seconds that a build of the three documents, and the start of the server, may take on two cores.
BUILD_BUDGET = 5.0
START_BUDGET = 2.0

#: Times each phase of one build into the folder of its argument, and prints them as JSON.
_TIMED_BUILD = """
import json, sys, time
from pathlib import Path
started = time.perf_counter()
from kzgraph.build import build
marks = [("Importing", started)]
build(None, Path(sys.argv[1]), lambda step: marks.append((step, time.perf_counter())))
marks.append(("", time.perf_counter()))
print(json.dumps([(a, until - since) for (a, since), (_, until) in zip(marks, marks[1:])]))
"""


def time_build(releases: Path) -> dict[str, float]:
    """Seconds of each phase of one build into the folder `releases`."""
    command = [sys.executable, "-c", _TIMED_BUILD, str(releases)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def time_start(releases: Path) -> float:
    """Seconds from calling `kzgraph serve` to its first answer to a query."""
    command = [sys.executable, "-m", "kzgraph", "serve", "--releases", str(releases)]
    started = time.perf_counter()
    with Server(command, free_port()) as server:
        answer = server.ask("ASK { ?figure kzg:value 87632 }")
        taken = time.perf_counter() - started
    if not answer["boolean"]:
        raise SystemExit("the server gave a wrong answer")
    return taken


def main() -> int:
    """Print the table; end with 1 where a budget is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="runs of each, 5 by default")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        builds = [time_build(Path(folder) / str(number)) for number in range(runs)]
        starts = [time_start(Path(folder) / "0") for _ in range(runs)]
    shown = Table("Phase", "Median", "Least", "Most", "Budget", box=None, header_style="bold")
    for column in shown.columns[1:]:
        column.justify = "right"
    for phase in builds[0]:
        _row(shown, phase, [build[phase] for build in builds])
    met = [
        _row(shown, "A whole build", [sum(build.values()) for build in builds], BUILD_BUDGET),
        _row(shown, "kzgraph serve to first answer", starts, START_BUDGET),
    ]
    Console().print(shown)
    print(f"Seconds, {runs} runs each, every run a process of its own.")
    return 0 if all(met) else 1


def _row(shown: Table, name: str, seconds: list[float], budget: float | None = None) -> bool:
    median = statistics.median(seconds)
    met = budget is None or median <= budget
    verdict = f"{budget:.0f}: {'met' if met else 'missed'}" if budget else ""
    figures = (f"{value:.2f}" for value in (median, min(seconds), max(seconds)))
    shown.add_row(name, *figures, verdict)
    return met


if __name__ == "__main__":
    sys.exit(main())
