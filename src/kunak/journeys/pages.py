"""The pages of journeys and their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.journeys.place_pages import PlacePages

if TYPE_CHECKING:
    from kunak.frame.hand import Hand
    from kunak.frame.render import Frame
    from kunak.vault.worktop import Worktop


def add_routes(hand: Hand, top: Worktop, frame: Frame) -> None:
    places = PlacePages(top, frame)
    hand.show("/journeys", places.places)
    hand.show("/journeys/places", places.places)
    hand.change("/journeys/begin", places.begin)
