"""Lists: cases, and tasks over all cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.cases import listing
from kunak.cases.listing import PAGE, Order
from kunak.cases.reading import STATUSES
from kunak.helpline import register as helpline
from kunak.vault.worktop import callsign

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.render import Frame
    from kunak.vault.worktop import Worktop


class ListPages:
    def __init__(self, top: Worktop, frame: Frame) -> None:
        self._top, self._frame = top, frame

    def cases(self, request: Request) -> Response:
        db, asked = self._top.vault.db, request.query_params
        status = asked.get("status") if asked.get("status") in STATUSES else STATUSES[0]
        order = Order(asked["order"]) if asked.get("order") in list(Order) else Order.RISK
        mine = asked.get("mine") == "1"
        number = helpline.page_number(request)
        owner = self._top.keyring.own.id if mine else ""
        found = listing.page(db, str(status), order, owner, (number - 1) * PAGE, PAGE + 1)
        lines = found[:PAGE]
        return self._frame.render(
            "cases/list.html",
            request,
            lines=lines,
            persons=helpline.lines_of_cases(db, [line.case for line in lines]),
            counts=listing.count(db),
            case_status=status,
            statuses=STATUSES,
            order=order,
            orders=list(Order),
            mine=mine,
            page=number,
            more=len(found) > PAGE,
            today=self._top.today,
            callsign=lambda device: callsign(self._top, device),
            done=request.query_params.get("done", ""),
        )

    def tasks(self, request: Request) -> Response:
        db = self._top.vault.db
        mine = request.query_params.get("mine") == "1"
        number = helpline.page_number(request)
        owner = self._top.keyring.own.id if mine else ""
        found = listing.tasks(db, owner, (number - 1) * PAGE, PAGE + 1)
        return self._frame.render(
            "cases/tasks.html",
            request,
            tasks=found[:PAGE],
            mine=mine,
            page=number,
            more=len(found) > PAGE,
            today=self._top.today,
            callsign=lambda device: callsign(self._top, device),
            done=request.query_params.get("done", ""),
        )
