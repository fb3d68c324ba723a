"""The way of one party, walked by the check: told leg by leg, confirmed by a host, and an alarm."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import msgspec

from kunak.demo.carrying import DURESS, take_on
from kunak.demo.house import CHEAP, PASSPHRASE, DeskDoor
from kunak.demo.person import Person
from kunak.demo.step import must
from kunak.journeys.known import bringing, events, keys, planning, records
from kunak.journeys.plans import proposing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kunak.demo.browser import Browser
    from kunak.demo.carrying import Bearer
    from kunak.demo.house import House
    from kunak.demo.step import Step

PATIENCE_SECONDS: Final = 20.0
_LEG: Final = {"mode": "car", "nights": 0, "first": 0, "last": 9, "every": 1, "fare": 10, "risk": 1, "seats": 4}
_HAZARD: Final = {"danger": [[0, 40]], "inside": [[0, 5]], "near_abroad": [[0, 2]], "abroad": [[0, 0]]}
_PLACES: Final = [
    {"id": "home", "zone": "danger", "kind": "home"},
    {"id": "hub", "zone": "inside", "kind": "shelter", "beds": 2},
    {"id": "flat", "zone": "inside", "kind": "shelter", "beds": 2},
]
SCENARIO: Final = {
    "format": "kunak-scenario/1", "name": "check", "horizon": 10, "tail_nights": 5, "point_value": 10,
    "unsheltered_hazard": 60, "compromised_hazard": 90, "places": _PLACES, "escort_pools": [],
    "legs": [{"id": "first", "from": "home", "to": "hub"} | _LEG, {"id": "second", "from": "hub", "to": "flat"} | _LEG],
    "parties": [{"id": "rowan", "size": 2, "weight": 2, "makeup": "women", "start": {"place": "home", "day": 0}, "hazard": _HAZARD}],
}  # fmt: skip
PLAN: Final = {
    "format": "kunak-plan/1", "scenario": "check", "bound": 0, "reasons": {},
    "journeys": {"rowan": {"steps": [{"leg": "first", "day": 0}, {"leg": "second", "day": 1}], "unsheltered": []}},
}  # fmt: skip


def lay(house: House, cheap: tuple[int, int] | None) -> tuple[Bearer, Bearer]:
    """Two coordinators, a plan in force, two hosts with mailboxes; the coordinators' desks are closed again."""
    one, other = house.join("coordinator", "Stork", cheap), house.join("coordinator", "Crane", cheap or CHEAP)
    keys.begin(one.bench)
    bringing.bring(one.bench, records.Known(), msgspec.json.encode(SCENARIO), one.bench.today)
    made = planning.prepare(records.read(one.bench.vault.db), one.bench.today)
    wish = proposing.Wish(made.scenario, made.first, "proposal", "check", (), 1)
    plan = proposing.propose(one.bench, wish, bringing.write_scenario(made.scenario), msgspec.json.encode(PLAN))
    hosts = take_on(one, "host", "Ясень", places=["hub"]), take_on(one, "host", "Клён", places=["flat"])
    house.settle()
    for desk in (one, other):
        desk.bench.pen.write(keys.PLACES, [events.PlanApproved(plan, approved=True)])
    house.settle()
    for desk in (one, other):
        desk.close()
        del house.desks[desk.callsign]
    return hosts


def roads(
    house: House, helper: Browser, door: DeskDoor, hosts: tuple[Bearer, Bearer], step: Callable[[str], Step]
) -> Iterator[Step]:
    """At the coordinator's desk and in two hosts' browsers. Raises NotSo."""
    address = house.door.address
    helper.open(door.one_use_address())
    helper.submit(helper.page.form(having="passphrase"), passphrase=PASSPHRASE)
    tell(helper)
    must(
        wait_for(lambda: "Между" in replies(address, hosts[0]) or "гости" in replies(address, hosts[0])),
        "A host reads.",
    )
    must(replies(address, hosts[1]) == "", "Whoever has no part in the next leg reads nothing.")
    yield step("a host read the next leg with a code of seven words; the host of the leg after it read nothing")
    write(address, hosts[0], "Приехали, всё тихо")
    must(
        wait_for(lambda: "всё тихо" in helper.open("/journeys/next").text), "The coordinator reads what the host wrote."
    )
    helper.submit(next(f for f in helper.page.forms if any(one[0] == "state" for one in f.buttons)), "arrived")
    must(wait_for(lambda: replies(address, hosts[0]) == ""), "What is over leaves the mailbox, read or unread.")
    tell(helper)
    must(
        wait_for(lambda: "гости" in replies(address, hosts[1])),
        "The next leg is told once the one before is confirmed.",
    )
    yield step("the host confirmed by a letter; only then was the next leg told, and nothing of the last one was left")
    before = replies(address, hosts[1])
    write(address, hosts[1], DURESS.lower().replace("опять", "опят"))
    must(wait_for(lambda: 'role="alert"' in helper.open("/help").html), "A phrase of force is an alarm on every page.")
    must(replies(address, hosts[1]) == before, "The page of whoever wrote it shows nothing.")
    yield step(
        "a phrase of force, with a slip of the finger, raised an alarm on every page; its writer's page shows nothing"
    )


def tell(helper: Browser) -> None:
    page = helper.open("/journeys/next")
    helper.submit(next(form for form in page.forms if "/journeys/next/tell" in form.action), "all")


def replies(address: str, bearer: Bearer) -> str:
    """All that the code yields now."""
    person = Person(address, "ru", hurried=True)
    try:
        person.come_back(bearer.code)
        return "\n".join(person.replies())
    finally:
        person.leave()
        person.close()


def write(address: str, bearer: Bearer, text: str) -> None:
    person = Person(address, "ru", hurried=True)
    person.come_back(bearer.code)
    person.write_more(text)
    person.leave()
    person.close()


def wait_for(held: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE_SECONDS
    while not held():
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True
