"""The line of Python that does what an edit did, for people who want to do it again to a hundred datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxshelf.model import BoundingBox, read_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from voxshelf.model import DataSource, LayerProperties


def call(method: str, key: str, *, options: Mapping[str, Any]) -> str:
    """``store.method("organization/name", option=…)``."""
    return f"store.{method}({', '.join([repr(key), *_arguments(options)])})"


def data_source_line(key: str, before: Any, after: dict[str, Any]) -> str:
    """What makes one document of data properties of another: value by value where that says it all."""
    old, new = read_document(before).draft, read_document(after).draft
    steps = None if old is None or new is None else _steps(old, new)
    if steps is not None:
        return f"store.update_data_source({key!r}, store.data_source({key!r}){steps})"
    return f"store.update_data_source({key!r}, {after!r})"


def _steps(old: DataSource, new: DataSource) -> str | None:
    """The calls that make ``new`` of ``old``; None where there is no such chain."""
    made, steps = old, []
    if new.voxel_size != old.voxel_size:
        unit = "" if new.voxel_size.unit == "nanometer" else f", {new.voxel_size.unit.value!r}"
        steps.append(f".with_voxel_size({tuple(new.voxel_size.factor)}{unit})")
        made = made.with_voxel_size(new.voxel_size)
    for name, to in renamed_layers(old, new).items():
        steps.append(f".renamed_layer({name!r}, {to!r})")
        made = made.renamed_layer(name, to)
    names = {layer.name for layer in new.layers}
    for layer in made.layers:
        if layer.name not in names:
            steps.append(f".without_layer({layer.name!r})")
            made = made.without_layer(layer.name)
    for layer in new.layers:
        known = next((other for other in made.layers if other.name == layer.name), None)
        if known is None:
            return None
        values = _changed_values(known, layer)
        if values:
            steps.append(f".changed_layer({', '.join([repr(layer.name), *_arguments(values)])})")
            made = made.changed_layer(layer.name, **values)
    return "".join(steps) if steps and made == new else None


def renamed_layers(old: DataSource, new: DataSource) -> dict[str, str]:
    """Layers that have another name, but the same mags in the same places: old name → new name."""
    was = {layer.name: _places(layer) for layer in old.layers}
    now = {layer.name: _places(layer) for layer in new.layers}
    fresh = {places: name for name, places in now.items() if name not in was and places}
    return {name: fresh[places] for name, places in was.items() if name not in now and places in fresh}


def _places(layer: LayerProperties) -> tuple[str, ...]:
    return tuple((entry.path or f"./{layer.name}/{entry.mag}").removeprefix("./") for entry in layer.mags)


def _changed_values(old: LayerProperties, new: LayerProperties) -> dict[str, Any]:
    values = {}
    for field in ("bounding_box", "category", "largest_segment_id", "default_view_configuration"):
        value = getattr(new, field)
        if value != getattr(old, field):
            values[field] = str(value) if isinstance(value, BoundingBox) else _plain(value)
    return values


def _plain(value: Any) -> Any:
    return value.value if hasattr(value, "value") else value


def _arguments(options: Mapping[str, Any]) -> Iterable[str]:
    return [f"{name}={value!r}" for name, value in options.items()]
