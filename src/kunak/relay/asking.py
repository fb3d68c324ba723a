"""A request as the relay's answers see it, and an answer as it goes out. Nothing of a web framework: an append must cost little more
than its signature (docs/decisions/relay-requests-without-layers.md)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, NamedTuple

import msgspec
from starlette.types import Scope

Fields = dict[bytes, bytes]
Header = tuple[bytes, bytes]

# No browser keeps an answer, or takes it for anything else than it says.
ALWAYS: Final[list[Header]] = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
JSON: Final[Header] = (b"content-type", b"application/json")
OCTETS: Final[Header] = (b"content-type", b"application/octet-stream")


class Asked(NamedTuple):
    """`id`: what stands for `{id}` in the path; `query`: as it came."""

    method: str
    id: str
    query: bytes
    fields: Fields
    body: bytes


class Answer(NamedTuple):
    """What goes back."""

    content: bytes
    kind: Header = JSON
    status: int = 200
    more: Sequence[Header] = ()


Answering = Callable[[Asked], Awaitable[Answer]]


def json(content: Any, status: int = 200, more: Sequence[Header] = ()) -> Answer:
    """An answer for programs."""
    return Answer(msgspec.json.encode(content), JSON, status, more)


def octets(content: bytes, more: Sequence[Header] = ()) -> Answer:
    """An answer of bytes that only desks understand."""
    return Answer(content, OCTETS, 200, more)


def fields_of(scope: Scope) -> Fields:
    """Header fields by their name in lower case; what comes twice is joined by a comma, as RFC 9110 has it."""
    fields: Fields = {}
    for name, value in scope["headers"]:
        fields[name] = fields[name] + b", " + value if name in fields else value
    return fields
