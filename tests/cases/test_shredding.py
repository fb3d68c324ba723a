"""A case is shredded from the pages: what it says first, who may, who has to agree, and what is left."""

from __future__ import annotations

import pytest

from kunak.journal.grants import ROSTER
from kunak.journal.shredding import ShredAgreed, ShredAsked
from kunak.sealing.compartment import open_envelope
from kunak.sealing.failure import Damaged
from kunak.vault import searching
from kunak.vault.troubles import standing
from tests.cast import COORDINATOR, Cast, Helper, Person

HOUR = 3_600


@pytest.fixture
def linden(cast: Cast) -> Helper:
    return cast.at_work("Linden")


@pytest.fixture
def maple(cast: Cast) -> Helper:
    return cast.at_work("Maple")


def id_of(helper: Helper) -> str:
    return str(helper.bench.keyring.own.id)


def shared_case(cast: Cast, linden: Helper, maple: Helper) -> tuple[Person, str]:
    """Linden's case, with Maple in it, a note that can be searched, and a person who asks that everything is deleted."""
    person = Person(cast)
    person.write("журавль в письме")
    cast.everybody_syncs()
    case = linden.open_case(person)
    linden.post(f"/cases/{case}/note", text="журавль в заметке", kind="note")
    linden.post(f"/cases/{case}/let-in", device=id_of(maple))
    linden.post(f"/cases/{case}/identity", name="Журавлёв", **{"was-name": ""})
    cast.everybody_syncs()
    person.replies()
    person.write("", kind="forget")
    cast.everybody_syncs()
    return person, case


def nothing_left(helper: Helper, case: str) -> None:
    db = helper.bench.vault.db
    assert helper.get(f"/cases/{case}").status_code == 404
    assert searching.find(db, "журавль", 10) == []
    assert searching.find(db, "Журавлёв", 10) == []
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for row in db.execute(f'SELECT * FROM "{name}"').fetchall():
            assert "журавл" not in repr(row).lower(), name
            assert case not in repr(row) or name.startswith(
                ("roster_", "helpline_moved", "helpline_people", "envelope")
            ), name
    before = helper.bench.folding.snapshot()
    helper.bench.folding.rebuild()
    assert helper.bench.folding.snapshot() == before
    assert [trouble.kind for trouble in standing(db)] == []


def test_two_caseworkers_shred_a_case_everywhere(cast: Cast, linden: Helper, maple: Helper) -> None:
    _, case = shared_case(cast, linden, maple)
    secrets = linden.bench.keyring.all_secrets_of(f"case:{case}")
    assert "asks that everything is deleted" in linden.see(f"/cases/{case}")
    page = linden.see(f"/cases/{case}/shred")
    assert "cannot be called back" in page
    assert "one of these has to agree: Maple" in page
    wrong = linden.post(f"/cases/{case}/shred", pseudonym="Ива")
    assert wrong.status_code == 400
    assert "not the pseudonym" in wrong.text
    linden.post(f"/cases/{case}/shred", pseudonym=" верба ")
    assert "Maple" in linden.see(f"/cases/{case}/shred")
    cast.everybody_syncs()
    # One alone destroys nothing, however long it takes.
    cast.house.now += 30 * 24 * HOUR
    cast.everybody_syncs()
    assert "журавль в заметке" in linden.see(f"/cases/{case}")
    assert "Linden asks that this case is shredded" in maple.see(f"/cases/{case}")
    answer = maple.post(f"/cases/{case}/shred/agree")
    assert answer.headers["location"] == "/cases?done=shred"
    cast.everybody_syncs()
    for helper in (linden, maple):
        nothing_left(helper, case)
    opened = [each for each in cast.house.relay.log if each.sealed and opens(each.label, each.sealed, secrets)]
    assert opened == []
    assert any(each.sealed is None for each in cast.house.relay.log)


def opens(label: bytes, sealed: bytes, secrets: list[bytes]) -> bool:
    for secret in secrets:
        try:
            open_envelope(secret, label, sealed)
        except Damaged:
            continue
        return True
    return False


def test_who_asked_cannot_agree_and_a_colleague_can_stop_it(cast: Cast, linden: Helper, maple: Helper) -> None:
    _, case = shared_case(cast, linden, maple)
    linden.post(f"/cases/{case}/shred", pseudonym="Верба")
    assert linden.post(f"/cases/{case}/shred/agree").status_code == 404
    cast.everybody_syncs()
    maple.post(f"/cases/{case}/shred/stop")
    cast.everybody_syncs()
    assert "asks that this case is shredded" not in linden.see(f"/cases/{case}")
    assert "журавль в заметке" in maple.see(f"/cases/{case}")


def test_a_single_caseworker_waits_three_days_and_can_stop_it(cast: Cast, linden: Helper) -> None:
    person = Person(cast)
    person.write("журавль")
    linden.sync()
    case = linden.open_case(person)
    assert "three days after you ask" in linden.see(f"/cases/{case}/shred")
    linden.post(f"/cases/{case}/shred", pseudonym="Верба")
    linden.sync()
    cast.house.now += 71 * HOUR
    linden.sync()
    linden.post(f"/cases/{case}/shred/stop")
    cast.house.now += 71 * HOUR
    linden.sync()
    assert linden.get(f"/cases/{case}").status_code == 200
    linden.post(f"/cases/{case}/shred", pseudonym="Верба")
    linden.sync()
    cast.house.now += 71 * HOUR
    linden.sync()
    assert linden.get(f"/cases/{case}").status_code == 200
    cast.house.now += 2 * HOUR
    linden.sync()
    nothing_left(linden, case)


