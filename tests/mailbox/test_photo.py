"""A photo loses what it tells besides its picture, and nothing of its picture."""

from __future__ import annotations

import contextlib
import io
import itertools
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from kunak.mailbox.cleaner import NotAPhoto
from kunak.mailbox.photo import cleaner_for

CANARY = b"CANARY-Grozny-43.3169N"


def picture(mode: str = "RGB") -> Image.Image:
    """Something with enough detail for every byte value to turn up in its data."""
    noise = Image.effect_noise((97, 61), 90).convert("RGB")
    noise.paste((200, 30, 30), (5, 5, 40, 20))
    return noise.convert(mode)


def exif(orientation: int = 1) -> Image.Exif:
    tags = Image.Exif()
    tags[0x010F] = CANARY.decode()  # maker
    tags[0x0132] = "2017:04:02 10:00:00"
    tags[0x0112] = orientation
    tags.get_ifd(0x8825)[1] = CANARY.decode()  # GPS
    return tags


def jpeg(orientation: int = 1, **options: Any) -> bytes:
    out = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xmp = b"<x:xmpmeta>" + CANARY + b"</x:xmpmeta>"
    options = {
        "quality": 88,
        "exif": exif(orientation),
        "xmp": xmp,
        "icc_profile": profile,
        "comment": CANARY,
        **options,
    }
    picture(options.pop("mode", "RGB")).save(out, "JPEG", **options)
    return out.getvalue()


def png(orientation: int = 1, **options: Any) -> bytes:
    out = io.BytesIO()
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", CANARY.decode())
    text.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    text.add(b"prVt", CANARY)
    picture(options.pop("mode", "RGB")).save(
        out, "PNG", pnginfo=text, exif=exif(orientation), dpi=(300, 300), **options
    )
    return out.getvalue()


def webp(orientation: int = 1, **options: Any) -> bytes:
    out = io.BytesIO()
    picture(options.pop("mode", "RGB")).save(
        out, "WEBP", exif=exif(orientation), xmp=b"<x>" + CANARY + b"</x>", **options
    )
    return out.getvalue()


def cleaned(photo: bytes, *cuts: int) -> bytes:
    cleaner = cleaner_for(photo[:12])
    assert cleaner is not None
    edges = [0, *sorted(cut for cut in cuts if cut < len(photo)), len(photo)]
    out = b"".join(cleaner.update(photo[start:end]) for start, end in itertools.pairwise(edges))
    cleaner.finish()
    return out


def pixels(photo: bytes) -> tuple[str, tuple[int, int], bytes]:
    image = Image.open(io.BytesIO(photo))
    return image.mode, image.size, image.tobytes()


def crafted_tail(photo: bytes) -> bytes:
    return photo + b"MotionPhoto" + CANARY


PHOTOS = {
    "jpeg": jpeg(),
    "jpeg, progressive": jpeg(progressive=True),
    "jpeg, grey": jpeg(mode="L", icc_profile=None),
    "jpeg, four inks": jpeg(mode="CMYK", icc_profile=None),
    "jpeg, restart markers": jpeg(restart_marker_blocks=2),
    "jpeg with a film behind": crafted_tail(jpeg()),
    "png": png(),
    "png with a palette": png(mode="P"),
    "png, transparent": png(mode="RGBA"),
    "png with what was cropped away behind": crafted_tail(png()),
    "webp": webp(),
    "webp, lossless": webp(lossless=True),
    "webp, transparent": webp(mode="RGBA"),
    "webp with something behind": crafted_tail(webp()),
    "webp, moving": webp(save_all=True, append_images=[picture().transpose(Image.Transpose.FLIP_LEFT_RIGHT)]),
}


