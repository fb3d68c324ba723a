"""The files of `kunak link`: lists and decisions come in, clusters go out. What is wrong is one sentence with its place.

Sentences name rows, columns and ids, never what a person is called.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path

from kunak.count.complaints import BadInputError, bad, said, unusable
from kunak.count.linkage.reading import Record
from kunak.count.whole_files import whole

__all__ = ["BadInputError", "read_clusters", "read_column", "read_decisions", "read_lists", "read_truth", "write_csv"]

COLUMNS = ("list", *(f.name for f in fields(Record) if f.name != "list_name"))
_BEGINNING = 2000  # bytes: in UTF-16 every comma among them has a zero byte
_MARKS = {
    b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"PK\x03\x04": said("workbook"), b"\xd0\xcf\x11\xe0": said("old workbook"),
    b"\x1f\x8b": said("archive"), b"%PDF": said("pdf"),
}  # fmt: skip
_SEPARATORS = {";": said("semicolons"), "\t": said("tabs"), "|": said("bars")}


def read_lists(path: Path) -> list[Record]:
    """Every record of LISTS.csv, in its order."""
    records: list[Record] = []
    first_row: dict[str, int] = {}
    for row, values in _rows(path, COLUMNS):
        record = Record(*values)
        if not record.record_id:
            raise bad("no id", file=path.name, row=row)
        if record.record_id in first_row:
            raise bad("same id", file=path.name, row=row, id=record.record_id, first=first_row[record.record_id])
        if not record.list_name:
            raise bad("no list", file=path.name, row=row)
        first_row[record.record_id] = row
        records.append(record)
    return records


def read_column(path: Path, column: str) -> dict[str, str]:
    """One more column of LISTS.csv, by the ids of the records."""
    return {record: value for _, (record, value) in _rows(path, ("record_id", column))}


def row_of(path: Path, record: int) -> int:
    """The row in which the record of this number stands: lines without anything are rows too."""
    return next(row for at, (row, _) in enumerate(_rows(path, ("record_id",))) if at == record)


def read_decisions(path: Path, known_ids: Iterable[str]) -> list[tuple[str, str, bool]]:
    """A reviewer's decisions: two ids and whether they are the same person."""
    known = set(known_ids)
    decisions = []
    for row, (a, b, verdict) in _rows(path, ("a", "b", "decision")):
        for column, value in (("a", a), ("b", b)):
            if value not in known:
                raise bad("unknown id", file=path.name, row=row, column=column, id=repr(value))
        if verdict not in {"same", "different"}:
            raise bad("verdict", file=path.name, row=row, verdict=repr(verdict))
        if a == b and verdict == "different":
            raise bad("with itself", file=path.name, row=row)
        decisions.append((row, a, b, verdict == "same"))
    _refuse_contradictions(path, decisions)
    return [(a, b, same) for _, a, b, same in decisions]


def _refuse_contradictions(path: Path, decisions: Sequence[tuple[int, str, str, bool]]) -> None:
    """Refuse a pair that is held apart in one row and, perhaps through others, made the same in other rows."""
    group: dict[str, set[str]] = {}
    for _, a, b, same in decisions:
        if same:
            joined = group.get(a, {a}) | group.get(b, {b})
            group.update(dict.fromkeys(joined, joined))
    for row, a, b, same in decisions:
        if not same and b in group.get(a, ()):
            between = _rows_between(decisions, a, b)
            key = "contradiction" if len(between) == 1 else "contradiction of rows"
            raise bad(key, file=path.name, row=row, one=a, other=b, rows=", ".join(map(str, between)))


def _rows_between(decisions: Sequence[tuple[int, str, str, bool]], a: str, b: str) -> list[int]:
    """The rows that make two records the same, the shortest way."""
    way: dict[str, list[int]] = {a: []}
    waiting = [a]
    while waiting and b not in way:
        at = waiting.pop(0)
        for row, one, other, same in decisions:
            for here, there in ((one, other), (other, one)):
                if same and here == at and there not in way:
                    way[there] = [*way[at], row]
                    waiting.append(there)
    return sorted(way[b])


def read_truth(path: Path) -> dict[str, str]:
    """The person behind each record, where it is known (lists invented or reviewed for measuring)."""
    return {record: person for _, (record, person) in _rows(path, ("record_id", "person_id"))}


def read_clusters(path: Path) -> dict[str, str]:
    """CLUSTERS.csv: the cluster of each record."""
    return {record: cluster for _, (record, cluster) in _rows(path, ("record_id", "cluster_id"))}


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """The wanted columns of each row, with the number that a spreadsheet gives to the row."""
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    row = 0
    try:
        head = [h.strip() for h in next(reader, [])]
        if len(columns) == 3 and len(head) == 3 and head[:2] == list(columns[:2]):  # noqa: PLR2004 - three columns: a, b and the verdict
            head = list(columns)
        if missing := [c for c in columns if c not in head]:
            raise _missing(path, head, missing, all_of_them=len(missing) == len(columns))
        doubled = [c for c in columns if head.count(c) > 1]
        if doubled:
            raise bad("doubled column", file=path.name, columns=", ".join(doubled))
        places = [head.index(c) for c in columns]
        row = 1
        for row, values in enumerate(reader, start=2):
            if not values:
                continue
            if len(values) != len(head):
                raise bad("fields", file=path.name, row=row, fields=len(values), columns=len(head))
            yield row, [values[p].strip() for p in places]
    except csv.Error as error:
        quotes = "unexpected end" in str(error) or "expected after" in str(error)
        raise bad("quotes" if quotes else "not csv", file=path.name, row=row + 1, error=error) from error


def _missing(path: Path, head: Sequence[str], missing: Sequence[str], *, all_of_them: bool) -> BadInputError:
    """The complaint of columns that are not there, with what may be the matter."""
    if not any(head):
        return bad("empty file", file=path.name)
    found = next((word for mark, word in _SEPARATORS.items() if len(head) == 1 and mark in head[0]), None)
    hint = said("parted", separator=found) if found else said("no heads") if all_of_them else ""
    key = "missing column" if len(missing) == 1 else "missing columns"
    return bad(key, file=path.name, columns=", ".join(missing), hint=hint)


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unusable("unreadable", path, error) from error
    for mark, kind in _MARKS.items():
        if data.startswith(mark):
            raise bad("other kind", file=path.name, kind=kind)
    if data[:_BEGINNING].count(0) > len(data[:_BEGINNING]) // 10:
        raise bad("other kind", file=path.name, kind="UTF-16")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        column = _column_at(data, error.start)
        raise bad("not utf-8", file=path.name, row=row, column=column) from error
    if "\0" in text:
        raise bad("zero byte", file=path.name, row=text.count("\n", 0, text.index("\0")) + 1)
    return text


def _column_at(data: bytes, place: int) -> str:
    """The name of the column in which a byte stands, its number where the head cannot be read either."""
    start = data.rfind(b"\n", 0, place) + 1
    number = next(csv.reader([data[start:place].decode("latin-1")], strict=False), [""])
    head = data.split(b"\n", 1)[0].decode("latin-1").strip().split(",")
    at = max(len(number) - 1, 0)
    return head[at] if at < len(head) and start else str(at + 1)


def write_csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table in UTF-8, whole or not at all."""
    with whole(path) as aside, aside.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)
