"""Files: cleaned or as they are, sealed on the way, never on a disk in the clear, never lost without a word."""

from __future__ import annotations

import asyncio
import os
import tracemalloc
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.requests import Request

from kunak.frame.form import Upload, read_form
from kunak.mailbox import parcel, writing
from kunak.mailbox.parcel import Parcel
from kunak.relay.refusals import Full
from tests.mailbox.house import Browser, House
from tests.mailbox.test_photo import CANARY, PHOTOS, pixels

JPEG = PHOTOS["jpeg"]


def upload(browser: Browser, *files: tuple[str, bytes, str], **fields: str) -> Browser:
    """The letter with files, in the order in which a browser sends them."""
    return browser.open("/write").send(
        "/write", files=[(name, content, kind) for name, content, kind in files], **fields
    )


def on_disk(house: House) -> bytes:
    return b"".join(file.read_bytes() for file in house.folder.rglob("*") if file.is_file())


def chunks(house: House) -> int:
    return len(list((house.folder / "blobs").iterdir()))


def test_a_photo_arrives_without_what_it_told(house: House, browser: Browser) -> None:
    upload(browser, ("wound.jpg", JPEG, "image/jpeg"), text="See.")
    (reference,) = house.letters()[0].files
    assert (reference.name, reference.media_type, reference.cleaned) == ("wound.jpg", "image/jpeg", True)
    arrived = house.file(reference)
    assert CANARY not in arrived
    assert pixels(arrived) == pixels(JPEG)


def test_a_photo_can_be_left_unchanged_as_evidence(house: House, browser: Browser) -> None:
    upload(browser, ("wound.jpg", JPEG, "image/jpeg"), text="See.", as_is="1")
    (reference,) = house.letters()[0].files
    assert reference.cleaned is False
    assert house.file(reference) == JPEG


def test_a_photo_under_another_name_is_cleaned_all_the_same(house: House, browser: Browser) -> None:
    upload(browser, ("letter.txt", JPEG, "text/plain"), text="See.")
    (reference,) = house.letters()[0].files
    assert reference.cleaned
    assert CANARY not in house.file(reference)


@pytest.mark.parametrize("content", [b"x", b"%PDF-1.7 " + CANARY, os.urandom(262_144), os.urandom(700_001)])
def test_other_files_arrive_as_they_are(house: House, browser: Browser, content: bytes) -> None:
    upload(browser, ("a.pdf", content, "application/pdf"), text="See.")
    (reference,) = house.letters()[0].files
    assert (reference.size, reference.media_type, reference.cleaned) == (len(content), "application/pdf", False)
    assert house.file(reference) == content


def test_an_empty_file_is_a_file_too(house: House, browser: Browser) -> None:
    upload(browser, ("empty.txt", b"", "text/plain"), text="See.")
    (reference,) = house.letters()[0].files
    assert (reference.name, reference.size, house.file(reference)) == ("empty.txt", 0, b"")


def test_a_letter_of_files_alone_goes(house: House, browser: Browser) -> None:
    upload(browser, ("a.bin", b"12345", ""), text="")
    (reference,) = house.letters()[0].files
    assert reference.media_type == "application/octet-stream"


def test_nothing_of_a_file_stands_on_the_disk_in_the_clear(house: House, browser: Browser) -> None:
    content = CANARY * 20_000
    upload(browser, ("a.txt", content, "text/plain"), text="See " + CANARY.decode())
    assert house.file(house.letters()[0].files[0]) == content
    assert CANARY not in on_disk(house)


def test_the_name_of_a_file_cannot_leave_its_folder(house: House, browser: Browser) -> None:
    upload(browser, ("../../etc/\u202egpj.exe", b"x", ""), text="See.")
    assert house.letters()[0].files[0].name == "gpj.exe"


