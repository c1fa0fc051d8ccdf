"""Opening a Zarr array: whatever its metadata holds, this opens it or says what is wrong with which file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import zarr

from voxshelf.errors import DamagedDataError, MagNotFoundError, UnsupportedFormatError, VoxshelfError
from voxshelf.formats.bytes import explained, identity, opened_file
from voxshelf.formats.zarr.folder import METADATA, ArrayFolder, metadata_file

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["State", "dimension_names", "metadata_of", "open_array", "state_of"]

State: TypeAlias = "tuple[int, int, int, int, int] | None"

_HINT = "Restore the file from its source, or write the array again."
# Codecs of Python objects. Decoding a pickle runs whatever whoever wrote it wants to have run.
_OBJECT_CODECS = ("pickle", "json", "json2", "msgpack", "msgpack2", "categorize", "vlen-")


def state_of(file: Path) -> State:
    """What tells one state of a metadata file from another; None where there is none.

    Raises
    ------
    NotAllowedError, StoreUnavailableError
        If the operating system refuses to look, or cannot now.
    """
    try:
        return identity(file.stat())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise explained(error, file) from error


def open_array(folder: Path, *, newest_first: bool) -> tuple[zarr.Array[Any], State]:
    """The array in a folder, read-only, and the state of its metadata file before it was read.

    Raises
    ------
    MagNotFoundError
        If there is none.
    DamagedDataError
        If its metadata cannot be read.
    UnsupportedFormatError
        If it holds no numbers, or needs something that is not installed.
    """
    try:
        found = metadata_file(folder, newest_first=newest_first)
    except OSError as error:
        raise explained(error, folder) from error
    if found is None:
        raise _no_array(folder)
    version, file = found
    state = state_of(file)
    _refuse_object_codecs(file)
    try:
        array = zarr.open_array(ArrayFolder(folder), mode="r", zarr_format=2 if version == 2 else 3)
    except VoxshelfError:  # one of them is an OSError too
        raise
    except OSError as error:
        raise explained(error, file) from error
    except Exception as error:  # whatever stands in the file
        raise _unusable(file, error) from error
    if min(array.shards or array.chunks, default=1) < 1:
        raise DamagedDataError(f"{file} describes chunks without any voxel.", hint=_HINT, file=file)
    if np.dtype(array.dtype).kind not in "iuf":
        raise UnsupportedFormatError(
            f"{folder} holds {array.dtype}, which are no voxels.",
            hint="Numbers can be read: uint8, float32 …",
        )
    return array, state


def _refuse_object_codecs(file: Path) -> None:
    """Before zarr-python sees it: data that comes from others must not run code."""
    try:
        with open(file, "rb", opener=opened_file) as stream:
            document = json.loads(
                stream.read()
            )  # bytes, as zarr-python takes them: it finds out the encoding
    except (ValueError, RecursionError, OSError):
        return  # told by whoever opens it
    members = document if isinstance(document, dict) else {}
    filters = members.get("filters")
    for codec in [*(filters if isinstance(filters, list) else []), members.get("compressor")]:
        name = str(codec.get("id", "")) if isinstance(codec, dict) else ""
        if name.startswith(_OBJECT_CODECS):
            raise UnsupportedFormatError(
                f"{file} names the codec {name!r}, which is for Python objects and not for numbers.",
                hint="Write the array again with a codec for numbers, such as zstd or blosc.",
            )


def dimension_names(array: zarr.Array[Any]) -> tuple[str | None, ...]:
    """What the array calls its dimensions; empty where it does not."""
    attributes: Any = array.metadata.attributes
    of_xarray = attributes.get("_ARRAY_DIMENSIONS") if isinstance(attributes, dict) else None
    named: Any = getattr(array.metadata, "dimension_names", None) or of_xarray
    is_list = isinstance(named, list | tuple) and all(isinstance(name, str | None) for name in named)
    return tuple(named) if named and is_list and len(named) == array.ndim else ()


def metadata_of(array: zarr.Array[Any], folder: Path) -> Path:
    """The metadata file of an open array."""
    return folder / METADATA[array.metadata.zarr_format]


def _no_array(folder: Path) -> VoxshelfError:
    is_group = (folder / ".zgroup").exists()
    kind = "is a Zarr group" if is_group else "holds no Zarr array: it has neither zarr.json nor .zarray"
    return MagNotFoundError(
        f"{folder} {kind}.", hint="Give the mag's path in the JSON: the folder of the array itself."
    )


def _unusable(file: Path, error: Exception) -> VoxshelfError:
    """What is wrong with a metadata file that zarr-python refused, in words."""
    try:
        document = json.loads(file.read_bytes())
    except (ValueError, RecursionError, OSError):
        return DamagedDataError(f"{file} is not readable JSON.", hint=_HINT, file=file)
    if isinstance(document, dict) and document.get("node_type") == "group":
        return _group(file)
    return DamagedDataError(
        f"{file} does not describe an array that can be read: {_first_line(error)}", hint=_HINT, file=file
    )


def _group(file: Path) -> VoxshelfError:
    return MagNotFoundError(
        f"{file.parent} is a Zarr group.",
        hint="Give the mag's path in the JSON: the folder of the array itself.",
    )


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{lines[0] if lines else type(error).__name__}"
