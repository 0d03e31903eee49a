"""An engine that resolves SERVICE before another engine evaluates the query."""

from dataclasses import replace
from time import monotonic

from kzgraph.problem import Problem
from kzgraph.sparql.job import Job
from kzgraph.sparql.refusals import problem_at
from kzgraph_server.engine.answer import Answer, Engine, EngineState
from kzgraph_server.federation.fetch import Federation, Plan
from kzgraph_server.federation.service_calls import mask_calls
from kzgraph_server.offloading import run_sized

#: In the message of an engine for a valid query that it cannot evaluate.
_EVALUATION = "cannot be evaluated"

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
        plan = await run_sized(len(job.query), self._federation.plan, job.query)
        if plan is None:
            return await self._engine.ask(job, client)
        until = monotonic() + job.timeout
        await self._check(plan, job, client)
        text = await self._federation.fill(plan, until - monotonic())
        left = until - monotonic()
        if left <= 0:
            raise Problem(504, f"The query took longer than its {job.timeout:g} seconds.")
        answer = await self._engine.ask(replace(job, query=text, timeout=left), client)
        answer.volatile = answer.foreign = True
        return answer

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
