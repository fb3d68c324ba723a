"""Who opens letters looks whether the page for persons gives out the right keys: an admin signs them, and could sign a false one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kunak.desk.documents import public_keys, read_helpline
from kunak.journal.grants import INTAKE, of_letters
from kunak.vault import troubles

if TYPE_CHECKING:
    from kunak.desk.documents import HelplineDocument
    from kunak.desk.relay_client import Relay
    from kunak.desk.workbench import Workbench

LOOK_AGAIN_SECONDS: Final = 600


class Watcher:
    """One for each sync."""

    def __init__(self, bench: Workbench, relay: Relay) -> None:
        self._bench = bench
        self._relay = relay
        self._looked: float | None = None

    def watch(self) -> None:
        """Does nothing on a desk that opens no letters. Raises Unreachable, RelayRefused."""
        bench, now = self._bench, self._bench.clock()
        recently = self._looked is not None and 0 <= now - self._looked < LOOK_AGAIN_SECONDS
        if recently or not bench.keyring.holds(INTAKE):
            return
        document = read_helpline(self._relay.helpline() or b"", bench.keyring.own.organisation)
        self._looked = now
        strange = [] if document is None else self._strange(document)
        with bench.vault.transaction() as db:
            if not strange:
                troubles.end(db, "helpline-false", "key", now)
                return
            sentence = (
                "The page for persons gives out a key that nobody who opens letters has made: whoever signed it would read what is written "
                "now, and we would not. Close the page, and ask the admins by another way."
            )
            troubles.note(db, "helpline-false", "key", sentence, now)

    def _strange(self, document: HelplineDocument) -> list[str]:
        keyring = self._bench.keyring
        known = {key for each in public_keys(self._bench).values() for key in each}
        for name in filter(of_letters, keyring.compartments()):
            known |= {keyring.public_half(name, secret) for secret in keyring.all_secrets_of(name)}
        given = [week.recipient for week in document.weeks] + document.reply_keys
        return [key for key in given if key not in known]
