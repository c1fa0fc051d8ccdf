"""Places in view configurations: which there are, which a document says something about, and setting them. Pure."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from voxshelf.model import Place, ValueForm, ViewKey, view_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voxshelf.model import LayerSummary


def view_keys_of(layers: tuple[LayerSummary, ...]) -> Iterator[tuple[Place, ViewKey]]:
    """All places of values, with their keys: the dataset's first, then layer by layer."""
    for key in view_reference():
        if key.level == "dataset" and key.form is not ValueForm.LAYERS:
            yield (key.key,), key
    for layer in layers:
        for key in view_reference(category=layer.category, element_class=layer.element_class):
            if key.level == "layer" and key.category in (None, layer.category):
                yield ("layers", layer.name, key.key), key


def placed_values(document: dict[str, Any]) -> Iterator[tuple[Place, Any]]:
    """All values in a document, with their places."""
    for name, value in document.items():
        if name != "layers":
            yield (name,), value
        elif isinstance(value, dict):
            for layer, entries in value.items():
                if isinstance(entries, dict):
                    yield from ((("layers", layer, key), entry) for key, entry in entries.items())


def is_said(document: dict[str, Any], place: Place) -> bool:
    """Whether a document has a value at a place."""
    node: Any = document
    for part in place:
        if not isinstance(node, dict) or part not in node:
            return False
        node = node[part]
    return True


def nested_value(place: Place, value: Any) -> dict[str, Any]:
    """The document that says this one value."""
    for part in reversed(place):
        value = {str(part): value}
    nested: dict[str, Any] = value
    return nested


def laid_over(document: dict[str, Any], upper: dict[str, Any]) -> dict[str, Any]:
    """``document`` with all values of ``upper``; layers are joined key by key."""
    result = copy.deepcopy(document)
    for name, value in upper.items():
        if name != "layers":
            result[name] = value
            continue
        layers = result.setdefault("layers", {})
        for layer, entries in value.items():
            layers[layer] = {**layers.get(layer, {}), **entries}
    return result
