"""Reply templates: looked at, changed, taken away."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from kunak.frame.hand import see_other
from kunak.helpline import answering, events, wordings

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.form import Form
    from kunak.frame.render import Frame
    from kunak.vault.worktop import Worktop

LANGUAGES = ("ru", "en")


class WordingPages:
    def __init__(self, top: Worktop, frame: Frame) -> None:
        self._top, self._frame = top, frame

    def wordings(self, request: Request) -> Response:
        db = self._top.vault.db
        return self._frame.render(
            "helpline/wordings.html",
            request,
            lists={language: wordings.all_in(db, language) for language in LANGUAGES},
            holds=self._top.keyring.holds(answering.INTAKE),
            done=request.query_params.get("done", ""),
        )

    def write(self, request: Request, form: Form) -> Response:  # noqa: ARG002 - the shape of a change
        language = form["language"] if form["language"] in LANGUAGES else LANGUAGES[0]
        wording = form["wording"] if form["wording"].startswith("w-") else f"w-{secrets.token_hex(8)}"
        title, text = form["title"].strip(), form["text"].strip()
        if not title or (not text and not form["wording"]):
            return see_other("/wordings?done=nothing")
        replaces = wordings.heads(self._top.vault.db, wording, language)
        self._top.pen.write(answering.INTAKE, [events.WordingWritten(wording, language, title, text, replaces)])
        return see_other("/wordings?done=written")
