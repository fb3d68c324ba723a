"""The relay's requests (docs/formats/relay.md): signed by devices, or open to anyone where the document itself is signed.

An ASGI app of its own, so that nothing stands between a device's request and its answer but what the request needs: whose it is
(admission.py), its body (intake.py), the answer (answers.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from starlette.types import Receive, Scope, Send

from kunak.relay import refusals, wire
from kunak.relay.admission import Admission
from kunak.relay.answers import Answers
from kunak.relay.asking import ALWAYS, Answer, Answering, Asked, Fields, Header, fields_of, json
from kunak.relay.blobs import Blobs
from kunak.relay.documents import Documents
from kunak.relay.intake import FROM_ANYONE, FROM_DEVICES, SECONDS_FOR_ANYONE, Intake
from kunak.relay.log import Log
from kunak.relay.refusals import Refused

STATUS: Final[dict[type[Refused], int]] = {
    refusals.Full: 507,
    refusals.Unknown: 404,
    refusals.Changed: 409,
    refusals.Outdated: 409,
    refusals.Malformed: 400,
    refusals.NotAllowed: 401,
    refusals.ClockOff: 401,
    refusals.TooLarge: 413,
    refusals.Closing: 503,
    refusals.Busy: 503,
    refusals.Unavailable: 503,
}

ROOT: Final = "/v1/"
_NO_SUCH: Final = "There is no such request; docs/formats/relay.md names them all."
_ID_AT: Final = 3  # /v1/blobs/<id>: in ["", "v1", "blobs", "<id>"]


class Request(NamedTuple):
    """What may be asked: by devices of the roster only (`signed`) or by anyone, with a body of so many bytes."""

    answer: Answering
    signed: bool
    most: int = 0


def requests(answers: Answers) -> dict[str, dict[str, Request]]:
    """Every request by path and method. Who may GET may ask for the HEAD."""
    mailbox, blob = wire.MAILBOXES + "/{id}", wire.BLOBS + "/{id}"
    new_mailbox = wire.DIGEST_SIZE + wire.STATE_SIZE
    table = {
        wire.ENVELOPES: {
            "POST": Request(answers.append, True, wire.MAX_REQUEST),
            "GET": Request(answers.read, True),
        },
        wire.SHRED: {"POST": Request(answers.shred, True, wire.MAX_DOCUMENT)},
        wire.ROSTER: {
            "PUT": Request(answers.put_roster, False, wire.MAX_DOCUMENT),
            "GET": Request(answers.roster, False),
        },
        wire.HELPLINE: {
            "PUT": Request(answers.put_helpline, False, wire.MAX_DOCUMENT),
            "GET": Request(answers.helpline, False),
        },
        mailbox: {"PUT": Request(answers.put_mailbox, True, new_mailbox)},
        mailbox + "/messages": {"POST": Request(answers.post_message, True, wire.MAX_SEALED)},
        mailbox + "/withdraw": {"POST": Request(answers.withdraw_message, True, wire.ID_SIZE)},
        wire.MESSAGES: {"GET": Request(answers.waiting, True)},
        blob: {
            "PUT": Request(answers.put_blob, True, wire.BLOB_SIZE),
            "GET": Request(answers.get_blob, True),
            "DELETE": Request(answers.delete_blob, True),
        },
        wire.HEALTH: {"GET": Request(answers.health, False)},
        wire.OPENAPI: {"GET": Request(answers.openapi, False)},
    }
    return {
        path: methods | {"HEAD": methods["GET"]} if "GET" in methods else methods for path, methods in table.items()
    }


class Api:
    """The ASGI app; front.py hands it what begins with `ROOT`."""

    def __init__(self, log: Log, blobs: Blobs, documents: Documents, clock: Callable[[], float]) -> None:
        self.requests: Mapping[str, Mapping[str, Request]] = requests(Answers(log, blobs, documents))
        self._admission = Admission(documents, clock)
        self._from_devices = Intake(FROM_DEVICES)
        self._from_anyone = Intake(FROM_ANYONE, SECONDS_FOR_ANYONE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        methods, given = self._find(scope["path"])
        request = methods.get(scope["method"])
        if request is not None:
            answer = await self._answer(request, given, scope, receive)
        elif methods:
            answer = unknown(405, [(b"allow", ", ".join(methods).encode())])
        else:
            answer = unknown(404)
        content, kind, status, more = answer
        headers = [kind, (b"content-length", str(len(content)).encode()), *ALWAYS, *more]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content})

    def _find(self, path: str) -> tuple[Mapping[str, Request], str]:
        """What may be asked at a path, and what stands for `{id}` in it."""
        methods = self.requests.get(path)
        if methods is not None:
            return methods, ""
        parts = path.split("/")
        if len(parts) <= _ID_AT:
            return {}, ""
        given, parts[_ID_AT] = parts[_ID_AT], "{id}"
        return self.requests.get("/".join(parts), {}), given

    async def _answer(self, request: Request, given: str, scope: Scope, receive: Receive) -> Answer:
        """The signature is checked before a byte of the body is read; refusals become answers."""
        fields = fields_of(scope)
        try:
            admitted = self._admission.admit(scope, fields) if request.signed else None
            intake = self._from_anyone if admitted is None else self._from_devices
            body = await intake.take(receive, fields, request.most)
            try:
                if admitted is not None:
                    admitted.check_body(body)
                return await request.answer(Asked(scope["method"], given, scope["query_string"], fields, body))
            finally:
                intake.give_back(len(body))
        except Refused as refused:
            return refusal(refused, hang_up=_is_endless(fields))


def refusal(refused: Refused, *, hang_up: bool = False) -> Answer:
    """The one place where a refusal becomes a status code."""
    content = {"error": refused.word, "sentence": refused.sentence, "again": refused.again}
    return json(content, STATUS.get(type(refused), 400), [(b"connection", b"close")] if hang_up else ())


def unknown(status: int, more: Sequence[Header] = ()) -> Answer:
    """The answer to what is no request of ours, or to one that failed by our fault (500)."""
    return json({"error": "unknown", "sentence": _NO_SUCH, "again": False}, status, more)


def _is_endless(fields: Fields) -> bool:
    # The server would go on reading and throwing away what was refused. A body of ordinary size is read to its end all the
    # same: hanging up on it could destroy the answer on its way.
    announced = fields.get(b"content-length", b"" if b"transfer-encoding" in fields else b"0")
    return not announced.isdigit() or int(announced) > 2 * wire.MAX_REQUEST
