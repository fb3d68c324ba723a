"""Other clerks: every list has its vice, schools are followed loosely, dates come in other styles.

Keyboards are left in the wrong layout, scans are misread, women stand under a husband's surname, years are rounded.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bench.invented.clerk import Clerk
from bench.invented.people import Person, World
from bench.invented.spelling import SCHOOLS, case_of, romanise

_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_GENITIVE = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]
_ENGLISH = [
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
_KEYS = dict(zip("йцукенгшщзхъфывапролджэячсмитьбю", "qwertyuiop[]asdfghjkl;'zxcvbnm,.", strict=True))
_READ_AS = (
    ("ш", "щ"),
    ("н", "и"),
    ("п", "л"),
    ("и", "п"),
    ("с", "е"),
    ("о", "0"),
    ("л", "д"),
    ("б", "6"),
    ("ц", "щ"),
    ("rn", "m"),
    ("i", "l"),
)
SCHOOLS_ELSEWHERE: dict[str, dict[str, str]] = SCHOOLS | {
    "congress": {"ж": "zh", "й": "ĭ", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "iu", "я": "ia", "ь": "ʹ", "э": "ė"},
    "dutch": {"дж": "dzj", "ж": "zj", "й": "j", "у": "oe", "х": "ch", "ц": "ts", "ч": "tsj", "ш": "sj", "щ": "sjtsj", "ю": "joe", "я": "ja"},
    "spanish": {"дж": "dzh", "ж": "zh", "й": "i", "х": "j", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "yu", "я": "ya"},
    "norwegian": {"ж": "zj", "й": "j", "х": "kh", "ц": "ts", "ч": "tsj", "ш": "sj", "щ": "sjtsj", "ю": "ju", "я": "ja"},
    "italian": {"дж": "g", "ж": "zh", "й": "j", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "ju", "я": "ja"},
}  # fmt: skip
_COMMON = [
    "bgn",
    "icao",
    "informal",
    "informal2",
    "german",
    "french",
    "polish",
    "iso9",
    "gostb",
    "turkish",
    "congress",
    "dutch",
    "spanish",
    "norwegian",
]
_SHARES = (20, 12, 16, 8, 8, 8, 5, 3, 3, 3, 5, 3, 2, 4)
_SLOPPY = {
    "х": ("kh", "h", "x"),
    "й": ("y", "i", "j"),
    "ж": ("zh", "j"),
    "в": ("v", "w"),
    "к": ("k", "c"),
    "ё": ("yo", "e"),
    "я": ("ya", "ia", "ja"),
}


class OtherClerk(Clerk):
    """Every list has its vice: one is in the genitive, one gives initials, one has no patronymics and sloppy Latin."""

    def __init__(self, world: World, list_name: str) -> None:
        super().__init__(world, list_name)
        self.latin = {"helpline": 0.22, "newspaper": 0.3, "testimony": 0.5}[list_name]
        self.married: dict[int, str] = {}

    def record(self, person: Person) -> tuple[list[str], str, str]:
        """The fields without record_id, the script and what was done to the name."""
        form: list[str] = []
        r = self.rng
        if person.sex == "f" and self.list_name == "testimony" and person.number % 7 == 0:
            person = replace(person, surname=self.married.setdefault(person.number, self.world.surname(slav=False)))
            form.append("married")
        woman = person.sex == "f"
        given = person.given
        if r.random() < 0.12:
            given = self.pen.variant(given)
            form.append("var")
        elif r.random() < 0.03:
            given = self.pen.short(given)
            form.append("dim")
        surname = _feminine(person.surname) if woman else person.surname
        if r.random() < (0.25 if self.list_name == "newspaper" else 0.04):
            given, surname = case_of(given, woman, False, 0), _bent(surname, woman)
            form.append("case")
        if r.random() < 0.08:
            form.append("typo")
            surname, given = (self.slip(surname), given) if r.random() < 0.55 else (surname, self.slip(given))
        father = _patronymic(person.father, person.sex)
        name, patronymic = self.compose(given, surname, father, person, form)
        place, date, where = self.where(person.home), self.when(person), self.where(person.event_place)
        script = "cyr"
        if r.random() < self.latin:
            school = r.choices(_COMMON, _SHARES)[0]
            name, patronymic, place, where = (self.latinise(t, school) for t in (name, patronymic, place, where))
            script = f"latin:{school}"
        elif r.random() < 0.01:
            name = _left_in_latin(name)
            form.append("keyboard")
        if self.list_name == "helpline" and r.random() < 0.15:
            name = name.lower()
        born, age = self.years(person)
        return [self.list_name, name, patronymic, born, age, place, date, where, ""], script, "+".join(form) or "plain"

    def compose(self, given: str, surname: str, father: str, person: Person, form: list[str]) -> tuple[str, str]:
        """The name field and the patronymic field."""
        r = self.rng
        has_father = r.random() < {"helpline": 0.35, "newspaper": 0.4, "testimony": 0.12}[self.list_name]
        if r.random() < {"helpline": 0.03, "newspaper": 0.14, "testimony": 0.04}[self.list_name]:
            form.append("partial")
            initials = f"{given[0]}." + (r.choice(("", " ")) + f"{person.father[0]}." if has_father else "")
            return r.choice((f"{surname} {initials}", f"{initials} {surname}", f"{initials}{surname}")), ""
        if r.random() < 0.06:
            form.append("partial")
            return (surname, "") if r.random() < 0.6 else (given, father if has_father else "")
        if "-" in given and r.random() < 0.3:
            given = given.replace("-", r.choice((" ", "")))
        name = r.choice((f"{surname} {given}", f"{given} {surname}", f"{surname}, {given}", f"{surname}  {given}"))
        if not has_father:
            return name, ""
        style = r.random()
        if style < 0.3:
            return f"{surname} {given} {father}", ""
        if style < 0.45:
            return name, f"{person.father[0]}."
        return name, person.father if style < 0.6 else father

    def slip(self, word: str) -> str:
        """A typing error, or one of optical reading."""
        if self.rng.random() < 0.35:
            found = [(a, b) for a, b in _READ_AS if a in word[1:]]
            if found:
                a, b = self.rng.choice(found)
                return word[0] + word[1:].replace(a, b, 1)
        return self.pen.slip(word)

    def latinise(self, text: str, school: str) -> str:
        """By one school, or by nobody's rules."""
        if self.rng.random() < 0.2:
            table = dict(SCHOOLS_ELSEWHERE[school])
            table |= {c: self.rng.choice(ways) for c, ways in _SLOPPY.items()}
            return romanise(text, school, SCHOOLS_ELSEWHERE | {school: table})
        return romanise(text, school, SCHOOLS_ELSEWHERE)

    def years(self, person: Person) -> list[str]:
        """Rounded, in doubt, as a span."""
        r, born = self.rng, person.born
        age = person.event.year - born + r.choices((-3, -2, -1, 0, 1, 2, 3), (1, 3, 10, 70, 10, 3, 1))[0]
        if r.random() < 0.12:
            born = round(born / 5) * 5
        if r.random() < 0.14:
            born += r.choice((-2, -1, 1))
        if r.random() < 0.3:
            age = round(age / 5) * 5
        year = r.choices(
            (f"{born}", f"{born} г.р.", f"ок. {born}", f"{r.randint(1, 28):02d}.{r.randint(1, 12):02d}.{born}"),
            (80, 8, 4, 8),
        )[0]
        years = r.choices((f"{age}", f"около {age} лет", f"{age}-{age + 3}", f"{age} y.o."), (80, 8, 4, 8))[0]
        has_year = r.random() < {"helpline": 0.55, "newspaper": 0.5, "testimony": 0.15}[self.list_name]
        has_age = r.random() < {"helpline": 0.3, "newspaper": 0.45, "testimony": 0.7}[self.list_name]
        return [year if has_year else "", years if has_age else ""]

    def when(self, person: Person) -> str:
        """A date in one of many styles, or a part of one."""
        r, day = self.rng, person.event
        if r.random() > {"helpline": 0.9, "newspaper": 0.9, "testimony": 0.75}[self.list_name]:
            return ""
        if r.random() < 0.12:
            day += dt.timedelta(r.choice((-14, -7, -2, -1, 1, 2, 7)))
        if r.random() < 0.06 and day.day <= 12:
            day = day.replace(month=day.day, day=day.month)
        exact = {"helpline": 0.85, "newspaper": 0.85, "testimony": 0.4}[self.list_name]
        month = f"{_GENITIVE[day.month - 1]}"
        if r.random() > exact:
            return r.choice(
                (
                    f"{day:%m.%Y}",
                    f"{day.year}-{day.month:02d}",
                    f"{_ENGLISH[day.month - 1]} {day.year}",
                    f"начало {month} {day.year}",
                    f"{day.year}",
                )
            )
        styles = (
            day.isoformat(), f"{day:%d.%m.%Y}", f"{day:%d.%m.%y}", f"{day.day} {month} {day.year} г.", f"{day:%d/%m/%Y}",
            f"{_ENGLISH[day.month - 1]} {day.day}, {day.year}", f"{day.day}.{_ROMAN[day.month]}.{day.year}", f"{day:%Y/%m/%d}",
            f"в ночь на {day.day} {month} {day.year}",
        )  # fmt: skip
        return r.choices(styles, (30, 30, 6, 12, 5, 6, 3, 5, 3))[0]

    def where(self, name: str) -> str:
        """A place with what stands around it."""
        r = self.rng
        if r.random() < 0.2:
            return ""
        variants = self.world.places[name]
        if variants and r.random() < 0.12:
            name = r.choice(variants)
        if r.random() < 0.04:
            name = self.slip(name)
        if "-" in name and r.random() < 0.15:
            name = name.replace("-", r.choice((" ", "")))
        return r.choices(
            (name, f"с.{name}", f"с. {name}", f"ЧР, {name}", f"{name}, Чечня", f"{name.upper()}"), (70, 6, 10, 5, 5, 4)
        )[0]


def _feminine(surname: str) -> str:
    return surname + "а" if surname[-1] == "в" else surname[:-2] + "ая" if surname.endswith("ий") else surname


def _bent(surname: str, woman: bool) -> str:
    return case_of(surname, woman, True, 0) if surname[-1] in "ва" else surname


def _patronymic(father: str, sex: str) -> str:
    stem = father[:-1] if father[-1] in "аьйия" else father
    return (
        stem + ("евич" if father[-1] in "ийья" else "ович")
        if sex == "m"
        else stem + ("евна" if father[-1] in "ийья" else "овна")
    )


def _left_in_latin(text: str) -> str:
    """Typed with the keyboard left in the Latin layout: Дадаев becomes Lflftd."""
    return "".join(_KEYS.get(c, _KEYS.get(c.lower(), c).upper()) for c in text)
