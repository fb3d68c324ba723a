"""Folding as facts come, in whatever order, gives the same bytes as dropping all tables and folding everything again."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kunak.desk.workbench import Workbench
from kunak.vault.folding import Fact, Folding, letter_fact
from kunak.vault.letters import LetterReceived, expect_further
from kunak.vault.roster_room import RosterRoom
from kunak.vault.store import Vault
from tests.house import CHEAP, Noted, NotesRoom, Opened, Triaged

ENCODE = msgspec.json.Encoder().encode
IN_MEMORY = Path("/dev/shm") if Path("/dev/shm").is_dir() else None


def entry(number: int, event: msgspec.Struct, kind: str) -> Fact:
    return Fact(f"{number:032x}", "case:1", 0, "aa" * 16, number + 1, 1_491_120_000 + number, kind, ENCODE(event))


def letter(number: int) -> LetterReceived:
    key = bytes([number]) * 32 if number == 1 else None
    return LetterReceived("bb" * 16, "cc" * 16, number, "text", "en", f"letter {number}", [], None, 17_258, None, key)


def everything() -> list[Fact]:
    """Notes, a register whose values replace each other, letters, their triage, an event from the future, and a broken one."""
    facts = [
        entry(n, Noted(f"note {n}", [f"{m:032x}" for m in range(max(n - 2, 0), n)]), "notes.noted") for n in range(8)
    ]
    letters = [letter_fact(f"{100 + n:032x}", "week:2017-14", n, 17_258, ENCODE(letter(n))) for n in (1, 2)]
    triage = entry(20, Triaged(letters[0].id), "notes.triaged")
    opened = entry(21, Opened("cc" * 16, bytes([1]) * 32, "letter 1"), "notes.opened")
    newer = Fact(
        "ee" * 16, "case:1", 0, "aa" * 16, 30, 1_491_120_030, "tomorrow.happened", b'{"type":"tomorrow.happened"}'
    )
    broken = Fact(
        "ef" * 16, "case:1", 0, "aa" * 16, 31, 1_491_120_031, "notes.noted", b'{"type":"notes.noted","text":7}'
    )
    return [*facts, *letters, triage, opened, newer, broken]


FACTS = everything()


class Tables:
    """One desk's rooms, fed with facts by hand."""

    def __init__(self, folder: str) -> None:
        self.vault = Vault.create(Path(folder), "x", **CHEAP)
        self.folding = Folding(self.vault, [RosterRoom(), NotesRoom()])

    def take(self, fact: Fact) -> None:
        with self.vault.transaction() as db:
            if fact.type == "helpline.letter_received":
                row = (fact.id, 1, b"", 17_258, fact.compartment, "cc" * 16, fact.sequence, fact.body)
                db.execute("INSERT OR IGNORE INTO letter VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
                expect_further(db, "cc" * 16)
            self.folding.apply(db, [fact])

    def kept(self) -> list[str]:
        rows = self.vault.db.execute("SELECT id FROM letter WHERE content IS NOT NULL").fetchall()
        return [letter for (letter,) in rows]

    def labels(self) -> list[tuple[bytes, str]]:
        rows = self.vault.db.execute(
            "SELECT label, compartment FROM label JOIN place ON place.id = place ORDER BY label"
        ).fetchall()
        return [(label, compartment) for label, compartment in rows]


class AnyOrder(RuleBasedStateMachine):
    """Two desks are told the same facts, each in an order of its own."""

    @initialize(order=st.permutations(FACTS), other=st.permutations(FACTS))
    def begin(self, order: list[Fact], other: list[Fact]) -> None:
        self.folders = [tempfile.TemporaryDirectory(dir=IN_MEMORY) for _ in range(2)]
        self.desks = [Tables(folder.name + "/v") for folder in self.folders]
        self.waiting = [list(order), list(other)]

    @rule(desk=st.sampled_from([0, 1]), many=st.integers(1, 5))
    def some_come(self, desk: int, many: int) -> None:
        for fact in self.waiting[desk][:many]:
            self.desks[desk].take(fact)
        del self.waiting[desk][:many]

    @invariant()
    def both_know_the_same_once_they_were_told_the_same(self) -> None:
        told = [{fact.id for fact in FACTS} - {fact.id for fact in waiting} for waiting in self.waiting]
        if told[0] == told[1]:
            assert self.desks[0].folding.snapshot() == self.desks[1].folding.snapshot()

    def teardown(self) -> None:
        for tables, waiting in zip(self.desks, self.waiting, strict=True):
            for fact in waiting:
                tables.take(fact)
        snapshots = [tables.folding.snapshot() for tables in self.desks]
        labels = [tables.labels() for tables in self.desks]
        kept = [tables.kept() for tables in self.desks]
        for tables in self.desks:
            tables.vault.close()
        for folder in self.folders:
            folder.cleanup()
        assert snapshots[0] == snapshots[1]
        assert labels[0] == labels[1]
        assert kept == [[FACTS[9].id]] * 2


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=15, stateful_step_count=8, deadline=None)


def test_what_a_room_cannot_read_is_listed_and_never_skipped_in_silence(tmp_path: Path) -> None:
    tables = Tables(str(tmp_path / "v"))
    for fact in FACTS:
        tables.take(fact)
    rows = tables.vault.db.execute("SELECT fact, room, type FROM unfolded").fetchall()
    assert rows == [("ef" * 16, "notes", "notes.noted")]
    tables.vault.close()


def test_rooms_that_changed_are_folded_anew_when_the_desk_opens(tmp_path: Path) -> None:
    class Later(NotesRoom):
        schema = NotesRoom.schema + "CREATE INDEX notes_by_text ON notes_note (text);"

    from tests.house import House  # noqa: PLC0415 - only here

    house = House(tmp_path)
    oak = house.found("Oak")
    oak.pen.write("roster", [Noted("kept")])
    oak.vault.close()
    with Vault.open(tmp_path / "Oak", "Oak") as vault:
        bench = Workbench.over(vault, [Later()], house.clock)
        assert NotesRoom.texts(bench) == ["kept"]
        assert vault.db.execute("SELECT 1 FROM sqlite_master WHERE name = 'notes_by_text'").fetchone()
