"""The helpline's pages and their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.helpline.call_pages import CallPages
from kunak.helpline.file_pages import FilePages
from kunak.helpline.inbox_pages import InboxPages
from kunak.helpline.person_pages import PersonPages
from kunak.helpline.wording_pages import WordingPages

if TYPE_CHECKING:
    from collections.abc import Callable

    from kunak.frame.hand import Hand
    from kunak.frame.render import Frame
    from kunak.helpline.naming import CaseNames
    from kunak.vault.worktop import Worktop


def add_routes(hand: Hand, top: Worktop, frame: Frame, case_names: CaseNames, blob: Callable[[bytes], bytes]) -> None:
    """`blob` fetches one chunk of a file from the relay."""
    inbox, person = InboxPages(top, frame, case_names), PersonPages(top, frame, case_names)
    hand.show("/inbox", inbox.inbox)
    hand.change("/inbox/act", inbox.act)
    hand.show("/person/{mailbox}", person.person)
    hand.change("/person/{mailbox}/reply", person.reply)
    hand.change("/person/{mailbox}/remark", person.remark)
    hand.change("/person/{mailbox}/act", person.act)
    hand.show("/person/{mailbox}/merge", person.merge_page)
    hand.change("/person/{mailbox}/merge", person.merge)
    calls, texts, files = CallPages(top, frame), WordingPages(top, frame), FilePages(top, frame, blob)
    hand.show("/call", calls.call)
    hand.change("/call", calls.take)
    hand.show("/wordings", texts.wordings)
    hand.change("/wordings", texts.write)
    hand.show("/file/{letter}/{number:int}", files.warning)
    hand.change("/file/{letter}/{number:int}/picture", files.picture)
    hand.change("/file/{letter}/{number:int}/save", files.save)
