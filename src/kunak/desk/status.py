"""What stands on top of every page: who I am, who waits, whether the desk has heard everything, and what is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kunak.cases import register as cases
from kunak.desk import hindrance
from kunak.desk.look import moment
from kunak.frame.words import mark
from kunak.helpline import register as helpline
from kunak.journeys import register as journeys

if TYPE_CHECKING:
    from collections.abc import Callable
    from gettext import NullTranslations

    from kunak.desk.sync import SyncState
    from kunak.desk.workbench import Workbench
    from kunak.vault.troubles import Trouble

# Longer without a complete step than this, and the desk says that it may not have heard everything.
STALE_SECONDS = 300

# What is wrong, for people, by the word that the vault keeps (vault/troubles.py). The English sentence kept there serves
# for words that are newer than this list.
SENTENCES = {
    "missing": mark("Something that a helper wrote is missing: the relay withholds it, or is late."),
    "refused": mark("The relay showed something that is not to be believed: it was not written by who it says it was."),
    "fork": mark(
        "A helper's desk wrote two different things under one number: it was restored from an old copy, or was copied."
    ),
    "clock-back": mark(
        "This machine's clock went back. What you write keeps its order; check the date before you decide by it."
    ),
    "relay-lied": mark("The relay gave an answer that cannot be true."),
    "relay-repeats": mark("The relay showed the same thing twice."),
    "relay-changed": mark("The relay showed changed bytes in the place of what a helper wrote."),
    "relay-reordered": mark("The relay showed its log in another order than before."),
    "relay-hole": mark("The relay skipped part of its log."),
    "relay-changed-log": mark("The relay changed what it had shown before."),
    "relay-went-back": mark(
        "The relay now shows less than it had shown before: it was restored from a copy, or withholds."
    ),
    "relay-shredded": mark(
        "Something was shredded at the relay, and no helper has asked for it: the relay withholds, or somebody uses a stolen device."
    ),
    "relay-lost-ours": mark("The relay lost something that it had acknowledged to this desk."),
    "log-differs": mark("The relay shows different logs to different desks."),
    "grant-unopened": mark(
        "This desk was away for so long that it cannot open what it was given. It has asked for it again."
    ),
    "letter-unopened": mark(
        "A letter came that this desk cannot open: the key of its week is gone here. Ask another caseworker."
    ),
    "letter-damaged": mark("A letter came damaged and cannot be read."),
    "letter-unproven": mark(
        "A letter came under somebody's name without the proof that only they can give. It is not shown."
    ),
    "invitation-copied": mark(
        "An invitation was used twice: somebody has copied it. Revoke the device and invite anew."
    ),
    "helpline-false": mark(
        "The page for persons gives out a key that no caseworker has made. Close the page, and ask the admins by another way."
    ),
    "join-late": mark("Somebody wanted to join with an invitation that is too old."),
    "join-unread": mark("A request to join could not be read."),
    "message-refused": mark("A reply could not be delivered: the person has deleted the mailbox."),
    "blob-refused": mark("A part of a file could not be sent."),
    "mailbox-refused": mark("A caller's mailbox could not be made. Ask the caller to write in a browser."),
}
# Of these a helper must know on every page; the others stand on the page of the sync.
ALARMS = frozenset(
    {
        "missing",
        "refused",
        "fork",
        "relay-lied",
        "relay-changed",
        "relay-reordered",
        "relay-hole",
        "relay-changed-log",
        "relay-went-back",
        "relay-lost-ours",
        "relay-shredded",
        "log-differs",
        "invitation-copied",
        "helpline-false",
        "message-refused",
        "mailbox-refused",
        "clock-back",
    }
)

# These end by themselves, once they are made good. All others stay until somebody says that an admin knows: an alarm that nobody can put
# away is soon one that nobody reads.
ENDING = frozenset({"missing", "grant-unopened", "helpline-false", "relay-shredded", "clock-back"})
LASTING = frozenset(SENTENCES) - ENDING
# Where there is but one of a kind, these words for programs say nothing.
_NOWHERE = frozenset({"answer", "clock", "key", "log", "week"})


@dataclass(frozen=True)
class SyncView:
    """`mood`: good, busy, away, wrong."""

    mood: str
    short: str
    sentence: str


@dataclass(frozen=True)
class Status:
    callsign: str
    role: str
    waiting: int
    overdue: int
    drafts: int
    sync: SyncView
    alarms: list[str]
    watch: journeys.Bar


def status_of(bench: Workbench, state: SyncState, watching: journeys.Watching, words: NullTranslations) -> Status:
    db, own = bench.vault.db, bench.keyring.own
    counts = helpline.count(db)
    return Status(
        own.callsign,
        own.role,
        counts.get("new", 0) + counts.get("us", 0),
        cases.count_overdue(db, bench.today),
        journeys.count_drafts(db),
        view_of(state, bench.clock, words),
        alarms(state, words),
        journeys.bar_of(bench, watching),
    )


def alarms(state: SyncState, words: NullTranslations) -> list[str]:
    """Each kind of trouble once, however often it stands there."""
    kinds = dict.fromkeys(each.kind for each in [*state.missing, *state.troubles] if each.kind in ALARMS)
    return [words.gettext(SENTENCES[kind]) for kind in kinds]


def sentence_of(trouble: Trouble, words: NullTranslations) -> str:
    known = SENTENCES.get(trouble.kind)
    return words.gettext(known) if known else trouble.sentence


def about(trouble: Trouble, words: NullTranslations) -> str:
    """Which one: a number for the admin who is told."""
    if trouble.about in _NOWHERE:
        return ""
    return re.sub(r"\bposition (\d+)", lambda found: words.gettext("position {n}").format(n=found[1]), trouble.about)


def _hindered(now: str, heard: str, words: NullTranslations) -> tuple[str, str]:
    """A relay that is away is said with its time; any other hindrance in its own sentence, because there is something to do about it.
    `heard`: when last; empty if never since unlocking."""
    if now in ("", hindrance.AWAY):
        if not heard:
            return words.gettext("relay away"), words.gettext(hindrance.AWAY)
        sentence = words.gettext(
            "The relay is away; last heard: {time}. You can go on working, everything is sent when it is back."
        )
        return words.gettext("relay away, last {time}").format(time=heard), sentence.format(time=heard)
    if not heard:
        return words.gettext("not in sync"), words.gettext(now)
    last = words.gettext("Last heard: {time}.").format(time=heard)
    return words.gettext("not in sync, last {time}").format(time=heard), f"{words.gettext(now)} {last}"


def view_of(state: SyncState, clock: Callable[[], float], words: NullTranslations) -> SyncView:
    """The state of the sync in a few words, and in a sentence."""
    gettext, now = words.gettext, clock()
    last = state.last_success
    heard = "" if last is None else moment(last, now, words)
    pending = words.ngettext("{n} thing waits to be sent", "{n} things wait to be sent", state.pending).format(
        n=state.pending
    )
    if state.missing:
        since = moment(min(trouble.since for trouble in state.missing), now, words)
        return SyncView("wrong", gettext("missing since {time}").format(time=since), alarms(state, words)[0])
    if state.now or last is None or now - last > STALE_SECONDS:
        if last is None and not state.now:
            return SyncView(
                "busy", gettext("asking the relay…"), gettext("The desk is asking the relay for the first time.")
            )
        short, sentence = _hindered(state.now, heard, words)
        return SyncView("away", short, f"{sentence} {pending}." if state.pending else sentence)
    if state.pending:
        return SyncView(
            "busy", words.ngettext("{n} to send", "{n} to send", state.pending).format(n=state.pending), f"{pending}."
        )
    return SyncView(
        "good",
        gettext("in sync, {time}").format(time=heard),
        gettext("Everything is sent, and all that the relay has is read."),
    )
