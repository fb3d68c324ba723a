"""What is forgotten leaves no trace in any room's tables, to the byte, and costs no second folding of the whole vault."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from kunak.cases import events as cases
from kunak.desk.app import ROOMS
from kunak.desk.workbench import Workbench
from kunak.helpline import events as helpline
from kunak.journal.grants import INTAKE, PLACES
from kunak.journeys.known import carried_events as carried
from kunak.journeys.known import events as journeys
from kunak.vault.folding import Folding
from kunak.vault.forgetting import forget_compartments
from kunak.vault.store import Vault
from tests.house import House


class Invented:
    """An organisation's desk with some cases whose facts touch one another in all the ways that the pages allow."""

    def __init__(self, bench: Workbench, seed: int) -> None:
        self.bench, self.chance = bench, random.Random(seed)
        self.me = bench.keyring.own.id
        self.cases = [self.new() for _ in range(4)]
        self.parties = {case: self.new() for case in self.cases}
        self.boxes = {case: [self.new() for _ in range(self.chance.choice((1, 1, 2)))] for case in self.cases}
        self.boxes[""] = [self.new() for _ in range(3)]  # of persons without a case
        for name in (
            PLACES,
            *(f"case:{each}" for each in self.cases),
            *(f"identity:{each}" for each in self.cases),
            *(f"journey:{each}" for each in self.parties.values()),
        ):
            bench.pen.new_compartment(name, [self.me])

    def new(self) -> str:
        return self.chance.randbytes(16).hex()

    def write(self, compartment: str, *bodies: msgspec.Struct) -> list[str]:
        return [*self.bench.pen.write(compartment, bodies)]

    def live(self) -> None:
        for case in self.cases:
            self.open(case)
            self.travel(case)
        every = [box for boxes in self.boxes.values() for box in boxes]
        for _ in range(4):
            one, other = sorted(self.chance.sample(every, 2))
            self.write(INTAKE, helpline.Merged(one, other, same=self.chance.random() < 0.8))

    def open(self, case: str) -> None:
        place, chance = f"case:{case}", self.chance
        for box in self.boxes[case]:
            letters = [self.new() for _ in range(chance.randint(1, 3))]
            self.write(INTAKE, helpline.Taken(box, self.me), helpline.Attended(box, letters[:1]))
            (spam,) = self.write(INTAKE, helpline.SpamMarked(box, spam=True))
            self.write(INTAKE, helpline.SpamMarked(box, spam=False, replaces=[spam]))
            self.write(place, helpline.MailboxBrought(box, secrets.token_bytes(32), secrets.token_bytes(32), "ru"))
            for number, letter in enumerate(letters):
                self.write(
                    place,
                    helpline.LetterBrought(letter, self.new(), box, number, "text", "ru", 17_000, f"слово {case}"),
                )
            self.write(place, helpline.TalkBrought(self.new(), box, "remark", self.me, 5, "разговор"))
            self.write(INTAKE, helpline.Moved(box, case, letters))
            if chance.random() < 0.5:
                # A returning person's letters in the other mailbox, answered from another case.
                elsewhere = chance.choice([other for other in self.cases if other != case])
                self.write(f"case:{elsewhere}", helpline.Answered(box, self.new(), "ответ отсюда", seen=letters))
            else:
                self.write(place, helpline.Answered(box, self.new(), "ответ", seen=letters[:1]))
        task, need = self.new(), self.new()
        (first,) = self.write(place, cases.RiskAssessed(3, "обыск"))
        self.write(
            place, cases.Opened("Ольха", "ru"), cases.Assigned(self.me), cases.RiskAssessed(2, "тише", [first]),
            cases.TaskSet(task, "позвонить", 17_001, self.me), cases.NeedNamed(need, "shelter", "две недели"),
            cases.NeedSettled(need, "met"), cases.TaskSettled(task, "done"), cases.Noted("заметка"), cases.Talked("слово"),
        )  # fmt: skip
        self.write(
            f"identity:{case}", cases.Identified("name", "Имя"), cases.ContactKept(self.new(), "Брат", "", "", "no")
        )

    def travel(self, case: str) -> None:
        party, place = self.parties[case], f"case:{case}"
        carrier, draft = self.new(), self.new()
        self.write(
            place, journeys.PartyBegun(party), carried.PhrasesAgreed("", "всё хорошо у нас", "погода плохая стала")
        )
        self.write(f"journey:{party}", journeys.MessageDrafted(party, draft, "ru", "слова человеку"))
        self.write(place, journeys.DraftSent(party, draft, self.boxes[case][0], self.new()))
        self.write(
            f"journey:{party}",
            journeys.DraftSettled(party, draft, "sent"),
            carried.AlarmRaised(self.new(), "missed", f"party/{party}", 5),
        )
        self.write(
            PLACES,
            journeys.LegConfirmed(party, "car", 2, "left", 3),
            carried.Told(self.new(), self.new(), carrier, "to", party, "car", 2, "хозяину"),
        )
        self.write(PLACES, carried.AlarmRaised(self.new(), "duress", f"carrier/{carrier}", 7))

    def places_of(self, case: str) -> list[str]:
        return [f"case:{case}", f"identity:{case}", f"journey:{self.parties[case]}"]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    house = House(tmp_path)
    house.found("Oak")
    house.close()
    with Vault.open(tmp_path / "Oak", "Oak") as vault:
        yield Workbench.over(vault, ROOMS, house.clock)


@pytest.mark.parametrize("seed", range(10))
def test_a_forgotten_case_leaves_to_the_byte_what_a_rebuild_would_leave(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    invented = Invented(bench, seed)
    invented.live()
    forgotten = invented.chance.sample(invented.cases, 2)
    rebuilt = []

    def rebuild(folding: Folding) -> None:
        rebuilt.append(folding)

    with monkeypatch.context() as patch:
        patch.setattr(Folding, "rebuild", rebuild)
        for case in forgotten:
            with bench.vault.transaction() as db:
                forget_compartments(db, bench.keyring, bench.folding, invented.places_of(case))
    assert rebuilt == []
    left = bench.folding.snapshot()
    assert not any(case.encode() in line and b"cases_" in line for case in forgotten for line in left.splitlines())
    bench.folding.rebuild()
    assert bench.folding.snapshot() == left


def test_half_of_a_case_is_forgotten_as_well(bench: Workbench) -> None:
    invented = Invented(bench, 99)
    invented.live()
    with bench.vault.transaction() as db:
        forget_compartments(db, bench.keyring, bench.folding, [f"case:{invented.cases[0]}"])
    left = bench.folding.snapshot()
    assert "Имя" in left.decode()
    bench.folding.rebuild()
    assert bench.folding.snapshot() == left


def test_what_cannot_be_explained_is_folded_again(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    invented = Invented(bench, 7)
    invented.live()
    case = invented.cases[0]
    with bench.vault.transaction() as db:
        db.execute("UPDATE cases_events SET text = 'somebody changed the table' WHERE case_id = ?", (case,))
    rebuilt, honest = [], Folding.rebuild

    def rebuild(folding: Folding) -> None:
        rebuilt.append(folding)
        honest(folding)

    monkeypatch.setattr(Folding, "rebuild", rebuild)
    with bench.vault.transaction() as db:
        forget_compartments(db, bench.keyring, bench.folding, invented.places_of(case))
    assert len(rebuilt) == 1
    assert "somebody changed" not in bench.folding.snapshot().decode()
