"""Showing a finished dataset: from the staging folder to its place with one rename, so that nobody sees half of it."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

from voxshelf.errors import NameTakenError
from voxshelf.intake.disk_faults import disk_faults_explained

if TYPE_CHECKING:
    from pathlib import Path

Inode: TypeAlias = tuple[int, int]
"""Device and inode: a folder is still the same one after it was renamed."""


def publish(folder: Path, target: Path) -> None:
    """Move a dataset's folder to its place, on the same file system.

    Raises
    ------
    NameTakenError
        If something of that name is there.
    ReadOnlyError, StoreUnavailableError
        If it cannot be moved there.
    """
    # An empty folder would be replaced without a word.
    if os.path.lexists(target):
        raise name_taken(target)
    with disk_faults_explained(target.parent):
        try:
            folder.rename(target)
        except OSError as error:
            if os.path.lexists(target):
                raise name_taken(target) from error
            raise
        for changed in (target, target.parent):
            _sync(changed)


def inode_of(path: Path) -> Inode | None:
    """The identity of a folder; None where there is none."""
    with suppress(OSError):
        state = path.lstat()
        return (state.st_dev, state.st_ino)
    return None


def name_taken(target: Path) -> NameTakenError:
    """There is something at the place where a dataset should go."""
    return NameTakenError(
        f"There is already a dataset {target.parent.name}/{target.name}.", hint="Choose another name."
    )


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
