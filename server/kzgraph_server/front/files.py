"""Streaming the files of a release: neither a thread nor memory waits for a slow client."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from kzgraph_server.front.cache import Fields
from kzgraph_server.front.exchange import Exchange
from kzgraph_server.rendering import FilePart

#: Bytes read at a time: large enough that the way to a thread and back costs little.
_CHUNK = 128 * 1024


async def send(exchange: Exchange, status: int, fields: Fields, part: FilePart) -> None:
    """Send a part of a file, or all of it.

    Raises:
        ClientGone: the client disconnected.
        ClientSlow: it did not read for too long.
        OSError: the file cannot be read to its end.
    """
    await exchange.relay(status, fields, _read(part.path, part.start, part.size))


async def _read(path: Path, start: int, size: int) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()

    def open_file() -> BinaryIO:
        file = path.open("rb")
        file.seek(start)
        return file

    file = await loop.run_in_executor(None, open_file)
    try:
        while size > 0:
            chunk = await loop.run_in_executor(None, file.read, min(size, _CHUNK))
            if not chunk:
                raise OSError(f"{path.name} is shorter than it was")
            size -= len(chunk)
            yield chunk
    finally:
        file.close()
