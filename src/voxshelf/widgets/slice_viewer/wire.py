"""From pictures to messages: what travels to the browser, and how small.

A layer picture becomes a head (``name, dtype, shape, rect, mag, coding, size, missing``) and one buffer of the layer's own
values, little-endian, row by row. Values are never changed: the browser shows exact values under the pointer.
Segmentations, and whatever else shrinks to two thirds, travel as one LZ4 block (``coding: "lz4"``); noisy images do not
shrink, and are sent as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import lz4.block
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from voxshelf.slicing import Region
    from voxshelf.widgets.slice_viewer.layer_picture import LayerPicture

_SAMPLE = 1 << 16
_WORTH_IT = 0.66


def picture_message(
    pictures: Iterable[LayerPicture], region: Region
) -> tuple[dict[str, Any], list[bytes | memoryview]]:
    """Make the reply to a request.

    Parameters
    ----------
    pictures : iterable of LayerPicture
        What was read.
    region : Region
        For which part of a plane.

    Returns
    -------
    tuple of (dict, list of buffers)
        ``{"plane", "depths", "layers", "notice"}``: ``depths`` is the half-open range of depths for which all these
        pictures are right; and one buffer for each layer that has voxels.
    """
    heads: list[dict[str, Any]] = []
    buffers: list[bytes | memoryview] = []
    first, after = None, None
    notice = ""
    for picture in pictures:
        head, buffer = _encode(picture)
        heads.append(head)
        if buffer is not None:
            buffers.append(buffer)
        if picture.plan is not None:
            low, high = picture.plan.depths
            first = low if first is None else max(first, low)
            after = high if after is None else min(after, high)
            notice = notice or _notice(picture)
    if first is None or after is None or not first <= region.depth < after:
        first, after = region.depth, region.depth + 1
    if any(picture.plan is None for picture in pictures):
        # Where a layer ends is not on the others' grid: its edge must not be carried along.
        first, after = region.depth, region.depth + 1
    return {"plane": str(region.plane), "depths": [first, after], "layers": heads, "notice": notice}, buffers


def _encode(picture: LayerPicture) -> tuple[dict[str, Any], bytes | memoryview | None]:
    if picture.error:
        return {"name": picture.name, "error": picture.error}, None
    if picture.plan is None or picture.voxels is None:
        return {"name": picture.name}, None
    voxels = np.ascontiguousarray(picture.voxels)
    if voxels.dtype.byteorder == ">":
        voxels = voxels.astype(voxels.dtype.newbyteorder("<"))
    coding, buffer = _pack(voxels)
    shape = voxels.shape if voxels.ndim == 3 else (1, *voxels.shape)
    head = {
        "name": picture.name,
        "dtype": voxels.dtype.name,
        "shape": list(shape),
        "rect": list(picture.plan.rect),
        "mag": str(picture.plan.mag),
        "coding": coding,
        "size": voxels.nbytes,
        "missing": [list(part) for part in picture.missing],
    }
    return head, buffer


def _pack(voxels: NDArray[Any]) -> tuple[str, bytes | memoryview]:
    raw = voxels.reshape(-1).view(np.uint8).data
    middle = max(0, len(raw) // 2 - _SAMPLE // 2)
    sample = raw[middle : middle + _SAMPLE]
    if len(lz4.block.compress(sample, store_size=False)) > _WORTH_IT * len(sample):
        return "raw", raw
    packed: bytes = lz4.block.compress(raw, store_size=False)
    return "lz4", packed


def _notice(picture: LayerPicture) -> str:
    """What a person should know about a picture that is less than she might think."""
    planned = picture.plan
    if planned is None or (planned.is_whole and planned.stride == 1):
        return ""
    if not planned.is_whole:
        return (
            f"{picture.name}: only the middle is shown, the view is too wide for mag {planned.mag}, "
            "the coarsest there is. Zoom in, or downsample the layer."
        )
    ordinal = {2: "2nd", 3: "3rd"}.get(planned.stride, f"{planned.stride}th")
    return (
        f"{picture.name}: every {ordinal} voxel of mag {planned.mag} is shown, the coarsest there is. "
        "Zoom in, or downsample the layer."
    )
