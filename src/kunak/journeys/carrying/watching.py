"""What a desk notices by itself: check-ins that came, words said under duress, check-ins that did not come. docs/formats/journeys.md.

`Watching.survey` reads and judges, for every page; `Watching.tidy` writes down what is new, where the desks concerned read it. Two
desks that notice the same thing write the same alarm.

The steps of `survey`:

1. Letters of carriers (a coordinator's desk) and of persons with agreed phrases (a caseworker's) are understood.
2. Expected times are judged by what came, on the desk that can read the letters.
3. A coordinator's desk, which cannot read a person's letters, judges by what caseworkers' desks have written, and waits an hour longer.
4. A desk that cannot reach the relay says that it cannot know; an hour later, if it has tried for long, that is an alarm of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from time import monotonic
from typing import TYPE_CHECKING

from kunak.helpline import register as helpline
from kunak.journeys.known import carried_events as carried
from kunak.journeys.known import keys, records

from . import alarms, carriers, checkin
from .alarms import Alarm
from .checkin import Heard
from .watches import agreed_for, cases_with_phrases, checkins, is_raised, party_of, watches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kunak.vault.store import Database
    from kunak.vault.worktop import Worktop

    from .carriers import Letter

DAY = 86_400
KEPT_SECONDS = 5
AGREED_SECONDS = 600


@dataclass(frozen=True)
class Doubt:
    """An expected time that this desk cannot judge: it has had no complete sync since. `whose` as in alarms."""

    whose: str
    due: int


@dataclass(frozen=True)
class Checked:
    """A letter that says that all is well, and that nobody has written down yet."""

    home: str
    said: carried.CheckedIn


@dataclass(frozen=True)
class Survey:
    """`open`: alarms that nobody has closed, the loudest first; those that this desk has just noticed among them."""

    open: list[Alarm] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    checked: list[Checked] = field(default_factory=list)


class Watching:
    """One for each open desk. `synced`: when the last complete sync was had, in Unix seconds, or None; `awake`: seconds, by a clock that
    stands still while the machine sleeps."""

    def __init__(
        self, top: Worktop, synced: Callable[[], float | None], awake: Callable[[], float] = monotonic
    ) -> None:
        self._top, self._synced, self._awake = top, synced, awake
        # The sync that was heard last, and when that was noticed, by the clock `awake`.
        self._heard: tuple[float | None, float] = (None, awake())
        # What had come up to then was looked at before: what is new came later.
        self._looked: int | None = None
        self._kept: tuple[object, Survey] | None = None
        self._understood: dict[tuple[str, tuple[str, str]], str] = {}

    def forget(self) -> None:
        """The desk is locked: nothing of letters and phrases stays in memory."""
        self._kept = None
        self._understood.clear()

    def survey(self) -> Survey:
        """What is known now; worked out anew when anything came or was written, and every few seconds."""
        db, now = self._top.vault.db, self._top.clock()
        (written,) = db.execute("SELECT max(id) FROM envelope").fetchone()
        deaf = self._deaf() >= checkin.DEAF
        state = (written, self._top.pen.position(db), self._synced(), int(now // KEPT_SECONDS), self._looked, deaf)
        if self._kept is None or self._kept[0] != state:
            self._kept = (state, self._surveyed(db, now))
        return self._kept[1]

    def _deaf(self) -> float:
        """For how long this desk has been awake and has had no complete sync."""
        if self._synced() != self._heard[0]:
            self._heard = (self._synced(), self._awake())
        return self._awake() - self._heard[1]

    def _surveyed(self, db: Database, now: float) -> Survey:
        found = Survey()
        raised = {(each.home, each.alarm): each for each in alarms.all_of_them(db, self._top.roster, now)}
        for alarm in [*self._letters(db, found, int(now)), *self._late(db, found, now)]:
            raised.setdefault((alarm.home, alarm.alarm), alarm)
        found.open.extend(each for each in raised.values() if not each.closed)
        found.open.sort(
            key=lambda each: (each.kind not in checkin.AT_ONCE, -each.level(now), -each.since, each.home, each.alarm)
        )
        return found

    def clock_is_agreed(self) -> bool:
        """Whether the relay has answered just now: it refuses requests of a clock that is minutes off, so that this desk's has not jumped.
        Nothing is destroyed by a clock of which that is not known."""
        seen = self._synced()
        return seen is not None and abs(self._top.clock() - seen) < AGREED_SECONDS

    def tidy(self) -> None:
        """Write down what is new."""
        seen = self._synced()
        found = self.survey()
        with self._top.vault.transaction():
            for each in found.checked:
                if self._top.keyring.holds(each.home):
                    self._top.pen.write(each.home, [each.said])
            self._tell_of_carriers(found.open)
            alarms.raise_all(self._top, found.open)
        self._looked = int(seen) if seen is not None else self._looked

    def write_new(self) -> None:
        """Alarms that this desk's pages show already, and that would be forgotten if it were started anew now."""
        if any(not each.entry and self._top.keyring.holds(each.home) for each in self.survey().open):
            self.tidy()

    def _tell_of_carriers(self, noticed: list[Alarm]) -> None:
        """Who answers a party that is on its way hears that something is wrong with whoever carries it; not who, and not where."""
        db = self._top.vault.db
        carried_by = {(each.duty.carrier, each.duty.party) for each in carriers.told(db)}
        for alarm in noticed:
            parties = [p for c, p in sorted(carried_by) if not alarm.entry and alarm.whose == f"carrier/{c}"]
            for home in (keys.JOURNEY + party for party in parties):
                name = checkin.alarm_id(home, "carrier", alarm.alarm)
                alarms.raise_all(self._top, [Alarm(name, home, "carrier", party_of(home), alarm.since)])

    def read(self, carrier: str, written: Sequence[Letter]) -> list[Letter]:
        """A carrier's letters with what they mean: duress, ordinary, or nothing that was agreed."""
        pairs = [agreed for agreed, _ in agreed_for(self._top.vault.db, f"carrier/{carrier}")]
        found = []
        for each in written:
            said = {self._understand(each.letter, each.text, agreed) for agreed in pairs}
            found.append(
                replace(each, meaning="duress" if "duress" in said else "ordinary" if "ordinary" in said else "")
            )
        return found

    # --- 1: letters

    def _letters(self, db: Database, found: Survey, now: int) -> Iterator[Alarm]:
        known = {row[0] for row in db.execute("SELECT source FROM journeys_checkins WHERE source <> ''").fetchall()}
        for whose, home, letter, day, text, agreed in [*self._of_carriers(db), *self._of_persons(db)]:
            said = self._understand(letter, text, agreed)
            after = max(day * DAY, min(self._looked or 0, now))
            if said == "duress":
                yield Alarm(checkin.alarm_id(home, "duress", letter), home, "duress", whose, after)
            elif said == "ordinary" and letter not in known and not whose.startswith("case/"):
                found.checked.append(Checked(home, carried.CheckedIn(whose, after, now, letter)))

    def _understand(self, letter: str, text: str, agreed: tuple[str, str]) -> str:
        """Each letter is read once; what is remembered goes when the desk is locked."""
        if (letter, agreed) not in self._understood:
            self._understood[letter, agreed] = checkin.understood(text, *agreed)
        return self._understood[letter, agreed]

    def _of_carriers(self, db: Database) -> Iterator[tuple[str, str, str, int, str, tuple[str, str]]]:
        for carrier, written in carriers.letters(db).items():
            for agreed, since in agreed_for(db, f"carrier/{carrier}"):
                for each in written:
                    if each.day >= since // DAY:
                        yield f"carrier/{carrier}", keys.PLACES, each.letter, each.day, each.text, agreed

    def _of_persons(self, db: Database) -> Iterator[tuple[str, str, str, int, str, tuple[str, str]]]:
        for case in cases_with_phrases(db):
            for agreed, since in agreed_for(db, f"case/{case}"):
                party = records.party_of_case(db, case)
                home = keys.JOURNEY + party if party else f"case:{case}"
                # Coordinators read the party's page: which case it is stands in the case alone.
                whose = party_of(home) if party else f"case/{case}"
                for line in helpline.lines_of_cases(db, [case]).get(case, []):
                    for said in helpline.read(db, line.person).said:
                        if said.kind == "letter" and said.text and said.time // DAY >= since // DAY:
                            yield whose, home, said.id, said.time // DAY, said.text, agreed

    # --- 2 and 3: expected times

    def _late(self, db: Database, found: Survey, now: float) -> Iterator[Alarm]:
        synced = self._synced()
        new: dict[str, list[Heard]] = {}
        for each in found.checked:
            new.setdefault(each.said.whose, []).append(Heard(each.said.after, each.said.by))
        links = records.cases_of_parties(db)
        for whose, watch in watches(db):
            reads = whose.startswith("carrier/") or whose.removeprefix("party/") in links
            heard = [*checkins(db, whose), *new.get(whose, [])]
            judged = checkin.judge(watch, heard, now, synced, 0 if reads else checkin.UNHEARD_AFTER)
            home, kind = self._home(whose), "missed" if reads else "unheard"
            # The newest is enough; and what is an alarm already is no doubt any more.
            for due in judged.unknown[-1:]:
                names = {each: checkin.alarm_id(home, each, f"{watch.watch} {due}") for each in (kind, "unheard")}
                if any(is_raised(db, home, name) for name in names.values()):
                    continue
                if checkin.is_deaf_too_long(due + watch.grace, now, self._deaf()):  # 4
                    yield Alarm(names["unheard"], home, "unheard", whose, due + watch.grace)
                else:
                    found.doubts.append(Doubt(whose, due))
            for due in judged.missed:
                name = checkin.alarm_id(home, kind, f"{watch.watch} {due}")
                # Whoever can read the letters has said it already: their alarm is the same thing, better known.
                if kind == "unheard" and is_raised(db, home, checkin.alarm_id(home, "missed", f"{watch.watch} {due}")):
                    continue
                yield Alarm(name, home, kind, whose, due + watch.grace)

    def _home(self, whose: str) -> str:
        party = whose.removeprefix("party/")
        held = whose.startswith("party/") and self._top.keyring.holds(keys.JOURNEY + party)
        return keys.JOURNEY + party if held else keys.PLACES
