"""Working with the partial documents that the levels of the view configuration store.

A document says only what its level wants to decide, so that changes of the levels below still reach everybody.
Unknown keys stay in it.
"""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from voxshelf.model.view_keys import DATASET_KEYS, LAYER_KEYS
from voxshelf.model.view_levels import ViewedLayer, read_level
from voxshelf.model.view_problems import ViewLevel, ViewProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from voxshelf.model.data_source import DataSource
    from voxshelf.model.problems import Place

LARGEST_DOCUMENT = 20_480
"""Bytes of JSON (UTF-8, without blanks) that one level may store."""


class PartialView(NamedTuple):
    """What an editor stores, and what it shows beside it."""

    document: dict[str, Any]
    problems: tuple[ViewProblem, ...]


def partial_view(
    document: Any, layers: Iterable[ViewedLayer] | None = None, *, level: ViewLevel = ViewLevel.DATASET
) -> PartialView:
    """Check what somebody wants to store at one level.

    Parameters
    ----------
    document : Any
        Partial view configuration as JSON.
    layers : iterable of ViewedLayer, optional
        The dataset's layers; without them names of layers are not checked.
    level : ViewLevel
        Where it is going to be stored.

    Returns
    -------
    PartialView
        The document without values that cannot be used (each is an *error* among the problems) and without
        nulls; unknown keys are still in it (each a *warning*). It stays partial. A document of more than
        20,480 bytes is an error at its root.
    """
    known = None if layers is None else {layer.name: layer for layer in layers}
    reading = read_level(document, level, known)
    cleaned = nested(reading.values | reading.spare, order=document)
    problems = list(reading.problems)
    size = len(
        json.dumps(cleaned, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    )
    if size > LARGEST_DOCUMENT:
        message = f"The view configuration has {size:,} bytes, but {LARGEST_DOCUMENT:,} is the limit."
        hint = "Leave out what equals the defaults."
        problems.append(ViewProblem(level=level, message=message, hint=hint))
    return PartialView(cleaned, tuple(problems))


class ViewLevels(NamedTuple):
    """The stored documents of the three levels that can be set; empty where nothing is."""

    file: dict[str, Any]
    dataset: dict[str, Any]
    user: dict[str, Any]

    def reset_to(self, level: ViewLevel, place: Place = ()) -> ViewLevels:
        """The documents after everything above ``level`` was forgotten, at ``place`` and below it."""
        above = {str(higher) for higher in level.levels_above}
        return ViewLevels(
            *(
                reset_view_document(document, place) if name in above else document
                for name, document in zip(self._fields, self, strict=True)
            )
        )


def reset_view_document(document: dict[str, Any], place: Place = ()) -> dict[str, Any]:
    """The document without what it says at ``place``: one value, one layer, or (by default) everything."""
    if not place:
        return {}
    left = copy.deepcopy(document)
    path: list[dict[str, Any]] = [left]
    for part in place[:-1]:
        below = path[-1].get(str(part))
        if not isinstance(below, dict):
            return left
        path.append(below)
    path[-1].pop(str(place[-1]), None)
    for parent, part in zip(reversed(path[:-1]), reversed(place[:-1]), strict=True):
        if not parent[str(part)]:
            del parent[str(part)]
    return left


def copy_view_document(
    document: dict[str, Any], source: Iterable[ViewedLayer], target: Iterable[ViewedLayer]
) -> dict[str, Any]:
    """What of one dataset's document fits another: dataset-wide keys, and layers of the same name and category."""
    common = {(layer.name, layer.category) for layer in source} & {
        (layer.name, layer.category) for layer in target
    }
    names = {name for name, _ in common}
    copied = copy.deepcopy(document)
    layers = copied.pop("layers", None)
    kept = (
        {name: value for name, value in layers.items() if name in names} if isinstance(layers, dict) else {}
    )
    return copied | ({"layers": kept} if kept else {})


def rename_layers_in_view(document: dict[str, Any], renamed: Mapping[str, str]) -> dict[str, Any]:
    """What a view configuration says about layers, under their new names."""
    followed = copy.deepcopy(document)
    layers, order = followed.get("layers"), followed.get("colorLayerOrder")
    if isinstance(layers, dict):
        followed["layers"] = {renamed.get(name, name): value for name, value in layers.items()}
    if isinstance(order, list):
        followed["colorLayerOrder"] = [renamed.get(name, name) for name in map(str, order)]
    native = followed.get("nativelyRenderedLayerName")
    if isinstance(native, str):
        followed["nativelyRenderedLayerName"] = renamed.get(native, native)
    return followed


def view_document_of(data_source: DataSource) -> dict[str, Any]:
    """The file's level: ``defaultViewConfiguration`` of the dataset and of its layers, as one document.

    Where both speak about a layer, the layer's own entry wins, key by key.
    """
    document = copy.deepcopy(data_source.default_view_configuration or {})
    layers = document.get("layers")
    united: dict[str, Any] = dict(layers) if isinstance(layers, dict) else {}
    for layer in data_source.layers:
        own = layer.default_view_configuration
        if own:
            outer = united.get(layer.name)
            united[layer.name] = (outer if isinstance(outer, dict) else {}) | copy.deepcopy(own)
    return document | {"layers": united} if united else document


def nested(values: dict[Place, Any], order: Any = None) -> dict[str, Any]:
    """The JSON document with these values at their places.

    Parameters
    ----------
    values : dict
        Place → value, places of one to three parts.
    order : Any
        A document whose order of keys is kept; else the reference's order.
    """
    document: dict[str, Any] = {}
    for place in sorted(values, key=lambda place: _rank(place, order)):
        inner = document
        for part in place[:-1]:
            inner = inner.setdefault(str(part), {})
        inner[str(place[-1])] = copy.deepcopy(values[place])
    return document


def _rank(place: Place, order: Any) -> list[int]:
    known: Any = order
    ranks = []
    for depth, part in enumerate(place):
        names = list(known) if isinstance(known, dict) else list((DATASET_KEYS, (), LAYER_KEYS)[depth])
        ranks.append(names.index(str(part)) if part in names else len(names))
        known = known.get(part) if isinstance(known, dict) else None
    return ranks
