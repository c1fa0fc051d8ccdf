"""Are the bytes that arrived those that were sent?"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from voxshelf.errors import DamagedDataError, OperationCancelledError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_CHUNK = 4 << 20


def check_sum(path: Path, sha256: str, is_cancelled: Callable[[], bool]) -> None:
    """Compare a file with its checksum.

    Raises
    ------
    DamagedDataError
        If it is another one.
    OperationCancelledError
        If ``is_cancelled`` said so.
    """
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            if is_cancelled():
                raise OperationCancelledError("Checking was cancelled.", hint="Nothing was stored.")
            digest.update(chunk)
    if digest.hexdigest() != sha256:
        raise DamagedDataError(
            "The bytes that arrived are not those that were announced: the SHA-256 checksum differs.",
            hint="Send the file again.",
            file=path,
        )
