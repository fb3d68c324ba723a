"""Invented lists of invented people, with the truth: for tests, for learning the model's weights, for measuring.

python bench/invented.py DIR --people 5000 --seed 1      writes records.csv, truth.csv and meta.json
A person is on a list with a chance of her own; a record of her is spoilt in the ways that real lists are. The
romanisations, the slips and one name in ten are made here and not taken from names/, so that the brain is not asked
only what it was told.
"""

from __future__ import annotations

import argparse
import collections
import csv
import datetime as dt
import json
import random
from dataclasses import dataclass, replace
from pathlib import Path

from kunak.count.names import read_tables

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
_STEMS = "Аб Ах Ба Бек Вис Гайр Ден Джан Дол Ил Кур Мар Мед Мут Ор Ос Сай Сол Тай Тем Тес Тур Усп Хай Хан Хас Чер Шат Шах Эль Яс"
_TAILS = "алхаев булатов бекаев гириев дулаев игаев магомаев мирзаев мурзаев судаев султаев сумбаев сункаев тамираев хажиев ханаев"
_OWN = (
    "Дадаев Товзаев Закаев Кагиров Мадаев Мазаев Садулаев Сатуев Тимаев Хашиев Цечоев Чагаев Гучигов Межидов Бациев Дукузов "
    "Лорсанов Кушалиев Нукаев Осмаев Тепсуев Хачукаев Чадаев Тутаев Идигов Ибаев Мальсагов Такаев Цакаев Шамаев Эдилов"
)
_RUSSIAN = (
    "Баранов Беляев Васильев Виноградов Воробьёв Зайцев Иванов Ильин Киселёв Ковалёв Козлов Комаров Кузнецов Кузьмин "
    "Макаров Михайлов Новиков Павлов Петров Попов Семёнов Смирнов Соловьёв Тарасов"
)
_SLAVS = {
    "Алексей",
    "Александр",
    "Андрей",
    "Антон",
    "Артём",
    "Борис",
    "Вадим",
    "Валерий",
    "Василий",
    "Виктор",
    "Владимир",
    "Дмитрий",
    "Денис",
    "Евгений",
    "Иван",
    "Игорь",
    "Константин",
    "Максим",
    "Михаил",
    "Николай",
    "Олег",
    "Павел",
    "Роман",
    "Сергей",
    "Юрий",
    "Анна",
    "Галина",
    "Елена",
    "Ирина",
    "Людмила",
    "Мария",
    "Наталья",
    "Нина",
    "Ольга",
}
_STRANGE = "Абтархан Бекмурз Вадут Гамбот Дургали Заргали Имамхан Кахир Лалбек Мандар Нохчо Орцхо Ризбек Суьйпа Тоьла Хунар Чора Шимаз Элбаз Юшаъ"
_STRANGE_F = "Баянат Валисат Гихат Дзовдат Зазу Итиса Кисана Лалита Мамсат Пайлаха Селисат Хижан Яница"
_TEIPS = (
    "Дишний Гордалой Орстхой Белгатой Мелхи Хакой Эрсеной Беной Зандакой Ялхарой Харачой Билтой Терлой Курчалой Гендаргеной "
    "Садой Аллерой Цонтарой Келой Гуной Чартой Варандой Шикарой Чинхой Энгеной Нашхой Пешхой"
)
_NOTES_RU = [
    "обращались в прокуратуру",
    "увезли силовики",
    "родственники опознали",
    "задержан дома",
    "судьба неизвестна",
    "отпущен",
]
_NOTES_EN = ["released", "taken from home", "whereabouts unknown", "relatives informed"]
_MONTHS_RU = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
]
_MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

