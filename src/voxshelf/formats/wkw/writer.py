"""Writing WKW: the folder of a mag, and any box of voxels into it.

Words used here: a *mag folder* holds ``header.wkw`` and the cube files ``z{z}/y{y}/x{x}.wkw``; *topleft* and
*size* are absolute, in the mag's own voxels. How one file is written, and what happens to it when the
process dies, is in :mod:`voxshelf.formats.wkw.writer_cube`.
Specification: https://github.com/scalableminds/webknossos-wrap#webknossos-wrapper-format.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from voxshelf.errors import ArrayMismatchError, NameTakenError, OutOfRangeError
from voxshelf.formats.wkw.header import WkwHeader
from voxshelf.formats.wkw.locks import locked, replacing
from voxshelf.formats.wkw.writer_cube import CubeJob, write_cube
from voxshelf.model.geometry import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from voxshelf.formats.wkw.writer_pipeline import Cancel, Progress
    from voxshelf.model.geometry import Vec3Int

__all__ = ["create_mag_folder", "cube_path", "cubes_of", "fill_box", "write_box", "write_header"]

HEADER_NAME = "header.wkw"


def create_mag_folder(folder: Path, header: WkwHeader) -> WkwHeader:
    """Make a mag folder with its ``header.wkw``; an existing one with the same header is fine.

    Parameters
    ----------
    folder : Path
        Made with its parents where missing.
    header : WkwHeader
        Its data offset does not matter.

    Returns
    -------
    WkwHeader
        As it stands in ``header.wkw``.

    Raises
    ------
    NameTakenError
        If the folder has another header.
    DamagedDataError, UnsupportedFormatError
        If the folder has a ``header.wkw`` that cannot be read.
    """
    wanted = header.for_mag_folder()
    path = folder / HEADER_NAME
    if not path.exists():
        with locked(path) as real:
            if not real.exists():
                with replacing(real) as replacement:
                    replacement.file.write(wanted.to_bytes())
                return wanted
    found = WkwHeader.read(path).for_mag_folder()
    if found != wanted:
        raise NameTakenError(
            f"{folder} is already a WKW mag with another header: {found}, not {wanted}.",
            hint="Open it as it is, choose another folder, or delete it first.",
        )
    return found


def write_header(folder: Path, header: WkwHeader) -> None:
    """Put ``header`` in the place of the folder's ``header.wkw``, atomically."""
    with locked(folder / HEADER_NAME) as path, replacing(path) as replacement:
        replacement.file.write(header.for_mag_folder().to_bytes())


