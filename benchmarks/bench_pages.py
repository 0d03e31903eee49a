"""How long the server takes for a page of each kind, and how much is sent: `make bench-pages`.

A page is made anew each time, as for the first client that asks after a release: nothing is kept.
Times are of the processor, so that what else runs on the machine does not count.
What is sent is the page in the coding of browsers, with its style sheets and scripts.
"""

import argparse
import re
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
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

_LOADED = re.compile(r'<(?:link rel="stylesheet" href|script [^>]*src)="([^"]+)"')
_HTML = {"Accept": "text/html"}


@dataclass(frozen=True)
class Measured:
    """A kind of page: medians over the rounds, the slowest language.

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
    options.add_argument("--rounds", type=int, default=7)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = chosen.releases or Path(folder)
        if chosen.releases is None:
            build(None, root)
        measured = measure(root / CURRENT, chosen.rounds)
    shown = Table(box=None, header_style="bold")
    for column in ("page", "first, ms", "median, ms", "kB sent"):
        shown.add_column(column, justify="left" if column == "page" else "right")
    for kind, each in measured.items():
        figures = (each.first, each.median, each.kilobytes)
        shown.add_row(kind, *(f"{figure:,.1f}" for figure in figures))
    Console().print(shown)
    over = [
        kind
        for kind, each in measured.items()
        if each.median > BUDGET_MS or each.kilobytes > BUDGET_KB
    ]
    print("over the budget:", ", ".join(over) or "none")
    return bool(over)


def measure(release: Path, rounds: int) -> dict[str, Measured]:
    """Each kind of page of a release, in the language that takes longest."""
    settings = Settings(cache_mib=0)
    client = FrontClient(release, settings)
    found = {}
    for kind, path in PAGE_KINDS.items():
        status = client.get(path, headers=_HTML).status_code
        if status != STATUS.get(kind, 200):
            raise SystemExit(f"{path} is answered with {status}")
        figures = [_measure(client, join_language("", path, each), rounds) for each in LANGUAGES]
        found[kind] = max(figures, key=lambda each: each.median)
    return found


def _measure(client: FrontClient, path: str, rounds: int) -> Measured:
    times = []
    for _ in range(rounds + 1):
        started = time.process_time()
        reply = client.get(path, headers=_HTML)
        times.append((time.process_time() - started) * 1000)
    text = reply.get_data(as_text=True)
    loaded = [client.get(urlsplit(each).path).data for each in set(_LOADED.findall(text))]
    sent = sum(len(brotli.compress(each, quality=5)) for each in (text.encode(), *loaded))
    return Measured(times[0], statistics.median(times[1:]), sent / 1000)


if __name__ == "__main__":
    sys.exit(main())
