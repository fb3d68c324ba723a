"""Who may use the relay's API: devices of the signed roster, each request signed once (RFC 9421, docs/formats/relay.md).

The steps of `Admission.admit`, before a byte of the body is read:

1. There is one signature; it covers the method, the whole address and the body's digest, and names its device.
2. The device is in the roster.
3. The signature is the device's.
4. It was made within 300 s of the relay's clock, and not before this relay started.
5. Its nonce is new.

`check_body` is the sixth, once the body is there: its digest is the signed one.
"""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Callable, Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import HTTPMessageVerifier, HTTPSignatureKeyResolver, InvalidSignature
from http_message_signatures.algorithms import ED25519

from kunak.relay.documents import Documents
from kunak.relay.refusals import Busy, ClockOff, Malformed, NotAllowed
from kunak.relay.signing import COVERED, Request, content_digest

WINDOW_SECONDS: Final = 300
MOST_NONCES: Final = 200_000  # about 30 MB; only devices of the roster can fill it
LONGEST_NONCE: Final = 64
_SEEN = frozenset({"content-digest", "signature", "signature-input"})


class _Verifier(HTTPMessageVerifier):
    """The library's own look at the clock is replaced by step 4, which knows the relay's clock and says what is wrong."""

    def validate_created_and_expires(self, sig_input: Any, max_age: dt.timedelta | None = None) -> None:
        pass


class _RosterKeys(HTTPSignatureKeyResolver):
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        return self._documents.key_of(key_id)


class Admission:
    """Lets signed requests in. One for each process: it remembers the nonces of the last minutes, in memory only."""

    def __init__(self, documents: Documents, clock: Callable[[], float]) -> None:
        self._clock = clock
        # The nonces of an earlier process are gone, so its requests must not be replayed to this one.
        self._started = int(clock())
        self._verifier = _Verifier(signature_algorithm=ED25519, key_resolver=_RosterKeys(documents))
        self._nonces: dict[str, int] = {}

    def admit(self, method: str, url: str, headers: Mapping[str, str]) -> str:
        """The device's id in hex. Raises NotAllowed, ClockOff, Busy."""
        # A few headers instead of all of them: the library parses what it is given, and it is on the way of every request.
        message = Request(method, url, {name: value for name, value in headers.items() if name.lower() in _SEEN})
        try:
            (result,) = self._verifier.verify(message, max_age=None, require_components=COVERED)  # 1, 2, 3
        except (InvalidSignature, ValueError) as trouble:
            raise NotAllowed("This request is not signed by a device of the organisation's roster.") from trouble
        created, nonce, device = (result.parameters.get(name) for name in ("created", "nonce", "keyid"))
        if not isinstance(created, int) or not isinstance(nonce, str) or not 0 < len(nonce) <= LONGEST_NONCE:
            raise NotAllowed("The signature names no time or no nonce.")
        self._check_clock(created)  # 4
        self._use(f"{device} {nonce}", created)  # 5
        return str(device)

    def _check_clock(self, created: int) -> None:
        now = int(self._clock())
        if abs(now - created) > WINDOW_SECONDS:
            direction = "behind" if created < now else "ahead of"
            minutes = max(1, round(abs(now - created) / 60))
            raise ClockOff(
                f"The clock of this device is about {minutes} min {direction} the relay's. "
                "Set its clock and time zone, then try again; nothing is lost meanwhile."
            )
        if created < self._started:
            raise Busy("The relay has just been started. Sign the request again and send it once more.")

    def _use(self, nonce: str, created: int) -> None:
        if nonce in self._nonces:
            raise NotAllowed("This signed request has been used before; every request needs a nonce of its own.")
        if len(self._nonces) >= MOST_NONCES:
            oldest = int(self._clock()) - WINDOW_SECONDS
            self._nonces = {old: when for old, when in self._nonces.items() if when >= oldest}
            if len(self._nonces) >= MOST_NONCES:
                raise Busy("The relay has more to do than it can. Try again in five minutes.")
        self._nonces[nonce] = created


def check_body(headers: Mapping[str, str], body: bytes) -> None:
    """The sixth step. Raises Malformed."""
    if not hmac.compare_digest(headers.get("content-digest", ""), content_digest(body)):
        raise Malformed("The body is not the one that was signed; it was damaged on its way. Send it again.")
