"""Attacks one by one, then good and hostile clients at once: `make bench-soak`.

Each attack of `attacks.py` runs for a while from sixteen connections, and another client must be
answered soon. Then a crowd comes, with two releases in turn; that is passed when every answer that
a good client got was right, no request was answered 500, the server never refused a connection,
and its memory at the end keeps to the budget.
"""

import argparse
import json
import shutil
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

import attacks
import crowd
import peers
from crowd import MARK, Crowd, Right
from machine import description
from pyoxigraph import Literal, NamedNode, Quad, Store
from rich.console import Console
from rich.table import Table

import data
from kzgraph.iri import graph, thing
from kzgraph.namespaces import DCAT
from kzgraph.release import Release
from kzgraph.release.dumps import DUMPS, STEM
from kzgraph.release.integrity import STORE
from kzgraph.release.manifest import MANIFEST

#: The log is a file, as in operation; the rest is as shipped.
_LOG = "KZGRAPH_ACCESS_LOG"
#: MiB that the server may have at the end, what its processes share counted once.
BUDGET = 400
#: Seconds between two releases, and until a server with nothing to do is looked at.
_INTERVAL, _QUIET = 20.0, 10.0
_MARKED = 500

#: Kind of client, what it does, and how many there are.
CLIENTS = (
    ("reader", crowd.reader, 4),
    ("watcher of releases", crowd.watcher, 1),
    ("slow reader", crowd.slow_reader, 2),
    ("runaway query", crowd.runaway, 4),
    ("memory hog", crowd.hog, 2),
    ("deep nesting", crowd.nester, 1),
    ("hangs up", crowd.leaver, 2),
    ("bad request", crowd.bungler, 2),
)


def second_release(releases: Path) -> Path:
    """A release next to the current one, with some things more."""
    first = (releases / "current").resolve()
    second = releases / f"{first.name}-marked"
    shutil.copytree(first, second)
    quads = [
        Quad(thing("soak", str(number)), _TYPE, NamedNode(MARK), graph("metadata"))
        for number in range(_MARKED)
    ]
    version = (thing("dataset", "kzgraph"), DCAT["version"])
    before, after = (
        Quad(*version, Literal(path.name), graph("metadata")) for path in (first, second)
    )
    store = Store(str(second / STORE))
    store.remove(before)
    store.bulk_extend([after, *quads])
    store.flush()
    dump = second / DUMPS / f"{STEM}.nq"
    lines = dump.read_text("utf-8").replace(f"{before} .", f"{after} .")
    dump.write_text(lines + "".join(f"{quad} .\n" for quad in quads), "utf-8")
    counts = json.loads((second / MANIFEST).read_bytes())["counts"]["graphs"]
    data.seal(second, counts | {"metadata": counts["metadata"] + len(quads)})
    return second


_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def switch(releases: Path, version: Path) -> None:
    """Make `version` the current release, as `kzgraph build` does: in one step."""
    link = releases / "next"
    link.symlink_to(version.name)
    link.replace(releases / "current")


def soak(folder: Path, minutes: float) -> bool:
    """Let the crowd at the server; prints what happened and returns whether all went well."""
    releases = data.release(folder).releases
    versions = [(releases / "current").resolve(), second_release(releases)]
    right = Right(
        marked={path.name: count for path, count in zip(versions, (0, _MARKED), strict=True)},
        triples={path.name: len(Release(path).store) for path in versions},
        current=versions[0].name,
    )
    settings = {_LOG: str(folder / "access.log")}
    with peers.kzgraph(data.DataSet(releases, folder, None), settings) as server:
        time.sleep(_QUIET)
        before = server.memory()[1]
        people = Crowd(int(server.address.rpartition(":")[2]), right)
        for kind, act, count in CLIENTS:
            people.join(kind, act, count)
        held, switches = [], 0
        end = time.monotonic() + minutes * 60
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(_INTERVAL, left))
            held.append(server.memory()[1])
            switches += 1
            version = versions[switches % 2]
            switch(releases, version)
            right.current, right.changed = version.name, time.monotonic()
        people.leave()
        time.sleep(_QUIET)
        after = server.memory()[1]
    _print_counts(people)
    print(f"\n{switches} changes of release. MiB of memory: {before:.0f} at the start,")
    print(
        f"{statistics.median(held):.0f} (median) and {max(held):.0f} (most) meanwhile, "
        f"{after:.0f} at the end; budget {BUDGET}."
    )
    for wrong in people.wrong[:20]:
        print(f"WRONG: {wrong}")
    good = people.counts["reader", "right"] > 0 and people.counts["slow reader", "right"] > 0
    passed = good and not people.wrong and after < BUDGET
    print(f"{len(people.wrong)} wrong answers, 500s or refused connections: ", end="")
    print("passed" if passed else "FAILED")
    return passed


def withstand(folder: Path, seconds: float) -> bool:
    """Let each attack at the server; prints what others had, and returns whether it is enough."""
    found = attacks.run(folder, data.release(folder), seconds)
    columns = ("/health s", "page s", "query s", "MiB", "answers", "")
    shown = Table("Attack from 16 connections", box=None, header_style="bold")
    for column in columns:
        shown.add_column(column, justify="right")
    for name, each in found.items():
        times = (f"{each.health:.2f}", f"{each.page:.2f}", f"{each.query:.2f}")
        result = "within" if each.within else "MISSED"
        shown.add_row(name, *times, f"{each.growth:+.0f}", str(each.answers), result)
    Console(width=110, highlight=False).print(shown)
    print(
        f"The slowest answers that another client had; at most {attacks.HEALTH}, {attacks.PAGE} "
        f"and {attacks.QUERY} s. The front's memory above its start: at most {attacks.GROWTH} MiB."
    )
    for name, each in found.items():
        for failure in each.failed[:3]:
            print(f"WRONG: {name}: {failure}")
    return all(each.within for each in found.values())


def _print_counts(people: Crowd) -> None:
    shown = Table("Client", "Outcomes", box=None, header_style="bold")
    for kind, _, number in CLIENTS:
        outcomes = sorted((what, n) for (who, what), n in people.counts.items() if who == kind)
        shown.add_row(f"{number} x {kind}", ", ".join(f"{what}: {n:,}" for what, n in outcomes))
    Console(width=100, highlight=False).print(shown)


def main() -> int:
    """Soak, and end with 1 where something went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--minutes", type=float, default=10, help="of the crowd, 10 by default; 0 leaves it out"
    )
    parser.add_argument(
        "--seconds", type=float, default=15, help="of each attack, 15 by default; 0 leaves them out"
    )
    args = parser.parse_args()
    minutes, seconds = args.minutes, args.seconds
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    print(description())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        withstood = soaked = True
        if seconds:
            print(f"Each attack for {seconds:g} seconds.\n", flush=True)
            (folder / "attacks").mkdir()
            withstood = withstand(folder / "attacks", seconds)
        if minutes:
            print(f"\nSoaking for {minutes:g} minutes.\n", flush=True)
            (folder / "soak").mkdir()
            soaked = soak(folder / "soak", minutes)
        return 0 if withstood and soaked else 1


if __name__ == "__main__":
    sys.exit(main())
