"""Telling, and taking back: where words of a step leave the desk. Nothing leaves it that the brain does not allow (disclosure.py)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kunak.helpline import register as helpline
from kunak.journal.grants import PLACES
from kunak.journeys.known import carried_events as carried
from kunak.journeys.known import events, records
from kunak.journeys.known.keys import JOURNEY
from kunak.journeys.plans.next_steps import NextStep, next_steps
from kunak.sealing.letter import Reply

from . import carriers, disclosure, drafts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kunak.vault.store import Database
    from kunak.vault.worktop import Worktop

    from .carriers import Carrier
    from .disclosure import Duty, Told


class NotNext(Exception):
    """This is not, or no longer, what may be told: another step is next, or this part of it is somebody else's. Nothing was sent."""


class NotYet(Exception):
    """Nobody can have set out on this step by now: it departs on another day. Nothing was written."""


class NoMailbox(Exception):
    """Whoever this is for has no mailbox that this desk can write to. Nothing was sent."""


@dataclass(frozen=True)
class Scene:
    """What telling is decided by, read once."""

    steps: Mapping[str, NextStep]
    carriers: Mapping[str, Carrier]
    pools: Mapping[str, str | None]
    today: int

    @classmethod
    def read(cls, top: Worktop) -> Scene:
        db = top.vault.db
        steps = {step.party: step for step in next_steps(db, top.roster)}
        legs = {step.leg: records.leg(db, step.leg) for step in steps.values()}
        pools = {name: leg.kept.escort_pool if leg else None for name, leg in legs.items()}
        return cls(steps, carriers.all_of_them(db), pools, top.today)

    def duties(self, party: str) -> list[Duty]:
        """Who has a part in this party's next step, if anybody may be told of it now."""
        step = self.steps.get(party)
        if step is None or not disclosure.may_be_told(step, self.today):
            return []
        every = disclosure.duties(step, [each.carries for each in self.carriers.values()], self.pools.get(step.leg))
        return [duty for duty in every if disclosure.is_open(duty, self.steps, self.today)]

    def stale(self, told: Iterable[Told]) -> list[Told]:
        return disclosure.stale(told, self.steps, self.today, [each.carries for each in self.carriers.values()])


def tell(top: Worktop, duty: Duty, text: str) -> None:
    """Put these words into the carrier's mailbox, or ready for who answers the person; earlier words of the same part are taken back.
    Raises NotNext, NoMailbox, NotHeld."""
    with top.vault.transaction():
        scene = Scene.read(top)
        if duty not in scene.duties(duty.party):
            raise NotNext
        message = secrets.token_bytes(16)
        before = [each for each in carriers.told(top.vault.db) if each.duty == duty]
        if duty.part == "person":
            mailbox = _draft(top, duty, message.hex(), text, [each.message for each in before])
        else:
            mailbox = _reply(top, scene.carriers[duty.carrier], message, text)
        take_back(top, before)
        what = (duty.carrier, duty.part, duty.party, duty.leg, duty.day)
        top.pen.write(PLACES, [carried.Told(message.hex(), mailbox, *what, text)])


def _reply(top: Worktop, carrier: Carrier, message: bytes, text: str) -> str:
    if carrier.mailbox is None:
        raise NoMailbox
    box = bytes.fromhex(carrier.mailbox.mailbox)
    write_to = bytes(top.keyring.identity_of(PLACES)[0].recipient)
    reply = Reply(1, message, box, top.today, "text", text, write_to)
    top.pen.reply(reply, carrier.mailbox.recipient, voice=PLACES)
    return carrier.mailbox.mailbox


def _draft(top: Worktop, duty: Duty, draft: str, text: str, instead: list[str]) -> str:
    if not top.keyring.holds(JOURNEY + duty.party):
        raise NoMailbox
    party = records.party(top.vault.db, duty.party)
    language = party.sheet.kept.language if party and party.sheet else ""
    top.pen.write(JOURNEY + duty.party, [events.MessageDrafted(duty.party, draft, language, text, instead=instead)])
    return ""


def take_back(top: Worktop, told: Sequence[Told]) -> None:
    """These words no longer hold: out of the mailboxes, off the list of what is to be sent."""
    if not told:
        return
    with top.vault.transaction():
        top.pen.write(PLACES, [carried.TakenBack([each.message for each in told])])
        for each in told:
            if each.duty.part != "person":
                top.pen.withdraw(bytes.fromhex(each.mailbox), bytes.fromhex(each.message))
                continue
            # What was sent already is taken out of the mailbox by a desk that knows which one it is.
            if top.keyring.holds(JOURNEY + each.duty.party):
                over = events.DraftSettled(each.duty.party, each.message, "over")
                top.pen.write(JOURNEY + each.duty.party, [over])


def take_back_what_is_over(top: Worktop) -> None:
    """After anything that moves a plan on, and from time to time: no mailbox keeps words of an earlier step."""
    if not top.keyring.holds(PLACES):
        return
    told = carriers.told(top.vault.db)
    if told and (over := Scene.read(top).stale(told)):
        take_back(top, over)


def withdraw_what_is_over(top: Worktop) -> None:
    """On the desks of a case: no mailbox of a person keeps words of an earlier step either."""
    for sent in drafts.over(top.vault.db):
        home = f"case:{sent.case}"
        if top.keyring.holds(home) and not helpline.is_withdrawn(top.vault.db, sent.message):
            helpline.withdraw_answer(top, home, sent.mailbox, sent.message)


def confirm(top: Worktop, step: NextStep, state: str) -> None:
    """What became of the next step: `left`, `arrived` or `failed`; words of what is over go at once. Raises NotNext, NotYet."""
    if state != "failed" and not disclosure.may_have_begun(step, top.today):
        raise NotYet
    with top.vault.transaction():
        now = {each.party: each for each in next_steps(top.vault.db, top.roster)}.get(step.party)
        if now is None or (now.leg, now.day) != (step.leg, step.day):
            raise NotNext
        said = events.LegConfirmed(step.party, step.leg, step.day, state, top.today, list(now.entries))  # type: ignore[arg-type]
        top.pen.write(PLACES, [said])
        take_back_what_is_over(top)


def draft_state(db: Database, party: str, draft: str) -> str:
    """`sent`, `over` or `dropped` (the first of these that was said), or empty while it waits for who answers the person."""
    row = db.execute(
        "SELECT value FROM journeys_values WHERE subject = ? AND field = 'state' ORDER BY value DESC LIMIT 1",
        (f"draft/{party}/{draft}",),
    ).fetchone()
    return str(row[0]) if row else ""
