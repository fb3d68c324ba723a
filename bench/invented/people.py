"""Invented people: families of one surname, taken together or alone, with the truth about each."""

from __future__ import annotations

import csv
import datetime as dt
import random
from dataclasses import dataclass, replace
from pathlib import Path

from bench.invented.words import OWN, RUSSIAN, SLAVS, STEMS, STRANGE, STRANGE_F, TAILS, TEIPS

# The names are kept here, so that a corrected line of names/ neither changes a measured file nor hides what it cannot read.
HERE = Path(__file__).resolve().parent


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table of this folder."""
    return list(csv.DictReader((HERE / name).read_text(encoding="utf-8").splitlines()))


@dataclass(frozen=True)
class Person:
    """The truth about one person."""

    number: int
    family: int
    surname: str
    given: str
    father: str
    sex: str
    born: int
    home: str
    event: dt.date
    event_place: str
    teip: str
    second_event: dt.date | None


class World:
    """Everything that is drawn at random, from one seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        given = table("given.csv")
        self.forms = {r["name"]: (r["variants"].split(), r["short"].split()) for r in given}
        self.men = [r["name"] for r in given if r["sex"] == "m" and r["name"] not in SLAVS] + STRANGE.split()
        self.women = [r["name"] for r in given if r["sex"] == "f" and r["name"] not in SLAVS] + STRANGE_F.split()
        self.slav_men = [r["name"] for r in given if r["sex"] == "m" and r["name"] in SLAVS]
        self.slav_women = [r["name"] for r in given if r["sex"] == "f" and r["name"] in SLAVS]
        for names in (self.men, self.women):
            self.rng.shuffle(names)
        self.places = {r["place"]: [v for v in r["variants"].split() if "." not in v] for r in table("places.csv")}
        self.homes = self.rng.sample(sorted(self.places), 75)
        self.sweeps = [self._date() for _ in range(60)]

    def _date(self) -> dt.date:
        years = (2000, 2001, 2002, 2003, 2005, 2007, 2009, 2012, 2015, 2017, 2018, 2020, 2022)
        year = self.rng.choices(years, (14, 16, 15, 9, 4, 3, 3, 3, 4, 18, 4, 3, 3))[0] + self.rng.randint(0, 1)
        return dt.date(year, 1, 1) + dt.timedelta(self.rng.randrange(364))

    def one(self, names: list[str]) -> str:
        """A name, the first ones far more often than the last."""
        return names[min(int(self.rng.expovariate(1 / 38)), len(names) - 1)]

    def surname(self, slav: bool) -> str:
        if slav:
            return self.rng.choice(RUSSIAN.split())
        kind = self.rng.random()
        if kind < 0.52:
            return self.rng.choice(STEMS.split()) + self.rng.choice(TAILS.split())
        if kind < 0.85:
            name = self.one(self.men).replace("-", "").lower().capitalize()
            return name[:-1] + "ев" if name[-1] in "иаья" else name + ("ев" if name[-1] in "уой" else "ов")
        return self.rng.choice(OWN.split())

    def family(self, number: int, first: int) -> list[Person]:
        """One to six relatives; most families have one person on the lists."""
        r = self.rng
        size = r.choices((1, 2, 3, 4, 5), (60, 24, 11, 4, 1))[0]
        slav = r.random() < 0.06
        men, women = (self.slav_men, self.slav_women) if slav else (self.men, self.women)
        surname, father, home, teip = self.surname(slav), self.one(men), self.one(self.homes), r.choice(TEIPS.split())
        event, where = (r.choice(self.sweeps) if r.random() < 0.3 else self._date()), self.one(self.homes)
        used: set[str] = set()
        people = []
        for k in range(size):
            sex = "f" if r.random() < 0.14 else "m"
            given = self.one(women if sex == "f" else men)
            while given in used:
                given = self.one(women if sex == "f" else men)
            used.add(given)
            together = r.random() < 0.62
            own = event if together else self._date()
            age = int(min(78, max(15, r.gauss(29, 11))))
            place = where if together and r.random() < 0.5 else (home if r.random() < 0.5 else self.one(self.homes))
            second = self._date() if r.random() < 0.02 else None
            own_home = home if r.random() < 0.9 else self.one(self.homes)
            elder = k == 0 and size > 1 and r.random() < 0.2 and sex == "m"
            person = Person(
                first + k, number, surname, given, father, sex, own.year - age, own_home, own, place, teip, second
            )
            if elder:
                person = replace(person, given=father, father=self.one(men), born=own.year - r.randint(45, 75))
                used.add(father)
            people.append(person)
        return people
