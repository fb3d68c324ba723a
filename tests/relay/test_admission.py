"""Each step of `Admission.admit`, broken alone; and what is accepted here, judged by an RFC 9421 library."""

from __future__ import annotations

import os
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import HTTPMessageVerifier, HTTPSignatureKeyResolver
from http_message_signatures.algorithms import ED25519
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import VerifyKey

from kunak.relay.admission import MOST_NONCES, WINDOW_SECONDS, Admission, Admitted
from kunak.relay.asking import fields_of
from kunak.relay.refusals import Busy, ClockOff, Malformed, NotAllowed
from kunak.relay.signing import COVERED, Request, signed_headers
from tests.relay.organisation import Clock, Device

HOST = "relay.example:8400"
Scope = MutableMapping[str, Any]
DEVICE = Device()


class Roster:
    """Documents with one device."""

    def key_of(self, device: str) -> VerifyKey | None:
        return VerifyKey(DEVICE.key.public_key().public_bytes_raw()) if device == DEVICE.id.hex() else None


def admission(clock: Callable[[], float]) -> Admission:
    return Admission(Roster(), clock)  # type: ignore[arg-type]  # the one method that it needs


def let_in(door: Admission, scope: Scope) -> Admitted:
    return door.admit(scope, fields_of(scope))


def signed(
    clock: Callable[[], float],
    method: str = "POST",
    path: str = "/v1/envelopes",
    query: str = "",
    body: bytes = b"sealed",
    device: Device = DEVICE,
    nonce: str | None = None,
) -> Scope:
    url = f"http://{HOST}{path}{'?' if query else ''}{query}"
    nonce = nonce or os.urandom(8).hex()
    headers = signed_headers(method, url, body, device=device.id, key=device.key, created=clock(), nonce=nonce)
    return {
        "type": "http",
        "method": method,
        "scheme": "http",
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(b"host", HOST.encode())] + [(k.lower().encode(), v.encode()) for k, v in headers.items()],
    }


def replace(scope: Scope, name: bytes, change: Callable[[bytes], bytes]) -> Scope:
    return {**scope, "headers": [(n, change(v) if n == name else v) for n, v in scope["headers"]]}


def test_a_signed_request_is_let_in_with_the_body_that_was_signed_and_no_other(clock: Clock) -> None:
    admitted = let_in(admission(clock), signed(clock))
    assert admitted.device == DEVICE.id.hex()
    admitted.check_body(b"sealed")
    with pytest.raises(Malformed):
        admitted.check_body(b"swapped")


@pytest.mark.parametrize(
    "change",
    [
        {"method": "DELETE"},
        {"raw_path": b"/v1/shred"},
        {"query_string": b"after=0"},
        {"scheme": "https"},
        {"headers": []},
    ],
    ids=str,
)
def test_what_was_signed_for_one_request_opens_no_other(clock: Clock, change: dict[str, Any]) -> None:
    with pytest.raises(NotAllowed):
        let_in(admission(clock), {**signed(clock), **change})


@pytest.mark.parametrize("name", [b"host", b"content-digest", b"signature-input", b"signature"])
def test_every_signed_field_counts(clock: Clock, name: bytes) -> None:
    scope = signed(clock)
    missing = {**scope, "headers": [(n, v) for n, v in scope["headers"] if n != name]}
    twice = {**scope, "headers": [*scope["headers"], *((n, v) for n, v in scope["headers"] if n == name)]}
    spaced = replace(scope, name, lambda value: value + b" ")
    for broken in (missing, twice, spaced):
        with pytest.raises(NotAllowed):
            let_in(admission(clock), broken)


def test_a_signature_that_covers_less_is_none(clock: Clock) -> None:
    less = replace(signed(clock), b"signature-input", lambda value: value.replace(b' "content-digest"', b""))
    with pytest.raises(NotAllowed):
        let_in(admission(clock), less)


