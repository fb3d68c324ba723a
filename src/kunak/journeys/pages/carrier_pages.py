"""Hosts, drivers and escorts: who carries what, a mailbox for each, the code that is read out once."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from kunak.frame.hand import see_other
from kunak.frame.words import mark
from kunak.journeys.carrying import carriers, told
from kunak.journeys.known import carried_events as carried
from kunak.journeys.known import keys
from kunak.sealing.code import LANGUAGES

from . import fields, typed_values
from .agreeing import Agreeing
from .fields import Field
from .record_pages import address
from .room_pages import RoomPages

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.form import Form
    from kunak.frame.render import Frame
    from kunak.journeys.carrying.carriers import Carrier
    from kunak.journeys.carrying.watching import Watching
    from kunak.journeys.known.records import Known
    from kunak.vault.worktop import Worktop

KINDS = (("host", mark("host")), ("driver", mark("driver")), ("escort", mark("escort")))
TONGUES = (("ru", mark("Russian")), ("en", mark("English")))


class CarrierPages(RoomPages):
    def __init__(self, top: Worktop, frame: Frame, watching: Watching) -> None:
        super().__init__(top, frame)
        self._watching, self._agreeing = watching, Agreeing(top, frame)

    def listed(self, request: Request) -> Response:
        if not self.open:
            return self.closed(request)
        db = self.top.vault.db
        return self._render(
            "carriers.html",
            request,
            carriers=carriers.all_of_them(db).values(),
            letters=carriers.letters(db),
            told=carriers.told(db),
        )

    def form(self, request: Request) -> Response:
        if not self.open:
            return self.closed(request)
        return self._page(request, request.query_params.get("id", ""), None, {})

    def _page(
        self,
        request: Request,
        name: str,
        form: Form | None,
        wrong: dict[str, str],
        problem: str = "",
        typed: Form | None = None,
    ) -> Response:
        """`form`: who carries what, with what is `wrong`; `typed`: what is agreed, with the `problem`."""
        carrier = self._read(name) if name else None
        asked, db = _fields(self.known()), self.top.vault.db
        values: dict[str, Any] = {"language": self.frame.language(request)}
        if carrier is not None:
            values = {each.name: getattr(carrier.kept, each.name) for each in asked}
        return self._render(
            "carrier.html",
            request,
            status=400 if wrong or problem else 200,
            carrier=carrier,
            fields=asked,
            shown=fields.shown_all(asked, values) if form is None else typed_values.typed_again(asked, form),
            wrong=wrong,
            problem=problem,
            replaces=" ".join(carrier.record.entries) if carrier else "",
            letters=self._watching.read(name, carriers.letters(db).get(name, [])) if name else [],
            told=[each for each in carriers.told(db) if each.duty.carrier == name] if name else [],
            names={each.party: each.name for each in self.known().parties.values()},
            agreed=self._agreeing.shown(f"carrier/{name}", form=typed) if name else None,
        )

    def keep(self, request: Request, form: Form) -> Response:
        self.need_key()
        values, wrong = typed_values.read_all(_fields(self.known()), form)
        if wrong:
            return self._page(request, form["id"], form, wrong)
        name = self._read(form["id"]).carrier if form["id"] else secrets.token_hex(16)
        lists = {each: values[each] or [] for each in ("places", "legs", "pools")}
        kept = carried.CarrierKept(name, **{**values, **lists}, replaces=form["replaces"].split()[:100])
        with self.top.vault.transaction():
            self.write(kept)
            told.take_back_what_is_over(self.top)
        return see_other(address("/journeys/carrier", id=name, done="kept"))

    def gone(self, request: Request, form: Form) -> Response:  # noqa: ARG002 - a change's shape
        """Carries no longer; what they were told leaves their mailbox."""
        self.need_key()
        carrier = self._read(form["id"])
        kept = carried.CarrierKept(
            carrier.carrier,
            carrier.kept.kind,
            carrier.kept.name,
            carrier.kept.language,
            gone=True,
            replaces=list(carrier.record.entries),
        )
        with self.top.vault.transaction():
            self.write(kept)
            told.take_back_what_is_over(self.top)
        return see_other("/journeys/carriers?done=gone")

    def give(self, request: Request, form: Form) -> Response:
        """A mailbox; its seven words are in this answer and nowhere else, so that it is no redirect."""
        self.need_key()
        carrier = self._read(form["id"])
        with self.top.vault.transaction():
            code = carriers.give_mailbox(self.top, carrier)
            told.take_back_what_is_over(self.top)
        return self._render("carrier_code.html", request, carrier=carrier, code=code, code_language=code.language)

    def agree(self, request: Request, form: Form) -> Response:
        """Phrases, expected times, a word that was heard by voice: all that is agreed with one carrier."""
        self.need_key()
        carrier = self._read(form["id"])
        problem = self._agreeing.take(request, form, f"carrier/{carrier.carrier}", keys.PLACES, keys.PLACES)
        if problem:
            return self._page(request, carrier.carrier, None, {}, problem, form)
        return see_other(address("/journeys/carrier", id=carrier.carrier, done="kept") + "#agreed")

    def heard(self, request: Request, form: Form) -> Response:  # noqa: ARG002 - a change's shape
        """These letters need nothing more: what they say is understood first, then every desk forgets them."""
        self.need_key()
        carrier = self._read(form["id"])
        hear(self.top, self._watching, carrier.carrier, form["letters"].split())
        return see_other(address("/journeys/carrier", id=carrier.carrier, done="kept"))

    def _read(self, name: str) -> Carrier:
        carrier = carriers.one(self.top.vault.db, name)
        if carrier is None:
            raise HTTPException(404)
        return carrier

    def _render(self, template: str, request: Request, **context: Any) -> Response:
        gettext = self.frame.gettext(request)
        kinds = dict(KINDS)
        return self.render(template, request, **{"kind_of": lambda kind: gettext(kinds[kind]), "error": "", **context})


def hear(top: Worktop, watching: Watching, carrier: str, chosen: list[str]) -> None:
    """Forget letters of a carrier, after what they say has been written down."""
    watching.tidy()
    own = {each.letter for each in carriers.letters(top.vault.db).get(carrier, [])}
    if known := [letter for letter in chosen if letter in own]:
        top.pen.write(keys.PLACES, [carried.LettersHeard(known)])


def _fields(known: Known) -> list[Field]:
    places = [(name, each.kept.title or name) for name, each in known.places.items() if each.kept.kind != "home"]
    legs = [(name, f"{each.kept.origin} → {each.kept.to}") for name, each in known.legs.items()]
    pools = [(name, each.kept.title or name) for name, each in known.escorts.items()]
    carries = mark("What they carry")
    return [
        Field("name", "name", mark("Pseudonym"), mark("It says nothing about the person, and is not the place's."), blind=True),
        Field("kind", "choice", mark("Who it is"), options=KINDS, said=True),
        Field("language", "choice", mark("Language of what we write"), options=[each for each in TONGUES if each[0] in LANGUAGES], said=True),
        Field("note", "text", mark("Note for coordinators")),
        Field("places", "words", mark("A host: of which places"), options=places, optional=True, group=carries),
        Field("legs", "words", mark("A driver: of which ways"), options=legs, optional=True, group=carries),
        Field("pools", "words", mark("An escort: of which pools"), options=pools, optional=True, group=carries),
    ]  # fmt: skip
