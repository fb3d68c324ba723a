"""The fold of what happens on the way: any order of arrival gives the same tables; each word counts where it belongs."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kunak.journeys import register
from kunak.journeys.carrying import alarms, carriers, watches
from kunak.journeys.known import carried_events as carried
from kunak.vault.letters import LetterReceived
from kunak.vault.roster import Roster
from tests.helpline.folded import Folded, fact
from tests.journeys.test_standing import HELPERS

ENTRIES = [f"{number:02x}" for number in range(24)]
some = st.lists(st.sampled_from(ENTRIES), max_size=3, unique=True)
names = st.sampled_from(["a", "b"])
bodies = st.one_of(
    st.builds(carried.CarrierKept, names, st.just("host"), names, st.just("ru"), replaces=some),
    st.builds(carried.MailboxGiven, names, names, st.just(b"r"), st.just(b"k" * 32), some),
    st.builds(carried.PhrasesAgreed, names, names, names, some),
    st.builds(carried.StepDetailed, names, names, st.integers(0, 9), meet=names, replaces=some),
    st.builds(carried.Told, names, names, names, st.just("to"), names, names, st.integers(0, 9), names),
    st.builds(carried.TakenBack, st.lists(names, max_size=2)),
    st.builds(carried.LettersHeard, st.lists(st.sampled_from(ENTRIES), max_size=3)),
    st.builds(
        carried.WatchKept,
        names,
        st.sampled_from(["carrier/a", "party/b", "nobody"]),
        st.integers(0, 9),
        st.integers(0, 9),
        replaces=some,
    ),
    st.builds(carried.CheckedIn, st.sampled_from(["carrier/a", "party/b"]), st.integers(0, 9), st.integers(0, 9)),
    st.builds(carried.AlarmRaised, names, st.sampled_from(["duress", "missed"]), st.just("carrier/a"), st.just(5)),
    st.builds(carried.AlarmTaken, names),
    st.builds(carried.AlarmClosed, names, names),
    st.builds(
        LetterReceived,
        names,
        names,
        st.integers(2, 9),
        st.just("text"),
        st.just("ru"),
        names,
        st.just([]),
        st.none(),
        st.integers(0, 9),
    ),
)
where = st.sampled_from(["places", "journey:a", "journey:b", "case:k1", "intake"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(where, bodies), max_size=18), st.randoms(use_true_random=False))
def test_any_order_of_arrival_and_any_repetition_fold_to_the_same_tables(
    written: list[Any], chance: random.Random
) -> None:
    facts = [
        fact(ENTRIES[at], body, compartment=compartment, author=f"d{at % 2}", time=1_491_000_000 + at // 2)
        for at, (compartment, body) in enumerate(written)
    ]
    shuffled = facts + facts[: len(facts) // 2]
    chance.shuffle(shuffled)
    one, other = Folded(register, facts), Folded(register, shuffled)
    assert one.dump() == other.dump()
    # What is there can be read.
    carriers.all_of_them(one.db)
    carriers.letters(one.db)
    list(watches.watches(one.db))
    alarms.all_of_them(one.db, Roster({}), 0)


def folded(*written: tuple[str, str, Any]) -> Folded:
    return Folded(
        register,
        [
            fact(f"{at:02x}", body, compartment=compartment, author=author, time=1_000 + at)
            for at, (author, compartment, body) in enumerate(written)
        ],
    )


def standing(room: Folded, now: float = 2_000) -> dict[str, bool]:
    """Whether each alarm is closed, by where it stands and its id."""
    roster = Roster({each.id: each for each in HELPERS})
    return {f"{each.home} {each.alarm}": each.closed for each in alarms.all_of_them(room.db, roster, now)}


RAISED = carried.AlarmRaised("x", "duress", "carrier/a", 900)
OVER = carried.AlarmClosed("x", "жив и здоров")


def test_an_alarm_is_closed_by_two_different_helpers_where_it_stands() -> None:
    begun = ("aspen", "places", RAISED)
    assert standing(folded(begun)) == {"places x": False}
    assert standing(folded(begun, ("birch", "places", OVER), ("birch-laptop", "places", OVER))) == {"places x": False}
    assert standing(folded(begun, ("birch", "places", OVER), ("cedar", "places", OVER))) == {"places x": True}
    # A word in another compartment closes nothing, and an alarm there is another alarm.
    elsewhere = ("linden", "journey:p", OVER)
    assert standing(folded(begun, ("birch", "places", OVER), elsewhere)) == {"places x": False}
    raised_there = ("linden", "journey:p", RAISED)
    both = folded(begun, raised_there, elsewhere, ("birch", "journey:p", OVER))
    assert standing(both) == {"places x": False, "journey:p x": True}


def test_the_word_of_who_was_revoked_closes_nothing_that_is_young() -> None:
    room = folded(("aspen", "places", RAISED), ("birch", "places", OVER), ("elder", "places", OVER))
    assert standing(room) == {"places x": False}
    assert standing(room, 900 + 31 * 86_400) == {"places x": True}


def test_words_stand_only_where_their_kind_belongs() -> None:
    agreed = carried.PhrasesAgreed("a", "всё хорошо", "соседи шумят")
    room = folded(
        ("linden", "journey:a", agreed),
        ("linden", "journey:a", carried.CarrierKept("a", "host", "Ясень", "ru")),
        ("linden", "intake", RAISED),
        ("linden", "case:k1", agreed),
        ("linden", "journey:b", carried.WatchKept("w", "party/a", 5, 5)),
        ("linden", "journey:b", carried.CheckedIn("carrier/a", 5, 5)),
    )
    assert carriers.all_of_them(room.db) == {}
    assert standing(room) == {}
    assert watches.cases_with_phrases(room.db) == ["k1"]
    assert carriers.phrases(room.db, "carrier/a") == []
    # The party is that of the compartment, whatever the entry says.
    assert [whose for whose, _ in watches.watches(room.db)] == ["party/b"]
    assert watches.checkins(room.db, "carrier/a") == []
    assert len(watches.checkins(room.db, "party/b")) == 1
