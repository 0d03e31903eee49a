"""The parts of the engine that need no process: frames, queues, and counts of rows."""

import json
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine_fixtures import job
from kzgraph.problem import Problem
from kzgraph_server.engine import endings, wire
from kzgraph_server.engine.capacity import client_queue, long_limit
from kzgraph_server.engine.lanes import FairQueue, LongQueries, Turns
from kzgraph_server.settings import Settings

FRAMES = st.lists(st.tuples(st.sampled_from([wire.READY, wire.DATA, wire.END]), st.binary()))


@given(FRAMES, st.lists(st.integers(1, 40)))
def test_frames_come_out_as_they_went_in_however_they_are_cut(
    frames: list[tuple[int, bytes]], cuts: list[int]
) -> None:
    stream = b"".join(wire.frame(kind, payload) for kind, payload in frames)
    found: list[tuple[int, bytes]] = []
    decoder, start = wire.Decoder(), 0
    for length in [*cuts, len(stream)]:
        found += decoder.feed(stream[start : start + length])
        start += length
    assert found == frames


def test_a_frame_of_absurd_length_is_an_error() -> None:
    with pytest.raises(wire.WireError):
        list(wire.Decoder().feed(b"D\xff\xff\xff\xff"))


@given(st.text(), st.lists(st.text()), st.floats(0, 100), st.integers(0) | st.none())
def test_a_job_survives_the_wire(
    query: str, graphs: list[str], timeout: float, rows: int | None
) -> None:
    asked = job(query, "csv", default_graphs=tuple(graphs), timeout=timeout, max_rows=rows)
    asked = replace(asked, endpoints=tuple(graphs[1:]), written="\n".join(graphs))
    [(kind, payload)] = wire.Decoder().feed(wire.job_frame(asked))
    assert kind == wire.JOB
    assert wire.read_job(payload) == asked


def test_a_problem_survives_the_wire() -> None:
    problem = Problem(400, "Ошибка", {"X": "y"}, line=3, near="§")
    [(kind, payload)] = wire.Decoder().feed(wire.problem_frame(problem))
    again = wire.read_problem(payload)
    assert kind == wire.PROBLEM
    assert vars(again) == vars(problem)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers()), unique=True))
def test_a_queue_serves_clients_in_turn_and_each_in_order(items: list[tuple[str, int]]) -> None:
    queue: FairQueue[tuple[str, int]] = FairQueue()
    for item in items:
        queue.add(item[0], item)
    taken = []
    while (next_item := queue.take()) is not None:
        waiting = {client for client in "abc" if queue.count(client)}
        taken.append((next_item, waiting))
    assert len(queue) == 0
    served: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for item, _ in taken:
        served[item[0]].append(item)
    for client in "abc":
        assert served[client] == [item for item in items if item[0] == client]
    for (item, _), (following, waiting) in pairwise(taken):
        assert item[0] != following[0] or not waiting - {item[0]}


def test_who_has_least_comes_first() -> None:
    queue: FairQueue[int] = FairQueue()
    for number, client in enumerate("abc"):
        queue.add(client, number)
    running = {"a": 2, "b": 1, "c": 1}
    assert [queue.take(running.__getitem__) for _ in "abc"] == [1, 2, 0]


def test_clients_with_short_items_and_all_others_take_turns() -> None:
    turns: Turns[str] = Turns(short=0.05, most=3)
    turns.learn("short", 0.01)
    turns.learn("long", 5.0)
    for client in ("long", "new", "other new", "short", "short", "short"):
        turns.add(client, client)
    assert (len(turns), turns.count("short"), turns.count("new")) == (6, 3, 1)
    taken = [turns.take() for _ in range(7)]
    assert taken == ["short", "long", "short", "new", "short", "other new", None]


def test_what_is_known_of_clients_is_bounded_and_follows_what_they_do() -> None:
    turns: Turns[str] = Turns(short=0.05, most=2)

    def comes_first(client: str) -> bool:
        turns.add("unknown", "unknown")
        turns.add(client, client)
        first, second = turns.take(), turns.take()
        assert {first, second} == {"unknown", client}
        return first == client

    turns.add("unknown", "unknown")
    turns.take()  # It is the turn of the short ones, if there are any.
    turns.learn("a", 0.01)
    assert comes_first("a")
    turns.learn("a", 5.0)
    assert not comes_first("a")
    for _ in range(10):
        turns.learn("a", 0.01)
    assert comes_first("a")
    turns.learn("b", 0.01)
    turns.learn("c", 0.01)
    assert not comes_first("a")


def test_a_queue_passes_over_who_is_not_allowed_and_forgets_who_left() -> None:
    queue: FairQueue[int] = FairQueue()
    for number, client in enumerate("aabb"):
        queue.add(client, number)
    assert queue.take(allowed=lambda client: client == "b") == 2
    assert queue.discard("a", 0)
    assert not queue.discard("a", 0)
    assert not queue.discard("nobody", 0)
    assert queue.take(allowed=lambda client: client == "c") is None
    assert [queue.take(), queue.take(), queue.take()] == [1, 3, None]


def test_only_so_many_long_queries_are_remembered() -> None:
    known = LongQueries(most=2)
    for key in ("a", "b", "a", "c"):
        known.add(key)
    assert "a" in known
    assert "b" not in known
    known.discard("c")
    known.discard("never there")
    assert "c" not in known


@pytest.mark.parametrize(
    ("code", "words", "cause", "status"),
    [
        (-6, "memory allocation of 100663296 bytes failed", "memory", 422),
        (-6, "terminate called after throwing an instance of 'std::bad_alloc'", "memory", 422),
        (1, "MemoryError", "memory", 422),
        (-11, "", "stack", 422),
        (-14, "", "deadline", 504),
        (-9, "", "killed", 503),
        (-6, "assertion failed", "crash", 500),
        (1, "ValueError: x", "crash", 500),
    ],
)
def test_the_death_of_a_worker_is_told_by_its_cause(
    code: int, words: str, cause: str, status: int
) -> None:
    found, problem = endings.explain_exit(code, words, 1024, 30)
    assert (found, problem.status) == (cause, status)
    assert ("Retry-After" in problem.headers) == (status == 503)
    json.dumps(problem.members)


def test_long_queries_fit_into_half_of_the_memory_by_default() -> None:
    assert long_limit(Settings(worker_memory_mib=1)) == 12
    assert long_limit(Settings(worker_memory_mib=1 << 40)) == 2
    assert long_limit(Settings(long_queries=1)) == 1
    assert client_queue(Settings(queue=3)) == 1
