"""One mag from a finer one, on disk, in bounded memory: :func:`downsample_mag`.

Words used here: *source* and *target* are arrays on disk, the target ``factor`` times coarser; a *cube* is
what the target stores in one file. Boxes are in the voxels of the array that they belong to.

The target is written cube by cube, and each cube piece by piece in the order of its file, several threads at
once, so that memory does not grow with the data. A cube in which the source has no voxels on disk is not
written at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from voxshelf.dataset.downsampling.journal import Journal
from voxshelf.dataset.downsampling.reduce import DownsampleMode, downsample
from voxshelf.errors import ArrayMismatchError, OperationCancelledError, OutOfRangeError
from voxshelf.model import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from voxshelf.model import Vec3Int

__all__ = ["DownsampleSource", "DownsampleTarget", "downsample_mag"]


class DownsampleSource(Protocol):
    """What downsampling needs of the finer mag."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """The voxel type."""

    def read(self, topleft: Vec3Int, size: Vec3Int) -> NDArray[Any]:
        """The voxels of a box, ``(c, x, y, z)`` or ``(x, y, z)``; called from several threads at once.

        What is not on disk reads as 0.
        """

    def is_missing(self, box: BoundingBox) -> bool:
        """Whether surely no voxel of the box is on disk; quick, False where that is unknown."""


class DownsampleTarget(Protocol):
    """What downsampling needs of the coarser mag."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """The voxel type, the source's."""

    @property
    def path(self) -> Path:
        """The mag's folder; it exists."""

    @property
    def cube_len(self) -> int:
        """Voxels per side of what lies in one file."""

    def is_missing(self, box: BoundingBox) -> bool:
        """As of the source: then nothing needs to be written over."""

    def fill(
        self,
        box: BoundingBox,
        provide: Callable[[Vec3Int, Vec3Int], NDArray[Any]],
        *,
        skip_empty: bool = False,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> None:
        """Write a box, asking ``provide(topleft, size)`` for its voxels piece by piece."""


def downsample_mag(  # noqa: PLR0913 - four of them are options, by name
    source: DownsampleSource,
    target: DownsampleTarget,
    factor: Sequence[int],
    box: BoundingBox,
    mode: DownsampleMode | str,
    *,
    region: BoundingBox | None = None,
    resume: bool = True,
    progress: Callable[[int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> None:
    """Compute a coarser mag from a finer one.

    Parameters
    ----------
    source, target : arrays on disk
        For example two :class:`~voxshelf.formats.wkw.WkwArray` of one type.
    factor : sequence of 3 ints
        How many source voxels become one, per axis.
    box : BoundingBox
        Where the data are, in source voxels. What lies outside counts nowhere, even if it is on disk.
    mode : DownsampleMode
        How the voxels of a cell become one.
    region : BoundingBox, optional
        Compute only what this part of ``box``, in source voxels, has an influence on; by default all. For
        bringing the coarser mags up to date after a small write.
    resume : bool
        Whether to go on where the same call was killed or cancelled before. Voxels of the source that were
        changed since are not noticed in cubes that were finished: then pass False.
    progress : callable, optional
        Called with ``(done, total)`` target voxels.
    cancel : callable, optional
        Asked whether to stop.

    Raises
    ------
    ArrayMismatchError
        If source and target differ in their type.
    OutOfRangeError
        If a factor is below 1, or the box begins at a negative position.
    OperationCancelledError
        If ``cancel`` said so; finished cubes stay, and the same call goes on with the others.
    VoxshelfError
        What reading and writing raise.
    """
    run = _Run(source, target, _checked_factor(factor), box, DownsampleMode(mode))
    run.write(region, resume=resume, progress=progress, cancel=cancel)


@dataclass(frozen=True, slots=True)
class _Run:
    """One call of :func:`downsample_mag`, its arguments checked."""

    source: DownsampleSource
    target: DownsampleTarget
    factor: Vec3Int
    box: BoundingBox
    mode: DownsampleMode

    def __post_init__(self) -> None:
        if min(self.box.topleft) < 0:
            raise OutOfRangeError(
                f"The box {self.box} begins at a negative position.", hint="Shift the data first."
            )
        if self.source.dtype != self.target.dtype:
            raise ArrayMismatchError(
                f"Voxels of type {self.source.dtype} cannot be downsampled into {self.target.dtype}.",
                hint="Create the coarser mag with the type of the finer one.",
            )

    def write(
        self,
        region: BoundingBox | None,
        *,
        resume: bool,
        progress: Callable[[int, int], None] | None,
        cancel: Callable[[], bool] | None,
    ) -> None:
        """Write cube after cube."""
        wanted = _coarser(self.box if region is None else self.box.intersection(region), self.factor)
        task = {"factor": self.factor, "box": str(self.box), "region": str(wanted), "mode": self.mode.value}
        done = 0
        with Journal(self.target.path, task, resume=resume) as journal:
            for cube, part in _cubes(wanted, self.target.cube_len):
                if cancel is not None and cancel():
                    raise OperationCancelledError(
                        "Downsampling was stopped before it was finished.",
                        hint="Start it again to go on where it stopped.",
                    )
                if cube not in journal and not self._is_empty(part):
                    step = None if progress is None else _shifted(progress, done, wanted.volume)
                    self.target.fill(part, self._provide, skip_empty=True, progress=step, cancel=cancel)
                    journal.add(cube)
                done += part.volume
                if progress is not None:
                    progress(done, wanted.volume)

    def _is_empty(self, part: BoundingBox) -> bool:
        """Whether there is nothing to read, and nothing to write over."""
        cells = _finer(part, self.factor).intersection(self.box)
        return self.source.is_missing(cells) and self.target.is_missing(part)

    def _provide(self, topleft: Vec3Int, size: Vec3Int) -> NDArray[Any]:
        """The voxels of a piece of the target."""
        cells = _finer(BoundingBox(topleft, size), self.factor)
        there = cells.intersection(self.box)
        lead = tuple(t - c for t, c in zip(there.topleft, cells.topleft, strict=True))
        return downsample(self.source.read(there.topleft, there.size), self.factor, self.mode, lead=lead)


def _coarser(box: BoundingBox, factor: Vec3Int) -> BoundingBox:
    """The cells that a box of source voxels touches."""
    return BoundingBox.from_corners(
        (t // f for t, f in zip(box.topleft, factor, strict=True)),
        (-(-b // f) for b, f in zip(box.bottomright, factor, strict=True)),
    )


def _finer(box: BoundingBox, factor: Vec3Int) -> BoundingBox:
    """The source voxels of a box of cells."""
    return BoundingBox(
        (t * f for t, f in zip(box.topleft, factor, strict=True)),
        (s * f for s, f in zip(box.size, factor, strict=True)),
    )


def _cubes(box: BoundingBox, side: int) -> Iterator[tuple[Vec3Int, BoundingBox]]:
    """The cubes that a box touches, with the part of the box in each; z slowest."""
    lower = [t // side for t in box.topleft]
    upper = [-(-b // side) for b in box.bottomright]
    if box.is_empty:
        return
    for z in range(lower[2], upper[2]):
        for y in range(lower[1], upper[1]):
            for x in range(lower[0], upper[0]):
                cube = BoundingBox((x * side, y * side, z * side), (side, side, side))
                yield (x, y, z), cube.intersection(box)


def _checked_factor(factor: Sequence[int]) -> Vec3Int:
    x, y, z = (int(number) for number in factor)
    if min(x, y, z) < 1:
        raise OutOfRangeError(
            f"{tuple(factor)} is not a factor to downsample by.",
            hint="Give three whole numbers of at least 1.",
        )
    return (x, y, z)


def _shifted(progress: Callable[[int, int], None], done: int, total: int) -> Callable[[int, int], None]:
    """A progress callback for one cube among several."""
    return lambda cube_done, _: progress(done + cube_done, total)
