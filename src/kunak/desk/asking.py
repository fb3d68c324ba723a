"""A request to join that the relay has not had yet: `kunak org join` found it away, and the desk sends it when it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.desk.joining import ask_to_join, asking
from kunak.desk.relay_client import RelayClient

if TYPE_CHECKING:
    from collections.abc import Callable

    from kunak.desk.workbench import Workbench


def ask_by_http(bench: Workbench, clock: Callable[[], float]) -> None:
    """Signed with the invitation's key. Raises Unreachable, RelayRefused."""
    if (waiting := asking(bench)) is not None:
        with RelayClient(bench.keyring.own.relay, waiting.invitation, waiting.seed, clock) as once:
            ask_to_join(bench, once)
