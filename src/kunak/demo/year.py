"""One invented year, shaped by what one network published of 2017: who writes on which day, and what becomes of it.

Pure: the same seed gives the same year. Days count from 29 March (day 0), the day on which the hotline opened; the
published figures that shape it stand in `ARRIVED` and `BROUGHT_OUT` (as of 17 April, 18 May, 13 July, end of the year).
"""

from __future__ import annotations

import itertools
import random
import tomllib
from dataclasses import dataclass, field
from importlib import resources
from typing import Literal, TypeAlias

Texts: TypeAlias = dict[str, list[str]]
Kind: TypeAlias = Literal["person", "spam", "posing"]

LAST_DAY = 277
PEOPLE = 170
# (day, how many by then): first request 2 April; first brought out 7 April.
ARRIVED = ((3, 0), (19, 60), (50, 80), (106, 120), (LAST_DAY, PEOPLE))
BROUGHT_OUT = ((8, 0), (19, 30), (50, 42), (106, 60), (LAST_DAY, 106))
SILENT = 2
SPAM = 14
POSING = 5
ENGLISH_SHARE = 0.12
WOMEN_SHARE = 0.12
RETURNS_AS_NEW = 0.05


@dataclass(frozen=True)
class Message:
    """A letter, a reply, a note or a word between helpers, on one day of the year."""

    day: int
    text: str


@dataclass(frozen=True)
class Task:
    """Something to do in a case: written down on `day`, due on `due`, done on `done` or still open."""

    day: int
    due: int
    done: int | None
    text: str


@dataclass
class Story:
    """One person who writes, and everything that follows from it."""

    number: int
    kind: Kind
    language: str
    letters: list[Message]
    replies: list[Message] = field(default_factory=list)
    pseudonym: str = ""
    opened: int | None = None
    risks: list[tuple[int, int]] = field(default_factory=list)  # (day, level of cases/events.py)
    needs: list[str] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    talk: list[Message] = field(default_factory=list)
    out: int | None = None
    closed: int | None = None
    silent: bool = False
    returns_as_new: Message | None = None


def read_texts(name: str) -> Texts:
    """The lists of one text file of this folder, by name: `letters_ru`, `letters_en`, `work_ru`."""
    source = resources.files("kunak.demo").joinpath("texts", f"{name}.toml")
    return {key: list(value) for key, value in tomllib.loads(source.read_text(encoding="utf-8")).items()}


def spread(steps: tuple[tuple[int, int], ...], chance: random.Random) -> list[int]:
    """Days on which the counted thing happened, so that the count at each step's day is the published one."""
    days: list[int] = []
    for (start, before), (end, after) in itertools.pairwise(steps):
        days += sorted(chance.randint(start + 1, end) for _ in range(after - before))
    return days


