"""Many connections at once that send requests prepared beforehand: as little work as possible beside the server's own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence


async def _one_connection(port: int, requests: list[bytes]) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answered = 0
    while requests:
        writer.write(requests.pop())
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        length = head.lower().split(b"content-length:")[1].split(b"\r\n")[0]
        await reader.readexactly(int(length))
        answered += 1
    writer.close()
    await writer.wait_closed()
    return answered


def send_all(port: int, requests: Sequence[bytes], connections: int) -> float:
    """Requests answered with 200 per second of wall time."""

    async def run() -> float:
        left = list(requests)
        start = time.perf_counter()
        answered = sum(await asyncio.gather(*(_one_connection(port, left) for _ in range(connections))))
        assert answered == len(requests)
        return answered / (time.perf_counter() - start)

    return asyncio.run(run())
