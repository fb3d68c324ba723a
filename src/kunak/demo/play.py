"""Lives an invented year through the real doors: persons write on the pages, helpers read, answer and work at their desks.

Day by day: the clock is set, who has something to write writes it, the caseworkers' desks fetch it, open cases, answer, note, and send.
"""

from __future__ import annotations

import random
from collections import defaultdict
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, Literal

from kunak.cases import events as case_events
from kunak.cases import opening
from kunak.cases import register as cases
from kunak.demo.carrying import Bearer, set_out
from kunak.demo.laying import Roads
from kunak.demo.life import Life
from kunak.demo.person import Person
from kunak.demo.roads import PLAN_DAY
from kunak.demo.year import LAST_DAY, Story, read_texts
from kunak.frame.render import catalogues
from kunak.helpline import answering
from kunak.helpline import register as helpline
from kunak.sealing.code import MailboxKeys, read_code, root_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kunak.demo.house import Clock, Desk, House

DAY: Final = 86_400
ADMIN: Final = "Alder"
CASEWORKERS: Final = ("Heron", "Wren")
COORDINATOR: Final = "Stork"
SECOND_COORDINATOR: Final = "Crane"
# Every fourth case is Wren's: Heron's desk shows that it cannot see them.
WREN_EVERY: Final = 4
MORNING: Final = 7 * 3_600
DESK_EVERY: Final = 7
FRESH_DAYS: Final = 20  # what came in since then still waits for whoever tries the demo
RENEWAL_DAYS: Final = 42  # keys of the week are made eight weeks ahead


