"""From voxels to a picture: ``render`` blends layers as the viewer's browser side does.

Colour layers are added up (*additive*, clipped at 255), or each covers those before it with its opacity (*cover*);
then segmentations are laid over in their order with their opacity. Laying over is
``(below · (255 - a) + colour · a + 127) // 255`` with ``a = floor(alpha / 100 · 255 + 0.5)``; id 0, and what is not
shown, leaves what is below. Layers with three channels of uint8 are red, green and blue; of other layers with several channels the first
is shown.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from voxshelf.errors import OutOfRangeError
from voxshelf.model import BlendMode, Category
from voxshelf.slicing.looks import Look, levels, ramp
from voxshelf.slicing.segments import segment_colors, striped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def render(
    pictures: Sequence[tuple[NDArray[Any], Look]],
    *,
    blend: BlendMode = BlendMode.ADDITIVE,
    origin: tuple[int, int] = (0, 0),
) -> NDArray[np.uint8]:
    """Blend layers into one picture.

    Parameters
    ----------
    pictures : sequence of (ndarray, Look)
        Voxels ``(rows, columns)`` or ``(channels, rows, columns)``, all of the same rows and columns, and how each
        appears; from the back to the front.
    blend : BlendMode
        How several colour layers make one picture.
    origin : tuple of 2 ints
        Row and column of the first pixel, counted from voxel 0: where the stripes of segments begin.

    Returns
    -------
    ndarray of uint8
        ``(rows, columns, 3)``, red, green, blue.

    Raises
    ------
    OutOfRangeError
        If there is no picture, or their sizes differ.
    """
    shapes = {voxels.shape[-2:] for voxels, _ in pictures}
    if len(shapes) != 1:
        found = ", ".join(f"{rows}×{columns}" for rows, columns in sorted(shapes)) or "none"
        raise OutOfRangeError(
            f"Pictures to blend must have one size; these have: {found}.",
            hint="Read all layers with the same mag and box.",
        )
    total = np.zeros((*shapes.pop(), 3), np.uint32)
    for voxels, look in pictures:
        if look.category is Category.COLOR and blend is BlendMode.COVER:
            _lay_over(total, color_picture(voxels, replace(look, alpha=100.0)), look.alpha)
        elif look.category is Category.COLOR:
            total += color_picture(voxels, look)
            np.minimum(total, 255, out=total)
    for voxels, look in pictures:
        if look.category is Category.SEGMENTATION:
            colors = segment_colors(voxels, look.segments)
            if look.pattern > 0:
                colors = striped(colors, voxels, look.pattern, origin)
            _lay_over(total, colors, look.alpha, look.segments.shown(voxels)[..., None])
    return total.astype(np.uint8)


def color_picture(voxels: NDArray[Any], look: Look) -> NDArray[np.uint8]:
    """One colour layer alone: ``(rows, columns, 3)``."""
    table = ramp(look)
    if voxels.ndim == 3 and voxels.shape[0] == 3 and voxels.dtype == np.uint8:
        channels = [table[levels(channel, look.window), index] for index, channel in enumerate(voxels)]
        return np.stack(channels, axis=-1)
    return table[levels(voxels[0] if voxels.ndim == 3 else voxels, look.window)]


def _lay_over(
    total: NDArray[np.uint32],
    colors: NDArray[np.uint8],
    alpha: float,
    where: Any = True,  # noqa: FBT002 - numpy's own name and default
) -> None:
    weight = int(alpha / 100 * 255 + 0.5)
    below = total * np.uint32(255 - weight)
    painted = (below + colors.astype(np.uint32) * np.uint32(weight) + np.uint32(127)) // np.uint32(255)
    np.copyto(total, painted, where=where)
