"""A large archive goes through in constant memory."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MEBIBYTE = 1 << 20
SIZE = 192 * MEBIBYTE

# In a process of its own: the highest memory that a process ever had never sinks again.
SEND = """
import os, resource, sys, zipfile
from pathlib import Path
from voxshelf.intake.uploads import UploadStaging

root, cubes, piece = Path(sys.argv[1]), int(sys.argv[2]), 4 << 20
noise = os.urandom(1 << 20)
with zipfile.ZipFile(root / "large.zip", "w", zipfile.ZIP_STORED) as archive:
    archive.writestr("ds/color/1/header.wkw", b"header")
    for number in range(cubes):
        with archive.open(f"ds/color/1/z0/y0/x{number}.wkw", "w") as sink:
            for _ in range(64):
                sink.write(noise)

def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

before = memory()
staging = UploadStaging(root / "data")
size = (root / "large.zip").stat().st_size
info = staging.begin("lab", "large", size)
with (root / "large.zip").open("rb") as source:
    while data := source.read(piece):
        info = staging.append(info.id, info.offset, data)
contents = staging.unpack(info.id)
staging.publish(info.id)
staging.forget(info.id)
print(contents.expanded_bytes, memory() - before)
"""


def test_a_large_archive_takes_no_more_memory_than_a_few_pieces(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SEND, str(tmp_path), str(SIZE // (64 * MEBIBYTE))]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    expanded, memory = map(int, done.stdout.split())
    assert expanded > SIZE
    assert memory < 24 * MEBIBYTE
