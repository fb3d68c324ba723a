"""Locked or open: nothing is shown without the passphrase, nothing is lost by locking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kunak.desk.app import Desk
from tests.cast import Cast, Person

if TYPE_CHECKING:
    from pathlib import Path

PAGES = [
    "/",
    "/inbox",
    "/cases",
    "/tasks",
    "/search?q=x",
    "/sync",
    "/status",
    "/help",
    "/call",
    "/wordings",
    "/nothing",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_locked_desk_shows_the_page_that_unlocks_it_and_nothing_else(cast: Cast, path: str) -> None:
    answer = cast.seat("Linden").get(path)
    assert answer.status_code == 423
    assert "passphrase" in answer.text
    assert "Linden" not in answer.text


def test_a_wrong_passphrase_is_said_calmly_and_another_try_opens(cast: Cast) -> None:
    linden = cast.seat("Linden")
    wrong = linden.post("/unlock", passphrase="Maple", to="/")
    assert wrong.status_code == 403
    assert "not the passphrase" in wrong.text
    assert linden.post("/unlock", passphrase="Linden", to="/cases").headers["location"] == "/cases"


def test_after_unlocking_nobody_is_led_away_from_the_desk(cast: Cast) -> None:
    linden = cast.seat("Linden")
    for to in ("//evil.example", "http://evil.example", "/\\evil.example", "javascript:x", "/\n/evil"):
        assert linden.post("/unlock", passphrase="Linden", to=to).headers["location"] == "/"
        linden.post("/lock")


def test_it_locks_itself_when_nobody_is_there_and_not_while_somebody_types(cast: Cast) -> None:
    linden = cast.at_work("Linden")
    cast.idle += 599
    assert not linden.desk.lock.lock_if_idle()
    assert linden.post("/awake").status_code == 204
    cast.idle += 599
    assert not linden.desk.lock.lock_if_idle()
    cast.idle += 2
    assert linden.desk.lock.lock_if_idle()
    assert linden.get("/inbox").status_code == 423


def test_asking_for_the_state_of_the_sync_does_not_keep_it_open(cast: Cast) -> None:
    linden = cast.at_work("Linden")
    cast.idle += 599
    assert linden.get("/status").status_code == 200
    cast.idle += 2
    assert linden.desk.lock.lock_if_idle()


def test_a_clock_that_jumps_back_neither_locks_nor_keeps_open_for_ever(cast: Cast) -> None:
    linden = cast.at_work("Linden")
    cast.idle -= 100_000
    assert not linden.desk.lock.lock_if_idle()
    cast.idle += 601
    assert linden.desk.lock.lock_if_idle()


def test_a_machine_that_slept_wakes_up_locked(cast: Cast) -> None:
    linden = cast.at_work("Linden")
    cast.idle += 8 * 3600
    assert linden.desk.lock.lock_if_idle()


def test_what_was_being_written_when_it_locked_is_kept_and_can_be_sent(cast: Cast) -> None:
    person = Person(cast)
    person.write("Вы ответите?")
    linden = cast.at_work("Linden")
    linden.desk.lock.lock()
    locked = linden.post(f"/person/{person.mailbox}/remark", text="он пишет «только ночью» & боится")
    assert locked.status_code == 423
    assert "он пишет «только ночью» &amp; боится" in locked.text
    kept = {"kept-text": "он пишет «только ночью» & боится", "kept-back": ""}
    shown = linden.post("/unlock", passphrase="Linden", to=f"/person/{person.mailbox}/remark", **kept)
    assert f'action="/person/{person.mailbox}/remark"' in shown.text
    assert "он пишет «только ночью» &amp; боится" in shown.text


def test_two_desks_on_one_vault_the_second_says_so(cast: Cast) -> None:
    cast.at_work("Linden")
    other = Desk(cast.folder / "Linden", 8_390, relay=lambda _: cast.house.relay, sync_pause=None)
    cast.helpers["second"] = cast.helpers.pop("Linden")
    twin = cast.seat("Linden")
    answer = twin.post("/unlock", passphrase="Linden", to="/")
    assert answer.status_code == 403
    assert "open in another desk" in answer.text
    assert other.lock.opened is None


@pytest.mark.parametrize("part", ["beginning", "middle"])
def test_a_vault_with_flipped_bits_is_named_and_not_deleted(cast: Cast, part: str) -> None:
    path = cast.folder / "Linden" / "vault.db"
    content = bytearray(path.read_bytes())
    at = 40 if part == "beginning" else len(content) // 2
    for place in range(at, len(content), 1_000):
        content[place] ^= 0xFF
    path.write_bytes(content)
    linden = cast.seat("Linden")
    answer = linden.post("/unlock", passphrase="Linden", to="/")
    assert answer.status_code == 403
    assert "damaged" in answer.text
    assert "Do not delete" in answer.text
    assert path.read_bytes() == content


def test_a_folder_without_a_vault_says_what_to_do(tmp_path: Path, cast: Cast) -> None:
    (cast.folder / "Nobody").mkdir()
    answer = cast.seat("Nobody").post("/unlock", passphrase="x", to="/")
    assert answer.status_code == 403
    assert "There is no vault" in answer.text


def test_the_language_is_remembered_and_both_are_complete_on_the_locked_page(cast: Cast) -> None:
    linden = cast.seat("Linden")
    assert linden.post("/language", language="ru", to="/").status_code == 303
    assert "Рабочее место заперто" in linden.get("/").text
    assert linden.post("/language", language="xx", to="/").status_code == 303
    assert "Рабочее место заперто" in linden.get("/").text
