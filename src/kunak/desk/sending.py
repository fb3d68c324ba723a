"""What waits in the outbox, as the requests in which it is sent: as few as can be.

Over Tor each request costs about a second. A morning's work alternates entries, replies and letters to be shredded: sent in the order
of writing, hardly two would share a request. Therefore entries go first, then what goes one by one, then all that is to be shredded.
Entries keep their order among themselves, and so do the others. Nothing overtakes a mailbox or a piece of a file: what speaks of
them comes after them. What is to be shredded overtakes nothing: a case's own copy of a letter is durable before.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kunak.vault.outbox import Kind, Parcel

SEND_BYTES: Final = 2 * 1024 * 1024
# Of one kind in one request.
_TOGETHER: Final = ("envelope", "shred")
# Among its neighbours; whatever is not here, nothing overtakes.
_PLACES: Final[dict[Kind, int]] = {"envelope": 0, "message": 1, "withdrawal": 1, "unblob": 1, "shred": 2}


def requests_of(parcels: Iterable[Parcel]) -> Iterator[list[Parcel]]:
    """Each list is one request: neighbours of a kind that can be sent together, `SEND_BYTES` at most."""
    group: list[Parcel] = []
    size = 0
    for parcel in _in_sending_order(parcels):
        together = group and parcel.kind == group[0].kind and parcel.kind in _TOGETHER
        if group and not (together and size + len(parcel.sealed) <= SEND_BYTES):
            yield group
            group, size = [], 0
        group.append(parcel)
        size += len(parcel.sealed)
    if group:
        yield group


def _in_sending_order(parcels: Iterable[Parcel]) -> Iterator[Parcel]:
    run: list[tuple[int, Parcel]] = []
    for parcel in parcels:
        place = _PLACES.get(parcel.kind)
        if place is None:
            yield from _sorted(run)
            yield parcel
            run = []
        else:
            run.append((place, parcel))
    yield from _sorted(run)


def _sorted(run: list[tuple[int, Parcel]]) -> list[Parcel]:
    return [parcel for _, parcel in sorted(run, key=itemgetter(0))]
