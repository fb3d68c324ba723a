"""`kunak plan` as a coordinator meets it: a plan in time, also when stopped; one sentence when refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from kunak.journeys.reckoning.plan import Journey
from kunak.journeys.reckoning.reading import read_scenario
from kunak.journeys.reckoning.referee import Referee

from .scenes import party, scene

REFEREE = Path(__file__).resolve().parents[3] / "shared" / "planning" / "validate.py"
MANY = 12


def start(*arguments: str) -> subprocess.Popen[str]:
    program = "from kunak.cli import main; main()"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", program, "plan", *arguments], stderr=subprocess.PIPE, text=True, env=environment
    )


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    raw = scene([party(f"P{k:02}", size=1 + k % 3, danger=20 + k) for k in range(MANY)])
    path = tmp_path / "scenario.json"
    path.write_bytes(msgspec.json.encode(raw))
    return path


def check(asked: Path, out: Path) -> None:
    """The plan is valid for our own referee, and for the one that was given to us if it is there."""
    told = json.loads(out.read_bytes())
    journeys = msgspec.convert(told["journeys"], dict[str, Journey])
    verdict = Referee(read_scenario(asked.read_bytes())).judge(journeys)
    assert verdict.wrong == []
    assert told["bound"] <= verdict.score
    if REFEREE.exists():
        judged = subprocess.run(
            [sys.executable, str(REFEREE), str(asked), str(out), "--json"], capture_output=True, text=True, check=False
        )
        assert json.loads(judged.stdout)["score"] == verdict.score
        assert judged.returncode == 0


def test_a_plan_comes_before_the_time_limit(asked: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan.json"
    run = start(str(asked), "--out", str(out), "--time-limit", "4")
    _, told = run.communicate(timeout=120)  # a machine busy with other things may be late; it must not go on
    assert run.returncode == 0, told
    assert "bound" in told
    check(asked, out)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_who_stops_it_gets_the_best_plan_so_far(asked: Path, tmp_path: Path, stop: signal.Signals) -> None:
    out = tmp_path / "plan.json"
    run = start(str(asked), "--out", str(out), "--time-limit", "300")
    assert run.stderr is not None
    run.stderr.readline()  # the first line of progress: it listens now
    run.send_signal(stop)
    _, told = run.communicate(timeout=60)
    assert run.returncode == 0, told
    check(asked, out)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["ends in the middle", "is not there"]), ("ru", ["обрывается на середине", "Файла"])],
)
def test_a_scenario_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, words: list[str]
) -> None:
    monkeypatch.setenv("KUNAK_LANGUAGE", language)
    (tmp_path / "broken.json").write_text("{")
    for name, word in zip(("broken.json", "missing.json"), words, strict=True):
        run = start(str(tmp_path / name), "--out", str(tmp_path / "plan.json"))
        _, told = run.communicate(timeout=60)
        assert run.returncode == 2
        assert told.startswith("kunak plan: ")
        assert word in told
        assert told.count("\n") == 1
        assert "Traceback" not in told
    assert not (tmp_path / "plan.json").exists()


@pytest.mark.parametrize(("language", "word"), [("en", "promise"), ("ru", "сдержаны все обещания")])
def test_promises_that_cannot_be_kept_together_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, word: str
) -> None:
    monkeypatch.setenv("KUNAK_LANGUAGE", language)
    pins = [{"leg": "lift", "day": 0}]
    raw = scene([party("P0", size=2, pins=pins), party("P1", size=2, pins=pins)])
    path = tmp_path / "scenario.json"
    path.write_bytes(msgspec.json.encode(raw))
    run = start(str(path), "--out", str(tmp_path / "plan.json"), "--time-limit", "4")
    _, told = run.communicate(timeout=60)
    assert run.returncode == 2
    assert word in told
    assert "Traceback" not in told


def test_a_plan_that_cannot_be_written_is_one_sentence(asked: Path, tmp_path: Path) -> None:
    run = start(str(asked), "--out", str(tmp_path / "nowhere" / "plan.json"), "--time-limit", "1")
    _, told = run.communicate(timeout=60)
    assert run.returncode == 2
    assert "cannot be written" in told
