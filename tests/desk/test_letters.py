"""Letters from persons reach every desk that holds `intake`, and are forgotten once they are triaged."""

from __future__ import annotations

import secrets

from kunak.desk.workbench import Workbench
from kunak.journal.grants import week_of
from kunak.sealing.compartment import identity_of
from kunak.sealing.failure import Damaged, NotForYou
from kunak.sealing.hybrid import Identity
from kunak.sealing.letter import Letter, Reply, first_letter_label, open_reply, seal_letter
from kunak.sealing.padded import open_padded
from kunak.vault.troubles import standing
from tests.house import DAY, House, NotesRoom, Opened, Person, Triaged


def kept(bench: Workbench) -> list[str]:
    """Fact ids of the letters that a desk keeps."""
    rows = bench.vault.db.execute("SELECT id FROM letter WHERE content IS NOT NULL ORDER BY position").fetchall()
    return [letter for (letter,) in rows]


def staffed(house: House) -> None:
    house.found("Oak")
    house.welcome("Birch")
    house.welcome("Ash")
    house.welcome("Fir", "coordinator")
    house.settle()


def opened_by_birch(house: House, person: Person, text: str) -> None:
    """Birch opens a case from a person's letters, shared with nobody."""
    birch = house.benches["Birch"].pen
    birch.new_compartment("case:1")
    birch.write("case:1", [Opened(person.keys.mailbox.hex(), person.keys.letter_key, text)])
    birch.write("intake", [Triaged(letter) for letter in kept(house.benches["Birch"])])
    _, secret = house.benches["Birch"].keyring.newest("case:1")
    person.write_to = bytes(identity_of(secret).recipient)


def test_a_first_letter_is_read_by_all_who_hold_intake_and_by_nobody_else(house: House) -> None:
    staffed(house)
    Person(house).write("Is this help?")
    house.settle()
    assert NotesRoom.letters(house.benches["Birch"]) == ["Is this help?"]
    assert NotesRoom.letters(house.benches["Ash"]) == ["Is this help?"]
    assert NotesRoom.letters(house.benches["Fir"]) == []


def test_later_letters_of_a_mailbox_are_recognised_and_come_once(house: House) -> None:
    staffed(house)
    person = Person(house)
    for text in ("one", "two", "three", "four", "five", "six", "seven"):
        person.write(text)
        house.settle()
    assert NotesRoom.letters(house.benches["Ash"]) == ["one", "two", "three", "four", "five", "six", "seven"]


def test_once_a_case_is_opened_only_its_members_read_what_the_person_writes(house: House) -> None:
    staffed(house)
    person = Person(house)
    person.write("one")
    house.settle()
    opened_by_birch(house, person, "one")
    house.settle()
    person.write("two")
    house.settle()
    birch, ash = house.benches["Birch"], house.benches["Ash"]
    assert NotesRoom.texts(birch) == ["one"]
    assert NotesRoom.letters(birch) == ["two"]
    assert NotesRoom.letters(ash) == NotesRoom.texts(ash) == kept(ash) == []
    assert standing(ash.vault.db) == standing(birch.vault.db) == []


def test_who_is_given_the_case_later_reads_the_letters_that_came_before(house: House) -> None:
    staffed(house)
    person = Person(house)
    person.write("one")
    house.settle()
    opened_by_birch(house, person, "one")
    person.write("two")
    house.settle()
    house.benches["Birch"].pen.grant("case:1", house.id_of("Ash"))
    house.settle()
    assert NotesRoom.texts(house.benches["Ash"]) == ["one"]
    assert NotesRoom.letters(house.benches["Ash"]) == ["two"]


def test_triage_that_arrives_before_the_letter_forgets_it_all_the_same(house: House) -> None:
    staffed(house)
    person = Person(house)
    person.write("one")
    house.step("Birch")
    opened_by_birch(house, person, "one")
    house.step("Birch")
    # Ash has been away: letter and triage come in one reading, and nothing of the letter stays.
    house.step("Ash")
    ash = house.benches["Ash"]
    assert kept(ash) == NotesRoom.letters(ash) == []
    before = ash.folding.snapshot()
    ash.folding.rebuild()
    assert ash.folding.snapshot() == before


def test_a_letter_that_does_not_prove_its_mailbox_is_named_and_left_out(house: House) -> None:
    staffed(house)
    person = Person(house)
    person.write("one")
    house.settle()
    week = house.recipient_of_the_week()
    forged = Letter(1, secrets.token_bytes(16), person.keys.mailbox, 2, "text", "en", "come to the station")
    sealed = seal_letter(forged, secrets.token_bytes(32), week)
    house.relay.append([(first_letter_label(week), sealed)])
    house.settle()
    assert NotesRoom.letters(house.benches["Ash"]) == ["one"]
    assert [trouble.kind for trouble in standing(house.benches["Ash"].vault.db)] == ["letter-unproven"]


