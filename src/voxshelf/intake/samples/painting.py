"""Kernels that decide how bright a point of tissue is: cytoplasm, organelles, membranes, synapses, myelin.

Only + - * / and square roots are used, so that the picture does not depend on a platform's mathematical library.
Brightness is 0-255, lengths are nanometres.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from voxshelf.formats.compiled import kernel
from voxshelf.intake.samples.inner import look_inside
from voxshelf.intake.samples.nearest import CLEAR
from voxshelf.intake.samples.neuropil import GLIA, SHEATH

__all__ = ["INNER_REACH", "paint"]

INNER_REACH = 25.0
"""An organelle changes nothing further than this from its surface."""

_MEMBRANE_HALF = 11.0  # half of what the segmentation leaves at 0 between two cells
_SECTION = 28.0  # thickness over which a section is averaged


@kernel(inline=True)
def _bump(value: float) -> float:  # pragma: no cover - compiled
    """1 at 0, falling smoothly to 0 at ±1."""
    rest = 1.0 - value * value
    return rest * rest if rest > 0.0 else 0.0


@kernel(inline=True)
def _ramp(value: float) -> float:  # pragma: no cover - compiled
    """``value`` kept within 0 and 1."""
    return min(1.0, max(0.0, value))


@kernel(inline=True)
def _zigzag(value: float) -> float:  # pragma: no cover - compiled
    """1 at whole numbers, 0 in the middle between them."""
    return float(abs(value - np.floor(value) - 0.5) * 2.0)


@kernel()
def paint(
    scene: Any,
    lists: Any,
    counts: Any,
    points: Any,
    fields: Any,
    owner: Any,
    noise: Any,
    value: Any,
) -> None:  # pragma: no cover - compiled
    """Set ``value`` (n,) to the brightness of each point, and ``owner`` to its segment id: 0 in membranes.

    ``points``, ``fields`` and ``owner`` are those of :func:`~voxshelf.intake.samples.nearest.locate`; ``noise``
    (4, n) holds the noise at each point and its section's blur.
    """
    tone, sheath, sites = scene.tone, scene.sheath, scene.synapses
    inside = np.empty((4, points.shape[1]), np.float32)
    if counts[1]:
        look_inside(scene.organelles, lists[1], counts[1], points, owner, inside)
    for at in range(points.shape[1]):
        cell, own, gap = owner[at], fields[0, at], fields[1, at]
        grain, cloud = noise[1, at], noise[2, at]
        bright = tone[cell] + 4.5 * grain + 5.0 * cloud
        bright -= 13.0 * _ramp((grain - 1.6) * 2.2) * (2.0 if cell == GLIA else 1.0)
        if sheath[cell] and own > -SHEATH - CLEAR:
            if own > -SHEATH:
                bright = 62.0 + 26.0 * _zigzag(own / 19.0) + 3.0 * grain
                owner[at] = sheath[cell]
            gap = min(gap, abs(own + SHEATH))
        elif counts[1] and gap > 10.0:
            bright = _organelle(inside[0, at], inside[1, at], inside[2, at], inside[3, at], bright, cloud)
        if gap < CLEAR:
            flat = fields[2, at] * _SECTION
            wide = np.sqrt(289.0 + 0.45 * flat * flat) * noise[3, at]
            strength = (0.92 + 0.10 * cloud) * np.sqrt(17.0 / wide)
            bright -= (bright - 48.0) * strength * _bump(gap / (wide * 1.55))
            if counts[2]:
                x, y, z = points[0, at], points[1, at], points[2, at]
                bright -= (bright - 38.0) * _synapse(sites, lists[2], counts[2], cell, gap, x, y, z)
            if gap < _MEMBRANE_HALF:
                owner[at] = 0
        value[at] = bright


@kernel(inline=True)
def _organelle(
    dark: float, near: float, along: float, tube: float, bright: float, wobble: float
) -> float:  # pragma: no cover - compiled
    """The brightness at a point inside a cell, organelles drawn over the cytoplasm's ``bright``."""
    value = bright - dark - 58.0 * _bump((tube + 2.0) / 13.0) + 12.0 * _bump((tube + 22.0) / 12.0)
    if near < 12.0:
        crista = _bump((1.0 - _zigzag((along + 26.0 * wobble + 0.22 * near) / 62.0)) / 0.42)
        matrix = bright - 46.0 - 10.0 * wobble - 44.0 * crista * _ramp((-near - 22.0) / 12.0)
        value += (matrix - value) * _ramp((6.0 - near) / 14.0) - 62.0 * _bump((near + 8.0) / 15.0)
    return value


@kernel(inline=True)
def _synapse(
    sites: Any, found: Any, count: int, cell: int, gap: float, x: float, y: float, z: float
) -> float:  # pragma: no cover - compiled
    """How much darker a membrane is for being a synapse: thick behind it, thin in front of it."""
    dark = 0.0
    for at in range(count):
        k = found[at]
        behind = sites[k, 5] == cell
        if not behind and sites[k, 4] != cell:
            continue
        dx, dy, dz = x - sites[k, 0], y - sites[k, 1], z - sites[k, 2]
        spread = _bump(_ramp((dx * dx + dy * dy + dz * dz) / (sites[k, 3] * sites[k, 3])))
        dark = max(dark, spread * _ramp(((48.0 if behind else 20.0) - gap) / 14.0))
    return dark
