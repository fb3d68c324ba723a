"""Invented lists of invented people, with the truth: for tests, for learning the model's weights, for measuring.

python -m bench.invented DIR --people 5000 --seed 1 [--elsewhere]      writes records.csv, truth.csv and meta.json
A person is on a list with a chance of her own; a record of her is spoilt in the ways that real lists are. The
romanisations, the slips and one name in ten are made here and not taken from names/, so that the brain is not asked
only what it was told.

words, spelling → people (who they are) → clerk (what a list makes of them); elsewhere: other people, other clerks.
"""

from __future__ import annotations

import collections
import csv
import json
from pathlib import Path
from typing import NamedTuple

from bench.invented.clerk import Clerk
from bench.invented.elsewhere import OtherWorld
from bench.invented.elsewhere_clerk import OtherClerk
from bench.invented.people import World

LISTS = ("helpline", "newspaper", "testimony")
FIELDS = (
    "list",
    "record_id",
    "full_name",
    "patronymic",
    "birth_year",
    "age",
    "place",
    "event_date",
    "event_place",
    "notes",
)


class Hand(NamedTuple):
    """Who lives in a world, and who writes of them."""

    world: type[World]
    clerk: type[Clerk]


HERE = Hand(World, Clerk)
ELSEWHERE = Hand(OtherWorld, OtherClerk)


def invent(people: int, seed: int, hand: Hand = HERE) -> tuple[list[list[str]], list[list[str]], dict[str, object]]:
    """Rows of records.csv and truth.csv, and meta.json, for so many people (most are on some list)."""
    world = hand.world(seed)
    clerks = {name: hand.clerk(world, name) for name in LISTS}
    rows, table = [], collections.Counter[str]()
    number = family = 0
    while number < people:
        for person in world.family(family, number):
            number += 1
            luck = world.rng.gauss(0, 0.4)
            pattern = ""
            for name, chance in (("helpline", 0.4), ("newspaper", 0.29), ("testimony", 0.25)):
                on = world.rng.random() < min(0.95, max(0.02, chance * 2.718281828**luck))
                pattern += "1" if on else "0"
                times = world.rng.choices((1, 2, 3), (90, 8.5, 1.5))[0] if on else 0
                rows += [(clerks[name].record(person), person) for _ in range(times)]
            if "1" in pattern:
                table[pattern] += 1
        family += 1
    world.rng.shuffle(rows)
    records, truth = [], []
    for at, ((fields, script, form), person) in enumerate(rows):
        records.append([fields[0], f"r{at}", *fields[1:]])
        truth.append([f"r{at}", str(person.number), str(person.family), script, form])
    meta = {
        "seed": seed,
        "people_true_N": number,
        "observed": sum(table.values()),
        "records": len(records),
        "lists": LISTS,
    }
    return records, truth, meta | {"true_table": sorted(table.items())}


def write(folder: Path, people: int, seed: int, hand: Hand = HERE) -> None:
    """Write one invented data set."""
    folder.mkdir(parents=True, exist_ok=True)
    records, truth, meta = invent(people, seed, hand)
    heads = {"records": FIELDS, "truth": ("record_id", "person_id", "family_id", "script", "name_form")}
    for name, rows in (("records", records), ("truth", truth)):
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(heads[name])
            writer.writerows(rows)
    (folder / "meta.json").write_text(json.dumps(meta, ensure_ascii=False), encoding="utf-8")
