"""Realistic planning scenarios of any size, of the shape of the published ones, and disruptions of them.

    python -m bench.scenarios L 7 > L7.json        sizes S, M, L, XL; any seed
    python -m bench.scenarios L 7 --disrupted 10 --plan PLAN.json --by ill urgent
                                                   the same on day 10 of that plan, after that (bench/disruptions.py)

All names are invented or those of large cities; no person is behind any party.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path
from typing import Any

import msgspec

from bench.disruptions import KINDS, disrupted
from kunak.journeys.reckoning.plan import Journey, Plan

Json = dict[str, Any]
SIZES = {  # parties, homes, hubs, flats, near abroad, havens, days
    "S": (20, 2, 1, 3, 2, 2, 30),
    "M": (120, 4, 3, 11, 3, 4, 60),
    "L": (500, 8, 6, 34, 6, 6, 90),
    "XL": (2000, 16, 12, 98, 14, 10, 120),
}
SERVICES = ("child", "step_free", "medical", "psychologist")


class Maker:
    """One scenario in the making."""

    def __init__(self, size: str, seed: int) -> None:
        self.dice = random.Random(f"{size} {seed}")
        self.name = f"{size}-{seed}"
        self.parties, homes, hubs, flats, near, havens, self.horizon = SIZES[size]
        self.weeks = (self.horizon + 6) // 7
        self.homes = [f"home{k + 1}" for k in range(homes)]
        self.hubs = [f"hub{k + 1}" for k in range(hubs)]
        self.flats = [f"flat{k + 1:03}" for k in range(flats)]
        self.near = [f"near{k + 1}" for k in range(near)]
        self.havens = [f"haven{k + 1}" for k in range(havens)]
        self.legs: list[Json] = []

    def places(self) -> list[Json]:
        dice = self.dice
        places: list[Json] = [{"id": name, "zone": "danger", "kind": "home"} for name in self.homes]
        places += [
            {"id": name, "zone": "inside", "kind": "transit", "beds": dice.randint(6, 9),
             "services": ["child", "step_free"], "night_cost": dice.randint(10, 15),
             "hazard": dice.randint(5, 9), "max_stay": dice.randint(2, 3)}
            for name in self.hubs
        ]  # fmt: skip
        for name in self.flats:
            flat: Json = {
                "id": name, "zone": "inside", "kind": "shelter", "beds": dice.choice([3, 4, 5, 6, 6, 8, 8, 10, 12]),
                "services": [s for s in SERVICES if dice.random() < 0.65],
                "admits": dice.choice([None, None, None, None, ["women"], ["men"], ["women", "mixed"]]),
                "night_cost": dice.randint(2, 9), "hazard": dice.randint(0, 3),
                "max_stay": dice.choice([14, 21, 28, 28, None]), "max_parties": dice.choice([None, None, 6, 7, 8, 9]),
            }  # fmt: skip
            if dice.random() < 0.3:
                flat["open_from"] = dice.randint(2, self.horizon // 2)
            places.append(flat)
        places += [
            {"id": name, "zone": "near_abroad", "kind": "shelter", "beds": dice.randint(5, 10),
             "services": [s for s in SERVICES if dice.random() < 0.8], "night_cost": dice.randint(6, 11),
             "hazard": dice.randint(1, 2), "max_stay": dice.choice([30, 45, None])}
            for name in self.near
        ]  # fmt: skip
        for name in self.havens:
            most = dice.randint(3, 8)
            intake = [max(2, most + dice.randint(-2, 1)) for _ in range(self.weeks)]
            places.append({"id": name, "zone": "abroad", "kind": "haven", "intake": intake})
        return places

    def leg(self, origin: str, to: str, mode: str, nights: int, every: int, seats: int, fare: int, risk: int,
            **more: Any) -> None:  # fmt: skip
        first = self.dice.randrange(every)
        self.legs.append(
            {"id": f"L{len(self.legs) + 1:04}", "from": origin, "to": to, "mode": mode, "nights": nights,
             "first": first, "last": self.horizon - 1, "every": every, "seats": seats, "fare": fare, "risk": risk,
             "documents": [], "checks": False, "step_free": self.dice.random() < 0.8, "escort_pool": "north",
             "escort_days": 3} | more
        )  # fmt: skip

    def roads(self) -> None:
        """Cars and trains out of the homes, taxis to the flats, trains between the hubs."""
        dice = self.dice
        for home in self.homes:
            for hub in dice.sample(self.hubs, min(2, len(self.hubs))):
                car = {"escort_pool": "south", "step_free": True}
                self.leg(home, hub, "car", 1, dice.randint(2, 3), dice.choice([4, 6, 7]), dice.randint(45, 75),
                         dice.randint(4, 12), **car)  # fmt: skip
                self.leg(home, hub, "train", 1, dice.randint(1, 2), 7, dice.randint(25, 42), dice.randint(19, 47),
                         checks=True, escort_pool="south")  # fmt: skip
            self.leg(home, dice.choice(self.flats), "car", 1, dice.choice([5, 7]), 4, dice.randint(60, 99),
                     dice.randint(4, 8), escort_pool="south", step_free=True)  # fmt: skip
        for k, flat in enumerate(self.flats):
            hub, fare = self.hubs[k % len(self.hubs)], dice.randint(4, 10)
            for origin, to in ((hub, flat), (flat, hub)):
                self.leg(origin, to, "taxi", 0, 1, dice.choice([4, 4, 7]), fare, dice.randint(0, 2), escort_days=1)
            if dice.random() < 0.15:
                self.leg(flat, dice.choice([f for f in self.flats if f != flat]), "car", 0, 3, 4, 26, 4, escort_days=1)
        for hub in self.hubs:
            for other in dice.sample([h for h in self.hubs if h != hub], min(3, len(self.hubs) - 1)):
                self.leg(hub, other, "train", 1, dice.randint(1, 2), 7, dice.randint(40, 60), dice.randint(4, 9))

    def flights(self) -> None:
        """Buses and planes to the near abroad, planes to the havens."""
        dice = self.dice
        passport = {"documents": [["internal_passport"], ["foreign_passport"]], "step_free": True}
        for near in self.near:
            for hub in dice.sample(self.hubs, min(2, len(self.hubs))):
                if dice.random() < 0.6:
                    self.leg(hub, near, "bus", 1, dice.randint(2, 4), 8, dice.randint(70, 90), dice.randint(18, 32),
                             **passport)  # fmt: skip
                self.leg(hub, near, "plane", 0, dice.randint(2, 3), dice.choice([4, 6]), dice.randint(130, 230),
                         dice.randint(17, 45), checks=True, **passport | {"escort_pool": None})  # fmt: skip
            for haven in dice.sample(self.havens, min(3, len(self.havens))):
                self.leg(near, haven, "plane", 0, dice.randint(2, 4), dice.choice([4, 4, 6, 8]),
                         dice.randint(180, 370), dice.randint(1, 6), **self.visa(haven))  # fmt: skip
        for haven in self.havens:
            for hub in dice.sample(self.hubs, min(2, len(self.hubs))):
                self.leg(hub, haven, "plane", 0, dice.randint(2, 5), dice.choice([4, 6]), dice.randint(270, 425),
                         dice.randint(20, 57), checks=True, **self.visa(haven))  # fmt: skip

    @staticmethod
    def visa(haven: str) -> Json:
        return {"documents": [["foreign_passport", f"visa_{haven}"]], "escort_pool": None, "step_free": True}

    def party(self, k: int, room: dict[str, int]) -> Json:
        dice, days = self.dice, self.horizon
        size = dice.choices([1, 2, 3, 4, 5, 6], [66, 12, 11, 6, 3, 2])[0]
        danger = min(160, max(8, int(dice.lognormvariate(3.5, 0.6))))
        steps = [[0, danger]]
        if dice.random() < 0.25:
            steps.append([dice.randint(5, days * 2 // 3), danger * dice.choice([2, 4])])
        inside = max(1, int(dice.lognormvariate(1.3, 0.8)))
        papers: list[Json] = []
        if dice.random() < 0.93:
            papers.append({"doc": "internal_passport"} | self.since(0.15))
        if dice.random() < 0.85:
            papers.append({"doc": "foreign_passport"} | self.since(0.6))
        if dice.random() < 0.75:
            visa = {"doc": f"visa_{dice.choice(self.havens)}"} | self.since(0.7)
            papers.append(visa | ({"until": days - 1 - dice.randint(0, 5)} if dice.random() < 0.15 else {}))
        start: Json = {"place": dice.choice(self.homes), "day": 0, "nights_used": 0}
        free = [name for name, beds in room.items() if beds >= size]
        if dice.random() < 0.15 and free:
            start = {"place": dice.choice(free), "day": 0, "nights_used": dice.randint(1, 10)}
            room[start["place"]] -= size
        return {
            "id": f"P{k + 1:04}", "size": size, "weight": max(1, min(size, dice.choice([1, 1, 2, 3]))),
            "makeup": dice.choice(["women", "men"] if size == 1 else ["women", "men", "mixed", "mixed"]),
            "start": start, "earliest_day": 0 if dice.random() < 0.5 else dice.randint(1, 29),
            "hazard": {"danger": steps, "inside": [[0, inside]], "near_abroad": [[0, max(1, inside // 2)]],
                       "abroad": [[0, 0]]},
            "forbidden": [dice.choice(self.flats + self.near)] if dice.random() < 0.2 else [], "documents": papers,
            "needs": ["child"] if size > 2 and dice.random() < 0.7
            else [dice.choice(SERVICES[1:])] if dice.random() < 0.15 else [],
            "escort": dice.random() < 0.25, "wanted": dice.random() < 0.06, "pins": [],
        }  # fmt: skip

    def since(self, chance: float) -> Json:
        return {"from": self.dice.randint(5, self.horizon * 3 // 4)} if self.dice.random() < chance else {}

    def scenario(self) -> Json:
        dice = self.dice
        places = self.places()
        self.roads()
        self.flights()
        room = {p["id"]: p["beds"] for p in places if p["kind"] == "shelter" and "open_from" not in p}
        parties = [self.party(k, room) for k in range(self.parties)]
        weekly = [int(self.parties * 125 * dice.uniform(0.85, 1.15)) for _ in range(self.weeks)]
        pools = max(1, self.parties // 150)
        return {
            "format": "kunak-scenario/1", "name": self.name, "horizon": self.horizon, "now": 0, "tail_nights": 30,
            "point_value": 20, "unsheltered_hazard": 120, "compromised_hazard": 200, "places": places,
            "legs": self.legs, "parties": parties,
            "escort_pools": [
                {"id": name, "available": [pools * 2 + dice.randint(0, 2) for _ in range(self.horizon)]}
                for name in ("south", "north")
            ],
            "apart": [[f"P{a + 1:04}", f"P{b + 1:04}"] for a, b in (
                dice.sample(range(self.parties), 2) for _ in range(max(1, self.parties // 60)))],
            "budget": {"total": int(sum(weekly) * 0.72), "weekly": weekly},
            "previous": None, "change": {"near_days": 7, "near": 40, "far": 10},
        }  # fmt: skip


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("size", choices=SIZES)
    ask.add_argument("seed", type=int)
    ask.add_argument("--disrupted", type=int, metavar="DAY", help="the same on that day of this plan")
    ask.add_argument("--plan", type=Path)
    ask.add_argument("--by", nargs="+", choices=KINDS, default=("compromised", "leg"))
    asked = ask.parse_args()
    raw = Maker(asked.size, asked.seed).scenario()
    if asked.disrupted:
        told = msgspec.json.decode(asked.plan.read_bytes())
        plan = Plan(told["scenario"], msgspec.convert(told["journeys"], dict[str, Journey]), {})
        raw = disrupted(raw, plan, asked.disrupted, asked.seed, tuple(asked.by))
    sys.stdout.buffer.write(msgspec.json.encode(raw))


if __name__ == "__main__":
    main()
