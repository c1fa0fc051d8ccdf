"""Where the dataset lies in an archive, and where its files belong.

People pack a dataset with or without its own folder, sometimes one level too deep or too shallow. The *prefix*
is what is stripped from every name; the *destination* is put in front instead: WKW files without a layer folder
go to ``color``, without a mag folder to ``color/1``, as in the upload of the original. A folder with
``datasource-properties.json`` is the dataset's own, whatever lies around it. A layer's name is never stripped.
Folders of images beside WKW layers are refused: somebody expects them to become layers too, which they would not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voxshelf.intake.archives.names import Parts

PROPERTIES_NAME = "datasource-properties.json"
_HEADER_NAME = "header.wkw"
_MAG_FOLDER = re.compile(r"\d+|\d+-\d+-\d+")
_CUBE = (re.compile(r"z\d+"), re.compile(r"y\d+"), re.compile(r"x\d+\.wkw"))
_OTHER_FORMATS = {".zarray", "zarr.json", "attributes.json", "info", ".zgroup"}
_IMAGES = {"tif", "tiff", "png", "jpg", "jpeg", "bmp", "dm3", "dm4", "czi", "nii", "mrc"}
_NEVER_STRIPPED = {"color", "segmentation"}


@dataclass(frozen=True)
class Layout:
    """How names in the archive become names in the dataset folder.

    Parameters
    ----------
    prefix : tuple of str
        The folders that are stripped.
    destination : tuple of str
        The folders put in front instead.
    notes : tuple of str
        What was done beyond unpacking, as sentences for a person.
    """

    prefix: Parts = ()
    destination: Parts = ()
    notes: tuple[str, ...] = ()

    def place(self, parts: Parts) -> Parts | None:
        """The file's place in the dataset folder; None where it lies outside of the dataset."""
        depth = len(self.prefix)
        if parts[:depth] != self.prefix or len(parts) == depth:
            return None
        return (*self.destination, *parts[depth:])


def find_layout(files: Sequence[Parts]) -> Layout:
    """Find the dataset among the files of an archive.

    Raises
    ------
    ValueError
        If there is none, or more than one; the message says what was found instead.
    """
    with_json = sorted((parts for parts in files if parts[-1] == PROPERTIES_NAME), key=len)
    if with_json:
        return _around_json(with_json, files)
    mags = sorted({folder for parts in files if (folder := _mag_folder(parts)) is not None})
    if mags:
        layout = _around_mags(mags)
        _refuse_images(layout, mags, files)
        return layout
    if any(parts[-1] in _OTHER_FORMATS for parts in files):
        return _noted(_common_prefix(files))
    raise ValueError(_what_is_there(files))


def _around_json(with_json: list[Parts], files: Sequence[Parts]) -> Layout:
    prefix = with_json[0][:-1]
    rivals = [parts for parts in with_json[1:] if parts[: len(prefix)] != prefix]
    if rivals:
        raise ValueError(_several(sorted({"/".join(parts[:-1]) for parts in (with_json[0], *rivals)})))
    outside = sum(parts[: len(prefix)] != prefix for parts in files)
    layout = _noted(prefix)
    if outside:
        note = f"{outside} file(s) beside the dataset's folder were left out."
        return Layout(prefix, (), (*layout.notes, note))
    return layout


def _mag_folder(parts: Parts) -> Parts | None:
    """The folder of the mag that a WKW file belongs to; None for other files."""
    if parts[-1] == _HEADER_NAME:
        return parts[:-1]
    if len(parts) >= 3 and all(form.fullmatch(part) for form, part in zip(_CUBE, parts[-3:], strict=True)):
        return parts[:-3]
    return None


def _around_mags(mags: Iterable[Parts]) -> Layout:
    roots = {_dataset_of(mag) for mag in mags}
    if len(roots) == 1:
        ((prefix, destination),) = roots
        if not destination:
            return _noted(prefix)
        what = "layer" if destination == ("color",) else "layer and mag"
        target = "/".join(destination)
        return Layout(
            prefix, destination, (f"There was no {what} folder: the files were put into {target}.",)
        )
    raise ValueError(_several(sorted("/".join(prefix) or "(top)" for prefix, _ in roots)))


def _refuse_images(layout: Layout, mags: Iterable[Parts], files: Sequence[Parts]) -> None:
    """Raise if there are folders of images among the layers."""
    depth = len(layout.prefix)
    layers = {mag[: depth + 1] for mag in mags}
    strays = {
        "/".join(parts[:-1])
        for parts in files
        if len(parts) > depth + 1
        and parts[: depth + 1] not in layers
        and parts[-1].rpartition(".")[2].lower() in _IMAGES
    }
    if strays:
        raise ValueError(
            f"it holds images ({', '.join(sorted(strays)[:5])}) beside WKW data; pack WKW data only"
        )


def _dataset_of(mag: Parts) -> tuple[Parts, Parts]:
    """Prefix and destination that put this mag's folder at ``<layer>/<mag>``."""
    if not mag or not _MAG_FOLDER.fullmatch(mag[-1]):
        return mag, ("color", "1")
    return (mag[:-2], ()) if len(mag) > 1 else ((), ("color",))


def _common_prefix(files: Sequence[Parts]) -> Parts:
    first, last = min(files)[:-1], max(files)[:-1]
    shared = [a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))]
    return tuple(takewhile(lambda part: part not in _NEVER_STRIPPED, shared))


def _noted(prefix: Parts) -> Layout:
    notes = (f"The dataset was taken from the folder {'/'.join(prefix)!r} of the archive.",) if prefix else ()
    return Layout(prefix, (), notes)


def _several(folders: list[str]) -> str:
    return f"it holds several datasets ({', '.join(folders[:5])}); upload each in a ZIP file of its own"


def _what_is_there(files: Sequence[Parts]) -> str:
    endings = sorted({f".{parts[-1].rpartition('.')[2]}" for parts in files if "." in parts[-1]})
    found = (
        f"files ending in {', '.join(endings[:6])}" if endings else f"{len(files)} file(s) of unknown kind"
    )
    return f"no WKW data was found in it (no header.wkw and no z*/y*/x*.wkw), only {found}"
