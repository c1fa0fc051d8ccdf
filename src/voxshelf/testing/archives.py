"""ZIP files for tests, with datasets made by :mod:`voxshelf.testing.folders`."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from voxshelf.testing.folders import write_dataset

if TYPE_CHECKING:
    from collections.abc import Mapping


def pack(files: Mapping[str, bytes]) -> bytes:
    """A ZIP file with these entries, by name."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return sink.getvalue()


def packed_dataset(
    *, within: str = "great", layers: Mapping[str, str] | None = None, with_json: bool = True
) -> bytes:
    """A ZIP file with one dataset, in a folder of its own as people pack it."""
    with tempfile.TemporaryDirectory() as place:
        folder = write_dataset(Path(place), "lab/any", layers=layers, with_json=with_json)
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        return pack({f"{within}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in files})