def test_one_who_says_to_be_alone_and_is_not_destroys_nothing_on_the_others_desk(
    cast: Cast, linden: Helper, maple: Helper
) -> None:
    _, case = shared_case(cast, linden, maple)
    order = ShredAsked("ab" * 16, [f"case:{case}", f"identity:{case}"], alone=True)
    linden.bench.pen.write(ROSTER, [order])
    linden.bench.pen.write(ROSTER, [ShredAgreed("ab" * 16)])
    cast.everybody_syncs()
    cast.house.now += 100 * HOUR
    cast.everybody_syncs()
    assert "журавль в заметке" in maple.see(f"/cases/{case}")


def test_whoever_is_not_in_a_case_cannot_have_it_shredded(cast: Cast, linden: Helper, maple: Helper) -> None:
    person = Person(cast)
    person.write("журавль")
    cast.everybody_syncs()
    case = linden.open_case(person)
    maple.bench.pen.write(ROSTER, [ShredAsked("cd" * 16, [f"case:{case}"], alone=True)])
    cast.everybody_syncs()
    linden.bench.pen.write(ROSTER, [ShredAgreed("cd" * 16)])
    cast.house.now += 100 * HOUR
    cast.everybody_syncs()
    assert linden.get(f"/cases/{case}").status_code == 200
    aspen = cast.at_work(COORDINATOR)
    assert aspen.post(f"/cases/{case}/shred", pseudonym="Верба").status_code == 404


def test_a_desk_that_was_away_shreds_what_it_has_and_what_it_had_written_meanwhile(
    cast: Cast, linden: Helper, maple: Helper
) -> None:
    _, case = shared_case(cast, linden, maple)
    linden.post(f"/cases/{case}/shred", pseudonym="Верба")
    cast.everybody_syncs()
    maple.post(f"/cases/{case}/shred/agree")
    maple.sync()
    nothing_left(maple, case)
    # Linden was away, and writes into a case whose past the relay has shredded already.
    secrets = linden.bench.keyring.all_secrets_of(f"case:{case}")
    linden.post(f"/cases/{case}/note", text="журавль вдогонку", kind="note")
    for _ in range(2):
        linden.sync()
    nothing_left(linden, case)
    assert not [each for each in cast.house.relay.log if each.sealed and opens(each.label, each.sealed, secrets)]
    cast.everybody_syncs()
    for helper in (linden, maple):
        assert [trouble.kind for trouble in standing(helper.bench.vault.db)] == []


def test_who_is_let_in_while_it_is_shredded_elsewhere_is_told_of_no_lie(
    cast: Cast, linden: Helper, maple: Helper
) -> None:
    _, case = shared_case(cast, linden, maple)
    linden.post(f"/cases/{case}/shred", pseudonym="Верба")
    cast.everybody_syncs()
    elder = cast.seat("Elder").unlock()
    linden.post(f"/cases/{case}/let-in", device=str(elder.bench.keyring.own.id))
    linden.bench.pen.wake()
    opened = linden.desk.lock.opened
    assert opened is not None
    opened.sync.push()
    maple.post(f"/cases/{case}/shred/agree")
    maple.sync()
    for _ in range(2):
        elder.sync()
    nothing_left(elder, case)


def test_what_the_relay_shreds_by_itself_is_named(cast: Cast, linden: Helper, maple: Helper) -> None:
    person = Person(cast)
    person.write("журавль")
    linden.sync()
    case = linden.open_case(person)
    linden.post(f"/cases/{case}/note", text="одна", kind="note")
    linden.sync()
    linden.post(f"/cases/{case}/let-in", device=id_of(maple))
    linden.sync()
    rows = linden.bench.vault.db.execute(
        "SELECT e.position FROM envelope e JOIN chain c ON c.id = e.chain WHERE c.compartment = ?", (f"case:{case}",)
    ).fetchall()
    cast.house.relay.shred([position for (position,) in rows][:1])
    maple.sync()
    assert "relay-shredded" in {trouble.kind for trouble in standing(maple.bench.vault.db)}


def test_a_letter_that_the_relay_shreds_by_itself_is_named_and_one_that_was_filed_is_not(
    cast: Cast, linden: Helper, maple: Helper
) -> None:
    first, second = Person(cast), Person(cast)
    first.write("в дело")
    linden.sync()
    linden.open_case(first)
    linden.sync()
    # It is gone from the relay as soon as the case has it, before Maple has ever seen it.
    assert cast.house.relay.log[-1].sealed is not None
    maple.sync()
    assert standing(maple.bench.vault.db) == []
    second.write("этого никто не просил уничтожать")
    cast.house.relay.shred([len(cast.house.relay.log)])
    maple.sync()
    assert [trouble.kind for trouble in standing(maple.bench.vault.db)] == ["relay-shredded"]


def test_a_letter_that_was_filed_or_dropped_is_gone_from_the_relay(cast: Cast, linden: Helper) -> None:
    filed, dropped = Person(cast), Person(cast)
    filed.write("в дело")
    dropped.write("удалите меня")
    linden.sync()
    places = {each.position for each in cast.house.relay.log[-2:]}
    linden.open_case(filed)
    linden.sync()
    assert linden.post(f"/person/{dropped.mailbox}/act", action="drop").status_code == 404
    dropped.write("", kind="forget")
    linden.sync()
    places.add(max(each.position for each in cast.house.relay.log))
    assert "Delete everything, for good" in linden.see(f"/person/{dropped.mailbox}")
    linden.post(f"/person/{dropped.mailbox}/act", action="drop")
    linden.sync()
    assert linden.get(f"/person/{dropped.mailbox}").status_code == 404
    gone = {each.position for each in cast.house.relay.log if each.sealed is None}
    assert places <= gone
