"""Whole mags on disk: bounded pieces, borders, resuming, regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import wkw
from hypothesis import given, settings
from hypothesis import strategies as st

from voxshelf.dataset.downsampling import downsample, downsample_mag
from voxshelf.dataset.downsampling.journal import JOURNAL_NAME, Journal
from voxshelf.errors import ArrayMismatchError, OperationCancelledError, OutOfRangeError
from voxshelf.formats.wkw.header import WkwHeader
from voxshelf.formats.wkw.writer import create_mag_folder, cube_path, cubes_of, fill_box
from voxshelf.model import BoundingBox

if TYPE_CHECKING:
    from pathlib import Path


class MemorySource:
    """A finer mag in memory that remembers what was read."""

    def __init__(self, voxels: np.ndarray[Any, Any]) -> None:
        self.voxels, self.dtype = voxels, voxels.dtype
        self.boxes_read: list[BoundingBox] = []

    def read(self, topleft: Any, size: Any) -> Any:
        self.boxes_read.append(BoundingBox(topleft, size))
        x, y, z = (slice(t, t + s) for t, s in zip(topleft, size, strict=True))
        return self.voxels[:, x, y, z]

    def is_missing(self, box: BoundingBox) -> bool:
        x, y, z = (slice(t, b) for t, b in zip(box.topleft, box.bottomright, strict=True))
        return not self.voxels[:, x, y, z].any()


class FolderTarget:
    """A coarser mag on disk, written by the WKW writer."""

    def __init__(self, path: Path, header: WkwHeader) -> None:
        self.path, self.header = path, create_mag_folder(path, header)
        self.dtype, self.cube_len = header.dtype, header.cube_len
        self.boxes_filled: list[BoundingBox] = []

    def is_missing(self, box: BoundingBox) -> bool:
        return not any(cube_path(self.path, cube).exists() for cube, _ in cubes_of(self.header, box))

    def fill(self, box: BoundingBox, provide: Any, **options: Any) -> None:
        fill_box(self.path, self.header, box, provide, **options)
        self.boxes_filled.append(box)

    def read(self, size: tuple[int, ...]) -> Any:
        with wkw.Dataset.open(str(self.path)) as dataset:
            return dataset.read((0, 0, 0), size)


HEADER = WkwHeader("uint8", 1, block_len=8, file_len=2)


def expected(voxels: Any, box: BoundingBox, factor: tuple[int, ...], mode: str) -> Any:
    """The coarser mag from its origin on, computed in one piece."""
    x, y, z = (slice(t, b) for t, b in zip(box.topleft, box.bottomright, strict=True))
    lead = tuple(t % f for t, f in zip(box.topleft, factor, strict=True))
    small = downsample(voxels[:, x, y, z], factor, mode, lead=lead)
    before = [(t // f, 0) for t, f in zip(box.topleft, factor, strict=True)]
    return np.pad(small, [(0, 0), *before])


@st.composite
def boxes(draw: st.DrawFn) -> BoundingBox:
    lower = [draw(st.integers(0, 40)) for _ in range(3)]
    return BoundingBox.from_corners(lower, [draw(st.integers(low + 1, 60)) for low in lower])


@given(
    box=boxes(),
    factor=st.sampled_from([(2, 2, 2), (2, 2, 1), (1, 2, 2), (4, 4, 2), (3, 1, 1)]),
    mode=st.sampled_from(["median", "mode", "min"]),
)
@settings(deadline=None, max_examples=20, derandomize=True)
def test_cube_by_cube_gives_what_one_piece_gives(
    tmp_path_factory: pytest.TempPathFactory, box: BoundingBox, factor: tuple[int, int, int], mode: str
) -> None:
    voxels = np.random.default_rng(0).integers(0, 200, (1, 60, 60, 60), np.uint8)
    target = FolderTarget(tmp_path_factory.mktemp("mag"), HEADER)
    downsample_mag(MemorySource(voxels), target, factor, box, mode)
    wanted = expected(voxels, box, factor, mode)
    assert np.array_equal(target.read(wanted.shape[1:]), wanted)
    assert not (target.path / JOURNAL_NAME).exists()


def test_what_lies_outside_of_the_box_does_not_darken_the_border(tmp_path: Path) -> None:
    voxels = np.zeros((1, 40, 40, 40), np.uint8)
    voxels[:, 5:25, 5:25, 5:25] = 200
    target = FolderTarget(tmp_path / "2", HEADER)
    downsample_mag(MemorySource(voxels), target, (2, 2, 2), BoundingBox((5, 5, 5), (20, 20, 20)), "mean")
    assert set(target.read((20, 20, 20)).ravel().tolist()) == {0, 200}


def test_cubes_without_voxels_are_neither_read_nor_written(tmp_path: Path) -> None:
    voxels = np.zeros((1, 96, 32, 32), np.uint8)
    voxels[:, 70:] = 9
    source, target = MemorySource(voxels), FolderTarget(tmp_path / "2", HEADER)
    steps: list[tuple[int, int]] = []
    downsample_mag(
        source, target, (2, 2, 2), BoundingBox((0, 0, 0), (96, 32, 32)), "median",
        progress=lambda *step: steps.append(step),
    )  # fmt: skip
    assert [path.name for path in (tmp_path / "2").rglob("x*.wkw")] == ["x2.wkw"]
    assert min(box.topleft[0] for box in source.boxes_read) == 64
    assert steps[-1] == (48 * 16 * 16, 48 * 16 * 16)
    assert steps == sorted(steps)


def test_memory_is_bounded_by_pieces_and_not_by_the_box(tmp_path: Path) -> None:
    voxels = np.random.default_rng(0).integers(0, 200, (1, 256, 256, 256), np.uint8)
    source = MemorySource(voxels)
    target = FolderTarget(tmp_path / "2", WkwHeader("uint8", block_len=32, file_len=8))
    downsample_mag(source, target, (2, 2, 2), BoundingBox((0, 0, 0), (256, 256, 256)), "median")
    assert max(box.volume for box in source.boxes_read) == 128**3
    assert all(t % 64 == 0 for box in source.boxes_read for t in box.topleft), "every block is read once"


def test_a_cancelled_run_goes_on_with_the_other_cubes(tmp_path: Path) -> None:
    voxels = np.random.default_rng(0).integers(1, 200, (1, 128, 32, 32), np.uint8)
    box = BoundingBox((0, 0, 0), (128, 32, 32))
    first = FolderTarget(tmp_path / "2", HEADER)
    with pytest.raises(OperationCancelledError):
        downsample_mag(
            MemorySource(voxels), first, (2, 2, 2), box, "median", cancel=lambda: len(first.boxes_filled) == 2
        )
    second = FolderTarget(tmp_path / "2", HEADER)
    downsample_mag(MemorySource(voxels), second, (2, 2, 2), box, "median")
    assert len(second.boxes_filled) == 2
    assert np.array_equal(second.read((64, 16, 16)), expected(voxels, box, (2, 2, 2), "median"))


@pytest.mark.parametrize(("mode", "resume"), [("mean", True), ("median", False)])
def test_another_task_or_no_resume_computes_everything(tmp_path: Path, mode: str, resume: bool) -> None:
    voxels = np.random.default_rng(0).integers(1, 200, (1, 64, 32, 32), np.uint8)
    box = BoundingBox((0, 0, 0), (64, 32, 32))
    first = FolderTarget(tmp_path / "2", HEADER)
    with pytest.raises(OperationCancelledError):
        downsample_mag(
            MemorySource(voxels), first, (2, 2, 2), box, "median", cancel=lambda: len(first.boxes_filled) == 1
        )
    second = FolderTarget(tmp_path / "2", HEADER)
    downsample_mag(MemorySource(voxels), second, (2, 2, 2), box, mode, resume=resume)
    assert len(second.boxes_filled) == 2
    assert np.array_equal(second.read((32, 16, 16)), expected(voxels, box, (2, 2, 2), mode))


def test_a_finished_mag_is_computed_again_when_asked_again(tmp_path: Path) -> None:
    voxels = np.full((1, 32, 32, 32), 5, np.uint8)
    box, target = BoundingBox((0, 0, 0), (32, 32, 32)), FolderTarget(tmp_path / "2", HEADER)
    downsample_mag(MemorySource(voxels), target, (2, 2, 2), box, "median")
    voxels[:] = 0
    downsample_mag(MemorySource(voxels), target, (2, 2, 2), box, "median")
    assert not target.read((16, 16, 16)).any(), "voxels that became 0 are written over"


def test_a_region_is_brought_up_to_date_alone(tmp_path: Path) -> None:
    voxels = np.random.default_rng(0).integers(1, 200, (1, 64, 64, 64), np.uint8)
    box, target = BoundingBox((1, 0, 0), (63, 64, 64)), FolderTarget(tmp_path / "2", HEADER)
    downsample_mag(MemorySource(voxels), target, (2, 2, 2), box, "median")
    voxels[:, 3:20, 30:33, 7:9] = 250
    source = MemorySource(voxels)
    region = BoundingBox((3, 30, 7), (17, 3, 2))
    downsample_mag(source, target, (2, 2, 2), box, "median", region=region)
    assert np.array_equal(target.read((32, 32, 32)), expected(voxels, box, (2, 2, 2), "median"))
    assert sum(read.volume for read in source.boxes_read) < 2000


@pytest.mark.parametrize("factor", [(0, 2, 2), (2, -1, 2)])
def test_impossible_factors_are_refused(tmp_path: Path, factor: tuple[int, int, int]) -> None:
    source, target = MemorySource(np.zeros((1, 4, 4, 4), np.uint8)), FolderTarget(tmp_path / "2", HEADER)
    with pytest.raises(OutOfRangeError, match="factor"):
        downsample_mag(source, target, factor, BoundingBox((0, 0, 0), (4, 4, 4)), "mode")


def test_negative_positions_and_other_types_are_refused(tmp_path: Path) -> None:
    source, target = MemorySource(np.zeros((1, 4, 4, 4), np.uint16)), FolderTarget(tmp_path / "2", HEADER)
    with pytest.raises(ArrayMismatchError, match="uint16"):
        downsample_mag(source, target, (2, 2, 2), BoundingBox((0, 0, 0), (4, 4, 4)), "mode")
    with pytest.raises(OutOfRangeError, match="negative"):
        downsample_mag(source, target, (2, 2, 2), BoundingBox((-1, 0, 0), (4, 4, 4)), "mode")


def test_a_journal_line_that_was_cut_off_is_not_believed(tmp_path: Path) -> None:
    journal = Journal(tmp_path, {"mode": "mean"}, resume=True)
    journal.add((1, 2, 3))
    journal.add((4, 5, 61))
    journal.__exit__(KeyboardInterrupt, None, None)
    path = tmp_path / JOURNAL_NAME
    path.write_text(path.read_text()[:-2])  # "4 5 6" without the end of its line
    with Journal(tmp_path, {"mode": "mean"}, resume=True) as journal:
        assert (1, 2, 3) in journal
        assert (4, 5, 6) not in journal
    assert not path.exists()