def test_files_can_be_added_one_after_another_and_the_text_stays(house: House, browser: Browser) -> None:
    upload(browser, ("one.txt", b"1" * 1_500, ""), text="See.", add="1")
    assert "The files are here." in browser.text
    assert "one.txt (2 kB; as it is)" in browser.text
    assert house.log.read(0) == []
    browser.send("/write", files=[("two.jpg", JPEG, "image/jpeg")])
    assert browser.code
    assert [(file.name, file.cleaned) for file in house.letters()[0].files] == [("one.txt", False), ("two.jpg", True)]
    assert house.file(house.letters()[0].files[0]) == b"1" * 1_500


def test_files_are_kept_while_the_letter_is_put_right(house: House, browser: Browser) -> None:
    upload(browser, ("one.txt", b"1", ""), text="слово " * 4_000)
    assert "characters, and 20000 fit" in browser.text
    browser.send("/write", text="Shorter.")
    assert [file.name for file in house.letters()[0].files] == ["one.txt"]


def test_a_file_too_large_is_named_and_the_rest_is_kept(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parcel, "LIMIT", 300_000)
    upload(browser, ("small.txt", b"1", ""), ("film.mp4", os.urandom(700_000), "video/mp4"), text="See.")
    assert browser.response.status_code == 413
    assert "The file “film.mp4” is larger than 500 MB" in browser.text
    assert browser.form("/write")["text"] == "See."
    assert chunks(house) == 1, "nothing of the film is left"
    browser.send("/write")
    assert [file.name for file in house.letters()[0].files] == ["small.txt"]


