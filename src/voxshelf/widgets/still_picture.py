"""One XY slice of a dataset as a PNG: for thumbnails and previews, where nobody scrolls.

Layers need no more than ``read`` and ``mags``. The picture keeps the proportions of the specimen (voxel sizes may
differ per axis). Colour is stretched to the slice's own contrast; segmentations lie over it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PIL import Image

from voxshelf.model import Category, Mag
from voxshelf.slicing import Look, Plane, View, auto_window, fit_zoom, plan, read_plane, render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxshelf.model import BoundingBox, VoxelSize

_OVERLAY_ALPHA = 30.0
_GLANCE = 32
# Where to look for something to show, as fractions of the depth: the middle first, then ever nearer to the ends. A box
# that was taken from cube files may be many times deeper than the few slices in it.
_FRACTIONS = (0.5, 0.25, 0.75, 0.125, 0.875, 0.0625, 0.9375, 0.03125, 0.96875, 0.015, 0.985, 0.0, 0.9999)


@dataclass(frozen=True)
class PicturedLayer:
    """A layer with what it is to be shown as; only a layer shown alone is opaque."""

    layer: Any
    category: Category


def still_picture(
    layers: Sequence[PicturedLayer],
    *,
    box: BoundingBox,
    voxel_size: VoxelSize,
    side: int,
    depth: int | None = None,
) -> bytes | None:
    """Draw a slice.

    Parameters
    ----------
    layers : sequence of PicturedLayer
        Blended in this order.
    box : BoundingBox
        What to show, in Mag-1 voxels.
    voxel_size : VoxelSize
        Gives the proportions.
    side : int
        The largest width and height in pixels.
    depth : int, optional
        The z of the slice; the middle if not given.

    Returns
    -------
    bytes or None
        A PNG; None where there is nothing to draw.

    Raises
    ------
    DamagedDataError
        Where a block in the slice is damaged.
    """
    mags = _common_mags(layers)
    if box.is_empty or not mags:
        return None
    screen = (side, side)
    x, y, z = box.center
    zoom = fit_zoom(box, Plane.XY, screen, voxel_size)
    view = View(Plane.XY, (x, y, z if depth is None else depth), zoom, screen)
    wanted = plan(view, bounding_box=box, mags=mags, voxel_size=voxel_size)
    if wanted is None:
        return None
    alone = len(layers) == 1
    parts = []
    for entry in layers:
        voxels = read_plane(entry.layer, wanted)
        if entry.category is Category.COLOR:
            parts.append((voxels, Look(window=auto_window(voxels) or (0.0, 255.0))))
        else:
            alpha = 100.0 if alone else _OVERLAY_ALPHA
            parts.append((voxels, Look(category=entry.category, alpha=alpha)))
    per_u, per_v = view.voxels_per_pixel(voxel_size)
    size = (max(1, round(box.size[0] / per_u)), max(1, round(box.size[1] / per_v)))
    return _png(render(parts), size, smooth=all(entry.category is Category.COLOR for entry in layers))


def telling_depth(layers: Sequence[PicturedLayer], *, box: BoundingBox, voxel_size: VoxelSize) -> int:
    """The z of a slice with something in it, near the middle: a box may be larger than what was recorded.

    The middle itself where nothing is found in a few places.
    """
    mags = _common_mags(layers)
    x, y, _ = box.center
    zoom = fit_zoom(box, Plane.XY, (_GLANCE, _GLANCE), voxel_size)
    for fraction in _FRACTIONS:
        depth = box.topleft[2] + int(box.size[2] * fraction)
        view = View(Plane.XY, (x, y, depth), zoom, (_GLANCE, _GLANCE))
        glance = plan(view, bounding_box=box, mags=mags, voxel_size=voxel_size)
        if glance is not None and any(read_plane(entry.layer, glance).any() for entry in layers):
            return depth
    return box.center[2]


def _common_mags(layers: Sequence[PicturedLayer]) -> list[Mag]:
    sets = [{Mag(mag) for mag in entry.layer.mags} for entry in layers]
    return sorted(set.intersection(*sets)) if sets else []


def _png(pixels: Any, size: tuple[int, int], *, smooth: bool) -> bytes:
    picture = Image.fromarray(pixels)
    shrinks = size[0] < picture.width
    resampling = Image.Resampling.BOX if smooth and shrinks else Image.Resampling.NEAREST
    sink = io.BytesIO()
    picture.resize(size, resampling).save(sink, "PNG")
    return sink.getvalue()
