"""A complete new contact without JavaScript: land, write 1 KiB, get the code, later return and read a reply.

Server CPU for each against the floor (bench/floor.py) in the same run; at 1, 8 and 32 people at once: contacts lost, the slowest
step, memory; and what a contact takes on the disk.
"""

from __future__ import annotations

import html
import http.client
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import httpx

from bench.servers import cpu_seconds, free_port, peak_memory, relay_command, running
from bench.table import Row
from kunak.relay import wire
from kunak.sealing.hybrid import Identity, Recipient
from kunak.sealing.letter import Reply, open_letter, seal_reply
from kunak.sealing.signature import SigningKey
from tests.relay.organisation import Device, Organisation
from tests.relay.process import desk_of

TITLE = "A complete new contact"
TEXT = ("Мне нужна помощь. " * 60).encode()[:1024].decode(errors="ignore")
ANSWER = "Здравствуйте. Мы получили ваше письмо."
CROWDS = {1: 16, 8: 48, 32: 128}  # people at once: contacts in all, each round
ROUNDS = 5  # floor, ours, floor, ours: what else the machine does meets both; medians of the rounds are told


@dataclass
class Person:
    """A browser without JavaScript that does one thing after the other, and a watch."""

    port: int
    watch: dict[str, list[float]]
    cookies: dict[str, str] = field(default_factory=dict)
    page: str = ""
    code: str = ""

    def ask(self, step: str, method: str, path: str, body: bytes = b"", kind: str = "") -> None:
        """One request and the redirect that follows it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Accept-Language": "ru", "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        start = time.perf_counter()
        connection.request(method, path, body, headers | ({"Content-Type": kind} if kind else {}))
        answer = connection.getresponse()
        self.page = answer.read().decode()
        self.watch[step].append(time.perf_counter() - start)
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        if answer.status == 303:
            self.ask(f"{step}, then", "GET", answer.headers["Location"])
        elif answer.status != 200:
            raise RuntimeError(f"{step}: {answer.status}")

    def send(self, step: str, action: str, fields: dict[str, str]) -> None:
        """Fill in the form of the page that goes there."""
        found = re.search(rf'(?s)<form [^>]*action="({re.escape(action)}[^"]*)".*?</form>', self.page)
        assert found, action
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[0])
        filled = {name: html.unescape(value) for name, value in hidden} | fields
        if "multipart/form-data" not in found[0]:
            kind = "application/x-www-form-urlencoded"
            self.ask(step, "POST", html.unescape(found[1]), urlencode(filled).encode(), kind)
            return
        edge = secrets.token_hex(16)
        parts = "".join(
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in filled.items()
        )
        self.ask(
            step,
            "POST",
            html.unescape(found[1]),
            f"{parts}--{edge}--\r\n".encode(),
            f"multipart/form-data; boundary={edge}",
        )

    def write(self) -> None:
        """The first half."""
        self.ask("first page", "GET", "/")
        self.ask("empty form", "GET", "/write")
        self.send("send", "/write", {"text": TEXT})
        shown = re.search(r'(?s)<ol class="words card"[^>]*>(.*?)</ol>', self.page)
        assert shown, "no code was shown"
        self.code = " ".join(re.findall(r"<li>(.*?)</li>", shown[1]))
        self.send("code is kept", "/code", {})
        self.cookies.clear()

    def come_back(self) -> None:
        """The second half."""
        self.ask("asks for code", "GET", "/return")
        self.send("enter", "/return", {"code": self.code})
        assert ANSWER in html.unescape(self.page), "the reply is not there"


@dataclass
class Measured:
    """What one crowd cost."""

    cpu: float  # seconds a contact
    lost: int
    slowest: tuple[str, float]  # step and its p95, seconds
    memory: float  # MB
    stored: float  # bytes a contact


def run() -> list[Row]:
    """The table."""
    rows: list[Row] = []
    for crowd, contacts in CROWDS.items():
        rounds = [(_floor(crowd, contacts), _relay(crowd, contacts)) for _ in range(ROUNDS)]
        floor = median(each for each, _ in rounds)
        ours = _of_all([each for _, each in rounds])
        ratio = median(each.cpu / below for below, each in rounds)
        at_once = f"{crowd} at once"
        rows.append(
            Row(
                f"server CPU a contact, {at_once}",
                f"{ours.cpu * 1e3:.1f} ms",
                f"{floor * 1e3:.1f} ms, floor",
                f"{ratio:.2f}",
                "≤ 1.5",
                ratio <= 1.5,
            )
        )
        rows.append(
            Row(f"contacts lost, {at_once}", f"{ours.lost} of {contacts * ROUNDS}", "", "", "0", ours.lost == 0)
        )
        step, seconds = ours.slowest
        held = seconds < 1.5 if crowd == 32 else None
        rows.append(Row(f"slowest step (p95), {at_once}", f"{seconds:.2f} s ({step})", "", "", "< 1.5 s at 32", held))
        rows.append(
            Row(
                f"memory of the server at most, {at_once}",
                f"{ours.memory:.0f} MB",
                "",
                "",
                "< 100 MB",
                ours.memory < 100,
            )
        )
    rows.append(
        Row(
            "stored bytes a contact",
            f"{ours.stored:.0f}",
            "3 envelopes of 4 KiB",
            f"{ours.stored / 4096:.2f}",
            "< 3 × 4,096",
            ours.stored < 12_288,
        )
    )
    return rows


def _of_all(rounds: Sequence[Measured]) -> Measured:
    """The median of what a contact cost and of the slowest step; the sum of what was lost; the most memory."""
    slowest = sorted((each.slowest for each in rounds), key=lambda pair: pair[1])[len(rounds) // 2]
    return Measured(
        median(each.cpu for each in rounds),
        sum(each.lost for each in rounds),
        slowest,
        max(each.memory for each in rounds),
        max(each.stored for each in rounds),
    )


def _together(people: Sequence[Person], crowd: int, act: Callable[[Person], None]) -> int:
    """How many failed."""

    def one(person: Person) -> int:
        try:
            act(person)
        except (AssertionError, RuntimeError, OSError, http.client.HTTPException) as trouble:
            sys.stderr.write(f"{trouble}\n")
            return 1
        return 0

    with ThreadPoolExecutor(crowd) as threads:
        return sum(threads.map(one, people))


def _floor(crowd: int, contacts: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        with running([sys.executable, "-m", "bench.floor", str(Path(folder) / "kept.db"), str(port)], port) as process:
            people = [Person(port, defaultdict(list)) for _ in range(contacts)]
            before = cpu_seconds(process)
            for act in (_write_to_floor, _return_to_floor):
                assert not _together(people, crowd, act)
            return (cpu_seconds(process) - before) / contacts


def _write_to_floor(person: Person) -> None:
    person.ask("write", "POST", "/first", TEXT.encode())


def _return_to_floor(person: Person) -> None:
    person.ask("return", "POST", "/return", TEXT.encode())


def _relay(crowd: int, contacts: int) -> Measured:
    organisation, device, week, reply_key = Organisation(), Device(), Identity.generate(), SigningKey.generate()
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        file = organisation.write(folder / "organisation.json")
        with running(relay_command(folder / "data", file, port), port) as process:
            address = f"http://127.0.0.1:{port}"
            httpx.put(address + wire.ROSTER, content=organisation.roster(device)).raise_for_status()
            httpx.put(address + wire.HELPLINE, content=_helpline(organisation, week, reply_key)).raise_for_status()
            _together(
                [Person(port, defaultdict(list)) for _ in range(2)], 1, Person.write
            )  # pages are read from the disk once
            watch: dict[str, list[float]] = defaultdict(list)
            people = [Person(port, watch) for _ in range(contacts)]
            writing, lost = _cpu(process, lambda: _together(people, crowd, Person.write))
            with desk_of(address, device) as desk:
                lost += contacts + 2 - _answer_all(desk, week, reply_key)
            reading, away = _cpu(process, lambda: _together(people, crowd, Person.come_back))
            memory = peak_memory(process)
        stored = (folder / "data" / "relay.db").stat().st_size / (contacts + 2)
        slowest = max(((step, _p95(times)) for step, times in watch.items()), key=lambda pair: pair[1])
        return Measured((writing + reading) / contacts, lost + away, slowest, memory, stored)


def _cpu(process: subprocess.Popen[bytes], act: Callable[[], int]) -> tuple[float, int]:
    before = cpu_seconds(process)
    lost = act()
    return cpu_seconds(process) - before, lost


def _answer_all(desk: httpx.Client, week: Identity, reply_key: SigningKey) -> int:
    """The desk answers every letter; how many there were."""
    after, answered = 0, 0
    while envelopes := wire.decode_stored(desk.get(wire.ENVELOPES, params={"after": after}).content):
        for envelope in envelopes:
            assert envelope.sealed is not None
            letter = open_letter(envelope.sealed, [week]).letter
            assert letter.first is not None
            assert letter.text == TEXT
            reply = Reply(1, os.urandom(16), letter.mailbox, envelope.day, "text", ANSWER)
            sealed = seal_reply(reply, Recipient.from_bytes(letter.first.recipient), reply_key)
            headers = {wire.MESSAGE_HEADER: reply.id.hex()}
            path = f"{wire.MAILBOXES}/{letter.mailbox.hex()}/messages"
            desk.post(path, content=sealed, headers=headers).raise_for_status()
            answered += 1
            after = envelope.position
    return answered


def _helpline(organisation: Organisation, week: Identity, reply_key: SigningKey) -> bytes:
    today = wire.day_of(time.time())
    return organisation.signed(
        "helpline",
        {
            "format": "kunak-helpline/1",
            "organisation": organisation.id.hex(),
            "version": 1,
            "name": {"ru": "Линия помощи", "en": "Helpline"},
            "reply_keys": [reply_key.public.hex()],
            "weeks": [{"from": today - 1, "recipient": str(week.recipient)}],
        },
    )


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]