_BASE = dict(zip("абвгдезиклмнопрстуфы", "abvgdeziklmnoprstufy", strict=True)) | {
    "э": "e",
    "ъ": "",
    "ь": "",
    "ӏ": "",
    "ё": "e",
}
_SCHOOLS: dict[str, dict[str, str]] = {
    "bgn": {"ж": "zh", "й": "y", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya", "ё": "yo"},
    "icao": {"ж": "zh", "й": "i", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "iu", "я": "ia"},
    "informal": {"дж": "j", "ж": "zh", "й": "y", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "yu", "я": "ya"},
    "informal2": {"ж": "zh", "й": "j", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "yu", "я": "ya"},
    "german": {
        "дж": "dsch", "ж": "sch", "з": "s", "в": "w", "й": "i", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch", "щ": "schtsch",
        "ю": "ju", "я": "ja",
    },
    "french": {
        "дж": "dj", "ж": "j", "й": "ï", "у": "ou", "х": "kh", "ц": "ts", "ч": "tch", "ш": "ch", "щ": "chtch", "ю": "iou", "я": "ia",
    },
    "polish": {
        "дж": "dż", "ж": "ż", "в": "w", "й": "j", "х": "ch", "ц": "c", "ч": "cz", "ш": "sz", "щ": "szcz", "ю": "ju", "я": "ja",
    },
    "iso9": {"ж": "ž", "й": "j", "х": "h", "ц": "c", "ч": "č", "ш": "š", "щ": "ŝ", "ю": "û", "я": "â", "ё": "ë", "э": "è"},
    "gostb": {"ж": "zh", "й": "j", "х": "x", "ц": "cz", "ч": "ch", "ш": "sh", "щ": "shh", "ю": "yu", "я": "ya", "ё": "yo"},
    "turkish": {"дж": "c", "ж": "j", "й": "y", "х": "h", "ц": "ts", "ч": "ç", "ш": "ş", "щ": "ş", "ы": "ı", "ю": "yu", "я": "ya"},
}  # fmt: skip
_SCHOOL_WEIGHTS = (34, 15, 12, 5, 14, 8, 7, 3, 3, 2)
_NEAR = {
    "а": "оэ",
    "о": "ае",
    "е": "ис",
    "и": "еын",
    "у": "оц",
    "м": "и",
    "н": "ип",
    "р": "п",
    "с": "з",
    "т": "г",
    "л": "п",
}


def romanise(text: str, school: str) -> str:
    """Write Cyrillic text as one school does."""
    table = _BASE | _SCHOOLS[school]
    out, low = [], text.lower()
    at = 0
    while at < len(text):
        if low[at] == "е" and school in {"bgn", "french"} and (at == 0 or low[at - 1] in "аеёиоуыэюяьъй- "):
            sounds, step = ("ye" if school == "bgn" else "ie"), 1
        else:
            step = 2 if low[at : at + 2] in table else 1
            sounds = table.get(low[at : at + step], low[at : at + step])
        out.append(sounds.capitalize() if text[at].isupper() else sounds)
        at += step
    return "".join(out)


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
        tables = read_tables()
        self.forms = {r["name"]: (r["variants"].split(), r["short"].split()) for r in tables.given}
        self.men = [r["name"] for r in tables.given if r["sex"] == "m" and r["name"] not in _SLAVS] + _STRANGE.split()
        self.women = [
            r["name"] for r in tables.given if r["sex"] == "f" and r["name"] not in _SLAVS
        ] + _STRANGE_F.split()
        self.slav_men = [r["name"] for r in tables.given if r["sex"] == "m" and r["name"] in _SLAVS]
        self.slav_women = [r["name"] for r in tables.given if r["sex"] == "f" and r["name"] in _SLAVS]
        for names in (self.men, self.women):
            self.rng.shuffle(names)
        self.places = {r["place"]: [v for v in r["variants"].split() if "." not in v] for r in tables.places}
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
            return self.rng.choice(_RUSSIAN.split())
        kind = self.rng.random()
        if kind < 0.52:
            return self.rng.choice(_STEMS.split()) + self.rng.choice(_TAILS.split())
        if kind < 0.85:
            name = self.one(self.men).replace("-", "").lower().capitalize()
            return name[:-1] + "ев" if name[-1] in "иаья" else name + ("ев" if name[-1] in "уой" else "ов")
        return self.rng.choice(_OWN.split())

    def family(self, number: int, first: int) -> list[Person]:
        """One to six relatives; most families have one person on the lists."""
        r = self.rng
        size = r.choices((1, 2, 3, 4, 5), (60, 24, 11, 4, 1))[0]
        slav = r.random() < 0.06
        men, women = (self.slav_men, self.slav_women) if slav else (self.men, self.women)
        surname, father, home, teip = self.surname(slav), self.one(men), self.one(self.homes), r.choice(_TEIPS.split())
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

    # how a record goes wrong

    def slip(self, word: str) -> str:
        """One typing or reading error."""
        if len(word) < 4:
            return word
        at, kind = self.rng.randrange(1, len(word)), self.rng.random()
        if kind < 0.25 and at < len(word) - 1:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if kind < 0.45:
            return word[:at] + word[at + 1 :]
        if kind < 0.65:
            return word[:at] + word[at] + word[at:]
        letters = "abdeiklmnorstuvy" if word.isascii() else _NEAR.get(word[at], "аеоинтсрвлку")
        return word[:at] + self.rng.choice(letters) + word[at + 1 :]

    def variant(self, name: str) -> str:
        variants = self.forms.get(name, ([], []))[0]
        if variants and self.rng.random() < 0.7:
            return self.rng.choice(variants)
        soft = {"д": "т", "т": "д", "и": "е", "е": "и", "о": "а", "у": "о", "х": "хь", "к": "къ", "б": "п", "а": "аь"}
        spots = [i for i, c in enumerate(name) if i and c in soft]
        if not spots:
            return name
        at = self.rng.choice(spots)
        return name[:at] + soft[name[at]] + name[at + 1 :]

    def short(self, name: str) -> str:
        shorts = self.forms.get(name, ([], []))[1]
        return (
            self.rng.choice(shorts)
            if shorts and self.rng.random() < 0.8
            else name.split("-", maxsplit=1)[0][:4].rstrip("аеиоуья") + "ик"
        )


def case_of(word: str, feminine: bool, surname: bool, case: int) -> str:
    """Genitive, dative, instrumental (0, 1, 2) of a name, as a clerk would write it."""
    if surname:
        if feminine:
            return word[:-1] + "ой" if word.endswith("а") else word
        return word + ("а", "у", "ым")[case]
    if word[-1] in "еёиоуыэюӏъ":
        return word
    if word[-1] == "а":
        return word[:-1] + ("ы", "е", "ой")[case]
    if word[-1] in "йья":
        return word[:-1] + (("и", "е", "ей") if word[-1] == "я" else ("я", "ю", "ем"))[case]
    return word if feminine else word + ("а", "у", "ом")[case]


def patronymic_of(father: str, sex: str) -> str:
    """The patronymic as Russian documents write it."""
    stem = father[:-1] if father[-1] in "аьйия" and father[-2] not in "аеиоу" else father
    soft = father[-1] in "ийьуюоя"
    return stem + ("евич" if soft else "ович") if sex == "m" else stem + ("евна" if soft else "овна")


class Clerk:
    """Writes records of people for one list."""

    def __init__(self, world: World, list_name: str) -> None:
        self.world, self.list_name, self.rng = world, list_name, world.rng
        self.latin = {"helpline": 0.05, "newspaper": 0.12, "testimony": 0.77}[list_name]

    def record(self, person: Person) -> tuple[list[str], str, str]:  # noqa: C901, PLR0912 - one spoiling after the other
        """The fields without record_id, the script and what was done to the name."""
        r, w = self.rng, self.world
        school = r.choices(list(_SCHOOLS), _SCHOOL_WEIGHTS)[0] if r.random() < self.latin else ""
        form = []
        woman = person.sex == "f"
        given, surname, father = person.given, person.surname + ("а" if woman else ""), person.father
        if school and woman and r.random() < 0.3:
            surname = person.surname
        if r.random() < 0.115:
            given = w.variant(given)
            form.append("var")
        elif r.random() < 0.02:
            given = w.short(given)
            form.append("dim")
        if r.random() < 0.015:
            surname = w.variant(surname)
        father = w.variant(father) if r.random() < 0.1 else father
        patronymic = patronymic_of(father, person.sex)
        if r.random() < 0.1:
            patronymic = case_of(father, father[-1] == "а", False, 0)
        elif r.random() < 0.04:
            patronymic = ("дочь " if woman else "сын ") + case_of(father, father[-1] == "а", False, 0)
        if r.random() < 0.095:
            case = r.choices((0, 1, 2), (6, 3, 1))[0]
            given, surname = case_of(given, woman, False, case), case_of(surname, woman, True, case)
            form.append("case")
        if r.random() < 0.07:
            form.append("typo")
            if r.random() < 0.5:
                given = w.slip(given)
            else:
                surname = w.slip(surname)
        has_patronymic = r.random() < {"helpline": 0.45, "newspaper": 0.55, "testimony": 0.18}[self.list_name]
        name = self.arrange(given, surname, patronymic, form, has_patronymic)
        fields = [name, patronymic if has_patronymic and r.random() < 0.85 else "", *self.years(person)]
        fields += self.rest(person, latin=bool(school))
        if school:
            fields[0], fields[1] = romanise(fields[0], school), romanise(fields[1], school)
            fields[4], fields[6] = romanise(fields[4], school), romanise(fields[6], school)
        elif r.random() < 0.03:
            fields[0] = fields[0].replace("а", "a", 1).replace("о", "o").replace("е", "e")
        shout = r.random()
        if shout < 0.06:
            fields[0] = fields[0].replace(surname, surname.upper()) if not school else fields[0].upper()
        return [self.list_name, *fields], f"latin:{school}" if school else "cyr", "+".join(form) or "plain"

    def arrange(self, given: str, surname: str, patronymic: str, form: list[str], has_patronymic: bool) -> str:
        r = self.rng
        if r.random() < 0.1:
            form.append("partial")
            kind = r.random()
            if kind < 0.45:
                initials = given[0] + "." + (patronymic[0].upper() + "." if r.random() < 0.15 else "")
                return f"{surname} {initials}" if r.random() < 0.6 else f"{initials} {surname}"
            return surname if kind < 0.75 else given
        kind = r.random()
        if kind < 0.58:
            name = f"{surname}{',' if r.random() < 0.06 else ''} {given}"
            return f"{name} {patronymic}" if has_patronymic and r.random() < 0.25 else name
        return f"{given} {surname}"

    def years(self, person: Person) -> list[str]:
        r = self.rng
        born, age = person.born, person.event.year - person.born
        if r.random() < 0.12:
            born += r.choice((-1, 1))
        if r.random() < 0.012:
            born += r.choice((-10, 10))
        if r.random() < 0.25:
            age += r.choice((-2, -1, 1, 2))
        if r.random() < 0.18:
            age = round(age / 5) * 5
        has_year = r.random() < {"helpline": 0.64, "newspaper": 0.41, "testimony": 0.25}[self.list_name]
        has_age = r.random() < {"helpline": 0.45, "newspaper": 0.57, "testimony": 0.79}[self.list_name]
        about = "ок. " if r.random() < 0.1 else ""
        return [str(born) if has_year else "", f"{about}{age}" if has_age else ""]

    def place(self, name: str, *, latin: bool = False) -> str:
        r = self.rng
        variants = self.world.places[name]
        if variants and r.random() < 0.08:
            name = r.choice(variants)
        if r.random() < 0.1 and "-" in name:
            name = name.replace("-", r.choice((" ", "")))
        if r.random() < 0.03:
            name = self.world.slip(name)
        return r.choices(("", "village of " if latin else "с. ", "" if latin else "село "), (72, 20, 8))[0] + name

    def rest(self, person: Person, *, latin: bool) -> list[str]:
        r = self.rng
        day = person.second_event if person.second_event and r.random() < 0.5 else person.event
        exact = {"helpline": 0.9, "newspaper": 0.82, "testimony": 0.45}[self.list_name]
        seen = {"helpline": 0.93, "newspaper": 0.86, "testimony": 0.7}[self.list_name]
        date = ""
        if r.random() < 0.1:
            day += dt.timedelta(r.choice((-4, -3, -2, -1, 1, 2, 3, 4)))
        if r.random() < 0.02:
            day = day.replace(year=day.year + r.choice((-1, 1)), day=min(day.day, 28))
        if r.random() < 0.04 and day.day <= 12:
            day = day.replace(month=day.day, day=day.month)
        if r.random() < seen:
            if r.random() < exact:
                date = day.isoformat() if r.random() < 0.6 else day.strftime("%d.%m.%Y")
                if latin and r.random() < 0.3:
                    date = f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}"
            else:
                months = _MONTHS_EN if latin else _MONTHS_RU
                date = f"{months[day.month - 1]} {day.year}" if r.random() < 0.6 else f"{day.year}-{day.month:02d}"
        home = self.place(person.home, latin=latin) if r.random() < 0.89 else ""
        where = (
            self.place(person.event_place if r.random() < 0.93 else person.home, latin=latin)
            if r.random() < 0.64
            else ""
        )
        notes = []
        if r.random() < 0.18:
            notes.append("teip " + romanise(person.teip, "bgn") if latin else "тейп " + person.teip)
        if r.random() < 0.16:
            notes.append(r.choice(_NOTES_EN if latin else _NOTES_RU))
        return [home, date, where, "; ".join(notes)]


def invent(people: int, seed: int) -> tuple[list[list[str]], list[list[str]], dict[str, object]]:
    """Rows of records.csv and truth.csv, and meta.json, for so many people (most are on some list)."""
    world = World(seed)
    clerks = {name: Clerk(world, name) for name in LISTS}
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


def write(folder: Path, people: int, seed: int) -> None:
    """Write one invented data set."""
    folder.mkdir(parents=True, exist_ok=True)
    records, truth, meta = invent(people, seed)
    heads = {"records": FIELDS, "truth": ("record_id", "person_id", "family_id", "script", "name_form")}
    for name, rows in (("records", records), ("truth", truth)):
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(heads[name])
            writer.writerows(rows)
    (folder / "meta.json").write_text(json.dumps(meta, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    write(asked.folder, asked.people, asked.seed)
