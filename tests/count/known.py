"""The names of the tables, learnt once for all tests."""

from __future__ import annotations

import functools

from kunak.count.linkage.forms import Name
from kunak.count.linkage.knowledge import Knowledge
from kunak.count.linkage.reading import Reading, Record, read_record
from kunak.count.linking import know_names
from kunak.count.names import Tables


@functools.cache
def names() -> tuple[Knowledge, Tables]:
    """What is known of names."""
    return know_names()


def read(full_name: str, patronymic: str = "", **fields: str) -> Reading:
    """The reading of one record."""
    return read_record(Record("list", "r", full_name, patronymic, **fields), names()[0])


def name(full_name: str, patronymic: str = "") -> Name:
    """A full name taken apart."""
    return read(full_name, patronymic).name
