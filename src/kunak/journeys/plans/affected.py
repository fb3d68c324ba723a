"""Whom it concerns that a place is compromised: who is there, who is on the way there, who was to come; the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kunak.journeys.known import whereabouts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kunak.journeys.known.events import Promise
    from kunak.journeys.known.records import Known, Party

How = Literal["there", "coming", "planned"]
ORDER: dict[How, int] = {"there": 0, "coming": 1, "planned": 2}


@dataclass(frozen=True)
class Affected:
    """`day`: since when they are there, when they arrive, or when they were to arrive. `danger`: 0 to 4, as their sheet says."""

    party: Party
    how: How
    day: int
    danger: int


def danger_of(party: Party, today: int) -> int:
    """0 to 4, as the sheet says for this day; 0 without one."""
    levels = [level for day, level in (party.sheet.kept.urgency if party.sheet else ()) if day <= today]
    return levels[-1] if levels else 0


def affected(known: Known, place: str, today: int, promises: Mapping[str, Sequence[Promise]] | None) -> list[Affected]:
    """`promises`: the steps of the plan in force, in calendar days."""
    found = []
    for party in known.parties.values():
        if party.state != "planned":
            continue
        if (concerned := _concerned(known, party, place, today, (promises or {}).get(party.party, ()))) is not None:
            found.append(concerned)
    return sorted(
        found, key=lambda each: (ORDER[each.how], -each.danger if each.how == "there" else each.day, each.party.name)
    )


def _concerned(known: Known, party: Party, place: str, today: int, promises: Sequence[Promise]) -> Affected | None:
    danger = danger_of(party, today)
    here = whereabouts.whereabouts(known, party, today, whereabouts.Used())
    if here is not None and here.place == place:
        return Affected(party, "there" if here.since <= today else "coming", here.since, danger)
    done = {(step.leg, step.day) for step in party.steps}
    for promise in sorted(promises, key=lambda each: each.day):
        leg = known.legs.get(promise.leg)
        if leg is None or leg.kept.to != place or (promise.leg, promise.day) in done:
            continue
        if promise.day + leg.kept.nights >= today:
            return Affected(party, "planned", promise.day + leg.kept.nights, danger)
    return None
