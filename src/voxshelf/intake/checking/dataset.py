"""Checking a whole dataset: the JSON's own problems first, then every layer's files against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.dataset import find_mag_folder, open_dataset, read_properties
from voxshelf.errors import DatasetNotFoundError, OperationCancelledError, VoxshelfError
from voxshelf.intake.checking.coverage import check_box, check_mags_cover_each_other
from voxshelf.intake.checking.mag_files import MagFiles, Watcher, check_cubes, check_description, open_mag
from voxshelf.model import Category, DataFormat, Problem, Severity, errors_among

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from voxshelf.model import LayerProperties, Mag, Place


def check_dataset(
    folder: Path,
    *,
    deep: bool = False,
    progress: Callable[[int], None] | None = None,
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
        Called with the number of steps done so far (cubes; slabs of blocks when deep).
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
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done)
        if cancel is not None and cancel():
            raise OperationCancelledError("The check was cancelled.", hint="Nothing was changed.")

    try:
        reading = read_properties(folder).reading
    except DatasetNotFoundError:
        message = "There is no datasource-properties.json: the dataset is not imported yet."
        return (Problem(message=message, hint="Import it first.", severity=Severity.WARNING),)
    except VoxshelfError as error:
        return (Problem(message=error.what, hint=error.hint),)
    problems = list(reading.problems)
    described = reading.data_source or reading.draft
    for index, layer in enumerate(described.layers if described else ()):
        problems += _check_layer(folder, layer, ("dataLayers", index), Watcher(step), deep=deep)
    if deep and not errors_among(problems):
        problems += _check_largest_ids(folder, cancel)
    return tuple(problems)


def _check_layer(
    folder: Path, layer: LayerProperties, place: Place, watcher: Watcher, *, deep: bool
) -> Iterator[Problem]:
    if layer.data_format is not DataFormat.WKW:
        message = f"Layer {layer.name!r} is stored as {layer.data_format}: its files were not checked."
        yield Problem(place=(*place, "dataFormat"), message=message, severity=Severity.INFO)
        return
    found: dict[Mag, MagFiles] = {}
    for number, entry in enumerate(layer.mags):
        where = (*place, "mags", number)
        try:
            mag_folder = find_mag_folder(folder, layer, entry)
        except VoxshelfError as error:
            yield Problem(place=where, message=error.what, hint=error.hint, severity=Severity.INFO)
            continue
        files, problems = open_mag(mag_folder, where)
        yield from problems
        if files is None:
            continue
        found[entry.mag] = files
        yield from check_description(files, layer, entry, where)
        yield from check_cubes(files, where, watcher, deep=deep)
    yield from check_box(layer, found, place)
    yield from check_mags_cover_each_other(layer, found, place)


def _check_largest_ids(folder: Path, cancel: Callable[[], bool] | None) -> Iterator[Problem]:
    dataset = open_dataset(folder)
    for index, (name, layer) in enumerate(dataset.layers.items()):
        if layer.category is not Category.SEGMENTATION or layer.data_format is not DataFormat.WKW:
            continue
        place: Place = ("dataLayers", index, "largestSegmentId")
        largest = layer.compute_largest_segment_id(cancel=cancel)
        known = layer.largest_segment_id
        if known is None:
            message = f"Layer {name!r} names no largest segment id; the highest in its data is {largest}."
            yield Problem(
                place=place, message=message, hint=f"Set it to {largest}.", severity=Severity.WARNING
            )
        elif largest > known:
            message = f"Layer {name!r} holds the id {largest}, above its largest segment id {known}."
            yield Problem(place=place, message=message, hint=f"Set it to {largest} or more.")
