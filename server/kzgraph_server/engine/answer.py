"""The interface of engines: jobs in, answers or problems out."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from kzgraph.problem import Problem
from kzgraph.sparql.job import Job


class EngineFailure(Exception):
    """An answer broke off after a part of it was sent: it must not look complete.

    Attributes:
        problem: why.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


class Chunks(Protocol):
    """The bytes of an answer, streamed.

    Iterating raises EngineFailure where the answer breaks off.
    """

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The chunks, each non-empty and at most 64 KiB long."""

    async def aclose(self) -> None:
        """Discard the rest, and stop the evaluation."""


@dataclass
class Answer:
    """The answer of an engine to a job.

    Attributes:
        content_type: of the format that was chosen.
        format: the name of that format, one of `Job.offers`.
        headers: header fields about the answer.
        volatile: whether asking again may give another answer (NOW, RAND, UUID ...).
        complete: the whole body, where it is small; then `chunks` must not be read.
        chunks: the body. Close it where it is not read to its end.
        foreign: whether it may have data of which this server does not know whose it is.
        answered_by: what of this server answered the query; see `Header`. Empty for another engine.
    """

    content_type: str
    format: str
    chunks: Chunks
    headers: dict[str, str] = field(default_factory=dict)
    volatile: bool = False
    complete: bytes | None = None
    foreign: bool = False
    answered_by: str = ""


async def read_whole(answer: Answer, most: int) -> bytes:
    """The body of an answer, all at once.

    Raises:
        Problem: 422 where it has more than `most` bytes, and whatever the engine ends it with.
    """
    if answer.complete is not None:  # It is small.
        return answer.complete
    body = bytearray()
    try:
        async for chunk in answer.chunks:
            body += chunk
            if len(body) > most:
                detail = f"The answer is larger than the {most >> 20} MiB that a page is made from."
                raise Problem(422, f"{detail} Ask for it in another format.")
    except EngineFailure as failure:
        raise failure.problem from None
    finally:
        await answer.chunks.aclose()
    return bytes(body)


@dataclass(frozen=True)
class EngineState:
    """The state of an engine, for `/ready` and `/metrics`.

    Attributes:
        ready: whether queries can be answered.
        idle: workers that wait for a query.
        busy: workers with a query in a fast slot.
        long: workers with a long query.
        starting: workers that are not ready yet.
        queued: queries that wait.
        started: workers started so far.
        ended: how many workers were killed or exited, by cause.
        isolated: whether the workers have no network; None until one is ready.
        error: why workers do not start, if they do not.
    """

    ready: bool
    idle: int = 0
    busy: int = 0
    long: int = 0
    starting: int = 0
    queued: int = 0
    started: int = 0
    ended: Mapping[str, int] = field(default_factory=dict)
    isolated: bool | None = None
    error: str | None = None


class Engine(Protocol):
    """Something that answers queries."""

    @property
    def explains(self) -> bool:
        """Whether it says why a query has no solutions."""

    async def start(self) -> None:
        """Get ready to answer."""

    async def stop(self, grace: float) -> None:
        """Take no more jobs, give those that run `grace` seconds to end, and end the rest."""

    async def ask(self, job: Job, client: str) -> Answer:
        """The answer to `job`.

        Args:
            job: what to evaluate.
            client: the client's address; each gets a fair share.

        Raises:
            Problem: it is refused, or ended without an answer.
        """

    def state(self) -> EngineState:
        """The state of the engine."""
