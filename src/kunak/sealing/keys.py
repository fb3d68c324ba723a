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
    """There is no key in what was given. `line`: where, from 1, if it was a file; never its content: it may be half a secret."""

    def __init__(self, line: int | None = None) -> None:
        super().__init__(self.__doc__ if line is None else f"line {line}: {self.__doc__}")
        self.line = line


class NotARecipient(KeyMistake):
    """This is no recipient: those begin with age1pq1 or age1."""


class NotAnIdentity(KeyMistake):
    """This is no identity: those begin with AGE-SECRET-KEY-PQ-1."""


def read_recipient(text: str) -> AnyRecipient:
    """`age1pq1…` or `age1…`. Raises NotARecipient."""
    kind = Recipient if text.startswith("age1pq1") else ClassicRecipient
    try:
        return kind.parse(text)
    except ValueError:
        raise NotARecipient from None


def read_identity(text: str) -> AnyIdentity:
    """`AGE-SECRET-KEY-PQ-1…` or `AGE-SECRET-KEY-1…`. Raises NotAnIdentity."""
    kind = Identity if text.startswith("AGE-SECRET-KEY-PQ-1") else ClassicIdentity
    try:
        return kind.parse(text)
    except ValueError:
        raise NotAnIdentity from None


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
                raise type(mistake)(number) from None
    if not found:
        raise KeyMistake
    return found
