"""Finds a canary in bytes: raw, UTF-16 and UTF-32, base64 at each alignment, hex, percent-encoded, escaped, and inside compressed members."""

from __future__ import annotations

import base64
import json
import secrets
import urllib.parse
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

# What a compressed member may begin with: gzip, and zlib at the levels that software uses.
GZIP = b"\x1f\x8b\x08"
ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
BIRD = "канарейка"
MEMBER_LIMIT = 8 * 1024 * 1024


def canary(what: str) -> str:
    """A text that occurs nowhere else: Cyrillic and Latin letters, so that every encoding of it differs."""
    return f"{BIRD} {what} {secrets.token_hex(8)}"


def spellings(text: str) -> dict[str, bytes]:
    """Every spelling of a canary by name. Its random tail alone would be found in all of the plain ones; the whole text is searched too."""
    raw = text.encode()
    # A person's code ends in a word of a public list, which says nothing; a canary's random end is found anywhere.
    tail = text.rsplit(" ", 1)[-1].encode() if text.startswith(BIRD) else raw
    found = {
        "raw": tail,
        "UTF-16": tail.decode().encode("utf-16-le"),
        "UTF-16 big-endian": tail.decode().encode("utf-16-be"),
        "UTF-32": tail.decode().encode("utf-32-le"),
        "hex": tail.hex().encode(),
        "HEX": tail.hex().upper().encode(),
        "percent": urllib.parse.quote(text[:9]).encode(),
        "JSON escapes": json.dumps(text[:9]).strip('"').encode(),
        "UTF-8 Cyrillic": text.rsplit(" ", 1)[0].encode(),
        "UTF-16 Cyrillic": text.rsplit(" ", 1)[0].encode("utf-16-le"),
    }
    for shift in range(3):
        for name, content in (("base64", tail), ("base64 of the text", raw)):
            # The first and last characters depend on the neighbours; what lies between does not.
            middle = base64.b64encode(b"\0" * shift + content).rstrip(b"=")[shift + 1 : -2]
            found[f"{name} +{shift}"] = middle
            found[f"{name} url +{shift}"] = middle.replace(b"+", b"-").replace(b"/", b"_")
    return found


def members(content: bytes) -> Iterator[bytes]:
    """What inflates out of the bytes: gzip and zlib members wherever they begin, raw deflate behind ZIP heads."""
    for magic, window in ((GZIP, 31), *((start, 15) for start in ZLIB), (b"PK\x03\x04", -15)):
        at = content.find(magic)
        while at != -1:
            start = at
            if window < 0:  # a ZIP local head: 30 bytes, then the name and the extra field
                name, extra = (int.from_bytes(content[at + k : at + k + 2], "little") for k in (26, 28))
                start = at + 30 + name + extra
            try:
                inflated = zlib.decompressobj(window).decompress(content[start:], MEMBER_LIMIT)
            except zlib.error:
                inflated = b""
            if len(inflated) > 15:
                yield inflated
            at = content.find(magic, at + 1)


def search(content: bytes, canaries: Iterable[str], *, inflate: bool = True) -> list[str]:
    """`<canary>: <spelling>` for everything found; empty when the bytes say nothing."""
    wanted = [(text, name, spelling) for text in canaries for name, spelling in spellings(text).items()]
    found = [f"{text}: {name}" for text, name, spelling in wanted if spelling in content]
    if inflate:
        for inflated in members(content):
            found += [f"{text}: {name}, compressed" for text, name, spelling in wanted if spelling in inflated]
    return sorted(set(found))


def search_folder(folder: Path, canaries: Iterable[str]) -> tuple[int, list[str]]:
    """Bytes read and what was found in every file below the folder, its name included."""
    texts = list(canaries)
    size, found = 0, []
    for path in sorted(folder.rglob("*")):
        found += [f"{path.name}: {hit} (in the name)" for hit in search(str(path).encode(), texts, inflate=False)]
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            size += len(content)
            found += [f"{path.name}: {hit}" for hit in search(content, texts)]
    return size, found


def process_memory(pid: int) -> bytes:
    """Every readable, writable region of a process, and its stack: what a hunter's memory dump holds."""
    regions = []
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in maps:
            span, rights, *rest = line.split()
            if not rights.startswith("rw") or (rest and rest[-1] in ("[vvar]", "[vsyscall]")):
                continue
            start, end = (int(part, 16) for part in span.split("-"))
            try:
                memory.seek(start)
                regions.append(memory.read(end - start))
            except OSError:
                continue
    return b"\n".join(regions)
