"""Recipients and identities as people keep them: one a line, `#` before remarks, as the age tool writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from kunak.sealing.classic import ClassicIdentity, ClassicRecipient
from kunak.sealing.hybrid import Identity, Recipient

if TYPE_CHECKING:
    from collections.abc import Callable

_Key = TypeVar("_Key")
AnyRecipient = Recipient | ClassicRecipient
AnyIdentity = Identity | ClassicIdentity


class KeyMistake(Exception):
    """A line is no key that we know. The sentence names the line, never its content: it may be half a secret."""


def read_recipient(text: str) -> AnyRecipient:
    """`age1pq1…` or `age1…`. Raises KeyMistake."""
    kind = Recipient if text.startswith("age1pq1") else ClassicRecipient
    try:
        return kind.parse(text)
    except ValueError:
        raise KeyMistake(
            "This is not a recipient. hint: recipients begin with age1pq1 or age1; copy it again, whole."
        ) from None


def read_identity(text: str) -> AnyIdentity:
    """`AGE-SECRET-KEY-PQ-1…` or `AGE-SECRET-KEY-1…`. Raises KeyMistake."""
    kind = Identity if text.startswith("AGE-SECRET-KEY-PQ-1") else ClassicIdentity
    try:
        return kind.parse(text)
    except ValueError:
        raise KeyMistake(
            "This is not an identity. hint: identities begin with AGE-SECRET-KEY-PQ-1; copy it again, whole."
        ) from None


def read_recipients(text: str) -> list[AnyRecipient]:
    """The recipients of a file, at least one. Raises KeyMistake."""
    return _read_lines(text, read_recipient)


def read_identities(text: str) -> list[AnyIdentity]:
    """The identities of a file, at least one. Raises KeyMistake."""
    return _read_lines(text, read_identity)


def write_identity(identity: AnyIdentity) -> str:
    """An identity file. No time of making: it would say when somebody joined."""
    return f"# recipient: {identity.recipient}\n{identity}\n"


def _read_lines(text: str, read: Callable[[str], _Key]) -> list[_Key]:
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        key = line.strip()
        if key and not key.startswith("#"):
            try:
                found.append(read(key))
            except KeyMistake as mistake:
                raise KeyMistake(f"Line {number}: {mistake}") from None
    if not found:
        raise KeyMistake("There is no key in this file.")
    return found
