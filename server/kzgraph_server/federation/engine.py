"""An engine that resolves SERVICE before another engine evaluates the query."""

import asyncio
from dataclasses import replace
from time import monotonic

from kzgraph.problem import Problem
from kzgraph.sparql.job import TABLE_METADATA, TABLE_ROWS, Job
from kzgraph.sparql.refusals import problem_at
from kzgraph_server.engine.answer import Answer, Engine, EngineState, read_whole
from kzgraph_server.federation.fetch import Federation, Plan
from kzgraph_server.federation.probes import MOST_VALUES, Probe, bind
from kzgraph_server.federation.service_calls import Row, inline, mask_calls
from kzgraph_server.federation.solutions import Broken, NotInline, read_solutions
from kzgraph_server.offloading import run_sized

#: In the message of an engine for a valid query that it cannot evaluate.
_EVALUATION = "cannot be evaluated"

#: How much of the time left one probe may take; without its answer the call is sent as it is.
_SHARE_OF_PROBES = 0.25
#: Of the answer to a probe.
_MOST_BYTES = 2 * 1024 * 1024
#: Statuses of a server that takes no more: whatever else is wrong, the query itself runs into.
_BUSY = frozenset({429, 503})

#: A graph that no data set has.
_NOTHING = "urn:kzgraph:nothing"


class FederatingEngine:
    """Wraps `engine`, and calls other endpoints for it.

    An answer to a query with a call is volatile: the other endpoint's data may change.

    Args:
        engine: evaluates; it never sees SERVICE.
        federation: calls the endpoints.
    """

    def __init__(self, engine: Engine, federation: Federation) -> None:
        self._engine = engine
        self._federation = federation

    @property
    def explains(self) -> bool:
        """Whether it says why a query has no solutions."""
        return self._engine.explains

    async def start(self) -> None:
        """Start the engine."""
        await self._engine.start()

    async def stop(self, grace: float) -> None:
        """Stop the engine."""
        await self._engine.stop(grace)

    def state(self) -> EngineState:
        """The engine's state."""
        return self._engine.state()

    async def ask(self, job: Job, client: str) -> Answer:
        """The answer to `job`; its time is that of the calls and of the evaluation together.

        Raises:
            Problem: see `Engine.ask`, `Federation.plan` and `Federation.fill`.
        """
        plan = None
        if job.offers[:1] != (TABLE_ROWS,):
            plan = await run_sized(len(job.query), self._federation.plan, job.query)
        if plan is None:
            return await self._engine.ask(job, client)
        until = monotonic() + job.timeout
        await self._check(plan, job, client)
        if job.offers[:1] == (TABLE_METADATA,):
            # What the columns mean does not depend on what the endpoints answer.
            text = inline(plan.text, plan.calls, [()] * len(plan.calls))
        else:
            plan = await self._bind(plan, job, client, until)
            text = await self._federation.fill(plan, until - monotonic(), client)
        left = until - monotonic()
        if left <= 0:
            raise Problem(504, f"The query took longer than its {job.timeout:g} seconds.")
        filled = replace(
            job,
            query=text,
            timeout=left,
            endpoints=tuple(dict.fromkeys(each.endpoint for each in plan.calls)),
            written=job.query,
        )
        try:
            answer = await self._engine.ask(filled, client)
        except Problem as problem:
            if "query" in problem.members:
                problem.members["query"] = job.query
            raise
        answer.volatile = answer.foreign = True
        return answer

    async def _bind(self, plan: Plan, job: Job, client: str, until: float) -> Plan:
        """The plan with calls that ask for no more than the query here can be joined with."""
        calls = list(plan.calls)
        for place, (call, probe) in enumerate(zip(plan.calls, plan.probes, strict=True)):
            if probe is not None:
                left = (until - monotonic()) * _SHARE_OF_PROBES
                rows = await self._ask_probe(probe, replace(job, timeout=max(left, 0.0)), client)
                calls[place] = (bind(call, probe, rows) if rows is not None else None) or call
        return replace(plan, calls=tuple(calls))

    async def _ask_probe(self, probe: Probe, job: Job, client: str) -> list[Row] | None:
        """The solutions of a probe; None where it has none in time, or none that can be sent."""
        job = replace(job, query=probe.query, offers=("json",), max_rows=None, offset=0, hxl=False)
        try:
            body = await read_whole(await self._engine.ask(job, client), _MOST_BYTES)
            return await asyncio.to_thread(read_solutions, body, probe.names, MOST_VALUES + 1)
        except (Broken, NotInline):
            return None
        except Problem as problem:
            if problem.status in _BUSY:
                raise
            return None

    async def _check(self, plan: Plan, job: Job, client: str) -> None:
        """Let the engine check the query, before any endpoint is called."""
        check = replace(
            job,
            query=mask_calls(plan.text, plan.calls),
            default_graphs=(_NOTHING,),
            named_graphs=(),
            offers=("csv", "nt"),
            max_rows=None,
            offset=0,
        )
        try:
            answer = await self._engine.ask(check, client)
        except Problem as problem:
            if (
                problem.status == 400
                and "line" not in problem.members
                and _EVALUATION in str(problem)
            ):
                # Such as a function that only the other endpoint has. Outside of its group the
                # engine refuses it later.
                return
            written = await run_sized(len(plan.text), _unmask, problem, plan)
            raise written from None
        if answer.complete is None:
            await answer.chunks.aclose()


def _unmask(problem: Problem, plan: Plan) -> Problem:
    """`problem` of the masked query, in terms of the original, where places are the same."""
    members = dict(problem.members)
    detail = problem.detail
    if "near" in members:
        lines = plan.text.split("\n")[: members["line"] - 1]
        start = sum(len(line) + 1 for line in lines) + members["column"] - 1
        written = problem_at(plan.text, "", start).members["near"]
        detail = detail.replace(repr(members["near"]), repr(written))
        members["near"] = written
    if "query" in members:
        members["query"] = plan.text
    return Problem(problem.status, detail, problem.headers, **members)
