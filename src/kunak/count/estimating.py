"""The way of `kunak estimate`: a table is read, the brain is asked, the answer and the drawing are written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from kunak.count.complaints import BadInputError, bad, language, unusable
from kunak.count.estimate import BadTable, Question, draw, judge, read
from kunak.count.estimate.told import Told, both, people, spoken
from kunak.count.estimate.verdict import parts
from kunak.count.progress import Progress, counting, silent
from kunak.count.whole_files import check_place, write_whole


def estimate_table(
    table: Path, out: Path, *, method: str, seed: int, plot: Path | None, progress: Progress = silent
) -> Told:
    """Answer one table, and say in a sentence what came of it. Raises BadInputError; then nothing is written."""
    question = read_question(table)
    for place in (out, plot):
        if place is not None:
            check_place(place)
    progress("methods")
    verdict = judge(question, method, seed, done=counting(progress, "methods", parts(question)))
    write_json(out, verdict)
    if plot is not None:
        write_whole(plot, draw(question, verdict, language()))
    if verdict["estimate"] is None:
        return both("No estimate: {why}", "Оценки нет: {why}", why=verdict["reason"])
    told = {key: people(verdict[key]) for key in ("estimate", "lo", "hi")}  # type: ignore[arg-type]
    return both("{estimate} people (95 %: {lo} to {hi}).", "{estimate} чел. (95 %: от {lo} до {hi}).", **told)


def read_question(table: Path) -> Question:
    """The question in this file. Raises BadInputError with its name, row and column."""
    try:
        data = table.read_bytes()
    except OSError as error:
        raise unusable("unreadable", table, error) from error
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return read(data.decode(encoding))
    except UnicodeDecodeError as error:
        raise bad("not utf-8 table", file=table.name, row=data.count(b"\n", 0, error.start) + 1) from error
    except BadTable as error:
        raise BadInputError(both("{file}: {why}", "{file}: {why}", file=table.name, why=error.args[0])) from error


def write_json(path: Path, answer: Mapping[str, object]) -> None:
    """An answer, its sentences in English where docs/estimate.md puts them and again in Russian."""
    told = dict(answer)
    if isinstance(warnings := told.get("warnings"), list) and isinstance(more := told.get("diagnostics"), dict):
        told["diagnostics"] = more | {"warnings_ru": [spoken(one, "ru") for one in warnings]}
    if isinstance(reason := told.get("reason"), Told):
        told["reason_ru"] = reason.russian
    write_whole(path, json.dumps(told, ensure_ascii=False, indent=1) + "\n")
