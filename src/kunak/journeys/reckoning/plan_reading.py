"""Reading a plan: bytes in, the same plan out that `plan.write_plan` wrote, or `NoPlan`."""

from __future__ import annotations

from typing import Literal

import msgspec

from .plan import BetterToWait, Blocked, Blocker, Journey, Plan


class NoPlan(Exception):
    """These bytes are no plan that this desk can read."""


class _Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Either kind of reason: they bear no tag that tells them apart."""

    witness: Journey | None = None
    blocked_by: tuple[Blocker, ...] = ()
    better_to_wait: bool = False


class _Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: Literal["kunak-plan/1"]
    scenario: str
    journeys: dict[str, Journey]
    reasons: dict[str, _Reason] = {}
    bound: float | None = None
    meta: dict[str, int | float | str] = {}


_decoder: msgspec.json.Decoder[_Written] = msgspec.json.Decoder(_Written)


def read_plan(text: bytes) -> Plan:
    """Raises NoPlan."""
    try:
        written = _decoder.decode(text)
        reasons = {party: _told(reason) for party, reason in written.reasons.items()}
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
        raise NoPlan from wrong
    bound = None if written.bound is None else int(written.bound)
    return Plan(written.scenario, written.journeys, reasons, bound, meta=written.meta)


def _told(reason: _Reason) -> Blocked | BetterToWait:
    if reason.better_to_wait == (reason.witness is not None):
        raise NoPlan
    return BetterToWait() if reason.witness is None else Blocked(reason.witness, reason.blocked_by)
