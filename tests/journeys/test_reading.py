"""A scenario that cannot be planned gets one sentence that says what to mend."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from kunak.frame.render import catalogues
from kunak.journeys.reckoning.reading import read_scenario
from kunak.journeys.reckoning.scenario import ZONES, Unplannable

from .scenes import leg, party, scene

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]


def changed(**change: Any) -> Json:
    return scene([party("P0"), party("P1")]) | change


def with_party(**change: Any) -> Json:
    return scene([party("P0", **change)])


def with_place(which: int, **change: Any) -> Json:
    raw = changed()
    raw["places"][which] |= change
    return raw


BROKEN: dict[str, tuple[Callable[[], Json], str]] = {
    "another format": (lambda: changed(format="kunak-scenario/2"), "format"),
    "no horizon": (lambda: changed(horizon=0), "at least one day"),
    "a negative number": (lambda: changed(tail_nights=-1), "tail_nights"),
    "a fraction": (lambda: changed(point_value=1.5), "point_value"),
    "a horizon of ages": (lambda: changed(horizon=10**6), "at most"),
    "a party too large to count": (lambda: with_party(size=10**12), "too large"),
    "a weight too large to count": (lambda: with_party(weight=10**12), "too large"),
    "a number too large": (lambda: changed(unsheltered_hazard=10**15), "unsheltered_hazard"),
    "no value of a point": (lambda: changed(point_value=0), "point_value"),
    "nobody": (lambda: changed(parties=[]), "nobody"),
    "a party twice": (lambda: changed(parties=[party("P0"), party("P0")]), "twice"),
    "a place that is nowhere": (lambda: changed(legs=[leg("car", "home", "moon")]), "moon"),
    "a leg that never comes again": (lambda: changed(legs=[leg("car", "home", "hub", every=0)]), "every"),
    "an escort pool that is nowhere": (lambda: changed(escort_pools=[]), "south"),
    "too few escorts told": (lambda: changed(escort_pools=[{"id": "south", "available": [1]}]), "available"),
    "too few weeks of money": (lambda: changed(budget={"weekly": [1]}), "weekly"),
    "apart from itself": (lambda: changed(apart=[["P0", "P0"]]), "itself"),
    "apart from a stranger": (lambda: changed(apart=[["P0", "P9"]]), "P9"),
    "a start in a haven": (lambda: with_party(start={"place": "haven", "day": 0}), "haven"),
    "a start nowhere": (lambda: with_party(start={"place": "moon", "day": 0}), "moon"),
    "a start after the end": (lambda: with_party(start={"place": "home", "day": 8}), "after the horizon"),
    "an empty party": (lambda: with_party(size=0), "size"),
    "a hazard that begins late": (
        lambda: with_party(
            hazard={"danger": [[1, 5]], "inside": [[0, 1]], "near_abroad": [[0, 1]], "abroad": [[0, 0]]},
        ),
        "night 0",
    ),
    "a zone that is none": (lambda: with_place(0, zone="moon"), "Place home: zone cannot be moon"),
    "beds in words": (lambda: with_place(1, beds="two"), "Place hub: beds is a text in quotation marks"),
    "beds in halves": (lambda: with_place(1, beds=1.5), "a fraction"),
    "a place without its zone": (
        lambda: changed(places=[{"id": "home", "kind": "home"}]),
        "Place home: the field zone",
    ),
    "a place without its name": (lambda: changed(places=[{"zone": "inside", "kind": "home"}]), "Place № 1"),
    "a slip in a field's name": (lambda: with_place(1, compromised_form=3), "compromised_form"),
    "a strange field": (lambda: changed(telephone="+7"), "no field telephone"),
    "a step of the hazard with one number": (
        lambda: with_party(
            hazard={"danger": [[0]], "inside": [[0, 1]], "near_abroad": [[0, 1]], "abroad": [[0, 0]]},
        ),
        "Party P0: hazard.danger needs exactly 2 values",
    ),
    "a day before the first in except": (
        lambda: changed(legs=[leg("car", "home", "hub", **{"except": [-1]})]),
        "Leg car",
    ),
    "people instead of a list": (lambda: changed(parties={}), "a list in square brackets"),
    "a promise of a leg that is nowhere": (lambda: with_party(pins=[{"leg": "x", "day": 0}]), "x"),
    "a promise on a day without departure": (lambda: with_party(pins=[{"leg": "car", "day": 1}]), "does not go"),
    "a promise too early": (lambda: with_party(earliest_day=3, pins=[{"leg": "car", "day": 2}]), "before it may go"),
    "a promise without papers": (lambda: with_party(pins=[{"leg": "plane", "day": 2}]), "may not take"),
    "two promises at once": (
        lambda: with_party(pins=[{"leg": "car", "day": 0}, {"leg": "lift", "day": 0}]),
        "two departures",
    ),
}


# Fields of the format that are missing in what is complained of, or that name what is to be mended.
FIELDS = {
    "beds",
    "zone",
    "hazard",
    "horizon",
    "intake",
    "weekly",
    "available",
    "pins",
    "every",
    "point_value",
    "weight",
    "near_abroad",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_scenario_says_what_to_mend(name: str) -> None:
    make, word = BROKEN[name]
    with pytest.raises(Unplannable) as told:
        read_scenario(msgspec.json.encode(make()))
    sentence = str(told.value)
    assert word in sentence
    assert "\n" not in sentence
    assert sentence.endswith((".", "?"))


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_scenario_says_it_in_russian(name: str) -> None:
    """Names and marks of the file stay as they are; every word around them is Russian."""
    make, _ = BROKEN[name]
    raw = msgspec.json.encode(make())
    with pytest.raises(Unplannable) as told:
        read_scenario(raw)
    said = told.value.said.told(catalogues(("journeys",), "ru").gettext)
    assert said.endswith(".")
    choices = {*ZONES, "kunak-scenario/1", "id", "JSON"}
    from_file = {*re.findall(r"[\w.-]+", raw.decode()), *choices}
    left = [word for word in re.findall(r"[A-Za-z][\w./-]*", said) if not {word, *word.split(".")} & from_file]
    left = [word for word in left if word.strip(".") not in from_file | FIELDS]
    assert left == [], said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "is empty"),
        (b'{"format": "kunak-scen', "ends in the middle"),
        (b'{\n "horizon": NaN}', "Line 2, character 13"),
        (b"[" * 100_000, "nested too deeply"),
        ('{"name": "ж"}'.encode("cp1251"), "UTF-8"),
        ('{"name": "ж"}'.encode("utf-16"), "UTF-8"),
        (b'{"format": "kunak-plan/1", "journeys": {}}', "This is a plan"),
        (b"[]", "kunak-scenario/1"),
        (b'"x"', "kunak-scenario/1"),
    ],
)
def test_what_is_no_scenario_says_what_it_is(text: bytes, words: str) -> None:
    with pytest.raises(Unplannable, match=words):
        read_scenario(text)


def test_of_two_values_under_one_name_none_is_lost_silently() -> None:
    twice = msgspec.json.encode(changed()).replace(b'"beds":3', b'"beds":30,"beds":3')
    with pytest.raises(Unplannable, match="hub: the field beds stands there twice"):
        read_scenario(twice)


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b'{"horizon": NaN}', b"[]", b"null", b"\xff\xfe", b"[" * 5000, b'{"format": "kunak-scenario/1"}'],
)
def test_what_is_no_scenario_is_told_apart(text: bytes) -> None:
    with pytest.raises(Unplannable):
        read_scenario(text)


def test_a_mark_before_the_first_byte_does_no_harm() -> None:
    assert read_scenario(b"\xef\xbb\xbf" + msgspec.json.encode(changed())).parties[0].id == "P0"


def test_a_good_scenario_is_read() -> None:
    assert read_scenario(msgspec.json.encode(changed())).weeks == 2
