"""Files: cleaned or as they are, sealed on the way, never on a disk in the clear, never lost without a word."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import time
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import Request

from kunak.frame import form
from kunak.frame.form import Upload, read_form
from kunak.mailbox import parcel, writing
from kunak.mailbox.parcel import Gate, Parcel
from kunak.mailbox.unsent import Unsent
from kunak.relay.refusals import Full
from tests.mailbox.house import Browser, House
from tests.mailbox.test_photo import CANARY, PHOTOS, pixels
from tests.relay.serving import served

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
    assert "The files that you had added are no longer here" in thief.text
    assert thief.send("/write").code
    assert house.letters()[0].files == ()


def test_who_is_still_writing_after_an_hour_keeps_the_files(house: House, browser: Browser) -> None:
    """Each sending of the form begins their hour anew: what a letter names is never swept away under it."""
    upload(browser, ("one.txt", b"1", ""), text="See.", add="1")
    for _ in range(3):
        house.time.ticks += 1_700
        browser.send("/write", text="слово " * 4_000)
        asyncio.run(house.place.unsent.sweep())
    browser.send("/write", text="Shorter.")
    assert house.file(house.letters()[0].files[0]) == b"1"
    house.time.ticks += 7_200
    asyncio.run(house.place.unsent.sweep())
    assert house.file(house.letters()[0].files[0]) == b"1"


def test_files_that_are_gone_are_not_passed_over_in_silence(house: House, browser: Browser) -> None:
    upload(browser, ("one.txt", b"1", ""), text="See.", add="1")
    house.time.ticks += 1_790
    house.place.unsent = Unsent(house.blobs, lambda: house.time.ticks)  # as after a restart
    browser.send("/write")
    assert "The files that you had added are no longer here" in browser.text
    assert browser.form("/write")["text"] == "See."
    assert browser.send("/write").code
    assert house.letters()[0].files == ()


def test_what_a_killed_relay_left_without_a_letter_is_removed_at_the_next_start_and_nothing_else(
    tmp_path: Path,
) -> None:
    before = House(tmp_path)
    upload(before.browser(), ("sent.bin", os.urandom(700_000), ""), text="See.")
    upload(before.browser(), ("unsent.bin", os.urandom(700_000), ""), text="See.", add="1")
    # A film whose upload had not come to its end, either.
    half = Parcel(Upload("files", "film.mp4", ""), before.blobs, Gate(), as_is=True)
    asyncio.run(half.write(os.urandom(600_000)))
    assert chunks(before) == 3 + 3 + 2
    assert len(before.log.loose_chunks()) == 3 + 2
    before.close()  # no word to the parts that remember files: as if killed
    after = before.again()
    with served(after.app) as address:
        until = time.monotonic() + 30
        while after.log.loose_chunks() and time.monotonic() < until:
            time.sleep(0.01)
        assert httpx.get(address).status_code == 200
        assert after.log.loose_chunks() == []
        assert chunks(after) == 3
        (letter,) = after.letters()
        assert len(after.file(letter.files[0])) == 700_000


def test_a_full_disk_in_the_middle_of_a_file_leaves_nothing_and_keeps_the_text(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []

    def fsync(_: int) -> None:
        written.append(1)
        if len(written) == 5:  # each chunk is flushed, and then its folder: the third chunk finds no room
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        upload(browser, ("film.mp4", os.urandom(900_000), "video/mp4"), text="See.")
    assert browser.response.status_code == 503
    assert "There is no room on our server for “film.mp4”" in browser.text
    assert browser.form("/write")["text"] == "See."
    assert (chunks(house), house.log.loose_chunks()) == (0, [])
    browser.send("/write", files=[("film.mp4", b"short", "video/mp4")])
    assert house.file(house.letters()[0].files[0]) == b"short"


def test_only_so_many_files_are_on_their_way_at_once(house: House, browser: Browser) -> None:
    house.place.gate = Gate(most=1)
    other = Parcel(Upload("files", "other", ""), house.blobs, house.place.gate, as_is=True)
    upload(browser, ("mine.txt", b"1", ""), text="See.")
    assert browser.response.status_code == 503
    assert "Many files are arriving in this moment, and “mine.txt” was not taken." in browser.text
    asyncio.run(other.abort())
    browser.send("/write", files=[("mine.txt", b"1", ""), ("second.txt", b"2", ""), ("broken.jpg", JPEG[:900], "")])
    assert "“broken.jpg” seems to be damaged" in browser.text, "one after another is not at once"
    upload(house.browser(), ("another.txt", b"1", ""), text="A place is free again.")
    assert [letter.text for letter in house.letters()] == ["A place is free again."]


def test_of_a_file_that_is_not_taken_only_so_much_is_read(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parcel, "LIMIT", 300_000)
    monkeypatch.setattr(form, "MAX_WASTE", 1_000_000)
    browser.open("/write")
    pieces = 0

    def body() -> Iterator[bytes]:
        nonlocal pieces
        for name, value in (browser.form("/write") | {"text": "See."}).items():
            yield f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="film.mp4"\r\n\r\n'
        while True:
            pieces += 1
            yield os.urandom(100_000)

    async def send() -> str:
        """A browser that never stops."""
        stream = body()

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": next(stream), "more_body": True}

        said: list[dict[str, Any]] = []

        async def answer(message: Any) -> None:
            said.append(message)

        cookie = f"s={browser.client.cookies['s']}".encode()
        headers = [(b"content-type", b"multipart/form-data; boundary=x"), (b"cookie", cookie), (b"host", b"house.test")]
        scope = {"type": "http", "method": "POST", "path": "/write", "query_string": b"lang=en", "headers": headers}
        await house.app({**scope, "scheme": "http", "server": ("house.test", 80), "root_path": ""}, receive, answer)
        assert said[0]["status"] == 413
        return b"".join(each.get("body", b"") for each in said).decode()

    page = asyncio.run(send())
    assert pieces < 20
    assert "is larger than 500 MB and was not taken" in page
    assert "So we stopped taking in the rest." in page
    assert ">See.</textarea>" in page
    assert (chunks(house), house.log.loose_chunks()) == (0, [])


def test_an_upload_that_stands_still_is_given_up(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form, "STALL_SECONDS", 0.05)

    async def body() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nSee.\r\n'
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.bin"\r\n\r\n' + os.urandom(600_000)
        await asyncio.Event().wait()

    async def arrive() -> form.Form:
        pieces = body()

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": await anext(pieces), "more_body": True}

        headers = [(b"content-type", b"multipart/form-data; boundary=x")]

        async def open_sink(announced: Upload, _: object) -> Parcel:
            return Parcel(announced, house.blobs, house.place.gate, as_is=False)

        with pytest.raises(form.BrokenForm) as broken:
            await read_form(Request({"type": "http", "method": "POST", "headers": headers}, receive), open_sink)
        return broken.value.form

    assert asyncio.run(arrive())["text"] == "See."
    assert (chunks(house), house.log.loose_chunks()) == (0, [])


def test_a_letter_whose_connection_was_cut_is_sent_again_with_its_file(house: House, browser: Browser) -> None:
    """A real connection, cut in the middle of a film; then the same form once more, as after going back."""
    browser.open("/write")
    fields = browser.form("/write") | {"text": "See."}
    cookie = f"s={browser.client.cookies['s']}"
    film = os.urandom(900_000)
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="film.mp4"\r\n\r\n'
    whole = b"".join(parts) + head + film + b"\r\n--x--\r\n"
    with served(house.app) as address:
        host, port = address.removeprefix("http://").split(":")
        request = (
            f"POST /write?lang=en HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookie}\r\n"
            f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(whole)}\r\n\r\n"
        )
        with socket.create_connection((host, int(port))) as line:
            line.sendall(request.encode() + whole[:700_000])
            until = time.monotonic() + 30
            while chunks(house) < 2 and time.monotonic() < until:
                time.sleep(0.01)
        while chunks(house) and time.monotonic() < until:
            time.sleep(0.01)
        assert (chunks(house), house.letters()) == (0, []), "nothing of it is left"
        headers = {"cookie": cookie, "content-type": "multipart/form-data; boundary=x"}
        answer = httpx.post(f"{address}/write?lang=en", content=whole, headers=headers)
        assert answer.status_code == 303
        (letter,) = house.letters()
        assert (letter.text, house.file(letter.files[0])) == ("See.", film)


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
            return Parcel(announced, house.blobs, Gate(), as_is=False)

        arrived = await read_form(request, open_sink)
        return sum(sink.reference.size for _, sink in arrived.sinks if isinstance(sink, Parcel))

    tracemalloc.start()
    assert asyncio.run(arrive()) == size // len(piece) * len(piece)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6_000_000, f"{peak} bytes"
