"""How long a search takes among a million labels: `make bench-search`.

Invented things, a third of a million of them, each with a name in English, Russian and Kazakh.
Their words follow Zipf's law, as those of texts do: a few are in every tenth name, most in one or
two. So a query of the first letters of a frequent word fits hundreds of thousands of names, which
is the hardest case. The same number gives the same names.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path

from machine import description
from rich.console import Console
from rich.table import Table

from kzgraph.search.entries import CODE_SORT, LABEL_SORT, MOST_REFERENCES, VALUE_SORT, Entry, Name
from kzgraph.search.index import Index
from kzgraph.search.indexing import write_entries
from kzgraph.search.kinds_of_things import KINDS
from kzgraph.search.typed_words import split_words

#: Milliseconds of the processor that 95 of 100 queries of each kind may take: what else runs on the
#: machine is not counted.
BUDGET = 50.0
#: Queries of each kind.
QUERIES = 200

#: Different words of one language among a million labels.
_VOCABULARY = 60_000
_SYLLABLES = {
    "en": "ba re mi sto lan der ing pro vi ta ne co sul tra fen gar hol min pe ri",
    "ru": "ба ре ми сто лан дер пра ви та не ко сул тра фен гор хол мин пе ри же",
    "kk": "ба ре мы сто лан дер қар ви та не ко сұл тра өң гор хол мін пе рі же",
}


def invent_words(language: str, draw: random.Random) -> list[str]:
    """Different words of two to five syllables, the shorter ones first as the more frequent."""
    found: dict[str, None] = {}
    size = 2.0
    while len(found) < _VOCABULARY:
        found["".join(draw.choices(_SYLLABLES[language].split(), k=int(size)))] = None
        size = min(5.0, size + 1 / 8_000)
    return list(found)


def invent_entries(
    number: int, words: dict[str, list[str]], draw: random.Random
) -> Iterator[Entry]:
    """Things with a name in each language, a code and a value, the most prominent first."""
    weights = list(accumulate(1 / (place + 10) for place in range(_VOCABULARY)))
    for place in range(number):
        names = [
            _name(" ".join(draw.choices(words[language], cum_weights=weights, k=4)), language)
            for language in words
        ]
        names.append(_name(f"code/{place:x}", "", CODE_SORT))
        names.append(_name(str(draw.randrange(10_000_000)), "", VALUE_SORT))
        references = MOST_REFERENCES * 100 // (place + 100)
        yield Entry(
            f"https://example.org/{place}",
            KINDS[min(int(draw.expovariate(0.3)), len(KINDS) - 1)].value,
            references,
            tuple(names),
            frozenset(),
            frozenset(draw.choices(words["en"], cum_weights=weights, k=3)),
        )


def _name(text: str, language: str, sort: int = LABEL_SORT) -> Name:
    return Name(text, language, sort, " ".join(split_words(text)))


def list_queries(words: dict[str, list[str]]) -> dict[str, Callable[[random.Random], str]]:
    """The kinds of query, and how one of each is drawn."""

    def frequent(draw: random.Random) -> str:
        return words[draw.choice(list(words))][draw.randrange(200)]

    def any_word(draw: random.Random) -> str:
        return words[draw.choice(list(words))][int(_VOCABULARY * draw.random() ** 2)]

    def misspell(draw: random.Random) -> str:
        word = words[draw.choice(list(words))][int(_VOCABULARY * (0.5 + draw.random() / 2))]
        place = draw.randrange(len(word) - 1)
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]

    def two(draw: random.Random) -> str:
        language = draw.choice(list(words))
        return " ".join(words[language][draw.randrange(200)] for _ in range(2))

    return {
        "one letter": lambda draw: frequent(draw)[:1],
        "two letters": lambda draw: frequent(draw)[:2],
        "beginning of a frequent word": lambda draw: frequent(draw)[:4],
        "a frequent word": frequent,
        "any word": any_word,
        "two frequent words": two,
        "a frequent word and a beginning": lambda draw: f"{frequent(draw)} {any_word(draw)[:3]}",
        "a word with a mistake": misspell,
        "words of two languages, which none has": lambda draw: " ".join(
            words[each][draw.randrange(2_000)] for each in words
        ),
        "a number": lambda draw: str(draw.randrange(10_000_000)),
        "a code": lambda draw: f"code/{draw.randrange(300_000):x}",
        "nothing like it": lambda draw: "".join(draw.choices("qwxzj", k=12)),
        "another keyboard": lambda draw: words["ru"][draw.randrange(2_000)].translate(_KEYS),
        "10,000 characters": lambda draw: " ".join(any_word(draw) for _ in range(1_200)),
        'operators, quotes, NUL (" OR * NEAR)': lambda draw: f'"{any_word(draw)}\0" OR * NEAR(',
    }


_KEYS = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбю", "qwertyuiop[]asdfghjkl;'zxcvbnm,.")


def main() -> int:
    """Print the table; 1 if a kind of query is over budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labels", type=int, default=1_000_000)
    options = parser.parse_args()
    console = Console()
    console.print(description(), highlight=False)
    draw = random.Random(9)  # noqa: S311 - the same each time
    words = {language: invent_words(language, draw) for language in _SYLLABLES}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "search.sqlite"
        started = time.perf_counter()
        write_entries(invent_entries(options.labels // 3, words, draw), path, "benchmark")
        console.print(
            f"{options.labels:,} labels: written in {time.perf_counter() - started:.0f} s, "
            f"{path.stat().st_size / 1_000_000:.0f} MB",
            highlight=False,
        )
        return 0 if measure(Index(path), words, draw, console) else 1


def measure(
    index: Index, words: dict[str, list[str]], draw: random.Random, console: Console
) -> bool:
    """Print how long each kind of query takes; whether all are in budget."""
    shown = Table(box=None, header_style="bold")
    for head in ("Query", "Median ms", "p95 ms", "Processor, p95 ms", "Found, median"):
        shown.add_column(head, justify="left" if head == "Query" else "right")
    good = True
    for kind, make in list_queries(words).items():
        times, used, totals = [], [], []
        for _ in range(QUERIES):
            query = make(draw)
            started, used_before = time.perf_counter(), time.thread_time()
            found = index.search(query)
            used.append(1_000 * (time.thread_time() - used_before))
            times.append(1_000 * (time.perf_counter() - started))
            totals.append(found.total)
        numbers = (statistics.median(times), _p95(times), _p95(used))
        good &= numbers[2] <= BUDGET
        shown.add_row(kind, *(f"{each:.1f}" for each in numbers), f"{statistics.median(totals):,g}")
    console.print(shown)
    return good


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    sys.exit(main())
