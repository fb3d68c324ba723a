"""HiGHS, quiet. Its library greets on the standard output when the first solver of a process is made (1.16 does), before any
option can forbid it; that output is the caller's. So the first one is made here, while this is imported, into nowhere."""

from __future__ import annotations

import contextlib
import os

import highspy

STANDARD_OUTPUT = 1


def solver(**options: float) -> highspy.Highs:
    made: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in {"output_flag": False, "threads": 1, **options}.items():
        made.setOptionValue(name, value)
    return made


def _greeted() -> None:
    with contextlib.suppress(OSError):  # nothing to keep clean where there is no standard output at all
        kept = os.dup(STANDARD_OUTPUT)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, STANDARD_OUTPUT)
            solver()
        finally:
            os.dup2(kept, STANDARD_OUTPUT)
            os.close(nowhere)
            os.close(kept)


_greeted()
