"""Whatever the relay shows a desk instead of the truth, the desk says so, names it, and loses nothing of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kunak.desk import hindrance
from kunak.desk.relay_client import Reading
from kunak.desk.sync import Sync
from kunak.relay.wire import StoredEnvelope
from kunak.vault.troubles import Trouble, standing
from tests.house import House, Noted, NotesRoom
from tests.lying_relay import (
    Log,
    LyingRelay,
    cutting_off,
    dropping,
    dropping_cleverly,
    flipping_a_bit,
    posing_under,
    reordering,
    repeating,
    swapping_bytes,
)


class Two:
    """Birch and Ash share a case; the relay lies to Ash."""

    def __init__(self, house: House) -> None:
        self.house = house
        house.found("Oak")
        house.welcome("Birch")
        house.welcome("Ash")
        house.settle()
        self.birch, self.ash = house.benches["Birch"], house.benches["Ash"]
        self.birch.pen.new_compartment("case:1")
        self.birch.pen.grant("case:1", house.id_of("Ash"))
        house.settle()
        self.relay = LyingRelay(house.relay)
        house.syncs["Ash"] = Sync(self.ash, self.relay)

    def note(self, *texts: str) -> list[int]:
        """Birch writes, one envelope each; their true positions."""
        positions = []
        for text in texts:
            self.birch.pen.write("case:1", [Noted(text)])
            self.house.step("Birch")
            positions.append(len(self.house.relay.log))
        return positions

    def troubles(self) -> dict[str, Trouble]:
        return {trouble.kind: trouble for trouble in standing(self.ash.vault.db)}

    def read(self) -> list[str]:
        return NotesRoom.texts(self.ash)


@pytest.fixture
def two(house: House) -> Two:
    return Two(house)


def test_the_truth_is_not_taken_for_a_lie(two: Two) -> None:
    two.note("one", "two", "three")
    two.house.settle()
    assert two.read() == ["one", "three", "two"]
    assert two.troubles() == {}


def test_a_dropped_envelope_leaves_a_hole_that_is_named(two: Two) -> None:
    first, second, _ = two.note("one", "two", "three")
    two.relay.lie = dropping(second)
    two.house.step("Ash")
    assert two.read() == ["one", "three"]
    assert two.troubles()["relay-hole"].about == f"position {second}"
    missing = two.troubles()["missing"]
    assert missing.sentence.startswith(f"Entries 3 of device {two.house.id_of('Birch')[:8]} are missing")
    assert first < second


def test_a_cleverly_dropped_envelope_is_named_by_author_and_number_and_the_logs_differ(two: Two) -> None:
    _, second, _ = two.note("one", "two", "three")
    two.relay.lie = dropping_cleverly(second)
    two.house.step("Ash")
    assert two.read() == ["one", "three"]
    assert set(two.troubles()) == {"missing", "log-differs"}
    assert two.troubles()["log-differs"].about == two.house.id_of("Birch")[:8]


def test_what_was_missing_is_shown_when_it_comes_after_all(two: Two) -> None:
    _, second, _ = two.note("one", "two", "three")
    two.relay.lie = dropping(second)
    two.house.step("Ash")
    assert "missing" in two.troubles()
    two.relay.lie = lambda log: [*log, log[second - 1]._replace(position=len(log) + 1)]
    two.house.step("Ash")
    assert two.read() == ["one", "three", "two"]
    assert "missing" not in two.troubles()


def test_a_relay_that_withholds_everything_of_one_author_is_found_by_what_others_saw(two: Two) -> None:
    one, second, third, fourth, fifth, sixth = two.note("1", "2", "3", "4", "5", "6")
    two.relay.lie = dropping_cleverly(one, second, third, fourth, fifth, sixth)
    two.house.step("Ash")
    assert two.read() == []
    two.house.step("Oak")
    two.house.benches["Oak"].pen.write("roster", [Noted("hello")])
    two.house.step("Oak", "Ash")
    assert two.troubles()["log-differs"].about == two.house.id_of("Oak")[:8]


def test_an_envelope_that_is_shown_twice_is_named_and_counted_once(two: Two) -> None:
    first, _ = two.note("one", "two")
    two.relay.lie = repeating(first)
    two.house.step("Ash")
    assert two.read() == ["one", "two"]
    assert two.troubles()["relay-repeats"].about == f"position {first + 1}"


def test_two_envelopes_in_the_wrong_order_are_named(two: Two) -> None:
    first, second = two.note("one", "two")
    two.relay.lie = reordering(first, second)
    two.house.step("Ash")
    assert two.read() == ["one", "two"]
    assert "changed the order" in two.troubles()["log-differs"].sentence


def test_positions_that_do_not_grow_are_named(two: Two) -> None:
    first, second = two.note("one", "two")
    two.relay.lie = lambda log: [*log[: first - 1], log[second - 1], log[first - 1]]
    two.house.step("Ash")
    assert two.read() == ["one", "two"]
    assert {"relay-reordered", "relay-hole"} <= set(two.troubles())


def test_bytes_that_were_swapped_between_two_labels_are_named(two: Two) -> None:
    first, second = two.note("one", "two")
    two.relay.lie = swapping_bytes(first, second)
    two.house.step("Ash")
    assert two.read() == []
    assert two.troubles()["relay-changed"].about.endswith(f"position {second}")


@pytest.mark.parametrize("place", [0, 15, 16, 100, 4095])
def test_one_flipped_bit_is_named(two: Two, place: int) -> None:
    (first,) = two.note("one")
    two.relay.lie = flipping_a_bit(first, place)
    two.house.step("Ash")
    assert two.read() == []
    assert two.troubles()["relay-changed"].about.endswith(f"position {first}")


def test_other_bytes_under_a_known_label_are_not_believed(two: Two) -> None:
    (first,) = two.note("one")
    two.relay.lie = posing_under(first)
    two.house.step("Ash")
    assert two.read() == ["one"]
    assert "relay-changed" in two.troubles()


def test_a_relay_that_goes_back_is_named_and_what_we_wrote_is_sent_again(two: Two) -> None:
    two.note("one")
    two.house.step("Ash")
    two.ash.pen.write("case:1", [Noted("ours")])
    two.house.step("Ash")
    # The relay's disk broke, and a backup from before was put back.
    before = len(two.house.relay.log) - 2
    del two.house.relay.log[before:]
    two.house.relay.places = {key: place for key, place in two.house.relay.places.items() if place <= before}
    two.house.step("Ash")
    assert "relay-went-back" in two.troubles()
    two.house.step("Birch")
    two.house.settle()
    assert NotesRoom.texts(two.birch) == two.read() == ["one", "ours"]
    assert two.house.step("Ash").pending == 0


def test_what_was_acknowledged_and_never_seen_is_sent_again_at_once_when_the_relay_goes_back(two: Two) -> None:
    two.note("one")
    two.house.step("Ash")
    before = len(two.house.relay.log) - 1
    two.ash.pen.write("case:1", [Noted("ours")])
    two.house.syncs["Ash"]._send()  # acknowledged; then the line broke
    del two.house.relay.log[before:]
    two.house.relay.places = {key: place for key, place in two.house.relay.places.items() if place <= before}
    two.house.step("Ash")
    two.house.settle()
    assert "ours" in NotesRoom.texts(two.birch)
    assert two.house.step("Ash").pending == 0


def test_a_log_that_is_cut_off_is_named_at_once(two: Two) -> None:
    positions = two.note("one", "two")
    two.house.step("Ash")
    two.relay.lie = cutting_off(positions[0])
    two.house.step("Ash")
    assert two.troubles()["relay-went-back"].about == f"position {positions[0]}"
    assert two.read() == ["one", "two"]


def test_a_relay_that_acknowledges_and_does_not_keep_is_named_and_sent_to_again(two: Two) -> None:
    two.relay.swallow = True
    two.ash.pen.write("case:1", [Noted("ours")])
    two.house.step("Ash")
    two.relay.swallow = False
    two.note("somebody else's, in that position")
    two.house.step("Ash")
    assert "relay-lost-ours" in two.troubles()
    two.house.settle()
    assert "ours" in NotesRoom.texts(two.birch)


def test_a_relay_that_shows_two_desks_different_logs_is_found_with_the_first_envelope_that_crosses(two: Two) -> None:
    (first,) = two.note("only Birch sees this")
    two.relay.lie = dropping_cleverly(first)
    two.house.step("Ash")
    two.ash.pen.write("case:1", [Noted("from the other side")])
    two.house.step("Ash")
    two.birch.pen.write("case:1", [Noted("back")])
    two.house.step("Birch", "Ash")
    assert "log-differs" in two.troubles()


def test_an_author_in_perfect_order_tells_that_somebody_elses_envelope_is_withheld(two: Two) -> None:
    two.note("one")
    two.house.settle()
    two.house.benches["Oak"].pen.write("roster", [Noted("withheld from Ash")])
    two.house.step("Oak", "Birch")
    two.relay.lie = dropping_cleverly(len(two.house.relay.log))
    two.note("two")
    two.note("three")
    two.house.step("Ash")
    assert two.read() == ["one", "three", "two"]
    assert set(two.troubles()) == {"log-differs"}


def test_a_log_that_is_shown_otherwise_when_it_is_read_again_is_named(two: Two) -> None:
    two.note("one")
    two.house.settle()
    two.birch.pen.new_compartment("case:2")
    two.birch.pen.write("case:2", [Noted("two")])
    two.house.settle()
    position = len(two.house.relay.log)
    two.note("three")
    two.house.settle()
    two.relay.lie = flipping_a_bit(position)
    two.birch.pen.grant("case:2", two.house.id_of("Ash"))
    two.house.step("Birch", "Ash")
    assert two.troubles()["relay-changed-log"].about == f"position {position}"


class Odd(LyingRelay):
    answer: Callable[[int, Log], Reading]

    def read(self, after: int) -> Reading:
        return self.answer(after, self.true.log)


def test_what_comes_while_the_log_is_read_again_is_no_change_of_the_log(two: Two) -> None:
    """A person writes in the moment in which a desk looks once more for what it was granted."""
    two.note("Первая", "Вторая")
    two.house.step("Ash")
    with two.ash.vault.transaction() as db:
        db.execute("INSERT INTO setting VALUES ('reread', '1')")
    reads: list[int] = []

    def meanwhile(log: Log) -> Log:
        reads.append(len(log))
        if len(reads) == 2:
            two.house.relay.append([(b"\x07" * 16, bytes(4096))])
        return list(two.house.relay.log)

    two.relay.lie = meanwhile
    state = two.house.step("Ash")
    assert len(reads) > 2
    assert state.troubles == []
    assert state.position == len(two.house.relay.log)


def test_an_honest_relay_may_answer_with_one_envelope_at_a_time(two: Two) -> None:
    class Slow(LyingRelay):
        def read(self, after: int) -> Reading:
            return Reading(self.true.log[after : after + 1], len(self.true.log))

    two.note("one", "two", "three")
    state = Sync(two.ash, Slow(two.house.relay)).step()
    assert state.now == ""
    assert two.read() == ["one", "three", "two"]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(lambda _, log: Reading([], len(log) + 5), id="says that there is more and shows nothing"),
        pytest.param(lambda _, log: Reading(log[:3], len(log)), id="shows the beginning for ever"),
    ],
)
def test_an_answer_that_cannot_be_ends_the_step_with_a_sentence(
    two: Two, answer: Callable[[int, list[StoredEnvelope]], Reading]
) -> None:
    odd = Odd(two.house.relay)
    odd.answer = answer
    state = Sync(two.ash, odd).step()
    assert "relay" in state.now
    assert "relay-lied" in two.troubles()


def test_a_wrong_number_of_acknowledgements_is_not_believed(two: Two) -> None:
    class Miscounting(LyingRelay):
        def append(self, envelopes: object) -> list[int]:
            return []

    two.ash.pen.write("case:1", [Noted("ours")])
    state = Sync(two.ash, Miscounting(two.house.relay)).step()
    assert state.pending == 1
    assert state.now == hindrance.LIED
    assert "another number" in state.troubles[0].sentence


def test_sentences_about_the_relay_name_no_case_and_no_helper(two: Two) -> None:
    first, second, _ = two.note("one", "two", "three")
    two.relay.lie = dropping_cleverly(first, second)
    two.house.step("Ash")
    for trouble in two.troubles().values():
        assert "Birch" not in trouble.sentence + trouble.about
        assert "one" not in trouble.about


def test_a_device_restored_from_a_backup_forks_and_both_branches_are_kept(two: Two, tmp_path: Path) -> None:
    import shutil  # noqa: PLC0415 - only here

    from kunak.desk.workbench import Workbench  # noqa: PLC0415
    from kunak.vault.store import Vault  # noqa: PLC0415

    two.house.settle()
    two.birch.vault.scrub()
    shutil.copytree(two.birch.vault.folder, tmp_path / "backup")
    two.note("before the disk broke")
    two.house.step("Ash")
    with Vault.open(tmp_path / "backup", "Birch") as vault:
        restored = Workbench.over(vault, [NotesRoom()], two.house.clock)
        restored.pen.write("case:1", [Noted("after the restore")])
        Sync(restored, two.house.relay).step()
    two.house.step("Ash")
    assert two.read() == ["after the restore", "before the disk broke"]
    assert two.troubles()["fork"].about.endswith("number 2")
