"""`kunak estimate` from outside: files in, files out, one sentence."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kunak.cli import app

KOREA = [["001", 41], ["010", 5], ["100", 5], ["110", 54], ["101", 6], ["111", 12]]


def run(folder: Path, asked: object, *more: str) -> tuple[int, str, dict[str, object]]:
    table, out = folder / "table.json", folder / "estimate.json"
    table.write_text(asked if isinstance(asked, str) else json.dumps(asked), encoding="utf-8")
    done = CliRunner().invoke(app, ["estimate", str(table), "--out", str(out), *more])
    return done.exit_code, done.stderr, json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}


def test_a_named_method_answers_with_its_interval(tmp_path: Path) -> None:
    code, _, told = run(tmp_path, {"name": "korea", "lists": ["b", "c", "d"], "table": KOREA}, "--method", "loglinear")
    assert code == 0
    assert told["estimate"] == 157.2
    assert set(told) == {"estimate", "lo", "hi", "method", "warnings", "by_method", "diagnostics"}


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("{", "not JSON"),
        ([], "JSON object"),
        ({"table": KOREA}, '"lists"'),
        ({"lists": ["a", "b", "c"]}, '"table"'),
        ({"lists": ["a", "b"], "table": KOREA}, '"001" has 3 digits for 2 lists'),
        ({"lists": ["a", "b", "c"], "table": [["001", 1], ["011", -3]]}, "Row 2"),
        ({"lists": ["a", "b", "c"], "table": [["001", 1.5]]}, "not a whole number"),
        ({"lists": ["a", "b", "c"], "table": [["0x1", 1]]}, "digits 0 and 1"),
        ({"lists": ["a", "b", "c"], "table": [["000", 7]]}, "on no list"),
        ({"lists": ["a", "a", "c"], "table": KOREA}, "same name"),
        ({"lists": ["a", "b", "c"], "table": KOREA, "strata": [{"name": "x", "table": [["001", 1]]}]}, "do not sum"),
    ],
)
def test_bad_input_gets_one_sentence_and_status_2(tmp_path: Path, asked: object, why: str) -> None:
    code, said, told = run(tmp_path, asked)
    assert code == 2
    assert why in said
    assert said.count("\n") == 1
    assert told == {}
