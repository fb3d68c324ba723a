"""The keys of letters: `intake` and the weeks. They are made, granted and renewed by the desks of those who open letters, never by an
admin's; an admin only signs their public halves (documents.py), which the desks offer in the roster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kunak.desk.documents import WEEKS_AHEAD
from kunak.desk.patience import AWAKE_SECONDS, is_our_turn
from kunak.journal.grants import INTAKE, ROSTER, KeyOffered, first_day, is_week, of_letters, opens_letters, week_of
from kunak.vault import offers
from kunak.vault.forgetting import forget_compartments

if TYPE_CHECKING:
    from kunak.desk.workbench import Workbench
    from kunak.vault.offers import Offer

# Pages opened on a Sunday night still send to the old week's key, and a helper may be away for a few days.
WEEK_GRACE_DAYS: Final = 7
ASK_AFTER_SECONDS: Final = 600
# Whoever holds `intake` lets others in at once; a desk that is alone for longer begins anew.
ALONE_SECONDS: Final = 24 * 3_600


def keep_letter_keys(bench: Workbench) -> None:
    """Each part is complete in itself; the next step does again what was cut off."""
    known = bench.roster.get(bench.keyring.own.id)
    if known is None or known.role == "recovery":
        return
    standing = offers.standing(bench.vault.db, bench.roster)
    if not opens_letters(known.role):
        hand_over(bench, standing)
    elif bench.keyring.holds(INTAKE) or begin_intake(bench, standing):
        let_in(bench)
        make_weeks(bench, standing)
        offer(bench)


def who_opens_letters(bench: Workbench) -> list[str]:
    """Ids of the active devices whose helpers open letters, in order."""
    return [device.id for device in bench.roster.helpers() if opens_letters(device.role)]


def begin_intake(bench: Workbench, standing: dict[str, list[Offer]]) -> bool:
    """Whether this desk began it: nobody else could have it, or nobody gives it to us. Two who begin at once hold both."""
    desks = who_opens_letters(bench)
    known = standing.get(INTAKE, [])
    others = [device for device in desks if device != bench.keyring.own.id]
    if others and known and not is_our_turn(bench, "begin intake", others, ALONE_SECONDS):
        # Whose turn it was may be asleep: whoever is awake answers who asks.
        if is_our_turn(bench, "ask for intake", others, ASK_AFTER_SECONDS):
            _ask(bench)
        return False
    if others and not known and not is_our_turn(bench, "begin intake", desks):
        return False
    bench.pen.new_compartment(INTAKE, desks, _next_epoch(known))
    return True


def let_in(bench: Workbench) -> None:
    """Who opens letters and lacks one of our keys is granted all of them."""
    desks, own, inside = who_opens_letters(bench), bench.keyring.own.id, bench.keyring.members(INTAKE)
    for device in desks:
        lacking = [] if device == own else _lacking(bench, device)
        # Only the members of `intake` are told of each other: whoever lacks a week alone is helped by its least member.
        givers = [each for each in desks if each != device and each in inside] or [own]
        if lacking and (
            own == givers[0] or (INTAKE in lacking and is_our_turn(bench, f"let in {device}", givers, AWAKE_SECONDS))
        ):
            bench.pen.grant_all(lacking, device)


def let_in_who_asks(bench: Workbench, device: str) -> None:
    """Whoever could not open what was sent to it, and may read letters, is given all that this desk has of them."""
    if device in who_opens_letters(bench) and (lacking := _lacking(bench, device)):
        bench.pen.grant_all(lacking, device)


def _lacking(bench: Workbench, device: str) -> list[str]:
    rows = bench.vault.db.execute(
        "SELECT DISTINCT compartment FROM secret s WHERE (compartment = ? OR compartment GLOB 'week:*') AND NOT EXISTS"
        " (SELECT 1 FROM member m WHERE m.compartment = s.compartment AND m.epoch = s.epoch AND m.device = ?)"
        " ORDER BY compartment",
        (INTAKE, device),
    ).fetchall()
    return [name for (name,) in rows]


def make_weeks(bench: Workbench, standing: dict[str, list[Offer]]) -> None:
    """Keys of this week and of those ahead, for all who open letters. Who lacks one that a colleague has made asks for it."""
    desks = who_opens_letters(bench)
    for ahead in range(WEEKS_AHEAD + 1):
        week = week_of(bench.today + 7 * ahead)
        if bench.keyring.holds(week):
            continue
        known = [each for each in standing.get(week, []) if each.active]
        if known and not is_our_turn(bench, f"week {week}", [each for each in desks if each != bench.keyring.own.id]):
            _ask(bench)
        elif known or not ahead or is_our_turn(bench, f"week {week}", desks):
            bench.pen.new_compartment(week, desks, _next_epoch(standing.get(week, [])))


def _ask(bench: Workbench) -> None:
    """Housekeeping asks once a day."""
    with bench.vault.transaction() as db:
        db.execute("INSERT OR REPLACE INTO setting VALUES ('ask due', '1')")


def _next_epoch(known: list[Offer]) -> int:
    return max((each.epoch for each in known if each.active), default=-1) + 1


def offer(bench: Workbench) -> None:
    """Say the public half of every key that is still used and that no active desk has said."""
    said = offers.standing(bench.vault.db, bench.roster)
    desks = who_opens_letters(bench)
    unsaid = []
    for name in filter(of_letters, bench.keyring.compartments()):
        if is_week(name) and _is_over(bench, name):
            continue
        epoch, secret = bench.keyring.newest(name)
        key = bench.keyring.public_half(name, secret)
        if not any(each.active and each.key == key for each in said.get(name, [])):
            unsaid.append(KeyOffered(name, epoch, key))
    # Who begins an epoch says so in the same breath (Pen); this is for keys whose maker has left.
    if unsaid and is_our_turn(bench, f"offer {unsaid[0].compartment} {unsaid[0].epoch}", desks):
        bench.pen.write(ROSTER, unsaid)


def hand_over(bench: Workbench, standing: dict[str, list[Offer]]) -> None:
    """An organisation from before this rule: its admin's desk made these keys. It grants them to who opens letters, and destroys its
    own as soon as one of them has begun newer ones, or says that it holds the same."""
    held = [name for name in bench.keyring.compartments() if of_letters(name)]
    if not held:
        return
    if not who_opens_letters(bench):
        make_weeks(bench, {})  # an organisation of one: somebody must
        return
    let_in(bench)
    done = [name for name in held if _is_taken(bench, name, standing)]
    if INTAKE in done:
        done += [name for name in held if is_week(name) and _is_over(bench, name) and name not in done]
    if done:
        with bench.vault.transaction() as db:
            forget_compartments(db, bench.keyring, bench.folding, done)
        bench.vault.scrub()


def _is_taken(bench: Workbench, name: str, standing: dict[str, list[Offer]]) -> bool:
    epoch, _ = bench.keyring.newest(name)
    return any(each.active and each.epoch >= epoch for each in standing.get(name, []))


def _is_over(bench: Workbench, week: str) -> bool:
    return bench.today >= first_day(week) + 7 + WEEK_GRACE_DAYS