class Inventor:
    """Invents stories out of the texts, with one source of chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - an invented year, not a secret
        self.texts = {"ru": read_texts("letters_ru"), "en": read_texts("letters_en")}
        self.work = read_texts("work_ru")

    def fill(self, text: str, language: str) -> str:
        towns = self.work["towns" if language == "ru" else "towns_en"]
        return (
            text.replace("{age}", str(self.chance.randint(18, 43)))
            .replace("{days}", str(self.chance.choice((5, 6, 8, 10, 11, 12, 14, 20))))
            .replace("{small}", str(self.chance.randint(2, 4)))
            .replace("{town}", self.chance.choice(towns))
            .replace("{name}", self.chance.choice(self.work["names"]))
        )

    def first_letter(self, language: str) -> str:
        texts = self.texts[language]
        happened = texts["happened_woman" if self.chance.random() < WOMEN_SHARE else "happened"]
        parts = [self.chance.choice(texts["openings"]), self.chance.choice(happened)]
        if self.chance.random() < 0.85:  # noqa: PLR2004 - most ask for something
            parts.append(self.chance.choice(texts["asks"]))
        parts.append(self.chance.choice(texts["endings"]))
        joint = "\n\n" if self.chance.random() < 0.4 else " "  # noqa: PLR2004 - some leave lines between
        return self.fill(joint.join(part for part in parts if part), language)

    def story(self, number: int, arrives: int) -> Story:
        language = "en" if self.chance.random() < ENGLISH_SHARE else "ru"
        letters = [Message(arrives, self.first_letter(language))]
        day = arrives
        for text in self.chance.sample(self.texts[language]["follow_ups"], self.chance.choice((0, 0, 0, 1, 1, 1, 2))):
            day += self.chance.randint(1, 16)
            if day <= LAST_DAY:
                letters.append(Message(day, self.fill(text, language)))
        story = Story(number, "person", language, letters)
        story.replies = self.replies(story)
        if self.chance.random() < RETURNS_AS_NEW and arrives + 20 < LAST_DAY:
            story.returns_as_new = Message(arrives + 20, self.fill(self.texts[language]["follow_ups"][0], language))
        return story

    def replies(self, story: Story) -> list[Message]:
        texts = self.texts[story.language]["replies"]
        found: list[Message] = []
        for index, letter in enumerate(story.letters):
            day = letter.day + self.chance.choice((1, 1, 1, 1, 2, 3))
            # At the end of the year some letters wait for an answer, as they always do.
            late = letter.day > LAST_DAY - 40 and index == len(story.letters) - 1 and self.chance.random() < 0.4  # noqa: PLR2004
            unanswered = day > LAST_DAY or late
            if not unanswered:
                found.append(Message(day, texts[0] if index == 0 else self.chance.choice(texts[1:])))
        return found

    def open_case(self, story: Story, out: int | None) -> None:
        first = story.letters[0].day
        story.opened = min(first + self.chance.choice((1, 1, 1, 2, 2, 4)), LAST_DAY)
        end = out or LAST_DAY
        risk = self.chance.choice((1, 2, 2, 2, 3, 3))
        story.risks = [(story.opened, risk)]
        if out is not None:
            story.out = max(out, story.opened)
            story.risks.append((story.out, max(0, risk - 2)))
            # Support lasted one and a half to eight months, three and a half on average.
            closed = story.out + round(self.chance.triangular(45, 240, 75))
            story.closed = closed if closed <= LAST_DAY else None
        story.needs = self.chance.sample(self.work["needs"], self.chance.randint(1, 4))
        story.notes = self.messages(story.opened, end, "notes", (0, 1, 1, 2, 3))
        story.talk = self.messages(story.opened, end, "talk", (0, 0, 0, 1, 2))
        for text in self.chance.sample(self.work["tasks"], self.chance.choice((0, 1, 1, 2))):
            day = self.chance.randint(story.opened, max(story.opened, min(end, LAST_DAY - 1)))
            due = day + self.chance.randint(1, 9)
            still_open = due > LAST_DAY - 6 and self.chance.random() < 0.7  # noqa: PLR2004 - a few are overdue at the end
            story.tasks.append(Task(day, due, None if still_open else min(due, LAST_DAY), text))

    def messages(self, start: int, end: int, kind: str, how_many: tuple[int, ...]) -> list[Message]:
        texts = self.chance.sample(self.work[kind], self.chance.choice(how_many))
        last = max(start, min(end, LAST_DAY))
        return sorted((Message(self.chance.randint(start, last), text) for text in texts), key=lambda one: one.day)

    def nuisance(self, kind: Kind, number: int) -> Story:
        language = "en" if self.chance.random() < ENGLISH_SHARE else "ru"
        text = self.fill(self.chance.choice(self.texts[language][kind]), language)
        return Story(number, kind, language, [Message(self.chance.randint(6, LAST_DAY - 1), text)])


def invent(seed: int = 2017, people: int = PEOPLE) -> list[Story]:
    """The stories of a year, in the order of their first letter.

    `people` below 170 gives a thinner year of the same shape (the first ones of each week stay), for tests.
    """
    inventor = Inventor(seed)
    stories = [inventor.story(number, day) for number, day in enumerate(spread(ARRIVED, inventor.chance))]
    out_days = spread(BROUGHT_OUT, inventor.chance)
    silent = set(inventor.chance.sample(range(20, 50), SILENT))
    waiting = iter(out_days)
    names = [f"{name}" for name in inventor.work["pseudonyms"]]
    for story in stories:
        story.silent = story.number in silent
        if story.letters[0].day > LAST_DAY - 2:
            continue  # the newest letters still wait in the inbox
        out = None if story.silent else next(waiting, None)
        out = out if out is not None and out >= story.letters[0].day else None
        inventor.open_case(story, out)
        name = names[story.number % len(names)]
        story.pseudonym = name if story.number < len(names) else f"{name}-{story.number // len(names) + 1}"
    nuisances = [inventor.nuisance("spam", PEOPLE + n) for n in range(SPAM)]
    nuisances += [inventor.nuisance("posing", PEOPLE + SPAM + n) for n in range(POSING)]
    every = max(1, round(PEOPLE / people))
    kept = [story for story in stories + nuisances if story.number % every == 0]
    return sorted(kept, key=lambda story: (story.letters[0].day, story.number))
