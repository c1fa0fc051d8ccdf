"""Looking at a ZIP file before a byte of it is unpacked: whole, safe, and with a dataset in it.

Everything that is wrong is reported at once. What is refused: names that lead out of the folder, links and
device files, names that occur twice or differ only in case, encrypted entries, compression that cannot be
unpacked in constant memory, and *bombs*: entries that overlap or expand out of all proportion, and lists of
entries that would fill the memory.
"""

from __future__ import annotations

import os
import stat
import unicodedata
import zipfile
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from voxshelf.errors import InvalidDataSourceError
from voxshelf.intake.archives.directory import other_archive, read_end
from voxshelf.intake.archives.layout import PROPERTIES_NAME, Layout, find_layout
from voxshelf.intake.archives.names import Parts, is_left_out, safe_parts
from voxshelf.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# zipfile expands what it has read of a bzip2 or LZMA entry as a whole: a kilobyte may become gigabytes of memory.
_READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_COMPRESSIONS = {9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "xz", 98: "PPMd"}
_ENCRYPTED = 0x1 | 0x40 | 0x2000  # with the old scheme, the strong one, and with its names hidden
_LOCAL_HEADER = 30
_MOST_PROBLEMS = 100


@dataclass(frozen=True)
class ArchiveLimits:
    """What an archive may ask for.

    Parameters
    ----------
    entries : int
        Files in it.
    directory : int
        Bytes of the list of its entries, which is held in memory.
    ratio : int
        How many times the archive's own size it may expand to, once that is more than ``harmless`` bytes.
    harmless : int
        Expanded bytes up to which the ratio does not matter.
    """

    entries: int = 250_000
    directory: int = 64 << 20
    ratio: int = 200
    harmless: int = 1 << 30


@dataclass(frozen=True)
class ArchiveContents:
    """An archive that was found good.

    Parameters
    ----------
    path : Path
        The ZIP file.
    files : dict
        Entry name in the archive → place in the dataset folder.
    layout : Layout
        What is stripped and moved, with notes.
    expanded_bytes : int
        The sum of all files unpacked.
    """

    path: Path
    files: dict[str, Parts]
    layout: Layout
    expanded_bytes: int

    @property
    def has_properties(self) -> bool:
        """Whether the dataset brings its own ``datasource-properties.json``."""
        return (PROPERTIES_NAME,) in self.files.values()


def inspect_archive(path: Path, limits: ArchiveLimits | None = None) -> ArchiveContents:
    """Check a ZIP file and find the dataset in it.

    Parameters
    ----------
    path : Path
        A complete ZIP file on disk.
    limits : ArchiveLimits, optional
        What it may ask for.

    Raises
    ------
    InvalidDataSourceError
        With every problem found; nothing was unpacked.
    """
    limits = limits or ArchiveLimits()
    infos = _entries(path, limits)
    problems = [*_check_size(infos, path, limits), *_check_overlaps(infos)]
    files: dict[str, Parts] = {}
    for info in infos:
        if info.is_dir():
            continue
        problem = _check_entry(info)
        if problem is not None:
            problems.append(problem)
        elif not is_left_out(parts := safe_parts(info.filename)):
            files[info.filename] = parts
    problems.extend(_check_clashes(infos))
    if problems:
        raise _refused(problems)
    return _laid_out(path, files, {info.filename: info.file_size for info in infos})


def _entries(path: Path, limits: ArchiveLimits) -> list[zipfile.ZipInfo]:
    """The list of entries, if it is one and not too long."""
    claim = read_end(path)
    if claim is not None and (claim.entries > limits.entries or claim.size > limits.directory):
        raise _refused([_too_many(claim.entries, limits)])
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError) as error:
        raise _refused([_no_zip(path, error)]) from error


def _no_zip(path: Path, error: Exception) -> Problem:
    kind = other_archive(path)
    if kind:
        return Problem(
            message=f"This is {kind}, not a ZIP file.", hint="Pack the dataset's folder as a ZIP file."
        )
    return Problem(
        message=f"This is not a whole ZIP file: {str(error).rstrip('.')}.",
        hint="Create the ZIP file anew and upload it again.",
    )


