"""Reads a form as it arrives: fields into memory up to a bound, files straight into a sink, nothing ever onto a disk.

Starlette's own reader writes larger uploads to a temporary file in the clear; here a file's bytes go to the sink that the
page opens for it (which seals them) and are forgotten. Memory stays bounded whatever is sent: one piece of the network's
size at a time, `MAX_FIELD` bytes a field, `MAX_TEXT` all together, `MAX_PARTS` parts. The order of the parts is the order in the page, so what must be
known before a file (the form token, the person's choice) stands before it.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, MultipartState, parse_options_header
from starlette.requests import ClientDisconnect, Request

# Bytes of a field: a letter's 20,000 characters are 80 kB at most; a longer text is given back to be shortened, not lost.
MAX_FIELD = 256 * 1024
MAX_TEXT = 2 * MAX_FIELD  # bytes of all fields of a form together
MAX_URLENCODED = 3 * MAX_FIELD  # percent-encoding writes a byte as three
MAX_PARTS = 100
MAX_NAME = 100  # characters of a file's name
# Bytes that are read on and thrown away, because a browser hears an answer only when its form has been taken in. For more the
# answer comes at once: whoever then sees "connection lost" goes back and finds the text.
MAX_WASTE = 32 * 1024 * 1024
STALL_SECONDS = 180.0  # without a byte, after which a form is given up: a place for files is not held for ever


class BrokenForm(Exception):
    """The form did not arrive whole. `form` holds what did."""

    def __init__(self, form: Form) -> None:
        super().__init__("the form did not arrive whole")
        self.form = form


class TooMuch(BrokenForm):
    """So much of it was not wanted that the rest was not read."""


class Refused(Exception):
    """Raised by a sink: this file is not taken. The rest of it is read and thrown away, the rest of the form is read on."""


class Sink(Protocol):
    """Where one file goes."""

    async def write(self, data: bytes) -> None:
        """Take the next bytes; `Refused` to take no more of this file."""

    async def close(self) -> None:
        """The file arrived whole; `Refused` when it cannot be kept after all."""

    async def abort(self) -> None:
        """The file did not arrive whole, or was refused: leave nothing of it."""


@dataclass
class Upload:
    """A file as the browser announced it. `name` has passed `uploaded_name`."""

    field: str
    name: str
    media_type: str


@dataclass
class Form:
    """What a person filled in. `cut`: fields longer than `MAX_FIELD`, of which the beginning was kept."""

    fields: dict[str, str] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)
    sinks: list[tuple[Upload, Sink]] = field(default_factory=list)
    refused: list[tuple[Upload, Refused]] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    def __contains__(self, name: str) -> bool:
        return name in self.fields


OpenSink = Callable[[Upload, Form], Awaitable[Sink]]


def uploaded_name(announced: str) -> str:
    """A file's name as it may be kept and shown: no folder, no control or direction characters, not hidden, not endless.

    Guards against names that leave their folder (`../../x`), that read otherwise than they are (`gpj.exe` turned around
    by U+202E), or that break a line where they are shown. The name is only ever a label: nothing is opened by it.
    """
    name = unicodedata.normalize("NFC", announced.encode("utf-8", "replace").decode("utf-8", "replace"))
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    # Cc, Cf, Zl, Zp: controls, direction and zero-width marks, line and paragraph separators.
    name = "".join(each for each in name if unicodedata.category(each) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    name = name.strip(" .")
    if len(name) > MAX_NAME:
        stem, dot, ending = name.rpartition(".")
        keep = MAX_NAME - len(ending) - 1
        name = f"{stem[:keep]}.{ending}" if dot and keep > 0 else name[:MAX_NAME]
    return name or "file"


async def read_form(request: Request, open_sink: OpenSink | None = None) -> Form:
    """The form of a request. Raises BrokenForm with what arrived; sinks of files that did not arrive whole are aborted.

    Without `open_sink` files are read and thrown away.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind == b"application/x-www-form-urlencoded":
        return await _urlencoded(request)
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise BrokenForm(Form())
    return await _Multipart(boundary, open_sink).read(request.stream())


async def _urlencoded(request: Request) -> Form:
    body = bytearray()
    form = Form()
    came = 0
    try:
        async for piece in request.stream():
            body += piece[: MAX_URLENCODED - len(body)]
            came += len(piece)
            if came > MAX_URLENCODED + MAX_WASTE:
                raise TooMuch(form)
        pairs = parse_qsl(
            body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MAX_PARTS, errors="replace"
        )
    except (ClientDisconnect, ValueError) as broken:
        raise BrokenForm(form) from broken
    for name, value in pairs:
        text = _newlines(value)
        form.fields[name] = text[:MAX_FIELD]
        if len(text) > MAX_FIELD:
            form.cut.add(name)
    return form


