"""Turning a scene into voxels: walking through a volume, block by block, with short lists of what matters there.

A volume is cut into regions of 16³ blocks, groups of 4³ blocks, and blocks of 8×8×4 voxels. Each level passes on to
the next only those capsules that come near it. The blur of membranes that lie flat in a section, brightness jumps
and noise are part of rendering; see :mod:`voxshelf.intake.samples.painting` for what things look like.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from voxshelf.formats.compiled import kernel
from voxshelf.intake.samples.nearest import CLEAR, GAP, gather, locate, prune
from voxshelf.intake.samples.painting import INNER_REACH, paint
from voxshelf.intake.samples.scene import BLOCK

__all__ = ["render"]

_VOXELS = 256  # in a block
# An array, because numba would compile a function anew for every constant that it is called with.
_LEVELS = np.array([16, 4, 2, 1])


@kernel()
def render(
    scene: Any, sections: Any, origin: Any, color: Any, labels: Any
) -> None:  # pragma: no cover - compiled
    """Fill ``color`` (uint8) and ``labels`` (uint32), both (x, y, z), with the tissue from voxel ``origin`` on.

    ``origin`` and the arrays' shape must be multiples of ``BLOCK``.
    """
    everything = _blank(scene)
    for source in everything:
        for at in range(source.shape[0]):
            source[at] = at
    sizes = (scene.fibres.cell.shape[0], scene.organelles.cell.shape[0], scene.synapses.shape[0])
    region, group = _blank(scene), _blank(scene)
    first = (origin[0] // BLOCK[0], origin[1] // BLOCK[1], origin[2] // BLOCK[2])
    last = (
        first[0] + color.shape[0] // BLOCK[0],
        first[1] + color.shape[1] // BLOCK[1],
        first[2] + color.shape[2] // BLOCK[2],
    )
    for rz in range(first[2], last[2], 16):
        for ry in range(first[1], last[1], 16):
            for rx in range(first[0], last[0], 16):
                corner = (rx, ry, rz)
                counts = _near(scene, sections.shift, everything, sizes, corner, _LEVELS[0], region)
                for step in range(64):
                    cube = (rx + step % 4 * 4, ry + step // 4 % 4 * 4, rz + step // 16 * 4)
                    if cube[0] < last[0] and cube[1] < last[1] and cube[2] < last[2]:
                        inside = _near(scene, sections.shift, region, counts, cube, _LEVELS[1], group)
                        _group(scene, sections, group, inside, (cube, first, last), color, labels)


@kernel()
def _blank(scene: Any) -> Any:  # pragma: no cover - compiled
    """Room for three lists: fibres, organelles, synapses."""
    return (
        np.empty(scene.fibres.cell.shape[0], np.int64),
        np.empty(scene.organelles.cell.shape[0], np.int64),
        np.empty(scene.synapses.shape[0], np.int64),
    )


@kernel()
def _near(
    scene: Any, shift: Any, source: Any, sizes: Any, block: Any, blocks: int, found: Any
) -> tuple[int, int, int]:  # pragma: no cover - compiled
    """List what matters in a cube of ``blocks``³ blocks from ``block`` on; returns how many of each."""
    center, half = np.zeros(3), np.empty(3)
    warp, voxel = scene.warp, scene.voxel
    for corner in range(8):
        nx = min(block[0] + blocks * (corner & 1), warp.shape[0] - 1)
        ny = min(block[1] + blocks * (corner >> 1 & 1), warp.shape[1] - 1)
        nz = min(block[2] + blocks * (corner >> 2), warp.shape[2] - 1)
        for axis in range(3):
            center[axis] += 0.125 * warp[nx, ny, nz, axis]
    for axis in range(3):
        half[axis] = 0.5 * blocks * BLOCK[axis] * voxel[axis]
        center[axis] += (block[axis] + 0.5 * blocks) * BLOCK[axis] * voxel[axis]
    middle = min(block[2] * BLOCK[2] + blocks * BLOCK[2] // 2, shift.shape[0] - 1)
    center[0] += shift[middle, 0] * voxel[0]
    center[1] += shift[middle, 1] * voxel[1]
    # The warp differs within the cube, and sections slide.
    slack = np.sqrt((half * half).sum()) + (12.0 if blocks == 1 else 30.0 if blocks == 2 else 90.0)
    form = scene.fibres.form
    fibres = gather(form, source[0], sizes[0], center, slack + GAP + CLEAR, found[0])
    if blocks == 1:
        fibres = prune(form, scene.fibres.cell, found[0], fibres, center, half)
    inner = gather(scene.organelles.form, source[1], sizes[1], center, slack + INNER_REACH, found[1])
    contacts = 0
    for at in range(sizes[2]):
        site = scene.synapses[source[2][at]]
        dx, dy, dz = site[0] - center[0], site[1] - center[1], site[2] - center[2]
        if np.sqrt(dx * dx + dy * dy + dz * dz) < slack + site[3]:
            found[2][contacts] = source[2][at]
            contacts += 1
    return fibres, inner, contacts


@kernel()
def _group(
    scene: Any, sections: Any, source: Any, sizes: Any, place: Any, color: Any, labels: Any
) -> None:  # pragma: no cover - compiled
    """Fill the 4³ blocks from ``place[0]`` on; ``place[1:]`` are the first block of the arrays and the one after the last."""
    at, first, last = place
    lists = (np.empty(sizes[0], np.int64), np.empty(sizes[1], np.int64), np.empty(sizes[2], np.int64))
    wide = (np.empty(sizes[0], np.int64), np.empty(sizes[1], np.int64), np.empty(sizes[2], np.int64))
    pair, sizes_of_pair = at, sizes
    points, fields, noise = (
        np.empty((3, _VOXELS), np.float32),
        np.empty((3, _VOXELS), np.float32),
        np.empty((4, _VOXELS), np.float32),
    )
    value, owner = np.empty(_VOXELS), np.empty(_VOXELS, np.int32)
    for step in range(64):
        if step % 8 == 0:  # each 2³ blocks share a list
            pair = (at[0] + step // 8 % 2 * 2, at[1] + step // 16 % 2 * 2, at[2] + step // 32 * 2)
            sizes_of_pair = _near(scene, sections.shift, source, sizes, pair, _LEVELS[2], wide)
        block = (pair[0] + step % 2, pair[1] + step // 2 % 2, pair[2] + step // 4 % 2)
        if block[0] >= last[0] or block[1] >= last[1] or block[2] >= last[2]:
            continue
        counts = _near(scene, sections.shift, wide, sizes_of_pair, block, _LEVELS[3], lists)
        _set_points(scene, sections, block, points, noise)
        locate(scene.fibres.form, scene.fibres.cell, lists[0], counts[0], points, fields, owner)
        paint(scene, lists, counts, points, fields, owner, noise, value)
        target = (block[0] - first[0], block[1] - first[1], block[2] - first[2])
        _store(sections, block, target, noise, value, owner, color, labels)


@kernel()
def _set_points(
    scene: Any, sections: Any, block: Any, points: Any, noise: Any
) -> None:  # pragma: no cover - compiled
    """Where in the tissue the block's voxels lie, the noise and the blur there; x runs fastest."""
    warp, tiles, voxel = scene.warp, scene.noise, scene.voxel
    shift, tile, blurs = sections.shift, sections.tile, sections.blur
    bx, by, bz = block
    mask = tiles.shape[1] - 1  # the tiles' side is a power of two
    at = 0
    for k in range(4):
        z, rz = bz * 4 + k, k / 4.0
        for j in range(8):
            y, ry = by * 8 + j, j / 8.0
            a, b, c, d = (1.0 - ry) * (1.0 - rz), ry * (1.0 - rz), (1.0 - ry) * rz, ry * rz
            for axis in range(3):
                left = a * warp[bx, by, bz, axis] + b * warp[bx, by + 1, bz, axis]
                left += c * warp[bx, by, bz + 1, axis] + d * warp[bx, by + 1, bz + 1, axis]
                right = a * warp[bx + 1, by, bz, axis] + b * warp[bx + 1, by + 1, bz, axis]
                right += c * warp[bx + 1, by, bz + 1, axis] + d * warp[bx + 1, by + 1, bz + 1, axis]
                base = (y + shift[z, 1]) if axis == 1 else z
                for i in range(8):
                    steady = (bx * 8 + i + shift[z, 0]) if axis == 0 else base
                    points[axis, at + i] = steady * voxel[axis] + left + (right - left) * (i / 8.0)
            for i in range(8):
                x = bx * 8 + i
                tx, ty = (x + tile[z, 0]) & mask, (y + tile[z, 1]) & mask
                noise[0, at], noise[1, at] = tiles[0, tx, ty], tiles[1, tx, ty]
                noise[2, at] = tiles[2, (x + 3 * z) & mask, (y + 2 * z) & mask]
                noise[3, at] = blurs[z]
                at += 1


@kernel()
def _store(
    sections: Any, block: Any, target: Any, noise: Any, value: Any, owner: Any, color: Any, labels: Any
) -> None:  # pragma: no cover - compiled
    """Write a block's voxels, seen through its sections' brightness and noise."""
    gain, offset, shade, strength = sections.gain, sections.offset, sections.shade, sections.noise
    at = 0
    for k in range(4):
        z = block[2] * 4 + k
        for j in range(8):
            dy = block[1] * 8 + j - 256.0
            for i in range(8):
                dx = block[0] * 8 + i - 256.0
                seen = 128.5 + (value[at] - 128.0) * gain[z] + offset[z] + strength[z] * noise[0, at]
                seen += shade[z, 0] * dx + shade[z, 1] * dy
                color[target[0] * 8 + i, target[1] * 8 + j, target[2] * 4 + k] = np.uint8(
                    min(255.0, max(0.0, seen))
                )
                labels[target[0] * 8 + i, target[1] * 8 + j, target[2] * 4 + k] = owner[at]
                at += 1
