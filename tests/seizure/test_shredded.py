"""A case was shredded; then everything is taken: the relay, and every desk with its passphrase."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kunak.cases import opening
from kunak.journal.grants import ROSTER
from kunak.journal.shredding import ShredAgreed, ShredAsked
from kunak.sealing.compartment import identity_of, open_envelope
from kunak.sealing.failure import Damaged, NotForYou
from kunak.sealing.padded import open_padded
from tests.seizure.searching import search, search_folder
from tests.seizure.test_desks import Busy, seize
from tests.seizure.test_desks import busy as busy  # noqa: PLC0414 - a fixture, given on

pytestmark = pytest.mark.seizure
Report = Callable[[str], None]


def keys_of(busy: Busy) -> list[bytes]:
    """Every secret of a compartment that any desk holds."""
    found: set[bytes] = set()
    for desk in busy.siege.house.desks.values():
        found |= {secret for (secret,) in desk.bench.vault.db.execute("SELECT secret FROM secret").fetchall()}
    return sorted(found)


def yields(label: bytes, sealed: bytes, secrets: list[bytes]) -> bytes:
    """What an envelope of the relay says to whoever has these keys; nothing if it opens with none."""
    for secret in secrets:
        try:
            if sealed.startswith(b"age-encryption.org"):
                return open_padded(sealed, [identity_of(secret)])
            return open_envelope(secret, label, sealed)
        except (Damaged, NotForYou):
            continue
    return b""


def log_opened(busy: Busy, secrets: list[bytes]) -> list[bytes]:
    said: list[bytes] = []
    client, after = busy.siege.house.desks["Alder"].client, 0
    while envelopes := client.read(after).envelopes:
        said += [yields(each.label, each.sealed, secrets) for each in envelopes if each.sealed]
        after = envelopes[-1].position
    return said


def test_a_shredded_case_is_nowhere(busy: Busy, report: Report) -> None:
    house, case = busy.siege.house, busy.cases["Heron"]
    heron, wren = house.desks["Heron"].bench, house.desks["Wren"].bench
    for place in (f"case:{case}", f"identity:{case}"):
        opening.let_in(heron, place, wren.keyring.own.id)
    house.settle()
    before = keys_of(busy)
    # Something must be there to shred: with the keys of that day, the relay's log says what was written in the case.
    assert search(b"\n".join(log_opened(busy, before)), busy.herons.all) != []
    heron.pen.write(ROSTER, [ShredAsked("5a" * 16, [f"case:{case}", f"identity:{case}"])])
    house.settle()
    wren.pen.write(ROSTER, [ShredAgreed("5a" * 16)])
    house.settle()
    # Whoever copied every key beforehand finds nothing at the relay any more.
    opened = log_opened(busy, before)
    assert search(b"\n".join(opened), busy.wrens.all) != []
    assert search(b"\n".join(opened), busy.herons.all) == []
    contents = {callsign: seize(busy, callsign) for callsign in ("Heron", "Wren", "Stork", "Alder")}
    assert search(contents["Wren"], busy.wrens.all) != []
    found = [hit for content in contents.values() for hit in search(content, busy.herons.all)]
    size, hits = search_folder(busy.folder / "relay", busy.herons.all)
    assert found + hits == []
    total = sum(map(len, contents.values()))
    report(
        f"{total:,} bytes of four opened desks, {size:,} of the relay, {len(opened)} envelopes tried with every key that there was: "
        f"none of {len(busy.herons.all)} canaries"
    )
