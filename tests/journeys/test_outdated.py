"""A plan is bytes, and the room goes on: what was changed since it was made is said where it is approved, and where a day begins."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from kunak.journeys.known import bringing, events, records
from kunak.journeys.plans import standing
from kunak.journeys.plans.outdated import Outdated, outdated
from tests.cast import Cast, Helper
from tests.journeys.carried import Road, opened_road
from tests.journeys.scenes import leg, party, scene

SINCE = "Since this plan was made, something changed on which it counts:"


@pytest.fixture
def road(cast: Cast) -> Road:
    """P1 goes by `lift` to the flat; P2 by `car` to the hub and by `plane` to the haven; P3 stays."""
    return opened_road(cast)


def known(helper: Helper) -> records.Known:
    return records.read(helper.bench.vault.db)


def now(road: Road) -> Outdated:
    """By the plan that is in force."""
    opened = standing.opened(road.aspen.bench.vault.db, road.plan)
    return outdated(known(road.aspen), opened.scenario, opened.plan, opened.first)


def kept(road: Road, of: str, name: str, **change: object) -> None:
    record = getattr(known(road.aspen), of)[name]
    road.aspen.bench.pen.write(
        "places", [msgspec.structs.replace(record.kept, replaces=list(record.entries), **change)]
    )


CHANGES: dict[str, tuple[Callable[[Road], None], Outdated]] = {
    "a place that was compromised": (
        lambda road: road.aspen.bench.pen.write("places", [events.PlaceCompromised("flat", road.aspen.bench.today)]),
        Outdated(places=["flat"]),
    ),
    "fewer beds": (lambda road: kept(road, "places", "hub", beds=1), Outdated(places=["hub"])),
    "a place that was taken away, and the way there with it": (
        lambda road: kept(road, "places", "flat", gone=True),
        Outdated(places=["flat"], legs=["lift"]),
    ),
    "a way that goes on other days": (lambda road: kept(road, "legs", "car", every=5), Outdated(legs=["car"])),
    "fewer escorts": (lambda road: kept(road, "escorts", "south", available=[0]), Outdated(pools=["south"])),
    "a haven that takes fewer": (lambda road: kept(road, "places", "haven", intake=[0, 0]), Outdated(places=["haven"])),
    "a party that must not come somewhere": (
        lambda road: placed(road, forbidden=["flat"]),
        Outdated(parties=["P1"]),
    ),
    "a party that was elsewhere": (
        lambda road: placed(road, start=events.Start("hub", road.aspen.bench.today)),
        Outdated(parties=["P1"]),
    ),
    "a promise that the plan does not keep": (
        lambda road: placed(road, pins=[events.Promise("lift", road.aspen.bench.today + 3)]),
        Outdated(parties=["P1"]),
    ),
    "another frame": (lambda road: frame(road, unsheltered_hazard=1), Outdated(frame=True)),
    "less money": (lambda road: frame(road, budget=events.Budget(total=5)), Outdated(frame=True)),
}


def placed(road: Road, **change: object) -> None:
    record = known(road.aspen).parties["P1"].placed
    assert record is not None
    road.aspen.bench.pen.write(
        "places", [msgspec.structs.replace(record.kept, replaces=list(record.entries), **change)]
    )


def frame(road: Road, **change: object) -> None:
    record = known(road.aspen).frame
    assert record is not None
    road.aspen.bench.pen.write(
        "places", [msgspec.structs.replace(record.kept, replaces=list(record.entries), **change)]
    )


def test_what_was_changed_is_said_and_only_that(road: Road) -> None:
    assert not now(road)
    for which, (change, said) in CHANGES.items():
        before = known(road.aspen)
        change(road)
        found = now(road)
        assert found == said or (list(found.places), list(found.legs), list(found.pools), list(found.parties), found.frame) == (
            list(said.places), list(said.legs), list(said.pools), list(said.parties), said.frame,
        ), which  # fmt: skip
        undo(road, before)
        assert not now(road), f"taken back: {which}"


def undo(road: Road, before: records.Known) -> None:
    """Everything as it was, kept anew."""
    after = known(road.aspen)
    bodies: list[object] = []
    for name in ("places", "legs", "escorts"):
        kept_now = getattr(after, name)
        for key, record in getattr(before, name).items():
            old = kept_now.get(key) or records.one(
                road.aspen.bench.vault.db, f"{SUBJECT[name]}/{key}", SUBJECT[name], type(record.kept)
            )
            assert old
            bodies.append(msgspec.structs.replace(record.kept, replaces=list(old.entries)))
    bodies += [
        events.PlaceCompromised(name, None, replaces=list(each.entries)) for name, each in after.compromised.items()
    ]
    one, other = before.parties["P1"].placed, after.parties["P1"].placed
    assert before.frame
    assert after.frame
    assert one
    assert other
    bodies.append(msgspec.structs.replace(one.kept, replaces=list(other.entries)))
    bodies.append(msgspec.structs.replace(before.frame.kept, replaces=list(after.frame.entries)))
    road.aspen.bench.pen.write("places", bodies)


SUBJECT = {"places": "place", "legs": "leg", "escorts": "escorts"}


def test_what_the_plan_does_not_use_and_more_than_it_counts_on_is_no_news(road: Road) -> None:
    kept(road, "legs", "back", fare=999)
    kept(road, "escorts", "south", available=[7])
    kept(road, "places", "haven", intake=[9, 9])
    assert not now(road)


def test_a_journey_on_its_way_is_no_change(road: Road) -> None:
    for state in ("left", "arrived"):
        road.confirm("P2", state)
    road.cast.house.now += 86_400
    assert not now(road)


def test_whoever_is_not_in_the_plan_yet_is_named(road: Road) -> None:
    more = scene(
        [party("P1", size=2, weight=2), party("P9")], legs=[leg("car", "home", "hub", nights=1, every=2, seats=4)]
    )
    bringing.bring(road.aspen.bench, known(road.aspen), msgspec.json.encode(more), road.aspen.bench.today)
    assert list(now(road).newcomers) == ["P9"]


def test_the_pages_say_it_where_somebody_decides(road: Road) -> None:
    assert SINCE not in road.aspen.see("/journeys")
    road.aspen.post("/journeys/place", id="hub", **HUB, replaces=" ".join(known(road.aspen).places["hub"].entries))
    for page in (road.aspen.see("/journeys"), road.aspen.see(f"/journeys/plan?id={road.plan}")):
        assert SINCE in page
        assert 'href="/journeys/place?id=hub"' in page.partition(SINCE)[2]


HUB = {"zone": "inside", "kind": "transit", "beds": "1", "max_stay": "2", "hazard": "4", "night_cost": "6"}
