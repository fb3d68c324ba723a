"""A record of a list, read: what its dirty text means, ready to be compared. Its spelling is kept nowhere."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from kunak.count.linkage.dates import Day, read_age, read_birth_year, read_day
from kunak.count.linkage.forms import Name, read_name
from kunak.count.linkage.knowledge import Knowledge
from kunak.count.linkage.places import read_place

_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Record:
    """One row of LISTS.csv, as it stands there."""

    list_name: str
    record_id: str
    full_name: str
    patronymic: str = ""
    birth_year: str = ""
    age: str = ""
    place: str = ""
    event_date: str = ""
    event_place: str = ""
    notes: str = ""

    def content(self) -> tuple[str, ...]:
        """All but the id: what the partition may depend on."""
        return (
            self.full_name, self.patronymic, self.birth_year, self.age, self.place, self.event_date, self.event_place,
            self.notes, self.list_name,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What a record means."""

    name: Name
    born: int  # 0: not given
    age: int  # -1: not given
    place: str
    day: Day
    event_place: str
    teip: str

    @property
    def named(self) -> bool:
        """Whether anybody is named at all."""
        return bool(self.name.surname or self.name.given.initials)

    def born_about(self) -> int:
        """The year of birth by the age at the event, 0 if it cannot be told."""
        return self.day.year - self.age if self.age >= 0 and self.day.year else 0


def unread(record: Record, reading: Reading) -> list[str]:
    """The columns that could not be read: the record is compared as if they were empty. `full_name` where nobody is named."""
    unknown = {
        "birth_year": not reading.born, "age": reading.age < 0, "event_date": not reading.day.year,
    }  # fmt: skip
    found = [column for column, nothing in unknown.items() if nothing and getattr(record, column).strip()]
    return found if reading.named else ["full_name", *found]


def read_record(record: Record, known: Knowledge) -> Reading:
    """Read one record. Raises dates.ImpossibleDate."""
    schools = known.alphabet.schools(f"{record.full_name} {record.patronymic}", f"{record.place} {record.event_place}")
    return Reading(
        read_name(record.full_name, record.patronymic, schools, known),
        read_birth_year(record.birth_year),
        read_age(record.age),
        read_place(record.place, schools, known),
        read_day(record.event_date, known.words["months"]),
        read_place(record.event_place, schools, known),
        _teip(record.notes, schools, known),
    )


def _teip(notes: str, schools: tuple[str, ...], known: Knowledge) -> str:
    words = _WORD.findall(notes)
    for before, word in itertools.pairwise(words):
        if before.lower() in known.words["notes"]["teip"]:
            return known.alphabet.readings(word, schools)[0].removesuffix("i")
    return ""
