"""The headers that every answer of a door wears, errors and redirects included.

Pages of persons run no script at all and load nothing: style stands inside the page and is named by its hash. Nothing is
stored by the browser, nothing is told to the next site, nobody can frame the page.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kunak.frame.render import style_hash

ALWAYS = {
    # For today's browsers the first word says it all; lynx understands only the second, and showed a mailbox again after the exit.
    "cache-control": "no-store, no-cache",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-dns-prefetch-control": "off",
    "x-frame-options": "DENY",  # frame-ancestors for browsers older than it
}


def person_headers(look: str = "frame/person.css") -> dict[str, str]:
    """For pages of persons: no script, no picture, no request to anybody."""
    # `data:` for images allows the one empty icon `data:,`, which keeps browsers from asking for (and storing) another.
    policy = (
        f"default-src 'none'; style-src {style_hash(look)}; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return {**ALWAYS, "content-security-policy": policy}


def desk_headers(look: str) -> dict[str, str]:
    """For the desk: its own script file and its own pictures besides; still nothing from anybody else, nothing inline."""
    policy = (
        f"default-src 'none'; script-src 'self'; style-src {style_hash(look)}; img-src 'self' data: blob:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    # Not `no-referrer`: with it browsers send `Origin: null` with a form, and the guard could not tell ours from another's.
    return {**ALWAYS, "content-security-policy": policy, "referrer-policy": "same-origin"}


class SafeHeaders:
    """Adds the headers to every answer that does not set them itself."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self.app = app
        self.headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in self.headers if pair[0] not in own)]
            await send(message)

        await self.app(scope, receive, with_headers)
