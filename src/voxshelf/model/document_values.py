"""Reading the single values of ``datasource-properties.json``: one function per kind of value.

Each takes what ``json.loads`` gave and returns the noun, or raises a :class:`ValueError` whose message is a
sentence; several mistakes inside one value (a box, a voxel size) come together in
:class:`MisreadPartsError`, each with its place below the value.
"""

# ruff: noqa: TRY004 - whatever cannot be read is one kind of error here, also where its JSON type is wrong

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxshelf.model.axes import SPATIAL, AdditionalAxis, AxisOrder
from voxshelf.model.data_source import DataFormat, DataSourceId
from voxshelf.model.elements import Category, ElementClass
from voxshelf.model.geometry import BoundingBox, Mag, Vec3Int
from voxshelf.model.voxel_size import LengthUnit, VoxelSize

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from voxshelf.model.problems import Place


_INTEGERS_END = 2**64


class MisreadPartsError(ValueError):
    """Several things wrong inside one value, each with its place below the value."""

    def __init__(self, parts: list[tuple[Place, str]]) -> None:
        super().__init__(f"{len(parts)} mistakes")
        self.parts = parts


def _read_parts(parts: Mapping[Place, tuple[Callable[[Any], Any], Any]]) -> dict[Place, Any]:
    """Read each part with its own reader; raises with all that failed."""
    values: dict[Place, Any] = {}
    wrong: list[tuple[Place, str]] = []
    for place, (reader, value) in parts.items():
        try:
            values[place] = reader(value)
        except ValueError as error:
            wrong.append((place, str(error)))
    if wrong:
        raise MisreadPartsError(wrong)
    return values


def _read_scale(value: Any) -> VoxelSize:
    factor, below = (value.get("factor"), ("factor",)) if isinstance(value, dict) else (value, ())
    if not isinstance(factor, list) or len(factor) != 3:
        raise ValueError(
            'The voxel size must be [x, y, z] in nanometres or {"factor": [x, y, z], "unit": "nanometer"}.'
        )
    parts: dict[Place, Any] = {(*below, axis): (_read_length, edge) for axis, edge in enumerate(factor)}
    if isinstance(value, dict) and value.get("unit") is not None:
        parts["unit",] = (lambda unit: LengthUnit.parse(str(unit)), value["unit"])
    values = _read_parts(parts)
    return VoxelSize([values[*below, axis] for axis in range(3)], values.get(("unit",), LengthUnit.NANOMETER))


def _read_box(value: Any) -> BoundingBox:
    if not isinstance(value, dict):
        raise ValueError(
            'A bounding box must be {"topLeft": [x, y, z], "width": …, "height": …, "depth": …}.'
        )
    sizes = ("width", "height", "depth")
    parts: dict[Place, Any] = {("topLeft",): (_read_corner, value.get("topLeft"))}
    parts |= {(key,): (_read_whole_number, value.get(key)) for key in sizes}
    values = _read_parts(parts)
    return BoundingBox(values["topLeft",], tuple(values[key,] for key in sizes))


def _read_length(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
        raise ValueError(f"{value!r} is not a length above 0.")
    return float(value)


def _read_corner(value: Any) -> Vec3Int:
    whole = isinstance(value, list) and len(value) == 3 and all(_is_whole(part) for part in value)
    if not whole:
        raise ValueError(f"{value!r} is not a position: write three whole numbers, [x, y, z].")
    return (int(value[0]), int(value[1]), int(value[2]))


def _is_whole(value: Any) -> bool:
    is_number = not isinstance(value, bool) and isinstance(value, int | float)
    return is_number and abs(value) < _INTEGERS_END and value == value // 1


def _read_additional_axes(value: Any) -> tuple[AdditionalAxis, ...]:
    if not isinstance(value, list):
        raise ValueError('Additional axes are a list: [{"name": "t", "bounds": [0, 7], "index": 0}].')
    axes, wrong = [], []
    for number, entry in enumerate(value):
        try:
            axes.append(_read_additional_axis(entry))
        except MisreadPartsError as error:
            wrong += [((number, *place), message) for place, message in error.parts]
        except ValueError as error:
            wrong.append(((number,), str(error)))
    if wrong:
        raise MisreadPartsError(wrong)
    return tuple(axes)


def _read_additional_axis(value: Any) -> AdditionalAxis:
    if not isinstance(value, dict):
        raise ValueError('An additional axis is {"name": "t", "bounds": [0, 7], "index": 0}.')
    readers = {"name": _read_text, "bounds": _read_bounds, "index": _read_whole_number}
    values = _read_parts({(key,): (reader, value.get(key)) for key, reader in readers.items()})
    other = {key: entry for key, entry in value.items() if key not in readers}
    return AdditionalAxis(name=values["name",], bounds=values["bounds",], index=values["index",], other=other)


def _read_bounds(value: Any) -> tuple[int, int]:
    if not (isinstance(value, list) and len(value) == 2 and all(_is_whole(part) for part in value)):
        raise ValueError(
            f"{value!r} are no bounds: write two whole numbers, the first and the one after the last."
        )
    return (int(value[0]), int(value[1]))


def _read_axis_order(value: Any) -> AxisOrder:
    if not isinstance(value, dict):
        raise ValueError('An axis order is {"x": 0, "y": 1, "z": 2} with the dimension of each axis.')
    named = [axis for axis in SPATIAL if axis in ("x", "y") or value.get(axis) is not None]
    values = _read_parts({(axis,): (_read_whole_number, value.get(axis)) for axis in named})
    dimensions = {axis: values[axis,] for axis in named}
    doubled = [(axis, at) for axis, at in dimensions.items() if list(dimensions.values()).count(at) > 1]
    if doubled:
        raise MisreadPartsError(
            [((axis,), f"Dimension {at} is given to several axes.") for axis, at in doubled]
        )
    other = {key: entry for key, entry in value.items() if key not in named}
    return AxisOrder(**dimensions, other=other)


def _read_id(value: Any) -> DataSourceId:
    if not isinstance(value, dict):
        raise ValueError('id must be {"name": …, "team": …}.')
    other = {key: entry for key, entry in value.items() if key not in ("name", "team")}
    return DataSourceId(name=value.get("name") or "", team=value.get("team") or "", other=other)


def _read_choice(kind: type[Category | ElementClass | DataFormat]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        choices = [member.value for member in kind]
        if value not in choices:
            raise ValueError(f"{value!r} is not one of {', '.join(choices)}.")
        return kind(value)

    return read


def _read_count(value: Any) -> int:
    if not _is_whole(value) or value < 1:
        raise ValueError(f"{value!r} is not a whole number of at least 1.")
    return int(value)


def _read_whole_number(value: Any) -> int:
    if not _is_whole(value) or value < 0:
        raise ValueError(f"{value!r} is not a whole number of at least 0.")
    return int(value)


def _read_text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a text.")
    return value


def _read_object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} is not a JSON object.")
    return value


VALUE_READERS: dict[str, Callable[[Any], Any]] = {
    "id": _read_id,
    "voxel_size": _read_scale,
    "default_view_configuration": _read_object,
    "name": _read_text,
    "category": _read_choice(Category),
    "element_class": _read_choice(ElementClass),
    "bounding_box": _read_box,
    "data_format": _read_choice(DataFormat),
    "num_channels": _read_count,
    "largest_segment_id": _read_whole_number,
    "mag": Mag,
    "path": _read_text,
    "cube_length": _read_count,
    "axis_order": _read_axis_order,
    "channel_index": _read_whole_number,
    "additional_axes": _read_additional_axes,
}
