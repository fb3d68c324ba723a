"""Places: where people are, can stay, and are on the way to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from kunak.frame.hand import see_other

from . import keys, records

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.form import Form
    from kunak.frame.render import Frame
    from kunak.vault.worktop import Worktop


class PlacePages:
    def __init__(self, top: Worktop, frame: Frame) -> None:
        self._top, self._frame = top, frame

    def places(self, request: Request) -> Response:
        if not keys.holds_places(self._top):
            return self._frame.render(
                "journeys/closed.html",
                request,
                may_begin=keys.is_coordinator(self._top),
                others=[each.callsign for each in keys.coordinators(self._top) if each.id != self._top.keyring.own.id],
            )
        known = records.read(self._top.vault.db)
        return self._frame.render("journeys/places.html", request, places=known.places, compromised=known.compromised)

    def begin(self, request: Request, form: Form) -> Response:  # noqa: ARG002 - a change's shape
        try:
            keys.begin(self._top)
        except PermissionError as refused:
            raise HTTPException(404) from refused
        return see_other("/journeys/places")
