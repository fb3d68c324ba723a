"""What a desk does by itself: renews its recipient, asks again for what it could not open, makes the weeks ahead, watches clocks."""

from __future__ import annotations

import threading
import time

from kunak.desk.documents import read_helpline
from kunak.desk.sync import Sync
from kunak.vault.troubles import standing
from tests.house import DAY, House, Noted, NotesRoom


def kinds(house: House, callsign: str) -> set[str]:
    return {trouble.kind for trouble in standing(house.benches[callsign].vault.db)}


def recipients(house: House, callsign: str) -> list[int]:
    """Days on which the recipients that a desk still holds were made."""
    rows = house.benches[callsign].vault.db.execute("SELECT made FROM recipient ORDER BY made").fetchall()
    return [made for (made,) in rows]


def staffed(house: House) -> None:
    house.found("Oak")
    house.welcome("Birch")
    house.welcome("Ash")
    house.settle()


def test_a_recipient_is_renewed_every_week_and_destroyed_after_five(house: House) -> None:
    staffed(house)
    first = recipients(house, "Ash")
    for week in range(1, 8):
        house.now += 7 * DAY
        house.settle()
        assert max(recipients(house, "Ash")) == first[0] + 7 * week
    today = int(house.now // DAY)
    assert recipients(house, "Ash") == [today - 35, today - 28, today - 21, today - 14, today - 7, today]


def test_grants_are_sealed_to_the_newest_recipient(house: House) -> None:
    staffed(house)
    house.now += 7 * DAY
    house.settle()
    ash = house.benches["Ash"]
    newest = ash.keyring.identities()[0].recipient
    device = house.benches["Birch"].roster.get(house.id_of("Ash"))
    assert device is not None
    assert device.recipient == bytes(newest)


def test_who_was_away_too_long_for_a_grant_is_granted_again(house: House) -> None:
    staffed(house)
    birch, ash = house.benches["Birch"], house.benches["Ash"]
    birch.pen.new_compartment("case:1")
    birch.pen.write("case:1", [Noted("while you were away")])
    birch.pen.grant("case:1", house.id_of("Ash"))
    house.step("Birch")
    # Ash's machine was in a drawer; its clock and housekeeping run before it reads the log.
    house.relay.away = True
    house.now += 6 * 7 * DAY
    with ash.vault.transaction() as db:
        db.execute("DELETE FROM recipient")
        ash.keyring.add_recipient(db, bytes(range(32)), int(house.now // DAY))
    ash.receiving.forget_cached()
    house.relay.away = False
    house.step("Ash")
    assert NotesRoom.texts(ash) == []
    assert "grant-unopened" in kinds(house, "Ash")
    # The renewal has to be known before a grant can be sealed to it.
    for days in (7, 1, 1):
        house.now += days * DAY
        house.settle()
    assert NotesRoom.texts(ash) == ["while you were away"]
    assert "grant-unopened" not in kinds(house, "Ash")


def test_the_helpline_document_always_reaches_eight_weeks_ahead(house: House) -> None:
    staffed(house)
    for _ in range(5):
        house.now += 7 * DAY
        house.settle()
    document = read_helpline(house.relay.documents["helpline"], house.benches["Oak"].keyring.own.organisation)
    assert document is not None
    today = int(house.now // DAY)
    ahead = [week.from_day for week in document.weeks if week.from_day > today]
    assert len(ahead) == 8
    assert min(ahead) - today <= 7


def test_two_admins_publish_the_same_documents_and_do_not_quarrel(house: House) -> None:
    house.found("Oak")
    house.welcome("Elm", "admin")
    house.settle()
    before = dict(house.relay.documents)
    house.now += 3_600
    house.settle()
    assert house.relay.documents == before


def test_a_second_admin_can_invite_and_the_others_believe_it(house: House) -> None:
    house.found("Oak")
    house.welcome("Elm", "admin")
    house.settle()
    house.welcome("Birch", by="Elm")
    house.settle()
    for callsign in ("Oak", "Elm", "Birch"):
        assert {device.callsign for device in house.benches[callsign].roster.helpers()} == {"Oak", "Elm", "Birch"}
        assert kinds(house, callsign) == set()


def test_a_corrected_clock_keeps_the_order_of_entries(house: House) -> None:
    oak = house.found("Oak")
    oak.pen.write("roster", [Noted("first")])
    house.now -= 600
    oak.pen.write("roster", [Noted("second")])
    rows = oak.vault.db.execute("SELECT text FROM notes_note ORDER BY time, text").fetchall()
    assert rows == [("first",), ("second",)]
    times = [time for (time,) in oak.vault.db.execute("SELECT time FROM notes_note").fetchall()]
    assert len(set(times)) == 1
    assert kinds(house, "Oak") == set()


def test_a_clock_that_jumps_back_is_told_and_loses_nothing(house: House) -> None:
    staffed(house)
    house.benches["Birch"].pen.write("intake", [Noted("before")])
    house.now -= 3 * 365 * DAY
    house.benches["Birch"].pen.write("intake", [Noted("after")])
    assert "clock-back" in kinds(house, "Birch")
    house.now += 3 * 365 * DAY
    house.settle()
    assert NotesRoom.texts(house.benches["Ash"]) == ["after", "before"]
    assert kinds(house, "Ash") == set()


def test_a_clock_that_jumps_far_ahead_and_back_loses_no_letter_and_no_grant(house: House) -> None:
    staffed(house)
    house.now += 400 * DAY
    house.step("Birch")
    house.now -= 400 * DAY
    house.settle()
    house.benches["Oak"].pen.write("intake", [Noted("still here")])
    house.settle()
    assert NotesRoom.texts(house.benches["Ash"]) == ["still here"]


def test_the_background_sync_sends_what_is_written_and_stops_when_it_is_told(house: House) -> None:
    oak = house.found("Oak")
    sync = Sync(oak, house.relay)
    before = len(house.relay.log)
    sync.start(pause=60)
    oak.pen.write("roster", [Noted("sent by itself")])
    deadline = time.monotonic() + 10
    while len(house.relay.log) == before and time.monotonic() < deadline:
        time.sleep(0.01)
    sync.stop()
    assert len(house.relay.log) == before + 1
    assert "sync" not in {thread.name for thread in threading.enumerate()}
