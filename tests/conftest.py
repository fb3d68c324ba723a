"""What all tests share: the catalogues are compiled from their source, so that no test reads yesterday's words."""

from __future__ import annotations

import os

import catalogues


def pytest_configure() -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        catalogues.compile_all()
