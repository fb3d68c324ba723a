"""python -m bench.invented DIR [--people N] [--seed N] [--elsewhere]"""

from __future__ import annotations

import argparse
from pathlib import Path

from bench.invented import ELSEWHERE, HERE, write

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder", type=Path)
parser.add_argument("--people", type=int, default=5000)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument(
    "--elsewhere", action="store_true", help="other people, other clerks: a check that nothing is tuned"
)
asked = parser.parse_args()
write(asked.folder, asked.people, asked.seed, ELSEWHERE if asked.elsewhere else HERE)
