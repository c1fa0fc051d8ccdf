"""A small picture of a dataset: one XY slice, colour layers with the segmentation on top.

Words used here: the *window* is the range of values shown from black to white. The picture is made in bounded
time: from the coarsest mag that still has a voxel per pixel, from a part of the plane where even that is too
large, and from a handful of slices where the first ones are empty.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from voxshelf.dataset.slice_colors import color_of_ids, gray_to_rgb, shown_window
from voxshelf.errors import LayerNotFoundError, VoxshelfError
from voxshelf.model import BoundingBox, Category

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from voxshelf.dataset.dataset import Dataset
    from voxshelf.dataset.layer import Layer
    from voxshelf.model import Mag

__all__ = ["thumbnail"]

_MOST_VOXELS_PER_SIDE = 1024
_MOST_LAYERS = 4
_ALPHA_OF_SEGMENTS = 0.35
_FRACTIONS = (0.5, 0.25, 0.75, 0.125, 0.875, 0.375, 0.625)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is shown: a part of the XY plane in Mag-1 voxels, and the picture's size in pixels."""

    region: BoundingBox
    width: int
    height: int

    def mag_of(self, layer: Layer) -> Mag:
        """The coarsest mag of a layer with at least a voxel per pixel, unless that has far too many."""
        width, height, _ = self.region.size
        most = _MOST_VOXELS_PER_SIDE
        bounded = [mag for mag in layer.mags if width <= most * mag.x and height <= most * mag.y]
        sharp = [mag for mag in bounded if mag.x <= width / self.width and mag.y <= height / self.height]
        return max(sharp, default=min(bounded, default=max(layer.mags)))

    def at(self, z: int) -> BoundingBox:
        """The region's plane at a Mag-1 position."""
        (x, y, _), (width, height, _) = self.region.topleft, self.region.size
        return BoundingBox((x, y, z), (width, height, 1))


def thumbnail(
    dataset: Dataset, size: tuple[int, int] = (240, 240), layers: Sequence[str] | None = None
) -> bytes:
    """A PNG of one slice.

    Parameters
    ----------
    dataset : Dataset
        The dataset.
    size : tuple of 2 ints
        The largest width and height in pixels; the picture keeps the slice's physical proportions.
    layers : sequence of str, optional
        Which layers to show; by default the colour layers that the view configuration does not hide, and
        the first segmentation. A layer that cannot be read is left out if another one can.

    Returns
    -------
    bytes
        The PNG. Slices where nothing is stored are black.

    Raises
    ------
    LayerNotFoundError
        If there is no layer with voxels.
    VoxshelfError
        If no layer can be read.
    """
    shown = _chosen(dataset, layers)
    if not shown:
        raise LayerNotFoundError(
            f"{dataset.name!r} has no layer with voxels to draw.", hint="Write or import voxels first."
        )
    frame = _frame(dataset, shown, size)
    failures: list[VoxshelfError] = []
    planes: list[tuple[Layer, NDArray[Any]]] = []
    for z in _positions(dataset, shown):
        planes, failures = _read_planes(shown, frame, z)
        if any(plane.any() for _, plane in planes) or (failures and not planes):
            break
    if not planes:
        raise failures[0]
    return _png(_blend(planes, frame))


def _chosen(dataset: Dataset, names: Sequence[str] | None) -> list[Layer]:
    """The layers to draw: colours first, then at most one segmentation."""
    wanted = list(dataset.layers.values()) if names is None else [dataset[name] for name in names]
    there = [layer for layer in wanted if layer.mags and not layer.bounding_box.is_empty]
    if names is None:
        visible = [layer for layer in there if not _setting(layer, "isDisabled")]
        there = visible or there
    colors = [layer for layer in there if layer.category is Category.COLOR][:_MOST_LAYERS]
    segmentations = [layer for layer in there if layer.category is Category.SEGMENTATION][:1]
    return colors + segmentations


def _setting(layer: Layer, key: str) -> Any:
    configuration = layer.default_view_configuration
    return configuration.get(key) if isinstance(configuration, dict) else None


