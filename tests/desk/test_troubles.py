"""Whatever the vault and the sync find wrong, the desk has words for, in every language."""

from __future__ import annotations

import re
from pathlib import Path

import kunak
from kunak.desk.status import SENTENCES

SOURCE = Path(kunak.__file__).parent
NOTED = re.compile(r"""(?:troubles\.note\(\s*db|self\._note|self\._trouble\()\s*\(?,?\s*f?"([a-z{][a-z.{}_-]+)\"""")
# Made of the kind of a parcel: those that the relay may refuse for good.
PARCELS = {f"{kind}-refused" for kind in ("message", "blob", "mailbox")}


def test_every_trouble_that_is_noted_has_a_sentence_for_people() -> None:
    text = "\n".join(
        path.read_text(encoding="utf-8") for room in ("vault", "desk") for path in (SOURCE / room).glob("*.py")
    )
    noted = {kind for kind in NOTED.findall(text) if "{" not in kind}
    assert len(noted) > 15
    assert noted - set(SENTENCES) == set()
    assert set(SENTENCES) - noted - PARCELS == set()