def _newlines(text: str) -> str:
    """Browsers send CR LF; a letter holds LF. NUL has no place in a text."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


class _Multipart:
    """One multipart body (RFC 7578). The parser calls back at once; the events are then worked off, awaiting the sinks."""

    def __init__(self, boundary: bytes, open_sink: OpenSink | None) -> None:
        self.form = Form()
        self.open_sink = open_sink
        self.events: list[tuple[str, bytes]] = []
        self.parser = MultipartParser(
            boundary,
            {
                "on_part_begin": lambda: self.events.append(("begin", b"")),
                "on_header_field": self._keep("header"),
                "on_header_value": self._keep("value"),
                "on_header_end": lambda: self.events.append(("header end", b"")),
                "on_headers_finished": lambda: self.events.append(("headers", b"")),
                "on_part_data": self._keep("data"),
                "on_part_end": lambda: self.events.append(("end", b"")),
            },
        )
        self.parts = 0
        self.wasted = 0
        self.room = MAX_TEXT
        self._begin()

    def _begin(self) -> None:
        self.headers: dict[bytes, bytes] = {}
        self.header, self.value = b"", b""
        self.name = ""
        self.text: bytearray | None = None
        self.upload: Upload | None = None
        self.sink: Sink | None = None

    def _keep(self, kind: str) -> Callable[[bytes, int, int], None]:
        return lambda data, start, end: self.events.append((kind, data[start:end]))

    async def read(self, pieces: AsyncIterator[bytes]) -> Form:
        whole = False
        try:
            async with asyncio.timeout(STALL_SECONDS) as patience:
                async for piece in pieces:
                    patience.reschedule(asyncio.get_running_loop().time() + STALL_SECONDS)
                    if not piece:
                        continue
                    self.parser.write(piece)
                    await self._work_off()
                    if self.wasted > MAX_WASTE:
                        raise TooMuch(self.form)
            whole = self.parser.state == MultipartState.END
        except (ClientDisconnect, FormParserError, UnicodeDecodeError, TimeoutError) as broken:
            raise BrokenForm(self.form) from broken
        finally:
            # Also when the server itself fails or stops: a half of a file is never left lying.
            if not whole:
                await self._abort()
        if not whole:
            raise BrokenForm(self.form)
        return self.form

    async def _abort(self) -> None:
        """The part that was arriving: its text is kept (nothing a person typed is lost), its file is not."""
        if self.text is not None:
            self._finish_text(self.text)
        if self.sink is not None:
            sink, self.sink = self.sink, None
            await sink.abort()

    async def _work_off(self) -> None:
        events, self.events = self.events, []
        for kind, data in events:
            match kind:
                case "begin":
                    self._begin()
                    self.parts += 1
                    if self.parts > MAX_PARTS:
                        raise FormParserError("too many parts")
                case "header":
                    self.header += data
                case "value":
                    self.value += data
                case "header end":
                    self.headers[self.header.lower()] = self.value
                    self.header, self.value = b"", b""
                case "headers":
                    await self._start()
                case "data":
                    await self._take(data)
                case _:
                    await self._finish()

    async def _start(self) -> None:
        disposition = self.headers.get(b"content-disposition", b"").decode("utf-8", "replace")
        # The parser of options encodes as latin-1; names are UTF-8 (RFC 7578, section 5.1).
        _, options = parse_options_header(disposition.encode("utf-8", "surrogatepass").decode("latin-1"))
        self.name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            self.text = bytearray()
            return
        # Browsers write a quote and a line end in a name so (HTML, multipart/form-data encoding algorithm).
        named = options[b"filename"].replace(b"%22", b'"').replace(b"%0D", b"\r").replace(b"%0A", b"\n")
        announced = named.decode("utf-8", "replace")
        media_type = self.headers.get(b"content-type", b"").decode("ascii", "replace")[:MAX_NAME].lower().strip()
        # An empty name is a file field that nobody filled in.
        if announced:
            self.upload = Upload(self.name, uploaded_name(announced), media_type)

    async def _take(self, data: bytes) -> None:
        if self.text is not None:
            taken = data[: min(MAX_FIELD - len(self.text), self.room)]
            self.room -= len(taken)
            self.text += taken
            if len(taken) < len(data):
                self.form.cut.add(self.name)
        elif self.upload is not None and self.open_sink is not None:
            try:
                if self.sink is None:
                    self.sink = await self.open_sink(self.upload, self.form)
                await self.sink.write(data)
            except Refused as refusal:
                await self._refuse(refusal)
        else:
            self.wasted += len(data)

    async def _refuse(self, refusal: Refused) -> None:
        if self.upload is not None:
            self.form.refused.append((self.upload, refusal))
        self.upload = None
        if self.sink is not None:
            sink, self.sink = self.sink, None
            await sink.abort()

    def _finish_text(self, text: bytearray) -> None:
        self.form.fields[self.name] = _newlines(text.decode("utf-8", "replace"))
        self.text = None

    async def _finish(self) -> None:
        if self.text is not None:
            self._finish_text(self.text)
            return
        await self._take(b"")  # an empty file has no data of its own, and is a file all the same
        if self.upload is not None and self.sink is not None:
            try:
                await self.sink.close()
            except Refused as refusal:
                await self._refuse(refusal)
            else:
                self.form.sinks.append((self.upload, self.sink))
                self.sink = None