def _frame(dataset: Dataset, layers: Sequence[Layer], size: tuple[int, int]) -> _Frame:
    box = layers[0].bounding_box
    for layer in layers[1:]:
        box = box.union(layer.bounding_box)
    edges = (1.0, 1.0) if dataset.voxel_size is None else dataset.voxel_size.factor[:2]
    center = _configured_position(dataset) or box.center
    # Even the coarsest mag may be too large: then a part around the position is shown.
    most = [_MOST_VOXELS_PER_SIDE * min(max(layer.mags)[axis] for layer in layers) for axis in (0, 1)]
    corner, extent = [0, 0], [0, 0]
    for axis in (0, 1):
        extent[axis] = min(box.size[axis], most[axis])
        last = box.bottomright[axis] - extent[axis]
        corner[axis] = min(max(center[axis] - extent[axis] // 2, box.topleft[axis]), last)
    physical = (extent[0] * edges[0], extent[1] * edges[1])
    scale = min(max(1, size[0]) / physical[0], max(1, size[1]) / physical[1])
    width, height = (max(1, round(length * scale)) for length in physical)
    region = BoundingBox((corner[0], corner[1], box.topleft[2]), (extent[0], extent[1], box.size[2]))
    return _Frame(region, width, height)


def _configured_position(dataset: Dataset) -> tuple[int, int, int] | None:
    """The view configuration's position, if it is one within the dataset."""
    configuration = dataset.default_view_configuration
    position = configuration.get("position") if isinstance(configuration, dict) else None
    try:
        x, y, z = (int(number) for number in position or ())
    except (TypeError, ValueError, OverflowError):
        return None
    inside = dataset.bounding_box.contains(BoundingBox((x, y, z), (1, 1, 1)))
    return (x, y, z) if inside else None


def _positions(dataset: Dataset, layers: Sequence[Layer]) -> Iterator[int]:
    """Where to look for a slice with voxels, the best place first."""
    configured = _configured_position(dataset)
    if configured is not None:
        yield configured[2]
    box = layers[0].bounding_box
    for fraction in _FRACTIONS:
        yield box.topleft[2] + int(box.size[2] * fraction)
    stored = layers[0].mag(max(layers[0].mags)).folder
    if not stored.problem:
        inside = stored.array.bounding_box().from_mag(max(layers[0].mags)).intersection(box)
        if not inside.is_empty:
            yield from (inside.center[2], inside.topleft[2])


def _read_planes(
    layers: Sequence[Layer], frame: _Frame, z: int
) -> tuple[list[tuple[Layer, NDArray[Any]]], list[VoxshelfError]]:
    """One plane per layer that can be read, and what the others raised."""
    planes, failures = [], []
    for layer in layers:
        try:
            voxels = layer.read(frame.at(z), frame.mag_of(layer))[..., 0]
        except VoxshelfError as error:
            failures.append(error)
        else:
            planes.append((layer, voxels))
    return planes, failures


def _blend(planes: Sequence[tuple[Layer, NDArray[Any]]], frame: _Frame) -> NDArray[np.uint8]:
    """The picture ``(height, width, 3)``: colours added up, segments laid over."""
    picture = np.zeros((frame.height, frame.width, 3), np.float32)
    segments = None
    for layer, plane in planes:
        if layer.category is Category.SEGMENTATION:
            segments = _sampled(plane, frame)
        else:
            picture += _resized(_color_picture(layer, plane), frame)
    picture = np.clip(picture, 0, 255)
    if segments is not None:
        colors, is_segment = color_of_ids(segments)
        alone = len(planes) == 1
        alpha = np.where(is_segment, 1.0 if alone else _ALPHA_OF_SEGMENTS, 0.0)[..., np.newaxis]
        picture = picture * (1 - alpha) + colors * alpha
    return np.asarray(np.rint(picture), np.uint8)


def _color_picture(layer: Layer, plane: NDArray[Any]) -> NDArray[np.uint8]:
    """A plane ``(x, y)`` or ``(c, x, y)`` as RGB ``(y, x, 3)``."""
    if plane.ndim == 3 and plane.shape[0] == 3 and plane.dtype == np.uint8:
        return np.ascontiguousarray(plane.transpose(2, 1, 0))
    values = plane[0] if plane.ndim == 3 else plane
    color = _setting(layer, "color")
    return gray_to_rgb(values.T, shown_window(values), color, inverted=bool(_setting(layer, "isInverted")))


def _resized(picture: NDArray[np.uint8], frame: _Frame) -> NDArray[np.float32]:
    from PIL import Image  # noqa: PLC0415 - only where pictures are made

    image = Image.fromarray(picture).resize((frame.width, frame.height), Image.Resampling.BILINEAR)
    return np.asarray(image, np.float32)


def _sampled(plane: NDArray[Any], frame: _Frame) -> NDArray[Any]:
    """The ids at the middle of every pixel, ``(y, x)``: ids cannot be mixed."""
    x = ((np.arange(frame.width) + 0.5) * plane.shape[0] / frame.width).astype(int)
    y = ((np.arange(frame.height) + 0.5) * plane.shape[1] / frame.height).astype(int)
    return plane[np.ix_(x, y)].T


def _png(picture: NDArray[np.uint8]) -> bytes:
    from PIL import Image  # noqa: PLC0415 - only where pictures are made

    sink = io.BytesIO()
    Image.fromarray(picture).save(sink, "PNG")
    return sink.getvalue()
