"""How the pieces become one scene, and what goes wrong when tissue is cut: the sections' artefacts.

Every section slides a little, has its own brightness, contrast, noise and shading; a few are out of focus. What
happens to single sections only stands in :mod:`voxshelf.intake.samples.blemishes`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voxshelf.intake.samples.neuropil import GLIA, Neuropil, grow_neuropil
from voxshelf.intake.samples.organelles import Organelles, fill_cells
from voxshelf.intake.samples.scene import BLOCK, Capsules, Scene, Sections

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voxshelf.model import Vec3Int

__all__ = ["make_scene", "make_sections"]

_TILE = 512


def make_scene(rng: np.random.Generator, shape: Vec3Int, voxel: tuple[float, float, float]) -> Scene:
    """Grow the tissue for a volume of ``shape`` voxels (x, y, z) of ``voxel`` nanometres."""
    edges = np.array(voxel)
    neuropil = grow_neuropil(rng, np.array(shape) * edges)
    organelles = fill_cells(rng, neuropil)
    cells = len(neuropil.kinds) + len(neuropil.sheaths)
    sheath = np.zeros(cells, np.int64)
    for cell, around in neuropil.sheaths.items():
        sheath[cell] = around
    tone = rng.normal(168, 7, size=cells)
    tone[GLIA] = 182.0
    return Scene(
        fibres=_fibre_capsules(neuropil),
        organelles=_organelle_capsules(organelles),
        sheath=sheath,
        tone=tone,
        synapses=_find_synapses(rng, neuropil),
        warp=_make_warp(rng, shape),
        noise=np.stack([_noise_tile(rng, width) for width in (0, 1, 12)]),
        voxel=edges,
    )


def _fibre_capsules(neuropil: Neuropil) -> Capsules:
    return Capsules(
        form=_forms(neuropil.ends[:, 0], neuropil.ends[:, 1], neuropil.radii[:, 0], neuropil.radii[:, 1]),
        cell=neuropil.cells,
        kind=neuropil.kinds[neuropil.cells],
        along=np.zeros(len(neuropil.cells)),
    )


def _organelle_capsules(organelles: Organelles) -> Capsules:
    if not organelles.kinds:
        organelles.add_balls(np.zeros((0, 3)), np.zeros(0), GLIA, 0)
    radii = np.concatenate(organelles.radii)
    return Capsules(
        form=_forms(np.concatenate(organelles.starts), np.concatenate(organelles.stops), radii, radii),
        cell=np.concatenate(organelles.cells),
        kind=np.concatenate(organelles.kinds),
        along=np.concatenate(organelles.alongs),
    )


def _forms(
    start: NDArray[np.float64],
    stop: NDArray[np.float64],
    radius: NDArray[np.float64],
    last_radius: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The rows of :attr:`Capsules.form`."""
    span = stop - start
    scale = 1.0 / ((span**2).sum(axis=1) + 1e-6)
    return np.column_stack([start, span, scale, radius, last_radius - radius])


def _find_synapses(rng: np.random.Generator, neuropil: Neuropil) -> NDArray[np.float64]:
    """For each bouton the nearest point of a dendrite or spine, if one is near: (s, 6), see Scene."""
    dendritic = np.flatnonzero(neuropil.kinds[neuropil.cells] == 1)
    if not len(dendritic):
        return np.zeros((0, 6))
    start, stop = neuropil.ends[dendritic, 0], neuropil.ends[dendritic, 1]
    span = stop - start
    sites = []
    for center, radius, cell in neuropil.boutons:
        t = ((center - start) * span).sum(axis=1) / ((span**2).sum(axis=1) + 1e-6)
        foot = start + np.clip(t, 0, 1)[:, None] * span
        thickness = neuropil.radii[dendritic, 0]
        gaps = np.linalg.norm(center - foot, axis=1) - thickness
        best = int(np.argmin(gaps))
        if gaps[best] < radius + 90:
            away = foot[best] - center
            site = center + away * (gaps[best] / (np.linalg.norm(away) + 1e-9))
            behind = float(neuropil.cells[dendritic[best]])
            sites.append([*site, rng.uniform(130, 240), float(cell), behind])
    return np.array(sites, np.float64).reshape(-1, 6)


def _make_warp(rng: np.random.Generator, shape: Vec3Int) -> NDArray[np.float64]:
    """Smooth displacements at the block corners, (nx, ny, nz, 3), in nm: what makes membranes wavy."""
    nodes = tuple(-(-length // edge) + 1 for length, edge in zip(shape, BLOCK, strict=True))
    warp = np.zeros((*nodes, 3))
    for width, strength in ((1, 16.0), (4, 45.0)):
        noise = rng.normal(size=(*(count + 4 * width for count in nodes), 3))
        for axis in range(3):
            noise = _blur(_blur(noise, width, axis), width, axis)
        noise *= strength / noise.std()
        warp += noise[: nodes[0], : nodes[1], : nodes[2]]
    return np.clip(warp, -150, 150)


def _blur(values: NDArray[np.float64], width: int, axis: int) -> NDArray[np.float64]:
    """The running mean over 2·width+1 entries, wrapped round."""
    mean: NDArray[np.float64] = np.mean(
        [np.roll(values, shift, axis) for shift in range(-width, width + 1)], axis=0
    )
    return mean


def _noise_tile(rng: np.random.Generator, width: int) -> NDArray[np.float64]:
    """A square of noise of mean 0 and variance 1 that tiles; ``width`` sets its grain."""
    noise = rng.normal(size=(_TILE, _TILE))
    for axis in range(2):
        for _ in range(2):
            noise = _blur(noise, width, axis) if width else noise
    if not width:
        noise = noise + 0.35 * np.roll(noise, 1, 0) + 0.35 * np.roll(noise, 1, 1)
    normal: NDArray[np.float64] = (noise - noise.mean()) / noise.std()
    return normal


def make_sections(rng: np.random.Generator, count: int) -> Sections:
    """Draw what differs from section to section."""
    drift = np.cumsum(rng.normal(0, 0.25, size=(count, 2)), axis=0)
    settled = drift - np.array([np.convolve(drift[:, axis], np.ones(31) / 31, "same") for axis in (0, 1)]).T
    jump = np.zeros((count, 2))
    jump[count * 5 // 8 :] = (1.7, -1.2)
    blur = np.ones(count)
    blur[rng.random(count) < 0.03] = 1.6
    offset = rng.normal(0, 2.2, count)
    offset[rng.random(count) < 0.06] += rng.choice([-13.0, 12.0])
    return Sections(
        shift=np.clip(settled, -1.2, 1.2) + rng.normal(0, 0.15, (count, 2)) + jump,
        gain=1 + rng.normal(0, 0.02, count) - 0.12 * (blur > 1),
        offset=offset,
        blur=blur,
        noise=8.5 * (1 + rng.normal(0, 0.05, count)) * np.where(blur > 1, 0.7, 1.0),
        tile=rng.integers(0, _TILE, (count, 2)),
        shade=rng.normal(0, 0.008, (count, 2)),
    )
