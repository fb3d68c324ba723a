"""What all pages of the coordinators' room have in common: the closed door, and the room as it is known now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from starlette.exceptions import HTTPException

from kunak.frame.hand import see_other
from kunak.journeys.known import keys, records
from kunak.journeys.reckoning.days import spoken_day, text_of
from kunak.journeys.reckoning.vocabulary import marks_of, spoken
from kunak.vault.worktop import callsign

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.form import Form
    from kunak.frame.render import Frame
    from kunak.journeys.known.records import Known
    from kunak.vault.store import Vault
    from kunak.vault.worktop import Worktop

    from .fields import Field


# It goes with the vault, when the desk is locked.
_KNOWN: WeakKeyDictionary[Vault, tuple[tuple[int, int], Known]] = WeakKeyDictionary()


def forget(vault: Vault) -> None:
    """The desk is locked: nothing of the room stays in memory."""
    _KNOWN.pop(vault, None)


class RoomPages:
    """Pages that only a desk with the key to `places` shows; every other desk sees a door that says who has it."""

    def __init__(self, top: Worktop, frame: Frame) -> None:
        self.top, self.frame = top, frame

    @property
    def open(self) -> bool:
        return keys.holds_places(self.top)

    def known(self) -> Known:
        """All that the room knows, read anew only if this or another connection has written since."""
        vault = self.top.vault
        (others,) = vault.db.execute("PRAGMA data_version").fetchone()
        state = (others, vault.db.total_changes)
        kept = _KNOWN.get(vault)
        if kept is None or kept[0] != state:
            kept = _KNOWN[vault] = (state, records.read(vault.db))
        return kept[1]

    def need_key(self) -> None:
        """For what is asked by a form or a file, which has no page to show instead."""
        if not self.open:
            raise HTTPException(404)

    def closed(self, request: Request) -> Response:
        return self.frame.render(
            "journeys/closed.html",
            request,
            may_begin=keys.is_coordinator(self.top),
            others=[each.callsign for each in keys.coordinators(self.top) if each.id != self.top.keyring.own.id],
        )

    def render(self, template: str, request: Request, *, status: int = 200, **context: Any) -> Response:
        gettext, words = self.frame.gettext(request), self.frame.words[self.frame.language(request)]
        return self.frame.render(
            f"journeys/{template}",
            request,
            status=status,
            **{
                "word": lambda name: spoken(name, gettext),
                "say": lambda sentence: gettext(sentence) if sentence else "",
                "callsign": lambda device: callsign(self.top, device),
                "date_text": text_of,
                "when": lambda day: "" if day is None else spoken_day(day, self.top.today, words),
                "today": self.top.today,
                "done": request.query_params.get("done", ""),
                **context,
            },
        )

    def in_words(self, request: Request, asked: Sequence[Field], shown: dict[str, Any]) -> dict[str, Any]:
        """What forms show, documents by their words instead of the marks that scenarios use."""
        gettext = self.frame.gettext(request)
        found = dict(shown)
        for field in asked:
            if field.kind == "papers":
                found[field.name] = [(spoken(row[0], gettext), *row[1:]) for row in shown[field.name]]
            elif field.kind == "ways":
                lines = [
                    [spoken(each.strip(), gettext) for each in line.split(",")]
                    for line in shown[field.name].splitlines()
                ]
                found[field.name] = "\n".join(map(", ".join, lines))
        return found

    def in_marks(self, form: Form) -> None:
        """Documents in a form, typed in the words of any of our languages, by their marks."""
        marks = marks_of(each.gettext for each in self.frame.words.values())
        for name, text in form.fields.items():
            if name.startswith("documents-doc-"):
                form.fields[name] = marks(text)
            elif name == "documents":
                lines = [", ".join(marks(each) for each in line.split(",")) for line in text.splitlines()]
                form.fields[name] = "\n".join(lines)

    def write(self, *bodies: Any) -> None:
        self.top.pen.write(keys.PLACES, list(bodies))


class DoorPages(RoomPages):
    """Beginning the room, and letting later coordinators in."""

    def begin(self, request: Request, form: Form) -> Response:  # noqa: ARG002 - a change's shape
        try:
            keys.begin(self.top)
        except PermissionError as refused:
            raise HTTPException(404) from refused
        return see_other("/journeys")

    def let_in(self, request: Request, form: Form) -> Response:  # noqa: ARG002 - a change's shape
        self.need_key()
        try:
            keys.let_in(self.top, form["device"])
        except LookupError as stranger:
            raise HTTPException(404) from stranger
        return see_other("/journeys?done=let-in")
