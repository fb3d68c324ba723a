"""A form is read as it arrives, in bounded memory; what arrived of a broken one is not lost."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from kunak.frame import form as form_module
from kunak.frame.form import MAX_NAME, BrokenForm, Form, Refused, Upload, read_form, uploaded_name

MULTIPART = "multipart/form-data; boundary=----edge"


@dataclass
class Bag:
    """A sink that keeps what it gets."""

    upload: Upload
    content: bytes = b""
    closed: bool = False
    aborted: bool = False
    refuse_after: int = 2**40
    seen: dict[str, str] = field(default_factory=dict)

    async def write(self, data: bytes) -> None:
        self.content += data
        if len(self.content) > self.refuse_after:
            raise Refused

    async def close(self) -> None:
        self.closed = True

    async def abort(self) -> None:
        self.aborted = True


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    file = f'; filename="{filename}"\r\nContent-Type: text/plain' if filename is not None else ""
    return f'------edge\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"


END = b"------edge--\r\n"


def read(
    body: bytes, kind: str = MULTIPART, piece: int = 65_536, *, hangs_up: bool = False, **bag: Any
) -> tuple[Form, list[Bag]]:
    pieces = [body[start : start + piece] for start in range(0, len(body), piece)] or [b""]
    bags: list[Bag] = []

    async def receive() -> dict[str, Any]:
        if pieces:
            return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces) or hangs_up}
        return {"type": "http.disconnect"}

    async def open_sink(upload: Upload, so_far: Form) -> Bag:
        bags.append(Bag(upload, seen=dict(so_far.fields), **bag))
        return bags[-1]

    request = Request({"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}, receive)
    try:
        return asyncio.run(read_form(request, open_sink)), bags
    except BrokenForm as broken:
        broken.form.fields["broken"] = "yes"
        return broken.form, bags


@given(
    piece=st.integers(1, 300), text=st.text(alphabet="абвgh\r\n-=&\u2028", max_size=60), content=st.binary(max_size=300)
)
@settings(max_examples=150, deadline=None)
def test_it_makes_no_difference_in_which_pieces_a_form_arrives(piece: int, text: str, content: bytes) -> None:
    body = part("text", text.encode()) + part("files", content, "имя.txt") + END
    form, (bag,) = read(body, piece=piece)
    assert form["text"] == text.replace("\r\n", "\n").replace("\r", "\n")
    assert (bag.upload.name, bag.content, bag.closed, bag.aborted) == ("имя.txt", content, True, False)
    assert bag.seen == {"text": form["text"]}, "what stands before a file is known when the file begins"


def test_a_quote_in_a_files_name_is_shown_as_it_was_and_a_line_end_never() -> None:
    _, (bag,) = read(part("files", b"x", "отчёт %22важный%22%0D%0A.txt") + END)
    assert bag.upload.name == 'отчёт "важный".txt'


def test_a_file_field_that_nobody_filled_in_is_no_file() -> None:
    form, bags = read(part("files", b"", "") + END)
    assert (form.fields, bags) == ({}, [])


def test_an_urlencoded_form_is_read() -> None:
    form, _ = read(b"text=%D0%B4%D0%B0+1%0D%0A2&empty=", "application/x-www-form-urlencoded")
    assert form.fields == {"text": "да 1\n2", "empty": ""}


@pytest.mark.parametrize("end", range(0, 400, 23))
def test_a_form_that_breaks_off_gives_what_arrived_and_leaves_no_half_file(end: int) -> None:
    body = part("text", "слово".encode() * 9) + part("files", b"x" * 150, "a.txt") + END
    form, bags = read(body[: min(end, len(body) - 3)], hangs_up=True)
    assert form["broken"] == "yes"
    assert ("слово" * 9).startswith(form["text"].rstrip("\ufffd"))
    assert all(bag.aborted and not bag.closed for bag in bags)


def test_a_form_cut_short_without_hanging_up_is_broken_too() -> None:
    form, _ = read(part("text", b"kept"))
    assert (form["text"], form["broken"]) == ("kept", "yes")


def test_what_is_no_form_at_all_is_broken() -> None:
    for kind in ("text/plain", "multipart/form-data", "application/json", ""):
        assert read(b"{}", kind)[0].fields == {"broken": "yes"}
    assert read(b"no boundary here")[0].fields == {"broken": "yes"}


def test_a_refused_file_is_read_to_its_end_and_the_rest_of_the_form_with_it() -> None:
    body = part("files", b"x" * 200_000, "big.bin") + part("text", b"after it") + END
    form, (bag,) = read(body, piece=1_000, refuse_after=5_000)
    assert (bag.aborted, bag.closed) == (True, False)
    assert len(bag.content) <= 6_000, "nothing more is handed over after the refusal"
    assert form["text"] == "after it"
    assert [upload.name for upload, _ in form.refused] == ["big.bin"]
    assert form.sinks == []


def test_a_field_beyond_all_measure_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_module, "MAX_FIELD", 100)
    form, _ = read(part("text", b"x" * 5_000) + part("short", b"y") + END, piece=64)
    assert (len(form["text"]), form.cut, form["short"]) == (100, {"text"}, "y")


def test_many_fields_together_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_module, "MAX_TEXT", 1_000)
    form, _ = read(b"".join(part(f"f{n}", b"x" * 90) for n in range(50)) + END)
    assert sum(map(len, form.fields.values())) == 1_000
    assert "f49" in form.cut


def test_endless_parts_are_broken_off() -> None:
    form, _ = read(b"".join(part(f"f{n}", b"x") for n in range(form_module.MAX_PARTS + 1)) + END)
    assert form["broken"] == "yes"


@pytest.mark.parametrize(
    ("announced", "kept"),
    [
        ("photo.jpg", "photo.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\письмо.txt", "письмо.txt"),
        ("..", "file"),
        (".", "file"),
        ("", "file"),
        ("/", "file"),
        (".bashrc", "bashrc"),
        ("a\x00b\nc\r.txt", "abc.txt"),
        ("cod\u202egpj.exe", "codgpj.exe"),
        ("zero\u200bwidth\ufeff.txt", "zerowidth.txt"),
        ("и\u0306.txt", "й.txt"),
        ("x" * 300 + ".jpeg", "x" * (MAX_NAME - 5) + ".jpeg"),
        ("y" * 300, "y" * MAX_NAME),
        ("a." + "e" * 300, ("a." + "e" * 300)[:MAX_NAME]),
        ("bad\ud800.txt", "bad?.txt"),
    ],
)
def test_a_file_name_cannot_leave_its_folder(announced: str, kept: str) -> None:
    assert uploaded_name(announced) == kept


@given(st.text(max_size=400))
def test_whatever_is_announced_a_name_is_a_plain_label(announced: str) -> None:
    name = uploaded_name(announced)
    assert 0 < len(name) <= MAX_NAME
    assert not set(name) & set("/\\\x00\n\r\u202e\u2066")
    assert name not in {".", ".."}
    assert not name.startswith(".")
    assert uploaded_name(name) == name
