"""Writing: the first letter, whose sending makes the code, and every further one. Text first, code afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from kunak.frame.form import BrokenForm, Form, Refused, Sink, TooMuch, Upload, read_form
from kunak.mailbox.mailroom import LONGEST_TEXT, Draft, new_code
from kunak.mailbox.parcel import CannotClean, Crowd, NoRoom, Parcel, TooLarge, UnknownKind
from kunak.mailbox.place import EXPECTED, Place, Trouble, as_trouble
from kunak.mailbox.visit import Token, Visit
from kunak.sealing.code import MailboxKeys
from kunak.sealing.letter import FileReference

MOST_FILES = 20  # of one letter


class TooMany(Refused):
    """More files than `MOST_FILES`."""


@dataclass
class Written:
    """A letter as it came from the browser. `files` are on the relay's disk already, sealed, whatever happens to the text."""

    form: Form
    text: str = ""
    files: list[FileReference] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    token: Token | None = None


async def read_letter(place: Place, request: Request, visit: Visit | None) -> Written:
    """The form with its files sealed and kept. What is wrong with it stands in `troubles`; nothing is raised."""

    token: Token | None = None

    async def open_sink(upload: Upload, form: Form) -> Sink:
        # A film over Tor takes longer than a token lives: what counts is when its form was sent.
        nonlocal token
        token = token or place.visits.check(visit, form["token"])
        if len(form.sinks) + len(kept_files(place, visit, form)) >= MOST_FILES:
            raise TooMany
        return Parcel(upload, place.blobs, place.gate, as_is="as_is" in form)

    await place.unsent.sweep()
    broken: BrokenForm | None = None
    try:
        form = await read_form(request, open_sink)
    except BrokenForm as trouble:
        form, broken = trouble.form, trouble
    sealed = [sink.reference for _, sink in form.sinks if isinstance(sink, Parcel)]
    kept = kept_files(place, visit, form)
    written = Written(form, form["text"], [file for file in kept if place.unsent.holds(file)] + sealed, token=token)
    # Whoever is still at their letter gets another hour for what came with it.
    place.unsent.arrived(written.files)
    if broken and not isinstance(broken, TooMuch):
        written.troubles.append(Trouble("broken", 400))
    if form["kept"] and len(written.files) - len(sealed) < max(1, len(kept)):
        written.troubles.append(Trouble("files gone"))
    if "text" in form.cut:
        written.troubles.append(Trouble("cut"))
    written.troubles += [_file_trouble(upload, refusal) for upload, refusal in form.refused]
    if isinstance(broken, TooMuch):
        written.troubles.append(Trouble("too much", 413))
    if len(written.text) > LONGEST_TEXT:
        written.troubles.append(Trouble("long", count=len(written.text), most=LONGEST_TEXT))
    return written


def _file_trouble(upload: Upload, refusal: Refused) -> Trouble:
    match refusal:
        case Crowd():
            return Trouble("many files", 503, name=upload.name)
        case TooLarge():
            return Trouble("file too large", 413, name=upload.name)
        case UnknownKind():
            return Trouble("photo kind", name=upload.name)
        case CannotClean():
            return Trouble("photo", name=upload.name)
        case NoRoom():
            return Trouble("no room for file", 503, name=upload.name)
        case _:
            return Trouble("too many files", name=upload.name, most=MOST_FILES)


def kept_files(place: Place, visit: Visit | None, form: Form) -> list[FileReference]:
    """Files that came with an earlier sending of this form; their seeds travel in it, sealed."""
    opened = place.visits.seals.open(b"files", form["kept"])
    if visit is None or opened is None or opened[0][: len(visit.id)] != visit.id:
        return []
    return msgspec.msgpack.decode(opened[0][len(visit.id) :], type=list[FileReference])


def again(place: Place, request: Request, visit: Visit | None, written: Written, *, action: str) -> Response:
    """The page of writing with everything that was typed and every file that arrived, and what is the matter."""
    visit = visit or place.visits.begin()
    kept = place.visits.seals.seal(b"files", visit.id + msgspec.msgpack.encode(written.files)) if written.files else ""
    status = max((trouble.status for trouble in written.troubles), default=200)
    return place.page(
        request,
        "write.html",
        visit,
        status=status,
        action=action,
        text=written.text,
        files=written.files,
        kept=kept,
        troubles=written.troubles,
        code=written.form["code"],
        asks_code=action == "/letters" and not visit.root,
        again=True,
    )


class Writing:
    """The pages /write (first letter) and /letters by POST (further letters)."""

    def __init__(self, place: Place) -> None:
        self.place = place

    async def page(self, request: Request) -> Response:
        """The empty form. Who is in a mailbox already writes there."""
        place = self.place
        visit = place.visits.of(request)
        if visit and visit.root:
            return place.go(request, "/letters", visit)
        visit = visit or place.visits.begin()
        troubles = [] if place.mailroom.standing.open else [Trouble("closed", 503)]
        return again(place, request, visit, Written(Form(), troubles=troubles), action="/write")

    async def send_first(self, request: Request) -> Response:
        """Makes the code, seals the letter, leads to the page that shows the code."""
        place = self.place
        visit = place.visits.of(request)
        written = await read_letter(place, request, visit)
        try:
            draft = self._draft(request, visit, written)
            code = new_code(draft.seed, draft.language)
            keys = MailboxKeys.from_root(await place.derivation.root(code))
            await place.mailroom.send_first(keys, draft)
            place.unsent.sent(draft.files)
        except EXPECTED as failure:
            return self._again(request, visit, written, failure, "/write")
        if visit is None:
            raise RuntimeError("a draft without a visit")
        return place.go(request, "/code", Visit(visit.id, visit.seen, keys.root, code.words))

    async def send_next(self, request: Request) -> Response:
        """A further letter; if the visit is over, the form comes back with the text and asks for the code."""
        place = self.place
        visit = place.visits.of(request)
        written = await read_letter(place, request, visit)
        try:
            if visit is None or not (visit.root or "code" in written.form):
                raise Trouble("expired")
            if written.token is None:
                place.check(request, visit, written.form)
            visit, keys = await place.enter(visit, written.form)
            draft = self._draft(request, visit, written)
            await place.mailroom.send(keys, draft)
            place.unsent.sent(draft.files)
        except EXPECTED as failure:
            return self._again(request, visit, written, failure, "/letters")
        return place.go(request, "/letters", visit, sent="1")

    def _draft(self, request: Request, visit: Visit | None, written: Written) -> Draft:
        """Raises Trouble when the letter cannot go as it is."""
        token = written.token or self.place.check(request, visit, written.form)
        if written.troubles:
            raise written.troubles[-1]
        if "add" in written.form:
            raise Trouble("added", 200)
        if not written.text.strip() and not written.files:
            raise Trouble("empty")
        return Draft(token.seed, self.place.frame.language(request), written.text, tuple(written.files))

    def _again(
        self, request: Request, visit: Visit | None, written: Written, failure: Exception, action: str
    ) -> Response:
        trouble = as_trouble(failure)
        troubles = written.troubles if trouble in written.troubles else [*written.troubles, trouble]
        return again(self.place, request, visit, replace(written, troubles=troubles), action=action)
