"""Checking a whole dataset: the JSON's own problems first, then every layer's files against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from voxshelf.dataset import read_properties
from voxshelf.errors import DatasetNotFoundError, OperationCancelledError, VoxshelfError
from voxshelf.intake.checking.coverage import check_box, check_coarse_holes, check_fine_holes, check_gaps
from voxshelf.intake.checking.mag_files import (
    MagFiles,
    check_description,
    check_kinds,
    open_mags,
    read_cubes,
)
from voxshelf.intake.checking.strays import find_strays
from voxshelf.intake.checking.zarr_layers import check_zarr_layer
from voxshelf.intake.folder_problems import read_problem
from voxshelf.model import Category, DataFormat, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from voxshelf.model import LayerProperties, Place


def check_dataset(
    folder: Path,
    *,
    deep: bool = False,
    progress: Callable[[float], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> tuple[Problem, ...]:
    """Find what is wrong with a dataset and say how to mend it. Changes nothing.

    Parameters
    ----------
    folder : Path
        The dataset folder.
    deep : bool
        Decode every block and look for the largest segment id; takes as long as reading all of it.
    progress : callable, optional
        Called with the finished share, from 0 to 1.
    cancel : callable, optional
        Asked between steps; True stops.

    Returns
    -------
    tuple of Problem
        Places are those of ``datasource-properties.json``; empty where nothing is wrong.

    Raises
    ------
    OperationCancelledError
        If ``cancel`` said so.
    """
    if not folder.is_dir():
        what = "is a link that leads nowhere" if folder.is_symlink() else "is not there"
        hint = "Check that its disk is mounted, put it back, or delete the dataset."
        return (Problem(message=f"The folder {folder} {what}.", hint=hint),)
    try:
        reading = read_properties(folder).reading
    except DatasetNotFoundError:
        message = "There is no datasource-properties.json: the dataset is not imported yet."
        return (Problem(message=message, hint="Import it first.", severity=Severity.WARNING),)
    except VoxshelfError as error:
        return (Problem(message=error.what, hint=error.hint),)
    problems = list(reading.problems)
    described = reading.data_source or reading.draft
    layers = described.layers if described else ()
    try:
        opened = [_open(folder, layer, index, problems) for index, layer in enumerate(layers)]
        walk = _Walk([layer for layer in opened if layer is not None], deep, progress, cancel)
        problems += walk.run()
        problems += find_strays(folder, layers)
    except VoxshelfError:  # one of them is an OSError too
        raise
    except OSError as error:  # a folder that this user may not look into: other datasets can be checked still
        problems.append(read_problem(str(error.filename or folder), error))
    return tuple(problems)


class _LayerFiles(NamedTuple):
    """A layer whose mags are open."""

    layer: LayerProperties
    place: Place
    mags: list[MagFiles]


def _open(folder: Path, layer: LayerProperties, index: int, problems: list[Problem]) -> _LayerFiles | None:
    place: Place = ("dataLayers", index)
    if layer.data_format.is_zarr:
        problems.extend(check_zarr_layer(folder, layer, place))
        return None
    if layer.data_format is not DataFormat.WKW:
        message = f"Layer {layer.name!r} is stored as {layer.data_format}: its files were not checked."
        problems.append(Problem(place=(*place, "dataFormat"), message=message, severity=Severity.INFO))
        return None
    return _LayerFiles(layer, place, open_mags(folder, layer, place, problems))


class _Walk:
    """One walk through all files of a dataset."""

    def __init__(
        self,
        layers: list[_LayerFiles],
        deep: bool,  # noqa: FBT001 - our own, called once
        progress: Callable[[float], None] | None,
        cancel: Callable[[], bool] | None,
    ) -> None:
        self._layers = layers
        self._deep = deep
        self._progress = progress
        self._cancel = cancel or (lambda: False)
        self._done = 0
        self._total = sum(
            len(files.pieces((0, 0, 0), deep=deep)) * len(files.cubes)
            for layer in layers
            for files in layer.mags
        )

    def run(self) -> list[Problem]:
        """Everything that is found."""
        return [problem for layer in self._layers for problem in self._check(layer)]

    def _check(self, found: _LayerFiles) -> Iterator[Problem]:
        layer, place, mags = found
        yield from check_kinds(mags, place)
        largest, is_sound = 0, True
        finest = min(mags, key=lambda files: files.entry.mag, default=None)
        for files in mags:
            yield from check_description(files, layer)
            read = read_cubes(files, layer.bounding_box, self._step, deep=self._deep)
            yield from read.problems
            if files is finest:
                largest, is_sound = read.largest, not read.problems
        yield from check_box(layer, mags, place)
        yield from check_coarse_holes(layer, mags, place)
        yield from check_fine_holes(layer, mags, self._cancel)
        if mags:
            yield from check_gaps(layer, max(mags, key=lambda files: files.entry.mag))
        if self._deep and mags and layer.category is Category.SEGMENTATION:
            yield from _check_largest_id(layer, (*place, "largestSegmentId"), largest, is_sound=is_sound)

    def _step(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done / self._total)
        if self._cancel():
            raise OperationCancelledError("The check was cancelled.", hint="Nothing was changed.")


def _check_largest_id(
    layer: LayerProperties, place: Place, largest: int, *, is_sound: bool
) -> Iterator[Problem]:
    """Does the JSON know the highest id? Where blocks could not be read, there may be higher ones."""
    known = layer.largest_segment_id
    if known is None and is_sound:
        message = f"Layer {layer.name!r} names no largest segment id; the highest in its data is {largest}."
        yield Problem(place=place, message=message, hint=f"Set it to {largest}.", severity=Severity.WARNING)
    elif known is not None and largest > known:
        message = f"Layer {layer.name!r} holds the id {largest}, above its largest segment id {known}."
        yield Problem(place=place, message=message, hint=f"Set it to {largest} or more.")
