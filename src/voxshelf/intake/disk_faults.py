"""What to do when the disk refuses: is it full, is it read-only, or is it gone?"""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from voxshelf.errors import ReadOnlyError, StoreUnavailableError, VoxshelfError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def disk_faults_explained(folder: Path) -> Iterator[None]:
    """Say what a person can do about it when something below ``folder`` cannot be written.

    Raises
    ------
    ReadOnlyError
        If writing is not allowed there.
    StoreUnavailableError
        If the disk is full, or does not answer.
    """
    try:
        yield
    except VoxshelfError:  # one of them is an OSError too
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno in _FORBIDDEN:
            raise ReadOnlyError(
                f"{folder} cannot be written: {reason}.",
                hint="Ask whoever owns that folder for the right to write in it.",
            ) from error
        if error.errno in _FULL:
            raise StoreUnavailableError(
                f"There is no room left in {folder}: {reason}.",
                hint="Delete what is no longer needed (and empty the trash), or ask for a larger disk; then try again.",
            ) from error
        raise StoreUnavailableError(
            f"{folder} cannot be used now: {reason}.",
            hint="Check the disk or the network mount, then try again.",
        ) from error
