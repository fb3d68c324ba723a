"""A desk that is far behind gathers several answers of the relay into one transaction; what hinders it half-way costs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kunak.desk import hindrance, log_reading
from kunak.desk.relay_client import Reading, RelayRefused, Unreachable
from tests import honest_relay
from tests.honest_relay import HonestRelay
from tests.house import House, Noted, NotesRoom

CASE = "case:" + "0c" * 16
NOTES = 60


class Hindered(HonestRelay):
    """Shows what another relay keeps; after so many answers, `trouble` once."""

    def __init__(self, true: HonestRelay, answers: int, trouble: Exception | None) -> None:
        super().__init__(true._clock)
        self.__dict__.update({name: value for name, value in true.__dict__.items() if name != "_clock"})
        self.answers, self.trouble = answers, trouble

    def read(self, after: int) -> Reading:
        self.answers -= 1
        if self.answers < 0 and self.trouble is not None:
            trouble, self.trouble = self.trouble, None
            raise trouble
        return super().read(after)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(log_reading, "ENVELOPES_FAR_BEHIND", 12)
    monkeypatch.setattr(honest_relay, "ANSWER_ENVELOPES", 5)
    house = House(tmp_path)
    house.found("Oak")
    for name in ("Birch", "Ash"):
        house.welcome(name)
    house.settle()
    house.benches["Birch"].pen.new_compartment(CASE, [house.id_of("Ash")])
    for number in range(NOTES):
        house.benches["Birch"].pen.write(CASE, [Noted(f"{number:03}")])
    house.step("Birch")
    yield house
    house.close()


@pytest.mark.parametrize("answers", [1, 2, 4, 7])
@pytest.mark.parametrize(
    "trouble", [Unreachable("away"), RelayRefused("busy", "Not now.", again=True)], ids=["away", "busy"]
)
def test_what_came_before_the_line_broke_is_kept_and_the_rest_follows(
    house: House, answers: int, trouble: Exception
) -> None:
    ash = house.benches["Ash"]
    before = ash.pen.position(ash.vault.db)
    sync = house.syncs["Ash"]
    sync._log._relay = Hindered(house.relay, answers, trouble)
    assert sync.step().now == (hindrance.REFUSED["busy"] if isinstance(trouble, RelayRefused) else str(trouble))
    # One answer was 5 envelopes, of which the first was known.
    assert ash.pen.position(ash.vault.db) >= before + 5 * answers - (answers + 2)
    state = sync.step()
    assert (state.now, state.troubles, state.missing) == ("", [], [])
    assert NotesRoom.texts(ash) == [f"{number:03}" for number in range(NOTES)]
    kept = ash.folding.snapshot()
    ash.folding.rebuild()
    assert ash.folding.snapshot() == kept


def test_a_slow_line_keeps_each_answer_by_itself(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_reading, "SECONDS_TO_GATHER", 0.0)
    ash = house.benches["Ash"]
    taken: list[int] = []
    take_all = ash.receiving.take_all

    def counted(*arguments: object) -> None:
        taken.append(len(arguments[1]))  # type: ignore[arg-type]  # the envelopes
        take_all(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(ash.receiving, "take_all", counted)
    assert house.step("Ash").missing == []
    assert max(taken) <= honest_relay.ANSWER_ENVELOPES
    assert NotesRoom.texts(ash) == [f"{number:03}" for number in range(NOTES)]
