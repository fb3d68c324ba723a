"""`kunak plan` against naive plans (first come, first served), both computed in this run, at all sizes: half an hour.

    python -m bench planner                             S, M, L, repairs, XL
    KUNAK_BENCH_PLANS=quick python -m bench planner     S, M and repairs; or any of S,M,L,repair,XL
    KUNAK_BENCH_SHARE=0.1 ...                           a tenth of the usual seconds, to try the benchmark itself

Scenarios are of our own making (bench/scenarios.py), of the shape of the published ones, and so are the disruptions
(bench/disruptions.py). Each plan is made by the command, as a coordinator would, and judged by our own referee. Times are
seconds on the clock: on a machine that is busy with other things the same seconds hold less work.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from bench.disruptions import KINDS, disrupted
from bench.scenarios import Maker
from bench.table import Row
from kunak.journeys.planner import Effort, Planner
from kunak.journeys.planner.network import IMPOSSIBLE
from kunak.journeys.planner.prepare import compile_all
from kunak.journeys.reckoning.plan import Plan
from kunak.journeys.reckoning.plan_reading import read_plan
from kunak.journeys.reckoning.reading import read_scenario
from kunak.journeys.reckoning.referee import Referee
from kunak.journeys.reckoning.scenario import Scenario

TITLE = "Planning journeys"
ALL, QUICK = "S,M,L,repair,XL", "S,M,repair"
SEEDS = (1, 2, 3)  # seeds of the smallest scenarios
PROOF = 60.0  # seconds in which these are proven
GAPS = {"M": (60.0, 0.06), "L": (300.0, 0.15), "XL": (600.0, 1.0)}  # seconds, the proven gap that must be reached
REPAIR, OVER_BEST, LONG = 10.0, 0.03, 60.0  # seconds, how far over the best known, seconds in which that is looked for
DAY = 10
REPAIRS = (("S", KINDS), ("M", ("compromised", "leg")), ("M", ("ill",)), ("M", ("urgent",)), ("M", KINDS))
MEMORY = 8 * 2**30


class Made(NamedTuple):
    """What the command made, and what it took."""

    plan: Plan
    score: int
    seconds: float
    memory: int  # bytes, at most
    valid: bool

    @property
    def gap(self) -> float:
        return (self.score - (self.plan.bound or 0)) / max(1, self.score)


def run() -> list[Row]:
    """Every size that was asked for."""
    asked = os.environ.get("KUNAK_BENCH_PLANS", ALL)
    sizes = (QUICK if asked == "quick" else asked).split(",")
    share = float(os.environ.get("KUNAK_BENCH_SHARE", "1"))
    compile_all()
    rows: list[Row] = []
    for size in sizes:
        if size == "S":
            rows += [row for seed in SEEDS for row in _smallest(seed, share)]
        elif size == "repair":
            rows += [_repair(of, kinds, share) for of, kinds in REPAIRS]
        else:
            rows.append(_large(size, share))
    return rows


def made(raw: dict[str, Any], seconds: float) -> Made:
    """The plan that the command writes."""
    with tempfile.TemporaryDirectory() as folder:
        asked, out = Path(folder) / "scenario.json", Path(folder) / "plan.json"
        asked.write_bytes(msgspec.json.encode(raw))
        words = [str(asked), "--out", str(out), "--time-limit", f"{seconds:g}"]
        began = time.monotonic()
        process = subprocess.Popen([sys.executable, "-m", "kunak", "plan", *words], stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        took = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        plan = read_plan(out.read_bytes())
    verdict = Referee(scenario_of(raw)).judge(plan.journeys)
    valid = process.returncode == 0 and not verdict.wrong and (plan.bound or 0) <= verdict.score
    return Made(plan, verdict.score, took, used.ru_maxrss * 1024, valid)


def scenario_of(raw: dict[str, Any]) -> Scenario:
    return read_scenario(msgspec.json.encode(raw))


def naive(raw: dict[str, Any]) -> float:
    """First come, first served: everybody takes the best journey that is left."""
    planner = Planner(scenario_of(raw), Effort(work=1))
    planner.work()
    return planner.naive


def _row(what: str, raw: dict[str, Any], ours: Made, said: str, aim: str, held: bool) -> Row:
    first = naive(raw)
    known = first < IMPOSSIBLE
    figure = f"{ours.score:,}{said}, {ours.seconds:.1f} s, {ours.memory / 2**20:,.0f} MiB"
    reference = f"{first:,.0f}, first come" if known else "first come finds no plan"
    return Row(what, figure, reference, f"{first / ours.score:.2f}" if known else "", aim, held and ours.valid)


def _smallest(seed: int, share: float) -> list[Row]:
    """Over the optimum after 8 seconds; how long the proof takes."""
    raw, seconds = Maker("S", seed).scenario(), 8 * share
    quick, proof = made(raw, seconds), made(raw, PROOF * share)
    best, proven = proof.score, proof.score == proof.plan.bound
    over = quick.score / best - 1
    said = f", {over:.2%} over {'the optimum' if proven else 'the best known'}"
    held = over <= 0.01 and quick.seconds <= seconds
    figure = f"{best:,} proven in {proof.seconds:.1f} s" if proven else f"{best:,}, gap {proof.gap:.2%}"
    return [
        _row(f"S-{seed}, {seconds:g} s", raw, quick, said, "<= 1% over the optimum", held),
        Row(f"S-{seed}, proof", figure, "", "", f"in {PROOF * share:g} s", proven),
    ]


def _large(size: str, share: float) -> Row:
    seconds, most = GAPS[size]
    raw, seconds = Maker(size, 1).scenario(), seconds * share
    ours = made(raw, seconds)
    held = ours.gap <= most and ours.seconds <= seconds and ours.memory <= MEMORY
    aim = f"gap <= {most:.0%}" if most < 1 else "valid, a bound, under 8 GiB"
    return _row(f"{size}-1, {seconds:g} s", raw, ours, f", gap {ours.gap:.2%}", aim, held)


def _repair(size: str, kinds: tuple[str, ...], share: float) -> Row:
    """The plan of ten days ago meets what happened. The best known is what a longer search finds."""
    raw = Maker(size, 1).scenario()
    broken = disrupted(raw, made(raw, 10 * share).plan, DAY, 1, kinds)
    seconds = REPAIR * share
    ours, longer = made(broken, seconds), made(broken, LONG * share)
    over = ours.score / min(ours.score, longer.score) - 1
    said = f", {over:.2%} over the best known, gap {ours.gap:.2%}"
    what = "everything at once" if kinds == KINDS else " and ".join(kinds)
    held = over <= OVER_BEST and ours.seconds <= seconds
    return _row(f"repair of {size}, {seconds:g} s: {what}", broken, ours, said, f"<= {OVER_BEST:.0%} over", held)
