"""Cube files that are open for reading: :class:`CubeFile`, and the few that are kept open.

Words used here: a cube file's *number* tells it from all other files, and from the same path after a change;
the *jump table* says where its compressed blocks end.
Specification: https://github.com/scalableminds/webknossos-wrap#webknossos-wrapper-format.
"""

from __future__ import annotations

import itertools
import os
import stat
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from voxshelf.errors import DamagedDataError
from voxshelf.formats.bytes import NO_DESCRIPTOR, ByteSource, LocalFile, explained, identity
from voxshelf.formats.wkw import read_plan as at
from voxshelf.formats.wkw.block_cache import shared_cache
from voxshelf.formats.wkw.header import HEADER_BYTES, JUMP_ENTRY_BYTES, WkwHeader

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["CubeFile", "OpenCubes", "open_cubes"]

# A table above this is asked block by block: 2 MiB are the 64³ blocks of a file of 2048³ voxels.
_LARGEST_TABLE = 2 * 1024 * 1024
_LARGEST_LZ4_RATIO = 255
_RAW_ROOM = 512 * 1024
_HINT = "Restore the file from its source, or convert the data again."
_numbers = itertools.count(1)
_NO_TABLE = np.empty(0, np.int64)


class CubeFile:
    """A cube file whose header has been checked against its mag and its own length.

    Parameters
    ----------
    source : ByteSource
        Its bytes.
    expected : WkwHeader
        The mag's header.

    Raises
    ------
    DamagedDataError
        If header or jump table are cut off, or the header is not the mag's.
    UnsupportedFormatError
        If the header is of an unknown kind.
    """

    __slots__ = (
        "block_bytes",
        "can_be_kept",
        "header",
        "is_large",
        "number",
        "plan",
        "plane_bytes",
        "room",
        "source",
        "table",
    )

    def __init__(self, source: ByteSource, expected: WkwHeader) -> None:
        self.source = source
        self.number = next(_numbers)
        self.header = WkwHeader.from_bytes(source.read(0, min(HEADER_BYTES, source.size)), file=source.name)
        for reason in self._reasons_against(expected):
            raise DamagedDataError(f"{source.name} {reason}.", hint=_HINT, file=source.name)
        self.table = self._read_table()
        header = self.header
        self.can_be_kept = shared_cache.can_keep(header)
        self.block_bytes = header.block_bytes
        self.is_large = header.is_compressed and header.block_bytes > at.LARGE_BLOCK
        self.plane_bytes = header.block_len**2 * header.voxel_bytes
        # The first numbers of every request's plan.
        self.plan = (
            source.descriptor,
            0,
            source.size,
            HEADER_BYTES,
            header.data_offset,
            int(header.is_compressed),
            header.block_len,
            header.voxel_bytes,
        )
        self.room = self._room()

    def _room(self) -> int:
        """Bytes that a thread fetches at once at most."""
        if self.is_large:
            return at.INPUT_ROOM
        if self.header.is_compressed:
            return min(self.block_bytes + self.block_bytes // 255 + 16, self.source.size)
        return min(self.block_bytes, max(_RAW_ROOM, self.header.block_len * self.header.voxel_bytes))

    def _reasons_against(self, expected: WkwHeader) -> list[str]:
        header, size = self.header, self.source.size
        reasons = []
        if not header.describes_same_voxels(expected):
            reasons.append(
                f"does not belong to its mag: it has {header.num_channels} × {header.dtype.name} in "
                f"{header.file_len}³ blocks of {header.block_len}³, the mag has {expected.num_channels} × "
                f"{expected.dtype.name} in {expected.file_len}³ blocks of {expected.block_len}³"
            )
        if header.first_block_offset > size:
            reasons.append(
                f"has {size} bytes and is cut off: header and jump table take {header.first_block_offset}"
            )
        if not header.first_block_offset <= header.data_offset <= size:
            reasons.append(
                f"says that its blocks begin at byte {header.data_offset}, of {size} bytes and after "
                f"{header.first_block_offset} bytes of header and jump table"
            )
        if header.is_compressed and header.block_bytes > size * _LARGEST_LZ4_RATIO:
            reasons.append(f"has {size} bytes, too few for any block of {header.block_bytes} bytes")
        return reasons

    def _read_table(self) -> NDArray[np.int64]:
        """The jump table, or nothing where there is none or where it is too long to be kept."""
        length = self.header.blocks_per_file * JUMP_ENTRY_BYTES
        is_kept = length <= _LARGEST_TABLE or self.source.descriptor == NO_DESCRIPTOR
        if not self.header.is_compressed or not is_kept:
            return _NO_TABLE
        return np.frombuffer(self.source.read(HEADER_BYTES, length), "<i8").astype(np.int64)


class OpenCubes:
    """The cube files that were read last, kept open; safe to use from several threads.

    Parameters
    ----------
    max_files : int
        More are closed, least recently used first, when nobody reads them any more.
    max_table_bytes : int
        Likewise for what their jump tables take together.
    """

    def __init__(self, max_files: int = 64, max_table_bytes: int = 8 * 1024 * 1024) -> None:
        self._max_files = max_files
        self._max_table_bytes = max_table_bytes
        self.clear()

    def clear(self) -> None:
        """Forget all files."""
        self._lock = Lock()
        self._files: OrderedDict[str, CubeFile] = OrderedDict()
        self._table_bytes = 0

    def get(self, path: str, expected: WkwHeader) -> CubeFile | None:
        """The open file of this path in its present state, or None where there is no file.

        Raises
        ------
        DamagedDataError, UnsupportedFormatError
            As for :class:`CubeFile`.
        NotAllowedError, StoreUnavailableError
            If the operating system refuses, or cannot now.
        """
        try:
            status = os.stat(path)  # noqa: PTH116 - a Path would cost more than the call
        except (FileNotFoundError, NotADirectoryError):
            self.forget(path)
            return None
        except OSError as error:
            raise explained(error, path) from error
        known = self._files.get(path)
        if known is not None and _is_current(known, status):
            with self._lock:
                if path in self._files:
                    self._files.move_to_end(path)
            return known
        if not stat.S_ISREG(status.st_mode):
            raise DamagedDataError(
                f"{path} is not a file.", hint="Move away what has taken the cube file's name.", file=path
            )
        self.forget(path)
        try:
            opened = CubeFile(LocalFile(path), expected)
        except FileNotFoundError:
            return None
        self._keep(path, opened)
        return opened

    def forget(self, path: str) -> None:
        """Open this path anew when it is next asked for: call it after changing the file."""
        with self._lock:
            known = self._files.pop(path, None)
            if known is not None:
                self._table_bytes -= known.table.nbytes

    def forget_folder(self, folder: str) -> None:
        """Likewise for all files below a mag folder."""
        with self._lock:
            inside = [path for path in self._files if path.startswith(f"{folder}/")]
        for path in inside:
            self.forget(path)

    def _keep(self, path: str, opened: CubeFile) -> None:
        with self._lock:
            replaced = self._files.pop(path, None)
            self._files[path] = opened
            self._table_bytes += opened.table.nbytes - (replaced.table.nbytes if replaced else 0)
            while len(self._files) > self._max_files or self._table_bytes > self._max_table_bytes:
                _, closed = self._files.popitem(last=False)
                self._table_bytes -= closed.table.nbytes


def _is_current(cube: CubeFile, status: os.stat_result) -> bool:
    source = cube.source
    return isinstance(source, LocalFile) and source.is_settled and source.identity == identity(status)


open_cubes = OpenCubes()
if hasattr(os, "register_at_fork"):
    # Another thread may have held the lock, or be half way through a change.
    os.register_at_fork(after_in_child=open_cubes.clear)
