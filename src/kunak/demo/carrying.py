"""Puts hosts and drivers on the invented roads: mailboxes with codes, words told of a next step, a letter that means: somebody forces me."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kunak.demo.person import Person
from kunak.journeys.carrying import carriers, prepared, told
from kunak.journeys.known import carried_events as carried
from kunak.journeys.known import keys, records
from kunak.journeys.plans.next_steps import next_steps
from kunak.journeys.register import Watching

if TYPE_CHECKING:
    from collections.abc import Sequence
    from gettext import NullTranslations

    from kunak.demo.house import Desk, House
    from kunak.journeys.known.carried_events import CarrierKind
    from kunak.journeys.plans.next_steps import NextStep
    from kunak.sealing.code import Code

ORDINARY: Final = "Тётя Валя передаёт привет"
DURESS: Final = "Соседи опять шумели ночью"
DAY: Final = 86_400


@dataclass(frozen=True)
class Bearer:
    """`code`: their seven words, which nobody else has."""

    carrier: str
    name: str
    code: str


def take_on(desk: Desk, kind: CarrierKind, name: str, places: Sequence[str] = (), legs: Sequence[str] = ()) -> Bearer:
    """A host or a driver with a mailbox and agreed phrases."""
    carrier, top = secrets.token_hex(16), desk.bench
    kept = carried.CarrierKept(carrier, kind, name, "ru", list(places), list(legs))
    top.pen.write(keys.PLACES, [kept, carried.PhrasesAgreed(carrier, ORDINARY, DURESS)])
    known = carriers.one(top.vault.db, carrier)
    if known is None:
        raise RuntimeError("a carrier that was just written down is known")
    return Bearer(carrier, name, _spelled(carriers.give_mailbox(top, known)))


def _spelled(code: Code) -> str:
    return " ".join(code.words)


def set_out(house: House, desk: Desk, words: NullTranslations) -> list[Bearer]:
    """A host and a driver for a step that is next, told their part; the driver then writes the phrase of force. Empty if nobody travels."""
    top = desk.bench
    step = _soon(desk)
    if step is None:
        return []
    host = take_on(desk, "host", "Ясень", places=[step.to])
    driver = take_on(desk, "driver", "Щегол", legs=[step.leg])
    top.pen.write(
        keys.PLACES,
        [
            carried.StepDetailed(step.party, step.leg, step.day, "18:00", "19:30", "у старой мельницы", "второй подъезд", "красный шарф"),
            carried.WatchKept(secrets.token_hex(8), f"carrier/{host.carrier}", int(top.clock()) + DAY, 3_600, DAY),
        ],
    )  # fmt: skip
    for duty in told.Scene.read(top).duties(step.party):
        if duty.part in ("to", "drive"):
            told.tell(top, duty, _prepared(desk, step, duty.part, words))
    # An admin's desk gives out the key by which carriers believe what they read.
    for each in (desk, house.founder, desk):
        each.step()
    person = Person(house.door.address, "ru", hurried=True)
    person.come_back(driver.code)
    person.write_more(f"Здравствуйте. {DURESS}.")
    person.leave()
    person.close()
    desk.step()
    Watching(top, lambda: desk.sync.state().last_success).tidy()
    desk.step()
    return [host, driver]


def _soon(desk: Desk) -> NextStep | None:
    """The first departure that anybody may hear of now and whose end is somebody's flat, else any."""
    top = desk.bench
    scene = told.Scene.read(top)
    steps = sorted(next_steps(top.vault.db, top.roster), key=lambda step: (step.day, step.party))
    return next((step for step in steps if scene.duties(step.party)), None)


def _prepared(desk: Desk, step: NextStep, part: carried.Part, words: NullTranslations) -> str:
    db = desk.bench.vault.db
    party, leg = records.party(db, step.party), records.leg(db, step.leg)
    detail = carriers.details(db, step.party, step.leg, step.day)
    facts = prepared.Facts(
        party.name if party else "",
        party.sheet.kept.size if party and party.sheet else 1,
        step.day,
        step.arrival,
        leg.kept.mode if leg else "car",
        detail=detail.kept if detail else None,
    )
    return prepared.words_for(part, facts, words)
