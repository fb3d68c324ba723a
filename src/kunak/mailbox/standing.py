"""What the relay's signed documents say of the helpline: its name, its sign, whom to seal to, whose replies to believe."""

from __future__ import annotations

from typing import Protocol

from kunak.relay.documents import Helpline, Organisation, Week
from kunak.sealing.code import LANGUAGES, fingerprint
from kunak.sealing.hybrid import Recipient


class NotOpen(Exception):
    """No helpline document has been sent to this relay yet: there is no key to seal to."""


class Documents(Protocol):
    """The organisation's signed documents (relay.documents)."""

    organisation: Organisation

    @property
    def helpline(self) -> Helpline | None: ...


class Standing:
    """Reads the documents anew each time: an admin's desk may have sent newer ones."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._recipients: dict[str, Recipient] = {}
        self._signs: dict[str, list[str]] = {}
        self.organisation = bytes.fromhex(documents.organisation.id)

    @property
    def open(self) -> bool:
        """Whether there is a key to seal letters to."""
        helpline = self._documents.helpline
        return helpline is not None and bool(helpline.weeks)

    def name(self, language: str) -> str:
        """The helpline's name, in this language if it has one there."""
        helpline = self._documents.helpline
        names = (helpline.name if helpline else {}) or self._documents.organisation.name
        return names.get(language) or names.get("en") or next(iter(names.values()), "")

    def sign(self, language: str) -> list[str]:
        """The six words that stand for the organisation's root key."""
        language = word_language(language)
        if language not in self._signs:
            self._signs[language] = fingerprint(bytes.fromhex(self._documents.organisation.root), language)
        return self._signs[language]

    def key_of_the_week(self, today: int) -> Recipient:
        """The key whose week has begun last; if the first week is still to come, that one. Raises NotOpen."""
        helpline = self._documents.helpline
        if helpline is None or not helpline.weeks:
            raise NotOpen
        begun = [week for week in helpline.weeks if week.from_day <= today]
        week = max(begun, key=_from_day) if begun else min(helpline.weeks, key=_from_day)
        if week.recipient not in self._recipients:
            self._recipients = {week.recipient: Recipient.parse(week.recipient)}
        return self._recipients[week.recipient]

    def reply_keys(self) -> list[bytes]:
        """Public keys, one of which must have signed a reply."""
        helpline = self._documents.helpline
        return [bytes.fromhex(key) for key in helpline.reply_keys] if helpline else []


def _from_day(week: Week) -> int:
    return week.from_day


def word_language(language: str) -> str:
    """The list of words for a language of the pages: its own, or else English."""
    return language if language in LANGUAGES else "en"
