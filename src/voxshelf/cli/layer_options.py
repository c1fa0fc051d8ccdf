"""Reading the values of options about data: voxel sizes, and ``LAYER=VALUE``. What cannot be read is wrong usage."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import typer

from voxshelf.model import LengthUnit, VoxelSize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["first_line", "read_layer_values", "read_segment_id", "read_voxel_size"]


def read_voxel_size(text: str, unit: str | None) -> VoxelSize:
    """Read ``x,y,z``; the unit is nanometer where none is given.

    Raises
    ------
    typer.BadParameter
        If it cannot be read.
    """
    try:
        edges = [float(part) for part in text.split(",")]
    except ValueError:
        edges = []
    if len(edges) != 3 or not all(0 < edge < math.inf for edge in edges):
        raise typer.BadParameter(f"--voxel-size {text!r}: write three numbers x,y,z, each above 0.")
    try:
        return VoxelSize(edges, LengthUnit.parse(unit or "nanometer"))
    except ValueError as error:
        raise typer.BadParameter(f"--unit: {first_line(error)}") from error


def read_layer_values(
    option: str, given: Iterable[str] | None, names: Iterable[str], read: Callable[[str], Any]
) -> Iterator[tuple[str, Any]]:
    """Read ``LAYER=VALUE`` options: the layer's name with what ``read`` makes of the value.

    Raises
    ------
    typer.BadParameter
        If there is no such layer, or the value cannot be read.
    """
    known = list(names)
    for text in given or ():
        name, separator, value = text.rpartition("=")
        if not separator or name not in known:
            raise typer.BadParameter(
                f"{option} {text!r}: write LAYER=VALUE; the layers are: {', '.join(known) or 'none'}."
            )
        try:
            yield name, read(value)
        except ValueError as error:
            raise typer.BadParameter(f"{option} {text!r}: {first_line(error)}") from error


def read_segment_id(text: str) -> int:
    """Read an id."""
    number = int(text)
    if number < 0:
        raise ValueError("An id cannot be negative.")
    return number


def first_line(error: ValueError) -> str:
    """The first line of an error's text, as a sentence."""
    line = str(error).splitlines()[0]
    return line if line.endswith(".") else f"{line}."
