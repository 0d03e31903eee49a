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
from dataclasses import dataclass
from pathlib import Path

import invented
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from running import Server, free_port

#: Seconds that a build of the three documents, and the start of the server, may take on two cores.
BUILD_BUDGET = 5.0
START_BUDGET = 2.0
#: Seconds and memory that a build with the most invented documents may take.
MANY_BUDGET, MANY_MIB = 60.0, 2048.0

#: Times each phase of one build into the folder of its first argument, and prints them as JSON. The
#: second argument is a folder of tables, or nothing; the third one of sources.
_TIMED_BUILD = """
import json, resource, sys, time
from pathlib import Path
started = time.perf_counter()
from kzgraph.build import build
from kzgraph.intake import KINDS, NO_CHANGE, Change
from kzgraph.sources.listing import read_folder
marks = [("Importing", started)]
root, tables, sources = (Path(each) if each else None for each in sys.argv[1:])
change = Change(read_folder(sources, KINDS)) if sources else NO_CHANGE
def step(name):
    name = "Mapping" if name.startswith("Mapping ") else name  # each source, and its rows
    if name != marks[-1][0]:
        marks.append((name, time.perf_counter()))
build(tables, root, step, change=change)
marks.append(("", time.perf_counter()))
phases = {}
for (name, since), (_, until) in zip(marks, marks[1:]):
    phases[name] = phases.get(name, 0.0) + until - since
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"phases": phases, "MiB": used.ru_maxrss / 1024, "cpu": used.ru_utime}))
"""


def time_build(releases: Path) -> dict[str, float]:
    """Seconds of each phase of one build into the folder `releases`."""
    return run_build(releases).phases


@dataclass(frozen=True)
class Built:
    """What a build took.

    Attributes:
        phases: the seconds of each.
        mebibytes: the most memory.
        processor: seconds of it, without those of the system.
    """

    phases: dict[str, float]
    mebibytes: float
    processor: float


def run_build(root: Path, tables: Path | None = None, sources: Path | None = None) -> Built:
    """Build a release into `root`, of tables (by default those that ship) and a folder of files."""
    arguments = (root, tables or "", sources or "")
    command = [sys.executable, "-c", _TIMED_BUILD, *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told = json.loads(done.stdout)
    return Built(told["phases"], told["MiB"], told["cpu"])


def measure_growth(folder: Path, numbers: list[int]) -> bool:
    """Print a table of builds with so many invented documents; whether the last is in budget."""
    shown = Table(box=None, header_style="bold")
    met = True
    for number in numbers:
        built = run_build(folder / f"many-{number}", invented.tables_with(folder, number))
        seconds = sum(built.phases.values())
        row = {
            "Documents": f"3 + {number}",
            **{phase: f"{taken:.1f}" for phase, taken in built.phases.items()},
            "All": f"{seconds:.1f}",
            "Processor": f"{built.processor:.1f}",
            "MiB": f"{built.mebibytes:.0f}",
        }
        for name in () if shown.columns else row:
            shown.add_column(name, justify="right")
        shown.add_row(*row.values())
        met = seconds <= MANY_BUDGET and built.mebibytes <= MANY_MIB
    Console(width=140).print(shown)
    print(
        f"Seconds, one run each. With {numbers[-1]} more, of at most {MANY_BUDGET:.0f} s and "
        f"{MANY_MIB:.0f} MiB:",
        "met" if met else "missed",
    )
    return met


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
    parser.add_argument("--more", type=int, nargs="*", default=[0, 10, 30, 100])
    options = parser.parse_args()
    runs = options.runs
    with tempfile.TemporaryDirectory() as folder:
        builds = [time_build(Path(folder) / str(number)) for number in range(runs)]
        starts = [time_start(Path(folder) / "0") for _ in range(runs)]
        grown = measure_growth(Path(folder), options.more)
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
    return 0 if all(met) and grown else 1


def _row(shown: Table, name: str, seconds: list[float], budget: float | None = None) -> bool:
    median = statistics.median(seconds)
    met = budget is None or median <= budget
    verdict = f"{budget:.0f}: {'met' if met else 'missed'}" if budget else ""
    figures = (f"{value:.2f}" for value in (median, min(seconds), max(seconds)))
    shown.add_row(name, *figures, verdict)
    return met


if __name__ == "__main__":
    sys.exit(main())
