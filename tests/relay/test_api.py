"""The relay's requests: who may ask, and what comes back."""

from __future__ import annotations

import asyncio
import os

import httpx
import pytest
from starlette.applications import Starlette

from kunak.relay import wire
from tests.relay.organisation import Clock, Device, Organisation, SigningAuth, label, sealed


def test_an_envelope_travels_from_desk_to_desk_unchanged(desk: httpx.Client) -> None:
    pairs = [(label(), sealed()), (label(), sealed(3))]
    answer = desk.post(wire.ENVELOPES, content=wire.encode_appends(pairs))
    assert (answer.status_code, answer.json()) == (200, {"positions": [1, 2], "head": 2})
    answer = desk.get(wire.ENVELOPES, params={"after": 0})
    assert [(e.position, e.label, e.sealed) for e in wire.decode_stored(answer.content)] == [
        (1, *pairs[0]),
        (2, *pairs[1]),
    ]
    assert answer.headers[wire.HEAD_HEADER] == "2"


def test_nobody_without_a_signature_reads_or_appends(anyone: httpx.Client, desk: httpx.Client) -> None:
    for method, path in (
        ("GET", wire.ENVELOPES),
        ("POST", wire.ENVELOPES),
        ("POST", wire.SHRED),
        ("GET", wire.MESSAGES),
        ("POST", f"{wire.MAILBOXES}/{'00' * 16}/messages"),
        ("PUT", f"{wire.BLOBS}/{'00' * 16}"),
        ("GET", f"{wire.BLOBS}/{'00' * 16}"),
        ("DELETE", f"{wire.BLOBS}/{'00' * 16}"),
    ):
        answer = anyone.request(method, path)
        assert (answer.status_code, answer.json()["error"]) == (401, "not-allowed"), path


def test_a_device_that_left_the_roster_is_refused(
    anyone: httpx.Client, desk: httpx.Client, organisation: Organisation
) -> None:
    assert desk.get(wire.MESSAGES).status_code == 200
    assert anyone.put(wire.ROSTER, content=organisation.roster(Device(), version=2)).status_code == 200
    assert desk.get(wire.MESSAGES).status_code == 401


def test_a_message_reaches_a_mailbox_once(desk: httpx.Client, door: Starlette) -> None:
    mailbox = os.urandom(16)
    path = f"{wire.MAILBOXES}/{mailbox.hex()}/messages"
    headers = {wire.MESSAGE_HEADER: os.urandom(16).hex()}
    content = sealed()
    assert desk.post(path, content=content, headers=headers).json()["error"] == "unknown"
    asyncio.run(door.state.log.create_mailbox(mailbox, None, b""))
    first = desk.post(path, content=content, headers=headers)
    assert (first.status_code, first.json()) == (200, desk.post(path, content=content, headers=headers).json())
    assert wire.decode_numbers(desk.get(wire.MESSAGES).content) == [first.json()["message"]]


def test_a_chunk_is_kept_found_and_forgotten(desk: httpx.Client) -> None:
    path = f"{wire.BLOBS}/{os.urandom(16).hex()}"
    chunk = os.urandom(wire.BLOB_SIZE)
    assert desk.head(path).status_code == 404
    assert desk.put(path, content=chunk).status_code == 200
    assert desk.head(path).status_code == 200
    assert desk.get(path).content == chunk
    assert desk.delete(path).status_code == 200
    assert desk.get(path).status_code == 404


def test_a_clock_that_is_off_is_told_so_and_by_how_much(desk: httpx.Client, device: Device, clock: Clock) -> None:
    desk.auth = SigningAuth(device, Clock(clock.now - 3_600))
    answer = desk.get(wire.MESSAGES)
    assert (answer.status_code, answer.json()["error"]) == (401, "clock")
    assert "60 min behind" in answer.json()["sentence"]


def test_sealed_bytes_that_are_no_bucket_are_refused(desk: httpx.Client) -> None:
    answer = desk.post(wire.ENVELOPES, content=wire.encode_appends([(label(), b"short")]))
    assert (answer.status_code, answer.json()["error"]) == (400, "malformed")


def test_documents_are_taken_from_the_root_key_only_and_only_newer_ones(
    anyone: httpx.Client, organisation: Organisation
) -> None:
    newer = organisation.helpline(version=2)
    assert anyone.get(wire.HELPLINE).status_code == 404
    assert anyone.put(wire.HELPLINE, content=newer).status_code == 200
    assert anyone.put(wire.HELPLINE, content=newer).status_code == 200
    assert anyone.put(wire.HELPLINE, content=organisation.helpline(version=1)).json()["error"] == "outdated"
    assert anyone.put(wire.HELPLINE, content=Organisation(organisation.id).helpline(version=3)).status_code == 401
    assert anyone.get(wire.HELPLINE).content == newer


def test_the_head_never_runs_ahead_of_what_is_handed_out_with_it(
    desk: httpx.Client, door: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Somebody appends just while the log is read: the reader must not believe that an envelope is withheld.
    desk.post(wire.ENVELOPES, content=wire.encode_appends([(label(), sealed())]))
    read = door.state.log.read

    def read_while_another_appends(after: int, limit: int) -> list[wire.StoredEnvelope]:
        found: list[wire.StoredEnvelope] = read(after, limit)
        asyncio.run(door.state.log.append([(label(), sealed())]))
        return found

    monkeypatch.setattr(door.state.log, "read", read_while_another_appends)
    answer = desk.get(wire.ENVELOPES, params={"after": 0})
    last = list(wire.decode_stored(answer.content))[-1].position
    assert answer.headers[wire.HEAD_HEADER] == str(last) == "1"


def test_what_is_no_request_is_told_so_and_every_answer_stays_out_of_caches(anyone: httpx.Client) -> None:
    answers = [
        anyone.get("/v1/nothing"),
        anyone.get("/v1/blobs"),
        anyone.get(f"{wire.BLOBS}/{'00' * 16}/more"),
        anyone.delete(wire.ROSTER),
        anyone.get(wire.MESSAGES),
        anyone.get(wire.HEALTH),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 405, 401, 200]
    assert {answer.json()["error"] for answer in answers[:4]} == {"unknown"}
    assert answers[3].headers["allow"] == "PUT, GET, HEAD"
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_failure_of_ours_is_told_calmly_and_the_log_holds_its_place_only(
    desk: httpx.Client, door: Starlette, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails() -> list[int]:
        raise ValueError("a word that nobody may read")

    monkeypatch.setattr(door.state.log, "waiting", fails)
    answer = desk.get(wire.MESSAGES)
    assert (answer.status_code, answer.json()["error"]) == (500, "unknown")
    assert "ValueError at test_api.py" in caplog.text
    assert "nobody may read" not in caplog.text + answer.text


def test_a_long_answer_comes_whole_whatever_was_written_in_one_turn(desk: httpx.Client) -> None:
    pairs = [(label(), sealed(16)) for _ in range(12)]
    assert desk.post(wire.ENVELOPES, content=wire.encode_appends(pairs)).status_code == 200
    for _ in range(2):  # the same line serves again
        found = wire.decode_stored(desk.get(wire.ENVELOPES, params={"after": 0}).content)
        assert [(e.label, e.sealed) for e in found] == pairs
    assert desk.head(wire.HEALTH).content == b""
    assert desk.get(wire.HEALTH).json() == {"ok": True}
