"""A map of who moves from where to where: places as signs by their kind, streams as lines by the number of people.

Where a place lies is known by its town, or by a town's name in its short name; a place without either stands near those that ways
connect it with. If nothing is known at all, there is no land under the picture: danger left, safety right.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from . import svg
from .towns import TOWNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kunak.journeys.reckoning.scenario import Leg, Place

WIDTH: Final = 1_000.0
MIDDLE: Final = 52.0  # degrees north at which east and north are drawn alike
MARGIN: Final = 84.0
ROUND: Final = 26.0  # how far apart places stand that share a town
COLUMNS: Final = {"danger": 0, "inside": 1, "near_abroad": 2, "abroad": 3}


@dataclass(frozen=True)
class Spot:
    x: float
    y: float


def located(places: Sequence[Place], legs: Iterable[Leg], towns: Mapping[str, str]) -> dict[str, tuple[float, float]]:
    """Degrees east and north of each place that can be located; `towns`: what coordinators wrote."""
    found = {place.id: at for place in places if (at := _town(towns.get(place.id, ""), place.id)) is not None}
    ways = [(leg.origin, leg.to) for leg in legs]
    for place in places:
        if found and place.id not in found:
            near = [
                found[other] for one, other in [*ways, *((b, a) for a, b in ways)] if one == place.id and other in found
            ]
            if near:
                found[place.id] = (sum(x for x, _ in near) / len(near), sum(y for _, y in near) / len(near))
    return found


def _town(town: str, name: str) -> tuple[float, float] | None:
    words = [town.strip().lower(), *re.split(r"[\W_\d]+", name.lower())]
    return next((TOWNS[word] for word in words if word in TOWNS), None)


def journey_map(
    places: Sequence[Place],
    legs: Sequence[Leg],
    streams: Mapping[tuple[str, str], int],
    towns: Mapping[str, str],
    title: str,
) -> Markup:
    """`streams`: people on each way."""
    at = located(places, legs, towns)
    shown = [place for place in places if place.id in at] if at else list(places)
    spots, height, land = _on_land(shown, at) if at else _schematic(shown)
    most = max(streams.values(), default=1)
    parts = list(land)
    for (origin, to), people in sorted(streams.items(), key=lambda item: item[1]):
        if origin in spots and to in spots:
            parts.append(_stream(spots[origin], spots[to], 1 + 7 * people / most, f"{origin} → {to}: {people}"))
    taken: list[tuple[float, float, float]] = []
    for place in shown:
        parts += _sign(place, spots[place.id], taken)
    return svg.picture(WIDTH, height, title, parts, "map")


def _on_land(
    places: Sequence[Place], at: Mapping[str, tuple[float, float]]
) -> tuple[dict[str, Spot], float, list[Markup]]:
    east = [lon for lon, _ in at.values()]
    north = [lat for _, lat in at.values()]
    west, south, wide = min(east), min(north), max(max(east) - min(east), 6.0)
    narrow = math.cos(math.radians(MIDDLE))
    scale = (WIDTH - 2 * MARGIN) / (wide * narrow)
    high = max(max(north) - south, 4.0)
    scale = min(scale, 620.0 / high)
    left = (WIDTH - wide * narrow * scale) / 2

    def project(lon: float, lat: float) -> Spot:
        return Spot(left + (lon - west) * narrow * scale, MARGIN + (south + high - lat) * scale)

    height = high * scale + 2 * MARGIN
    spots: dict[str, Spot] = {}
    same: dict[tuple[float, float], int] = {}
    for place in places:
        spot = project(*at[place.id])
        turn = same.get(at[place.id], 0)
        same[at[place.id]] = turn + 1
        if turn:  # those that share a town stand around it, in growing rings
            angle, reach = turn * 2.4, ROUND * (0.6 + 0.32 * math.sqrt(turn))
            spot = Spot(spot.x + reach * math.cos(angle), spot.y + reach * math.sin(angle))
        spots[place.id] = spot
    return spots, height, [_land(project, height)]


def _land(project: object, height: float) -> Markup:
    """Coasts and borders within the picture, as one path."""
    said = []
    for each in outlines():
        points = [project(lon / 100, lat / 100) for lon, lat in each]  # type: ignore[operator]  # a projection
        if any(0 <= p.x <= WIDTH and 0 <= p.y <= height for p in points):
            said.append("M" + " ".join(f"{svg.number(p.x)} {svg.number(p.y)}" for p in points))
    return Markup('<path class="land" d="{}"/>').format("".join(said))


@cache
def outlines() -> list[list[tuple[int, int]]]:
    """Lines in hundredths of a degree (tools/outlines.py: Natural Earth, public domain)."""
    text = files("kunak.journeys.charts").joinpath("outlines.json").read_text("utf-8")
    lines: list[list[tuple[int, int]]] = json.loads(text)
    return lines


def _schematic(places: Sequence[Place]) -> tuple[dict[str, Spot], float, list[Markup]]:
    rows: dict[int, list[str]] = {}
    for place in places:
        rows.setdefault(COLUMNS[place.zone], []).append(place.id)
    most = max((len(each) for each in rows.values()), default=1)
    height = max(220.0, most * 34.0 + 40)
    spots = {
        name: Spot(110 + column * (WIDTH - 260) / 3, 20 + (row + 0.5) * (height - 40) / len(names))
        for column, names in rows.items()
        for row, name in enumerate(names)
    }
    return spots, height, []


def _stream(start: Spot, end: Spot, width: float, title: str) -> Markup:
    """A bow, so that there and back do not cover each other; its arrow stands in the middle."""
    dx, dy = end.x - start.x, end.y - start.y
    bend = Spot((start.x + end.x) / 2 - dy * 0.12, (start.y + end.y) / 2 + dx * 0.12)
    top = Spot((start.x + 2 * bend.x + end.x) / 4, (start.y + 2 * bend.y + end.y) / 4)
    turn = math.degrees(math.atan2(dy, dx))
    return Markup(
        '<g><title>{}</title><path class="stream" stroke-width="{}" d="M{} {}Q{} {} {} {}"/>'
        '<path class="head" d="M-5 -4 5 0 -5 4z" transform="translate({} {}) rotate({})"/></g>'
    ).format(
        title,
        *(svg.number(each) for each in (width, start.x, start.y, bend.x, bend.y, end.x, end.y, top.x, top.y, turn)),
    )


def _sign(place: Place, spot: Spot, taken: list[tuple[float, float, float]]) -> list[Markup]:
    """A triangle for a home, a ring for a way station, a square for a flat, a filled circle for a haven; its name where there is room."""
    shapes = {
        "home": Markup('<path class="sign home-sign" d="M0 -7 7 6 -7 6z" transform="translate({} {})"/>'),
        "transit": Markup('<circle class="sign" cx="{}" cy="{}" r="5"/>'),
        "shelter": Markup('<path class="sign" d="M-5 -5H5V5H-5z" transform="translate({} {})"/>'),
        "haven": Markup('<circle class="sign haven-sign" cx="{}" cy="{}" r="7"/>'),
    }
    parts = [shapes[place.kind].format(svg.number(spot.x), svg.number(spot.y))]
    width = len(place.id) * 5.6
    for dx, dy in ((9, 4), (9, -6), (9, 14), (-9 - width, 4), (-width / 2, -10), (-width / 2, 18)):
        x, y = spot.x + dx, spot.y + dy
        if x >= 0 and x + width <= WIDTH and all(x + width < a or a + w < x or abs(y - b) > 10 for a, b, w in taken):  # noqa: PLR2004 - height of a line
            taken.append((x, y, width))
            parts.append(svg.text(x, y, place.id, "axis place"))
            break
    return parts
