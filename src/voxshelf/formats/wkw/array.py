"""One mag of a WKW layer as an array of voxels: :class:`WkwArray`.

Words used here: a *mag folder* holds ``header.wkw`` and cube files ``z{z}/y{y}/x{x}.wkw``; positions and sizes
are absolute, in this mag's own voxels, axis order ``x, y, z``.
Specification: https://github.com/scalableminds/webknossos-wrap#webknossos-wrapper-format.
"""

from __future__ import annotations

import itertools
import operator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from voxshelf.errors import ArrayMismatchError, DamagedDataError, MagNotFoundError, OutOfRangeError
from voxshelf.formats.warm import warm_up
from voxshelf.formats.wkw.cube_file import open_cubes
from voxshelf.formats.wkw.extent import box_around, cubes_in
from voxshelf.formats.wkw.header import BlockType, WkwHeader
from voxshelf.formats.wkw.reading import Target, read_part
from voxshelf.formats.wkw.voxel_memory import new_array

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from voxshelf.formats.wkw.writer_pipeline import Cancel, Progress
    from voxshelf.model.geometry import BoundingBox, Vec3Int

__all__ = ["WkwArray"]

_HEADER_NAME = "header.wkw"
_ATTEMPTS = 3
_SLAB_BYTES = 16 * 1024 * 1024


