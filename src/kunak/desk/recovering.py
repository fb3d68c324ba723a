"""All desks are lost: enough shares together give back the organisation, as long as the relay's log is there."""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from kunak.desk.organisation import DeviceKeys, admission, check_founder
from kunak.desk.sync import Sync
from kunak.desk.workbench import Workbench
from kunak.journal.grants import RECOVERY, ROOT, ROSTER, Role, held_by_role, opens_letters
from kunak.sealing.shares import combine
from kunak.sealing.signature import BadSignature, SigningKey
from kunak.vault.keyring import Organisation, Own, new_device_id
from kunak.vault.store import Vault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kunak.desk.relay_client import Relay


class NotRecovered(Exception):
    """The sentence says what is missing."""


def recover(
    folder: Path,
    passphrase: str,
    shares: Sequence[str],
    *,
    organisation: Organisation,
    relay: str,
    callsign: str,
    clock: Callable[[], float],
    connect: Callable[[str, bytes], Relay],
    role: Role = "admin",
    vault: Vault | None = None,
) -> Workbench:
    """A new desk. Of what the organisation ever granted to its recovery device it is given what its role may hold: an admin's the
    roster and the root key, a caseworker's the letters and all cases, one of both everything. `connect` makes a relay client from
    device id and signing seed. Raises SharesMistake, NotRecovered, Unreachable."""
    try:
        check_founder(organisation)
    except (BadSignature, ValueError):
        raise NotRecovered(
            "organisation.json is damaged or false. Take another copy, from the relay or an admin."
        ) from None
    secret = combine(list(shares))
    keys, device = DeviceKeys.generate(), new_device_id()
    # The shares' keys live in this folder only, under a passphrase that nobody knows, and go with it.
    with (
        tempfile.TemporaryDirectory(prefix="kunak-recovery-") as scratch,
        Vault.create(Path(scratch) / "vault", secrets.token_hex(32), memory_kib=8192, passes=1) as held,
    ):
        bench = _as_recovery(held, DeviceKeys.of_recovery(secret), organisation, relay, clock)
        sync = Sync(bench, connect(RECOVERY, bench.keyring.own.signing))
        state = sync.step()
        _require(bench, organisation, state.now)
        _hand_over(bench, device, keys, role, callsign)
        if (state := sync.step()).pending:
            raise NotRecovered(f"The relay did not take the new desk's keys: {state.now}")
        agreement = bench.keyring.agreement.public
    vault = vault or Vault.create(folder, passphrase)
    own = Own(device, keys.signing.seed, keys.agreement.seed, role, callsign, relay, organisation)
    new = Workbench.over(vault, None, clock)
    with vault.transaction() as db:
        new.keyring.become(db, own, keys.identity.seed, new.today)
        founder = organisation.founder
        new.keyring.introduce(db, founder.id, bytes.fromhex(founder.key))
        new.keyring.expect_pairwise(db, founder.id, bytes.fromhex(founder.agreement))
        new.keyring.introduce(db, RECOVERY, DeviceKeys.of_recovery(secret).signing.public)
        new.keyring.expect_pairwise(db, RECOVERY, agreement)
    return new


def _as_recovery(
    vault: Vault, keys: DeviceKeys, organisation: Organisation, relay: str, clock: Callable[[], float]
) -> Workbench:
    bench = Workbench.over(vault, (), clock)
    own = Own(RECOVERY, keys.signing.seed, keys.agreement.seed, "recovery", "", relay, organisation)
    with vault.transaction() as db:
        bench.keyring.become(db, own, keys.identity.seed, 0)
        founder = organisation.founder
        bench.keyring.introduce(db, founder.id, bytes.fromhex(founder.key))
        bench.keyring.expect_pairwise(db, founder.id, bytes.fromhex(founder.agreement))
    return bench


def _require(bench: Workbench, organisation: Organisation, hindrance: str) -> None:
    if not bench.keyring.holds(ROOT):
        raise NotRecovered(
            hindrance
            or "These shares open nothing of this organisation's log. Check that they belong to this organisation."
        )
    _, seed = bench.keyring.newest(ROOT)
    if SigningKey.from_seed(seed).public.hex() != organisation.root:
        raise NotRecovered(
            "The log holds another root key than organisation.json. Take another copy of organisation.json."
        )


def _hand_over(bench: Workbench, device: str, keys: DeviceKeys, role: Role, callsign: str) -> None:
    with bench.vault.transaction():
        bench.pen.write(ROSTER, [admission(device, keys, role, callsign)])
        wanted = [name for name in bench.keyring.compartments() if _may_hold(role, name)]
        bench.pen.grant_all(wanted, device)


def _may_hold(role: Role, compartment: str) -> bool:
    """Who opens letters brings back the cases, which nobody may be left to grant; an admin brings back who may admit them."""
    if compartment in (ROSTER, ROOT):
        return compartment in held_by_role(role)
    return opens_letters(role)
