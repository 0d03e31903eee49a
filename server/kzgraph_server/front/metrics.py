"""The metrics of the server, in the text format of Prometheus.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from math import inf

from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

CONTENT_TYPE = b"text/plain; version=0.0.4; charset=utf-8"

#: Upper bounds of the latency histogram in seconds: from a cached answer to the longest deadline.
_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

#: The state of the server at one moment: metric, labels, value.
Sample = tuple[str, dict[str, str], float]

_STATE = {
    "kzgraph_cache_bytes": "What the cached answers cost together.",
    "kzgraph_cache_entries": "The answers in the cache, and the request lines that lead to them.",
    "kzgraph_body_bytes": "What the large bodies of requests under way take.",
    "kzgraph_log_dropped": "Lines of the access log that could not be written.",
    "kzgraph_queue_length": "Queries that wait for a worker.",
    "kzgraph_workers": "Worker processes by what they do.",
    "kzgraph_worker_ends": "Workers that were ended or died, by cause.",
    "kzgraph_release_info": "The release being served, as a label.",
    "kzgraph_earlier_releases_open": "Earlier releases that are open at their addresses.",
}

_COUNTERS = {"kzgraph_worker_ends", "kzgraph_log_dropped"}


@dataclass(slots=True)
class _Counted:
    """The requests of one kind that were answered with one status.

    Attributes:
        seconds: what they took together.
        size: the bytes of their bodies together.
        buckets: how many took as long as each bound, or less, and more than the one before.
    """

    seconds: float = 0.0
    size: int = 0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(_SECONDS) + 1))


class Metrics(Collector):
    """The counters of one server, which only the event loop counts with.

    Args:
        state: gives the state of the server when it is asked for.
    """

    def __init__(self, state: Callable[[], Iterator[Sample]]) -> None:
        self._state = state
        self._requests: dict[tuple[str, int], _Counted] = {}
        self._cache: Counter[str] = Counter()
        self._releases: Counter[str] = Counter()
        self._answers: Counter[str] = Counter()
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def request(self, kind: str, status: int, seconds: float, size: int) -> None:
        """Count a request.

        Args:
            kind: what was asked: query, graph, page, dump, assistants, operations.
            status: the status code; 0 where the client went before there was one.
            seconds: how long it took.
            size: bytes of the body.
        """
        counted = self._requests.get((kind, status))
        if counted is None:
            counted = self._requests[kind, status] = _Counted()
        counted.seconds += seconds
        counted.size += size
        counted.buckets[bisect_left(_SECONDS, seconds)] += 1

    def cached(self, result: str) -> None:
        """Count the outcome of the cache: hit, miss or bypass."""
        self._cache[result] += 1

    def answered(self, by: str) -> None:
        """Count an answer to a query by what gave it: columns or store."""
        self._answers[by] += 1

    def of_release(self, which: str) -> None:
        """Count a request by the release that it is about.

        Args:
            which: `current`; `pinned`, the current one at the address of its version; `earlier`;
                `gone`, one that is no longer kept or was redacted; `unknown`; or `failed`, one
                that could not be opened. Never a version, of which anyone could make up more.
        """
        self._releases[which] += 1

    def text(self) -> bytes:
        """Everything counted so far."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """The metrics, for the registry."""
        requests = CounterMetricFamily("kzgraph_requests", "Requests.", labels=("kind", "status"))
        seconds = HistogramMetricFamily(
            "kzgraph_request_seconds",
            "From the request to the last byte of the answer.",
            labels=("kind",),
        )
        sent = CounterMetricFamily("kzgraph_sent_bytes", "Bytes of bodies sent.", labels=("kind",))
        cache = CounterMetricFamily(
            "kzgraph_cache_requests", "Requests by the cache's part.", labels=("result",)
        )
        for (kind, status), counted in self._requests.items():
            requests.add_metric((kind, str(status)), sum(counted.buckets))
        for kind in dict.fromkeys(kind for kind, _ in self._requests):
            of_kind = [each for (of, _), each in self._requests.items() if of == kind]
            counts = accumulate(map(sum, zip(*(each.buckets for each in of_kind), strict=True)))
            bounds = [*map(floatToGoString, (*_SECONDS, inf))]
            buckets = [*zip(bounds, counts, strict=True)]
            seconds.add_metric((kind,), buckets, sum(each.seconds for each in of_kind))
            sent.add_metric((kind,), sum(each.size for each in of_kind))
        for result, count in self._cache.items():
            cache.add_metric((result,), count)
        releases = CounterMetricFamily(
            "kzgraph_release_requests",
            "Requests by the release they are about.",
            labels=("release",),
        )
        for which, count in self._releases.items():
            releases.add_metric((which,), count)
        answers = CounterMetricFamily(
            "kzgraph_answers", "Answers to queries by what gave them.", labels=("by",)
        )
        for by, count in self._answers.items():
            answers.add_metric((by,), count)
        yield from (requests, seconds, cache, sent, releases, answers)
        families: dict[str, GaugeMetricFamily | CounterMetricFamily] = {}
        for name, labels, value in self._state():
            family = families.get(name)
            if family is None:
                made = CounterMetricFamily if name in _COUNTERS else GaugeMetricFamily
                family = families[name] = made(name, _STATE[name], labels=tuple(labels))
            family.add_metric(tuple(labels.values()), value)
        yield from families.values()
