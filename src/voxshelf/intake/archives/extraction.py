"""Unpacking an inspected ZIP file into a staging folder, in constant memory.

Every byte is counted while it is written, checksums are checked by :mod:`zipfile`, and files get plain rights
(what an archive says about rights, owners and times is not taken over). The caller owns the folder: on an error
it is the caller that removes it.
"""

from __future__ import annotations

import os
import shutil
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from voxshelf.errors import DamagedDataError, OperationCancelledError, StoreUnavailableError
from voxshelf.intake.archives.confinement import refuse_paths_outside
from voxshelf.intake.archives.layout import PROPERTIES_NAME
from voxshelf.intake.disk_faults import disk_faults_explained

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from voxshelf.intake.archives.inspection import ArchiveContents

_CHUNK = 1 << 20
_JSON = (PROPERTIES_NAME,)


def require_free_space(folder: Path, wanted: int, *, reserve: int = 256 << 20) -> None:
    """Make sure that ``wanted`` bytes fit on the disk under ``folder`` and ``reserve`` stay free.

    Raises
    ------
    StoreUnavailableError
        If they do not.
    """
    free = shutil.disk_usage(folder).free
    if wanted + reserve > free:
        raise StoreUnavailableError(
            f"There is not enough room: {wanted:,} bytes are needed and {max(0, free - reserve):,} are free.",
            hint="Delete datasets that are no longer needed (and empty the trash), or ask for a larger disk.",
        )


def extract_archive(
    contents: ArchiveContents,
    target: Path,
    *,
    progress: Callable[[int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> None:
    """Unpack into ``target``, which must not exist yet.

    Parameters
    ----------
    contents : ArchiveContents
        What :func:`~voxshelf.intake.archives.inspect_archive` found good.
    target : Path
        The dataset folder to make.
    progress : callable, optional
        Called with the number of bytes just written.
    cancel : callable, optional
        Asked before every chunk; True stops.

    Raises
    ------
    DamagedDataError
        If an entry's bytes do not match its checksum or cannot be expanded.
    InvalidDataSourceError
        If the dataset's JSON leads out of its folder.
    StoreUnavailableError
        If the disk is too full, or gone.
    ReadOnlyError
        If the folder cannot be written.
    OperationCancelledError
        If ``cancel`` said so.
    """
    with disk_faults_explained(target):
        require_free_space(target.parent, contents.expanded_bytes)
        target.mkdir()
        made = {target}
        with zipfile.ZipFile(contents.path) as archive:
            # The JSON first: what it says may speak against the rest.
            for name, place in sorted(contents.files.items(), key=lambda entry: entry[1] != _JSON):
                path = target.joinpath(*place)
                if path.parent not in made:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    made.add(path.parent)
                with _damage_explained(name, contents.path):
                    _write_entry(archive, name, path, progress, cancel)
                if place == _JSON:
                    refuse_paths_outside(target)


@contextmanager
def _damage_explained(name: str, path: Path) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise DamagedDataError(
            f"{name!r} in the archive is damaged: {str(error).rstrip('.')}.",
            hint="Create the ZIP file anew and upload it again.",
            file=path,
        ) from error


def _write_entry(
    archive: zipfile.ZipFile,
    name: str,
    path: Path,
    progress: Callable[[int], None] | None,
    cancel: Callable[[], bool] | None,
) -> None:
    with archive.open(name) as source, path.open("xb") as sink:
        while chunk := source.read(_CHUNK):
            if cancel is not None and cancel():
                raise OperationCancelledError("Unpacking was cancelled.", hint="Nothing was stored.")
            sink.write(chunk)
            if progress is not None:
                progress(len(chunk))
        sink.flush()
        os.fsync(sink.fileno())
