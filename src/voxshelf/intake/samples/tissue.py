"""The built-in sample: a piece of brain tissue as an electron microscope would see it, made on the spot.

Nothing is downloaded. The image (layer ``color``) and its exactly matching segmentation (layer ``segmentation``: one
id per cell, 0 on membranes) come from the same geometry, so every boundary is where it seems to be. The
same size gives the same voxels, always.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from voxshelf.dataset import BACKUPS_NAME, create_dataset, open_dataset
from voxshelf.errors import NameTakenError, OutOfRangeError, ReadOnlyError
from voxshelf.formats.workers import usable_cores
from voxshelf.intake.samples.blemishes import make_blemishes
from voxshelf.intake.samples.rendering import render
from voxshelf.intake.samples.sections import make_scene, make_sections
from voxshelf.model import LayerViewConfiguration, ViewConfiguration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from voxshelf.dataset import Dataset
    from voxshelf.model import Vec3Int

__all__ = ["TISSUE_SIZE", "TISSUE_VOXEL_SIZE", "make_tissue_sample"]

TISSUE_SIZE = (512, 512, 256)
"""The usual size in voxels."""
TISSUE_VOXEL_SIZE = (11.24, 11.24, 28.0)
"""In nanometres."""

_SEED = 20_170_407
_FILE_LEN = 8
_CUBE = 32 * _FILE_LEN  # voxels per cube file's side: what is rendered and written at once
_SLAB = 64  # sections between two reports of progress
_GRID = 32
_COARSEST = "4-4-2"
_RENDERED = 0.8  # the share of the time that goes into rendering


def make_tissue_sample(
    folder: Path | str,
    *,
    size: Vec3Int = TISSUE_SIZE,
    progress: Callable[[float], None] | None = None,
) -> Dataset:
    """Make the sample dataset.

    Parameters
    ----------
    folder : path
        Where; it must not exist yet. It appears when it is complete, not before.
    size : tuple of 3 ints
        Voxels x, y, z, each a multiple of 32.
    progress : callable, optional
        Called with the finished share, from 0 to 1.

    Returns
    -------
    Dataset
        With the layers ``color`` (uint8) and ``segmentation`` (uint32), mags 1, 2-2-1 and 4-4-2, and a default view.

    Raises
    ------
    OutOfRangeError
        If ``size`` cannot be made.
    NameTakenError
        If there is something at ``folder``.
    ReadOnlyError
        If the folder cannot be written.
    """
    if np.shape(size) != (3,) or any(length < _GRID or length % _GRID for length in size):
        raise OutOfRangeError(
            f"A tissue sample cannot have {size} voxels.", hint=f"Give three multiples of {_GRID}."
        )
    report = _ignore if progress is None else progress
    target = Path(folder).expanduser().absolute()
    if os.path.lexists(target):
        raise NameTakenError(
            f"There is something at {target} already.", hint="Choose another place, or open it."
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise ReadOnlyError(
            f"{target.parent} cannot be written: {error.strerror}.",
            hint="Choose a place where you may write.",
        ) from error
    try:
        _write(staged / target.name, size, report)
        (staged / target.name).rename(target)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    report(1.0)
    return open_dataset(target)


def _write(folder: Path, size: Vec3Int, report: Callable[[float], None]) -> None:
    dataset = create_dataset(folder, voxel_size=TISSUE_VOXEL_SIZE)
    color = dataset.add_layer("color", category="color", dtype="uint8", file_len=_FILE_LEN)
    segmentation = dataset.add_layer(
        "segmentation", category="segmentation", dtype="uint32", file_len=_FILE_LEN
    )
    largest = 0
    for done, (topleft, image, ids) in enumerate(_cubes(size, report), start=1):
        color.write(image, topleft)
        segmentation.write(ids, topleft)
        largest = max(largest, int(ids.max()))
        report(_RENDERED * done / _number_of_cubes(size))
    color.downsample(coarsest=_COARSEST)
    report((1 + _RENDERED) / 2)
    segmentation.downsample(coarsest=_COARSEST)
    segmentation.largest_segment_id = largest
    color.default_view_configuration = LayerViewConfiguration(intensity_range=(30, 230)).document()
    segmentation.default_view_configuration = LayerViewConfiguration(alpha=25).document()
    middle = tuple(length // 2 for length in size)
    dataset.default_view_configuration = ViewConfiguration(position=middle, zoom=1.0).document()
    (folder / BACKUPS_NAME).unlink(missing_ok=True)  # the steps of making it are nobody's history


def _ignore(_share: float) -> None:
    """Nobody wants to know how far it is."""


def _number_of_cubes(size: Vec3Int) -> int:
    return int(np.prod([-(-length // _CUBE) for length in size]))


def _cubes(
    size: Vec3Int, report: Callable[[float], None]
) -> Iterator[tuple[Vec3Int, NDArray[np.uint8], NDArray[np.uint32]]]:
    """The voxels, cube file by cube file: (topleft, image, ids), so that memory holds one cube at a time."""
    rng = np.random.default_rng(_SEED)
    scene = make_scene(rng, size, TISSUE_VOXEL_SIZE)
    sections = make_sections(rng, size[2])
    blemishes = make_blemishes(size)
    corners = itertools.product(*(range(0, length, _CUBE) for length in reversed(size)))
    with ThreadPoolExecutor(usable_cores(), thread_name_prefix="voxshelf-sample") as threads:
        for index, (z, y, x) in enumerate(corners):
            shape = tuple(min(_CUBE, length - corner) for length, corner in zip(size, (x, y, z), strict=True))
            image, ids = np.empty(shape, np.uint8, order="F"), np.empty(shape, np.uint32, order="F")
            slabs = range(0, shape[2], _SLAB)
            jobs = [
                threads.submit(
                    render,
                    scene,
                    sections,
                    (x, y, z + below),
                    image[:, :, below : below + _SLAB],
                    ids[:, :, below : below + _SLAB],
                )
                for below in slabs
            ]
            for done, job in enumerate(jobs):
                job.result()
                report(_RENDERED * (index + done / len(jobs)) / _number_of_cubes(size))
            blemishes.draw(image, (x, y, z))
            yield (x, y, z), image, ids
