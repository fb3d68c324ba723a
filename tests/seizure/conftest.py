"""What every seizure needs: a real relay, desks, and one who has written canaries into every field of the pages."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kunak.demo.person import Person
from tests.seizure.searching import canary
from tests.siege import Besieged, besieged


@dataclass
class Written:
    """Every canary that was typed, by field. `about` keeps the words of two of these apart."""

    canaries: dict[str, str] = field(default_factory=dict)
    about: str = ""

    def new(self, what: str) -> str:
        self.canaries[what] = canary(f"{self.about} {what}".strip())
        return self.canaries[what]

    @property
    def all(self) -> list[str]:
        return list(self.canaries.values())


Welcome = Callable[..., Person]


@pytest.fixture(scope="session")
def people() -> Iterator[Welcome]:
    """Persons with a browser each; their windows are closed afterwards."""
    came: list[Person] = []

    def welcome(address: str, language: str = "ru") -> Person:
        came.append(Person(address, language))
        return came[-1]

    yield welcome
    for person in came:
        person.close()


@pytest.fixture
def siege(tmp_path: Path) -> Iterator[Besieged]:
    found = besieged(tmp_path, [])
    yield found
    found.house.close()


@pytest.fixture
def report(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Says in the printed table what was searched and what was found."""
    return lambda text: record_property("found", text)


def write_everything(person: Person, written: Written) -> None:
    """A first letter with files, a second letter, and safe-contact preferences, with a canary in every field; then leave."""
    packed = gzip.compress(written.new("in a packed file").encode() * 2)
    person.write(
        f"{written.new('first letter')}\nПомогите",
        [
            (f"{written.new('name of a file')}.txt", written.new("in a file").encode(), "text/plain"),
            ("a.gz", packed, "application/gzip"),
        ],
    )
    written.canaries["code"] = person.code
    person.leave()
    person.come_back()
    person.write_more(written.new("second letter"))
    page = person.browser.open("/contact")
    form = page.form(having="how")
    for name in ("how", "address", "when", "never", "if_someone_else_answers"):
        form.fields[name] = [written.new(f"contact {name}")]
    person.browser.submit(form)
    person.leave()
