"""How each kind of value is written and read: ``FieldKind``. Pure text, no widget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voxshelf.model import BoundingBox, Category, LengthUnit, VoxelSize, doubt_voxel_size

if TYPE_CHECKING:
    from collections.abc import Callable

AXES = ("x", "y", "z")


@dataclass(frozen=True)
class FieldKind:
    """How a kind of value is written and read.

    Parameters
    ----------
    noun : str
        As in places: ``voxel_size``.
    label : str
        For people.
    read : callable
        Text → value; raises ValueError with a sentence.
    write : callable
        Value → text.
    required : bool
        Whether a dataset cannot be imported without it.
    meaning : str
        What stands in it, as a sentence; shown where it is not plain to see.
    without : str
        What happens while it is empty, as a sentence.
    doubt : callable
        Value → what is unlikely about it, as a sentence, or nothing: it can be stored all the same.
    """

    noun: str
    label: str
    read: Callable[[str], Any]
    write: Callable[[Any], str]
    required: bool = True
    meaning: str = ""
    without: str = ""
    doubt: Callable[[Any], str] = lambda _: ""


def read_voxel_size(text: str) -> VoxelSize | None:
    """``11.24, 11.24, 28`` with or without a unit behind; None where all three numbers are empty.

    Raises
    ------
    ValueError
        That says which axis is wrong.
    """
    parts, unit = _parts_of(text)
    if not any(parts):
        return None
    if len(parts) != len(AXES):
        raise ValueError("Give three edge lengths: x, y, z.")
    wrong = [
        f"{axis} is {_wrong_with(part)}" for axis, part in zip(AXES, parts, strict=True) if _wrong_with(part)
    ]
    if wrong:
        raise ValueError(f"{', '.join(wrong)}.")
    return VoxelSize(tuple(float(part) for part in parts), LengthUnit.parse(unit))


def wrong_axes(text: str) -> tuple[str, ...]:
    """The axes that have no usable edge length in ``text``; none where it does not name three."""
    parts, _ = _parts_of(text)
    if not any(parts):
        return AXES
    if len(parts) != len(AXES):
        return ()
    return tuple(axis for axis, part in zip(AXES, parts, strict=True) if _wrong_with(part))


def _parts_of(text: str) -> tuple[list[str], str]:
    """The numbers as they were typed, and the unit."""
    numbers, _, last = text.strip().rpartition(" ")
    if not last[:1].isalpha():
        numbers, last = text, LengthUnit.NANOMETER.value
    return [part.strip() for part in numbers.split(",")], last


def _wrong_with(part: str) -> str:
    if not part:
        return "missing"
    try:
        number = float(part)
    except ValueError:
        return f"not a number ({part})"
    return "" if 0 < number < float("inf") else "not greater than 0"


def write_voxel_size(size: VoxelSize) -> str:
    """The form that :func:`read_voxel_size` reads."""
    return f"{', '.join(f'{edge:.15g}' for edge in size.factor)} {size.unit.value}"


def _doubt_size(size: VoxelSize) -> str:
    doubt = doubt_voxel_size(size)
    return f"{doubt} Is that right?" if doubt else ""


def read_bounding_box(text: str) -> BoundingBox | None:
    """The six-number form; None where empty.

    Raises
    ------
    ValueError
        If it is not six whole numbers or the box is empty.
    """
    if not text.strip():
        return None
    box = BoundingBox.parse(text)
    if box.is_empty:
        raise ValueError("The box is empty: width, height and depth must each be at least 1.")
    return box


def read_segment_id(text: str) -> int | None:
    """A whole number, 0 or more; blanks and commas between digits are fine; None where empty.

    Raises
    ------
    ValueError
        If it is something else.
    """
    digits = text.replace(",", "").replace(" ", "").replace("_", "")
    if not digits:
        return None
    if not digits.isascii() or not digits.isdigit():
        raise ValueError(f"{text!r} is not a segment id: write a whole number, 0 or more.")
    return int(digits)


VOXEL_SIZE = FieldKind(
    "voxel_size",
    "Voxel size",
    read_voxel_size,
    write_voxel_size,
    meaning="The edges of one voxel along x, y and z.",
    doubt=_doubt_size,
)
CATEGORY = FieldKind("category", "Category", Category, lambda category: Category(category).value)
BOUNDING_BOX = FieldKind(
    "bounding_box",
    "Bounding box",
    read_bounding_box,
    lambda box: ", ".join(str(box).split(",")),
    meaning="x, y, z of the first voxel, then width, height, depth; in voxels of mag 1.",
)
LARGEST_SEGMENT_ID = FieldKind(
    "largest_segment_id",
    "Largest segment id",
    read_segment_id,
    str,
    required=False,
    without="Optional. Left empty, the dataset can be looked at and shared all the same; only who adds segments by hand "
    "needs it, so that new ones get new ids. Compute reads all voxels to find it.",
)
