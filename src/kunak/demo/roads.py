"""The invented year's places and ways, and who is to travel on them when the demo opens.

Pure: the same year gives the same parties. Days count from the day on which the plan was made (day 0). What comes out is a scenario whose
parties are called by their pseudonyms; `play.py` writes it down as helpers would, sheet by sheet.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec.structs import replace

from kunak.demo.year import LAST_DAY
from kunak.journeys.known import events
from kunak.journeys.known.scenario_parts import hazards_of
from kunak.journeys.reckoning import scenario

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kunak.demo.year import Story

PLAN_DAY: Final = LAST_DAY - 3
HORIZON: Final = 60
AT_HOME, UNDERWAY = 26, 8
HUNTED: Final = 3

Row: TypeAlias = tuple[
    str, str, str, scenario.Zone, scenario.Kind, int | None, tuple[str, ...], int | None, int | None, int, int
]
# short name, what we call it, town, zone, kind, beds, services, longest stay, parties the host may meet, cost of a night, points
PLACES: Final[tuple[Row, ...]] = (
    ("home-grozny", "Грозный и сёла вокруг", "Грозный", "danger", "home", None, (), None, None, 0, 0),
    ("home-east", "Восток республики", "Махачкала", "danger", "home", None, (), None, None, 0, 0),
    ("home-west", "Запад, у границы", "Назрань", "danger", "home", None, (), None, None, 0, 0),
    ("hub-astrakhan", "У вокзала", "Астрахань", "inside", "transit", 4, ("child", "step_free"), 3, None, 12, 7),
    ("hub-stavropol", "Мастерская", "Ставрополь", "inside", "transit", 3, ("child",), 2, None, 10, 9),
    ("flat-1", "У реки", "Воронеж", "inside", "shelter", 3, ("child", "medical"), 42, 6, 9, 1),
    ("flat-2", "Пятый этаж", "Тверь", "inside", "shelter", 4, ("psychologist",), 60, 8, 8, 0),
    ("flat-3", "Дом с садом", "Ярославль", "inside", "shelter", 5, ("child", "step_free", "psychologist"), 60, 8, 7, 0),
    ("flat-4", "Двор-колодец", "Петербург", "inside", "shelter", 4, ("medical", "psychologist", "step_free"), 45, 6, 14, 1),
    ("flat-5", "Общежитие", "Казань", "inside", "shelter", 6, (), 30, None, 6, 2),
    ("near-minsk", "Две комнаты", "Минск", "near_abroad", "shelter", 5, ("child", "psychologist"), 60, None, 11, 1),
    ("near-yerevan", "Гостевой дом", "Ереван", "near_abroad", "shelter", 6, ("child", "medical", "step_free"), 60, None, 9, 2),
    ("haven-de", "Германия", "Берлин", "abroad", "haven", None, (), None, None, 0, 0),
    ("haven-fr", "Франция", "Париж", "abroad", "haven", None, (), None, None, 0, 0),
    ("haven-lt", "Литва", "Вильнюс", "abroad", "haven", None, (), None, None, 0, 0),
)  # fmt: skip
INTAKE: Final = {
    "haven-de": (1, 2, 2, 1, 2, 2, 2, 1, 2),
    "haven-fr": (1, 1, 2, 1, 1, 2, 1, 1, 2),
    "haven-lt": (2, 1, 2, 2, 1, 2, 2, 1, 2),
}

INTERNAL, FOREIGN = "internal_passport", "foreign_passport"
# from, to, mode, nights, first day, every, seats, cost of a seat, points, alternatives of documents, checks, no steps, escorts, days away
WAYS: Final = (
    ("home-grozny", "hub-astrakhan", "car", 1, 1, 2, 4, 70, 5, (), False, True, "south", 3),
    ("home-grozny", "hub-stavropol", "car", 0, 0, 3, 3, 45, 8, (), False, True, "south", 2),
    ("home-grozny", "hub-astrakhan", "train", 1, 0, 2, None, 24, 34, ((INTERNAL,),), True, False, None, 1),
    ("home-east", "hub-astrakhan", "bus", 1, 2, 3, 5, 22, 12, (), False, False, "south", 3),
    ("home-east", "hub-astrakhan", "car", 1, 0, 4, 3, 64, 5, (), False, True, "south", 3),
    ("home-west", "hub-stavropol", "car", 0, 1, 2, 3, 38, 6, (), False, True, "south", 2),
    ("home-west", "flat-1", "car", 1, 3, 7, 4, 96, 5, (), False, True, "south", 4),
    ("hub-astrakhan", "flat-1", "train", 1, 0, 1, None, 26, 3, ((INTERNAL,), (FOREIGN,)), False, True, None, 1),
    ("hub-astrakhan", "flat-3", "train", 1, 1, 2, None, 34, 3, ((INTERNAL,), (FOREIGN,)), False, True, None, 1),
    ("hub-astrakhan", "flat-5", "bus", 1, 0, 1, 8, 18, 4, (), False, False, "north", 2),
    ("hub-astrakhan", "flat-2", "car", 1, 2, 5, 4, 110, 2, (), False, True, "north", 3),
    ("hub-stavropol", "flat-1", "bus", 1, 0, 2, 6, 20, 4, (), False, False, "north", 2),
    ("hub-stavropol", "flat-2", "train", 2, 1, 2, None, 41, 3, ((INTERNAL,), (FOREIGN,)), False, True, None, 1),
    ("hub-stavropol", "flat-4", "train", 2, 0, 3, None, 46, 3, ((INTERNAL,), (FOREIGN,)), False, True, None, 1),
    ("flat-1", "near-minsk", "train", 1, 0, 2, None, 38, 3, ((INTERNAL,), (FOREIGN,)), False, True, None, 1),
    ("flat-2", "near-minsk", "bus", 1, 1, 2, 6, 24, 3, ((INTERNAL,), (FOREIGN,)), False, False, None, 1),
    ("flat-3", "near-minsk", "train", 1, 0, 3, None, 40, 3, ((INTERNAL,), (FOREIGN,)), False, True, None, 1),
    ("flat-4", "near-minsk", "bus", 1, 2, 2, 6, 28, 2, ((INTERNAL,), (FOREIGN,)), False, True, None, 1),
    ("flat-5", "near-yerevan", "plane", 0, 3, 4, 4, 120, 6, ((INTERNAL,), (FOREIGN,)), True, True, None, 1),
    ("hub-astrakhan", "near-yerevan", "plane", 0, 2, 7, 4, 115, 8, ((INTERNAL,), (FOREIGN,)), True, True, None, 1),
    ("near-minsk", "haven-lt", "bus", 0, 1, 2, 4, 30, 1, ((FOREIGN, "visa_LT"),), False, True, None, 1),
    ("near-minsk", "haven-de", "plane", 0, 0, 3, 4, 160, 1, ((FOREIGN, "visa_DE"),), False, True, None, 1),
    ("near-yerevan", "haven-fr", "plane", 0, 2, 3, 4, 190, 1, ((FOREIGN, "visa_FR"),), False, True, None, 1),
    ("near-yerevan", "haven-de", "plane", 0, 1, 3, 4, 180, 1, ((FOREIGN, "visa_DE"),), False, True, None, 1),
    ("flat-4", "haven-de", "plane", 0, 1, 4, 3, 170, 12, ((FOREIGN, "visa_DE"),), True, True, None, 1),
)  # fmt: skip
WEEKLY: Final = (2_900, 2_700, 2_500, 2_300, 2_300, 2_300, 2_200, 2_200, 2_200)


@dataclass(frozen=True)
class Traveller:
    """A story that is to travel: its sheet as its caseworker fills it in, its placing as the coordinators add it."""

    story: Story
    party: scenario.Party
    where: str
    avoid: str
    urgency: tuple[tuple[int, int], ...]


def network(first: int) -> scenario.Scenario:
    """Places, ways, escorts and money, without anybody. `first` has no part in it: days are those of the plan."""
    places = tuple(
        scenario.Place(
            id=name,
            zone=zone,
            kind=kind,
            beds=beds,
            services=frozenset(services),
            max_stay=stay,
            max_parties=meets,
            night_cost=cost,
            hazard=points,
            intake=INTAKE.get(name),
        )
        for name, _, _, zone, kind, beds, services, stay, meets, cost, points in PLACES
    )
    legs = tuple(
        scenario.Leg(
            id=f"{mode}-{number:02}", origin=origin, to=to, mode=mode, nights=nights, first=begins, last=HORIZON - 1, every=every,
            fare=fare, risk=risk, seats=seats, documents=tuple(frozenset(each) for each in documents), checks=checks,
            step_free=step_free, escort_pool=pool, escort_days=days,
        )
        for number, (origin, to, mode, nights, begins, every, seats, fare, risk, documents, checks, step_free, pool, days)
        in enumerate(WAYS, 1)
    )  # fmt: skip
    chance = random.Random(first)  # noqa: S311 - an invented year, not a secret
    pools = tuple(
        scenario.EscortPool(name, tuple(chance.choice((1, 1, 2, 2, 3)) for _ in range(HORIZON)))
        for name in ("south", "north")
    )
    return scenario.Scenario(
        format="kunak-scenario/1",
        name="Эвакуация",
        horizon=HORIZON,
        tail_nights=30,
        point_value=20,
        unsheltered_hazard=120,
        compromised_hazard=200,
        places=places,
        legs=legs,
        parties=(),
        escort_pools=pools,
        budget=scenario.Budget(19_500, WEEKLY),
        change=scenario.Change(7, 40, 10),
    )


def travellers(stories: Sequence[Story]) -> list[Traveller]:
    """Who waits at home, the most hunted first, and who is in a flat already."""
    known = [
        story
        for story in stories
        if story.kind == "person"
        and story.opened is not None
        and story.opened < PLAN_DAY
        and story.closed is None
        and not story.silent
    ]
    home = sorted(
        (story for story in known if story.out is None), key=lambda story: (-story.risks[-1][1], story.number)
    )
    underway = sorted(
        (s for s in known if s.out is not None and s.out < PLAN_DAY), key=lambda s: (-(s.out or 0), s.number)
    )
    chosen = [*home[:AT_HOME], *underway[:UNDERWAY]]
    return [traveller(story) for story in sorted(chosen, key=lambda story: story.number)]


def likely(chance: random.Random, part: float) -> bool:
    """True in this part of all cases."""
    return chance.random() < part


FAMILY: Final = 3  # people: one of them a child


def traveller(story: Story) -> Traveller:
    chance = random.Random(story.number)  # noqa: S311 - an invented year, not a secret
    alone = likely(chance, 0.8)  # four of five travel alone
    size = 1 if alone else chance.choice((2, 2, 3))
    makeup: scenario.Makeup = (
        "mixed" if size > 1 and likely(chance, 0.5) else chance.choice(("men", "men", "men", "women"))
    )
    needs = {"child"} if size >= FAMILY else set()  # three are a family
    needs |= {"medical"} if likely(chance, 0.1) else set()
    needs |= {"step_free"} if likely(chance, 0.06) else set()
    out = story.out is not None
    region = chance.randrange(3)
    place = chance.choice(("flat-1", "flat-2", "flat-3", "flat-4", "near-minsk")) if out else PLACES[region][0]
    if out and place in ("flat-1", "flat-2", "near-minsk"):
        needs -= {"medical", "step_free"}
    level = 1 if out else max(2, story.risks[-1][1])
    worse = chance.choice((5, 9, 14, 20)) if not out and likely(chance, 0.3) else None
    urgency = ((0, level), (worse, min(4, level + 1))) if worse else ((0, level),)
    country = chance.choice(("DE", "FR", "LT"))
    documents = [scenario.Paper(INTERNAL)] if likely(chance, 0.9) else []
    documents += [scenario.Paper(FOREIGN, 0 if likely(chance, 0.5) else chance.randint(10, 30))]
    documents += [scenario.Paper(f"visa_{country}", chance.randint(2 if out else 14, 40))]
    hazards = hazards_of([(day, points) for day, points in urgency])
    party = scenario.Party(
        id=story.pseudonym,
        size=size,
        weight=max(1, size - (size >= FAMILY)),  # of a family with a child, the child is not hunted
        makeup=makeup,
        start=scenario.Start(place, 0, chance.randint(5, 20) if out else 0),
        hazard=scenario.Hazard(
            danger=tuple(hazards.danger),
            inside=tuple(hazards.inside),
            near_abroad=tuple(hazards.near_abroad),
            abroad=tuple(hazards.abroad),
        ),
        earliest_day=0 if likely(chance, 0.8) else chance.randint(1, 6),
        documents=tuple(documents),
        needs=frozenset(needs),
        escort=level >= HUNTED and likely(chance, 0.6),
        wanted=level >= HUNTED and likely(chance, 0.3),
    )
    return Traveller(
        story,
        party,
        PLACES[region][1] if not out else "Квартира, где их поселили",
        AVOID[chance.randrange(len(AVOID))],
        urgency,
    )


AVOID: Final = (
    "",
    "",
    "Москва: там двоюродный брат.",
    "Ростов и Краснодар: родня по отцу.",
    "Не к землякам.",
    "Астрахань: работает дядя.",
)
FORBIDDEN: Final = {AVOID[5]: ("hub-astrakhan",)}


def full_scenario(stories: Sequence[Story]) -> scenario.Scenario:
    """What the demo's plan was made for: the network and everybody who is to travel, by pseudonym."""
    parties = tuple(
        replace(each.party, forbidden=frozenset(FORBIDDEN.get(each.avoid, ()))) for each in travellers(stories)
    )
    return replace(network(2017), parties=parties)


def sheet(each: Traveller, party: str, first: int, language: str) -> events.SheetKept:
    """The sheet of a traveller as the caseworker writes it; `first`: the calendar day of day 0."""
    known = each.party
    return events.SheetKept(
        party=party,
        name=known.id,
        size=known.size,
        weight=known.weight,
        makeup=known.makeup,
        language=language,
        needs=sorted(known.needs),
        escort=known.escort,
        wanted=known.wanted,
        documents=[events.Paper(paper.doc, first + paper.since if paper.since else None) for paper in known.documents],
        earliest=first + known.earliest_day if known.earliest_day else None,
        urgency=[(first + day if day else 0, level) for day, level in each.urgency],
        where=each.where,
        avoid=each.avoid,
    )


def placing(each: Traveller, party: str, first: int, rank: int) -> events.PartyPlaced:
    """Where a traveller is, as the coordinators add it."""
    start = each.party.start
    return events.PartyPlaced(
        party=party,
        start=events.Start(start.place, first, start.nights_used),
        forbidden=sorted(FORBIDDEN.get(each.avoid, ())),
        rank=rank,
    )
