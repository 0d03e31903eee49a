"""How long the server takes for a page of each kind, and how much is sent: `make bench-pages`.

A page is made anew each time, as for the first client that asks after a release: nothing is kept.
Times are of the processor, so that what else runs on the machine does not count.
What is sent is the page in the coding of browsers, with its style sheets and scripts.

What a release costs by its size is seen with a large one (`--releases`) and a small one
(`--beside`), of which each page is asked for in turn.
"""

import argparse
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import brotli
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from front_client import FrontClient
from kzgraph.build import build
from kzgraph.namespaces import LANGUAGES
from kzgraph.release import CURRENT
from kzgraph_server.language_addresses import join_language
from kzgraph_server.settings import Settings
from page_kinds import PAGE_KINDS, STATUS

#: Milliseconds that a page may take, and kilobytes that it may weigh with what it loads.
BUDGET_MS, BUDGET_KB = 100.0, 300.0
#: The pages that are named where they take longer than beside.
_NAMED = 6

_LOADED = re.compile(r'<(?:link rel="stylesheet" href|script [^>]*src)="([^"]+)"')
_HTML = {"Accept": "text/html"}


@dataclass(frozen=True)
class Measured:
    """A kind of page, in the language that takes longest.

    Attributes:
        first: milliseconds for the first page, with what is computed once for a release.
        median: milliseconds for any other.
        kilobytes: of the page and what it loads, compressed.
    """

    first: float
    median: float
    kilobytes: float


def main() -> int:
    """Print the table; 1 where a page is over the budget."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--releases", type=Path, help="a folder of releases; one is built else")
    options.add_argument("--beside", type=Path, help="a folder with a small one")
    options.add_argument("--rounds", type=int, default=7)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = chosen.releases or Path(folder)
        if chosen.releases is None:
            build(None, root)
        roots = [root, *([chosen.beside] if chosen.beside else [])]
        measured, *small = measure([each / CURRENT for each in roots], chosen.rounds)
    shown = Table(box=None, header_style="bold")
    for column in ("page", "first, ms", "median, ms", "kB sent"):
        shown.add_column(column, justify="left" if column == "page" else "right")
    for kind, each in measured.items():
        figures = (each.first, each.median, each.kilobytes)
        shown.add_row(kind, *(f"{figure:,.1f}" for figure in figures))
    Console().print(shown)
    for beside in small:
        compare(measured, beside)
    over = [
        kind
        for kind, each in measured.items()
        if each.median > BUDGET_MS or each.kilobytes > BUDGET_KB
    ]
    print("over the budget:", ", ".join(over) or "none")
    return bool(over)


def compare(large: Mapping[str, Measured], small: Mapping[str, Measured]) -> None:
    """Say how many times as long a page of a large release takes."""
    for name in ("first", "median"):
        ratios = {each: getattr(large[each], name) / getattr(small[each], name) for each in large}
        longest = sorted(ratios, key=lambda each: -ratios[each])[:_NAMED]
        named = ", ".join(f"{each} {ratios[each]:.2f}" for each in longest)
        middle = statistics.median(ratios.values())
        print(f"{name}: {middle:.2f} times as long as beside, in the median; most: {named}")


def measure(releases: Sequence[Path], rounds: int) -> list[dict[str, Measured]]:
    """Each kind of page of each release, in the language that takes longest."""
    clients = [FrontClient(release, Settings(cache_mib=0)) for release in releases]
    found: list[dict[str, Measured]] = [{} for _ in clients]
    for kind, path in PAGE_KINDS.items():
        for client, of_release in zip(clients, found, strict=True):
            status = STATUS.get(kind, 200)
            figures = [
                _measure(client, join_language("", path, each), rounds, status)
                for each in LANGUAGES
            ]
            slowest = max(figures, key=lambda each: each.median)
            # What is computed once is computed in the language that is asked for first.
            of_release[kind] = replace(slowest, first=max(each.first for each in figures))
    return found


def _measure(client: FrontClient, path: str, rounds: int, status: int) -> Measured:
    times = []
    for _ in range(rounds + 1):
        started = time.process_time()
        reply = client.get(path, headers=_HTML)
        times.append((time.process_time() - started) * 1000)
        if reply.status_code != status:
            raise SystemExit(f"{path} is answered with {reply.status_code}")
    text = reply.get_data(as_text=True)
    loaded = [client.get(urlsplit(each).path).data for each in set(_LOADED.findall(text))]
    sent = sum(len(brotli.compress(each, quality=5)) for each in (text.encode(), *loaded))
    return Measured(times[0], statistics.median(times[1:]), sent / 1000)


if __name__ == "__main__":
    sys.exit(main())
