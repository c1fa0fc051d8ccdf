"""Curves that stand for nerve fibres: random walks, and pushing them apart until they are packed like tissue.

Words used here: a *cell* is a set of *points*; points are joined to *strands* by ``link``, the index of the point
they follow (-1 begins a strand, a side branch links to its parent). Every point has a radius. All lengths are
nanometres, axes are x, y, z.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from voxshelf.formats.compiled import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Strands", "directions", "pack", "wander"]

_PITCH = 200.0
"""Edge of the buckets in which neighbours are searched."""


@dataclass
class Strands:
    """Points of all cells, grown strand by strand.

    Attributes
    ----------
    positions : list of (n, 3) arrays
        One per strand.
    radii : list of (n,) arrays
        Of the fibre at each point.
    cells : list of (n,) arrays
        The cell that each point belongs to.
    links : list of (n,) arrays
        The index (over all strands) of the point that each point follows; -1 where it follows none.
    """

    positions: list[NDArray[np.float64]] = field(default_factory=list)
    radii: list[NDArray[np.float64]] = field(default_factory=list)
    cells: list[NDArray[np.int64]] = field(default_factory=list)
    links: list[NDArray[np.int64]] = field(default_factory=list)
    count: int = 0

    def add(
        self, positions: NDArray[np.float64], radii: NDArray[np.float64], cell: int, parent: int = -1
    ) -> int:
        """Add a strand, joined to point ``parent`` if that is not -1; returns its first point's index."""
        first = self.count
        size = len(positions)
        self.positions.append(positions)
        self.radii.append(radii)
        self.cells.append(np.full(size, cell, np.int64))
        self.links.append(np.r_[parent, np.arange(first, first + size - 1)].astype(np.int64))
        self.count += size
        return first


def directions(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    """Unit vectors, (count, 3), uniform on the sphere."""
    vectors = rng.normal(size=(count, 3))
    unit: NDArray[np.float64] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def wander(
    rng: np.random.Generator,
    start: NDArray[np.float64],
    heading: NDArray[np.float64],
    extent: tuple[NDArray[np.float64], NDArray[np.float64]],
    *,
    step: float,
    persistence: float,
) -> NDArray[np.float64]:
    """A smooth random walk from ``start`` both ways until it leaves ``extent`` (lower, upper corner).

    Parameters
    ----------
    step : float
        Distance between points in nm.
    persistence : float
        Length in nm over which the direction is kept.

    Returns
    -------
    ndarray
        (n, 3) positions in order along the walk, at least two.
    """
    lower, upper = extent
    turn = np.sqrt(2 * step / persistence)
    halves = []
    for sign in (1.0, -1.0):
        point, ahead, bend = start.copy(), heading * sign, np.zeros(3)
        half: list[NDArray[np.float64]] = []
        while len(half) < 4 or bool(np.all(point >= lower) and np.all(point <= upper)):
            half.append(point)
            bend = 0.7 * bend + 0.3 * turn * rng.normal(size=3)
            ahead = ahead + bend
            ahead = ahead / np.linalg.norm(ahead)
            point = point + step * ahead
        halves.append(half)
    return np.array(halves[1][:0:-1] + halves[0])


def pack(strands: Strands, *, rounds: int) -> None:
    """Push the points of different cells apart until few fibres overlap; strands stay smooth and joined."""
    positions = np.concatenate(strands.positions)
    radii = np.concatenate(strands.radii)
    cells = np.concatenate(strands.cells)
    links = np.concatenate(strands.links)
    rest = np.zeros(len(links))
    joined = links >= 0
    rest[joined] = np.linalg.norm(positions[joined] - positions[links[joined]], axis=1)
    for _ in range(rounds):
        origin = positions.min(axis=0)
        buckets = ((positions - origin) // _PITCH).astype(np.int64)
        shape = buckets.max(axis=0) + 1
        keys = (buckets[:, 0] * shape[1] + buckets[:, 1]) * shape[2] + buckets[:, 2]
        order = np.argsort(keys, kind="stable")
        starts = np.searchsorted(keys[order], np.arange(int(shape.prod()) + 1))
        push = _pushes(positions, radii, cells, buckets, shape, order, starts)
        pull = _pulls(positions, links, rest)
        positions = positions + 0.5 * push + 0.35 * pull
    ends = np.cumsum([len(part) for part in strands.positions])[:-1]
    strands.positions = np.split(positions, ends)


@kernel()
def _pushes(
    positions: Any, radii: Any, cells: Any, buckets: Any, shape: Any, order: Any, starts: Any
) -> Any:  # pragma: no cover - compiled
    """Where each point wants to go to be clear of other cells, (n, 3)."""
    moves = np.zeros_like(positions)
    hits = np.zeros(positions.shape[0], np.int64)
    for i in range(positions.shape[0]):
        # Each pair is met once, from its thicker point, so that thin fibres search only close by.
        span = int(2.0 * radii[i] / _PITCH) + 1
        for bx in range(max(0, buckets[i, 0] - span), min(shape[0], buckets[i, 0] + span + 1)):
            for by in range(max(0, buckets[i, 1] - span), min(shape[1], buckets[i, 1] + span + 1)):
                row = (bx * shape[1] + by) * shape[2]
                low = row + max(0, buckets[i, 2] - span)
                high = row + min(shape[2], buckets[i, 2] + span + 1)
                for at in range(starts[low], starts[high]):
                    j = order[at]
                    if cells[j] == cells[i] or radii[j] > radii[i] or (radii[j] == radii[i] and j > i):
                        continue
                    dx = positions[i, 0] - positions[j, 0]
                    dy = positions[i, 1] - positions[j, 1]
                    dz = positions[i, 2] - positions[j, 2]
                    squared = dx * dx + dy * dy + dz * dz
                    wanted = radii[i] + radii[j]
                    if squared >= wanted * wanted or squared < 1e-9:
                        continue
                    overlap = wanted / np.sqrt(squared) - 1.0
                    # The thinner one gives way.
                    give, take = overlap * radii[j] / wanted, overlap * radii[i] / wanted
                    moves[i, 0] += dx * give
                    moves[i, 1] += dy * give
                    moves[i, 2] += dz * give
                    moves[j, 0] -= dx * take
                    moves[j, 1] -= dy * take
                    moves[j, 2] -= dz * take
                    hits[i] += 1
                    hits[j] += 1
    for i in range(positions.shape[0]):
        if hits[i] > 2:
            for axis in range(3):
                moves[i, axis] *= 2.0 / hits[i]
    return moves


@kernel()
def _pulls(positions: Any, links: Any, rest: Any) -> Any:  # pragma: no cover - compiled
    """Where each point wants to go to keep its strand whole and smooth, (n, 3)."""
    moves = np.zeros_like(positions)
    for i in range(positions.shape[0]):
        j = links[i]
        if j < 0:
            continue
        squared = 0.0
        for axis in range(3):
            squared += (positions[i, axis] - positions[j, axis]) ** 2
        length = np.sqrt(squared) + 1e-9
        k = links[j] if j == i - 1 else -1
        for axis in range(3):
            ahead = positions[i, axis] - positions[j, axis]
            stretch = ahead * (0.5 * (length - rest[i]) / length)
            moves[i, axis] -= stretch
            if j == i - 1:
                moves[j, axis] += stretch
            if k >= 0 and k == j - 1:
                bend = 0.25 * (positions[i, axis] + positions[k, axis] - 2.0 * positions[j, axis])
                moves[j, axis] += bend
                moves[i, axis] -= 0.5 * bend
                moves[k, axis] -= 0.5 * bend
    return moves
