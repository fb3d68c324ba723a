"""The invented year has the shape of the published one."""

import pytest

from kunak.demo.year import LAST_DAY, PEOPLE, SILENT, invent


@pytest.mark.parametrize(("day", "asked"), [(3, 0), (19, 60), (50, 80), (106, 120), (LAST_DAY, PEOPLE)])
def test_as_many_have_asked_as_was_published(day: int, asked: int) -> None:
    people = [story for story in invent() if story.kind == "person"]
    assert sum(story.letters[0].day <= day for story in people) == asked


@pytest.mark.parametrize(("day", "least", "most"), [(8, 0, 0), (19, 20, 30), (LAST_DAY, 95, 106)])
def test_about_as_many_are_brought_out_as_was_published(day: int, least: int, most: int) -> None:
    assert least <= sum(story.out is not None and story.out <= day for story in invent()) <= most


def test_nobody_is_answered_before_they_wrote_and_no_case_opens_before_a_letter() -> None:
    for story in invent():
        first = story.letters[0].day
        assert all(reply.day >= first for reply in story.replies)
        assert story.opened is None or story.opened >= first
        assert story.out is None or story.opened is not None
        assert all(story.opened is not None and task.day >= story.opened for task in story.tasks)


def test_two_people_simply_stop_answering_and_some_write_who_are_no_friends() -> None:
    stories = invent()
    assert sum(story.silent for story in stories) == SILENT
    assert {story.kind for story in stories} == {"person", "spam", "posing"}


def test_the_same_seed_gives_the_same_year_and_another_seed_another() -> None:
    assert invent(1) == invent(1)
    assert invent(1) != invent(2)


def test_no_slot_of_a_text_stays_open() -> None:
    texts = [m.text for story in invent() for m in (*story.letters, *story.replies, *story.notes, *story.talk)]
    assert [text for text in texts if "{" in text or "}" in text] == []