@pytest.mark.parametrize("name", PHOTOS)
def test_a_photo_tells_nothing_any_more_and_shows_the_same(name: str) -> None:
    photo = PHOTOS[name]
    assert CANARY in photo, "something must be there to leak"
    clean = cleaned(photo)
    assert CANARY not in clean
    assert b"2017:04:02" not in clean
    assert b"JFIF" not in clean or clean.count(b"JFIF") == 1
    assert pixels(clean) == pixels(photo)
    info = Image.open(io.BytesIO(clean))
    # WebP says in its head that there is Exif data, so that a block stays which says "upright".
    assert dict(info.getexif()) == ({0x0112: 1} if info.format == "WEBP" else {})
    assert not {"comment", "xmp", "icc_profile", "Comment"} & set(info.info)


FORMATS: dict[str, Callable[[int], bytes]] = {
    "jpeg": jpeg,
    "png": png,
    "webp": webp,
    "webp, lossless": lambda orientation: webp(orientation, lossless=True),
    "webp, transparent": lambda orientation: webp(orientation, mode="RGBA"),
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stays_the_right_way_up(name: str, orientation: int) -> None:
    photo = FORMATS[name](orientation)
    clean = cleaned(photo, *range(1, len(photo), 7))
    assert CANARY not in clean
    kept = dict(Image.open(io.BytesIO(clean)).getexif())
    assert kept == {0x0112: orientation} or (orientation == 1 and kept == {})
    upright = [ImageOps.exif_transpose(Image.open(io.BytesIO(each))).tobytes() for each in (photo, clean)]
    assert upright[0] == upright[1]
    assert cleaned(clean) == clean


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("prefix", [b"", b"Exif\0\0"])
@pytest.mark.parametrize("size", [40, 41, 70_000, 140_000])
def test_a_webp_of_any_camera_keeps_its_orientation_and_its_length(order: str, prefix: bytes, size: int) -> None:
    """Either byte order, with JPEG's prefix or without, an odd length, more data than is held in memory at once."""
    tiff = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}IHHHIHHI", 8, 1, 0x0112, 3, 1, 6, 0, 0)
    content = (prefix + tiff).ljust(size, b"x")
    plain = webp(1, lossless=True)
    body = b""
    rest = plain[12:]
    while rest:
        length = int.from_bytes(rest[4:8], "little")
        chunk, rest = rest[: 8 + length + length % 2], rest[8 + length + length % 2 :]
        if chunk[:4] == b"EXIF":
            chunk = b"EXIF" + len(content).to_bytes(4, "little") + content + bytes(len(content) % 2)
        body += chunk
    photo = b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body
    clean = cleaned(photo, *range(1, len(photo), 4_001))
    assert len(clean) == len(photo)
    assert (b"xxx" in photo, b"xxx" in clean) == (True, False)
    assert dict(Image.open(io.BytesIO(clean)).getexif()) == {0x0112: 6}


@pytest.mark.parametrize("name", PHOTOS)
@given(cuts=st.lists(st.integers(1, 20_000), max_size=12))
@settings(max_examples=15, deadline=None)
def test_it_makes_no_difference_in_which_pieces_a_photo_arrives(name: str, cuts: list[int]) -> None:
    assert cleaned(PHOTOS[name], *cuts) == cleaned(PHOTOS[name])


@pytest.mark.parametrize("name", ["jpeg", "png", "webp"])
def test_byte_by_byte_is_the_same_too(name: str) -> None:
    photo = PHOTOS[name]
    assert cleaned(photo, *range(1, len(photo))) == cleaned(photo)


@pytest.mark.parametrize("name", PHOTOS)
def test_a_clean_photo_stays_as_it_is(name: str) -> None:
    clean = cleaned(PHOTOS[name])
    assert cleaned(clean) == clean


