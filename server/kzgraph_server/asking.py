"""How a page gets the answer to a query: whole, in one piece."""

import io
from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import Store

from kzgraph.problem import Problem
from kzgraph.sparql.evaluation import evaluate
from kzgraph.sparql.job import Job
from kzgraph_server.engine.answer import Engine, EngineFailure

#: A page shows a bounded part of an answer, so a larger one is not read to its end.
_MOST_BYTES = 32 << 20


@dataclass(frozen=True)
class Whole:
    """A whole answer.

    Attributes:
        format: the name of its format.
        body: its bytes.
        headers: header fields about it.
        volatile: whether asking again may give another answer.
    """

    format: str
    body: bytes
    headers: dict[str, str]
    volatile: bool = False


Ask = Callable[[Job, str], Whole]


async def read_whole(engine: Engine, job: Job, client: str) -> Whole:
    """The whole answer of `engine` to `job`.

    Raises:
        Problem: whatever the engine refuses it with; 422 where it is too large for a page.
    """
    answer = await engine.ask(job, client)
    if answer.complete is not None:
        return Whole(answer.format, answer.complete, answer.headers, answer.volatile)
    body = bytearray()
    try:
        async for chunk in answer.chunks:
            body += chunk
            if len(body) > _MOST_BYTES:
                detail = f"The answer is larger than the {_MOST_BYTES >> 20} MiB that a page shows."
                raise Problem(422, f"{detail} Ask for it in another format.")
    except EngineFailure as failure:
        raise failure.problem from None
    finally:
        await answer.chunks.aclose()
    return Whole(answer.format, bytes(body), answer.headers, answer.volatile)


def ask_here(store: Store, max_nesting: int) -> Ask:
    """Asks `store` in this process, where nothing can stop a query: for tests and embedding."""

    def ask(job: Job, client: str) -> Whole:
        evaluated = evaluate(job, store, max_nesting)
        out = io.BytesIO()
        evaluated.write(out)
        header = evaluated.header
        return Whole(header.format, out.getvalue(), header.headers, header.volatile)

    return ask
