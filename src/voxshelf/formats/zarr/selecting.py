"""Reading a part of an array; where that fails, finding the file to blame."""

from __future__ import annotations

import itertools
import math
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from voxshelf.errors import DamagedDataError, OutOfRangeError, VoxshelfError
from voxshelf.formats.bytes import explained
from voxshelf.formats.zarr.opening import metadata_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import zarr
    from numpy.typing import NDArray

    Selection = tuple[int | slice, ...]

__all__ = ["files_of", "read_selection"]

_HINT = "Restore the file from its source, or write the array again."


def read_selection(array: zarr.Array[Any], selection: Selection, folder: Path) -> NDArray[Any]:
    """What lies at whole numbers and slices, one per dimension, none of which reaches outside.

    Raises
    ------
    DamagedDataError
        If a file cannot be decoded; names it.
    OutOfRangeError
        If there is not that much memory.
    NotAllowedError, StoreUnavailableError
        If the operating system refuses to read a file, or cannot now.
    """
    too_much = OutOfRangeError(
        f"There is not enough memory for what is to be read of {folder}.", hint="Read a smaller box."
    )
    lengths = (part.stop - part.start for part in selection if isinstance(part, slice))
    if math.prod(lengths) * array.dtype.itemsize > sys.maxsize:  # numpy calls it a wrong value then
        raise too_much
    try:
        return np.asarray(array[selection])
    except MemoryError as error:
        raise too_much from error
    except VoxshelfError:  # one of them is an OSError too
        raise
    except Exception as error:  # whatever a file holds, and whatever its codec makes of it
        raise _blamed(array, selection, folder, error) from error


def files_of(array: zarr.Array[Any], selection: Selection, folder: Path) -> Iterator[Path]:
    """Where the files lie that a selection touches, whether there are such files or not; the metadata first."""
    yield metadata_of(array, folder)
    for coordinates, _ in _files(array, selection):
        yield folder / array.metadata.encode_chunk_key(coordinates)


def _blamed(array: zarr.Array[Any], selection: Selection, folder: Path, error: Exception) -> VoxshelfError:
    """The first file that cannot be read on its own."""
    for coordinates, part in _files(array, selection):
        try:
            array[part]
        except Exception as own:  # noqa: BLE001 - this is what is looked for
            path = folder / array.metadata.encode_chunk_key(coordinates)
            if isinstance(own, OSError):
                return explained(own, path)
            return DamagedDataError(f"{path} cannot be decoded: {_words(own)}.", hint=_HINT, file=path)
    if isinstance(error, OSError):
        return explained(error, folder)
    return DamagedDataError(f"{folder} could not be read: {_words(error)}.", hint=_HINT, file=folder)


def _files(array: zarr.Array[Any], selection: Selection) -> Iterator[tuple[tuple[int, ...], Selection]]:
    """The files that a selection touches, each with its part of the selection."""
    sides = array.shards or array.chunks
    ranges = [
        range(part.start // side, -(-part.stop // side))
        if isinstance(part, slice)
        else range(part // side, part // side + 1)
        for part, side in zip(selection, sides, strict=True)
    ]
    for coordinates in itertools.product(*ranges):
        parts = zip(selection, coordinates, sides, strict=True)
        yield (
            coordinates,
            tuple(
                slice(max(part.start, at * side), min(part.stop, (at + 1) * side))
                if isinstance(part, slice)
                else part
                for part, at, side in parts
            ),
        )


def _words(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__).rstrip(".")
