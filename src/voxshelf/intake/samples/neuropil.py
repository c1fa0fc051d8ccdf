"""Growing a piece of neuropil: axons with boutons, dendrites with spines, myelin, and what lies inside them.

The result is a :class:`Neuropil`: nothing but *capsules* (line pieces with a radius at each end), which a kernel can
turn into pictures. Lengths are nanometres, axes x, y, z. Sizes follow textbook figures for mouse cortex: axons
of 0.15-0.3 µm, boutons of 0.5-0.8 µm with vesicles of 40 nm, dendrites of 0.5-1.2 µm with spines, mitochondria
of 0.2-0.4 µm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voxshelf.intake.samples.curves import Strands, directions, pack, wander

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["GLIA", "SHEATH", "Neuropil", "grow_neuropil"]

GLIA = 1
"""The cell that fills what is left between the fibres."""
SHEATH = 115.0
"""Thickness of the myelin, in nm."""

_MARGIN = 500.0
_FILLED = 0.80
_AXON, _DENDRITE, _MYELINATED = 0, 1, 2


@dataclass(frozen=True)
class Neuropil:
    """Fibres as capsules.

    Attributes
    ----------
    ends : (n, 2, 3) float64
        Both ends of each capsule.
    radii : (n, 2) float64
        At both ends.
    cells : (n,) int64
        The cell of each capsule; ids count from ``GLIA + 1``.
    kinds : (cells,) int64
        By cell id: 0 axon, 1 dendrite, 2 myelinated axon.
    sheaths : dict
        Cell id of a myelinated axon → id of its sheath.
    boutons : list of (centre, radius, cell)
        Swellings of axons.
    strands : Strands
        The same fibres as points, for placing organelles.
    """

    ends: NDArray[np.float64]
    radii: NDArray[np.float64]
    cells: NDArray[np.int64]
    kinds: NDArray[np.int64]
    sheaths: dict[int, int]
    boutons: list[tuple[NDArray[np.float64], float, int]]
    strands: Strands


def grow_neuropil(rng: np.random.Generator, extent: NDArray[np.float64]) -> Neuropil:
    """Fill a box from the origin to ``extent`` (nm) with fibres."""
    box = (np.full(3, -_MARGIN), extent + _MARGIN)
    volume = float(np.prod(box[1] - box[0]))
    strands = Strands()
    kinds = [_AXON] * (GLIA + 1)
    filled = 0.0
    for count, kind in ((volume / 2.0e11, _MYELINATED), (volume / 1.9e10, _DENDRITE)):
        for _ in range(round(count)):
            filled += _add_thick(rng, box, strands, len(kinds), kind)
            kinds.append(kind)
    swellings: list[tuple[int, float, int]] = []
    while filled < _FILLED * volume:
        filled += _add_axon(rng, box, strands, len(kinds), swellings)
        kinds.append(_AXON)
    pack(strands, rounds=12)
    return _as_capsules(strands, kinds, swellings)


def _as_capsules(strands: Strands, kinds: list[int], swellings: list[tuple[int, float, int]]) -> Neuropil:
    positions = np.concatenate(strands.positions)
    radii = np.concatenate(strands.radii)
    links = np.concatenate(strands.links)
    joined = np.flatnonzero(links >= 0)
    pairs = np.stack([links[joined], joined], axis=1)
    thickness = radii[pairs]
    # A side branch is as thin at its root as it is at its own first point.
    branches = links[joined] != joined - 1
    thickness[branches, 0] = thickness[branches, 1]
    myelinated = [cell for cell, kind in enumerate(kinds) if kind == _MYELINATED]
    return Neuropil(
        ends=positions[pairs],
        radii=thickness,
        cells=np.concatenate(strands.cells)[joined],
        kinds=np.array(kinds, np.int64),
        sheaths={cell: len(kinds) + index for index, cell in enumerate(myelinated)},
        boutons=[(positions[point], radius, cell) for point, radius, cell in swellings],
        strands=strands,
    )


def _volume_of(path: NDArray[np.float64], radii: NDArray[np.float64]) -> float:
    lengths = np.linalg.norm(np.diff(path, axis=0), axis=1)
    return float((np.pi * radii[1:] ** 2 * lengths).sum())


def _add_thick(
    rng: np.random.Generator,
    box: tuple[NDArray[np.float64], NDArray[np.float64]],
    strands: Strands,
    cell: int,
    kind: int,
) -> float:
    """One dendrite with its spines, or one myelinated axon; returns the volume it takes."""
    heading = directions(rng, 1)[0]
    path = wander(rng, rng.uniform(*box), heading, box, step=150.0, persistence=30_000.0)
    if kind == _MYELINATED:
        radii = np.full(len(path), rng.uniform(430, 560))
        strands.add(path, radii, cell)
        return _volume_of(path, radii)
    calibre = rng.uniform(200, 480) * (1.7 if rng.random() < 0.1 else 1.0)
    radii = calibre * (1 + 0.18 * _smooth_noise(rng, len(path), 8))
    first = strands.add(path, radii, cell)
    taken = _volume_of(path, radii)
    for index in np.flatnonzero(rng.random(len(path)) < 0.13):
        taken += _add_spine(rng, path, radii, strands, (cell, first, int(index)))
    return taken


def _add_spine(
    rng: np.random.Generator,
    path: NDArray[np.float64],
    radii: NDArray[np.float64],
    strands: Strands,
    root: tuple[int, int, int],
) -> float:
    cell, first, index = root
    along = path[min(index + 1, len(path) - 1)] - path[max(index - 1, 0)]
    outward = np.cross(along, directions(rng, 1)[0])
    outward /= np.linalg.norm(outward) + 1e-9
    neck = rng.uniform(250, 800)
    reach = radii[index] + neck
    count = max(3, round(reach / 90.0))
    distances = np.linspace(60.0, reach, count)
    bend = directions(rng, 1)[0] * rng.uniform(0, 150)
    spine = path[index] + outward * distances[:, None] + bend * (distances[:, None] / reach) ** 2
    head = rng.uniform(140, 260)
    thickness = np.full(count, rng.uniform(50, 80))
    thickness[-1] = head
    thickness[-2] = 0.5 * head
    strands.add(spine, thickness, cell, parent=first + index)
    return _volume_of(spine, thickness)


def _add_axon(
    rng: np.random.Generator,
    box: tuple[NDArray[np.float64], NDArray[np.float64]],
    strands: Strands,
    cell: int,
    swellings: list[tuple[int, float, int]],
) -> float:
    step = 130.0
    path = wander(rng, rng.uniform(*box), directions(rng, 1)[0], box, step=step, persistence=6_000.0)
    calibre = float(np.clip(rng.lognormal(np.log(95), 0.35), 60, 210))
    radii = calibre * (1 + 0.15 * _smooth_noise(rng, len(path), 5))
    first, at = strands.count, rng.uniform(0, 3_000)
    along = np.arange(len(path)) * step
    while at < along[-1]:
        radius, width = rng.uniform(190, 340), rng.uniform(180, 320)
        bump = np.maximum(0, 1 - ((along - at) / (2 * width)) ** 2) ** 2
        radii = np.maximum(radii, radius * bump)
        swellings.append((first + int(at / step), radius, cell))
        at += rng.uniform(1_500, 4_500)
    strands.add(path, radii, cell)
    return _volume_of(path, radii)


def _smooth_noise(rng: np.random.Generator, count: int, width: int) -> NDArray[np.float64]:
    """Noise of variance about 1 that changes over ``width`` points, (count,)."""
    raw = rng.normal(size=count + 2 * width)
    kernel = np.hanning(2 * width + 1)
    smooth = np.convolve(raw, kernel / np.sqrt((kernel**2).sum()), mode="valid")
    return np.clip(smooth, -2, 2)
