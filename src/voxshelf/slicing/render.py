"""From voxels to a picture: ``render`` blends layers as the viewer's browser side does.

Colour layers are added up (clipped at 255), then segmentations are laid over in their order with their opacity:
``(below · (255 - a) + colour · a + 127) // 255`` with ``a = floor(alpha / 100 · 255 + 0.5)``; id 0 leaves what is
below. Layers with three channels of uint8 are red, green and blue; of other layers with several channels the first
is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from voxshelf.errors import OutOfRangeError
from voxshelf.model import Category
from voxshelf.slicing.looks import Look, levels, ramp
from voxshelf.slicing.segments import segment_colors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def render(pictures: Sequence[tuple[NDArray[Any], Look]]) -> NDArray[np.uint8]:
    """Blend layers into one picture.

    Parameters
    ----------
    pictures : sequence of (ndarray, Look)
        Voxels ``(rows, columns)`` or ``(channels, rows, columns)``, all of the same rows and columns, and how each
        appears.

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
        if look.category is Category.COLOR:
            total += color_picture(voxels, look)
    np.minimum(total, 255, out=total)
    for voxels, look in pictures:
        if look.category is Category.SEGMENTATION:
            _lay_over(total, voxels, look.alpha)
    return total.astype(np.uint8)


def color_picture(voxels: NDArray[Any], look: Look) -> NDArray[np.uint8]:
    """One colour layer alone: ``(rows, columns, 3)``."""
    table = ramp(look)
    if voxels.ndim == 3 and voxels.shape[0] == 3 and voxels.dtype == np.uint8:
        channels = [table[levels(channel, look.window), index] for index, channel in enumerate(voxels)]
        return np.stack(channels, axis=-1)
    return table[levels(voxels[0] if voxels.ndim == 3 else voxels, look.window)]


def _lay_over(total: NDArray[np.uint32], ids: NDArray[Any], alpha: float) -> None:
    weight = int(alpha / 100 * 255 + 0.5)
    colors = segment_colors(ids).astype(np.uint32)
    painted = (total * np.uint32(255 - weight) + colors * np.uint32(weight) + np.uint32(127)) // np.uint32(
        255
    )
    np.copyto(total, painted, where=(ids != 0)[..., None])
