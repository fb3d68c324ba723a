"""Files from persons: only after a warning, pictures painted anew, everything else saved and never opened by the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse

from kunak.frame.form import uploaded_name
from kunak.helpline.events import LetterFile
from kunak.helpline.files import NotAPicture, fetch, repaint
from kunak.helpline.naming import short_name
from kunak.sealing.failure import Damaged, NotForYou

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.form import Form
    from kunak.frame.render import Frame
    from kunak.vault.worktop import Worktop

LARGEST_PICTURE = 64 * 1024 * 1024


class FilePages:
    """`blob` fetches one chunk from the relay."""

    def __init__(self, top: Worktop, frame: Frame, blob: Callable[[bytes], bytes]) -> None:
        self._top, self._frame, self._blob = top, frame, blob

    def warning(self, request: Request) -> Response:
        return self._warn(request)

    def _warn(self, request: Request, problem: str = "") -> Response:
        mailbox, file = self._file(request)
        return self._frame.render(
            "helpline/file.html",
            request,
            status=502 if problem else 200,
            file=file,
            name=uploaded_name(file.name),
            mailbox=mailbox,
            person=short_name(mailbox),
            is_picture=file.media_type.startswith("image/") and file.size <= LARGEST_PICTURE,
            here_path=request.url.path,
            problem=problem,
        )

    def picture(self, request: Request, form: Form) -> Response:  # noqa: ARG002 - the shape of a change
        """The picture's pixels, in a new file that holds nothing else."""
        _, file = self._file(request)
        gettext = self._frame.gettext(request)
        if file.size > LARGEST_PICTURE:
            return self._warn(request, gettext("The picture is too large to be shown here. Save it instead."))
        try:
            content = repaint(b"".join(fetch(file, self._blob)))
        except NotAPicture:
            return self._warn(request, gettext("This is not a picture that can be shown safely. Save it instead."))
        except (Damaged, NotForYou):
            return self._warn(
                request, gettext("The file is damaged: the relay changed it, or it did not arrive whole.")
            )
        return self._frame.render("helpline/picture.html", request, picture=content, name=uploaded_name(file.name))

    def save(self, request: Request, form: Form) -> Response:  # noqa: ARG002
        """The bytes as the person sent them, as a download that no browser opens by itself."""
        _, file = self._file(request)
        name = quote(uploaded_name(file.name))
        # The length is said first: a browser notices when the file breaks off, because the relay withheld or changed a part.
        headers = {
            "content-length": str(file.size),
            "content-disposition": f"attachment; filename*=UTF-8''{name}",
            "content-security-policy": "sandbox; default-src 'none'",
        }
        return StreamingResponse(fetch(file, self._blob), headers=headers, media_type="application/octet-stream")

    def _file(self, request: Request) -> tuple[str, LetterFile]:
        row = self._top.vault.db.execute(
            "SELECT mailbox, files FROM helpline_letters WHERE letter = ? AND shown = 1",
            (request.path_params["letter"],),
        ).fetchone()
        files = msgspec.json.decode(row[1], type=list[LetterFile]) if row else []
        number = request.path_params["number"]
        if number >= len(files):
            raise HTTPException(404)
        return row[0], files[number]