@pytest.mark.parametrize("name", ["jpeg", "jpeg, progressive", "png"])
def test_a_photo_that_breaks_off_is_refused_not_passed(name: str) -> None:
    photo = cleaned(PHOTOS[name])
    for end in range(12, len(photo) - 12, 97):
        with pytest.raises(NotAPhoto):
            cleaned(photo[:end])


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_rubbish_behind_a_good_beginning_is_refused_or_dropped(rubbish: bytes) -> None:
    for beginning in (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x20\x01\x00\x00WEBP"):
        cleaner = cleaner_for((beginning + rubbish + bytes(12))[:12])
        if cleaner is None:
            continue
        try:
            out = cleaner.update(beginning + rubbish)
            cleaner.finish()
        except NotAPhoto:
            continue
        assert len(out) <= len(beginning + rubbish) + 40


@given(place=st.integers(0, 10_000), value=st.integers(0, 255))
@settings(max_examples=300, deadline=None)
def test_a_flipped_byte_never_lets_metadata_through(place: int, value: int) -> None:
    photo = bytearray(PHOTOS["jpeg"])
    start = photo.index(b"Exif")  # only what stands before the metadata could open the door to it
    photo[place % start] = value
    cleaner = cleaner_for(bytes(photo[:12]))
    with contextlib.suppress(NotAPhoto):
        assert cleaner is None or CANARY not in cleaner.update(bytes(photo))


@pytest.mark.parametrize("code", [each for each in range(0xC0, 0xFF) if each != 0xE1])
def test_metadata_under_any_other_marker_does_not_pass(code: int) -> None:
    """Every value that a damaged marker can take, not a sample."""
    photo = bytearray(PHOTOS["jpeg"])
    photo[photo.index(b"Exif") - 3] = code
    cleaner = cleaner_for(bytes(photo[:12]))
    assert cleaner is not None
    out = b""
    with contextlib.suppress(NotAPhoto):
        out = cleaner.update(bytes(photo))
    assert CANARY not in out


@pytest.mark.parametrize("code", [0xC0, 0xC4, 0xDA, 0xDB, 0xDD])
def test_a_segment_longer_than_its_kind_is_refused(code: int) -> None:
    stuffing = CANARY * 200
    photo = PHOTOS["jpeg"]
    stuffed = photo[:2] + bytes((0xFF, code)) + struct.pack(">H", 2 + len(stuffing)) + stuffing + photo[2:]
    cleaner = cleaner_for(stuffed[:12])
    assert cleaner is not None
    with pytest.raises(NotAPhoto):
        cleaner.update(stuffed)


def test_a_chunk_longer_than_its_kind_carries_nothing() -> None:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    photo = PHOTOS["png"]
    after_header = 8 + 25
    stuffed = photo[:after_header] + chunk(b"gAMA", CANARY) + photo[after_header:]
    assert CANARY not in cleaned(stuffed)


def test_a_small_picture_in_the_jfif_head_goes() -> None:
    thumbnail = (
        b"\xff\xe0" + struct.pack(">H", 16 + 3 * 8) + b"JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x04\x02" + (CANARY + b"..")
    )
    photo = b"\xff\xd8" + thumbnail + cleaned(PHOTOS["jpeg"])[2 + 18 :]
    clean = cleaned(photo)
    assert CANARY not in clean
    assert pixels(clean) == pixels(PHOTOS["jpeg"])


@pytest.mark.parametrize("content", [b"", b"GIF89a......", b"%PDF-1.7\n....", b"\xff\xd8", b"RIFF\x00\x00\x00\x00WAVE"])
def test_other_files_are_not_photos(content: bytes) -> None:
    assert cleaner_for(content) is None


def test_memory_stays_bounded_whatever_a_segment_claims() -> None:
    cleaner = cleaner_for(b"RIFF\xff\xff\xff\xffWEBP")
    assert cleaner is not None
    cleaner.update(b"RIFF\xff\xff\xff\xffWEBPEXIF\xf0\xff\xff\x7f")
    for _ in range(100):
        assert not any(cleaner.update(CANARY * 1_000))
        assert len(cleaner._held) == 0


@pytest.mark.parametrize("name", ["webp", "webp, transparent", "webp, moving"])
def test_a_clean_webp_no_longer_announces_what_it_has_lost(name: str) -> None:
    clean = cleaned(PHOTOS[name])
    assert clean[12:16] == b"VP8X"
    colour_profile, exif_data, xmp = 0x20, 0x08, 0x04
    # The Exif data that is announced is our own block; nothing else of it is there.
    assert clean[20] & (colour_profile | exif_data | xmp) == exif_data
    assert clean.count(b"EXIF") == 1
