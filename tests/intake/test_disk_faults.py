"""A disk that refuses is told in words that help."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from voxshelf.errors import ReadOnlyError, StoreUnavailableError, VoxshelfError
from voxshelf.intake.disk_faults import disk_faults_explained


@pytest.mark.parametrize(
    ("code", "error", "advice"),
    [
        (errno.ENOSPC, StoreUnavailableError, "empty the trash"),
        (errno.EDQUOT, StoreUnavailableError, "empty the trash"),
        (errno.EROFS, ReadOnlyError, "right to write"),
        (errno.EACCES, ReadOnlyError, "right to write"),
        (errno.EIO, StoreUnavailableError, "Check the disk"),
    ],
)
def test_each_refusal_of_the_disk_comes_with_advice(
    code: int, error: type[VoxshelfError], advice: str
) -> None:
    with pytest.raises(error) as caught, disk_faults_explained(Path("data")):
        raise OSError(code, os.strerror(code))
    assert advice in caught.value.hint
    assert "data" in caught.value.what
