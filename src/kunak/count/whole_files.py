"""Files that are there whole or not at all: written aside, then moved into place."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kunak.count.complaints import unusable


def check_place(path: Path) -> None:
    """Raise BadInputError where this file could not be written, before anybody has waited for what goes into it."""
    try:
        if path.is_dir():
            raise IsADirectoryError
        descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        os.close(descriptor)
        Path(aside).unlink()
    except OSError as error:
        raise unusable("unwritable", path, error) from error


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A place to write to that becomes `path` at the end, and is gone if anything fails. Raises BadInputError."""
    check_place(path)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield aside
        aside.replace(path)
    except OSError as error:
        raise unusable("unwritable", path, error) from error
    finally:
        aside.unlink(missing_ok=True)


def write_whole(path: Path, text: str) -> None:
    """This text in UTF-8."""
    with whole(path) as aside:
        aside.write_text(text, encoding="utf-8")


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder to write into; at the end its files are in `folder`, beside what was there. Raises BadInputError."""
    try:
        if folder.exists() and not folder.is_dir():
            raise FileExistsError
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    except OSError as error:
        raise unusable("unwritable", folder, error) from error
    try:
        yield aside
        folder.mkdir(exist_ok=True)
        for one in sorted(aside.iterdir()):
            one.replace(folder / one.name)
    except OSError as error:
        raise unusable("unwritable", folder, error) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
