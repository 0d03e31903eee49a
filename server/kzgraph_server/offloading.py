"""Offloading long computations from the event loop to a thread.

While a request is parsed on the event loop, no other is answered: what takes more than a
millisecond does not belong there.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

#: Bytes, or characters, of a request that are parsed on the event loop at most: reading
#: so many takes a few hundred microseconds.
INLINE_BYTES = 16 * 1024

# Two, because threads that compute keep the event loop from the interpreter's lock, a few
# milliseconds each: what waits here is large and rare.
_threads = ThreadPoolExecutor(2, "kzgraph-reading")

P = ParamSpec("P")
Result = TypeVar("Result")


async def run_sized(
    size: int, function: Callable[P, Result], *args: P.args, **kwargs: P.kwargs
) -> Result:
    """Call `function`: here where `size` is small, else on a thread.

    Args:
        size: bytes or characters that it parses.
        function: what is called.
        args: its arguments.
        kwargs: its named arguments.
    """
    if size <= INLINE_BYTES:
        return function(*args, **kwargs)
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, lambda: function(*args, **kwargs))
