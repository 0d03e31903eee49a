"""How often names of a sheet are matched rightly: `make bench-reconcile`.

Two sets of names: ours, on which the thresholds were set, and one that somebody else made
(`tests/names_by_others.csv`), which nobody looked at while they were. With the types that the
sheets give and without. Precision of what is matched, and recall: of all names of things that are
in the graph, those that are matched, have the right thing first, or among the first five.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from kzgraph.build import build
from kzgraph.reconciling import Matcher
from kzgraph.release import CURRENT, find_current
from reconciling_names import (
    BY_OTHERS,
    OURS,
    Measured,
    list_types,
    measure,
    read_cases,
    share,
    summarize,
)


def main() -> int:
    """Print the tables; 1 where something is matched wrongly with its type given."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--releases", type=Path, help="a folder of releases; one is built else")
    options.add_argument("--names", type=Path, nargs="*", help="other files of names")
    options.add_argument("--details", action="store_true", help="name what is wrong")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = chosen.releases or Path(folder)
        if not (root / CURRENT).exists():
            build(None, root)
        return report(root, chosen.names or (OURS, BY_OTHERS), details=chosen.details)


def report(root: Path, files: Iterable[Path], *, details: bool) -> int:
    """Measure with the current release of `root`."""
    release = find_current(root)
    matcher = Matcher(release.index, release.store)
    matcher.match("warm up")
    console = Console(width=120, highlight=False)
    console.print(f"Release {release.version}, {len(release.store):,} quads")
    wrong = 0
    for path in files:
        if not path.exists():
            console.print(f"{path.name} is not there.")
            continue
        cases = read_cases(path)
        unknown = sorted({case.kind for case in cases if case.kind and not list_types(case.kind)})
        if unknown:
            console.print(f"No types: {', '.join(unknown)}")
        for typed in (True, False):
            begun = time.process_time()
            found = measure(matcher, cases, typed=typed)
            each = (time.process_time() - begun) / max(1, len(cases)) * 1000
            title = f"{path.name}, {'with' if typed else 'without'} types, {each:.1f} ms a name"
            print_shares(console, title, found)
            print_scores(console, found)
            if details:
                print_details(console, found)
            wrong += len(found.wrong) if typed else 0
    return 1 if wrong else 0


def print_shares(console: Console, title: str, found: Measured) -> None:
    """The shares of all names, and of each group."""
    rows = [("all", found.whole), *sorted(found.groups.items())]
    head = ("Group", *summarize(found.whole))
    _print_table(console, title, head, [(name, *summarize(each).values()) for name, each in rows])


def print_scores(console: Console, found: Measured) -> None:
    """How often first candidates are right, by their scores."""
    rows = [
        (f"{tens} to {tens + 9}" if tens < 100 else "100", share(by[True], by.total()))
        for tens, by in sorted(found.scores.items(), reverse=True)
    ]
    _print_table(console, "First candidates by score", ("Score", "Right, %"), rows)


def print_details(console: Console, found: Measured) -> None:
    """What was matched wrongly, and what was not found first."""
    for head, pairs in (("Matched wrongly", found.wrong), ("Not first", found.missed)):
        _print_table(console, head, ("Name", "Found"), pairs)


def _print_table(
    console: Console, title: str, head: Sequence[str], rows: Iterable[Sequence[str]]
) -> None:
    table = Table(title=title, box=None, title_justify="left")
    for name in head:
        table.add_column(name, justify="left" if name in (head[0], "Found") else "right")
    for row in rows:
        table.add_row(*row)
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
