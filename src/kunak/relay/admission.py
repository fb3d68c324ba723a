"""Who may use the relay's API: devices of the signed roster, each request signed once (RFC 9421, docs/formats/relay.md).

The steps of `Admission.admit`, before a byte of the body is read:

1. The signature covers the method, the whole address and the body's digest, in the one spelling of docs/formats/relay.md.
2. The device that it names is in the roster.
3. The signature is the device's.
4. It was made within 300 s of the relay's clock, and not before this relay started.
5. Its nonce is new.

`Admitted.check_body` is the sixth, once the body is there: its digest is the signed one.

A general RFC 9421 library parses structured fields of every kind; that took twice as long as the signature itself
(docs/decisions/request-signatures.md). Desks sign with such a library, and tests let it judge what is accepted here.
"""

from __future__ import annotations

import hmac
import re
from binascii import a2b_base64
from collections.abc import Callable
from typing import Final, NamedTuple

from nacl.bindings import crypto_sign_open
from nacl.exceptions import CryptoError
from starlette.types import Scope

from kunak.relay.asking import Fields
from kunak.relay.documents import Documents
from kunak.relay.refusals import Busy, ClockOff, Malformed, NotAllowed
from kunak.relay.wire import content_digest

WINDOW_SECONDS: Final = 300
MOST_NONCES: Final = 200_000  # about 30 MB; only devices of the roster can fill it

_INPUT: Final = re.compile(
    rb'kunak=(\("@method" "@target-uri" "content-digest"\)'
    rb';created=([0-9]{1,12});keyid="([0-9a-f]{32})";nonce="([A-Za-z0-9_.~+/=-]{1,64})")'
)
_SIGNATURE: Final = re.compile(rb"kunak=:([A-Za-z0-9+/=]{88}):")
_SIGNATURE_SIZE: Final = 64
_UNSIGNED: Final = "This request is not signed by a device of the organisation's roster."


class Admitted(NamedTuple):
    """A request that was let in, and the body that it may bring."""

    device: str  # hex id
    digest: bytes  # the signed Content-Digest

    def check_body(self, body: bytes) -> None:
        """The sixth step. Raises Malformed."""
        if not hmac.compare_digest(self.digest, content_digest(body)):
            raise Malformed("The body is not the one that was signed; it was damaged on its way. Send it again.")


class Admission:
    """Lets signed requests in. One for each process: it remembers the nonces of the last minutes, in memory only."""

    def __init__(self, documents: Documents, clock: Callable[[], float]) -> None:
        self._documents = documents
        self._clock = clock
        # The nonces of an earlier process are gone, so its requests must not be replayed to this one.
        self._started = int(clock())
        self._nonces: dict[bytes, int] = {}

    def admit(self, scope: Scope, fields: Fields) -> Admitted:
        """`fields`: the header fields of `scope`. Raises NotAllowed, ClockOff, Busy."""
        # A second field of the same name was joined to the first (`fields_of`), as who signs it joins it; so it fits no spelling here.
        digest = fields.get(b"content-digest", b"")
        asked = _INPUT.fullmatch(fields.get(b"signature-input", b""))  # 1
        given = _SIGNATURE.fullmatch(fields.get(b"signature", b""))
        if asked is None or given is None:
            raise NotAllowed(_UNSIGNED)
        parameters, created, name, nonce = asked.groups()
        device = name.decode()
        key = self._documents.key_of(device)  # 2
        if key is None:
            raise NotAllowed(_UNSIGNED)
        base = b'"@method": %b\n"@target-uri": %b\n"content-digest": %b\n"@signature-params": %b' % (
            scope["method"].encode("latin-1"),
            _target(scope, fields),
            digest,
            parameters,
        )
        try:
            signature = a2b_base64(given[1], strict_mode=True)
            if len(signature) != _SIGNATURE_SIZE:
                raise NotAllowed(_UNSIGNED)
            crypto_sign_open(signature + base, bytes(key))  # 3
        except (CryptoError, ValueError) as trouble:
            raise NotAllowed(_UNSIGNED) from trouble
        self._check_clock(int(created))  # 4
        self._use(name + nonce, int(created))  # 5
        return Admitted(device, digest)

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

    def _use(self, nonce: bytes, created: int) -> None:
        if nonce in self._nonces:
            raise NotAllowed("This signed request has been used before; every request needs a nonce of its own.")
        if len(self._nonces) >= MOST_NONCES:
            oldest = int(self._clock()) - WINDOW_SECONDS
            self._nonces = {old: when for old, when in self._nonces.items() if when >= oldest}
            if len(self._nonces) >= MOST_NONCES:
                raise Busy("The relay has more to do than it can. Try again in five minutes.")
        self._nonces[nonce] = created


def _target(scope: Scope, fields: Fields) -> bytes:
    query = scope["query_string"]
    where = b"%b://%b%b" % (scope["scheme"].encode(), fields.get(b"host", b""), scope["raw_path"])
    return b"%b?%b" % (where, query) if query else where
