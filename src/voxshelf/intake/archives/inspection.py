"""Looking at a ZIP file before a byte of it is unpacked: whole, safe, and with a dataset in it.

Everything that is wrong is reported at once. What is refused: names that lead out of the folder, links and
device files, names that occur twice or differ only in case, encrypted entries, compression that cannot be read,
and *bombs*: entries that overlap or expand out of all proportion.
"""

from __future__ import annotations

import os
import stat
import zipfile
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voxshelf.errors import InvalidDataSourceError
from voxshelf.intake.archives.layout import PROPERTIES_NAME, Layout, find_layout
from voxshelf.intake.archives.names import Parts, is_left_out, safe_parts
from voxshelf.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
_ENCRYPTED = 0x1


@dataclass(frozen=True)
class ArchiveLimits:
    """What an archive may ask for.

    Parameters
    ----------
    entries : int
        Files in it.
    ratio : int
        How many times the archive's own size it may expand to, once that is more than ``harmless`` bytes.
    harmless : int
        Expanded bytes up to which the ratio does not matter.
    """

    entries: int = 1_000_000
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
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, EOFError) as error:
        reason = f"{path.name} is not a whole ZIP file: {error}."
        raise _refused(
            path, [Problem(message=reason, hint="Create the ZIP file anew and upload it again.")]
        ) from error
    problems = list(_check_size(infos, path, limits or ArchiveLimits()))
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
        raise _refused(path, problems)
    return _laid_out(path, files, {info.filename: info.file_size for info in infos})


def _laid_out(path: Path, files: dict[str, Parts], sizes: dict[str, int]) -> ArchiveContents:
    if not files:
        raise _refused(path, [Problem(message="The archive holds no files.")])
    try:
        layout = find_layout(list(files.values()))
    except ValueError as error:
        hint = (
            "Pack the dataset's folder as <layer>/<mag>/header.wkw and <layer>/<mag>/z*/y*/x*.wkw; "
            "other formats have to be converted to WKW first."
        )
        raise _refused(path, [Problem(message=f"The archive cannot be used: {error}.", hint=hint)]) from None
    placed = {name: place for name, parts in files.items() if (place := layout.place(parts)) is not None}
    return ArchiveContents(path, placed, layout, sum(sizes[name] for name in placed))


def _refused(path: Path, problems: list[Problem]) -> InvalidDataSourceError:
    return InvalidDataSourceError(
        f"{path.name} was not unpacked.", hint="Nothing was stored. Mend the places below.", problems=problems
    )


def _check_size(infos: list[zipfile.ZipInfo], path: Path, limits: ArchiveLimits) -> Iterator[Problem]:
    if len(infos) > limits.entries:
        yield Problem(
            message=f"It holds {len(infos):,} files; at most {limits.entries:,} are taken.",
            hint="Pack cubes of 1024³ voxels (32 blocks per side) instead of many small ones.",
        )
    packed = path.stat().st_size
    if sum(info.compress_size for info in infos) > packed:
        yield Problem(message="Its entries overlap: together they claim more bytes than the file has.")
    expanded = sum(info.file_size for info in infos)
    if expanded > max(limits.harmless, limits.ratio * packed):
        yield Problem(
            message=f"It would expand to {expanded:,} bytes, {expanded // max(packed, 1)} times its size.",
            hint="Compress the WKW files themselves before packing them, or copy the folder to the server.",
        )


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
            message=f"This entry uses compression method {info.compress_type}, which cannot be read here.",
            hint="Create the ZIP with ordinary (deflate) compression.",
        )
    return None


def _check_clashes(infos: list[zipfile.ZipInfo]) -> Iterator[Problem]:
    """Names that would meet in one place, also on a file system that ignores case."""
    names = [os.path.normpath(info.filename.replace("\\", "/")) for info in infos if not info.is_dir()]
    for folded, count in Counter(name.casefold() for name in names).items():
        if count > 1:
            written = sorted({name for name in names if name.casefold() == folded})
            how = "occurs twice" if len(written) == 1 else f"differs from {written[1]!r} only in case"
            yield Problem(place=(written[0],), message=f"This name {how}.")
    folders = {parent for name in names for parent in _parents(name)}
    for name in folders.intersection(names):
        yield Problem(place=(name,), message="This name is both a file and a folder.")


def _parents(name: str) -> Iterator[str]:
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name
