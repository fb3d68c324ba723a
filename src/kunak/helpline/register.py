"""What the helpline knows: its fold (a room of vault/folding.py), and the only door by which other rooms come in."""

from __future__ import annotations

from typing import Final

from kunak.helpline.answering import INTAKE, NobodyToAnswer, answer
from kunak.helpline.answering import withdraw as withdraw_answer
from kunak.helpline.conversation import Conversation, Mailbox, Said, order, read
from kunak.helpline.fold import fold
from kunak.helpline.inbox import Line, Waiting, count, lines_of_cases, page, person_line
from kunak.helpline.inbox_pages import page_number
from kunak.helpline.moving import drop_old_spam, kept_at_relay, move_into, move_strays
from kunak.helpline.naming import short_name
from kunak.helpline.pages import add_routes
from kunak.helpline.people import mailboxes_of, named, person_of, settle
from kunak.helpline.reading import is_withdrawn, readers_of, when_read
from kunak.helpline.tables import SCHEMA as schema  # noqa: N811 - the room's protocol calls it so
from kunak.helpline.wordings import all_in as wordings_in

name: Final = "helpline"
hears: Final = ("helpline",)

__all__ = [
    "INTAKE",
    "Conversation",
    "Line",
    "Mailbox",
    "NobodyToAnswer",
    "Said",
    "Waiting",
    "add_routes",
    "answer",
    "count",
    "drop_old_spam",
    "fold",
    "hears",
    "is_withdrawn",
    "kept_at_relay",
    "lines_of_cases",
    "mailboxes_of",
    "move_into",
    "move_strays",
    "name",
    "named",
    "order",
    "page",
    "page_number",
    "person_line",
    "person_of",
    "read",
    "readers_of",
    "schema",
    "settle",
    "short_name",
    "when_read",
    "withdraw_answer",
    "wordings_in",
]
