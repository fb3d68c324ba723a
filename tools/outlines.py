"""Makes src/kunak/journeys/charts/outlines.json: coasts and borders from the Caucasus to the Atlantic, small enough to ship.

    python tools/outlines.py countries-50m.json

Source: Natural Earth 1:50m (public domain), as the npm package `world-atlas` packs it (TopoJSON, ISC licence for the packing). Lines are cut
to the window below, thinned (Douglas and Peucker 1973) and rounded to a hundredth of a degree.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

WEST, EAST, SOUTH, NORTH = -11.0, 79.0, 34.0, 66.0
THIN = 0.09  # degrees by which a thinned line may leave its course
OUT = Path(__file__).resolve().parent.parent / "src/kunak/journeys/charts/outlines.json"

Point = tuple[float, float]


def decoded(topology: dict[str, Any]) -> list[list[Point]]:
    """The arcs as longitudes and latitudes; each border is one arc, shared by its countries."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    lines = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        lines.append(line)
    return lines


def inside(line: list[Point]) -> list[list[Point]]:
    """The pieces of a line that lie in the window, with one point beyond at each end."""
    pieces: list[list[Point]] = []
    piece: list[Point] = []
    for index, (lon, lat) in enumerate(line):
        within = WEST <= lon <= EAST and SOUTH <= lat <= NORTH
        if within and not piece and index:
            piece.append(line[index - 1])
        if within:
            piece.append((lon, lat))
        elif piece:
            pieces.append([*piece, (lon, lat)])
            piece = []
    return [each for each in [*pieces, piece] if len(each) > 1]


def thinned(line: list[Point]) -> list[Point]:
    if len(line) < 3:  # noqa: PLR2004 - two points are a line
        return line
    (x1, y1), (x2, y2) = line[0], line[-1]
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5

    def off(point: Point) -> float:
        x, y = point
        if length == 0:
            return ((x - x1) ** 2 + (y - y1) ** 2) ** 0.5
        return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length

    furthest = max(range(1, len(line) - 1), key=lambda index: off(line[index]))
    if off(line[furthest]) <= THIN:
        return [line[0], line[-1]]
    return [*thinned(line[: furthest + 1])[:-1], *thinned(line[furthest:])]


def main() -> None:
    topology = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    kept = []
    for arc in decoded(topology):
        for piece in inside(arc):
            line = thinned(piece)
            size = max(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a in (line[0],) for b in line)
            if size > 2 * THIN:
                kept.append([[round(lon * 100), round(lat * 100)] for lon, lat in line])
    OUT.write_text(json.dumps(kept, separators=(",", ":")) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(kept)} lines, {OUT.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
