"""The floor of a contact: a bare ASGI app that does only what cannot be left out. `python -m bench.floor DB PORT`.

`/first`: Argon2id 19 MiB, a hybrid seal, one commit shared with whoever comes at the same time; `/return`: Argon2id again.
"""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import uvicorn

from bench.bare import Keeper
from kunak.sealing.code import Code, new_code, root_of
from kunak.sealing.hybrid import Identity
from kunak.sealing.padded import seal_padded


def app(keeper: Keeper) -> Any:
    """The whole app."""
    threads = ThreadPoolExecutor(2)
    recipient = Identity.generate().recipient
    code: Code = new_code("en")

    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message["body"]
            more = message.get("more_body", False)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(threads, root_of, code, bytes(16))
        if scope["path"] == "/first":
            future: asyncio.Future[int] = loop.create_future()
            keeper.queue.put((seal_padded(body, recipient), future))
            await future
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    return asgi


if __name__ == "__main__":
    uvicorn.run(
        app(Keeper(sys.argv[1])), port=int(sys.argv[2]), access_log=False, log_level="error", lifespan="off", http="h11"
    )
