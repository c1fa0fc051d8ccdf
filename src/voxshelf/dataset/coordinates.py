"""Where one is on axes besides x, y, z: choosing *coordinates*, one per axis of a layer, and saying them in words."""

from __future__ import annotations

import itertools
import operator
from typing import TYPE_CHECKING, Any

from voxshelf.errors import OutOfRangeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from voxshelf.dataset.layer import Layer
    from voxshelf.model import AdditionalAxis

__all__ = ["at_all_coordinates", "axes_text", "choose", "present"]


def present(axes: Sequence[AdditionalAxis], chosen: Mapping[str, int]) -> dict[str, int]:
    """A coordinate for each axis: the chosen one, else the first."""
    return {axis.name: chosen.get(axis.name, axis.first) for axis in axes}


def choose(axes: Sequence[AdditionalAxis], wanted: Mapping[str, Any], title: str) -> dict[str, int]:
    """What somebody chose, if the axes have it.

    Parameters
    ----------
    axes : sequence of AdditionalAxis
        Those that there are.
    wanted : mapping
        Name of an axis → coordinate.
    title : str
        Whose axes they are, for messages: ``Layer 'color'``.

    Raises
    ------
    OutOfRangeError
        If there is no such axis, or it has no such coordinate.
    """
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


def at_all_coordinates(layer: Layer) -> Iterator[Layer]:
    """A layer at each of its coordinates; the layer alone where it has no further axes."""
    axes = getattr(layer, "additional_axes", ())
    if not axes:
        yield layer
        return
    for place in itertools.product(*(range(*axis.bounds) for axis in axes)):
        yield layer.at(dict(zip((axis.name for axis in axes), place, strict=True)))


def axes_text(axes: Sequence[AdditionalAxis]) -> str:
    """The axes in words, ``t 0–6, angle 0–1``."""
    return ", ".join(f"{axis.name} {axis.first}–{axis.last}" for axis in axes)
