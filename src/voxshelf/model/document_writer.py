"""Writing a data source back as ``datasource-properties.json``, in the style that was found.

A value that did not change keeps its exact old form (``11`` stays ``11``, unsorted mags stay unsorted); a
changed value is written in the form the document used (``scale`` as array or object, ``wkwResolutions`` or
``mags``, a number or a triple); unknown keys survive. A new document takes today's forms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxshelf.model.axes import write_additional_axes, write_axis_order
from voxshelf.model.document_values import VALUE_READERS
from voxshelf.model.documents import LAYER_KEYS, MAG_KEYS, TOP_KEYS, read_document
from voxshelf.model.elements import ElementClass
from voxshelf.model.voxel_size import LengthUnit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voxshelf.model.data_source import DataSource, LayerProperties, MagProperties
    from voxshelf.model.geometry import BoundingBox
    from voxshelf.model.voxel_size import VoxelSize


def write_document(data_source: DataSource, previous: Any = None) -> dict[str, Any]:
    """The JSON document for ``data_source``.

    Parameters
    ----------
    data_source : DataSource
        What to write.
    previous : Any, optional
        The parsed document that stands there now; its style is kept. It may be broken.

    Returns
    -------
    dict
        Ready for ``json.dumps``.
    """
    old = previous if isinstance(previous, dict) else {}
    known: dict[str, Any] = {
        "id": {"name": data_source.id.name, "team": data_source.id.team, **data_source.id.other},
        "dataLayers": _write_layers(data_source, old),
        "scale": _write_scale(data_source.voxel_size, old.get("scale")),
    }
    if data_source.default_view_configuration is not None:
        known["defaultViewConfiguration"] = data_source.default_view_configuration
    other = dict(data_source.other)
    if not old:
        other.setdefault("version", 1)
    return _in_old_order(old, {**known, **other}, TOP_KEYS)


def _in_old_order(old: Mapping[str, Any], new: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    """``new``'s members: first those that stood in ``old``, in its order, then the others.

    A known key that stood there as ``null`` and has no value now stays ``null``.
    """
    kept = {key: new.get(key) for key in old if key in new or (key in known and old[key] is None)}
    return {**kept, **{key: value for key, value in new.items() if key not in kept}}


def _write_scale(voxel_size: VoxelSize, old: Any) -> Any:
    if _means(old, "scale", voxel_size):
        return old
    if isinstance(old, list) and voxel_size.unit is LengthUnit.NANOMETER:
        return list(voxel_size.factor)
    return {"factor": list(voxel_size.factor), "unit": voxel_size.unit.value}


def _means(old: Any, key: str, value: Any) -> bool:
    """Whether the old form of a top-level member already says ``value``."""
    reading = read_document({key: old})
    return old is not None and reading.values.get((TOP_KEYS[key],)) == value


def _as_it_was(before: Mapping[str, Any], key: str, value: Any, written: Any) -> Any:
    """The old form of a member where it means ``value`` already, else the new form."""
    noun = {**LAYER_KEYS, **MAG_KEYS}[key]
    try:
        is_same = VALUE_READERS[noun](before.get(key)) == value
    except ValueError:
        is_same = False
    return before[key] if is_same else written


def _write_layers(data_source: DataSource, old: Mapping[str, Any]) -> list[dict[str, Any]]:
    listed = old.get("dataLayers")
    entries = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    by_name = {entry["name"]: entry for entry in entries if isinstance(entry.get("name"), str)}
    example = entries[0] if entries else {}
    return [_write_layer(layer, by_name.get(layer.name), example) for layer in data_source.layers]


def _write_layer(
    layer: LayerProperties, old: dict[str, Any] | None, example: dict[str, Any]
) -> dict[str, Any]:
    before = old or {}
    mags_key = (
        "wkwResolutions" if "wkwResolutions" in (before or example) and layer.data_format == "wkw" else "mags"
    )
    new: dict[str, Any] = {
        "name": layer.name,
        "category": layer.category.value,
        "boundingBox": _write_box(layer.bounding_box),
        "elementClass": layer.element_class.value,
        "dataFormat": layer.data_format.value,
        mags_key: _write_mags(layer, before.get(mags_key), example.get(mags_key), mags_key),
    }
    if "numChannels" in before or layer.num_channels != _implied_channels(layer.element_class) or not example:
        new["numChannels"] = layer.num_channels
    if layer.largest_segment_id is not None:
        new["largestSegmentId"] = layer.largest_segment_id
    if layer.default_view_configuration is not None:
        new["defaultViewConfiguration"] = layer.default_view_configuration
    if layer.additional_axes or before.get("additionalAxes") is not None:
        written = write_additional_axes(layer.additional_axes)
        new["additionalAxes"] = _as_it_was(before, "additionalAxes", layer.additional_axes, written)
    new.update(layer.other)
    if _write_box_reads_as(before.get("boundingBox"), layer.bounding_box):
        new["boundingBox"] = before["boundingBox"]
    return _in_old_order(before, new, LAYER_KEYS)


def _implied_channels(element_class: ElementClass) -> int:
    return 3 if element_class is ElementClass.UINT24 else 1


def _write_box(box: BoundingBox) -> dict[str, Any]:
    width, height, depth = box.size
    return {"topLeft": list(box.topleft), "width": width, "height": height, "depth": depth}


def _write_box_reads_as(old: Any, box: BoundingBox) -> bool:
    return isinstance(old, dict) and {key: old.get(key) for key in _write_box(box)} == _write_box(box)


def _write_mags(layer: LayerProperties, old: Any, example: Any, key: str) -> list[Any]:
    """The mags in old order, new ones appended; unchanged entries keep their form."""
    before = old if isinstance(old, list) else []
    styles = [
        entry
        for entry in (*before, *(example if isinstance(example, list) else []))
        if isinstance(entry, dict)
    ]
    name = "resolution" if key == "wkwResolutions" else "mag"
    scalar = bool(styles) and isinstance(styles[0].get(name, styles[0].get("mag")), int)
    remaining = {entry.mag: entry for entry in layer.mags}
    written: list[Any] = []
    for entry in before:
        mag = _mag_of(entry, layer)
        if mag in remaining:
            written.append(_write_mag(remaining.pop(mag), entry, name, scalar=scalar))
    return written + [_write_mag(entry, None, name, scalar=scalar) for entry in remaining.values()]


def _mag_of(entry: Any, layer: LayerProperties) -> Any:
    raw = entry.get("mag", entry.get("resolution")) if isinstance(entry, dict) else entry
    if isinstance(raw, bool):  # true equals 1 in Python, but is no mag
        return None
    for candidate in layer.mags:
        if (
            raw == list(candidate.mag)
            or (candidate.mag.is_isotropic and raw == candidate.mag.x)
            or raw == str(candidate.mag)
        ):
            return candidate.mag
    return None


def _write_mag(entry: MagProperties, old: Any, name: str, *, scalar: bool) -> Any:
    if old is not None and not isinstance(old, dict):
        return old
    before = old or {}
    factors = entry.mag.x if scalar and entry.mag.is_isotropic else list(entry.mag)
    new: dict[str, Any] = {
        name if not before else next((k for k in ("mag", "resolution") if k in before), name): factors
    }
    for raw in ("mag", "resolution"):
        if raw in before:
            new[raw] = before[raw]
    if entry.cube_length is not None:
        new["cubeLength"] = entry.cube_length
    if entry.path is not None:
        new["path"] = entry.path
    if entry.axis_order is not None:
        written = write_axis_order(entry.axis_order)
        new["axisOrder"] = _as_it_was(before, "axisOrder", entry.axis_order, written)
    if entry.channel_index is not None:
        new["channelIndex"] = entry.channel_index
    new.update(entry.other)
    return _in_old_order(before, new, MAG_KEYS)
