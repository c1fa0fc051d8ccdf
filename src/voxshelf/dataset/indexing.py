"""What ``layer[...]`` means: numpy's indexing with absolute coordinates, as positions per axis.

Words used here: an *extent* is the range of positions that an axis has: the bounding box's, or the channels.

Positions are absolute: ``layer[100, 200, 40]`` is the voxel (100, 200, 40) wherever the bounding box begins, and an
open slice begins and ends where the box does. From numpy's rules for arrays that begin at 0 follow these:

- A whole number outside of the extent is an :class:`IndexError`, as in numpy.
- A slice gives exactly the positions that it names, also outside of the box: there voxels are 0 unless some
  are stored. numpy cuts such slices short; then the result would begin somewhere else than was asked for.
- Negative numbers count from nowhere: ``-1`` is refused unless the box reaches below 0.
- Negative steps walk backwards, as in numpy; ``layer[::-1]`` is mirrored.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voxshelf.errors import OutOfRangeError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["AxisExtent", "AxisSelection", "select"]


@dataclass(frozen=True, slots=True)
class AxisExtent:
    """The positions ``lower … upper - 1`` of an axis; ``is_fixed`` ones end there for slices too."""

    name: str
    lower: int
    upper: int
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class AxisSelection:
    """The positions ``start, start + step, …`` on one axis.

    Parameters
    ----------
    start, step, count : int
        The first position, the signed step, how many.
    is_dropped : bool
        Whether the axis vanishes from the result: it was given as a whole number.
    """

    start: int
    step: int
    count: int
    is_dropped: bool

    @property
    def lowest(self) -> int:
        """The smallest position."""
        return self.start if self.step > 0 else self.start + (self.count - 1) * self.step


def select(key: Any, extents: Sequence[AxisExtent]) -> tuple[AxisSelection, ...]:
    """Read an index.

    Parameters
    ----------
    key : Any
        What stood in the brackets: whole numbers, slices and at most one ``...``.
    extents : sequence of AxisExtent
        The axes, in order.

    Returns
    -------
    tuple of AxisSelection
        One per axis.

    Raises
    ------
    OutOfRangeError
        If it is no such index or names positions that there are not.
    """
    entries = list(key) if isinstance(key, tuple) else [key]
    dots = [place for place, entry in enumerate(entries) if entry is Ellipsis]
    names = ", ".join(extent.name for extent in extents)
    if len(dots) > 1:
        raise OutOfRangeError("An index has at most one '...'.", hint=f"The axes are ({names}).")
    if len(entries) - len(dots) > len(extents):
        raise OutOfRangeError(
            f"There are {len(entries)} indices for {len(extents)} axes.", hint=f"The axes are ({names})."
        )
    place = dots[0] if dots else len(entries)
    missing = len(extents) - (len(entries) - len(dots))
    entries[place : place + 1] = [slice(None)] * missing
    return tuple(
        _slice(entry, extent) if isinstance(entry, slice) else _single(entry, extent)
        for entry, extent in zip(entries, extents, strict=True)
    )


def _single(entry: Any, extent: AxisExtent) -> AxisSelection:
    position = _whole(entry, extent)
    if not extent.lower <= position < extent.upper:
        raise _outside(f"{extent.name} = {position}", extent)
    return AxisSelection(position, 1, 1, is_dropped=True)


def _slice(entry: slice, extent: AxisExtent) -> AxisSelection:
    step = 1 if entry.step is None else _whole(entry.step, extent)
    if step == 0:
        raise OutOfRangeError(f"The step on {extent.name} is 0.", hint="Use 1 or more, or -1 to mirror.")
    first, end = (extent.lower, extent.upper) if step > 0 else (extent.upper - 1, extent.lower - 1)
    start = first if entry.start is None else _bound(entry.start, extent)
    stop = end if entry.stop is None else _bound(entry.stop, extent)
    count = max(0, -((start - stop) // step))
    selection = AxisSelection(start, step, count, is_dropped=False)
    last = start + (count - 1) * step
    if (
        extent.is_fixed
        and count
        and not (extent.lower <= min(start, last) <= max(start, last) < extent.upper)
    ):
        raise _outside(f"{extent.name} = {_written(entry)}", extent)
    return selection


def _bound(entry: Any, extent: AxisExtent) -> int:
    position = _whole(entry, extent)
    if position < min(extent.lower, 0):
        raise OutOfRangeError(
            f"{extent.name} = {position}: positions are absolute, so negative ones do not count from the end.",
            hint=f"{extent.name} ends at {extent.upper}; leave a bound out to mean the box's own, "
            "or use read() for boxes that begin below 0.",
        )
    return position


def _whole(entry: Any, extent: AxisExtent) -> int:
    if not isinstance(entry, bool) and getattr(entry, "dtype", None) != "bool":
        try:
            return operator.index(entry)
        except TypeError:
            pass
    raise OutOfRangeError(
        f"{type(entry).__name__} cannot be an index on {extent.name}.",
        hint="Use whole numbers, slices and '...'; read a box first to use numpy's other ways of indexing on it.",
    )


def _outside(what: str, extent: AxisExtent) -> OutOfRangeError:
    has = f"{extent.name} reaches from {extent.lower} to {extent.upper - 1}"
    if extent.upper <= extent.lower:
        has = "The bounding box is empty"
    hint = "Positions are absolute; read() also takes boxes that reach outside."
    if extent.is_fixed:
        hint = "The first index chooses channels: write [:, x, y, z] for all of them."
    return OutOfRangeError(f"There is no {what}: {has}.", hint=hint)


def _written(entry: slice) -> str:
    start, stop = ("" if bound is None else bound for bound in (entry.start, entry.stop))
    return f"{start}:{stop}" if entry.step is None else f"{start}:{stop}:{entry.step}"
