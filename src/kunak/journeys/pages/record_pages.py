"""Places, ways and escorts: three lists of one shape, each line with a form behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec
from starlette.exceptions import HTTPException

from kunak.frame.hand import see_other
from kunak.frame.words import mark
from kunak.journeys.known import events, records

from . import fields, record_forms, typed_values
from .room_pages import RoomPages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.form import Form
    from kunak.journeys.known.records import Known, Record
    from kunak.vault.store import Database

    from .fields import Field

TAKEN = mark("This name is taken. Choose another, or open the one that has it.")
BACKWARDS = mark("The last day lies before the first.")
SAME_END = mark("A way leads from one place to another.")
TO_HOME = mark("No way leads to a home: choose a flat, a way station or a haven.")


@dataclass(frozen=True)
class Sort:
    """One kind of record. `key`: the field that names it; `path`: its list's address; `form`: that of one."""

    key: str
    path: str
    form: str
    template: str
    event: type[msgspec.Struct]
    fields: Callable[[Known], list[Field]]
    of: Callable[[Known], Mapping[str, Record[Any]]]
    one: Callable[[Database, str], Record[Any] | None]


SORTS = {
    "place": Sort(
        "place", "/journeys/places",
        "/journeys/place", "places.html", events.PlaceKept, record_forms.place_fields,
        lambda known: known.places, records.place,
    ),
    "leg": Sort(
        "leg", "/journeys/legs",
        "/journeys/leg", "legs.html", events.LegKept, record_forms.leg_fields,
        lambda known: known.legs, records.leg,
    ),
    "escorts": Sort(
        "pool", "/journeys/escorts",
        "/journeys/escort", "escorts.html", events.EscortsKept, record_forms.escorts_fields,
        lambda known: known.escorts, records.escorts,
    ),
}  # fmt: skip


class RecordPages(RoomPages):
    """`name`: place, leg or escorts."""

    def __init__(self, name: str, *given: Any) -> None:
        super().__init__(*given)
        self.name, self.sort = name, SORTS[name]

    def listed(self, request: Request) -> Response:
        if not self.open:
            return self.closed(request)
        known = self.known()
        away = [name for name in records.gone(self.top.vault.db, self.name) if name not in self.sort.of(known)]
        return self.render(
            self.sort.template, request, known=known, records=self.sort.of(known), gone=away, form=self.sort.form
        )

    def form(self, request: Request) -> Response:
        if not self.open:
            return self.closed(request)
        name = request.query_params.get("id", "")
        before = self.sort.one(self.top.vault.db, name) if name else None
        if name and before is None:
            raise HTTPException(404)
        return self._form(request, self.known(), before, None, {})

    def keep(self, request: Request, form: Form) -> Response:
        self.need_key()
        self.in_marks(form)
        known = self.known()
        name = form["id"]
        before = self.sort.one(self.top.vault.db, name) if name else None
        asked = [field for field in self.sort.fields(known) if not (before and field.name == self.sort.key)]
        values, wrong = typed_values.read_all(asked, form)
        if before is not None:
            values[self.sort.key] = name
        wrong |= self._together(known, values, before)
        if wrong:
            return self._form(request, known, before, form, wrong)
        self.write(self._event(form, before, values))
        return see_other(f"{self.sort.path}?done=kept")

    def take_away(self, request: Request, form: Form) -> Response:  # noqa: ARG002 - a change's shape
        """What is gone is planned with no longer; its history stays."""
        self.need_key()
        before = self.sort.one(self.top.vault.db, form["id"])
        if before is None:
            raise HTTPException(404)
        replaces = form["replaces"].split()[:100]
        self.write(msgspec.structs.replace(before.kept, gone=True, replaces=replaces))
        return see_other(f"{self.sort.path}?done=gone")

    def _event(self, form: Form, before: Record[Any] | None, values: dict[str, Any]) -> msgspec.Struct:
        """Only what stood before the helper's eyes is replaced, never what came in the meantime."""
        rank = before.kept.rank if before else 1 << 20
        return self.sort.event(**values, rank=rank, replaces=form["replaces"].split()[:100])

    def _together(self, known: Known, values: dict[str, Any], before: Record[Any] | None) -> dict[str, str]:
        """What is wrong between fields."""
        wrong: dict[str, str] = {}
        name = values.get(self.sort.key)
        if before is None and name is not None and self.sort.one(self.top.vault.db, name) is not None:
            wrong[self.sort.key] = TAKEN
        for first, last in (("first", "last"), ("open_from", "open_until")):
            if values.get(first) is not None and values.get(last) is not None and values[last] < values[first]:
                wrong[last] = BACKWARDS
        if self.name == "leg" and "to" in values:
            if values["to"] == values.get("origin"):
                wrong["to"] = SAME_END
            elif (there := known.places.get(values["to"])) is not None and there.kept.kind == "home":
                wrong["to"] = TO_HOME
        return wrong

    def _form(
        self, request: Request, known: Known, before: Record[Any] | None, form: Form | None, wrong: dict[str, str]
    ) -> Response:
        asked = self.sort.fields(known)
        values = {} if before is None else {each.name: getattr(before.kept, each.name) for each in asked}
        shown = (
            fields.shown_all(asked, values or self._usual()) if form is None else typed_values.typed_again(asked, form)
        )
        return self.render(
            "record.html",
            request,
            status=400 if wrong else 200,
            sort=self.name,
            path=self.sort.path,
            act=self.sort.form,
            key=self.sort.key,
            name=getattr(before.kept, self.sort.key) if before else "",
            fields=asked,
            shown=self.in_words(request, asked, shown),
            wrong=wrong,
            before=before,
            differing=differing(asked, before) if before else [],
            replaces=form["replaces"] if form is not None else " ".join(before.entries) if before else "",
            compromised=known.compromised.get(getattr(before.kept, self.sort.key)) if before else None,
            known=known,
        )

    def _usual(self) -> dict[str, Any]:
        """What a new record begins with."""
        frame = records.frame(self.top.vault.db)
        first = frame.kept.first if frame else self.top.today
        last = first + (frame.kept.horizon if frame else 90) - 1
        usual: dict[str, dict[str, Any]] = {
            "place": {"zone": "inside", "kind": "shelter", "night_cost": 0, "hazard": 0},
            "leg": {"mode": "car", "nights": 0, "first": first, "last": last, "every": 1, "fare": 0, "risk": 1, "escort_days": 1},
            "escorts": {"first": first, "available": [1]},
        }  # fmt: skip
        return usual[self.name]


def differing(asked: Sequence[Field], record: Record[Any]) -> list[tuple[Field, list[tuple[str, Any]]]]:
    """Fields on which helpers disagree: who says what."""
    said = [record.kept, *record.others]
    return [
        (field, [(author, field.shown(getattr(each, field.name))) for author, each in zip(record.authors, said, strict=True)])
        for field in asked
        if any(getattr(each, field.name) != getattr(record.kept, field.name) for each in said)
    ]  # fmt: skip


def address(path: str, **query: str) -> str:
    return f"{path}?{urlencode(query)}"
