"""The pool of worker processes, and the scheduler of queries.

A query starts in one of a few fast slots. One that takes long is moved to the long ones: it leaves
its slot to another query and continues alongside a bounded number of its kind, at the lowest
priority after a while. So small queries never wait for long ones, which cannot be distinguished
beforehand, unless they were long before.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from pathlib import Path

from kzgraph.problem import Problem
from kzgraph.sparql.job import Job
from kzgraph_server.engine import endings
from kzgraph_server.engine.answer import EngineState
from kzgraph_server.engine.capacity import PROCESSORS, client_queue, fast_limit, long_limit
from kzgraph_server.engine.forking import ForkServer
from kzgraph_server.engine.lanes import Lanes, LongQueries, newest_of_busiest
from kzgraph_server.engine.process import Place, Worker
from kzgraph_server.engine.run import Run
from kzgraph_server.settings import Settings

_log = logging.getLogger(__name__)

#: Surplus idle workers that are kept rather than killed.
_SURPLUS = 2
#: A worker whose peak memory exceeded this part of its limit is replaced after its run.
_LARGE = 0.25
#: A query without a place among the long ones may stay in its fast slot for this many times
#: `long_after_ms`, while others wait.
_STAY = 3
#: Seconds until a worker must be ready.
_START = 30.0
#: Seconds between attempts to start workers that fail, at first and at most.
_BACKOFF, _BACKOFF_MOST = 0.1, 5.0


class Pool:
    """Workers on one store. All methods must be called in the thread of its event loop."""

    def __init__(self, store: Path, settings: Settings) -> None:
        self._settings = settings
        self._long_after = settings.long_after_ms / 1000
        self._lower_after = settings.lower_after_ms / 1000
        self._fast_limit = fast_limit(settings)
        self._long_limit = long_limit(settings)
        self._client_queue = client_queue(settings)
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._forks = ForkServer(store, settings, self._changed.set)
        self._workers: set[Worker] = set()  # all processes that are not collected yet
        self._idle: list[Worker] = []
        self._fast: set[Worker] = set()
        self._long: dict[Worker, Run] = {}  # in the order in which they became long
        self._starting: dict[Worker, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: Lanes[Run] = Lanes(self._long_after)
        self._known = LongQueries()
        self._ended: Counter[str] = Counter()
        self._started = 0
        self._failures = 0
        self._retry: asyncio.TimerHandle | None = None
        self._error: str | None = None
        self._begun = self._stopping = False

    async def start(self) -> None:
        """Start the workers; returns when they are ready, or the first one failed."""
        self._replenish()
        while len(self._idle) < self._fast_limit and self._error is None:
            await self._next_change()
        self._begun = True

    async def stop(self, grace: float) -> None:
        """Let what runs end within `grace` seconds, and end every process."""
        self._stopping = True
        if self._retry is not None:
            self._retry.cancel()
        while (run := self._waiting.take()) is not None:
            self._settle(run, endings.explain_shutdown())
        for worker in (*self._idle, *self._starting):
            self._kill(worker, "stop")
        end = self._loop.time() + grace
        while (self._fast or self._long) and (left := end - self._loop.time()) > 0:
            await self._next_change(left)
        for worker in (*self._fast, *self._long):
            self._end(worker, endings.explain_shutdown(), "stop")
        while self._workers:
            await self._next_change()
        self._forks.close()
        while self._forks.running:
            await self._next_change()

    async def _next_change(self, timeout: float | None = None) -> None:
        self._changed.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), timeout)

    def ready(self) -> bool:
        """Whether there is a worker that takes queries."""
        return not self._stopping and bool(self._idle or self._fast or self._long)

    def state(self) -> EngineState:
        """The state of the pool."""
        return EngineState(
            ready=self.ready(),
            idle=len(self._idle),
            busy=len(self._fast),
            long=len(self._long),
            starting=len(self._starting),
            queued=len(self._waiting),
            started=self._started,
            ended=dict(self._ended),
            isolated=self._forks.isolated,
            error=self._error,
        )

    # Runs

    def submit(self, job: Job, client: str) -> Run:
        """Start a run of `job`, or queue it.

        Raises:
            Problem: 503, where it can do neither.
        """
        if self._stopping:
            raise endings.explain_shutdown()
        run = Run(job, client, min(job.timeout, self._settings.query_timeout))
        heavy = run.key in self._known
        if not heavy and self._idle and not self._waiting.light and self._has_slot():
            self._begin(self._idle.pop(), run, Place.FAST)
            self._replenish()
            return run
        if self._failures and not self.ready():
            raise endings.explain_unavailability()
        self._check_room(client)
        self._wait(run, heavy)
        self._dispatch()
        return run

    def _wait(self, run: Run, heavy: bool) -> None:
        run.cancel_timer()
        (self._waiting.heavy if heavy else self._waiting.light).add(run.client, run)
        run.timer = self._loop.call_later(run.timeout, self._time_out_waiting, run)

    def abandon(self, run: Run) -> None:
        """Cancel `run`, whose client has left.

        A young run is left to end, for a new worker costs more than most queries; it is stopped
        when it would become long, and at once where it is known to be.
        """
        if run.ended or run.problem is not None or run.abandoned:
            return
        run.abandon()
        if self._waiting.discard(run.client, run):
            self._settle(run, endings.explain_shutdown())
            return
        worker = next((each for each in self._list_busy() if each.run is run), None)
        if worker is not None and (
            worker.place is Place.LONG or self._age(run) >= self._long_after
        ):
            self._end(worker, endings.explain_shutdown(), "cancelled")

    def _check_room(self, client: str) -> None:
        if self._waiting.count(client) >= self._client_queue:
            raise endings.explain_full_queue(self._client_queue, of_client=True)
        if len(self._waiting) >= self._settings.queue:
            raise endings.explain_full_queue(self._settings.queue, of_client=False)

    def _time_out_waiting(self, run: Run) -> None:
        if self._waiting.discard(run.client, run):
            self._settle(run, endings.explain_wait(run.timeout))

    def _settle(self, run: Run, problem: Problem) -> None:
        run.cancel_timer()
        run.fail(problem)

    def _begin(self, worker: Worker, run: Run, place: Place) -> None:
        run.cancel_timer()
        if place is Place.FAST:
            self._fast.add(worker)
        else:
            self._add_long(worker, run)
        worker.start(run, place)
        first = run.timeout if place is Place.LONG else min(self._long_after, run.timeout)
        run.timer = self._loop.call_later(min(first, self._lower_after), self._tick, worker, run)

    def _dispatch(self) -> None:
        """Start the queued runs that can start now."""
        while self._idle and self._has_slot():
            run = self._waiting.light.take(self._count_running)
            if run is None:
                break
            self._begin(self._idle.pop(), run, Place.FAST)
        # The last idle worker is reserved for a small query.
        while len(self._idle) > 1 and self._has_long_place():
            run = self._waiting.heavy.take(self._count_running, self._client_has_long_place)
            if run is None:
                break
            self._begin(self._idle.pop(), run, Place.LONG)
        self._replenish()

    def _has_slot(self) -> bool:
        return len(self._fast) < self._fast_limit

    def _has_long_place(self) -> bool:
        return len(self._long) < self._long_limit

    def _client_has_long_place(self, client: str) -> bool:
        running = sum(run.client == client for run in self._long.values())
        return running < self._settings.client_long_queries

    def _count_running(self, client: str) -> int:
        """How many runs `client` has."""
        return sum(each.run is not None and each.run.client == client for each in self._list_busy())

    def _list_busy(self) -> list[Worker]:
        return [*self._fast, *self._long]

    def _age(self, run: Run) -> float:
        return self._loop.time() - run.started

    # The course of a run

    def _tick(self, worker: Worker, run: Run) -> None:
        """Time out a run, lower its priority, or move it to the long ones."""
        # Timers may fire a clock tick early.
        age = self._age(run) + 0.001
        if age >= run.timeout:
            self._known.add(run.key)
            self._end(worker, endings.explain_timeout(run.timeout), "deadline")
            return
        if age >= self._long_after and run.abandoned:
            self._end(worker, endings.explain_shutdown(), "cancelled")
            return
        if age >= self._lower_after and not worker.lowered:
            worker.lower()
        wait = run.timeout - age
        if age < self._lower_after:
            wait = min(wait, self._lower_after - age)
        if worker.place is Place.FAST:
            self._known.add(run.key)
            if self._has_long_place() and self._client_has_long_place(run.client):
                self._move_to_long(worker, run)
            else:
                wait = min(wait, self._long_after)
                if age >= _STAY * self._long_after and len(self._waiting.light):
                    self._evict(worker, run)
        if run.problem is None:
            run.timer = self._loop.call_later(wait, self._tick, worker, run)

    def _move_to_long(self, worker: Worker, run: Run) -> None:
        """Move a run to the long ones; its slot is free."""
        self._fast.discard(worker)
        worker.place = Place.LONG
        self._add_long(worker, run)
        self._dispatch()

    def _add_long(self, worker: Worker, run: Run) -> None:
        self._long[worker] = run
        if len(self._long) > PROCESSORS:
            worker.lower()

    def _evict(self, worker: Worker, run: Run) -> None:
        """Evict the newest run of the client with most long ones, so that others can start."""
        of_client = not self._client_has_long_place(run.client)
        victim = newest_of_busiest({**self._long, worker: run}, run.client if of_client else None)
        limit = self._settings.client_long_queries if of_client else self._long_limit
        self._end(victim, endings.explain_eviction(limit, of_client), "evicted")
        if victim is not worker:
            self._move_to_long(worker, run)

    def _end(self, worker: Worker, problem: Problem, cause: str) -> None:
        """Stop the run of `worker`, and the worker with it."""
        run = worker.run
        self._kill(worker, cause)
        if run is not None:
            self._waiting.light.learn(run.client, self._age(run))
            self._settle(run, problem)
        self._dispatch()

    def _finish(self, worker: Worker, run: Run) -> None:
        """Handle the end of a run: reuse its worker, or replace it."""
        run.cancel_timer()
        self._forget(worker)
        self._waiting.light.learn(run.client, self._age(run))
        if self._age(run) < self._long_after:
            self._known.discard(run.key)
        if worker.lowered:
            worker.restore()
        large = worker.peak > _LARGE * self._settings.worker_memory_mib * 1024
        surplus = self._count_available() >= self._count_wanted() + _SURPLUS
        if worker.lowered or large or surplus or self._stopping:
            self._kill(worker, "replaced")
        else:
            worker.place = Place.IDLE
            self._idle.append(worker)
        self._changed.set()
        self._dispatch()

    # Workers

    def _count_available(self) -> int:
        """How many workers are, or will soon be, available to queries that are not long."""
        return len(self._starting) + len(self._idle) + len(self._fast)

    def _count_wanted(self) -> int:
        waiting = len(self._waiting.heavy) > 0 and self._has_long_place()
        return self._fast_limit + self._settings.spare_workers + waiting

    def _replenish(self) -> None:
        if self._stopping or self._retry is not None:
            return
        while self._count_available() < self._count_wanted():
            # After a failure one at a time, as a probe.
            if (self._failures and self._starting) or not self._spawn():
                return

    def _spawn(self) -> bool:
        try:
            worker = Worker(
                self._forks,
                self._add_ready,
                self._finish,
                self._remove_exited,
            )
        except OSError as error:
            self._note_failure(f"cannot start a process: {error.strerror}")
            return False
        self._started += 1
        self._workers.add(worker)
        self._starting[worker] = self._loop.call_later(_START, self._kill, worker, "start")
        task = self._loop.create_task(worker.connect())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    def _add_ready(self, worker: Worker) -> None:
        self._starting.pop(worker).cancel()
        self._failures, self._error = 0, None
        worker.place = Place.IDLE
        self._idle.append(worker)
        self._changed.set()
        self._dispatch()

    def _kill(self, worker: Worker, cause: str) -> None:
        self._forget(worker)
        worker.kill(cause)

    def _forget(self, worker: Worker) -> None:
        """Remove `worker` from the idle, fast and long ones."""
        self._fast.discard(worker)
        self._long.pop(worker, None)
        if worker in self._idle:
            self._idle.remove(worker)

    def _remove_exited(self, worker: Worker) -> None:
        """Handle the exit of a process, killed by us or not."""
        self._workers.discard(worker)
        self._forget(worker)
        starting = self._starting.pop(worker, None)
        if starting is not None:
            starting.cancel()
        run, cause = worker.run, worker.cause
        if cause is None:
            memory, limit = self._settings.worker_memory_mib, run.timeout if run else 0.0
            cause, problem = endings.explain_exit(worker.code, worker.last_words, memory, limit)
            young = run is not None and not self._stopping and self._age(run) < self._lower_after
            if run is not None and cause == "killed" and young and run.may_repeat():
                self._wait(run, heavy=False)
            elif run is not None and run.problem is None:
                self._known.add(run.key)
                self._settle(run, problem)
            if cause == "crash" and starting is None:
                _log.error("worker %d died (%s): %s", worker.pid, worker.code, worker.last_words)
        self._ended[cause] += 1
        if starting is not None and cause != "stop":
            words = worker.last_words.rpartition("\n")[2] or f"it ended with {worker.code}"
            if cause == "memory":
                words = f"it needs more than {self._settings.worker_memory_mib} MiB of memory"
            self._note_failure(words, of_itself=cause != "killed")
        self._changed.set()
        self._dispatch()

    def _note_failure(self, reason: str, of_itself: bool = True) -> None:
        """Handle a worker that did not start: retry with exponential back-off."""
        self._error = f"a worker does not start: {reason}"
        if self._begun:  # Before that, the caller of `start` reports it.
            _log.error("%s", self._error)
        self._changed.set()
        if self._retry is None and not self._stopping:
            wait = min(_BACKOFF * 2**self._failures, _BACKOFF_MOST)
            self._retry = self._loop.call_later(wait, self._retry_start)
        self._failures = min(self._failures + of_itself, 10)

    def _retry_start(self) -> None:
        self._retry = None
        self._replenish()
