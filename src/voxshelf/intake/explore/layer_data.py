"""What the data of one layer says about itself: headers and cubes of its mags.

All mags of a layer must hold the same voxel type and the same number of channels. A mag that cannot be read or
does not fit is left out, with a problem that says why; the others are kept.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voxshelf.errors import VoxshelfError
from voxshelf.formats.wkw import WkwHeader
from voxshelf.intake.explore.cubes import cube_extent, find_link
from voxshelf.intake.explore.folders import holds_file
from voxshelf.intake.folder_problems import read_problem
from voxshelf.model import BoundingBox, Mag, Place, Problem, Severity

if TYPE_CHECKING:
    from pathlib import Path

    from voxshelf.intake.explore.folders import LayerFolder, MagFolder


__all__ = ["LayerData", "MagData", "look_at_layer"]

_USUAL_BLOCK_LEN = 32


@dataclass(frozen=True, slots=True)
class MagData:
    """One mag as found on disk.

    Attributes
    ----------
    extent : BoundingBox or None
        The box around its cube files, in its own voxels; None where it has none.
    """

    mag: Mag
    path: Path
    header: WkwHeader
    extent: BoundingBox | None


@dataclass
class LayerData:
    """One layer as found on disk.

    Attributes
    ----------
    mags : list of MagData
        Those that fit together, from fine to coarse.
    problems : list of Problem
        What is wrong with the others, and what is odd.
    """

    name: str
    mags: list[MagData] = field(default_factory=list)
    mappings: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    @property
    def header(self) -> WkwHeader:
        """The header of the finest mag."""
        return self.mags[0].header

    def bounding_box(self) -> tuple[BoundingBox, bool] | None:
        """The box around all cubes of all mags, in Mag-1 voxels, and whether coarser mags widened it.

        Cube files have a fixed side, so a coarse mag's last cube reaches further over the data's end than a fine
        mag's. What lies within that rounding adds nothing; a coarse cube beyond it does.
        """
        boxes = [(entry, entry.extent.from_mag(entry.mag)) for entry in self.mags if entry.extent is not None]
        if not boxes:
            return None
        (_, box), widened = boxes[0], False
        for entry, extent in boxes[1:]:
            side = entry.header.cube_len
            grid = Mag(tuple(side * factor for factor in entry.mag))
            if not box.aligned_to(grid).contains(extent):
                box, widened = box.union(extent), True
        return box, widened


def look_at_layer(folder: LayerFolder, *, links_within: bool = True) -> LayerData:
    """Read the headers of all mags and list their cubes; never raises.

    ``links_within``: whether a mag whose own files or folders are links is looked at.
    """
    data = LayerData(folder.name, mappings=folder.mappings)
    place: Place = ("layers", folder.name, "mags")
    for entry in folder.mags:
        if any(entry.mag == known.mag for known in data.mags):
            data.problems.append(
                Problem(
                    place=place,
                    message=f"Mag {entry.mag} has a second folder, {entry.path}, which is left out.",
                    hint="Keep one of them.",
                    severity=Severity.WARNING,
                )
            )
            continue
        if not links_within and (link := find_link(entry.path)) is not None:
            data.problems.append(_link_problem(entry, link, place))
            continue
        header = _read_header(entry, place, data.problems)
        if header is None or not _fits(entry, header, data, place):
            continue
        extent = cube_extent(entry.path, header.cube_len, data.problems)
        if extent is None:
            data.problems.append(
                Problem(
                    place=place,
                    message=f"Mag {entry.mag} holds no cube file: {entry.path} has only a header.",
                    hint="It reads as 0 everywhere.",
                    severity=Severity.WARNING,
                )
            )
        data.mags.append(MagData(entry.mag, entry.path, header, extent))
    _note_block_sides(data, place)
    return data


def _read_header(entry: MagFolder, place: Place, problems: list[Problem]) -> WkwHeader | None:
    path = entry.path / "header.wkw"
    try:
        mode = path.stat().st_mode
        # A pipe of that name would be waited for without end.
        if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
            return WkwHeader.read(path)
        message, hint = f"{path} is no file.", "Copy the header.wkw of the mag from its source."
    except FileNotFoundError:
        message, hint = _without_header(entry.path)
    except VoxshelfError as error:
        message, hint = error.what, error.hint
    except OSError as error:
        problem = read_problem(str(path), error)
        message, hint = problem.message, problem.hint
    problems.append(Problem(place=place, message=f"Mag {entry.mag} is left out: {message}", hint=hint))
    return None


def _without_header(folder: Path) -> tuple[str, str]:
    """What is wrong with a mag's folder that has no header, and what to do about it."""
    if holds_file(folder, "zarr.json") or holds_file(folder, ".zarray"):
        hint = "Describe its layer in a datasource-properties.json (dataFormat zarr or zarr3), or convert it to WKW."
        return f"{folder} is a Zarr array.", hint
    return (
        f"{folder} has no header.wkw.",
        "Copy the header.wkw of the mag from its source; voxshelf imports WKW only.",
    )


def _link_problem(entry: MagFolder, link: str, place: Place) -> Problem:
    return Problem(
        place=place,
        message=f"Mag {entry.mag} is left out: {link} is a symbolic link, which this store does not follow within "
        "a mag.",
        hint="Link the whole mag, layer or dataset folder, or put the files themselves there.",
    )


def _fits(entry: MagFolder, header: WkwHeader, data: LayerData, place: Place) -> bool:
    """Whether the mag holds the same kind of voxels as the finest one."""
    if not data.mags:
        return True
    first = data.mags[0]
    if (header.dtype, header.num_channels) == (first.header.dtype, first.header.num_channels):
        return True
    data.problems.append(
        Problem(
            place=place,
            message=f"Mag {entry.mag} is left out: it holds {_voxels(header)}, but mag {first.mag} holds "
            f"{_voxels(first.header)}.",
            hint="All mags of a layer need the same voxel type and channels; downsample again, or remove the folder.",
        )
    )
    return False


def _voxels(header: WkwHeader) -> str:
    channels = "1 channel" if header.num_channels == 1 else f"{header.num_channels} channels"
    return f"{header.dtype.name} with {channels}"


def _note_block_sides(data: LayerData, place: Place) -> None:
    unusual = [entry for entry in data.mags if entry.header.block_len != _USUAL_BLOCK_LEN]
    if unusual:
        sides = ", ".join(f"{entry.header.block_len} in mag {entry.mag}" for entry in unusual)
        data.problems.append(
            Problem(
                place=place,
                message=f"The block side is {sides}; most tools write {_USUAL_BLOCK_LEN}.",
                hint="voxshelf reads it; other tools may not.",
                severity=Severity.INFO,
            )
        )
