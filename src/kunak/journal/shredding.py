"""What helpers say in `roster` when a case is to be shredded: docs/formats/grant.md. Every desk hears it, and obeys by itself."""

from __future__ import annotations

from typing import Annotated

import msgspec

from kunak.journal.entry import Hex16

MOST_COMPARTMENTS = 100


class ShredAsked(msgspec.Struct, frozen=True, tag="roster.shred_asked"):
    """`compartments`: all that there is of a case. `alone`: whoever asks knows of no other caseworker in it who could agree."""

    shred: Hex16
    compartments: Annotated[list[str], msgspec.Meta(min_length=1, max_length=MOST_COMPARTMENTS)]
    alone: bool = False


class ShredAgreed(msgspec.Struct, frozen=True, tag="roster.shred_agreed"):
    """By another helper than who asked: it happens now."""

    shred: Hex16


class ShredStopped(msgspec.Struct, frozen=True, tag="roster.shred_stopped"):
    """By who asked, or by another caseworker of the case: it does not happen."""

    shred: Hex16
