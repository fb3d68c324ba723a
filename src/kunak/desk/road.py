"""By which road a desk's requests reach its relay: straight, or through the Tor that runs on the helper's machine."""

from __future__ import annotations

import os
from typing import Final
from urllib.parse import urlsplit

import httpx

# Where Tor listens: the system's own service. Tor Browser's is 127.0.0.1:9150.
TOR: Final = "127.0.0.1:9050"


def road_to(relay: str) -> httpx.BaseTransport | None:
    """For an onion address the way through Tor, which looks the name up itself; None for every other address: straight.

    `KUNAK_TOR` says where Tor listens, as host:port. Nothing else of the environment is heeded.
    """
    if not (urlsplit(relay).hostname or "").endswith(".onion"):
        return None
    return httpx.HTTPTransport(proxy=f"socks5h://{os.environ.get('KUNAK_TOR') or TOR}", trust_env=False)
