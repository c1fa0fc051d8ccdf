"""WKW folders within a dataset that its JSON does not mention: nobody ever sees them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from voxshelf.dataset import find_mag_folder
from voxshelf.errors import VoxshelfError
from voxshelf.model import Mag, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from voxshelf.model import LayerProperties

_HEADER_NAME = "header.wkw"


def find_strays(folder: Path, layers: Sequence[LayerProperties]) -> Iterator[Problem]:
    """Mags and layers on the disk that the JSON does not list."""
    listed = {place.resolve() for layer in layers for place in _listed(folder, layer)}
    names = {layer.name: index for index, layer in enumerate(layers)}
    for home in _folders_in(folder):
        strays = [mag.name for mag in _mag_folders(home) if mag.resolve() not in listed]
        if not strays:
            continue
        if home.name in names:
            yield Problem(
                place=("dataLayers", names[home.name], "mags"),
                message=f"{home} holds mags that the JSON does not list: {', '.join(strays)}. They are never read.",
                hint="List them under mags, or remove their folders.",
                severity=Severity.WARNING,
            )
        elif len(strays) == len(_mag_folders(home)):
            yield Problem(
                place=("dataLayers",),
                message=f"{home} looks like a layer ({', '.join(strays)}), but the JSON has none of that name.",
                hint="Add it as a layer, or remove the folder.",
                severity=Severity.WARNING,
            )


def _listed(folder: Path, layer: LayerProperties) -> Iterator[Path]:
    for entry in layer.mags:
        with suppress(VoxshelfError):  # a remote address
            yield find_mag_folder(folder, layer, entry)


def _mag_folders(home: Path) -> list[Path]:
    return [place for place in _folders_in(home) if _is_mag(place.name) and (place / _HEADER_NAME).is_file()]


def _is_mag(name: str) -> bool:
    try:
        Mag(name)
    except ValueError:
        return False
    return True


def _folders_in(folder: Path) -> list[Path]:
    try:
        return sorted(
            place for place in folder.iterdir() if not place.name.startswith(".") and place.is_dir()
        )
    except OSError:
        return []
