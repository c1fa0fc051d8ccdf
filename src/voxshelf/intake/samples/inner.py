"""Kernels for what lies inside the cells: how near each point is to vesicles, reticulum, mitochondria.

Each organelle is compared with all points of a block at once, without branches and on 32-bit numbers, so that the
compiler works on several points at a time.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from voxshelf.formats.compiled import kernel
from voxshelf.intake.samples.organelles import DENSE_BODY, MICROTUBULE, MITOCHONDRION, VESICLE

__all__ = ["look_inside"]

_ZERO, _ONE, _FAR = np.float32(0), np.float32(1), np.float32(1e9)


@kernel()
def look_inside(
    organelles: Any, found: Any, count: int, points: Any, owner: Any, inside: Any
) -> None:  # pragma: no cover - compiled
    """Set ``inside`` (4, n) for ``points`` (3, n) that belong to the cells ``owner`` (n,).

    Its rows are the darkness of vesicles, microtubules and dense bodies; the distance to the nearest mitochondrion;
    the length along that; the distance to the nearest reticulum.
    """
    inside[0, :], inside[2, :] = _ZERO, _ZERO
    inside[1, :], inside[3, :] = _FAR, _FAR
    form, cell, kind, along = organelles.form, organelles.cell, organelles.kind, organelles.along
    distance, place = np.empty(points.shape[1], np.float32), np.empty(points.shape[1], np.float32)
    for entry in range(count):
        k = found[entry]
        _measure(form[k], np.int32(cell[k]), points, owner, distance, place)
        what = kind[k]
        if what == VESICLE:
            _add_shell(distance, inside[0], 80.0, 1.0, 12.0)
            _add_shell(distance, inside[0], -12.0, 20.0, 12.0)
        elif what == MICROTUBULE:
            _add_shell(distance, inside[0], 42.0, 5.0, 16.0)
        elif what == DENSE_BODY:
            _add_body(distance, inside[0])
        elif what == MITOCHONDRION:
            _keep_nearest(distance, place, along[k], 1.0 / np.sqrt(form[k, 6]), inside)
        else:
            _keep_least(distance, inside[3])


@kernel()
def _measure(
    form: Any, cell: Any, points: Any, owner: Any, distance: Any, place: Any
) -> None:  # pragma: no cover - compiled
    """The distance of all points to a capsule, and where along it; far for points of other cells."""
    x0, y0, z0 = np.float32(form[0]), np.float32(form[1]), np.float32(form[2])
    bx, by, bz = np.float32(form[3]), np.float32(form[4]), np.float32(form[5])
    scale, radius = np.float32(form[6]), np.float32(form[7])
    px, py, pz = points[0], points[1], points[2]
    for at in range(px.shape[0]):
        ax, ay, az = px[at] - x0, py[at] - y0, pz[at] - z0
        t = (ax * bx + ay * by + az * bz) * scale
        t = max(_ZERO, t)
        t = min(_ONE, t)
        ax, ay, az = ax - t * bx, ay - t * by, az - t * bz
        away = np.sqrt(ax * ax + ay * ay + az * az) - radius
        distance[at] = away if owner[at] == cell else _FAR
        place[at] = t


@kernel()
def _add_shell(
    distance: Any, darkness: Any, strength: float, depth: float, width: float
) -> None:  # pragma: no cover - compiled
    """Darken a shell that lies ``depth`` below the surface and fades over ``width``."""
    much, shift, scale = np.float32(strength), np.float32(depth), np.float32(1.0 / width)
    for at in range(distance.shape[0]):
        v = (distance[at] + shift) * scale
        rest = _ONE - v * v
        rest = max(_ZERO, rest)
        darkness[at] += much * rest * rest


@kernel()
def _add_body(distance: Any, darkness: Any) -> None:  # pragma: no cover - compiled
    """Darken a whole body."""
    for at in range(distance.shape[0]):
        v = (np.float32(8.0) - distance[at]) * np.float32(1.0 / 16.0)
        v = max(_ZERO, v)
        darkness[at] += np.float32(85.0) * (min(_ONE, v))


@kernel()
def _keep_nearest(
    distance: Any, place: Any, begin: float, length: float, inside: Any
) -> None:  # pragma: no cover - compiled
    """Keep the nearest mitochondrion's distance and the length along it."""
    start, span = np.float32(begin), np.float32(length)
    near, along = inside[1], inside[2]
    for at in range(distance.shape[0]):
        wins = distance[at] < near[at]
        along[at] = start + span * place[at] if wins else along[at]
        near[at] = distance[at] if wins else near[at]


@kernel()
def _keep_least(distance: Any, least: Any) -> None:  # pragma: no cover - compiled
    """The smaller of both distances."""
    for at in range(distance.shape[0]):
        least[at] = min(least[at], distance[at])
