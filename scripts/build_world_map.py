"""Build the world map that ships in ``openward.report`` from ``countries-50m.json`` of world-atlas.

The 110m edition lacks Singapore, Hong Kong and Macao, so the 50m edition is taken and made lighter:
borders are simplified arc by arc (Visvalingam and Whyatt 1993), so that neighbors keep a common border;
islets go, except the largest part of each territory; coordinates are rounded to a grid.

Usage: ``npm pack world-atlas@2.0.2``, unpack it, then
``python scripts/build_world_map.py package/countries-50m.json``.
"""

from __future__ import annotations

import heapq
import json
import math
import sys
from pathlib import Path
from typing import Any

OUT = Path(__file__).parents[1] / "src" / "openward" / "report" / "data" / "world.json"
SOURCE = "Natural Earth 1:50m, public domain, through world-atlas 2.0.2 (ISC), simplified"
TOLERANCE = 0.045
SMALLEST_ISLET = 0.12
SMALLEST_VISIBLE = 1.2
GRID = 0.05
ANTARCTICA = "010"

Point = tuple[float, float]


def decode(topology: dict[str, Any]) -> list[list[Point]]:
    """Give the arcs in degrees."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    return arcs


def triangle(a: Point, b: Point, c: Point) -> float:
    """Area of a triangle in square degrees at the equator."""
    width = math.cos(math.radians(b[1]))
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2 * width


def simplify(arc: list[Point]) -> list[Point]:
    """Drop the points whose triangle is smallest until all are above the tolerance."""
    n = len(arc)
    keep_at_least = 4 if arc[0] == arc[-1] else 2
    before, after = list(range(-1, n - 1)), list(range(1, n + 1))
    alive = [True] * n
    heap = [(triangle(arc[k - 1], arc[k], arc[k + 1]), k) for k in range(1, n - 1)]
    heapq.heapify(heap)
    left, stale = n, {k: area for area, k in heap}
    while heap and left > keep_at_least:
        area, k = heapq.heappop(heap)
        if not alive[k] or stale[k] != area:
            continue
        if area > TOLERANCE:
            break
        alive[k] = False
        left -= 1
        before[after[k]], after[before[k]] = before[k], after[k]
        for m in (before[k], after[k]):
            if 0 < m < n - 1:
                new = max(area, triangle(arc[before[m]], arc[m], arc[after[m]]))
                stale[m] = new
                heapq.heappush(heap, (new, m))
    return [p for p, ok in zip(arc, alive, strict=True) if ok]


def ring_points(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    """Give the points of a ring made of arcs (negative: reversed)."""
    points: list[Point] = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points.extend(arc if not points else arc[1:])
    return points


def ring_area(points: list[Point]) -> float:
    """Area of a ring in square degrees at the equator."""
    lat = sum(y for _, y in points) / len(points)
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1], strict=True))
    return abs(twice) / 2 * math.cos(math.radians(lat))


def center(points: list[Point]) -> Point:
    """Middle of a ring's bounding box."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def reduce(topology: dict[str, Any]) -> dict[str, Any]:
    """Give the lighter topology, with dots for the territories too small to see."""
    full = decode(topology)
    parts: dict[str, list[list[list[int]]]] = {}
    for k, geometry in enumerate(topology["objects"]["countries"]["geometries"]):
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        parts.setdefault(geometry.get("id", f"unnamed {k}"), []).extend(polygons)
    del parts[ANTARCTICA]
    geometries: list[dict[str, Any]] = []
    dots: dict[str, list[float]] = {}
    for code, polygons in parts.items():
        sized = sorted(((ring_area(ring_points(p[0], full)), p) for p in polygons), key=lambda s: -s[0])
        kept = [p for k, (area, p) in enumerate(sized) if k == 0 or area >= SMALLEST_ISLET]
        if sized[0][0] < SMALLEST_VISIBLE:
            lon, lat = center(ring_points(sized[0][1][0], full))
            dots[code] = [round(lon, 2), round(lat, 2)]
        geometries.append({"type": "MultiPolygon", "arcs": kept, "id": code})
    used = sorted({i if i >= 0 else ~i for g in geometries for p in g["arcs"] for ring in p for i in ring})
    place = {old: new for new, old in enumerate(used)}
    for g in geometries:
        g["arcs"] = [
            [[place[i] if i >= 0 else ~place[~i] for i in ring] for ring in polygon] for polygon in g["arcs"]
        ]
    return {
        "source": SOURCE,
        "dots": dict(sorted(dots.items())),
        "topology": {
            "type": "Topology",
            "transform": {"scale": [GRID, GRID], "translate": [0, 0]},
            "arcs": [encode(simplify(full[i])) for i in used],
            "objects": {"countries": {"type": "GeometryCollection", "geometries": geometries}},
        },
    }


def encode(arc: list[Point]) -> list[list[int]]:
    """Round to the grid and take differences; a ring that collapses keeps its points."""
    points = [(round(x / GRID), round(y / GRID)) for x, y in arc]
    out, last = [], (0, 0)
    for k, p in enumerate(points):
        if k and p == last and len(points) > 4:
            continue
        out.append([p[0] - last[0], p[1] - last[1]] if k else [p[0], p[1]])
        last = p
    if len(out) == 1:
        out.append([0, 0])
    return out


def main(path: str) -> None:
    reduced = reduce(json.loads(Path(path).read_text()))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(reduced, separators=(",", ":")) + "\n")
    print(f"{OUT.name}: {OUT.stat().st_size / 1e3:.0f} kB, {len(reduced['dots'])} dots")


if __name__ == "__main__":
    main(sys.argv[1])
