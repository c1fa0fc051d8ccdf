"""Where the bytes of a Zarr array come from: ``ArrayFolder``, a folder of this machine, read-only.

zarr-python's own store takes whatever cannot be opened for a chunk that is not there, and waits for ever where a pipe
bears a chunk's name; of a shard that was cut off it takes what is gone for chunks that were never written. Here only
what is not there counts as missing.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from zarr.abc.store import OffsetByteRequest, RangeByteRequest, SuffixByteRequest
from zarr.core.buffer import default_buffer_prototype
from zarr.storage import LocalStore

from voxshelf.errors import DamagedDataError
from voxshelf.formats.bytes import explained, opened_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from zarr.abc.store import ByteRequest
    from zarr.core.buffer import Buffer, BufferPrototype

__all__ = ["METADATA", "ArrayFolder", "metadata_file"]

METADATA = {2: ".zarray", 3: "zarr.json"}
_DESCRIPTIONS = {*METADATA.values(), ".zattrs", ".zgroup", ".zmetadata"}


def metadata_file(folder: Path, *, newest_first: bool) -> tuple[int, Path] | None:
    """The version and the metadata file of the array in a folder; None where there is none.

    ``newest_first`` decides where there are both: a folder may offer one array to readers of either version.
    """
    for version in (3, 2) if newest_first else (2, 3):
        path = folder / METADATA[version]
        if path.exists():
            return version, path
    return None


class ArrayFolder(LocalStore):
    """The files of an array."""

    def __init__(self, root: Path | str, *, read_only: bool = True) -> None:  # noqa: ARG002 - zarr's signature
        super().__init__(root, read_only=True)

    async def get(
        self, key: str, prototype: BufferPrototype | None = None, byte_range: ByteRequest | None = None
    ) -> Buffer | None:
        """The bytes of a file or of a part of it; None where there is no such file.

        Raises
        ------
        DamagedDataError
            If it is no file, or ends before the part does.
        NotAllowedError, StoreUnavailableError
            If the operating system refuses to read it, or cannot now.
        """
        prototype = prototype or default_buffer_prototype()
        data = await asyncio.to_thread(_read, self.root / key, byte_range)
        return None if data is None else prototype.buffer.from_bytes(data)

    async def get_partial_values(
        self, prototype: BufferPrototype, key_ranges: Iterable[tuple[str, ByteRequest | None]]
    ) -> list[Buffer | None]:
        """Several at once."""
        return list(await asyncio.gather(*(self.get(key, prototype, part) for key, part in key_ranges)))


def _read(path: Path, byte_range: ByteRequest | None) -> bytes | None:
    try:
        with open(path, "rb", opener=opened_file) as file:
            size = os.fstat(file.fileno()).st_size
            start, stop = _part(byte_range, size)
            if stop > size or (size == 0 and path.name not in _DESCRIPTIONS):
                raise DamagedDataError(
                    f"{path} ends too early, after {size} bytes.",
                    hint="Restore the file from its source, or write the array again.",
                    file=path,
                )
            file.seek(start)
            return file.read(max(0, stop - start))
    except FileNotFoundError:
        return None
    except (IsADirectoryError, NotADirectoryError) as error:
        raise DamagedDataError(
            f"{path} is no file.", hint="Restore the array from its source.", file=path
        ) from error
    except OSError as error:
        raise explained(error, path) from error


def _part(byte_range: ByteRequest | None, size: int) -> tuple[int, int]:
    if isinstance(byte_range, RangeByteRequest):
        return byte_range.start, byte_range.end
    if isinstance(byte_range, OffsetByteRequest):
        return byte_range.offset, size
    if isinstance(byte_range, SuffixByteRequest):
        return max(0, size - byte_range.suffix), size
    return 0, size
