"""What may be typed into the form's fields, and what it means."""

from __future__ import annotations

import pytest

from voxshelf.model import BoundingBox, VoxelSize
from voxshelf.widgets.data_fields.field_kinds import (
    VOXEL_SIZE,
    read_bounding_box,
    read_segment_id,
    read_voxel_size,
    write_voxel_size,
    wrong_axes,
)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("11.24, 11.24, 28", VoxelSize((11.24, 11.24, 28))),
        ("11.24,11.24,28 nanometer", VoxelSize((11.24, 11.24, 28))),
        ("1, 1, 2 µm", VoxelSize((1, 1, 2), "micrometer")),
        ("1e-3, 1, 1 mm", VoxelSize((0.001, 1, 1), "millimeter")),
        (", , nanometer", None),
        ("", None),
    ],
)
def test_a_voxel_size_is_three_edges_and_perhaps_a_unit(text: str, size: VoxelSize | None) -> None:
    assert read_voxel_size(text) == size


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("11, , 28 nanometer", "y is missing"),
        ("11, abc, 28", "y is not a number"),
        ("0, 11, -1", "x is not greater than 0, z is not greater than 0"),
        ("nan, 1, 1", "x is not greater than 0"),
        ("1, inf, 1", "y is not greater than 0"),
        ("11, 12", "three edge lengths"),
        ("1, 2, 3 elephants", "not a unit of length"),
    ],
)
def test_a_wrong_voxel_size_says_which_axis_is_wrong(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_voxel_size(text)


def test_a_voxel_size_comes_back_as_it_was_written() -> None:
    size = VoxelSize((0.1, 11.24, 1e-7), "micrometer")
    assert read_voxel_size(write_voxel_size(size)) == size


def test_a_bounding_box_is_six_whole_numbers() -> None:
    assert read_bounding_box("1, 2,3  4 5 6") == BoundingBox((1, 2, 3), (4, 5, 6))


@pytest.mark.parametrize("text", ["1,2,3,4,5", "a,b,c,d,e,f", "0,0,0,1.5,1,1", "0,0,0,-1,1,1", "0,0,0,0,1,1"])
def test_another_text_is_no_bounding_box(text: str) -> None:
    with pytest.raises(ValueError, match=r"bounding box|box is empty"):
        read_bounding_box(text)


@pytest.mark.parametrize(("text", "number"), [("12345", 12345), ("12,345", 12345), ("0", 0), (" ", None)])
def test_a_segment_id_is_a_whole_number(text: str, number: int | None) -> None:
    assert read_segment_id(text) == number


@pytest.mark.parametrize("text", ["-1", "1.5", "abc", "²"])
def test_another_text_is_no_segment_id(text: str) -> None:
    with pytest.raises(ValueError, match="segment id"):
        read_segment_id(text)


@pytest.mark.parametrize(
    ("text", "axes"),
    [
        ("11, abc, 28", ("y",)),
        ("abc, 4, -1 nanometer", ("x", "z")),
        ("11, 11, 28 nanometer", ()),
        ("", ("x", "y", "z")),
        ("11, 12", ()),
        ("1, 2, 3 elephants", ()),
    ],
)
def test_the_wrong_edges_of_a_voxel_size_are_known(text: str, axes: tuple[str, ...]) -> None:
    assert wrong_axes(text) == axes


def test_an_unlikely_voxel_size_is_doubted() -> None:
    assert VOXEL_SIZE.doubt(VoxelSize((4, 4, 35_000))) == "z is 8,750 times x. Is that right?"
    assert VOXEL_SIZE.doubt(VoxelSize((4, 4, 400))) == ""
