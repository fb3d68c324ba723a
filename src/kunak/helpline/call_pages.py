"""A phone call taken by a helper: a mailbox for the caller, and the seven words to read out, shown once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.helpline.calling import take_call
from kunak.sealing.code import LANGUAGES

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.form import Form
    from kunak.frame.render import Frame
    from kunak.vault.worktop import Worktop


class CallPages:
    def __init__(self, top: Worktop, frame: Frame) -> None:
        self._top, self._frame = top, frame

    def call(self, request: Request) -> Response:
        return self._form(request)

    def _form(self, request: Request, text: str = "", problem: str = "") -> Response:
        return self._frame.render(
            "helpline/call.html",
            request,
            status=400 if problem else 200,
            text=text,
            problem=problem,
            code_languages=LANGUAGES,
            holds=self._top.keyring.holds("intake"),
        )

    def take(self, request: Request, form: Form) -> Response:
        text, language = form["text"].strip(), form["language"] if form["language"] in LANGUAGES else LANGUAGES[0]
        if not text:
            gettext = self._frame.gettext(request)
            return self._form(
                request, problem=gettext("Write down in a few words what the caller said; then the code is made.")
            )
        call = take_call(self._top, text, language)
        # No redirect: the words exist in this answer and nowhere else.
        return self._frame.render(
            "helpline/call_code.html", request, code=call.code, mailbox=call.mailbox, code_language=language
        )
