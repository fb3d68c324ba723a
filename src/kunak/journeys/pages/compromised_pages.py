"""«This place is compromised»: one button. Nobody is sent there any more, everyone whom it concerns is listed, words for them are
prepared in their language, and a repaired plan is being made while the page still loads."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from kunak.frame.hand import see_other
from kunak.frame.words import mark
from kunak.journeys.carrying import carriers, drafts
from kunak.journeys.known import events, keys, planning, records
from kunak.journeys.plans import standing
from kunak.journeys.plans.affected import affected
from kunak.journeys.plans.next_steps import promises_in_force
from kunak.journeys.plans.proposing import Wish
from kunak.journeys.reckoning.scenario import Unplannable

from .party_forms import LEVELS
from .plan_pages import PlanPages
from .record_pages import address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.form import Form
    from kunak.journeys.plans.affected import Affected

SECONDS = 10
REPAIR = mark("Repair")
# What is prepared to be said. It names no place: whoever reads over a shoulder learns none.
WORDS = {
    "there": mark(
        "The place where you are may no longer be safe. Put your documents, medicines, money and phone charger into one bag now. "
        "Open the door to nobody whom we have not announced to you. We are preparing another place. Write here as soon as you have read this."
    ),
    "coming": mark(
        "The place that you are travelling to is no longer good. Do not go there. Stay where there are people, keep your phone "
        "charged, and write here where you can wait safely. We are preparing another place."
    ),
    "planned": mark(
        "Your journey will be different from what was said. Please do not set out before we have written to you again. You have done nothing wrong."
    ),
}


class CompromisedPages(PlanPages):
    def page(self, request: Request) -> Response:
        if not self.open:
            return self.closed(request)
        known, name = self.known(), request.query_params.get("id", "")
        if name not in known.places:
            raise HTTPException(404)
        plans = standing.standing_of(self.top.vault.db, self.top.roster)
        concerned = affected(known, name, self.top.today, promises_in_force(self.top))
        said = drafts.waiting(self.top.vault.db)
        repairs = [each for each in plans.proposals if each.purpose == "repair" and not each.approved][:3]
        return self.render(
            "compromised.html",
            request,
            place=known.places[name].kept,
            name=name,
            said=known.compromised.get(name),
            concerned=concerned,
            drafts={each.party.party: said.get(each.party.party, []) for each in concerned},
            reachable={
                each.party.party for each in concerned if self.top.keyring.holds(keys.JOURNEY + each.party.party)
            },
            told=self._told(name),
            run=self.workshop.run if self.workshop.run and self.workshop.run.wish.purpose == "repair" else None,
            repairs=repairs,
            repaired=self._repaired(request, repairs[0].plan_id if repairs else "", concerned),
            in_force=plans.in_force,
            levels=[text for _, text in LEVELS],
        )

    def _repaired(self, request: Request, plan: str, concerned: Sequence[Affected]) -> dict[str, tuple[str, bool]]:
        """By party: what the newest repaired plan does with them; or why it leaves them there, and True."""
        if not plan:
            return {}
        view = self.view(request, plan)
        since, courses = view.review.scenario.now, view.review.courses
        found = [courses[each.party.party] for each in concerned if each.party.party in courses]
        return {
            course.party.id: (view.why(course), True) if course.stuck else (view.to_come(course, since), False)
            for course in found
        }

    def compromise(self, request: Request, form: Form) -> Response:
        self.need_key()
        known, name = self.known(), form["id"]
        if name not in known.places:
            raise HTTPException(404)
        before = known.compromised.get(name) or records.compromised(self.top.vault.db, name)
        replaces = list(before.entries) if before else []
        if form["word"] == "safe":
            self.write(events.PlaceCompromised(name, None, form["why"].strip()[:2_000], replaces))
            return see_other(address("/journeys/compromised", id=name, done="safe-after-all"))
        if before is not None and before.kept.since is not None and not before.disputed:
            return see_other(address("/journeys/compromised", id=name, done="compromised"))  # pressed twice
        with self.top.vault.transaction():
            self.write(events.PlaceCompromised(name, self.top.today, form["why"].strip()[:2_000], replaces))
            told = self._told(name)
            for each in affected(known, name, self.top.today, promises_in_force(self.top)):
                # Whoever was told nothing of the way there needs to hear nothing of it.
                if each.how != "planned" or each.party.party in told:
                    self._prepare_words(each)
        self._repair(request, name)
        return see_other(address("/journeys/compromised", id=name, done="compromised"))

    def _told(self, name: str) -> set[str]:
        """Parties whose person, or whose carriers, were told of a step that leads there."""
        ways = {leg for leg, each in self.known().legs.items() if each.kept.to == name}
        return {each.duty.party for each in carriers.told(self.top.vault.db) if each.duty.leg in ways}

    def _prepare_words(self, each: Affected) -> None:
        """Into the party's own compartment, in the person's language; a party without one belongs to no case here."""
        own = keys.JOURNEY + each.party.party
        sheet = each.party.sheet.kept if each.party.sheet else None
        if sheet is None or not self.top.keyring.holds(own):
            return
        words = self.frame.words.get(sheet.language) or self.frame.words["en"]
        draft = events.MessageDrafted(
            each.party.party,
            secrets.token_hex(8),
            sheet.language,
            words.gettext(WORDS[each.how]),
            each.how != "planned",
        )
        self.top.pen.write(own, [draft])

    def repair(self, request: Request, form: Form) -> Response:
        """Make the repaired plan again."""
        self.need_key()
        self._repair(request, form["id"])
        return see_other(address("/journeys/compromised", id=form["id"]))

    def _repair(self, request: Request, name: str) -> None:
        """The plan in force, changed as little as it can be: its steps are promises that cost points if they are broken."""
        try:
            promises = promises_in_force(self.top)
            made = planning.prepare(self.known(), self.top.today, promises)
        except Unplannable:
            return
        title = f"{self.frame.gettext(request)(REPAIR)}: {name}"[:60]
        self.workshop.begin_at_once(Wish.of(made, "repair", title, self.heads(), SECONDS))
