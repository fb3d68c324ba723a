"""How a device signs a request to the relay: RFC 9421 with Ed25519, and a digest of the body (RFC 9530).

Used by the desk's client; `admission.py` is the other side.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver
from http_message_signatures.algorithms import ED25519

from kunak.relay.wire import content_digest

LABEL: Final = "kunak"
COVERED: Final = ("@method", "@target-uri", "content-digest")


@dataclass
class Request:
    """What the library signs and verifies: any request with these three."""

    method: str
    url: str
    headers: dict[str, str]


class _OneKey(HTTPSignatureKeyResolver):
    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:  # noqa: ARG002 - the library's own name
        return self._key


def signed_headers(
    method: str, url: str, body: bytes, *, device: bytes, key: Ed25519PrivateKey, created: float, nonce: str
) -> dict[str, str]:
    """The headers to send with a request: Content-Digest (of an empty body too), Signature-Input, Signature.

    `device`: 16 bytes; `created`: Unix seconds by the desk's clock; `nonce`: 1 to 64 letters or digits never used before.
    """
    request = Request(method, url, {"Content-Digest": content_digest(body).decode()})
    HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=_OneKey(key)).sign(
        request,
        key_id=device.hex(),
        created=dt.datetime.fromtimestamp(int(created), tz=dt.UTC),
        nonce=nonce,
        label=LABEL,
        include_alg=False,
        covered_component_ids=COVERED,
        use_existing_digest=True,
    )
    return request.headers
