"""The scenario of a day, made of all that the room knows: what `kunak plan` plans, and what is exported.

Parties are those that travel and whose whereabouts a coordinator has stated. A day after the one for which things were stated
(`frame.as_of`), everything is moved on to it: parties start where they are now, on the road they arrive later, and what was
used since (money, hosts' new faces, a haven's places, escorts on their way) is taken off. On that day itself nothing is changed,
so that what was imported is exported again as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kunak.frame.words import mark
from kunak.journeys.reckoning.scenario import Scenario, Unplannable

from . import events
from .scenario_parts import budget_of, change_of, leg_of, party_of, place_of, pool_of, previous_of
from .whereabouts import Used, whereabouts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .records import Known

# Points for a broken promise when nobody has said how many: a plan in force is not turned over for a trifle.
USUAL_CHANGE = events.Change(near_days=7, near=40, far=10)
NOBODY = mark("There is nobody to plan for: no party is placed yet. Place one first.")
NO_FRAME = mark("Nothing is said of the time and the money to plan with. Fill in the frame first.")
OVER = mark("The days to plan are over, or have not begun. Set another first day in the frame, or plan more days.")


@dataclass(frozen=True)
class Prepared:
    """`first`: the calendar day of day 0. `unplaced`: parties that nobody has placed yet; `disputed`: on whom or what helpers
    disagree (`place/x`, `party/y` …): the newest value was taken."""

    scenario: Scenario
    first: int
    unplaced: Sequence[str]
    disputed: Sequence[str]


def prepare(known: Known, today: int, previous: Mapping[str, Sequence[events.Promise]] | None = None) -> Prepared:
    """`previous`: steps of the plan in force, by party. Raises Unplannable with what to mend."""
    if known.frame is None:
        raise Unplannable(NO_FRAME)
    frame = known.frame.kept
    day = max(today, frame.as_of)
    now = day - frame.first
    if not 0 <= now < frame.horizon:
        raise Unplannable(OVER)
    used = Used()
    parties, unplaced = [], []
    for party in known.parties.values():
        start = whereabouts(known, party, day, used)
        if party.state != "planned" or party.sheet is None:
            continue
        if start is None:
            unplaced.append(party.party)
        elif (place := known.places.get(start.place)) is not None and place.kept.kind != "haven":
            parties.append(party_of(party, start, frame.first, now))
    if not parties:
        raise Unplannable(NOBODY)
    names = {each.id for each in parties}
    made = Scenario(
        format="kunak-scenario/1",
        name=frame.name,
        horizon=frame.horizon,
        tail_nights=frame.tail_nights,
        point_value=frame.point_value,
        unsheltered_hazard=frame.unsheltered_hazard,
        compromised_hazard=frame.compromised_hazard,
        places=tuple(place_of(known, each.kept, frame, used) for each in known.places.values()),
        legs=tuple(leg for each in known.legs.values() if (leg := leg_of(known, each.kept, frame.first)) is not None),
        parties=tuple(parties),
        now=now,
        escort_pools=tuple(pool_of(each.kept, frame, used) for each in known.escorts.values()),
        apart=tuple((one, other) for one, other in frame.apart if {one, other} <= names),
        budget=budget_of(frame, used),
        previous=previous_of(frame, previous, names, day),
        change=change_of(frame.change or (USUAL_CHANGE if previous else None)),
        note=frame.note,
    )
    return Prepared(made, frame.first, unplaced, disputes(known))


def disputes(known: Known) -> list[str]:
    """Subjects on which helpers wrote different things without knowing of each other."""
    groups: list[tuple[str, Mapping[str, object]]] = [
        ("place", known.places),
        ("place", known.compromised),
        ("leg", known.legs),
        ("escorts", known.escorts),
        ("party", known.parties),
    ]
    found = [f"{kind}/{name}" for kind, each in groups for name, kept in each.items() if getattr(kept, "disputed")]  # noqa: B009 - several kinds
    return (["frame"] if known.frame is not None and known.frame.disputed else []) + found
