"""The metrics of the server, in the text format of Prometheus.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

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
}

_COUNTERS = {"kzgraph_worker_ends", "kzgraph_log_dropped"}


class Metrics:
    """The counters of one server.

    Args:
        state: gives the state of the server when it is asked for.
    """

    def __init__(self, state: Callable[[], Iterator[Sample]]) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "kzgraph_requests", "Requests.", ("kind", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "kzgraph_request_seconds",
            "From the request to the last byte of the answer.",
            ("kind",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._cache = Counter(
            "kzgraph_cache_requests", "Requests by the cache's part.", ("result",),
            registry=self._registry,
        )  # fmt: skip
        self._sent = Counter(
            "kzgraph_sent_bytes", "Bytes of bodies sent.", ("kind",), registry=self._registry
        )
        self._registry.register(_State(state))
        # Finding a labelled child costs more than counting with it.
        self._children: dict[tuple[str, int], Callable[[float, int], None]] = {}
        self._results: dict[str, Counter] = {}

    def request(self, kind: str, status: int, seconds: float, size: int) -> None:
        """Count a request.

        Args:
            kind: what was asked: query, graph, page, dump, operations.
            status: the status code; 0 where the client went before there was one.
            seconds: how long it took.
            size: bytes of the body.
        """
        count = self._children.get((kind, status))
        if count is None:
            count = self._children[kind, status] = self._child(kind, status)
        count(seconds, size)

    def cached(self, result: str) -> None:
        """Count the outcome of the cache: hit, miss or bypass."""
        count = self._results.get(result)
        if count is None:
            count = self._results[result] = self._cache.labels(result)
        count.inc()

    def text(self) -> bytes:
        """Everything counted so far."""
        return generate_latest(self._registry)

    def _child(self, kind: str, status: int) -> Callable[[float, int], None]:
        requests = self._requests.labels(kind, str(status))
        histogram = self._seconds.labels(kind)
        sent = self._sent.labels(kind)

        def count(seconds: float, size: int) -> None:
            requests.inc()
            histogram.observe(seconds)
            sent.inc(size)

        return count


class _State(Collector):
    def __init__(self, state: Callable[[], Iterator[Sample]]) -> None:
        self._state = state

    def collect(self) -> Iterator[Metric]:
        families: dict[str, GaugeMetricFamily | CounterMetricFamily] = {}
        for name, labels, value in self._state():
            family = families.get(name)
            if family is None:
                kind = CounterMetricFamily if name in _COUNTERS else GaugeMetricFamily
                family = families[name] = kind(name, _STATE[name], labels=tuple(labels))
            family.add_metric(tuple(labels.values()), value)
        yield from families.values()
