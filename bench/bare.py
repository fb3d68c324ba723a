"""The floor of the relay's benchmark: a bare ASGI app that keeps what it is sent, with group commit. `python -m bench.bare DB PORT`."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import sys
import threading
from typing import Any

import uvicorn


class Keeper:
    """One thread, one transaction for all that waits, synchronous=FULL: nothing else."""

    def __init__(self, path: str) -> None:
        self.queue: queue.SimpleQueue[tuple[bytes, asyncio.Future[int]]] = queue.SimpleQueue()
        self.path = path
        threading.Thread(target=self.write, daemon=True).start()

    def write(self) -> None:
        connection = sqlite3.connect(self.path, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE kept (position INTEGER PRIMARY KEY, body BLOB NOT NULL)")
        while True:
            batch = [self.queue.get()]
            while not self.queue.empty():
                batch.append(self.queue.get())
            connection.execute("BEGIN")
            done = [
                (future, connection.execute("INSERT INTO kept (body) VALUES (?)", (body,)).lastrowid)
                for body, future in batch
            ]
            connection.execute("COMMIT")
            done[0][0].get_loop().call_soon_threadsafe(answer, done)


def answer(done: list[tuple[asyncio.Future[int], int | None]]) -> None:
    """Tell everybody whose bytes are on the disk."""
    for future, position in done:
        future.set_result(position or 0)


def app(keeper: Keeper) -> Any:
    """The whole app."""

    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        body, more = b"", True
        while more:
            message = await receive()
            body += message["body"]
            more = message.get("more_body", False)
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        keeper.queue.put((body, future))
        answer = str(await future).encode()
        headers = [(b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    return asgi


if __name__ == "__main__":
    uvicorn.run(
        app(Keeper(sys.argv[1])), port=int(sys.argv[2]), access_log=False, log_level="error", lifespan="off", http="h11"
    )
