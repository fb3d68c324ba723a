"""One invented story while it is lived through the real doors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kunak.demo.house import Desk
    from kunak.demo.person import Person
    from kunak.demo.year import Story


@dataclass
class Life:
    """What became of a story so far: the person's mailbox, the case that was opened."""

    story: Story
    person: Person
    desk: Desk
    mailbox: str = ""
    returned: str = ""
    case: str = ""
    worked: set[int] = field(default_factory=set)