class Year:
    """`tell` is called with how much of the year is lived (0 to 1)."""

    def __init__(
        self, house: House, clock: Clock, stories: Sequence[Story], start: int, tell: Callable[[float], None]
    ) -> None:
        self.house = house
        self.clock = clock
        self.start = start  # Unix day of the year's day 0
        self.tell = tell
        self.chance = random.Random(2017)  # noqa: S311 - an invented year, not a secret
        self.organisation = bytes.fromhex(house.founder.bench.keyring.own.organisation.id)
        self.lives = [self.begin(story) for story in stories]
        self.plan: dict[int, list[Callable[[], None]]] = defaultdict(list)
        self.aside = ThreadPoolExecutor(max_workers=1)
        self.naming: list[Future[None]] = []
        self.bearers: list[Bearer] = []  # a host and a driver with their codes, once somebody travels

    def begin(self, story: Story) -> Life:
        callsign = CASEWORKERS[1 if story.number % WREN_EVERY == 0 else 0]
        return Life(story, Person(self.house.door.address, story.language, hurried=True), self.house.desks[callsign])

    def live(self) -> None:
        """The whole year, to the evening of its last day."""
        for life in self.lives:
            self.plan_letters(life)
        roads = None
        with ThreadPoolExecutor(max_workers=2) as street, self.aside:
            for day in range(LAST_DAY + 1):
                self.clock.set((self.start + day) * DAY + MORNING + self.chance.randint(0, 3 * 3_600))
                # Persons write while helpers work; what is written today is read tomorrow.
                writing = [street.submit(write) for write in self.plan.pop(day, ())]
                self.work_day(day)
                for letter in writing:
                    letter.result()
                if day == PLAN_DAY and SECOND_COORDINATOR in self.house.desks:
                    roads = Roads(self.house, self.travelling(), self.start + day, (COORDINATOR, SECOND_COORDINATOR))
                    roads.lay()
                self.tell((day + 1) / (LAST_DAY + 1))
        if roads is not None:
            roads.confirm(self.start + LAST_DAY)
            self.bearers = set_out(self.house, self.house.desks[COORDINATOR], catalogues(("journeys", "frame"), "ru"))
        self.house.settle()
        for life in self.lives:
            life.person.close()

    def travelling(self) -> list[Life]:
        """Lives that have a case."""
        return [life for life in self.lives if life.case]

    def work_day(self, day: int) -> None:
        """Each caseworker has a desk day every week, and works through what came since the last one."""
        for turn, callsign in enumerate(CASEWORKERS):
            if day % DESK_EVERY == turn or day == LAST_DAY:
                self.work_at(self.house.desks[callsign], range(max(0, day - DESK_EVERY + 1), day + 1))
        if day % RENEWAL_DAYS == 0:
            for desk in self.house.desks.values():
                desk.step()

    def work_at(self, desk: Desk, days: range) -> None:
        busy = [
            (life, day)
            for day in days
            for life in self.lives
            if life.desk is desk and day not in life.worked and self.has_work(life, day)
        ]
        if not busy:
            return
        # Sends what was done the last time, too.
        desk.step()
        while self.naming:
            self.naming.pop().result()
        with desk.bench.vault.transaction():
            for life, day in busy:
                self.clock.set(self.clock() + self.chance.randint(60, 240))
                life.worked.add(day)
                self.work(life, day)

    # --- persons

    def plan_letters(self, life: Life) -> None:
        first, *later = life.story.letters
        self.plan[first.day].append(lambda: self.write_first(life, first.text))
        for letter in later:
            self.plan[letter.day].append(lambda text=letter.text: self.write_more(life, text))  # type: ignore[misc]  # a default binds it now
        if life.story.returns_as_new is not None:
            again = life.story.returns_as_new
            self.plan[again.day].append(lambda: self.write_as_new(life, again.text))

    def write_first(self, life: Life, text: str) -> None:
        code = life.person.write(text)
        life.person.close_window()
        self.name(life, "mailbox", code)

    def write_as_new(self, life: Life, text: str) -> None:
        """Half of the people do not find their code again: they write anew, and seem to be somebody else."""
        person = Person(self.house.door.address, life.story.language, hurried=True)
        code = person.write(text)
        person.close()
        self.name(life, "returned", code)

    def name(self, life: Life, which: Literal["mailbox", "returned"], code: str) -> None:
        """Whose mailbox it is, for the helpers' part of the play: it takes twenty milliseconds, in which the year goes on."""
        self.naming.append(self.aside.submit(lambda: setattr(life, which, self.mailbox_of(code, life.story.language))))

    def mailbox_of(self, code: str, language: str) -> str:
        return MailboxKeys.from_root(root_of(read_code(code, language), self.organisation)).mailbox.hex()

    def write_more(self, life: Life, text: str) -> None:
        """Come back, put away what was read, write on."""
        life.person.come_back()
        if life.person.replies():
            life.person.put_away()
        life.person.write_more(text)
        life.person.close_window()

    # --- helpers

    def has_work(self, life: Life, day: int) -> bool:
        story = life.story
        days = [
            story.opened,
            story.out,
            story.closed,
            *(reply.day for reply in story.replies),
            *(risk[0] for risk in story.risks),
        ]
        again = story.returns_as_new
        days += [again.day + 1, again.day + 4] if again is not None else []
        days += [word.day for word in (*story.notes, *story.talk)]
        days += [moment for task in story.tasks for moment in (task.day, task.done)]
        marked = story.kind != "person" and story.letters[0].day + 1 == day
        return day in days or marked

    def work(self, life: Life, day: int) -> None:
        """What the helper of this case does today, in the order in which one does it."""
        top, story = life.desk.bench, life.story
        conversation = helpline.read(top.vault.db, life.mailbox)
        if not conversation.known:
            return
        if story.kind == "spam":
            answering.mark_spam(top, conversation, spam=True)
            return
        if story.kind == "posing":
            answering.remark(top, conversation, read_texts("work_ru")["talk"][4])
            if day < LAST_DAY - FRESH_DAYS:
                answering.attend(top, conversation, [said.id for said in conversation.said])
            return
        if story.opened == day:
            self.open(life)
        for reply in story.replies:
            if reply.day == day:
                conversation = helpline.read(top.vault.db, life.mailbox)
                answering.answer(top, conversation, reply.text, [said.id for said in conversation.said])
        if life.case:
            self.recognise(life, day)
            self.keep_case(life, day)

    def recognise(self, life: Life, day: int) -> None:
        """Who wrote anew is the same person: the new letters belong to the case."""
        top = life.desk.bench
        if life.returned and day < LAST_DAY - FRESH_DAYS and helpline.read(top.vault.db, life.returned).known:
            opening.link(top, life.case, life.returned)
            again = helpline.read(top.vault.db, life.returned)
            answering.attend(top, again, [said.id for said in again.said])
            life.returned = ""

    def open(self, life: Life) -> None:
        top = life.desk.bench
        life.case = opening.open_case(top, life.mailbox, life.story.pseudonym)
        needs = [need.split("|", 1) for need in life.story.needs]
        events = [case_events.NeedNamed(f"{number:032x}", kind, text) for number, (kind, text) in enumerate(needs, 1)]
        top.pen.write(f"case:{life.case}", events)

    def keep_case(self, life: Life, day: int) -> None:
        """Risk, notes, talk and tasks of this day."""
        top, story, place = life.desk.bench, life.story, f"case:{life.case}"
        case = cases.read(top.vault.db, life.case)
        events: list[case_events.Event] = [
            case_events.RiskAssessed(level, "", case.heads("risk") if case else [])
            for since, level in story.risks
            if since == day
        ]
        if story.out == day:
            events += [case_events.NeedSettled(f"{number:032x}", "met") for number in range(1, len(story.needs) + 1)]
        if story.closed == day:
            events.append(case_events.Described("status", "closed", case.heads("status") if case else []))
        events += [case_events.Noted(note.text) for note in story.notes if note.day == day]
        events += [case_events.Talked(word.text) for word in story.talk if word.day == day]
        for number, task in enumerate(story.tasks, 1):
            name = f"{number:032x}"
            if task.day == day:
                events.append(case_events.TaskSet(name, task.text, self.start + task.due, top.keyring.own.id))
            if task.done == day:
                events.append(case_events.TaskSettled(name, "done"))
        if events:
            top.pen.write(place, events)
