"""Files that came with letters: fetched, opened, and if they are pictures, painted anew before anybody looks at them."""

from __future__ import annotations

import warnings
from base64 import b64encode
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageOps, UnidentifiedImageError

from kunak.sealing.file import FileOpener, chunks_of
from kunak.sealing.letter import chunk_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kunak.helpline.events import LetterFile

# Formats that people's phones write. Others have decoders with a longer history of holes, and stay files.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
LARGEST = 1_600  # pixels of the longer side: enough to read a document
MOST_PIXELS = 80_000_000  # a picture that claims more than a good camera makes is a bomb


class NotAPicture(Exception):
    """These bytes are no picture that can be painted anew."""


def fetch(file: LetterFile, blob: Callable[[bytes], bytes]) -> Iterator[bytes]:
    """The file's bytes, chunk by chunk, as they were sealed. Raises Damaged, NotForYou, and what `blob` raises."""
    opener = FileOpener(file.seed, file.size)
    for number in range(chunks_of(file.size)):
        yield opener.update(blob(chunk_id(file.seed, number)))
    yield opener.finish()


def chunks(files: Iterable[LetterFile]) -> list[bytes]:
    """Under which ids the relay keeps these files."""
    return [chunk_id(file.seed, number) for file in files for number in range(chunks_of(file.size))]


def repaint(content: bytes) -> str:
    """The picture's pixels in a new PNG or JPEG, as a `data:` address: nothing else of the file is left. Raises NotAPicture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=FORMATS) as found:
                if found.width * found.height > MOST_PIXELS:
                    raise NotAPicture
                upright = ImageOps.exif_transpose(found)
                upright.thumbnail((LARGEST, LARGEST))
                painted = Image.new("RGB", upright.size, "white")
                painted.paste(upright.convert("RGBA"), mask=upright.convert("RGBA").getchannel("A"))
    # Pillow raises whatever the broken bytes lead it into; all of it means the same here.
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Warning,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
    ) as wrong:
        raise NotAPicture from wrong
    out = BytesIO()
    painted.save(out, "JPEG", quality=88)
    return f"data:image/jpeg;base64,{b64encode(out.getvalue()).decode()}"
