"""A road for tests: two coordinators with a plan in force, and carriers who read and write with the seven words that a page showed."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from kunak.journeys.known import bringing, planning, records
from kunak.journeys.known.keys import PLACES
from kunak.journeys.plans import proposing
from kunak.sealing.code import MailboxKeys, read_code, root_of
from kunak.sealing.compartment import identity_of, reply_key_of
from kunak.sealing.letter import Letter, letter_label, open_reply, seal_letter
from tests.cast import COORDINATOR, SECOND_COORDINATOR
from tests.journeys.scenes import TINY, TINY_PLAN

if TYPE_CHECKING:
    from tests.cast import Cast, Helper


@dataclass
class Bearer:
    """A host, driver or escort with a browser and the words of a code; what the mailbox does for them is done here directly."""

    cast: Cast
    carrier: str
    code: str
    sent: int = 1

    @property
    def keys(self) -> MailboxKeys:
        """Of whoever has the seven words."""
        return MailboxKeys.from_root(root_of(read_code(self.code, "ru"), self.cast.organisation))

    def write(self, text: str, kind: Any = "text") -> None:
        self.sent += 1
        letter = Letter(1, secrets.token_bytes(16), self.keys.mailbox, self.sent, kind, "ru", text)
        _, secret = self.cast.helpers[COORDINATOR].bench.keyring.newest(PLACES)
        sealed = seal_letter(letter, self.keys.letter_key, identity_of(secret).recipient)
        self.cast.house.relay.append([(letter_label(self.keys.letter_key, self.sent), sealed)])

    def reads(self) -> list[str]:
        """Everything that lies at the relay under this code, read or unread."""
        voice = reply_key_of(self.cast.helpers[COORDINATOR].bench.keyring.newest(PLACES)[1]).public
        keys = self.keys
        mine = [sealed for box, _, sealed in self.cast.house.relay.messages.values() if box == keys.mailbox]
        return [str(open_reply(sealed, [keys.identity], [voice], keys.mailbox).text) for sealed in mine]


@dataclass
class Road:
    cast: Cast
    aspen: Helper
    birch: Helper
    plan: str

    def sync(self) -> None:
        self.cast.everybody_syncs()

    def add(self, kind: str, name: str, **carries: str) -> str:
        """A carrier, typed into the page; their id."""
        answer = self.aspen.post(
            "/journeys/carrier", id="", replaces="", name=name, kind=kind, language="ru", note="", **carries
        )
        assert answer.status_code == 303, answer.text
        return str(parse_qs(urlsplit(answer.headers["location"]).query)["id"][0])

    def bearer(self, kind: str, name: str, **carries: str) -> Bearer:
        """With a mailbox, whose words the page shows once."""
        carrier = self.add(kind, name, **carries)
        return Bearer(self.cast, carrier, self.code_of(carrier))

    def code_of(self, carrier: str) -> str:
        page = self.aspen.post("/journeys/carrier/mailbox", id=carrier)
        shown = re.search(r'(?s)<ol class="code".*?</ol>', page.text)
        assert shown, page.text
        return " ".join(re.findall(r"<li>(.*?)</li>", shown[0]))

    def step(self, party: str) -> str:
        """The step of a party as the page's forms name it, or empty."""
        page = self.aspen.see(f"/journeys/next?party={party}")
        found = re.search(r'name="step" value="([^"]+)"', page)
        return found[1] if found else ""

    def words(self, party: str) -> dict[str, str]:
        """What the page prepared for whom."""
        page = self.aspen.see(f"/journeys/next?party={party}")
        return dict(re.findall(r'(?s)name="(text-[^"]+)"[^>]*>(.*?)</textarea>', page))

    def tell(self, party: str, which: str = "all", **texts: str) -> Any:
        words = self.words(party) | texts
        return self.aspen.post("/journeys/next/tell", party=party, step=self.step(party), tell=which, **words)

    def confirm(self, party: str, state: str, helper: Helper | None = None, **more: str) -> Any:
        by = helper or self.aspen
        return by.post("/journeys/next/confirm", party=party, step=self.step(party), state=state, **more)


def opened_road(cast: Cast, scenario: bytes = TINY, plan: bytes = TINY_PLAN) -> Road:
    """P1 goes by `lift` to the flat; P2 by `car` to the hub and by `plane` to the haven; P3 stays."""
    aspen, birch = cast.at_work(COORDINATOR), cast.at_work(SECOND_COORDINATOR)
    aspen.post("/journeys/begin")
    bringing.bring(aspen.bench, records.read(aspen.bench.vault.db), scenario, aspen.bench.today)
    made = planning.prepare(records.read(aspen.bench.vault.db), aspen.bench.today)
    wish = proposing.Wish(made.scenario, made.first, "proposal", "Весна", (), 1)
    proposed = proposing.propose(aspen.bench, wish, bringing.write_scenario(made.scenario), plan)
    cast.everybody_syncs()
    for helper in (aspen, birch):
        helper.post("/journeys/plan/approve", id=proposed, word="yes")
    cast.everybody_syncs()
    return Road(cast, aspen, birch, proposed)
