"""Streaming the files of a release: neither a thread nor memory waits for a slow client."""

import asyncio
import zlib
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
    chunks = _read(part.path, part.start, part.size)
    await exchange.relay(status, fields, _unpack(chunks) if part.unpack else chunks)


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


async def _unpack(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """What `chunks` hold compressed: https://www.rfc-editor.org/rfc/rfc1952.

    Raises:
        OSError: they break off, or are not compressed.
    """
    loop = asyncio.get_running_loop()
    inner = _begin_member()
    async for chunk in chunks:
        while chunk:
            if inner.eof:
                inner = _begin_member()
            try:
                data = await loop.run_in_executor(None, inner.decompress, chunk, _CHUNK)
            except zlib.error as error:
                raise OSError(f"a file is not compressed as it should be: {error}") from None
            if data:
                yield data
            chunk = inner.unused_data if inner.eof else inner.unconsumed_tail
    while not inner.eof:
        data = await loop.run_in_executor(None, inner.decompress, b"", _CHUNK)
        if not data:
            raise OSError("a compressed file breaks off")
        yield data


def _begin_member() -> "zlib._Decompress":
    return zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
