"""The coarser mags of a layer: making those that are missing, bringing those that exist up to date.

A new mag is listed in the JSON when it is complete; until then no reader meets half of it, and the same call
goes on where a killed one stopped.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from voxshelf.dataset.downsampling import (
    DownsampleMode,
    Sampling,
    coarsest_mag,
    downsample_mag,
    mags_to_coarsest,
)
from voxshelf.dataset.layer_changes import add_mag, create_mag, require_writable
from voxshelf.dataset.reporting import reporting
from voxshelf.errors import OutOfRangeError
from voxshelf.model import Mag

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.dataset.layer import Layer
    from voxshelf.dataset.reporting import Progress
    from voxshelf.model import BoundingBox, Vec3Int

__all__ = ["build_pyramid", "update_pyramid"]


def build_pyramid(
    layer: Layer,
    coarsest: Any,
    mode: DownsampleMode | str | None,
    sampling: Sampling | str,
    *,
    progress: Progress,
    cancel: Callable[[], bool],
) -> None:
    """Make the mags that a layer lacks up to ``coarsest``, each from the next finer one."""
    require_writable(layer)
    how = _mode(layer, mode)
    for mag in _missing_mags(layer, coarsest, Sampling(sampling)):
        source = max(known for known in layer.mags if known < mag and _divides(known, mag))
        target = create_mag(layer, mag)
        finer = layer.mag(source)
        with reporting(progress, f"{layer.name}, mag {mag}") as report:
            downsample_mag(
                finer.folder.wkw,
                target,
                _factor(source, mag),
                finer.bounding_box,
                how,
                progress=report,
                cancel=cancel,
            )
        add_mag(layer, mag, target)


def update_pyramid(
    layer: Layer,
    region: BoundingBox,
    mode: DownsampleMode | str | None,
    *,
    progress: Progress,
    cancel: Callable[[], bool],
) -> None:
    """Compute a part of all coarser mags anew, from fine to coarse."""
    require_writable(layer)
    how = _mode(layer, mode)
    for source, mag in pairwise(layer.mags):
        finer = layer.mag(source)
        with reporting(progress, f"{layer.name}, mag {mag}") as report:
            downsample_mag(
                finer.folder.wkw,
                layer.mag(mag).folder.wkw,
                _factor(source, mag),
                finer.bounding_box,
                how,
                region=region.in_mag(source),
                resume=False,
                progress=report,
                cancel=cancel,
            )


def _mode(layer: Layer, mode: DownsampleMode | str | None) -> DownsampleMode:
    return DownsampleMode.default_for(layer.category) if mode is None else DownsampleMode(mode)


def _missing_mags(layer: Layer, coarsest: Any, sampling: Sampling) -> list[Mag]:
    voxel_size = layer.voxel_size
    finest = layer.mag().mag
    last = coarsest_mag(layer.bounding_box) if coarsest is None else Mag(coarsest)
    others = {mag for other in layer.dataset.layers.values() for mag in other.mags}
    edges = (1.0, 1.0, 1.0) if voxel_size is None else voxel_size.factor
    mags = mags_to_coarsest(finest, last, edges, aligned_with=others, sampling=sampling)
    return [mag for mag in mags if mag not in layer.mags]


def _divides(fine: Mag, coarse: Mag) -> bool:
    return all(c % f == 0 for f, c in zip(fine, coarse, strict=True))


def _factor(fine: Mag, coarse: Mag) -> Vec3Int:
    """How many voxels of one mag become one of another, per axis."""
    if not _divides(fine, coarse):
        raise OutOfRangeError(
            f"Mag {coarse} cannot be made from mag {fine}: its factors are no multiples.",
            hint="Take one of the two out of the JSON.",
        )
    x, y, z = (c // f for f, c in zip(fine, coarse, strict=True))
    return (x, y, z)
