"""What all tests share: the catalogues are compiled from their source, so that no test reads yesterday's words."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

import catalogues

# A busy machine is no fault of the code: without this, a test would fail by chance, by its clock.
settings.register_profile("kunak", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kunak")


def pytest_configure() -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        catalogues.compile_all()
