"""What lies inside the fibres: mitochondria, vesicles, reticulum, microtubules, dense bodies, and synapses.

All are capsules that belong to a cell (see :mod:`voxshelf.intake.samples.neuropil`); they are drawn only where that
cell is, so none ever sticks out of it. Lengths are nanometres.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from voxshelf.intake.samples.curves import directions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voxshelf.intake.samples.neuropil import Neuropil

__all__ = ["DENSE_BODY", "MICROTUBULE", "MITOCHONDRION", "RETICULUM", "VESICLE", "Organelles", "fill_cells"]

MITOCHONDRION, VESICLE, RETICULUM, MICROTUBULE, DENSE_BODY = range(5)

_DENDRITE = 1


@dataclass
class Organelles:
    """Capsules inside of cells, collected chain by chain.

    Attributes
    ----------
    starts, stops : list of (n, 3) arrays
        Both ends of a chain's capsules.
    radii, cells, kinds, alongs : list of (n,) arrays
        Per capsule: its radius, the cell it lies in, ``MITOCHONDRION`` and so on, and the length of the chain before
        its first end: cristae run on through a chain.
    """

    starts: list[NDArray[np.float64]] = field(default_factory=list)
    stops: list[NDArray[np.float64]] = field(default_factory=list)
    radii: list[NDArray[np.float64]] = field(default_factory=list)
    cells: list[NDArray[np.int64]] = field(default_factory=list)
    kinds: list[NDArray[np.int64]] = field(default_factory=list)
    alongs: list[NDArray[np.float64]] = field(default_factory=list)

    def add_chain(self, path: NDArray[np.float64], radius: float, cell: int, kind: int) -> None:
        """Add a curved organelle along ``path`` (n, 3)."""
        lengths = np.sqrt((np.diff(path, axis=0) ** 2).sum(axis=1))
        self._add(path[:-1], path[1:], np.full(len(lengths), radius), cell, kind)
        self.alongs[-1] = np.cumsum(lengths) - lengths

    def add_balls(
        self, centers: NDArray[np.float64], radii: NDArray[np.float64], cell: int, kind: int
    ) -> None:
        """Add round organelles around ``centers`` (n, 3)."""
        self._add(centers, centers + np.array([0.0, 0.0, 0.1]), radii, cell, kind)

    def _add(
        self,
        starts: NDArray[np.float64],
        stops: NDArray[np.float64],
        radii: NDArray[np.float64],
        cell: int,
        kind: int,
    ) -> None:
        count = len(radii)
        self.starts.append(starts)
        self.stops.append(stops)
        self.radii.append(radii)
        self.cells.append(np.full(count, cell, np.int64))
        self.kinds.append(np.full(count, kind, np.int64))
        self.alongs.append(np.zeros(count))


def fill_cells(rng: np.random.Generator, neuropil: Neuropil) -> Organelles:
    """Place organelles in every fibre that has room for them."""
    organelles = Organelles()
    strands = neuropil.strands
    for path, radii, cells in zip(strands.positions, strands.radii, strands.cells, strict=True):
        cell = int(cells[0])
        if len(path) < 8:
            continue
        _add_mitochondria(rng, organelles, path, radii, cell)
        if neuropil.kinds[cell] == _DENDRITE:
            _add_reticulum(rng, organelles, path, radii, cell)
        _add_microtubules(rng, organelles, path, radii, cell)
    for center, radius, cell in neuropil.boutons:
        _add_vesicles(rng, organelles, center, radius, cell)
    return organelles


def _add_mitochondria(
    rng: np.random.Generator,
    organelles: Organelles,
    path: NDArray[np.float64],
    radii: NDArray[np.float64],
    cell: int,
) -> None:
    at = int(rng.integers(0, 12))
    while at < len(path) - 3:
        length = int(rng.integers(4, 16))
        piece = slice(at, min(at + length, len(path)))
        room = float(np.quantile(radii[piece], 0.3))
        if room > 130:
            radius = float(np.clip(room * rng.uniform(0.42, 0.62), 75, 190))
            side = _sideways(rng, path[piece]) * (room - radius - 25) * rng.uniform(0.2, 1.0)
            organelles.add_chain(path[piece] + side, radius, cell, MITOCHONDRION)
            if room > 330:
                other = float(rng.uniform(80, 150))
                organelles.add_chain(path[piece] - side * 1.1, other, cell, MITOCHONDRION)
        at += length + int(rng.integers(3, 22))


def _add_reticulum(
    rng: np.random.Generator,
    organelles: Organelles,
    path: NDArray[np.float64],
    radii: NDArray[np.float64],
    cell: int,
) -> None:
    for _ in range(int(rng.integers(1, 4))):
        offset = _sideways(rng, path) * (radii[:, None] * rng.uniform(0.3, 0.8))
        wobble = rng.normal(0, 25, size=path.shape)
        organelles.add_chain(path + offset + wobble, float(rng.uniform(20, 34)), cell, RETICULUM)


def _add_microtubules(
    rng: np.random.Generator,
    organelles: Organelles,
    path: NDArray[np.float64],
    radii: NDArray[np.float64],
    cell: int,
) -> None:
    area = np.pi * float(np.median(radii)) ** 2
    for _ in range(min(16, int(area / 24_000))):
        offset = _sideways(rng, path) * (np.minimum(radii, np.median(radii))[:, None] * rng.uniform(0, 0.8))
        organelles.add_chain(path + offset, 9.0, cell, MICROTUBULE)


def _add_vesicles(
    rng: np.random.Generator, organelles: Organelles, center: NDArray[np.float64], radius: float, cell: int
) -> None:
    away = directions(rng, 1)[0] * 0.4 * radius
    reach = rng.uniform(0.45, 0.8) * radius
    steps = np.arange(-reach, reach + 1, 51.0)
    lattice = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    spots = lattice[((lattice**2).sum(axis=1) < reach**2) & (rng.random(len(lattice)) < 0.72)]
    spots = center + away + spots + rng.uniform(-11, 11, spots.shape)
    organelles.add_balls(spots, rng.uniform(16.5, 20.5, len(spots)), cell, VESICLE)
    if rng.random() < 0.25:
        body = (center - 0.6 * away)[None]
        organelles.add_balls(body, rng.uniform(45, 80, 1), cell, DENSE_BODY)


def _sideways(rng: np.random.Generator, path: NDArray[np.float64]) -> NDArray[np.float64]:
    """A unit vector at each point, (n, 3), across the path and turning little along it."""
    along = np.gradient(path, axis=0)
    side = np.cross(along, directions(rng, 1)[0])
    unit: NDArray[np.float64] = side / (np.linalg.norm(side, axis=1, keepdims=True) + 1e-9)
    return unit
