"""Desks that are offline for days, are cut off between any two steps, and start again: nothing is lost, all come to the same.

Two caseworkers and the admin share cases. Hypothesis chooses who writes, who syncs, when the network or the power fails and where
exactly, when a desk is closed and opened again, and how far the clock moves.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from kunak.desk.relay_client import Reading, Unreachable
from kunak.desk.sync import Sync
from kunak.desk.workbench import Workbench
from kunak.vault.store import Vault
from kunak.vault.troubles import standing
from tests.honest_relay import HonestRelay
from tests.house import DAY, House, Noted, NotesRoom, Person

IN_MEMORY = Path("/dev/shm") if Path("/dev/shm").is_dir() else None
DESKS = ("Oak", "Birch", "Ash")
CASES = ("case:1", "case:2")


class PowerCut(BaseException):
    """The machine goes off: nothing that runs may catch this."""


class Frail(HonestRelay):
    """The honest relay behind a bad line: after `calls` more requests something fails, before or after the relay has acted."""

    def __init__(self, true: HonestRelay) -> None:
        super().__init__(true._clock)
        self.true = true
        self.calls: int | None = None
        self.failure: type[BaseException] = Unreachable
        self.after_acting = False

    def _through(self, name: str, *arguments: object) -> object:
        if self.calls == 0 and not self.after_acting:
            raise self.failure("cut off")
        answer = getattr(self.true, name)(*arguments)
        if self.calls == 0:
            raise self.failure("cut off, but the relay has done it")
        if self.calls is not None:
            self.calls -= 1
        return answer

    def append(self, envelopes: Sequence[tuple[bytes, bytes]]) -> list[int]:
        return self._through("append", envelopes)  # type: ignore[return-value]  # the true relay's own answer

    def read(self, after: int) -> Reading:
        return self._through("read", after)  # type: ignore[return-value]  # as above

    def roster(self) -> bytes | None:
        return self._through("roster")  # type: ignore[return-value]  # as above

    def put_roster(self, document: bytes) -> None:
        self._through("put_roster", document)

    def helpline(self) -> bytes | None:
        return self._through("helpline")  # type: ignore[return-value]  # as above

    def put_helpline(self, document: bytes) -> None:
        self._through("put_helpline", document)


class Desks(RuleBasedStateMachine):
    @initialize()
    def found(self) -> None:
        self.folder = tempfile.TemporaryDirectory(dir=IN_MEMORY)
        self.house = House(Path(self.folder.name))
        self.house.found("Oak")
        self.house.welcome("Birch")
        self.house.welcome("Ash")
        self.house.settle()
        for case in CASES:
            self.house.benches["Birch"].pen.new_compartment(case)
        for desk in ("Oak", "Ash"):
            self.house.benches["Birch"].pen.grant(CASES[0], self.house.id_of(desk))
        self.house.settle()
        self.shared_late = False
        self.frail = {desk: Frail(self.house.relay) for desk in DESKS}
        for desk in DESKS:
            self._seat(desk)
        self.written: dict[str, list[str]] = {case: [] for case in CASES}
        self.persons: list[Person] = []
        self.letters: list[str] = []

    def _seat(self, desk: str) -> None:
        self.house.syncs[desk] = Sync(self.house.benches[desk], self.frail[desk])

    @rule(desk=st.sampled_from(DESKS), many=st.integers(1, 3))
    def writes(self, desk: str, many: int) -> None:
        texts = [f"{desk} {len(self.written[CASES[0]]) + number}" for number in range(many)]
        self.house.benches[desk].pen.write(CASES[0], [Noted(text) for text in texts])
        self.written[CASES[0]] += texts

    @rule()
    def birch_writes_alone(self) -> None:
        text = f"alone {len(self.written[CASES[1]])}"
        self.house.benches["Birch"].pen.write(CASES[1], [Noted(text)])
        self.written[CASES[1]].append(text)

    @rule()
    def birch_shares_it_late(self) -> None:
        if not self.shared_late:
            self.house.benches["Birch"].pen.grant(CASES[1], self.house.id_of("Ash"))
            self.shared_late = True

    @rule(new=st.booleans())
    def somebody_writes_a_letter(self, new: bool) -> None:
        if new or not self.persons:
            self.persons.append(Person(self.house))
        text = f"letter {len(self.letters)}"
        self.persons[-1].write(text)
        self.letters.append(text)

    @rule(desk=st.sampled_from(DESKS))
    def syncs(self, desk: str) -> None:
        self.house.step(desk)

    @rule(desk=st.sampled_from(DESKS), calls=st.integers(0, 5), acted=st.booleans())
    def loses_the_network(self, desk: str, calls: int, acted: bool) -> None:
        frail = self.frail[desk]
        frail.calls, frail.failure, frail.after_acting = calls, Unreachable, acted
        self.house.step(desk)
        frail.calls = None

    @rule(desk=st.sampled_from(DESKS), calls=st.integers(0, 5), acted=st.booleans())
    def loses_power_and_starts_again(self, desk: str, calls: int, acted: bool) -> None:
        frail = self.frail[desk]
        frail.calls, frail.failure, frail.after_acting = calls, PowerCut, acted
        try:
            self.house.step(desk)
        except PowerCut:
            self._reopen(desk)
        frail.calls = None

    @rule(desk=st.sampled_from(DESKS))
    def is_closed_and_opened_again(self, desk: str) -> None:
        self._reopen(desk)

    def _reopen(self, desk: str) -> None:
        self.house.benches[desk].vault.close()
        vault = Vault.open(self.house.folder / desk, desk)
        self.house.benches[desk] = Workbench.over(vault, [NotesRoom()], self.house.clock)
        self._seat(desk)

    @rule(days=st.integers(1, 12))
    def days_pass(self, days: int) -> None:
        self.house.now += days * DAY

    @rule(hours=st.integers(-3, 3))
    def the_clock_is_corrected(self, hours: int) -> None:
        self.house.now += hours * 3_600

    def teardown(self) -> None:
        for _ in range(3):
            self.house.settle()
        found = {desk: NotesRoom.texts(self.house.benches[desk]) for desk in DESKS}
        letters = {desk: NotesRoom.letters(self.house.benches[desk]) for desk in DESKS}
        troubles = {t.kind for bench in self.house.benches.values() for t in standing(bench.vault.db)}
        pending = [self.house.step(desk).pending for desk in DESKS]
        snapshots = [bench.folding.snapshot() for bench in self.house.benches.values()]
        for bench in self.house.benches.values():
            bench.folding.rebuild()
        rebuilt = [bench.folding.snapshot() for bench in self.house.benches.values()]
        self.house.close()
        self.folder.cleanup()
        first, second = sorted(self.written[CASES[0]]), self.written[CASES[1]]
        assert found["Oak"] == first
        assert found["Birch"] == sorted(first + second)
        assert found["Ash"] == sorted(first + (second if self.shared_late else []))
        assert all(sorted(each) == sorted(self.letters) for each in letters.values())
        assert pending == [0, 0, 0]
        assert troubles <= {"clock-back"}
        assert rebuilt == snapshots


TestDesks = Desks.TestCase
# Without shrinking: each example takes a second, and the steps that are printed can be read as they are.
TestDesks.settings = settings(
    max_examples=8,
    stateful_step_count=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
