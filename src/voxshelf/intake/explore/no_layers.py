"""What to tell when a folder holds no layer: what was expected, what is there, and what would mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.intake.explore.folders import holds_file, look_into
from voxshelf.model import Place, Problem

if TYPE_CHECKING:
    from pathlib import Path

    from voxshelf.intake.explore.folders import Contents

__all__ = ["explain_no_layers"]

_IMAGES = {
    ".tif",
    ".tiff",
    ".png",
    ".jpg",
    ".jpeg",
    ".bmp",
    ".dm3",
    ".dm4",
    ".mrc",
    ".nii",
    ".gz",
    ".czi",
    ".nd2",
}
_ARCHIVES = {".zip", ".tar", ".tgz", ".rar", ".7z"}
_ZARR_MARKS = {".zarray", ".zgroup", ".zattrs", "zarr.json"}
_EXPECTED = (
    "Expected are folders like color/1/header.wkw: a layer's folder, in it one folder per mag (1, 2-2-1)."
)


def explain_no_layers(folder: Path, contents: Contents) -> Problem:
    """The one problem that says why ``folder`` is no dataset yet; nothing is moved."""
    return (
        _misplaced(folder, contents)
        or _other_format(folder, contents)
        or _nested(folder, contents)
        or Problem(
            message=f"No layer was found in {folder}. {_EXPECTED} Found: {_inventory(contents)}.",
            hint="Put the layers' folders there, or choose another folder.",
        )
    )


def _misplaced(folder: Path, contents: Contents) -> Problem | None:
    """WKW data one or two levels too high."""
    if contents.loose_mags:
        mags = ", ".join(contents.loose_mags)
        return Problem(
            message=f"The mag folders {mags} lie directly in {folder}. {_EXPECTED}",
            hint=f"Make a folder for the layer and move them there: {folder / 'color' / contents.loose_mags[0]}.",
        )
    if "header.wkw" in contents.files:
        return Problem(
            message=f"header.wkw lies directly in {folder}, so the folder is a single mag. {_EXPECTED}",
            hint=f"Move header.wkw and the z folders to {folder / 'color' / '1'}.",
        )
    for name in contents.other_folders:
        if holds_file(folder / name, "header.wkw"):
            return Problem(
                place=_place(name),
                message=f"header.wkw lies in {folder / name}, where only mag folders belong. {_EXPECTED}",
                hint=f"Move header.wkw and the z folders to {folder / name / '1'}.",
            )
    return None


def _other_format(folder: Path, contents: Contents) -> Problem | None:
    """Data that has to be converted or unpacked first."""
    found = f"No layer was found in {folder}. {_EXPECTED} Found: {_inventory(contents)}."
    inner = [folder, *(folder / name for name in contents.other_folders)]
    if any(holds_file(place, mark) for place in inner for mark in _ZARR_MARKS):
        return Problem(
            message=found, hint="This looks like Zarr; voxshelf imports WKW folders. Convert it to WKW first."
        )
    if _IMAGES & set(contents.suffixes):
        return Problem(message=found, hint="These are images: convert them to WKW, then import the result.")
    if _ARCHIVES & set(contents.suffixes):
        return Problem(message=found, hint="Unpack the archive, or upload it as it is.")
    if ".raw" in contents.suffixes:
        return Problem(message=found, hint="This may be KNOSSOS or raw data: convert it to WKW first.")
    return None


def _nested(folder: Path, contents: Contents) -> Problem | None:
    """A dataset in one more folder than expected, as archives unpack."""
    for name in contents.other_folders:
        inner = look_into(folder / name)
        if inner.layers:
            layers = ", ".join(layer.name for layer in inner.layers)
            return Problem(
                place=_place(name),
                message=f"The layers ({layers}) lie one level too deep, in {folder / name}.",
                hint=f"Move what is in {folder / name} one level up, into {folder}.",
            )
    return None


def _place(name: str) -> Place:
    return ("layers", name)


def _inventory(contents: Contents) -> str:
    """What is there, in a few words."""
    parts = [
        f"{count} {suffix} file{'s' if count > 1 else ''}"
        for suffix, count in contents.suffixes.most_common(5)
    ]
    if contents.other_folders:
        shown = ", ".join(contents.other_folders[:5])
        more = len(contents.other_folders) - 5
        parts.append(f"folders {shown}{f' and {more} more' if more > 0 else ''}")
    return "; ".join(parts) or "nothing"