class WkwArray:
    """The voxels of one mag folder. Cheap to make and to pickle, safe to use from several threads.

    Parameters
    ----------
    path : Path
        The mag folder.
    header : WkwHeader
        What its files hold.

    See Also
    --------
    WkwArray.open : take the header from the folder
    WkwArray.create : make a new folder
    """

    __slots__ = ("_folder", "header", "path")

    def __init__(self, path: Path, header: WkwHeader) -> None:
        self.path = path
        self.header = header
        self._folder = str(path)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.path, self.header)

    def __repr__(self) -> str:
        header = self.header
        return (
            f"<WkwArray {self.path}: {header.num_channels} × {header.dtype.name}, {header.block_type.name}, "
            f"{header.file_len}³ blocks of {header.block_len}³>"
        )

    @classmethod
    def open(cls, path: Path | str) -> Self:
        """Open a mag folder; the first call also starts compiling or loading the kernels in the background.

        Parameters
        ----------
        path : Path or str
            The folder. Where it has no ``header.wkw``, its first cube file tells what the others hold.

        Raises
        ------
        MagNotFoundError
            If there is neither ``header.wkw`` nor a cube file.
        DamagedDataError, UnsupportedFormatError
            If the header cannot be read.
        """
        path = Path(path)
        header_file = path / _HEADER_NAME
        if not header_file.exists():
            header_file = cls._first_cube_file(path)
        header = WkwHeader.read(header_file).for_mag_folder()
        warm_up()
        return cls(path, header)

    @classmethod
    def create(cls, path: Path | str, header: WkwHeader) -> Self:
        """Make a mag folder with its ``header.wkw``, or open one that has the same header.

        Raises
        ------
        NameTakenError
            If the folder has another header.
        """
        from voxshelf.formats.wkw.writer import create_mag_folder  # noqa: PLC0415 - only who writes needs it

        path = Path(path)
        return cls(path, create_mag_folder(path, header))

    @staticmethod
    def _first_cube_file(path: Path) -> Path:
        for x, y, z in cubes_in(str(path)):
            return path / f"z{z}" / f"y{y}" / f"x{x}.wkw"
        raise MagNotFoundError(
            f"{path} is no WKW mag folder: it has neither {_HEADER_NAME} nor a file like z0/y0/x0.wkw.",
            hint="Give the folder of one mag, for example <dataset>/color/1.",
        )

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of one value."""
        return self.header.dtype

    @property
    def num_channels(self) -> int:
        """Values per voxel."""
        return self.header.num_channels

    @property
    def block_len(self) -> int:
        """Voxels per side of a block."""
        return self.header.block_len

    @property
    def block_shape(self) -> Vec3Int:
        """The smallest box that is stored on its own."""
        side = self.header.block_len
        return (side, side, side)

    @property
    def cube_len(self) -> int:
        """Voxels per side of a cube file."""
        return self.header.cube_len

    @property
    def file_shape(self) -> Vec3Int:
        """The box that one cube file holds."""
        side = self.header.cube_len
        return (side, side, side)

    def cubes(self) -> Iterator[Vec3Int]:
        """The coordinates ``(x, y, z)`` of all cube files on disk, counted in cubes.

        Raises
        ------
        NotAllowedError, StoreUnavailableError
            If a folder cannot be listed.
        """
        return cubes_in(self._folder)

    def bounding_box(self) -> BoundingBox:
        """The smallest box around all cube files on disk; empty where there is none."""
        return box_around(self.cubes(), self.cube_len)

    def read(
        self,
        topleft: Sequence[int],
        size: Sequence[int],
        *,
        out: NDArray[Any] | None = None,
        cache: bool | None = None,
    ) -> NDArray[Any]:
        """Read a box of voxels, aligned to blocks or not, inside of the data or not.

        Parameters
        ----------
        topleft : sequence of 3 ints
            The first voxel; may be negative.
        size : sequence of 3 ints
            The extent, not negative.
        out : array (x, y, z) or (c, x, y, z), optional
            Filled and returned; any strides, fastest where x (and channels) lie side by side.
        cache : bool, optional
            Whether decoded blocks are kept in memory and looked for there. By default they are where most of
            what must be decoded is not wanted now, as for a slice.

        Returns
        -------
        array (x, y, z), or (c, x, y, z) where there is more than one channel
            Fortran-ordered. What is not on disk is 0.

        Raises
        ------
        DamagedDataError
            If a file or block is not what it should be; names both. ``out`` is then filled in part.
        UnsupportedFormatError
            If a file is of an unknown kind of WKW.
        OutOfRangeError
            If ``size`` is negative, or more than there is memory for.
        ArrayMismatchError
            If ``out`` has another shape or type.
        NotAllowedError, StoreUnavailableError
            If the operating system refuses to read a file, or cannot now.
        """
        corner, extent = _three(topleft), _three(size)
        if min(extent) < 0:
            raise OutOfRangeError(f"The size {extent} is negative.", hint="Give sizes of 0 or more.")
        shape = extent if self.num_channels == 1 else (self.num_channels, *extent)
        voxels = new_array(shape, self.dtype) if out is None else self._checked(out, shape)
        if min(extent) == 0:
            return voxels
        if out is None or _has_whole_voxels(voxels):
            self._fill(voxels, corner, extent, cache=cache)
        else:
            self._fill_by_slabs(voxels, corner, extent, cache=cache)
        return voxels

    def _checked(self, out: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
        if out.shape != shape or out.dtype != self.dtype or not out.flags.writeable:
            writable = "a writable" if out.flags.writeable else "a read-only"
            raise ArrayMismatchError(
                f"out is {writable} array {out.shape} of {out.dtype}, not a writable one {shape} of {self.dtype}.",
                hint="Leave out= away, or pass an array of exactly this shape and type.",
            )
        return out

    def _fill(self, voxels: NDArray[Any], corner: Vec3Int, extent: Vec3Int, *, cache: bool | None) -> None:
        """Fill an array whose voxels each lie in one piece, x side by side."""
        cube_len = self.header.cube_len
        step_y, step_z = voxels.strides[-2], voxels.strides[-1]
        address = voxels.__array_interface__["data"][0]
        (cx, x0), (cy, y0), (cz, z0) = (divmod(position, cube_len) for position in corner)
        x1, y1, z1 = x0 + extent[0], y0 + extent[1], z0 + extent[2]
        if x1 <= cube_len and y1 <= cube_len and z1 <= cube_len:  # the usual case, for the price of one look
            target = Target(address, step_y, step_z)
            if not self._read_cube((cx, cy, cz), (x0, y0, z0), (x1, y1, z1), target, cache=cache):
                voxels[...] = 0
            return
        spans_x, spans_y, spans_z = (_spans(corner[axis], extent[axis], cube_len) for axis in range(3))
        for cube_z, z, z0, z1 in spans_z:
            for cube_y, y, y0, y1 in spans_y:
                for cube_x, x, x0, x1 in spans_x:
                    start = address + x * self.header.voxel_bytes + y * step_y + z * step_z
                    target = Target(start, step_y, step_z)
                    lower, upper = (x0, y0, z0), (x1, y1, z1)
                    if not self._read_cube((cube_x, cube_y, cube_z), lower, upper, target, cache=cache):
                        voxels[..., x : x + x1 - x0, y : y + y1 - y0, z : z + z1 - z0] = 0

    def _fill_by_slabs(
        self, voxels: NDArray[Any], corner: Vec3Int, extent: Vec3Int, *, cache: bool | None
    ) -> None:
        """Fill an array of any other order through a slab of bounded size."""
        rows = max(1, _SLAB_BYTES // (extent[0] * self.header.voxel_bytes))
        planes = max(1, rows // extent[1])
        for z in range(0, extent[2], planes):
            for y in range(0, extent[1], rows):
                size = (extent[0], min(rows, extent[1] - y), min(planes, extent[2] - z))
                slab = self.read((corner[0], corner[1] + y, corner[2] + z), size, cache=cache)
                voxels[..., y : y + size[1], z : z + size[2]] = slab

    def _read_cube(
        self, cube: Vec3Int, lower: Vec3Int, upper: Vec3Int, target: Target, *, cache: bool | None
    ) -> bool:
        """Read what one cube file has of a box; False where there is no such file."""
        if min(cube) < 0:
            return False
        path = f"{self._folder}/z{cube[2]}/y{cube[1]}/x{cube[0]}.wkw"
        for _ in range(_ATTEMPTS):
            file = open_cubes.get(path, self.header)
            if file is None:
                return False
            failure = read_part(file, lower, upper, target, cache=cache)
            if file.source.is_unchanged():
                if failure is not None:
                    raise failure
                return True
            # It was changed while it was read: what came out may be half old, half new.
            open_cubes.forget(path)
        raise DamagedDataError(
            f"{path} was changed each of {_ATTEMPTS} times that it was read.",
            hint="Wait until the program that writes it is done, then read again.",
            file=path,
        )

    def write(
        self,
        topleft: Sequence[int],
        array: NDArray[Any],
        *,
        progress: Progress | None = None,
        cancel: Cancel | None = None,
    ) -> None:
        """Write an array of voxels, aligned to blocks or not: see :func:`~voxshelf.formats.wkw.writer.write_box`."""
        from voxshelf.formats.wkw.writer import write_box  # noqa: PLC0415 - only who writes needs it

        with self._changing_files():
            write_box(self.path, self.header, topleft, array, progress=progress, cancel=cancel)

    def fill(
        self,
        box: BoundingBox,
        provide: Callable[[Vec3Int, Vec3Int], NDArray[Any]],
        *,
        skip_empty: bool = False,
        progress: Progress | None = None,
        cancel: Cancel | None = None,
    ) -> None:
        """Write a box that may be larger than memory, piece by piece: see :func:`~voxshelf.formats.wkw.writer.fill_box`."""
        from voxshelf.formats.wkw.writer import fill_box  # noqa: PLC0415 - only who writes needs it

        with self._changing_files():
            fill_box(
                self.path, self.header, box, provide, skip_empty=skip_empty, progress=progress, cancel=cancel
            )

    def compress(
        self,
        target: Path | None = None,
        *,
        block_type: BlockType = BlockType.LZ4HC,
        progress: Progress | None = None,
        cancel: Cancel | None = None,
    ) -> WkwArray:
        """Compress all files, in place or into another folder: see :func:`~voxshelf.formats.wkw.compress.compress_mag`.

        Returns
        -------
        WkwArray
            The compressed mag.
        """
        from voxshelf.formats.wkw.compress import compress_mag  # noqa: PLC0415 - only who writes needs it

        with self._changing_files():
            header = compress_mag(self.path, target, block_type=block_type, progress=progress, cancel=cancel)
        if target is None or target.resolve() == self.path.resolve():
            self.header = header
            return self
        return WkwArray(target, header)

    @contextmanager
    def _changing_files(self) -> Iterator[None]:
        """Have files read anew afterwards, also when changing them has failed half way."""
        try:
            yield
        finally:
            open_cubes.forget_folder(self._folder)

    def is_missing(self, box: BoundingBox) -> bool:
        """Whether no file on disk has voxels of the box; quick."""
        spans = [
            range(t // self.cube_len, -(-b // self.cube_len))
            for t, b in zip(box.topleft, box.bottomright, strict=True)
        ]
        return box.is_empty or not any(
            Path(f"{self._folder}/z{z}/y{y}/x{x}.wkw").exists()
            for z, y, x in itertools.product(*reversed(spans))
        )


def _three(values: Sequence[int]) -> Vec3Int:
    x, y, z = values
    return (operator.index(x), operator.index(y), operator.index(z))


def _spans(start: int, extent: int, cube_len: int) -> list[tuple[int, int, int, int]]:
    """Divide an axis at cube borders: cube, place in the output, and begin and end in the cube."""
    cube, inside = divmod(start, cube_len)
    if inside + extent <= cube_len:
        return [(cube, 0, inside, inside + extent)]
    spans = []
    position = start
    while position < start + extent:
        cube, inside = divmod(position, cube_len)
        stop = min((cube + 1) * cube_len, start + extent)
        spans.append((cube, position - start, inside, inside + stop - position))
        position = stop
    return spans


def _has_whole_voxels(voxels: NDArray[Any]) -> bool:
    """Whether the values of each voxel, and the voxels of each row, lie side by side in memory."""
    expected = voxels.itemsize
    for size, step in zip(voxels.shape[:-2], voxels.strides[:-2], strict=True):
        if size > 1 and step != expected:
            return False
        expected *= size
    return True
