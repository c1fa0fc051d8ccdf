"""Axes of arrays that have more, or others, than ``x, y, z``: ``AxisOrder`` and ``AdditionalAxis``.

Words used here: a *dimension* is an axis of the stored array, counted from 0; ``axisOrder`` of a mag says which
dimension is x, y, z and the channels, ``additionalAxes`` of a layer which others there are (time, angle, …) and
between which *bounds* their *coordinates* lie. WKW files have no such axes.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from voxshelf.model.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from voxshelf.model.problems import Place

SPATIAL = ("x", "y", "z", "c")
Dimension = Annotated[int, Field(ge=0)]


class AdditionalAxis(BaseModel):
    """An axis besides x, y, z and the channels.

    Parameters
    ----------
    name : str
        How coordinates on it are named, ``t``.
    bounds : tuple of 2 ints
        The first coordinate, and the one after the last; a coordinate is the position in the stored array.
    index : int
        Which dimension of the stored array it is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    bounds: tuple[int, int]
    index: Dimension
    other: dict[str, Any] = Field(default_factory=dict)

    @property
    def first(self) -> int:
        """The first coordinate: the one that is read where none is named."""
        return self.bounds[0]

    @property
    def last(self) -> int:
        """The last coordinate."""
        return self.bounds[1] - 1

    def __contains__(self, coordinate: object) -> bool:
        return isinstance(coordinate, int) and self.bounds[0] <= coordinate < self.bounds[1]


class AxisOrder(BaseModel):
    """Which dimension of a stored array is which axis.

    Parameters
    ----------
    x, y : int
        The dimensions of x and y.
    z : int, optional
        None where the array is flat.
    c : int, optional
        None where the array has no channels.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    x: Dimension
    y: Dimension
    z: Dimension | None = None
    c: Dimension | None = None
    other: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _each_dimension_is_one_axis(self) -> AxisOrder:
        if len(set(self.dimensions.values())) < len(self.dimensions):
            raise ValueError("Two axes cannot be the same dimension of an array.")
        return self

    @property
    def dimensions(self) -> dict[str, int]:
        """Axis → dimension, of those that there are."""
        found = {axis: getattr(self, axis) for axis in SPATIAL}
        return {axis: dimension for axis, dimension in found.items() if dimension is not None}


def write_additional_axes(axes: tuple[AdditionalAxis, ...]) -> list[dict[str, Any]]:
    """The axes as the JSON lists them."""
    return [
        {"name": axis.name, "bounds": list(axis.bounds), "index": axis.index, **axis.other} for axis in axes
    ]


def write_axis_order(order: AxisOrder) -> dict[str, Any]:
    """The order as the JSON writes it."""
    return {**order.dimensions, **order.other}


def check_additional_axes(
    axes: tuple[AdditionalAxis, ...],
    orders: Mapping[str, AxisOrder],
    place: Place,
    *,
    may_have: bool,
) -> Iterator[Problem]:
    """Every broken rule of a layer's axes.

    Parameters
    ----------
    axes : tuple of AdditionalAxis
        Those of the layer.
    orders : mapping
        Mag → its axis order, of those that have one.
    place : tuple
        Where the layer stands in the document.
    may_have : bool
        Whether the layer's format can have such axes; where it cannot, what is wrong with them does no harm.
    """
    where = (*place, "additionalAxes")
    if not may_have:
        if axes:
            yield Problem(
                place=where,
                message="WKW files have no additional axes: these are left out of account.",
                hint="Store 4D data as Zarr, or remove the key.",
                severity=Severity.WARNING,
            )
        return
    names = Counter(axis.name for axis in axes)
    taken = Counter(axis.index for axis in axes)
    for number, axis in enumerate(axes):
        yield from _check_axis(axis, (*where, number), names)
        if taken[axis.index] > 1:
            others = f"{taken[axis.index]} additional axes are given dimension {axis.index}."
            yield Problem(place=(*where, number, "index"), message=others, hint=_ONE_EACH)
        for clash in _clashes(axis, orders):
            yield Problem(place=(*where, number, "index"), message=clash, hint=_ONE_EACH)


def _check_axis(axis: AdditionalAxis, place: Place, names: Mapping[str, int]) -> Iterator[Problem]:
    if not axis.name or axis.name in SPATIAL:
        yield Problem(
            place=(*place, "name"),
            message=f"{axis.name!r} cannot be an additional axis's name.",
            hint="Choose another one, such as t; x, y, z and c are taken.",
        )
    elif names[axis.name] > 1:
        yield Problem(
            place=(*place, "name"),
            message=f"There are {names[axis.name]} additional axes named {axis.name!r}.",
        )
    if axis.bounds[0] >= axis.bounds[1] or axis.bounds[0] < 0:
        yield Problem(
            place=(*place, "bounds"),
            message=f"The bounds {list(axis.bounds)} of axis {axis.name!r} hold no position in an array.",
            hint="Give the first coordinate, not below 0, and the one after the last, such as [0, 7].",
        )


def _clashes(additional: AdditionalAxis, orders: Mapping[str, AxisOrder]) -> list[str]:
    """Which mags give the axis's dimension to another axis, in words, each once."""
    found: dict[str, list[str]] = {}
    for mag, order in orders.items():
        for axis, dimension in order.dimensions.items():
            if dimension == additional.index:
                found.setdefault(axis, []).append(mag)
    return [
        f"Dimension {additional.index} is the axis {additional.name!r}, but the axisOrder of mag "
        f"{', '.join(mags)} says that it is {axis}."
        for axis, mags in found.items()
    ]


_ONE_EACH = "Give each axis the dimension of the stored array that it is, counted from 0."
