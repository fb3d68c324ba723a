"""`make bench [NAMES]`: run the benchmarks and print their tables; with `--write`, keep them in docs/BENCHMARKS.md too, beside the
parts that were not run.

A benchmark is a module of this folder with `TITLE` and `run() -> list[Row]`. Ratios are taken within one run; absolute
times say little on a shared machine.
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.table import as_markdown, show

HERE = Path(__file__).resolve().parent
KEPT = HERE.parent / "docs" / "BENCHMARKS.md"


def machine() -> str:
    """The machine in a line: processor, cores, memory, system, Python."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine()
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    return f"{model}, {os.cpu_count()} cores, {memory} GiB, {platform.system()} {platform.release()}, Python {platform.python_version()}"


def main(arguments: list[str]) -> int:
    known = sorted(path.stem for path in HERE.glob("*.py") if "def run(" in path.read_text(encoding="utf-8"))
    names = [name for name in arguments if not name.startswith("-")] or known
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.stderr.write(f"No benchmark named {', '.join(unknown)}. There are: {', '.join(known)}.\n")
        return 2
    kept = KEPT.read_text(encoding="utf-8") if KEPT.exists() else _first_page()
    missed = 0
    for name in names:
        module = importlib.import_module(f"bench.{name}")
        rows = module.run()
        show(module.TITLE, rows)
        kept = _with_part(kept, module.TITLE, as_markdown(module.TITLE, rows))
        missed += sum(row.held is False for row in rows)
    if "--write" in arguments:
        KEPT.write_text(kept, encoding="utf-8")
    return 1 if missed else 0


def _first_page() -> str:
    return f"# Benchmarks\n\nMeasured {datetime.now(UTC):%Y-%m-%d} on: {machine()}.\nRepeat with `make bench`.\n"


def _with_part(kept: str, title: str, part: str) -> str:
    """The page with one part measured anew; the others stand as they were measured."""
    parts = kept.rstrip("\n").split("\n## ")
    found = [n for n, each in enumerate(parts) if n and each.split("\n", 1)[0] == title]
    fresh = part.rstrip("\n").removeprefix("## ") + "\n"
    if found:
        parts[found[0]] = fresh
    else:
        parts[-1] += "\n"
        parts.append(fresh)
    return "\n## ".join(parts).rstrip("\n") + "\n"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
