"""Where one is on axes besides x, y, z: choosing *coordinates*, one per axis of a layer, and saying them in words."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from voxshelf.errors import OutOfRangeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voxshelf.dataset.layer import Layer
    from voxshelf.model import AdditionalAxis

__all__ = ["all_coordinates", "at_all_coordinates", "axes_text", "choose", "present"]


def present(axes: Sequence[AdditionalAxis], chosen: Mapping[str, int]) -> dict[str, int]:
    """A coordinate for each axis: the chosen one, else the first."""
    return {axis.name: chosen.get(axis.name, axis.first) for axis in axes}


def choose(axes: Sequence[AdditionalAxis], wanted: Mapping[str, Any] | None, title: str) -> dict[str, int]:
    """What somebody chose, if the axes have it.

    Parameters
    ----------
    axes : sequence of AdditionalAxis
        Those that there are.
    wanted : mapping, optional
        Name of an axis → coordinate.
    title : str
        Whose axes they are, for messages: ``Layer 'color'``.

    Raises
    ------
    OutOfRangeError
        If there is no such axis, it has no such coordinate, or it is no mapping.
    """
    if wanted is None:
        return {}
    if not isinstance(wanted, Mapping):
        raise OutOfRangeError(
            f"{wanted!r} are no coordinates.",
            hint='Name the axis and the coordinate on it, such as {"t": 3}.',
        )
    known = {axis.name: axis for axis in axes}
    chosen = {}
    for name, coordinate in wanted.items():
        if name not in known:
            raise OutOfRangeError(
                f"{title} has no axis {name!r}.",
                hint=f"It has: {axes_text(axes)}." if axes else "It has no axes besides x, y, z.",
            )
        axis = known[name]
        try:
            at = operator.index(coordinate)
        except TypeError:
            at = -1
        if isinstance(coordinate, bool) or at not in axis:
            raise OutOfRangeError(
                f"{title} has no {name} = {coordinate!r}.",
                hint=f"{name} reaches from {axis.first} to {axis.last}, in whole numbers.",
            )
        chosen[name] = at
    return chosen


def all_coordinates(axes: Sequence[AdditionalAxis], lengths: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """Every coordinate of some axes, one after the other, as far as an array of these ``lengths`` reaches.

    The JSON may say any bounds; beyond the array there is nothing.
    """
    ends = [min(axis.bounds[1], lengths.get(axis.name, axis.bounds[1])) for axis in axes]
    ranges = (range(axis.first, end) for axis, end in zip(axes, ends, strict=True))
    for place in itertools.product(*ranges):
        yield {axis.name: at for axis, at in zip(axes, place, strict=True)}


def at_all_coordinates(layer: Layer) -> Iterator[Layer]:
    """A layer at each coordinate that its finest mag has; the layer alone where it has no further axes.

    Raises
    ------
    VoxshelfError
        If it has such axes, and its finest mag cannot be opened.
    """
    axes = getattr(layer, "additional_axes", ())
    if not axes:
        yield layer
        return
    stored = layer.mag().folder.zarr
    for place in all_coordinates(axes, {} if stored is None else stored.other_lengths):
        yield layer.at(place)


def axes_text(axes: Sequence[AdditionalAxis]) -> str:
    """The axes in words, ``t 0–6, angle 0–1``."""
    return ", ".join(f"{axis.name} {axis.first}–{axis.last}" for axis in axes)
