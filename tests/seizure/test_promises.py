"""The table of promises is tested like code: every row names tests that exist, in the words of docs/THREATS.md."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.seizure.promises import PROMISES

HERE = Path(__file__).resolve().parent
THREATS = HERE.parents[1] / "docs" / "THREATS.md"


def known_tests() -> set[str]:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in HERE.glob("test_*.py")]
    return {
        node.name
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_every_promise_names_tests_that_exist_or_says_when_they_come() -> None:
    known = known_tests()
    assert [(row.takes, name) for row in PROMISES for name in row.tests if name not in known] == []
    assert [row.takes for row in PROMISES if not row.tests and not row.comes_with] == []


def test_every_promise_that_is_built_stands_in_the_threats() -> None:
    text = THREATS.read_text(encoding="utf-8")
    assert [row.takes for row in PROMISES if row.tests and f"| {row.takes} |" not in text] == []
