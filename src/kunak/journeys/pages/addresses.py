"""The pages of journeys and their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.journeys.plans.proposing import Workshop
from kunak.journeys.plans.shelf import Shelf

from .case_pages import CasePages
from .change_pages import ChangePages
from .compromised_pages import CompromisedPages
from .frame_pages import FramePages, hold
from .overview_pages import OverviewPages
from .party_pages import PartyPages
from .record_pages import SORTS, RecordPages
from .room_pages import DoorPages, forget

if TYPE_CHECKING:
    from kunak.frame.hand import Hand
    from kunak.frame.render import Frame
    from kunak.vault.worktop import Worktop


def add_routes(hand: Hand, top: Worktop, frame: Frame) -> None:
    door, frames, own = DoorPages(top, frame), FramePages(top, frame), CasePages(top, frame)
    parties, workshop = PartyPages(top, frame), Workshop(top)
    shelf = Shelf()
    plans, alarm = ChangePages(workshop, shelf, top, frame), CompromisedPages(workshop, shelf, top, frame)
    hand.at_stop(workshop.close)
    hand.at_stop(lambda: forget(top.vault))
    hand.show("/journeys", OverviewPages(workshop, shelf, top, frame).overview)
    hand.change("/journeys/begin", door.begin)
    hand.change("/journeys/let-in", door.let_in)
    for name, sort in SORTS.items():
        pages = RecordPages(name, top, frame)
        hand.show(sort.path, pages.listed)
        hand.show(sort.form, pages.form)
        hand.change(sort.form, pages.keep)
        hand.change(f"{sort.form}/gone", pages.take_away)
    hand.show("/journeys/parties", parties.parties)
    hand.show("/journeys/party", parties.party)
    hand.change("/journeys/party/place", parties.place)
    hand.change("/journeys/party/sheet", parties.sheet)
    hand.change("/journeys/party/settle", parties.settle)
    hand.show("/journeys/frame", frames.frame_form)
    hand.change("/journeys/frame", frames.keep)
    hand.show("/journeys/exchange", frames.exchange)
    hand.change("/journeys/exchange", frames.bring, hold)
    hand.show("/journeys/scenario.json", frames.export)
    hand.show("/journeys/case/{case}", own.sheet)
    hand.change("/journeys/case/{case}", own.keep)
    hand.change("/journeys/case/{case}/draft", own.settle_draft)
    hand.show("/journeys/plans", plans.plans)
    hand.change("/journeys/propose", plans.propose)
    hand.show("/journeys/run", plans.run)
    hand.change("/journeys/run/stop", plans.stop)
    hand.show("/journeys/plan", plans.plan)
    hand.change("/journeys/plan/approve", plans.approve)
    hand.change("/journeys/plan/pin", plans.pin)
    hand.change("/journeys/plan/forbid", plans.forbid)
    hand.change("/journeys/what-if", plans.what_if)
    hand.show("/journeys/compare", plans.compare)
    hand.show("/journeys/compromised", alarm.page)
    hand.change("/journeys/compromised", alarm.compromise)
    hand.change("/journeys/compromised/repair", alarm.repair)