def test_a_damaged_photo_is_not_sent_unasked(house: House, browser: Browser) -> None:
    broken = JPEG[: len(JPEG) // 2]
    upload(browser, ("half.jpg", broken, "image/jpeg"), text="See.")
    assert "The photo “half.jpg” seems to be damaged" in browser.text
    assert chunks(house) == 0
    browser.send("/write", files=[("half.jpg", broken, "image/jpeg")], as_is="1")
    assert house.file(house.letters()[0].files[0]) == broken


def test_no_room_for_a_file_is_said_and_the_letter_can_go_without(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: Any) -> None:
        raise Full("full")

    with monkeypatch.context() as patch:
        patch.setattr(house.blobs, "put", full)
        upload(browser, ("film.mp4", b"1", "video/mp4"), text="See.")
        assert browser.response.status_code == 503
        assert "There is no room on our server for “film.mp4”" in browser.text
    browser.send("/write")
    assert house.letters()[0].text == "See."


def test_one_letter_holds_only_so_many_files(house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_FILES", 2)
    upload(browser, *((f"{n}.txt", b"x", "") for n in range(3)), text="See.")
    assert "“2.txt” was not taken: one letter holds 2 files." in browser.text
    browser.send("/write")
    assert [file.name for file in house.letters()[0].files] == ["0.txt", "1.txt"]


def test_an_upload_that_breaks_off_leaves_nothing_and_keeps_the_text(house: House, browser: Browser) -> None:
    browser.open("/write")
    token = browser.form("/write")["token"]
    body = b"".join(
        [
            b'--x\r\nContent-Disposition: form-data; name="token"\r\n\r\n' + token.encode() + b"\r\n",
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nSee.\r\n',
            b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.bin"\r\n\r\n' + os.urandom(900_000),
        ]
    )
    browser.response = browser.client.post(
        "/write?lang=en", content=body, headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert "The connection broke off" in browser.text
    assert browser.form("/write")["text"] == "See."
    assert chunks(house) == 0


def test_files_whose_letter_is_never_sent_are_deleted_after_an_hour(house: House, browser: Browser) -> None:
    upload(browser, ("left.bin", os.urandom(700_000), ""), text="See.", add="1")
    assert chunks(house) == 3
    house.time.ticks += 3_599
    upload(house.browser(), ("other.txt", b"x", ""), text="Another person.")
    assert chunks(house) == 4
    house.time.ticks += 2
    house.browser().open("/write").send("/write", text="A third one.")
    assert chunks(house) == 1
    assert house.file(next(file for letter in house.letters() for file in letter.files)) == b"x"


def test_a_film_that_takes_hours_over_tor_is_sent_with_the_form_that_it_came_in(house: House, browser: Browser) -> None:
    browser.open("/write")
    head = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (browser.form("/write") | {"text": "See."}).items()
    )

    async def slowly() -> AsyncIterator[bytes]:
        yield head.encode() + b'--x\r\nContent-Disposition: form-data; name="files"; filename="film.mp4"\r\n\r\n'
        for _ in range(4):
            yield os.urandom(100_000)
            house.time.ticks += 3_600
        yield b"\r\n--x--\r\n"

    async def send() -> int:
        transport = httpx.ASGITransport(house.app)
        headers = {"content-type": "multipart/form-data; boundary=x", "cookie": f"s={browser.client.cookies['s']}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://house.test") as client:
            return (await client.post("/write?lang=en", content=slowly(), headers=headers)).status_code

    assert asyncio.run(send()) == 303
    assert [file.size for file in house.letters()[0].files] == [400_000]


@pytest.mark.parametrize(
    "beginning",
    [b"\x00\x00\x00\x18ftypheic", b"\x00\x00\x00\x1cftypavif", b"II*\x00\x08\x00\x00\x00", b"MM\x00*\x00\x00\x00\x08"],
)
def test_a_photo_of_a_kind_that_cannot_be_cleaned_is_not_sent_unasked(
    house: House, browser: Browser, beginning: bytes
) -> None:
    photo = beginning + CANARY * 20
    upload(browser, ("IMG_1.HEIC", photo, "image/heic"), text="See.")
    assert "“IMG_1.HEIC” is a photo of a kind from which we cannot take out the place and the time." in browser.text
    assert (chunks(house), house.letters()) == (0, [])
    browser.send("/write", files=[("IMG_1.HEIC", photo, "image/heic")], as_is="1")
    assert house.file(house.letters()[0].files[0]) == photo


def test_a_film_goes_as_it_is(house: House, browser: Browser) -> None:
    film = b"\x00\x00\x00\x18ftypisom" + os.urandom(500)
    upload(browser, ("film.mp4", film, "video/mp4"), text="See.")
    assert house.file(house.letters()[0].files[0]) == film


def test_files_of_another_visit_cannot_be_taken_over(house: House, browser: Browser) -> None:
    upload(browser, ("mine.txt", b"1", ""), text="See.", add="1")
    kept = browser.form("/write")["kept"]
    thief = house.browser().open("/write").send("/write", text="Not mine.", kept=kept)
    assert thief.code
    assert house.letters()[0].files == ()


def test_a_large_file_passes_in_constant_memory(house: House) -> None:
    """40 MB through form, cleaner and sealing: less than 6 MB more at any moment."""
    size, piece = 40_000_000, os.urandom(65_536)

    async def body() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.bin"\r\n\r\n'
        for _ in range(size // len(piece)):
            yield piece
        yield b"\r\n--x--\r\n"

    async def arrive() -> int:
        pieces = body()

        async def receive() -> dict[str, Any]:
            try:
                return {"type": "http.request", "body": await anext(pieces), "more_body": True}
            except StopAsyncIteration:
                return {"type": "http.request", "body": b"", "more_body": False}

        headers = [(b"content-type", b"multipart/form-data; boundary=x")]
        request = Request({"type": "http", "method": "POST", "headers": headers}, receive)

        async def open_sink(announced: Upload, _: object) -> Parcel:
            return Parcel(announced, house.blobs, as_is=False)

        form = await read_form(request, open_sink)
        return sum(sink.reference.size for _, sink in form.sinks if isinstance(sink, Parcel))

    tracemalloc.start()
    assert asyncio.run(arrive()) == size // len(piece) * len(piece)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6_000_000, f"{peak} bytes"
