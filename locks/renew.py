"""Renews the locked versions: `make locks` for all, `make locks ONLY="highspy numba"` for these parts alone. Look at the difference, run
the tests, commit. One file per thing that is installed: a relay on a server, the house (demo, install), what its tests need on top, what the slow proofs
need on top."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
RELAY = ("relay",)
STORES = (*RELAY, "postgresql", "s3")
HOUSE = ("relay", "desk", "plan")
TEST = (*HOUSE, "count", "postgresql", "s3", "test")
PROVE = (*TEST, "spark")
# For every system and Python that pyproject.toml allows; the registry's address stays out.
COMPILE = [
    "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes",
    "--no-emit-index-url", "--no-annotate", "--no-header",
]  # fmt: skip


def renew(name: str, extras: tuple[str, ...], bound: str | None, only: list[str]) -> None:
    """The widest first; the others are bound by it, so that all agree."""
    command = [str(Path(sys.executable).parent / COMPILE[0]), *COMPILE[1:], "pyproject.toml", "locks/build.in"]
    for extra in extras:
        command += ["--extra", extra]
    command += ["--constraint", f"locks/{bound}.txt"] if bound else []
    for part in only:
        command += ["--upgrade-package", part]
    command += [] if only or bound else ["--upgrade"]
    subprocess.run([*command, "--output-file", f"locks/{name}.txt"], check=True, cwd=HERE.parent)  # noqa: S603 - our own words


def main() -> None:
    only = sys.argv[1:]
    renew("prove", PROVE, None, only)
    renew("test", TEST, "prove", only)
    renew("house", HOUSE, "prove", only)
    renew("relay", RELAY, "prove", only)
    renew("relay-stores", STORES, "prove", only)


if __name__ == "__main__":
    main()
