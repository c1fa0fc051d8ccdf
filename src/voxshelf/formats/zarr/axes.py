"""Which dimension of a stored array is which axis: ``ArrayAxes``, what is known, and ``Layout``, what follows for one array.

What a person says (``axisOrder``, ``additionalAxes``) holds; else the array's own names of its dimensions
(``dimension_names``, or xarray's ``_ARRAY_DIMENSIONS`` in version 2); else the last three are ``z, y, x``, as in
OME-NGFF, with channels before them. Dimensions of length 1 that nobody names do no harm.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voxshelf.errors import DamagedDataError, UnsupportedFormatError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HINT = "Correct axisOrder and additionalAxes in the JSON: they give each axis its dimension, counted from 0."
_SPACE = ("x", "y", "z")


@dataclass(frozen=True, slots=True)
class ArrayAxes:
    """What is known about an array's dimensions before it is opened. Hashable.

    Parameters
    ----------
    order : tuple of (str, int)
        Dimensions of ``x``, ``y``, ``z`` and ``c``; empty where nobody says.
    additional : tuple of (str, int)
        Dimensions of other axes, by name.
    channels : range, optional
        Which channels are wanted, of an array that may have more; None: all of them.
    """

    order: tuple[tuple[str, int], ...] = ()
    additional: tuple[tuple[str, int], ...] = ()
    channels: range | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """Which dimension of an array is which axis; every dimension is one, or has length 1.

    Parameters
    ----------
    shape : tuple of ints
        Of the stored array.
    dimensions : dict
        Axis → dimension: ``x``, ``y``, maybe ``z`` and ``c``.
    additional : dict
        Name of another axis → dimension.
    """

    shape: tuple[int, ...]
    dimensions: Mapping[str, int]
    additional: Mapping[str, int] = field(default_factory=dict)

    def of_space(self, lengths: Sequence[int]) -> tuple[int, int, int]:
        """Of lengths given per dimension those along x, y, z; 1 where there is no z."""
        x, y, z = (lengths[self.dimensions[axis]] if axis in self.dimensions else 1 for axis in _SPACE)
        return (x, y, z)

    @property
    def num_channels(self) -> int:
        """Values per voxel, of the stored array."""
        return self.shape[self.dimensions["c"]] if "c" in self.dimensions else 1


def layout_of(axes: ArrayAxes, shape: Sequence[int], names: Sequence[str | None], where: str) -> Layout:
    """Find out which dimension is which axis.

    Parameters
    ----------
    axes : ArrayAxes
        What is known.
    shape : sequence of ints
        The array's.
    names : sequence of str or None
        What the array calls its dimensions; empty where it does not.
    where : str
        The array, for messages.

    Raises
    ------
    DamagedDataError
        If a dimension is named that the array has not.
    UnsupportedFormatError
        If a dimension belongs to no axis, so that nobody knows what to read of it.
    """
    rank = len(shape)
    additional = dict(axes.additional)
    dimensions = dict(axes.order)
    if not dimensions:
        free = [at for at in range(rank) if at not in additional.values()]
        dimensions = _named(names, free) or _usual(free)
    taken = {**dimensions, **additional}
    for axis, at in taken.items():
        if at >= rank:
            raise DamagedDataError(
                f"{where} has {rank} dimensions, but axis {axis} shall be dimension {at}.",
                hint=_HINT,
                file=where,
            )
    if not {"x", "y"} <= dimensions.keys():
        raise UnsupportedFormatError(f"{where} has {rank} dimensions: that is no picture.", hint=_HINT)
    for at, length in enumerate(shape):
        if at not in taken.values() and length != 1:
            raise UnsupportedFormatError(
                f"Dimension {at} of {where} has length {length}, and nobody says which axis it is.",
                hint=_HINT,
            )
    layout = Layout(tuple(shape), dimensions, additional)
    if axes.channels is not None and axes.channels.stop > layout.num_channels:
        raise DamagedDataError(
            f"{where} has {layout.num_channels} channels, but the channels {axes.channels.start} to "
            f"{axes.channels.stop - 1} are wanted.",
            hint="Correct channelIndex and numChannels in the JSON.",
            file=where,
        )
    return layout


def _named(names: Sequence[str | None], free: Sequence[int]) -> dict[str, int]:
    """By the array's own names; empty where they do not tell x and y."""
    known = {"channel": "c", "channels": "c"}
    by_name = {
        at: known.get(str(names[at]).lower(), str(names[at]).lower()) for at in free if at < len(names)
    }
    found = {name: at for at, name in by_name.items() if name in (*_SPACE, "c")}
    return found if {"x", "y"} <= found.keys() else {}


def _usual(free: Sequence[int]) -> dict[str, int]:
    return dict(zip(("x", "y", "z", "c"), reversed(free), strict=False))
