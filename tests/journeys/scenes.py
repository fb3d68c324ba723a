"""Small scenarios for tests: a few places, a few parties, every rule somewhere."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import strategies as st

from kunak.journeys.reckoning.reading import read_scenario

if TYPE_CHECKING:
    from kunak.journeys.reckoning.scenario import Scenario
    from tests.cast import Helper

Json = dict[str, Any]
HORIZON = 8


def scenario_of(raw: Json) -> Scenario:
    return read_scenario(msgspec.json.encode(raw))


def party(name: str, **change: Any) -> Json:
    danger = change.pop("danger", 40)
    one: Json = {
        "id": name,
        "size": 1,
        "weight": 1,
        "makeup": "women",
        "start": {"place": "home", "day": 0},
        "hazard": {"danger": [[0, danger]], "inside": [[0, 5]], "near_abroad": [[0, 2]], "abroad": [[0, 0]]},
    }
    return one | change


def leg(name: str, origin: str, to: str, **change: Any) -> Json:
    usual = {"mode": "car", "nights": 0, "first": 0, "last": HORIZON - 1, "every": 1, "fare": 10, "risk": 3}
    return {"id": name, "from": origin, "to": to} | usual | change


def scene(parties: list[Json], **change: Any) -> Json:
    """A home, a hub, a flat, a haven; cars and a plane."""
    return {
        "format": "kunak-scenario/1",
        "name": "scene",
        "horizon": HORIZON,
        "tail_nights": 5,
        "point_value": 10,
        "unsheltered_hazard": 60,
        "compromised_hazard": 90,
        "places": [
            {"id": "home", "zone": "danger", "kind": "home"},
            {"id": "hub", "zone": "inside", "kind": "transit", "beds": 3, "max_stay": 2, "hazard": 4, "night_cost": 6},
            {"id": "flat", "zone": "inside", "kind": "shelter", "beds": 2, "night_cost": 3, "max_parties": 3},
            {"id": "haven", "zone": "abroad", "kind": "haven", "intake": [2, 2]},
        ],
        "legs": [
            leg("car", "home", "hub", nights=1, every=2, seats=4),
            leg("lift", "home", "flat", every=3, seats=2, escort_pool="south", escort_days=2),
            leg("taxi", "hub", "flat", seats=3),
            leg("back", "flat", "hub", seats=3),
            leg("plane", "hub", "haven", seats=3, fare=90, documents=[["passport", "visa"]], checks=True),
        ],
        "escort_pools": [{"id": "south", "available": [1] * HORIZON}],
        "parties": parties,
    } | change


@st.composite
def parties(draw: st.DrawFn, name: str) -> Json:
    papers = draw(st.sampled_from([[], [{"doc": "passport"}], [{"doc": "passport"}, {"doc": "visa", "from": 3}]]))
    place = draw(st.sampled_from(["home", "home", "hub", "flat"]))
    start: Json = {"place": place, "day": draw(st.integers(0, 2))}
    if place != "home":
        start["nights_used"] = draw(st.integers(0, 2))
        start["bed_lost"] = draw(st.booleans())
    return party(
        name,
        size=draw(st.integers(1, 3)),
        weight=draw(st.integers(1, 2)),
        makeup=draw(st.sampled_from(["women", "men", "mixed"])),
        start=start,
        danger=draw(st.sampled_from([8, 40, 90])),
        documents=papers,
        earliest_day=draw(st.sampled_from([0, 0, 2])),
        forbidden=draw(st.sampled_from([[], [], ["flat"]])),
        needs=draw(st.sampled_from([[], [], ["child"]])),
        escort=draw(st.booleans()),
        wanted=draw(st.sampled_from([False, False, True])),
    )


@st.composite
def scenes(draw: st.DrawFn) -> Json:
    """A scenario of up to seven parties in which everybody can at least stay."""
    people = [draw(parties(f"P{k}")) for k in range(draw(st.integers(1, 7)))]
    raw = scene(people)
    raw["places"][1]["services"] = draw(st.sampled_from([[], ["child"]]))
    raw["places"][2]["admits"] = draw(st.sampled_from([None, ["women", "mixed"]]))
    raw["places"][2]["compromised_from"] = draw(st.sampled_from([None, None, 3]))
    raw["places"][2]["open_from"] = draw(st.sampled_from([0, 0, 2]))
    total = draw(st.sampled_from([None, 60, 200]))
    raw["budget"] = {"total": total, "weekly": draw(st.sampled_from([None, [60, 60]]))}
    if draw(st.booleans()) and len(people) > 1:
        homes = [p["id"] for p in people if p["start"]["place"] == "home"]
        raw["apart"] = [homes[:2]] if len(homes) > 1 else []
    if draw(st.booleans()):
        raw["previous"] = {"P0": [{"leg": "car", "day": 4}]}
        raw["change"] = {"near_days": 3, "near": 40, "far": 10}
    return raw


PAPERS = [{"doc": "passport"}, {"doc": "visa"}]
# Three parties: one goes to the flat, one through the hub to the haven, one stays.
TINY: bytes = msgspec.json.encode(
    scene([party("P1", size=2, weight=2), party("P2", documents=PAPERS), party("P3", wanted=True)])
)
TINY_PLAN: bytes = msgspec.json.encode(
    {
        "format": "kunak-plan/1",
        "scenario": "scene",
        "bound": 0,
        "journeys": {
            "P1": {"steps": [{"leg": "lift", "day": 0}], "unsheltered": []},
            "P2": {"steps": [{"leg": "car", "day": 0}, {"leg": "plane", "day": 1}], "unsheltered": []},
            "P3": {"steps": [], "unsheltered": []},
        },
        "reasons": {},
    }
)


def awaited_plan(helper: Helper) -> str:
    """The id of the plan that is being made at this desk. However slow the machine is: nothing here looks at a clock."""
    while (page := helper.get("/journeys/run")).status_code == 200:
        assert 'role="alert"' not in page.text, page.text
        time.sleep(0.05)
    assert page.headers["location"].startswith("/journeys/plan?id="), page.headers["location"]
    return str(page.headers["location"].partition("id=")[2])
