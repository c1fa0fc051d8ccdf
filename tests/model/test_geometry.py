"""Boxes and mags against plain sets of voxels."""

from __future__ import annotations

import copy
import itertools
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from voxshelf.errors import InvalidDataSourceError
from voxshelf.model import BoundingBox, Mag

positions = st.tuples(*[st.integers(-6, 6)] * 3)
boxes = st.builds(BoundingBox, positions, st.tuples(*[st.integers(0, 4)] * 3))
mags = st.tuples(*[st.sampled_from([1, 2, 4])] * 3).map(Mag)


def _voxels(box: BoundingBox) -> set[tuple[int, ...]]:
    return set(itertools.product(*(range(a, b) for a, b in zip(box.topleft, box.bottomright, strict=True))))


@given(boxes, boxes)
@settings(deadline=None, derandomize=True)
def test_an_intersection_holds_the_common_voxels(a: BoundingBox, b: BoundingBox) -> None:
    assert _voxels(a.intersection(b)) == _voxels(a) & _voxels(b)


@given(boxes, boxes)
@settings(deadline=None, derandomize=True)
def test_a_union_is_the_smallest_box_around_both(a: BoundingBox, b: BoundingBox) -> None:
    together = _voxels(a) | _voxels(b)
    union = a.union(b)
    assert union.contains(a)
    assert union.contains(b)
    if together:
        assert union.topleft == tuple(min(axis) for axis in zip(*together, strict=True))
        assert union.bottomright == tuple(max(axis) + 1 for axis in zip(*together, strict=True))


@given(boxes, mags)
@settings(deadline=None, derandomize=True)
def test_a_box_in_a_mag_is_widened_outward_to_every_touched_voxel(box: BoundingBox, mag: Mag) -> None:
    touched = {tuple(v // m for v, m in zip(voxel, mag, strict=True)) for voxel in _voxels(box)}
    if touched:
        assert _voxels(box.in_mag(mag)) == touched
    assert box.aligned_to(mag).contains(box)


@given(boxes)
@settings(deadline=None, derandomize=True)
def test_the_six_number_form_reads_back(box: BoundingBox) -> None:
    assert BoundingBox.parse(str(box)) == box


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "1,2,3,4,5,x", "0,0,0,-1,1,1", "1,2,3,4,5,6,7", "1.5,0,0,1,1,1"]
)
def test_what_is_not_six_whole_numbers_is_refused_with_advice(text: str) -> None:
    with pytest.raises(ValueError, match="is not a bounding box"):
        BoundingBox.parse(text)


@pytest.mark.parametrize("written", [" 1, 2,3 ,4,5,6", "(1,2,3,4,5,6)", "1 2 3 4 5 6", "1;2;3;4;5;6"])
def test_the_usual_ways_of_writing_a_box_are_read(written: str) -> None:
    assert BoundingBox.parse(written) == BoundingBox((1, 2, 3), (4, 5, 6))


@pytest.mark.parametrize(
    ("written", "factors"),
    [("1", (1, 1, 1)), ("2-2-1", (2, 2, 1)), (4, (4, 4, 4)), ([8, 8, 4], (8, 8, 4)), (Mag(2), (2, 2, 2))],
)
def test_every_written_form_of_a_mag_is_read(written: object, factors: tuple[int, int, int]) -> None:
    assert tuple(Mag(written)) == factors


@pytest.mark.parametrize("written", ["", "0", "2-2", "a", 0, -1, [1, 2], None, True, "2_2_1", [1, 1, 0]])
def test_what_is_no_mag_is_refused_with_advice(written: object) -> None:
    with pytest.raises(ValueError, match="is not a mag: write it like"):
        Mag(written)


def test_mags_sort_from_fine_to_coarse() -> None:
    assert [str(mag) for mag in sorted(map(Mag, ["16", "2-2-1", "1", "8-8-4", "4-4-2"]))] == [
        "1",
        "2-2-1",
        "4-4-2",
        "8-8-4",
        "16",
    ]


def test_a_mag_names_the_folders_it_may_lie_in() -> None:
    assert Mag(1).folder_names == ("1", "1-1-1")
    assert Mag("2-2-1").folder_names == ("2-2-1",)


class _Document(BaseModel):
    mag: Mag
    box: BoundingBox


def test_boxes_and_mags_survive_json() -> None:
    document = _Document(mag=Mag("2-2-1"), box=BoundingBox((0, 0, 0), (1, 2, 3)))
    assert _Document.model_validate_json(document.model_dump_json()) == document


def test_boxes_and_mags_survive_copies_and_pickling() -> None:
    for value in (Mag("2-2-1"), BoundingBox((1, 2, 3), (4, 5, 6))):
        assert copy.deepcopy(value) == value
        assert pickle.loads(pickle.dumps(value)) == value


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"topleft": (0, 0.5, "z"), "size": (1, -1, 1)},
            [
                "topleft[1]: The y of the first voxel must be a whole number, not 0.5.",
                "topleft[2]: The z of the first voxel must be a whole number, not 'z'.",
                "size[1]: The y of the size must be 0 or greater, not -1.",
            ],
        ),
        (
            {"topleft": "0,0,0"},
            [
                "topleft: The first voxel must be three numbers, x, y, z, not '0,0,0'.",
                "size: The size is missing.",
            ],
        ),
        ({"topleft": (0, 0, 0), "size": (1, 1, 1), "mag": 1}, ["mag: 'mag' is nothing that is known here."]),
    ],
)
def test_a_malformed_box_is_told_in_plain_words_all_at_once(
    values: dict[str, object], said: list[str]
) -> None:
    with pytest.raises(InvalidDataSourceError, match="This is no bounding box") as caught:
        BoundingBox(**values)
    assert [str(problem) for problem in caught.value.problems] == said
    assert "BoundingBox((0, 0, 0), (512, 512, 64))" in caught.value.hint