def test_a_device_that_is_not_in_the_roster_is_refused_and_so_is_its_key_under_another_name(clock: Clock) -> None:
    stranger = Device()
    for device in (stranger, Device(id=DEVICE.id, key=stranger.key)):
        with pytest.raises(NotAllowed):
            let_in(admission(clock), signed(clock, device=device))


def test_every_bit_of_a_signature_counts(clock: Clock) -> None:
    scope = signed(clock)
    door = admission(clock)
    signature = dict(scope["headers"])[b"signature"]
    for place in range(len("kunak=:"), len("kunak=:") + 85):
        for other in (b"A", b"B"):
            changed = signature[:place] + other + signature[place + 1 :]
            if changed != signature:
                with pytest.raises(NotAllowed):
                    let_in(door, replace(scope, b"signature", lambda _, now=changed: now))  # type: ignore[misc]
    let_in(door, scope)


@pytest.mark.parametrize(("off", "words"), [(-301, "behind"), (301, "ahead of"), (-7_200, "120 min behind")])
def test_a_clock_that_is_off_is_named_as_such(clock: Clock, off: int, words: str) -> None:
    door = admission(Clock(clock.now - 10_000))
    door._clock = clock
    with pytest.raises(ClockOff, match=words):
        let_in(door, signed(Clock(clock.now + off)))
    let_in(door, signed(Clock(clock.now + off // abs(off) * WINDOW_SECONDS)))


def test_only_a_good_signature_is_told_the_time(clock: Clock) -> None:
    with pytest.raises(NotAllowed):
        let_in(admission(clock), signed(Clock(clock.now - 7_200), device=Device()))


def test_a_request_is_good_once(clock: Clock) -> None:
    door, scope = admission(clock), signed(clock)
    let_in(door, scope)
    with pytest.raises(NotAllowed, match="before"):
        let_in(door, scope)
    let_in(door, signed(clock))


def test_a_request_from_before_a_restart_is_not_replayed_after_it(clock: Clock) -> None:
    scope = signed(clock)
    let_in(admission(clock), scope)
    clock.now += 2
    with pytest.raises(Busy):
        let_in(admission(clock), scope)


def test_the_memory_of_nonces_is_bounded_and_forgets_only_what_is_too_old_to_be_replayed(clock: Clock) -> None:
    door = admission(clock)
    door._nonces = {str(n).encode(): int(clock.now) for n in range(MOST_NONCES)}
    with pytest.raises(Busy):
        let_in(door, signed(clock))
    clock.now += WINDOW_SECONDS + 1
    let_in(door, signed(clock))
    assert len(door._nonces) == 1


class _Key(HTTPSignatureKeyResolver):
    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        assert key_id == DEVICE.id.hex()
        return DEVICE.key.public_key()


@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD"]),
    path=st.from_regex(r"(/[A-Za-z0-9._~%-]{1,8}){1,3}", fullmatch=True).filter(lambda path: "%" not in path),
    query=st.from_regex(r"(after=[0-9]{1,9})?", fullmatch=True),
    body=st.binary(max_size=100),
)
def test_what_is_accepted_here_is_accepted_by_a_library_for_rfc_9421(
    method: str, path: str, query: str, body: bytes
) -> None:
    import time  # noqa: PLC0415 - the library knows no other clock

    scope = signed(time.time, method, path, query, body)
    let_in(admission(lambda: time.time() - 1), scope).check_body(body)
    fields = {name.decode(): value.decode() for name, value in scope["headers"]}
    request = Request(method, f"http://{HOST}{path}{'?' if query else ''}{query}", fields)
    verifier = HTTPMessageVerifier(signature_algorithm=ED25519, key_resolver=_Key())
    (result,) = verifier.verify(request, require_components=COVERED, body=body)
    assert result.body == body
    assert result.label == "kunak"


def test_the_import_of_the_library_stays_with_the_desk() -> None:
    source = Path(__file__).parents[2] / "src" / "kunak" / "relay"
    users = {path.name for path in source.glob("*.py") if "http_message_signatures" in path.read_text()}
    assert users == {"signing.py"}
