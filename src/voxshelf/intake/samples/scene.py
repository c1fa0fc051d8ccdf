"""What the kernels of the tissue sample read: ``Scene`` (the tissue) and ``Sections`` (how it was cut).

Both are tuples of arrays, because compiled code takes nothing else. Lengths are nanometres unless said otherwise.
"""

from __future__ import annotations

from typing import Any, NamedTuple

__all__ = ["BLOCK", "Capsules", "Scene", "Sections"]

BLOCK = (8, 8, 4)
"""Voxels per block of the renderer; the lattice of the warp has one node per block corner."""


class Capsules(NamedTuple):
    """Capsules, n rows each.

    Attributes
    ----------
    form : (n, 9) float64
        First end x, y, z; vector to the second end; 1 / its squared length; radius at the first end and how much it
        changes towards the second.
    cell, kind : (n,) int64
    along : (n,) float64
    """

    form: Any
    cell: Any
    kind: Any
    along: Any


class Scene(NamedTuple):
    """All that a picture is made of.

    Attributes
    ----------
    fibres, organelles : Capsules
    sheath : (cells,) int64
        Id of a cell's myelin, 0 for none.
    tone : (cells,) float64
        Brightness of each cell's cytoplasm.
    synapses : (s, 6) float64
        Site x, y, z, radius, the cell before and the cell behind.
    warp : (nx, ny, nz, 3) float64
        Displacement at block corners.
    noise : (3, t, t) float64
        Noise that tiles, of mean 0 and variance 1: single voxels, a few voxels, many voxels.
    voxel : (3,) float64
        Edge lengths of one voxel.
    """

    fibres: Capsules
    organelles: Capsules
    sheath: Any
    tone: Any
    synapses: Any
    warp: Any
    noise: Any
    voxel: Any


class Sections(NamedTuple):
    """What differs from section to section, one entry per z.

    Attributes
    ----------
    shift : (z, 2) float64
        How far the section slid, in voxels.
    gain, offset, blur, noise : (z,) float64
        Contrast, brightness, how much wider membranes look, strength of the noise.
    tile : (z, 2) int64
        Where in the noise tiles the section starts.
    shade : (z, 2) float64
        Brightness gradient per voxel.
    """

    shift: Any
    gain: Any
    offset: Any
    blur: Any
    noise: Any
    tile: Any
    shade: Any
