"""Compression of a whole mag, file by file: :func:`compress_mag`.

Words used here: compressing *in place* replaces each raw file by its compressed form; compressing to a
*target* makes a second mag folder. Files of one mag may be raw and compressed side by side, every reader goes
by each file's own header; so a compression in place that was killed leaves a mag that reads as before, and
the next call goes on where it stopped.

A copied file gets its source's time of change. That is how a resumed compression to a target knows which
files are finished, and notices those that changed since.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from voxshelf.errors import UnsupportedFormatError
from voxshelf.formats.wkw.blocks import batch_level
from voxshelf.formats.wkw.header import BlockType, WkwHeader
from voxshelf.formats.wkw.locks import locked, replacing, system_errors_explained
from voxshelf.formats.wkw.writer import HEADER_NAME, create_mag_folder, write_header
from voxshelf.formats.wkw.writer_encode import CompressedFile, Encoder
from voxshelf.formats.wkw.writer_pipeline import (
    Cancel,
    Progress,
    in_order,
    raise_if_cancelled,
    usable_cores,
)
from voxshelf.formats.wkw.writer_stored import StoredCube

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["compress_mag", "cube_files"]


def compress_mag(
    folder: Path,
    target: Path | None = None,
    *,
    block_type: BlockType = BlockType.LZ4HC,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> WkwHeader:
    """Compress all files of a mag; what is compressed that way already is left alone.

    Parameters
    ----------
    folder : Path
        The mag folder.
    target : Path, optional
        Where to put the compressed mag; by default it takes the place of the files in ``folder``.
    block_type : BlockType
        ``LZ4HC`` (smaller, slow to write) or ``LZ4`` (quick to write); both read equally fast.
    progress : callable, optional
        Called with ``(done, total)`` blocks.
    cancel : callable, optional
        Asked whether to stop; finished files stay finished.

    Returns
    -------
    WkwHeader
        Of the compressed mag.

    Raises
    ------
    UnsupportedFormatError
        If ``block_type`` is raw.
    NameTakenError
        If ``target`` is a mag with another header.
    DamagedDataError
        If a file is damaged; it stays as it is, and so do those after it.
    OperationCancelledError
        If ``cancel`` said so.
    """
    if block_type == BlockType.RAW:
        raise UnsupportedFormatError(
            "Raw is not a way to compress.", hint="Choose BlockType.LZ4HC or BlockType.LZ4."
        )
    in_place = target is None or target.resolve() == folder.resolve()
    output = folder if target is None or in_place else target
    header = _prepare(folder, output, block_type)
    files = cube_files(folder)
    total = len(files) * header.blocks_per_file
    for number, file in enumerate(files):
        raise_if_cancelled(cancel)
        step = None if progress is None else _step(progress, number * header.blocks_per_file, total)
        if in_place:
            is_new = _compress_in_place(file, header, step, cancel)
        else:
            is_new = _compress_copy(file, output / file.relative_to(folder), header, step, cancel)
        if step is not None and not is_new:
            step(header.blocks_per_file)
    return header


def _prepare(folder: Path, output: Path, block_type: BlockType) -> WkwHeader:
    """Write the header first: then whoever adds a file in the meantime adds it compressed."""
    source = WkwHeader.read(folder / HEADER_NAME).for_mag_folder()
    header = replace(source, block_type=block_type)
    if output != folder:
        create_mag_folder(output, header)
    elif source != header:
        write_header(folder, header)
    return header


def cube_files(folder: Path) -> list[Path]:
    """All cube files ``z*/y*/x*.wkw`` of a mag folder, sorted by name."""
    return sorted(folder.glob("z[0-9]*/y[0-9]*/x[0-9]*.wkw"))


def _step(progress: Progress, done: int, total: int) -> Callable[[int], None]:
    return lambda blocks: progress(done + blocks, total)


def _compress_in_place(
    file: Path, header: WkwHeader, step: Callable[[int], None] | None, cancel: Cancel | None
) -> bool:
    """Compress a file unless it is compressed that way; whether it was not."""
    if WkwHeader.read(file).block_type == header.block_type:
        return False
    with locked(file) as path, system_errors_explained(path):
        # Looked at again now that nobody else can change it; deleted meanwhile is nothing to compress.
        if not path.exists() or WkwHeader.read(path).block_type == header.block_type:
            return False
        _compress_file(path, path, header, step, cancel)
        return True


def _compress_copy(
    file: Path, copy: Path, header: WkwHeader, step: Callable[[int], None] | None, cancel: Cancel | None
) -> bool:
    """Compress a file to a copy unless that is up to date; whether it was not."""
    with locked(copy) as path, system_errors_explained(path):
        changed = file.stat().st_mtime_ns
        is_done = path.exists() and path.stat().st_mtime_ns == changed
        if is_done and WkwHeader.read(path).block_type == header.block_type:
            return False
        # The source is not locked, its folder may be read-only; so look whether somebody wrote meanwhile.
        while True:
            _compress_file(file, path, header, step, cancel)
            before, changed = changed, file.stat().st_mtime_ns
            if changed == before:
                break
        os.utime(path, ns=(changed, changed))
        return True


def _compress_file(
    source: Path, path: Path, header: WkwHeader, step: Callable[[int], None] | None, cancel: Cancel | None
) -> None:
    """Write ``source``'s blocks compressed to ``path``; the caller holds the locks."""
    encoder = Encoder(header)
    count = 8 ** batch_level(header)
    with ExitStack() as stack:
        stored = stack.enter_context(StoredCube(source, header))

        def encode(first: int) -> list[bytes]:
            decoded = np.frombuffer(stored.decoded_run(first, count), dtype=np.uint8)
            return encoder.encode(decoded)

        replacement = stack.enter_context(replacing(path))
        output = CompressedFile(replacement.file, header, encoder)
        firsts = range(0, header.blocks_per_file, count)
        threads = usable_cores() if len(firsts) > 1 else 1
        for first, blocks in zip(
            firsts, in_order(encode, firsts, threads=threads, cancel=cancel), strict=True
        ):
            output.append(blocks)
            if step is not None:
                step(first + count)
        output.finish()