def test_rubbish_under_the_label_of_the_week_harms_nothing(house: House) -> None:
    staffed(house)
    label = first_letter_label(house.recipient_of_the_week())
    house.relay.append([(label, secrets.token_bytes(4096)) for _ in range(20)])
    Person(house).write("still heard")
    house.settle()
    assert NotesRoom.letters(house.benches["Ash"]) == ["still heard"]
    assert [trouble.kind for trouble in standing(house.benches["Ash"].vault.db)] == ["letter-unopened"]


def test_after_its_week_a_triaged_letter_opens_with_nothing_that_a_desk_and_the_relay_have(house: House) -> None:
    staffed(house)
    person = Person(house)
    week = week_of(int(house.now // DAY))
    letter = person.write("last month")
    house.settle()
    assert opens(house, house.benches["Ash"], letter)
    opened_by_birch(house, person, "last month")
    house.settle()
    for _ in range(8):
        house.now += 7 * DAY
        house.settle()
    for callsign in ("Ash", "Oak"):
        bench = house.benches[callsign]
        assert week not in bench.keyring.compartments()
        assert not opens(house, bench, letter)
        assert vault_contains(bench, b"last month") == []
    assert vault_contains(house.benches["Birch"], b"last month") == ["envelope", "notes_note"]


def test_the_key_of_a_week_stays_while_a_letter_under_it_waits_for_triage(house: House) -> None:
    staffed(house)
    week = week_of(int(house.now // DAY))
    Person(house).write("still waiting")
    house.settle()
    for _ in range(8):
        house.now += 7 * DAY
        house.settle()
    assert week in house.benches["Ash"].keyring.compartments()
    assert NotesRoom.letters(house.benches["Ash"]) == ["still waiting"]


def test_a_reply_reaches_the_mailbox_once_and_is_seen_as_read_when_it_is_gone(house: House) -> None:
    staffed(house)
    person = Person(house)
    person.write("one")
    house.settle()
    birch = house.benches["Birch"]
    reply = Reply(1, secrets.token_bytes(16), person.keys.mailbox, int(house.now // DAY), "text", "You are not alone.")
    birch.pen.reply(reply, bytes(person.keys.identity.recipient))
    house.settle()
    ((mailbox, _, sealed),) = house.relay.messages.values()
    keys = [bytes.fromhex(key) for key in document_reply_keys(house)]
    assert open_reply(sealed, [person.keys.identity], keys, mailbox) == reply
    read = "SELECT read FROM message"
    assert birch.vault.db.execute(read).fetchall() == [(None,)]
    house.relay.messages.clear()
    house.settle()
    assert birch.vault.db.execute(read).fetchall() == [(birch.today,)]


def document_reply_keys(house: House) -> list[str]:
    from kunak.desk.documents import read_helpline  # noqa: PLC0415 - only here

    document = read_helpline(house.relay.documents["helpline"], house.benches["Oak"].keyring.own.organisation)
    assert document is not None
    return document.reply_keys


def opens(house: House, bench: Workbench, letter: Letter) -> bool:
    """Whether any key in a desk's vault, or that any envelope of the relay's log still gives to those keys, opens the letter."""
    db = bench.vault.db
    held = [Identity.from_seed(seed) for (seed,) in db.execute("SELECT seed FROM recipient").fetchall()]
    secrets_held = [secret for (secret,) in db.execute("SELECT secret FROM secret").fetchall()]
    log = [envelope.sealed for envelope in house.relay.log if envelope.sealed is not None]
    for sealed in log:
        try:
            content = open_padded(sealed, held)
        except (NotForYou, Damaged):
            continue
        secrets_held += granted(content)
    identities = [*held, *map(identity_of, secrets_held)]
    for sealed in log:
        try:
            content = open_padded(sealed, identities)
        except (NotForYou, Damaged):
            continue
        if letter.id in content:
            return True
    return False


def granted(content: bytes) -> list[bytes]:
    """Secrets in a batch of grants."""
    import json  # noqa: PLC0415 - only here
    from base64 import b64decode  # noqa: PLC0415

    bodies = [entry["body"] for entry in json.loads(content[64:])["entries"]]
    return [b64decode(body["secret"]) for body in bodies if body["type"] == "grant"]


def vault_contains(bench: Workbench, needle: bytes) -> list[str]:
    """Tables of the opened vault in which the words stand."""
    db = bench.vault.db
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    found = []
    for table in tables:
        for row in db.execute(f"SELECT * FROM {table}").fetchall():
            if any(needle in (value if isinstance(value, bytes) else str(value).encode()) for value in row):
                found.append(table)
                break
    return sorted(found)
