"""Kernels that find which cell is where: distances to capsules, short lists per block, the two nearest cells.

What is further than ``GAP`` from every fibre belongs to the glia. Where two cells are equally near runs their
membrane. Arrays come in one by one, not in tuples: inside of loops, that saves counting references.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from voxshelf.formats.compiled import kernel
from voxshelf.intake.samples.neuropil import GLIA

__all__ = ["CLEAR", "GAP", "distance_to", "gather", "locate", "prune"]

GAP = 32.0
"""Further than this from every fibre there is glia, in nm."""
CLEAR = 55.0
"""Further than this from a membrane it is not seen, in nm."""

_ZERO, _ONE, _FAR = np.float32(0), np.float32(1), np.float32(1e9)
_SLACK = 24.0  # nm; how much distances may differ inside a block from what its corners say


@kernel(inline=True)
def distance_to(
    form: Any, k: int, x: float, y: float, z: float
) -> tuple[float, float]:  # pragma: no cover - compiled
    """Signed distance to the surface of capsule ``k``, and where along it that is (0-1)."""
    ax, ay, az = x - form[k, 0], y - form[k, 1], z - form[k, 2]
    bx, by, bz = form[k, 3], form[k, 4], form[k, 5]
    t = min(1.0, max(0.0, (ax * bx + ay * by + az * bz) * form[k, 6]))
    ax, ay, az = ax - t * bx, ay - t * by, az - t * bz
    return np.sqrt(ax * ax + ay * ay + az * az) - form[k, 7] - t * form[k, 8], t


@kernel()
def gather(
    form: Any, source: Any, count: int, center: Any, reach: float, found: Any
) -> int:  # pragma: no cover - compiled
    """Copy to ``found`` those of ``source`` that come within ``reach`` of ``center``; returns how many."""
    kept = 0
    for at in range(count):
        distance, _ = distance_to(form, source[at], center[0], center[1], center[2])
        if distance < reach:
            found[kept] = source[at]
            kept += 1
    return kept


@kernel()
def prune(
    form: Any, cell: Any, found: Any, count: int, center: Any, half: Any
) -> int:  # pragma: no cover - compiled
    """Keep the capsules that are near the surface of the nearest cells at a corner or the centre of a block."""
    needed = np.zeros(count, np.bool_)
    distances = np.empty(count)
    for corner in range(9):
        x, y, z = center[0], center[1], center[2]
        if corner < 8:
            x += half[0] * (2 * (corner & 1) - 1)
            y += half[1] * ((corner & 2) - 1)
            z += half[2] * ((corner & 4) / 2 - 1)
        first, second, nearest = GAP, 1e9, GLIA
        for at in range(count):
            distance, _ = distance_to(form, found[at], x, y, z)
            distances[at] = distance
            if distance < first:
                if cell[found[at]] != nearest:
                    second = first
                first, nearest = distance, cell[found[at]]
            elif distance < second and cell[found[at]] != nearest:
                second = distance
        rival = min(second, first + 2.0 * CLEAR)
        for at in range(count):
            limit = first if cell[found[at]] == nearest else rival
            needed[at] |= distances[at] < limit + _SLACK
    kept = 0
    for at in range(count):
        if needed[at]:
            found[kept] = found[at]
            kept += 1
    return kept


@kernel()
def locate(
    form: Any, cell: Any, found: Any, count: int, points: Any, fields: Any, owner: Any
) -> None:  # pragma: no cover - compiled
    """For each of ``points`` (3, n): who owns it, and where its membrane is.

    ``owner`` (n,) gets the cell; ``fields`` (3, n) the distance to the owner's own surface (negative inside), the
    distance to the membrane, and how flat the membrane lies in the section (0 upright, 1 flat).
    """
    size = points.shape[1]
    first, second = fields[0], np.full(size, _FAR, np.float32)
    near, rival = np.full(size, -1, np.int32), np.full(size, -1, np.int32)
    first[:] = np.float32(GAP)
    owner[:] = GLIA
    for entry in range(count):
        k = found[entry]
        _compare(form[k], k, cell[k], points, (first, second, near, rival, owner))
    for at in range(size):
        fields[1, at], fields[2, at] = _FAR, 0.0
        between = second[at] - first[at]
        if between < 2.0 * CLEAR:
            x, y, z = points[0, at], points[1, at], points[2, at]
            ax, ay, az = _slope(form, near[at], x, y, z)
            bx, by, bz = _slope(form, rival[at], x, y, z)
            nx, ny, nz = ax - bx, ay - by, az - bz
            steep = max(0.35, np.sqrt(nx * nx + ny * ny + nz * nz))
            fields[1, at], fields[2, at] = between / steep, abs(nz) / steep


@kernel()
def _compare(form: Any, k: int, cell: int, points: Any, best: Any) -> None:  # pragma: no cover - compiled
    """Update the two nearest cells of all points with capsule ``k``.

    Written without branches on 32-bit numbers, so that the compiler works on several points at once.
    """
    first, second, near, rival, owner = best
    x0, y0, z0 = np.float32(form[0]), np.float32(form[1]), np.float32(form[2])
    bx, by, bz = np.float32(form[3]), np.float32(form[4]), np.float32(form[5])
    scale, radius, taper = np.float32(form[6]), np.float32(form[7]), np.float32(form[8])
    me, mine = np.int32(k), np.int32(cell)
    px, py, pz = points[0], points[1], points[2]
    for at in range(px.shape[0]):
        ax, ay, az = px[at] - x0, py[at] - y0, pz[at] - z0
        t = (ax * bx + ay * by + az * bz) * scale
        t = max(_ZERO, t)
        t = min(_ONE, t)
        ax, ay, az = ax - t * bx, ay - t * by, az - t * bz
        distance = np.sqrt(ax * ax + ay * ay + az * az) - radius - t * taper
        one, two, who = first[at], second[at], owner[at]
        other = who != mine
        wins = distance < one
        passed = wins & other
        follows = (not wins) & other & (distance < two)
        second[at] = one if passed else (distance if follows else two)
        rival[at] = near[at] if passed else (me if follows else rival[at])
        near[at] = me if wins else near[at]
        first[at] = distance if wins else one
        owner[at] = mine if wins else who


@kernel(inline=True)
def _slope(
    form: Any, k: int, x: float, y: float, z: float
) -> tuple[float, float, float]:  # pragma: no cover - compiled
    """The direction in which the distance to capsule ``k`` grows; zeros for the glia (-1)."""
    if k < 0:
        return 0.0, 0.0, 0.0
    _, t = distance_to(form, k, x, y, z)
    dx = x - form[k, 0] - t * form[k, 3]
    dy = y - form[k, 1] - t * form[k, 4]
    dz = z - form[k, 2] - t * form[k, 5]
    length = np.sqrt(dx * dx + dy * dy + dz * dz) + 1e-9
    return dx / length, dy / length, dz / length
