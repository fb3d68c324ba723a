"""The check holds on the house as it is, and fails when a promise is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from kunak.demo import check
from kunak.demo.house import CHEAP
from kunak.demo.person import Person
from kunak.demo.step import NotSo


def test_every_step_of_the_way_holds(tmp_path: Path) -> None:
    said = [step.said for step in check.walk(tmp_path, CHEAP)]
    assert said[0].startswith("a relay runs")
    assert said[-1].startswith("the relay's disk")
    assert len(said) == 19


def test_it_fails_when_a_read_answer_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Person, "put_away", lambda self: self.browser.open("/letters"))
    with pytest.raises(NotSo, match="An answer that was read is gone"):
        list(check.walk(tmp_path, CHEAP))


def test_it_fails_when_the_relay_keeps_a_word(tmp_path: Path) -> None:
    (tmp_path / "relay.db").write_bytes(b"noise secret noise")
    with pytest.raises(NotSo, match="does not hold what was said"):
        check.nothing_at_the_relay(tmp_path, ["secret"])
    check.nothing_at_the_relay(tmp_path, ["another"])
