"""`--strata COLUMN`: the stratum of every record, out of a column of LISTS.csv.

A person's records may say nothing of it, or different things. A person has the stratum that most of their records say.
Whoever's records say nothing is given one by share: as many to each stratum as among the people who stand on the same
number of lists, because those on several lists are told of more often, and leaving the others apart would tear the
overlap out of the lists.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import gcd
from pathlib import Path

import numpy as np

from kunak.count.complaints import bad
from kunak.count.estimate.linkage_error import LinkedPeople
from kunak.count.estimate.strata import REST, answerable
from kunak.count.estimate.table import Table
from kunak.count.linkage.reading import Reading, Record
from kunak.count.linkage.skeleton import CYRILLIC
from kunak.count.lists import read_column

MOST_STRATA = 1000  # more is an id, not a stratum
READ = {"place": "place", "event_place": "event_place"}  # columns whose spelling the linkage reads


@dataclass(frozen=True)
class Strata:
    """The strata by falling size, the number of each record's, and how many people had none and were given one.

    `together` names those that were too thin to be asked alone and stand together as the last one.
    """

    column: str
    names: Sequence[str]
    of_record: Sequence[int]
    given: int
    together: Sequence[str] = ()


def read_strata(
    lists: Path, column: str, records: Sequence[Record], readings: Sequence[Reading], people: Sequence[int]
) -> Strata:
    """The strata of this column. Raises BadInputError where the column is missing, empty or has too many values."""
    if column in READ:
        said = _as_written(
            [str(getattr(reading, READ[column])) for reading in readings], [getattr(r, column) for r in records]
        )
    else:
        said_by = read_column(lists, column)
        said = [" ".join(said_by[record.record_id].split()) for record in records]
    commonest = _by_person(said, people)
    sizes = Counter(name for name in commonest.values() if name)
    if not sizes:
        raise bad("empty column", file=lists.name, column=column)
    if len(sizes) > MOST_STRATA:
        raise bad("too many strata", file=lists.name, column=column, values=len(sizes), most=MOST_STRATA)
    names = sorted(sizes, key=lambda one: (-sizes[one], one))
    on: dict[int, set[str]] = defaultdict(set)
    for record, person in zip(records, people, strict=True):
        on[person].add(record.list_name)
    given = _given(commonest, {person: len(lists_of) for person, lists_of in on.items()}, names)
    place = {name: i for i, name in enumerate(names)}
    of_record = [place[commonest[person] or given[person]] for person in people]
    return Strata(column, names, of_record, len(given))


def _as_written(read: Sequence[str], written: Sequence[str]) -> list[str]:
    """A place that nobody knows is read as mere sounds: it is shown as most records write it."""
    ways: dict[str, Counter[str]] = defaultdict(Counter)
    for sounds, text in zip(read, written, strict=True):
        ways[sounds][" ".join(text.split())] += 1
    shown = {
        place: place if CYRILLIC.search(place) or not place else min(of, key=lambda way: (-of[way], way))
        for place, of in ways.items()
    }
    return [shown[place] for place in read]


def thin_together(strata: Strata, linked: LinkedPeople, width: int) -> tuple[Strata, LinkedPeople]:
    """The same with the strata that cannot answer alone made one, so that every corrected table has the same strata."""
    lists = tuple(f"{i}" for i in range(width))
    tables = [
        Table(lists, np.bincount(linked.patterns[linked.strata == at], minlength=2**width).astype(np.int64), name)
        for at, name in enumerate(strata.names)
    ]
    kept, merged = answerable(tuple(tables))
    if not merged:
        return strata, linked
    alone = [table.name for table in kept if table.name != REST]
    new = {name: alone.index(name) if name in alone else len(alone) for name in strata.names}
    number = np.array([new[name] for name in strata.names])
    of_record = [int(number[one]) for one in strata.of_record]
    names = [*alone, REST]
    return (
        replace(strata, names=names, of_record=of_record, together=merged),
        replace(linked, strata=number[linked.strata]),
    )


def _by_person(said: Sequence[str], people: Sequence[int]) -> dict[int, str]:
    """What most of each person's records say, the first in the alphabet among equals; empty where none says anything."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for value, person in zip(said, people, strict=True):
        counts[person][value] += bool(value)
    return {
        person: min((name for name in of if of[name]), key=lambda name, of=of: (-of[name], name), default="")  # type: ignore[misc]
        for person, of in counts.items()
    }


def _given(commonest: dict[int, str], lists: dict[int, int], names: Sequence[str]) -> dict[int, str]:
    """A stratum for everybody without one, in the shares of those on as many lists (by largest remainder)."""
    given: dict[int, str] = {}
    for number in sorted(set(lists.values())):
        without = sorted(person for person, name in commonest.items() if not name and lists[person] == number)
        like = Counter(name for person, name in commonest.items() if name and lists[person] == number)
        like = like or Counter(name for name in commonest.values() if name)
        exact = [(len(without) * like[name] / like.total(), name) for name in names]
        seats = {name: int(share) for share, name in exact}
        short = len(without) - sum(seats.values())
        for _, name in sorted(exact, key=lambda one: (int(one[0]) - one[0], one[1]))[:short]:
            seats[name] += 1
        ordered = [name for name in names for _ in range(seats[name])]
        # Spread evenly over the people, who stand in the order of their contents, and not stratum after stratum.
        step = _stride(len(ordered))
        given |= {person: ordered[i * step % len(ordered)] for i, person in enumerate(without)}
    return given


def _stride(size: int) -> int:
    """A step that visits every one of `size` places, about .618 of the way at a time."""

    step = max(1, round(size * 0.618))
    while gcd(step, size) != 1:
        step += 1
    return step
