"""Which plan moves people: four eyes, over exact bytes.

A plan is in force when two different helpers, both coordinators of the roster who were not revoked, have approved its id, which
is the digest of its scenario and its plan. A plan that names it in `after` and is itself approved by two takes its place. If two
plans are approved and neither takes the other's place, none is in force: nobody is moved until helpers decide.

The steps of `standing_of`:

1. The id is the digest of these very bytes; a proposal whose bytes have another is nobody's.
2. A what-if is never approved.
3. A word counts if its author is an active coordinator of the roster, and their own register says yes and nothing else.
4. Two words of one helper are one: devices with the same callsign are one helper's.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kunak.journeys.known.keys import COORDINATOR
from kunak.journeys.known.tables import PREFIX
from kunak.journeys.reckoning.plan_reading import NoPlan, read_plan
from kunak.journeys.reckoning.reading import read_scenario
from kunak.journeys.reckoning.scenario import Unplannable
from kunak.vault import multivalue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kunak.journeys.reckoning.plan import Plan
    from kunak.journeys.reckoning.scenario import Scenario
    from kunak.vault.roster import Roster
    from kunak.vault.store import Database

EYES: Final = 2  # helpers who must approve
MOST_BYTES: Final = 64 * 1024 * 1024  # of a scenario or plan, unpacked: ten times the largest that was ever planned


@dataclass(frozen=True)
class Approval:
    """`why_not`: empty, or why the word does not count: stranger, role, revoked, withdrawn, twice."""

    device: str
    helper: str
    time: int
    entry: str
    why_not: str = ""

    @property
    def counts(self) -> bool:
        return not self.why_not


@dataclass(frozen=True)
class Proposal:
    """One proposed plan, with who approved it. `first`: the calendar day of its day 0. `sound`: its id is that of its bytes."""

    plan_id: str
    entry: str
    author: str
    time: int
    first: int
    purpose: str
    title: str
    after: Sequence[str]
    approvals: Sequence[Approval]
    sound: bool

    @property
    def words(self) -> Sequence[Approval]:
        return [each for each in self.approvals if each.counts]

    @property
    def approved(self) -> bool:
        return self.sound and self.purpose != "what-if" and len(self.words) >= EYES  # 2


@dataclass(frozen=True)
class Standing:
    """`in_force`: the one plan that moves people, or None. `rivals`: approved plans of which none takes the others' place."""

    proposals: Sequence[Proposal]
    in_force: Proposal | None
    rivals: Sequence[Proposal]

    def get(self, plan_id: str) -> Proposal | None:
        return next((each for each in self.proposals if each.plan_id == plan_id), None)


def plan_id(first: int, purpose: str, after: Sequence[str], scenario: bytes, plan: bytes) -> str:
    """Hex SHA-256 over all that is approved: the calendar day of day 0, the purpose, the plans whose place it takes, the scenario's
    bytes and the plan's, unpacked. No plan can name one in `after` that names it: it would have to know its own digest."""
    parts = (str(first).encode(), purpose.encode(), " ".join(sorted(after)).encode(), scenario, plan)
    framed = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return hashlib.sha256(b"kunak/1 plan\x00" + framed).hexdigest()


def pack(content: bytes) -> bytes:
    return zlib.compress(content, 9)


def unpack(packed: bytes) -> bytes:
    """Raises NoPlan for what is no packed text, or too much of it."""
    opener = zlib.decompressobj()
    try:
        content = opener.decompress(packed, MOST_BYTES)
    except zlib.error as broken:
        raise NoPlan from broken
    if not opener.eof or opener.unused_data:
        raise NoPlan
    return content


def standing_of(db: Database, roster: Roster) -> Standing:
    """All proposals, newest first, and which of them is in force."""
    rows = db.execute(
        """SELECT plan_id, entry, author, time, first, purpose, title, after FROM journeys_plans
           ORDER BY time, entry"""
    ).fetchall()
    found: dict[str, Proposal] = {}
    for name, entry, author, time, first, purpose, title, after in rows:
        if name in found or not is_sound(db, name, entry):  # 1
            continue
        words = _approvals(db, roster, name)
        found[name] = Proposal(name, entry, author, time, first, purpose, title, after.split(), words, sound=True)
    proposals = sorted(found.values(), key=lambda each: (-each.time, each.plan_id))
    approved = [each for each in proposals if each.approved]
    replaced = {old for each in approved for old in each.after}
    heads = [each for each in approved if each.plan_id not in replaced]
    return Standing(proposals, heads[0] if len(heads) == 1 else None, heads if len(heads) > 1 else ())


_SOUND: dict[tuple[str, str], bool] = {}  # digests only: nothing that a locked desk may not keep in its memory


def is_sound(db: Database, name: str, entry: str) -> bool:
    """Whether the id is that of the bytes; worked out once for each entry, whose bytes never change."""
    key = (name, entry)
    if key not in _SOUND:
        first, purpose, after, scenario, plan = db.execute(
            "SELECT first, purpose, after, scenario, plan FROM journeys_plans WHERE entry = ?", (entry,)
        ).fetchone()
        try:
            _SOUND[key] = plan_id(first, purpose, after.split(), unpack(scenario), unpack(plan)) == name
        except NoPlan:
            _SOUND[key] = False
    return _SOUND[key]


def _approvals(db: Database, roster: Roster, name: str) -> list[Approval]:
    """Every helper's word on a plan, the earliest first."""
    found, helpers = [], set()
    for device, values in sorted(
        multivalue.all_heads(db, PREFIX, f"plan/{name}").items(), key=lambda item: (item[1][0].time, item[0])
    ):
        known = roster.get(device)
        helper = known.callsign if known is not None else device[:6]
        if known is None:
            why_not = "stranger"
        elif known.role != COORDINATOR:
            why_not = "role"
        elif not known.active:
            why_not = "revoked"  # 3
        elif any(value.value != "1" for value in values):
            why_not = "withdrawn"  # 3
        elif helper in helpers:
            why_not = "twice"  # 4
        else:
            why_not = ""
            helpers.add(helper)
        found.append(Approval(device, helper, values[0].time, values[0].entry, why_not))
    return found


@dataclass(frozen=True)
class Opened:
    """A plan with the scenario for which it was made. `scenario_bytes` and `plan_bytes` are those that were approved."""

    proposal_id: str
    first: int
    scenario: Scenario
    plan: Plan
    scenario_bytes: bytes
    plan_bytes: bytes


def opened(db: Database, name: str) -> Opened:
    """The plan under this id. Raises NoPlan if there is none, or none that this desk can read."""
    rows = db.execute(
        "SELECT entry, first, scenario, plan FROM journeys_plans WHERE plan_id = ? ORDER BY time, entry", (name,)
    ).fetchall()
    for entry, first, scenario, plan in rows:
        if is_sound(db, name, entry):
            return _opened(name, first, scenario, plan)
    raise NoPlan


def _opened(name: str, first: int, scenario: bytes, plan: bytes) -> Opened:
    said, text = unpack(scenario), unpack(plan)
    try:
        return Opened(name, first, read_scenario(said), read_plan(text), said, text)
    except Unplannable as wrong:
        raise NoPlan from wrong
