"""Walks the way of one person over HTTP, as a browser without JavaScript would, and says at each step what held.

letter → relay → desk → case → answer → read with the code → removed. Nothing is looked up behind the doors, but for the relay's
disk, which must not hold what was said.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Final

from kunak.demo.browser import Browser, Form, Lost
from kunak.demo.carrying import Bearer
from kunak.demo.check_roads import lay, roads
from kunak.demo.house import PASSPHRASE, Clock, DeskDoor, House, found
from kunak.demo.person import Person
from kunak.demo.step import Step, must
from kunak.desk.app import ROOMS

LETTER: Final = "Здравствуйте. Мне дал этот адрес друг. <b>Это правда помощь?</b> {mark}"
SECOND: Final = "Спасибо. Паспорт у меня с собой. {mark}"
ANSWER: Final = "Здравствуйте. Да, мы настоящие. Не спешите & берегите себя. {mark}"
CODE_WORDS: Final = 7
PATIENCE_SECONDS: Final = 20.0


@contextmanager
def small_house(
    folder: Path, cheap: tuple[int, int] | None = None
) -> Iterator[tuple[House, DeskDoor, DeskDoor, tuple[Bearer, Bearer]]]:
    """An organisation with a caseworker and a coordinator, whose desks answer on ports, and two hosts with codes."""
    clock = Clock(time.time())
    clock.run()
    house = found(folder, clock, ROOMS, cheap=cheap)
    try:
        desk = house.join("caseworker", "Heron", cheap)
        other = house.join("caseworker", "Wren", cheap)
        for each in (desk, other):
            each.close()
            del house.desks[each.callsign]
        hosts = lay(house, cheap)
        doors = [DeskDoor(folder / callsign, clock, sync_pause=0.3).start() for callsign in ("Heron", "Stork")]
        try:
            yield house, doors[0], doors[1], hosts
        finally:
            for door in doors:
                door.stop()
    finally:
        house.close()


def walk(folder: Path, cheap: tuple[int, int] | None = None) -> Iterator[Step]:
    """Each step as it has held. Raises NotSo or Lost at the first that does not."""
    began = time.monotonic()

    def step(said: str) -> Step:
        nonlocal began
        now = time.monotonic()
        done, began = Step(said, now - began), now
        return done

    with small_house(folder, cheap) as (house, door, planning, hosts):
        yield step(
            "a relay runs; an organisation was founded; two caseworkers and two coordinators joined by invitation"
        )
        marks = {name: secrets.token_hex(8) for name in ("letter", "second", "answer", "sheet", "place")}
        person, helper = Person(house.door.address, "ru"), Browser(door.address, "en")
        coordinator = Browser(planning.address, "en")
        try:
            yield from letter(person, marks, step)
            yield from desk(helper, door, marks, step)
            yield from answer(person, marks, step)
            yield from second(helper, marks, step)
            yield from roads(house, coordinator, planning, hosts, step)
            yield from sheets(helper, coordinator, marks, step)
            nothing_at_the_relay(folder / "relay", [*marks.values(), person.code, *(host.code for host in hosts)])
            yield step("the relay's disk holds none of these words, and not the code")
        finally:
            person.close()
            helper.close()
            coordinator.close()


Say = Callable[[str], Step]


def letter(person: Person, marks: dict[str, str], step: Say) -> Iterator[Step]:
    """The person writes, and gets a code."""
    first = person.browser.open("/")
    must(first.status == HTTPStatus.OK, "The first page answers.")
    must("<script" not in first.html, "A page for persons has no script.")
    must("no-store" in first.headers.get("cache-control", ""), "A page for persons is not stored.")
    yield step("the first page answers, without a script, and asks not to be stored")
    person.write(LETTER.format(mark=marks["letter"]))
    must(len(person.code.split()) == CODE_WORDS, "A letter gives a code of seven words.")
    yield step("a letter was written first; the code of seven words came afterwards")
    person.leave()
    must(not person.browser.client.cookies, "Leaving takes the cookie away.")
    yield step("quick exit: no cookie is left")


def desk(helper: Browser, door: DeskDoor, marks: dict[str, str], step: Say) -> Iterator[Step]:
    """A caseworker unlocks the desk, reads, opens a case, answers."""
    must(helper.open("/").status == HTTPStatus.FORBIDDEN, "The desk lets nobody in without its one-use address.")
    helper.open(door.one_use_address())
    helper.submit(helper.page.form(having="passphrase"), passphrase=secrets.token_hex(4))
    must(helper.page.status == HTTPStatus.FORBIDDEN, "A wrong passphrase does not unlock.")
    helper.submit(helper.page.form(having="passphrase"), passphrase=PASSPHRASE)
    yield step("the desk was entered by its one-use address and unlocked; a wrong passphrase was refused")
    until = time.monotonic() + PATIENCE_SECONDS
    while marks["letter"] not in helper.open("/inbox").text:
        must(time.monotonic() < until, "The letter reaches the desk.")
        time.sleep(0.1)
    helper.follow(next(address.rsplit("/", 1)[-1] for _, address in helper.page.links if "/person/" in address))
    must(marks["letter"] in helper.page.text, "The caseworker reads the letter.")
    must("<b>Это правда" not in helper.page.html, "What a person writes is shown as text.")
    yield step("the letter stands in the inbox, and is shown as text")
    opening = next(address for _, address in helper.page.links if "/cases/open" in address)
    page = helper.open(opening)
    helper.submit(page.form(having="pseudonym"), pseudonym="Ольха")
    must("Ольха" in helper.page.text, "A case is opened under a pseudonym.")
    yield step("a case was opened under a pseudonym")
    reply = answer_form(helper)
    helper.submit(reply, text=ANSWER.format(mark=marks["answer"]))
    must(marks["answer"] in helper.page.text, "The answer stands in the conversation.")
    yield step("an answer was sent")


def answer_form(helper: Browser) -> Form:
    """The form for an answer, on this page or on that of the person whom it names."""
    try:
        return helper.page.form(action="/reply")
    except Lost:
        helper.follow(next(address.rsplit("/", 1)[-1] for _, address in helper.page.links if "/person/" in address))
        return helper.page.form(action="/reply")


def answer(person: Person, marks: dict[str, str], step: Say) -> Iterator[Step]:
    """The person comes back, mistypes, reads, writes on to the case, removes the answer, and leaves."""
    words = person.code.split()
    page = person.come_back(" ".join([words[0][:-1] + "ъъ", *words[1:]]))
    must(marks["answer"] not in page.text, "A wrong code opens nothing.")
    yield step("a mistyped code opens nothing")
    until = time.monotonic() + PATIENCE_SECONDS
    person.come_back(" ".join(f"{word.upper()}," for word in words))
    while not person.replies():
        must(time.monotonic() < until, "The answer reaches the mailbox.")
        time.sleep(0.2)
        person.browser.open("/letters")
    written = ANSWER.format(mark=marks["answer"])
    must(person.replies() == [written], "The person reads the answer as it was written.")
    yield step("the code, in capitals and with commas, opens the mailbox: the answer is there, signed by the helpline")
    person.write_more(SECOND.format(mark=marks["second"]))
    yield step("a second letter was written, sealed to the case")
    person.browser.open("/letters")
    person.put_away()
    must(not person.replies(), "An answer that was read is gone.")
    person.leave()
    person.come_back()
    must(not person.replies(), "Coming back shows no answer that was read.")
    person.leave()
    yield step("the answer was read and is gone")


def second(helper: Browser, marks: dict[str, str], step: Say) -> Iterator[Step]:
    """The second letter, sealed to the case, reaches the caseworker, who also sees that the answer was read."""
    conversation = helper.page.url
    until = time.monotonic() + PATIENCE_SECONDS
    while marks["second"] not in helper.open(conversation).text:
        must(time.monotonic() < until, "The second letter reaches the case.")
        time.sleep(0.1)
    yield step("the second letter reached the case")


def sheets(helper: Browser, coordinator: Browser, marks: dict[str, str], step: Say) -> Iterator[Step]:
    """A party sheet reaches the coordinators under its pseudonym; a place that they keep reaches no caseworker."""
    case = next(address for text, address in helper.open("/cases").links if text == "Ольха")
    sheet = next(address for _, address in helper.open(case).links if "/journeys/case/" in address)
    helper.submit(helper.open(sheet).form(having="where"), where=f"У реки {marks['sheet']}")
    until = time.monotonic() + PATIENCE_SECONDS
    while "Ольха" not in coordinator.open("/journeys/parties?show=unplaced").text:
        must(time.monotonic() < until, "The sheet reaches the coordinators.")
        time.sleep(0.1)
    must(marks["sheet"] in coordinator.page.text, "The coordinators read where the party is.")
    found = coordinator.open("/search?q=" + marks["letter"])
    letters = [each for _, each in found.links if "/person/" in each or "/cases/" in each]
    must(not letters, "They find no letter.")
    yield step("a party sheet reached the coordinators under its pseudonym; its letters did not")
    place = coordinator.open("/journeys/place").form(having="place")
    coordinator.submit(place, place=f"flat-{marks['place']}", zone="inside", kind="shelter", night_cost="5", hazard="0")
    must(marks["place"] in coordinator.open("/journeys/places").text, "A place is kept.")
    must(marks["place"] not in helper.open("/journeys/places").text, "A caseworker's desk shows no place.")
    yield step("a place was kept; a caseworker's desk shows none")


def nothing_at_the_relay(folder: Path, said: list[str]) -> None:
    """The plainest look at the relay's files; `make seizure` looks thoroughly."""
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for words in said:
                must(words.encode() not in content, f"The relay's {path.name} does not hold what was said.")
