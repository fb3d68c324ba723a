"""The pages of what is on its way, and their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .alarm_pages import AlarmPages
from .carrier_pages import CarrierPages
from .checkin_pages import CheckinPages
from .next_pages import NextPages

if TYPE_CHECKING:
    from kunak.frame.hand import Hand
    from kunak.frame.render import Frame
    from kunak.journeys.carrying.watching import Watching
    from kunak.vault.worktop import Worktop


def add_routes(hand: Hand, top: Worktop, frame: Frame, watching: Watching) -> None:
    carriers, coming = CarrierPages(top, frame, watching), NextPages(top, frame, watching)
    alarms, own = AlarmPages(top, frame, watching), CheckinPages(top, frame)
    hand.show("/journeys/next", coming.show)
    hand.change("/journeys/next/detail", coming.detail)
    hand.change("/journeys/next/tell", coming.tell)
    hand.change("/journeys/next/confirm", coming.confirm)
    hand.show("/journeys/carriers", carriers.listed)
    hand.show("/journeys/carrier", carriers.form)
    hand.change("/journeys/carrier", carriers.keep)
    hand.change("/journeys/carrier/gone", carriers.gone)
    hand.change("/journeys/carrier/mailbox", carriers.give)
    hand.change("/journeys/carrier/agree", carriers.agree)
    hand.change("/journeys/carrier/heard", carriers.heard)
    hand.show("/alarms", alarms.show)
    hand.change("/alarms/take", alarms.take)
    hand.change("/alarms/close", alarms.close)
    hand.show("/journeys/case/{case}/checkins", own.show)
    hand.change("/journeys/case/{case}/checkins", own.agree)
    hand.change("/journeys/case/{case}/send", own.send)