def _laid_out(path: Path, files: dict[str, Parts], sizes: dict[str, int]) -> ArchiveContents:
    if not files:
        raise _refused([Problem(message="The archive holds no files.")])
    try:
        layout = find_layout(list(files.values()))
    except ValueError as error:
        hint = (
            "Pack the dataset's folder as <layer>/<mag>/header.wkw and <layer>/<mag>/z*/y*/x*.wkw; "
            "other formats have to be converted to WKW first."
        )
        raise _refused([Problem(message=f"The archive cannot be used: {error}.", hint=hint)]) from None
    placed = {name: place for name, parts in files.items() if (place := layout.place(parts)) is not None}
    return ArchiveContents(path, placed, layout, sum(sizes[name] for name in placed))


def _refused(problems: list[Problem]) -> InvalidDataSourceError:
    shown = problems[:_MOST_PROBLEMS]
    if len(problems) > len(shown):
        shown.append(Problem(message=f"There are {len(problems) - len(shown):,} more like these."))
    return InvalidDataSourceError(
        "The archive was not unpacked.", hint="Nothing was stored. Mend the places below.", problems=shown
    )


def _check_size(infos: list[zipfile.ZipInfo], path: Path, limits: ArchiveLimits) -> Iterator[Problem]:
    if len(infos) > limits.entries:
        yield _too_many(len(infos), limits)
    packed = path.stat().st_size
    expanded = sum(info.file_size for info in infos)
    if expanded > max(limits.harmless, limits.ratio * packed):
        yield Problem(
            message=f"It would expand to {expanded:,} bytes, {expanded // max(packed, 1)} times its size.",
            hint="Compress the WKW files themselves before packing them, or copy the folder to the server.",
        )


def _too_many(entries: int, limits: ArchiveLimits) -> Problem:
    return Problem(
        message=f"It holds {entries:,} files; at most {limits.entries:,} are taken.",
        hint="Pack cubes of 1024³ voxels (32 blocks per side) instead of many small ones.",
    )


def _check_overlaps(infos: list[zipfile.ZipInfo]) -> Iterator[Problem]:
    """Entries that share bytes: with them a small file expands to any size."""
    in_order = sorted(infos, key=lambda info: info.header_offset)
    for info, following in pairwise(in_order):
        if following.header_offset < info.header_offset + _LOCAL_HEADER + info.compress_size:
            yield Problem(
                place=(info.filename[:200],),
                message=f"This entry overlaps with {following.filename[:200]!r}.",
                hint="Create the ZIP file anew.",
            )
            return  # a bomb has thousands of them


def _check_entry(info: zipfile.ZipInfo) -> Problem | None:
    """What is wrong with one entry; None where nothing is."""
    place = (info.filename[:200],)
    try:
        safe_parts(info.filename)
    except ValueError as error:
        return Problem(place=place, message=f"This entry is refused: {error}.")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return Problem(
            place=place,
            message="This entry is a link or a device, not a file.",
            hint="Pack the files themselves (zip without -y).",
        )
    if info.flag_bits & _ENCRYPTED:
        return Problem(
            place=place, message="This entry is encrypted.", hint="Create the ZIP without a password."
        )
    if info.compress_type not in _READABLE:
        return Problem(
            place=place,
            message=f"This entry uses {_compression(info)}, which is not taken.",
            hint="Create the ZIP with ordinary (deflate) compression, or without any.",
        )
    return None


def _compression(info: zipfile.ZipInfo) -> str:
    name = _COMPRESSIONS.get(info.compress_type)
    return f"{name} compression" if name else f"compression method {info.compress_type}"


def _check_clashes(infos: list[zipfile.ZipInfo]) -> Iterator[Problem]:
    """Names that would meet in one place, also on a file system that ignores case or how an accent is written."""
    names = [os.path.normpath(info.filename.replace("\\", "/")) for info in infos if not info.is_dir()]
    folded = [_folded(name) for name in names]
    for place, count in Counter(folded).items():
        if count > 1:
            written = sorted({name for name, same in zip(names, folded, strict=True) if same == place})
            how = "occurs twice" if len(written) == 1 else f"differs from {written[1]!r} only in case"
            yield Problem(place=(written[0],), message=f"This name {how}.")
    folders = {parent for name in folded for parent in _parents(name)}
    for name in sorted({name for name, place in zip(names, folded, strict=True) if place in folders}):
        yield Problem(place=(name,), message="This name is both a file and a folder.")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _parents(name: str) -> Iterator[str]:
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name
