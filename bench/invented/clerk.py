"""A clerk writes the records of one list, and spoils them in the ways in which lists are spoilt."""

from __future__ import annotations

import datetime as dt

from bench.invented.pen import Pen
from bench.invented.people import Person, World
from bench.invented.spelling import SCHOOL_WEIGHTS, SCHOOLS, case_of, patronymic_of, romanise
from bench.invented.words import MONTHS_EN, MONTHS_RU, NOTES_EN, NOTES_RU


class Clerk:
    """Writes records of people for one list."""

    def __init__(self, world: World, list_name: str) -> None:
        self.world, self.list_name, self.rng = world, list_name, world.rng
        self.pen = Pen(world.rng, world.forms)
        self.latin = {"helpline": 0.05, "newspaper": 0.12, "testimony": 0.77}[list_name]

    def record(self, person: Person) -> tuple[list[str], str, str]:  # noqa: C901, PLR0912 - one spoiling after the other
        """The fields without record_id, the script and what was done to the name."""
        r, w = self.rng, self.pen
        school = r.choices(list(SCHOOLS), SCHOOL_WEIGHTS)[0] if r.random() < self.latin else ""
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
            name = self.pen.slip(name)
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
                    date = f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"
            else:
                months = MONTHS_EN if latin else MONTHS_RU
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
            notes.append(r.choice(NOTES_EN if latin else NOTES_RU))
        return [home, date, where, "; ".join(notes)]
