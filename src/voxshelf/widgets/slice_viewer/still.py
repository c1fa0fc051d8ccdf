"""What is on screen as a picture made in Python: no browser is needed, and a script can save it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxshelf.errors import OutOfRangeError
from voxshelf.model import BlendMode, Mag
from voxshelf.slicing import Plan, plan_region, read_plane, render, voxels_per_pixel
from voxshelf.widgets.slice_viewer.axes import layer_at

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from voxshelf.widgets.slice_viewer.layer_state import LayerState
    from voxshelf.widgets.slice_viewer.state import ViewerState


def picture_of(state: ViewerState) -> NDArray[np.uint8]:
    """All visible layers blended, ``(rows, columns, 3)``, one pixel per voxel of the mag on screen.

    Raises
    ------
    OutOfRangeError
        If nothing is visible.
    DamagedDataError
        If a block in view is damaged.
    """
    pixels, _ = _rendered(state)
    return pixels


def save_picture(state: ViewerState, path: Path) -> None:
    """Save it as an image of the kind that the file's name says, in the proportions of the specimen."""
    from PIL import Image  # noqa: PLC0415 - only where pictures are made

    pixels, made = _rendered(state)
    left, top, right, bottom = made.rect
    per_u, per_v = voxels_per_pixel(made.plane, state.view.zoom, state.voxel_size)
    size = (max(1, round((right - left) / per_u)), max(1, round((bottom - top) / per_v)))
    resampling = Image.Resampling.BILINEAR if state.interpolation else Image.Resampling.NEAREST
    Image.fromarray(pixels).resize(size, resampling).save(path)


def _rendered(state: ViewerState) -> tuple[NDArray[np.uint8], Plan]:
    handles = {layer.name: layer_at(layer.layer, state.axes) for layer in state.layers.values()}
    shown = [layer for layer in state.painting_order() if layer.visible and handles[layer.name] is not None]
    made = plan_region(
        state.region,
        bounding_box=state.bounding_box,
        mags=_common_mags(shown),
        voxel_size=state.voxel_size,
    )
    if made is None:
        raise OutOfRangeError(
            "There is nothing to draw.",
            hint="Show layers that have a mag in common, and move to where they are.",
        )
    settings: dict[str, Any] = {
        "pattern": state.segmentation_pattern_opacity,
        "selective": state.selective_segment_visibility,
    }
    parts = []
    for layer in shown:
        voxels = layer.shown_channels(read_plane(handles[layer.name], made))
        layer.learn(voxels)
        parts.append((voxels, layer.look(**settings)))
    left, top, _, _ = made.rect
    u, v, _ = made.plane.axes
    origin = (top // (made.mag[v] * made.stride), left // (made.mag[u] * made.stride))
    return render(parts, blend=BlendMode(state.blend_mode), origin=origin), made


def _common_mags(layers: list[LayerState]) -> list[Mag]:
    mags = [{Mag(mag) for mag in layer.layer.mags} for layer in layers]
    return sorted(set.intersection(*mags)) if mags else []