def write_box(
    folder: Path,
    header: WkwHeader,
    topleft: Sequence[int],
    array: NDArray[Any],
    *,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> None:
    """Write an array of voxels, aligned to blocks or not.

    Parameters
    ----------
    folder : Path
        The mag folder.
    header : WkwHeader
        Its header.
    topleft : sequence of 3 ints
        Where the array's first voxel goes, not negative.
    array : array (x, y, z) or (c, x, y, z)
        Of exactly the header's type; the first form only for one channel. An empty one writes nothing.
    progress : callable, optional
        Called with ``(done, total)`` voxels.
    cancel : callable, optional
        Asked whether to stop.

    Raises
    ------
    ArrayMismatchError
        If type, number of dimensions or channels differ from the header's.
    OutOfRangeError
        If ``topleft`` is negative.
    DamagedDataError, UnsupportedFormatError
        If an existing file cannot be carried over; it stays as it is.
    OperationCancelledError
        If ``cancel`` said so: files written until then stay.
    """
    voxels = _checked_array(header, array)
    box = BoundingBox(topleft, voxels.shape[1:])

    def provide(lower: Vec3Int, size: Vec3Int) -> NDArray[Any]:
        x, y, z = (slice(a - t, a - t + s) for a, t, s in zip(lower, box.topleft, size, strict=True))
        return voxels[:, x, y, z]

    fill_box(folder, header, box, provide, progress=progress, cancel=cancel)


def fill_box(
    folder: Path,
    header: WkwHeader,
    box: BoundingBox,
    provide: Callable[[Vec3Int, Vec3Int], NDArray[Any]],
    *,
    skip_empty: bool = False,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> None:
    """Write a box whose voxels are made piece by piece, so that it may be larger than memory.

    Parameters
    ----------
    folder, header, progress, cancel
        As for :func:`write_box`.
    box : BoundingBox
        The voxels to write.
    provide : callable
        ``provide(topleft, size)`` returns an array ``(c, x, y, z)`` or ``(x, y, z)`` of the header's type.
        It is asked once for every piece, from several threads at once; pieces are about 256 KiB large and
        end at blocks where the box does.
    skip_empty : bool
        Do not make files that would hold only zeros.

    Raises
    ------
    ArrayMismatchError
        If ``provide`` returns something else.
    OutOfRangeError, DamagedDataError, UnsupportedFormatError, OperationCancelledError
        As for :func:`write_box`.
    """
    _require_positive(box)
    done = 0
    for cube, part in cubes_of(header, box):
        corner = tuple(c * header.cube_len for c in cube)

        def provide_local(lower: Vec3Int, size: Vec3Int, corner: tuple[int, ...] = corner) -> NDArray[Any]:
            x, y, z = (c + a for c, a in zip(corner, lower, strict=True))
            voxels = _checked_array(header, provide((x, y, z), size))
            if voxels.shape[1:] != size:
                raise ArrayMismatchError(
                    f"For a box of {size} voxels an array of shape {voxels.shape} was provided.",
                    hint="Return an array (c, x, y, z) of the size that was asked for.",
                )
            return voxels

        job = CubeJob(
            cube_path(folder, cube),
            header,
            part.moved((-corner[0], -corner[1], -corner[2])),
            provide_local,
            skip_empty=skip_empty,
            progress=_shifted(progress, done, box.volume),
            cancel=cancel,
        )
        write_cube(job)
        done += part.volume


def cube_path(folder: Path, cube: Vec3Int) -> Path:
    """Where the file of the cube ``(x, y, z)``, counted in cubes, lies in a mag folder."""
    x, y, z = cube
    return folder / f"z{z}" / f"y{y}" / f"x{x}.wkw"


def cubes_of(header: WkwHeader, box: BoundingBox) -> Iterator[tuple[Vec3Int, BoundingBox]]:
    """The cubes that a box touches, with the part of the box in each; z slowest."""
    if box.is_empty:
        return
    side = header.cube_len
    ranges = [range(t // side, -(-b // side)) for t, b in zip(box.topleft, box.bottomright, strict=True)]
    for z, y, x in itertools.product(*reversed(ranges)):
        cube = BoundingBox((x * side, y * side, z * side), (side, side, side))
        yield (x, y, z), cube.intersection(box)


def _checked_array(header: WkwHeader, array: NDArray[Any]) -> NDArray[Any]:
    """The array with its channel axis, if it can be written as it is."""
    if not isinstance(array, np.ndarray):
        raise ArrayMismatchError(
            f"A numpy array is needed, not {type(array).__name__}.", hint="Wrap it in numpy.asarray()."
        )
    reasons = []
    if array.dtype != header.dtype:
        reasons.append(f"its type is {array.dtype}, not {header.dtype}")
    if array.ndim == 3 and header.num_channels == 1:
        array = array[np.newaxis]
    if array.ndim != 4:
        reasons.append(f"it has {array.ndim} dimensions {array.shape}, not (c, x, y, z)")
    elif array.shape[0] != header.num_channels:
        reasons.append(f"it has {array.shape[0]} channels, not {header.num_channels}")
    if reasons:
        raise ArrayMismatchError(
            f"The array does not fit the data: {'; '.join(reasons)}.",
            hint=f"Convert it first, for example array.astype({header.dtype.name!r}), and put channels first: "
            "nothing is cast or reordered silently.",
        )
    return array


def _require_positive(box: BoundingBox) -> None:
    if min(box.topleft) < 0:
        raise OutOfRangeError(
            f"The box {box} begins at a negative position, and WKW has no cubes there.",
            hint="Shift the data so that every position is 0 or more.",
        )


def _shifted(progress: Progress | None, done: int, total: int) -> Progress | None:
    """A progress callback for one cube among several."""
    if progress is None:
        return None
    return lambda cube_done, _: progress(done + cube_done, total)
