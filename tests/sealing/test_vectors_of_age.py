"""Every vector of C2SP's CCTV for age (npm `cctv-age`, 0BSD): the header strict, the MAC, the payload, the armour, each kind of recipient."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zlib
from dataclasses import dataclass, field

import pytest

from kunak.sealing import header as headers
from kunak.sealing.age import Damaged, NotForYou, Unwraps, open_stream
from kunak.sealing.armor import Armored, Unarmored
from kunak.sealing.classic import ClassicIdentity, Passphrase
from kunak.sealing.failure import DamagedArmor, DamagedHeader, DamagedMac, DamagedPayload
from kunak.sealing.hybrid import Identity
from tests.sealing import npm

FAILURES = {
    "no match": NotForYou,
    "HMAC failure": DamagedMac,
    "header failure": DamagedHeader,
    "payload failure": DamagedPayload,
    "armor failure": DamagedArmor,
}
PRINT_ALL = """
import * as vectors from 'cctv-age';
const all = Object.fromEntries(Object.entries(vectors).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]));
process.stdout.write(JSON.stringify(all));
"""


@dataclass
class Vector:
    """One file of the suite: what is expected, who opens it, the sealed bytes."""

    expect: str = ""
    payload: str | None = None
    identities: list[Unwraps] = field(default_factory=list)
    armored: bool = False
    sealed: bytes = b""


def read_vector(raw: bytes) -> Vector:
    head, _, sealed = raw.partition(b"\n\n")
    vector = Vector(sealed=sealed)
    for line in head.decode().splitlines():
        key, _, value = line.partition(": ")
        match key:
            case "expect":
                vector.expect = value
            case "payload":
                vector.payload = value
            case "identity":
                kind = Identity if value.startswith("AGE-SECRET-KEY-PQ-") else ClassicIdentity
                vector.identities.append(kind.parse(value))
            case "passphrase":
                vector.identities.append(Passphrase(value))
            case "armored":
                vector.armored = True
            case "compressed":
                assert value == "zlib"
                vector.sealed = zlib.decompress(sealed)
            case "file key" | "comment":
                pass
            case _:
                pytest.fail(f"the suite has learned {key!r}")
    return vector


@pytest.fixture(scope="session")
def vectors() -> dict[str, Vector]:
    found = json.loads(npm.javascript(PRINT_ALL))
    return {name: read_vector(base64.b64decode(raw)) for name, raw in found.items()}


def outcome(vector: Vector) -> str | None:
    """None if all is as the vector says; otherwise what differs."""
    opened = io.BytesIO()
    source = Unarmored(io.BytesIO(vector.sealed), required=vector.armored)
    try:
        open_stream(source, opened, vector.identities)
        happened = "success"
    except (NotForYou, Damaged) as error:
        happened = next(name for name, kind in FAILURES.items() if type(error) is kind)
    if happened != vector.expect:
        return f"expected {vector.expect}, happened {happened}"
    if vector.payload and hashlib.sha256(opened.getvalue()).hexdigest() != vector.payload:
        return f"{vector.expect}, but other bytes ({len(opened.getvalue())})"
    return None


def test_every_vector_of_the_age_suite_ends_as_it_must(vectors: dict[str, Vector]) -> None:
    assert len(vectors) > 120
    assert {vector.expect for vector in vectors.values()} == {"success", *FAILURES}
    wrong = {name: what for name, vector in vectors.items() if (what := outcome(vector))}
    assert wrong == {}


def test_a_header_that_is_read_and_written_again_is_the_same(vectors: dict[str, Vector]) -> None:
    readable = [one for one in vectors.values() if not one.armored and one.expect != "header failure"]
    assert len(readable) > 40
    for vector in readable:
        end = headers.end_of(vector.sealed)
        assert end is not None
        header = headers.read(vector.sealed[:end])
        assert headers.write(list(header.stanzas)) == header.covered


def test_armour_that_is_read_and_written_again_is_the_same(vectors: dict[str, Vector]) -> None:
    readable = [one for one in vectors.values() if one.armored and one.expect == "success"]
    assert len(readable) > 4
    for vector in readable:
        again = io.BytesIO()
        armored = Armored(again)
        armored.write(Unarmored(io.BytesIO(vector.sealed)).read(1_000_000))
        armored.close()
        assert again.getvalue() == vector.sealed.replace(b"\r\n", b"\n").strip() + b"\n"
