"""What every page of a person needs, and what they all do alike: check the form, know the visit, answer with a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kunak.frame.form import Form
from kunak.frame.render import Frame
from kunak.mailbox.derivation import Crowded, Derivation
from kunak.mailbox.mailroom import Gone, Mailroom, Unreadable
from kunak.mailbox.parcel import Blobs, Gate
from kunak.mailbox.standing import NotOpen
from kunak.mailbox.unsent import Unsent
from kunak.mailbox.visit import Token, Visit, Visits, cookie_name
from kunak.relay.refusals import Refused
from kunak.sealing.code import WORDS, CodeMistake, MailboxKeys, read_code

LONGEST_CODE = 500  # characters of what is typed as a code; seven words have about sixty


class Trouble(Exception):
    """Something is not right with what was sent; nothing was done, and the page comes back with what was typed.

    `kind` is the name of a sentence in templates/troubles.html; `about` is what that sentence speaks of.
    """

    def __init__(self, kind: str, status: int = 422, **about: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.status = status
        self.about = about


_SENTENCES: dict[type[Exception], tuple[str, int]] = {
    Crowded: ("crowded", 503),
    NotOpen: ("closed", 503),
    Gone: ("unknown code", 422),
    Unreadable: ("damaged", 409),
}


def as_trouble(failure: Exception) -> Trouble:
    """The sentence for what the mailroom or the relay could not do."""
    if isinstance(failure, Trouble):
        return failure
    if isinstance(failure, CodeMistake):
        return code_trouble(failure)
    return Trouble(*_SENTENCES.get(type(failure), ("full", 503)))


# What a page turns into a sentence; everything else is a mistake of ours and goes to frame.calm.
EXPECTED = (Trouble, Crowded, NotOpen, Gone, Unreadable, CodeMistake, Refused)


def code_trouble(mistake: CodeMistake) -> Trouble:
    """Which words are not in the list, and what may be meant."""
    doubts = [(place, mistake.words[place], likely) for place, likely in sorted(mistake.suggestions.items())]
    meant = list(mistake.words)
    for place, _, likely in doubts:
        if likely:
            meant[place] = likely[0]
    # A word that lacks its space may be meant as two, so the words are counted anew.
    corrected = " ".join(meant)
    solved = bool(doubts) and all(likely for _, _, likely in doubts) and len(corrected.split()) == WORDS
    return Trouble("code", count=mistake.count, doubts=doubts, meant=corrected if solved else "")


@dataclass
class Place:
    """The parts that pages are made with; one for each process."""

    frame: Frame
    mailroom: Mailroom
    derivation: Derivation
    blobs: Blobs
    unsent: Unsent
    gate: Gate = field(default_factory=Gate)
    visits: Visits = field(default_factory=Visits)

    def page(
        self, request: Request, template: str, visit: Visit | None = None, *, status: int = 200, **context: Any
    ) -> Response:
        """A page; with a visit its forms get a token, and its browser carries the visit on."""
        token = self.visits.token(visit) if visit else ""
        response = self.frame.render(f"mailbox/{template}", request, status=status, token=token, **context)
        if visit:
            self.visits.carry(visit, request, response)
        return response

    def go(self, request: Request, path: str, visit: Visit | None = None, **query: str) -> Response:
        """After a form: the next page, so that going back or reloading never sends the form again."""
        address = f"{path}?{urlencode({'lang': self.frame.language(request), **query})}"
        response = RedirectResponse(address, status_code=303)
        if visit:
            self.visits.carry(visit, request, response)
        return response

    def ask_for_code(self, request: Request) -> Response:
        """To the page that asks for the code; if a visit is over, it says so."""
        closed = {"closed": "1"} if cookie_name(request) in request.cookies else {}
        return self.go(request, "/return", None, **closed)

    def check(self, request: Request, visit: Visit | None, form: Form) -> Token:
        """The form's token. Raises Trouble when the form is older than its visit, or comes from somewhere else."""
        token = self.visits.check(visit, form["token"])
        if token is None:
            # Twice in a row without any cookie: the browser keeps none, and pressing again would not help.
            refuses = "again" in form and not request.cookies
            raise Trouble("cookies" if refuses else "stale", 422)
        return token

    async def enter(self, visit: Visit, form: Form) -> tuple[Visit, MailboxKeys]:
        """The visit with its mailbox's keys: of this visit, or of the code that stands in the form.

        Raises Trouble (`expired`: no code was given), CodeMistake, Crowded, Gone, Refused.
        """
        if visit.root:
            return visit, MailboxKeys.from_root(visit.root)
        typed = (form["meant"] or form["code"])[:LONGEST_CODE]
        if not typed.strip():
            raise Trouble("expired" if "code" not in form else "no code")
        root = await self.derivation.root(read_code(typed))
        keys = MailboxKeys.from_root(root)
        await self.mailroom.arrive(keys)
        return Visit(visit.id, visit.seen, root), keys
